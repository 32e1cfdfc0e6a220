/* Any HDF5 file, by the paths that the user gives: which dataset is the embedding, which the ids, which are labels. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/half.h"
#include "io/formats/formats.h"
#include "io/formats/h5_paths.h"
#include "io/formats/in_memory.h"

/* A file that lacks what is pointed at, such as one that is added to or joined, is taken for what it is. */
static bool recognise(zsc_embeddings *v)
{
    return v->file_layout && v->file_layout->embedding && zsc_h5_has(v->h5, v->file_layout->embedding);
}

/* Ids and labels of any type that names something; those of MATLAB and Octave have a class. */
static zsc_status find_list(zsc_embeddings *v, const char *object, zsc_h5_variable *out)
{
    zsc_status status = zsc_h5_variable_find(v->h5, object, out);
    return status == ZSC_OK && !*out->class ? zsc_h5_check_texts(v->h5, object, &out->info) : status;
}

/* Whether there is one for each row. */
static zsc_status check_list(zsc_embeddings *v, const char *object)
{
    zsc_h5_variable x = {0};
    char **text = NULL;
    zsc_status status = find_list(v, object, &x);
    if (status == ZSC_OK && *x.class) status = zsc_h5_variable_texts(v->h5, &x, false, &text);
    if (status == ZSC_OK) {
        size_t n = *x.class ? zsc_h5_variable_length(&x) : x.info.shape[0];
        if (n != v->n)
            status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and the embedding has %zu", v->path, object,
                              n == SIZE_MAX ? 0 : n, v->n);
    }
    zsc_h5_variable_free(&x);
    free(text);
    return status;
}

static zsc_status read_list(zsc_embeddings *v, const char *object, size_t first, size_t count, bool labels, char ***out)
{
    zsc_h5_variable x = {0};
    char **text = NULL;
    zsc_status status = find_list(v, object, &x);
    if (status == ZSC_OK && *x.class) {
        status = zsc_h5_variable_texts(v->h5, &x, labels, &text);
        if (status == ZSC_OK) status = zsc_strings_copy(text + first, count, out);
    } else if (status == ZSC_OK) {
        status = (labels ? zsc_h5_read_label_rows : zsc_h5_read_text_rows)(v->h5, object, first, count, out);
    }
    zsc_h5_variable_free(&x);
    free(text);
    return status;
}

static zsc_status add_label(zsc_embeddings *v, const char *label)
{
    const char *equals = strchr(label, '=');
    if (!equals || equals == label || !equals[1])
        return zsc_fail(ZSC_EUSAGE, "expected RANK=PATH, such as species=/y, not '%s'", label);
    char *name = zsc_strndup(label, (size_t)(equals - label));
    zsc_status status = name ? check_list(v, equals + 1) : ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_format_add_column(v, name);
    free(name);
    return status;
}

/* An n x d matrix of MATLAB or Octave is a dataset [d, n]: it is read whole and transposed. */
static zsc_status add_encoder(zsc_embeddings *v, const char *name, const zsc_h5_variable *x)
{
    zsc_status status = ZSC_OK;
    const zsc_file_layout *p = v->file_layout;
    const zsc_h5_info *info = &x->info;
    if (*x->class && !p->bfloat16) {
        v->n = info->shape[1];
        v->remark = zsc_asprintf("%s is a matrix of %s, whose columns are stored together, and is transposed: %zu "
                                 "rows of %zu columns",
                                 p->embedding, zsc_h5_variable_program(x), info->shape[1], info->shape[0]);
        return v->remark ? zsc_format_matlab_add(v, name, x) : ZSC_EINTERNAL;
    }
    v->n = info->shape[0];
    ZSC_TRY(zsc_format_add_encoder(v, name, p->embedding, info->shape[0], info->shape[1],
                                   p->bfloat16 ? "bfloat16" : info->type_name,
                                   zsc_is_wide(info->type == ZSC_H5_FLOAT, info->bytes)));
    ZSC_TRY(zsc_format_describe_h5(v));
done:
    return status;
}

/* The last part of PATH, but for the value of a variable of Octave. */
static zsc_status name_of(const char *path, const zsc_h5_variable *x, char **out)
{
    size_t end = strlen(path), begin;
    if (x->octave && strcmp(path, x->object) == 0) end -= strlen("/value");
    for (begin = end; begin > 0 && path[begin - 1] != '/';) begin--;
    *out = zsc_strndup(path + begin, end - begin);
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status open_by_paths(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    const zsc_file_layout *p = v->file_layout;
    zsc_h5_variable x = {0};
    char *name = NULL;
    ZSC_TRY(zsc_h5_variable_find(v->h5, p->embedding, &x));
    const zsc_h5_info info = x.info;
    if (info.is_group || (info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER) || info.rank != 2) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s in %d dimensions, expected numbers in rows and columns",
                          v->path, p->embedding, info.type_name, info.rank);
        goto done;
    }
    if (p->bfloat16 && (info.type != ZSC_H5_INTEGER || info.bytes != 2)) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s; bfloat16 numbers are kept as uint16", v->path, p->embedding,
                          info.type_name);
        goto done;
    }
    ZSC_TRY(name_of(p->embedding, &x, &name));
    ZSC_TRY(add_encoder(v, name, &x));
    if (p->id) {
        ZSC_TRY(check_list(v, p->id));
    } else {
        v->idless = true;
        ZSC_TRY(zsc_format_name_split(v));
    }
    for (size_t i = 0; i < p->label_count; i++) ZSC_TRY(add_label(v, p->labels[i]));
done:
    zsc_h5_variable_free(&x);
    free(name);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    return read_list(v, v->file_layout->id, 0, v->n, false, out);
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    size_t length = strlen(column);
    for (size_t i = 0; i < v->file_layout->label_count; i++) {
        const char *label = v->file_layout->labels[i];
        if (strncmp(label, column, length) == 0 && label[length] == '=')
            return read_list(v, label + length + 1, first, count, true, out);
    }
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    if (v->state) return zsc_format_memory_rows(v, encoder, first, count, out);
    zsc_status status = zsc_format_h5_rows(v, encoder, first, count, out);
    if (status != ZSC_OK || !v->file_layout->bfloat16) return status;
    float *x = out;
    for (size_t i = 0; i < count * encoder->d; i++) { /* 16-bit integers are exact as floats; signed ones wrap around */
        int32_t bits = (int32_t)x[i];
        x[i] = zsc_bfloat_to_float((uint16_t)bits);
    }
    return ZSC_OK;
}

const zsc_format zsc_format_h5_paths = {
    .name = "pointed",
    .description = "HDF5 file, by the paths that were given",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_by_paths,
    .ids = read_ids,
    .text = read_text,
    .rows = read_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};
