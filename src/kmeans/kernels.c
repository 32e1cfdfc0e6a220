#include "kmeans/kernels.h"

#include <string.h>

enum {
#ifdef __AVX512F__
    AT_ONCE = 4, /* table rows whose sums are kept in registers */
#else
    AT_ONCE = 2,
#endif
    ROWS_AT_ONCE = 4
};

/* The compiler splits them where registers hold fewer. */
typedef float lanes __attribute__((vector_size(ZSC_KMEANS_BLOCK * sizeof(float))));
typedef int32_t mask __attribute__((vector_size(ZSC_KMEANS_BLOCK * sizeof(int32_t))));
typedef float columns __attribute__((vector_size(ZSC_KMEANS_PADDING * sizeof(float))));

static inline __attribute__((always_inline)) float total(const columns *sum)
{
    float part[ZSC_KMEANS_PADDING];
    memcpy(part, sum, sizeof part);
    for (int half = ZSC_KMEANS_PADDING / 2; half > 0; half /= 2)
        for (int l = 0; l < half; l++) part[l] += part[l + half];
    return part[0];
}

static inline __attribute__((always_inline)) void rows_at_once(const float *q, const float *const *row, int count,
                                                               size_t width, float *out)
{
    columns sum[ROWS_AT_ONCE] = {{0}};
    for (size_t j = 0; j < width; j += ZSC_KMEANS_PADDING) {
        columns x, y;
        memcpy(&x, q + j, sizeof x);
        for (int r = 0; r < count; r++) {
            memcpy(&y, row[r] + j, sizeof y);
            y -= x;
            sum[r] += y * y;
        }
    }
    for (int r = 0; r < count; r++) out[r] = total(&sum[r]);
}

static void to_rows(const float *q, const float *table, size_t width, const int32_t *list, size_t count, float *out)
{
    size_t i = 0;
    for (; i + ROWS_AT_ONCE <= count; i += ROWS_AT_ONCE) {
        const float *row[ROWS_AT_ONCE];
        for (int r = 0; r < ROWS_AT_ONCE; r++) row[r] = table + (size_t)list[i + (size_t)r] * width;
        rows_at_once(q, row, ROWS_AT_ONCE, width, out + i);
    }
    for (; i < count; i++) {
        const float *row = table + (size_t)list[i] * width;
        rows_at_once(q, &row, 1, width, out + i);
    }
}

static inline __attribute__((always_inline)) void sums(const float *block, size_t d, const float *const *row, int count,
                                                       lanes *sum)
{
    for (int r = 0; r < count; r++) sum[r] = (lanes){0};
    for (size_t j = 0; j < d; j++) {
        lanes x;
        memcpy(&x, block + j * ZSC_KMEANS_BLOCK, sizeof x);
        for (int r = 0; r < count; r++) {
            lanes gap = x - row[r][j];
            sum[r] += gap * gap;
        }
    }
}

static void to_block(const float *point, const float *block, size_t d, float *out)
{
    lanes sum;
    sums(block, d, &point, 1, &sum);
    memcpy(out, &sum, sizeof sum);
}

typedef struct found {
    lanes best, second;
    mask which;
} found;

#define CHOOSE(yes, a, b) ((lanes)(((mask)(a) & (yes)) | ((mask)(b) & ~(yes))))

static inline __attribute__((always_inline)) void take(found *f, const lanes *sum, int32_t row)
{
    mask nearer = *sum < f->best, next = *sum < f->second;
    lanes second = CHOOSE(next, *sum, f->second);
    f->second = CHOOSE(nearer, f->best, second);
    f->best = CHOOSE(nearer, *sum, f->best);
    f->which = (nearer & row) | (~nearer & f->which);
}

static void nearest(const float *block, size_t d, const float *table, size_t width, const int32_t *list, size_t count,
                    float *best, int32_t *which, float *second)
{
    found f;
    memcpy(&f.best, best, sizeof f.best);
    memcpy(&f.second, second, sizeof f.second);
    memcpy(&f.which, which, sizeof f.which);
    size_t i = 0;
    for (; i + AT_ONCE <= count; i += AT_ONCE) {
        const float *row[AT_ONCE];
        lanes sum[AT_ONCE];
        for (int r = 0; r < AT_ONCE; r++) row[r] = table + (size_t)list[i + (size_t)r] * width;
        sums(block, d, row, AT_ONCE, sum);
        for (int r = 0; r < AT_ONCE; r++) take(&f, &sum[r], list[i + (size_t)r]);
    }
    for (; i < count; i++) {
        const float *row = table + (size_t)list[i] * width;
        lanes sum;
        sums(block, d, &row, 1, &sum);
        take(&f, &sum, list[i]);
    }
    memcpy(best, &f.best, sizeof f.best);
    memcpy(second, &f.second, sizeof f.second);
    memcpy(which, &f.which, sizeof f.which);
}

const zsc_kmeans_kernels ZSC_SIMD(zsc_kmeans_kernels) = {.to_rows = to_rows, .to_block = to_block, .nearest = nearest};
