/* zsc plot KIND RESULTS..., zsc plot KIND METADATA */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands/plot_metadata.h"
#include "cli/inputs.h"
#include "cli/read_results.h"
#include "experiment/store/result_parts.h"
#include "experiment/series/results_table_read.h"
#include "io/files/atomic.h"
#include "report/figures/figures.h"

typedef struct plot_arguments {
    cli_common common;
    const char *output, *font, *title, *rank, *baseline, *unit;
    int columns, size, score, look;
    size_t k;
    double width, height, font_size, level;
    size_t decimals, dpi, taxa, leaves, resamples, text_columns, text_rows;
    bool dumb, dark, ceiling;
    zsc_list base, settings;
    cli_results_choice shown;
    cli_inputs inputs; /* of metadata: its table layout, columns, missing values and ids only */
    const char *split, *coastline;
} plot_arguments;

enum { LOOK_ZSC, LOOK_PAPER };

static zsc_status plot_defaults(void *data)
{
    plot_arguments *a = data;
    a->columns = 0;
    a->taxa = 12;
    a->leaves = 30;
    a->resamples = 1000;
    a->unit = ZSC_FINEST;
    a->level = 0.95;
    a->dpi = 300;
    a->text_columns = 100;
    a->text_rows = 40;
    return ZSC_OK;
}

/* What a figure is drawn from. */
typedef struct input {
    const plot_arguments *a;
    const zsc_figure_options *o;
    char *const *paths;
    size_t count;
    cli_results r;
} input;

static zsc_status draw_ranks(const input *in, char **dumb)
{
    const zsc_ami_figure how = {
        .ceiling = in->a->ceiling, .published = in->a->look == LOOK_PAPER, .rarefied = in->a->shown.reference.rarefy};
    return zsc_figure_ranks(&in->r.set, how, in->o, dumb);
}
static zsc_status draw_stages(const input *in, char **dumb)
{
    return zsc_figure_stages(&in->r.rows, &in->r.set, in->o, dumb);
}
static zsc_status draw_growth(const input *in, char **dumb)
{
    return zsc_figure_growth(&in->r.rows, &in->r.styles, in->o, dumb);
}

static zsc_status draw_heatmap(const input *in, char **dumb)
{
    zsc_crossmodal table = {0};
    const char *rank = in->a->rank ? in->a->rank : zsc_series_finest(&in->r.set);
    zsc_status status = zsc_crossmodal_make(&in->r.set, &in->r.styles, rank, &table);
    if (status == ZSC_OK) status = zsc_figure_heatmap(&table, rank, (int)in->a->decimals, in->o, dumb);
    zsc_crossmodal_free(&table);
    return status;
}

static zsc_status draw_settings(const input *in, char **dumb)
{
    const char *rank = in->a->rank ? in->a->rank : zsc_series_finest(&in->r.set);
    return zsc_figure_settings(&in->r.set, &in->r.styles, &in->a->settings, rank, in->o, dumb);
}

static zsc_status draw_clusters(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_of_table(&in->r.rows, ZSC_RESULT_CURVE, 4, &list);
    if (status == ZSC_OK) status = zsc_figure_clusters(&list, &in->r.styles, in->o, dumb);
    zsc_results_free(&list);
    return status;
}

static zsc_status draw_cuts(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    const char *rank = in->a->rank ? in->a->rank : zsc_series_finest(&in->r.set);
    zsc_status status = zsc_results_of_table(&in->r.rows, 0, 4, &list);
    if (status == ZSC_OK) status = zsc_figure_cuts(&list, rank, &in->r.styles, in->o, dumb);
    zsc_results_free(&list);
    return status;
}

static zsc_status draw_layers(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_of_table(&in->r.rows, 0, 1, &list);
    if (status == ZSC_OK)
        status = zsc_figure_layers(&list.item[0], in->r.set.rank, in->r.set.ranks, &in->r.styles, in->o, dumb);
    zsc_results_free(&list);
    return status;
}

static zsc_status draw_scatter(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_of_table(&in->r.rows, ZSC_RESULT_ROWS | ZSC_RESULT_REDUCED, 1, &list);
    if (status == ZSC_OK)
        status = zsc_figure_scatter(&list.item[0], in->a->rank ? in->a->rank : zsc_result_coloured_rank(&list.item[0]),
                                    in->a->taxa, &in->a->common.exec, &in->r.styles, in->o, dumb);
    zsc_results_free(&list);
    return status;
}

static zsc_status draw_dendrogram(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_of_table(&in->r.rows, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE, 1, &list);
    if (status == ZSC_OK)
        status = zsc_figure_dendrogram(&list.item[0],
                                       in->a->rank ? in->a->rank : zsc_result_coloured_rank(&list.item[0]),
                                       in->a->leaves, &in->r.styles, in->o, dumb);
    zsc_results_free(&list);
    return status;
}

static zsc_status draw_compare(const input *in, char **dumb)
{
    zsc_result_list list = {0};
    zsc_comparison comparison = {0};
    const plot_arguments *a = in->a;
    zsc_compare_options options = zsc_compare_defaults();
    options.unit = a->unit;
    options.resampling.count = a->resamples;
    options.level = a->level;
    options.one_group = true;
    options.baseline = a->baseline;
    options.ranks = a->shown.ranks.count ? (const char *const *)a->shown.ranks.item : NULL;
    options.rank_count = a->shown.ranks.count;
    zsc_status status = zsc_results_of_table(&in->r.rows, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE, SIZE_MAX, &list);
    if (status == ZSC_OK) status = zsc_compare(&list, &options, &a->common.exec, &comparison);
    if (status == ZSC_OK)
        status = zsc_figure_compare(&comparison.group[0], a->baseline, a->level, &in->r.set, &in->r.styles, in->o,
                                    dumb);
    zsc_comparison_free(&comparison);
    zsc_results_free(&list);
    return status;
}

/* --- Measures */
static zsc_status draw_measures(const input *in, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_file *files = NULL;
    zsc_measures measures = {0};
    size_t n = 0;
    const char *rank = in->a->rank ? in->a->rank : zsc_series_finest(&in->r.set);
    ZSC_TRY(zsc_retrieval_files_find((const char *const *)in->paths, in->count, ZSC_RESULTS_OF_RETRIEVAL, &files, &n));
    ZSC_TRY(zsc_measures_make(&in->r.rows, files, n, rank, &measures));
    status = zsc_figure_measures(&measures, &in->r.styles, rank, in->o, dumb);
done:
    zsc_measures_free(&measures);
    zsc_retrieval_files_free(files, n);
    return status;
}

/* --- Sensitivity */
static zsc_status draw_sensitivity(const input *in, char **dumb)
{
    zsc_conditions conditions = {0};
    zsc_status status = zsc_conditions_make(&in->r.set, &in->r.rows, &in->a->base, in->a->rank, &conditions);
    if (status == ZSC_OK) status = zsc_figure_sensitivity(&conditions, &in->r.styles, in->o, dumb);
    zsc_conditions_free(&conditions);
    return status;
}

/* --- Retrieval */
static zsc_status draw_accuracy(const plot_arguments *a, const zsc_retrieval_file *files, size_t count,
                                const zsc_figure_options *o, char **dumb)
{
    const zsc_retrieval_figure_options options = {
        .score = a->score ? "micro" : "macro", .k = a->k, .ranks = &a->shown.ranks};
    return zsc_figure_retrieval(files, count, &options, o, dumb);
}

static zsc_status draw_confusion(const plot_arguments *a, const zsc_retrieval_file *files, size_t count,
                                 const zsc_figure_options *o, char **dumb)
{
    zsc_retrieval_confusion_map map = {0};
    if (count != 1)
        return zsc_fail(ZSC_EINPUT,
                        "zsc plot confusion draws one result of zsc retrieve or zsc probe, and there are %zu; name "
                        "one",
                        count);
    zsc_status status = zsc_retrieval_confusion_map_make(&files[0], a->rank, a->split, a->k, a->taxa < 2 ? 2 : a->taxa,
                                                         &map);
    if (status == ZSC_OK) status = zsc_figure_confusion(&files[0], &map, o, dumb);
    zsc_retrieval_confusion_map_free(&map);
    return status;
}

/* One table entry per kind: what draws it from results, from metadata, or from what zsc retrieve found. */
static const struct {
    const char *name;
    zsc_status (*draw)(const input *, char **);
    zsc_status (*draw_metadata)(const cli_plot_metadata *, const zsc_figure_options *, char **);
    zsc_status (*draw_retrieval)(const plot_arguments *, const zsc_retrieval_file *, size_t, const zsc_figure_options *,
                                 char **);
} kinds[] = {
    {"ranks", draw_ranks, NULL, NULL},
    {"settings", draw_settings, NULL, NULL},
    {"clusters", draw_clusters, NULL, NULL},
    {"cuts", draw_cuts, NULL, NULL},
    {"layers", draw_layers, NULL, NULL},
    {"heatmap", draw_heatmap, NULL, NULL},
    {"scatter", draw_scatter, NULL, NULL},
    {"dendrogram", draw_dendrogram, NULL, NULL},
    {"compare", draw_compare, NULL, NULL},
    {"measures", draw_measures, NULL, NULL},
    {"sensitivity", draw_sensitivity, NULL, NULL},
    {"stages", draw_stages, NULL, NULL},
    {"growth", draw_growth, NULL, NULL},
    {"retrieval", NULL, NULL, draw_accuracy},
    {"confusion", NULL, NULL, draw_confusion},
    {"prevalence", NULL, cli_plot_prevalence, NULL},
    {"composition", NULL, cli_plot_composition, NULL},
    {"map", NULL, cli_plot_map, NULL},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static zsc_status figure_options(const plot_arguments *a, zsc_figure_options *o)
{
    *o = (zsc_figure_options){.output = a->output,
                              .format = ZSC_FIGURE_DUMB,
                              .width = a->width,
                              .height = a->height,
                              .use = (zsc_figure_use)a->size,
                              .columns = a->columns + 1,
                              .font = a->font,
                              .font_size = a->font_size,
                              .dpi = a->dpi,
                              .text_columns = a->text_columns,
                              .text_rows = a->text_rows,
                              .title = a->title,
                              .dark = a->dark};
    if (a->dumb) return ZSC_OK;
    if (!a->output)
        return cli_usage("expected -o FILE.pdf (or .svg, .png, .eps, .tex), or --dumb to draw in the terminal");
    return zsc_figure_format_of(a->output, &o->format);
}

static zsc_status draw_results(const plot_arguments *a, size_t kind, char **paths, int count,
                               const zsc_figure_options *options, char **dumb)
{
    input in = {.a = a, .o = options, .paths = paths, .count = (size_t)count};
    zsc_status status = cli_results_read(&a->shown, paths, count, &a->common.exec, &in.r);
    if (status == ZSC_OK) status = kinds[kind].draw(&in, dumb);
    cli_results_free(&in.r);
    return status;
}

static zsc_status draw_metadata(const plot_arguments *a, size_t kind, char **paths, int count,
                                const zsc_figure_options *options, char **dumb)
{
    const zsc_columns columns = {(const char *const *)a->inputs.columns.item, a->inputs.columns.count};
    const cli_plot_metadata from = {.source = {.path = paths[0],
                                               .table = &a->inputs.file_layout.table,
                                               .columns = &columns,
                                               .missing_values = a->inputs.missing_values,
                                               .where = &a->shown.where,
                                               .ids = a->inputs.ids,
                                               .split = a->split},
                                    .rank = a->rank,
                                    .coastline = a->coastline,
                                    .ranks = &a->shown.ranks,
                                    .exec = &a->common.exec};
    if (count > 1) return cli_usage("zsc plot %s draws one file of metadata, not %d", kinds[kind].name, count);
    return kinds[kind].draw_metadata(&from, options, dumb);
}

static zsc_status draw_retrieval(const plot_arguments *a, size_t kind, char **paths, int count,
                                 const zsc_figure_options *options, char **dumb)
{
    zsc_retrieval_file *files = NULL;
    size_t n = 0;
    zsc_status status = zsc_retrieval_files_read((const char *const *)paths, (size_t)count, ZSC_RESULTS_OF_QUERIES,
                                                 &files, &n);
    if (status == ZSC_OK) status = kinds[kind].draw_retrieval(a, files, n, options, dumb);
    zsc_retrieval_files_free(files, n);
    return status;
}

static zsc_status run_plot(void *data, char **words, int count)
{
    const plot_arguments *a = data;
    zsc_status status = ZSC_OK;
    size_t k = 0;
    zsc_figure_options options;
    char *dumb = NULL;
    ZSC_TRY(cli_find_kind("figure", words[0], &kinds[0].name, sizeof *kinds, KINDS, &k));
    ZSC_TRY(figure_options(a, &options));
    ZSC_TRY((kinds[k].draw             ? draw_results
             : kinds[k].draw_retrieval ? draw_retrieval
                                       : draw_metadata)(a, k, words + 1, count - 1, &options, &dumb));
    fputs(a->dumb ? dumb : a->output, stdout);
    if (!a->dumb) putchar('\n');
done:
    free(dumb);
    return status;
}

/* The data beside a figure, and what LaTeX includes. */
static zsc_status also_writes(const void *data, zsc_list *paths)
{
    const plot_arguments *a = data;
    return a->output && !a->dumb ? cli_figure_writes(a->output, paths) : ZSC_OK;
}

#define AT(field) .offset = offsetof(plot_arguments, field)
static const cli_option plot_options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     AT(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "figure to write; its extension gives the format: .pdf, .svg, .png, .eps, or .tex (with a .pdf "
             "beside it)"},
    {.name = "dumb", .kind = CLI_FLAG, AT(dumb), .help = "draw in the terminal, as text"},
    {.name = "size",
     .kind = CLI_CHOICE,
     AT(size),
     .arg = "USE",
     .choices = "paper|talk|poster",
     .help = "what the figure is for: sizes of text, lines and marks, and widths; a talk's two columns are a slide"},
    {.name = "dark", .kind = CLI_FLAG, AT(dark), .help = "light on a dark background"},
    {.name = "columns",
     .kind = CLI_CHOICE,
     AT(columns),
     .arg = "N",
     .choices = "1|2",
     .help = "width of one or two columns of a page"},
    {.name = "width",
     .kind = CLI_REAL,
     AT(width),
     .arg = "INCHES",
     .help = "width",
     .minimum = 1,
     .maximum = 50,
     .shown_default = "3.4 or 7 by --columns; talk 6.5 or 13.3, poster 12 or 24.5"},
    {.name = "height",
     .kind = CLI_REAL,
     AT(height),
     .arg = "INCHES",
     .help = "height",
     .minimum = 0.5,
     .maximum = 50,
     .shown_default = "depends on content"},
    {.name = "font",
     .kind = CLI_TEXT,
     AT(font),
     .arg = "NAME",
     .help = "font family",
     .shown_default = "the system's sans serif"},
    {.name = "font-size",
     .kind = CLI_REAL,
     AT(font_size),
     .arg = "POINTS",
     .help = "size of all text",
     .shown_default = "8; talk 15, poster 28",
     .minimum = 3,
     .maximum = 72},
    {.name = "dpi",
     .kind = CLI_COUNT,
     AT(dpi),
     .arg = "N",
     .help = "resolution of PNG, in dots per inch",
     .minimum = 30,
     .maximum = 2400},
    {.name = "text-columns",
     .kind = CLI_COUNT,
     AT(text_columns),
     .arg = "N",
     .help = "characters per line, with --dumb",
     .minimum = 40,
     .maximum = 500},
    {.name = "text-rows",
     .kind = CLI_COUNT,
     AT(text_rows),
     .arg = "N",
     .help = "number of lines, with --dumb",
     .minimum = 15,
     .maximum = 300},
    {.name = "title",
     .kind = CLI_TEXT,
     AT(title),
     .arg = "TEXT",
     .help = "title above the figure",
     .shown_default = "none"},
    CLI_RESULTS_OPTIONS(offsetof(plot_arguments, shown)),
    {.name = "ceiling",
     .kind = CLI_FLAG,
     AT(ceiling),
     .help = "also draw what perfect clusters of the rank that K is of get at each rank (ranks)"},
    {.name = "look",
     .kind = CLI_CHOICE,
     AT(look),
     .arg = "LOOK",
     .choices = "zsc|paper",
     .help = "paper: as Figures 6 and A11 of BIOSCAN-5M, with ticks of ten, and pretraining and architectures in the "
             "legend (ranks)"},
    CLI_REFERENCE_OPTIONS(offsetof(plot_arguments, shown), " (ranks)"),
    {.name = "rank",
     .kind = CLI_TEXT,
     AT(rank),
     .arg = "RANK",
     .help = "rank of heatmap, cuts, settings, measures, sensitivity, confusion and prevalence; rank that colours "
             "scatter and "
             "dendrogram",
     .shown_default = "scatter and dendrogram family, or the finest there is; others the finest (species)"},
    CLI_BASE_OPTION(offsetof(plot_arguments, base)),
    {.name = "settings",
     .kind = CLI_NAMES,
     AT(settings),
     .arg = "NAME[,NAME]",
     .help = "what settings shows AMI against: one setting, or two as a map",
     .shown_default = "those that differ among the runs of an encoder"},
    {.name = "taxa",
     .kind = CLI_COUNT,
     AT(taxa),
     .arg = "N",
     .help = "number of taxa that scatter names, the most frequent first, or that confusion shows",
     .minimum = 0,
     .maximum = 28},
    {.name = "leaves",
     .kind = CLI_COUNT,
     AT(leaves),
     .arg = "N",
     .help = "number of branches that dendrogram shows",
     .minimum = 2,
     .maximum = 500},
    {.name = "baseline",
     .kind = CLI_TEXT,
     AT(baseline),
     .arg = "ENCODER",
     .help = "baseline of compare",
     .shown_default = "the best"},
    CLI_RESAMPLING_OPTIONS(offsetof(plot_arguments, unit), offsetof(plot_arguments, resamples),
                           offsetof(plot_arguments, level), " of compare"),
    {.name = "decimals",
     .kind = CLI_COUNT,
     AT(decimals),
     .arg = "N",
     .help = "decimals in the heatmap, rounded half to even",
     .maximum = 8},
    /* retrieval */
    {.name = "k",
     .kind = CLI_COUNT,
     AT(k),
     .arg = "K",
     .help = "how many of the nearest keys count (retrieval, confusion)",
     .minimum = 1,
     .maximum = 1e9,
     .shown_default = "the first that all have"},
    {.name = "score",
     .kind = CLI_CHOICE,
     AT(score),
     .arg = "SCORE",
     .choices = "macro|micro",
     .help = "mean over taxa, or over queries (retrieval)"},
    /* metadata */
    {.name = "coastline",
     .kind = CLI_TEXT,
     AT(coastline),
     .arg = "FILE",
     .help = "lines that map draws: longitude and latitude per line, blank lines or lines with > between the parts",
     .shown_default = "none"},
    CLI_SPLIT_OPTION(offsetof(plot_arguments, split)),
    CLI_IDS_OPTION(offsetof(plot_arguments, inputs.ids)),
    CLI_COLUMN_OPTION(offsetof(plot_arguments, inputs.columns)),
    CLI_MISSING_VALUES_OPTION(offsetof(plot_arguments, inputs.missing_values)),
    CLI_TABLE_OPTIONS(offsetof(plot_arguments, inputs)){.name = "decimal",
                                                        .kind = CLI_TEXT,
                                                        AT(inputs.file_layout.table.decimal),
                                                        .arg = "CHAR",
                                                        .help = "decimal point of the coordinates: . or ,",
                                                        .shown_default = "by the first lines"},
    CLI_FORCE_OPTION,
};

const cli_command cli_plot_command = {
    .name = "plot",
    .group = "Figures and tables",
    .summary = "draw a figure of results or of metadata",
    .operands = "KIND RESULTS...|METADATA",
    .min_operands = 2,
    .kinds = "ranks, settings, clusters, cuts, layers, heatmap, scatter, dendrogram, compare, measures, "
             "sensitivity, stages, growth, retrieval, "
             "confusion, prevalence, composition and map",
    .max_operands = -1,
    .description =
        "RESULTS are result files, folders of them, or tidy CSV files of `zsc collect`; METADATA is CSV or TSV, also "
        "compressed, for the kinds prevalence, composition and map. gnuplot draws "
        "the figure (Debian package gnuplot-nox). zsc keeps the data file beside the figure; gnuplot -e "
        "\"data='fig.dat'\" plots/KIND.gp makes the figure again.\n\n"
        "Kinds:\n\n"
        "ranks: AMI against rank, one curve per encoder, one panel per modality, error bars (standard "
        "deviation) if there are several seeds.\n\n"
        "settings: AMI at one rank against a setting of the runs (neighbors, min_dist, scale, ...): a line per "
        "encoder and other settings if it is a number, with the standard deviation over seeds; points side by "
        "side if it is a word; by two settings, a heat map per encoder.\n\n"
        "clusters: AMI at every cut K of the dendrogram (runs with --curve), with marks at K = number of "
        "classes and at the best K; up to four results.\n\n"
        "cuts: what --cut gap, elbow or silhouette measured at numbers of clusters, with K found and the classes of "
        "--rank.\n\n"
        "layers: layers of one result (--clusterer layers) against ranks, AMI in colour.\n\n"
        "heatmap: the cross-modal table in colour.\n\n"
        "scatter: rows in two dimensions, coloured by taxon (one run with --keep-reduced; of more than "
        "two dimensions, the first two principal axes).\n\n"
        "dendrogram: the last merges and the taxa of the branches (one run).\n\n"
        "compare: differences of AMI to a baseline with resampling intervals, as `zsc compare` prints "
        "them: one panel per rank, one line per encoder, the best first. Hollow marks are differences that "
        "do not hold.\n\n"
        "measures: whether AMI at a rank (--rank) agrees with other measures across encoders: against 1-NN accuracy "
        "(of results of zsc retrieve in the same folders, of an encoder in itself) and against the silhouette of the "
        "clusters (of runs with --internal). One point per encoder, the mean over its runs, with Spearman's rank "
        "correlation, as `zsc compare --measures` prints them.\n\n"
        "sensitivity: AMI at a rank (--rank) under other settings than those of a base (--base), and of its single "
        "seeds: "
        "a line per condition, a point per encoder, thin lines where the encoders stand in the base, and Kendall's tau "
        "of "
        "their order with the base's, as `zsc table sensitivity` prints it.\n\n"
        "stages: seconds by stage and peak memory.\n\n"
        "growth: seconds and memory against the number of rows.\n\n"
        "retrieval: accuracy of zsc retrieve against rank, one curve per pair of encoders, one panel per split of the "
        "queries, such as seen and unseen. RESULTS are JSON files and results of zsc retrieve.\n\n"
        "confusion: what one such file takes for what at a rank (--rank, --split, --k): the taxa (--taxa) of the most "
        "frequent confusions, in per cent of the queries of a row; queries that are right are framed.\n\n"
        "prevalence: how many species (--rank) have how many records, and how many distinct barcodes, on logarithmic "
        "axes.\n\n"
        "composition: taxa by their share of the rows, one column per rank (--ranks), each taxon beside the one that "
        "it "
        "is in. Taxa that would be too thin are merged as others, and the figure says how many.\n\n"
        "map: specimens by latitude and longitude (columns coord-lat and coord-lon), binned to cells; a region if all "
        "are within 120 by 80 degrees, else the world. --coastline adds lines of a map.\n\n"
        "--split (but for confusion), --ids, --column, --missing-values, --delimiter and --no-header are for metadata, "
        "and "
        "--where is COLUMN=VALUE there.",
    .examples = "  $ zsc plot ranks results/ -o ranks.pdf --columns 2\n"
                "  $ zsc plot settings results/ --settings neighbors --where scale=none -o neighbors.pdf\n"
                "  $ zsc plot ranks results/ --dumb\n"
                "  $ zsc plot retrieval dna-dna.json image-dna.json --columns 2 -o retrieval.pdf\n"
                "  $ zsc plot measures results/ --rank genus --columns 2 -o measures.pdf\n"
                "  $ zsc plot composition metadata.csv --columns 2 -o composition.pdf\n"
                "  $ zsc plot map metadata.csv --split train -o map.pdf",
    .options = plot_options,
    .option_count = sizeof plot_options / sizeof *plot_options,
    .size = sizeof(plot_arguments),
    .defaults = plot_defaults,
    .run = run_plot,
    .also_writes = also_writes,
};
