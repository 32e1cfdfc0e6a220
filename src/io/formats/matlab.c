/* MATLAB 7.3 (save -v7.3): HDF5 behind a user block. MATLAB keeps columns together, so an n x d matrix is a dataset
 * [d, n]; the attribute MATLAB_class says what a dataset was. Matrices of numbers with n rows are encoders, transposed
 * as they are read. Texts (char), lists of texts (cell) and whole numbers, one per row, are ids if the variable is
 * called so, and labels. Without ids, rows are in the order of the metadata. Objects of MATLAB's own (string,
 * categorical, table) are kept in a form that is not documented, and are refused by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"
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

zsc_status zsc_format_matlab_class(zsc_embeddings *v, const char *object, char **out)
{
    return zsc_h5_get_text(v->h5, object, "MATLAB_class", "", out);
}

zsc_status zsc_format_matlab_add(zsc_embeddings *v, const char *name, const char *object, const zsc_h5_info *info)
{
    zsc_status status = ZSC_OK;
    size_t d = info->shape[0], n = info->shape[1], size = 0, bytes;
    bool wide = zsc_is_wide(info->type == ZSC_H5_FLOAT, info->bytes);
    double *columns = NULL;
    void *x = NULL;
    if (__builtin_mul_overflow(n, d, &size) || __builtin_mul_overflow(size, 2 * sizeof *columns, &bytes))
        bytes = SIZE_MAX;
    ZSC_TRY(zsc_memory_check(NULL, bytes, "a matrix of MATLAB"));
    ZSC_NEW_RAW(columns, size);
    if (!(x = zsc_malloc(size, wide ? sizeof(double) : sizeof(float), "embeddings"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (size) ZSC_TRY(zsc_h5_read(v->h5, object, ZSC_H5_F64, 2, info->shape, columns));
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
    char *object; /* its path */
    char *class;
    zsc_h5_info info;
} variable;

/* Sparse matrices and structures are groups, lists are no matrices. */
static bool is_matrix(const variable *x)
{
    return (x->info.type == ZSC_H5_FLOAT || x->info.type == ZSC_H5_INTEGER) && x->info.rank == 2 &&
           x->info.shape[0] > 1 && x->info.shape[1] > 1 && strcmp(x->class, "logical") != 0 &&
           strcmp(x->class, "char") != 0 && strcmp(x->class, "cell") != 0;
}

/* The number of rows that most matrices have, and of several such numbers the largest; 0: there is no matrix. */
static size_t most_rows(const variable *x, size_t count)
{
    size_t rows = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        if (!is_matrix(&x[i])) continue;
        for (size_t j = 0; j < count; j++) same += is_matrix(&x[j]) && x[j].info.shape[1] == x[i].info.shape[1];
        if (same < most || (same == most && x[i].info.shape[1] <= rows)) continue;
        most = same;
        rows = x[i].info.shape[1];
    }
    return rows;
}

/* --- Ids and labels */
static bool is_text(const char *class) { return strcmp(class, "char") == 0 || strcmp(class, "cell") == 0; }

/* Numbers in one row or one column. */
static bool is_vector(const char *class, const zsc_h5_info *info)
{
    return *class && !is_text(class) && (info->type == ZSC_H5_FLOAT || info->type == ZSC_H5_INTEGER) &&
           info->rank == 2 && (info->shape[0] == 1 || info->shape[1] == 1);
}

/* What MATLAB keeps in its own way, with the line that makes texts of it; NULL: CLASS is none of these. */
static const char *conversion(const char *class)
{
    static const struct {
        const char *class, *line;
    } objects[] = {
        {"string", "x = cellstr(x)"},
        {"categorical", "x = cellstr(x)"},
        {"datetime", "x = cellstr(x)"},
        {"table", "writetable(x, 'x.csv')"},
        {"timetable", "writetimetable(x, 'x.csv')"},
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (strcmp(objects[i].class, class) == 0) return objects[i].line;
    return NULL;
}

size_t zsc_format_matlab_length(const char *class, const zsc_h5_info *info)
{
    if (info->rank != 2) return SIZE_MAX;
    if (strcmp(class, "char") == 0) return info->shape[1];
    bool row = info->shape[0] == 1 || info->shape[1] == 1;
    return row ? info->shape[0] * info->shape[1] : SIZE_MAX;
}

zsc_status zsc_format_matlab_texts(zsc_embeddings *v, const char *object, const char *class, const zsc_h5_info *info,
                                   bool labels, char ***out)
{
    zsc_status status = ZSC_OK;
    zsc_list texts = {0};
    if (conversion(class))
        return zsc_fail(ZSC_EINPUT,
                        "'%s:%s' is a %s of MATLAB, which is kept in a form of MATLAB's own; in MATLAB: %s, and save "
                        "it again",
                        v->path, object, class, conversion(class));
    if (!is_text(class) && !is_vector(class, info))
        return zsc_fail(ZSC_EINPUT, "'%s:%s' is a %s of MATLAB, expected a cell array of texts, char or whole numbers",
                        v->path, object, class);
    ZSC_TRY(is_text(class) ? zsc_h5_matlab_texts(v->h5, object, class, &texts)
                           : zsc_h5_matlab_numbers(v->h5, object, info, labels, &texts));
    status = zsc_strings_copy(texts.item, texts.count, out);
done:
    zsc_list_free(&texts);
    return status;
}

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
    size_t n = zsc_format_matlab_length(ids->class, &ids->info);
    if (!conversion(ids->class) && n != v->n)
        return zsc_fail(ZSC_EINPUT, "'%s:/%s' has %zu ids, and the matrices have %zu rows; expected one id per row",
                        v->path, ids->name, n == SIZE_MAX ? 0 : n, v->n);
    zsc_status status = zsc_format_matlab_texts(v, ids->object, ids->class, &ids->info, false, &text);
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
    bool named = zsc_known_column(x->name) || zsc_is_label_name(x->name);
    if (is_text(x->class) && zsc_format_matlab_length(x->class, &x->info) == 1 && v->n != 1) return false; /* a note */
    if (conversion(x->class) || is_text(x->class)) return true;
    return named && is_vector(x->class, &x->info) && zsc_format_matlab_length(x->class, &x->info) == v->n;
}

/* Texts that differ in all rows name rows, not classes. */
static zsc_status take_labels(zsc_embeddings *v, const variable *x)
{
    char **text = NULL;
    zsc_status status = ZSC_OK;
    size_t n = zsc_format_matlab_length(x->class, &x->info);
    if (!conversion(x->class) && n != v->n)
        status = zsc_fail(ZSC_EINPUT, "'%s:/%s' holds %zu texts of MATLAB, and the matrices have %zu rows", v->path,
                          x->name, n == SIZE_MAX ? 0 : n, v->n);
    else
        status = zsc_format_matlab_texts(v, x->object, x->class, &x->info, true, &text);
    if (status == ZSC_OK && is_text(x->class) && !zsc_known_column(x->name) && all_differ(text, v->n))
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:/%s' holds another text in each row, so that it names no classes; as ids it is read "
                          "under the name id, in MATLAB: id = %s",
                          v->path, x->name, x->name);
    if (status == ZSC_OK) return zsc_format_memory_add_column(v, x->name, text);
    free(text);
    return zsc_format_skip_labels(v, x->name, status);
}

static zsc_status take(zsc_embeddings *v, const variable *x, const variable *ids)
{
    if (x == ids) return take_ids(v, x);
    if (may_be_labels(v, x)) return take_labels(v, x);
    if (!is_matrix(x)) return ZSC_OK;
    if (x->info.shape[1] == v->n) return zsc_format_matlab_add(v, x->name, x->name, &x->info);
    zsc_status status = zsc_fail(ZSC_EINPUT,
                                 "'%s:/%s' has %zu rows, and other matrices have %zu; --h5-embedding /%s reads it",
                                 v->path, x->name, x->info.shape[1], v->n, x->name);
    return zsc_format_skip_encoder(v, x->name, status);
}

static zsc_status open_matlab(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    variable *x = NULL;
    size_t count = 0;
    v->idless = true;
    ZSC_TRY(zsc_h5_children(v->h5, "/", &names));
    ZSC_NEW(x, names.count + 1);
    for (size_t i = 0; i < names.count; i++) {
        variable *new = &x[count];
        if (names.item[i][0] == '#') continue; /* #refs#: what cells refer to; #subsystem#: objects */
        ZSC_TRY(zsc_h5_stat(v->h5, names.item[i], &new->info));
        if (new->info.is_group) continue;
        new->name = names.item[i];
        new->object = zsc_asprintf("/%s", new->name);
        count++;
        ZSC_TRY(new->object ? zsc_format_matlab_class(v, new->object, &new->class) : ZSC_EINTERNAL);
    }
    v->n = most_rows(x, count);
    const variable *ids = v->n ? find_ids(x, count) : NULL;
    for (size_t i = 0; i < count && v->n; i++) ZSC_TRY(take(v, &x[i], ids));
    if (v->encoders == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a file of MATLAB 7.3 without a matrix of numbers; in MATLAB: save('x.mat', 'x', "
                          "'-v7.3') with x of a row per specimen, or --h5-embedding names a matrix in a structure",
                          v->path);
        goto done;
    }
    v->remark = zsc_asprintf("matrices of MATLAB, a row per specimen: %zu rows of %zu columns in %s%s%s", v->n,
                             v->encoder[0].d, v->encoder[0].name, ids ? "; ids: " : "", ids ? ids->name : "");
    if (!v->remark) status = ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_format_name_split(v);
done:
    for (size_t i = 0; i < count; i++) {
        free(x[i].object);
        free(x[i].class);
    }
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
