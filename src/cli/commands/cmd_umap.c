/* zsc umap: UMAP as a tool of its own, under umap-learn's parameter names. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/umap_parts.h"
#include "zsc/zsc.h"

static zsc_status defaults(void *data)
{
    cli_umap *a = data;
    a->options = zsc_umap_defaults();
    a->metric = (int)a->options.metric;
    a->method = (int)a->options.knn;
    a->init = "spectral";
    return ZSC_OK;
}

static zsc_status set_options(cli_umap *a)
{
    static const char *const starts[] = {"spectral", "pca", "random"};
    if (!a->output) return cli_usage("option --output is needed: the file to write");
    if (cli_umap_form(a) != CLI_UMAP_H5 && a->stop)
        return cli_usage("option --stop-at-epoch needs an HDF5 file to write, which keeps the epoch");
    if (a->neighbours && a->options.unique) return cli_usage("option --knn-file cannot be used with --unique");
    a->options.metric = (zsc_metric)a->metric;
    a->options.knn = (zsc_knn_method)a->method;
    a->options.init = ZSC_INIT_GIVEN;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strcmp(a->init, starts[i]) == 0) a->options.init = (zsc_umap_init)i;
    zsc_status status = cli_umap_check_model(a);
    if (status == ZSC_OK) status = cli_one_seed(&a->seed, &a->options.seed);
    return status == ZSC_OK ? zsc_umap_check(&a->options) : status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    cli_umap *a = data;
    zsc_status status = ZSC_OK;
    zsc_umap_report report = {0};
    ZSC_TRY(set_options(a));
    if (a->transform) return cli_umap_run_transform(a);
    ZSC_TRY(cli_umap_read_rows(a, NULL));
    ZSC_TRY(cli_umap_check_texts(a));
    ZSC_NEW(a->y, a->data.n * a->options.n_components);
    if (a->neighbours) ZSC_TRY(cli_umap_read_neighbours(a));
    if (a->resume)
        ZSC_TRY(cli_umap_read_stopped(a));
    else if (a->options.init == ZSC_INIT_GIVEN)
        ZSC_TRY(zsc_context(cli_umap_read_given(a, a->init), "option --init (spectral, pca, random or a file)"));
    const int32_t *labels = NULL;
    if (a->target) ZSC_TRY(cli_umap_find_target(a, &labels));
    zsc_umap_part part = {.knn = a->neighbours ? &a->knn : NULL,
                          .labels = labels,
                          .first_epoch = a->first_epoch,
                          .last_epoch = a->stop,
                          .graph = a->resume ? a->graph : NULL};
    const zsc_exec exec = zsc_memory_hold(
        &a->common.exec,
        a->data.n * (a->data.d * sizeof *a->data.x + a->options.n_components * sizeof *a->y + a->knn.k * 8));
    size_t last = a->stop ? a->stop : zsc_umap_epochs(&a->options, a->data.n);
    ZSC_TRY(cli_umap_explain(
        a, &report, zsc_umap_fit_part(a->data.x, a->data.n, a->data.d, &a->options, &part, &exec, a->y, &report)));
    cli_umap_note(a, &report);
    ZSC_TRY(cli_umap_write_form(a, last, &report));
done:
    return status;
}

static void clear(void *data)
{
    cli_umap *a = data;
    zsc_dataset_free(&a->data);
    zsc_scaling_free(&a->scaling);
    zsc_knn_free(&a->knn);
    free(a->y);
    free(a->made_with);
}

#define FIELD(member) offsetof(cli_umap, options.member)
#define LAYOUT_FIELD(field) matrix.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...)                                                                 \
    CLI_SETTING(letter, name, kind, offsetof(cli_umap, field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(offsetof(cli_umap, matrix.embeddings), " to reduce: an embeddings file or a .npy", ""),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "file to write: HDF5 with /embeddings/umap, ids and labels; .csv or .tsv with the same columns; or .npy, "
             "coordinates only"},
    {.name = "n-neighbors",
     .kind = CLI_COUNT,
     .offset = FIELD(n_neighbors),
     .arg = "K",
     .help = "neighbours per row, including the row itself",
     .minimum = 2,
     .maximum = 1e9},
    {.name = "n-components",
     .kind = CLI_COUNT,
     .offset = FIELD(n_components),
     .arg = "DIM",
     .help = "dimensions of the layout",
     .minimum = 1,
     .maximum = 256},
    CLI_METRIC_OPTION(offsetof(cli_umap, metric), "distance between rows"),
    {.name = "min-dist",
     .kind = CLI_REAL,
     .offset = FIELD(min_dist),
     .arg = "X",
     .help = "minimum distance of neighbours in the layout; at most spread",
     .maximum = 1e6},
    {.name = "spread",
     .kind = CLI_REAL,
     .offset = FIELD(spread),
     .arg = "X",
     .help = "scale of the layout",
     .minimum = 1e-6,
     .maximum = 1e6},
    {.name = "a",
     .kind = CLI_REAL,
     .offset = FIELD(a),
     .arg = "A",
     .help = "a of the curve 1 / (1 + a d^(2b))",
     .minimum = 1e-9,
     .maximum = 1e9,
     .shown_default = "fitted to min-dist and spread"},
    {.name = "b",
     .kind = CLI_REAL,
     .offset = FIELD(b),
     .arg = "B",
     .help = "b of the same curve",
     .minimum = 1e-9,
     .maximum = 100,
     .shown_default = "fitted to min-dist and spread"},
    {.name = "n-epochs",
     .kind = CLI_COUNT,
     .offset = FIELD(n_epochs),
     .arg = "N",
     .help = "epochs of the layout; 0 writes the initialisation",
     .maximum = 1e9,
     .shown_default = "200 above 10,000 rows, 500 otherwise"},
    {.name = "learning-rate",
     .kind = CLI_REAL,
     .offset = FIELD(learning_rate),
     .arg = "X",
     .help = "step size of the first epoch",
     .maximum = 1e6},
    {.name = "init",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, init),
     .arg = "INIT",
     .file = CLI_READS,
     .help = "initialisation of the layout: spectral, pca, random, or a file (.npy, or FILE.h5:ENCODER)",
     .choices = CLI_UMAP_INIT_CHOICES},
    {.name = "set-op-mix-ratio",
     .kind = CLI_REAL,
     .offset = FIELD(set_op_mix_ratio),
     .arg = "X",
     .help = "1: union of the rows' neighbourhoods, 0: intersection",
     .maximum = 1},
    {.name = "local-connectivity",
     .kind = CLI_REAL,
     .offset = FIELD(local_connectivity),
     .arg = "X",
     .help = "number of neighbours assumed to be fully connected",
     .maximum = 1e6},
    {.name = "disconnection-distance",
     .kind = CLI_REAL,
     .offset = FIELD(disconnection_distance),
     .arg = "D",
     .help = "neighbours at this distance or farther are none; rows without any are counted",
     .minimum = 1e-30,
     .maximum = 1e30,
     .shown_default = "no limit"},
    {.name = "target",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, target),
     .arg = "RANK",
     .help = "supervise the layout by the labels of this rank; rows without one count as near to all"},
    {.name = "target-weight",
     .kind = CLI_REAL,
     .offset = FIELD(target_weight),
     .arg = "W",
     .help = "with --target, 0 to 1: how far labels count beside distances",
     .maximum = 1},
    {.name = "repulsion-strength",
     .kind = CLI_REAL,
     .offset = FIELD(repulsion_strength),
     .arg = "X",
     .help = "weight of negative samples",
     .maximum = 1e6},
    {.name = "negative-sample-rate",
     .kind = CLI_COUNT,
     .offset = FIELD(negative_sample_rate),
     .arg = "N",
     .help = "negative samples per edge update",
     .maximum = 1000},
    {.name = "unique",
     .kind = CLI_FLAG,
     .offset = FIELD(unique),
     .help = "lay out repeated rows once; they get the same coordinates"},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = offsetof(cli_umap, seed),
     .arg = "SEED",
     .help = "random_state of umap-learn; one seed gives the same bytes at any number of threads",
     .shown_default = "0"},
    CLI_KNN_OPTION(offsetof(cli_umap, method)),
    {.name = "knn-file",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, neighbours),
     .arg = "FILE",
     .help = "take the neighbours from this file of zsc knn instead of searching; they must be those of the same "
             "embeddings with the same --scale"},
    CLI_SPLIT_OPTION(offsetof(cli_umap, matrix.split)),
    CLI_WHERE_OPTION(offsetof(cli_umap, matrix.where)),
    CLI_IDS_OPTIONS(offsetof(cli_umap, matrix.inputs))
        CLI_SCALE_OPTION(offsetof(cli_umap, matrix.scale), ZSC_SCALE_HELP),
    {.name = "stop-at-epoch",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_umap, stop),
     .arg = "N",
     .help = "stop after N epochs and write a file for --resume",
     .minimum = 1,
     .maximum = 1e9,
     .shown_default = "all epochs"},
    {.name = "resume",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, resume),
     .arg = "FILE",
     .help = "resume from a file of --stop-at-epoch; the result equals that of an uninterrupted run"},
    {.name = "keep-model",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_umap, keep_model),
     .help = "also write the rows that were laid out, which --transform needs"},
    {.name = "transform",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_umap, transform),
     .arg = "FILE",
     .file = CLI_READS,
     .help = "put the rows into the layout of this file, written with --keep-model, and with its options"},
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(offsetof(cli_umap, matrix.inputs.labels)),
    CLI_MISSING_VALUES_OPTION(offsetof(cli_umap, matrix.inputs.missing_values)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_umap_command = {
    .name = "umap",
    .group = "Single steps",
    .summary = "reduce embeddings with UMAP",
    .operands = "",
    .description =
        "Lays the rows out in a few dimensions so that neighbours stay neighbours (McInnes, Healy and "
        "Melville, arXiv 1802.03426). Parameters have the names, defaults and meanings of "
        "umap-learn.\n\n"
        "The output is an embeddings file with the encoder umap, the ids and the labels. Every command "
        "that takes embeddings reads it.\n\n"
        "With --transform, new rows are put into a finished layout, which stays as it is: each at the mean "
        "of its neighbours in it, then moved by a third of the epochs at a quarter of the learning rate. "
        "Where a row is put does not depend on the others that come with it; a row of the layout gets its "
        "own coordinates.\n\n"
        "With --target, rows of one label are drawn together and others apart (supervised UMAP). Such a layout "
        "shows how far labels can be told apart; it must not be scored against them.\n\n"
        "The spectral initialisation has a bounded number of steps on every graph. If its eigenvectors "
        "have not converged by then, a line on stderr says so.",
    .examples = "  $ zsc umap -e example.h5:sim_dna -o reduced.h5 --n-neighbors 30 --min-dist 0 --n-components 50\n"
                "  $ zsc umap -e example.h5:sim_dna -o half.h5 --stop-at-epoch 100\n"
                "  $ zsc umap -e example.h5:sim_dna -o whole.h5 --resume half.h5\n"
                "  $ zsc umap -e train.h5:sim_dna -o layout.h5 --keep-model\n"
                "  $ zsc umap -e new.h5:sim_dna -o placed.h5 --transform layout.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(cli_umap),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
