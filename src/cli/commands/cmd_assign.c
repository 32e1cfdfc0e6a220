/* zsc assign: new rows into an existing clustering. */
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/assign_parts.h"
#include "zsc/zsc.h"

static zsc_status defaults(void *data)
{
    cli_assign *a = data;
    a->by = (int)zsc_assign_defaults().by;
    a->quantile = zsc_assign_defaults().quantile;
    return ZSC_OK;
}

#define FIELD(name) offsetof(cli_assign, name)
#define LAYOUT_FIELD(field) matrix.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(FIELD(matrix.embeddings), " of the new rows", ""),
    {.name = "model",
     .kind = CLI_TEXT,
     .offset = FIELD(model),
     .arg = "FILE",
     .file = CLI_READS,
     .help = "what zsc cluster or zsc umap wrote with --keep-model: the rows that were clustered"},
    {.name = "clusters",
     .kind = CLI_TEXT,
     .offset = FIELD(clusters),
     .arg = "FILE[:COLUMN]",
     .file = CLI_READS,
     .help = "clusters of these rows, as zsc score takes them, matched by id; below 0: in none",
     .shown_default = "those in the file of --model"},
    {.name = "by",
     .kind = CLI_CHOICE,
     .offset = FIELD(by),
     .arg = "HOW",
     .help =
         "the nearest mean of a cluster, in the layout where there is one, or the nearest row, by the metric of the "
         "model",
     .choices = CLI_ASSIGN_BY_CHOICES},
    {.name = "novel-quantile",
     .kind = CLI_REAL,
     .offset = FIELD(quantile),
     .arg = "Q",
     .help = "a row is novel where its distance is above this quantile of those of the clustered rows",
     .maximum = 1},
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the cluster of each row; the ending gives the format: .csv, .tsv, .npy, .h5, or none for HDF5",
     .shown_default = "none: print how many there are"},
    CLI_MATRIX_METADATA_OPTION(FIELD(matrix.metadata)),
    CLI_SPLIT_OPTION(FIELD(matrix.split)),
    CLI_WHERE_OPTION(FIELD(matrix.where)),
    CLI_IDS_OPTIONS(FIELD(matrix.inputs))
#include "experiment/settings/file_layout.def"
        CLI_LABELS_OPTION(FIELD(matrix.inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(matrix.inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(matrix.inputs.missing_values)),
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

/* Centroids of a layout are compared in it: the new rows are put there first. */
static zsc_status assign(const cli_assign *a, const cli_clustering *c, const cli_ward_matrix *x, zsc_assigned *found)
{
    zsc_status status = ZSC_OK;
    const cli_model *rows = &c->layout.rows;
    const bool placed = c->layout.y && a->by == ZSC_ASSIGN_CENTROID;
    zsc_assign_options o = zsc_assign_defaults();
    zsc_assign_model model = {.x = rows->x, .n = rows->n, .d = rows->d, .label = c->label};
    float *y = NULL;
    o.by = (zsc_assign_by)a->by;
    o.metric = placed ? ZSC_EUCLIDEAN : (zsc_metric)rows->metric;
    o.quantile = a->quantile;
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, (rows->n + x->n) * rows->d * sizeof *y + rows->n * 4);
    if (!placed && a->by == ZSC_ASSIGN_CENTROID && o.metric != ZSC_EUCLIDEAN)
        return cli_usage("option --by centroid needs rows that were clustered by the Euclidean metric, and '%s' says "
                         "another; give --by neighbor",
                         a->model);
    if (placed) {
        model.x = c->layout.y;
        model.d = c->layout.options.n_components;
        ZSC_NEW_RAW(y, x->n * model.d);
        ZSC_TRY(cli_umap_place(&c->layout, &x->data, &a->common.exec, y));
    }
    status = zsc_assign(&model, placed ? y : x->f32, x->n, &o, &exec, found);
done:
    free(y);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    cli_assign *a = data;
    zsc_status status = ZSC_OK;
    cli_clustering c = {0};
    cli_ward_matrix x = {0};
    zsc_assigned found = {0};
    if (!a->model) return cli_usage("option --model is needed: a file written with --keep-model");
    ZSC_TRY(cli_clustering_read(a, &c));
    ZSC_TRY(cli_clustering_load_rows(a, &c, &x));
    if (x.n == 0) zsc_warn("'%s' holds no rows: none is assigned", a->matrix.embeddings.item[0]);
    ZSC_TRY(cli_ward_check_texts(a->output, &x));
    ZSC_TRY(assign(a, &c, &x, &found));
    zsc_note("%zu rows to %zu clusters of %zu rows of '%s'; %zu are novel, at a distance above %g", found.n,
             found.clusters, found.rows, a->model, found.novel_rows, found.limit);
    if (a->output) ZSC_TRY(cli_assign_write(a, &x, &c, &found));
    status = cli_assign_print(a, &found);
done:
    zsc_assigned_free(&found);
    cli_ward_matrix_free(&x);
    cli_clustering_free(&c);
    return status;
}

const cli_command cli_assign_command = {
    .name = "assign",
    .group = "Single steps",
    .summary = "assign new rows to the clusters of others",
    .operands = "",
    .description =
        "New rows get the cluster of the nearest centroid, or of the nearest row that is in one, and their distance to "
        "it. No row is clustered again. The rows that were clustered come from a file that keeps them: of `zsc cluster "
        "--keep-model`, which holds their clusters too, or of `zsc umap --keep-model`, whose clusters --clusters "
        "names. New rows are scaled by the means and deviations of those rows.\n\n"
        "By centroid, new rows are first put into the layout, if the file holds one (as `zsc umap --transform` does), "
        "and compared with the mean coordinates of each cluster. By neighbor, they are compared with the rows "
        "themselves, by the metric that these were laid out or clustered by.\n\n"
        "A row is novel where its distance is above the quantile --novel-quantile of the same distance of the "
        "clustered "
        "rows: to the nearest centroid, or to the nearest other row. A share of new rows well above 1 - Q says that "
        "they hold what the clustered rows do not. The cluster is given all the same.\n\n"
        "Printed are how many rows there are, how many were clustered, the limit, and how many new rows are novel. "
        "With --output the result of each row is written: a table of id (or row, from 0), cluster, distance, novel (1 "
        "or 0) and, by neighbor, the nearest row's id; the clusters as int32 numbers (.npy); or HDF5 with /clusters, "
        "/distance, /novel, /nearest (the nearest row's number, from 0), /id and /labels.",
    .examples = "  $ zsc umap -e train.h5:sim_dna -o layout.h5 --keep-model\n"
                "  $ zsc cluster -e layout.h5:umap -o clusters.csv\n"
                "  $ zsc assign -e new.h5:sim_dna --model layout.h5 --clusters clusters.csv -o new.csv\n"
                "  $ zsc cluster -e train.h5:sim_dna --scale zscore --keep-model -o clusters.h5\n"
                "  $ zsc assign -e new.h5:sim_dna --model clusters.h5 --by neighbor -o new.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(cli_assign),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
