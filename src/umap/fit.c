/* The whole of UMAP: neighbours, graph, start, layout. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "linalg/distinct.h"
#include "umap/simd.h"
#include "umap/umap.h"
#include "zsc/pca.h"

/* --- Stages */
typedef struct work {
    const float *x;
    size_t n, d;
    const zsc_umap_options *options;
    const zsc_umap_part *part;
    const zsc_exec *exec;
    zsc_umap_report *report;
} work;

static double lap(double *clock)
{
    double before = *clock;
    return (*clock = zsc_clock()) - before;
}

/* Visits of edges in the epochs first .. last - 1: an edge of rate r has had floor(t r) by the end of epoch t. */
static double count_visits(const zsc_graph *g, size_t first, size_t last)
{
    double visits = 0, most = 0;
    for (size_t e = 0; e < g->offset[g->n]; e++) most = fmax(most, g->weight[e]);
    for (size_t e = 0; e < g->offset[g->n]; e++) {
        double rate = g->weight[e] / most;
        visits += floor(rate * (double)(last ? last - 1 : 0)) - floor(rate * (double)(first ? first - 1 : 0));
    }
    return visits;
}

static zsc_status describe(const work *w, const zsc_graph *graph, size_t last)
{
    zsc_status status = ZSC_OK;
    zsc_graph pruned = {0};
    int32_t *component = NULL;
    ZSC_TRY(zsc_graph_prune(graph, w->options, &pruned));
    ZSC_NEW_RAW(component, w->n);
    ZSC_TRY(zsc_graph_components(&pruned, component, &w->report->components));
    w->report->visits = count_visits(&pruned, w->part->first_epoch, last);
    w->report->rows = w->n;
done:
    free(component);
    zsc_graph_free(&pruned);
    return status;
}

/* The graph's digest into the report; ZSC_EUSAGE where the layout to be resumed was made with another. */
static zsc_status check_graph(const work *w, const zsc_graph *g)
{
    const uint64_t *expected = w->part->graph;
    uint64_t *own = w->report->graph;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, g->offset, (g->n + 1) * sizeof *g->offset);
    zsc_hash_add(hash, g->column, g->offset[g->n] * sizeof *g->column);
    zsc_hash_add(hash, g->weight, g->offset[g->n] * sizeof *g->weight);
    zsc_digest digest = zsc_hash_end(hash);
    own[0] = digest.high;
    own[1] = digest.low;
    if (!expected || (expected[0] == own[0] && expected[1] == own[1])) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE, "the layout was made with another graph of neighbours than this");
}

static zsc_status check_given(const work *w, size_t last)
{
    const zsc_knn *knn = w->part->knn;
    if (w->part->first_epoch > last || last > zsc_umap_epochs(w->options, w->n))
        return zsc_fail(ZSC_EUSAGE, "epochs %zu to %zu are not within the layout's 0 to %zu", w->part->first_epoch,
                        last, zsc_umap_epochs(w->options, w->n));
    if (knn && knn->n != w->n)
        return zsc_fail(ZSC_EINPUT, "the neighbours are those of %zu rows, and there are %zu", knn->n, w->n);
    for (size_t i = 0; knn && i < w->n * w->d; i++) /* the search would have looked */
        if (!isfinite(w->x[i]))
            return zsc_fail(ZSC_ENUMERIC, "row %zu holds %g in column %zu", i / w->d, (double)w->x[i], i % w->d);
    return ZSC_OK;
}

static zsc_status fit_rows(const work *w, float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_umap_options *o = w->options;
    zsc_knn own = {0};
    zsc_graph graph = {0};
    size_t n = w->n, k = o->n_neighbors < n ? o->n_neighbors : n > 1 ? n - 1 : 1;
    size_t last = w->part->last_epoch ? w->part->last_epoch : zsc_umap_epochs(o, n);
    zsc_umap_seconds *seconds = &w->report->seconds;
    double clock = zsc_clock();
    ZSC_TRY(check_given(w, last));
    if (!w->part->knn) {
        zsc_knn_options search = {.neighbors = k, .metric = o->metric, .method = o->knn, .seed = o->seed};
        ZSC_TRY(zsc_knn_search(w->x, n, w->d, &search, w->exec, &own));
    }
    const zsc_knn *knn = w->part->knn ? w->part->knn : &own;
    w->report->neighbors = knn->k;
    w->report->method = knn->method;
    seconds->knn = lap(&clock);
    ZSC_TRY(zsc_fuzzy_simplicial_set(knn, o->local_connectivity, o->set_op_mix_ratio, w->exec, NULL, NULL, &graph));
    zsc_knn_free(&own);
    ZSC_TRY(check_graph(w, &graph));
    ZSC_TRY(describe(w, &graph, last));
    seconds->graph = lap(&clock);
    w->report->converged = true;
    if (w->part->first_epoch == 0) ZSC_TRY(zsc_umap_start(&graph, w->x, w->d, o, w->exec, y, &w->report->converged));
    seconds->start = lap(&clock);
    ZSC_TRY(zsc_umap_layout(&graph, o, w->part->first_epoch, last, w->exec, y));
    seconds->layout = lap(&clock);
done:
    zsc_knn_free(&own);
    zsc_graph_free(&graph);
    return status;
}

static zsc_status fit_distinct(const work *w, float *y)
{
    zsc_status status = ZSC_OK;
    size_t d = w->d, dim = w->options->n_components;
    zsc_distinct rows_of = {0};
    float *rows = NULL, *places = NULL;
    if (w->part->knn)
        return zsc_fail(ZSC_EUSAGE, "unique searches for neighbours of the distinct rows: none can be given");
    ZSC_TRY(zsc_distinct_find(w->x, w->n, d, w->exec, &rows_of));
    ZSC_NEW_RAW(rows, rows_of.count * d);
    ZSC_NEW_RAW(places, rows_of.count * dim);
    for (size_t i = 0; i < rows_of.count; i++) {
        size_t first = (size_t)rows_of.first[i];
        memcpy(rows + i * d, w->x + first * d, d * sizeof *rows);
        memcpy(places + i * dim, y + first * dim, dim * sizeof *y); /* a given start, or an earlier epoch */
    }
    work inner = *w;
    inner.x = rows;
    inner.n = rows_of.count;
    ZSC_TRY(fit_rows(&inner, places));
    for (size_t i = 0; i < w->n; i++) memcpy(y + i * dim, places + (size_t)rows_of.group[i] * dim, dim * sizeof *y);
done:
    zsc_distinct_free(&rows_of);
    free(rows);
    free(places);
    return status;
}

zsc_status zsc_umap_fit_part(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                             const zsc_umap_part *part, const zsc_exec *exec, float *y, zsc_umap_report *report)
{
    zsc_status status = ZSC_OK;
    zsc_umap_part whole = {0};
    zsc_umap_report own = {.converged = true};
    work w = {x, n, d, options, part ? part : &whole, exec, &own};
    float *result = NULL;
    ZSC_TRY(zsc_umap_check(options));
    if (n > INT32_MAX) {
        status = zsc_fail(ZSC_EUSAGE, "%zu rows are more than the %d that can be numbered", n, INT32_MAX);
        goto done;
    }
    ZSC_TRY(zsc_memory_check(exec, zsc_umap_memory(n, d, options, exec), "UMAP"));
    size_t values = n * options->n_components;
    if (n > 0) {
        ZSC_NEW(result, values); /* y stays as it was if anything fails */
        if (options->init == ZSC_INIT_GIVEN || w.part->first_epoch) memcpy(result, y, values * sizeof *y);
        ZSC_TRY((options->unique ? fit_distinct : fit_rows)(&w, result));
        memcpy(y, result, values * sizeof *y);
    }
done:
    if (report) *report = own; /* of a failure too: the graph that was refused */
    free(result);
    return status;
}

zsc_status zsc_umap_fit(const float *x, size_t n, size_t d, const zsc_umap_options *options, const zsc_exec *exec,
                        float *y, zsc_umap_seconds *seconds)
{
    zsc_umap_report report = {0};
    zsc_status status = zsc_umap_fit_part(x, n, d, options, NULL, exec, y, &report);
    if (status == ZSC_OK && seconds) *seconds = report.seconds;
    return status;
}

/* --- Memory: the largest of the stages' needs beyond x. The union of two lists of k holds at most 2 k edges a row. */
size_t zsc_umap_memory(size_t n, size_t d, const zsc_umap_options *options, const zsc_exec *exec)
{
    size_t k = options->n_neighbors < n ? options->n_neighbors : n, dim = options->n_components;
    if ((double)n * (double)k > 0x1p56) return SIZE_MAX; /* no sum below can wrap then */
    size_t block = (dim + dim / 4 + 8 + ZSC_ROW - 1) / ZSC_ROW * ZSC_ROW;
    zsc_knn_options search = {.neighbors = k, .metric = options->metric, .method = options->knn, .seed = options->seed};
    size_t edges = 2 * n * k, graph = edges * 8 + n * 8, result = n * dim * 4;
    size_t knn = zsc_knn_memory(n, d, &search, exec), lists = n * k * 8;
    size_t making = lists + 2 * lists + n * 20 + graph;
    size_t start = 3 * graph + edges * 4 + n * dim * 12 + n * 24;
    if (options->init == ZSC_INIT_SPECTRAL) start += 2 * n * block * 4 + 40 * block * block * 8;
    if (options->init == ZSC_INIT_PCA) start += zsc_pca_memory(n, d, dim < d ? dim : d, exec);
    size_t layout = graph + zsc_layout_memory(n, dim, edges); /* with a pruned copy of the graph in it */
    size_t most = knn;
    if (most < making) most = making;
    if (most < start) most = start;
    if (most < layout) most = layout;
    return most + result + (options->unique ? n * (d * 4 + dim * 4) + zsc_distinct_memory(n) : 0);
}
