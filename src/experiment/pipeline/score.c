/* The last step of a run: the dendrogram is cut, the clusters are scored at each rank, and the result says what it is
 * of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/settings/clusters_rule.h"
#include "experiment/settings/run_config.h"
#include "experiment/pipeline/score_layers.h"
#include "experiment/pipeline/stability.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"
#include "experiment/store/result_fields.h"

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

/* Which rows these are: the split, and the list of ids by the start of its digest. */
static char *subset_of(const zsc_run_options *o, const zsc_dataset *data)
{
    char text[ZSC_DIGEST_TEXT];
    if (!data->id_list[0] && !data->id_list[1]) return copy(o->data.split ? o->data.split : "all");
    zsc_digest_text((zsc_digest){data->id_list[0], data->id_list[1]}, text);
    return o->data.split ? zsc_asprintf("%s, ids %.8s", o->data.split, text) : zsc_asprintf("ids %.8s", text);
}

/* Heights and rules are of a dendrogram. */
static bool finds_k(const zsc_run_options *o)
{
    return zsc_clusterer_traits_of(o->clusterer)->dendrogram && !zsc_run_wants_k(o);
}

static zsc_status describe(const zsc_run_options *o, const zsc_input *input, const zsc_tree *tree, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    char matrix[ZSC_DIGEST_TEXT];
    const char *rule = zsc_clusters_found_by(o);
    const zsc_clusterer_traits *clusterer = zsc_clusterer_traits_of(o->clusterer);
    if (!clusterer->wants_k)
        rule = "";
    else if (!finds_k(o))
        ZSC_TRY(zsc_clusters_rank(o->clusters, data, &rule));
    r->clusters_rule = copy(rule); /* at once: the next choice that is named takes its place */
    zsc_digest_text((zsc_digest){data->matrix_digest[0], data->matrix_digest[1]}, matrix);
    r->selection = data->selection;
    r->rows = data->n;
    r->dim = data->d;
    r->seed = o->seed;
    r->reduced_dim = tree->reduced ? tree->dim : 0;
    if (!(r->path = copy("")) || !(r->matrix = copy(matrix)) || !(r->subset = subset_of(o, data)) ||
        !(r->per_barcode = copy(zsc_setting_choice("one-per-barcode", o))) ||
        !(r->scale = copy(zsc_setting_choice("scale", o))) || !(r->reduce = copy(zsc_setting_choice("reduce", o))) ||
        !(r->linkage = copy(clusterer->dendrogram ? zsc_setting_choice("linkage", o) : "")) ||
        !(r->clusterer = copy(o->clusterer == ZSC_AGGLOMERATIVE ? "" : clusterer->name)) || !r->clusters_rule)
        return ZSC_EINTERNAL;
    ZSC_TRY(copy_modalities(data, r));
    ZSC_NEW(r->score, data->ranks);
    r->scores = data->ranks; /* from here on zsc_result_free knows how many taxa and curves there may be */
    ZSC_TRY(copy_rows(data, r));
    ZSC_TRY(zsc_config_text(o, data, &r->config));
    ZSC_TRY(zsc_run_key(r->config, data, &r->key));
    ZSC_TRY(zsc_provenance_text(o, data, &r->provenance));
done:
    return status;
}

static const zsc_internal_scores no_internal_scores = {NAN, NAN, NAN};

/* Of the vectors that were clustered. */
static zsc_status score_internal(const zsc_input *input, const zsc_tree *tree, const int32_t *label,
                                 const zsc_exec *exec, zsc_internal_scores *out)
{
    const zsc_dataset *data = &input->data;
    return data->x64
               ? zsc_score_internal_f64(data->x64, data->n, tree->dim, label, exec, out)
               : zsc_score_internal(tree->reduced ? tree->reduced : data->x, data->n, tree->dim, label, exec, out);
}

/* Of the matrix before it was reduced: the same where nothing was. */
static zsc_status score_original(const zsc_input *input, const zsc_tree *tree, const int32_t *label,
                                 const zsc_exec *exec, zsc_internal_scores *out)
{
    const zsc_dataset *data = &input->data;
    if (!tree->reduced) return score_internal(input, tree, label, exec, out);
    return zsc_score_internal(data->x, data->n, data->d, label, exec, out);
}

static bool scores_clustered_space(const zsc_run_options *o)
{
    return o->internal && o->internal_space != ZSC_SPACE_ORIGINAL;
}

/* Of the clusters, where it was asked for. */
static zsc_status score_clusters(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input,
                                 const zsc_tree *tree, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_exec held = zsc_tree_hold(o, input, tree, exec);
    r->internal = r->internal_original = no_internal_scores;
    if (scores_clustered_space(o)) ZSC_TRY(score_internal(input, tree, r->label, &held, &r->internal));
    if (!o->internal || o->internal_space == ZSC_SPACE_REDUCED) goto done;
    if (scores_clustered_space(o) && !tree->reduced)
        r->internal_original = r->internal;
    else
        ZSC_TRY(score_original(input, tree, r->label, &held, &r->internal_original));
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
    const zsc_exec held = zsc_tree_hold(o, input, tree, exec);
    if (!(s->rank = copy(column->name))) return ZSC_EINTERNAL;
    s->k = k;
    s->internal = no_internal_scores;
    ZSC_TRY(zsc_score(column->code, label, data->n, o->missing, exec, &s->scores));
    s->noise = zsc_noise_none(&s->scores);
    if (zsc_clusterer_traits_of(o->clusterer)->noise)
        ZSC_TRY(zsc_score_noise(column->code, label, data->n, o->missing, exec, &s->noise));
    s->scores.clusters -= s->noise.clustered < s->scores.rows; /* noise is scored as a cluster, and is none */
    if (scores_clustered_space(o) && s->scores.rows)
        ZSC_TRY(score_internal(input, tree, column->code, &held, &s->internal));
    if (r->curve) {
        zsc_curve curve = {0};
        ZSC_TRY(zsc_ami_curve(tree->linkage, data->n, column->code, o->missing, &held, &curve));
        s->best_clusters = curve.best_clusters;
        s->best_ami = curve.best_ami;
        r->curve[j] = curve.ami;
    }
done:
    return zsc_context(status, "rank %s", column->name);
}

/* The clusters of the run, but for each-rank. */
static zsc_status find_clusters(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input,
                                const zsc_tree *tree, zsc_result *r)
{
    const zsc_dataset *data = &input->data;
    const zsc_exec held = zsc_tree_hold(o, input, tree, exec);
    zsc_status status = ZSC_OK;
    if (!tree->label && !finds_k(o)) status = zsc_resolve_clusters(o->clusters, NULL, data, o->missing, &r->clusters);
    return status == ZSC_OK ? zsc_tree_labels(o, &held, data, tree, &r->clusters, r->label, &r->cut_curve) : status;
}

static zsc_status cut_and_score(const zsc_run_options *o, const zsc_exec *exec, const zsc_input *input,
                                const zsc_tree *tree, zsc_stage_list *seconds, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &input->data;
    bool each = !tree->label && !finds_k(o) && strcmp(o->clusters, "each-rank") == 0;
    if (o->curve && tree->linkage) ZSC_NEW(r->curve, data->ranks);
    ZSC_NEW_RAW(r->label, data->n);
    if (!each) {
        double began = zsc_clock();
        ZSC_TRY(find_clusters(o, exec, input, tree, r));
        if (!tree->label && !tree->linkage)
            ZSC_TRY(zsc_stage_end(seconds, zsc_clusterer_traits_of(o->clusterer)->name, began));
    }
    double began = zsc_clock();
    for (size_t j = 0; j < data->ranks; j++) {
        if (each) {
            ZSC_TRY(zsc_resolve_clusters(o->clusters, data->rank[j].name, data, o->missing, &r->clusters));
            ZSC_TRY(zsc_tree_cut(o, exec, data, tree, &r->clusters, r->label));
        }
        ZSC_TRY(score_rank(o, exec, input, tree, r->label, r->clusters, j, r));
    }
    for (size_t i = 0; i < data->n; i++) r->clustered += r->label[i] >= 0;
    ZSC_TRY(zsc_layers_score(o, exec, data, tree, r));
    ZSC_TRY(score_clusters(o, exec, input, tree, r));
    status = zsc_stage_end(seconds, "score", began);
done:
    return status;
}

/* Dendrogram, probabilities and reduced vectors of the tree. */
static zsc_status copy_tree(const zsc_run_options *o, const zsc_tree *tree, size_t n, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (tree->linkage) {
        ZSC_NEW_RAW(r->linkage_matrix, 4 * (n - 1));
        memcpy(r->linkage_matrix, tree->linkage, 4 * (n - 1) * sizeof *r->linkage_matrix);
    }
    if (tree->probability) {
        ZSC_NEW_RAW(r->probability, n);
        memcpy(r->probability, tree->probability, n * sizeof *r->probability);
    }
    if (tree->reduced && o->keep_reduced) {
        ZSC_NEW_RAW(r->reduced, n * tree->dim);
        memcpy(r->reduced, tree->reduced, n * tree->dim * sizeof *r->reduced);
    }
done:
    return status;
}

zsc_status zsc_tree_score(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, const zsc_tree *tree,
                          zsc_result *out)
{
    zsc_status status = ZSC_OK;
    zsc_result r = {0};
    zsc_stage_list seconds = {0};
    zsc_digest key;
    ZSC_TRY(zsc_stage_key_tree(o, &input->data, &key));
    if (!zsc_digest_equal(tree->key, key))
        return zsc_fail(ZSC_EINTERNAL, "a run was given the tree of other rows or settings");
    ZSC_TRY(describe(o, input, tree, &r));
    ZSC_TRY(copy_tree(o, tree, input->data.n, &r));
    ZSC_TRY(zsc_stage_add_all(&seconds, &input->seconds));
    ZSC_TRY(zsc_stage_add_all(&seconds, &tree->seconds));
    ZSC_TRY(zsc_stage_add_all(&seconds, &tree->clustering_seconds));
    ZSC_TRY(cut_and_score(o, exec, input, tree, &seconds, &r));
    double began = zsc_clock();
    ZSC_TRY(zsc_stability_measure(o, exec, input, tree, &r));
    if (o->stability) ZSC_TRY(zsc_stage_end(&seconds, "stability", began));
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
