/* zsc retrieve: how well the nearest keys of queries tell their labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/retrieve_output.h"
#include "cli/inputs.h"
#include "experiment/store/retrieval_record.h"
#include "experiment/store/retrieval_result.h"
#include "zsc/zsc.h"

typedef struct retrieve_arguments {
    cli_common common;
    zsc_list embeddings, queries, query_split, ranks, where, k;
    cli_inputs inputs;
    const char *metadata, *key_split, *output, *store, *examples_file, *detail[CLI_RETRIEVAL_DETAILS];
    int metric, barcodes, known, format;
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
    if (a->embeddings.count == 0) return cli_usage("no keys: option --embeddings is needed (-e FILE[:ENCODER])");
    if (a->weighted && a->metric != ZSC_COSINE)
        return cli_usage("--weighted votes are functions of the cosine; expected --metric cosine");
    if (a->examples && !a->examples_file && a->format != CLI_TABLE)
        return cli_usage("--examples are printed below the table; with --format csv or json, name a file for them "
                         "(--examples-file)");
    if (a->query_split.count > CLI_MOST_COLUMNS)
        return cli_usage("--query-split has %zu columns; expected %d at most, as a + joins splits",
                         a->query_split.count, (int)CLI_MOST_COLUMNS);
    for (size_t i = 0; i < a->query_split.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(a->query_split.item[i], a->query_split.item[j]) == 0)
                return cli_usage("--query-split has '%s' twice; a + joins splits, a comma separates columns",
                                 a->query_split.item[i]);
    return ZSC_OK;
}

static zsc_status resolve(retrieve_arguments *a, zsc_retrieve_options *o)
{
    zsc_status status = check(a);
    if (status != ZSC_OK) return status;
    zsc_dataset_options load = zsc_dataset_defaults();
    load.embeddings = (const char *const *)a->embeddings.item;
    load.embedding_count = a->embeddings.count;
    load.metadata = a->metadata;
    load.missing_values = a->inputs.missing_values;
    load.where = (const char *const *)a->where.item;
    load.where_count = a->where.count;
    load.ids = a->inputs.ids;
    load.ranks = a->ranks.count ? (const char *const *)a->ranks.item : NULL;
    load.rank_count = a->ranks.count;
    status = cli_inputs_resolve(&a->inputs, &load.file_layout, &load.columns);
    if (status != ZSC_OK) return status;
    *o = (zsc_retrieve_options){.keys = load,
                                .queries = load,
                                .split = a->query_split.count ? (const char *const *)a->query_split.item : NULL,
                                .splits = a->query_split.count,
                                .metric = (zsc_metric)a->metric,
                                .weighted = a->weighted,
                                .known = (zsc_known_queries)a->known,
                                .examples = a->examples,
                                .seed = a->seed};
    o->keys.split = a->key_split;
    if (a->queries.count) {
        o->queries.embeddings = (const char *const *)a->queries.item;
        o->queries.embedding_count = a->queries.count;
    }
    zsc_retrieval_set_barcodes(o, a->barcodes);
    status = read_k(a, &o->ks);
    o->k = a->ks;
    return status;
}

/* --- The whole */
typedef struct stored_result {
    const retrieve_arguments *a;
    const zsc_retrieve_options *options;
    char *path;
} stored_result;

static zsc_status find_stored(void *data, zsc_retrieve_result *loaded, bool *found)
{
    stored_result *s = data;
    return zsc_retrieval_find(s->a->store, s->options, loaded, &s->path, found);
}

static void report(const retrieve_arguments *a)
{
    const zsc_retrieve_result *r = &a->result;
    static const char *const what[] = {"are left out", "are searched among the other keys", "find their own key, too"};
    size_t rows = 0;
    for (size_t c = 0; c < r->columns; c++) {
        const zsc_retrieve_column *column = &r->column[c];
        rows += column->rows;
        if (column->known)
            zsc_note("%zu of %zu queries of split '%s' are among the keys, by id, and %s (--known-queries)",
                     column->known, r->query_data[c].n, column->split, what[a->known]);
    }
    if (r->stored) return;
    zsc_note("searched %zu queries in %zu keys (%zu distinct) x %zu in %.2f s", rows, r->keys, r->distinct_keys, r->dim,
             r->seconds);
    zsc_detail("measured %llu pairs, %.3f %% of all", (unsigned long long)r->measured,
               100 * (double)r->measured / ((double)rows * (double)r->keys));
}

/* In the folder of results, where a sweep finds it too. */
static zsc_status keep(const retrieve_arguments *a, const zsc_retrieve_options *o, const zsc_run_identity *identity)
{
    zsc_result result = {0};
    zsc_status status = zsc_retrieval_result_make(&a->result, o, &result);
    if (status == ZSC_OK && !a->result.stored) status = zsc_result_write(&result, a->store);
    if (status == ZSC_OK) status = zsc_run_index_add(a->store, identity, result.key);
    if (status == ZSC_OK && !a->result.stored) zsc_note("result: %s", result.path);
    zsc_result_free(&result);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    retrieve_arguments *a = data;
    zsc_retrieve_options options;
    zsc_run_identity identity;
    zsc_status status = resolve(a, &options);
    if (status == ZSC_OK && a->store) status = zsc_retrieval_identity(&options, &identity);
    stored_result stored = {.a = a, .options = &options};
    if (status == ZSC_OK)
        status = zsc_retrieve(&options, &a->common.exec, a->store && !a->common.force ? find_stored : NULL, &stored,
                              &a->result);
    if (status == ZSC_OK && a->result.stored) zsc_note("the result exists already: %s", stored.path);
    free(stored.path);
    if (status != ZSC_OK) return status;
    report(a);
    for (int i = 0; i < CLI_RETRIEVAL_DETAILS && status == ZSC_OK; i++)
        if (a->detail[i])
            status = cli_write_retrieval_details(&a->result, &options, (cli_retrieval_detail)i, a->detail[i]);
    if (status == ZSC_OK && a->store) status = keep(a, &options, &identity);
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
#define LAYOUT_FIELD(field) inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(FIELD(embeddings), " of the keys", ""),
    {.name = "queries",
     .kind = CLI_REPEAT,
     .offset = FIELD(queries),
     .arg = "FILE[:ENCODER]",
     .help = "embeddings of the queries, in the same space; concatenated as the keys are",
     .shown_default = "those of the keys"},
    {'m', "metadata", CLI_TEXT, FIELD(metadata), "FILE",
     .help = "CSV or TSV with ids, splits and taxonomy of keys and queries",
     .shown_default = "labels of the embeddings files"},
    {.name = "key-split",
     .kind = CLI_TEXT,
     .offset = FIELD(key_split),
     .arg = "SPLITS",
     .help = "splits of the keys, joined with +, e.g. train+key_unseen; seen, unseen and all are groups",
     .shown_default = "all"},
    {.name = "query-split",
     .kind = CLI_NAMES,
     .offset = FIELD(query_split),
     .arg = "SPLITS,...",
     .help = "splits of the queries, e.g. test,test_unseen; each is scored on its own, a + joins splits",
     .shown_default = "all, as one"},
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
    {.name = "ranks",
     .kind = CLI_NAMES,
     .offset = FIELD(ranks),
     .arg = "RANK,...",
     .help = "ranks to score",
     .shown_default = "all that keys and queries have"},
    {.name = "one-per-barcode",
     .kind = CLI_OPTIONAL_CHOICE,
     .offset = FIELD(barcodes),
     .arg = "SIDE",
     .help = "keep the first row of each DNA barcode: of keys and of queries, or of one of them",
     .choices = ZSC_BARCODE_SIDES},
    {.name = "known-queries",
     .kind = CLI_CHOICE,
     .offset = FIELD(known),
     .arg = "HOW",
     .help = "queries whose ids are among the keys': left out; searched among the other keys; searched as they are",
     .choices = ZSC_KNOWN_QUERIES},
    CLI_WHERE_OPTION(FIELD(where)),
    {.name = "ids",
     .kind = CLI_TEXT,
     .offset = FIELD(inputs.ids),
     .arg = "FILE",
     .help = ZSC_IDS_HELP,
     .shown_default = "all rows"},
    CLI_MISSING_VALUES_OPTION(FIELD(inputs.missing_values)),
    CLI_COLUMN_OPTION(FIELD(inputs.columns)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(inputs.labels)),
    {.name = "per-class",
     .kind = CLI_TEXT,
     .offset = FIELD(detail[CLI_RETRIEVAL_CLASSES]),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the recall of each class, with its numbers of keys and queries; CSV, or JSON by the ending",
     .shown_default = "none"},
    {.name = "confusions",
     .kind = CLI_TEXT,
     .offset = FIELD(detail[CLI_RETRIEVAL_CONFUSIONS]),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write what is taken for what, and how often; likewise",
     .shown_default = "none"},
    {.name = "by-keys",
     .kind = CLI_TEXT,
     .offset = FIELD(detail[CLI_RETRIEVAL_BY_KEYS]),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write accuracy by the number of keys of a class: none, 1, 2 to 3, 4 to 7, ...; likewise",
     .shown_default = "none"},
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
    {.name = "store",
     .kind = CLI_TEXT,
     .offset = FIELD(store),
     .arg = "DIR",
     .file = CLI_WRITES_FOLDER,
     .help = "keep a result in this folder, as zsc run -o does; one that is there is not computed again, unless there "
             "are examples",
     .shown_default = "none"},
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    {.name = "force",
     .kind = CLI_FLAG,
     .offset = offsetof(retrieve_arguments, common.force),
     .help = "replace an output file that zsc did not write; compute a result again that is in the folder of --store"},
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
