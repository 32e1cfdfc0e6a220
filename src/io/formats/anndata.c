/* AnnData (.h5ad, from 0.7 on): /obsm/<key> and a dense /X are encoders; the columns of /obs that are strings or
 * categoricals, or have the name of a rank, are ranks (split and dna_barcode under those names); obs_names are the ids.
 *
 * Categoricals come in two encodings: a group with `codes` and `categories`, or a dataset of codes whose categories
 * are /obs/__categories/<column>. Code -1 is missing. Strings and integers come plain, or with a mask. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/labels/column_names.h"
#include "io/formats/formats.h"
#include "zsc/ranks.h"

static bool recognise(zsc_embeddings *v)
{
    return zsc_h5_has(v->h5, "/obs") && (zsc_h5_has(v->h5, "/X") || zsc_h5_has(v->h5, "/obsm"));
}

/* --- Columns of text: datasets, or groups of values and a mask that marks those that are missing (nullable strings and
 * integers). */
static char *below(const char *object, const char *name) { return zsc_asprintf("%s/%s", object, name); }

static bool is_nullable(zsc_embeddings *v, const char *object)
{
    char *values = below(object, "values"), *mask = below(object, "mask");
    bool both = values && mask && zsc_h5_has(v->h5, values) && zsc_h5_has(v->h5, mask);
    free(values);
    free(mask);
    return both;
}

/* How the values are stored; ZSC_EINPUT where they are no texts. */
static zsc_status stat_texts(zsc_embeddings *v, const char *object, zsc_h5_info *out)
{
    zsc_h5_info mask;
    char *values = NULL, *missing = NULL;
    zsc_status status = zsc_h5_stat(v->h5, object, out);
    if (status != ZSC_OK || !out->is_group || !is_nullable(v, object))
        return status == ZSC_OK ? zsc_h5_check_texts(v->h5, object, out) : status;
    values = below(object, "values"), missing = below(object, "mask");
    if (!values || !missing) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(v->h5, values, out));
    ZSC_TRY(zsc_h5_check_texts(v->h5, values, out));
    ZSC_TRY(zsc_h5_stat(v->h5, missing, &mask));
    if (mask.rank != 1 || mask.shape[0] != out->shape[0])
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu values and a mask of %zu, expected one for each", v->path,
                          object, out->shape[0], mask.rank == 1 ? mask.shape[0] : 0);
done:
    free(values);
    free(missing);
    return status;
}

typedef zsc_status (*reader)(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out);

static zsc_status read_nullable(zsc_embeddings *v, const char *object, reader read, size_t first, size_t count,
                                char ***out)
{
    zsc_status status = ZSC_OK;
    char **text = NULL, **mask = NULL, *values = below(object, "values"), *missing = below(object, "mask");
    if (!values || !missing) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(read(v->h5, values, first, count, &text));
    ZSC_TRY(zsc_h5_read_text_rows(v->h5, missing, first, count, &mask));
    for (size_t i = 0; i < count; i++)
        if (strcmp(mask[i], "FALSE") != 0 && strcmp(mask[i], "0") != 0) text[i][0] = '\0';
    *out = text;
    text = NULL;
done:
    free(text);
    free(mask);
    free(values);
    free(missing);
    return status;
}

/* READ says what is read: ids (zsc_h5_read_text_rows) or labels (zsc_h5_read_label_rows). */
static zsc_status read_texts(zsc_embeddings *v, const char *object, reader read, size_t first, size_t count,
                             char ***out)
{
    return is_nullable(v, object) ? read_nullable(v, object, read, first, count, out)
                                  : read(v->h5, object, first, count, out);
}

/* --- Columns of obs */
typedef enum kind { KIND_NONE, KIND_TEXTS, KIND_CATEGORIES } kind;

/* A column as it is stored. */
typedef struct column {
    kind kind;
    char *values;     /* or the codes */
    char *categories; /* NULL: none */
} column;

static void free_column(column *c)
{
    free(c->values);
    free(c->categories);
}

static bool is_rank(const char *name) { return zsc_rank_place(name) < zsc_rank_count; }

/* NONE for truth values and numbers that are not those of a rank, and what zsc does not know. */
static zsc_status find_column(zsc_embeddings *v, const char *name, column *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = below("/obs", name), *old = below("/obs/__categories", name);
    column c = {0};
    if (!object || !old || !(c.values = below(object, "codes")) || !(c.categories = below(object, "categories"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (zsc_h5_has(v->h5, c.values) && zsc_h5_has(v->h5, c.categories)) {
        ZSC_TRY(stat_texts(v, c.categories, &info));
        if (info.type != ZSC_H5_FLOAT || is_rank(name)) c.kind = KIND_CATEGORIES; /* bins of numbers are no classes */
        ZSC_TRY(zsc_h5_stat(v->h5, c.values, &info));
    } else {
        bool by_codes = zsc_h5_has(v->h5, old);
        free_column(&c);
        c = (column){.values = object, .categories = by_codes ? old : NULL};
        object = NULL;
        if (by_codes) old = NULL;
        ZSC_TRY(by_codes ? zsc_h5_stat(v->h5, c.values, &info) : stat_texts(v, c.values, &info));
        if (by_codes)
            c.kind = KIND_CATEGORIES;
        else if (info.type == ZSC_H5_STRING ||
                 ((info.type == ZSC_H5_INTEGER || info.type == ZSC_H5_FLOAT || info.type == ZSC_H5_ENUM) &&
                  is_rank(name)))
            c.kind = KIND_TEXTS;
    }
    if (c.kind == KIND_CATEGORIES && info.type != ZSC_H5_INTEGER)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected the numbers of categories", v->path, c.values,
                          info.type_name);
    else if (c.kind != KIND_NONE && (info.rank < 1 || info.shape[0] != v->n))
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and there are %zu names of observations", v->path,
                          c.values, info.rank < 1 ? (size_t)1 : info.shape[0], v->n);
    if (status != ZSC_OK) goto done;
    *out = c;
    c = (column){0};
done:
    free_column(&c);
    free(object);
    free(old);
    return status;
}

static zsc_status read_codes(zsc_embeddings *v, const column *c, size_t first, size_t count, char ***out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char **category = NULL, **text = NULL, none[] = "";
    int32_t *code = NULL;
    ZSC_TRY(stat_texts(v, c->categories, &info));
    size_t levels = info.shape[0];
    ZSC_TRY(read_texts(v, c->categories, zsc_h5_read_label_rows, 0, levels, &category));
    ZSC_NEW(code, count);
    ZSC_NEW(text, count);
    ZSC_TRY(zsc_h5_read_rows(v->h5, c->values, ZSC_H5_I32, first, count, 1, code));
    for (size_t i = 0; i < count; i++) {
        if (code[i] < -1 || (code[i] >= 0 && (size_t)code[i] >= levels)) {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s': code %d in row %zu, and there are %zu categories", v->path,
                              c->values, code[i], first + i + 1, levels);
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

static zsc_status read_text(zsc_embeddings *v, const char *name, size_t first, size_t count, char ***out)
{
    column c = {0};
    zsc_status status = find_column(v, name, &c);
    if (status == ZSC_OK)
        status = c.kind == KIND_CATEGORIES ? read_codes(v, &c, first, count, out)
                                           : read_texts(v, c.values, zsc_h5_read_label_rows, first, count, out);
    free_column(&c);
    return status;
}

/* --- Opening */
/* The column of obs that holds its names. */
static zsc_status index_object(zsc_embeddings *v, char **out)
{
    char *name = NULL;
    zsc_status status = zsc_h5_get_text(v->h5, "/obs", "_index", "_index", &name);
    if (status != ZSC_OK) return status;
    *out = below("/obs", name);
    free(name);
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

/* Floats name classes where they are whole numbers, which their type does not say. */
static zsc_status check_floats(zsc_embeddings *v, const column *c)
{
    zsc_h5_info info;
    char **text = NULL;
    zsc_status status = stat_texts(v, c->values, &info);
    if (status != ZSC_OK || info.type != ZSC_H5_FLOAT) return status;
    status = read_texts(v, c->values, zsc_h5_read_text_rows, 0, v->n, &text);
    free(text);
    return status;
}

static zsc_status add_columns(zsc_embeddings *v, const char *index)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    ZSC_TRY(zsc_h5_children(v->h5, "/obs", &names));
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.item[i];
        column c = {0};
        if (strcmp(name, index + strlen("/obs/")) == 0 || strcmp(name, "__categories") == 0) continue;
        status = find_column(v, name, &c);
        if (status == ZSC_OK && c.kind == KIND_TEXTS) status = check_floats(v, &c);
        bool skipped = status != ZSC_OK || c.kind == KIND_NONE;
        free_column(&c);
        ZSC_TRY(zsc_format_skip_labels(v, name, status));
        if (skipped) continue;
        ZSC_TRY(zsc_format_add_column(v, name));
    }
done:
    zsc_list_free(&names);
    return status;
}

/* A group in place of a matrix: what it is, and what to do in Python. */
static zsc_status fail_group(zsc_embeddings *v, const char *object)
{
    char *encoding = NULL;
    const char *key = strrchr(object, '/') + 1;
    zsc_status status = zsc_h5_get_text(v->h5, object, "encoding-type", "group", &encoding);
    if (status != ZSC_OK) return status;
    bool x = strcmp(object, "/X") == 0;
    char *matrix = x ? zsc_strdup("X") : zsc_asprintf("obsm['%s']", key);
    if (!matrix)
        status = ZSC_EINTERNAL;
    else if (strcmp(encoding, "dataframe") == 0)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' is a data frame, expected a dense matrix; in Python: "
                          "adata.%s = adata.%s.to_numpy()",
                          v->path, object, matrix, matrix);
    else if (strncmp(encoding, "cs", 2) == 0)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' is a sparse matrix (%s), expected a dense one; in Python: "
                          "adata.%s = adata.%s.toarray()",
                          v->path, object, encoding, matrix, matrix);
    else
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is a group (%s), expected a dense matrix", v->path, object, encoding);
    free(matrix);
    free(encoding);
    return status;
}

static zsc_status add_encoder(zsc_embeddings *v, const char *object, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    if (info.is_group) return fail_group(v, object);
    if ((info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER) || info.rank != 2)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s in %d dimension%s, expected numbers in rows and columns", v->path,
                        object, info.type_name, info.rank, info.rank == 1 ? "" : "s");
    ZSC_TRY(zsc_format_add_encoder(v, name, object, info.shape[0], info.shape[1], info.type_name,
                                   zsc_is_wide(info.type == ZSC_H5_FLOAT, info.bytes)));
    ZSC_TRY(zsc_format_describe_h5(v));
done:
    return status;
}

static zsc_status add_encoders(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *object = NULL;
    if (zsc_h5_has(v->h5, "/X")) {
        status = add_encoder(v, "/X", "X");
        ZSC_TRY(zsc_format_skip_encoder(v, "X", status));
    }
    if (zsc_h5_has(v->h5, "/obsm")) ZSC_TRY(zsc_h5_children(v->h5, "/obsm", &names));
    for (size_t i = 0; i < names.count; i++) {
        free(object);
        if (!(object = zsc_asprintf("/obsm/%s", names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        status = add_encoder(v, object, names.item[i]);
        ZSC_TRY(zsc_format_skip_encoder(v, names.item[i], status));
    }
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
    ZSC_TRY(stat_texts(v, index, &info));
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
    if (status == ZSC_OK) status = read_texts(v, index, zsc_h5_read_text_rows, 0, v->n, out);
    free(index);
    return status;
}

const zsc_format zsc_format_anndata = {
    .name = "anndata",
    .description = "AnnData (h5ad)",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_anndata,
    .ids = read_ids,
    .text = read_text,
    .rows = zsc_format_h5_rows,
};
