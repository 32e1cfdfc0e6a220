/* zsc_spectral: checks, neighbours, their graph, eigenvectors, and labels by k-means or QR. */
#include "zsc/spectral.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/options.h"
#include "linalg/distinct.h"
#include "spectral/cluster_qr.h"
#include "spectral/embedding.h"
#include "spectral/neighbor_graph.h"
#include "zsc/kmeans.h"

static zsc_spectral_options whole_defaults(void)
{
    return (zsc_spectral_options){
        .clusters = 8, .n_neighbors = 10, .n_init = 10, .assign_labels = ZSC_SPECTRAL_KMEANS, .metric = ZSC_EUCLIDEAN};
}

void zsc_spectral_options_init(zsc_spectral_options *options, size_t size)
{
    const zsc_spectral_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static zsc_status check(size_t n, const zsc_spectral_options *o)
{
    if (n < 2) return zsc_fail(ZSC_EUSAGE, "%zu row%s: spectral clustering needs at least 2", n, n == 1 ? "" : "s");
    if (o->clusters < 1 || o->clusters >= n)
        return zsc_fail(ZSC_EUSAGE, "cannot make %zu spectral clusters of %zu rows; expected 1 to %zu", o->clusters, n,
                        n ? n - 1 : 0);
    if (o->n_neighbors < 2) return zsc_fail(ZSC_EUSAGE, "n_neighbors is %zu, expected 2 or more", o->n_neighbors);
    if (o->n_init < 1) return zsc_fail(ZSC_EUSAGE, "n_init is 0, expected 1 or more");
    if (o->assign_labels < ZSC_SPECTRAL_KMEANS || o->assign_labels > ZSC_SPECTRAL_CLUSTER_QR)
        return zsc_fail(ZSC_EUSAGE, "assign_labels is %d, expected kmeans or cluster_qr", (int)o->assign_labels);
    return ZSC_OK;
}

static size_t neighbors_of(size_t n, const zsc_spectral_options *o) { return o->n_neighbors < n ? o->n_neighbors : n; }

static zsc_knn_options search_of(size_t n, const zsc_spectral_options *o)
{
    zsc_knn_options search = zsc_knn_defaults();
    search.neighbors = neighbors_of(n, o);
    search.metric = o->metric;
    search.method = ZSC_KNN_EXACT;
    return search;
}

static zsc_kmeans_options kmeans_of(const zsc_spectral_options *o)
{
    zsc_kmeans_options kmeans = zsc_kmeans_defaults();
    kmeans.clusters = o->clusters;
    kmeans.n_init = o->n_init;
    kmeans.seed = o->seed;
    return kmeans;
}

/* --- Memory of the stages */
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t making_memory(size_t n, size_t k)
{
    return ZSC_MEMORY_REST + n * k * 8 + zsc_spectral_neighbor_graph_memory(n, k);
}

/* Of the graph's 2 n k places for edges, edges in both directions take one. */
static size_t graph_kept(size_t n, size_t k, size_t edges) { return (n + 1) * 8 + 2 * n * k * 4 + edges * 4; }

static size_t labels_memory(size_t n, const zsc_spectral_options *o, const zsc_exec *exec)
{
    zsc_kmeans_options kmeans = kmeans_of(o);
    return o->assign_labels == ZSC_SPECTRAL_KMEANS ? zsc_kmeans_memory(n, o->clusters, &kmeans, exec)
                                                   : n * 4 + zsc_spectral_cluster_qr_memory(n, o->clusters);
}

/* --- Stages */
static zsc_status make_graph(const float *x, size_t n, size_t d, const zsc_spectral_options *o, const zsc_exec *exec,
                             zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_knn_options search = search_of(n, o);
    size_t k = search.neighbors;
    ZSC_TRY(zsc_knn_search(x, n, d, &search, exec, &knn));
    ZSC_TRY(zsc_memory_check(exec, making_memory(n, k), "the graph of neighbours"));
    ZSC_TRY(zsc_spectral_neighbor_graph(&knn, out));
done:
    zsc_knn_free(&knn);
    return status;
}

/* Equal rows are at one place in the embedding at best. */
static zsc_status check_distinct(const float *x, size_t n, size_t d, size_t k, const zsc_exec *exec)
{
    zsc_distinct rows = {0};
    zsc_status status = zsc_distinct_find(x, n, d, exec, &rows);
    if (status != ZSC_OK) return status;
    if (rows.count < k)
        status = zsc_fail(
            ZSC_EUSAGE,
            "cannot make %zu spectral clusters of %zu rows, of which %zu are distinct; ask for %zu or fewer", k, n,
            rows.count, rows.count);
    zsc_distinct_free(&rows);
    return status;
}

/* By the first row of each; clusters without rows are left out. */
static zsc_status number_clusters(size_t k, zsc_spectral *s)
{
    zsc_status status = ZSC_OK;
    int32_t *name = NULL;
    ZSC_NEW(name, k);
    for (size_t c = 0; c < k; c++) name[c] = -1;
    for (size_t i = 0; i < s->n; i++) {
        if (name[s->label[i]] < 0) name[s->label[i]] = (int32_t)s->clusters++;
        s->label[i] = name[s->label[i]];
    }
done:
    free(name);
    return status;
}

static zsc_status assign(const float *y, const zsc_spectral_options *o, const zsc_exec *exec, zsc_spectral *out)
{
    zsc_status status = ZSC_OK;
    zsc_kmeans kmeans = {0};
    if (o->assign_labels == ZSC_SPECTRAL_CLUSTER_QR) {
        ZSC_TRY(zsc_memory_check(exec, labels_memory(out->n, o, exec), "spectral clustering's labels"));
        ZSC_NEW_RAW(out->label, out->n);
        ZSC_TRY(zsc_spectral_cluster_qr(y, out->n, o->clusters, exec, out->label));
    } else {
        zsc_kmeans_options options = kmeans_of(o);
        ZSC_TRY(zsc_kmeans_cluster_rows(y, out->n, o->clusters, &options, exec, &kmeans));
        out->label = kmeans.label;
        kmeans.label = NULL;
    }
    ZSC_TRY(number_clusters(o->clusters, out));
done:
    zsc_kmeans_free(&kmeans);
    return status;
}

zsc_status zsc_spectral_cluster_rows(const float *x, size_t n, size_t d, const zsc_spectral_options *options,
                                     const zsc_exec *exec, zsc_spectral *out)
{
    ZSC_OPTIONS(zsc_spectral_options, options, zsc_spectral_defaults());
    zsc_status status = ZSC_OK;
    zsc_spectral_options o = options ? *options : zsc_spectral_defaults();
    zsc_spectral result = {.n = n};
    zsc_graph graph = {0};
    zsc_spectral_embedding_report report = {0};
    float *y = NULL;
    ZSC_TRY(check(n, &o));
    ZSC_TRY(
        zsc_memory_expect(exec, zsc_distinct_memory(n), zsc_spectral_memory(n, d, &o, exec), "spectral clustering"));
    ZSC_TRY(make_graph(x, n, d, &o, exec, &graph));
    size_t held = graph_kept(n, neighbors_of(n, &o), graph.offset[n]), bytes = n * o.clusters * sizeof *y;
    ZSC_TRY(zsc_memory_check(exec, ZSC_MEMORY_REST + held + zsc_distinct_memory(n), "spectral clustering"));
    ZSC_TRY(check_distinct(x, n, d, o.clusters, exec));
    ZSC_NEW_RAW(y, n * o.clusters); /* written at the end of the embedding, which counts it */
    zsc_exec embedding = zsc_memory_hold(exec, held), labels = zsc_memory_hold(exec, bytes);
    ZSC_TRY(zsc_spectral_embed(&graph, o.clusters, o.seed, &embedding, y, &report));
    zsc_graph_free(&graph);
    ZSC_TRY(assign(y, &o, &labels, &result));
    result.components = report.components;
    result.converged = report.converged;
    *out = result;
    result = (zsc_spectral){0};
done:
    zsc_spectral_free(&result);
    zsc_graph_free(&graph);
    free(y);
    return status;
}

void zsc_spectral_free(zsc_spectral *s)
{
    if (!s) return;
    free(s->label);
    *s = (zsc_spectral){0};
}

size_t zsc_spectral_memory(size_t n, size_t d, const zsc_spectral_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_spectral_options, options, zsc_spectral_defaults());
    zsc_spectral_options o = options ? *options : zsc_spectral_defaults();
    zsc_knn_options search = search_of(n, &o);
    size_t k = search.neighbors, graph = graph_kept(n, k, 2 * n * k), y = n * o.clusters * 4;
    size_t finding = larger(zsc_knn_memory(n, d, &search, exec), making_memory(n, k));
    size_t embedding = graph + larger(ZSC_MEMORY_REST + zsc_distinct_memory(n),
                                      zsc_spectral_embed_memory(n, 2 * n * k, o.clusters));
    return larger(larger(finding, embedding), y + labels_memory(n, &o, exec));
}
