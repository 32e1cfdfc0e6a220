/* Approximate nearest neighbours: near blocks first, then neighbours of neighbours.
 *
 *   1. Frame: rows projected, in an order in which near rows stand together (knn/frame.c).
 *   2. Each row with the rows of the 64 blocks of 240 whose middles are nearest to it (knn/probe.c), or, where nothing
 * is projected, the first walk of the exact search over the tiles of near blocks alone: `near` groups of 960 rows
 * around each. By matrix products this costs little, and finds most neighbours. They are measured exactly.
 *   3. Descent (Dong, Charikar and Li, WWW 2011): a neighbour of a neighbour is likely to be a neighbour. Each round
 * looks, for every row, at the lists of the rows in its own list and of the rows that list it, at pairs of which at
 * least one part is new since the round before. Coarse vectors (a byte a coordinate) sort out what cannot be near
 * enough; the rest is measured in double. Rounds end when they improve less than one entry in ENOUGH, or after ROUNDS.
 *
 * During the descent rows go by their position in the frame, and lists lie in that order: what a row and its neighbours
 * look at then lies together, where in the order of the file each list would be a wait for memory.
 *
 * A round reads the lists of the round before and writes new ones, so that the result does not depend on the threads.
 * All distances are exact; what is approximate is that a neighbour may be missing. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/frame.h"
#include "knn/lists.h"
#include "knn/search.h"

enum { ROUNDS = 6, ENOUGH = 400, JOIN = 15, BACK = 10, SEEN = 8192 };

typedef struct descent {
    const zsc_frame *frame;
    const zsc_rows *rows;
    const zsc_measure_kernels *measure;
    size_t n, k, join;
    int32_t *index[2]; /* lists of positions by position, ascending: old and new */
    float *distance[2];
    uint8_t *fresh[2];   /* entries that came in the last round */
    uint8_t *moved;      /* rows with an entry among the first `join` that came in the last round */
    int32_t *back;       /* n x BACK: rows that list this one, -1 where there are fewer */
    uint8_t *back_fresh; /* whether that entry came in the last round */
    size_t changed;
} descent;

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

/* Offers the row at `other` to the heap of that at i, unless coarse vectors tell that it is too far. */
static bool look_at(const descent *d, size_t i, int32_t other, float *distance, int32_t *index, size_t *size)
{
    if (d->frame->coarse && *size == d->k) {
        float reach = zsc_frame_reach(d->frame, distance[0]) + d->frame->coarse_error[i] +
                      d->frame->coarse_error[other];
        if (zsc_frame_coarse(d->frame, i, (size_t)other) * (1 - 0x1p-20f) > reach) return false;
    }
    float exact = zsc_rows_distance(d->rows, d->measure, (size_t)d->frame->order[i], (size_t)d->frame->order[other]);
    if (*size == d->k && !zsc_later(distance[0], index[0], exact, other)) return false;
    zsc_heap_offer(distance, index, size, d->k, exact, other);
    return true;
}

/* Whether any pair that row i would look at has a part that is new since the last round. */
static bool news(const descent *d, size_t i)
{
    const int32_t *old = d->index[0] + i * d->k, *back = d->back + i * BACK;
    bool any = d->moved[i];
    for (size_t c = 1; c < d->join && !any; c++) any = d->moved[old[c]];
    for (size_t b = 0; b < BACK && !any; b++) any = back[b] >= 0 && (d->back_fresh[i * BACK + b] || d->moved[back[b]]);
    return any;
}

/* The list of the row at `via`, which came into or lists that of i. Pairs of two old parts were looked at before. */
static size_t look_through(const descent *d, size_t i, int32_t via, bool fresh, seen *set, float *distance,
                           int32_t *index, size_t *size)
{
    size_t found = 0;
    const int32_t *list = d->index[0] + (size_t)via * d->k;
    const uint8_t *new = d->fresh[0] + (size_t)via * d->k;
    if (!fresh && !d->moved[via]) return 0;
    for (size_t b = 0; b < d->join; b++)
        if ((fresh || new[b]) && seen_first(set, list[b])) found += look_at(d, i, list[b], distance, index, size);
    return found;
}

/* One row's round: from the old lists to its new one. Returns how many entries are new. */
static size_t improve(const descent *d, size_t i, seen *set)
{
    size_t k = d->k, size = 0, found = 0;
    const int32_t *old = d->index[0] + i * k, *back = d->back + i * BACK;
    int32_t *index = d->index[1] + i * k;
    float *distance = d->distance[1] + i * k;
    uint8_t *fresh = d->fresh[1] + i * k;
    if (!news(d, i)) {
        memset(fresh, 0, k);
        memcpy(index, old, k * sizeof *index);
        memcpy(distance, d->distance[0] + i * k, k * sizeof *distance);
        return 0;
    }
    seen_clear(set);
    for (size_t c = 0; c < k; c++) {
        seen_first(set, old[c]);
        zsc_heap_offer(distance, index, &size, k, d->distance[0][i * k + c], old[c]);
    }
    for (size_t c = 1; c < d->join; c++)
        found += look_through(d, i, old[c], d->fresh[0][i * k + c], set, distance, index, &size);
    for (size_t b = 0; b < BACK; b++) {
        if (back[b] < 0 || (size_t)back[b] == i) continue;
        if (seen_first(set, back[b])) found += look_at(d, i, back[b], distance, index, &size);
        found += look_through(d, i, back[b], d->back_fresh[i * BACK + b], set, distance, index, &size);
    }
    zsc_heap_sort(distance, index, k);
    for (size_t c = 0, o = 0; c < k; c++) { /* both ascend: what is not in the old list is fresh */
        while (o < k && zsc_later(distance[c], index[c], d->distance[0][i * k + o], old[o])) o++;
        fresh[c] = o == k || old[o] != index[c];
    }
    return found;
}

/* Which rows list each row, nearest listings first. In the first round, rows drawn at random follow where there are
 * fewer than BACK, and always one: links from one part of the data to another, which near blocks alone do not give. */
static void list_back(descent *d, uint8_t *filled, bool first, uint64_t seed)
{
    memset(filled, 0, d->n);
    memset(d->back, -1, d->n * BACK * sizeof *d->back);
    for (size_t c = 1; c < d->join; c++)
        for (size_t i = 0; i < d->n; i++) {
            size_t to = (size_t)d->index[0][i * d->k + c];
            if (filled[to] == BACK) continue;
            d->back_fresh[to * BACK + filled[to]] = d->fresh[0][i * d->k + c];
            d->back[to * BACK + filled[to]++] = (int32_t)i;
        }
    for (size_t i = 0; i < d->n; i++) d->moved[i] = memchr(d->fresh[0] + i * d->k, 1, d->join) != NULL;
    for (size_t i = 0; first && i < d->n; i++) {
        zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_KNN, i);
        for (size_t b = filled[i] < BACK ? filled[i] : BACK - 1; b < BACK; b++) {
            d->back[i * BACK + b] = (int32_t)zsc_stream_below(&stream, d->n);
            d->back_fresh[i * BACK + b] = 1;
        }
    }
}

static void round_of(descent *d, seen *sets, int threads)
{
    size_t changed = 0;
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads) reduction(+ : changed)
    for (size_t i = 0; i < d->n; i++) changed += improve(d, i, &sets[zsc_thread_number()]);
    int32_t *index = d->index[0];
    float *distance = d->distance[0];
    uint8_t *fresh = d->fresh[0];
    d->index[0] = d->index[1];
    d->distance[0] = d->distance[1];
    d->fresh[0] = d->fresh[1];
    d->index[1] = index;
    d->distance[1] = distance;
    d->fresh[1] = fresh;
    d->changed = changed;
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

/* Lists by row to lists by position, or back: list i of the new is list from[i] of the old, whose members get the
 * numbers to[...]. */
static void renumber(const descent *d, const int32_t *from, const int32_t *to, const int32_t *index,
                     const float *distance, int32_t *new_index, float *new_distance)
{
    for (size_t i = 0; i < d->n; i++) {
        size_t old = (size_t)from[i] * d->k, new = i * d->k;
        for (size_t c = 0; c < d->k; c++) new_index[new + c] = to[index[old + c]];
        memcpy(new_distance + new, distance + old, d->k * sizeof *distance);
        order_ties(new_index + new, new_distance + new, d->k);
    }
}

zsc_status zsc_knn_descend(const zsc_frame *frame, const zsc_rows *rows, size_t k, const int32_t *position,
                           uint64_t seed, const zsc_exec *exec, int32_t *index, float *distance)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t n = rows->count;
    descent d = {.frame = frame,
                 .rows = rows,
                 .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of),
                 .n = n,
                 .k = k,
                 .join = k < JOIN ? k : JOIN};
    seen *sets = NULL;
    uint8_t *filled = NULL;
    ZSC_NEW(sets, (size_t)threads);
    for (int t = 0; t < threads; t++) ZSC_NEW(sets[t].slot, SEEN);
    ZSC_NEW(filled, n);
    ZSC_NEW_RAW(d.back, n * BACK);
    ZSC_NEW(d.back_fresh, n * BACK);
    ZSC_NEW(d.moved, n);
    for (int s = 0; s < 2; s++) {
        ZSC_NEW_RAW(d.index[s], n * k);
        ZSC_NEW_RAW(d.distance[s], n * k);
        ZSC_NEW(d.fresh[s], n * k);
    }
    renumber(&d, frame->order, position, index, distance, d.index[0], d.distance[0]);
    memset(d.fresh[0], 1, n * k);
    d.changed = n * k;
    for (size_t r = 0; r < ROUNDS && d.changed > n * k / ENOUGH; r++) {
        if (!zsc_progress(exec, "knn", 0.4 + 0.1 * (double)r, 1)) ZSC_TRY(zsc_fail(ZSC_EINTERRUPTED, "interrupted"));
        list_back(&d, filled, r == 0, seed);
        round_of(&d, sets, threads);
    }
    renumber(&d, position, frame->order, d.index[0], d.distance[0], index, distance);
done:
    for (int t = 0; sets && t < threads; t++) free(sets[t].slot);
    free(sets);
    free(filled);
    free(d.back);
    free(d.back_fresh);
    free(d.moved);
    for (int s = 0; s < 2; s++) {
        free(d.index[s]);
        free(d.distance[s]);
        free(d.fresh[s]);
    }
    return status;
}

size_t zsc_knn_descend_memory(size_t n, size_t k, int threads)
{
    return n * (2 * k * 9 + BACK * 5 + 2) + (size_t)threads * SEEN * 8;
}
