/* zsc stats: what metadata holds, as the tables of a data set's description. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/also_tables.h"
#include "cli/inputs.h"
#include "inspect/metadata/metadata_stats.h"
#include "report/tables/table_metadata.h"

typedef struct stats_arguments {
    cli_common common;
    cli_inputs inputs; /* its table layout, columns, missing values and ids only */
    zsc_list where, only, show, also;
    const char *split, *output;
    int kind, format;
} stats_arguments;

enum { KIND_RANKS, KIND_SPLITS, KIND_GEOGRAPHY, KIND_OVERLAP, KIND_SIZES };
enum { FORMAT_TEXT };

/* --- The kinds */
static zsc_status category_table(const zsc_metadata_source *source, zsc_stats_columns kind, const zsc_exec *exec,
                                 zsc_table *out)
{
    zsc_category_table stats = {0};
    zsc_status status = zsc_category_stats_read(source, kind, exec, &stats);
    if (status == ZSC_OK) status = zsc_table_categories(&stats, out);
    zsc_category_table_free(&stats);
    return status;
}

static zsc_status ranks_table(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out)
{
    return category_table(source, ZSC_STATS_RANKS, exec, out);
}

static zsc_status geography_table(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out)
{
    return category_table(source, ZSC_STATS_GEOGRAPHY, exec, out);
}

static zsc_status splits_table(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out)
{
    zsc_split_table stats = {0};
    zsc_status status = zsc_split_stats_read(source, exec, &stats);
    if (status == ZSC_OK) status = zsc_table_splits(&stats, out);
    zsc_split_table_free(&stats);
    return status;
}

/* Species, genera and what must not be shared, then the user's own columns. */
static zsc_status overlap_table(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out)
{
    static const char *const first[] = {"species", "genus", "dna_bin", "dna_barcode without trailing N"};
    enum { FIRST = sizeof first / sizeof *first };
    zsc_status status = ZSC_OK;
    zsc_split_table stats = {0};
    zsc_list columns = {0};
    for (size_t i = 0; i < FIRST; i++) ZSC_TRY(zsc_list_add(&columns, first[i]));
    ZSC_TRY(zsc_split_stats_read(source, exec, &stats));
    for (size_t i = stats.known; i < stats.columns; i++) ZSC_TRY(zsc_list_add(&columns, stats.column[i]));
    ZSC_TRY(zsc_table_overlap(&stats, (const char *const *)columns.item, columns.count, out));
done:
    zsc_split_table_free(&stats);
    zsc_list_free(&columns);
    return status;
}

static zsc_status sizes_table(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out)
{
    zsc_number_table stats = {0};
    zsc_status status = zsc_number_stats_read(source, exec, &stats);
    if (status == ZSC_OK) status = zsc_table_numbers(&stats, out);
    zsc_number_table_free(&stats);
    return status;
}

static zsc_status (*const make_table[])(const zsc_metadata_source *source, const zsc_exec *exec, zsc_table *out) = {
    [KIND_RANKS] = ranks_table,     [KIND_SPLITS] = splits_table, [KIND_GEOGRAPHY] = geography_table,
    [KIND_OVERLAP] = overlap_table, [KIND_SIZES] = sizes_table,
};

/* --- Command */
static zsc_status print_text(const zsc_table *table)
{
    zsc_status status = ZSC_OK;
    cli_cells cells = {0};
    zsc_text text = {0};
    for (size_t r = 0; r < table->rows; r++)
        for (size_t c = 0; c < table->columns; c++) {
            ZSC_TRY(zsc_table_cell_text(table, r, c, &text));
            cli_cells_add(&cells, "%s", text.data ? text.data : "");
        }
    ZSC_TRY(cli_cells_print(&cells, (const char *const *)table->header, table->columns, false));
    printf("\n%s\n", table->caption);
done:
    zsc_list_free(&cells.list);
    free(text.data);
    return status;
}

/* --column country is --column country=country. */
static zsc_status name_columns(const zsc_list *given, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < given->count && status == ZSC_OK; i++) {
        const char *text = given->item[i];
        char *rule = strchr(text, '=') ? zsc_strdup(text) : zsc_asprintf("%s=%s", text, text);
        status = rule ? zsc_list_add(out, rule) : ZSC_EINTERNAL;
        free(rule);
    }
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    const stats_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_list rules = {0};
    zsc_table table = {0};
    ZSC_TRY(name_columns(&a->inputs.columns, &rules));
    const zsc_columns columns = {(const char *const *)rules.item, rules.count};
    const zsc_metadata_source source = {.path = operands[0],
                                        .table = &a->inputs.file_layout.table,
                                        .columns = &columns,
                                        .missing_values = a->inputs.missing_values,
                                        .where = &a->where,
                                        .ids = a->inputs.ids,
                                        .split = a->split};
    ZSC_TRY(make_table[a->kind](&source, &a->common.exec, &table));
    if (a->only.count) ZSC_TRY(zsc_table_keep_columns(&table, a->kind == KIND_SPLITS, &a->only));
    if (a->show.count) ZSC_TRY(zsc_table_keep_statistics(&table, &a->show));
    ZSC_TRY(cli_also_write(&table, &a->also));
    status = a->format == FORMAT_TEXT ? print_text(&table)
                                      : zsc_table_write(&table, (zsc_table_format)(a->format - 1), stdout);
done:
    zsc_list_free(&rules);
    zsc_table_free(&table);
    return status;
}

static zsc_status also_writes(const void *data, zsc_list *paths)
{
    return cli_also_writes(&((const stats_arguments *)data)->also, paths);
}

#define FIELD(field) offsetof(stats_arguments, field)
static const cli_option options[] = {
    {.name = "kind",
     .kind = CLI_CHOICE,
     .offset = FIELD(kind),
     .arg = "KIND",
     .help = "what is counted",
     .choices = "ranks|splits|geography|overlap|sizes"},
    CLI_SPLIT_OPTION(FIELD(split)),
    CLI_WHERE_OPTION(FIELD(where)),
    CLI_IDS_OPTION(FIELD(inputs.ids)),
    {.name = "column",
     .kind = CLI_REPEAT,
     .offset = FIELD(inputs.columns),
     .arg = "NAME[=COLUMN]",
     .help = "count this column too, or read one of zsc's columns from COLUMN; once per column"},
    {.name = "only",
     .kind = CLI_NAMES,
     .offset = FIELD(only),
     .arg = "COLUMNS",
     .help = "show only these of the metadata's columns, in this order",
     .shown_default = "all that the kind counts"},
    {.name = "show",
     .kind = CLI_NAMES,
     .offset = FIELD(show),
     .arg = "HEADS",
     .help =
         "show only these of the table's statistics, by their heads, in this order; counts and percent stand for those "
         "without and with %",
     .shown_default = "all"},
    CLI_MISSING_VALUES_OPTION(FIELD(inputs.missing_values)),
    CLI_TABLE_OPTIONS(FIELD(inputs)){.name = "decimal",
                                     .kind = CLI_TEXT,
                                     .offset = FIELD(inputs.file_layout.table.decimal),
                                     .arg = "CHAR",
                                     .help = "decimal point of the numbers: . or ,",
                                     .shown_default = "by the first lines"},
    {.letter = 'f',
     .name = "format",
     .kind = CLI_CHOICE,
     .offset = FIELD(format),
     .arg = "FORMAT",
     .help = "output format",
     .choices = "table|latex|markdown|csv|html|tsv|json",
     .shown_default = "by the ending of the output, else table"},
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_ALSO_OPTION(FIELD(also)),
    CLI_FORCE_OPTION,
};

const cli_command cli_stats_command = {
    .name = "stats",
    .group = "Data",
    .summary = "count what metadata holds: categories, splits, places, overlap",
    .operands = "METADATA",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "METADATA is CSV or TSV, also compressed with gzip or zstd; it is read once. Columns that it lacks are left "
        "out. Kinds:\n\n"
        "ranks: phylum to species, BIN and barcode: categories, rows with and without a label, imbalance (rows of the "
        "largest over rows of the smallest category), mean, median and population standard deviation of the rows of a "
        "category (Table 2 of BIOSCAN-5M).\n\n"
        "splits: records, distinct barcodes, BINs and taxa of each split, of each species set, and of all rows (Tables "
        "3, A9 and A10). Barcodes are counted as they stand, and in capitals without N at the end.\n\n"
        "geography: country, province or state, coordinates, and pairs of coordinates (Table A4).\n\n"
        "overlap: for each two splits the species, genera, BINs and barcodes that both have, and per cent of those of "
        "the row's split (Tables A11 to A14). A barcode in two splits is a leak.\n\n"
        "sizes: numbers, quartiles, mean and population standard deviation of the image sizes "
        "(image_measurement_value, area_fraction, scale_factor; Table A6), and of columns of your own.\n\n"
        "Memory grows with the distinct values: some 50 bytes each.",
    .examples = "  $ zsc stats metadata.csv\n"
                "  $ zsc stats metadata.csv --kind splits --only dna_barcode,species -o table3.tex --also table3.csv\n"
                "  $ zsc stats metadata.csv --kind ranks --split test+test_unseen --column country",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(stats_arguments),
    .run = run,
    .also_writes = also_writes,
};
