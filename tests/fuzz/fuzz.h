/* What the fuzz targets share. Each target is one file with LLVMFuzzerTestOneInput. Built by clang with
 * --enable-fuzzing it is a libFuzzer program; otherwise replay.c gives it a main() that runs it over the files of the
 * corpus. */
#ifndef ZSC_TESTS_FUZZ_H
#define ZSC_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a file, for parsers that take a path. Valid until the next call; NULL if the system has no space. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* A folder of this process under TMPDIR, removed with its contents at exit; made at the first call. */
const char *fuzz_folder(void);

/* Whether an HDF5 file may begin here: its bytes are fuzz_h5's matter, where faults of HDF5's own library are told
 * apart. */
bool fuzz_is_h5(const uint8_t *data, size_t size);

/* The input taken as a list of numbers; 0 when it is used up. */
typedef struct fuzz_input {
    const uint8_t *data;
    size_t left;
} fuzz_input;
unsigned fuzz_take(fuzz_input *in);

/* Says what is wrong and aborts: for properties that must hold for every input. */
__attribute__((format(printf, 1, 2), noreturn)) void fuzz_wrong(const char *format, ...);

/* A failure must come with a message and one of the documented statuses. */
void fuzz_check_status(int status);

#endif
