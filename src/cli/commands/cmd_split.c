/* zsc split: metadata with the splits that BIOSCAN-5M's rules make. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/inputs.h"
#include "inspect/metadata/metadata_rewrite.h"
#include "io/files/atomic.h"
#include "io/labels/metadata.h"
#include "partition/partition.h"

typedef struct split_arguments {
    cli_common common;
    cli_inputs inputs; /* its table layout, columns and missing values only */
    zsc_seeds seed;
    zsc_partition_options options;
    const char *output, *explain;
} split_arguments;

static zsc_status defaults(void *data)
{
    split_arguments *a = data;
    a->options = zsc_partition_defaults();
    return ZSC_OK;
}

/* --- The metadata */
typedef struct split_writer {
    const zsc_partition *partition;
    size_t column, next;
} split_writer;

static const char *split_value(void *data, const zsc_csv_row *row, size_t column)
{
    const split_writer *w = data;
    return column == w->column ? zsc_split_id_names[w->partition->split[w->next]] : row->field[column];
}

static void end_row(void *data)
{
    split_writer *w = data;
    w->next++;
}

static zsc_status write_metadata(const zsc_metadata_source *source, const zsc_partition *p, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0};
    const char *names[ZSC_COLUMN_NAMES];
    zsc_csv_column column = zsc_metadata_column(source->columns, "split", false, names);
    split_writer w = {.partition = p};
    ZSC_TRY(zsc_csv_header(source->path, source->table, &header, NULL));
    w.column = zsc_metadata_find(&column, &header);
    bool added = w.column == SIZE_MAX;
    if (added) w.column = header.count;
    ZSC_TRY(zsc_metadata_rewrite(
        source, &(zsc_rewriting){.added = added ? "split" : NULL, .value = split_value, .end_row = end_row, .data = &w},
        path));
done:
    zsc_list_free(&header);
    return status;
}

/* --- What was decided */
static const char *reason(const zsc_species_partition *p)
{
    if (p->kind > ZSC_KIND_UNSEEN) return "all to other_heldout: the genus is a placeholder";
    if (p->records < ZSC_TEST_LEAST_RECORDS) return "no test: fewer than 8 records";
    if (p->barcodes < ZSC_TEST_LEAST_BARCODES) return "no test: one barcode";
    return p->test ? "test" : "no test: each barcode has more records than the target";
}

static zsc_status write_explanation(const zsc_specimens *s, const zsc_partition *p, const char *path)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    fputs("species,set,records,barcodes,target_records,target_barcodes,test,val,rest,reason\n", out);
    for (size_t i = 0; i < p->species_count; i++) {
        const zsc_species_partition *each = &p->species[i];
        zsc_csv_write_field(out, zsc_names_get(&s->name[ZSC_CHECK_SPECIES], (size_t)each->species));
        fprintf(out, ",%s,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%s\n", zsc_species_kind_names[each->kind], each->records,
                each->barcodes, each->target_records, each->target_barcodes, each->test, each->val, each->rest,
                reason(each));
    }
    return zsc_atomic_commit(file);
}

static zsc_status print_splits(const zsc_partition *p)
{
    static const char *const header[] = {"split", "records", "barcodes", "species"};
    cli_cells cells = {0};
    for (size_t i = 0; i < ZSC_SPLITS; i++) {
        cli_cells_add(&cells, "%s", zsc_split_id_names[i]);
        cli_cells_add(&cells, "%zu", p->records[i]);
        cli_cells_add(&cells, "%zu", p->barcodes[i]);
        cli_cells_add(&cells, "%zu", p->named[i]);
    }
    return cli_cells_print(&cells, header, sizeof header / sizeof *header, false);
}

/* --- Command */
static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    split_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_columns columns;
    zsc_specimens s = {0};
    zsc_partition p = {0};
    const zsc_list none = {0};
    if (!a->output) return cli_usage("option --output is needed: the CSV to write");
    ZSC_TRY(cli_one_seed(&a->seed, &a->options.seed));
    ZSC_TRY(cli_inputs_resolve(&a->inputs, NULL, &columns));
    const zsc_metadata_source source = {.path = operands[0],
                                        .table = &a->inputs.file_layout.table,
                                        .columns = &columns,
                                        .missing_values = a->inputs.missing_values,
                                        .where = &none};
    ZSC_TRY(zsc_specimens_read(&source, &a->common.exec, NULL, &s));
    ZSC_TRY(zsc_partition_make(&s, &a->options, &p));
    ZSC_TRY(write_metadata(&source, &p, a->output));
    if (a->explain) ZSC_TRY(write_explanation(&s, &p, a->explain));
    ZSC_TRY(print_splits(&p));
    if (p.followed)
        zsc_note("rows that are in the split of their barcode, and not in that of their own name: %zu; zsc check shows "
                 "what disagrees",
                 p.followed);
done:
    zsc_partition_free(&p);
    zsc_specimens_free(&s);
    return status;
}

#define FIELD(field) offsetof(split_arguments, field)
static const cli_option options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "CSV to write: all rows and columns of the metadata, with the column split"},
    {.name = "explain",
     .kind = CLI_TEXT,
     .offset = FIELD(explain),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "also write a line per species (CSV): its set, records, barcodes, targets, what went where, and why",
     .shown_default = "none"},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = FIELD(seed),
     .arg = "SEED",
     .help = "seed of the order in which barcodes are drawn",
     .shown_default = "0"},
    {.name = "val",
     .kind = CLI_REAL,
     .offset = FIELD(options.val),
     .arg = "SHARE",
     .help = "share of the seen records outside test that go to val",
     .minimum = 0,
     .maximum = 1},
    {.name = "val-unseen",
     .kind = CLI_REAL,
     .offset = FIELD(options.val_unseen),
     .arg = "SHARE",
     .help = "share of the unseen records outside test_unseen that go to val_unseen",
     .minimum = 0,
     .maximum = 1},
    CLI_COLUMN_OPTION(FIELD(inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(inputs.missing_values)),
    CLI_TABLE_OPTIONS(FIELD(inputs)) CLI_FORCE_OPTION,
};

const cli_command cli_split_command = {
    .name = "split",
    .group = "Data",
    .summary = "divide specimens into splits for training and testing",
    .operands = "METADATA",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Divides specimens by the rules of BIOSCAN-5M (sections 4.1 and A4.5), so that no barcode is in two splits. By "
        "the "
        "name of its species a specimen is\n\n"
        "seen: a scientific name; to train, val and test;\n\n"
        "unseen: a placeholder (a full stop, a digit, 'malaise') in a genus with a scientific name; to key_unseen, "
        "val_unseen and test_unseen;\n\n"
        "heldout: the genus is a placeholder; to other_heldout;\n\n"
        "unknown: no species, or sp., cf., nr. or aff. without a code; to pretrain.\n\n"
        "All rows of a barcode go to one set: the first of these four that any of the rows belongs to. A species with "
        "n "
        "records and m barcodes gives rows to test if n is at least 8 and m at least 2: floor(1 + (m - 2)/3) barcodes "
        "at most, drawn at random, with floor(4 + (n - 8)/4) records at most, and never more than 25. Of the rest, 5 % "
        "go to val, or 20 % to val_unseen; each species keeps a barcode in train or key_unseen. One seed gives the "
        "same splits.\n\n"
        "Memory: some 90 bytes per row.",
    .examples = "  $ zsc split metadata.csv -o split.csv --explain why.csv\n"
                "  $ zsc stats split.csv --kind overlap",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(split_arguments),
    .defaults = defaults,
    .run = run,
};
