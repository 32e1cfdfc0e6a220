/* Exact nearest neighbours.
 *
 *   1. Frame: rows centred, scaled, projected where that pays, near rows together (knn/frame.c).
 *   2. Tiles, nearest blocks first: every pair that may be nearer than the k-th best so far of either of its rows comes
 *      out (knn/tiles.c). Each pair is looked at once, for both of its rows.
 *   3. Such a pair is measured from its differences: for the Euclidean metric in single precision first, whose relative
 *      error is at most (d + 8) 2^-23, and in double if it is still wanted. What is kept is exact.
 *
 * Which pairs are measured depends on how fast limits shrink, and so on the threads; which are kept does not, since a
 * pair is only ever left out when it cannot be among the k best in the order (distance, index). */
#include <float.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/frame.h"
#include "knn/lists.h"
#include "knn/search.h"

enum { CHUNK = 512 }; /* pairs that are measured between two looks at the lists */

typedef struct measured {
    zsc_tile_pair pair;
    float distance;
} measured;

typedef struct bench {             /* a thread's own */
    float *worst[2];               /* ZSC_TILE each: the k-th best distance of the rows of the two blocks */
    float *quick[2];               /* what the quick look compares with */
    measured *results;             /* CHUNK */
} bench;

typedef struct search {
    zsc_frame frame;
    const zsc_rows *rows;
    const zsc_measure_kernels *measure;
    size_t k;
    int32_t *index;                /* heaps, by row */
    float *distance;
    size_t *size;
    float *limit;                  /* by position: the half-limit of the k-th best */
    omp_lock_t *lock;              /* one a block: guards its rows' heaps and limits */
    size_t locks;
    bench *benches;
    int threads;
} search;

static float worst_of(const search *s, size_t i) { return s->size[i] < s->k ? INFINITY : s->distance[i * s->k]; }

static void copy_limits(void *data, size_t b, float *limit)
{
    search *s = data;
    omp_set_lock(&s->lock[b]);
    memcpy(limit, s->limit + b * ZSC_TILE, ZSC_TILE * sizeof *limit);
    omp_unset_lock(&s->lock[b]);
}

/* The quick look's own error: relative, since it is made of differences. */
static float quick_limit(const search *s, float worst)
{
    double d = (double)worst * s->frame.scale * (1 + 0x1p-22);
    return nextafterf((float)(d * d * (1 + (double)(s->rows->d + 8) * 0x1p-23) + 1e-30), INFINITY);
}

static void copy_worst(search *s, bench *own, int side, size_t b)
{
    const int32_t *order = s->frame.order + b * ZSC_TILE;
    for (size_t r = 0; r < zsc_frame_block_rows(&s->frame, b); r++) {
        own->worst[side][r] = worst_of(s, (size_t)order[r]);
        own->quick[side][r] = quick_limit(s, own->worst[side][r]);
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
        zsc_heap_offer(s->distance + row * s->k, s->index + row * s->k, &s->size[row], s->k, m->distance, neighbour);
        s->limit[b * ZSC_TILE + r] = zsc_frame_limit(&s->frame, worst_of(s, row));
    }
    copy_worst(s, own, side, b);
    omp_unset_lock(&s->lock[b]);
}

static void measure_pairs(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count)
{
    search *s = data;
    bench *own = &s->benches[thread];
    const int32_t *order_i = s->frame.order + I * ZSC_TILE, *order_j = s->frame.order + J * ZSC_TILE;
    bool quick = s->rows->metric == ZSC_EUCLIDEAN && s->frame.scale < 0x1p100 && s->frame.scale > 0x1p-100;
    merge(s, own, 0, I, J, 0);
    merge(s, own, 1, J, I, 0);
    for (size_t from = 0; from < count;) {
        size_t made = 0;
        for (; from < count && made < CHUNK; from++) {
            zsc_tile_pair p = pairs[from];
            size_t i = (size_t)order_i[p.i], j = (size_t)order_j[p.j];
            if (quick) {
                float rough = s->frame.kernels->quick(zsc_rows_at(s->rows, i), zsc_rows_at(s->rows, j), s->rows->d, (float)s->frame.scale);
                if (rough > own->quick[0][p.i] && rough > own->quick[1][p.j]) continue;
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
            free(s->benches[t].quick[side]);
        }
    }
    free(s->benches);
    free(s->lock);
    free(s->limit);
    free(s->size);
    zsc_frame_free(&s->frame);
}

static zsc_status search_make(search *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t n = s->rows->count;
    ZSC_TRY(zsc_frame_make(s->rows, s->k, exec, &s->frame));
    ZSC_NEW(s->size, n);
    ZSC_NEW(s->limit, s->frame.blocks * ZSC_TILE);
    ZSC_NEW(s->lock, s->frame.blocks);
    ZSC_NEW(s->benches, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) {
        ZSC_NEW(s->benches[t].results, CHUNK);
        for (int side = 0; side < 2; side++) {
            ZSC_NEW(s->benches[t].worst[side], ZSC_TILE);
            ZSC_NEW(s->benches[t].quick[side], ZSC_TILE);
        }
    }
    for (; s->locks < s->frame.blocks; s->locks++) omp_init_lock(&s->lock[s->locks]);
    for (size_t at = 0; at < n; at++) {
        size_t i = (size_t)s->frame.order[at];
        zsc_heap_offer(s->distance + i * s->k, s->index + i * s->k, &s->size[i], s->k, 0, (int32_t)i);
        s->limit[at] = zsc_frame_limit(&s->frame, worst_of(s, i));
    }
done:
    return status;
}

zsc_status zsc_knn_exact(const zsc_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance)
{
    zsc_status status = ZSC_OK;
    search s = {.rows = rows, .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of), .k = k, .index = index, .distance = distance,
                .threads = zsc_threads(exec)};
    ZSC_TRY(search_make(&s, exec));
    ZSC_TRY(zsc_frame_tiles(&s.frame, copy_limits, measure_pairs, &s, "knn", exec));
#pragma omp parallel for schedule(static) num_threads(s.threads)
    for (size_t i = 0; i < rows->count; i++) zsc_heap_sort(distance + i * k, index + i * k, s.size[i]);
done:
    search_free(&s);
    return status;
}

size_t zsc_knn_exact_memory(size_t count, size_t d, size_t k, zsc_metric metric, int threads)
{
    (void)k, (void)metric;
    return zsc_frame_memory(count, d, threads) + zsc_frame_tiles_memory(count, d, threads) + count * 16;
}
