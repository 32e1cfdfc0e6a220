/* zsc_leiden: checks, neighbours, their graph, its partition, and the quality of that. */
#include "zsc/leiden.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/options.h"
#include "leiden/igraph_partition.h"
#include "spectral/neighbor_graph.h"
#include "umap/graph.h"

static zsc_leiden_options whole_defaults(void)
{
    return (zsc_leiden_options){.n_neighbors = 10, .max_iter = 1000, .metric = ZSC_EUCLIDEAN};
}

void zsc_leiden_options_init(zsc_leiden_options *options, size_t size)
{
    const zsc_leiden_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

zsc_status zsc_leiden_check(const zsc_leiden_options *o)
{
    ZSC_OPTIONS(zsc_leiden_options, o, zsc_leiden_defaults());
    zsc_status status = zsc_leiden_check_library();
    if (status != ZSC_OK) return status;
    if (o->n_neighbors < 2) return zsc_fail(ZSC_EUSAGE, "n_neighbors is %zu, expected 2 or more", o->n_neighbors);
    if (o->max_iter < 1) return zsc_fail(ZSC_EUSAGE, "max_iter is 0, expected 1 or more");
    if (o->weights < ZSC_LEIDEN_FUZZY || o->weights > ZSC_LEIDEN_NEIGHBORS)
        return zsc_fail(ZSC_EUSAGE, "weights is %d, expected fuzzy or neighbors", (int)o->weights);
    if (o->objective < ZSC_LEIDEN_MODULARITY || o->objective > ZSC_LEIDEN_CPM)
        return zsc_fail(ZSC_EUSAGE, "objective is %d, expected modularity or cpm", (int)o->objective);
    if (!(o->resolution >= 0 && isfinite(o->resolution)))
        return zsc_fail(ZSC_EUSAGE, "resolution is %g, expected a finite number above 0", o->resolution);
    if (o->objective == ZSC_LEIDEN_CPM && o->resolution == 0)
        return zsc_fail(ZSC_EUSAGE,
                        "the constant Potts model (cpm) has no resolution of its own; give a resolution above 0");
    return ZSC_OK;
}

static size_t neighbors_of(size_t n, const zsc_leiden_options *o) { return o->n_neighbors < n ? o->n_neighbors : n; }

static zsc_knn_options search_of(size_t n, const zsc_leiden_options *o)
{
    zsc_knn_options search = zsc_knn_defaults();
    search.neighbors = neighbors_of(n, o);
    search.metric = o->metric;
    search.method = ZSC_KNN_EXACT;
    return search;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* --- Objectives */
static double resolution_of(const zsc_leiden_options *o) { return o->resolution > 0 ? o->resolution : 1; }

/* The sum of the weights of each row's edges; returns that of all. */
static double sum_weights(const zsc_graph *g, double *sum)
{
    double all = 0;
    for (size_t i = 0; i < g->n; i++) {
        sum[i] = 0;
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) sum[i] += g->weight[e];
        all += sum[i];
    }
    return all;
}

/* The objective of label. NODE has a number for each row, and ALL is the sum of all edges' weights, both ends. */
static zsc_status measure(const zsc_graph *g, const zsc_leiden_options *o, const double *node, double all,
                          zsc_leiden *found)
{
    zsc_status status = ZSC_OK;
    double *inside = NULL, *size = NULL, quality = 0;
    const double resolution = resolution_of(o);
    ZSC_NEW(inside, found->clusters);
    ZSC_NEW(size, found->clusters);
    for (size_t i = 0; i < g->n; i++) {
        size[found->label[i]] += node[i];
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            if (found->label[i] == found->label[g->column[e]]) inside[found->label[i]] += g->weight[e];
    }
    for (size_t c = 0; c < found->clusters; c++)
        quality += o->objective == ZSC_LEIDEN_CPM ? inside[c] / 2 - resolution * size[c] * (size[c] - 1) / 2
                                                  : inside[c] / all - resolution * (size[c] / all) * (size[c] / all);
    found->quality = quality;
done:
    free(inside);
    free(size);
    return status;
}

/* A graph that is one. */
static zsc_status partition(const zsc_graph *g, const zsc_leiden_options *o, const zsc_exec *exec, zsc_leiden *out)
{
    zsc_status status = ZSC_OK;
    zsc_leiden found = {.n = g->n};
    double *node = NULL, all;
    ZSC_TRY(
        zsc_memory_check(exec, zsc_leiden_partition_memory(g->n, g->offset[g->n]) + g->n * 36, "the Leiden algorithm"));
    ZSC_NEW_RAW(node, g->n);
    ZSC_NEW_RAW(found.label, g->n);
    all = sum_weights(g, node);
    for (size_t i = 0; i < g->n && o->objective == ZSC_LEIDEN_CPM; i++) node[i] = 1;
    if (all > 0) {
        const double resolution = resolution_of(o) / (o->objective == ZSC_LEIDEN_CPM ? 1 : all);
        const zsc_leiden_problem problem = {g, node, resolution, o->max_iter, o->seed};
        ZSC_TRY(zsc_leiden_partition(&problem, exec, &found));
        ZSC_TRY(measure(g, o, node, all, &found));
    } else {
        for (size_t i = 0; i < g->n; i++) found.label[i] = (int32_t)i;
        found.clusters = g->n;
        found.converged = true;
    }
    *out = found;
    found = (zsc_leiden){0};
done:
    zsc_leiden_free(&found);
    free(node);
    return status;
}

zsc_status zsc_leiden_cluster_graph(const zsc_graph *graph, const zsc_leiden_options *options, const zsc_exec *exec,
                                    zsc_leiden *out)
{
    ZSC_OPTIONS(zsc_leiden_options, options, zsc_leiden_defaults());
    zsc_leiden_options o = options ? *options : zsc_leiden_defaults();
    zsc_status status = zsc_leiden_check(&o);
    if (status == ZSC_OK) status = zsc_graph_check(graph);
    return status == ZSC_OK ? partition(graph, &o, exec, out) : status;
}

/* --- Rows */
static zsc_status make_graph(const float *x, size_t n, size_t d, const zsc_leiden_options *o, const zsc_exec *exec,
                             zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_knn_options search = search_of(n, o);
    ZSC_TRY(zsc_knn_search(x, n, d, &search, exec, &knn));
    const zsc_exec held = zsc_memory_hold(exec, n * knn.k * 8);
    if (o->weights == ZSC_LEIDEN_NEIGHBORS)
        status = zsc_spectral_neighbor_graph(&knn, out);
    else
        status = zsc_fuzzy_simplicial_set(&knn, 1, 1, &held, NULL, NULL, out);
done:
    zsc_knn_free(&knn);
    return status;
}

zsc_status zsc_leiden_cluster_rows(const float *x, size_t n, size_t d, const zsc_leiden_options *options,
                                   const zsc_exec *exec, zsc_leiden *out)
{
    ZSC_OPTIONS(zsc_leiden_options, options, zsc_leiden_defaults());
    zsc_status status = ZSC_OK;
    zsc_leiden_options o = options ? *options : zsc_leiden_defaults();
    zsc_graph graph = {0};
    ZSC_TRY(zsc_leiden_check(&o));
    ZSC_TRY(make_graph(x, n, d, &o, exec, &graph));
    const zsc_exec held = zsc_memory_hold(exec, zsc_umap_graph_memory(n, graph.offset[n]));
    status = partition(&graph, &o, &held, out);
done:
    zsc_graph_free(&graph);
    return status;
}

void zsc_leiden_free(zsc_leiden *l)
{
    if (!l) return;
    free(l->label);
    *l = (zsc_leiden){0};
}

size_t zsc_leiden_memory(size_t n, size_t d, const zsc_leiden_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_leiden_options, options, zsc_leiden_defaults());
    zsc_leiden_options o = options ? *options : zsc_leiden_defaults();
    const zsc_knn_options search = search_of(n, &o);
    const size_t k = neighbors_of(n, &o), entries = 2 * n * (k ? k - 1 : 0), graph = zsc_umap_graph_memory(n, entries);
    const size_t making = n * k * 8 + (o.weights == ZSC_LEIDEN_NEIGHBORS ? zsc_spectral_neighbor_graph_memory(n, k)
                                                                         : zsc_umap_graph_making(n, k, n * k, entries));
    return ZSC_MEMORY_REST + larger(larger(zsc_knn_memory(n, d, &search, exec), making),
                                    graph + zsc_leiden_partition_memory(n, entries) + n * 36);
}
