#include "experiment/settings/run_options.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "data/where_rules.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/clusters_rule.h"
#include "io/labels/metadata.h"
#include "io/file_layout.h"
#include "umap/umap_memory.h"
#include "zsc/pca.h"

static zsc_status check_where(const zsc_run_options *o)
{
    zsc_where_rules rules = {0};
    zsc_status status = zsc_where_parse(o->data.where, o->data.where_count, &rules);
    zsc_where_free(&rules);
    return status;
}

/* Of HDBSCAN, whatever the number of rows will be. */
static zsc_status check_hdbscan(const zsc_run_options *o)
{
    const zsc_hdbscan_options *h = &o->hdbscan;
    double most = o->max_cluster_size;
    if (h->min_cluster_size < 2)
        return zsc_fail(ZSC_EUSAGE, "min-cluster-size is %zu, expected 2 or more", h->min_cluster_size);
    if (!(h->cluster_selection_epsilon >= 0) || isinf(h->cluster_selection_epsilon))
        return zsc_fail(ZSC_EUSAGE, "cluster-selection-epsilon is %g, expected a number of 0 or more",
                        h->cluster_selection_epsilon);
    if (!(most >= 0) || isinf(most) || (most >= 1 && most != floor(most)))
        return zsc_fail(ZSC_EUSAGE, "max-cluster-size is %g, expected a whole number of rows, or a share below 1",
                        most);
    if (most >= 1 && most < (double)h->min_cluster_size)
        return zsc_fail(ZSC_EUSAGE, "max-cluster-size is %g, expected at least min-cluster-size, %zu", most,
                        h->min_cluster_size);
    return ZSC_OK;
}

bool zsc_run_wants_k(const zsc_run_options *o)
{
    return o->cut == ZSC_CUT_CLUSTERS && o->cut_height < 0 && o->cut_standardised < 0;
}

/* Of agglomerative clustering: one cut, and one that its distances have. */
static zsc_status check_cut(const zsc_run_options *o)
{
    const bool angles = o->linkage_metric == ZSC_COSINE || o->linkage_metric == ZSC_CORRELATION;
    if (o->cut_standardised != ZSC_NO_CUT_HEIGHT && !(o->cut_standardised >= 0 && isfinite(o->cut_standardised)))
        return zsc_fail(ZSC_EUSAGE, "cut-standardised is %g; expected a finite number, 0 or above",
                        o->cut_standardised);
    if ((o->cut != ZSC_CUT_CLUSTERS) + (o->cut_height >= 0) + (o->cut_standardised >= 0) > 1)
        return zsc_fail(ZSC_EUSAGE, "cut, cut-height and cut-standardised each say where to cut: give one of them");
    if (o->linkage == ZSC_WARD && o->linkage_metric != ZSC_EUCLIDEAN)
        return zsc_fail(ZSC_EUSAGE,
                        "linkage-metric: Ward's linkage is of euclidean distances; with another metric, give "
                        "linkage average, complete or single");
    if (o->cut_standardised >= 0 && angles)
        return zsc_fail(ZSC_EUSAGE,
                        "cut-standardised: angles do not grow with the vectors; give cut-height, or another "
                        "linkage-metric");
    if (o->cut == ZSC_CUT_SILHOUETTE && o->linkage_metric != ZSC_EUCLIDEAN)
        return zsc_fail(ZSC_EUSAGE,
                        "cut silhouette is of euclidean distances: give cut gap or elbow, or linkage-metric "
                        "euclidean");
    return ZSC_OK;
}

static zsc_status check_layers(const zsc_run_options *o)
{
    const zsc_hdbscan_layers_options *l = &o->layers;
    if (l->max_layers < 1) return zsc_fail(ZSC_EUSAGE, "max-layers is 0, expected 1 or more");
    if (!(l->max_similarity >= 0 && l->max_similarity <= 1))
        return zsc_fail(ZSC_EUSAGE, "max-layer-similarity is %g, expected a number from 0 to 1", l->max_similarity);
    return check_hdbscan(o);
}

/* Of clusterers that are told one number of clusters. */
static zsc_status check_one_k(const zsc_run_options *o)
{
    if (strcmp(o->clusters, "each-rank") != 0) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE,
                    "clusters each-rank cuts one dendrogram at each rank's number of classes, and %s "
                    "makes none; give clusters a rank or a number",
                    zsc_clusterer_traits_of(o->clusterer)->title);
}

static zsc_status check_clusterer(const zsc_run_options *o)
{
    switch (o->clusterer) {
    case ZSC_AGGLOMERATIVE: return check_cut(o);
    case ZSC_HDBSCAN: return check_hdbscan(o);
    case ZSC_LAYERS: return check_layers(o);
    case ZSC_KMEANS:
    case ZSC_SPECTRAL: return check_one_k(o);
    case ZSC_LEIDEN: return zsc_context(zsc_leiden_check(&o->leiden), "clusterer leiden");
    }
    return zsc_fail(ZSC_EINTERNAL, "clusterer %d is none", (int)o->clusterer);
}

zsc_status zsc_run_check(const zsc_run_options *o)
{
    size_t k;
    zsc_status status = zsc_columns_check(&o->data.columns, o->data.metadata);
    if (status == ZSC_OK) status = zsc_file_layout_check(&o->data.file_layout);
    if (status == ZSC_OK) status = check_where(o);
    if (status != ZSC_OK) return status;
    if (o->data.metadata && o->data.file_layout.label_count)
        return zsc_fail(ZSC_EUSAGE,
                        "labels are those of the metadata ('%s') or those of h5-label ('%s'): give one of the two",
                        o->data.metadata, o->data.file_layout.labels[0]);
    if (o->data.ids_in_order && !o->data.ids)
        return zsc_fail(ZSC_EUSAGE, "ids-in-order is the order of a list of ids: give ids, too");
    if (!o->clusters || !*o->clusters)
        return zsc_fail(ZSC_EUSAGE, "clusters is empty: it takes a rank, a number or each-rank");
    if (zsc_clusters_number(o->clusters, &k) && k == 0)
        return zsc_fail(ZSC_EUSAGE, "clusters is 0: at least one cluster is needed");
    if (o->internal_space != ZSC_SPACE_REDUCED && !o->internal)
        return zsc_fail(ZSC_EUSAGE, "internal-space says where internal scores are computed: give internal, too");
    if (o->stability == 1)
        return zsc_fail(ZSC_EUSAGE,
                        "stability is 1, and pairs of clusterings are compared; give 2 or more, or 0 for none");
    if (o->cut_height != ZSC_NO_CUT_HEIGHT && !(o->cut_height >= 0 && isfinite(o->cut_height)))
        return zsc_fail(ZSC_EUSAGE, "cut-height is %g; expected a finite number, 0 or above", o->cut_height);
    status = check_clusterer(o);
    if (status != ZSC_OK) return status;
    if (o->reduce == ZSC_REDUCE_UMAP) return zsc_umap_check(&o->umap);
    if (o->umap.n_components == 0) return zsc_fail(ZSC_EUSAGE, "dim is 0: at least one dimension is needed");
    return ZSC_OK;
}

/* Of clusterers that take --metric: what UMAP or PCA made is Euclidean. */
static zsc_metric clustered_metric(const zsc_run_options *o)
{
    return o->reduce == ZSC_REDUCE_NONE ? o->umap.metric : ZSC_EUCLIDEAN;
}

zsc_hdbscan_options zsc_run_hdbscan_options(const zsc_run_options *o, size_t n)
{
    zsc_hdbscan_options h = o->hdbscan;
    const double most = o->max_cluster_size > 0 && o->max_cluster_size < 1 ? rint(o->max_cluster_size * (double)n)
                                                                           : o->max_cluster_size;
    h.max_cluster_size = (size_t)most;
    h.metric = clustered_metric(o);
    return h;
}

zsc_spectral_options zsc_run_spectral_options(const zsc_run_options *o, size_t k)
{
    zsc_spectral_options s = o->spectral;
    s.clusters = k;
    s.n_init = o->kmeans.n_init;
    s.metric = clustered_metric(o);
    s.seed = o->seed;
    return s;
}

zsc_leiden_options zsc_run_leiden_options(const zsc_run_options *o)
{
    zsc_leiden_options l = o->leiden;
    l.n_neighbors = o->spectral.n_neighbors;
    l.max_iter = o->kmeans.max_iter;
    l.metric = clustered_metric(o);
    l.seed = o->seed;
    return l;
}

zsc_status zsc_run_check_rows(const zsc_run_options *o, size_t n)
{
    if (o->clusterer != ZSC_HDBSCAN && o->clusterer != ZSC_LAYERS) return ZSC_OK;
    const zsc_hdbscan_options h = zsc_run_hdbscan_options(o, n);
    if (n < 2)
        return zsc_fail(ZSC_EINPUT, "%zu row%s: %s needs at least 2", n, n == 1 ? "" : "s",
                        zsc_clusterer_traits_of(o->clusterer)->title);
    if (h.min_cluster_size > n)
        return zsc_fail(ZSC_EINPUT,
                        "%zu rows are fewer than the smallest cluster may have; give --min-cluster-size %zu "
                        "or less, not %zu",
                        n, n, h.min_cluster_size);
    if (h.min_samples > n)
        return zsc_fail(ZSC_EINPUT, "%zu rows are fewer than --min-samples %zu; give %zu or less", n, h.min_samples, n);
    if (o->clusterer == ZSC_HDBSCAN && o->max_cluster_size > 0 && h.max_cluster_size < h.min_cluster_size)
        return zsc_fail(ZSC_EINPUT,
                        "--max-cluster-size %g of %zu rows is %zu, fewer than --min-cluster-size %zu; give a "
                        "larger share",
                        o->max_cluster_size, n, h.max_cluster_size, h.min_cluster_size);
    return ZSC_OK;
}

zsc_hdbscan_layers_options zsc_run_layers_options(const zsc_run_options *o, size_t n)
{
    const zsc_hdbscan_options h = zsc_run_hdbscan_options(o, n);
    zsc_hdbscan_layers_options l = o->layers;
    l.min_samples = h.min_samples ? h.min_samples : h.min_cluster_size;
    l.min_cluster_size = h.min_cluster_size;
    l.metric = h.metric;
    return l;
}

bool zsc_run_wants_doubles(const zsc_run_options *o)
{
    return o->reduce == ZSC_REDUCE_NONE && o->clusterer == ZSC_AGGLOMERATIVE;
}

/* Of the clusterer, beside the vectors and what comes of it, for K clusters where it is told how many. */
static size_t clustering_memory(const zsc_run_options *o, size_t n, size_t dim, size_t k, const zsc_exec *exec)
{
    switch (o->clusterer) {
    case ZSC_AGGLOMERATIVE: return zsc_linkage_metric_memory(n, dim, o->linkage, o->linkage_metric, exec);
    case ZSC_HDBSCAN: {
        const zsc_hdbscan_options h = zsc_run_hdbscan_options(o, n);
        return zsc_hdbscan_memory(n, dim, &h);
    }
    case ZSC_LAYERS: {
        const zsc_hdbscan_layers_options l = zsc_run_layers_options(o, n);
        return zsc_hdbscan_layers_memory(n, dim, &l);
    }
    case ZSC_KMEANS: {
        zsc_kmeans_options kmeans = o->kmeans;
        kmeans.clusters = k;
        return zsc_kmeans_memory(n, dim, &kmeans, exec);
    }
    case ZSC_SPECTRAL: {
        const zsc_spectral_options s = zsc_run_spectral_options(o, k);
        return zsc_spectral_memory(n, dim, &s, exec);
    }
    case ZSC_LEIDEN: {
        const zsc_leiden_options l = zsc_run_leiden_options(o);
        return zsc_leiden_memory(n, dim, &l, exec);
    }
    }
    return 0;
}

size_t zsc_stability_memory(const zsc_run_options *o, size_t n, size_t dim)
{
    const size_t label = sizeof(int32_t);
    return o->stability ? n * (dim * sizeof(double) + (o->stability + 3) * label + sizeof(size_t)) : 0;
}

bool zsc_run_frees_graph(const zsc_run_options *o, bool last) { return last && !o->stability; }

bool zsc_run_frees_matrix(const zsc_run_options *o, bool last)
{
    return zsc_run_frees_graph(o, last) && !(o->internal && o->internal_space != ZSC_SPACE_REDUCED);
}

/* Of the clusterer, with the vectors, what comes of it and what stays from before. */
static size_t clustered_memory(const zsc_run_options *o, const zsc_run_shape *s, size_t matrix, size_t graph,
                               const zsc_exec *exec)
{
    const bool reduces = o->reduce != ZSC_REDUCE_NONE;
    const size_t dim = reduces ? o->umap.n_components : s->d, y = reduces ? s->n * dim * sizeof(float) : 0,
                 clusters = s->n * 4 * sizeof(double);
    size_t bytes = zsc_memory_sum(clustering_memory(o, s->n, dim, s->clusters, exec), y + clusters);
    if (!reduces || !zsc_run_frees_matrix(o, s->last)) bytes = zsc_memory_sum(bytes, matrix);
    if (o->stability) /* the tree of the run is there, too */
        bytes = zsc_memory_sum(bytes, zsc_stability_memory(o, s->n, dim) + s->n * dim * sizeof(float) + clusters);
    return zsc_memory_sum(bytes, graph);
}

/* Of the reduction, with the matrix. */
static size_t reduced_memory(const zsc_run_options *o, const zsc_run_shape *s, size_t matrix, size_t *graph,
                             const zsc_exec *exec)
{
    const size_t dim = o->umap.n_components, y = s->n * dim * sizeof(float);
    const zsc_umap_shape shape = {.n = s->n,
                                  .d = s->d,
                                  .options = &o->umap,
                                  .keeps_graph = !zsc_run_frees_graph(o, s->last),
                                  .keeps_rows = !zsc_run_frees_matrix(o, s->last),
                                  .maps_rows = o->data.memory_map != NULL,
                                  .typical = s->typical,
                                  .distinct = s->distinct};
    size_t bytes = matrix;
    if (o->reduce == ZSC_REDUCE_UMAP) bytes = zsc_umap_shape_memory(&shape, exec);
    if (o->reduce == ZSC_REDUCE_PCA) bytes = zsc_memory_sum(matrix + y, zsc_pca_memory(s->n, s->d, dim, exec));
    if (o->reduce == ZSC_REDUCE_UMAP && shape.keeps_graph) *graph = zsc_umap_shape_kept(&shape);
    if (o->stability && o->reduce != ZSC_REDUCE_NONE)
        bytes = zsc_memory_sum(bytes, zsc_stability_memory(o, s->n, dim) + y + s->n * 4 * sizeof(double));
    return bytes;
}

size_t zsc_run_memory(const zsc_run_options *o, const zsc_run_shape *s, const zsc_exec *exec)
{
    const size_t matrix = o->data.memory_map
                              ? 0
                              : s->n * s->d * (s->wide && zsc_run_wants_doubles(o) ? sizeof(double) : sizeof(float));
    size_t graph = 0, reducing = reduced_memory(o, s, matrix, &graph, exec),
           clustering = clustered_memory(o, s, matrix, graph, exec);
    return reducing > clustering ? reducing : clustering;
}
