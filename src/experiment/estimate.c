/* What a sweep will need before it starts: rows are selected for real, and the rest is arithmetic.
 *
 * Rates are those measured on two cores of a 2021 server processor (doc/performance.md), for one thread; time falls
 * with the number of threads, and is multiplied by how fast this machine is at the moment (speed.h). What data decides
 * (pairs that the neighbour search can leave out, merges that Ward finds at once) is taken as it is for embeddings. */
#include <math.h>

#include "base/clock.h"
#include "base/threads.h"
#include "experiment/pipeline/joint_knn.h"
#include "experiment/settings/run_options.h"
#include "experiment/sweep.h"

static const double READ = 5e8;       /* bytes per second, with selection and scaling; not a matter of threads */
static const double KNN_FLOPS = 9e10; /* multiply-adds per second of the exact search, n^2 d / 2 of them */
static const double TOGETHER = 0.35;  /* of that for concatenations that are searched together */
static const double INITIALISATION_ROWS = 5e4;     /* rows per second of the graph and the initialisation */
static const double EDGE_UPDATES = 8e6;            /* edge updates per second of the layout at 50 dimensions */
static const double SEARCH_MEETINGS = 100;         /* how often threads wait for each other in the search, and in */
static const double INITIALISATION_MEETINGS = 100; /* the initialisation */
static const double WARD_UNITS = 2e6;              /* n log2(n) per second, at 50 dimensions */
static const double PAIRS = 2e10;                  /* multiply-adds per second of other products of all pairs of rows */
static const double SCORE_ROWS = 2e6;              /* rows per second, all ranks */
static const double CURVE_ROWS = 2e5;              /* rows per second and rank of the scores of every cut */
static const double RANKS = 7;                     /* that a run scores */
static const double RESULT = 0.01;                 /* seconds for a result's file, and bytes per second beside */

/* What data decides which linkage takes: in the plane of UMAP Ward finds its pairs in a tree of boxes. */
static double linkage_seconds(const zsc_run_options *o, double rows, double dim, const zsc_speed *speed)
{
    bool boxes = o->linkage == ZSC_WARD && o->reduce == ZSC_REDUCE_UMAP;
    if (boxes) return rows * log2(rows + 1) * dim / 50 / WARD_UNITS * speed->slowdown;
    return rows * rows * (dim + 16) / PAIRS * speed->slowdown;
}

/* Of principal components: the smaller of covariance and Gram matrix, and its spectrum. */
static double pca_seconds(double rows, double dim, const zsc_speed *speed)
{
    double least = fmin(rows, dim);
    return (rows * dim * least / 2 + 10 * least * least * least) / PAIRS * speed->slowdown;
}

static double layout_seconds(const zsc_run_options *o, double rows, int threads, const zsc_speed *speed)
{
    double epochs = (double)zsc_umap_epochs(&o->umap, (size_t)rows), dim = (double)o->umap.n_components;
    double updates = rows * (double)o->umap.n_neighbors * epochs / 4 * (0.3 + 0.7 * dim / 50);
    double meetings = INITIALISATION_MEETINGS + epochs * (1 + sqrt(rows / 16)); /* rounds of an epoch: umap/layout.c */
    return (rows / INITIALISATION_ROWS + updates / EDGE_UPDATES) * speed->slowdown / threads +
           meetings * speed->waiting;
}

/* Seconds of what a run does by itself, of its graph, and of its tree. */
static double run_seconds(const zsc_run_options *o, size_t n, size_t d, bool graph, bool tree, int threads,
                          const zsc_speed *speed)
{
    double rows = (double)n, dim = o->reduce == ZSC_REDUCE_NONE ? (double)d : (double)o->umap.n_components,
           seconds = rows / SCORE_ROWS * speed->slowdown;
    bool together = o->data.embedding_count > 1 && zsc_joint_knn_eligible(o);
    if (graph && o->reduce == ZSC_REDUCE_UMAP)
        seconds += rows * rows * (double)d / 2 / KNN_FLOPS * (together ? TOGETHER : 1) * speed->slowdown;
    if (tree && o->reduce == ZSC_REDUCE_PCA) seconds += pca_seconds(rows, (double)d, speed);
    if (tree) seconds += linkage_seconds(o, rows, dim, speed);
    if (o->curve) seconds += RANKS * rows / CURVE_ROWS * speed->slowdown;
    if (o->internal) seconds += (RANKS + 1) * rows * rows * (dim + 16) / 2 / PAIRS * speed->slowdown;
    seconds = seconds / threads + RESULT * fmax(1, speed->slowdown);
    if (graph && o->reduce == ZSC_REDUCE_UMAP) seconds += SEARCH_MEETINGS * speed->waiting;
    if (tree && o->reduce == ZSC_REDUCE_UMAP) seconds += layout_seconds(o, rows, threads, speed);
    return seconds;
}

/* Whether any of the runs FIRST to LAST - 1 that share the same graph, or tree, as R is to do. */
static bool is_needed(const zsc_plan *plan, const bool *done, size_t first, size_t last, size_t r, bool tree)
{
    for (size_t i = first; i < last; i++)
        if (!done[i] && (tree ? plan->run[i].tree == plan->run[r].tree : plan->run[i].graph == plan->run[r].graph))
            return true;
    return false;
}

static size_t input_end(const zsc_plan *plan, size_t first)
{
    size_t last = first;
    while (last < plan->count && plan->run[last].input == plan->run[first].input) last++;
    return last;
}

zsc_status zsc_sweep_estimate(const zsc_plan *plan, size_t first, const bool *done, const zsc_speed *speed,
                              const zsc_exec *exec, zsc_dataset_cache *cache, zsc_estimate *out)
{
    const zsc_run_options *o = &plan->run[first].options;
    zsc_dataset_options select = o->data;
    zsc_dataset data = {0};
    double began = zsc_clock();
    size_t last = input_end(plan, first);
    select.rows_only = true;
    zsc_status status = zsc_dataset_load_with(&select, exec, cache, &data);
    if (status != ZSC_OK) return status;
    zsc_estimate e = {.rows = data.n, .dim = data.d, .bytes = zsc_run_memory(o, data.n, data.d, data.wide, exec)};
    double load = zsc_clock() - began + (double)e.rows * (double)e.dim * sizeof(float) / READ * speed->slowdown;
    bool any = false;
    for (size_t r = first; r < last; r++) {
        const zsc_planned_run *run = &plan->run[r];
        bool graph = r == first || run->graph != run[-1].graph, tree = r == first || run->tree != run[-1].tree;
        e.seconds += run_seconds(&run->options, e.rows, e.dim, graph, tree, zsc_threads(exec), speed);
        any |= !done[r];
        graph = graph && is_needed(plan, done, first, last, r, false);
        tree = tree && is_needed(plan, done, first, last, r, true);
        if (!done[r] || graph || tree)
            e.seconds_left += run_seconds(&run->options, e.rows, e.dim, graph, tree, zsc_threads(exec), speed);
    }
    e.seconds += load;
    if (any) e.seconds_left += load;
    zsc_dataset_free(&data);
    *out = e;
    return ZSC_OK;
}
