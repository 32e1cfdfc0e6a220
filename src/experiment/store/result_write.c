/* Writing a result: the file that result_fields.h describes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/store/result_checksums.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/result_layers.h"
#include "io/files/atomic.h"
#include "io/h5/h5.h"
#include "io/labels/label_objects.h"

/* Scratch for a column of scores. */
typedef struct column_values {
    double *real;
    int64_t *count;
} column_values;

static zsc_status write_columns(zsc_h5 *file, const zsc_result *r, const zsc_result_column_table *table,
                                const column_values *v)
{
    zsc_status status = ZSC_OK;
    char object[64];
    for (size_t c = 0; c < table->count && status == ZSC_OK; c++) {
        const zsc_result_column *column = &table->item[c];
        snprintf(object, sizeof object, "/scores/%s", column->name);
        for (size_t j = 0; j < r->scores; j++) {
            const char *field = (const char *)&r->score[j] + column->offset;
            if (column->whole)
                v->count[j] = (int64_t) * (const size_t *)field;
            else
                v->real[j] = *(const double *)field;
        }
        status = column->whole ? zsc_h5_write(file, object, ZSC_H5_I64, 1, &r->scores, v->count)
                               : zsc_h5_write(file, object, ZSC_H5_F64, 1, &r->scores, v->real);
    }
    return status;
}

static zsc_status write_scores(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    column_values v = {0};
    ZSC_NEW(names, r->scores);
    ZSC_NEW(v.real, r->scores);
    ZSC_NEW(v.count, r->scores);
    for (size_t j = 0; j < r->scores; j++) names[j] = r->score[j].rank;
    ZSC_TRY(zsc_h5_write_strings(file, "/scores/rank", names, r->scores));
    ZSC_TRY(write_columns(file, r, &zsc_result_columns, &v));
    if (zsc_result_clusterer(r)->noise) ZSC_TRY(write_columns(file, r, &zsc_result_noise_columns, &v));
done:
    free(names);
    free(v.real);
    free(v.count);
    return status;
}

static zsc_status write_texts(zsc_h5 *file, const char *object, const zsc_result_field_table *table, const void *from)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < table->count && status == ZSC_OK; i++)
        status = zsc_h5_set_text(file, object, table->item[i].name, *zsc_result_text(from, &table->item[i]));
    return status;
}

static zsc_status write_sizes(zsc_h5 *file, const char *object, const zsc_result_field_table *table, const void *from)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < table->count && status == ZSC_OK; i++)
        status = zsc_h5_set_int(file, object, table->item[i].name, (int64_t)*zsc_result_size(from, &table->item[i]));
    return status;
}

static zsc_status write_stability(zsc_h5 *file, const zsc_stability *s)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_h5_set_int(file, "/", "stability_repeats", (int64_t)s->repeats));
    ZSC_TRY(zsc_h5_set_double(file, "/", "stability_subsamples", s->subsamples));
    ZSC_TRY(zsc_h5_set_double(file, "/", "stability_subsamples_sd", s->subsamples_sd));
    ZSC_TRY(zsc_h5_set_double(file, "/", "stability_seeds", s->seeds));
    status = zsc_h5_set_double(file, "/", "stability_seeds_sd", s->seeds_sd);
done:
    return status;
}

static zsc_status write_settings(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char object[64], text[ZSC_DIGEST_TEXT];
    ZSC_TRY(zsc_h5_set_int(file, "/", "zsc_result", ZSC_RESULT_VERSION));
    ZSC_TRY(write_texts(file, "/", &zsc_result_texts, r));
    if (zsc_result_has_matrix(r)) ZSC_TRY(zsc_h5_set_text(file, "/", "matrix", r->matrix));
    if (zsc_result_names_clusterer(r)) {
        ZSC_TRY(zsc_h5_set_text(file, "/", "clusterer", r->clusterer));
        ZSC_TRY(zsc_h5_set_int(file, "/", "clustered", (int64_t)r->clustered));
    }
    if (zsc_result_is_retrieval(r)) ZSC_TRY(zsc_h5_set_text(file, "/", "kind", r->kind));
    ZSC_TRY(write_sizes(file, "/", &zsc_result_numbers, r));
    ZSC_TRY(zsc_h5_set_int(file, "/", "seed", (int64_t)r->seed));
    ZSC_TRY(zsc_h5_set_int(file, "/", "simulated", r->simulated));
    ZSC_TRY(zsc_h5_set_double(file, "/", "silhouette", r->internal.silhouette));
    ZSC_TRY(zsc_h5_set_double(file, "/", "davies_bouldin", r->internal.davies_bouldin));
    ZSC_TRY(zsc_h5_set_double(file, "/", "calinski_harabasz", r->internal.calinski_harabasz));
    if (zsc_result_has_original_scores(r)) {
        ZSC_TRY(zsc_h5_set_double(file, "/", "silhouette_original", r->internal_original.silhouette));
        ZSC_TRY(zsc_h5_set_double(file, "/", "davies_bouldin_original", r->internal_original.davies_bouldin));
        ZSC_TRY(zsc_h5_set_double(file, "/", "calinski_harabasz_original", r->internal_original.calinski_harabasz));
    }
    if (r->stability.repeats) ZSC_TRY(write_stability(file, &r->stability));
    ZSC_TRY(write_sizes(file, "/selection", &zsc_result_selections, &r->selection));
    ZSC_TRY(zsc_h5_set_int(file, "/modality", "count", (int64_t)r->modalities));
    for (size_t m = 0; m < r->modalities; m++) {
        snprintf(object, sizeof object, "/modality/%zu", m);
        ZSC_TRY(write_texts(file, object, &zsc_result_modality_texts, &r->modality[m]));
        ZSC_TRY(zsc_h5_set_int(file, object, "dim", (int64_t)r->modality[m].d));
        ZSC_TRY(zsc_h5_set_int(file, object, "simulated", r->modality[m].simulated));
    }
    ZSC_TRY(zsc_h5_set_int(file, "/stages", "count", (int64_t)r->stages));
    for (size_t i = 0; i < r->stages; i++) {
        snprintf(object, sizeof object, "/stages/%zu", i);
        ZSC_TRY(zsc_h5_set_text(file, object, "stage", r->stage[i].stage));
        ZSC_TRY(zsc_h5_set_double(file, object, "seconds", r->stage[i].seconds));
    }
    ZSC_TRY(zsc_result_checksum_scores(r, false, text));
    ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_scores", text));
    if (!zsc_result_is_retrieval(r)) { /* which has no rows, and whose one array is in "checksums" */
        ZSC_TRY(zsc_result_checksum_rows(r, text));
        ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_rows", text));
    }
    ZSC_TRY(zsc_result_checksum_others(r, false, text));
    ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_others", text));
done:
    return status;
}

static zsc_status add_object(zsc_list *list, const char *group, const char *name)
{
    char *object = zsc_asprintf("%s/%s", group, name);
    zsc_status status = object ? zsc_list_add(list, object) : ZSC_EINTERNAL;
    free(object);
    return status;
}

static zsc_status write_checksums(zsc_h5 *file, const zsc_result *r)
{
    static const char *const arrays[] = {"id", "clusters"};
    zsc_status status = ZSC_OK;
    zsc_list objects = {0};
    if (zsc_result_is_retrieval(r)) ZSC_TRY(add_object(&objects, "", "retrieval"));
    for (size_t i = 0; !zsc_result_is_retrieval(r) && i < sizeof arrays / sizeof *arrays; i++)
        ZSC_TRY(add_object(&objects, "", arrays[i]));
    if (r->linkage_matrix) ZSC_TRY(add_object(&objects, "", "linkage"));
    if (r->probability) ZSC_TRY(add_object(&objects, "", "probability"));
    if (r->reduced) ZSC_TRY(add_object(&objects, "", "reduced"));
    if (r->cut_curve.count) ZSC_TRY(add_object(&objects, "", "cut_curve"));
    ZSC_TRY(zsc_result_layers_list(r, &objects));
    for (size_t j = 0; j < r->scores; j++) {
        ZSC_TRY(add_object(&objects, "/labels", r->taxon[j].name));
        if (r->curve) ZSC_TRY(add_object(&objects, "/curve", r->score[j].rank));
    }
    status = zsc_h5_checksums_write(file, &objects);
done:
    zsc_list_free(&objects);
    return status;
}

static zsc_status write_labels(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    ZSC_NEW(names, r->rows);
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_column *c = &r->taxon[j];
        char *object = zsc_asprintf("/labels/%s", c->name);
        for (size_t i = 0; i < r->rows; i++) names[i] = c->code[i] < 0 ? "" : c->level[c->code[i]];
        status = object ? zsc_h5_write_strings(file, object, names, r->rows) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    free(names);
    return status;
}

static zsc_status write_cut_curve(zsc_h5 *file, const zsc_cut_curve *c)
{
    zsc_status status = ZSC_OK;
    double *pairs = NULL;
    if (c->count == 0) return ZSC_OK;
    ZSC_NEW_RAW(pairs, 2 * c->count);
    for (size_t i = 0; i < c->count; i++) {
        pairs[2 * i] = (double)c->k[i];
        pairs[2 * i + 1] = c->value[i];
    }
    status = zsc_h5_write(file, "/cut_curve", ZSC_H5_F64, 2, (const size_t[]){c->count, 2}, pairs);
done:
    free(pairs);
    return status;
}

static zsc_status write_arrays(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    size_t rows[1] = {r->rows}, linkage[2] = {r->rows - 1, 4}, reduced[2] = {r->rows, r->reduced_dim};
    ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)r->id, r->rows));
    ZSC_TRY(zsc_h5_write(file, "/clusters", ZSC_H5_I32, 1, rows, r->label));
    if (r->linkage_matrix) ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, linkage, r->linkage_matrix));
    if (r->probability) ZSC_TRY(zsc_h5_write(file, "/probability", ZSC_H5_F32, 1, rows, r->probability));
    if (r->reduced) ZSC_TRY(zsc_h5_write(file, "/reduced", ZSC_H5_F32, 2, reduced, r->reduced));
    ZSC_TRY(write_cut_curve(file, &r->cut_curve));
    ZSC_TRY(zsc_result_layers_write(file, r));
    for (size_t j = 0; r->curve && j < r->scores; j++) {
        char *object = zsc_asprintf("/curve/%s", r->score[j].rank);
        status = object ? zsc_h5_write(file, object, ZSC_H5_F64, 1, rows, r->curve[j]) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    return status;
}

/* What is about to be written: a dendrogram, finite coordinates, codes that have names. */
static zsc_status check_arrays(const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (zsc_result_clusterer(r)->dendrogram)
        ZSC_TRY(zsc_context(zsc_linkage_check(r->linkage_matrix, r->rows), "the result to write"));
    if (r->reduced)
        ZSC_TRY(
            zsc_check_finite(r->reduced, r->rows, r->reduced_dim, (zsc_boundary){"the reduced vectors", NULL}, NULL));
    for (size_t j = 0; r->taxon && j < r->scores; j++)
        for (size_t i = 0; i < r->rows; i++)
            if (r->taxon[j].code[i] >= 0 && (size_t)r->taxon[j].code[i] >= r->taxon[j].levels)
                return zsc_fail(ZSC_EUSAGE,
                                "the result to write: rank %s of row %zu has code %d, and there are %zu names",
                                r->taxon[j].name, i + 1, r->taxon[j].code[i], r->taxon[j].levels);
done:
    return status;
}

static zsc_status check_names(const zsc_result *r, const char *path)
{
    zsc_list names = {0};
    zsc_status status = ZSC_OK;
    for (size_t j = 0; j < r->scores && status == ZSC_OK; j++) status = zsc_list_add(&names, r->score[j].rank);
    if (status == ZSC_OK) status = zsc_label_names_check(path, &names);
    zsc_list_free(&names);
    return status;
}

zsc_status zsc_result_write(zsc_result *r, const char *folder)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char *path = NULL;
    bool retrieval = zsc_result_is_retrieval(r);
    if (!retrieval) ZSC_TRY(check_arrays(r));
    ZSC_TRY(zsc_make_folder(folder));
    if (!(path = zsc_asprintf("%s/%s.h5", folder, r->key))) return ZSC_EINTERNAL;
    ZSC_TRY(check_names(r, path));
    ZSC_TRY(zsc_h5_create(path, &file));
    ZSC_TRY(write_settings(file, r));
    if (retrieval) {
        ZSC_TRY(zsc_h5_write(file, "/retrieval", ZSC_H5_U8, 1, (const size_t[]){strlen(r->retrieval)}, r->retrieval));
    } else {
        ZSC_TRY(write_scores(file, r));
        ZSC_TRY(write_arrays(file, r));
        ZSC_TRY(write_labels(file, r));
    }
    ZSC_TRY(write_checksums(file, r));
    zsc_h5 *whole = file;
    file = NULL;
    ZSC_TRY(zsc_h5_commit(whole));
    free(r->path);
    r->path = path;
    path = NULL;
done:
    zsc_h5_close(file);
    free(path);
    return status;
}
