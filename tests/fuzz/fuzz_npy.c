/* .npy as vectors and as labels. What was read is written and read again: it must be the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/npy.h"

static const char *second_file(void)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/again.npy", fuzz_folder());
    return path;
}

static void floats(const char *path)
{
    float *x = NULL, *y = NULL;
    size_t n = 0, d = 0, n2 = 0, d2 = 0;
    zsc_status status = zsc_npy_read_f32(path, &x, &n, &d);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    volatile float last = n && d ? x[n * d - 1] : 0; /* the last element can be touched */
    (void)last;
    if (n * d <= 4096) {
        if (zsc_npy_write_f32(second_file(), x, n, d) != ZSC_OK) fuzz_wrong("cannot write: %s", zsc_error_message());
        if (zsc_npy_read_f32(second_file(), &y, &n2, &d2) != ZSC_OK)
            fuzz_wrong("what was written cannot be read: %s", zsc_error_message());
        if (n != n2 || d != d2 || memcmp(x, y, n * d * sizeof *x) != 0)
            fuzz_wrong("%zu x %zu became %zu x %zu, or changed", n, d, n2, d2);
        free(y);
    }
    free(x);
}

static void labels(const char *path)
{
    int32_t *x = NULL, *y = NULL;
    size_t n = 0, n2 = 0;
    zsc_status status = zsc_npy_read_labels(path, NULL, &x, &n, NULL);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    if (n <= 4096) {
        if (zsc_npy_write_i32(second_file(), x, n) != ZSC_OK) fuzz_wrong("cannot write: %s", zsc_error_message());
        if (zsc_npy_read_labels(second_file(), NULL, &y, &n2, NULL) != ZSC_OK)
            fuzz_wrong("what was written cannot be read: %s", zsc_error_message());
        if (n != n2 || memcmp(x, y, n * sizeof *x) != 0) fuzz_wrong("%zu labels became %zu, or changed", n, n2);
        free(y);
    }
    free(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    if (!path) return 0;
    floats(path);
    labels(path);
    return 0;
}
