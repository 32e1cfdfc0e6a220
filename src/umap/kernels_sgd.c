/* Kernels of the layout.
 *
 * With p = d^(2b) for the distance d of two rows, the attraction of an edge and the repulsion of a negative
 * sample are -2 a b p / (d^2 (1 + a p)) (y_i - y_j)    and    2 gamma b / ((0.001 + d^2) (1 + a p)) (y_i - y_k), each
 * coordinate clipped to [-4, 4] (McInnes, Healy, Melville, arXiv 1802.03426, section 4.2; 0.001 and 4 are
 * umap-learn's). Four edge updates are computed side by side, so that their distances fill the vector lanes in which
 * powers are computed: p = 2^(b log2 d^2). All forces of an update are computed at the same coordinates of the head and
 * applied together, unless one of them may have to be clipped: then the head moves after each, as in umap-learn.
 *
 * log2: x = 2^e m, m in [sqrt(1/2), sqrt(2)), t = (m - 1) / (m + 1): e + 2/ln 2 (t + t^3/3 + t^5/5 + t^7/7 + t^9/9);
 * the first omitted term is below 1e-9. exp2: x = k + f, |f| <= 1/2, Taylor's series to f^6, relative error
 * below 1.3e-7. tests/property/umap.c compares whole updates with double precision. */
#include "umap/kernels.h"
#include "umap/kernels_registers.h"

#pragma GCC diagnostic ignored "-Wpsabi" /* lanes are only passed between static functions of this file */

/* --- Eight lanes of coefficients */
enum {
    LANES = 8,
    GROUP = 4 /* edge updates side by side */
};
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4 * LANES)));
typedef int32_t lane_bits __attribute__((vector_size(4 * LANES), aligned(4 * LANES)));
#define CHOOSE(mask, x, y) ((lanes)(((mask) & (lane_bits)(x)) | (~(mask) & (lane_bits)(y))))

INLINE lanes fused(lanes x, lanes y, lanes z)
{
#if defined __FMA__
    return (lanes)_mm256_fmadd_ps((__m256)x, (__m256)y, (__m256)z);
#elif defined ZSC_NEON_KERNELS
    zsc_floats half[3][2];
    memcpy(half[0], &x, sizeof x);
    memcpy(half[1], &y, sizeof y);
    memcpy(half[2], &z, sizeof z);
    for (int h = 0; h < 2; h++) half[2][h] = zsc_fused(half[0][h], half[1][h], half[2][h]);
    memcpy(&z, half[2], sizeof z);
    return z;
#else
    for (int l = 0; l < LANES; l++) z[l] = __builtin_fmaf(x[l], y[l], z[l]);
    return z;
#endif
}

static const lanes NONE = {0};
#define ALL(x) (NONE + (x)) /* of a number that is not -0 */

#define EACH(q) _Pragma("GCC unroll 4") for (size_t q = 0; q < count; q++)

/* x^b of positive x, see above; x is at least 2^-126. `count` vectors go through the steps side by side, since each
 * step waits for the one before. */
INLINE void power_of(const lanes *x, size_t count, float b, lanes *out)
{
    lane_bits whole[GROUP];
    lanes t[GROUP], s[GROUP], z[GROUP], k[GROUP];
    EACH(q)
    {
        lane_bits bits = (lane_bits)x[q] - 0x3f3504f3; /* the bits of sqrt(1/2) */
        whole[q] = bits >> 23;
        lanes m = (lanes)((lane_bits)x[q] - (whole[q] << 23));
        t[q] = (m - 1.0f) / (m + 1.0f);
    }
    EACH(q) s[q] = t[q] * t[q];
    EACH(q) z[q] = fused(ALL(0.11111111f), s[q], ALL(0.14285714f));
    EACH(q) z[q] = fused(z[q], s[q], ALL(0.2f));
    EACH(q) z[q] = fused(z[q], s[q], ALL(0.33333333f));
    EACH(q) z[q] = fused(z[q], s[q], ALL(1.0f));
    EACH(q) z[q] = fused(2.8853900818f * t[q], z[q], __builtin_convertvector(whole[q], lanes)) * b;
    EACH(q)
    {
        const lanes low = (lanes){0} - 126.0f, high = (lanes){0} + 126.0f;
        z[q] = CHOOSE(z[q] > low, z[q], low);
        z[q] = CHOOSE(z[q] < high, z[q], high);
        k[q] = (z[q] + 12582912.0f) - 12582912.0f; /* to the nearest whole number */
        z[q] -= k[q];
    }
    EACH(q) s[q] = fused(ALL(1.5403530e-4f), z[q], ALL(1.3333558e-3f));
    EACH(q) s[q] = fused(s[q], z[q], ALL(9.6181291e-3f));
    EACH(q) s[q] = fused(s[q], z[q], ALL(5.5504109e-2f));
    EACH(q) s[q] = fused(s[q], z[q], ALL(0.24022651f));
    EACH(q) s[q] = fused(s[q], z[q], ALL(0.69314718f));
    EACH(q) s[q] = fused(s[q], z[q], ALL(1.0f));
    EACH(q) out[q] = (lanes)((lane_bits)s[q] + (__builtin_convertvector(k[q], lane_bits) << 23));
}

static const float NEAR = 1e-3f, LIMIT = 4;
enum { PARTS_MOST = 256 / WIDTH }; /* registers of the longest row */

/* The sums of eight quarters. */
INLINE void add_quarters(const quarter q[LANES], lanes *sums)
{
#if defined __SSE2__
    __m128 half[2];
    for (int h = 0; h < 2; h++) {
        const quarter *p = q + 4 * h;
        __m128 a = (__m128)p[0], b = (__m128)p[1], c = (__m128)p[2], d = (__m128)p[3];
        __m128 ab = _mm_add_ps(_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b));
        __m128 cd = _mm_add_ps(_mm_unpacklo_ps(c, d), _mm_unpackhi_ps(c, d));
        half[h] = _mm_add_ps(_mm_movelh_ps(ab, cd), _mm_movehl_ps(cd, ab));
    }
#if defined __AVX2__ /* not through memory: a load of two stores waits for both */
    *sums = (lanes)_mm256_insertf128_ps(_mm256_castps128_ps256(half[0]), half[1], 1);
#else
    memcpy(sums, half, sizeof *sums);
#endif
#elif defined ZSC_NEON_KERNELS
    float32x4_t half[2];
    for (int h = 0; h < 2; h++) {
        float32x4_t pair[2];
        for (int p = 0; p < 2; p++) {
            float32x4_t a = (float32x4_t)q[4 * h + 2 * p], b = (float32x4_t)q[4 * h + 2 * p + 1];
            pair[p] = vaddq_f32(vcombine_f32(vget_low_f32(a), vget_low_f32(b)),
                                vcombine_f32(vget_high_f32(a), vget_high_f32(b)));
        }
        half[h] = vpaddq_f32(pair[0], pair[1]);
    }
    memcpy(sums, half, sizeof *sums);
#else
    for (int p = 0; p < LANES; p++) (*sums)[p] = (q[p][0] + q[p][2]) + (q[p][1] + q[p][3]);
#endif
}

/* A bit for each lane of a mask. */
INLINE unsigned bits_of(const lane_bits *mask)
{
#if defined __AVX2__
    __m256 lanes_of;
    memcpy(&lanes_of, mask, sizeof lanes_of);
    return (unsigned)_mm256_movemask_ps(lanes_of);
#elif defined ZSC_NEON_KERNELS
    zsc_ints half[2];
    memcpy(half, mask, sizeof half);
    return zsc_bits_of(half[0]) | zsc_bits_of(half[1]) << 4;
#else
    unsigned bits = 0;
    for (unsigned l = 0; l < LANES; l++) bits |= (unsigned)((*mask)[l] != 0) << l;
    return bits;
#endif
}

/* The rows that act on a head are in lanes: tail and negatives of the first update, then those of the second, ... The
 * factor of (y_i - row) in a step is (constant + slope p) / ((d^2 + near) (1 + a p)); tails and negatives have
 * different constants. */
typedef struct row_factors {
    lanes constant, slope, near;
    lanes none; /* d^2 <= none: a negative has the same coordinates as the head: 0; tails never count as such: -1 */
} row_factors;

static void set_row_factors(const zsc_umap_sgd *v, size_t rows, int edge, row_factors k[GROUP])
{
    for (size_t q = 0; q < GROUP * LANES; q++) {
        row_factors *to = &k[q / LANES];
        int tail = edge && q % rows == 0;
        to->constant[q % LANES] = tail ? 0 : 2 * v->gamma * v->b * v->alpha;
        to->slope[q % LANES] = tail ? -2 * v->a * v->b * v->alpha : 0;
        to->near[q % LANES] = tail ? 1.17549435e-38f : NEAR;
        to->none[q % LANES] = tail || q >= GROUP * rows ? -1 : 0;
    }
}

/* The rows that act on one head: the tail of the edge first, if there is one, then negatives. */
typedef struct interactions {
    float *mine, *tail; /* coordinates; tail may be NULL */
    const float *const *row;
    const float *factor;
    size_t rows;
} interactions;

/* The factor of a negative at this squared distance (see row_factors). */
static float repulsion(const zsc_umap_sgd *v, float d2)
{
    lanes at = (lanes){0} + (d2 + 1.17549435e-38f), power;
    power_of(&at, 1, v->b, &power);
    return 2 * v->gamma * v->b * v->alpha / ((d2 + NEAR) * __builtin_fmaf(v->a, power[0], 1.0f));
}

static void move_clipped(const zsc_umap_sgd *v, float *mine, const float *row, float *other, float factor)
{
    vf low = vf_set(-LIMIT * v->alpha), high = vf_set(LIMIT * v->alpha), f = vf_set(factor);
    for (size_t c = 0; c < v->stride; c += WIDTH) {
        vf at = vf_load(mine + c), force = vf_clip(vf_mul(vf_sub(at, vf_load(row + c)), f), low, high);
        if (other) vf_store(other + c, vf_sub(vf_load(other + c), force));
        vf_store(mine + c, vf_add(at, force));
    }
}

static float squared_distance(const zsc_umap_sgd *v, const float *one, const float *two)
{
    vf total[ZSC_PARTS] = {{0}};
    for (size_t c = 0; c < v->stride; c += WIDTH) {
        vf delta = vf_sub(vf_load(one + c), vf_load(two + c)), *to = &total[c / WIDTH % ZSC_PARTS];
        *to = vf_fma(delta, delta, *to);
    }
    quarter four = vf_fold(total);
    return (four[0] + four[1]) + (four[2] + four[3]);
}

/* A step with a force that may be clipped: the head moves after each force, as in umap-learn, so that several near
 * negatives do not move it several times as far as one does. Coordinates of a force are clipped at 4; a row that is its
 * own negative does not act (`own` has a bit for each row); a negative with the same coordinates as the head moves it
 * by 4 along every coordinate, which is how umap-learn separates coinciding rows. */
static __attribute__((noinline)) void step_in_turn(const zsc_umap_sgd *v, const interactions *on, unsigned own)
{
    size_t first = on->tail ? 1 : 0;
    if (on->tail) move_clipped(v, on->mine, on->tail, on->tail, on->factor[0]);
    for (size_t p = first; p < on->rows; p++) {
        if (own >> p & 1) continue;
        float d2 = squared_distance(v, on->mine, on->row[p]);
        if (d2 > 0)
            move_clipped(v, on->mine, on->row[p], NULL, repulsion(v, d2));
        else if (v->gamma > 0)
            for (size_t c = 0; c < v->dim; c++) on->mine[c] += LIMIT * v->alpha;
    }
}

/* The usual step. The sum over negatives of f (y_i - y_k) is y_i times the sum of f, minus the sum of f y_k. */
INLINE void step(const interactions *on, size_t parts)
{
    size_t first = on->tail ? 1 : 0;
    vf f[LANES], together = vf_set(0);
#pragma GCC unroll 8
    for (size_t p = 0; p < LANES; p++) f[p] = vf_set(on->factor[p < on->rows ? p : 0]);
#pragma GCC unroll 8
    for (size_t p = first; p < on->rows; p++) together = vf_add(together, f[p]);
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) {
        vf at = vf_load(on->mine + c * WIDTH), move = vf_mul(together, at);
#pragma GCC unroll 8
        for (size_t p = first; p < on->rows; p++) move = vf_fnma(f[p], vf_load(on->row[p] + c * WIDTH), move);
        if (on->tail) {
            vf there = vf_load(on->tail + c * WIDTH), pull = vf_mul(f[0], vf_sub(at, there));
            vf_store(on->tail + c * WIDTH, vf_sub(there, pull));
            move = vf_add(move, pull);
        }
        vf_store(on->mine + c * WIDTH, vf_add(at, move));
    }
}

/* `group` updates without a common head or tail, which may therefore be computed side by side. `negative` are those of
 * the first; those of the next follow `negatives` further. All forces of an update are computed at the coordinates that
 * the head has before it (except in step_in_turn). Constant arguments let the compiler unroll the loops. */
INLINE void run_group(const zsc_umap_sgd *v, const row_factors *k, const int32_t *head, const int32_t *tail,
                      const int32_t *negative, size_t negatives, size_t group, size_t parts)
{
    const size_t stride = parts * WIDTH, first = tail ? 1 : 0, rows = negatives + first, lanes_used = group * rows,
                 chunks = (lanes_used + LANES - 1) / LANES;
    const float *row[GROUP * LANES];
    quarter sum[GROUP * LANES];
    float factor[GROUP * LANES] __attribute__((aligned(4 * LANES)));
    unsigned own[GROUP];
#pragma GCC unroll 4
    for (size_t g = 0; g < group; g++) {
        const float *mine = v->y + (size_t)head[g] * stride;
        own[g] = 0;
        if (tail) row[g * rows] = v->y + (size_t)tail[g] * stride;
#pragma GCC unroll 8
        for (size_t p = 0; p < negatives; p++) {
            size_t at = (size_t)negative[g * negatives + p];
            row[g * rows + first + p] = v->pool + at * stride;
        }
        if (__builtin_expect(v->pool_row != NULL, 0))
            for (size_t p = 0; p < negatives; p++)
                own[g] |= (unsigned)(v->pool_row[negative[g * negatives + p]] == head[g]) << (first + p);
        vf at[PARTS_MOST];
#pragma GCC unroll 8
        for (size_t c = 0; c < parts; c++) at[c] = vf_load(mine + c * WIDTH);
#pragma GCC unroll 8
        for (size_t p = 0; p < rows; p++) {
            vf total[ZSC_PARTS] = {{0}};
#pragma GCC unroll 8
            for (size_t c = 0; c < parts; c++) {
                vf delta = vf_sub(at[c], vf_load(row[g * rows + p] + c * WIDTH));
                total[c % ZSC_PARTS] = vf_fma(delta, delta, total[c % ZSC_PARTS]);
            }
            sum[g * rows + p] = vf_fold(total);
        }
    }
#pragma GCC unroll 8
    for (size_t q = lanes_used; q < chunks * LANES; q++) sum[q] = (quarter){0};
    lanes d2[GROUP], safe[GROUP], power[GROUP];
    const float limit = LIMIT * LIMIT * v->alpha * v->alpha;
    unsigned watch = 0;
#pragma GCC unroll 4
    for (size_t q = 0; q < chunks; q++) {
        add_quarters(sum + q * LANES, &d2[q]);
        safe[q] = d2[q] + 1.17549435e-38f;
    }
    power_of(safe, chunks, v->b, power);
#pragma GCC unroll 4
    for (size_t q = 0; q < chunks; q++) {
        lanes f = fused(k[q].slope, power[q], k[q].constant) /
                  ((d2[q] + k[q].near) * fused(ALL(v->a), power[q], ALL(1.0f)));
        memcpy(factor + q * LANES, &f, sizeof f);
        /* No coordinate of a force is longer than the force. */
        lane_bits careful = (f * f * d2[q] > limit) | (d2[q] <= k[q].none);
        watch |= bits_of(&careful) << q * LANES;
    }
#pragma GCC unroll 4
    for (size_t g = 0; g < group; g++) {
        interactions on = {v->y + (size_t)head[g] * stride, tail ? v->y + (size_t)tail[g] * stride : NULL,
                           row + g * rows, factor + g * rows, rows};
        unsigned careful = watch >> g * rows & ((1u << rows) - 1);
        if (__builtin_expect(careful | own[g], 0))
            step_in_turn(v, &on, own[g]);
        else
            step(&on, parts);
    }
}

/* Whether four updates have a head or tail in common. */
INLINE int have_common_row(const int32_t *head, const int32_t *tail)
{
    int32_t heads __attribute__((vector_size(16))), tails __attribute__((vector_size(16)));
    memcpy(&heads, head, sizeof heads);
    memcpy(&tails, tail, sizeof tails);
    lane_bits ends = __builtin_shufflevector(heads, tails, 0, 1, 2, 3, 4, 5, 6, 7), turned, equal = {0};
    turned = __builtin_shufflevector(ends, ends, 1, 2, 3, 4, 5, 6, 7, 0);
    equal |= ends == turned;
    turned = __builtin_shufflevector(ends, ends, 2, 3, 4, 5, 6, 7, 0, 1);
    equal |= ends == turned;
    turned = __builtin_shufflevector(ends, ends, 3, 4, 5, 6, 7, 0, 1, 2);
    equal |= ends == turned;
    turned = __builtin_shufflevector(ends, ends, 4, 5, 6, 7, 0, 1, 2, 3);
    equal |= ends == turned;
    return bits_of(&equal) != 0;
}

INLINE void prefetch(const zsc_umap_sgd *v, const int32_t *row, size_t parts)
{
    for (size_t g = 0; g < GROUP; g++)
        for (size_t c = 0; c < parts * WIDTH; c += 16)
            __builtin_prefetch(v->y + (size_t)row[g] * (parts * WIDTH) + c, 1);
}

/* One update alone. Not inlined: the unrolled code above is long enough. */
static __attribute__((noinline)) void update_one(const zsc_umap_sgd *v, const row_factors *k, int32_t head,
                                                 int32_t tail, const int32_t *negative, size_t negatives)
{
    run_group(v, k, &head, &tail, negative, negatives, 1, v->stride / WIDTH);
}

INLINE void update_all(const zsc_umap_sgd *v, const int32_t *head, const int32_t *tail, size_t count,
                       const int32_t *negative, size_t parts, size_t negatives)
{
    row_factors k[GROUP];
    size_t e = 0;
    set_row_factors(v, negatives + 1, 1, k);
    for (; e + GROUP <= count; e += GROUP, negative += GROUP * negatives) {
        if (e + 2 * GROUP <= count) { /* meanwhile coordinates come from the second level of cache */
            prefetch(v, head + e + GROUP, parts);
            prefetch(v, tail + e + GROUP, parts);
        }
        if (__builtin_expect(!have_common_row(head + e, tail + e), 1))
            run_group(v, k, head + e, tail + e, negative, negatives, GROUP, parts);
        else
            for (size_t g = 0; g < GROUP; g++)
                update_one(v, k, head[e + g], tail[e + g], negative + g * negatives, negatives);
    }
    for (; e < count; e++, negative += negatives) update_one(v, k, head[e], tail[e], negative, negatives);
}

/* Any number of negatives: seven with the edge, then eight at a time. */
static void update_one_by_one(const zsc_umap_sgd *v, const int32_t *head, const int32_t *tail, size_t count,
                              const int32_t *negative)
{
    size_t parts = v->stride / WIDTH, negatives = v->negatives,
           with_edge = negatives < LANES - 1 ? negatives : LANES - 1;
    row_factors with[GROUP], without[GROUP];
    set_row_factors(v, LANES, 1, with); /* one update at a time: lanes beyond its rows do not matter */
    set_row_factors(v, LANES, 0, without);
    for (size_t e = 0; e < count; e++, negative += negatives) {
        update_one(v, with, head[e], tail[e], negative, with_edge);
        for (size_t taken = with_edge; taken < negatives; taken += LANES)
            run_group(v, without, head + e, NULL, negative + taken,
                      negatives - taken < LANES ? negatives - taken : LANES, 1, parts);
    }
}

static void update(const zsc_umap_sgd *v, const int32_t *head, const int32_t *tail, size_t count,
                   const int32_t *negative)
{
    switch (v->negatives == 5 ? v->stride / WIDTH
                              : 0) { /* umap-learn's default, and rows of up to 64 floats (8 without AVX2) */
#if !defined                                                                                                           \
    __SANITIZE_ADDRESS__ /* gcc takes a minute for each of these when it instruments them: one or two stand for all */
    case 1: update_all(v, head, tail, count, negative, 1, 5); break;
    case 2: update_all(v, head, tail, count, negative, 2, 5); break;
#if defined __AVX2__
    case 3: update_all(v, head, tail, count, negative, 3, 5); break;
#endif
#if defined __AVX2__ && !defined __AVX512F__
    case 4: update_all(v, head, tail, count, negative, 4, 5); break;
    case 5: update_all(v, head, tail, count, negative, 5, 5); break;
    case 6: update_all(v, head, tail, count, negative, 6, 5); break;
    case 8: update_all(v, head, tail, count, negative, 8, 5); break;
#endif
#endif
#if defined __AVX512F__
    case 4: update_all(v, head, tail, count, negative, 4, 5); break;
#elif defined __AVX2__
    case 7: update_all(v, head, tail, count, negative, 7, 5); break;
#elif defined ZSC_NEON_KERNELS
    case 4: update_all(v, head, tail, count, negative, 4, 5); break;
    case 8: update_all(v, head, tail, count, negative, 8, 5); break;
    case 12: update_all(v, head, tail, count, negative, 12, 5); break;
    case 16: update_all(v, head, tail, count, negative, 16, 5); break;
#endif
    default: update_one_by_one(v, head, tail, count, negative);
    }
}

/* An edge of rate r = weight / max and phase u is updated in epoch t when t r + u passes a whole number: floor(t r + u)
 * > floor((t-1) r + u). The phase, 0 or a half, is the last bit of the rate. */
static size_t due(const uint32_t *rate, size_t count, uint32_t epoch, int32_t *out)
{
    size_t found = 0, e = 0;
    const uint32_t fraction = 0x7fffffff;
#if defined __AVX512F__
    __m512i mask = _mm512_set1_epi32((int)fraction), t = _mm512_set1_epi32((int)epoch), step = _mm512_set1_epi32(16);
    __m512i number = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; e + 16 <= count; e += 16) {
        __m512i r = _mm512_loadu_si512(rate + e),
                sum = _mm512_add_epi32(_mm512_mullo_epi32(r, t), _mm512_slli_epi32(r, 30));
        __mmask16 hit = _mm512_cmplt_epu32_mask(_mm512_and_si512(sum, mask), r);
        _mm512_storeu_si512(out + found, _mm512_maskz_compress_epi32(hit, number));
        number = _mm512_add_epi32(number, step);
        found += (size_t)__builtin_popcount(hit);
    }
#elif defined __AVX2__
    const __m256i sign = _mm256_set1_epi32(INT32_MIN), mask = _mm256_set1_epi32((int)fraction),
                  t = _mm256_set1_epi32((int)epoch);
    for (; e + 8 <= count; e += 8) {
        __m256i r = _mm256_loadu_si256((const __m256i *)(rate + e));
        __m256i part = _mm256_and_si256(_mm256_add_epi32(_mm256_mullo_epi32(r, t), _mm256_slli_epi32(r, 30)), mask);
        __m256i less = _mm256_cmpgt_epi32(_mm256_xor_si256(r, sign),
                                          _mm256_xor_si256(part, sign)); /* of unsigned numbers */
        for (unsigned hit = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(less)); hit; hit &= hit - 1)
            out[found++] = (int32_t)e + __builtin_ctz(hit);
    }
#elif defined ZSC_NEON_KERNELS
    const uint32x4_t mask = vdupq_n_u32(fraction), t = vdupq_n_u32(epoch);
    for (; e + 4 <= count; e += 4) {
        uint32x4_t r = vld1q_u32(rate + e), part = vandq_u32(vmlaq_u32(vshlq_n_u32(r, 30), r, t), mask);
        for (unsigned hit = zsc_bits_of((zsc_ints)vcltq_u32(part, r)); hit; hit &= hit - 1)
            out[found++] = (int32_t)e + __builtin_ctz(hit);
    }
#endif
    for (; e < count; e++) {
        out[found] = (int32_t)e;
        found += ((rate[e] * epoch + (rate[e] << 30)) & fraction) < rate[e];
    }
    return found;
}

const zsc_umap_sgd_kernels ZSC_SIMD(zsc_umap_sgd_kernels) = {.width = WIDTH, .update = update, .due = due};
