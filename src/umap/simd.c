/* Kernels of the layout and of the eigensolver.
 *
 * Layout. With p = d^(2b) for the distance d of two rows, the attraction of an edge and the repulsion of a negative sample are
 *     -2 a b p / (d^2 (1 + a p)) (y_i - y_j)    and    2 gamma b / ((0.001 + d^2) (1 + a p)) (y_i - y_k),
 * each coordinate clipped to [-4, 4] (McInnes, Healy, Melville, arXiv 1802.03426, section 4.2; 0.001 and 4 are
 * umap-learn's). The distances of one visit are taken together, eight a time, so that the power is computed once for all of
 * them: p = 2^(b log2 d^2).
 *
 * log2: x = 2^e m, m in [sqrt(1/2), sqrt(2)), t = (m - 1) / (m + 1): e + 2/ln 2 (t + t^3/3 + t^5/5 + t^7/7 + t^9/9); the first
 * term left out is below 1e-9. exp2: x = k + f, |f| <= 1/2, Taylor's series to f^6, relative error below 1.3e-7. The whole visit is held
 * against double precision in tests/property/umap.c. */
#include "umap/simd.h"

#include <string.h>

#if defined __AVX512F__ || defined __AVX2__ || defined __SSE2__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* --- Registers of the width that this copy has: `vf` holds WIDTH floats. */
#if defined __AVX512F__
enum { WIDTH = 16 };
typedef __m512 vf;
INLINE vf vf_load(const float *p) { return _mm512_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm512_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm512_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm512_min_ps(_mm512_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm512_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm512_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm512_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm512_fmadd_ps(x, y, z); }
INLINE __m128 vf_fold(vf x)
{
    __m256 h = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    return _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
}
#elif defined __AVX2__
enum { WIDTH = 8 };
typedef __m256 vf;
INLINE vf vf_load(const float *p) { return _mm256_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm256_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm256_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm256_min_ps(_mm256_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm256_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm256_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm256_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm256_fmadd_ps(x, y, z); }
INLINE __m128 vf_fold(vf x) { return _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1)); }
#elif defined __SSE2__
enum { WIDTH = 4 };
typedef __m128 vf;
INLINE vf vf_load(const float *p) { return _mm_load_ps(p); }
INLINE void vf_store(float *p, vf x) { _mm_store_ps(p, x); }
INLINE vf vf_set(float x) { return _mm_set1_ps(x); }
INLINE vf vf_clip(vf x, vf low, vf high) { return _mm_min_ps(_mm_max_ps(x, low), high); }
INLINE vf vf_add(vf x, vf y) { return _mm_add_ps(x, y); }
INLINE vf vf_sub(vf x, vf y) { return _mm_sub_ps(x, y); }
INLINE vf vf_mul(vf x, vf y) { return _mm_mul_ps(x, y); }
INLINE vf vf_fma(vf x, vf y, vf z) { return _mm_add_ps(_mm_mul_ps(x, y), z); }
INLINE __m128 vf_fold(vf x) { return x; }
#else
/* Any other processor: vectors of the compiler's, four floats wide. */
enum { WIDTH = 4 };
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vm __attribute__((vector_size(16)));
INLINE vf vf_load(const float *p)
{
    vf x;
    memcpy(&x, p, sizeof x);
    return x;
}
INLINE void vf_store(float *p, vf x) { memcpy(p, &x, sizeof x); }
INLINE vf vf_set(float x) { return (vf){x, x, x, x}; }
INLINE vf vf_choose(vm mask, vf x, vf y) { return (vf)((mask & (vm)x) | (~mask & (vm)y)); }
INLINE vf vf_clip(vf x, vf low, vf high)
{
    x = vf_choose((vm)(x > low), x, low);
    return vf_choose((vm)(x < high), x, high);
}
INLINE vf vf_add(vf x, vf y) { return x + y; }
INLINE vf vf_sub(vf x, vf y) { return x - y; }
INLINE vf vf_mul(vf x, vf y) { return x * y; }
INLINE vf vf_fma(vf x, vf y, vf z) { return x * y + z; }
INLINE vf vf_fold(vf x) { return x; }
#endif

/* --- Eight lanes of coefficients */
enum { LANES = 8 };
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4 * LANES)));
typedef int32_t lane_bits __attribute__((vector_size(4 * LANES), aligned(4 * LANES)));

/* x^b of positive x, see above; x is at least 2^-126. */
#define POWER(result, x, b)                                                                                            \
    do {                                                                                                               \
        lane_bits bits_ = (lane_bits)(x) - 0x3f3504f3; /* the bits of sqrt(1/2) */                                     \
        lane_bits whole_ = bits_ >> 23;                                                                                \
        lanes m_ = (lanes)((lane_bits)(x) - (whole_ << 23));                                                           \
        lanes t_ = (m_ - 1.0f) / (m_ + 1.0f), s_ = t_ * t_;                                                            \
        lanes series_ = (((0.11111111f * s_ + 0.14285714f) * s_ + 0.2f) * s_ + 0.33333333f) * s_ + 1.0f;               \
        lanes l_ = __builtin_convertvector(whole_, lanes) + 2.8853900818f * t_ * series_;                              \
        lanes z_ = l_ * (b);                                                                                           \
        z_ = (lanes)(((lane_bits)z_ & (z_ > -126.0f)) | ((lane_bits)((lanes){0} - 126.0f) & ~(z_ > -126.0f)));         \
        z_ = (lanes)(((lane_bits)z_ & (z_ < 126.0f)) | ((lane_bits)((lanes){0} + 126.0f) & ~(z_ < 126.0f)));           \
        lanes k_ = (z_ + 12582912.0f) - 12582912.0f; /* to the nearest whole number */                                 \
        lanes f_ = z_ - k_;                                                                                            \
        lanes e_ = (((((1.5403530e-4f * f_ + 1.3333558e-3f) * f_ + 9.6181291e-3f) * f_ + 5.5504109e-2f) * f_ +         \
                     0.24022651f) * f_ + 0.69314718f) * f_ + 1.0f;                                                     \
        (result) = (lanes)((lane_bits)e_ + (__builtin_convertvector(k_, lane_bits) << 23));                            \
    } while (0)

enum { MOST_TILES = 16 }; /* registers of 16 floats in the longest row: 256 / 16 */
static const float NEAR = 1e-3f, LIMIT = 4;

typedef __typeof__(vf_fold((vf){0})) quarter; /* four floats */

/* The sums of eight quarters. */
INLINE void add_quarters(const quarter q[LANES], lanes *out)
{
#if defined __SSE2__
    __m128 half[2];
    for (int h = 0; h < 2; h++) {
        const quarter *p = q + 4 * h;
        __m128 ab = _mm_add_ps(_mm_unpacklo_ps(p[0], p[1]), _mm_unpackhi_ps(p[0], p[1]));
        __m128 cd = _mm_add_ps(_mm_unpacklo_ps(p[2], p[3]), _mm_unpackhi_ps(p[2], p[3]));
        half[h] = _mm_add_ps(_mm_movelh_ps(ab, cd), _mm_movehl_ps(cd, ab));
    }
    memcpy(out, half, sizeof *out);
#else
    for (int p = 0; p < LANES; p++) (*out)[p] = (q[p][0] + q[p][1]) + (q[p][2] + q[p][3]);
#endif
}

#define CHOOSE(mask, x, y) ((lanes)(((mask) & (lane_bits)(x)) | (~(mask) & (lane_bits)(y))))

/* Up to eight rows against the place `at` of row i: squared distances, zero for lanes beyond `count`. */
INLINE void distances(const float *const *row, size_t count, size_t parts, const vf *at, lanes *out)
{
    quarter sum[LANES];
    memset(sum, 0, sizeof sum);
#pragma GCC unroll 8
    for (size_t p = 0; p < count; p++) {
        vf total = vf_set(0);
#pragma GCC unroll 8
        for (size_t c = 0; c < parts; c++) {
            vf delta = vf_sub(at[c], vf_load(row[p] + c * WIDTH));
            total = vf_fma(delta, delta, total);
        }
        sum[p] = vf_fold(total);
    }
    add_quarters(sum, out);
}

/* umap-learn's way to part rows that coincide: 4 along every coordinate. */
static __attribute__((noinline)) void part(const zsc_visit *v, float *head, size_t times)
{
    for (size_t c = 0; c < v->dim; c++) head[c] += (float)times * LIMIT * v->alpha;
}

/* One tile of a visit: the edge's tail, if `edge`, and up to seven negatives; eight of them otherwise. All forces are taken
 * at the place that the head has before. `parts` (registers a row), `count` and `edge` are constants where this is
 * inlined with constants. */
INLINE void tile(const zsc_visit *v, int32_t head, const int32_t *other, size_t count, int edge, size_t parts)
{
    float *mine = v->y + (size_t)head * v->stride, *tail = v->y + (size_t)other[0] * v->stride;
    const float *row[LANES] = {mine, mine, mine, mine, mine, mine, mine, mine};
    lane_bits own = {0};
    vf at[MOST_TILES * ZSC_ROW / WIDTH];
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) at[c] = vf_load(mine + c * WIDTH);
#pragma GCC unroll 8
    for (size_t p = 0; p < count; p++) {
        row[p] = edge && p == 0 ? tail : v->before + (size_t)other[p] * v->stride;
        own[p] = other[p] == head ? -1 : 0;
    }
    lanes d2, power;
    distances(row, count, parts, at, &d2);
    lanes safe = d2 + 1.17549435e-38f;
    POWER(power, safe, v->b);
    const lane_bits first = {edge ? -1 : 0};
    lanes above = CHOOSE(first, -2 * v->a * v->b * power, (lanes){0} + 2 * v->gamma * v->b);
    lanes below = CHOOSE(first, safe, NEAR + d2) * (v->a * power + 1.0f);
    lanes scale = (lanes)((lane_bits)(above / below) & ~own); /* a row is not its own negative */
    float factor[LANES] __attribute__((aligned(4 * LANES)));
    memcpy(factor, &scale, sizeof factor);
    vf low = vf_set(-LIMIT), high = vf_set(LIMIT), alpha = vf_set(v->alpha);
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) {
        vf move = vf_set(0);
#pragma GCC unroll 8
        for (size_t p = edge ? 1 : 0; p < count; p++) {
            vf force = vf_mul(vf_sub(at[c], vf_load(row[p] + c * WIDTH)), vf_set(factor[p]));
            move = vf_add(move, vf_clip(force, low, high));
        }
        if (edge) {
            vf there = vf_load(tail + c * WIDTH);
            vf pull = vf_clip(vf_mul(vf_sub(at[c], there), vf_set(factor[0])), low, high);
            vf_store(tail + c * WIDTH, vf_sub(there, vf_mul(pull, alpha)));
            move = vf_add(move, pull);
        }
        vf_store(mine + c * WIDTH, vf_fma(move, alpha, at[c]));
    }
    lane_bits same = ~first & ~own & (d2 == 0.0f);
    int64_t any[LANES / 2];
    memcpy(any, &same, sizeof any);
    if (__builtin_expect((any[0] | any[1] | any[2] | any[3]) != 0, 0)) {
        size_t times = 0;
        for (size_t p = 0; p < count; p++) times += same[p] != 0;
        if (times && v->gamma > 0) part(v, mine, times);
    }
}

/* Rows that the visit after next will want; they come from the third level of cache meanwhile. */
INLINE void prefetch(const zsc_visit *v, const int32_t *negative, size_t count, size_t parts)
{
    for (size_t p = 0; p < count; p++)
        for (size_t c = 0; c < parts * WIDTH; c += 16) __builtin_prefetch(v->before + (size_t)negative[p] * v->stride + c);
}

INLINE void all_visits(const zsc_visit *v, const int32_t *head, const int32_t *tail, size_t count, const int32_t *negative, size_t parts, size_t negatives)
{
    enum { AHEAD = 3 };
    size_t with_edge = negatives < LANES - 1 ? negatives : LANES - 1;
    for (size_t e = 0; e < count; e++, negative += negatives) {
        int32_t other[LANES];
        other[0] = tail[e];
        for (size_t p = 0; p < with_edge; p++) other[p + 1] = negative[p];
        if (e + AHEAD < count) {
            prefetch(v, negative + AHEAD * negatives, with_edge, parts);
            for (size_t c = 0; c < parts * WIDTH; c += 16) {
                __builtin_prefetch(v->y + (size_t)head[e + AHEAD] * v->stride + c, 1);
                __builtin_prefetch(v->y + (size_t)tail[e + AHEAD] * v->stride + c, 1);
            }
        }
        tile(v, head[e], other, with_edge + 1, 1, parts);
        for (size_t taken = with_edge; taken < negatives; taken += LANES)
            tile(v, head[e], negative + taken, negatives - taken < LANES ? negatives - taken : LANES, 0, parts);
    }
}

static void visit(const zsc_visit *v, const int32_t *head, const int32_t *tail, size_t count, const int32_t *negative)
{
    size_t parts = v->stride / WIDTH;
    if (v->negatives != 5) {
        all_visits(v, head, tail, count, negative, parts, v->negatives);
        return;
    }
    switch (v->stride / ZSC_ROW) {
    case 1: all_visits(v, head, tail, count, negative, ZSC_ROW / WIDTH, 5); break;
    case 2: all_visits(v, head, tail, count, negative, 2 * ZSC_ROW / WIDTH, 5); break;
    case 3: all_visits(v, head, tail, count, negative, 3 * ZSC_ROW / WIDTH, 5); break;
    case 4: all_visits(v, head, tail, count, negative, 4 * ZSC_ROW / WIDTH, 5); break;
    default: all_visits(v, head, tail, count, negative, parts, 5);
    }
}

/* An edge of rate r = weight / max is visited in epoch t when t r passes a whole number: floor(t r) > floor((t-1) r). */
static size_t due(const uint32_t *rate, size_t count, uint32_t epoch, int32_t *out)
{
    size_t found = 0, e = 0;
    const uint32_t fraction = 0x7fffffff;
#if defined __AVX512F__
    __m512i mask = _mm512_set1_epi32((int)fraction), t = _mm512_set1_epi32((int)epoch), step = _mm512_set1_epi32(16);
    __m512i number = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; e + 16 <= count; e += 16) {
        __m512i r = _mm512_loadu_si512(rate + e);
        __mmask16 hit = _mm512_cmplt_epu32_mask(_mm512_and_si512(_mm512_mullo_epi32(r, t), mask), r);
        _mm512_storeu_si512(out + found, _mm512_maskz_compress_epi32(hit, number));
        number = _mm512_add_epi32(number, step);
        found += (size_t)__builtin_popcount(hit);
    }
#endif
    for (; e < count; e++) {
        out[found] = (int32_t)e;
        found += ((rate[e] * epoch) & fraction) < rate[e];
    }
    return found;
}

/* --- Sparse matrix times block */
INLINE void spmm_part(const zsc_spmm *m, size_t i, const float *x, const float *before, float *out, size_t from, size_t parts)
{
    vf sum[8];
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) sum[c] = vf_set(0);
    size_t end = m->offset[i + 1];
    for (size_t e = m->offset[i]; e < end; e++) {
        if (e + 4 < end)
            for (size_t c = 0; c < parts * WIDTH; c += 16)
                __builtin_prefetch(x + (size_t)m->column[e + 4] * m->width + from + c);
        const float *row = x + (size_t)m->column[e] * m->width + from;
        vf value = vf_set(m->value[e]);
#pragma GCC unroll 8
        for (size_t c = 0; c < parts; c++) sum[c] = vf_fma(value, vf_load(row + c * WIDTH), sum[c]);
    }
    vf p = vf_set(m->p), q = vf_set(m->q), r = vf_set(m->r);
    size_t at = i * m->width + from;
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) {
        vf y = vf_fma(q, vf_load(x + at + c * WIDTH), vf_mul(p, sum[c]));
        if (before) y = vf_fma(r, vf_load(before + at + c * WIDTH), y);
        vf_store(out + at + c * WIDTH, y);
    }
}

static void spmm(const zsc_spmm *m, size_t first, size_t last, const float *x, const float *before, float *out)
{
    for (size_t i = first; i < last; i++) {
        size_t from = 0;
#if defined __AVX512F__
        for (; from + 64 <= m->width; from += 64) spmm_part(m, i, x, before, out, from, 64 / WIDTH);
#endif
        for (; from + 32 <= m->width; from += 32) spmm_part(m, i, x, before, out, from, 32 / WIDTH);
        for (; from < m->width; from += ZSC_ROW) spmm_part(m, i, x, before, out, from, ZSC_ROW / WIDTH);
    }
}

const zsc_umap_kernel_table ZSC_SIMD(zsc_umap_kernels) = {.visit = visit, .due = due, .spmm = spmm};
