/* A patch grows from one row by the row outside that is joined to it with the greatest sum of weights, until it is
 * full; where no edge leads out, it goes on from the first row that is in no patch. The next patch begins with a
 * neighbour of the earliest row that still has one outside, so that patches which follow one another are near, too. */
#include "umap/patches.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* A row outside the patch, and the sum of its weights when it was put into the queue: it may be there several times. */
typedef struct candidate {
    float weight;
    int32_t row;
} candidate;

typedef struct growing {
    const zsc_graph *graph;
    int32_t *position;             /* -1: in no patch yet */
    int32_t *order;                /* the rows that are in one */
    size_t count, exhausted, next; /* rows in the order; of which so many have no neighbour outside; where to look for a
                                    * row that is in no patch */
    float *joined;                 /* of rows outside: the sum of the weights of edges from the patch */
    candidate *queue;              /* a heap, the heaviest first */
    size_t queued, capacity;
} growing;

static bool before(candidate a, candidate b) { return a.weight > b.weight || (a.weight == b.weight && a.row < b.row); }

static zsc_status put(growing *w, candidate one)
{
    zsc_status status = ZSC_OK;
    if (w->queued == w->capacity) ZSC_TRY(zsc_grow(&w->queue, &w->capacity, w->queued + 1, sizeof *w->queue, "queue"));
    size_t k = w->queued++;
    for (; k > 0 && before(one, w->queue[(k - 1) / 2]); k = (k - 1) / 2) w->queue[k] = w->queue[(k - 1) / 2];
    w->queue[k] = one;
done:
    return status;
}

static candidate take(growing *w)
{
    const candidate first = w->queue[0], last = w->queue[--w->queued];
    size_t k = 0;
    for (size_t child; (child = 2 * k + 1) < w->queued; k = child) {
        if (child + 1 < w->queued && before(w->queue[child + 1], w->queue[child])) child++;
        if (!before(w->queue[child], last)) break;
        w->queue[k] = w->queue[child];
    }
    w->queue[k] = last;
    return first;
}

static zsc_status add(growing *w, int32_t row)
{
    zsc_status status = ZSC_OK;
    const zsc_graph *g = w->graph;
    w->position[row] = (int32_t)w->count;
    w->order[w->count++] = row;
    for (size_t e = g->offset[row]; e < g->offset[row + 1]; e++) {
        int32_t other = g->column[e];
        if (w->position[other] >= 0) continue;
        w->joined[other] += g->weight[e];
        ZSC_TRY(put(w, (candidate){w->joined[other], other}));
    }
done:
    return status;
}

static int32_t first_outside(growing *w)
{
    while (w->position[w->next] >= 0) w->next++;
    return (int32_t)w->next;
}

/* A neighbour of the earliest row that has one outside; else the first row outside. */
static int32_t begin(growing *w)
{
    const zsc_graph *g = w->graph;
    for (; w->exhausted < w->count; w->exhausted++) {
        const size_t row = (size_t)w->order[w->exhausted];
        for (size_t e = g->offset[row]; e < g->offset[row + 1]; e++)
            if (w->position[g->column[e]] < 0) return g->column[e];
    }
    return first_outside(w);
}

static zsc_status grow(growing *w, size_t rows)
{
    zsc_status status = ZSC_OK;
    const size_t end = w->graph->n - w->count < rows ? w->graph->n : w->count + rows;
    ZSC_TRY(add(w, begin(w)));
    while (w->count < end) {
        const int32_t row = w->queued ? take(w).row : first_outside(w);
        if (w->position[row] < 0) ZSC_TRY(add(w, row));
    }
    for (size_t k = 0; k < w->queued; k++) w->joined[w->queue[k].row] = 0;
    w->queued = 0;
done:
    return status;
}

zsc_status zsc_umap_patches(const zsc_graph *graph, size_t rows, zsc_polls *polls, int32_t *position)
{
    zsc_status status = ZSC_OK;
    growing w = {.graph = graph, .position = position};
    ZSC_NEW_RAW(w.order, graph->n);
    ZSC_NEW(w.joined, graph->n);
    for (size_t i = 0; i < graph->n; i++) position[i] = -1;
    while (w.count < graph->n) {
        if (!zsc_poll(polls, (double)w.count / (double)graph->n)) break;
        ZSC_TRY(grow(&w, rows));
    }
    status = zsc_polled(polls);
done:
    free(w.order);
    free(w.joined);
    free(w.queue);
    return status;
}
