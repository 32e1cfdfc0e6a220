#include "config.h" /* for nftw */

#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zsc/status.h"

/* A huge size in a damaged file must come back as "out of memory", not end the process. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=1024:quarantine_size_mb=16:malloc_context_size=4";
}

static char folder[256];
static pid_t owner;

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *place)
{
    (void)s, (void)kind, (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    if (*folder && owner == getpid()) nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    if (*folder) return folder;
    const char *tmp = getenv("TMPDIR");
    if (!tmp || !*tmp) tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/zsc-fuzz-XXXXXX", tmp);
    if (!mkdtemp(folder)) fuzz_wrong("cannot make a temporary folder");
    owner = getpid();
    atexit(remove_folder);
    return folder;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[300];
    static int descriptor = -1;
    if (descriptor < 0) {
        snprintf(path, sizeof path, "%s/input", fuzz_folder());
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    }
    if (descriptor < 0 || ftruncate(descriptor, 0) != 0) return NULL;
    for (size_t done = 0; done < size;) {
        ssize_t put = pwrite(descriptor, data + done, size - done, (off_t)done);
        if (put <= 0) return NULL;
        done += (size_t)put;
    }
    return path;
}

bool fuzz_is_h5(const uint8_t *data, size_t size)
{
    static const uint8_t signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    for (size_t at = 0; at + sizeof signature <= size; at = at ? 2 * at : 512) /* where HDF5 looks for it */
        if (memcmp(data + at, signature, sizeof signature) == 0) return true;
    return false;
}

unsigned fuzz_take(fuzz_input *in)
{
    if (in->left == 0) return 0;
    in->left--;
    return *in->data++;
}

void fuzz_wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("property does not hold: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

void fuzz_check_status(int status)
{
    switch (status) {
    case ZSC_OK: return;
    case ZSC_EINTERNAL:
    case ZSC_EUSAGE:
    case ZSC_EINPUT:
    case ZSC_ENUMERIC:
        if (!*zsc_error_message()) fuzz_wrong("status %d without a message", status);
        return;
    default: fuzz_wrong("status %d is not documented", status);
    }
}
