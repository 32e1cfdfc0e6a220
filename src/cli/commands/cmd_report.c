/* zsc report RESULTS... -o FILE.html */
#include <stdio.h>

#include "base/memory.h"
#include "cli/read_results.h"
#include "experiment/series/retrieval_file.h"
#include "report/page/html.h"

typedef struct report_arguments {
    cli_common common;
    const char *output, *title, *confusions, *atlas;
    bool no_figures;
    size_t most_taxa, most_runs, resamples;
    zsc_list taxa_ranks;
    cli_results_choice shown;
} report_arguments;

static zsc_status report_defaults(void *data)
{
    report_arguments *a = data;
    a->title = "Zero-shot clustering";
    a->most_taxa = 100;
    a->most_runs = 24;
    a->resamples = 200;
    return ZSC_OK;
}

/* Results of zsc retrieve first, in their order. */
static zsc_status read_retrieval(char **paths, int count, zsc_retrieval_file **out, zsc_report_options *o)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_file *files = NULL, *sorted = NULL;
    size_t n = 0, to = 0;
    ZSC_TRY(zsc_retrieval_files_find((const char *const *)paths, (size_t)count, ZSC_RESULTS_OF_QUERIES, &files, &n));
    ZSC_NEW(sorted, n);
    for (int probe = 0; probe < 2; probe++)
        for (size_t i = 0; i < n; i++) {
            if (files[i].probe != probe) continue;
            sorted[to++] = files[i];
            *(probe ? &o->probes : &o->retrievals) += 1;
        }
    free(files);
    *out = sorted;
    return ZSC_OK;
done:
    zsc_retrieval_files_free(files, n);
    return status;
}

static zsc_status run_report(void *data, char **paths, int count)
{
    const report_arguments *a = data;
    zsc_status status = ZSC_OK;
    cli_results r = {0};
    zsc_retrieval_file *retrieval = NULL;
    zsc_report_options options = {.title = a->title,
                                  .taxa_ranks = &a->taxa_ranks,
                                  .confusions = a->confusions,
                                  .atlas = a->atlas,
                                  .resamples = a->resamples,
                                  .most_taxa = a->most_taxa,
                                  .most_runs = a->most_runs,
                                  .figures = !a->no_figures};
    if (!a->output) return cli_usage("expected -o FILE.html");
    ZSC_TRY(cli_results_read(&a->shown, paths, count, &a->common.exec, &r));
    ZSC_TRY(read_retrieval(paths, count, &retrieval, &options));
    options.retrieval = retrieval;
    status = zsc_report_write(&r.rows, &r.set, &r.styles, &options, &a->common.exec, a->output);
    if (status == ZSC_OK) puts(a->output);
done:
    cli_results_free(&r);
    zsc_retrieval_files_free(retrieval, options.retrievals + options.probes);
    return status;
}

#define AT(field) .offset = offsetof(report_arguments, field)
static const cli_option report_options[] = {
    CLI_PAGE_OPTIONS(offsetof(report_arguments, output), offsetof(report_arguments, title)),
    {.name = "taxa",
     .kind = CLI_NAMES,
     AT(taxa_ranks),
     .arg = "RANKS",
     .help = "ranks whose taxa are listed, or none",
     .shown_default = "all"},
    {.name = "confusions",
     .kind = CLI_TEXT,
     AT(confusions),
     .arg = "FILE",
     .help = "CSV of every confused specimen too: its taxon, its cluster, and the taxon that is most frequent there",
     .file = CLI_WRITES,
     .shown_default = "none"},
    {.name = "resamples",
     .kind = CLI_COUNT,
     AT(resamples),
     .arg = "N",
     .help = "resamples of the comparison of encoders; 0 leaves it out",
     .maximum = 100000},
    {.name = "atlas",
     .kind = CLI_TEXT,
     AT(atlas),
     .arg = "PAGE",
     .help = "page of zsc atlas to link to, at each run that is shown; a path relative to the report, or an address",
     .shown_default = "none"},
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
     .help = "number of runs shown in full: the one of the lowest seed of each encoder and settings",
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
    .description =
        "Writes a self-contained HTML page: figures as inline SVG, sortable tables that can be saved as CSV, "
        "a comparison of encoders with intervals, per-taxon results, configuration and provenance. It loads "
        "nothing from elsewhere, prints well, and fits small screens.\n\n"
        "For each rank, the page shows which taxa are confused at the run's own cut: as a heat map, and as a table "
        "of the taxa with specimens in clusters where another taxon is most frequent. For each taxon it also shows "
        "the number of clusters that hold its specimens, the share of the pairs of its specimens that lie in one "
        "cluster, the "
        "share of the taxon in its clusters, and the taxon that it is most confused with.\n\n"
        "Results of zsc retrieve that are in folders of RESULTS have a section of their own: accuracy against rank, "
        "and "
        "which taxa are taken for which.",
    .examples = "  $ zsc report results/ -o report.html",
    .options = report_options,
    .option_count = sizeof report_options / sizeof *report_options,
    .size = sizeof(report_arguments),
    .defaults = report_defaults,
    .run = run_report,
};
