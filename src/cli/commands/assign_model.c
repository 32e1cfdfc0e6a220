/* The clustering that new rows are assigned to, and the new rows. */
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/assign_parts.h"
#include "io/labels/labels.h"

void cli_clustering_free(cli_clustering *c)
{
    cli_umap_model_free(&c->layout);
    free(c->label);
    *c = (cli_clustering){0};
}

/* --- Clusters */
static zsc_status read_own_clusters(const cli_assign *a, zsc_h5 *file, cli_clustering *c)
{
    zsc_status status = ZSC_OK;
    const size_t n = c->layout.rows.n;
    if (!zsc_h5_has(file, "/clusters"))
        return cli_usage("option --clusters is needed: '%s' holds no clusters; give those of its rows, as zsc cluster "
                         "or zsc export write them",
                         a->model);
    ZSC_NEW_RAW(c->label, n);
    ZSC_TRY(zsc_h5_read(file, "/clusters", ZSC_H5_I32, 1, &n, c->label));
done:
    return status;
}

/* Clusters of a file of their own, by the ids where both have some. */
static zsc_status match_clusters(const cli_assign *a, const zsc_labels *from, cli_clustering *c)
{
    zsc_status status = ZSC_OK;
    const cli_model *rows = &c->layout.rows;
    const zsc_labels own = {.source = (char *)(uintptr_t)a->model, .n = rows->n, .id = rows->id};
    int32_t *at = NULL;
    size_t found = 0;
    ZSC_TRY(zsc_labels_match(&own, from, &at));
    ZSC_NEW_RAW(c->label, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        c->label[i] = at[i] < 0 || from->code[at[i]] < 0 ? -1 : from->code[at[i]];
        found += at[i] >= 0;
    }
    if (found < rows->n)
        zsc_note("%zu of %zu rows of '%s' are in '%s'; the others take no part", found, rows->n, a->model, a->clusters);
done:
    free(at);
    return status;
}

static zsc_status read_clusters(const cli_assign *a, cli_clustering *c)
{
    zsc_labels from = {0};
    zsc_status status = zsc_labels_read(a->clusters, NULL, &from);
    if (status == ZSC_OK && from.fraction != 0)
        status = zsc_fail(ZSC_EINPUT, "'%s' holds numbers that are not whole, such as %g; expected numbers of clusters",
                          a->clusters, from.fraction);
    else if (status == ZSC_OK && from.text)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' holds texts; expected numbers of clusters (zsc retrieve gives new rows the labels of "
                          "their neighbours)",
                          a->clusters);
    if (status == ZSC_OK) status = match_clusters(a, &from, c);
    zsc_labels_free(&from);
    return status;
}

zsc_status cli_clustering_read(const cli_assign *a, cli_clustering *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    cli_clustering c = {0};
    ZSC_TRY(zsc_h5_open(a->model, &file));
    ZSC_TRY(cli_umap_is_layout(file) ? cli_umap_read_model(file, &c.layout) : cli_model_read(file, &c.layout.rows));
    c.layout.rows.path = a->model;
    ZSC_TRY(a->clusters ? read_clusters(a, &c) : read_own_clusters(a, file, &c));
    *out = c;
    c = (cli_clustering){0};
done:
    zsc_h5_close(file);
    cli_clustering_free(&c);
    return status;
}

/* --- New rows */
/* Of a file of zsc cluster: as that reads them, in double precision where the file has it. */
static zsc_status load_matrix(const cli_assign *a, const cli_model *model, cli_ward_matrix *x)
{
    zsc_status status = ZSC_OK;
    cli_matrix m = a->matrix;
    m.scale = cli_scale_has_statistics(model->scale) ? ZSC_SCALE_NONE : model->scale;
    ZSC_TRY(cli_ward_load(&m, &a->common.exec, x));
    ZSC_TRY(cli_model_check_columns(model, x->d, x->data.modality, x->data.modalities));
    ZSC_TRY(cli_ward_standardise(&model->scaling, &a->common.exec, x));
    ZSC_TRY(cli_ward_narrow(x, &a->common.exec));
done:
    return status;
}

zsc_status cli_clustering_load_rows(const cli_assign *a, const cli_clustering *c, cli_ward_matrix *x)
{
    const cli_model *model = &c->layout.rows;
    if (!c->layout.y) return load_matrix(a, model, x);
    zsc_status status = cli_umap_load(&a->matrix, model, &a->common.exec, &x->data);
    if (status != ZSC_OK) return status;
    x->n = x->data.n;
    x->d = x->data.d;
    x->f32 = x->data.x;
    x->id = x->data.id;
    return ZSC_OK;
}
