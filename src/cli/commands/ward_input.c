/* The matrix that zsc ward clusters: embeddings, or any matrix in a file. */
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/ward_parts.h"
#include "io/embeddings.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "zsc/zsc.h"

void cli_ward_matrix_free(cli_ward_matrix *x)
{
    free(x->own_id);
    free(x->own_f32);
    free(x->f64);
    zsc_dataset_free(&x->data);
    *x = (cli_ward_matrix){0};
}

static zsc_status load_object(const char *path, const char *object, cli_ward_matrix *x)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_h5_info info;
    size_t ids = 0;
    ZSC_TRY(zsc_h5_open(path, &file));
    if (!zsc_h5_has(file, object)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds no %s", path, object);
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(file, object, &info));
    if (info.is_group || info.rank != 2 || (info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER)) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s is not a matrix of numbers; expected a dataset [n, d]", path, object);
        goto done;
    }
    x->n = info.shape[0];
    x->d = info.shape[1];
    if (info.type == ZSC_H5_FLOAT && info.bytes <= sizeof(float)) {
        ZSC_NEW_RAW(x->own_f32, x->n * x->d);
        if (x->n > 0 && x->d > 0) ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F32, 2, info.shape, x->own_f32));
        x->f32 = x->own_f32;
    } else {
        ZSC_NEW_RAW(x->f64, x->n * x->d);
        if (x->n > 0 && x->d > 0) ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F64, 2, info.shape, x->f64));
    }
    if (zsc_h5_has(file, "/id")) ZSC_TRY(zsc_h5_read_all_strings(file, "/id", &x->own_id, &ids));
    if (ids == x->n) x->id = x->own_id;
done:
    zsc_h5_close(file);
    return status;
}

static zsc_status load_dataset(const cli_matrix *m, const zsc_exec *exec, cli_ward_matrix *x)
{
    zsc_dataset_options o;
    zsc_status status = cli_matrix_options(m, &o);
    if (status != ZSC_OK) return status;
    o.double_precision = true;
    status = zsc_dataset_load(&o, exec, &x->data);
    if (status != ZSC_OK) return status;
    x->n = x->data.n;
    x->d = x->data.d;
    x->f32 = x->data.x;
    x->f64 = x->data.x64;
    x->data.x64 = NULL;
    x->id = x->data.id;
    return ZSC_OK;
}

zsc_status cli_ward_load(const cli_matrix *m, const zsc_exec *exec, cli_ward_matrix *x)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *object = NULL;
    if (m->embeddings.count == 0) return cli_usage("no embeddings: option --embeddings is needed (-e FILE[:ENCODER])");
    const char *spec = m->embeddings.item[0];
    ZSC_TRY(zsc_embeddings_split_name(spec, &path, &object));
    bool npy = zsc_text_ends(spec, ".npy"), bare = npy || (object && *object == '/');
    bool more = m->embeddings.count > 1 || m->metadata || m->split || m->scale || m->inputs.file_layout.embedding ||
                m->inputs.columns.count || m->inputs.missing_values || m->inputs.ids || m->where.count;
    if (bare && more)
        status = cli_usage("'%s' is used unchanged: it cannot be combined with other embeddings, --metadata, --column, "
                           "--split, --ids, --where, --scale, --missing-values or --h5-embedding",
                           spec);
    else
        status = npy    ? zsc_npy_read_f64(spec, &x->f64, &x->n, &x->d)
                 : bare ? load_object(path, object, x)
                        : load_dataset(m, exec, x);
    x->doubles = x->f64 != NULL;
done:
    free(path);
    free(object);
    return status;
}

static zsc_matrix_block block_of(cli_ward_matrix *x)
{
    return (zsc_matrix_block){
        .f32 = x->own_f32 ? x->own_f32 : x->data.x, .f64 = x->f64, .n = x->n, .d = x->d, .stride = x->d};
}

zsc_status cli_ward_measure(const cli_matrix *m, const zsc_exec *exec, cli_ward_matrix *x, zsc_scaling *out)
{
    zsc_status status = ZSC_OK;
    size_t *width = NULL, parts = x->data.modalities ? x->data.modalities : 1;
    ZSC_NEW_RAW(width, parts);
    for (size_t p = 0; p < parts; p++) width[p] = x->data.modalities ? x->data.modality[p].d : x->d;
    status = zsc_scaling_measure(block_of(x), width, parts, (zsc_scale)m->scale, exec, out);
done:
    free(width);
    return status;
}

zsc_status cli_ward_standardise(const zsc_scaling *scaling, const zsc_exec *exec, cli_ward_matrix *x)
{
    return zsc_scaling_apply(scaling, block_of(x), exec);
}

zsc_status cli_ward_narrow(cli_ward_matrix *x, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    if (!x->f64) return ZSC_OK;
    ZSC_NEW_RAW(x->own_f32, x->n * x->d);
    for (size_t i = 0; i < x->n * x->d; i++) x->own_f32[i] = (float)x->f64[i];
    x->f32 = x->own_f32;
    free(x->f64);
    x->f64 = NULL;
    const zsc_boundary boundary = {"the rows in single precision, as the model keeps them", "scale them"};
    status = zsc_check_finite(x->f32, x->n, x->d, boundary, exec);
done:
    return status;
}
