/* MATLAB 7.3 (save -v7.3), HDF5 behind a user block, and Octave (save -hdf5). Both keep columns together, so an n x d
 * matrix is a dataset [d, n]; io/h5/h5_variable.h says what a variable was. Matrices of numbers with n rows are
 * encoders, transposed as they are read. Texts (char), lists of texts (cell) and whole numbers, one per row, are ids if
 * the variable is called so, and labels. Without ids, rows are in the order of the metadata. Objects of MATLAB's own
 * (string, categorical, table) are kept in a form that is not documented, and are refused by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"
#include "io/h5/h5_variable.h"
#include "io/labels/column_names.h"
#include "io/labels/label_names.h"

static bool recognise(zsc_embeddings *v)
{
    static const char mark[] = "MATLAB 7.3 MAT-file";
    char start[sizeof mark - 1];
    FILE *file = fopen(v->path, "rb");
    size_t got = file ? fread(start, 1, sizeof start, file) : 0;
    if (file) fclose(file);
    return got == sizeof start && memcmp(start, mark, sizeof start) == 0;
}

/* Some of its groups are variables. */
static bool recognise_octave(zsc_embeddings *v)
{
    zsc_list names = {0};
    bool found = false;
    zsc_status status = zsc_h5_children(v->h5, "/", &names);
    for (size_t i = 0; status == ZSC_OK && i < names.count && !found; i++)
        found = zsc_h5_is_octave(v->h5, names.item[i]);
    zsc_list_free(&names);
    if (status != ZSC_OK) zsc_error_clear();
    return found;
}

zsc_status zsc_format_matlab_add(zsc_embeddings *v, const char *name, const zsc_h5_variable *matrix)
{
    zsc_status status = ZSC_OK;
    const zsc_h5_info *info = &matrix->info;
    size_t d = info->shape[0], n = info->shape[1], size = 0, bytes;
    bool wide = zsc_is_wide(info->type == ZSC_H5_FLOAT, info->bytes);
    double *columns = NULL;
    void *x = NULL;
    if (__builtin_mul_overflow(n, d, &size) || __builtin_mul_overflow(size, 2 * sizeof *columns, &bytes))
        bytes = SIZE_MAX;
    ZSC_TRY(zsc_memory_check(NULL, bytes, "a matrix stored by columns"));
    ZSC_NEW_RAW(columns, size);
    if (!(x = zsc_malloc(size, wide ? sizeof(double) : sizeof(float), "embeddings"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (size) ZSC_TRY(zsc_h5_read(v->h5, matrix->object, ZSC_H5_F64, 2, info->shape, columns));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            if (wide)
                ((double *)x)[i * d + j] = columns[j * n + i];
            else
                ((float *)x)[i * d + j] = (float)columns[j * n + i];
    status = zsc_format_memory_add(v, name, x, wide, n, d, info->type_name);
    x = NULL;
done:
    free(columns);
    free(x);
    return status;
}

typedef struct variable {
    const char *name;
    zsc_h5_variable in_file;
} variable;

static bool is_matrix(const variable *x) { return zsc_h5_variable_is_matrix(&x->in_file); }

static size_t rows_of(const variable *x) { return x->in_file.info.shape[1]; }

/* The number of rows that most matrices have, and of several such numbers the largest; 0: there is no matrix. */
static size_t most_rows(const variable *x, size_t count)
{
    size_t rows = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        if (!is_matrix(&x[i])) continue;
        for (size_t j = 0; j < count; j++) same += is_matrix(&x[j]) && rows_of(&x[j]) == rows_of(&x[i]);
        if (same < most || (same == most && rows_of(&x[i]) <= rows)) continue;
        most = same;
        rows = rows_of(&x[i]);
    }
    return rows;
}

/* --- Ids and labels */
/* The variable that holds the ids, of several the one with the best name; NULL: none. */
static const variable *find_ids(const variable *x, size_t count)
{
    const variable *found = NULL;
    for (size_t i = 0; i < count; i++) {
        int rank = is_matrix(&x[i]) ? 0 : zsc_format_id_rank(x[i].name);
        if (rank && (!found || rank > zsc_format_id_rank(found->name))) found = &x[i];
    }
    return found;
}

/* Ids that cannot be read are an error: without them the rows would be guessed from the metadata. */
static zsc_status take_ids(zsc_embeddings *v, const variable *ids)
{
    char **text = NULL;
    size_t n = zsc_h5_variable_length(&ids->in_file);
    if (!zsc_h5_variable_conversion(&ids->in_file) && n != v->n)
        return zsc_fail(ZSC_EINPUT, "'%s:/%s' has %zu ids, and the matrices have %zu rows; expected one id per row",
                        v->path, ids->name, n == SIZE_MAX ? 0 : n, v->n);
    zsc_status status = zsc_h5_variable_texts(v->h5, &ids->in_file, false, &text);
    if (status != ZSC_OK) return zsc_context(status, "ids");
    v->idless = false;
    return zsc_format_memory_set_ids(v, text);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static bool all_differ(char *const *text, size_t n)
{
    char **sorted = zsc_malloc(n, sizeof *sorted, "labels");
    bool differ = sorted && n > 1;
    if (sorted && n) memcpy(sorted, text, n * sizeof *sorted);
    if (differ) qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 1; i < n && differ; i++) differ = strcmp(sorted[i - 1], sorted[i]) != 0;
    free(sorted);
    return differ;
}

static bool may_be_labels(const zsc_embeddings *v, const variable *x)
{
    bool named = zsc_known_column(x->name) || zsc_is_label_name(x->name), text = zsc_h5_variable_is_text(&x->in_file);
    size_t length = zsc_h5_variable_length(&x->in_file);
    if (text && length <= 1 && v->n != 1) return false; /* a note */
    if (zsc_h5_variable_conversion(&x->in_file)) return named || strcmp(x->in_file.class, "range") != 0;
    return text || (named && zsc_h5_variable_is_vector(&x->in_file) && length == v->n);
}

/* Texts that differ in all rows name rows, not classes. */
static zsc_status take_labels(zsc_embeddings *v, const variable *x)
{
    char **text = NULL;
    zsc_status status = ZSC_OK;
    const char *program = zsc_h5_variable_program(&x->in_file);
    size_t n = zsc_h5_variable_length(&x->in_file);
    if (!zsc_h5_variable_conversion(&x->in_file) && n != v->n)
        status = zsc_fail(ZSC_EINPUT, "'%s:/%s' holds %zu texts of %s, and the matrices have %zu rows", v->path,
                          x->name, n == SIZE_MAX ? 0 : n, program, v->n);
    else
        status = zsc_h5_variable_texts(v->h5, &x->in_file, true, &text);
    if (status == ZSC_OK && zsc_h5_variable_is_text(&x->in_file) && !zsc_known_column(x->name) &&
        all_differ(text, v->n))
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:/%s' holds another text in each row, so that it names no classes; as ids it is read "
                          "under the name id, in %s: id = %s",
                          v->path, x->name, program, x->name);
    if (status == ZSC_OK) return zsc_format_memory_add_column(v, x->name, text);
    free(text);
    return zsc_format_skip_labels(v, x->name, status);
}

static zsc_status take(zsc_embeddings *v, const variable *x, const variable *ids)
{
    if (x == ids) return take_ids(v, x);
    if (may_be_labels(v, x)) return take_labels(v, x);
    if (!is_matrix(x)) return ZSC_OK;
    if (rows_of(x) == v->n) return zsc_format_matlab_add(v, x->name, &x->in_file);
    zsc_status status = zsc_fail(ZSC_EINPUT,
                                 "'%s:/%s' has %zu rows, and other matrices have %zu; --h5-embedding /%s reads it",
                                 v->path, x->name, rows_of(x), v->n, x->name);
    return zsc_format_skip_encoder(v, x->name, status);
}

static zsc_status find_variable(zsc_embeddings *v, variable *x)
{
    char *path = zsc_asprintf("/%s", x->name);
    zsc_status status = path ? zsc_h5_variable_find(v->h5, path, &x->in_file) : ZSC_EINTERNAL;
    free(path);
    return status;
}

static zsc_status open_matlab(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    variable *x = NULL;
    size_t count = 0;
    bool octave = v->format == &zsc_format_octave;
    v->idless = true;
    ZSC_TRY(zsc_h5_children(v->h5, "/", &names));
    ZSC_NEW(x, names.count + 1);
    for (size_t i = 0; i < names.count; i++) {
        variable *new = &x[count];
        if (names.item[i][0] == '#') continue; /* #refs#: what cells refer to; #subsystem#: objects */
        new->name = names.item[i];
        count++;
        ZSC_TRY(find_variable(v, new));
    }
    v->n = most_rows(x, count);
    const variable *ids = v->n ? find_ids(x, count) : NULL;
    for (size_t i = 0; i < count && v->n; i++) ZSC_TRY(take(v, &x[i], ids));
    if (v->encoders == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a file of %s without a matrix of numbers; in %s: %s with x of a row per specimen, "
                          "or --h5-embedding names a matrix in a structure",
                          v->path, octave ? "Octave" : "MATLAB 7.3", octave ? "Octave" : "MATLAB",
                          octave ? "save -hdf5 x.h5 x" : "save('x.mat', 'x', '-v7.3')");
        goto done;
    }
    v->remark = zsc_asprintf("matrices of %s, a row per specimen: %zu rows of %zu columns in %s%s%s",
                             octave ? "Octave" : "MATLAB", v->n, v->encoder[0].d, v->encoder[0].name,
                             ids ? "; ids: " : "", ids ? ids->name : "");
    if (!v->remark) status = ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_format_name_split(v);
done:
    for (size_t i = 0; i < count; i++) zsc_h5_variable_free(&x[i].in_file);
    free(x);
    zsc_list_free(&names);
    return status;
}

const zsc_format zsc_format_matlab = {
    .name = "matlab",
    .description = "matrices of MATLAB 7.3",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_matlab,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_memory_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};

const zsc_format zsc_format_octave = {
    .name = "octave",
    .description = "matrices of Octave (HDF5)",
    .hdf5 = true,
    .recognise = recognise_octave,
    .open = open_matlab,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_memory_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};
