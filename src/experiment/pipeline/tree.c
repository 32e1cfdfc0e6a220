#include "experiment/pipeline/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"

/* What is clustered, in floats: of the reduced vectors, or of the matrix. */
static const float *vectors_of(const zsc_dataset *data, const zsc_tree *tree)
{
    return tree->reduced ? tree->reduced : data->x;
}

static zsc_status link(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                       const zsc_ward_keeper *keeper, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    double began = zsc_clock();
    ZSC_NEW_RAW(tree->linkage, 4 * (data->n - 1));
    ZSC_TRY(zsc_linkage_kept(vectors_of(data, tree), data->x64, data->n, tree->dim, o->linkage, o->linkage_metric,
                             keeper, exec, tree->linkage, &tree->how));
    ZSC_TRY(zsc_stage_end(&tree->clustering_seconds, zsc_setting_choice("linkage", o), began));
    zsc_detail("%s linkage: %s", zsc_setting_choice("linkage", o), tree->how ? tree->how : "");
done:
    return status;
}

static zsc_status cluster_hdbscan(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                  zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_hdbscan found = {0};
    const zsc_hdbscan_options h = zsc_run_hdbscan_options(o, data->n);
    double began = zsc_clock();
    ZSC_TRY(zsc_hdbscan_cluster_rows(vectors_of(data, tree), data->n, tree->dim, &h, exec, &found));
    ZSC_TRY(zsc_stage_end(&tree->clustering_seconds, "hdbscan", began));
    tree->label = found.label;
    tree->probability = found.probability;
    tree->clusters = found.clusters;
    found.label = NULL;
    found.probability = NULL;
done:
    zsc_hdbscan_free(&found);
    return status;
}

/* The layer of the greatest persistence; of several the finest. Labels have no part in it. NULL: there is none. */
static const zsc_hdbscan_layer *most_persistent(const zsc_hdbscan_layers *l)
{
    const zsc_hdbscan_layer *most = NULL;
    for (size_t i = 0; i < l->count; i++)
        if (!most || l->layer[i].persistence > most->persistence) most = &l->layer[i];
    return most;
}

static zsc_status cluster_layers(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                 zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    const zsc_hdbscan_layers_options l = zsc_run_layers_options(o, data->n);
    double began = zsc_clock();
    ZSC_TRY(zsc_hdbscan_layers_of_rows(vectors_of(data, tree), data->n, tree->dim, &l, exec, &tree->layers));
    ZSC_TRY(zsc_stage_end(&tree->clustering_seconds, "layers", began));
    const zsc_hdbscan_layer *most = most_persistent(&tree->layers);
    ZSC_NEW_RAW(tree->label, data->n);
    ZSC_NEW(tree->probability, data->n);
    tree->clusters = most ? most->clustering.clusters : 0;
    if (most) memcpy(tree->probability, most->clustering.probability, data->n * sizeof *tree->probability);
    for (size_t i = 0; i < data->n; i++) tree->label[i] = most ? most->clustering.label[i] : -1;
    if (!most)
        zsc_note("no smallest cluster of %zu rows or more gives two clusters: there are no layers", l.min_cluster_size);
done:
    return status;
}

static zsc_status cluster_leiden(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                 zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_leiden found = {0};
    const zsc_leiden_options l = zsc_run_leiden_options(o);
    double began = zsc_clock();
    ZSC_TRY(zsc_leiden_cluster_rows(vectors_of(data, tree), data->n, tree->dim, &l, exec, &found));
    ZSC_TRY(zsc_stage_end(&tree->clustering_seconds, "leiden", began));
    zsc_detail("leiden: %s %.6g after %zu iterations", zsc_setting_choice("objective", o), found.quality,
               found.iterations);
    if (!found.converged)
        zsc_warn_counted("Leiden's iterations still changed clusters after %zu; raise --max-iter", found.iterations);
    tree->label = found.label;
    tree->clusters = found.clusters;
    found.label = NULL;
done:
    zsc_leiden_free(&found);
    return status;
}

void zsc_tree_free_clusters(zsc_tree *tree)
{
    free(tree->linkage);
    free(tree->label);
    free(tree->probability);
    zsc_hdbscan_layers_free(&tree->layers);
    tree->linkage = NULL;
    tree->label = NULL;
    tree->probability = NULL;
    tree->key = (zsc_digest){0};
    zsc_stage_list_free(&tree->clustering_seconds);
}

zsc_status zsc_tree_cluster(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                            const zsc_ward_keeper *keeper, zsc_tree *tree)
{
    zsc_tree_free_clusters(tree);
    switch (o->clusterer) {
    case ZSC_AGGLOMERATIVE: return link(o, exec, data, keeper, tree);
    case ZSC_HDBSCAN: return cluster_hdbscan(o, exec, data, tree);
    case ZSC_LAYERS: return cluster_layers(o, exec, data, tree);
    case ZSC_LEIDEN: return cluster_leiden(o, exec, data, tree);
    case ZSC_KMEANS:
    case ZSC_SPECTRAL: return ZSC_OK; /* clusters in zsc_tree_cut */
    }
    return zsc_fail(ZSC_EINTERNAL, "clusterer %d is none", (int)o->clusterer);
}

static zsc_status cluster_kmeans(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                 const zsc_tree *tree, size_t *k, int32_t *label)
{
    zsc_kmeans_options options = o->kmeans;
    zsc_kmeans found = {0};
    options.clusters = *k;
    options.seed = o->seed;
    zsc_status status = zsc_kmeans_cluster_rows(vectors_of(data, tree), data->n, tree->dim, &options, exec, &found);
    if (status != ZSC_OK) return status;
    if (found.clusters < *k)
        zsc_note("k-means made %zu clusters of the %zu that were asked for: there are no more distinct rows",
                 found.clusters, *k);
    if (!found.converged)
        zsc_warn_counted("k-means has not converged after %zu iteration%s; raise --max-iter", options.max_iter,
                         options.max_iter == 1 ? "" : "s");
    *k = found.clusters;
    memcpy(label, found.label, data->n * sizeof *label);
    zsc_kmeans_free(&found);
    return ZSC_OK;
}

static zsc_status cluster_spectral(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                   const zsc_tree *tree, size_t *k, int32_t *label)
{
    const zsc_spectral_options options = zsc_run_spectral_options(o, *k);
    zsc_spectral found = {0};
    zsc_status status = zsc_spectral_cluster_rows(vectors_of(data, tree), data->n, tree->dim, &options, exec, &found);
    if (status != ZSC_OK) return status;
    zsc_detail("spectral clustering: the graph has %zu components", found.components);
    if (found.clusters < *k)
        zsc_note("spectral clustering made %zu clusters of the %zu that were asked for; give fewer", found.clusters,
                 *k);
    if (!found.converged)
        zsc_note("the eigenvectors of the graph did not reach their tolerance: labels may depend on --seed");
    *k = found.clusters;
    memcpy(label, found.label, data->n * sizeof *label);
    zsc_spectral_free(&found);
    return ZSC_OK;
}

zsc_status zsc_tree_cut(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data, const zsc_tree *tree,
                        size_t *k, int32_t *label)
{
    switch (o->clusterer) {
    case ZSC_AGGLOMERATIVE: return zsc_cut_clusters(tree->linkage, data->n, *k, label);
    case ZSC_KMEANS: return cluster_kmeans(o, exec, data, tree, k, label);
    case ZSC_SPECTRAL: return cluster_spectral(o, exec, data, tree, k, label);
    case ZSC_HDBSCAN:
    case ZSC_LAYERS:
    case ZSC_LEIDEN: break;
    }
    return zsc_fail(ZSC_EINTERNAL, "clusterer %d takes no number of clusters", (int)o->clusterer);
}

void zsc_tree_free(zsc_tree *tree)
{
    zsc_tree_free_clusters(tree);
    free(tree->reduced);
    zsc_stage_list_free(&tree->seconds);
    *tree = (zsc_tree){0};
}
