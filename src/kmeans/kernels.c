#include "kmeans/kernels.h"

#include <string.h>

#include "base/fused.h"

enum {
#ifdef __AVX512F__
    AT_ONCE = 4, /* table rows whose sums are kept in registers */
#else
    AT_ONCE = 2,
#endif
    ROWS_AT_ONCE = 4,
    PARTS = ZSC_KMEANS_BLOCK / ZSC_FLOATS
};

/* One number for each row of a block, in as many registers as they need. */
typedef struct lanes {
    zsc_floats p[PARTS];
} lanes;
typedef struct mask {
    zsc_ints p[PARTS];
} mask;
#define EACH_PART(i) _Pragma("GCC unroll 8") for (int i = 0; i < PARTS; i++)

ZSC_INLINE float total(const zsc_lanes *sum)
{
    float part[ZSC_LANES];
    memcpy(part, sum, sizeof part);
    for (int half = ZSC_LANES / 2; half > 0; half /= 2)
        for (int l = 0; l < half; l++) part[l] += part[l + half];
    return part[0];
}

ZSC_INLINE void rows_at_once(const float *q, const float *const *row, int count, size_t width, float *out)
{
    zsc_lanes sum[ROWS_AT_ONCE] = {{{{0}}}};
    for (size_t j = 0; j < width; j += ZSC_LANES) {
        zsc_lanes x = zsc_lanes_load(q + j);
        for (int r = 0; r < count; r++) {
            zsc_lanes y = zsc_lanes_load(row[r] + j);
            ZSC_EACH_PART(i)
            {
                zsc_floats gap = y.p[i] - x.p[i];
                sum[r].p[i] = zsc_fused(gap, gap, sum[r].p[i]);
            }
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

ZSC_INLINE void sums(const float *block, size_t d, const float *const *row, int count, lanes *sum)
{
    for (int r = 0; r < count; r++) sum[r] = (lanes){{{0}}};
    for (size_t j = 0; j < d; j++) EACH_PART(i)
        {
            zsc_floats x;
            memcpy(&x, block + j * ZSC_KMEANS_BLOCK + i * ZSC_FLOATS, sizeof x);
            for (int r = 0; r < count; r++) {
                zsc_floats gap = x - row[r][j];
                sum[r].p[i] = zsc_fused(gap, gap, sum[r].p[i]);
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

#define CHOOSE(yes, a, b) ((zsc_floats)(((zsc_ints)(a) & (yes)) | ((zsc_ints)(b) & ~(yes))))

ZSC_INLINE void take(found *f, const lanes *sum, int32_t row)
{
    EACH_PART(i)
    {
        zsc_ints nearer = sum->p[i] < f->best.p[i], next = sum->p[i] < f->second.p[i];
        zsc_floats second = CHOOSE(next, sum->p[i], f->second.p[i]);
        f->second.p[i] = CHOOSE(nearer, f->best.p[i], second);
        f->best.p[i] = CHOOSE(nearer, sum->p[i], f->best.p[i]);
        f->which.p[i] = (nearer & row) | (~nearer & f->which.p[i]);
    }
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
