/* zsc plot KIND RESULTS... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cli.h"
#include "report/figures.h"

typedef struct plot_arguments {
    cli_common common;
    const char *output, *font, *title, *style, *rank;
    int columns, rows;
    double width, height, font_size;
    size_t decimals, dpi, text_columns, text_rows;
    bool dumb;
    zsc_list ranks, encoders, where;
} plot_arguments;

static void plot_defaults(void *data)
{
    plot_arguments *a = data;
    a->columns = 0;
    a->rank = "species";
    a->font_size = 8;
    a->dpi = 300;
    a->text_columns = 100;
    a->text_rows = 40;
}

typedef zsc_status (*series_figure)(const plot_arguments *, const zsc_series_set *, const zsc_styles *, const zsc_figure_options *, char **);

static zsc_status draw_ranks(const plot_arguments *a, const zsc_series_set *set, const zsc_styles *styles, const zsc_figure_options *o, char **dumb)
{
    (void)a, (void)styles;
    return zsc_figure_ranks(set, o, dumb);
}

static zsc_status draw_heatmap(const plot_arguments *a, const zsc_series_set *set, const zsc_styles *styles, const zsc_figure_options *o, char **dumb)
{
    zsc_crossmodal table = {0};
    zsc_status status = zsc_crossmodal_make(set, styles, a->rank, &table);
    if (status == ZSC_OK) status = zsc_figure_heatmap(&table, a->rank, (int)a->decimals, o, dumb);
    zsc_crossmodal_free(&table);
    return status;
}

/* One table entry a kind. */
static const struct {
    const char *name;
    series_figure series; /* of kinds that work on scores */
} kinds[] = {
    {"ranks", draw_ranks},
    {"heatmap", draw_heatmap},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static zsc_status unknown_kind(const char *word)
{
    const char *names[KINDS];
    zsc_text list = {0};
    for (size_t i = 0; i < KINDS; i++) {
        names[i] = kinds[i].name;
        zsc_text_printf(&list, "%s%s", i ? ", " : "", kinds[i].name);
    }
    const char *near = zsc_nearest(word, names, KINDS);
    zsc_status status = near ? cli_usage("there is no figure '%s'; did you mean '%s'?", word, near)
                             : cli_usage("there is no figure '%s'; there are %s", word, list.data ? list.data : "");
    free(list.data);
    return status;
}

static zsc_status figure_options(const plot_arguments *a, zsc_figure_options *o)
{
    *o = (zsc_figure_options){.output = a->output, .format = ZSC_FIGURE_DUMB, .width = a->width, .height = a->height,
        .columns = a->columns + 1, .font = a->font, .font_size = a->font_size, .dpi = a->dpi,
        .text_columns = a->text_columns, .text_rows = a->text_rows, .title = a->title};
    if (a->dumb) {
        o->width = (double)a->text_columns / 12; /* figures lay themselves out by inches: 12 letters each */
        return ZSC_OK;
    }
    if (!a->output) return cli_usage("expected -o FILE.pdf (or .svg, .png, .eps, .tex), or --dumb to draw in the terminal");
    return zsc_figure_format_of(a->output, &o->format);
}

static zsc_status plot_series(const plot_arguments *a, series_figure draw, const zsc_figure_options *o, char **paths, int count, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_tidy rows = {0};
    zsc_styles styles = {0};
    zsc_series_set set = {0};
    ZSC_TRY(zsc_styles_load(a->style, &styles));
    ZSC_TRY(zsc_tidy_read((const char *const *)paths, (size_t)count, &rows));
    ZSC_TRY(zsc_tidy_filter(&rows, &a->where, &a->encoders, a->rows));
    ZSC_TRY(zsc_series_make(&rows, &styles, &a->ranks, &set));
    status = draw(a, &set, &styles, o, dumb);
done:
    zsc_series_free(&set);
    zsc_tidy_free(&rows);
    zsc_styles_free(&styles);
    return status;
}

static zsc_status run_plot(void *data, char **words, int count)
{
    const plot_arguments *a = data;
    size_t k = 0;
    zsc_figure_options options;
    char *dumb = NULL;
    while (k < KINDS && strcmp(kinds[k].name, words[0]) != 0) k++;
    if (k == KINDS) return unknown_kind(words[0]);
    zsc_status status = figure_options(a, &options);
    if (status == ZSC_OK) status = plot_series(a, kinds[k].series, &options, words + 1, count - 1, &dumb);
    if (status == ZSC_OK) fputs(a->dumb ? dumb : a->output, stdout);
    if (status == ZSC_OK && !a->dumb) putchar('\n');
    free(dumb);
    return status;
}

#define AT(field) .offset = offsetof(plot_arguments, field)
static const cli_option plot_options[] = {
    {.letter = 'o', .name = "output", .kind = CLI_TEXT, AT(output), .arg = "FILE",
     .help = "the figure; its ending chooses the form: .pdf, .svg, .png, .eps, or .tex (with a .pdf beside it)"},
    {.name = "dumb", .kind = CLI_FLAG, AT(dumb), .help = "draw in the terminal, with letters"},
    {.name = "columns", .kind = CLI_CHOICE, AT(columns), .arg = "N", .choices = "1|2", .help = "width of one or of two columns of a page"},
    {.name = "width", .kind = CLI_REAL, AT(width), .arg = "INCHES", .help = "another width", .minimum = 1, .maximum = 50, .shown_default = "3.4 or 7 by --columns"},
    {.name = "height", .kind = CLI_REAL, AT(height), .arg = "INCHES", .help = "height", .minimum = 0.5, .maximum = 50, .shown_default = "by content"},
    {.name = "font", .kind = CLI_TEXT, AT(font), .arg = "NAME", .help = "font family", .shown_default = "the system's sans serif"},
    {.name = "font-size", .kind = CLI_REAL, AT(font_size), .arg = "POINTS", .help = "size of all text", .minimum = 3, .maximum = 72},
    {.name = "dpi", .kind = CLI_COUNT, AT(dpi), .arg = "N", .help = "dots an inch, of PNG", .minimum = 30, .maximum = 2400},
    {.name = "text-columns", .kind = CLI_COUNT, AT(text_columns), .arg = "N", .help = "letters a line, with --dumb", .minimum = 40, .maximum = 500},
    {.name = "text-rows", .kind = CLI_COUNT, AT(text_rows), .arg = "N", .help = "lines, with --dumb", .minimum = 15, .maximum = 300},
    {.name = "title", .kind = CLI_TEXT, AT(title), .arg = "TEXT", .help = "a title above the figure", .shown_default = "none"},
    {.name = "style", .kind = CLI_TEXT, AT(style), .arg = "FILE", .help = "a CSV file of encoder styles (columns encoder, label, modality, architecture, method, colour, marker, order)",
     .shown_default = "built in"},
    {.name = "rows", .kind = CLI_CHOICE, AT(rows), .arg = "WHICH", .choices = "both|all|barcode", .help = "runs on all rows, on one row per barcode, or both"},
    {.name = "ranks", .kind = CLI_NAMES, AT(ranks), .arg = "RANKS", .help = "these ranks, in this order", .shown_default = "all that have scores"},
    {.name = "rank", .kind = CLI_TEXT, AT(rank), .arg = "RANK", .help = "rank of a heatmap, or that colours a scatter"},
    {.name = "decimals", .kind = CLI_COUNT, AT(decimals), .arg = "N", .help = "decimals of numbers in a heatmap, rounded half to even", .maximum = 8},
    {.name = "encoders", .kind = CLI_NAMES, AT(encoders), .arg = "NAMES", .help = "these encoders only; a+b is a pair", .shown_default = "all"},
    {.name = "where", .kind = CLI_REPEAT, AT(where), .arg = "COLUMN=VALUE", .help = "only results with this value in a column of the tidy form, e.g. scale=zscore; values a|b for either"},
};

const cli_command cli_plot_command = {
    .name = "plot", .group = "Figures and tables", .summary = "draw a figure of results", .operands = "KIND RESULTS...",
    .min_operands = 2, .max_operands = -1,
    .description = "RESULTS are result files, folders of them, or tidy CSV files as `zsc collect` writes. gnuplot draws (Debian package "
                   "gnuplot-nox), from a script that stays: the data file is kept beside the figure, and gnuplot -e \"data='fig.dat'\" "
                   "plots/KIND.gp makes the figure again.\n\n"
                   "Kinds: ranks, AMI against rank, one curve an encoder, panels by modality, error bars (standard deviation) where there are several seeds; heatmap, the cross-modal table as a picture.",
    .examples = "  $ zsc plot ranks results/ -o ranks.pdf --columns 2\n  $ zsc plot ranks results/ --dumb",
    .options = plot_options, .option_count = sizeof plot_options / sizeof *plot_options, .size = sizeof(plot_arguments),
    .defaults = plot_defaults, .run = run_plot,
};
