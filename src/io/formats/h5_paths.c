/* Any HDF5 file, by the paths that the user gives: which dataset is the embedding, which the ids, which are labels. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/half.h"
#include "io/formats/h5_paths.h"

/* A file that lacks what is pointed at, such as one that is added to or joined, is taken for what it is. */
static bool recognise(zsc_embeddings *v)
{
    return v->h5_paths && v->h5_paths->embedding && zsc_h5_has(v->h5, v->h5_paths->embedding);
}

zsc_status zsc_h5_paths_check(const zsc_h5_paths *p)
{
    for (size_t i = 0; i < p->label_count; i++)
        for (size_t k = 0; k < i; k++) {
            size_t length = strcspn(p->labels[i], "=");
            if (length == strcspn(p->labels[k], "=") && strncmp(p->labels[i], p->labels[k], length) == 0)
                return zsc_fail(ZSC_EUSAGE, "h5-label names the rank %.*s twice: '%s' and '%s'", (int)length,
                                p->labels[i], p->labels[k], p->labels[i]);
        }
    if (p->embedding || !(p->id || p->label_count || p->bfloat16)) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE, "h5-id, h5-label and bfloat16 go with h5-embedding, and none is given");
}

static void hash_strings(zsc_hash *hash, const char *const *item, size_t count)
{
    for (size_t i = 0; i < count; i++) zsc_hash_add(hash, item[i], strlen(item[i]) + 1);
    zsc_hash_add(hash, &count, sizeof count);
}

void zsc_h5_paths_hash(zsc_hash *hash, const zsc_h5_paths *p)
{
    const zsc_table_layout *t = &p->table;
    const char *const paths[] = {p->embedding ? p->embedding : "", p->id ? p->id : "",
                                 p->bfloat16 ? "bfloat16" : "",    t->delimiter ? t->delimiter : "",
                                 t->decimal ? t->decimal : "",     t->no_header ? "no header" : "",
                                 t->id_column ? t->id_column : "", t->label_columns ? t->label_columns : ""};
    hash_strings(hash, paths, sizeof paths / sizeof *paths);
    hash_strings(hash, p->labels, p->label_count);
}

static bool is_by_paths(const zsc_embeddings *v)
{
    return v->parts ? is_by_paths(v->part[0]) : v->format == &zsc_format_h5_paths;
}

zsc_status zsc_h5_paths_check_used(zsc_embeddings *const *file, size_t count, const zsc_h5_paths *h5_paths)
{
    if (!h5_paths->embedding) return ZSC_OK;
    for (size_t i = 0; i < count; i++)
        if (is_by_paths(file[i])) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has no %s: it is taken for %s", file[0]->path, h5_paths->embedding,
                    file[0]->format->description);
}

/* Ids and labels of any type that names something. */
static zsc_status check_list(zsc_embeddings *v, const char *object, zsc_h5_info *info)
{
    zsc_status status = zsc_h5_stat(v->h5, object, info);
    return status == ZSC_OK ? zsc_h5_check_texts(v->h5, object, info) : status;
}

static zsc_status add_label(zsc_embeddings *v, const char *label)
{
    zsc_h5_info info;
    const char *equals = strchr(label, '=');
    if (!equals || equals == label || !equals[1])
        return zsc_fail(ZSC_EUSAGE, "expected RANK=PATH, such as species=/y, not '%s'", label);
    char *name = zsc_strndup(label, (size_t)(equals - label));
    zsc_status status = name ? check_list(v, equals + 1, &info) : ZSC_EINTERNAL;
    if (status == ZSC_OK && info.shape[0] != v->n)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and the embedding has %zu", v->path, equals + 1,
                          info.shape[0], v->n);
    bool plain = name && (strcmp(name, "split") == 0 || strcmp(name, "dna_barcode") == 0);
    if (status == ZSC_OK) status = plain ? zsc_list_add(&v->text, name) : zsc_format_add_rank(v, name);
    free(name);
    return status;
}

static zsc_status open_by_paths(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    const zsc_h5_paths *p = v->h5_paths;
    const char *slash = strrchr(p->embedding, '/');
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(v->h5, p->embedding, &info));
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
    v->n = info.shape[0];
    ZSC_TRY(zsc_format_add_encoder(v, slash ? slash + 1 : p->embedding, p->embedding, info.shape[0], info.shape[1],
                                   p->bfloat16 ? "bfloat16" : info.type_name));
    ZSC_TRY(zsc_format_describe_h5(v));
    if (p->id) {
        ZSC_TRY(check_list(v, p->id, &info));
        if (info.shape[0] != v->n) {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and the embedding has %zu", v->path, p->id,
                              info.shape[0], v->n);
            goto done;
        }
    } else {
        v->idless = true;
        ZSC_TRY(zsc_format_name_split(v));
    }
    for (size_t i = 0; i < p->label_count; i++) ZSC_TRY(add_label(v, p->labels[i]));
done:
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    return zsc_h5_read_text_rows(v->h5, v->h5_paths->id, 0, v->n, out);
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    size_t length = strlen(column);
    for (size_t i = 0; i < v->h5_paths->label_count; i++) {
        const char *label = v->h5_paths->labels[i];
        if (strncmp(label, column, length) == 0 && label[length] == '=')
            return zsc_h5_read_label_rows(v->h5, label + length + 1, first, count, out);
    }
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, float *out,
                            zsc_narrowing *loss)
{
    zsc_status status = zsc_format_h5_rows(v, encoder, first, count, out, loss);
    if (status != ZSC_OK || !v->h5_paths->bfloat16) return status;
    for (size_t i = 0; i < count * encoder->d; i++) { /* 16-bit integers are exact as floats; signed ones wrap around */
        int32_t bits = (int32_t)out[i];
        out[i] = zsc_bfloat_to_float((uint16_t)bits);
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
};
