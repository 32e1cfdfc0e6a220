#include "experiment/speed.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/threads.h"
#include "zsc/knn.h"
#include "zsc/umap.h"

/* Seconds of one thread for an epoch of a row of the ring below, where estimate.c has its rates from. */
static const double ROW_EPOCH = 1.2e-7;

static const double LEAST = 0.05; /* seconds of one measurement: other processes take turns of some thousandths */

enum { FEW = 400, MANY = 6000, NEIGHBORS = 15, EPOCHS = 20, TIMES = 5 };
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

typedef struct ring {
    zsc_graph graph;
    float *y;
    int epochs;                     /* that are laid out at a time */
    double wall[TIMES], cpu[TIMES]; /* seconds of an epoch */
} ring;

static zsc_status ring_make(int n, const zsc_exec *exec, ring *out)
{
    zsc_status status = ZSC_OK;
    size_t values = (size_t)n * zsc_umap_defaults().n_components;
    ZSC_TRY(make_ring(n, exec, &out->graph));
    ZSC_NEW(out->y, values);
    out->epochs = EPOCHS;
    for (size_t i = 0; i < values; i++) out->y[i] = (float)((i * 2654435761u) % 1000) / 100;
done:
    return status;
}

static void ring_free(ring *r)
{
    zsc_graph_free(&r->graph);
    free(r->y);
}

/* EPOCHS at a time, fewer where these alone take longer than a measurement: slow processors, sanitizers. Not where
 * other processes make it so: a layout's schedule would then be most of what is measured. */
static zsc_status ring_time(ring *r, const zsc_exec *exec, int time)
{
    zsc_umap_options o = zsc_umap_defaults();
    double began = zsc_clock(), cpu = zsc_cpu_clock(), spent, epochs = 0, threads = zsc_threads(exec);
    o.n_epochs = 500;
    do {
        double before = zsc_cpu_clock();
        zsc_status status = zsc_umap_layout(&r->graph, &o, 1, 1 + r->epochs, exec, r->y);
        if (status != ZSC_OK) return status;
        epochs += r->epochs;
        spent = zsc_clock() - began;
        if (zsc_cpu_clock() - before > LEAST * threads) r->epochs = r->epochs > 2 ? r->epochs / 2 : 1;
    } while (spent < LEAST);
    r->wall[time] = spent / epochs;
    r->cpu[time] = (zsc_cpu_clock() - cpu) / epochs;
    return ZSC_OK;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value)
{
    qsort(value, TIMES, sizeof *value, by_value);
    return value[TIMES / 2];
}

typedef struct epoch_times {
    double alone, few, many; /* seconds of an epoch of MANY rows on one thread, and of both sizes on all */
} epoch_times;

/* An epoch takes rounds * waiting + rows * work. Two sizes give both, but badly where waiting is most of it: work is
 * between what one thread needs, divided among THREADS, and twice that (threads that share a core). */
static zsc_speed speed_of(const epoch_times *t, int threads, const zsc_machine_rates *rates)
{
    const double share = (double)FEW / MANY, least = t->alone / MANY / threads;
    double waiting = (t->few - t->many * share) / (FEW_ROUNDS - MANY_ROUNDS * share);
    double work = fmin(fmax((t->many - MANY_ROUNDS * waiting) / MANY, least), 2 * least);
    waiting = (t->few + t->many - (FEW + MANY) * work) / (FEW_ROUNDS + MANY_ROUNDS);
    zsc_speed speed = {.threads = threads, .waiting = fmax(0, waiting)};
    speed.busy = work * threads / (ROW_EPOCH * rates->times[ZSC_WORK_LAYOUT]);
    for (int kind = 0; kind < ZSC_WORKS; kind++) speed.times[kind] = rates->times[kind] * speed.busy;
    return speed;
}

/* The measurements take turns, and each counts with its median: another process that comes or goes meets all. */
zsc_status zsc_speed_measure(const zsc_exec *exec, zsc_speed *wall, zsc_speed *cpu)
{
    zsc_status status = ZSC_OK;
    zsc_exec one = {.threads = 1}, all = {.threads = exec->threads};
    ring alone = {0}, few = {0}, many = {0};
    zsc_machine_rates rates;
    ZSC_TRY(zsc_machine_rates_get(exec, &rates));
    ZSC_TRY(ring_make(MANY, &one, &alone));
    ZSC_TRY(ring_make(FEW, &all, &few));
    ZSC_TRY(ring_make(MANY, &all, &many));
    for (int time = 0; time < TIMES; time++) {
        ZSC_TRY(ring_time(&alone, &one, time));
        ZSC_TRY(ring_time(&few, &all, time));
        ZSC_TRY(ring_time(&many, &all, time));
    }
    *wall = speed_of(&(epoch_times){median(alone.wall), median(few.wall), median(many.wall)}, zsc_threads(exec),
                     &rates);
    *cpu = speed_of(&(epoch_times){median(alone.cpu), median(few.cpu), median(many.cpu)}, 1, &rates);
done:
    ring_free(&alone);
    ring_free(&few);
    ring_free(&many);
    return status;
}
