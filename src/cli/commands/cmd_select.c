/* zsc select: the rows and the scaled matrix that a run with these settings would work on. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/endings.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "io/npy.h"
#include "zsc/zsc.h"

typedef struct select_arguments {
    cli_common common;
    zsc_dataset_options data;
    cli_rows rows;
    const char *output;
    int format;
} select_arguments;

static zsc_status defaults(void *data)
{
    select_arguments *a = data;
    a->data = zsc_dataset_defaults();
    return ZSC_OK;
}

/* --- The matrix */
static zsc_status write_npy(const zsc_dataset *data, const char *path)
{
    return zsc_npy_write_f32(path, data->x, data->n, data->d);
}

static zsc_status write_csv(const zsc_dataset *data, const char *path)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    char number[ZSC_NUMBER_TEXT];
    fputs("id", out);
    for (size_t j = 0; j < data->d; j++) fprintf(out, ",x%zu", j + 1);
    putc('\n', out);
    for (size_t i = 0; i < data->n; i++) {
        zsc_csv_write_field(out, data->id[i]);
        for (size_t j = 0; j < data->d; j++) fprintf(out, ",%s", zsc_float_text(data->x[i * data->d + j], number));
        putc('\n', out);
    }
    return zsc_atomic_commit(file);
}

static const struct {
    const char *ending;
    zsc_status (*write)(const zsc_dataset *data, const char *path);
} forms[] = {{".h5", zsc_dataset_write}, {".npy", write_npy}, {".csv", write_csv}};
enum { FORMS = sizeof forms / sizeof *forms };

/* --- The report */
static const struct {
    const char *key, *text;
    size_t offset;
} counts[] = {
    {"embedded", "rows of the embeddings", offsetof(zsc_selection, embedded)},
    {"not_listed", "left out: not in the list of --ids", offsetof(zsc_selection, not_listed)},
    {"unmatched", "left out: the id is not in every file", offsetof(zsc_selection, unmatched)},
    {"other_split", "left out: of other splits", offsetof(zsc_selection, other_split)},
    {"where", "left out: of other taxa", offsetof(zsc_selection, where)},
    {"without_barcode", "left out: without a barcode", offsetof(zsc_selection, without_barcode)},
    {"repeated_barcode", "left out: another row stands for the barcode", offsetof(zsc_selection, repeated_barcode)},
    {"kept", "kept", offsetof(zsc_selection, kept)},
};
enum { COUNTS = sizeof counts / sizeof *counts };

static size_t count_of(const zsc_dataset *data, size_t i)
{
    return *(const size_t *)((const char *)&data->selection + counts[i].offset);
}

/* Whether the count belongs to an option that was not given. */
static bool is_silent(const zsc_dataset *data, size_t i)
{
    return counts[i].offset == offsetof(zsc_selection, not_listed) && !data->id_list[0] && !data->id_list[1];
}

static zsc_status print_json(const zsc_dataset *data)
{
    json_t *root = json_pack("{s:s, s:I}", "zsc", zsc_version(), "dim", (json_int_t)data->d);
    for (size_t i = 0; i < COUNTS; i++)
        if (!is_silent(data, i)) json_object_set_new(root, counts[i].key, json_integer((json_int_t)count_of(data, i)));
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (!text) return zsc_fail_memory(1, sizeof(json_t), "JSON");
    puts(text);
    free(text);
    return ZSC_OK;
}

static zsc_status print_counts(const zsc_dataset *data, cli_format format)
{
    static const char *const header[] = {"what", "rows"};
    if (format == CLI_JSON) return print_json(data);
    cli_cells cells = {0};
    for (size_t i = 0; i < COUNTS; i++) {
        if (is_silent(data, i)) continue;
        cli_cells_add(&cells, "%s", format == CLI_CSV ? counts[i].key : counts[i].text);
        cli_cells_add(&cells, "%zu", count_of(data, i));
    }
    return cli_cells_print(&cells, header, 2, format == CLI_CSV);
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    select_arguments *a = data;
    zsc_dataset_options *d = &a->data;
    zsc_status status = ZSC_OK;
    zsc_dataset found = {0};
    size_t form = 0;
    while (a->output && form + 1 < FORMS && !cli_ends(a->output, forms[form].ending + 1)) form++;
    if (a->output && form > 0 && a->rows.ranks.count)
        return cli_usage("--ranks has no effect here: %s holds no labels; leave it out, or write .h5",
                         forms[form].ending);
    ZSC_TRY(cli_rows_resolve(&a->rows, d));
    d->rows_only = !a->output;
    ZSC_TRY(zsc_dataset_load(d, &a->common.exec, &found));
    if (a->output) {
        ZSC_TRY(forms[form].write(&found, a->output));
        zsc_note("wrote %s: %zu rows of %zu numbers", a->output, found.n, found.d);
    }
    status = print_counts(&found, (cli_format)a->format);
done:
    zsc_dataset_free(&found);
    return status;
}

#define FIELD(name) offsetof(select_arguments, name)
#define LAYOUT_FIELD(field) data.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(FIELD(rows.embeddings), "", ""),
    CLI_WHERE_OPTION(FIELD(rows.where)),
#include "experiment/settings/rows.def"
    CLI_COLUMN_OPTION(FIELD(rows.inputs.columns)),
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(rows.inputs.labels)),
    {.name = "ranks",
     .kind = CLI_NAMES,
     .offset = FIELD(rows.ranks),
     .arg = "RANK,...",
     .help = "ranks whose labels are written",
     .shown_default = "all present"},
    {'o', "output", CLI_TEXT, FIELD(output), "FILE",
     .help = "write the rows; the extension gives the format: .h5, .npy, .csv", .shown_default = "none: count only",
     .file = CLI_WRITES},
    CLI_FORCE_OPTION,
    CLI_FORMAT_OPTION(FIELD(format)),
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_select_command = {
    .name = "select",
    .group = "Experiments",
    .summary = "select and scale rows as a run would, and stop there",
    .operands = "",
    .description = "Selects rows, scales and concatenates as zsc run does with the same options. Prints how many "
                   "rows were kept and how many were left out for each reason. With -o it writes the matrix: as an "
                   "embeddings file with ids, splits and labels (.h5), which every command reads; as the bare "
                   "matrix (.npy); or with ids (.csv).",
    .examples =
        "  $ zsc select -e img.h5:dino -e dna.h5:hyenadna -m metadata.csv --split test+test_unseen --one-per-barcode\n"
        "  $ zsc select -e embeddings.h5:kmer5 -m metadata.csv --scale zscore -o scaled.npy",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(select_arguments),
    .defaults = defaults,
    .run = run,
};
