/* Clusters of zsc cluster, as files, and what is printed of them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "cli/commands/cluster_parts.h"
#include "cli/endings.h"
#include "cli/print_results.h"
#include "io/files/atomic.h"
#include "io/npy.h"
#include "io/text/csv.h"
#include "zsc/zsc.h"

/* --- Files */
/* Labels (layers x rows), and what each layer is. */
static zsc_status write_h5_layers(zsc_h5 *file, const zsc_hdbscan_layers *l)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL;
    int64_t *size = NULL, *persistence = NULL;
    if (l->count == 0) return ZSC_OK;
    ZSC_NEW_RAW(label, l->count * l->n);
    ZSC_NEW_RAW(size, l->count);
    ZSC_NEW_RAW(persistence, l->count);
    for (size_t i = 0; i < l->count; i++) {
        size[i] = (int64_t)l->layer[i].min_cluster_size;
        persistence[i] = (int64_t)l->layer[i].persistence;
        memcpy(label + i * l->n, l->layer[i].clustering.label, l->n * sizeof *label);
    }
    ZSC_TRY(zsc_h5_write(file, "/layers/labels", ZSC_H5_I32, 2, (const size_t[]){l->count, l->n}, label));
    ZSC_TRY(zsc_h5_write(file, "/layers/min_cluster_size", ZSC_H5_I64, 1, &l->count, size));
    status = zsc_h5_write(file, "/layers/persistence", ZSC_H5_I64, 1, &l->count, persistence);
done:
    free(label);
    free(size);
    free(persistence);
    return status;
}

zsc_status cli_cluster_check_model(const cli_cluster *a)
{
    if (!a->keep_model) return ZSC_OK;
    if (!a->output || cli_ends(a->output, "npy") || cli_ends(a->output, "csv") || cli_ends(a->output, "tsv"))
        return cli_usage(
            "option --keep-model needs an HDF5 file to write (--output), which holds the rows beside their "
            "clusters");
    return ZSC_OK;
}

/* By which the clusterer compares rows. */
static int metric_of(const zsc_run_options *o)
{
    if (o->clusterer == ZSC_AGGLOMERATIVE) return (int)o->linkage_metric;
    return zsc_clusterer_traits_of(o->clusterer)->metric ? (int)o->umap.metric : ZSC_EUCLIDEAN;
}

/* What zsc assign needs. */
static zsc_status write_model(const cli_cluster *a, cli_ward_matrix *x, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    zsc_list arrays = {0};
    const bool doubles = x->doubles;
    if (!a->keep_model) return ZSC_OK;
    ZSC_TRY(cli_ward_narrow(x, &a->common.exec));
    const cli_kept_rows rows = {.x = x->f32,
                                .n = x->n,
                                .d = x->d,
                                .scale = a->matrix.scale,
                                .metric = metric_of(&a->o),
                                .scaling = &a->scaling,
                                .modality = x->data.modality,
                                .modalities = x->data.modalities,
                                .doubles = doubles};
    ZSC_TRY(cli_model_write(file, &rows));
    ZSC_TRY(zsc_list_add(&arrays, "/clusters"));
    ZSC_TRY(cli_model_arrays(file, &arrays));
    status = zsc_h5_checksums_write(file, &arrays);
done:
    zsc_list_free(&arrays);
    return status;
}

static zsc_status write_h5(const cli_cluster *a, cli_ward_matrix *x, const cli_clusters *c)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    ZSC_TRY(zsc_h5_create(a->output, &file));
    ZSC_TRY(zsc_h5_write(file, "/clusters", ZSC_H5_I32, 1, &c->n, c->label));
    ZSC_TRY(zsc_h5_set_text(file, "/clusters", "clusterer", zsc_clusterer_traits_of(a->o.clusterer)->name));
    ZSC_TRY(zsc_h5_set_int(file, "/clusters", "clusters", (int64_t)c->clusters));
    if (c->probability) ZSC_TRY(zsc_h5_write(file, "/probability", ZSC_H5_F32, 1, &c->n, c->probability));
    ZSC_TRY(write_h5_layers(file, c->layers));
    ZSC_TRY(zsc_h5_set_text(file, "/", "version", zsc_version()));
    ZSC_TRY(zsc_h5_set_text(file, "/", "embeddings", a->matrix.embeddings.item[0]));
    if (x->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)x->id, x->n));
    for (size_t r = 0; r < x->data.ranks; r++) ZSC_TRY(cli_ward_write_rank(file, &x->data.rank[r], x->n));
    ZSC_TRY(write_model(a, x, file));
    status = zsc_h5_commit(file);
    file = NULL;
done:
    zsc_h5_close(file);
    return status;
}

static zsc_status write_table(const cli_cluster *a, const cli_ward_matrix *x, const cli_clusters *c)
{
    zsc_atomic *file = NULL;
    const char delimiter = cli_ends(a->output, "tsv") ? '\t' : ',';
    char number[ZSC_NUMBER_TEXT];
    zsc_status status = zsc_atomic_open(a->output, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    fprintf(out, "%s%ccluster", x->id ? "id" : "row", delimiter);
    if (c->probability) fprintf(out, "%cprobability", delimiter);
    for (size_t l = 0; l < c->layers->count; l++) fprintf(out, "%clayer_%zu", delimiter, l + 1);
    putc('\n', out);
    for (size_t i = 0; i < c->n; i++) {
        if (x->id)
            zsc_write_field(out, x->id[i], delimiter);
        else
            fprintf(out, "%zu", i);
        fprintf(out, "%c%d", delimiter, (int)c->label[i]);
        if (c->probability) fprintf(out, "%c%s", delimiter, zsc_float_text(c->probability[i], number));
        for (size_t l = 0; l < c->layers->count; l++)
            fprintf(out, "%c%d", delimiter, (int)c->layers->layer[l].clustering.label[i]);
        putc('\n', out);
    }
    return zsc_atomic_commit(file);
}

zsc_status cli_cluster_write(const cli_cluster *a, cli_ward_matrix *x, const cli_clusters *c)
{
    if (cli_ends(a->output, "npy")) return zsc_npy_write_i32(a->output, c->label, c->n);
    if (cli_ends(a->output, "csv") || cli_ends(a->output, "tsv")) return write_table(a, x, c);
    return write_h5(a, x, c);
}

/* --- What is printed */
static int by_rows(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* Rows of the smallest, the median and the largest cluster; 0 where there is none. */
typedef struct cluster_sizes {
    size_t smallest, median, largest;
} cluster_sizes;

static zsc_status measure(const int32_t *label, size_t n, size_t clusters, cluster_sizes *out)
{
    size_t *rows = zsc_calloc(clusters + 1, sizeof *rows, "sizes of clusters");
    if (!rows) return ZSC_EINTERNAL;
    for (size_t i = 0; i < n; i++)
        if (label[i] >= 0) rows[label[i]]++;
    qsort(rows, clusters, sizeof *rows, by_rows);
    *out = clusters ? (cluster_sizes){rows[0], rows[clusters / 2], rows[clusters - 1]} : (cluster_sizes){0};
    free(rows);
    return ZSC_OK;
}

static json_t *json_layers(const zsc_hdbscan_layers *layers)
{
    json_t *list = json_array();
    for (size_t l = 0; l < layers->count; l++) {
        const zsc_hdbscan_layer *layer = &layers->layer[l];
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:I, s:I}", "min_cluster_size", (json_int_t)layer->min_cluster_size,
                                        "persistence", (json_int_t)layer->persistence, "clusters",
                                        (json_int_t)layer->clustering.clusters, "clustered",
                                        (json_int_t)layer->clustering.clustered));
    }
    return list;
}

static zsc_status print_json(const cli_cluster *a, const cli_clusters *c, const cluster_sizes *s)
{
    json_t *root = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:{s:I, s:I, s:I}}", "zsc", zsc_version(), "embeddings",
                             a->matrix.embeddings.item[0], "clusterer", zsc_clusterer_traits_of(a->o.clusterer)->name,
                             "rows", (json_int_t)c->n, "clusters", (json_int_t)c->clusters, "clustered",
                             (json_int_t)c->clustered, "cluster_sizes", "smallest", (json_int_t)s->smallest, "median",
                             (json_int_t)s->median, "largest", (json_int_t)s->largest);
    if (root && a->o.clusterer == ZSC_LAYERS) json_object_set_new(root, "layers", json_layers(c->layers));
    return cli_print_json(root);
}

/* A line per layer. */
static zsc_status print_layers(const cli_clusters *c, bool csv)
{
    static const char *const header[] = {"layer",     "min_cluster_size", "persistence", "rows",   "clusters",
                                         "clustered", "smallest",         "median",      "largest"};
    cli_cells cells = {0};
    for (size_t l = 0; l < c->layers->count; l++) {
        const zsc_hdbscan_layer *layer = &c->layers->layer[l];
        cluster_sizes s;
        zsc_status status = measure(layer->clustering.label, c->n, layer->clustering.clusters, &s);
        if (status != ZSC_OK) {
            cells.status = status;
            break;
        }
        const size_t counts[] = {l + 1,
                                 layer->min_cluster_size,
                                 layer->persistence,
                                 c->n,
                                 layer->clustering.clusters,
                                 layer->clustering.clustered,
                                 s.smallest,
                                 s.median,
                                 s.largest};
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) cli_cells_add(&cells, "%zu", counts[i]);
    }
    return cli_cells_print(&cells, header, sizeof header / sizeof *header, csv);
}

zsc_status cli_cluster_print(const cli_cluster *a, const cli_clusters *c)
{
    static const char *const header[] = {"clusterer", "rows", "clusters", "clustered", "smallest", "median", "largest"};
    cluster_sizes s;
    cli_cells cells = {0};
    zsc_status status = measure(c->label, c->n, c->clusters, &s);
    if (status != ZSC_OK) return status;
    if (a->format == CLI_JSON) return print_json(a, c, &s);
    if (a->o.clusterer == ZSC_LAYERS) return print_layers(c, a->format == CLI_CSV);
    cli_cells_add(&cells, "%s", zsc_clusterer_traits_of(a->o.clusterer)->name);
    const size_t counts[] = {c->n, c->clusters, c->clustered, s.smallest, s.median, s.largest};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) cli_cells_add(&cells, "%zu", counts[i]);
    return cli_cells_print(&cells, header, sizeof header / sizeof *header, a->format == CLI_CSV);
}
