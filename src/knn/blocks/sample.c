#include "knn/blocks/sample.h"

#include <stdlib.h>

#include "base/random.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void zsc_sample_sort(double *values, size_t count) { qsort(values, count, sizeof *values, by_value); }

double zsc_sample_median(double *values, size_t count)
{
    zsc_sample_sort(values, count);
    return values[count / 2];
}

size_t zsc_sample_row(size_t s, size_t sample, size_t n)
{
    if (n <= sample) return s;
    zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_SAMPLE, s);
    return (size_t)zsc_stream_below(&stream, n);
}
