/* zsc probe: how well a linear classifier of the keys' vectors tells the labels of queries. */
#include "base/log.h"
#include "cli/commands/query_options.h"
#include "experiment/pipeline/probe_queries.h"
#include "zsc/zsc.h"

typedef struct probe_arguments {
    cli_common common;
    cli_queries queries;
    const char *output;
    int format;
    zsc_linear_options linear;
    zsc_retrieve_result result;
} probe_arguments;

static zsc_status defaults(void *data)
{
    probe_arguments *a = data;
    a->linear = zsc_linear_defaults();
    return ZSC_OK;
}

static zsc_status resolve(const probe_arguments *a, zsc_retrieve_options *o)
{
    const zsc_probe_options probe = zsc_linear_probe_options(&a->linear);
    zsc_status status = cli_queries_resolve(&a->queries, o);
    if (status == ZSC_OK) status = zsc_probe_check(&probe);
    if (status == ZSC_OK) zsc_probe_queries_set(o, &a->linear);
    if (a->queries.known) o->known = ZSC_KNOWN_KEEP; /* of two choices */
    return status;
}

static void report(const probe_arguments *a)
{
    const zsc_retrieve_result *r = &a->result;
    size_t rows = 0;
    for (size_t c = 0; c < r->columns; c++) rows += r->column[c].rows;
    cli_queries_report(&a->queries, r);
    if (r->stored) return;
    zsc_note("fitted %zu ranks to %zu keys x %zu and classified %zu queries in %.2f s", r->ranks, r->keys, r->dim, rows,
             r->seconds);
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    probe_arguments *a = data;
    zsc_retrieve_options options;
    zsc_status status = resolve(a, &options);
    if (status == ZSC_OK)
        status = cli_queries_answer(&a->queries, &options, &a->common.exec, a->common.force, &a->result);
    if (status != ZSC_OK) return status;
    report(a);
    status = cli_queries_write_details(&a->queries, &a->result, &options);
    if (status == ZSC_OK) status = cli_queries_keep(&a->queries, &options, &a->result);
    return status == ZSC_OK ? cli_print_probe(&a->result, &options, (cli_format)a->format) : status;
}

static void clear(void *data)
{
    probe_arguments *a = data;
    zsc_retrieve_free(&a->result);
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
#define LINEAR_FIELD(field) linear.field
#include "experiment/settings/linear.def"
#undef LINEAR_FIELD
    CLI_QUERY_ROW_OPTIONS(FIELD(queries)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(queries.inputs.labels)),
    CLI_QUERY_DETAIL_OPTIONS(FIELD(queries)),
    CLI_QUERY_STORE_OPTION(FIELD(queries), ""),
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_QUERY_FORCE_OPTION(FIELD(common.force)),
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
