/* Kernels over tiles; compiled per instruction set (base/isa.h). */
#include <math.h>
#include <string.h>

#include "base/fused.h"
#include "knn/kernels/kernels.h"

#define LOAD(v, p) memcpy(&(v), (p), sizeof(v))

#if defined __AVX512F__
enum { MR = 8, NV = 3 };
#elif defined __AVX2__
enum { MR = 4, NV = 3 };
#elif defined ZSC_NEON_KERNELS
enum { MR = 6, NV = 3 };
#else
enum { MR = 4, NV = 2 };
#endif
enum { W = ZSC_FLOATS, NR = W * NV };
typedef zsc_floats vf;
typedef zsc_ints vi;

_Static_assert(ZSC_TILE % NR == 0 && NR % MR == 0, "panels divide tiles");

/* --- Tiles. A panel holds NR rows, coordinate by coordinate: panel[p * NR + r]. The micro-kernel keeps MR x NR sums in
 * registers over the whole depth, then compares and emits; sums never go to memory. */
static void put(const float *row, size_t depth, size_t r, float *block)
{
    float *out = block + r / NR * NR * depth + r % NR;
    for (size_t p = 0; p < depth; p++) out[p * NR] = row[p];
}

static void take(const float *block, size_t depth, size_t r, float *row)
{
    const float *in = block + r / NR * NR * depth + r % NR;
    for (size_t p = 0; p < depth; p++) row[p] = in[p * NR];
}

/* Bits of the lanes where not sum < half_i + half_j - max(limit_i, limit_j); a NaN on either side sets the bit. */
static inline unsigned outstanding(const vf *sum, float half_i, float limit_i, const float *half_j,
                                   const float *limit_j)
{
#if defined __AVX512F__
    __m512 most = _mm512_max_ps(_mm512_loadu_ps(limit_j), _mm512_set1_ps(limit_i));
    __m512 bound = _mm512_sub_ps(_mm512_add_ps(_mm512_loadu_ps(half_j), _mm512_set1_ps(half_i)), most);
    return _mm512_cmp_ps_mask((__m512)*sum, bound, _CMP_NLT_UQ);
#elif defined __AVX2__
    __m256 most = _mm256_max_ps(_mm256_loadu_ps(limit_j), _mm256_set1_ps(limit_i));
    __m256 bound = _mm256_sub_ps(_mm256_add_ps(_mm256_loadu_ps(half_j), _mm256_set1_ps(half_i)), most);
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)*sum, bound, _CMP_NLT_UQ));
#else
    vf h, t, most = (vf){0} + limit_i;
    LOAD(h, half_j);
    LOAD(t, limit_j);
    vi more = t > most;
    most = (vf)(((vi)t & more) | ((vi)most & ~more));
    return zsc_bits_of(~(*sum < h + half_i - most));
#endif
}

static inline size_t emit(const vf *sum, const zsc_tile_side *a, const zsc_tile_side *b, size_t i, size_t j,
                          zsc_tile_pair *pairs, size_t count)
{
    unsigned bits = outstanding(sum, a->half[i], a->limit[i], b->half + j, b->limit + j);
    if (__builtin_expect(bits == 0, 1)) return count;
    float value[W];
    vf half;
    LOAD(half, b->half + j);
    half = (half + a->half[i]) - *sum;
    memcpy(value, &half, sizeof value);
    while (bits != 0) {
        size_t l = (size_t)__builtin_ctz(bits);
        bits &= bits - 1;
        pairs[count] = (zsc_tile_pair){(uint16_t)i, (uint16_t)(j + l), value[l]};
        count += i < a->rows && j + l < b->rows;
    }
    return count;
}

#define ZERO_SUMS(sum)                                                                                                 \
    _Pragma("GCC unroll 8") for (size_t r = 0; r < MR; r++) _Pragma("GCC unroll 3") for (size_t v = 0; v < NV; v++)    \
        sum[r][v] = (vf)                                                                                               \
    {                                                                                                                  \
        0                                                                                                              \
    }
#define ACCUMULATE(sum, pa, pb, depth, UPDATE)                                                                         \
    for (size_t p = 0; p < (depth); p++) {                                                                             \
        vf y[NV];                                                                                                      \
        _Pragma("GCC unroll 3") for (size_t v = 0; v < NV; v++) LOAD(y[v], (pb) + p * NR + v * W);                     \
        _Pragma("GCC unroll 8") for (size_t r = 0; r < MR; r++)                                                        \
        {                                                                                                              \
            vf x = zsc_every((pa)[p * NR + r]);                                                                        \
            _Pragma("GCC unroll 3") for (size_t v = 0; v < NV; v++) { UPDATE; }                                        \
        }                                                                                                              \
    }

/* Sums are what grows as rows come closer: the dot product, or minus the distance. */
#define DEFINE_TILE(name, UPDATE)                                                                                      \
    static size_t name(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, zsc_tile_pair *pairs)             \
    {                                                                                                                  \
        size_t count = 0;                                                                                              \
        for (size_t j = 0; j < b->rows; j += NR)                                                                       \
            for (size_t i = 0; i < a->rows; i += MR) {                                                                 \
                const float *pa = a->panels + i / NR * NR * depth + i % NR, *pb = b->panels + j * depth;               \
                vf sum[MR][NV];                                                                                        \
                ZERO_SUMS(sum);                                                                                        \
                ACCUMULATE(sum, pa, pb, depth, UPDATE)                                                                 \
                _Pragma("GCC unroll 8") for (size_t r = 0; r < MR; r++)                                                \
                    _Pragma("GCC unroll 3") for (size_t v = 0; v < NV; v++)                                            \
                        count = emit(&sum[r][v], a, b, i + r, j + v * W, pairs, count);                                \
            }                                                                                                          \
        return count;                                                                                                  \
    }

#define DIFFERENCE ((vf)((vi)(y[v] - x) & INT32_MAX))
DEFINE_TILE(tile_products, sum[r][v] = zsc_about(x, y[v], sum[r][v]))
DEFINE_TILE(tile_absolute, sum[r][v] -= DIFFERENCE)
DEFINE_TILE(tile_largest, vf t = -DIFFERENCE; vi less = t < sum[r][v];
            sum[r][v] = (vf)(((vi)t & less) | ((vi)sum[r][v] & ~less)))

/* Coordinates `from` .. `from` + `many` - 1 of all products of two blocks, added to what is in `out`; with the last of
 * them, out becomes half the squared distances. */
static void add_products(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, size_t from, size_t many,
                         float *out)
{
    for (size_t j = 0; j < b->rows; j += NR)
        for (size_t i = 0; i < a->rows; i += MR) {
            const float *pa = a->panels + i / NR * NR * depth + i % NR + from * NR,
                        *pb = b->panels + (j * depth + from * NR);
            float *to = out + i * ZSC_TILE + j;
            vf sum[MR][NV];
            ZERO_SUMS(sum);
            if (from > 0)
#pragma GCC unroll 8
                for (size_t r = 0; r < MR; r++)
#pragma GCC unroll 3
                    for (size_t v = 0; v < NV; v++) LOAD(sum[r][v], to + r * ZSC_TILE + v * W);
            ACCUMULATE(sum, pa, pb, many, sum[r][v] = zsc_about(x, y[v], sum[r][v]))
            if (from + many == depth) {
#pragma GCC unroll 3
                for (size_t v = 0; v < NV; v++) {
                    vf half;
                    LOAD(half, b->half + j + v * W);
#pragma GCC unroll 8
                    for (size_t r = 0; r < MR; r++) sum[r][v] = half + a->half[i + r] - sum[r][v];
                }
            }
#pragma GCC unroll 8
            for (size_t r = 0; r < MR; r++)
#pragma GCC unroll 3
                for (size_t v = 0; v < NV; v++) memcpy(to + r * ZSC_TILE + v * W, &sum[r][v], sizeof sum[r][v]);
        }
}

static void values(const zsc_tile_side *a, const zsc_tile_side *b, size_t depth, float *out)
{
    enum { DEEP = 128 }; /* panels of so many coordinates stay in the first level of cache */
    for (size_t from = 0; from < depth; from += DEEP)
        add_products(a, b, depth, from, depth - from < DEEP ? depth - from : DEEP, out);
}

/* Bits of the lanes where not sum > max(limit_i, limit_j); a NaN sets the bit. */
static inline unsigned within(vf sum, float limit_i, const float *limit_j)
{
#if defined __AVX512F__
    return _mm512_cmp_ps_mask((__m512)sum, _mm512_max_ps(_mm512_loadu_ps(limit_j), _mm512_set1_ps(limit_i)),
                              _CMP_NGT_UQ);
#elif defined __AVX2__
    __m256 most = _mm256_max_ps(_mm256_loadu_ps(limit_j), _mm256_set1_ps(limit_i));
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)sum, most, _CMP_NGT_UQ));
#else
    vf limit, most = (vf){0} + limit_i;
    LOAD(limit, limit_j);
    return zsc_bits_of(~((sum > limit) & (sum > most)));
#endif
}

static inline size_t pick_lanes(unsigned bits, const vf *sum, size_t i, size_t j, size_t rows, zsc_tile_pair *pairs,
                                size_t found)
{
    float value[W];
    memcpy(value, sum, sizeof value);
    for (; bits != 0; bits &= bits - 1) {
        size_t l = (size_t)__builtin_ctz(bits);
        pairs[found] = (zsc_tile_pair){(uint16_t)i, (uint16_t)(j + l), value[l]};
        found += j + l < rows;
    }
    return found;
}

static inline __attribute__((always_inline)) size_t pick_sums(const float *const *tiles, size_t count,
                                                              const zsc_tile_side *a, const zsc_tile_side *b,
                                                              zsc_tile_pair *pairs)
{
    size_t found = 0;
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < b->rows; j += NR) {
            vf sum[NV], more;
            unsigned bits[NV], any = 0;
#pragma GCC unroll 3
            for (size_t v = 0; v < NV; v++) LOAD(sum[v], tiles[0] + i * ZSC_TILE + j + v * W);
            for (size_t t = 1; t < count; t++) {
#pragma GCC unroll 3
                for (size_t v = 0; v < NV; v++) {
                    LOAD(more, tiles[t] + i * ZSC_TILE + j + v * W);
                    sum[v] += more;
                }
            }
#pragma GCC unroll 3
            for (size_t v = 0; v < NV; v++) any |= bits[v] = within(sum[v], a->limit[i], b->limit + j + v * W);
            if (__builtin_expect(any == 0, 1)) continue;
            for (size_t v = 0; v < NV; v++) found = pick_lanes(bits[v], &sum[v], i, j + v * W, b->rows, pairs, found);
        }
    return found;
}

static size_t pick(const float *const *tiles, size_t count, const zsc_tile_side *a, const zsc_tile_side *b,
                   zsc_tile_pair *pairs)
{
    return count == 2 ? pick_sums(tiles, 2, a, b, pairs) : pick_sums(tiles, count, a, b, pairs);
}

static inline size_t filter_lanes(unsigned bits, const vf *sum, size_t j, size_t columns, float *values, int32_t *index,
                                  size_t found, int32_t first)
{
    float value[W];
    memcpy(value, sum, sizeof value);
    for (; bits != 0; bits &= bits - 1) {
        size_t l = (size_t)__builtin_ctz(bits);
        values[found] = isnan(value[l]) ? -INFINITY : value[l];
        index[found] = first + (int32_t)(j + l);
        found += j + l < columns;
    }
    return found;
}

static size_t filter(const float *const *rows, size_t count, size_t columns, float limit, float *values, int32_t *index,
                     int32_t first)
{
    size_t found = 0;
    for (size_t j = 0; j < columns; j += W) {
        vf sum, more;
        LOAD(sum, rows[0] + j);
        for (size_t t = 1; t < count; t++) {
            LOAD(more, rows[t] + j);
            sum += more;
        }
        vi far = sum >= limit;
        unsigned bits = 0;
#if defined __AVX512F__
        bits = _mm512_cmp_ps_mask((__m512)sum, _mm512_set1_ps(limit), _CMP_NGE_UQ);
        (void)far;
#elif defined __AVX2__
        bits = (unsigned)_mm256_movemask_ps((__m256)~far);
#else
        bits = zsc_bits_of(~far);
#endif
        found = filter_lanes(bits, &sum, j, columns, values, index, found, first);
    }
    return found;
}

/* --- Lists without order. The threshold is found by halving the interval it lies in: lists fit registers, and counting
 * is quicker than moving. */
enum { LW = W < 8 ? W : 8 }; /* lists have some fifty entries */
typedef float lf __attribute__((vector_size(4 * LW)));
typedef int32_t li __attribute__((vector_size(4 * LW)));

static inline size_t count_within(const float *values, size_t count, float most)
{
    li sum = {0};
    int32_t lane[LW];
    size_t all = 0, c = 0;
    for (; c + LW <= count; c += LW) {
        lf v;
        LOAD(v, values + c);
        sum -= v <= most;
    }
    for (; c < count; c++) all += values[c] <= most;
    memcpy(lane, &sum, sizeof lane);
    for (size_t l = 0; l < LW; l++) all += (size_t)lane[l];
    return all;
}

/* Where values are equal, or all but, or beyond single precision: as many as are wanted stay, whichever they are. */
static size_t shrink_ties(float *values, int32_t *index, size_t count, size_t keep, float low, float high, float *limit)
{
    size_t kept = 0;
    float beyond = low;                             /* what goes is not below */
    if (count_within(values, count, high) < keep) { /* fewer are finite */
        low = high;
        beyond = high = INFINITY;
    } else if (count_within(values, count, low) >= keep) { /* the least of them is enough */
        beyond = high = count_within(values, count, -INFINITY) >= keep ? -INFINITY : low;
        low = -INFINITY;
    }
    if (beyond < *limit) *limit = beyond;
    size_t spare = keep - (low < high ? count_within(values, count, low) : 0);
    for (size_t c = 0; c < count; c++) {
        bool sure = low < high && values[c] <= low, in = sure || (values[c] <= high && spare > 0);
        spare -= in && !sure;
        values[kept] = values[c];
        index[kept] = index[c];
        kept += in;
    }
    return kept;
}

static void finite_range(const float *values, size_t count, float *low, float *high)
{
    lf least = (lf){0} + INFINITY, most = -least, none = most;
    size_t c = 0;
    for (; c + LW <= count; c += LW) {
        lf v;
        LOAD(v, values + c);
        li less = (v < least) & (v > none), more = (v > most) & (v < -none);
        least = (lf)(((li)v & less) | ((li)least & ~less));
        most = (lf)(((li)v & more) | ((li)most & ~more));
    }
    *low = least[0];
    *high = most[0];
    for (size_t l = 1; l < LW; l++) {
        *low = least[l] < *low ? least[l] : *low;
        *high = most[l] > *high ? most[l] : *high;
    }
    for (; c < count; c++) {
        *low = values[c] < *low && values[c] > -INFINITY ? values[c] : *low;
        *high = values[c] > *high && values[c] < INFINITY ? values[c] : *high;
    }
}

static size_t shrink(float *values, int32_t *index, size_t count, size_t keep, float *limit)
{
    enum { STEPS = 20 };
    float low, high;
    finite_range(values, count, &low, &high);
    size_t within = count_within(values, count, high), kept = 0;
    for (size_t step = 0; step < STEPS && within > keep + ZSC_TOP_K_SLACK && low < high; step++) {
        float middle = low + (high - low) / 2;
        size_t here = count_within(values, count, middle);
        low = here < keep ? middle : low;
        high = here < keep ? high : middle;
        within = here < keep ? within : here;
    }
    if (within > keep + ZSC_TOP_K_SLACK || within < keep)
        return shrink_ties(values, index, count, keep, low, high, limit);
    for (size_t c = 0; c < count; c++) {
        float value = values[c];
        values[kept] = value;
        index[kept] = index[c];
        kept += value <= high;
    }
    if (high < *limit) *limit = high;
    return kept;
}

const zsc_tile_kernels ZSC_SIMD(zsc_tile_kernels_of) = {.lanes = W,
                                                        .panel = NR,
                                                        .put = put,
                                                        .take = take,
                                                        .tile = {tile_products, tile_absolute, tile_largest},
                                                        .values = values,
                                                        .pick = pick,
                                                        .filter = filter,
                                                        .shrink = shrink};
