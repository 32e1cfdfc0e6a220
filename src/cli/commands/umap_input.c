/* What zsc umap reads: rows, given neighbours, given coordinates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/umap_parts.h"
#include "data/matrix_digest.h"
#include "io/file_form.h"
#include "io/knn_file.h"
#include "io/labels/labels.h"
#include "io/npy.h"
#include "knn/given_lists.h"
#include "zsc/zsc.h"

static zsc_status add_digest(zsc_dataset *data)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_matrix_digest_add(hash, &(zsc_column_block){data->x, data->d}, 1, data->n);
    zsc_digest matrix = zsc_hash_end(hash);
    data->matrix_digest[0] = matrix.high;
    data->matrix_digest[1] = matrix.low;
    return ZSC_OK;
}

static zsc_status read_npy(const cli_matrix *m, const zsc_exec *exec, zsc_dataset *data)
{
    const char *path = m->embeddings.item[0];
    if (m->split) return cli_usage("option --split needs an embeddings file with a split column; '%s' has none", path);
    if (m->inputs.ids) return cli_usage("option --ids needs ids, and '%s' has none", path);
    if (m->where.count) return cli_usage("option --where needs labels, and '%s' has none", path);
    if (m->inputs.file_layout.embedding)
        return cli_usage("option --h5-embedding needs an HDF5 file, and '%s' is not one", path);
    if (m->inputs.missing_values) return cli_usage("option --missing-values needs labels, and '%s' has none", path);
    zsc_status status = zsc_npy_read_f32(path, &data->x, &data->n, &data->d);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < data->n * data->d; i++)
        if (!isfinite(data->x[i]))
            return zsc_fail(ZSC_EINPUT, "'%s': row %zu holds %g in column %zu", path, i / data->d + 1,
                            (double)data->x[i], i % data->d + 1);
    status = zsc_scale_rows(data->x, data->n, data->d, (zsc_scale)m->scale, NULL, 1, exec);
    return status == ZSC_OK ? add_digest(data) : status;
}

static zsc_status load(const cli_matrix *m, const zsc_exec *exec, zsc_dataset *out)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_options options;
    ZSC_TRY(cli_matrix_options(m, &options));
    if (m->embeddings.count == 1 && zsc_text_ends(m->embeddings.item[0], ".npy"))
        status = read_npy(m, exec, out);
    else
        status = zsc_dataset_load(&options, exec, out);
done:
    return status;
}

/* Rows that were loaded as they are, by these statistics. */
static zsc_status standardise(const zsc_scaling *scaling, const zsc_exec *exec, zsc_dataset *data)
{
    const zsc_matrix_block all = {.f32 = data->x, .n = data->n, .d = data->d, .stride = data->d};
    zsc_status status = zsc_scaling_apply(scaling, all, exec);
    return status == ZSC_OK ? add_digest(data) : status;
}

zsc_status cli_umap_load(const cli_matrix *matrix, const cli_model *given, const zsc_exec *exec, zsc_dataset *out)
{
    zsc_status status = ZSC_OK;
    cli_matrix m = *matrix;
    if (given) m.scale = cli_scale_has_statistics(given->scale) ? ZSC_SCALE_NONE : given->scale;
    ZSC_TRY(load(&m, exec, out));
    if (!given) return ZSC_OK;
    ZSC_TRY(cli_model_check_columns(given, out->d, out->modality, out->modalities));
    if (given->scaling.d) status = standardise(&given->scaling, exec, out);
done:
    return status;
}

/* Scaled here, where what they are scaled by is kept. */
static zsc_status load_to_keep(cli_umap *a)
{
    zsc_status status = ZSC_OK;
    cli_matrix m = a->matrix;
    size_t *width = NULL;
    m.scale = ZSC_SCALE_NONE;
    ZSC_TRY(cli_umap_load(&m, NULL, &a->common.exec, &a->data));
    const zsc_matrix_block all = {.f32 = a->data.x, .n = a->data.n, .d = a->data.d, .stride = a->data.d};
    size_t parts = a->data.modalities ? a->data.modalities : 1;
    ZSC_NEW_RAW(width, parts);
    for (size_t p = 0; p < parts; p++) width[p] = a->data.modalities ? a->data.modality[p].d : a->data.d;
    ZSC_TRY(zsc_scaling_measure(all, width, parts, (zsc_scale)a->matrix.scale, &a->common.exec, &a->scaling));
    status = standardise(&a->scaling, &a->common.exec, &a->data);
done:
    free(width);
    return status;
}

zsc_status cli_umap_read_rows(cli_umap *a, const cli_model *given)
{
    zsc_status status = ZSC_OK;
    if (a->keep_model && cli_scale_has_statistics(a->matrix.scale))
        ZSC_TRY(load_to_keep(a));
    else
        ZSC_TRY(cli_umap_load(&a->matrix, given, &a->common.exec, &a->data));
    zsc_digest_text(zsc_hash_bytes(a->data.x, a->data.n * a->data.d * sizeof *a->data.x), a->fingerprint);
done:
    return status;
}

zsc_status cli_umap_find_target(const cli_umap *a, const int32_t **labels)
{
    const zsc_column *column = zsc_dataset_rank(&a->data, a->target);
    if (!column || !column->code)
        return cli_usage("option --target %s: the embeddings have no labels of that rank; expected one of those that "
                         "zsc info lists",
                         a->target);
    *labels = column->code;
    return ZSC_OK;
}

/* COUNT ids of the file PATH must be those of the rows, where both have some. */
static zsc_status check_ids(const cli_umap *a, const char *path, char *const *id, size_t count)
{
    if (!a->data.id || !id) return ZSC_OK;
    if (count != a->data.n)
        return zsc_fail(ZSC_EINPUT, "'%s' holds %zu rows, and the embeddings %zu", path, count, a->data.n);
    for (size_t i = 0; i < count; i++)
        if (strcmp(id[i], a->data.id[i]) != 0)
            return zsc_fail(ZSC_EINPUT, "'%s': row %zu is %s, and in the embeddings it is %s", path, i + 1, id[i],
                            a->data.id[i]);
    return ZSC_OK;
}

/* The file's neighbours must be those of this matrix: by the digest of the one that was searched, or, where the file
 * has none, by the distances of some rows. */
static zsc_status check_matrix(const cli_umap *a, const zsc_knn_file *file)
{
    enum { SAMPLE = 50 };
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &a->data;
    char own[ZSC_DIGEST_TEXT], scale[32], *embeddings = cli_umap_embeddings_text(a);
    if (!embeddings) return ZSC_EINTERNAL;
    zsc_digest_text((zsc_digest){data->matrix_digest[0], data->matrix_digest[1]}, own);
    if (*file->matrix && strcmp(file->matrix, own) != 0)
        status = zsc_fail(ZSC_EINPUT, "the digest of the matrix is %s there, and here %s", file->matrix, own);
    else if (!*file->matrix)
        status = zsc_knn_check_distances(data->x, data->n, data->d, &a->knn, a->options.metric, SAMPLE,
                                         &a->common.exec);
    if (status == ZSC_EINPUT)
        status = zsc_context(status,
                             "the neighbours in '%s' are not those of '%s' with --scale %s: search again by zsc knn, "
                             "or give the embeddings and --scale as then",
                             a->neighbours, embeddings,
                             zsc_value_choice_text(ZSC_SCALE_CHOICES, a->matrix.scale, scale, sizeof scale));
    free(embeddings);
    return status;
}

/* How the file says that its neighbours were searched for; auto where it does not. */
static zsc_status search_of(const cli_umap *a, const zsc_knn_file *file, zsc_knn_method *out)
{
    const zsc_value_owner owner = {"attribute ", "search", ZSC_EINPUT};
    int method = ZSC_KNN_AUTO;
    zsc_status status = *file->search ? zsc_value_choice(&owner, file->search, ZSC_KNN_CHOICES, &method) : ZSC_OK;
    *out = (zsc_knn_method)method;
    return zsc_context(status, "'%s'", a->neighbours);
}

/* The first WANTED neighbours of each list. */
static void shorten(zsc_knn *knn, size_t wanted)
{
    for (size_t i = 1; i < knn->n; i++)
        for (size_t j = 0; j < wanted; j++) {
            knn->index[i * wanted + j] = knn->index[i * knn->k + j];
            knn->distance[i * wanted + j] = knn->distance[i * knn->k + j];
        }
    knn->k = wanted;
}

zsc_status cli_umap_read_neighbours(cli_umap *a)
{
    zsc_status status = ZSC_OK;
    zsc_knn_file file = {0};
    char own[16];
    size_t n = a->data.n, wanted = a->options.n_neighbors < n ? a->options.n_neighbors : n - (n > 1);
    ZSC_TRY(zsc_knn_file_read(a->neighbours, n, &file));
    if (*file.metric &&
        strcmp(file.metric, zsc_value_choice_text(ZSC_METRIC_CHOICES, a->metric, own, sizeof own)) != 0) {
        status = zsc_fail(ZSC_EUSAGE, "the neighbours in '%s' are by the %s metric, and --metric is %s", a->neighbours,
                          file.metric, own);
        goto done;
    }
    ZSC_TRY(check_ids(a, a->neighbours, file.id, file.n));
    a->knn = (zsc_knn){.n = n, .k = file.k, .index = file.index, .distance = file.distance, .distinct = file.distinct};
    file.index = NULL;
    file.distance = NULL;
    ZSC_TRY(search_of(a, &file, &a->knn.method));
    ZSC_TRY(zsc_context(zsc_knn_arrange(&a->knn), "'%s'", a->neighbours));
    ZSC_TRY(check_matrix(a, &file));
    if (wanted > a->knn.k)
        status = zsc_fail(ZSC_EUSAGE, "'%s' holds %zu neighbours per row, and --n-neighbors is %zu", a->neighbours,
                          a->knn.k, wanted);
    else
        shorten(&a->knn, wanted);
done:
    zsc_knn_file_free(&file);
    return status;
}

/* --- Given coordinates */
zsc_status cli_umap_read_given(const cli_umap *a, const char *source)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *member = NULL, *object = NULL, **id = NULL;
    float *values = NULL;
    size_t n = 0, dim = 0, ids = 0, wanted = a->options.n_components;
    zsc_h5 *file = NULL;
    zsc_file_form form;
    ZSC_TRY(zsc_file_form_find(source, &form));
    if (form == ZSC_FORM_NPY) {
        ZSC_TRY(zsc_npy_read_f32(source, &values, &n, &dim));
        if (n != a->data.n || dim != wanted) {
            status = zsc_fail(ZSC_EINPUT, "the initialisation in '%s' is %zu x %zu, expected %zu x %zu", source, n, dim,
                              a->data.n, wanted);
            goto done;
        }
        memcpy(a->y, values, n * dim * sizeof *values);
        goto done;
    }
    ZSC_TRY(zsc_labels_split_source(source, &path, &member));
    object = !member          ? zsc_strdup("/embeddings/umap")
             : *member == '/' ? zsc_strdup(member)
                              : zsc_asprintf("/embeddings/%s", member);
    if (!object) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(zsc_h5_table_columns(file, object, a->data.n, &dim));
    if (dim != wanted) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s has %zu columns, and --n-components is %zu", path, object, dim, wanted);
        goto done;
    }
    if (a->data.id && zsc_h5_has(file, "/id")) ZSC_TRY(zsc_h5_read_all_strings(file, "/id", &id, &ids));
    ZSC_TRY(check_ids(a, path, id, ids));
    ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F32, 2, (const size_t[]){a->data.n, dim}, a->y));
done:
    zsc_h5_close(file);
    free(values);
    free(id);
    free(path);
    free(member);
    free(object);
    return status;
}
