#include "experiment/store/result_fields.h"

#include <stdlib.h>

#include "experiment/store/result_layers.h"

#define WHOLE(name, field)                                                                                             \
    {                                                                                                                  \
        name, true, offsetof(zsc_rank_scores, field)                                                                   \
    }
#define REAL(name, field)                                                                                              \
    {                                                                                                                  \
        name, false, offsetof(zsc_rank_scores, field)                                                                  \
    }
static const zsc_result_column score_columns[] = {
    WHOLE("rows", scores.rows),
    WHOLE("missing", scores.missing),
    WHOLE("classes", scores.classes),
    WHOLE("clusters", scores.clusters),
    WHOLE("k", k),
    REAL("ami", scores.ami[ZSC_ARITHMETIC]),
    REAL("ami_max", scores.ami[ZSC_MAX]),
    REAL("ami_min", scores.ami[ZSC_MIN]),
    REAL("ami_geometric", scores.ami[ZSC_GEOMETRIC]),
    REAL("nmi", scores.nmi[ZSC_ARITHMETIC]),
    REAL("nmi_max", scores.nmi[ZSC_MAX]),
    REAL("nmi_min", scores.nmi[ZSC_MIN]),
    REAL("nmi_geometric", scores.nmi[ZSC_GEOMETRIC]),
    REAL("ari", scores.ari),
    REAL("fmi", scores.fmi),
    REAL("homogeneity", scores.homogeneity),
    REAL("completeness", scores.completeness),
    REAL("v_measure", scores.v_measure),
    REAL("mi", scores.mi),
    REAL("emi", scores.emi),
    REAL("entropy_classes", scores.h_classes),
    REAL("entropy_clusters", scores.h_clusters),
    REAL("silhouette", internal.silhouette),
    REAL("davies_bouldin", internal.davies_bouldin),
    REAL("calinski_harabasz", internal.calinski_harabasz),
    WHOLE("best_clusters", best_clusters),
    REAL("best_ami", best_ami),
};
const zsc_result_column_table zsc_result_columns = {score_columns, sizeof score_columns / sizeof *score_columns};

static const zsc_result_column noise_columns[] = {
    WHOLE("clustered", noise.clustered),
    REAL("ami_clustered", noise.ami_clustered),
    REAL("ami_singletons", noise.ami_singletons),
};
const zsc_result_column_table zsc_result_noise_columns = {noise_columns, sizeof noise_columns / sizeof *noise_columns};

static const zsc_result_field texts[] = {
    {"key", offsetof(zsc_result, key)},
    {"config", offsetof(zsc_result, config)},
    {"provenance", offsetof(zsc_result, provenance)},
    {"subset", offsetof(zsc_result, subset)},
    {"one_per_barcode", offsetof(zsc_result, per_barcode)},
    {"scale", offsetof(zsc_result, scale)},
    {"reduce", offsetof(zsc_result, reduce)},
    {"linkage_method", offsetof(zsc_result, linkage)},
    {"clusters_rule", offsetof(zsc_result, clusters_rule)},
};
static const zsc_result_field numbers[] = {
    {"rows", offsetof(zsc_result, rows)},
    {"dim", offsetof(zsc_result, dim)},
    {"clusters", offsetof(zsc_result, clusters)},
    {"peak_rss_bytes", offsetof(zsc_result, peak_rss)},
    {"reduced_dim", offsetof(zsc_result, reduced_dim)},
};
static const zsc_result_field selections[] = {
    {"embedded", offsetof(zsc_selection, embedded)},
    {"unmatched", offsetof(zsc_selection, unmatched)},
    {"other_split", offsetof(zsc_selection, other_split)},
    {"where", offsetof(zsc_selection, where)},
    {"without_barcode", offsetof(zsc_selection, without_barcode)},
    {"repeated_barcode", offsetof(zsc_selection, repeated_barcode)},
    {"kept", offsetof(zsc_selection, kept)},
};
static const zsc_result_field modality_texts[] = {
    {"path", offsetof(zsc_modality, path)},
    {"encoder", offsetof(zsc_modality, encoder)},
    {"modality", offsetof(zsc_modality, modality)},
    {"label", offsetof(zsc_modality, label)},
    {"architecture", offsetof(zsc_modality, architecture)},
};
#define TABLE(array)                                                                                                   \
    {                                                                                                                  \
        array, sizeof(array) / sizeof *(array)                                                                         \
    }
const zsc_result_field_table zsc_result_texts = TABLE(texts);
const zsc_result_field_table zsc_result_numbers = TABLE(numbers);
const zsc_result_field_table zsc_result_selections = TABLE(selections);
const zsc_result_field_table zsc_result_modality_texts = TABLE(modality_texts);

static void free_rows(zsc_result *r)
{
    for (size_t i = 0; r->id && i < r->rows; i++) free(r->id[i]);
    for (size_t j = 0; r->taxon && j < r->scores; j++) {
        free(r->taxon[j].name);
        free(r->taxon[j].code);
        for (size_t l = 0; r->taxon[j].level && l < r->taxon[j].levels; l++) free(r->taxon[j].level[l]);
        free(r->taxon[j].level);
    }
    free(r->id);
    free(r->label);
    free(r->probability);
    free(r->taxon);
    zsc_result_layers_free_labels(r);
    r->id = NULL;
    r->label = NULL;
    r->probability = NULL;
    r->taxon = NULL;
}

const zsc_clusterer_traits *zsc_result_clusterer(const zsc_result *r)
{
    return zsc_clusterer_find(r->clusterer ? r->clusterer : "");
}

static void free_linkage(zsc_result *r)
{
    free(r->linkage_matrix);
    r->linkage_matrix = NULL;
}

static void free_reduced(zsc_result *r)
{
    free(r->reduced);
    r->reduced = NULL;
}

static void free_curve(zsc_result *r)
{
    for (size_t j = 0; r->curve && j < r->scores; j++) free(r->curve[j]);
    free(r->curve);
    r->curve = NULL;
}

void zsc_result_drop(zsc_result *r, unsigned what)
{
    if (what & ZSC_RESULT_ROWS) free_rows(r);
    if (what & ZSC_RESULT_LINKAGE) free_linkage(r);
    if (what & ZSC_RESULT_REDUCED) free_reduced(r);
    if (what & ZSC_RESULT_CURVE) free_curve(r);
}

static void free_texts(const zsc_result_field_table *table, const void *object)
{
    for (size_t i = 0; i < table->count; i++) free(*zsc_result_text(object, &table->item[i]));
}

void zsc_result_free(zsc_result *r)
{
    if (!r) return;
    zsc_result_drop(r, ZSC_RESULT_ARRAYS);
    free_texts(&zsc_result_texts, r);
    for (size_t m = 0; r->modality && m < r->modalities; m++) free_texts(&zsc_result_modality_texts, &r->modality[m]);
    for (size_t i = 0; r->stage && i < r->stages; i++) free(r->stage[i].stage);
    for (size_t j = 0; r->score && j < r->scores; j++) free(r->score[j].rank);
    free(r->path);
    free(r->matrix);
    free(r->clusterer);
    zsc_cut_curve_free(&r->cut_curve);
    zsc_result_layers_free(r);
    free(r->kind);
    free(r->retrieval);
    free(r->modality);
    free(r->stage);
    free(r->score);
    *r = (zsc_result){0};
}
