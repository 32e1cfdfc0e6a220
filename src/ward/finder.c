/* Which search runs. The tree of boxes looks at few clusters where boxes tell clusters apart, and at nearly all of them
 * where they do not, as with many dimensions; matrix products always look at all, at several times the speed. A sample
 * of queries tells how many clusters the tree would look at. Both are exact: the choice is one of time. */
#define _GNU_SOURCE
#include <omp.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ward/search.h"

enum {
    SAMPLE = 64, /* queries */
    FEW = 2048,  /* with fewer clusters the tree is as good as anything */
    SHARE = 5,   /* products, once the tree looks at a fifth of the clusters (doc/ward.md) */
    QUERIES =
        256, /* fewer queries than this, or products, are done in a millisecond or two: not worth waking threads */
    PRODUCTS = 1 << 26
};

static zsc_finder_kind forced = ZSC_FINDER_AUTO;

void zsc_finder_force(zsc_finder_kind kind) { forced = kind; }

static void choose(zsc_finder *f, const zsc_clusters *s, int threads)
{
    f->dense = forced == ZSC_FINDER_DENSE;
    if (s->live < FEW || forced != ZSC_FINDER_AUTO) return;
    size_t scanned = 0, asked = 0, step = s->m / SAMPLE;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(+ : scanned, asked)
    for (size_t q = 0; q < SAMPLE; q++) {
        zsc_near near;
        float *query = f->query + (size_t)omp_get_thread_num() * f->boxes.width;
        if (s->weight[q * step] == 0) continue;
        scanned += zsc_boxes_search(&f->boxes, s, (int32_t)(q * step), query, &near);
        asked++;
    }
    f->dense = scanned * SHARE > asked * f->boxes.blocks;
}

zsc_status zsc_finder_make(const zsc_clusters *s, int threads, zsc_finder *out)
{
    zsc_status status = ZSC_OK;
    zsc_finder f = {.planted = s->live};
    ZSC_TRY(zsc_boxes_make(s, threads, &f.boxes));
    ZSC_NEW(f.query, (size_t)threads * f.boxes.width);
    choose(&f, s, threads);
    if (f.dense) {
        zsc_boxes_free(&f.boxes);
        ZSC_TRY(zsc_dense_make(s, threads, &f.products));
    }
    *out = f;
    f = (zsc_finder){0};
done:
    zsc_finder_free(&f);
    return status;
}

void zsc_finder_free(zsc_finder *f)
{
    zsc_boxes_free(&f->boxes);
    zsc_dense_free(&f->products);
    free(f->query);
    *f = (zsc_finder){0};
}

static int by_place(const void *a, const void *b, void *data)
{
    const int32_t *place = data;
    int32_t x = place[*(const int32_t *)a], y = place[*(const int32_t *)b];
    return (x > y) - (x < y);
}

static void search_boxes(const zsc_finder *f, const zsc_clusters *s, const int32_t *slots, size_t count, int threads,
                         zsc_found_fn found, void *data)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (count > QUERIES)
    for (size_t q = 0; q < count; q++) {
        zsc_near near;
        zsc_boxes_search(&f->boxes, s, slots[q], f->query + (size_t)omp_get_thread_num() * f->boxes.width, &near);
        found(data, slots[q], &near);
    }
}

static void search_products(const zsc_finder *f, const zsc_clusters *s, const int32_t *slots, size_t count, int threads,
                            zsc_found_fn found, void *data)
{
    size_t size = count / (size_t)threads + 1;
    if (size > ZSC_DENSE_QUERIES) size = ZSC_DENSE_QUERIES;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (count * s->live * s->d > PRODUCTS)
    for (size_t start = 0; start < count; start += size) {
        zsc_near near[ZSC_DENSE_QUERIES];
        size_t here = start + size < count ? size : count - start;
        zsc_dense_search(&f->products, s, slots + start, here, omp_get_thread_num(), near);
        for (size_t q = 0; q < here; q++) found(data, slots[start + q], &near[q]);
    }
}

void zsc_finder_search(const zsc_finder *f, const zsc_clusters *s, int32_t *slots, size_t count, int threads,
                       zsc_found_fn found, void *data)
{
    /* Neighbours ask one after the other, so that what they look at is in the cache. */
    if (count > 2) qsort_r(slots, count, sizeof *slots, by_place, f->dense ? f->products.place : f->boxes.place);
    (f->dense ? search_products : search_boxes)(f, s, slots, count, threads, found, data);
}

zsc_status zsc_finder_merge(zsc_finder *f, const zsc_clusters *s, const zsc_merge *pair, size_t pairs, int threads)
{
    if (s->live > 1 && s->live * 3 < f->planted * 2) { /* a third is gone: worth building anew */
        f->planted = s->live;
        if (f->dense) {
            zsc_dense_free(&f->products);
            return zsc_dense_make(s, threads, &f->products);
        }
        zsc_boxes_free(&f->boxes);
        return zsc_boxes_make(s, threads, &f->boxes);
    }
    for (size_t p = 0; p < pairs; p++)
        if (f->dense)
            zsc_dense_merge(&f->products, s, pair[p].a, pair[p].b);
        else
            zsc_boxes_merge(&f->boxes, s, pair[p].a, pair[p].b);
    return ZSC_OK;
}
