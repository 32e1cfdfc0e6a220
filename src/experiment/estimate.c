/* What a sweep will need before it starts: rows are selected for real, and the rest is arithmetic.
 *
 * Rates are those of one thread on a quiet core of an AMD EPYC server (doc/performance.md); time falls with the number
 * of threads, and is multiplied by how fast this machine does that kind of work, and is at the moment (speed.h). What
 * data decides (pairs that the neighbour search can leave out, merges that Ward finds at once) is taken as it is for
 * embeddings. */
#include <math.h>

#include "base/clock.h"
#include "base/program_memory.h"
#include "base/threads.h"
#include "experiment/pipeline/joint_knn.h"
#include "experiment/pipeline/stability.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/clusters_rule.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"
#include "experiment/sweep.h"
#include "umap/schedule.h"
#include "zsc/knn.h"

static const size_t SAMPLED = 512 << 20; /* bytes of all inputs' rows, at most, that are read to find repeated ones */
static const double READ = 7e8;          /* bytes per second, with selection and scaling; not a matter of threads */
static const double KNN_VALUES = 1.6e7;  /* values per second of what the exact search does to the matrix first */
static const double KNN_FLOPS = 4.6e11;  /* multiply-adds per second that it does or leaves out, n^2 d / 2 of them */
static const double CHECKED = 5e7; /* values per second that a search checks and hashes, on any number of threads */
static const double APPROXIMATE =
    4.4e-5;                          /* seconds per row of the approximate search, at 30 neighbours of 128 columns, */
static const double PROBED = 8e-12;  /* and for each other row, in whose block's place it may look */
static const double TOGETHER = 0.35; /* of that for concatenations that are searched together */
static const double INITIALISATION_ROWS = 9.5e4; /* rows per second of the graph and the initialisation, */
static const double INITIALISATION_ALONE = 0.45; /* of whose time so much is on one thread */
static const double EDGE_UPDATES = 1.6e7;        /* per second at 50 dimensions, n log2(k) of them in an epoch */
/* Beyond this size graphs become denser, and what was in the cache comes from memory. */
static const double LARGE = 50000; /* rows */
static const double DENSER = 0.06; /* the power of the rows that the work per row grows with */
static const double CACHE = 40e6,
                    FAR = 1.2;             /* bytes of half the way from all in it to none, which takes so much more */
static const double SEARCH_MEETINGS = 100; /* how often threads wait for each other in the search, and in */
static const double INITIALISATION_MEETINGS = 100; /* the initialisation */
static const double WARD_UNITS = 3.9e6;            /* n log2(n) per second, at 50 dimensions */
static const double WARD_MERGES = 3.3e5;           /* merges per second of LARGE rows, by one thread */
static const double WARD_FARTHER = 0.46;           /* the power of the rows that a merge takes longer by */
static const double SPECTRAL_PRODUCTS = 2e8;       /* n k (k + 50) per second of the eigensolver: 0.5e8 to 8e8 */
static const double PAIRS = 2.4e10;                /* multiply-adds per second of other products of all pairs of rows */
static const double TREE_VALUES = 7e6;             /* values per second of HDBSCAN's and k-means' cells and trees */
static const double HDBSCAN_NEAR = 0.2;            /* of the products of all pairs of rows, in UMAP's output, and */
static const double HDBSCAN_FAR = 2;               /* elsewhere, where bounds leave little out */
static const double KMEANS_NEAR = 0.2;             /* of the products of rows and centres, in UMAP's output, and */
static const double KMEANS_FAR = 2.5;              /* elsewhere, in each of */
static const double KMEANS_PASSES = 20;            /* iterations, with those of k-means++ */
static const double LEIDEN_NEIGHBORS = 1e6;        /* rows x neighbours per second and iteration of igraph, of */
static const double LEIDEN_ITERATIONS = 5;         /* these, where data has clusters */
static const double SCORE_ROWS = 4e6;              /* rows per second, all ranks */
static const double CURVE_ROWS = 2.5e6;            /* rows per second and rank of the scores of every cut */
static const double RANKS = 7;                     /* that a run scores */
static const double RESULT = 0.01;                 /* seconds for a result's file */

/* How much more the work of a row takes than one of LARGE rows. */
static double denser(double rows) { return pow(fmax(1, rows / LARGE), DENSER); }

/* How much longer what reads anywhere in ROWS x DIM floats takes than in LARGE rows. */
static double farther(double rows, double dim)
{
    if (zsc_umap_schedule_has_patches((size_t)rows)) return 1; /* which stay in the cache */
    const double bytes = rows * dim * sizeof(float), large = LARGE * dim * sizeof(float);
    return fmax(1, (1 + FAR * bytes / (bytes + CACHE)) / (1 + FAR * large / (large + CACHE)));
}

static bool finds_in_boxes(const zsc_run_options *o)
{
    return o->linkage == ZSC_WARD && o->reduce == ZSC_REDUCE_UMAP && o->clusterer == ZSC_AGGLOMERATIVE;
}

/* Of Ward's merges, by one thread of however many: clusters and boxes, anywhere in memory. */
static double merging_seconds(const zsc_run_options *o, double rows, double dim, const zsc_speed *speed)
{
    if (!finds_in_boxes(o)) return 0;
    return rows / WARD_MERGES * pow(rows / LARGE, WARD_FARTHER) * dim / 50 * speed->times[ZSC_WORK_TREES];
}

/* What data decides which linkage takes: in the plane of UMAP Ward finds its pairs in a tree of boxes. */
static double linkage_seconds(const zsc_run_options *o, double rows, double dim, const zsc_speed *speed)
{
    if (finds_in_boxes(o)) return rows * log2(rows + 1) * dim / 50 / WARD_UNITS * speed->times[ZSC_WORK_TREES];
    return rows * rows * (dim + 16) / PAIRS * speed->times[ZSC_WORK_SEARCH];
}

/* Of HDBSCAN: its trees, and the pairs of rows that they do not leave out (doc/hdbscan.md). */
static double hdbscan_seconds(const zsc_run_options *o, double rows, double dim, const zsc_speed *speed)
{
    double share = o->reduce == ZSC_REDUCE_UMAP ? HDBSCAN_NEAR : HDBSCAN_FAR;
    return rows * dim / TREE_VALUES * speed->times[ZSC_WORK_TREES] +
           share * rows * rows * (dim + 16) / PAIRS * speed->times[ZSC_WORK_SEARCH];
}

/* Of k-means: its tree, and in each iteration of each start the rows and centres that bounds do not leave out. */
static double kmeans_seconds(const zsc_run_options *o, double rows, double dim, double clusters, const zsc_speed *speed)
{
    double share = o->reduce == ZSC_REDUCE_UMAP ? KMEANS_NEAR : KMEANS_FAR,
           passes = fmin(KMEANS_PASSES, (double)o->kmeans.max_iter + 1) * (double)o->kmeans.n_init;
    return rows * dim / TREE_VALUES * speed->times[ZSC_WORK_TREES] +
           passes * share * rows * clusters * (dim + 16) / PAIRS * speed->times[ZSC_WORK_SEARCH];
}

/* Of the clusterer, by one thread: of K clusters where it is told how many. */
static double clustering_seconds(const zsc_run_options *o, double rows, double dim, double k, const zsc_speed *speed)
{
    const double pairs = rows * rows * dim / 2 / KNN_FLOPS * speed->times[ZSC_WORK_SEARCH];
    switch (o->clusterer) {
    case ZSC_HDBSCAN:
    case ZSC_LAYERS: return hdbscan_seconds(o, rows, dim, speed);
    case ZSC_KMEANS: return kmeans_seconds(o, rows, dim, k, speed);
    case ZSC_SPECTRAL: return pairs + rows * k * (k + 50) / SPECTRAL_PRODUCTS * speed->times[ZSC_WORK_START];
    case ZSC_LEIDEN: return pairs;
    case ZSC_AGGLOMERATIVE: break;
    }
    return linkage_seconds(o, rows, dim, speed);
}

/* Of igraph, which uses one thread of however many. */
static double leiden_seconds(const zsc_run_options *o, double rows, const zsc_speed *speed)
{
    if (o->clusterer != ZSC_LEIDEN) return 0;
    return rows * (double)o->spectral.n_neighbors * fmin(LEIDEN_ITERATIONS, (double)o->kmeans.max_iter) /
           LEIDEN_NEIGHBORS * speed->times[ZSC_WORK_TREES];
}

/* Of principal components: the smaller of covariance and Gram matrix, and its spectrum. */
static double pca_seconds(double rows, double dim, const zsc_speed *speed)
{
    double least = fmin(rows, dim);
    return (rows * dim * least / 2 + 10 * least * least * least) / PAIRS * speed->times[ZSC_WORK_SEARCH];
}

/* The weights of a row's edges sum to log2(k) before both directions are joined, whatever the data (umap/graph.c). */
static double layout_seconds(const zsc_run_options *o, double rows, const zsc_speed *speed)
{
    double epochs = (double)zsc_umap_epochs(&o->umap, (size_t)rows), dim = (double)o->umap.n_components;
    double updates = rows * log2((double)o->umap.n_neighbors) * epochs * (0.5 + 0.5 * dim / 50) * denser(rows) *
                     farther(rows, dim);
    double rounds = (double)zsc_umap_schedule_blocks((size_t)rows); /* after each of which threads wait */
    double start = rows / INITIALISATION_ROWS * denser(rows) * speed->times[ZSC_WORK_START];
    return start * (INITIALISATION_ALONE + (1 - INITIALISATION_ALONE) / speed->threads) +
           updates / EDGE_UPDATES * speed->times[ZSC_WORK_LAYOUT] / speed->threads +
           (INITIALISATION_MEETINGS + epochs * rounds) * speed->waiting;
}

/* Of the search by one thread: of rows that differ, exactly or not (knn.c, zsc_knn_choose; nn_descent.c). */
static double search_seconds(const zsc_run_options *o, double distinct, double dim, const zsc_speed *speed)
{
    const bool together = o->data.embedding_count > 1 && zsc_joint_knn_eligible(o);
    const zsc_knn_options search = {.neighbors = o->umap.n_neighbors, .metric = o->umap.metric, .method = o->umap.knn};
    if (!together && zsc_knn_choose((size_t)distinct, (size_t)dim, &search, NULL) == ZSC_KNN_APPROX)
        return distinct * (APPROXIMATE + distinct * PROBED) * (1 + dim / 128) / 2 *
               (1 + (double)o->umap.n_neighbors / 30) / 2 * speed->times[ZSC_WORK_SEARCH];
    return (distinct * dim / KNN_VALUES + distinct * distinct * dim / 2 / KNN_FLOPS) * (together ? TOGETHER : 1) *
           speed->times[ZSC_WORK_SEARCH];
}

/* Of --stability: the clusters of its subsamples, and the layouts and clusters of its other seeds. */
static double stability_seconds(const zsc_run_options *o, double rows, double dim, double k, const zsc_speed *speed)
{
    if (o->stability == 0) return 0;
    const bool draws = zsc_run_draws(zsc_setting_choice("reduce", o), zsc_clusterer_traits_of(o->clusterer)->name);
    const double part = rint(ZSC_STABILITY_SHARE * rows), samples = (double)o->stability, seeds = samples - 1;
    double seconds = samples * (clustering_seconds(o, part, dim, fmin(k, part), speed) / speed->threads +
                                merging_seconds(o, part, dim, speed) + leiden_seconds(o, part, speed));
    if (!draws) return seconds;
    if (o->reduce == ZSC_REDUCE_UMAP) seconds += seeds * layout_seconds(o, rows, speed);
    return seconds + seeds * (clustering_seconds(o, rows, dim, k, speed) / speed->threads +
                              merging_seconds(o, rows, dim, speed) + leiden_seconds(o, rows, speed));
}

/* The rows of an input, and how many of them differ. */
typedef struct counted {
    const zsc_dataset *data;
    double distinct;
} counted;

/* Seconds of what a run does by itself, of its graph, and of its tree. */
static double run_seconds(const zsc_run_options *o, const counted *of, bool graph, bool tree, const zsc_speed *speed)
{
    const zsc_dataset *data = of->data;
    const size_t n = data->n, d = data->d;
    double rows = (double)n, dim = o->reduce == ZSC_REDUCE_NONE ? (double)d : (double)o->umap.n_components,
           seconds = rows / SCORE_ROWS * speed->times[ZSC_WORK_TREES];
    if (graph && o->reduce == ZSC_REDUCE_UMAP) seconds += search_seconds(o, of->distinct, (double)d, speed);
    if (tree && o->reduce == ZSC_REDUCE_PCA) seconds += pca_seconds(rows, (double)d, speed);
    const double k = (double)zsc_clusters_most(o, data);
    if (tree || o->clusterer == ZSC_SPECTRAL) seconds += clustering_seconds(o, rows, dim, k, speed);
    if (o->curve) seconds += RANKS * rows / CURVE_ROWS * speed->times[ZSC_WORK_TREES];
    if (o->internal && o->internal_space != ZSC_SPACE_ORIGINAL)
        seconds += (RANKS + 1) * rows * rows * (dim + 16) / 2 / PAIRS * speed->times[ZSC_WORK_SEARCH];
    if (o->internal && o->internal_space != ZSC_SPACE_REDUCED)
        seconds += rows * rows * ((double)d + 16) / 2 / PAIRS * speed->times[ZSC_WORK_SEARCH];
    seconds = seconds / speed->threads + RESULT * fmax(1, speed->times[ZSC_WORK_TREES]);
    if (graph && o->reduce == ZSC_REDUCE_UMAP)
        seconds += SEARCH_MEETINGS * speed->waiting + rows * (double)d / CHECKED * speed->times[ZSC_WORK_SEARCH];
    if (tree && o->reduce == ZSC_REDUCE_UMAP) seconds += layout_seconds(o, rows, speed);
    if (tree) seconds += leiden_seconds(o, rows, speed) + merging_seconds(o, rows, dim, speed);
    return seconds + stability_seconds(o, rows, dim, k, speed);
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

/* The memory of the runs FIRST to LAST - 1: that of the one that needs most. */
static size_t input_memory(const zsc_plan *plan, size_t first, size_t last, const counted *of, bool typical,
                           const zsc_exec *exec)
{
    const zsc_dataset *data = of->data;
    size_t most = 0;
    for (size_t r = first; r < last; r++) {
        const zsc_run_options *o = &plan->run[r].options;
        const zsc_run_shape shape = {data->n,       data->d, data->wide,          zsc_clusters_most(o, data),
                                     r + 1 == last, typical, (size_t)of->distinct};
        size_t bytes = zsc_run_memory(o, &shape, exec);
        if (bytes > most) most = bytes;
    }
    return most;
}

/* What the runs FIRST to LAST - 1, of one input's rows, take by one clock. LOADED: seconds of selecting rows. */
static zsc_seconds input_seconds(const zsc_plan *plan, size_t first, size_t last, const bool *done, const counted *of,
                                 double loaded, const zsc_speed *speed)
{
    const zsc_dataset *data = of->data;
    double load = loaded + (double)data->n * (double)data->d * sizeof(float) / READ * speed->times[ZSC_WORK_TREES];
    zsc_seconds s = {.all = load};
    bool any = false;
    for (size_t r = first; r < last; r++) {
        const zsc_planned_run *run = &plan->run[r];
        bool graph = r == first || run->graph != run[-1].graph, tree = r == first || run->tree != run[-1].tree;
        s.all += run_seconds(&run->options, of, graph, tree, speed);
        any |= !done[r];
        graph = graph && is_needed(plan, done, first, last, r, false);
        tree = tree && is_needed(plan, done, first, last, r, true);
        if (!done[r] || graph || tree) s.left += run_seconds(&run->options, of, graph, tree, speed);
    }
    if (any) s.left += load;
    return s;
}

zsc_status zsc_sweep_estimate(const zsc_plan *plan, size_t first, const bool *done, const zsc_speed *wall,
                              const zsc_speed *cpu, const zsc_exec *exec, zsc_dataset_cache *cache, zsc_estimate *out)
{
    zsc_dataset_options select = plan->run[first].options.data;
    zsc_dataset data = {0};
    double began = zsc_clock(), cpu_began = zsc_cpu_clock();
    size_t last = input_end(plan, first);
    select.rows_only = true;
    double distinct;
    const size_t sample = SAMPLED / plan->inputs;
    zsc_status status = zsc_dataset_load_counted(&select, sample, exec, cache, &data, &distinct);
    if (status != ZSC_OK) return status;
    const counted of = {&data, isnan(distinct) ? (double)data.n : distinct};
    zsc_estimate e = {.rows = data.n,
                      .dim = data.d,
                      .distinct = (size_t)of.distinct,
                      .bytes = input_memory(plan, first, last, &of, true, exec),
                      .bytes_most = input_memory(plan, first, last, &of, false, exec),
                      .program = zsc_process_bytes("VmRSS:")};
    e.wall = input_seconds(plan, first, last, done, &of, zsc_clock() - began, wall);
    e.cpu = input_seconds(plan, first, last, done, &of, zsc_cpu_clock() - cpu_began, cpu);
    zsc_dataset_free(&data);
    *out = e;
    return ZSC_OK;
}
