/* zsc knn: nearest neighbours of embeddings, to a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/inputs.h"
#include "data/dataset.h"
#include "io/knn_file.h"
#include "zsc/zsc.h"

typedef struct knn_arguments {
    cli_common common;
    cli_matrix matrix;
    zsc_list queries;
    const char *output, *recall, *query_split;
    size_t neighbors;
    int metric, method;
    zsc_seeds seed;
    zsc_dataset data, query_data; /* the rows, or the keys; the queries */
    zsc_dataset_reader *reader;   /* of keys whose matrix is not in memory */
    zsc_knn knn;
} knn_arguments;

enum { RECALL_SAMPLE = 1000 };

static zsc_status defaults(void *data)
{
    knn_arguments *a = data;
    a->neighbors = zsc_knn_defaults().neighbors;
    return ZSC_OK;
}

static zsc_status write_file(const knn_arguments *a)
{
    char metric[16], search[16], matrix[ZSC_DIGEST_TEXT], queries[ZSC_DIGEST_TEXT];
    const zsc_dataset *rows = a->queries.count ? &a->query_data : &a->data;
    zsc_knn_file file = {.n = a->knn.n,
                         .k = a->knn.k,
                         .index = a->knn.index,
                         .distance = a->knn.distance,
                         .distinct = a->knn.distinct,
                         .simulated = a->data.modality[0].simulated || rows->modality[0].simulated,
                         .id = rows->id,
                         .metric = metric,
                         .search = search,
                         .matrix = matrix};
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, a->metric, metric, sizeof metric);
    zsc_value_choice_text(ZSC_KNN_CHOICES, (int)a->knn.method, search, sizeof search);
    zsc_digest_text((zsc_digest){a->data.matrix_digest[0], a->data.matrix_digest[1]}, matrix);
    if (a->queries.count) {
        zsc_digest_text((zsc_digest){rows->matrix_digest[0], rows->matrix_digest[1]}, queries);
        file.queries = queries;
        file.key_id = a->data.id;
        file.keys = a->data.n;
    }
    return zsc_knn_file_write(a->output, &file);
}

static zsc_status check_recall(const knn_arguments *a, uint64_t seed)
{
    size_t sample = RECALL_SAMPLE;
    double recall = 0;
    const zsc_value_owner owner = {"option --", "check-recall", ZSC_EUSAGE};
    if (*a->recall && zsc_value_count(&owner, a->recall, 0, 0, &sample) != ZSC_OK)
        return cli_usage("option --check-recall expects a number of rows, not '%s'", a->recall);
    zsc_status status = zsc_knn_recall(a->data.x, a->data.n, a->data.d, &a->knn, (zsc_metric)a->metric, sample, seed,
                                       &a->common.exec, &recall);
    if (status == ZSC_OK)
        printf("recall %.6f of %zu rows, k %zu\n", recall, sample && sample < a->data.n ? sample : a->data.n, a->knn.k);
    return status;
}

static zsc_status search_rows(knn_arguments *a, uint64_t seed)
{
    zsc_status status = ZSC_OK;
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, a->data.n * a->data.d * sizeof *a->data.x);
    char text[16];
    zsc_knn_options search = {
        .neighbors = a->neighbors, .metric = (zsc_metric)a->metric, .method = (zsc_knn_method)a->method, .seed = seed};
    if (a->metric == ZSC_INNER_PRODUCT)
        return cli_usage(
            "--metric inner-product needs --queries: the largest product of a row need not be with itself");
    double start = zsc_clock();
    ZSC_TRY(zsc_knn_search(a->data.x, a->data.n, a->data.d, &search, &exec, &a->knn));
    zsc_note("%zu neighbours of %zu rows (%zu distinct) x %zu, %s, in %.2f s", a->knn.k, a->knn.n, a->knn.distinct,
             a->data.d, zsc_value_choice_text(ZSC_KNN_CHOICES, (int)a->knn.method, text, sizeof text),
             zsc_clock() - start);
done:
    return status;
}

static zsc_status search_matrix(knn_arguments *a)
{
    const zsc_dataset *queries = &a->query_data, *keys = &a->data;
    const zsc_exec held = zsc_memory_hold(&a->common.exec, (queries->n + keys->n) * keys->d * sizeof *keys->x);
    return zsc_knn_query(queries->x, queries->n, keys->x, keys->n, keys->d, a->neighbors, (zsc_metric)a->metric, &held,
                         &a->knn);
}

static zsc_status search_files(knn_arguments *a)
{
    const zsc_dataset *queries = &a->query_data, *keys = &a->data;
    const zsc_exec held = zsc_memory_hold(&a->common.exec, queries->n * queries->d * sizeof *queries->x);
    size_t block = zsc_knn_query_block(queries->n, keys->n, keys->d, a->neighbors, &held);
    if (block < keys->n)
        zsc_note("%zu keys are read in blocks of %zu, since their matrix takes much of the memory", keys->n, block);
    zsc_status status = zsc_knn_query_blocks(queries->x, queries->n, zsc_dataset_reader_rows, a->reader, keys->n,
                                             keys->d, block, a->neighbors, (zsc_metric)a->metric, &held, &a->knn);
    if (status == ZSC_OK) a->knn.distinct = zsc_dataset_reader_distinct(a->reader);
    return status;
}

/* load: how the keys were loaded; --ids and --split are theirs. */
static zsc_status search_queries(knn_arguments *a, zsc_dataset_options load)
{
    zsc_status status = ZSC_OK;
    const zsc_exec *exec = &a->common.exec;
    load.embeddings = (const char *const *)a->queries.item;
    load.embedding_count = a->queries.count;
    load.split = a->query_split;
    load.ids = NULL;
    load.ids_in_order = false;
    ZSC_TRY(zsc_context(zsc_dataset_load(&load, exec, &a->query_data), "the queries"));
    const zsc_dataset *queries = &a->query_data, *keys = &a->data;
    ZSC_TRY(zsc_dataset_check_space(queries, keys));
    double start = zsc_clock();
    ZSC_TRY((a->reader ? search_files : search_matrix)(a));
    zsc_note("%zu keys of %zu queries, of %zu keys (%zu distinct) x %zu, exact, in %.2f s", a->knn.k, queries->n,
             keys->n, a->knn.distinct, keys->d, zsc_clock() - start);
    zsc_detail("measured %llu pairs, %.3f %% of all", (unsigned long long)a->knn.measured,
               100 * (double)a->knn.measured / ((double)queries->n * (double)keys->n));
done:
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    knn_arguments *a = data;
    zsc_status status = ZSC_OK;
    const zsc_exec *exec = &a->common.exec;
    if (!a->output && !a->recall) return cli_usage("option --output is needed: the file to write");
    uint64_t seed = 0;
    zsc_dataset_options load;
    ZSC_TRY(cli_matrix_options(&a->matrix, &load));
    ZSC_TRY(cli_one_seed(&a->seed, &seed));
    if (a->queries.count)
        ZSC_TRY(zsc_dataset_open(&load, exec, NULL, ZSC_KEYS_SHARE, &a->data, &a->reader));
    else
        ZSC_TRY(zsc_dataset_load(&load, exec, &a->data));
    ZSC_TRY(a->queries.count ? search_queries(a, load) : search_rows(a, seed));
    if (a->output) ZSC_TRY(write_file(a));
    if (a->recall) ZSC_TRY(check_recall(a, seed));
done:
    return status;
}

static void clear(void *data)
{
    knn_arguments *a = data;
    zsc_dataset_reader_free(a->reader);
    zsc_dataset_free(&a->data);
    zsc_dataset_free(&a->query_data);
    zsc_knn_free(&a->knn);
}

#define LAYOUT_FIELD(field) matrix.inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...)                                                                 \
    CLI_SETTING(letter, name, kind, offsetof(knn_arguments, field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(offsetof(knn_arguments, matrix.embeddings), " to search", ""),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(knn_arguments, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "file to write (HDF5): /id, /knn/index, /knn/distance"},
    {.name = "queries",
     .kind = CLI_REPEAT,
     .offset = offsetof(knn_arguments, queries),
     .arg = "FILE[:ENCODER]",
     .help = "find the nearest rows of these embeddings, not of each row itself; concatenated as the rows are",
     .shown_default = "none"},
    {.name = "query-split",
     .kind = CLI_TEXT,
     .offset = offsetof(knn_arguments, query_split),
     .arg = "SPLITS",
     .help = "the splits of the queries, as for --split",
     .shown_default = "all"},
    {.letter = 'k',
     .name = "neighbors",
     .kind = CLI_COUNT,
     .offset = offsetof(knn_arguments, neighbors),
     .arg = "K",
     .help = "neighbours per row, including the row itself; with --queries rows per query",
     .minimum = 1,
     .maximum = 1e9},
    {.name = "metric",
     .kind = CLI_CHOICE,
     .offset = offsetof(knn_arguments, metric),
     .arg = "METRIC",
     .help = "distance between rows; inner-product, with --queries: minus the product",
     .choices = ZSC_QUERY_METRIC_CHOICES},
    CLI_KNN_OPTION(offsetof(knn_arguments, method)),
    CLI_SPLIT_OPTION(offsetof(knn_arguments, matrix.split)),
    CLI_WHERE_OPTION(offsetof(knn_arguments, matrix.where)),
    CLI_IDS_OPTIONS(offsetof(knn_arguments, matrix.inputs))
        CLI_SCALE_OPTION(offsetof(knn_arguments, matrix.scale), ZSC_SCALE_HELP),
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = offsetof(knn_arguments, seed),
     .arg = "SEED",
     .help = "seed of the approximate search, and of the rows for --check-recall",
     .shown_default = "0"},
    {.name = "check-recall",
     .kind = CLI_OPTIONAL,
     .offset = offsetof(knn_arguments, recall),
     .arg = "ROWS",
     .help = "print the fraction of true neighbours found, by exhaustive search for ROWS rows (1000 if no "
             "number is given; 0: all rows)"},
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(offsetof(knn_arguments, matrix.inputs.labels)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_knn_command = {
    .name = "knn",
    .group = "Single steps",
    .summary = "find the nearest neighbours of every row",
    .operands = "",
    .description = "Writes the indices (int32, from 0) and distances (float32) of each row's nearest rows: the row "
                   "itself first, then by distance, equal distances by index. `zsc umap --knn-file` takes the file "
                   "instead of searching, for the same embeddings with the same --scale: the file holds a digest of "
                   "them.\n\n"
                   "The exact search misses nothing; repeated rows are searched once. The approximate search is for "
                   "sizes where the exact one takes too long; --check-recall measures what it finds. doc/knn.md "
                   "says which one auto selects.\n\n"
                   "With --queries, the rows of -e are keys: each query gets its nearest keys, by exact search, and no "
                   "query is its own. /knn/index then counts the keys, whose ids are in /key_id; /id has those of the "
                   "queries. Both must have the same number of columns. --split and --ids choose among the keys, "
                   "--query-split among the queries, and --where among both.",
    .examples = "  $ zsc knn -e example.h5:sim_dna -o neighbours.h5\n"
                "  $ zsc knn -e example.h5:sim_dna --knn approx --check-recall\n"
                "  $ zsc knn -e keys.h5:dna --queries queries.h5:image --metric cosine -k 5 -o nearest.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(knn_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
