/* One run of the experiment: rows -> matrix -> reduction -> dendrogram -> cut -> scores. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/threads.h"
#include "base/value.h"
#include "experiment/pipeline.h"
#include "experiment/settings.h"
#include "io/formats/h5_paths.h"
#include "io/metadata.h"
#include "io/embeddings.h"
#include "umap/stages.h"
#include "zsc/pca.h"

zsc_run_options zsc_run_defaults(void)
{
    zsc_run_options o = {.data = zsc_dataset_defaults(), .umap = zsc_umap_defaults(), .clusters = "species"};
    o.umap.n_components = 50;
    o.umap.n_neighbors = 30;
    o.umap.min_dist = 0;
    return o;
}

/* --- Stage times */
zsc_status zsc_stage_add(zsc_stage_list *list, const char *stage, double seconds)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].stage, stage) == 0) {
            list->item[i].seconds += seconds;
            return ZSC_OK;
        }
    zsc_stage_seconds *grown = realloc(list->item, (list->count + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(list->count + 1, sizeof *grown, "stage times");
    list->item = grown;
    char *name = zsc_strdup(stage);
    if (!name) return ZSC_EINTERNAL;
    list->item[list->count++] = (zsc_stage_seconds){name, seconds};
    return ZSC_OK;
}

void zsc_stage_list_free(zsc_stage_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->item[i].stage);
    free(list->item);
    *list = (zsc_stage_list){0};
}

static zsc_status record(zsc_stage_list *list, const char *stage, double seconds)
{
    zsc_detail("%s: %.2f s", stage, seconds);
    return zsc_stage_add(list, stage, seconds);
}

static zsc_status timed(zsc_stage_list *list, const char *stage, double began)
{
    return record(list, stage, zsc_clock() - began);
}

/* --- Checks */
static bool parse_count(const char *text, size_t *value)
{
    uint64_t count = 0;
    if (!zsc_value_digits(text, &count) || count > SIZE_MAX) return false;
    *value = (size_t)count;
    return true;
}

zsc_status zsc_run_check(const zsc_run_options *o)
{
    size_t k;
    zsc_status status = zsc_columns_check(&o->data.columns, o->data.metadata);
    if (status == ZSC_OK) status = zsc_h5_paths_check(&o->data.h5_paths);
    if (status != ZSC_OK) return status;
    if (!o->clusters || !*o->clusters)
        return zsc_fail(ZSC_EUSAGE, "clusters is empty: it takes a rank, a number or each-rank");
    if (parse_count(o->clusters, &k) && k == 0)
        return zsc_fail(ZSC_EUSAGE, "clusters is 0: at least one cluster is needed");
    if (!(o->cut_height >= 0 && isfinite(o->cut_height)))
        return zsc_fail(ZSC_EUSAGE, "cut-height is %g; expected a finite number, 0 or above", o->cut_height);
    if (o->reduce == ZSC_REDUCE_UMAP) return zsc_umap_check(&o->umap);
    if (o->umap.n_components == 0) return zsc_fail(ZSC_EUSAGE, "dim is 0: at least one dimension is needed");
    return ZSC_OK;
}

size_t zsc_run_memory(const zsc_run_options *o, size_t n, size_t d, const zsc_exec *exec)
{
    size_t dim = o->reduce == ZSC_REDUCE_NONE ? d : o->umap.n_components;
    size_t reduce = o->reduce == ZSC_REDUCE_UMAP  ? zsc_umap_memory(n, d, &o->umap, exec)
                    : o->reduce == ZSC_REDUCE_PCA ? zsc_pca_memory(n, d, dim, exec)
                                                  : (size_t)0;
    size_t ward = zsc_linkage_memory(n, dim, o->linkage, exec), held = n * dim * sizeof(float) + 4 * n * sizeof(double);
    ward = ward < SIZE_MAX - held ? ward + held : SIZE_MAX; /* average and complete linkage: n^2 doubles */
    size_t most = reduce > ward ? reduce : ward, matrix = n * d * sizeof(float);
    return most < SIZE_MAX - matrix ? most + matrix : SIZE_MAX;
}

static size_t distinct_classes(const zsc_column *column, size_t n, zsc_missing missing)
{
    /* levels are those of the rows that were kept: dataset.h */
    size_t classes = column->levels;
    for (size_t i = 0; missing == ZSC_MISSING_CLASS && i < n; i++)
        if (column->code[i] < 0) return classes + 1;
    return classes;
}

zsc_status zsc_resolve_clusters(const char *rule, const char *rank, const zsc_dataset *data, zsc_missing missing,
                                size_t *k)
{
    if (parse_count(rule, k)) {
        if (*k > data->n)
            return zsc_fail(ZSC_EINPUT, "%zu clusters requested, but there are only %zu rows", *k, data->n);
        return ZSC_OK;
    }
    const char *name = strcmp(rule, "each-rank") == 0 ? rank : rule;
    const zsc_column *column = zsc_dataset_rank(data, name);
    if (!column) {
        zsc_text known = {0};
        for (size_t i = 0; i < data->ranks; i++) zsc_text_printf(&known, "%s%s", i ? ", " : "", data->rank[i].name);
        zsc_status status = zsc_fail(ZSC_EINPUT,
                                     "clusters is '%s'; expected a rank of the data (%s), a number, or each-rank", name,
                                     known.data ? known.data : "none");
        free(known.data);
        return status;
    }
    *k = distinct_classes(column, data->n, missing);
    if (*k == 0)
        return zsc_fail(ZSC_EINPUT, "rank %s has no labels among the %zu rows, so it gives no number of clusters", name,
                        data->n);
    return ZSC_OK;
}

/* --- Input */
static zsc_status check_rows(const zsc_run_options *o, const zsc_dataset *data)
{
    if (data->n < 2)
        return zsc_fail(ZSC_EINPUT, "%zu row%s left after selection: clustering needs at least 2", data->n,
                        data->n == 1 ? " is" : "s are");
    if (o->reduce == ZSC_REDUCE_UMAP && data->n < o->umap.n_neighbors)
        return zsc_fail(ZSC_EINPUT, "%zu rows are fewer than the %zu neighbors of UMAP; give fewer --neighbors",
                        data->n, o->umap.n_neighbors);
    if (o->cut_height > 0 || strcmp(o->clusters, "each-rank") == 0) return ZSC_OK;
    size_t k;
    zsc_status status = zsc_resolve_clusters(o->clusters, NULL, data, o->missing, &k);
    if (status == ZSC_OK && k == 1 && o->clusters[0] != '1')
        return zsc_fail(ZSC_EINPUT,
                        "rank %s has a single class among the %zu rows; give --clusters a number or another rank",
                        o->clusters, data->n);
    return status;
}

zsc_status zsc_input_load(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input)
{
    zsc_status status = ZSC_OK;
    double began = zsc_clock();
    if (input->data.x) return ZSC_OK;
    ZSC_TRY(zsc_dataset_load_with(&o->data, exec, input->cache, &input->data));
    ZSC_TRY(timed(&input->seconds, "load", began));
done:
    return status;
}

static zsc_status umap_finished(void *list, zsc_umap_stage stage, double seconds)
{
    return record(list, zsc_umap_stage_field(stage), seconds);
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

zsc_status zsc_input_graph(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input)
{
    zsc_status status = ZSC_OK;
    if (o->reduce != ZSC_REDUCE_UMAP) goto done;
    zsc_digest key = zsc_stage_key_knn_of(o, &input->data), graph_key = zsc_stage_key_graph(o, key);
    if (input->graph.graph.offset && zsc_digest_equal(input->graph.key, graph_key)) goto done;
    zsc_graph_free(&input->graph.graph);
    if (!zsc_keyed_knn_is(&input->knn, key)) zsc_keyed_knn_free(&input->knn);
    zsc_umap_options u = o->umap;
    u.seed = o->data.seed;
    zsc_umap_work w = umap_work(&u, exec, input, &input->seconds);
    ZSC_TRY(zsc_umap_run_stages(&w, ZSC_UMAP_KNN, ZSC_UMAP_KNN));
    input->knn.key = key;
    ZSC_TRY(zsc_umap_run_stages(&w, ZSC_UMAP_GRAPH, ZSC_UMAP_GRAPH));
    input->graph.key = graph_key;
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

/* --- Dendrogram */
static zsc_status reduce_umap(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_umap_options u = o->umap;
    u.seed = o->seed;
    ZSC_TRY(zsc_input_graph(o, exec, input));
    zsc_umap_work w = umap_work(&u, exec, input, &tree->seconds);
    w.y = tree->reduced;
    w.last_epoch = zsc_umap_epochs(&u, input->data.n);
    ZSC_TRY(zsc_umap_run_stages(&w, ZSC_UMAP_INITIALISATION, ZSC_UMAP_LAYOUT));
    tree->converged = w.converged;
done:
    return status;
}

zsc_status zsc_tree_grow(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    zsc_tree new = {.dim = o->reduce == ZSC_REDUCE_NONE ? data->d : o->umap.n_components, .converged = true};
    ZSC_TRY(check_rows(o, data)); /* also where the dendrogram is there: another rule of K may not fit these rows */
    ZSC_TRY(zsc_stage_key_tree(o, data, &new.key));
    if (tree->linkage && zsc_digest_equal(tree->key, new.key)) goto done;
    zsc_tree_free(tree);
    ZSC_TRY(zsc_memory_check(exec, zsc_run_memory(o, data->n, data->d, exec), "this run"));
    if (o->reduce != ZSC_REDUCE_NONE) ZSC_NEW_RAW(new.reduced, data->n * new.dim);
    if (o->reduce == ZSC_REDUCE_UMAP) {
        ZSC_TRY(reduce_umap(o, exec, input, &new));
    } else if (o->reduce == ZSC_REDUCE_PCA) {
        double began = zsc_clock();
        ZSC_TRY(zsc_pca(data->x, data->n, data->d, new.dim, exec, new.reduced));
        ZSC_TRY(timed(&new.seconds, "pca", began));
    }
    double began = zsc_clock();
    ZSC_NEW_RAW(new.linkage, 4 * (data->n - 1));
    ZSC_TRY(
        zsc_linkage(new.reduced ? new.reduced : data->x, data->n, new.dim, o->linkage, exec, new.linkage, &new.how));
    ZSC_TRY(timed(&new.seconds, zsc_setting_choice("linkage", o), began));
    zsc_detail("%s linkage: %s", zsc_setting_choice("linkage", o), new.how ? new.how : "");
    *tree = new;
    new = (zsc_tree){0};
done:
    zsc_tree_free(&new);
    return status;
}

void zsc_tree_free(zsc_tree *tree)
{
    free(tree->reduced);
    free(tree->linkage);
    zsc_stage_list_free(&tree->seconds);
    *tree = (zsc_tree){0};
}

/* --- Cut and scores */
static char *copy(const char *text) { return zsc_strdup(text ? text : ""); }

static zsc_status copy_modalities(const zsc_dataset *data, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(r->modality, data->modalities);
    r->modalities = data->modalities;
    for (size_t i = 0; i < data->modalities; i++) {
        const zsc_modality *m = &data->modality[i];
        zsc_modality *c = &r->modality[i];
        *c = (zsc_modality){.d = m->d, .simulated = m->simulated};
        if (!(c->path = copy(m->path)) || !(c->encoder = copy(m->encoder)) || !(c->modality = copy(m->modality)) ||
            !(c->label = copy(m->label)) || !(c->architecture = copy(m->architecture)))
            return ZSC_EINTERNAL;
        r->simulated |= m->simulated;
    }
done:
    return status;
}

static zsc_status copy_rows(const zsc_dataset *data, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(r->id, data->n);
    for (size_t i = 0; i < data->n; i++)
        if (!(r->id[i] = copy(data->id[i]))) return ZSC_EINTERNAL;
    ZSC_NEW(r->taxon, data->ranks);
    for (size_t j = 0; j < data->ranks; j++) {
        const zsc_column *from = &data->rank[j];
        zsc_column *to = &r->taxon[j];
        if (!(to->name = copy(from->name))) return ZSC_EINTERNAL;
        ZSC_NEW_RAW(to->code, data->n);
        memcpy(to->code, from->code, data->n * sizeof *to->code);
        ZSC_NEW(to->level, from->levels);
        for (to->levels = 0; to->levels < from->levels; to->levels++)
            if (!(to->level[to->levels] = copy(from->level[to->levels]))) return ZSC_EINTERNAL;
    }
done:
    return status;
}

static zsc_status add_seconds(const zsc_stage_list *from, zsc_stage_list *to)
{
    for (size_t i = 0; i < from->count; i++) {
        zsc_status status = zsc_stage_add(to, from->item[i].stage, from->item[i].seconds);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static zsc_status describe(const zsc_run_options *o, const zsc_input *input, const zsc_tree *tree, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    r->selection = data->selection;
    r->rows = data->n;
    r->dim = data->d;
    r->seed = o->seed;
    r->reduced_dim = tree->reduced ? tree->dim : 0;
    if (!(r->path = copy("")) || !(r->subset = copy(o->data.split ? o->data.split : "all")) ||
        !(r->per_barcode = copy(zsc_setting_choice("one-per-barcode", o))) ||
        !(r->scale = copy(zsc_setting_choice("scale", o))) || !(r->reduce = copy(zsc_setting_choice("reduce", o))) ||
        !(r->linkage = copy(zsc_setting_choice("linkage", o))) ||
        !(r->clusters_rule = copy(o->cut_height > 0 ? "height" : o->clusters)))
        return ZSC_EINTERNAL;
    ZSC_TRY(copy_modalities(data, r));
    ZSC_NEW(r->score, data->ranks);
    r->scores = data->ranks; /* from here on zsc_result_free knows how many taxa and curves there may be */
    ZSC_TRY(copy_rows(data, r));
    ZSC_TRY(zsc_config_text(o, data, &r->config));
    ZSC_TRY(zsc_run_key(r->config, data, &r->key));
    ZSC_TRY(zsc_provenance_text(&r->provenance));
done:
    return status;
}

static zsc_status score_rank(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input,
                             const zsc_tree *tree, const int32_t *label, size_t k, size_t j, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    const zsc_column *column = &data->rank[j];
    zsc_rank_scores *s = &r->score[j];
    if (!(s->rank = copy(column->name))) return ZSC_EINTERNAL;
    s->k = k;
    s->internal = (zsc_internal_scores){NAN, NAN, NAN};
    ZSC_TRY(zsc_score(column->code, label, data->n, o->missing, exec, &s->scores));
    if (o->internal && s->scores.rows)
        ZSC_TRY(zsc_score_internal(tree->reduced ? tree->reduced : data->x, data->n, tree->dim, column->code, exec,
                                   &s->internal));
    if (o->curve) {
        zsc_curve curve = {0};
        ZSC_TRY(zsc_ami_curve(tree->linkage, data->n, column->code, o->missing, exec, &curve));
        s->best_clusters = curve.best_clusters;
        s->best_ami = curve.best_ami;
        r->curve[j] = curve.ami;
    }
done:
    return zsc_context(status, "rank %s", column->name);
}

static zsc_status cut_and_score(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input,
                                const zsc_tree *tree, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    bool each = o->cut_height <= 0 && strcmp(o->clusters, "each-rank") == 0;
    if (o->curve) ZSC_NEW(r->curve, data->ranks);
    ZSC_NEW_RAW(r->label, data->n);
    if (o->cut_height > 0)
        ZSC_TRY(zsc_cut_height(tree->linkage, data->n, o->cut_height, r->label, &r->clusters));
    else if (!each)
        ZSC_TRY(zsc_resolve_clusters(o->clusters, NULL, data, o->missing, &r->clusters));
    if (!each && o->cut_height <= 0) ZSC_TRY(zsc_cut_clusters(tree->linkage, data->n, r->clusters, r->label));
    for (size_t j = 0; j < data->ranks; j++) {
        if (each) {
            ZSC_TRY(zsc_resolve_clusters(o->clusters, data->rank[j].name, data, o->missing, &r->clusters));
            ZSC_TRY(zsc_cut_clusters(tree->linkage, data->n, r->clusters, r->label));
        }
        ZSC_TRY(score_rank(o, exec, input, tree, r->label, r->clusters, j, r));
    }
    r->internal = (zsc_internal_scores){NAN, NAN, NAN};
    if (o->internal)
        ZSC_TRY(zsc_score_internal(tree->reduced ? tree->reduced : data->x, data->n, tree->dim, r->label, exec,
                                   &r->internal));
done:
    return status;
}

zsc_status zsc_tree_score(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input, const zsc_tree *tree,
                          zsc_result *out)
{
    zsc_status status = ZSC_OK;
    zsc_result r = {0};
    zsc_stage_list seconds = {0};
    double began = zsc_clock();
    size_t n = input->data.n;
    zsc_digest key;
    ZSC_TRY(zsc_stage_key_tree(o, &input->data, &key));
    if (!zsc_digest_equal(tree->key, key))
        return zsc_fail(ZSC_EINTERNAL, "a run was given the dendrogram of other rows or settings");
    ZSC_TRY(describe(o, input, tree, &r));
    ZSC_TRY(cut_and_score(o, exec, input, tree, &r));
    ZSC_NEW_RAW(r.linkage_matrix, 4 * (n - 1));
    memcpy(r.linkage_matrix, tree->linkage, 4 * (n - 1) * sizeof *r.linkage_matrix);
    if (tree->reduced && o->keep_reduced) {
        ZSC_NEW_RAW(r.reduced, n * tree->dim);
        memcpy(r.reduced, tree->reduced, n * tree->dim * sizeof *r.reduced);
    }
    ZSC_TRY(add_seconds(&input->seconds, &seconds));
    ZSC_TRY(add_seconds(&tree->seconds, &seconds));
    ZSC_TRY(timed(&seconds, "score", began));
    r.stage = seconds.item;
    r.stages = seconds.count;
    seconds = (zsc_stage_list){0};
    r.peak_rss = zsc_memory_peak();
    *out = r;
    r = (zsc_result){0};
done:
    zsc_stage_list_free(&seconds);
    zsc_result_free(&r);
    return status;
}

zsc_status zsc_run(const zsc_run_options *options, const zsc_exec *exec, zsc_result *out)
{
    zsc_status status = ZSC_OK;
    zsc_input input = {0};
    zsc_tree tree = {0};
    ZSC_TRY(zsc_run_check(options));
    ZSC_TRY(zsc_input_load(options, exec, &input));
    ZSC_TRY(zsc_tree_grow(options, exec, &input, &tree));
    ZSC_TRY(zsc_tree_score(options, exec, &input, &tree, out));
done:
    zsc_tree_free(&tree);
    zsc_input_free(&input);
    return status;
}
