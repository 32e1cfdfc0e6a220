/* Kernels of the layout.
 *
 * With p = d^(2b) for the distance d of two rows, the attraction of an edge and the repulsion of a negative
 * sample are -2 a b p / (d^2 (1 + a p)) (y_i - y_j)    and    2 gamma b / ((0.001 + d^2) (1 + a p)) (y_i - y_k), each
 * coordinate clipped to [-4, 4] (McInnes, Healy, Melville, arXiv 1802.03426, section 4.2; 0.001 and 4 are
 * umap-learn's). Four edge updates are computed side by side, so that their distances fill the vector lanes in which
 * powers are computed: p = 2^(b log2 d^2). The next four's distances are computed before these four move, unless they
 * have a row in common: powers are a long chain of steps that each wait for the one before. All forces of an update are
 * computed at the same coordinates of the head and applied together, unless one of them may have to be clipped: then
 * the head moves after each, as in umap-learn. tests/property/umap.c compares whole updates with double precision. */
#include "umap/kernels.h"
#include "umap/kernels_lanes.h"
#include "umap/kernels_registers.h"

enum { GROUP = 4, ROWS_MOST = 8 }; /* edge updates side by side; rows that act on a head at once */
static const float NEAR = 1e-3f, LIMIT = 4;

/* The rows that act on a head: tail and negatives of the first update, then those of the second, ... each in its lane.
 * The factor of (y_i - row) in a step is (constant + slope p) / ((d^2 + near) (1 + a p)); tails and negatives have
 * different constants. */
typedef struct row_factors {
    vf constant[REGISTERS_MOST], slope[REGISTERS_MOST], near[REGISTERS_MOST];
    vf none[REGISTERS_MOST]; /* d^2 <= none: a negative has the same coordinates as the head: 0; tails never count as
                              * such: -1 */
    unsigned of[GROUP];      /* a bit for each lane of an update */
} row_factors;

INLINE void set_row_factors(const zsc_umap_sgd *v, size_t rows, int edge, row_factors *k)
{
    const float repel = 2 * v->gamma * v->b * v->alpha, attract = -2 * v->a * v->b * v->alpha;
    memset(k->of, 0, sizeof k->of);
#pragma GCC unroll 32
    for (size_t q = 0; q < GROUP * ROWS_MOST; q++) {
        int tail = edge && q % rows == 0;
        size_t r = lane_of(q) / LANES, lane = lane_of(q) % LANES;
        k->constant[r][lane] = tail ? 0 : repel;
        k->slope[r][lane] = tail ? attract : 0;
        k->near[r][lane] = tail ? 1.17549435e-38f : NEAR;
        k->none[r][lane] = tail || q >= GROUP * rows ? -1 : 0;
        if (q < GROUP * rows) k->of[q / rows] |= 1u << lane_of(q);
    }
}

/* Pointers to rows base + index[i] stride, into the array `row` of pointers to floats, constant or not. */
INLINE void rows_at(const float *base, const int32_t *index, size_t count, size_t stride, void *row)
{
    size_t i = 0;
#if defined __AVX2__
    const int64_t first = (int64_t)base, bytes = (int64_t)(stride * sizeof *base);
#if defined __AVX512F__
    for (; i + 8 <= count; i += 8) {
        zsc_longs at = (zsc_longs)_mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(index + i))) * bytes +
                       first;
        memcpy((char *)row + i * sizeof base, &at, sizeof at);
    }
#endif
    for (; i + 4 <= count; i += 4) {
        int64_t at __attribute__((vector_size(32)));
        __m256i wide = _mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(index + i)));
        memcpy(&at, &wide, sizeof at);
        at = at * bytes + first;
        memcpy((char *)row + i * sizeof base, &at, sizeof at);
    }
#endif
    for (; i < count; i++) {
        const float *at = base + (size_t)index[i] * stride;
        memcpy((char *)row + i * sizeof base, &at, sizeof at);
    }
}

/* The rows that act on one head: the tail of the edge first, if there is one, then negatives. */
typedef struct interactions {
    float *mine, *tail; /* coordinates; tail may be NULL */
    const float *const *negative;
    size_t negatives;
    const float *factor; /* of row p in lane_of(from + p) */
    size_t from;
} interactions;

/* The factor of a negative at this squared distance (see row_factors). */
static float repulsion(const zsc_umap_sgd *v, float d2)
{
    vf at = vf_set(d2 + 1.17549435e-38f), power;
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
 * own negative does not act (`own` has a bit for each negative); a negative with the same coordinates as the head moves
 * it by 4 along every coordinate, which is how umap-learn separates coinciding rows. */
static __attribute__((noinline)) void step_in_turn(const zsc_umap_sgd *v, interactions on, unsigned own)
{
    if (on.tail) move_clipped(v, on.mine, on.tail, on.tail, on.factor[lane_of(on.from)]);
    for (size_t p = 0; p < on.negatives; p++) {
        if (own >> p & 1) continue;
        float d2 = squared_distance(v, on.mine, on.negative[p]);
        if (d2 > 0)
            move_clipped(v, on.mine, on.negative[p], NULL, repulsion(v, d2));
        else if (v->gamma > 0)
            for (size_t c = 0; c < v->dim; c++) on.mine[c] += LIMIT * v->alpha;
    }
}

/* The usual step. The sum over negatives of f (y_i - y_k) is y_i times the sum of f, minus the sum of f y_k. `edge`, a
 * constant, is whether there is a tail. */
INLINE void step(const interactions *on, int edge, size_t parts)
{
    const size_t first = edge ? 1 : 0;
    vf f[ROWS_MOST], pull_of = vf_set(on->factor[lane_of(on->from)]), together = vf_set(0);
#pragma GCC unroll 8
    for (size_t p = 0; p < ROWS_MOST; p++)
        f[p] = vf_set(on->factor[lane_of(on->from + (p < on->negatives ? first + p : 0))]);
#pragma GCC unroll 8
    for (size_t p = 0; p < on->negatives; p++) together = vf_add(together, f[p]);
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) {
        vf at = vf_load(on->mine + c * WIDTH), move = vf_mul(together, at);
#pragma GCC unroll 8
        for (size_t p = 0; p < on->negatives; p++) move = vf_fnma(f[p], vf_load(on->negative[p] + c * WIDTH), move);
        if (edge) {
            vf there = vf_load(on->tail + c * WIDTH), pull = vf_mul(pull_of, vf_sub(at, there));
            vf_store(on->tail + c * WIDTH, vf_sub(there, pull));
            move = vf_add(move, pull);
        }
        vf_store(on->mine + c * WIDTH, vf_add(at, move));
    }
}

/* The squared differences of two rows, added up to one register. */
INLINE vf squares_of(const float *mine, const float *row, size_t parts)
{
    vf total[ZSC_PARTS] = {{0}};
#pragma GCC unroll 8
    for (size_t c = 0; c < parts; c++) {
        vf delta = vf_sub(vf_load(mine + c * WIDTH), vf_load(row + c * WIDTH)), *to = &total[c % ZSC_PARTS];
        *to = c < ZSC_PARTS ? vf_mul(delta, delta) : vf_fma(delta, delta, *to);
    }
    return joined(total);
}

/* Updates without a common head or tail, which may therefore be computed side by side. */
typedef struct group {
    float *const *head, *const *tail;   /* coordinates; tail may be NULL */
    const float *const *negative;       /* the `negatives` of the first, then those of the next */
    const unsigned *own;                /* bits of negatives that are the head itself, of each update */
    size_t negatives, count, registers; /* registers: for a lane for each row */
} group;

INLINE group group_of(float *const *head, float *const *tail, const float *const *negative, size_t negatives,
                      const unsigned *own, size_t count)
{
    size_t rows = count == 1 ? ROWS_MOST : count * (negatives + (tail ? 1 : 0));
    return (group){head, tail, negative, own, negatives, count, (rows + LANES - 1) / LANES};
}

/* The squared distances of the rows that act on the heads, each in its lane. */
INLINE void distances_of(const group *on, size_t parts, vf *d2)
{
    const size_t first = on->tail ? 1 : 0, rows = on->negatives + first, used = on->count * rows;
    vf squares[REGISTERS_MOST * LANES];
#pragma GCC unroll 4
    for (size_t g = 0; g < on->count; g++) {
        if (on->tail) squares[g * rows] = squares_of(on->head[g], on->tail[g], parts);
#pragma GCC unroll 8
        for (size_t p = 0; p < on->negatives; p++)
            squares[g * rows + first + p] = squares_of(on->head[g], on->negative[g * on->negatives + p], parts);
    }
#pragma GCC unroll 8
    for (size_t q = used; q < on->registers * LANES; q++) squares[q] = vf_set(0);
#pragma GCC unroll 8
    for (size_t q = 0; q < on->registers; q++) d2[q] = sums_of_rows(squares + q * LANES, used - q * LANES);
}

/* The factors at these squared distances, each in its lane. Returns a bit for each that takes care. */
INLINE unsigned factors_of(const zsc_umap_sgd *v, const row_factors *k, const vf *d2, size_t count, float *factor)
{
    const float limit = LIMIT * LIMIT * v->alpha * v->alpha;
    vf safe[REGISTERS_MOST], power[REGISTERS_MOST];
    unsigned watch = 0;
    EACH(q) safe[q] = d2[q] + 1.17549435e-38f;
    power_of(safe, count, v->b, power);
    EACH(q)
    {
        vf f = vf_fma(k->slope[q], power[q], k->constant[q]) /
               ((d2[q] + k->near[q]) * vf_fma(vf_set(v->a), power[q], vf_set(1.0f)));
        vf_store(factor + q * LANES, f);
        /* No coordinate of a force is longer than the force. */
        watch |= (bits_above(f * f * d2[q], vf_set(limit)) | zsc_at_most(d2[q], k->none[q])) << q * LANES;
    }
    return watch;
}

/* All forces of an update are computed at the coordinates that the head has before it, except in step_in_turn. */
INLINE void move_group(const zsc_umap_sgd *v, const row_factors *k, const group *on, const float *factor,
                       unsigned watch, size_t parts)
{
    const size_t rows = on->negatives + (on->tail ? 1 : 0);
#pragma GCC unroll 4
    for (size_t g = 0; g < on->count; g++) {
        const interactions with = {
            on->head[g], on->tail ? on->tail[g] : NULL, on->negative + g * on->negatives, on->negatives, factor,
            g * rows};
        if (__builtin_expect((watch & k->of[g]) | on->own[g], 0))
            step_in_turn(v, with, on->own[g]);
        else
            step(&with, on->tail != NULL, parts);
    }
}

/* The numbers of four updates' heads, then of their tails. */
typedef int32_t ends __attribute__((vector_size(4 * 2 * GROUP)));

INLINE void ends_of(const int32_t *head, const int32_t *tail, ends *to)
{
    int32_t heads __attribute__((vector_size(16))), tails __attribute__((vector_size(16)));
    memcpy(&heads, head, sizeof heads);
    memcpy(&tails, tail, sizeof tails);
    *to = __builtin_shufflevector(heads, tails, 0, 1, 2, 3, 4, 5, 6,
                                  7); /* not through memory: a load of two stores waits */
}

INLINE int any_of(const ends *mask)
{
#if defined __AVX2__
    __m256i bits;
    memcpy(&bits, mask, sizeof bits);
    return !_mm256_testz_si256(bits, bits);
#else
    int64_t part[GROUP], any = 0;
    memcpy(part, mask, sizeof part);
    for (int g = 0; g < GROUP; g++) any |= part[g];
    return any != 0;
#endif
}

#define TURNED(x, by)                                                                                                  \
    __builtin_shufflevector(x, x, (by) % 8, ((by) + 1) % 8, ((by) + 2) % 8, ((by) + 3) % 8, ((by) + 4) % 8,            \
                            ((by) + 5) % 8, ((by) + 6) % 8, ((by) + 7) % 8)

/* Whether two of them are the same. */
INLINE int have_common_row(const ends *on)
{
    ends one = *on,
         equal = (one == TURNED(one, 1)) | (one == TURNED(one, 2)) | (one == TURNED(one, 3)) | (one == TURNED(one, 4));
    return any_of(&equal);
}

/* Whether one of them is among the other ones. */
INLINE int have_common_rows(const ends *on, const ends *other)
{
    ends one = *on, two = *other;
    ends equal = (one == two) | (one == TURNED(two, 1)) | (one == TURNED(two, 2)) | (one == TURNED(two, 3)) |
                 (one == TURNED(two, 4)) | (one == TURNED(two, 5)) | (one == TURNED(two, 6)) | (one == TURNED(two, 7));
    return any_of(&equal);
}

/* Bits of an update's negatives that are its head itself. */
static __attribute__((noinline)) unsigned own_negatives(const zsc_umap_sgd *v, int32_t head, const int32_t *negative,
                                                        size_t negatives)
{
    unsigned own = 0;
    for (size_t p = 0; p < negatives; p++) own |= (unsigned)(v->pool_row[negative[p]] == head) << p;
    return own;
}

/* One update alone, with the tail of its edge or (NULL) without. Not inlined: the unrolled code is long enough. */
static __attribute__((noinline)) void update_one(const zsc_umap_sgd *v, const row_factors *k, float *head, float *tail,
                                                 const float *const *negative, size_t negatives, unsigned own)
{
    const group on = group_of(&head, tail ? &tail : NULL, negative, negatives, &own, 1);
    float factor[REGISTERS_MOST * LANES] __attribute__((aligned(4 * LANES)));
    vf d2[REGISTERS_MOST];
    distances_of(&on, v->stride / WIDTH, d2);
    unsigned watch = factors_of(v, k, d2, on.registers, factor);
    move_group(v, k, &on, factor, watch, v->stride / WIDTH);
}

/* Not inlined a second time. */
static __attribute__((noinline)) void distances_anew(const group *on, size_t parts, vf *d2)
{
    distances_of(on, parts, d2);
}

INLINE void prefetch(float *const *row, size_t parts)
{
#pragma GCC unroll 4
    for (size_t g = 0; g < GROUP; g++)
#pragma GCC unroll 8
        for (size_t c = 0; c < parts * WIDTH; c += 16) __builtin_prefetch(row[g] + c, 1);
}

enum { BATCH = 128 }; /* updates whose rows are looked up together */

/* A batch of updates. Factors take long to compute, since each step waits for the one before: meanwhile come the
 * distances of the next group, unless it has a row that this one moves, and the rows of the one after it from the
 * second level of cache. */
INLINE void update_batch(const zsc_umap_sgd *v, const row_factors *k, const int32_t *head, const int32_t *tail,
                         size_t count, const int32_t *negative, size_t parts, size_t negatives)
{
    const float *pool[BATCH * ROWS_MOST];
    float *heads[BATCH + 2 * GROUP], *tails[BATCH + 2 * GROUP];
    float factor[REGISTERS_MOST * LANES] __attribute__((aligned(4 * LANES)));
    unsigned own[BATCH] = {0};
    rows_at(v->y, head, count, parts * WIDTH, heads);
    rows_at(v->y, tail, count, parts * WIDTH, tails);
    for (size_t g = count; g < count + 2 * GROUP; g++) heads[g] = tails[g] = heads[0]; /* to be prefetched in vain */
    rows_at(v->pool, negative, count * negatives, parts * WIDTH, pool);
    if (__builtin_expect(v->pool_row != NULL, 0))
        for (size_t e = 0; e < count; e++) own[e] = own_negatives(v, head[e], negative + e * negatives, negatives);
    size_t e = 0;
    int ready = 0; /* d2 has the distances of the group at e */
    vf d2[REGISTERS_MOST];
    for (; e + GROUP <= count; e += GROUP) {
        group on = group_of(heads + e, tails + e, pool + e * negatives, negatives, own + e, GROUP);
        ends mine, next;
        ends_of(head + e, tail + e, &mine);
        prefetch(heads + e + 2 * GROUP, parts);
        prefetch(tails + e + 2 * GROUP, parts);
        if (__builtin_expect(!ready, 0)) {
            if (have_common_row(&mine)) {
                for (size_t g = e; g < e + GROUP; g++)
                    update_one(v, k, heads[g], tails[g], pool + g * negatives, negatives, own[g]);
                continue;
            }
            distances_anew(&on, parts, d2);
        }
        unsigned watch = factors_of(v, k, d2, on.registers, factor);
        ready = 0;
        if (e + 2 * GROUP <= count) {
            ends_of(head + e + GROUP, tail + e + GROUP, &next);
            ready = !(have_common_row(&next) | have_common_rows(&mine, &next));
        }
        if (__builtin_expect(ready, 1)) {
            group then = group_of(heads + e + GROUP, tails + e + GROUP, pool + (e + GROUP) * negatives, negatives,
                                  own + e + GROUP, GROUP);
            distances_of(&then, parts, d2);
        }
        move_group(v, k, &on, factor, watch, parts);
    }
    for (; e < count; e++) update_one(v, k, heads[e], tails[e], pool + e * negatives, negatives, own[e]);
}

INLINE void update_all(const zsc_umap_sgd *v, const int32_t *head, const int32_t *tail, size_t count,
                       const int32_t *negative, size_t parts, size_t negatives)
{
    row_factors k;
    set_row_factors(v, negatives + 1, 1, &k);
    for (size_t e = 0; e < count; e += BATCH)
        update_batch(v, &k, head + e, tail + e, count - e < BATCH ? count - e : BATCH, negative + e * negatives, parts,
                     negatives);
}

/* Up to eight of an update's negatives, with its tail or without. */
static void update_some(const zsc_umap_sgd *v, const row_factors *k, int32_t head, float *tail, const int32_t *negative,
                        size_t negatives)
{
    const float *pool[ROWS_MOST];
    rows_at(v->pool, negative, negatives, v->stride, pool);
    update_one(v, k, v->y + (size_t)head * v->stride, tail, pool, negatives,
               v->pool_row ? own_negatives(v, head, negative, negatives) : 0);
}

static __attribute__((noinline)) void set_any_factors(const zsc_umap_sgd *v, size_t rows, int edge, row_factors *k)
{
    set_row_factors(v, rows, edge, k);
}

/* Any number of negatives: seven with the edge, then eight at a time. */
static void update_one_by_one(const zsc_umap_sgd *v, const int32_t *head, const int32_t *tail, size_t count,
                              const int32_t *negative)
{
    const size_t negatives = v->negatives, with_edge = negatives < ROWS_MOST - 1 ? negatives : ROWS_MOST - 1,
                 last = (negatives - with_edge) % ROWS_MOST, whole = negatives - last;
    row_factors with, without, of_last;
    set_any_factors(v, with_edge + 1, 1, &with);
    set_any_factors(v, ROWS_MOST, 0, &without);
    if (last) set_any_factors(v, last, 0, &of_last);
    for (size_t e = 0; e < count; e++, negative += negatives) {
        update_some(v, &with, head[e], v->y + (size_t)tail[e] * v->stride, negative, with_edge);
        for (size_t taken = with_edge; taken < whole; taken += ROWS_MOST)
            update_some(v, &without, head[e], NULL, negative + taken, ROWS_MOST);
        if (last) update_some(v, &of_last, head[e], NULL, negative + whole, last);
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
static size_t due(const uint32_t *rate, const uint32_t *edge, size_t count, uint32_t epoch, uint32_t *out)
{
    size_t found = 0, e = 0;
    const uint32_t fraction = 0x7fffffff;
#if defined __AVX512F__
    __m512i mask = _mm512_set1_epi32((int)fraction), t = _mm512_set1_epi32((int)epoch);
    for (; e + 16 <= count; e += 16) {
        __m512i r = _mm512_loadu_si512(rate + e),
                sum = _mm512_add_epi32(_mm512_mullo_epi32(r, t), _mm512_slli_epi32(r, 30));
        __mmask16 hit = _mm512_cmplt_epu32_mask(_mm512_and_si512(sum, mask), r);
        _mm512_storeu_si512(out + found, _mm512_maskz_compress_epi32(hit, _mm512_loadu_si512(edge + e)));
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
            out[found++] = edge[e + (size_t)__builtin_ctz(hit)];
    }
#elif defined ZSC_NEON_KERNELS
    const uint32x4_t mask = vdupq_n_u32(fraction), t = vdupq_n_u32(epoch);
    for (; e + 4 <= count; e += 4) {
        uint32x4_t r = vld1q_u32(rate + e), part = vandq_u32(vmlaq_u32(vshlq_n_u32(r, 30), r, t), mask);
        for (unsigned hit = zsc_bits_of((zsc_ints)vcltq_u32(part, r)); hit; hit &= hit - 1)
            out[found++] = edge[e + (size_t)__builtin_ctz(hit)];
    }
#endif
    for (; e < count; e++) {
        out[found] = edge[e];
        found += ((rate[e] * epoch + (rate[e] << 30)) & fraction) < rate[e];
    }
    return found;
}

static void choose(zsc_stream *stream, size_t count, unsigned mask, int32_t *out)
{
    const uint64_t masks = mask * UINT64_C(0x0101010101010101);
    size_t d = 0;
#if defined __AVX512F__
    typedef uint64_t words __attribute__((vector_size(64)));
    const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
    const words steps = {step, 2 * step, 3 * step, 4 * step, 5 * step, 6 * step, 7 * step, 8 * step};
    for (; d + 64 <= count; d += 64, stream->state += 8 * step) { /* zsc_stream_u64, eight numbers at once */
        words z = stream->state + steps;
        uint8_t drawn[64];
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        z = (z ^ (z >> 31)) & masks;
        memcpy(drawn, &z, sizeof drawn);
        for (size_t k = 0; k < 64; k += 16)
            _mm512_storeu_si512(out + d + k, _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(drawn + k))));
    }
#endif
    for (; d < count; d += 8) {
        uint64_t bits = zsc_stream_u64(stream) & masks;
        for (size_t k = 0; k < 8; k++) out[d + k] = (int32_t)(bits >> 8 * k & 255);
    }
}

const zsc_umap_sgd_kernels ZSC_SIMD(zsc_umap_sgd_kernels) = {
    .width = WIDTH, .update = update, .due = due, .choose = choose};
