#include "hdbscan/kernels.h"

#include <math.h>
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

static inline __attribute__((always_inline)) float to_box(int kind, const float *low_a, const float *high_a,
                                                          const float *low_b, const float *high_b, size_t width)
{
    lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_HDBSCAN_BLOCK) {
        lanes la, ha, lb, hb;
        memcpy(&la, low_a + j, sizeof la);
        memcpy(&ha, high_a + j, sizeof ha);
        memcpy(&lb, low_b + j, sizeof lb);
        memcpy(&hb, high_b + j, sizeof hb);
        lanes under = lb - ha, over = la - hb;
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

static inline __attribute__((always_inline)) size_t nearest(int kind, const float *x, const float *block, size_t blocks,
                                                            size_t d)
{
    float least = INFINITY;
    size_t best = 0;
    for (size_t b = 0; b < blocks; b++) {
        lanes sum = {0};
        for (size_t j = 0; j < d; j++) {
            lanes gap;
            memcpy(&gap, block + (b * d + j) * ZSC_HDBSCAN_BLOCK, sizeof gap);
            gap -= x[j];
            add(kind, &gap, &sum);
        }
        for (size_t l = 0; l < ZSC_HDBSCAN_BLOCK; l++) {
            if (!(sum[l] < least)) continue;
            least = sum[l];
            best = b * ZSC_HDBSCAN_BLOCK + l;
        }
    }
    return best;
}

#define EACH(kind, name)                                                                                               \
    static unsigned within_##name(const float *x, const float *block, size_t d, float limit)                           \
    {                                                                                                                  \
        return within(kind, x, block, d, limit);                                                                       \
    }                                                                                                                  \
    static float to_box_##name(const float *low_a, const float *high_a, const float *low_b, const float *high_b,       \
                               size_t width)                                                                           \
    {                                                                                                                  \
        return to_box(kind, low_a, high_a, low_b, high_b, width);                                                      \
    }                                                                                                                  \
    static size_t nearest_##name(const float *x, const float *block, size_t blocks, size_t d)                          \
    {                                                                                                                  \
        return nearest(kind, x, block, blocks, d);                                                                     \
    }
EACH(ZSC_HDBSCAN_SQUARES, squares)
EACH(ZSC_HDBSCAN_ABSOLUTE, absolute)
EACH(ZSC_HDBSCAN_LARGEST, largest)

static float along(const float *x, const float *from, const float *to, size_t width)
{
    lanes sum = {0};
    float total = 0;
    for (size_t j = 0; j < width; j += ZSC_HDBSCAN_BLOCK) {
        lanes at, begin, end;
        memcpy(&at, x + j, sizeof at);
        memcpy(&begin, from + j, sizeof begin);
        memcpy(&end, to + j, sizeof end);
        sum += (at - begin) * (end - begin);
    }
    for (int l = 0; l < ZSC_HDBSCAN_BLOCK; l++) total += sum[l];
    return total;
}

const zsc_hdbscan_kernels ZSC_SIMD(zsc_hdbscan_kernels) = {
    .within = {within_squares, within_absolute, within_largest},
    .to_box = {to_box_squares, to_box_absolute, to_box_largest},
    .nearest = {nearest_squares, nearest_absolute, nearest_largest},
    .along = along,
};
