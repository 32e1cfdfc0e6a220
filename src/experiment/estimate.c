/* What a sweep will need before it starts: rows are selected for real, the rest is arithmetic.
 *
 * Rates are those measured on two cores of a 2021 server processor (doc/performance.md), for one thread; time falls
 * with the number of threads. They are meant to tell minutes from hours, not seconds from seconds. */
#include <math.h>

#include "base/threads.h"
#include "experiment/pipeline/joint_knn.h"
#include "experiment/settings/run_options.h"
#include "experiment/sweep.h"

static const double READ = 5e8;       /* bytes per second, with selection and scaling; not a matter of threads */
static const double KNN_FLOPS = 9e10; /* multiply-adds per second of the exact search, n^2 d / 2 of them */
static const double TOGETHER = 0.35;  /* of that for concatenations that are searched together */
static const double INITIALISATION_ROWS = 5e4; /* rows per second of the graph and the initialisation */
static const double EDGE_UPDATES = 7.5e6;      /* edge updates per second of the layout at 50 dimensions */
static const double WARD_UNITS = 4e6;          /* n log2(n) per second */
static const double SCORE_ROWS = 2e6;          /* rows per second, all ranks */

static double run_seconds(const zsc_run_options *o, size_t n, size_t d, bool graph, bool tree, int threads)
{
    double rows = (double)n, dim = o->reduce == ZSC_REDUCE_NONE ? (double)d : (double)o->umap.n_components,
           seconds = rows / SCORE_ROWS;
    bool together = o->data.embedding_count > 1 && zsc_joint_knn_eligible(o);
    if (graph && o->reduce == ZSC_REDUCE_UMAP)
        seconds += rows * rows * (double)d / 2 / KNN_FLOPS * (together ? TOGETHER : 1);
    if (tree && o->reduce == ZSC_REDUCE_UMAP)
        seconds += rows / INITIALISATION_ROWS + rows * (double)o->umap.n_neighbors *
                                                    (double)zsc_umap_epochs(&o->umap, n) / 4 * dim / 50 / EDGE_UPDATES;
    if (tree) seconds += rows * log2(rows + 1) * dim / 50 / WARD_UNITS;
    return seconds / threads;
}

zsc_status zsc_sweep_estimate(const zsc_plan *plan, size_t first, const zsc_exec *exec, zsc_dataset_cache *cache,
                              zsc_estimate *out)
{
    const zsc_run_options *o = &plan->run[first].options;
    zsc_dataset_options select = o->data;
    zsc_dataset data = {0};
    select.rows_only = true;
    zsc_status status = zsc_dataset_load_with(&select, exec, cache, &data);
    if (status != ZSC_OK) return status;
    zsc_estimate e = {.rows = data.n, .dim = data.d, .bytes = zsc_run_memory(o, data.n, data.d, data.wide, exec)};
    e.seconds = (double)e.rows * (double)e.dim * sizeof(float) / READ;
    for (size_t r = first; r < plan->count && plan->run[r].input == plan->run[first].input; r++) {
        bool graph = r == first || plan->run[r].graph != plan->run[r - 1].graph,
             tree = r == first || plan->run[r].tree != plan->run[r - 1].tree;
        e.seconds += run_seconds(&plan->run[r].options, e.rows, e.dim, graph, tree, zsc_threads(exec));
    }
    zsc_dataset_free(&data);
    *out = e;
    return ZSC_OK;
}
