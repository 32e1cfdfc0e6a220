/* zsc knn: nearest neighbours of embeddings, to a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "cli/inputs.h"
#include "io/knn_file.h"
#include "zsc/zsc.h"

typedef struct knn_arguments {
    cli_common common;
    cli_matrix matrix;
    const char *output, *recall;
    size_t neighbors;
    int metric, method;
    zsc_seeds seed;
    zsc_dataset data;
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
    char metric[16], search[16], matrix[ZSC_DIGEST_TEXT];
    zsc_knn_file file = {.n = a->knn.n,
                         .k = a->knn.k,
                         .index = a->knn.index,
                         .distance = a->knn.distance,
                         .distinct = a->knn.distinct,
                         .simulated = a->data.modality[0].simulated,
                         .id = a->data.id,
                         .metric = metric,
                         .search = search,
                         .matrix = matrix};
    zsc_value_choice_text(ZSC_METRIC_CHOICES, a->metric, metric, sizeof metric);
    zsc_value_choice_text(ZSC_KNN_CHOICES, (int)a->knn.method, search, sizeof search);
    zsc_digest_text((zsc_digest){a->data.matrix_digest[0], a->data.matrix_digest[1]}, matrix);
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

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    knn_arguments *a = data;
    zsc_status status = ZSC_OK;
    const zsc_exec *exec = &a->common.exec;
    char text[16];
    if (!a->output && !a->recall) return cli_usage("option --output is needed: the file to write");
    uint64_t seed = 0;
    zsc_dataset_options load;
    ZSC_TRY(cli_matrix_options(&a->matrix, &load));
    ZSC_TRY(cli_one_seed(&a->seed, &seed));
    ZSC_TRY(zsc_dataset_load(&load, exec, &a->data));
    zsc_knn_options search = {
        .neighbors = a->neighbors, .metric = (zsc_metric)a->metric, .method = (zsc_knn_method)a->method, .seed = seed};
    double start = zsc_clock();
    ZSC_TRY(cli_matrix_memory(exec, a->data.n, a->data.d, sizeof *a->data.x,
                              zsc_knn_memory(a->data.n, a->data.d, &search, exec), "the search for neighbours"));
    ZSC_TRY(zsc_knn_search(a->data.x, a->data.n, a->data.d, &search, exec, &a->knn));
    zsc_note("%zu neighbours of %zu rows (%zu distinct) x %zu, %s, in %.2f s", a->knn.k, a->knn.n, a->knn.distinct,
             a->data.d, zsc_value_choice_text(ZSC_KNN_CHOICES, (int)a->knn.method, text, sizeof text),
             zsc_clock() - start);
    if (a->output) ZSC_TRY(write_file(a));
    if (a->recall) ZSC_TRY(check_recall(a, seed));
done:
    return status;
}

static void clear(void *data)
{
    knn_arguments *a = data;
    zsc_dataset_free(&a->data);
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
    {.letter = 'k',
     .name = "neighbors",
     .kind = CLI_COUNT,
     .offset = offsetof(knn_arguments, neighbors),
     .arg = "K",
     .help = "neighbours per row, including the row itself",
     .minimum = 1,
     .maximum = 1e9},
    CLI_METRIC_OPTION(offsetof(knn_arguments, metric), "distance between rows"),
    CLI_KNN_OPTION(offsetof(knn_arguments, method)),
    CLI_SPLIT_OPTION(offsetof(knn_arguments, matrix.split)),
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
                   "says which one auto selects.",
    .examples = "  $ zsc knn -e example.h5:sim_dna -o neighbours.h5\n"
                "  $ zsc knn -e example.h5:sim_dna --knn approx --check-recall",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(knn_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
