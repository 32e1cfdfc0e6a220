/* What the kernels share (kernels.c, kernels_cells.c): sixteen clusters at a time. */
#ifndef ZSC_WARD_CLUSTER_LANES_H
#define ZSC_WARD_CLUSTER_LANES_H

#include <string.h>

#include "base/fused.h"
#include "ward/clusters.h"

enum {
    CHECK = 16 /* coordinates between two checks whether a whole block is beyond the bound */
};

typedef zsc_floats part;
typedef zsc_lanes lanes;
#define EACH_PART ZSC_EACH_PART(i)

/* sum + (a - x)^2 */
static inline lanes add_square(lanes sum, const float *a, float x)
{
    EACH_PART
    {
        part t;
        memcpy(&t, a + i * ZSC_FLOATS, sizeof t);
        t -= x;
        sum.p[i] = zsc_about(t, t, sum.p[i]);
    }
    return sum;
}

static inline lanes add(lanes a, lanes b)
{
    EACH_PART a.p[i] += b.p[i];
    return a;
}

static inline lanes shift_scale(lanes a, float shift, float scale) /* (a + shift) scale */
{
    EACH_PART a.p[i] = (a.p[i] + shift) * scale;
    return a;
}

/* Bit l is set where a[l] <= b[l]. */
static inline unsigned at_most(lanes a, lanes b)
{
    unsigned mask = 0;
    EACH_PART mask |= zsc_at_most(a.p[i], b.p[i]) << (ZSC_FLOATS * i);
    return mask;
}

static inline float lane(lanes a, int l)
{
    float x[ZSC_WARD_BLOCK];
    memcpy(x, &a, sizeof x);
    return x[l];
}

static inline float total(lanes a)
{
#if defined __AVX512F__
    return _mm512_reduce_add_ps((__m512)a.p[0]);
#elif defined __AVX2__
    __m256 sum = (__m256)(a.p[0] + a.p[1]);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
#else
    part sum = (a.p[0] + a.p[2]) + (a.p[1] + a.p[3]);
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
#endif
}

/* The squared distances from x to the vectors of a block; returns the bits of those within limit. */
static inline unsigned scan(const float *x, const float *block, size_t d, lanes limit, lanes *out)
{
    lanes even = {0}, odd = {0};
    size_t j = 0;
    for (; j + CHECK < d; j += CHECK) {
        for (size_t k = j; k < j + CHECK; k += 2) {
            even = add_square(even, block + k * ZSC_WARD_BLOCK, x[k]);
            odd = add_square(odd, block + (k + 1) * ZSC_WARD_BLOCK, x[k + 1]);
        }
        if (!at_most(add(even, odd), limit)) return 0;
    }
    for (; j + 1 < d; j += 2) {
        even = add_square(even, block + j * ZSC_WARD_BLOCK, x[j]);
        odd = add_square(odd, block + (j + 1) * ZSC_WARD_BLOCK, x[j + 1]);
    }
    if (j < d) even = add_square(even, block + j * ZSC_WARD_BLOCK, x[j]);
    *out = add(even, odd);
    return at_most(*out, limit);
}

#endif
