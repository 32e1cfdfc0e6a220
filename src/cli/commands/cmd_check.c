/* zsc check: what is wrong with the labels, barcodes and places of metadata, and what rules resolve of it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/inputs.h"
#include "inspect/check/check_metadata.h"
#include "inspect/check/fix.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"

typedef struct check_arguments {
    cli_common common;
    cli_inputs inputs; /* its table layout, columns and missing values only */
    zsc_list where;
    const char *split, *output, *fix;
    int format;
    bool strict;
} check_arguments;

enum { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

/* --- Findings */
static void add_first_rows(cli_cells *cells, const size_t *first)
{
    char text[96] = "";
    for (size_t i = 0, used = 0; i < ZSC_FINDING_ROWS && first[i]; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%zu", i ? ", " : "", first[i]);
    cli_cells_add(cells, "%s", *text ? text : "-");
}

static zsc_status print_table(const zsc_specimens *s, const zsc_findings *f)
{
    static const char *const header[] = {"rule", "findings", "of", "rows", "first rows", "meaning"};
    cli_cells cells = {0};
    for (size_t r = 0; r < ZSC_CHECK_RULES; r++) {
        if (f->count[r] == 0) continue;
        cli_cells_add(&cells, "%s%s", zsc_rules[r].name, zsc_rules[r].notice ? " (notice)" : "");
        cli_cells_add(&cells, "%zu", f->count[r]);
        cli_cells_add(&cells, "%s", zsc_rules[r].unit);
        cli_cells_add(&cells, "%zu", f->rows[r]);
        add_first_rows(&cells, f->first[r]);
        cli_cells_add(&cells, "%s", zsc_rules[r].meaning);
    }
    printf("%zu rows, %zu distinct barcodes\n", s->n, s->barcodes);
    if (f->items == 0) {
        puts("nothing was found");
        zsc_list_free(&cells.list);
        return cells.status;
    }
    putchar('\n');
    zsc_status status = cli_cells_print(&cells, header, sizeof header / sizeof *header, false);
    puts("\nfor instance");
    for (size_t r = 0; r < ZSC_CHECK_RULES; r++)
        for (size_t i = 0, shown = 0; i < f->items && shown < ZSC_FINDING_ROWS; i++)
            if (f->item[i].rule == r)
                printf("  %s: %s\n", zsc_rules[r].name, zsc_finding_text(f, &f->item[i])), shown++;
    return status;
}

static zsc_status print_csv(const zsc_findings *f)
{
    puts("rule,row,rows,finding");
    for (size_t i = 0; i < f->items; i++) {
        printf("%s,%zu,%zu,", zsc_rules[f->item[i].rule].name, f->item[i].row, f->item[i].rows);
        zsc_csv_write_field(stdout, zsc_finding_text(f, &f->item[i]));
        putchar('\n');
    }
    return ZSC_OK;
}

static json_t *whole(size_t value) { return json_integer((json_int_t)value); }

static zsc_status print_json(const char *path, const zsc_specimens *s, const zsc_findings *f)
{
    json_t *rules = json_array(), *findings = json_array();
    for (size_t r = 0; r < ZSC_CHECK_RULES; r++)
        json_array_append_new(rules, json_pack("{s:s, s:s, s:s, s:b, s:o, s:o}", "rule", zsc_rules[r].name, "unit",
                                               zsc_rules[r].unit, "meaning", zsc_rules[r].meaning, "notice",
                                               zsc_rules[r].notice, "findings", whole(f->count[r]), "rows",
                                               whole(f->rows[r])));
    for (size_t i = 0; i < f->items; i++)
        json_array_append_new(findings, json_pack("{s:s, s:o, s:o, s:s}", "rule", zsc_rules[f->item[i].rule].name,
                                                  "row", whole(f->item[i].row), "rows", whole(f->item[i].rows),
                                                  "finding", zsc_finding_text(f, &f->item[i])));
    json_t *root = json_pack("{s:s, s:o, s:o, s:o, s:o}", "file", path, "rows", whole(s->n), "barcodes",
                             whole(s->barcodes), "rules", rules, "findings", findings);
    bool good = root && json_dumpf(root, stdout, JSON_INDENT(2)) == 0;
    json_decref(root);
    putchar('\n');
    return good ? ZSC_OK : zsc_fail(ZSC_EINTERNAL, "cannot write the findings as JSON: out of memory?");
}

/* --- Command */
/* OUT.csv's log is OUT.changes.csv. */
static char *log_name(const char *path)
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    if (!dot || (slash && dot < slash)) dot = path + strlen(path);
    return zsc_asprintf("%.*s.changes.csv", (int)(dot - path), path);
}

static zsc_status also_writes(const void *data, zsc_list *paths)
{
    const check_arguments *a = data;
    if (!a->fix) return ZSC_OK;
    char *log = log_name(a->fix);
    zsc_status status = log ? zsc_list_add(paths, log) : ZSC_EINTERNAL;
    free(log);
    return status;
}

static zsc_status write_fixed(const zsc_metadata_source *source, zsc_specimens *s, const char *path)
{
    zsc_label_fixes fixes = {0};
    char *log = log_name(path);
    zsc_status status = log ? zsc_fix_labels(s, &fixes) : ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_fix_write(source, s, &fixes, path, log);
    if (status == ZSC_OK) zsc_note("%zu labels changed: '%s'; the changes are in '%s'", fixes.changes, path, log);
    if (status == ZSC_OK && !fixes.settled)
        zsc_warn("the rules still changed labels after %zu rounds; look through '%s'", fixes.rounds, log);
    zsc_label_fixes_free(&fixes);
    free(log);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    const check_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_columns columns;
    zsc_specimens s = {0};
    zsc_findings f = {.all = a->format != FORMAT_TABLE};
    if (a->fix && !zsc_output_is_file(a->fix))
        return cli_usage("option --fix: '%s' is no file, beside which the changes could be written; give the name of a "
                         "file",
                         a->fix);
    ZSC_TRY(cli_inputs_resolve(&a->inputs, NULL, &columns));
    const zsc_metadata_source source = {.path = operands[0],
                                        .table = &a->inputs.file_layout.table,
                                        .columns = &columns,
                                        .missing_values = a->inputs.missing_values,
                                        .where = &a->where,
                                        .split = a->split};
    ZSC_TRY(zsc_check_metadata(&source, &a->common.exec, &s, &f));
    if (a->fix) ZSC_TRY(write_fixed(&source, &s, a->fix));
    ZSC_TRY(a->format == FORMAT_JSON  ? print_json(operands[0], &s, &f)
            : a->format == FORMAT_CSV ? print_csv(&f)
                                      : print_table(&s, &f));
    if (a->strict && zsc_findings_faults(&f))
        status = zsc_fail(ZSC_EPARTIAL, "'%s': %zu findings, notices not counted", operands[0],
                          zsc_findings_faults(&f));
done:
    zsc_specimens_free(&s);
    zsc_findings_free(&f);
    return status;
}

#define FIELD(field) offsetof(check_arguments, field)
static const cli_option options[] = {
    CLI_SPLIT_OPTION(FIELD(split)),
    CLI_WHERE_OPTION(FIELD(where)),
    CLI_COLUMN_OPTION(FIELD(inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(inputs.missing_values)),
    CLI_TABLE_OPTIONS(FIELD(inputs)){
        .name = "fix",
        .kind = CLI_TEXT,
        .offset = FIELD(fix),
        .arg = "FILE",
        .file = CLI_WRITES,
        .help =
            "also write the metadata with what the rules resolve (CSV), and every change to FILE without its ending + "
            ".changes.csv",
        .shown_default = "none"},
    {.name = "strict",
     .kind = CLI_FLAG,
     .offset = FIELD(strict),
     .help = "exit with status 5 if anything but notices is found"},
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_FORCE_OPTION,
};

const cli_command cli_check_command = {
    .name = "check",
    .group = "Data",
    .summary = "look for errors in the labels, barcodes and places of metadata",
    .operands = "METADATA",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Errors in a survey's metadata lower AMI, whatever the encoder. zsc check looks for:\n\n"
        "barcodes: one barcode under several names at a rank (a majority of 90 % resolves it), named to different "
        "ranks, or in several splits; fewer than 500 bases, 1 % of N or more, ambiguity codes, other letters, stop "
        "codons in every frame (invertebrate mitochondrial code); rows that repeat a barcode, with the AMI that equal "
        "barcodes have alone, as clusters;\n\n"
        "names: taxa in two parents, a rank missing above a finer one (subfamilies may be missing), species whose "
        "first "
        "word is not their genus, sp., cf., nr. or aff. without a code, placeholders, and names that differ only in "
        "case, blanks, zeros before a number or one letter;\n\n"
        "rows: ids that are repeated or missing, coordinates that are out of range, incomplete or both 0.\n\n"
        "The table has a line per rule that is broken, with the first rows; csv and json have every finding. Columns "
        "that "
        "the file lacks are not looked for.\n\n"
        "--fix writes all rows and columns as CSV, with labels changed as doc/metadata.md says; what the rules do not "
        "resolve stays.\n\n"
        "Memory: some 120 bytes per row with an id and a barcode.",
    .examples = "  $ zsc check metadata.csv\n"
                "  $ zsc check metadata.csv --format csv -o findings.csv\n"
                "  $ zsc check metadata.csv --fix fixed.csv",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(check_arguments),
    .run = run,
    .also_writes = also_writes,
};
