/* zsc import: embeddings of any layout to a file of zsc. */
#include "base/log.h"
#include "cli/inputs.h"
#include "zsc/import.h"

typedef struct import_arguments {
    cli_common common;
    zsc_import_options o;
    cli_inputs inputs;
    zsc_list where;
    const char *output;
} import_arguments;

#define FIELD(name) offsetof(import_arguments, name)
#define LAYOUT_FIELD(field) inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_ADDS_TO,
     .help = "embeddings file to write; if it exists, encoders are added to it"},
    {.letter = 'm',
     .name = "metadata",
     .kind = CLI_TEXT,
     .offset = FIELD(o.metadata),
     .arg = "FILE",
     .help = "metadata (CSV, TSV) with labels, splits and barcodes, joined on the id",
     .shown_default = "none"},
    {.letter = 's',
     .name = "split",
     .kind = CLI_TEXT,
     .offset = FIELD(o.split),
     .arg = "SPLITS",
     .help = "only rows of these splits, joined with +; for arrays without ids, the split of the array",
     .shown_default = "all rows"},
    CLI_WHERE_OPTION(FIELD(where)),
    CLI_IDS_OPTIONS(FIELD(inputs)){.name = "name",
                                   .kind = CLI_TEXT,
                                   .offset = FIELD(o.name),
                                   .arg = "NAME",
                                   .help = "name of the encoder",
                                   .shown_default = "name in the source"},
    {.name = "modality",
     .kind = CLI_TEXT,
     .offset = FIELD(o.modality),
     .arg = "WORD",
     .help = "what the encoder takes as input",
     .choices = "dna|image|text",
     .shown_default = "as in the source"},
    {.name = "label",
     .kind = CLI_TEXT,
     .offset = FIELD(o.label),
     .arg = "TEXT",
     .help = "name for figures and tables",
     .shown_default = "as in the source"},
    {.name = "architecture",
     .kind = CLI_TEXT,
     .offset = FIELD(o.architecture),
     .arg = "TEXT",
     .help = "architecture, for figures and tables",
     .shown_default = "as in the source"},
    {.name = "replace", .kind = CLI_FLAG, .offset = FIELD(o.replace), .help = "replace an encoder of the same name"},
    {.name = "overwrite", .kind = CLI_FLAG, .offset = FIELD(o.overwrite), .help = "replace the whole output file"},
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(FIELD(inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(o.missing_values)),
    CLI_FORCE_OPTION,
};
#undef FIELD
#undef SETTING
#undef LAYOUT_FIELD

static zsc_status run(void *data, char **operands, int count)
{
    import_arguments *a = data;
    zsc_selection s = {0};
    if (!a->output) return cli_usage("--output is needed");
    zsc_status status = cli_inputs_resolve(&a->inputs, &a->o.file_layout, &a->o.columns);
    if (status != ZSC_OK) return status;
    a->o.sources = (const char *const *)operands;
    a->o.source_count = (size_t)count;
    a->o.where = (const char *const *)a->where.item;
    a->o.where_count = a->where.count;
    a->o.ids = a->inputs.ids;
    a->o.ids_in_order = a->inputs.ids_in_order;
    status = zsc_import(&a->o, a->output, &a->common.exec, &s);
    if (status != ZSC_OK) return status;
    if (s.not_listed) zsc_note("left out: %zu rows that are not in the list of --ids", s.not_listed);
    if (s.where) zsc_note("left out: %zu rows by --where", s.where);
    if (s.unmatched) zsc_note("left out: %zu rows whose id is not in every file", s.unmatched);
    if (s.other_split) zsc_note("left out: %zu rows of other splits", s.other_split);
    zsc_note("wrote %s: %zu rows", a->output, s.kept);
    return ZSC_OK;
}

const cli_command cli_import_command = {
    .name = "import",
    .group = "Data",
    .summary = "combine embeddings of any layout in one file",
    .operands = "FILE[:ENCODER]...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Reads embeddings in any of these layouts: HDF5 of zsc, of BIOSCAN-CLIP / CLIBD, of AnnData "
                   "(h5ad) or with one dataset per sample; NumPy arrays (npy, and npz as zs-ssl-clustering writes "
                   "them); CSV or TSV of numbers; and other HDF5 files whose datasets are named (--h5-embedding and "
                   "so on). A folder, or names joined with '+', stands for files that are parts of one embedding. "
                   "The other commands read all of these directly; use this command to keep several encoders, "
                   "labels and splits in one file.\n\n"
                   "Rows are joined on the id. In arrays without ids, rows are in the order of the metadata (npy) "
                   "or of the sorted ids of their split (npz).\n\n"
                   "Convert Parquet to CSV first: python -c \"import pandas; "
                   "pandas.read_parquet('x.parquet').to_csv('x.csv')\".",
    .examples =
        "  $ zsc import features/ -m metadata.csv -o embeddings.h5\n"
        "  $ zsc import dino_test.npz -m metadata.csv --split test --modality image --name dino -o embeddings.h5\n"
        "  $ zsc import own.h5 --h5-embedding /model/features --h5-id /names --h5-label species=/y -o embeddings.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(import_arguments),
    .run = run,
    .closing_line = true,
};
