/* Approximate nearest neighbours: near blocks first, then neighbours of neighbours.
 *
 *   1. Blocked index: rows projected, in an order in which near rows stand together (knn/blocks/block_index.c).
 *   2. Each row with the rows of the 64 blocks of 240 whose centroids are nearest to it (knn/blocks/ivf_probe.c), or,
 *      where nothing is projected, a pass over the tiles of near blocks alone: 24 groups of 960 rows around each. By
 *      matrix products this costs little, and finds most neighbours. They are measured exactly.
 *   3. NN-descent (Dong, Charikar and Li, WWW 2011): a neighbour of a neighbour is likely to be a neighbour. Each round
 *      compares every row with the lists of the rows in its own list and of its reverse neighbours, the rows that list
 *      it, in pairs of which at least one part is new since the round before. Quantised vectors rule out what cannot be
 *      near enough; the rest is measured in double. Rounds end when they improve less than one entry in ENOUGH, or
 *      after ROUNDS.
 *
 * Rows go by their position in the blocked index, and lists lie in that order: what a row and its neighbours are
 * compared with then lies together, where in the order of the file each list would be a wait for memory.
 *
 * A round reads the lists of the round before and writes new ones, so that the result does not depend on the threads;
 * these lists and their flags are all that a search which was stopped needs to resume, beside the index, which is made
 * again (search_state.h).
 * All distances are exact; what is approximate is that a neighbour may be missing. */
#include "knn/nn_descent.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/blocks/ivf_probe.h"
#include "knn/exact/exact.h"
#include "knn/exact/lists.h"
#include "knn/top_k.h"

enum {
    LEAST = 48, /* coordinates of projections: fewer do not order near rows */
    ROUNDS = 6,
    ENOUGH = 400,
    SAMPLE = 15,  /* entries of a list that a round follows */
    REVERSE = 10, /* reverse neighbours that it follows */
    SEEN = 8192
};

/* How far the search is when rows are indexed, have been compared with near blocks, and have lists to begin with; of
 * what is left, each round takes half. Measured. */
static const double INDEXED = 0.1, PROBED = 0.5, BEGUN = 0.55;

static double share_before(size_t round) { return 1 - ldexp(1 - BEGUN, -(int)round); }

typedef struct nn_descent {
    const zsc_block_index *index_of;
    const zsc_knn_rows *rows;
    size_t n, k, sample;
    int32_t *index[2]; /* lists of positions by position, ascending: old and new */
    float *distance[2];
    uint8_t *new[2];      /* flags: entries that came in the last round */
    uint8_t *changed;     /* rows with an entry in their sample that came in the last round */
    int32_t *reverse;     /* n x REVERSE: rows that list this one, -1 where there are fewer */
    uint8_t *reverse_new; /* flags: whether that entry came in the last round */
    size_t round, improved;
} nn_descent;

/* A set of rows, emptied by counting up. */
typedef struct seen {
    uint64_t *slot; /* SEEN: generation << 32 | row */
    uint64_t generation;
    size_t count;
} seen;

static void seen_clear(seen *s)
{
    s->generation++;
    s->count = 0;
}

/* True if ROW was not in the set yet; it is now. A full set takes everything for seen: that bounds the work of a row.
 */
static bool seen_first(seen *s, int32_t row)
{
    uint64_t item = s->generation << 32 | (uint32_t)row;
    size_t at = (size_t)((uint32_t)row * UINT32_C(2654435761) >> 19) % SEEN;
    for (; s->slot[at] >> 32 == s->generation; at = (at + 1) % SEEN)
        if (s->slot[at] == item) return false;
    if (s->count >= SEEN / 2) return false;
    s->slot[at] = item;
    s->count++;
    return true;
}

/* Offers the row at `other` to the heap of that at i, unless quantised vectors tell that it is too far. */
static bool compare(const nn_descent *d, size_t i, int32_t other, float *distance, int32_t *index, size_t *size)
{
    const zsc_block_index *f = d->index_of;
    if (f->quantised.vectors && *size == d->k) {
        float most = zsc_centred_rows_length(&f->vectors, distance[0]) + f->quantised.error[i] +
                     f->quantised.error[other];
        if (zsc_quantised_length(&f->quantised, i, (size_t)other) * (1 - 0x1p-20f) > most) return false;
    }
    float exact = zsc_knn_rows_distance(d->rows, f->vectors.kernels, (size_t)f->order[i], (size_t)f->order[other]);
    if (*size == d->k && !zsc_top_k_later(distance[0], index[0], exact, other)) return false;
    zsc_top_k_offer(distance, index, size, d->k, exact, other);
    return true;
}

/* Whether any pair that row i would look at has a part that is new since the last round. */
static bool has_new(const nn_descent *d, size_t i)
{
    const int32_t *old = d->index[0] + i * d->k, *reverse = d->reverse + i * REVERSE;
    bool any = d->changed[i];
    for (size_t c = 1; c < d->sample && !any; c++) any = d->changed[old[c]];
    for (size_t b = 0; b < REVERSE && !any; b++)
        any = reverse[b] >= 0 && (d->reverse_new[i * REVERSE + b] || d->changed[reverse[b]]);
    return any;
}

/* The list of the row at `via`, which came into or lists that of i. Pairs of two old parts were looked at before. */
static size_t compare_list(const nn_descent *d, size_t i, int32_t via, bool fresh, seen *set, float *distance,
                           int32_t *index, size_t *size)
{
    size_t found = 0;
    const int32_t *list = d->index[0] + (size_t)via * d->k;
    const uint8_t *flags = d->new[0] + (size_t)via * d->k;
    if (!fresh && !d->changed[via]) return 0;
    for (size_t b = 0; b < d->sample; b++)
        if ((fresh || flags[b]) && seen_first(set, list[b])) found += compare(d, i, list[b], distance, index, size);
    return found;
}

/* One row's round: from the old lists to its new one. Returns how many entries are new. */
static size_t improve(const nn_descent *d, size_t i, seen *set)
{
    size_t k = d->k, size = 0, found = 0;
    const int32_t *old = d->index[0] + i * k, *reverse = d->reverse + i * REVERSE;
    int32_t *index = d->index[1] + i * k;
    float *distance = d->distance[1] + i * k;
    uint8_t *fresh = d->new[1] + i *k;
    if (!has_new(d, i)) {
        memset(fresh, 0, k);
        memcpy(index, old, k * sizeof *index);
        memcpy(distance, d->distance[0] + i * k, k * sizeof *distance);
        return 0;
    }
    seen_clear(set);
    for (size_t c = 0; c < k; c++) {
        seen_first(set, old[c]);
        zsc_top_k_offer(distance, index, &size, k, d->distance[0][i * k + c], old[c]);
    }
    for (size_t c = 1; c < d->sample; c++)
        found += compare_list(d, i, old[c], d->new[0][i * k + c], set, distance, index, &size);
    for (size_t b = 0; b < REVERSE; b++) {
        if (reverse[b] < 0 || (size_t)reverse[b] == i) continue;
        if (seen_first(set, reverse[b])) found += compare(d, i, reverse[b], distance, index, &size);
        found += compare_list(d, i, reverse[b], d->reverse_new[i * REVERSE + b], set, distance, index, &size);
    }
    zsc_top_k_sort(distance, index, k);
    for (size_t c = 0, o = 0; c < k; c++) { /* both ascend: what is not in the old list is fresh */
        while (o < k && zsc_top_k_later(distance[c], index[c], d->distance[0][i * k + o], old[o])) o++;
        fresh[c] = o == k || old[o] != index[c];
    }
    return found;
}

/* Which rows list each row, nearest listings first. In the first round, rows drawn at random follow where there are
 * fewer than REVERSE, and always one: links from one part of the data to another, which near blocks alone do not give.
 */
static void list_reverse(nn_descent *d, uint8_t *filled, bool first, uint64_t seed)
{
    memset(filled, 0, d->n);
    memset(d->reverse, -1, d->n * REVERSE * sizeof *d->reverse);
    for (size_t c = 1; c < d->sample; c++)
        for (size_t i = 0; i < d->n; i++) {
            size_t to = (size_t)d->index[0][i * d->k + c];
            if (filled[to] == REVERSE) continue;
            d->reverse_new[to * REVERSE + filled[to]] = d->new[0][i * d->k + c];
            d->reverse[to * REVERSE + filled[to]++] = (int32_t)i;
        }
    for (size_t i = 0; i < d->n; i++) d->changed[i] = memchr(d->new[0] + i * d->k, 1, d->sample) != NULL;
    for (size_t i = 0; first && i < d->n; i++) {
        zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_KNN, i);
        for (size_t b = filled[i] < REVERSE ? filled[i] : REVERSE - 1; b < REVERSE; b++) {
            d->reverse[i * REVERSE + b] = (int32_t)zsc_stream_below(&stream, d->n);
            d->reverse_new[i * REVERSE + b] = 1;
        }
    }
}

/* From the old lists to the new ones. */
static void round_of(nn_descent *d, seen *sets, int threads, zsc_polls *polls)
{
    size_t improved = 0;
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads) reduction(+ : improved)
    for (size_t i = 0; i < d->n; i++)
        if (zsc_poll(polls, (double)i / (double)d->n)) improved += improve(d, i, &sets[zsc_thread_number()]);
    d->improved = improved;
}

/* The new lists become the old ones. */
static void swap_lists(nn_descent *d)
{
    int32_t *index = d->index[0];
    float *distance = d->distance[0];
    uint8_t *new = d->new[0];
    d->index[0] = d->index[1];
    d->distance[0] = d->distance[1];
    d->new[0] = d->new[1];
    d->index[1] = index;
    d->distance[1] = distance;
    d->new[1] = new;
}

/* A list of ascending distances in its new numbers: those of one distance ascend by number. */
static void order_ties(int32_t *index, const float *distance, size_t k)
{
    for (size_t c = 1; c < k; c++)
        for (size_t e = c; e > 0 && distance[e] == distance[e - 1] && index[e] < index[e - 1]; e--) {
            int32_t swap = index[e];
            index[e] = index[e - 1];
            index[e - 1] = swap;
        }
}

/* Lists by row to lists by position, or the other way: list i of the new is list from[i] of the old, whose members get
 * the numbers to[...]. */
static void renumber(const nn_descent *d, const int32_t *from, const int32_t *to, const int32_t *index,
                     const float *distance, int32_t *new_index, float *new_distance)
{
    for (size_t i = 0; i < d->n; i++) {
        size_t old = (size_t)from[i] * d->k, new = i * d->k;
        for (size_t c = 0; c < d->k; c++) new_index[new + c] = to[index[old + c]];
        memcpy(new_distance + new, distance + old, d->k * sizeof *distance);
        order_ties(new_index + new, new_distance + new, d->k);
    }
}

static zsc_status make_nn_descent(nn_descent *d)
{
    zsc_status status = ZSC_OK;
    size_t n = d->n, k = d->k;
    ZSC_NEW_RAW(d->reverse, n * REVERSE);
    ZSC_NEW(d->reverse_new, n * REVERSE);
    ZSC_NEW(d->changed, n);
    for (int s = 0; s < 2; s++) {
        ZSC_NEW_RAW(d->index[s], n * k);
        ZSC_NEW_RAW(d->distance[s], n * k);
        ZSC_NEW(d->new[s], n * k);
    }
done:
    return status;
}

static void free_nn_descent(nn_descent *d)
{
    free(d->reverse);
    free(d->reverse_new);
    free(d->changed);
    for (int s = 0; s < 2; s++) {
        free(d->index[s]);
        free(d->distance[s]);
        free(d->new[s]);
        d->index[s] = NULL;
        d->distance[s] = NULL;
        d->new[s] = NULL;
    }
    d->reverse = NULL;
    d->reverse_new = d->changed = NULL;
}

/* --- A search that was stopped */
static zsc_knn_state state_of(const nn_descent *d)
{
    return (zsc_knn_state){.n = d->n,
                           .k = d->k,
                           .round = d->round,
                           .improved = d->improved,
                           .index = d->index[0],
                           .distance = d->distance[0],
                           .new = d->new[0]};
}

static zsc_status find_lists(nn_descent *d, const zsc_knn_keeper *keeper, bool *found)
{
    zsc_knn_state state = state_of(d);
    *found = false;
    zsc_status status = keeper->find(keeper->owner, &state, found);
    if (status != ZSC_OK || !*found) return status;
    bool good = true;
    for (size_t e = 0; e < d->n * d->k && good; e++) good = d->index[0][e] >= 0 && (size_t)d->index[0][e] < d->n;
    d->round = state.round;
    d->improved = state.improved;
    return good ? ZSC_OK : zsc_fail(ZSC_EINPUT, "the neighbours to resume with are not those of these %zu rows", d->n);
}

/* The lists before a round, where they are due or the search stops there. */
static zsc_status keep_lists(const nn_descent *d, const zsc_knn_keeper *keeper, bool stop)
{
    if (!keeper || !(stop || keeper->due(keeper->owner))) return ZSC_OK;
    const zsc_knn_state state = state_of(d);
    return keeper->keep(keeper->owner, &state);
}

/* --- All rounds */
static zsc_status run_rounds(nn_descent *d, uint64_t seed, const zsc_knn_keeper *keeper, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    seen *sets = NULL;
    uint8_t *filled = NULL;
    ZSC_NEW(sets, (size_t)threads);
    for (int t = 0; t < threads; t++) ZSC_NEW(sets[t].slot, SEEN);
    ZSC_NEW(filled, d->n);
    for (; d->round < ROUNDS && d->improved > d->n * d->k / ENOUGH; d->round++) {
        const double begin = share_before(d->round);
        const size_t improved = d->improved;
        zsc_polls polls = {.exec = exec, .stage = "knn", .begin = begin, .end = share_before(d->round + 1)};
        bool stop = !zsc_progress(exec, "knn", begin, 1);
        ZSC_TRY(keep_lists(d, keeper, stop));
        if (stop) ZSC_TRY(zsc_fail(ZSC_EINTERRUPTED, "interrupted"));
        list_reverse(d, filled, d->round == 0, seed);
        round_of(d, sets, threads, &polls);
        if (zsc_polled(&polls) != ZSC_OK) {
            d->improved = improved;
            ZSC_TRY(keep_lists(d, keeper, true));
            ZSC_TRY(zsc_polled(&polls));
        }
        swap_lists(d);
    }
done:
    for (int t = 0; sets && t < threads; t++) free(sets[t].slot);
    free(sets);
    free(filled);
    return status;
}

/* --- Memory */
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

size_t zsc_nn_descent_shape_memory(const zsc_block_shape *s, size_t k, int threads)
{
    size_t n = s->n, blocks = (n + ZSC_TILE - 1) / ZSC_TILE, results = n * k * 8;
    bool projected = zsc_block_shape_projected(s);
    size_t passing = projected ? zsc_ivf_probe_memory(blocks, s->depth, ZSC_NN_DESCENT_PROBES, threads)
                               : zsc_pairs_memory(s, 0, threads);
    size_t pairing = zsc_exact_lists_memory(n, 1, k + k / 2) + larger(passing, results);
    size_t descending = results + n * (2 * k * 9 + REVERSE * 5 + 6) + (size_t)threads * SEEN * 8;
    return larger(zsc_block_shape_making(s, threads), zsc_block_shape_kept(s) + larger(pairing, descending));
}

size_t zsc_nn_descent_memory(size_t n, size_t d, size_t k, int threads)
{
    const zsc_block_shape deepest = zsc_block_shape_of(n, d, true), flat = zsc_block_shape_of(n, d, false);
    return larger(larger(zsc_block_index_memory(n, d, threads), zsc_nn_descent_shape_memory(&deepest, k, threads)),
                  zsc_nn_descent_shape_memory(&flat, k, threads));
}

typedef struct gate {
    size_t k;
    const zsc_exec *exec;
} gate;

static zsc_status pass_gate(const void *data, const zsc_block_shape *shape)
{
    const gate *g = data;
    return zsc_memory_check(g->exec, zsc_nn_descent_shape_memory(shape, g->k, zsc_threads(g->exec)),
                            "the search for neighbours");
}

/* --- The lists to begin with */
typedef struct beginning {
    const zsc_knn_rows *rows;
    zsc_block_index index;
    zsc_exact_lists lists;
    bool both; /* a pair counts for both of its rows, not for the first alone */
} beginning;

static bool limits(void *data, size_t b, float *limit)
{
    beginning *s = data;
    return zsc_exact_lists_limits(&s->lists, b, limit);
}

static void found(void *data, int thread, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count)
{
    beginning *s = data;
    (void)thread;
    if (!s->both) {
        zsc_exact_lists_keep(&s->lists, 0, 0, i, j, pairs, count, NULL);
        return;
    }
    zsc_exact_lists_keep_first(&s->lists, 0, 0, i, j, pairs, count); /* from several threads */
    zsc_exact_lists_keep_first(&s->lists, 0, 1, j, i, pairs, count);
}

/* Measures what was kept of the row at a position; leaves the k best as a heap. False if there are fewer. */
static bool measure_kept(beginning *s, size_t at)
{
    const int32_t *order = s->index.order;
    size_t kept = 0, k = s->lists.k, capacity = s->lists.capacity;
    zsc_exact_lists_cut(&s->lists, 0, at);
    zsc_exact_list *l = &s->lists.list[0];
    int32_t *index = l->index + at * capacity;
    float *distance = l->value + at * capacity;
    for (size_t e = 0, size = l->size[at]; e < size; e++) { /* kept <= e: never overtakes what is read */
        size_t there = (size_t)index[e];
        float exact = 0;
        if (e + 1 < size) zsc_knn_rows_prefetch(s->rows, (size_t)order[index[e + 1]]);
        if (there != at)
            exact = zsc_knn_rows_distance(s->rows, s->index.vectors.kernels, (size_t)order[at], (size_t)order[there]);
        zsc_top_k_offer(distance, index, &kept, k, exact, order[there]);
    }
    l->size[at] = kept;
    return kept == k;
}

/* Lists by row, ascending (index, distance: n x k); false if k is too large for the blocks that were compared. */
static zsc_status begin(beginning *s, size_t k, size_t groups, double share, const zsc_exec *exec, int32_t *index,
                        float *distance, bool *enough)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t lacking = 0, probes = (groups * ZSC_NN_DESCENT_PROBES + ZSC_NN_DESCENT_GROUPS - 1) / ZSC_NN_DESCENT_GROUPS;
    bool projected = s->index.panels != NULL;
    zsc_polls polls = {.exec = exec, .stage = "knn", .begin = PROBED, .end = BEGUN};
    const zsc_pairs_pass pass = {.limits = limits, .found = found, .data = s, .stage = {"knn", INDEXED, PROBED}};
    s->both = !projected;
    ZSC_TRY(zsc_exact_lists_make(&s->index, &s->index, 1, k, k + k / 2, threads, &s->lists));
    if (projected)
        ZSC_TRY(zsc_ivf_probe(&s->index, probes, &pass, exec));
    else
        ZSC_TRY(zsc_pairs_run(&s->index, &s->index, &pass, share, exec));
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads) reduction(+ : lacking)
    for (size_t at = 0; at < s->index.n; at++)
        if (zsc_poll(&polls, (double)at / (double)s->index.n)) lacking += !measure_kept(s, at);
    ZSC_TRY(zsc_polled(&polls));
    *enough = lacking == 0;
    if (*enough) zsc_exact_lists_take(&s->lists, 0, index, distance);
done:
    return status;
}

/* The lists that rounds improve: those of a search that was stopped, or new ones. *enough: as of begin. */
static zsc_status begin_or_resume(beginning *s, nn_descent *d, size_t groups, double share,
                                  const zsc_knn_keeper *keeper, const zsc_exec *exec, int32_t *position, int32_t *index,
                                  float *distance, bool *enough)
{
    zsc_status status = ZSC_OK;
    bool found = false;
    if (keeper) {
        ZSC_TRY(make_nn_descent(d));
        ZSC_TRY(find_lists(d, keeper, &found));
        if (!found) free_nn_descent(d); /* not beside the lists to begin with */
    }
    *enough = true;
    if (!found) {
        ZSC_TRY(begin(s, d->k, groups, share, exec, index, distance, enough));
        if (!*enough) goto done;
        ZSC_TRY(make_nn_descent(d));
        renumber(d, s->index.order, position, index, distance, d->index[0], d->distance[0]);
        memset(d->new[0], 1, d->n * d->k);
        d->improved = d->n * d->k;
    }
done:
    return status;
}

static zsc_status begin_and_descend(const zsc_knn_rows *rows, size_t k, size_t groups, double share, uint64_t seed,
                                    const zsc_knn_keeper *keeper, const zsc_exec *exec, int32_t *index, float *distance,
                                    bool *enough)
{
    zsc_status status = ZSC_OK;
    beginning s = {.rows = rows};
    nn_descent d = {.index_of = &s.index, .rows = rows, .n = rows->count, .k = k, .sample = k < SAMPLE ? k : SAMPLE};
    int32_t *position = NULL;
    const gate own = {k, exec};
    const zsc_block_gate passes = {pass_gate, &own};
    ZSC_TRY(zsc_block_index_make(rows, &(zsc_block_plan){.nearest = k, .least = LEAST, .whole = true, .gate = &passes},
                                 exec, &s.index));
    ZSC_NEW_RAW(position, rows->count);
    for (size_t at = 0; at < rows->count; at++) position[s.index.order[at]] = (int32_t)at;
    ZSC_TRY(begin_or_resume(&s, &d, groups, share, keeper, exec, position, index, distance, enough));
    if (!*enough) goto done;
    ZSC_TRY(run_rounds(&d, seed, keeper, exec));
    renumber(&d, position, s.index.order, d.index[0], d.distance[0], index, distance);
done:
    free_nn_descent(&d);
    free(position);
    zsc_exact_lists_free(&s.lists);
    zsc_block_index_free(&s.index);
    return status;
}

zsc_status zsc_nn_descent_search(const zsc_knn_rows *rows, size_t k, size_t groups, uint64_t seed,
                                 const zsc_knn_keeper *keeper, const zsc_exec *exec, int32_t *index, float *distance,
                                 bool *exact)
{
    double share = zsc_pairs_share(rows->count, groups);
    bool enough = false;
    if (share < 1) {
        zsc_status status = begin_and_descend(rows, k, groups, share, seed, keeper, exec, index, distance, &enough);
        if (status != ZSC_OK) return status;
    }
    *exact = !enough;
    return enough ? ZSC_OK : zsc_exact_search(rows, k, exec, index, distance);
}
