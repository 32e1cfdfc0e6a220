/* zsc probe: how well a linear classifier of the keys' vectors tells the labels of queries. */
#include <string.h>

#include "base/log.h"
#include "cli/commands/query_options.h"
#include "experiment/store/probe_record.h"
#include "zsc/zsc.h"

enum { EPOCHS_BY_SOLVER = 0 };

typedef struct probe_arguments {
    cli_common common;
    cli_queries queries;
    const char *output, *stopping_split;
    int solver, format;
    size_t epochs, batch_size, patience, seed;
    double learning_rate, momentum, weight_decay, tolerance;
    zsc_linear_result result;
} probe_arguments;

static zsc_status defaults(void *data)
{
    probe_arguments *a = data;
    const zsc_probe_options o = zsc_probe_defaults(ZSC_PROBE_SGD);
    a->epochs = EPOCHS_BY_SOLVER;
    a->batch_size = o.batch_size;
    a->patience = o.patience;
    a->learning_rate = o.learning_rate;
    a->momentum = o.momentum;
    a->weight_decay = o.weight_decay;
    a->tolerance = zsc_probe_defaults(ZSC_PROBE_LBFGS).tolerance;
    return ZSC_OK;
}

static zsc_status resolve(const probe_arguments *a, zsc_linear_options *o)
{
    *o = (zsc_linear_options){.probe = zsc_probe_defaults((zsc_probe_solver)a->solver),
                              .stopping_split = a->stopping_split};
    if (a->epochs != EPOCHS_BY_SOLVER) o->probe.epochs = a->epochs;
    o->probe.batch_size = a->batch_size;
    o->probe.patience = a->patience;
    o->probe.seed = a->seed;
    o->probe.learning_rate = a->learning_rate;
    o->probe.momentum = a->momentum;
    o->probe.weight_decay = a->weight_decay;
    o->probe.tolerance = a->tolerance;
    zsc_status status = cli_queries_resolve(&a->queries, &o->rows);
    if (status == ZSC_OK) status = zsc_probe_check(&o->probe);
    if (a->queries.known) o->rows.known = ZSC_KNOWN_KEEP; /* of two choices */
    return status;
}

static void report(const probe_arguments *a)
{
    const zsc_retrieve_result *r = &a->result.found;
    size_t rows = 0;
    for (size_t c = 0; c < r->columns; c++) rows += r->column[c].rows;
    cli_queries_report(&a->queries, r);
    zsc_note("fitted %zu ranks to %zu keys x %zu and classified %zu queries in %.2f s", r->ranks, r->keys, r->dim, rows,
             r->seconds);
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    static const size_t one = 1;
    probe_arguments *a = data;
    zsc_linear_options options;
    zsc_status status = resolve(a, &options);
    if (status == ZSC_OK) status = zsc_probe_queries(&options, &a->common.exec, &a->result);
    if (status != ZSC_OK) return status;
    report(a);
    options.rows.k = &one; /* as of a retrieval of one key */
    options.rows.ks = 1;
    status = cli_queries_write_details(&a->queries, &a->result.found, &options.rows);
    return status == ZSC_OK ? cli_print_probe(&a->result, &options, (cli_format)a->format) : status;
}

static void clear(void *data)
{
    probe_arguments *a = data;
    zsc_linear_free(&a->result);
}

#define FIELD(name) offsetof(probe_arguments, name)
#define LAYOUT_FIELD(field) queries.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_QUERY_SPLIT_OPTIONS(FIELD(queries)),
    CLI_QUERY_RANK_OPTIONS(FIELD(queries)),
    {.name = "known-queries",
     .kind = CLI_CHOICE,
     .offset = FIELD(queries.known),
     .arg = "HOW",
     .help = "queries whose ids are among the keys': left out; or classified, too",
     .choices = "drop|keep"},
    {.name = "solver",
     .kind = CLI_CHOICE,
     .offset = FIELD(solver),
     .arg = "SOLVER",
     .help = "stochastic gradient descent with momentum, or L-BFGS until it has converged",
     .choices = ZSC_PROBE_SOLVERS},
    {.name = "epochs",
     .kind = CLI_COUNT,
     .offset = FIELD(epochs),
     .arg = "N",
     .help = "passes over the keys, at most",
     .minimum = 1,
     .maximum = 1e6,
     .shown_default = "sgd 200, lbfgs 1000"},
    {.name = "learning-rate",
     .kind = CLI_REAL,
     .offset = FIELD(learning_rate),
     .arg = "RATE",
     .help = "step of gradient descent (sgd)",
     .minimum = 1e-12,
     .maximum = 1e12},
    {.name = "momentum",
     .kind = CLI_REAL,
     .offset = FIELD(momentum),
     .arg = "M",
     .help = "share of the last step that is kept, below 1 (sgd)",
     .maximum = 1},
    {.name = "weight-decay",
     .kind = CLI_REAL,
     .offset = FIELD(weight_decay),
     .arg = "L",
     .help = "L2 penalty: the loss has L/2 times the sum of the squares of weights and biases",
     .maximum = 1e12},
    {.name = "batch-size",
     .kind = CLI_COUNT,
     .offset = FIELD(batch_size),
     .arg = "N",
     .help = "keys in a batch (sgd)",
     .minimum = 1,
     .maximum = 1e9},
    {.name = "stopping-split",
     .kind = CLI_TEXT,
     .offset = FIELD(stopping_split),
     .arg = "SPLITS",
     .help = "splits of the rows for early stopping, e.g. val: the weights of the epoch after which their mean loss is "
             "least are kept (sgd)",
     .shown_default = "none: the weights of the last epoch"},
    {.name = "patience",
     .kind = CLI_COUNT,
     .offset = FIELD(patience),
     .arg = "N",
     .help = "stop after so many epochs without a better one on --stopping-split",
     .minimum = 1,
     .maximum = 1e6},
    {.name = "tolerance",
     .kind = CLI_REAL,
     .offset = FIELD(tolerance),
     .arg = "TOL",
     .help = "converged where no partial derivative of the loss is larger (lbfgs)",
     .minimum = 1e-12,
     .maximum = 1},
    {.name = "seed",
     .kind = CLI_COUNT,
     .offset = FIELD(seed),
     .arg = "N",
     .help = "seed of the order of keys in each epoch (sgd)",
     .maximum = 9e15},
    CLI_QUERY_ROW_OPTIONS(FIELD(queries)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(queries.inputs.labels)),
    CLI_QUERY_DETAIL_OPTIONS(FIELD(queries)),
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_probe_command = {
    .name = "probe",
    .group = "Experiments",
    .summary = "score a linear classifier of embeddings on queries",
    .operands = "",
    .description =
        "Fits a linear probe, softmax regression of the labels on the vectors of the keys, at each rank, and scores "
        "the classes into which it puts the queries, as zsc retrieve scores the labels of nearest keys: micro accuracy "
        "is the fraction of queries that are right, macro accuracy its mean over the labels of the queries.\n\n"
        "Vectors are standardised by one mean and one standard deviation, those of all numbers of the keys with a "
        "label. The default is the probe of BIOSCAN-5M: stochastic gradient descent with momentum 0.9, learning rate "
        "0.01, weight decay 1e-5, batches of 1,024 keys, 200 epochs. With --stopping-split, descent stops early. "
        "--solver lbfgs minimises the same loss until it has converged.\n\n"
        "Queries without a label at a rank are left out there. A query is reachable if a key has its label; others "
        "count as wrong. Queries whose ids are among those of the keys are left out, and reported. doc/retrieval.md "
        "has the definitions.",
    .examples = "  $ zsc probe -e dna.h5:barcodebert -m metadata.csv --key-split train --query-split test \\\n"
                "      --ranks species --stopping-split val -o probe.json\n"
                "  $ zsc probe -e dna.h5:barcodebert -m metadata.csv --key-split train --query-split test \\\n"
                "      --ranks genus --solver lbfgs --weight-decay 1e-4",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(probe_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
