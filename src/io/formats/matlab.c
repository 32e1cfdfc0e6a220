/* MATLAB 7.3 (save -v7.3): HDF5 behind a user block. MATLAB keeps columns together, so an n x d matrix is a dataset
 * [d, n]; the attribute MATLAB_class says what a dataset was. Matrices of numbers with n rows are encoders, transposed
 * as they are read. Texts are codes of letters, and lists of texts are references: neither is read, and rows are in
 * the order of the metadata. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"

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

static zsc_status take(zsc_embeddings *v, const variable *x)
{
    zsc_status status = ZSC_OK;
    if (strcmp(x->class, "char") == 0 || strcmp(x->class, "cell") == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:/%s' holds texts of MATLAB, which zsc does not read; write them in MATLAB: "
                          "writecell(x, 'ids.csv')",
                          v->path, x->name);
        return zsc_format_skip_labels(v, x->name, status);
    }
    if (!is_matrix(x)) return ZSC_OK;
    if (x->info.shape[1] == v->n) return zsc_format_matlab_add(v, x->name, x->name, &x->info);
    status = zsc_fail(ZSC_EINPUT, "'%s:/%s' has %zu rows, and other matrices have %zu; --h5-embedding /%s reads it",
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
        if (names.item[i][0] == '#') continue; /* #refs#: what lists refer to */
        ZSC_TRY(zsc_h5_stat(v->h5, names.item[i], &new->info));
        if (new->info.is_group) continue;
        new->name = names.item[i];
        ZSC_TRY(zsc_format_matlab_class(v, new->name, &new->class));
        count++;
    }
    v->n = most_rows(x, count);
    for (size_t i = 0; i < count; i++) ZSC_TRY(take(v, &x[i]));
    if (v->encoders == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a file of MATLAB 7.3 without a matrix of numbers; in MATLAB: save('x.mat', 'x', "
                          "'-v7.3') with x of a row per specimen, or --h5-embedding names a matrix in a structure",
                          v->path);
        goto done;
    }
    v->remark = zsc_asprintf("matrices of MATLAB, a row per specimen: %zu rows of %zu columns in %s", v->n,
                             v->encoder[0].d, v->encoder[0].name);
    if (!v->remark) status = ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_format_name_split(v);
done:
    for (size_t i = 0; i < count; i++) free(x[i].class);
    free(x);
    zsc_list_free(&names);
    return status;
}

const zsc_format zsc_format_matlab = {
    .name = "matlab",
    .description = "matrices of MATLAB 7.3, rows in the order of the metadata",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_matlab,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_memory_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};
