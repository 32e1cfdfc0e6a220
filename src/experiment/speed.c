#include "experiment/speed.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/threads.h"
#include "zsc/knn.h"
#include "zsc/umap.h"

/* Seconds of one thread for an epoch of a row of the ring below, on the processors of doc/performance.md. */
static const double ROW_EPOCH = 4.5e-7;

static const double LEAST = 0.3; /* seconds for each size: other processes take turns of some hundredths */

enum { FEW = 400, MANY = 6000, NEIGHBORS = 15, EPOCHS = 20 };
/* An epoch has as many rounds, after each of which threads wait for each other: umap/layout.c, block_count. */
enum { FEW_ROUNDS = 5, MANY_ROUNDS = 17 };

/* N rows on a ring, the nearest being neighbours: a layout whose steps are those of any other. */
static zsc_status make_ring(int n, const zsc_exec *exec, zsc_graph *graph)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {.n = (size_t)n, .k = NEIGHBORS};
    ZSC_NEW(knn.index, knn.n * NEIGHBORS);
    ZSC_NEW(knn.distance, knn.n * NEIGHBORS);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < NEIGHBORS; j++) {
            int step = (j + 1) / 2;
            knn.index[i * NEIGHBORS + j] = (i + (j % 2 ? step : n - step)) % n;
            knn.distance[i * NEIGHBORS + j] = (float)step;
        }
    status = zsc_fuzzy_simplicial_set(&knn, 1, 1, exec, NULL, NULL, graph);
done:
    zsc_knn_free(&knn);
    return status;
}

/* Seconds of an epoch of a ring of N rows. */
static zsc_status time_epoch(int n, const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    zsc_umap_options o = zsc_umap_defaults();
    zsc_exec quiet = {.threads = exec->threads};
    zsc_graph graph = {0};
    float *y = NULL;
    size_t calls = 0, values = (size_t)n * o.n_components;
    double began, spent = 0;
    o.n_epochs = 500;
    ZSC_TRY(make_ring(n, &quiet, &graph));
    ZSC_NEW(y, values);
    for (size_t i = 0; i < values; i++) y[i] = (float)((i * 2654435761u) % 1000) / 100;
    began = zsc_clock();
    do {
        ZSC_TRY(zsc_umap_layout(&graph, &o, 1, 1 + EPOCHS, &quiet, y));
        calls++;
        spent = zsc_clock() - began;
    } while (spent < LEAST);
    *out = spent / ((double)calls * EPOCHS);
done:
    zsc_graph_free(&graph);
    free(y);
    return status;
}

/* An epoch takes rounds * waiting + rows * work: two sizes give both. */
zsc_status zsc_speed_measure(const zsc_exec *exec, zsc_speed *out)
{
    double threads = zsc_threads(exec), few = 0, many = 0;
    const double share = (double)FEW / MANY;
    zsc_status status = time_epoch(FEW, exec, &few);
    if (status == ZSC_OK) status = time_epoch(MANY, exec, &many);
    if (status != ZSC_OK) return status;
    double waiting = fmax(0, (few - many * share) / (FEW_ROUNDS - MANY_ROUNDS * share));
    double work = fmax(many - MANY_ROUNDS * waiting, many / 10);
    *out = (zsc_speed){work / MANY * threads / ROW_EPOCH, waiting};
    return ZSC_OK;
}
