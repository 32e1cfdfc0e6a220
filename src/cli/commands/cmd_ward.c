/* zsc ward: the dendrogram of a matrix, its cuts, and the tree in Newick's notation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/ward_parts.h"
#include "experiment/pipeline/cut.h"
#include "experiment/settings/run_options.h"
#include "zsc/zsc.h"

static zsc_status defaults(void *data)
{
    cli_ward *a = data;
    a->cut_height = a->cut_standardised = ZSC_NO_CUT_HEIGHT;
    return ZSC_OK;
}

#define FIELD(name) offsetof(cli_ward, name)
#define LAYOUT_FIELD(field) matrix.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(
        FIELD(matrix.embeddings), " to cluster",
        ". FILE.npy, or FILE.h5:/PATH for any matrix in an HDF5 file, is used unchanged and in its own precision"),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write linkage matrix and clusters: HDF5; or .npy, .csv or .tsv, with clusters in FILE-K.npy "
             "and so on"},
    {.name = "newick",
     .kind = CLI_TEXT,
     .offset = FIELD(newick),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the dendrogram in Newick format"},
    {.letter = 'k',
     .name = "clusters",
     .kind = CLI_NAMES,
     .offset = FIELD(clusters),
     .arg = "K,...",
     .help = "cut into K clusters: numbers, ranks (as many clusters as the rank has classes), or each-rank"},
    {.name = "cut-height",
     .kind = CLI_REAL,
     .offset = FIELD(cut_height),
     .arg = "H",
     .help = "also cut at this height",
     .minimum = 0,
     .maximum = INFINITY,
     .shown_default = "off"},
    {.name = "cut-standardised",
     .kind = CLI_REAL,
     .offset = FIELD(cut_standardised),
     .arg = "T",
     .help = "also " ZSC_CUT_STANDARDISED_HELP,
     .minimum = 0,
     .maximum = INFINITY,
     .shown_default = "off"},
    {.name = "cut",
     .kind = CLI_CHOICE,
     .offset = FIELD(cut),
     .arg = "RULE",
     .help = "also cut where a rule says: the largest relative gap of heights, their elbow, or the best silhouette; "
             "clusters: only where other options say",
     .choices = ZSC_CUT_CHOICES},
    {.name = "linkage",
     .kind = CLI_CHOICE,
     .offset = FIELD(linkage),
     .arg = "METHOD",
     .help = "linkage method of agglomerative clustering",
     .choices = ZSC_LINKAGE_CHOICES},
    {.name = "linkage-metric",
     .kind = CLI_CHOICE,
     .offset = FIELD(linkage_metric),
     .arg = "METRIC",
     .help = ZSC_LINKAGE_METRIC_HELP,
     .choices = ZSC_METRIC_CHOICES},
    CLI_MATRIX_METADATA_OPTION(FIELD(matrix.metadata)),
    CLI_SPLIT_OPTION(FIELD(matrix.split)),
    CLI_WHERE_OPTION(FIELD(matrix.where)),
    CLI_IDS_OPTIONS(FIELD(matrix.inputs)) CLI_SCALE_OPTION(FIELD(matrix.scale), ZSC_SCALE_HELP),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(matrix.inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(matrix.inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(matrix.inputs.missing_values)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

/* --- Cuts */
static void cuts_free(cli_ward_cuts *c)
{
    for (size_t i = 0; i < c->count; i++) free(c->item[i].label);
    free(c->item);
}

static zsc_status add_cut(cli_ward_cuts *c, size_t k, const char *rank, size_t n)
{
    if (k < 1 || k > n)
        return cli_usage("cannot cut %zu rows into %zu clusters%s%s", n, k, rank ? ", the classes of rank " : "",
                         rank ? rank : "");
    for (size_t i = 0; i < c->count; i++)
        if (c->item[i].k == k) return ZSC_OK;
    cli_ward_cut *grown = realloc(c->item, (c->count + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(c->count + 1, sizeof *grown, "cuts");
    c->item = grown;
    c->item[c->count++] = (cli_ward_cut){k, rank, NULL};
    return ZSC_OK;
}

static zsc_status add_word(cli_ward_cuts *c, const char *word, const cli_ward_matrix *x)
{
    uint64_t k = 0;
    if (zsc_value_digits(word, &k) && k <= SIZE_MAX) return add_cut(c, (size_t)k, NULL, x->n);
    bool each = strcmp(word, "each-rank") == 0, found = false;
    for (size_t r = 0; r < x->data.ranks; r++) {
        const zsc_column *rank = &x->data.rank[r];
        if (!each && strcmp(word, rank->name) != 0) continue;
        found = true;
        if (each && rank->levels == 0) continue; /* every label is missing */
        zsc_status status = add_cut(c, rank->levels, rank->name, x->n);
        if (status != ZSC_OK) return status;
    }
    return found ? ZSC_OK
                 : cli_usage("option --clusters expects numbers%s, not '%s'",
                             x->data.ranks ? ", ranks or each-rank" : " (these embeddings have no ranks)", word);
}

static zsc_status cut_at(double height, const double *z, size_t n, const char *which, cli_ward_cuts *c)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL;
    size_t k;
    ZSC_NEW_RAW(label, n);
    ZSC_TRY(zsc_cut_height(z, n, height, label, &k));
    ZSC_TRY(add_cut(c, k, NULL, n));
    zsc_note("%zu clusters at %sheight %g", k, which, height);
done:
    free(label);
    return status;
}

static zsc_status cut_by_rule(const cli_ward *a, const zsc_cut_rows *rows, const double *z, cli_ward_cuts *c)
{
    zsc_cut_curve curve;
    char rule[16];
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, rows->n * (rows->d + 4) * sizeof(double));
    zsc_status status = zsc_cut_find((zsc_cut_rule)a->cut, rows, z, &exec, &curve);
    if (status != ZSC_OK) return status;
    zsc_note("%zu clusters by %s", curve.clusters, zsc_value_choice_text(ZSC_CUT_CHOICES, a->cut, rule, sizeof rule));
    status = add_cut(c, curve.clusters, NULL, rows->n);
    zsc_cut_curve_free(&curve);
    return status;
}

static zsc_status cut_all(const cli_ward *a, const cli_ward_matrix *x, const double *z, cli_ward_cuts *c)
{
    zsc_status status = ZSC_OK;
    const zsc_cut_rows rows = {x->f32, x->f64, x->n, x->d};
    double height;
    if (a->cut_height >= 0 && x->n > 0) ZSC_TRY(cut_at(a->cut_height, z, x->n, "", c));
    if (a->cut_standardised >= 0 && x->n > 0) {
        ZSC_TRY(zsc_cut_height_of(a->cut_standardised, &rows, &height));
        ZSC_TRY(cut_at(height, z, x->n, "the standardised ", c));
    }
    if (a->cut != ZSC_CUT_CLUSTERS && x->n > 0) ZSC_TRY(cut_by_rule(a, &rows, z, c));
    for (size_t i = 0; i < c->count; i++) {
        ZSC_NEW_RAW(c->item[i].label, x->n);
        ZSC_TRY(zsc_cut_clusters(z, x->n, c->item[i].k, c->item[i].label));
    }
done:
    return status;
}

static zsc_status check_cuts(const cli_ward *a)
{
    if (!a->output && (a->clusters.count || a->cut_height >= 0 || a->cut_standardised >= 0 || a->cut))
        return cli_usage("clusters are written to --output, which is not given");
    zsc_run_options o = zsc_run_defaults();
    o.linkage = (zsc_linkage_method)a->linkage;
    o.linkage_metric = (zsc_metric)a->linkage_metric;
    zsc_status status = zsc_run_check(&o);
    o.cut_standardised = a->cut_standardised;
    if (status == ZSC_OK) status = zsc_run_check(&o);
    o.cut_standardised = ZSC_NO_CUT_HEIGHT;
    o.cut = (zsc_cut_rule)a->cut;
    return status == ZSC_OK ? zsc_run_check(&o) : status;
}

/* --- The command */
static zsc_status cluster(const cli_ward *a, const cli_ward_matrix *x, double *z, const char **how)
{
    zsc_linkage_method method = (zsc_linkage_method)a->linkage;
    zsc_metric metric = (zsc_metric)a->linkage_metric;
    size_t element = x->f64 ? sizeof *x->f64 : sizeof *x->f32;
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, x->n * (x->d * element + 4 * sizeof *z));
    char most[ZSC_BYTES_TEXT], name[16];
    double bytes = (double)zsc_linkage_metric_memory(x->n, x->d, method, metric, &exec) + (double)exec.memory_held;
    zsc_note("%zu rows, %zu columns; %s linkage needs at most %s", x->n, x->d,
             zsc_value_choice_text(ZSC_LINKAGE_CHOICES, a->linkage, name, sizeof name), zsc_bytes_text(bytes, most));
    zsc_status status = x->f64 ? zsc_linkage_metric_f64(x->f64, x->n, x->d, method, metric, &exec, z, how)
                               : zsc_linkage_metric(x->f32, x->n, x->d, method, metric, &exec, z, how);
    if (status == ZSC_OK) zsc_note("%s", *how);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    cli_ward *a = data;
    zsc_status status = ZSC_OK;
    cli_ward_matrix x = {0};
    cli_ward_cuts c = {0};
    double *z = NULL;
    const char *how = "";
    if (!a->output && !a->newick) return cli_usage("nothing to write: give --output or --newick");
    ZSC_TRY(check_cuts(a));
    ZSC_TRY(cli_ward_load(&a->matrix, &a->common.exec, &x));
    ZSC_TRY(cli_ward_check_texts(a->output, &x));
    for (size_t i = 0; i < a->clusters.count; i++) ZSC_TRY(add_word(&c, a->clusters.item[i], &x));
    ZSC_NEW_RAW(z, 4 * x.n);
    ZSC_TRY(cluster(a, &x, z, &how));
    ZSC_TRY(cut_all(a, &x, z, &c));
    if (a->newick) ZSC_TRY(cli_ward_write_newick(a->newick, &x, z));
    if (a->output) ZSC_TRY(cli_ward_write(a, &x, z, &c, how));
done:
    cli_ward_matrix_free(&x);
    cuts_free(&c);
    free(z);
    return status;
}

const cli_command cli_ward_command = {
    .name = "ward",
    .group = "Single steps",
    .summary = "cluster the rows of a matrix: dendrogram and cuts",
    .operands = "",
    .description =
        "Agglomerative clustering, Ward's by default, exact and without a distance matrix. The output is "
        "an HDF5 file with /linkage, SciPy's linkage matrix (float64, one row per merge: two clusters, "
        "height, size); /clusters/K for each cut (int32 labels 0 to K-1, numbered in the order of their "
        "first rows); and the ids and labels of the rows. `zsc curve` scores it.\n\n"
        "All need memory in proportion to the matrix; average and complete linkage also keep up to 256 MB of "
        "distances. If there is not enough memory, the command fails before it starts.\n\n"
        "Equal rows merge first, at height 0. Of clusters at equal distance, the one whose first row "
        "comes first merges first.",
    .examples = "  $ zsc ward -e embeddings.h5:dna -o dendrogram.h5 --clusters species\n"
                "  $ zsc ward -e vectors.npy -o linkage.npy --clusters 10,100 --newick tree.nwk",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(cli_ward),
    .defaults = defaults,
    .run = run,
    .also_writes = cli_ward_also_writes,
    .closing_line = true,
};
