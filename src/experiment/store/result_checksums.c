#include "experiment/store/result_checksums.h"

#include <string.h>

#include "experiment/store/result_fields.h"
#include "experiment/store/result_layers.h"

static void hash_text(zsc_hash *hash, const char *text) { zsc_hash_add(hash, text, strlen(text) + 1); }

/* Fields of TABLE, without the one of the name LEFT_OUT (may be NULL). */
static void hash_texts(zsc_hash *hash, const zsc_result_field_table *table, const void *object, const char *left_out)
{
    for (size_t i = 0; i < table->count; i++)
        if (!left_out || strcmp(table->item[i].name, left_out) != 0)
            hash_text(hash, *zsc_result_text(object, &table->item[i]));
}

static void hash_sizes(zsc_hash *hash, const zsc_result_field_table *table, const void *object, const char *left_out)
{
    for (size_t i = 0; i < table->count; i++)
        if (!left_out || strcmp(table->item[i].name, left_out) != 0)
            zsc_hash_add(hash, zsc_result_size(object, &table->item[i]), sizeof(size_t));
}

static void hash_rank_scores(zsc_hash *hash, const zsc_result *r)
{
    for (size_t j = 0; j < r->scores; j++) {
        hash_text(hash, r->score[j].rank);
        for (size_t c = 0; c < zsc_result_columns.count; c++)
            zsc_hash_add(hash, (const char *)&r->score[j] + zsc_result_columns.item[c].offset, sizeof(double));
        for (size_t c = 0; zsc_result_clusterer(r)->noise && c < zsc_result_noise_columns.count; c++)
            zsc_hash_add(hash, (const char *)&r->score[j] + zsc_result_noise_columns.item[c].offset, sizeof(double));
    }
}

/* Internal scores, and stability. */
static void hash_other_scores(zsc_hash *hash, const zsc_result *r)
{
    const double internal[] = {r->internal.silhouette, r->internal.davies_bouldin, r->internal.calinski_harabasz};
    zsc_hash_add(hash, internal, sizeof internal);
    const double original[] = {r->internal_original.silhouette, r->internal_original.davies_bouldin,
                               r->internal_original.calinski_harabasz};
    if (zsc_result_has_original_scores(r)) zsc_hash_add(hash, original, sizeof original);
    const double stability[] = {r->stability.subsamples, r->stability.subsamples_sd, r->stability.seeds,
                                r->stability.seeds_sd};
    if (r->stability.repeats) {
        zsc_hash_add(hash, &(uint64_t){r->stability.repeats}, sizeof(uint64_t));
        zsc_hash_add(hash, stability, sizeof stability);
    }
    zsc_hash_add(hash, &(uint64_t){r->simulated}, sizeof(uint64_t));
    for (size_t m = 0; m < r->modalities; m++) {
        const uint64_t numbers_of[] = {r->modality[m].d, r->modality[m].simulated};
        zsc_hash_add(hash, numbers_of, sizeof numbers_of);
    }
}

static void hash_stages(zsc_hash *hash, const zsc_result *r)
{
    for (size_t i = 0; i < r->stages; i++) {
        hash_text(hash, r->stage[i].stage);
        zsc_hash_add(hash, &r->stage[i].seconds, sizeof r->stage[i].seconds);
    }
}

/* Settings, rows and scores of the ranks; where FORMER, with the memory, the files' names and the provenance of this
 * one computation, which checksum_scores covered in results of before 2026-11-30. */
static void hash_settings(zsc_hash *hash, const zsc_result *r, bool former)
{
    hash_texts(hash, &zsc_result_texts, r, former ? NULL : "provenance");
    hash_sizes(hash, &zsc_result_numbers, r, former ? NULL : "peak_rss_bytes");
    hash_sizes(hash, &zsc_result_selections, &r->selection, NULL);
    zsc_hash_add(hash, &r->seed, sizeof r->seed);
    if (zsc_result_has_matrix(r)) hash_text(hash, r->matrix); /* older files have none */
    if (zsc_result_is_retrieval(r)) hash_text(hash, r->kind);
    if (zsc_result_names_clusterer(r)) {
        hash_text(hash, r->clusterer);
        zsc_hash_add(hash, &r->clustered, sizeof r->clustered);
    }
    for (size_t m = 0; m < r->modalities; m++)
        hash_texts(hash, &zsc_result_modality_texts, &r->modality[m], former ? NULL : "path");
    hash_rank_scores(hash, r);
}

zsc_status zsc_result_checksum_scores(const zsc_result *r, bool former, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    hash_settings(hash, r, former);
    if (!former) hash_other_scores(hash, r);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}
_Static_assert(sizeof(size_t) == sizeof(double), "both kinds of column are hashed as 8 bytes");

zsc_status zsc_result_checksum_rows(const zsc_result *r, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    for (size_t i = 0; i < r->rows; i++) hash_text(hash, r->id[i]);
    zsc_hash_add(hash, r->label, r->rows * sizeof *r->label);
    for (size_t j = 0; j < r->scores; j++)
        for (size_t i = 0; i < r->rows; i++) {
            int32_t code = r->taxon[j].code[i];
            hash_text(hash, code < 0 ? "" : r->taxon[j].level[code]);
        }
    if (r->probability) zsc_hash_add(hash, r->probability, r->rows * sizeof *r->probability);
    if (r->linkage_matrix) zsc_hash_add(hash, r->linkage_matrix, 4 * (r->rows - 1) * sizeof *r->linkage_matrix);
    if (r->reduced) zsc_hash_add(hash, r->reduced, r->rows * r->reduced_dim * sizeof *r->reduced);
    for (size_t j = 0; r->curve && j < r->scores; j++) zsc_hash_add(hash, r->curve[j], r->rows * sizeof *r->curve[j]);
    const zsc_cut_curve *cut = &r->cut_curve;
    for (size_t i = 0; i < cut->count; i++) zsc_hash_add(hash, &(uint64_t){cut->k[i]}, sizeof(uint64_t));
    if (cut->count) zsc_hash_add(hash, cut->value, cut->count * sizeof *cut->value);
    zsc_result_layers_hash(hash, r);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}

zsc_status zsc_result_checksum_others(const zsc_result *r, bool former, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    if (former) {
        hash_other_scores(hash, r);
    } else {
        hash_text(hash, r->provenance);
        zsc_hash_add(hash, &(uint64_t){r->peak_rss}, sizeof(uint64_t));
        for (size_t m = 0; m < r->modalities; m++) hash_text(hash, r->modality[m].path);
    }
    hash_stages(hash, r);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}
