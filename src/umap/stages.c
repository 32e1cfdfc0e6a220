/* UMAP's stages: neighbours, fuzzy graph, initialisation, layout; how each is run. */
#include "umap/stages.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/options.h"
#include "umap/graph.h"
#include "umap/init.h"
#include "umap/layout.h"
#include "umap/umap_memory.h"

/* --- Running */
static zsc_knn_options search_options(const zsc_umap_options *o, size_t neighbors)
{
    return (zsc_knn_options){.neighbors = neighbors, .metric = o->metric, .method = o->knn, .seed = o->seed};
}

static zsc_status run_knn(zsc_umap_work *w)
{
    zsc_knn_options search = search_options(w->options, w->neighbors);
    return zsc_knn_search_kept(w->x, w->n, w->d, &search, w->knn_keeper, w->exec, w->knn);
}

size_t zsc_umap_held_memory(const zsc_knn *knn, const zsc_graph *graph)
{
    size_t lists = knn->index ? knn->n * knn->k * 8 : 0;
    return lists + (graph->offset ? zsc_umap_graph_memory(graph->n, graph->offset[graph->n]) : 0);
}

/* EXEC, with neighbours and graphs that are there, and without rows that were freed. */
static zsc_exec held(const zsc_umap_work *w)
{
    zsc_exec exec = *w->exec;
    if (w->free_rows && !w->x) exec.memory_held -= w->n * w->d * sizeof *w->x;
    size_t bytes = ZSC_MEMORY_REST + zsc_umap_held_memory(w->knn, w->graph);
    if (w->pruned.offset) bytes += zsc_umap_graph_memory(w->pruned.n, w->pruned_edges);
    return zsc_memory_hold(&exec, bytes);
}

/* A copy of the lists in which far neighbours are none: the lists themselves may serve other layouts. */
static zsc_status disconnect(const zsc_knn *knn, double distance, const zsc_exec *exec, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    zsc_knn copy = {.n = knn->n, .k = knn->k, .method = knn->method};
    size_t pairs = knn->n * knn->k;
    ZSC_TRY(zsc_memory_check(exec, pairs * 8, "UMAP's graph"));
    ZSC_NEW_RAW(copy.index, pairs);
    ZSC_NEW_RAW(copy.distance, pairs);
    memcpy(copy.index, knn->index, pairs * sizeof *copy.index);
    memcpy(copy.distance, knn->distance, pairs * sizeof *copy.distance);
    zsc_knn_disconnect(&copy, distance);
    *out = copy;
    copy = (zsc_knn){0};
done:
    zsc_knn_free(&copy);
    return status;
}

static zsc_status supervise(zsc_umap_work *w, const zsc_exec *exec)
{
    zsc_graph supervised = {0};
    zsc_status status = zsc_umap_graph_supervise(w->graph, w->labels, w->options->target_weight, exec, &supervised);
    if (status != ZSC_OK) return status;
    zsc_graph_free(w->graph);
    *w->graph = supervised;
    return ZSC_OK;
}

static zsc_status run_graph(zsc_umap_work *w)
{
    zsc_status status = ZSC_OK;
    const zsc_umap_options *o = w->options;
    zsc_knn near = {0};
    const zsc_exec exec = held(w);
    bool cut = o->disconnection_distance > 0 && isfinite(o->disconnection_distance);
    if (cut) ZSC_TRY(disconnect(w->knn, o->disconnection_distance, &exec, &near));
    const zsc_exec inner = zsc_memory_hold(&exec, cut ? near.n * near.k * 8 : 0);
    if (cut || w->consume_knn)
        ZSC_TRY(
            zsc_umap_graph_consume(cut ? &near : w->knn, o->local_connectivity, o->set_op_mix_ratio, &inner, w->graph));
    else
        ZSC_TRY(
            zsc_fuzzy_simplicial_set(w->knn, o->local_connectivity, o->set_op_mix_ratio, &inner, NULL, NULL, w->graph));
    if (w->consume_knn) zsc_knn_free(w->knn);
    if (w->labels) {
        const zsc_exec made = zsc_memory_hold(w->exec, ZSC_MEMORY_REST + zsc_umap_held_memory(w->knn, &(zsc_graph){0}));
        ZSC_TRY(supervise(w, &made));
    }
done:
    zsc_knn_free(&near);
    return status;
}

static zsc_status run_initialisation(zsc_umap_work *w)
{
    zsc_status status = zsc_umap_work_prune(w);
    if (status != ZSC_OK) return status;
    const zsc_exec exec = held(w);
    zsc_umap_rows rows = {.x = w->x, .d = w->d, .free = w->free_rows, .owner = w->rows_owner};
    status = zsc_umap_initialise_pruned(&w->pruned, &rows, w->options, &exec, w->y, &w->converged);
    w->x = rows.x;
    return status;
}

static zsc_status run_layout(zsc_umap_work *w)
{
    zsc_status status = zsc_umap_work_prune(w);
    if (status != ZSC_OK) return status;
    const zsc_exec exec = held(w);
    return zsc_umap_layout_pruned(&w->pruned, w->options, w->first_epoch, w->last_epoch, w->keeper, &exec, w->y);
}

static bool always(const zsc_umap_work *w)
{
    (void)w;
    return true;
}
static bool no_neighbours(const zsc_umap_work *w) { return !w->knn->index; }
static bool no_graph(const zsc_umap_work *w) { return !w->graph->offset; }

/* --- The table */
static const struct {
    const char *field; /* of its seconds in results; on the terminal */
    bool (*needed)(const zsc_umap_work *work);
    zsc_status (*run)(zsc_umap_work *work);
} stages[ZSC_UMAP_STAGES] = {
    [ZSC_UMAP_KNN] = {"knn", no_neighbours, run_knn},
    [ZSC_UMAP_GRAPH] = {"graph", no_graph, run_graph},
    [ZSC_UMAP_INITIALISATION] = {"start", always, run_initialisation},
    [ZSC_UMAP_LAYOUT] = {"layout", always, run_layout},
};

const char *zsc_umap_stage_field(zsc_umap_stage stage) { return stages[stage].field; }

zsc_status zsc_umap_work_prune(zsc_umap_work *w)
{
    if (w->pruned.offset) return ZSC_OK;
    zsc_status status = ZSC_OK;
    w->pruned_edges = w->graph->offset[w->graph->n];
    if (w->consume_graph) {
        w->pruned = *w->graph;
        *w->graph = (zsc_graph){0};
        zsc_umap_graph_prune_in_place(&w->pruned, w->options);
    } else {
        status = zsc_umap_graph_prune(w->graph, w->options, &w->pruned);
        if (status == ZSC_OK) w->pruned_edges = w->pruned.offset[w->pruned.n];
    }
    return status;
}

zsc_status zsc_umap_run_stages(zsc_umap_work *w, zsc_umap_stage first, zsc_umap_stage last)
{
    zsc_status status = ZSC_OK;
    for (zsc_umap_stage s = first; s <= last && status == ZSC_OK; s++) {
        double began = zsc_clock();
        if (!stages[s].needed(w)) continue;
        status = stages[s].run(w);
        if (status == ZSC_OK && w->finished) status = w->finished(w->data, s, zsc_clock() - began);
    }
    if (status != ZSC_OK) zsc_graph_free(&w->pruned);
    return status;
}

size_t zsc_umap_memory(size_t n, size_t d, const zsc_umap_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_umap_options, options, zsc_umap_defaults());
    const zsc_umap_shape shape = {.n = n, .d = d, .options = options, .keeps_rows = true};
    const size_t most = zsc_umap_shape_memory(&shape, exec);
    return most < SIZE_MAX ? most - n * d * sizeof(float) : SIZE_MAX;
}
