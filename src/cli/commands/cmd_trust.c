/* zsc trust: trustworthiness of a reduction. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/inputs.h"
#include "zsc/zsc.h"

typedef struct trust_arguments {
    cli_common common;
    size_t neighbors;
    int metric, scale, format;
    cli_inputs inputs;
    zsc_dataset x, y;
    float *aligned; /* rows of y in the order of x */
} trust_arguments;

static zsc_status defaults(void *data)
{
    trust_arguments *a = data;
    a->neighbors = 15;
    return ZSC_OK;
}

static zsc_status load(const trust_arguments *a, const char *source, zsc_scale scale, zsc_file_layout file_layout,
                       const char *ids, zsc_dataset *out)
{
    zsc_dataset_options options = zsc_dataset_defaults();
    options.embeddings = &source;
    options.embedding_count = 1;
    options.scale = scale;
    options.file_layout = file_layout;
    options.ids = ids;
    options.ids_in_order = ids && a->inputs.ids_in_order;
    return zsc_dataset_load(&options, &a->common.exec, out);
}

typedef struct named {
    const char *id;
    size_t row;
} named;

static int by_id(const void *a, const void *b) { return strcmp(((const named *)a)->id, ((const named *)b)->id); }

/* Every row of x needs its row of y; further rows of y (of x) are left out. */
static zsc_status align(trust_arguments *a, char **operands)
{
    zsc_status status = ZSC_OK;
    named *list = NULL;
    size_t dim = a->y.d;
    ZSC_NEW(list, a->y.n);
    ZSC_NEW(a->aligned, a->x.n * dim);
    for (size_t i = 0; i < a->y.n; i++) list[i] = (named){a->y.id[i], i};
    qsort(list, a->y.n, sizeof *list, by_id);
    for (size_t i = 0; i < a->x.n; i++) {
        named wanted = {a->x.id[i], 0};
        const named *found = bsearch(&wanted, list, a->y.n, sizeof *list, by_id);
        if (!found) {
            status = zsc_fail(ZSC_EINPUT, "row %s of '%s' is not in '%s'", a->x.id[i], operands[0], operands[1]);
            goto done;
        }
        memcpy(a->aligned + i * dim, a->y.x + found->row * dim, dim * sizeof *a->aligned);
    }
    if (a->y.n > a->x.n)
        zsc_note("%zu rows of '%s' are not in '%s' and are left out", a->y.n - a->x.n, operands[1], operands[0]);
done:
    free(list);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    trust_arguments *a = data;
    zsc_status status = ZSC_OK;
    double trust = 0;
    zsc_file_layout file_layout;
    ZSC_TRY(cli_inputs_resolve(&a->inputs, &file_layout, NULL));
    ZSC_TRY(load(a, operands[0], (zsc_scale)a->scale, file_layout, a->inputs.ids, &a->x));
    ZSC_TRY(load(a, operands[1], ZSC_SCALE_NONE, (zsc_file_layout){0}, NULL, &a->y));
    ZSC_TRY(align(a, operands));
    const zsc_exec exec = zsc_memory_hold(&a->common.exec,
                                          (a->x.n * (a->x.d + a->y.d) + a->y.n * a->y.d) * sizeof(float));
    ZSC_TRY(zsc_trustworthiness(a->x.x, a->x.d, a->aligned, a->y.d, a->x.n, a->neighbors, (zsc_metric)a->metric, &exec,
                                &trust));
    char rows[32], dim[32], reduced[32], neighbors[32], value[32];
    snprintf(rows, sizeof rows, "%zu", a->x.n);
    snprintf(dim, sizeof dim, "%zu", a->x.d);
    snprintf(reduced, sizeof reduced, "%zu", a->y.d);
    snprintf(neighbors, sizeof neighbors, "%zu", a->neighbors);
    if (a->format == CLI_TABLE)
        snprintf(value, sizeof value, "%.6f", trust);
    else
        zsc_number_text(trust, value);
    static const char *const header[] = {"rows", "dim", "reduced_dim", "neighbors", "trustworthiness"};
    const char *const cells[] = {rows, dim, reduced, neighbors, value};
    if (a->format == CLI_TABLE)
        cli_print_table(header, 5, cells, 1);
    else if (a->format == CLI_CSV)
        cli_print_csv(header, 5, cells, 1);
    else
        printf("{\"zsc\": \"%s\", \"rows\": %s, \"dim\": %s, \"reduced_dim\": %s, \"neighbors\": %s, "
               "\"trustworthiness\": %s}\n",
               zsc_version(), rows, dim, reduced, neighbors, value);
done:
    return status;
}

static void clear(void *data)
{
    trust_arguments *a = data;
    zsc_dataset_free(&a->x);
    zsc_dataset_free(&a->y);
    free(a->aligned);
}

#define LAYOUT_FIELD(field) inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...)                                                                 \
    CLI_SETTING(letter, name, kind, offsetof(trust_arguments, field), __VA_ARGS__)
static const cli_option options[] = {
    {.letter = 'k',
     .name = "neighbors",
     .kind = CLI_COUNT,
     .offset = offsetof(trust_arguments, neighbors),
     .arg = "K",
     .help = "neighbours per row, without the row itself",
     .minimum = 1,
     .maximum = 1e9},
    CLI_METRIC_OPTION(offsetof(trust_arguments, metric), "distance between rows of X; in Y it is Euclidean"),
    CLI_SCALE_OPTION(offsetof(trust_arguments, scale), "scaling of X, as in the reduction"),
    CLI_IDS_OPTIONS(offsetof(trust_arguments, inputs)) CLI_FORMAT_OPTION(offsetof(trust_arguments, format)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(offsetof(trust_arguments, inputs.labels)),
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_trust_command = {
    .name = "trust",
    .group = "Single steps",
    .summary = "measure the trustworthiness of a reduction",
    .operands = "X[:ENCODER] Y[:ENCODER]",
    .min_operands = 2,
    .max_operands = 2,
    .description = "Trustworthiness (Venna and Kaski 2001) of Y as a reduction of X, from 0 to 1. It is 1 if the "
                   "nearest neighbours in Y are neighbours in X too, and about 0.5 if Y is unrelated to X. The "
                   "computation is exact. Rows are joined on the id. K must be less than half the number of rows.",
    .examples = "  $ zsc trust example.h5:sim_dna reduced.h5:umap -k 15",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(trust_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
