#include "experiment/pipeline/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/program_memory.h"
#include "experiment/pipeline/kept_stages.h"
#include "experiment/pipeline/knn_cache.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/clusters_rule.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"
#include "umap/stages.h"
#include "zsc/pca.h"

/* --- Input */
static zsc_status check_rows(const zsc_run_options *o, const zsc_dataset *data)
{
    if (data->n < 2)
        return zsc_fail(ZSC_EINPUT, "%zu row%s left after selection: clustering needs at least 2", data->n,
                        data->n == 1 ? " is" : "s are");
    if (o->reduce == ZSC_REDUCE_UMAP && data->n < o->umap.n_neighbors)
        return zsc_fail(ZSC_EINPUT, "%zu rows are fewer than the %zu neighbors of UMAP; give fewer --neighbors",
                        data->n, o->umap.n_neighbors);
    if (!zsc_clusterer_traits_of(o->clusterer)->wants_k) return zsc_run_check_rows(o, data->n);
    if (!zsc_run_wants_k(o) || strcmp(o->clusters, "each-rank") == 0) return ZSC_OK;
    size_t k;
    const char *rule;
    zsc_status status = zsc_clusters_rank(o->clusters, data, &rule);
    if (status == ZSC_OK) status = zsc_resolve_clusters(rule, NULL, data, o->missing, &k);
    if (status == ZSC_OK && k == 1 && rule[0] != '1')
        return zsc_fail(ZSC_EINPUT,
                        "rank %s has a single class among the %zu rows; give --clusters a number or another rank", rule,
                        data->n);
    if (status == ZSC_OK && rule != o->clusters && strcmp(rule, "species") != 0)
        zsc_note_once("%zu clusters, as many as %s has classes, the finest rank; --clusters chooses another", k, rule);
    return status;
}

zsc_status zsc_input_load(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input)
{
    zsc_status status = ZSC_OK;
    double began = zsc_clock();
    zsc_dataset_options load = o->data;
    load.double_precision = zsc_run_wants_doubles(o); /* reductions take floats, linkage and scores take both */
    bool as_wanted = !input->data.wide || (input->data.x64 != NULL) == load.double_precision;
    if ((input->data.x || input->data.x64) && as_wanted) return ZSC_OK;
    zsc_dataset_free(&input->data);
    ZSC_TRY(zsc_dataset_load_with(&load, exec, input->cache, &input->data));
    ZSC_TRY(zsc_stage_end(&input->seconds, "load", began));
done:
    return status;
}

static zsc_exec hold_matrix(const zsc_input *input, const zsc_exec *exec)
{
    const zsc_dataset *data = &input->data;
    size_t value = data->mapped ? 0 : data->x64 ? sizeof *data->x64 : data->x ? sizeof *data->x : 0;
    return zsc_memory_hold(exec, data->n * data->d * value);
}

static void free_matrix(void *data) { zsc_dataset_free_matrix(data); }

/* Whether the matrix goes when it is reduced. Where it is mapped, the system takes its memory by itself. */
static bool frees_matrix(const zsc_run_options *o, const zsc_input *input)
{
    return zsc_run_frees_matrix(o, input->last) && !input->data.mapped;
}

static zsc_status umap_finished(void *list, zsc_umap_stage stage, double seconds)
{
    return zsc_stage_record(list, zsc_umap_stage_field(stage), seconds);
}

static zsc_umap_work umap_work(const zsc_umap_options *u, const zsc_exec *exec, zsc_input *input, zsc_stage_list *list)
{
    return (zsc_umap_work){.x = input->data.x,
                           .n = input->data.n,
                           .d = input->data.d,
                           .options = u,
                           .exec = exec,
                           .neighbors = u->n_neighbors,
                           .knn = &input->knn.knn,
                           .graph = &input->graph.graph,
                           .finished = umap_finished,
                           .data = list};
}

/* The neighbours, from where a checkpoint left the search. */
static zsc_status search(zsc_input *input, zsc_umap_work *w, zsc_digest key)
{
    zsc_kept kept = {
        .checkpoint = input->checkpoint, .key = key, .n = w->n, .stage = zsc_umap_stage_field(ZSC_UMAP_KNN)};
    const zsc_knn_keeper keeper = zsc_kept_search(&kept);
    if (input->checkpoint) w->knn_keeper = &keeper;
    zsc_status status;
    do {
        status = zsc_umap_run_stages(w, ZSC_UMAP_KNN, ZSC_UMAP_KNN);
    } while (zsc_kept_again(&kept, status));
    w->knn_keeper = NULL;
    if (status == ZSC_OK) status = zsc_kept_end(&kept, &input->seconds);
    zsc_stage_list_free(&kept.seconds);
    return status;
}

zsc_status zsc_input_graph(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input)
{
    zsc_status status = ZSC_OK;
    if (o->reduce != ZSC_REDUCE_UMAP) goto done;
    zsc_digest key = zsc_stage_key_knn_of(o, &input->data), graph_key = zsc_stage_key_graph(o, key);
    if (input->graph.graph.offset && zsc_digest_equal(input->graph.key, graph_key)) goto done;
    zsc_graph_free(&input->graph.graph);
    if (!zsc_keyed_knn_is(&input->knn, key)) zsc_keyed_knn_free(&input->knn);
    ZSC_TRY(zsc_checkpoint_find_graph(input->checkpoint, graph_key, input->data.n, &input->graph, &input->seconds));
    if (input->graph.graph.offset) goto done;
    ZSC_TRY(zsc_checkpoint_find_knn(input->checkpoint, o, &input->data, &input->knn));
    zsc_umap_options u = o->umap;
    u.seed = o->data.seed;
    const zsc_exec held = hold_matrix(input, exec);
    zsc_umap_work w = umap_work(&u, &held, input, &input->seconds);
    w.consume_knn = zsc_run_frees_graph(o, input->last);
    ZSC_TRY(search(input, &w, key));
    input->knn.key = key;
    ZSC_TRY(zsc_checkpoint_keep_knn(input->checkpoint, &input->knn));
    ZSC_TRY(zsc_knn_cache_store(input->knn_folder, &input->knn)); /* the graph may take their memory over */
    ZSC_TRY(zsc_umap_run_stages(&w, ZSC_UMAP_GRAPH, ZSC_UMAP_GRAPH));
    input->graph.key = graph_key;
    ZSC_TRY(zsc_checkpoint_keep_graph(input->checkpoint, &input->graph, &input->seconds));
done:
    return status;
}

void zsc_input_free(zsc_input *input)
{
    zsc_dataset_free(&input->data);
    zsc_keyed_knn_free(&input->knn);
    zsc_graph_free(&input->graph.graph);
    zsc_stage_list_free(&input->seconds);
    *input = (zsc_input){0};
}

/* --- Reduction, and the tree */
zsc_exec zsc_tree_hold(const zsc_run_options *o, const zsc_input *input, const zsc_tree *tree, const zsc_exec *exec)
{
    const zsc_exec held = hold_matrix(input, exec);
    size_t reduced = o->reduce == ZSC_REDUCE_NONE ? 0 : tree->dim * sizeof *tree->reduced;
    size_t clusters = o->clusterer == ZSC_AGGLOMERATIVE ? 4 * sizeof *tree->linkage
                                                        : sizeof *tree->label + sizeof *tree->probability;
    clusters += tree->layers.count * (sizeof *tree->label + sizeof *tree->probability);
    return zsc_memory_hold(&held, input->data.n * (reduced + clusters) +
                                      zsc_umap_held_memory(&input->knn.knn, &input->graph.graph));
}

/* A layout that is kept on disk as it goes on. */
typedef struct kept_layout {
    zsc_checkpoint *checkpoint;
    zsc_checkpoint_layout layout;
    const zsc_stage_list *seconds; /* of the stages before it, and of itself before it was resumed */
    double began;
} kept_layout;

static bool layout_due(void *owner)
{
    const kept_layout *k = owner;
    return zsc_checkpoint_due(k->checkpoint);
}

static zsc_status keep_layout(void *owner, size_t epoch, const float *y)
{
    zsc_status status = ZSC_OK;
    kept_layout *k = owner;
    zsc_stage_list seconds = {0};
    ZSC_TRY(zsc_stage_add_all(&seconds, k->seconds));
    ZSC_TRY(zsc_stage_add(&seconds, zsc_umap_stage_field(ZSC_UMAP_LAYOUT), zsc_clock() - k->began));
    k->layout.epoch = epoch;
    status = zsc_checkpoint_keep_layout(k->checkpoint, &k->layout, y, &seconds);
done:
    zsc_stage_list_free(&seconds);
    return status;
}

/* The layout from where a checkpoint left it, or from the graph. */
static zsc_status lay_out(const zsc_run_options *o, zsc_umap_work *w, zsc_input *input, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_checkpoint *checkpoint = input->checkpoint;
    kept_layout kept = {.checkpoint = checkpoint,
                        .layout = {.n = w->n, .dim = tree->dim, .epochs = w->last_epoch, .converged = true},
                        .seconds = &tree->seconds};
    const zsc_umap_keeper keeper = {layout_due, keep_layout, &kept};
    zsc_checkpoint_layout *layout = &kept.layout;
    ZSC_TRY(zsc_stage_key_reduced(o, &input->data, &layout->key));
    ZSC_TRY(zsc_checkpoint_find_layout(checkpoint, layout, w->y, &tree->seconds));
    w->converged = layout->converged;
    bool finished = layout->found && layout->epoch == layout->epochs;
    if (!finished) ZSC_TRY(zsc_input_graph(o, w->exec, input));
    if (layout->found && frees_matrix(o, input)) { /* only an initialisation wants the rows */
        free_matrix(&input->data);
        w->x = NULL;
        w->free_rows = NULL;
    }
    if (finished) goto done;
    const zsc_exec held = hold_matrix(input, w->exec);
    w->exec = &held;
    if (!layout->found) {
        ZSC_TRY(zsc_umap_run_stages(w, ZSC_UMAP_INITIALISATION, ZSC_UMAP_INITIALISATION));
        layout->converged = w->converged;
        kept.began = zsc_clock();
        ZSC_TRY(keep_layout(&kept, 0, w->y));
    }
    w->first_epoch = layout->epoch;
    if (checkpoint) w->keeper = &keeper;
    ZSC_TRY(zsc_umap_work_prune(w));
    const double updates = zsc_umap_edge_updates(&w->pruned, w->first_epoch, w->last_epoch);
    kept.began = zsc_clock();
    ZSC_TRY(zsc_umap_run_stages(w, ZSC_UMAP_LAYOUT, ZSC_UMAP_LAYOUT));
    if (updates > 0)
        zsc_detail("layout: %.4g edge updates, %.1f ns each", updates, 1e9 * (zsc_clock() - kept.began) / updates);
    layout->epoch = layout->epochs;
    ZSC_TRY(zsc_checkpoint_keep_layout(checkpoint, layout, w->y, &tree->seconds));
done:
    tree->converged = w->converged;
    return status;
}

static zsc_status reduce_umap(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, zsc_tree *tree)
{
    zsc_umap_options u = o->umap;
    u.seed = o->seed;
    const size_t part = input->data.n * u.n_neighbors * sizeof(uint64_t) / 16; /* of the lists of neighbours */
    const zsc_exec arenas = zsc_memory_hold(exec, part < ZSC_MEMORY_REST ? part : ZSC_MEMORY_REST); /* of the workers */
    zsc_umap_work w = umap_work(&u, &arenas, input, &tree->seconds);
    w.y = tree->reduced;
    w.last_epoch = zsc_umap_epochs(&u, input->data.n);
    w.consume_graph = zsc_run_frees_graph(o, input->last);
    if (frees_matrix(o, input)) {
        w.free_rows = free_matrix;
        w.rows_owner = &input->data;
    }
    return lay_out(o, &w, input, tree);
}

/* The reduced vectors of the run, into a tree without any. */
static zsc_status reduce(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    if (o->reduce == ZSC_REDUCE_NONE) return ZSC_OK;
    zsc_exec held = zsc_memory_hold(exec, data->n * tree->dim * sizeof *tree->reduced);
    ZSC_NEW_RAW(tree->reduced, data->n * tree->dim);
    if (o->reduce == ZSC_REDUCE_UMAP) {
        ZSC_TRY(reduce_umap(o, &held, input, tree));
    } else {
        double began = zsc_clock();
        held = hold_matrix(input, &held);
        ZSC_TRY(zsc_pca(data->x, data->n, data->d, tree->dim, &held, tree->reduced));
        if (frees_matrix(o, input)) free_matrix(&input->data);
        ZSC_TRY(zsc_stage_end(&tree->seconds, "pca", began));
    }
done:
    return status;
}

/* Says what the run needs, as it is known before rows are looked at. */
static zsc_status expect_memory(const zsc_run_options *o, const zsc_input *input, const zsc_exec *exec)
{
    const zsc_dataset *data = &input->data;
    zsc_run_shape shape = {data->n, data->d, data->wide, zsc_clusters_most(o, data), input->last, false, data->n};
    char about[ZSC_BYTES_TEXT], most[ZSC_BYTES_TEXT];
    size_t any = zsc_run_memory(o, &shape, exec);
    shape.typical = true;
    const size_t program = zsc_program_memory(); /* with labels and metadata */
    zsc_detail("memory: this run takes about %s in all, if no rows are repeated, and at most %s",
               zsc_bytes_text((double)zsc_memory_sum(program, zsc_run_memory(o, &shape, exec)), about),
               zsc_bytes_text((double)zsc_memory_sum(program, any), most));
    return zsc_memory_expect(exec, o->data.memory_map ? 0 : data->n * data->d * sizeof(float), any, "this run");
}

/* Clusters of the tree, from where a checkpoint left the linkage. */
static zsc_status cluster(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input, zsc_digest key,
                          zsc_tree *tree)
{
    zsc_kept kept = {
        .checkpoint = input->checkpoint, .key = key, .n = input->data.n, .stage = zsc_setting_choice("linkage", o)};
    const zsc_ward_keeper keeper = zsc_kept_linkage(&kept);
    zsc_status status;
    do {
        status = zsc_tree_cluster(o, exec, &input->data, input->checkpoint ? &keeper : NULL, tree);
    } while (zsc_kept_again(&kept, status));
    if (status == ZSC_OK) status = zsc_kept_end(&kept, &tree->clustering_seconds);
    zsc_stage_list_free(&kept.seconds);
    return status;
}

zsc_status zsc_tree_grow(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    zsc_tree new = {.dim = o->reduce == ZSC_REDUCE_NONE ? data->d : o->umap.n_components, .converged = true};
    zsc_digest key;
    ZSC_TRY(check_rows(o, data)); /* also where the dendrogram is there: another rule of K may not fit these rows */
    ZSC_TRY(zsc_stage_key_reduced(o, data, &new.reduced_key));
    ZSC_TRY(zsc_stage_key_tree(o, data, &key));
    if (zsc_digest_equal(tree->key, key)) goto done;
    ZSC_TRY(expect_memory(o, input, exec));
    if (!zsc_digest_equal(tree->reduced_key, new.reduced_key)) {
        zsc_tree_free(tree);
        ZSC_TRY(reduce(o, exec, input, &new));
        *tree = new;
        new = (zsc_tree){0};
    }
    const zsc_exec held = zsc_tree_hold(o, input, tree, exec);
    zsc_tree_free_clusters(tree); /* of other settings, in a sweep */
    ZSC_TRY(zsc_checkpoint_find_linkage(input->checkpoint, key, data->n, tree));
    bool found = tree->linkage != NULL;
    if (!found) ZSC_TRY(cluster(o, &held, input, key, tree));
    tree->key = key;
    if (!found) ZSC_TRY(zsc_checkpoint_keep_linkage(input->checkpoint, data->n, tree));
done:
    zsc_tree_free(&new);
    return status;
}
