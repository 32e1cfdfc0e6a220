/* AnnData (.h5ad, from 0.7 on): /obsm/<key> and a dense /X are encoders; the columns of /obs that are strings or
 * categoricals are ranks (split and dna_barcode under those names); obs_names are the ids.
 *
 * Categoricals come in two encodings: a group with `codes` and `categories`, or a dataset of codes whose categories
 * are /obs/__categories/<column>. Code -1 is missing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"

static bool recognise(zsc_embeddings *v)
{
    return zsc_h5_has(v->h5, "/obs") && (zsc_h5_has(v->h5, "/X") || zsc_h5_has(v->h5, "/obsm"));
}

/* --- Columns of obs */
typedef enum kind { KIND_NONE, KIND_STRINGS, KIND_GROUP, KIND_OLD } kind;

static char *path_of(const char *column, const char *behind) { return zsc_asprintf("/obs/%s%s", column, behind); }

/* What a column is; NONE for numbers, truth values and what zsc does not know. */
static zsc_status kind_of(zsc_embeddings *v, const char *column, kind *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = path_of(column, ""), *old = zsc_asprintf("/obs/__categories/%s", column),
         *codes = path_of(column, "/codes"), *categories = path_of(column, "/categories");
    *out = KIND_NONE;
    if (!object || !old || !codes || !categories) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    if (info.is_group)
        *out = zsc_h5_has(v->h5, codes) && zsc_h5_has(v->h5, categories) ? KIND_GROUP : KIND_NONE;
    else if (info.type == ZSC_H5_STRING)
        *out = KIND_STRINGS;
    else if (info.type == ZSC_H5_INTEGER && zsc_h5_has(v->h5, old))
        *out = KIND_OLD;
    if (*out == KIND_NONE) goto done;
    if (*out == KIND_GROUP) ZSC_TRY(zsc_h5_stat(v->h5, codes, &info));
    if (info.rank != 1 || info.shape[0] != v->n)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and there are %zu names of observations", v->path, object,
                          info.rank < 1 ? (size_t)1 : info.shape[0], v->n);
done:
    free(object);
    free(old);
    free(codes);
    free(categories);
    return status;
}

/* Categories are strings, or integers that are taken as such. */
static zsc_status read_categories(zsc_embeddings *v, const char *object, char ***out, size_t *count)
{
    enum { DIGITS = 24 };
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    int64_t *value = NULL;
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    if (info.type != ZSC_H5_INTEGER) return zsc_h5_read_all_strings(v->h5, object, out, count);
    size_t n = info.rank > 0 ? info.shape[0] : 0;
    char **text = NULL;
    ZSC_NEW(value, n);
    ZSC_TRY(zsc_h5_read(v->h5, object, ZSC_H5_I64, 1, &n, value));
    if (!(text = malloc(n * (sizeof *text + DIGITS) + 1))) {
        status = zsc_fail_memory(n, DIGITS, "categories");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        text[i] = (char *)(text + n) + i * DIGITS;
        snprintf(text[i], DIGITS, "%" PRId64, value[i]);
    }
    *out = text;
    *count = n;
done:
    free(value);
    return status;
}

static zsc_status read_codes(zsc_embeddings *v, const char *codes, const char *categories, size_t first, size_t count,
                             char ***out)
{
    zsc_status status = ZSC_OK;
    char **category = NULL, **text = NULL, none[] = "";
    int32_t *code = NULL;
    size_t levels = 0;
    ZSC_TRY(read_categories(v, categories, &category, &levels));
    ZSC_NEW(code, count);
    ZSC_NEW(text, count);
    ZSC_TRY(zsc_h5_read_rows(v->h5, codes, ZSC_H5_I32, first, count, 1, code));
    for (size_t i = 0; i < count; i++) {
        if (code[i] < -1 || (code[i] >= 0 && (size_t)code[i] >= levels)) {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s': code %d in row %zu, and there are %zu categories", v->path, codes,
                              code[i], first + i + 1, levels);
            goto done;
        }
        text[i] = code[i] < 0 ? none : category[code[i]];
    }
    status = zsc_strings_copy(text, count, out);
done:
    free(category);
    free(code);
    free(text);
    return status;
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    kind is = KIND_NONE;
    zsc_status status = kind_of(v, column, &is);
    if (status != ZSC_OK) return status;
    char *codes = path_of(column, is == KIND_GROUP ? "/codes" : ""),
         *old = zsc_asprintf("/obs/__categories/%s", column), *categories = path_of(column, "/categories");
    if (!codes || !old || !categories)
        status = ZSC_EINTERNAL;
    else if (is == KIND_STRINGS)
        status = zsc_h5_read_string_rows(v->h5, codes, first, count, out);
    else
        status = read_codes(v, codes, is == KIND_GROUP ? categories : old, first, count, out);
    free(codes);
    free(old);
    free(categories);
    return status;
}

/* --- Opening */
/* The column of obs that holds its names. */
static zsc_status index_object(zsc_embeddings *v, char **out)
{
    char *name = NULL;
    zsc_status status = zsc_h5_get_text(v->h5, "/obs", "_index", "_index", &name);
    if (status != ZSC_OK) return status;
    *out = path_of(name, "");
    free(name);
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status add_columns(zsc_embeddings *v, const char *index)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    ZSC_TRY(zsc_h5_children(v->h5, "/obs", &names));
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.item[i];
        kind is = KIND_NONE;
        if (strcmp(name, index + strlen("/obs/")) == 0 || strcmp(name, "__categories") == 0) continue;
        ZSC_TRY(kind_of(v, name, &is));
        if (is == KIND_NONE) continue;
        bool plain = strcmp(name, "split") == 0 || strcmp(name, "dna_barcode") == 0;
        ZSC_TRY(plain ? zsc_list_add(&v->text, name) : zsc_format_add_rank(v, name));
    }
done:
    zsc_list_free(&names);
    return status;
}

static zsc_status add_encoder(zsc_embeddings *v, const char *object, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    bool numbers = info.type == ZSC_H5_FLOAT || info.type == ZSC_H5_INTEGER;
    if (info.is_group || !numbers || info.rank != 2) goto done; /* sparse, a data frame, ... */
    ZSC_TRY(zsc_format_add_encoder(v, name, object, info.shape[0], info.shape[1], info.type_name));
    ZSC_TRY(zsc_format_describe_h5(v));
done:
    return status;
}

static zsc_status add_encoders(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *object = NULL;
    if (zsc_h5_has(v->h5, "/X")) ZSC_TRY(add_encoder(v, "/X", "X"));
    if (zsc_h5_has(v->h5, "/obsm")) ZSC_TRY(zsc_h5_children(v->h5, "/obsm", &names));
    for (size_t i = 0; i < names.count; i++) {
        free(object);
        if (!(object = zsc_asprintf("/obsm/%s", names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(add_encoder(v, object, names.item[i]));
    }
    if (v->encoders == 0) status = zsc_fail(ZSC_EINPUT, "'%s' has no dense X and nothing dense in obsm", v->path);
done:
    free(object);
    zsc_list_free(&names);
    return status;
}

static zsc_status open_anndata(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *index = NULL;
    ZSC_TRY(zsc_h5_stat(v->h5, "/obs", &info));
    if (!info.is_group) {
        status = zsc_fail(ZSC_EINPUT, "'%s' was written by anndata before 0.7: read it and write it again there",
                          v->path);
        goto done;
    }
    ZSC_TRY(index_object(v, &index));
    ZSC_TRY(zsc_h5_stat(v->h5, index, &info));
    if (info.type != ZSC_H5_STRING || info.rank != 1) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected a list of strings", v->path, index, info.type_name);
        goto done;
    }
    v->n = info.shape[0];
    ZSC_TRY(add_encoders(v));
    ZSC_TRY(add_columns(v, index));
done:
    free(index);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    char *index = NULL;
    zsc_status status = index_object(v, &index);
    if (status == ZSC_OK) status = zsc_h5_read_strings(v->h5, index, v->n, out);
    free(index);
    return status;
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, float *out)
{
    return zsc_h5_read_rows(v->h5, encoder->object, ZSC_H5_F32, first, count, encoder->d, out);
}

const zsc_format zsc_format_anndata = {
    .name = "anndata",
    .description = "AnnData (h5ad)",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_anndata,
    .ids = read_ids,
    .text = read_text,
    .rows = read_rows,
};
