/* zsc report RESULTS... -o FILE.html */
#include <stdio.h>

#include "cli/cli.h"
#include "report/html.h"

typedef struct report_arguments {
    cli_common common;
    const char *output, *title, *style;
    bool no_figures;
    int rows;
    size_t most_taxa, most_runs;
    zsc_list taxa_ranks, ranks, encoders, where;
} report_arguments;

static zsc_status report_defaults(void *data)
{
    report_arguments *a = data;
    a->title = "Zero-shot clustering";
    a->most_taxa = 100;
    a->most_runs = 24;
    return zsc_list_split(&a->taxa_ranks, "order,family", ",");
}

static zsc_status run_report(void *data, char **paths, int count)
{
    const report_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_styles styles = {0};
    zsc_tidy rows = {0};
    zsc_series_set set = {0};
    const zsc_report_options options = {.title = a->title,
                                        .taxa_ranks = &a->taxa_ranks,
                                        .most_taxa = a->most_taxa,
                                        .most_runs = a->most_runs,
                                        .figures = !a->no_figures};
    if (!a->output) return cli_usage("expected -o FILE.html");
    ZSC_TRY(zsc_styles_load(a->style, &styles));
    ZSC_TRY(zsc_tidy_read((const char *const *)paths, (size_t)count, &rows));
    ZSC_TRY(zsc_tidy_filter(&rows, &a->where, &a->encoders, a->rows));
    ZSC_TRY(zsc_series_make(&rows, &styles, &a->ranks, &set));
    status = zsc_report_write(&rows, &set, &styles, &options, &a->common.exec, a->output);
    if (status == ZSC_OK) puts(a->output);
done:
    zsc_series_free(&set);
    zsc_tidy_free(&rows);
    zsc_styles_free(&styles);
    return status;
}

#define AT(field) .offset = offsetof(report_arguments, field)
static const cli_option report_options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     AT(output),
     .arg = "FILE",
     .help = "page to write, FILE.html",
     .file = CLI_WRITES},
    {.name = "title", .kind = CLI_TEXT, AT(title), .arg = "TEXT", .help = "title of the page"},
    {.name = "taxa", .kind = CLI_NAMES, AT(taxa_ranks), .arg = "RANKS", .help = "ranks whose taxa are listed"},
    CLI_FORCE_OPTION,
    {.name = "most-taxa",
     .kind = CLI_COUNT,
     AT(most_taxa),
     .arg = "N",
     .help = "number of taxa per list, the most frequent first",
     .minimum = 1,
     .maximum = 1000000},
    {.name = "runs",
     .kind = CLI_COUNT,
     AT(most_runs),
     .arg = "N",
     .help = "number of runs shown in full: the first of each encoder and settings",
     .maximum = 100000},
    {.name = "no-figures", .kind = CLI_FLAG, AT(no_figures), .help = "write tables only; gnuplot is not needed"},
    {.name = "style",
     .kind = CLI_TEXT,
     AT(style),
     .arg = "FILE",
     .help = "CSV file of encoder styles, as for zsc plot",
     .shown_default = "built in"},
    {.name = "rows",
     .kind = CLI_CHOICE,
     AT(rows),
     .arg = "WHICH",
     .choices = "both|all|barcode",
     .help = "runs on all rows, on one row per barcode, or both"},
    {.name = "ranks",
     .kind = CLI_NAMES,
     AT(ranks),
     .arg = "RANKS",
     .help = "ranks to show, in this order",
     .shown_default = "all with scores"},
    {.name = "encoders",
     .kind = CLI_NAMES,
     AT(encoders),
     .arg = "NAMES",
     .help = "encoders to show; a+b is a pair",
     .shown_default = "all"},
    {.name = "where",
     .kind = CLI_REPEAT,
     AT(where),
     .arg = "COLUMN=VALUE",
     .help = "only results with this value in a column of `zsc collect`, e.g. scale=zscore"},
};

const cli_command cli_report_command = {
    .name = "report",
    .group = "Figures and tables",
    .summary = "write one HTML page with all results",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Writes a self-contained HTML page: figures as inline SVG, sortable tables, per-taxon results, "
                   "configuration and provenance. It loads nothing from elsewhere, and prints well.\n\n"
                   "For each taxon of the ranks of --taxa, the page shows the number of clusters that hold its "
                   "specimens, the chance that two of its specimens are in one cluster, the share of the taxon in "
                   "its clusters, and the taxon that it is most confused with.",
    .examples = "  $ zsc report results/ -o report.html",
    .options = report_options,
    .option_count = sizeof report_options / sizeof *report_options,
    .size = sizeof(report_arguments),
    .defaults = report_defaults,
    .run = run_report,
};
