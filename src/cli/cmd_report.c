/* zsc report RESULTS... -o FILE.html */
#include <stdio.h>

#include "cli/read_results.h"
#include "report/html.h"

typedef struct report_arguments {
    cli_common common;
    const char *output, *title;
    bool no_figures;
    size_t most_taxa, most_runs;
    zsc_list taxa_ranks;
    cli_results_choice shown;
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
    cli_results r = {0};
    const zsc_report_options options = {.title = a->title,
                                        .taxa_ranks = &a->taxa_ranks,
                                        .most_taxa = a->most_taxa,
                                        .most_runs = a->most_runs,
                                        .figures = !a->no_figures};
    if (!a->output) return cli_usage("expected -o FILE.html");
    ZSC_TRY(cli_results_read(&a->shown, paths, count, &r));
    status = zsc_report_write(&r.rows, &r.set, &r.styles, &options, &a->common.exec, a->output);
    if (status == ZSC_OK) puts(a->output);
done:
    cli_results_free(&r);
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
    CLI_RESULTS_OPTIONS(offsetof(report_arguments, shown)),
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
