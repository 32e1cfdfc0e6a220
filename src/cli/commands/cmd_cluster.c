/* zsc cluster: the clusters of a matrix, by any clusterer of a run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/cluster_parts.h"
#include "experiment/pipeline/cut.h"
#include "experiment/pipeline/tree.h"
#include "experiment/settings/run_options.h"
#include "linalg/distinct.h"
#include "zsc/zsc.h"

static zsc_status defaults(void *data)
{
    cli_cluster *a = data;
    a->o = zsc_run_defaults();
    a->o.reduce = ZSC_REDUCE_NONE;
    a->o.clusterer = ZSC_HDBSCAN; /* which needs nothing else to be said */
    return ZSC_OK;
}

#define FIELD(name) offsetof(cli_cluster, name)
#define LAYOUT_FIELD(field) matrix.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(FIELD(matrix.embeddings), " to cluster",
                          ". FILE.npy, or FILE.h5:/PATH for any matrix in an HDF5 file, is used unchanged"),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the cluster of each row; the ending gives the format: .csv, .tsv, .npy, .h5, or none for HDF5",
     .shown_default = "none: print how many there are"},
#define CLUSTERER_FIELD(field) o.field
#include "experiment/settings/clusterers.def"
#undef CLUSTERER_FIELD
    {.letter = 'k',
     .name = "clusters",
     .kind = CLI_TEXT,
     .offset = FIELD(clusters),
     .arg = "K",
     .help = "number of clusters, or a rank: as many as it has classes",
     .shown_default = "found by the clusterer"},
    {.name = "cut-height",
     .kind = CLI_REAL,
     .offset = FIELD(o.cut_height),
     .arg = "H",
     .help = "cut the dendrogram at this height instead",
     .minimum = 0,
     .maximum = INFINITY,
     .shown_default = "off"},
    {.name = "cut-standardised",
     .kind = CLI_REAL,
     .offset = FIELD(o.cut_standardised),
     .arg = "T",
     .help = ZSC_CUT_STANDARDISED_HELP " instead",
     .minimum = 0,
     .maximum = INFINITY,
     .shown_default = "off"},
    {.name = "cut",
     .kind = CLI_CHOICE,
     .offset = FIELD(o.cut),
     .arg = "RULE",
     .help = "cut where a rule says instead: the largest relative gap of heights, their elbow, or the best silhouette",
     .choices = ZSC_CUT_CHOICES},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = FIELD(seeds),
     .arg = "N",
     .help = "k-means, spectral clustering and Leiden: seed of the random numbers",
     .shown_default = "0"},
    CLI_METRIC_OPTION(FIELD(o.umap.metric), "HDBSCAN, layers, spectral clustering and Leiden: distance between rows"),
    CLI_MATRIX_METADATA_OPTION(FIELD(matrix.metadata)),
    CLI_SPLIT_OPTION(FIELD(matrix.split)),
    CLI_WHERE_OPTION(FIELD(matrix.where)),
    CLI_IDS_OPTIONS(FIELD(matrix.inputs)) CLI_SCALE_OPTION(FIELD(matrix.scale), ZSC_SCALE_HELP),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(matrix.inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(matrix.inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(matrix.inputs.missing_values)),
    {.name = "keep-model",
     .kind = CLI_FLAG,
     .offset = FIELD(keep_model),
     .help = "also write the rows that were clustered, which zsc assign needs"},
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

/* --- The number of clusters */
static zsc_status check(const cli_cluster *a)
{
    const zsc_clusterer_traits *clusterer = zsc_clusterer_traits_of(a->o.clusterer);
    const bool cut = clusterer->dendrogram && !zsc_run_wants_k(&a->o);
    if (clusterer->wants_k && !cut && !a->clusters)
        return cli_usage("%s needs the number of clusters: give --clusters%s, or --clusterer hdbscan, which finds it",
                         clusterer->title, clusterer->dendrogram ? ", --cut or --cut-height" : "");
    return zsc_run_check(&a->o);
}

/* K of --clusters: a number, or the classes of a rank. */
static zsc_status resolve_k(const cli_cluster *a, const cli_ward_matrix *x, size_t *k)
{
    uint64_t number = 0;
    const zsc_column *rank = zsc_dataset_rank(&x->data, a->clusters);
    if (zsc_value_digits(a->clusters, &number) && number <= SIZE_MAX)
        *k = (size_t)number;
    else if (rank)
        *k = rank->levels;
    else
        return cli_usage("option --clusters expects a number%s, not '%s'",
                         x->data.ranks ? " or a rank" : " (these embeddings have no ranks)", a->clusters);
    if (*k < 1 || *k > x->n)
        return cli_usage("cannot make %zu clusters of %zu rows%s%s", *k, x->n, rank ? ", the classes of rank " : "",
                         rank ? rank->name : "");
    return ZSC_OK;
}

/* --- Clusters */
/* What clusterers take: floats where they take nothing else. The matrix keeps what it owns. */
/* A warning where rows that differ are equal in single precision. */
static zsc_status compare_narrowed(const cli_cluster *a, const cli_ward_matrix *x)
{
    zsc_distinct wide = {0}, narrow = {0};
    zsc_status status = zsc_distinct_find_f64(x->f64, x->n, x->d, &a->common.exec, &wide);
    if (status == ZSC_OK) status = zsc_distinct_find(x->own_f32, x->n, x->d, &a->common.exec, &narrow);
    if (status == ZSC_OK && narrow.count < wide.count)
        zsc_warn("%zu different rows are %zu in single precision, in which they are clustered; subtract the mean of "
                 "each column and divide by a constant first",
                 wide.count, narrow.count);
    zsc_distinct_free(&wide);
    zsc_distinct_free(&narrow);
    return status;
}

static zsc_status as_dataset(const cli_cluster *a, cli_ward_matrix *x, zsc_dataset *out)
{
    zsc_status status = ZSC_OK;
    if (x->f64 && !zsc_run_wants_doubles(&a->o)) {
        ZSC_NEW_RAW(x->own_f32, x->n * x->d);
        for (size_t i = 0; i < x->n * x->d; i++) x->own_f32[i] = (float)x->f64[i];
        x->f32 = x->own_f32;
        ZSC_TRY(compare_narrowed(a, x));
        free(x->f64);
        x->f64 = NULL;
        zsc_note("clustered in single precision");
    }
    *out = (zsc_dataset){.n = x->n, .d = x->d, .x = (float *)(uintptr_t)x->f32, .x64 = x->f64};
done:
    return status;
}

static zsc_status take_labels(const cli_cluster *a, const zsc_exec *exec, const zsc_dataset *data, zsc_tree *tree,
                              size_t k, cli_clusters *found)
{
    zsc_status status = ZSC_OK;
    zsc_cut_curve curve = {0};
    const zsc_cut_rows rows = {data->x, data->x64, data->n, data->d};
    if (tree->label) {
        found->label = tree->label;
        tree->label = NULL;
        found->clusters = tree->clusters;
        found->probability = tree->probability;
    } else {
        ZSC_NEW_RAW(found->label, data->n);
        found->clusters = k;
        ZSC_TRY(a->clusters ? zsc_tree_cut(&a->o, exec, data, tree, &found->clusters, found->label)
                            : zsc_cut_run(&a->o, &rows, tree->linkage, exec, found->label, &found->clusters, &curve));
    }
    for (size_t i = 0; i < data->n; i++) found->clustered += found->label[i] >= 0;
done:
    zsc_cut_curve_free(&curve);
    return status;
}

/* With --keep-model columns are standardised here, where what they are standardised by is kept. */
static zsc_status load_rows(cli_cluster *a, cli_ward_matrix *x)
{
    zsc_status status = ZSC_OK;
    cli_matrix m = a->matrix;
    const bool keeps = a->keep_model && cli_scale_has_statistics(m.scale);
    if (keeps) m.scale = ZSC_SCALE_NONE;
    ZSC_TRY(cli_ward_load(&m, &a->common.exec, x));
    if (!keeps) return ZSC_OK;
    ZSC_TRY(cli_ward_measure(&a->matrix, &a->common.exec, x, &a->scaling));
    status = cli_ward_standardise(&a->scaling, &a->common.exec, x);
done:
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    cli_cluster *a = data;
    zsc_status status = ZSC_OK;
    cli_ward_matrix x = {0};
    zsc_dataset rows = {0}; /* owns nothing */
    zsc_tree tree = {0};
    cli_clusters found = {.layers = &tree.layers};
    size_t k = 0;
    ZSC_TRY(check(a));
    ZSC_TRY(cli_cluster_check_model(a));
    ZSC_TRY(cli_one_seed(&a->seeds, &a->o.seed));
    ZSC_TRY(load_rows(a, &x));
    ZSC_TRY(cli_ward_check_texts(a->output, &x));
    if (x.n < 2) {
        status = zsc_fail(ZSC_EINPUT, "%zu row%s: clustering needs at least 2", x.n, x.n == 1 ? "" : "s");
        goto done;
    }
    if (a->clusters) ZSC_TRY(resolve_k(a, &x, &k));
    ZSC_TRY(as_dataset(a, &x, &rows));
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, x.n * x.d * (x.f64 ? sizeof *x.f64 : sizeof *x.f32) +
                                                               5 * x.n * sizeof(int64_t));
    zsc_note("%zu rows, %zu columns", x.n, x.d);
    tree.dim = x.d;
    ZSC_TRY(zsc_run_check_rows(&a->o, x.n));
    ZSC_TRY(zsc_tree_cluster(&a->o, &exec, &rows, NULL, &tree));
    found.n = x.n;
    ZSC_TRY(take_labels(a, &exec, &rows, &tree, k, &found));
    if (a->output) ZSC_TRY(cli_cluster_write(a, &x, &found));
    status = cli_cluster_print(a, &found);
done:
    free(found.label);
    zsc_tree_free(&tree);
    cli_ward_matrix_free(&x);
    return status;
}

static void clear(void *data) { zsc_scaling_free(&((cli_cluster *)data)->scaling); }

const cli_command cli_cluster_command = {
    .name = "cluster",
    .group = "Single steps",
    .summary = "cluster the rows of a matrix, by HDBSCAN or another clusterer",
    .operands = "",
    .description =
        "Clusters by any of the clusterers of `zsc run`. HDBSCAN finds the number of clusters; rows that are in none "
        "are noise, and have cluster -1. doc/clusterers.md says what each clusterer assumes.\n\n"
        "--clusterer layers prints a line for each layer, from fine to coarse. The cluster of a row is that of the "
        "most persistent layer; tables have columns layer_1, layer_2, ... too, and HDF5 has /layers.\n\n"
        "How many clusters there are, how many rows are in one, and how many rows the smallest, the median and the "
        "largest have is printed. With --output the cluster of each row is written: a table of id (or row, from 0), "
        "cluster and, of HDBSCAN, probability; int32 numbers (.npy); or HDF5 with /clusters, /probability, /id and "
        "/labels. `zsc score` takes each of them. Clusters are numbered in the order of their first rows.",
    .examples = "  $ zsc cluster -e embeddings.h5:dna -o clusters.csv\n"
                "  $ zsc cluster -e vectors.npy --min-cluster-size 10 --format json\n"
                "  $ zsc cluster -e embeddings.h5:dna --clusterer agglomerative -k species -o clusters.npy\n"
                "  $ zsc cluster -e train.h5:sim_dna --keep-model -o clusters.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(cli_cluster),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
