/* Pairs of a unit's tiles wait in batches, one per tile. They are refined together, by quantised vectors, then by true
 * ones: feature block by feature block, so that a block's vectors of all these rows stay in the outer cache; tile by
 * tile, so that what two concatenations ask of one pair is computed once; and there some 32 rows of the second block at
 * a time, whose vectors stay in the inner cache. */
#include "knn/exact/refine.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum {
    PICKED = 1 << 14,     /* pairs of a tile that are put together before they are sorted by concatenation */
    MOST_PAIRS = 1 << 20, /* that are refined together: those of a unit's tiles, if they fit */
    PAIRS = 1 << 14,      /* the same per concatenation, for few of them */
    BATCHES = 2 * ZSC_PAIRS_GROUP * ZSC_PAIRS_GROUP,
    WORDS = (ZSC_TILE + 31) / 32 /* of 32 bits: a bit per row of a block */
};

struct zsc_exact_picked { /* i and j count within the two blocks */
    uint16_t i, j;
    int32_t concatenation;
    float value;
};

struct zsc_exact_batch { /* pairs of tile (i, j) */
    size_t i, j;
    size_t *first; /* of each concatenation's in `pair`; concatenations + 2 */
};

/* --- Shares of feature blocks in the squared distances of pairs */
/* False if no pair has that feature block. */
static bool ask(const zsc_exact_refiner *w, const zsc_exact_batch *t, size_t feature)
{
    const zsc_joint_index *j = w->joint;
    bool any = false;
    for (size_t u = j->first_user[feature]; u < j->first_user[feature + 1]; u++) {
        const zsc_exact_pair *pair = w->pair + t->first[j->user[u]], *end = w->pair + t->first[j->user[u] + 1];
        any = any || pair < end;
        for (; pair < end; pair++) {
            w->asked[pair->i * WORDS + pair->j / 32] |= 1U << pair->j % 32;
            w->asking[pair->i] = true;
        }
    }
    return any;
}

static void prefetch(const int8_t *vector, size_t bytes)
{
    for (size_t b = 0; b < bytes; b += 64) __builtin_prefetch(vector + b);
}

/* Squared lengths between the row at position AT and COUNT others. */
static void quantised_run(const zsc_quantised *q, size_t at, const zsc_quantised *others, const size_t *other,
                          size_t count, double *out)
{
    for (size_t o = 0; o < count; o += ZSC_QUANTISED_AT_ONCE) {
        size_t many = count - o < ZSC_QUANTISED_AT_ONCE ? count - o : ZSC_QUANTISED_AT_ONCE;
        for (size_t next = o + ZSC_QUANTISED_AT_ONCE; next < count && next < o + 2 * ZSC_QUANTISED_AT_ONCE; next++)
            prefetch(others->vectors + other[next] * others->stride, others->stride);
        zsc_quantised_squares(q, at, others, other + o, many, out + o);
    }
}

static double measure(const zsc_knn_rows *rows, size_t i, const zsc_knn_rows *others, size_t j,
                      const zsc_row_kernels *kernels)
{
    return rows == others ? zsc_knn_rows_measure(rows, kernels, i, j)
                          : zsc_knn_rows_measure_between(rows, i, others, j, kernels);
}

static void exact_run(const zsc_exact_refiner *w, size_t feature, size_t at, const size_t *other, size_t count,
                      double *out)
{
    const zsc_joint_index *keys = zsc_joint_index_keys(w->joint);
    const int32_t *order = keys->index[0].order;
    const zsc_knn_rows *rows = &w->joint->rows[feature], *others = &keys->rows[feature];
    const zsc_row_kernels *kernels = w->joint->index[0].vectors.kernels;
    size_t i = (size_t)w->joint->index[0].order[at];
    for (size_t o = 0; o < count; o += 2) {
        for (size_t next = o + 2; next < count && next < o + 4; next++)
            zsc_knn_rows_prefetch(others, (size_t)order[other[next]]);
        size_t j = (size_t)order[other[o]], l = (size_t)order[other[o + 1 < count ? o + 1 : o]];
        if (o + 1 < count && rows->metric == ZSC_EUCLIDEAN) {
            kernels->squares_two(zsc_knn_rows_at(rows, i), zsc_knn_rows_at(others, j), zsc_knn_rows_at(others, l),
                                 rows->d, out + o);
            continue;
        }
        out[o] = measure(rows, i, others, j, kernels);
        if (o + 1 < count) out[o + 1] = measure(rows, i, others, l, kernels);
    }
}

/* Answers what was asked of row i of one block and the rows of words FROM .. TO of the other. */
static void answer(const zsc_exact_refiner *w, const zsc_exact_batch *t, size_t feature, bool quantised, size_t i,
                   size_t from, size_t to)
{
    size_t other[WORDS * 32], count = 0;
    double squares[WORDS * 32], *memo = w->memo + i * ZSC_TILE;
    uint32_t *asked = w->asked + i * WORDS;
    for (size_t word = from; word < to; word++) {
        for (uint32_t bits = asked[word]; bits; bits &= bits - 1)
            other[count++] = t->j * ZSC_TILE + 32 * word + (size_t)__builtin_ctz(bits);
        asked[word] = 0;
    }
    if (count == 0) return;
    if (quantised)
        quantised_run(&w->joint->index[feature].quantised, t->i * ZSC_TILE + i,
                      &zsc_joint_index_keys(w->joint)->index[feature].quantised, other, count, squares);
    else
        exact_run(w, feature, t->i * ZSC_TILE + i, other, count, squares);
    if (!quantised) zsc_exact_lists_count(w->lists, count);
    for (size_t c = 0; c < count; c++) memo[other[c] - t->j * ZSC_TILE] = squares[c];
}

/* How many words' rows have vectors that stay in the inner cache. */
static size_t words_at_once(const zsc_joint_index *j, size_t feature, bool quantised)
{
    enum { CACHE = 256 * 1024 };
    size_t bytes = quantised ? j->index[feature].quantised.stride : j->rows[feature].d * sizeof(float) + 1;
    size_t words = CACHE / (32 * bytes);
    return words < 1 ? 1 : words > WORDS ? WORDS : words;
}

/* Adds a feature block's share to all pairs of concatenations that have it. */
static void add_share(const zsc_exact_refiner *w, const zsc_exact_batch *t, size_t feature, bool quantised)
{
    const zsc_joint_index *j = w->joint;
    size_t words = words_at_once(j, feature, quantised);
    if (!ask(w, t, feature)) return;
    for (size_t from = 0; from < WORDS; from += words)
        for (size_t i = 0; i < ZSC_TILE; i++)
            if (w->asking[i]) answer(w, t, feature, quantised, i, from, from + words < WORDS ? from + words : WORDS);
    memset(w->asking, 0, ZSC_TILE * sizeof *w->asking);
    for (size_t u = j->first_user[feature]; u < j->first_user[feature + 1]; u++) {
        zsc_exact_pair *pair = w->pair + t->first[j->user[u]], *end = w->pair + t->first[j->user[u] + 1];
        for (; pair < end; pair++) pair->squares += w->memo[pair->i * ZSC_TILE + pair->j];
    }
}

/* --- Batches */
/* Keeps the pairs that may be near enough by what quantised vectors say; returns the end of what is kept. */
static size_t drop_far(zsc_exact_refiner *w, zsc_exact_batch *t, size_t kept)
{
    const zsc_joint_index *keys = zsc_joint_index_keys(w->joint);
    zsc_exact_lists_limits(w->lists, t->i, w->limit[0]);
    if (zsc_exact_lists_own(w->lists)) zsc_exact_lists_limits(w->lists, t->j, w->limit[1]);
    for (size_t c = 0, from = t->first[0]; c < w->lists->count; c++) {
        const float *error = w->joint->concatenation[c].error, *others = keys->concatenation[c].error;
        size_t to = t->first[c + 1];
        t->first[c] = kept;
        for (size_t p = from; p < to; p++) {
            zsc_exact_pair pair = w->pair[p];
            float both = error[t->i * ZSC_TILE + pair.i] + others[t->j * ZSC_TILE + pair.j];
            float low = zsc_block_half_low(pair.value, sqrtf((float)pair.squares), both);
            if (low > w->limit[0][c * ZSC_TILE + pair.i] && low > w->limit[1][c * ZSC_TILE + pair.j])
                continue; /* not so where anything is NaN */
            pair.squares = 0;
            w->pair[kept++] = pair;
        }
        from = to;
    }
    return t->first[w->lists->count] = kept;
}

static void merge(zsc_exact_refiner *w, const zsc_exact_batch *t)
{
    for (size_t c = 0; c < w->lists->count; c++) {
        zsc_exact_pair *pair = w->pair + t->first[c];
        size_t count = t->first[c + 1] - t->first[c];
        for (size_t p = 0; p < count; p++) pair[p].value = zsc_knn_rows_rounded(&w->joint->rows[0], pair[p].squares);
        if (count == 0) continue;
        zsc_exact_lists_merge(w->lists, c, 0, t->i, t->j, pair, count);
        if (zsc_exact_lists_own(w->lists)) zsc_exact_lists_merge(w->lists, c, 1, t->j, t->i, pair, count);
    }
}

void zsc_exact_refiner_flush(zsc_exact_refiner *w)
{
    const zsc_joint_index *j = w->joint;
    size_t kept = 0;
    for (size_t f = 0; f < j->features && j->projected; f++)
        for (size_t b = 0; b < w->batches && j->index[f].quantised.vectors; b++) add_share(w, &w->batch[b], f, true);
    for (size_t b = 0; b < w->batches && j->projected; b++) kept = drop_far(w, &w->batch[b], kept);
    for (size_t f = 0; f < j->features; f++)
        for (size_t b = 0; b < w->batches; b++) add_share(w, &w->batch[b], f, false);
    for (size_t b = 0; b < w->batches; b++) merge(w, &w->batch[b]);
    w->batches = 0;
}

void zsc_exact_refiner_end_tile(zsc_exact_refiner *w, size_t i, size_t j)
{
    size_t count = w->lists->count, used = w->batches > 0 ? w->batch[w->batches - 1].first[count] : 0;
    if (w->picked_count == 0) return;
    if (w->batches == BATCHES || used + w->picked_count > w->capacity) {
        zsc_exact_refiner_flush(w);
        used = 0;
    }
    zsc_exact_batch *t = &w->batch[w->batches++];
    *t = (zsc_exact_batch){i, j, t->first};
    memset(t->first, 0, (count + 2) * sizeof *t->first);
    t->first[1] = used;
    for (size_t p = 0; p < w->picked_count; p++) t->first[w->picked[p].concatenation + 2]++;
    for (size_t c = 0; c < count; c++) t->first[c + 2] += t->first[c + 1];
    for (size_t p = 0; p < w->picked_count; p++) {
        const zsc_exact_picked *from = &w->picked[p];
        w->pair[t->first[from->concatenation + 1]++] = (zsc_exact_pair){from->i, from->j, from->value, 0};
    }
    t->first[0] = used;
    w->picked_count = 0;
}

void zsc_exact_refiner_add(zsc_exact_refiner *w, size_t c, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count)
{
    for (size_t p = 0; p < count; p++) {
        if (w->picked_count == PICKED) zsc_exact_refiner_end_tile(w, i, j);
        w->picked[w->picked_count++] = (zsc_exact_picked){pairs[p].i, pairs[p].j, (int32_t)c, pairs[p].value};
    }
}

/* --- Memory */
static size_t pair_capacity(size_t count) { return count < MOST_PAIRS / PAIRS ? (count + 1) * PAIRS : MOST_PAIRS; }

zsc_status zsc_exact_refiner_make(const zsc_joint_index *joint, zsc_exact_lists *lists, zsc_exact_refiner *out)
{
    zsc_status status = ZSC_OK;
    zsc_exact_refiner w = {.joint = joint, .lists = lists, .capacity = pair_capacity(lists->count)};
    ZSC_NEW_RAW(w.picked, PICKED);
    ZSC_NEW_RAW(w.pair, w.capacity);
    ZSC_NEW(w.batch, BATCHES);
    ZSC_NEW_RAW(w.first, BATCHES * (lists->count + 2));
    for (size_t b = 0; b < BATCHES; b++) w.batch[b].first = w.first + b * (lists->count + 2);
    for (int side = 0; side < 2; side++) ZSC_NEW_RAW(w.limit[side], lists->count * ZSC_TILE);
    for (size_t r = 0; r < lists->count * ZSC_TILE; r++) w.limit[1][r] = -INFINITY; /* keys look for nothing */
    ZSC_NEW(w.asked, ZSC_TILE * WORDS);
    ZSC_NEW(w.asking, ZSC_TILE);
    ZSC_NEW_RAW(w.memo, ZSC_TILE * ZSC_TILE);
    *out = w;
    w = (zsc_exact_refiner){0};
done:
    zsc_exact_refiner_free(&w);
    return status;
}

void zsc_exact_refiner_free(zsc_exact_refiner *w)
{
    free(w->picked);
    free(w->pair);
    free(w->batch);
    free(w->first);
    free(w->limit[0]);
    free(w->limit[1]);
    free(w->asked);
    free(w->asking);
    free(w->memo);
    *w = (zsc_exact_refiner){0};
}

size_t zsc_exact_refiner_memory(size_t count)
{
    return PICKED * sizeof(zsc_exact_picked) + pair_capacity(count) * sizeof(zsc_exact_pair) +
           BATCHES * (sizeof(zsc_exact_batch) + (count + 2) * sizeof(size_t)) + count * ZSC_TILE * 8 +
           ZSC_TILE * (WORDS * 4 + 1) + ZSC_TILE * ZSC_TILE * 8;
}
