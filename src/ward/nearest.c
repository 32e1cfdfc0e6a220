/* Which search runs. The bounding-box tree compares few clusters where boxes separate them, and nearly all of them
 * where they do not, as in many dimensions; matrix products always compare all, at several times the speed. A sample of
 * queries shows how many clusters the tree would compare. Both are exact: the choice affects time only. */
#define _GNU_SOURCE
#include <omp.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/box_tree.h"
#include "ward/gemm_search.h"
#include "ward/nearest.h"

enum {
    SAMPLE = 64,  /* queries */
    FEW = 2048,   /* with fewer clusters it is always the tree */
    FRACTION = 5, /* products where the tree compares more than a fifth of the clusters (doc/ward.md) */
    /* fewer queries, or multiplications, than these take a millisecond or two: not worth waking threads */
    PARALLEL_QUERIES = 256,
    PARALLEL_PRODUCTS = 1 << 26
};

static zsc_ward_search_kind forced = ZSC_WARD_SEARCH_AUTO;

void zsc_ward_search_force(zsc_ward_search_kind kind) { forced = kind; }

static void choose(zsc_ward_search *f, const zsc_ward_clusters *s, int threads)
{
    f->by_gemm = forced == ZSC_WARD_SEARCH_GEMM;
    if (s->live < FEW || forced != ZSC_WARD_SEARCH_AUTO) return;
    size_t scanned = 0, asked = 0, step = s->m / SAMPLE;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(+ : scanned, asked)
    for (size_t q = 0; q < SAMPLE; q++) {
        zsc_ward_near_list near;
        float *query = f->query + (size_t)omp_get_thread_num() * f->tree.width;
        if (s->weight[q * step] == 0) continue;
        scanned += zsc_ward_box_tree_search(&f->tree, s, (int32_t)(q * step), query, &near);
        asked++;
    }
    f->by_gemm = scanned * FRACTION > asked * f->tree.blocks;
}

static size_t query_memory(size_t d, int threads) { return (size_t)threads * (d + ZSC_WARD_BLOCK) * 4; }

zsc_status zsc_ward_search_make(const zsc_ward_clusters *s, const zsc_exec *exec, zsc_ward_search *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    zsc_ward_search f = {.live_built = s->live};
    ZSC_TRY(zsc_memory_check(exec, zsc_ward_box_tree_memory(s->m, s->d) + query_memory(s->d, threads), "clustering"));
    ZSC_TRY(zsc_ward_box_tree_make(s, threads, &f.tree));
    ZSC_NEW(f.query, (size_t)threads * f.tree.width);
    choose(&f, s, threads);
    if (f.by_gemm) {
        zsc_ward_box_tree_free(&f.tree);
        ZSC_TRY(zsc_memory_check(exec, zsc_ward_gemm_memory(s->m, s->d, threads) + query_memory(s->d, threads),
                                 "clustering"));
        ZSC_TRY(zsc_ward_gemm_make(s, threads, &f.gemm));
    }
    *out = f;
    f = (zsc_ward_search){0};
done:
    zsc_ward_search_free(&f);
    return status;
}

/* One of the two at a time. With few clusters it is the tree. */
size_t zsc_ward_search_memory(size_t clusters, size_t d, int threads)
{
    size_t tree = zsc_ward_box_tree_memory(clusters, d), gemm = zsc_ward_gemm_memory(clusters, d, threads);
    return (clusters < FEW || tree > gemm ? tree : gemm) + query_memory(d, threads);
}

void zsc_ward_search_free(zsc_ward_search *f)
{
    zsc_ward_box_tree_free(&f->tree);
    zsc_ward_gemm_free(&f->gemm);
    free(f->query);
    *f = (zsc_ward_search){0};
}

static int by_position(const void *a, const void *b, void *data)
{
    const int32_t *position = data;
    int32_t x = position[*(const int32_t *)a], y = position[*(const int32_t *)b];
    return (x > y) - (x < y);
}

static void search_tree(const zsc_ward_search *f, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                        int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (count > PARALLEL_QUERIES)
    for (size_t q = 0; q < count; q++) {
        zsc_ward_near_list near;
        if (!zsc_poll(polls, 0)) continue;
        zsc_ward_box_tree_search(&f->tree, s, slots[q], f->query + (size_t)omp_get_thread_num() * f->tree.width, &near);
        found(data, slots[q], &near);
    }
}

static void search_gemm(const zsc_ward_search *f, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                        int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    size_t size = count / (size_t)threads + 1;
    if (size > ZSC_WARD_GEMM_QUERIES) size = ZSC_WARD_GEMM_QUERIES;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (count * s->live * s->d > PARALLEL_PRODUCTS)
    for (size_t start = 0; start < count; start += size) {
        zsc_ward_near_list near[ZSC_WARD_GEMM_QUERIES];
        size_t here = start + size < count ? size : count - start;
        if (!zsc_poll(polls, 0)) continue;
        zsc_ward_gemm_search(&f->gemm, s, slots + start, here, omp_get_thread_num(), near);
        for (size_t q = 0; q < here; q++) found(data, slots[start + q], &near[q]);
    }
}

void zsc_ward_search_run(const zsc_ward_search *f, const zsc_ward_clusters *s, int32_t *slots, size_t count,
                         int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data)
{
    /* Queries that are near one another follow one another, so that what they read is in the cache. */
    if (count > 2) qsort_r(slots, count, sizeof *slots, by_position, f->by_gemm ? f->gemm.position : f->tree.position);
    (f->by_gemm ? search_gemm : search_tree)(f, s, slots, count, threads, polls, found, data);
}

zsc_status zsc_ward_search_merge(zsc_ward_search *f, const zsc_ward_clusters *s, const zsc_ward_merge *pair,
                                 size_t pairs, int threads)
{
    if (s->live > 1 && s->live * 3 < f->live_built * 2) { /* a third were merged: rebuild */
        f->live_built = s->live;
        if (f->by_gemm) {
            zsc_ward_gemm_free(&f->gemm);
            return zsc_ward_gemm_make(s, threads, &f->gemm);
        }
        zsc_ward_box_tree_free(&f->tree);
        return zsc_ward_box_tree_make(s, threads, &f->tree);
    }
    for (size_t p = 0; p < pairs; p++)
        if (f->by_gemm)
            zsc_ward_gemm_merge(&f->gemm, s, pair[p].a, pair[p].b);
        else
            zsc_ward_box_tree_merge(&f->tree, s, pair[p].a, pair[p].b);
    return ZSC_OK;
}
