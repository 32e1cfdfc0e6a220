/* Writing AnnData: every group and dataset says its encoding in attributes (encoding-type, encoding-version). X is left
 * out; var is empty. */
#include "io/anndata_writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static zsc_status encode(zsc_h5 *file, const char *object, const char *type, const char *version)
{
    zsc_status status = zsc_h5_set_text_list(file, object, "encoding-type", &type, ZSC_H5_SCALAR);
    return status == ZSC_OK ? zsc_h5_set_text_list(file, object, "encoding-version", &version, ZSC_H5_SCALAR) : status;
}

static zsc_status write_strings(zsc_h5 *file, const char *object, char *const *text, size_t count)
{
    zsc_status status = zsc_h5_write_strings(file, object, (const char *const *)text, count);
    return status == ZSC_OK ? encode(file, object, "string-array", "0.2.0") : status;
}

static zsc_status write_frame(zsc_h5 *file, const char *object, char *const *index, size_t rows,
                              const char *const *columns, size_t count)
{
    static const char *const name = "_index";
    zsc_status status = ZSC_OK;
    char *path = zsc_asprintf("%s/_index", object);
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(write_strings(file, path, index, rows));
    ZSC_TRY(encode(file, object, "dataframe", "0.2.0"));
    ZSC_TRY(zsc_h5_set_text_list(file, object, "_index", &name, ZSC_H5_SCALAR));
    ZSC_TRY(zsc_h5_set_text_list(file, object, "column-order", columns, count));
done:
    free(path);
    return status;
}

static zsc_status write_categorical(zsc_h5 *file, const zsc_column *column, size_t n)
{
    zsc_status status = ZSC_OK;
    char *object = zsc_asprintf("/obs/%s", column->name), *codes = zsc_asprintf("/obs/%s/codes", column->name),
         *categories = zsc_asprintf("/obs/%s/categories", column->name);
    if (!object || !codes || !categories) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_write(file, codes, ZSC_H5_I32, 1, &n, column->code));
    ZSC_TRY(encode(file, codes, "array", "0.2.0"));
    ZSC_TRY(write_strings(file, categories, column->level, column->levels));
    ZSC_TRY(encode(file, object, "categorical", "0.2.0"));
    ZSC_TRY(zsc_h5_set_bool(file, object, "ordered", false));
done:
    free(object);
    free(codes);
    free(categories);
    return status;
}

zsc_status zsc_anndata_write(const char *path, const zsc_anndata *a)
{
    static const char *const empty[] = {"/obsm", "/obsp", "/varm", "/varp", "/layers", "/uns"};
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL, *whole;
    const char **names = NULL;
    char *object = NULL;
    size_t shape[2] = {a->n, a->d};
    const size_t numbers = a->number_name ? 1 : 0;
    ZSC_NEW(names, a->columns + numbers + 1);
    for (size_t i = 0; i < a->columns; i++) names[i] = a->column[i].name;
    if (numbers) names[a->columns] = a->number_name;
    ZSC_TRY(zsc_h5_create(path, &file));
    ZSC_TRY(encode(file, "/", "anndata", "0.1.0"));
    ZSC_TRY(write_frame(file, "/obs", a->id, a->n, names, a->columns + numbers));
    for (size_t i = 0; i < a->columns; i++) ZSC_TRY(write_categorical(file, &a->column[i], a->n));
    if (numbers) {
        if (!(object = zsc_asprintf("/obs/%s", a->number_name))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_F32, 1, &a->n, a->number));
        ZSC_TRY(encode(file, object, "array", "0.2.0"));
        free(object);
        object = NULL;
    }
    ZSC_TRY(write_frame(file, "/var", a->id, 0, NULL, 0));
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) ZSC_TRY(encode(file, empty[i], "dict", "0.1.0"));
    if (a->key) {
        if (!(object = zsc_asprintf("/obsm/%s", a->key))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_F32, 2, shape, a->x));
        ZSC_TRY(encode(file, object, "array", "0.2.0"));
    }
    whole = file;
    file = NULL;
    status = zsc_h5_commit(whole);
done:
    zsc_h5_close(file);
    free(object);
    free(names);
    return status;
}
