/* zsc export: parts of a result in formats that Python and R open directly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/endings.h"
#include "cli/cli.h"
#include "io/anndata_writer.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "io/npy.h"
#include "zsc/zsc.h"

typedef struct export_arguments {
    cli_common common;
    const char *output;
    int what;
} export_arguments;

enum { WHAT_CLUSTERS, WHAT_REDUCED, WHAT_LINKAGE, WHAT_LAYERS };

/* --- CSV */
static void put_cell(FILE *stream, bool first, const char *text)
{
    if (!first) putc(',', stream);
    zsc_csv_write_field(stream, text);
}

static void write_clusters(FILE *stream, const zsc_result *r)
{
    char number[ZSC_NUMBER_TEXT];
    fputs(r->probability ? "id,cluster,probability" : "id,cluster", stream);
    for (size_t k = 0; k < r->scores; k++) put_cell(stream, false, r->taxon[k].name);
    putc('\n', stream);
    for (size_t i = 0; i < r->rows; i++) {
        put_cell(stream, true, r->id[i]);
        fprintf(stream, ",%d", r->label[i]);
        if (r->probability) fprintf(stream, ",%s", zsc_float_text(r->probability[i], number));
        for (size_t k = 0; k < r->scores; k++) {
            int32_t code = r->taxon[k].code[i];
            put_cell(stream, false, code < 0 ? "" : r->taxon[k].level[code]);
        }
        putc('\n', stream);
    }
}

static void write_reduced(FILE *stream, const zsc_result *r)
{
    char number[ZSC_NUMBER_TEXT];
    fputs("id", stream);
    for (size_t j = 0; j < r->reduced_dim; j++) fprintf(stream, ",%s%zu", r->reduce, j + 1);
    putc('\n', stream);
    for (size_t i = 0; i < r->rows; i++) {
        put_cell(stream, true, r->id[i]);
        for (size_t j = 0; j < r->reduced_dim; j++)
            fprintf(stream, ",%s", zsc_float_text(r->reduced[i * r->reduced_dim + j], number));
        putc('\n', stream);
    }
}

static void write_linkage(FILE *stream, const zsc_result *r)
{
    char number[ZSC_NUMBER_TEXT];
    fputs("first,second,height,rows\n", stream);
    for (size_t i = 0; i + 1 < r->rows; i++) {
        const double *z = r->linkage_matrix + 4 * i;
        fprintf(stream, "%.0f,%.0f,%s,%.0f\n", z[0], z[1], zsc_number_text(z[2], number), z[3]);
    }
}

static void write_layers(FILE *stream, const zsc_result *r)
{
    fputs("id", stream);
    for (size_t l = 0; l < r->layers; l++) fprintf(stream, ",layer_%zu", l + 1);
    putc('\n', stream);
    for (size_t i = 0; i < r->rows; i++) {
        put_cell(stream, true, r->id[i]);
        for (size_t l = 0; l < r->layers; l++) fprintf(stream, ",%d", r->layer[l].label[i]);
        putc('\n', stream);
    }
}

static zsc_status write_csv(const char *path, int what, const zsc_result *r)
{
    static void (*const write[])(FILE *, const zsc_result *) = {write_clusters, write_reduced, write_linkage,
                                                                write_layers};
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    write[what](zsc_atomic_stream(file), r);
    return zsc_atomic_commit(file); /* sees what went wrong above */
}

/* --- npy */
static zsc_status write_npy_layers(const char *path, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL;
    ZSC_NEW_RAW(label, r->rows * r->layers);
    for (size_t i = 0; i < r->rows; i++)
        for (size_t l = 0; l < r->layers; l++) label[i * r->layers + l] = r->layer[l].label[i];
    status = zsc_npy_write_i32_rows(path, label, r->rows, r->layers);
done:
    free(label);
    return status;
}

static zsc_status write_npy(const char *path, int what, const zsc_result *r)
{
    if (what == WHAT_CLUSTERS) return zsc_npy_write_i32(path, r->label, r->rows);
    if (what == WHAT_LAYERS) return write_npy_layers(path, r);
    if (what == WHAT_REDUCED) return zsc_npy_write_f32(path, r->reduced, r->rows, r->reduced_dim);
    return zsc_npy_write_f64(path, r->linkage_matrix, r->rows ? r->rows - 1 : 0, 4);
}

/* --- AnnData: clusters and taxa in obs, the reduced vectors in obsm if the result has them */
static zsc_status cluster_column(const zsc_result *r, zsc_column *out)
{
    zsc_status status = ZSC_OK;
    out->levels = 0;
    if (!(out->name = zsc_strdup("cluster"))) return ZSC_EINTERNAL;
    out->code = r->label;
    ZSC_NEW(out->level, r->clusters);
    for (; out->levels < r->clusters; out->levels++)
        if (!(out->level[out->levels] = zsc_asprintf("%zu", out->levels))) return ZSC_EINTERNAL;
done:
    return status;
}

static zsc_status write_anndata(const char *path, int what, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_column *column = NULL, cluster = {0};
    char *key = NULL;
    if (what == WHAT_LINKAGE) return cli_usage("a linkage matrix goes to .npy or .csv, not to .h5ad");
    if (what == WHAT_LAYERS) return cli_usage("layers go to .npy or .csv, not to .h5ad");
    ZSC_NEW(column, r->scores + 1);
    ZSC_TRY(cluster_column(r, &cluster));
    column[0] = cluster;
    memcpy(column + 1, r->taxon, r->scores * sizeof *column);
    if (r->reduced && !(key = zsc_asprintf("X_%s", r->reduce))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    status = zsc_anndata_write(path, &(zsc_anndata){.n = r->rows,
                                                    .id = r->id,
                                                    .column = column,
                                                    .columns = r->scores + 1,
                                                    .number_name = r->probability ? "probability" : NULL,
                                                    .number = r->probability,
                                                    .key = key,
                                                    .x = r->reduced,
                                                    .d = r->reduced_dim});
done:
    for (size_t i = 0; i < cluster.levels; i++) free(cluster.level[i]);
    free(cluster.level);
    free(cluster.name);
    free(column);
    free(key);
    return status;
}

/* --- Ranks that are called as a column of the output is: another name for them, which no rank has */
static bool is_own(const char *name)
{
    static const char *const own[] = {"id", "cluster", "probability", "_index"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0) return true;
    return false;
}

static bool is_rank(const zsc_result *r, const char *name)
{
    for (size_t k = 0; k < r->scores; k++)
        if (strcmp(name, r->taxon[k].name) == 0) return true;
    return false;
}

static zsc_status rename_rank(const zsc_result *r, zsc_column *rank)
{
    char *name = zsc_asprintf("label_%s", rank->name);
    while (name && is_rank(r, name)) {
        char *longer = zsc_asprintf("label_%s", name);
        free(name);
        name = longer;
    }
    if (!name) return ZSC_EINTERNAL;
    zsc_warn("the output has a column %s of its own: the rank of that name is column %s", rank->name, name);
    free(rank->name);
    rank->name = name;
    return ZSC_OK;
}

static zsc_status rename_ranks(zsc_result *r)
{
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < r->scores && status == ZSC_OK; k++)
        if (is_own(r->taxon[k].name)) status = rename_rank(r, &r->taxon[k]);
    return status;
}

/* --- Command */
static const struct {
    const char *ending;
    zsc_status (*write)(const char *path, int what, const zsc_result *r);
} forms[] = {{".csv", write_csv}, {".npy", write_npy}, {".h5ad", write_anndata}};

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    export_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_result r = {0};
    size_t form = 0;
    if (!a->output) return cli_usage("--output is needed");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (cli_ends(a->output, forms[i].ending + 1)) form = i; /* to a pipe: CSV */
    bool reduced = a->what == WHAT_REDUCED || strcmp(forms[form].ending, ".h5ad") == 0;
    unsigned parts = ZSC_RESULT_ROWS | (a->what == WHAT_LINKAGE ? ZSC_RESULT_LINKAGE : 0) |
                     (reduced ? ZSC_RESULT_REDUCED : 0);
    ZSC_TRY(zsc_result_read(operands[0], parts, &r));
    if (a->what == WHAT_REDUCED && !r.reduced) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no reduced vectors: %s", operands[0],
                          strcmp(r.reduce, "none") == 0 ? "it is of a run with --reduce none"
                                                        : "zsc run writes them with --keep-reduced");
        goto done;
    }
    if (a->what == WHAT_LINKAGE && !r.linkage_matrix) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no linkage matrix%s", operands[0],
                          *r.linkage ? "" : ": its clusterer makes no dendrogram");
        goto done;
    }
    if (a->what == WHAT_LAYERS && r.layers == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no layers: zsc run makes them with --clusterer layers", operands[0]);
        goto done;
    }
    if (a->what == WHAT_CLUSTERS) ZSC_TRY(rename_ranks(&r));
    ZSC_TRY(forms[form].write(a->output, a->what, &r));
    zsc_note("wrote %s", a->output);
done:
    zsc_result_free(&r);
    return status;
}

static const cli_option options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(export_arguments, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "file to write; its extension gives the format: .csv, .npy, .h5ad"},
    {.name = "what",
     .kind = CLI_CHOICE,
     .offset = offsetof(export_arguments, what),
     .arg = "PART",
     .help = "part of the result to write",
     .choices = "clusters|reduced|linkage|layers"},
    CLI_FORCE_OPTION,
};

const cli_command cli_export_command = {
    .name = "export",
    .group = "Data",
    .summary = "write parts of a result for Python, R and spreadsheets",
    .operands = "RESULT.h5",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Parts of a result:\n\n"
        "clusters: the cluster of each row; in CSV also its id, its labels and, of HDBSCAN, the probability that it is "
        "in "
        "the cluster. A rank that is called id, cluster or probability is column label_id, label_cluster, "
        "label_probability.\n\n"
        "reduced: the reduced vectors, if the run kept them (--keep-reduced).\n\n"
        "linkage: the linkage matrix in SciPy's format.\n\n"
        "layers: the cluster of each row in each layer (--clusterer layers), from fine to coarse: columns layer_1, "
        "layer_2, ...; -1 is noise.\n\n"
        "An .h5ad file holds clusters, probabilities and labels in obs and the reduced vectors in obsm, as scanpy "
        "reads "
        "them. `zsc ward --newick` writes a dendrogram in Newick format.",
    .examples = "  $ zsc export results/KEY.h5 -o clusters.csv\n"
                "  $ zsc export results/KEY.h5 --what linkage -o z.npy\n"
                "  $ zsc export results/KEY.h5 -o run.h5ad",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(export_arguments),
    .run = run,
};
