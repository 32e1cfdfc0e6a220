/* Single linkage: the edges of a minimum spanning tree of the rows are its merges (Gower and Ross 1969).
 *
 * Prim's algorithm with the distances computed as they are needed: each step computes those from the row added last to
 * all rows outside the tree. O(n^2 d) time, O(n d) memory. Ties: the first row is added first, by the edge found first.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/methods.h"

enum { BLOCK = 512, WORK = 1 << 25 }; /* rows in one unit of work; coordinates compared between two questions */

typedef struct best {
    double distance;
    int32_t at; /* position among the rows outside */
} best;

/* The rows outside the tree, kept contiguous, so that each step reads memory in order. */
typedef struct outside {
    size_t count, stride;
    zsc_metric metric;
    int threads;
    double *c;
    int32_t *row;     /* the distinct row */
    double *distance; /* zsc_ward_measure to the tree */
    int32_t *from;    /* the row of the tree that is nearest */
} outside;

/* Updates the distances of one block of rows with the newest row of the tree; returns the nearest of them. */
static best step(outside *o, size_t start, const double *newest, int32_t name)
{
    size_t end = start + BLOCK < o->count ? start + BLOCK : o->count;
    best b = {INFINITY, -1};
    for (size_t i = start; i < end; i++) {
        double distance = zsc_ward_measure(o->metric, o->c + i * o->stride, newest, o->stride);
        if (distance < o->distance[i]) {
            o->distance[i] = distance;
            o->from[i] = name;
        }
        if (b.at < 0 || o->distance[i] < b.distance || (o->distance[i] == b.distance && o->row[i] < o->row[b.at]))
            b = (best){o->distance[i], (int32_t)i};
    }
    return b;
}

static void remove_row(outside *o, size_t at)
{
    size_t last = --o->count;
    for (size_t j = 0; j < o->stride; j++) o->c[at * o->stride + j] = o->c[last * o->stride + j];
    o->row[at] = o->row[last];
    o->distance[at] = o->distance[last];
    o->from[at] = o->from[last];
}

zsc_status zsc_ward_run_single(const zsc_ward_points *points, const zsc_exec *exec, zsc_ward_merge *merges,
                               const char **how)
{
    zsc_status status = ZSC_OK;
    size_t m = points->m, stride = points->stride, blocks = (m + BLOCK - 1) / BLOCK;
    outside o = {.count = m, .stride = stride, .metric = points->metric, .threads = zsc_threads(exec), .c = points->c};
    best *found = NULL;
    double *newest = NULL;
    ZSC_NEW_RAW(o.row, m);
    ZSC_NEW_RAW(o.distance, m);
    ZSC_NEW_RAW(o.from, m);
    ZSC_NEW(found, blocks);
    ZSC_NEW(newest, stride);
    for (size_t i = 0; i < m; i++) {
        o.row[i] = (int32_t)i;
        o.distance[i] = INFINITY;
        o.from[i] = 0;
    }
    int32_t name = 0, at = 0;
    size_t work = WORK;
    for (size_t made = 0;; made++) {
        name = o.row[at];
        for (size_t j = 0; j < stride; j++) newest[j] = o.c[(size_t)at * stride + j];
        if (made > 0)
            merges[made - 1] = (zsc_ward_merge){
                points->first[o.from[at]], points->first[name],
                ldexp(zsc_ward_height_of(points->metric, o.distance[at]), points->exponent)};
        remove_row(&o, (size_t)at);
        if (o.count == 0) break;
        if (work >= WORK && !zsc_progress(exec, "clustering", (double)made, (double)m)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        work = (work < WORK ? work : 0) + o.count * stride;
        size_t units = (o.count + BLOCK - 1) / BLOCK;
#pragma omp parallel for schedule(static) num_threads(o.threads) if (units > 2)
        for (size_t b = 0; b < units; b++) found[b] = step(&o, b * BLOCK, newest, name);
        best least = found[0];
        for (size_t b = 1; b < units; b++)
            if (found[b].distance < least.distance ||
                (found[b].distance == least.distance && o.row[found[b].at] < o.row[least.at]))
                least = found[b];
        at = least.at;
    }
    *how = "single linkage: minimum spanning tree (Prim)";
done:
    free(o.row);
    free(o.distance);
    free(o.from);
    free(found);
    free(newest);
    return status;
}
