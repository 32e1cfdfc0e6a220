#include "hdbscan/kernels.h"

#include <string.h>

enum {
    CHECK = 16 /* coordinates between two checks whether a whole block is beyond the limit */
};

/* Sixteen floats; the compiler splits them where registers hold fewer. */
typedef float lanes __attribute__((vector_size(ZSC_HDBSCAN_BLOCK * sizeof(float))));
typedef int mask __attribute__((vector_size(ZSC_HDBSCAN_BLOCK * sizeof(int))));

static inline __attribute__((always_inline)) void add(int kind, const lanes *gap, lanes *sum)
{
    mask negative = *gap < 0.0F;
    lanes size = (lanes)(((mask)*gap & ~negative) | ((mask)(-*gap) & negative));
    if (kind == ZSC_HDBSCAN_SQUARES) {
        *sum += *gap * *gap;
    } else if (kind == ZSC_HDBSCAN_ABSOLUTE) {
        *sum += size;
    } else {
        mask more = size > *sum;
        *sum = (lanes)(((mask)size & more) | ((mask)*sum & ~more));
    }
}

static inline __attribute__((always_inline)) unsigned bits(const lanes *sum, float limit)
{
    unsigned out = 0;
    mask good = *sum <= limit;
    for (int l = 0; l < ZSC_HDBSCAN_BLOCK; l++) out |= (unsigned)(good[l] & 1) << l;
    return out;
}

static inline __attribute__((always_inline)) unsigned within(int kind, const float *x, const float *block, size_t d,
                                                             float limit)
{
    lanes sum = {0};
    for (size_t j = 0; j < d;) {
        size_t end = j + CHECK < d ? j + CHECK : d;
        for (; j < end; j++) {
            lanes gap;
            memcpy(&gap, block + j * ZSC_HDBSCAN_BLOCK, sizeof gap);
            gap -= x[j];
            add(kind, &gap, &sum);
        }
        if (j < d) {
            mask good = sum <= limit;
            int any = 0;
            for (int l = 0; l < ZSC_HDBSCAN_BLOCK; l++) any |= good[l];
            if (!any) return 0;
        }
    }
    return bits(&sum, limit);
}

static inline __attribute__((always_inline)) float to_box(int kind, const float *x, const float *low, const float *high,
                                                          size_t width)
{
    lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_HDBSCAN_BLOCK) {
        lanes q, below, above;
        memcpy(&q, x + j, sizeof q);
        memcpy(&below, low + j, sizeof below);
        memcpy(&above, high + j, sizeof above);
        lanes under = below - q, over = q - above;
        mask first = under > over;
        lanes gap = (lanes)(((mask)under & first) | ((mask)over & ~first));
        mask outside = gap > 0.0F;
        gap = (lanes)((mask)gap & outside);
        add(kind, &gap, &sum);
    }
    float total = 0;
    for (int l = 0; l < ZSC_HDBSCAN_BLOCK; l++) {
        if (kind == ZSC_HDBSCAN_LARGEST)
            total = sum[l] > total ? sum[l] : total;
        else
            total += sum[l];
    }
    return total;
}

#define EACH(kind, name)                                                                                               \
    static unsigned within_##name(const float *x, const float *block, size_t d, float limit)                           \
    {                                                                                                                  \
        return within(kind, x, block, d, limit);                                                                       \
    }                                                                                                                  \
    static float to_box_##name(const float *x, const float *low, const float *high, size_t width)                      \
    {                                                                                                                  \
        return to_box(kind, x, low, high, width);                                                                      \
    }
EACH(ZSC_HDBSCAN_SQUARES, squares)
EACH(ZSC_HDBSCAN_ABSOLUTE, absolute)
EACH(ZSC_HDBSCAN_LARGEST, largest)

const zsc_hdbscan_kernels ZSC_SIMD(zsc_hdbscan_kernels) = {
    .within = {within_squares, within_absolute, within_largest},
    .to_box = {to_box_squares, to_box_absolute, to_box_largest},
};
