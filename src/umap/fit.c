/* UMAP from rows to layout, as one call; repeated rows once where that is asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/options.h"
#include "linalg/distinct.h"
#include "umap/graph.h"
#include "umap/stages.h"

typedef struct fit {
    const float *x;
    size_t n, d;
    const zsc_umap_options *options;
    const zsc_umap_part *part;
    const zsc_exec *exec;
    zsc_umap_report *report;
} fit;

static zsc_status describe(const fit *w, const zsc_graph *pruned, size_t last)
{
    zsc_status status = ZSC_OK;
    int32_t *component = NULL;
    ZSC_NEW_RAW(component, w->n);
    ZSC_TRY(zsc_graph_find_components(pruned, component, &w->report->components));
    w->report->edge_updates = zsc_umap_edge_updates(pruned, w->part->first_epoch, last);
    w->report->rows = w->n;
done:
    free(component);
    return status;
}

/* The graph's digest into the report; ZSC_EUSAGE where the layout to be resumed was made with another. */
static zsc_status check_graph(const fit *w, const zsc_graph *g)
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
    return zsc_fail(
        ZSC_EUSAGE,
        "the coordinates were laid out on another graph than this one; give the rows and options of that layout");
}

/* Of the graph as it is before weak edges are left out. */
static void find_disconnected(const fit *w, const zsc_graph *g)
{
    for (size_t i = 0; i < g->n; i++) {
        bool alone = g->offset[i] == g->offset[i + 1];
        w->report->disconnected += alone;
        if (w->part->disconnected) w->part->disconnected[i] = alone;
    }
}

static zsc_status check_given(const fit *w, size_t last)
{
    const zsc_knn *knn = w->part->knn;
    if (w->part->first_epoch > last || last > zsc_umap_epochs(w->options, w->n))
        return zsc_fail(ZSC_EUSAGE, "epochs %zu to %zu are not within the layout's 0 to %zu", w->part->first_epoch,
                        last, zsc_umap_epochs(w->options, w->n));
    if (knn && knn->n != w->n)
        return zsc_fail(ZSC_EINPUT, "the neighbours are of %zu rows; expected %zu", knn->n, w->n);
    if (!knn) return ZSC_OK; /* the search checks the rows */
    return zsc_check_finite(w->x, w->n, w->d, (zsc_boundary){"UMAP's input", NULL}, w->exec);
}

static zsc_status stage_finished(void *data, zsc_umap_stage stage, double seconds)
{
    zsc_umap_seconds *out = data;
    double *field[ZSC_UMAP_STAGES] = {
        [ZSC_UMAP_KNN] = &out->knn,
        [ZSC_UMAP_GRAPH] = &out->graph,
        [ZSC_UMAP_INITIALISATION] = &out->initialisation,
        [ZSC_UMAP_LAYOUT] = &out->layout,
    };
    *field[stage] = seconds;
    return ZSC_OK;
}

static zsc_status fit_rows(const fit *w, float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_umap_options *o = w->options;
    zsc_knn own = {0}, given = {0};
    zsc_graph graph = {0};
    size_t n = w->n, last = w->part->last_epoch ? w->part->last_epoch : zsc_umap_epochs(o, n);
    zsc_umap_work stages = {.x = w->x,
                            .n = n,
                            .d = w->d,
                            .options = o,
                            .exec = w->exec,
                            .neighbors = o->n_neighbors < n ? o->n_neighbors
                                         : n > 1            ? n - 1
                                                            : 1,
                            .knn = &own,
                            .consume_knn = !w->part->knn,
                            .labels = w->part->labels,
                            .graph = &graph,
                            .consume_graph = true,
                            .y = y,
                            .first_epoch = w->part->first_epoch,
                            .last_epoch = last,
                            .converged = true,
                            .finished = stage_finished,
                            .data = &w->report->seconds};
    ZSC_TRY(check_given(w, last));
    if (w->part->knn) {
        given = *w->part->knn;
        stages.knn = &given;
    }
    ZSC_TRY(zsc_umap_run_stages(&stages, ZSC_UMAP_KNN, ZSC_UMAP_KNN));
    w->report->neighbors = stages.knn->k;
    w->report->method = stages.knn->method;
    ZSC_TRY(zsc_umap_run_stages(&stages, ZSC_UMAP_GRAPH, ZSC_UMAP_GRAPH));
    ZSC_TRY(check_graph(w, &graph));
    find_disconnected(w, &graph);
    ZSC_TRY(zsc_umap_work_prune(&stages));
    ZSC_TRY(describe(w, &stages.pruned, last));
    ZSC_TRY(zsc_umap_run_stages(&stages, w->part->first_epoch ? ZSC_UMAP_LAYOUT : ZSC_UMAP_INITIALISATION,
                                ZSC_UMAP_LAYOUT));
    w->report->converged = stages.converged;
done:
    zsc_knn_free(&own);
    zsc_graph_free(&graph);
    zsc_graph_free(&stages.pruned);
    return status;
}

static zsc_status fit_distinct(const fit *w, float *y)
{
    zsc_status status = ZSC_OK;
    size_t d = w->d, dim = w->options->n_components;
    zsc_distinct rows_of = {0};
    float *rows = NULL, *coordinates = NULL;
    int32_t *labels = NULL;
    bool *disconnected = NULL;
    zsc_umap_part part = *w->part;
    if (w->part->knn)
        return zsc_fail(ZSC_EUSAGE, "unique needs the neighbours of the distinct rows, which are searched: give unique "
                                    "or neighbours, not both");
    ZSC_TRY(zsc_memory_check(w->exec, zsc_distinct_memory(w->n), "UMAP"));
    ZSC_TRY(zsc_distinct_find(w->x, w->n, d, w->exec, &rows_of));
    ZSC_TRY(zsc_memory_check(w->exec, zsc_distinct_kept(w->n) + rows_of.count * (d + dim) * sizeof *rows, "UMAP"));
    ZSC_NEW_RAW(rows, rows_of.count * d);
    ZSC_NEW_RAW(coordinates, rows_of.count * dim);
    for (size_t i = 0; i < rows_of.count; i++) {
        size_t first = (size_t)rows_of.first[i];
        memcpy(rows + i * d, w->x + first * d, d * sizeof *rows);
        memcpy(coordinates + i * dim, y + first * dim,
               dim * sizeof *y); /* a given initialisation, or an earlier epoch */
    }
    const zsc_exec held = zsc_memory_hold(w->exec, zsc_distinct_kept(w->n) +
                                                       rows_of.count * (d * sizeof *rows + dim * sizeof *coordinates));
    if (part.labels) {
        ZSC_NEW_RAW(labels, rows_of.count);
        for (size_t i = 0; i < rows_of.count; i++) labels[i] = part.labels[rows_of.first[i]];
        part.labels = labels;
    }
    if (part.disconnected) {
        ZSC_NEW(disconnected, rows_of.count);
        part.disconnected = disconnected;
    }
    fit inner = *w;
    inner.part = &part;
    inner.exec = &held;
    inner.x = rows;
    inner.n = rows_of.count;
    ZSC_TRY(fit_rows(&inner, coordinates));
    for (size_t i = 0; i < w->n; i++)
        memcpy(y + i * dim, coordinates + (size_t)rows_of.group[i] * dim, dim * sizeof *y);
    for (size_t i = 0; disconnected && i < w->n; i++) w->part->disconnected[i] = disconnected[rows_of.group[i]];
done:
    zsc_distinct_free(&rows_of);
    free(rows);
    free(coordinates);
    free(labels);
    free(disconnected);
    return status;
}

/* Lists of neighbours twice, unless rows may be repeated: a graph is made from them. */
static size_t least_memory(const fit *w)
{
    size_t k = w->options->n_neighbors < w->n ? w->options->n_neighbors : w->n;
    if (w->options->unique) return zsc_distinct_memory(w->n);
    return (double)w->n * (double)k > 0x1p56 ? SIZE_MAX : w->n * k * 16;
}

zsc_status zsc_umap_fit_part(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                             const zsc_umap_part *part, const zsc_exec *exec, float *y, zsc_umap_report *report)
{
    ZSC_OPTIONS(zsc_umap_options, options, zsc_umap_defaults());
    zsc_status status = ZSC_OK;
    zsc_umap_part whole = {0};
    zsc_umap_report own = {.converged = true};
    fit w = {x, n, d, options, part ? part : &whole, exec, &own};
    float *result = NULL;
    ZSC_TRY(zsc_umap_check(options));
    if (n > INT32_MAX) {
        status = zsc_fail(ZSC_EUSAGE, "cannot lay out %zu rows; the most is %d", n, INT32_MAX);
        goto done;
    }
    size_t values = n * options->n_components;
    ZSC_TRY(zsc_memory_expect(exec, least_memory(&w), zsc_umap_memory(n, d, options, exec), "UMAP"));
    const zsc_exec inner = zsc_memory_hold(exec, values * sizeof *y);
    w.exec = &inner;
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
    ZSC_OPTIONS(zsc_umap_options, options, zsc_umap_defaults());
    zsc_umap_report report = {0};
    zsc_status status = zsc_umap_fit_part(x, n, d, options, NULL, exec, y, &report);
    if (status == ZSC_OK && seconds) *seconds = report.seconds;
    return status;
}
