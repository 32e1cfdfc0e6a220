/* Exact nearest neighbours.
 *
 *   1. Frame: rows centred, scaled, projected where that pays, near rows together (knn/frame.c).
 *   2. First walk over the tiles (knn/tiles.c), each pair of rows once, for both of its rows: the best of each row by
 * the tiles' own sums. The largest distance among these k is an upper bound of the true k-th. Where tiles hold full
 * vectors, a few more than k are kept and measured exactly, and a row is finished if even the last of them, with all
 * possible rounding, is beyond the bound: what was not kept cannot come before it. Nearly all rows then are.
 *   3. Second walk, where rows are left (with projections: all): every pair that may be within the bound of either of
 * its rows comes out. Projected frames look at the rows' coarse vectors first (a byte a coordinate, with a bound of the
 *      error), which fit caches where the rows do not. What is still wanted is measured in double, and the k best are
 * kept.
 *
 * Which pairs are measured may depend on the threads; which are kept does not, since a pair is only ever left out when
 * it cannot be among the k best in the order (distance, index). */
#include <float.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/frame.h"
#include "knn/lists.h"
#include "knn/search.h"

enum {
    CHUNK = 512, /* pairs that are measured between two looks at the lists */
    SPARE = 6,   /* rows kept beyond k in the first walk */
    CLEAR = 48   /* coordinates of projected tiles whose sums decide which rows are measured at all */
};
#define FIRST_SHARE 0.3 /* of the tiles that the first walk over projections visits */

typedef struct measured {
    zsc_tile_pair pair;
    float distance;
} measured;

typedef struct bench { /* a thread's own */
    float *worst[2];   /* ZSC_TILE each: the k-th best distance of the rows of the two blocks */
    float *limit[2];   /* the same as limits; -infinity: finished */
    measured *results; /* CHUNK */
} bench;

typedef struct search {
    zsc_frame frame;
    const zsc_rows *rows;
    const zsc_measure_kernels *measure;
    size_t k, keep, room; /* keep: how many the first walk is to leave of a row, k or more */
    int32_t *index;       /* lists without order (first walk) or heaps, by row, `room` each */
    float *distance;      /* first walk: half_i + half_j - sum */
    size_t *size;
    float *bound;      /* second walk: upper bound of the k-th distance; -1 where the row is finished */
    int32_t *position; /* of each row */
    float *limit;      /* by position: what tiles compare with */
    omp_lock_t *lock;  /* one a block: guards its rows' heaps and limits */
    size_t locks;
    bench *benches;
    int threads;
} search;

static bool copy_limits(void *data, size_t b, float *limit)
{
    search *s = data;
    omp_set_lock(&s->lock[b]);
    memcpy(limit, s->limit + b * ZSC_TILE, ZSC_TILE * sizeof *limit);
    omp_unset_lock(&s->lock[b]);
    for (size_t r = 0; r < zsc_frame_block_rows(&s->frame, b); r++)
        if (limit[r] > -INFINITY) return true;
    return false;
}

/* --- First walk */
static void keep_sums(search *s, size_t b, size_t other, bool transposed, const zsc_tile_pair *pairs, size_t count)
{
    const int32_t *order = s->frame.order;
    const float *half = s->frame.half + b * ZSC_TILE, *half_other = s->frame.half + other * ZSC_TILE;
    float *limit = s->limit + b * ZSC_TILE;
    omp_set_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = transposed ? pairs[p].j : pairs[p].i, o = transposed ? pairs[p].i : pairs[p].j;
        float value = (half[r] + half_other[o]) - pairs[p].sum;
        if (value >= limit[r]) continue;
        if (isnan(value)) value = -INFINITY; /* beyond single precision: to be measured */
        size_t row = (size_t)order[b * ZSC_TILE + r];
        limit[r] = zsc_list_keep(s->frame.kernels, s->distance + row * s->room, s->index + row * s->room, &s->size[row],
                                 s->room, s->keep, limit[r], value, order[other * ZSC_TILE + o]);
    }
    omp_unset_lock(&s->lock[b]);
}

static void first_walk(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count)
{
    (void)thread;
    keep_sums(data, I, J, false, pairs, count);
    keep_sums(data, J, I, true, pairs, count);
}

static void first_probe(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count)
{
    (void)thread;
    keep_sums(data, I, J, false, pairs, count);
}

static void cut_list(search *s, size_t at)
{
    size_t row = (size_t)s->frame.order[at];
    zsc_list_cut(s->frame.kernels, s->distance + row * s->room, s->index + row * s->room, &s->size[row], s->keep,
                 &s->limit[at]);
}

/* Projected frames: the k-th of the largest distances that the rows kept for the one at position `at` may have. */
static void bound_from_coarse(search *s, size_t at)
{
    const zsc_frame *f = &s->frame;
    cut_list(s, at);
    size_t row = (size_t)f->order[at], size = s->size[row];
    const int32_t *index = s->index + row * s->room;
    float *value = s->distance + row * s->room;
    for (size_t c = 0; c < size; c++) {
        size_t other = (size_t)index[c], there = (size_t)s->position[other];
        float high = -INFINITY; /* the row itself */
        if (other != row)
            high = zsc_frame_half_high(value[c], f->slop[at] + f->slop[there], zsc_frame_coarse(f, at, there),
                                       f->coarse_error[at] + f->coarse_error[there]);
        value[c] = !(high < INFINITY) || (other != row && value[c] == -INFINITY) ? INFINITY : high;
    }
    float most = size < s->k ? INFINITY : fmaxf(zsc_list_kth(value, size, s->k), 0);
    s->bound[row] = zsc_frame_distance(f, sqrtf(2 * most) * (1 + 0x1p-20f));
    s->limit[at] = zsc_frame_limit(f, s->bound[row]);
}

static void prefetch_row(const zsc_rows *rows, size_t i)
{
    const char *row = (const char *)zsc_rows_at(rows, i);
    for (size_t byte = 0; byte < rows->d * sizeof(float); byte += 64) __builtin_prefetch(row + byte);
}

/* Measures what the first walk kept of a row; leaves the k best as a heap. Returns how many there are. */
static size_t measure_kept(search *s, size_t row)
{
    int32_t *index = s->index + row * s->room;
    float *distance = s->distance + row * s->room;
    size_t kept = 0, size = s->size[row];
    for (size_t c = 0; c < size; c++) {
        int32_t other = index[c];
        if (c + 1 < size) prefetch_row(s->rows, (size_t)index[c + 1]);
        float exact = (size_t)other == row ? 0 : zsc_rows_distance(s->rows, s->measure, row, (size_t)other);
        zsc_heap_offer(distance, index, &kept, s->k, exact, other); /* kept <= c: never overtakes what is read */
    }
    return kept;
}

/* Full frames: the k best, the bound, and whether that is all. */
static void settle(search *s, size_t at)
{
    cut_list(s, at);
    size_t row = (size_t)s->frame.order[at], size = s->size[row];
    float *distance = s->distance + row * s->room, last = s->limit[at]; /* everything else is at or beyond this */
    size_t kept = measure_kept(s, row);
    float bound = kept < s->k ? INFINITY : distance[0], limit = zsc_frame_limit(&s->frame, bound);
    bool finished = last == INFINITY ? size == s->rows->count : limit + fabsf(limit) * 0x1p-20f < last;
    s->size[row] = finished ? kept : 0;
    s->bound[row] = finished ? -1 : bound;
    s->limit[at] = finished ? -INFINITY : limit;
}

/* --- Second walk */
static float worst_of(const search *s, size_t row)
{
    if (s->size[row] < s->k || s->bound[row] < 0) return s->bound[row];
    return s->distance[row * s->room];
}

static void copy_worst(search *s, bench *own, int side, size_t b)
{
    const int32_t *order = s->frame.order + b * ZSC_TILE;
    for (size_t r = 0; r < zsc_frame_block_rows(&s->frame, b); r++) {
        float worst = worst_of(s, (size_t)order[r]);
        own->worst[side][r] = worst;
        own->limit[side][r] = s->limit[b * ZSC_TILE + r];
    }
}

/* Puts results into the lists of the rows of one of the two blocks. */
static void merge(search *s, bench *own, int side, size_t b, size_t other, size_t count)
{
    const int32_t *order = s->frame.order;
    omp_set_lock(&s->lock[b]);
    for (size_t c = 0; c < count; c++) {
        const measured *m = &own->results[c];
        size_t r = side ? m->pair.j : m->pair.i, row = (size_t)order[b * ZSC_TILE + r];
        int32_t neighbour = order[other * ZSC_TILE + (side ? m->pair.i : m->pair.j)];
        if (m->distance > worst_of(s, row)) continue;
        zsc_heap_offer(s->distance + row * s->room, s->index + row * s->room, &s->size[row], s->k, m->distance,
                       neighbour);
        if (s->size[row] == s->k) s->limit[b * ZSC_TILE + r] = zsc_frame_limit(&s->frame, s->distance[row * s->room]);
    }
    copy_worst(s, own, side, b);
    omp_unset_lock(&s->lock[b]);
}

/* Whether a pair is still wanted by either of its rows, as far as their coarse vectors tell. */
static bool coarsely_wanted(const search *s, const bench *own, size_t at, size_t other, zsc_tile_pair p)
{
    if (!s->frame.coarse) return own->worst[0][p.i] >= 0 || own->worst[1][p.j] >= 0;
    const zsc_frame *f = &s->frame;
    float value = f->half[at] + f->half[other] - p.sum;
    float low = zsc_frame_half_low(value, zsc_frame_coarse(f, at, other), f->coarse_error[at] + f->coarse_error[other]);
    return !(low > own->limit[0][p.i]) || !(low > own->limit[1][p.j]);
}

static void second_walk(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count)
{
    search *s = data;
    bench *own = &s->benches[thread];
    const int32_t *order = s->frame.order;
    merge(s, own, 0, I, J, 0);
    merge(s, own, 1, J, I, 0);
    for (size_t from = 0; from < count;) {
        size_t wanted = 0, made = 0;
        for (; from < count && wanted < CHUNK; from++) {
            size_t at = I * ZSC_TILE + pairs[from].i, other = J * ZSC_TILE + pairs[from].j;
            if (!coarsely_wanted(s, own, at, other, pairs[from])) continue;
            own->results[wanted++].pair = pairs[from];
        }
        for (size_t c = 0; c < wanted; c++) {
            zsc_tile_pair p = own->results[c].pair;
            size_t i = (size_t)order[I * ZSC_TILE + p.i], j = (size_t)order[J * ZSC_TILE + p.j];
            if (c + 1 < wanted) {
                prefetch_row(s->rows, (size_t)order[I * ZSC_TILE + own->results[c + 1].pair.i]);
                prefetch_row(s->rows, (size_t)order[J * ZSC_TILE + own->results[c + 1].pair.j]);
            }
            float distance = zsc_rows_distance(s->rows, s->measure, i, j);
            if (distance > own->worst[0][p.i] && distance > own->worst[1][p.j]) continue;
            own->results[made++] = (measured){p, distance};
        }
        merge(s, own, 0, I, J, made);
        merge(s, own, 1, J, I, made);
    }
}

/* --- Setting up */
static void search_free(search *s)
{
    for (size_t b = 0; b < s->locks; b++) omp_destroy_lock(&s->lock[b]);
    for (int t = 0; s->benches && t < s->threads; t++) {
        free(s->benches[t].results);
        for (int side = 0; side < 2; side++) {
            free(s->benches[t].worst[side]);
            free(s->benches[t].limit[side]);
        }
    }
    free(s->benches);
    free(s->lock);
    free(s->position);
    free(s->limit);
    free(s->bound);
    free(s->size);
    free(s->index);
    free(s->distance);
    zsc_frame_free(&s->frame);
}

static zsc_status search_make(search *s)
{
    zsc_status status = ZSC_OK;
    size_t n = s->rows->count;
    ZSC_NEW_RAW(s->index, n * s->room);
    ZSC_NEW_RAW(s->distance, n * s->room);
    ZSC_NEW(s->size, n);
    ZSC_NEW(s->bound, n);
    ZSC_NEW(s->position, n);
    for (size_t at = 0; at < n; at++) s->position[s->frame.order[at]] = (int32_t)at;
    ZSC_NEW(s->limit, s->frame.blocks * ZSC_TILE);
    ZSC_NEW(s->lock, s->frame.blocks);
    ZSC_NEW(s->benches, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) {
        ZSC_NEW(s->benches[t].results, CHUNK);
        for (int side = 0; side < 2; side++) {
            ZSC_NEW(s->benches[t].worst[side], ZSC_TILE);
            ZSC_NEW(s->benches[t].limit[side], ZSC_TILE);
        }
    }
    for (; s->locks < s->frame.blocks; s->locks++) omp_init_lock(&s->lock[s->locks]);
done:
    return status;
}

/* The row itself is in every list; tiles leave it out. */
static void begin_lists(search *s, float itself, bool unfinished_only)
{
    for (size_t at = 0; at < s->rows->count; at++) {
        size_t row = (size_t)s->frame.order[at];
        if (unfinished_only && s->bound[row] < 0) continue;
        s->size[row] = 0;
        zsc_heap_offer(s->distance + row * s->room, s->index + row * s->room, &s->size[row], s->k, itself,
                       (int32_t)row);
        if (!unfinished_only) s->limit[at] = s->size[row] < s->room ? INFINITY : itself;
    }
}

static zsc_status walk_twice(search *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t n = s->rows->count, unfinished = 0;
    double share = s->frame.panels ? FIRST_SHARE : 1, middle = s->frame.panels ? share / (share + 1) : 0.95;
    begin_lists(s, -INFINITY, false);
    ZSC_TRY(zsc_frame_tiles(&s->frame, &(zsc_tile_walk){copy_limits, first_walk, s, share, "knn", 0, middle}, exec));
#pragma omp parallel for schedule(dynamic, 64) num_threads(s->threads)
    for (size_t at = 0; at < n; at++) {
        if (s->frame.coarse)
            bound_from_coarse(s, at);
        else
            settle(s, at);
    }
    for (size_t i = 0; i < n; i++) unfinished += s->bound[i] >= 0;
    if (unfinished == 0) goto done;
    begin_lists(s, 0, true);
    ZSC_TRY(zsc_frame_tiles(&s->frame, &(zsc_tile_walk){copy_limits, second_walk, s, 1, "knn", middle, 1}, exec));
done:
    return status;
}

static void take_lists(search *s, int32_t *index, float *distance)
{
    size_t k = s->k;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->rows->count; i++) {
        zsc_heap_sort(s->distance + i * s->room, s->index + i * s->room, k);
        memcpy(distance + i * k, s->distance + i * s->room, k * sizeof *distance);
        memcpy(index + i * k, s->index + i * s->room, k * sizeof *index);
    }
}

zsc_status zsc_knn_exact(const zsc_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance)
{
    zsc_status status = ZSC_OK;
    search s = {.rows = rows, .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of), .k = k, .threads = zsc_threads(exec)};
    ZSC_TRY(zsc_frame_make(rows, &(zsc_frame_plan){.nearest = k}, exec, &s.frame));
    s.keep = k + SPARE;
    s.room = zsc_list_room(s.keep);
    ZSC_TRY(search_make(&s));
    ZSC_TRY(walk_twice(&s, exec));
    take_lists(&s, index, distance);
done:
    search_free(&s);
    return status;
}

/* --- The approximate search begins with tiles of each row and the blocks near it, or with a part of the first walk
 * (knn/approx.c). */
zsc_status zsc_knn_approx(const zsc_rows *rows, size_t k, size_t near, uint64_t seed, const zsc_exec *exec,
                          int32_t *index, float *distance, bool *exact)
{
    zsc_status status = ZSC_OK;
    search s = {.rows = rows, .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of), .k = k, .threads = zsc_threads(exec)};
    size_t n = rows->count, lacking = 0, probes = (near * ZSC_KNN_PROBES + ZSC_KNN_NEAR - 1) / ZSC_KNN_NEAR;
    double share = zsc_frame_share(n, near);
    *exact = share >= 1;
    if (*exact) return zsc_knn_exact(rows, k, exec, index, distance);
    ZSC_TRY(zsc_frame_make(rows, &(zsc_frame_plan){.nearest = k, .least = CLEAR, .whole = true}, exec, &s.frame));
    s.keep = s.frame.panels ? k + k / 2 : k;
    s.room = zsc_list_room(s.keep);
    ZSC_TRY(search_make(&s));
    begin_lists(&s, -INFINITY, false);
    if (s.frame.panels)
        ZSC_TRY(
            zsc_frame_probe(&s.frame, probes, &(zsc_tile_walk){copy_limits, first_probe, &s, 1, "knn", 0, 0.4}, exec));
    else
        ZSC_TRY(zsc_frame_tiles(&s.frame, &(zsc_tile_walk){copy_limits, first_walk, &s, share, "knn", 0, 0.4}, exec));
#pragma omp parallel for schedule(dynamic, 64) num_threads(s.threads) reduction(+ : lacking)
    for (size_t at = 0; at < n; at++) {
        size_t row = (size_t)s.frame.order[at];
        cut_list(&s, at);
        s.size[row] = measure_kept(&s, row);
        lacking += s.size[row] < k;
    }
    if ((*exact = lacking > 0)) { /* k is too large for the blocks that were looked at */
        search_free(&s);
        return zsc_knn_exact(rows, k, exec, index, distance);
    }
    take_lists(&s, index, distance);
    ZSC_TRY(zsc_knn_descend(&s.frame, rows, k, s.position, seed, exec, index, distance));
done:
    search_free(&s);
    return status;
}

size_t zsc_knn_exact_memory(size_t count, size_t d, size_t k, zsc_metric metric, int threads)
{
    (void)metric;
    return zsc_frame_memory(count, d, threads) + zsc_frame_tiles_memory(count, d, threads) +
           count * zsc_list_room(k + SPARE) * 8 + count * 28;
}
