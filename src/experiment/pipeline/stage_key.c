#include "experiment/pipeline/stage_key.h"

#include <assert.h>
#include <string.h>

#include "experiment/settings/run_options.h"

static uint64_t bits(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

/* The first number tells keys of one kind from those of another. Raise it when the stage gives other results for the
 * same input than before: what an older zsc left on disk is not taken then. */
enum { KNN_KEY = 0x6b6e6e03, GRAPH_KEY = 0x67726101, REDUCED_KEY = 0x72656402, TREE_KEY = 0x74726503 };

zsc_digest zsc_stage_key_knn(const zsc_run_options *o, zsc_digest matrix, size_t n, size_t d)
{
    zsc_knn_options k = {.neighbors = o->umap.n_neighbors, .metric = o->umap.metric, .method = o->umap.knn};
    /* repeated rows are searched once: `auto` that chooses the exact search for all rows chooses it for fewer */
    if (zsc_knn_choose(n, d, &k, NULL) == ZSC_KNN_EXACT) k.method = ZSC_KNN_EXACT;
    uint64_t seed = k.method == ZSC_KNN_EXACT ? 0 : o->data.seed;
    const uint64_t what[] = {KNN_KEY,     matrix.high,        matrix.low,         n,   d,
                             k.neighbors, (uint64_t)k.metric, (uint64_t)k.method, seed};
    return zsc_hash_bytes(what, sizeof what);
}

zsc_digest zsc_stage_key_knn_of(const zsc_run_options *o, const zsc_dataset *data)
{
    zsc_digest matrix = {data->matrix_digest[0], data->matrix_digest[1]};
    return zsc_stage_key_knn(o, matrix, data->n, data->d);
}

zsc_digest zsc_stage_key_graph(const zsc_run_options *o, zsc_digest knn)
{
    const uint64_t what[] = {GRAPH_KEY, knn.high, knn.low, bits(o->umap.local_connectivity),
                             bits(o->umap.set_op_mix_ratio)};
    return zsc_hash_bytes(what, sizeof what);
}

/* The layout's options but for those of neighbours and graph, and the seed, which is the run's. Runs have no
 * disconnection_distance and no target_weight. */
static void add_layout(zsc_hash *hash, const zsc_umap_options *u)
{
    static_assert(sizeof(zsc_umap_options) == 144, "a new option of UMAP belongs into a stage's key");
    const uint64_t what[] = {u->n_components,
                             bits(u->min_dist),
                             bits(u->spread),
                             bits(u->a),
                             bits(u->b),
                             u->n_epochs,
                             bits(u->learning_rate),
                             bits(u->repulsion_strength),
                             u->negative_sample_rate,
                             (uint64_t)u->init,
                             u->unique};
    zsc_hash_add(hash, what, sizeof what);
}

zsc_status zsc_stage_key_reduced(const zsc_run_options *o, const zsc_dataset *data, zsc_digest *out)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    const uint64_t what[] = {REDUCED_KEY, data->matrix_digest[0], data->matrix_digest[1], (uint64_t)o->reduce};
    zsc_hash_add(hash, what, sizeof what);
    if (o->reduce == ZSC_REDUCE_PCA) zsc_hash_add(hash, &o->umap.n_components, sizeof o->umap.n_components);
    if (o->reduce == ZSC_REDUCE_UMAP) {
        zsc_digest graph = zsc_stage_key_graph(o, zsc_stage_key_knn_of(o, data));
        zsc_hash_add(hash, &graph, sizeof graph);
        zsc_hash_add(hash, &o->seed, sizeof o->seed);
        add_layout(hash, &o->umap);
    }
    *out = zsc_hash_end(hash);
    return ZSC_OK;
}

static void add_hdbscan(zsc_hash *hash, const zsc_run_options *o, size_t n)
{
    const zsc_hdbscan_options h = zsc_run_hdbscan_options(o, n);
    static_assert(sizeof h == 56, "a new option of HDBSCAN belongs into a stage's key");
    const uint64_t what[] = {
        h.min_cluster_size,     h.min_samples,         h.max_cluster_size, bits(h.cluster_selection_epsilon),
        h.allow_single_cluster, (uint64_t)h.selection, (uint64_t)h.metric};
    zsc_hash_add(hash, what, sizeof what);
}

static void add_layers(zsc_hash *hash, const zsc_run_options *o, size_t n)
{
    const zsc_hdbscan_layers_options l = zsc_run_layers_options(o, n);
    static_assert(sizeof l == 48, "a new option of layers belongs into a stage's key");
    const uint64_t what[] = {l.min_samples, l.min_cluster_size, l.max_layers, bits(l.max_similarity),
                             (uint64_t)l.metric};
    zsc_hash_add(hash, what, sizeof what);
}

static void add_leiden(zsc_hash *hash, const zsc_run_options *o)
{
    const zsc_leiden_options l = zsc_run_leiden_options(o);
    static_assert(sizeof l == 56, "a new option of the Leiden algorithm belongs into a stage's key");
    const uint64_t what[] = {
        l.n_neighbors, (uint64_t)l.weights, (uint64_t)l.objective, bits(l.resolution), l.max_iter, (uint64_t)l.metric,
        l.seed};
    zsc_hash_add(hash, what, sizeof what);
}

zsc_status zsc_stage_key_tree(const zsc_run_options *o, const zsc_dataset *data, zsc_digest *out)
{
    zsc_digest reduced;
    zsc_status status = zsc_stage_key_reduced(o, data, &reduced);
    if (status != ZSC_OK) return status;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    const uint64_t what[] = {TREE_KEY, reduced.high, reduced.low, (uint64_t)o->clusterer};
    zsc_hash_add(hash, what, sizeof what);
    switch (o->clusterer) {
    case ZSC_AGGLOMERATIVE:
        zsc_hash_add(hash, (uint64_t[]){o->linkage, o->linkage_metric}, 2 * sizeof(uint64_t));
        break;
    case ZSC_HDBSCAN: add_hdbscan(hash, o, data->n); break;
    case ZSC_LAYERS: add_layers(hash, o, data->n); break;
    case ZSC_LEIDEN: add_leiden(hash, o); break;
    case ZSC_KMEANS:
    case ZSC_SPECTRAL: break; /* clusters when it is told their number */
    }
    *out = zsc_hash_end(hash);
    return ZSC_OK;
}

void zsc_keyed_knn_free(zsc_keyed_knn *k)
{
    zsc_knn_free(&k->knn);
    *k = (zsc_keyed_knn){0};
}

bool zsc_keyed_knn_is(const zsc_keyed_knn *k, zsc_digest key) { return k->knn.index && zsc_digest_equal(k->key, key); }
