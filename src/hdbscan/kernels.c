#include "hdbscan/kernels.h"

#include <math.h>
#include <string.h>

#include "base/fused.h"

_Static_assert((int)ZSC_HDBSCAN_BLOCK == (int)ZSC_LANES, "a block is as wide as sums are");

enum {
    CHECK = 16 /* coordinates between two checks whether a whole block is beyond the limit */
};

/* What is within a limit, and which box is near, is measured again: sums may be rounded in either way. */
ZSC_INLINE zsc_floats add(int kind, zsc_floats gap, zsc_floats sum)
{
    if (kind == ZSC_HDBSCAN_SQUARES) return zsc_about(gap, gap, sum);
    zsc_floats size = (zsc_floats)((zsc_ints)gap & INT32_MAX);
    if (kind == ZSC_HDBSCAN_ABSOLUTE) return sum + size;
    zsc_ints more = size > sum;
    return (zsc_floats)(((zsc_ints)size & more) | ((zsc_ints)sum & ~more));
}

/* Adds coordinate x against one of a block's. */
ZSC_INLINE void add_coordinate(int kind, const float *block, float x, zsc_lanes *sum)
{
    zsc_lanes at = zsc_lanes_load(block);
    ZSC_EACH_PART(i) sum->p[i] = add(kind, at.p[i] - x, sum->p[i]);
}

ZSC_INLINE unsigned bits(const zsc_lanes *sum, float limit)
{
    unsigned out = 0;
    ZSC_EACH_PART(i) out |= zsc_at_most(sum->p[i], zsc_every(limit)) << (i * ZSC_FLOATS);
    return out;
}

ZSC_INLINE unsigned within(int kind, const float *x, const float *block, size_t d, float limit)
{
    zsc_lanes sum = {0};
    for (size_t j = 0; j < d;) {
        size_t end = j + CHECK < d ? j + CHECK : d;
        for (; j < end; j++) add_coordinate(kind, block + j * ZSC_HDBSCAN_BLOCK, x[j], &sum);
        if (j < d && bits(&sum, limit) == 0) return 0;
    }
    return bits(&sum, limit);
}

ZSC_INLINE float to_box(int kind, const float *low_a, const float *high_a, const float *low_b, const float *high_b,
                        size_t width)
{
    zsc_lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_HDBSCAN_BLOCK) {
        zsc_lanes la = zsc_lanes_load(low_a + j), ha = zsc_lanes_load(high_a + j), lb = zsc_lanes_load(low_b + j),
                  hb = zsc_lanes_load(high_b + j);
        ZSC_EACH_PART(i)
        {
            zsc_floats under = lb.p[i] - ha.p[i], over = la.p[i] - hb.p[i];
            zsc_ints first = under > over;
            zsc_floats gap = (zsc_floats)(((zsc_ints)under & first) | ((zsc_ints)over & ~first));
            zsc_ints outside = gap > 0.0F;
            sum.p[i] = add(kind, (zsc_floats)((zsc_ints)gap & outside), sum.p[i]);
        }
    }
    float total = 0, lane[ZSC_LANES];
    memcpy(lane, &sum, sizeof lane);
    for (int l = 0; l < ZSC_LANES; l++) {
        if (kind == ZSC_HDBSCAN_LARGEST)
            total = lane[l] > total ? lane[l] : total;
        else
            total += lane[l];
    }
    return total;
}

ZSC_INLINE size_t nearest(int kind, const float *x, const float *block, size_t blocks, size_t d)
{
    float least = INFINITY, lane[ZSC_LANES];
    size_t best = 0;
    for (size_t b = 0; b < blocks; b++) {
        zsc_lanes sum = {0};
        for (size_t j = 0; j < d; j++) add_coordinate(kind, block + (b * d + j) * ZSC_HDBSCAN_BLOCK, x[j], &sum);
        memcpy(lane, &sum, sizeof lane);
        for (size_t l = 0; l < ZSC_LANES; l++) {
            if (!(lane[l] < least)) continue;
            least = lane[l];
            best = b * ZSC_HDBSCAN_BLOCK + l;
        }
    }
    return best;
}

ZSC_INLINE void lengths(int kind, const float *x, const float *block, size_t d, float *out)
{
    zsc_lanes sum = {0};
    for (size_t j = 0; j < d; j++) add_coordinate(kind, block + j * ZSC_HDBSCAN_BLOCK, x[j], &sum);
    memcpy(out, &sum, sizeof sum);
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
    }                                                                                                                  \
    static void lengths_##name(const float *x, const float *block, size_t d, float *out)                               \
    {                                                                                                                  \
        lengths(kind, x, block, d, out);                                                                               \
    }
EACH(ZSC_HDBSCAN_SQUARES, squares)
EACH(ZSC_HDBSCAN_ABSOLUTE, absolute)
EACH(ZSC_HDBSCAN_LARGEST, largest)

static float along(const float *x, const float *from, const float *to, size_t width)
{
    zsc_lanes sum = {0};
    float total = 0, lane[ZSC_LANES];
    for (size_t j = 0; j < width; j += ZSC_HDBSCAN_BLOCK) {
        zsc_lanes at = zsc_lanes_load(x + j), begin = zsc_lanes_load(from + j), end = zsc_lanes_load(to + j);
        ZSC_EACH_PART(i) sum.p[i] = zsc_about(at.p[i] - begin.p[i], end.p[i] - begin.p[i], sum.p[i]);
    }
    memcpy(lane, &sum, sizeof lane);
    for (int l = 0; l < ZSC_LANES; l++) total += lane[l];
    return total;
}

const zsc_hdbscan_kernels ZSC_SIMD(zsc_hdbscan_kernels) = {
    .within = {within_squares, within_absolute, within_largest},
    .to_box = {to_box_squares, to_box_absolute, to_box_largest},
    .nearest = {nearest_squares, nearest_absolute, nearest_largest},
    .lengths = {lengths_squares, lengths_absolute, lengths_largest},
    .along = along,
};
