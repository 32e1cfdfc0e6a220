/* Reading a result: the file that result_fields.h describes. */
#include "experiment/store/result_read.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/store/result_checksums.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/result_layers.h"
#include "io/h5/h5.h"

static zsc_status damaged(const char *path, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "result '%s' is damaged: %s", path, what);
}

static zsc_status read_size(zsc_h5 *file, const char *object, const char *name, size_t *out)
{
    int64_t value;
    zsc_status status = zsc_h5_get_int(file, object, name, -1, &value);
    if (status != ZSC_OK) return status;
    if (value < 0) return damaged(zsc_h5_path(file), name);
    *out = (size_t)value;
    return ZSC_OK;
}

static zsc_status read_sizes(zsc_h5 *file, const char *object, const zsc_result_field_table *table, void *to)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < table->count && status == ZSC_OK; i++)
        status = read_size(file, object, table->item[i].name, zsc_result_size(to, &table->item[i]));
    return status;
}

static zsc_status read_texts(zsc_h5 *file, const char *object, const zsc_result_field_table *table, void *to)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < table->count && status == ZSC_OK; i++)
        status = zsc_h5_get_text(file, object, table->item[i].name, "", zsc_result_text(to, &table->item[i]));
    return status;
}

/* What no other count says. */
static void count_not_listed(zsc_selection *s)
{
    size_t counted = s->unmatched + s->other_split + s->where + s->without_barcode + s->repeated_barcode + s->kept;
    s->not_listed = s->embedded > counted ? s->embedded - counted : 0;
}

static zsc_status read_stability(zsc_h5 *file, zsc_stability *s)
{
    zsc_status status = ZSC_OK;
    if (zsc_h5_has_attribute(file, "/", "stability_repeats"))
        ZSC_TRY(read_size(file, "/", "stability_repeats", &s->repeats));
    ZSC_TRY(zsc_h5_get_double(file, "/", "stability_subsamples", NAN, &s->subsamples));
    ZSC_TRY(zsc_h5_get_double(file, "/", "stability_subsamples_sd", NAN, &s->subsamples_sd));
    ZSC_TRY(zsc_h5_get_double(file, "/", "stability_seeds", NAN, &s->seeds));
    status = zsc_h5_get_double(file, "/", "stability_seeds_sd", NAN, &s->seeds_sd);
done:
    return status;
}

static zsc_status read_settings(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int64_t value;
    ZSC_TRY(read_texts(file, "/", &zsc_result_texts, r));
    ZSC_TRY(zsc_h5_get_text(file, "/", "matrix", "", &r->matrix));
    ZSC_TRY(zsc_h5_get_text(file, "/", "kind", "", &r->kind));
    ZSC_TRY(zsc_h5_get_text(file, "/", "clusterer", "", &r->clusterer));
    if (zsc_result_names_clusterer(r) && strcmp(zsc_result_clusterer(r)->name, r->clusterer) != 0) {
        status = zsc_fail(ZSC_EINPUT, "result '%s' was written by a newer zsc: this one has no clusterer '%s'",
                          zsc_h5_path(file), r->clusterer);
        goto done;
    }
    ZSC_TRY(read_sizes(file, "/", &zsc_result_numbers, r));
    r->clustered = r->rows;
    if (zsc_result_names_clusterer(r)) ZSC_TRY(read_size(file, "/", "clustered", &r->clustered));
    ZSC_TRY(zsc_h5_get_int(file, "/", "seed", 0, &value));
    r->seed = (uint64_t)value;
    ZSC_TRY(zsc_h5_get_int(file, "/", "simulated", 0, &value));
    r->simulated = value != 0;
    ZSC_TRY(zsc_h5_get_double(file, "/", "silhouette", NAN, &r->internal.silhouette));
    ZSC_TRY(zsc_h5_get_double(file, "/", "davies_bouldin", NAN, &r->internal.davies_bouldin));
    ZSC_TRY(zsc_h5_get_double(file, "/", "calinski_harabasz", NAN, &r->internal.calinski_harabasz));
    zsc_internal_scores *original = &r->internal_original;
    ZSC_TRY(zsc_h5_get_double(file, "/", "silhouette_original", NAN, &original->silhouette));
    ZSC_TRY(zsc_h5_get_double(file, "/", "davies_bouldin_original", NAN, &original->davies_bouldin));
    ZSC_TRY(zsc_h5_get_double(file, "/", "calinski_harabasz_original", NAN, &original->calinski_harabasz));
    ZSC_TRY(read_stability(file, &r->stability));
    ZSC_TRY(read_sizes(file, "/selection", &zsc_result_selections, &r->selection));
    count_not_listed(&r->selection);
done:
    return status;
}

enum { MOST_ITEMS = 4096 }; /* modalities, stages, ranks: a damaged count must not become an allocation */

static zsc_status read_items(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char object[64];
    int64_t value;
    size_t count;
    ZSC_TRY(read_size(file, "/modality", "count", &count));
    if (count > MOST_ITEMS) return damaged(zsc_h5_path(file), "too many modalities");
    ZSC_NEW(r->modality, count);
    for (r->modalities = 0; r->modalities < count;) {
        zsc_modality *m = &r->modality[r->modalities];
        snprintf(object, sizeof object, "/modality/%zu", r->modalities++);
        ZSC_TRY(read_texts(file, object, &zsc_result_modality_texts, m));
        ZSC_TRY(read_size(file, object, "dim", &m->d));
        ZSC_TRY(zsc_h5_get_int(file, object, "simulated", 0, &value));
        m->simulated = value != 0;
    }
    ZSC_TRY(read_size(file, "/stages", "count", &count));
    if (count > MOST_ITEMS) return damaged(zsc_h5_path(file), "too many stages");
    ZSC_NEW(r->stage, count);
    for (r->stages = 0; r->stages < count;) {
        zsc_stage_seconds *s = &r->stage[r->stages];
        snprintf(object, sizeof object, "/stages/%zu", r->stages++);
        ZSC_TRY(zsc_h5_get_text(file, object, "stage", "", &s->stage));
        ZSC_TRY(zsc_h5_get_double(file, object, "seconds", 0, &s->seconds));
    }
done:
    return status;
}

/* OBJECT must be an array of exactly this shape. */
static zsc_status expect_shape(zsc_h5 *file, const char *object, int rank, size_t rows, size_t columns)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    if (info.is_group || info.rank != rank || info.shape[0] != rows || (rank == 2 && info.shape[1] != columns))
        return damaged(zsc_h5_path(file), object);
    return ZSC_OK;
}

/* Scratch for a column of scores. */
typedef struct column_values {
    double *real;
    int64_t *count;
} column_values;

static zsc_status read_columns(zsc_h5 *file, const zsc_result_column_table *table, const column_values *v,
                               zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char object[64];
    for (size_t c = 0; c < table->count; c++) {
        const zsc_result_column *column = &table->item[c];
        snprintf(object, sizeof object, "/scores/%s", column->name);
        ZSC_TRY(expect_shape(file, object, 1, r->scores, 0));
        ZSC_TRY(column->whole ? zsc_h5_read(file, object, ZSC_H5_I64, 1, &r->scores, v->count)
                              : zsc_h5_read(file, object, ZSC_H5_F64, 1, &r->scores, v->real));
        for (size_t j = 0; j < r->scores; j++) {
            char *field = (char *)&r->score[j] + column->offset;
            if (column->whole)
                *(size_t *)field = (size_t)v->count[j];
            else
                *(double *)field = v->real[j];
        }
    }
done:
    return status;
}

static zsc_status read_scores(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char **names = NULL;
    column_values v = {0};
    size_t count;
    ZSC_TRY(zsc_h5_read_all_strings(file, "/scores/rank", &names, &count));
    if (count > MOST_ITEMS) {
        status = damaged(zsc_h5_path(file), "too many ranks");
        goto done;
    }
    ZSC_NEW(r->score, count);
    ZSC_NEW(v.real, count);
    ZSC_NEW(v.count, count);
    for (r->scores = 0; r->scores < count; r->scores++)
        if (!(r->score[r->scores].rank = zsc_strdup(names[r->scores]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    ZSC_TRY(read_columns(file, &zsc_result_columns, &v, r));
    for (size_t j = 0; j < count; j++) {
        zsc_scores *s = &r->score[j].scores;
        r->score[j].noise = zsc_noise_none(s);
        s->ri = NAN; /* not kept, like the pairs that it is of */
        for (size_t i = 0; i < 4; i++) s->pairs[i / 2][i % 2] = -1;
    }
    if (zsc_result_clusterer(r)->noise) ZSC_TRY(read_columns(file, &zsc_result_noise_columns, &v, r));
done:
    free(names);
    free(v.real);
    free(v.count);
    return status;
}

/* Interns the N strings of NAMES into codes by first appearance; "" is -1. */
static zsc_status to_column(char *const *names, size_t n, const char *name, zsc_column *out)
{
    zsc_status status = ZSC_OK;
    size_t slots = 16, *table = NULL;
    while (slots < 2 * n) slots *= 2;
    if (!(out->name = zsc_strdup(name))) return ZSC_EINTERNAL;
    ZSC_NEW_RAW(out->code, n);
    ZSC_NEW(out->level, n);
    ZSC_NEW(table, slots); /* level + 1 */
    for (size_t i = 0; i < n; i++) {
        out->code[i] = -1;
        if (!*names[i]) continue;
        size_t s = zsc_hash64(names[i], strlen(names[i])) & (slots - 1);
        while (table[s] && strcmp(out->level[table[s] - 1], names[i]) != 0) s = (s + 1) & (slots - 1);
        if (!table[s]) {
            if (!(out->level[out->levels] = zsc_strdup(names[i]))) {
                status = ZSC_EINTERNAL;
                goto done;
            }
            table[s] = ++out->levels;
        }
        out->code[i] = (int32_t)(table[s] - 1);
    }
done:
    free(table);
    return status;
}

static zsc_status read_strings(zsc_h5 *file, const char *object, size_t rows, char ***out)
{
    size_t count;
    zsc_status status = zsc_h5_read_all_strings(file, object, out, &count);
    if (status == ZSC_OK && count != rows) {
        free(*out);
        *out = NULL;
        status = damaged(zsc_h5_path(file), object);
    }
    return status;
}

static zsc_status read_rows(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char **names = NULL;
    const int least = zsc_result_clusterer(r)->noise ? -1 : 0;
    ZSC_TRY(read_strings(file, "/id", r->rows, &names));
    ZSC_NEW(r->id, r->rows);
    for (size_t i = 0; i < r->rows; i++)
        if (!(r->id[i] = zsc_strdup(names[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    ZSC_NEW_RAW(r->label, r->rows);
    ZSC_TRY(expect_shape(file, "/clusters", 1, r->rows, 0));
    ZSC_TRY(zsc_h5_read(file, "/clusters", ZSC_H5_I32, 1, &r->rows, r->label));
    for (size_t i = 0; i < r->rows; i++)
        if (r->label[i] < least || (r->label[i] >= 0 && (size_t)r->label[i] >= r->clusters)) {
            status = zsc_fail(ZSC_EINPUT, "result '%s' is damaged: row %zu is in cluster %d; expected %d to %zu",
                              zsc_h5_path(file), i + 1, (int)r->label[i], least, r->clusters ? r->clusters - 1 : 0);
            goto done;
        }
    if (zsc_h5_has(file, "/probability")) {
        ZSC_TRY(expect_shape(file, "/probability", 1, r->rows, 0));
        ZSC_NEW_RAW(r->probability, r->rows);
        ZSC_TRY(zsc_h5_read(file, "/probability", ZSC_H5_F32, 1, &r->rows, r->probability));
    }
    ZSC_NEW(r->taxon, r->scores);
    for (size_t j = 0; j < r->scores; j++) {
        char *object = zsc_asprintf("/labels/%s", r->score[j].rank);
        free(names);
        names = NULL;
        status = object ? read_strings(file, object, r->rows, &names) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
        ZSC_TRY(to_column(names, r->rows, r->score[j].rank, &r->taxon[j]));
    }
done:
    free(names);
    return status;
}

static zsc_status read_linkage(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (!zsc_result_clusterer(r)->dendrogram) return ZSC_OK;
    ZSC_TRY(expect_shape(file, "/linkage", 2, r->rows - 1, 4));
    ZSC_NEW_RAW(r->linkage_matrix, 4 * (r->rows - 1));
    ZSC_TRY(zsc_h5_read(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){r->rows - 1, 4}, r->linkage_matrix));
    status = zsc_context(zsc_linkage_check(r->linkage_matrix, r->rows), "result '%s' is damaged", zsc_h5_path(file));
done:
    return status;
}

static zsc_status read_reduced(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (!zsc_h5_has(file, "/reduced")) return ZSC_OK;
    ZSC_TRY(expect_shape(file, "/reduced", 2, r->rows, r->reduced_dim));
    ZSC_NEW_RAW(r->reduced, r->rows * r->reduced_dim);
    ZSC_TRY(zsc_h5_read(file, "/reduced", ZSC_H5_F32, 2, (const size_t[]){r->rows, r->reduced_dim}, r->reduced));
done:
    return status;
}

static zsc_status read_curve(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (!zsc_h5_has(file, "/curve")) return ZSC_OK;
    ZSC_NEW(r->curve, r->scores);
    for (size_t j = 0; j < r->scores; j++) {
        ZSC_NEW_RAW(r->curve[j], r->rows);
        char *object = zsc_asprintf("/curve/%s", r->score[j].rank);
        status = object ? expect_shape(file, object, 1, r->rows, 0) : ZSC_EINTERNAL;
        if (status == ZSC_OK) status = zsc_h5_read(file, object, ZSC_H5_F64, 1, &r->rows, r->curve[j]);
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    return status;
}

/* Small, and printed with the scores: read whatever is asked for. */
static zsc_status read_cut_curve(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    zsc_cut_curve *c = &r->cut_curve;
    double *pairs = NULL;
    if (!zsc_h5_has(file, "/cut_curve")) return ZSC_OK;
    ZSC_TRY(zsc_h5_stat(file, "/cut_curve", &info));
    if (info.is_group || info.rank != 2 || info.shape[1] != 2 || info.shape[0] > r->rows)
        return damaged(zsc_h5_path(file), "/cut_curve");
    ZSC_NEW_RAW(pairs, 2 * info.shape[0]);
    ZSC_TRY(zsc_h5_read(file, "/cut_curve", ZSC_H5_F64, 2, info.shape, pairs));
    ZSC_NEW_RAW(c->k, info.shape[0]);
    ZSC_NEW_RAW(c->value, info.shape[0]);
    for (size_t i = 0; i < info.shape[0]; i++) {
        if (!(pairs[2 * i] >= 1 && pairs[2 * i] <= (double)r->rows)) {
            status = damaged(zsc_h5_path(file), "/cut_curve");
            goto done;
        }
        c->k[i] = (size_t)pairs[2 * i];
        c->value[i] = pairs[2 * i + 1];
    }
    c->count = info.shape[0];
    c->clusters = r->clusters;
done:
    free(pairs);
    return status;
}

static zsc_status read_retrieval(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(file, "/retrieval", &info));
    if (info.is_group || info.rank != 1) return damaged(zsc_h5_path(file), "/retrieval");
    ZSC_TRY(zsc_h5_verify_present(file));
    ZSC_NEW(r->retrieval, info.shape[0] + 1);
    status = zsc_h5_read(file, "/retrieval", ZSC_H5_U8, 1, &info.shape[0], r->retrieval);
done:
    return status;
}

/* Whether the attribute NAME is the checksum WANTED. */
static zsc_status matches(zsc_h5 *file, const char *name, const char *wanted, bool *yes)
{
    char *stored = NULL;
    zsc_status status = zsc_h5_get_text(file, "/", name, "", &stored);
    *yes = status == ZSC_OK && strcmp(stored, wanted) == 0;
    free(stored);
    return status;
}

static zsc_status refuse(const zsc_h5 *file)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* a fuzzer would never get past it */
    (void)file;
    return ZSC_OK;
#else
    return damaged(zsc_h5_path(file), "its checksum does not match");
#endif
}

/* Settings, scores and the other attributes; those of before 2026-11-30 are divided otherwise, and the oldest have the
 * first of the two checksums alone. */
static zsc_status verify_attributes(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    bool former = false, yes;
    ZSC_TRY(zsc_result_checksum_scores(r, false, text));
    ZSC_TRY(matches(file, "checksum_scores", text, &yes));
    if (!yes) {
        former = true;
        ZSC_TRY(zsc_result_checksum_scores(r, true, text));
        ZSC_TRY(matches(file, "checksum_scores", text, &yes));
    }
    if (!yes) return refuse(file);
    if (former && !zsc_h5_has_attribute(file, "/", "checksum_others")) return ZSC_OK;
    ZSC_TRY(zsc_result_checksum_others(r, former, text));
    ZSC_TRY(matches(file, "checksum_others", text, &yes));
    if (!yes) return refuse(file);
done:
    return status;
}

static zsc_status verify_rows(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    bool yes;
    ZSC_TRY(zsc_result_checksum_rows(r, text));
    ZSC_TRY(matches(file, "checksum_rows", text, &yes));
    if (!yes) return refuse(file);
done:
    return status;
}

static zsc_status check_version(zsc_h5 *file, bool *newer)
{
    int64_t version;
    zsc_status status = zsc_h5_get_int(file, "/", "zsc_result", 0, &version);
    if (status != ZSC_OK) return status;
    if (version == 0) return zsc_fail(ZSC_EINPUT, "'%s' is not a result of zsc", zsc_h5_path(file));
    *newer = version > ZSC_RESULT_VERSION;
    if (*newer)
        return zsc_fail(ZSC_EINPUT,
                        "result '%s' was written by a newer zsc (format %" PRId64 ", this one reads up to %d)",
                        zsc_h5_path(file), version, ZSC_RESULT_VERSION);
    return ZSC_OK;
}

/* The arrays that WHAT asks for. Of an older result all are read, since only all together can be compared; those that
 * were not asked for are dropped again. */
static zsc_status read_arrays(zsc_h5 *file, unsigned what, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    bool listed = zsc_h5_checksums_present(file);
    unsigned read = listed || !(what & ZSC_RESULT_ARRAYS) ? what : what | ZSC_RESULT_ARRAYS;
    if (listed) ZSC_TRY(zsc_h5_verify_present(file));
    if (!zsc_result_is_retrieval(r)) ZSC_TRY(read_cut_curve(file, r));
    if (!zsc_result_is_retrieval(r)) ZSC_TRY(zsc_result_layers_read(file, r));
    if (read & ZSC_RESULT_ROWS) ZSC_TRY(read_rows(file, r));
    if (read & ZSC_RESULT_ROWS) ZSC_TRY(zsc_result_layer_labels_read(file, r));
    if (read & ZSC_RESULT_LINKAGE) ZSC_TRY(read_linkage(file, r));
    if (read & ZSC_RESULT_REDUCED) ZSC_TRY(read_reduced(file, r));
    if (read & ZSC_RESULT_CURVE) ZSC_TRY(read_curve(file, r));
    if ((read & ZSC_RESULT_ARRAYS) == ZSC_RESULT_ARRAYS) ZSC_TRY(verify_rows(file, r));
    zsc_result_drop(r, ~what);
done:
    return status;
}

/* With one class AMI is not defined; earlier versions wrote 1 or 0. */
static void remove_undefined(zsc_result *r)
{
    for (size_t j = 0; j < r->scores; j++) {
        zsc_rank_scores *s = &r->score[j];
        if (s->scores.rows == 0 || s->scores.classes != 1) continue;
        for (int a = ZSC_ARITHMETIC; a <= ZSC_GEOMETRIC; a++) s->scores.ami[a] = NAN;
        s->best_clusters = 0;
        s->best_ami = NAN;
        for (size_t k = 0; r->curve && k < r->rows; k++) r->curve[j][k] = NAN;
    }
}

zsc_status zsc_result_read(const char *path, unsigned what, zsc_result *out)
{
    bool newer;
    return zsc_result_read_known(path, what, out, &newer);
}

zsc_status zsc_result_read_known(const char *path, unsigned what, zsc_result *out, bool *newer)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_result r = {0};
    *newer = false;
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(check_version(file, newer));
    if (!(r.path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(read_settings(file, &r));
    ZSC_TRY(read_items(file, &r));
    if (zsc_result_is_retrieval(&r) && !(what & ZSC_RESULT_RETRIEVAL)) {
        status = zsc_fail(ZSC_EINPUT,
                          "result '%s' is of zsc %s; expected one of zsc run (zsc compare --score and zsc table %s "
                          "read it)",
                          path, zsc_result_is_probe(&r) ? "probe" : "retrieve", r.kind);
        goto done;
    }
    if (!zsc_result_is_retrieval(&r)) ZSC_TRY(read_scores(file, &r));
    ZSC_TRY(verify_attributes(file, &r));
    if (!zsc_result_is_retrieval(&r) && r.rows < 2) {
        status = damaged(path, "fewer than two rows");
        goto done;
    }
    ZSC_TRY(zsc_result_is_retrieval(&r) ? read_retrieval(file, &r) : read_arrays(file, what, &r));
    remove_undefined(&r);
    *out = r;
    r = (zsc_result){0};
done:
    zsc_h5_close(file);
    zsc_result_free(&r);
    return status;
}

zsc_status zsc_result_check_older(const char *path, zsc_h5 **kept)
{
    zsc_h5 *file = NULL;
    zsc_result r = {0};
    bool hdf5 = false;
    int64_t result = 0;
    zsc_status status = zsc_h5_is_hdf5(path, &hdf5);
    if (status == ZSC_OK && hdf5) status = zsc_h5_open(path, &file);
    if (status == ZSC_OK && hdf5) status = zsc_h5_get_int(file, "/", "zsc_result", 0, &result);
    bool older = status == ZSC_OK && result && !zsc_h5_checksums_present(file);
    zsc_error_clear(); /* what cannot be read is told by whoever reads it */
    status = older ? zsc_result_read(path, ZSC_RESULT_ARRAYS, &r) : ZSC_OK;
    zsc_result_free(&r);
    *kept = file;
    return status;
}
