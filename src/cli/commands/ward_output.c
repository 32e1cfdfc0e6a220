/* Dendrogram and clusters of zsc ward, as files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "base/text.h"
#include "cli/endings.h"
#include "cli/commands/ward_parts.h"
#include "data/write_column.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "zsc/zsc.h"

zsc_status cli_ward_write_rank(zsc_h5 *file, const zsc_column *rank, size_t n)
{
    char *path = zsc_asprintf("/labels/%s", rank->name);
    zsc_status status = path ? zsc_column_write(file, path, rank, n) : ZSC_EINTERNAL;
    free(path);
    return status;
}

/* Adds its path to SEALED. */
static zsc_status write_cut(zsc_h5 *file, const cli_ward_cut *c, size_t n, zsc_list *sealed)
{
    char path[64];
    snprintf(path, sizeof path, "/clusters/%zu", c->k);
    zsc_status status = zsc_h5_write(file, path, ZSC_H5_I32, 1, &n, c->label);
    if (status == ZSC_OK) status = zsc_list_add(sealed, path);
    return status == ZSC_OK && c->rank ? zsc_h5_set_text(file, path, "rank", c->rank) : status;
}

static zsc_status write_h5(const cli_ward *a, const cli_ward_matrix *x, const double *z, const cli_ward_cuts *c,
                           const char *how)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_list sealed = {0}; /* arrays with checksums */
    size_t shape[2] = {x->n ? x->n - 1 : 0, 4};
    char method[16];
    ZSC_TRY(zsc_h5_create(a->output, &file));
    ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, shape, z));
    ZSC_TRY(zsc_list_add(&sealed, "/linkage"));
    ZSC_TRY(zsc_h5_set_text(file, "/linkage", "method",
                            zsc_value_choice_text(ZSC_LINKAGE_CHOICES, a->linkage, method, sizeof method)));
    ZSC_TRY(zsc_h5_set_text(file, "/linkage", "algorithm", how));
    if (a->linkage_metric != ZSC_EUCLIDEAN)
        ZSC_TRY(zsc_h5_set_text(file, "/linkage", "metric",
                                zsc_value_choice_text(ZSC_METRIC_CHOICES, a->linkage_metric, method, sizeof method)));
    ZSC_TRY(zsc_h5_set_text(file, "/", "version", zsc_version()));
    ZSC_TRY(zsc_h5_set_text(file, "/", "embeddings", a->matrix.embeddings.item[0]));
    if (x->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)x->id, x->n));
    for (size_t r = 0; r < x->data.ranks; r++) ZSC_TRY(cli_ward_write_rank(file, &x->data.rank[r], x->n));
    for (size_t i = 0; i < c->count; i++) ZSC_TRY(write_cut(file, &c->item[i], x->n, &sealed));
    ZSC_TRY(zsc_h5_checksums_write(file, &sealed));
    status = zsc_h5_commit(file);
    file = NULL;
done:
    zsc_h5_close(file);
    zsc_list_free(&sealed);
    return status;
}

static char *beside(const char *path, size_t k)
{
    const char *dot = strrchr(path, '.');
    return zsc_asprintf("%.*s-%zu%s", (int)(dot - path), path, k, dot);
}

static zsc_status write_npy(const cli_ward *a, size_t n, const double *z, const cli_ward_cuts *c)
{
    zsc_status status = zsc_npy_write_f64(a->output, z, n ? n - 1 : 0, 4);
    for (size_t i = 0; i < c->count && status == ZSC_OK; i++) {
        char *path = beside(a->output, c->item[i].k);
        status = path ? zsc_npy_write_i32(path, c->item[i].label, n) : ZSC_EINTERNAL;
        free(path);
    }
    return status;
}

/* The merges, as zsc export writes them; and id, cluster of each cut. */
static zsc_status write_merges(const char *path, char delimiter, size_t n, const double *z)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    char number[ZSC_NUMBER_TEXT];
    fprintf(out, "first%csecond%cheight%crows\n", delimiter, delimiter, delimiter);
    for (size_t i = 0; i + 1 < n; i++, z += 4)
        fprintf(out, "%.0f%c%.0f%c%s%c%.0f\n", z[0], delimiter, z[1], delimiter, zsc_number_text(z[2], number),
                delimiter, z[3]);
    return zsc_atomic_commit(file);
}

zsc_status cli_ward_check_texts(const char *output, const cli_ward_matrix *x)
{
    zsc_status status = ZSC_OK;
    bool tabs = output && cli_ends(output, "tsv");
    for (size_t i = 0; tabs && i < x->n && status == ZSC_OK; i++)
        status = zsc_field_check("id", i, x->id ? x->id[i] : NULL, '\t');
    return status;
}

static zsc_status write_clusters(const char *path, char delimiter, const cli_ward_matrix *x, const int32_t *label)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    fprintf(out, "%s%ccluster\n", x->id ? "id" : "row", delimiter);
    for (size_t i = 0; i < x->n; i++) {
        if (x->id)
            zsc_write_field(out, x->id[i], delimiter);
        else
            fprintf(out, "%zu", i);
        fprintf(out, "%c%d\n", delimiter, (int)label[i]);
    }
    return zsc_atomic_commit(file);
}

static zsc_status write_tables(const cli_ward *a, const cli_ward_matrix *x, const double *z, const cli_ward_cuts *c)
{
    char delimiter = cli_ends(a->output, "tsv") ? '\t' : ',';
    zsc_status status = write_merges(a->output, delimiter, x->n, z);
    for (size_t i = 0; i < c->count && status == ZSC_OK; i++) {
        char *path = beside(a->output, c->item[i].k);
        status = path ? write_clusters(path, delimiter, x, c->item[i].label) : ZSC_EINTERNAL;
        free(path);
    }
    return status;
}

bool cli_ward_has_files_beside(const char *path)
{
    return cli_ends(path, "npy") || cli_ends(path, "csv") || cli_ends(path, "tsv");
}

zsc_status cli_ward_write(const cli_ward *a, const cli_ward_matrix *x, const double *z, const cli_ward_cuts *c,
                          const char *how)
{
    if (cli_ends(a->output, "npy")) return write_npy(a, x->n, z, c);
    return cli_ward_has_files_beside(a->output) ? write_tables(a, x, z, c) : write_h5(a, x, z, c, how);
}

zsc_status cli_ward_write_newick(const char *path, const cli_ward_matrix *x, const double *z)
{
    zsc_status status = ZSC_OK;
    char *text = NULL;
    zsc_atomic *file = NULL;
    ZSC_TRY(zsc_newick(z, x->n, (const char *const *)x->id, &text));
    ZSC_TRY(zsc_atomic_open(path, &file));
    fputs(text, zsc_atomic_stream(file)); /* commit checks the stream for errors */
    status = zsc_atomic_commit(file);
done:
    free(text);
    return status;
}
