/* HDF5 files as bytes: everything that zsc asks of a file, of every object in it. Faults inside HDF5's own library are
 * told apart by the stack (doc/reliability.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "io/h5/h5.h"

enum { MOST_ELEMENTS = 1 << 16, DEEPEST = 4, MOST_OBJECTS = 64 };
static size_t objects;

static void attributes(zsc_h5 *file, const char *object)
{
    static const char *const names[] = {"modality", "label", "zsc_result", "checksum"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = NULL;
        double real;
        int64_t whole;
        zsc_status status = zsc_h5_get_text(file, object, names[i], "", &text);
        fuzz_check_status(status);
        if (status == ZSC_OK && !text) fuzz_wrong("an attribute without text");
        free(text);
        fuzz_check_status(zsc_h5_get_double(file, object, names[i], 0, &real));
        fuzz_check_status(zsc_h5_get_int(file, object, names[i], 0, &whole));
    }
}

static void dataset(zsc_h5 *file, const char *object, const zsc_h5_info *info)
{
    size_t elements = 1, count = 0;
    char **strings = NULL;
    for (int i = 0; i < info->rank; i++)
        if (__builtin_mul_overflow(elements, info->shape[i], &elements))
            fuzz_wrong("an impossible shape was let through");
    if (elements > MOST_ELEMENTS || info->bytes > 4096) return;
    double *wide = malloc((elements + 1) * sizeof *wide);
    float *narrow = malloc((elements + 1) * sizeof *narrow);
    if (wide && narrow) {
        fuzz_check_status(zsc_h5_read(file, object, ZSC_H5_F64, info->rank, info->shape, wide));
        fuzz_check_status(zsc_h5_read(file, object, ZSC_H5_F32, info->rank, info->shape, narrow));
        if (info->rank > 0 && info->shape[0] > 1)
            fuzz_check_status(
                zsc_h5_read_rows(file, object, ZSC_H5_F32, 1, info->shape[0] - 1, elements / info->shape[0], narrow));
    }
    free(wide);
    free(narrow);
    zsc_status status = zsc_h5_read_all_strings(file, object, &strings, &count);
    fuzz_check_status(status);
    for (size_t i = 0; status == ZSC_OK && i < count; i++)
        if (strlen(strings[i]) > SIZE_MAX / 2) fuzz_wrong("no end");
    free(strings);
    if (zsc_h5_block_rows(file, object) == 0) fuzz_wrong("a block of no rows");
}

static void walk(zsc_h5 *file, const char *object, int depth)
{
    zsc_h5_info info;
    zsc_list children = {0};
    if (depth > DEEPEST || ++objects > MOST_OBJECTS) return;
    attributes(file, object);
    zsc_status status = zsc_h5_stat(file, object, &info);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    if (!info.is_group) {
        dataset(file, object, &info);
        return;
    }
    status = zsc_h5_children(file, object, &children);
    fuzz_check_status(status);
    for (size_t i = 0; i < children.count; i++) {
        char path[512];
        if (snprintf(path, sizeof path, "%s/%s", strcmp(object, "/") == 0 ? "" : object, children.item[i]) <
            (int)sizeof path)
            walk(file, path, depth + 1);
    }
    zsc_list_free(&children);
}

#ifdef ZSC_LIBFUZZER
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* Addresses in an HDF5 file are offsets: what is put in or taken out makes a file that does not even open. So most
 * changes are of one to four words in place, behind the signature. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    static const uint64_t words[] = {
        0,      1,      2,          3,          8,          0x7f,      0x80,       0xff,
        0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, INT64_MAX, UINT64_MAX, UINT64_MAX - 1};
    uint64_t x = seed * UINT64_C(0x9e3779b97f4a7c15) + 1; /* a stream of its own; xorshift */
    if (size < 64 || seed % 16 == 0) return LLVMFuzzerMutate(data, size, most);
    for (unsigned i = 0, changes = 1 + seed / 16 % 4; i < changes; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        size_t width = (size_t)1 << (x >> 8) % 4, at = 8 + (size_t)(x >> 16) % (size - 8 - width);
        uint64_t word = words[(x >> 12) % (sizeof words / sizeof *words)];
        switch (x % 3) {
        case 0: data[at] = (uint8_t)(x >> 56); break;
        case 1: data[at] = (uint8_t)(data[at] + (x >> 63 ? 1 : -1)); break;
        default: memcpy(data + at, &word, width); /* the low bytes, as HDF5 writes numbers */
        }
    }
    return size;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    zsc_h5 *file = NULL;
    if (!path) return 0;
    zsc_status status = zsc_h5_open(path, &file);
    fuzz_check_status(status);
    if (status != ZSC_OK) return 0;
    objects = 0;
    walk(file, "/", 0);
    zsc_h5_close(file);
    return 0;
}
