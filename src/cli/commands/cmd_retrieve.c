/* zsc retrieve: how well the nearest keys of queries tell their labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/query_options.h"
#include "zsc/zsc.h"

typedef struct retrieve_arguments {
    cli_common common;
    cli_queries queries;
    zsc_list k;
    const char *output, *examples_file;
    int metric, format;
    bool weighted;
    size_t examples, seed;
    size_t *ks; /* `k` in numbers */
    zsc_retrieve_result result;
} retrieve_arguments;

static zsc_status defaults(void *data)
{
    retrieve_arguments *a = data;
    a->metric = ZSC_COSINE;
    return ZSC_OK;
}

/* --- Options */
static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* --k in order, each once. */
static zsc_status read_k(retrieve_arguments *a, size_t *count)
{
    static const size_t any[] = {1, 3, 5}, voted[] = {1, 10, 20, 100, 200};
    const zsc_value_owner owner = {"option --", "k", ZSC_EUSAGE};
    zsc_status status = ZSC_OK;
    size_t given = a->k.count, kept = 0;
    const size_t *usual = a->weighted ? voted : any;
    if (given == 0) given = a->weighted ? sizeof voted / sizeof *voted : sizeof any / sizeof *any;
    ZSC_NEW(a->ks, given);
    for (size_t i = 0; i < given; i++) {
        a->ks[i] = usual[a->k.count ? 0 : i];
        if (a->k.count) ZSC_TRY(zsc_value_count(&owner, a->k.item[i], 1, 1e9, &a->ks[i]));
    }
    qsort(a->ks, given, sizeof *a->ks, ascending);
    for (size_t i = 0; i < given; i++)
        if (i == 0 || a->ks[i] != a->ks[kept - 1]) a->ks[kept++] = a->ks[i];
    *count = kept;
done:
    return status;
}

static zsc_status check(const retrieve_arguments *a)
{
    if (a->weighted && a->metric != ZSC_COSINE)
        return cli_usage("--weighted votes are functions of the cosine; expected --metric cosine");
    if (a->examples && !a->examples_file && a->format != CLI_TABLE)
        return cli_usage("--examples are printed below the table; with --format csv or json, name a file for them "
                         "(--examples-file)");
    return ZSC_OK;
}

static zsc_status resolve(retrieve_arguments *a, zsc_retrieve_options *o)
{
    zsc_status status = cli_queries_resolve(&a->queries, o);
    if (status == ZSC_OK) status = check(a);
    if (status != ZSC_OK) return status;
    o->metric = (zsc_metric)a->metric;
    o->weighted = a->weighted;
    o->examples = a->examples;
    o->seed = a->seed;
    status = read_k(a, &o->ks);
    o->k = a->ks;
    return status;
}

/* --- The whole */
static void report(const retrieve_arguments *a)
{
    const zsc_retrieve_result *r = &a->result;
    size_t rows = 0;
    for (size_t c = 0; c < r->columns; c++) rows += r->column[c].rows;
    cli_queries_report(&a->queries, r);
    if (r->stored) return;
    zsc_note("searched %zu queries in %zu keys (%zu distinct) x %zu in %.2f s", rows, r->keys, r->distinct_keys, r->dim,
             r->seconds);
    zsc_detail("measured %llu pairs, %.3f %% of all", (unsigned long long)r->measured,
               100 * (double)r->measured / ((double)rows * (double)r->keys));
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    retrieve_arguments *a = data;
    zsc_retrieve_options options;
    zsc_status status = resolve(a, &options);
    if (status == ZSC_OK)
        status = cli_queries_answer(&a->queries, &options, &a->common.exec, a->common.force, &a->result);
    if (status != ZSC_OK) return status;
    report(a);
    status = cli_queries_write_details(&a->queries, &a->result, &options);
    if (status == ZSC_OK) status = cli_queries_keep(&a->queries, &options, &a->result);
    if (status == ZSC_OK && a->examples && a->examples_file)
        status = cli_write_retrieval_examples(&a->result, &options, a->examples_file);
    if (status == ZSC_OK) status = cli_print_retrieval(&a->result, &options, (cli_format)a->format);
    if (status == ZSC_OK && a->examples && !a->examples_file)
        status = cli_write_retrieval_examples(&a->result, &options, NULL);
    return status;
}

static void clear(void *data)
{
    retrieve_arguments *a = data;
    free(a->ks);
    zsc_retrieve_free(&a->result);
}

#define FIELD(name) offsetof(retrieve_arguments, name)
#define LAYOUT_FIELD(field) queries.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_QUERY_SPLIT_OPTIONS(FIELD(queries)),
    {'k', "k", CLI_NAMES, FIELD(k), "K,...", .help = "how many of the nearest keys count",
     .shown_default = "1,3,5; with --weighted 1,10,20,100,200"},
    {.name = "metric",
     .kind = CLI_CHOICE,
     .offset = FIELD(metric),
     .arg = "METRIC",
     .help = "distance of queries and keys; inner-product: the largest products are nearest",
     .choices = ZSC_QUERY_METRIC_CHOICES},
    {.name = "weighted",
     .kind = CLI_FLAG,
     .offset = FIELD(weighted),
     .help =
         "each of the k nearest keys votes for its label with exp(cosine / 0.07); the label with most votes counts"},
    CLI_QUERY_RANK_OPTIONS(FIELD(queries)),
    {.name = "known-queries",
     .kind = CLI_CHOICE,
     .offset = FIELD(queries.known),
     .arg = "HOW",
     .help = "queries whose ids are among the keys': left out; searched among the other keys; searched as they are",
     .choices = ZSC_KNOWN_QUERIES},
    CLI_QUERY_ROW_OPTIONS(FIELD(queries)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(queries.inputs.labels)),
    CLI_QUERY_DETAIL_OPTIONS(FIELD(queries)),
    {.name = "examples",
     .kind = CLI_COUNT,
     .offset = FIELD(examples),
     .arg = "N",
     .help = "print N drawn queries too, with their five nearest keys, the deepest rank that they share with each, and "
             "image files where the metadata has them (column image_file)",
     .maximum = 1e6,
     .shown_default = "0"},
    {.name = "examples-file",
     .kind = CLI_TEXT,
     .offset = FIELD(examples_file),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the examples to this file, CSV or JSON by the ending",
     .shown_default = "printed below the table"},
    {.name = "seed",
     .kind = CLI_COUNT,
     .offset = FIELD(seed),
     .arg = "N",
     .help = "seed of the choice of examples",
     .maximum = 9e15},
    CLI_QUERY_STORE_OPTION(FIELD(queries), ", unless there are examples"),
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_QUERY_FORCE_OPTION(FIELD(common.force)),
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_retrieve_command = {
    .name = "retrieve",
    .group = "Experiments",
    .summary = "score the labels of the nearest keys of queries",
    .operands = "",
    .description =
        "Finds the nearest keys of each query, exactly, and scores their labels at each rank. A query is right if its "
        "label is among those of its k nearest keys. Micro accuracy is the fraction of queries that are right. Macro "
        "accuracy is the mean over the labels of the queries of the fraction within each label. With two or more "
        "columns of queries, such as seen and unseen species, their harmonic mean is given too, 0 if one of them is "
        "0. The table has percentages, and the harmonic mean of the percentages shown; CSV and JSON have fractions.\n\n"
        "Keys and queries may be different encoders of one space, such as images and DNA that were aligned in "
        "training.\n\n"
        "Queries without a label at a rank are left out there. A query is reachable if a key has its label; others "
        "count as wrong. Queries whose ids are among those of the keys are left out, and reported. doc/retrieval.md "
        "has the definitions.",
    .examples =
        "  $ zsc retrieve -e aligned.h5:dna --queries aligned.h5:image -m metadata.csv \\\n"
        "      --key-split train+key_unseen --query-split test,test_unseen\n"
        "  $ zsc retrieve -e dna.h5:barcodebert -m metadata.csv --key-split train --query-split test_unseen \\\n"
        "      --one-per-barcode --k 1 --ranks genus -o probe.json",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(retrieve_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
