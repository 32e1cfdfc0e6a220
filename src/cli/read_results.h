/* Input of figures, tables and the report: the options that select results, and reading them. */
#ifndef ZSC_CLI_READ_RESULTS_H
#define ZSC_CLI_READ_RESULTS_H

#include "cli/cli.h"
#include "experiment/series/reference_scores.h"
#include "experiment/series/results_where.h"
#include "report/figures/series.h"

typedef struct cli_results_choice {
    const char *style;
    int rows; /* both, all, barcode */
    zsc_list ranks, encoders, where;
    zsc_reference_options reference; /* of commands with CLI_REFERENCE_OPTIONS */
} cli_results_choice;

/* What scores are held against, beside --reference. CHOICE as below; OF: what the options are of, in brackets. */
#define CLI_REFERENCE_OPTIONS(choice_, of_)                                                                            \
    {.name = "permutations",                                                                                           \
     .kind = CLI_COUNT,                                                                                                \
     .offset = (choice_) + offsetof(cli_results_choice, reference.permutations),                                       \
     .arg = "N",                                                                                                       \
     .help = "assign the clusters of each run to its rows at random N times, for what chance gives" of_,               \
     .maximum = 1e7},                                                                                                  \
        {.name = "rarefy",                                                                                             \
         .kind = CLI_COUNT,                                                                                            \
         .offset = (choice_) + offsetof(cli_results_choice, reference.rarefy),                                         \
         .arg = "N",                                                                                                   \
         .help =                                                                                                       \
             "show what selections of different sizes have in common: means over 100 random choices of N of the rows " \
             "that are scored, of the clusters as they are; 0: all rows (ranks)",                                      \
         .maximum = 2e9},                                                                                              \
    {                                                                                                                  \
        .name = "each-rank", .kind = CLI_FLAG,                                                                         \
        .offset = (choice_) + offsetof(cli_results_choice, reference.each_rank),                                       \
        .help = "also score each dendrogram cut into as many clusters as each rank has classes" of_                    \
    }

/* An entry of a table of options. OFFSET: of a zsc_list in the command's struct. */
#define CLI_RESULTS_WHERE_OPTION(offset_)                                                                              \
    {                                                                                                                  \
        .name = "where", .kind = CLI_REPEAT, .offset = offset_, .arg = "NAME=VALUE", .help = ZSC_RESULTS_WHERE_HELP    \
    }

/* Of commands that print tables. SHOWN: how the format is chosen by default; NULL: the live default. */
#define CLI_TABLE_FORMAT_OPTION(offset_, shown_)                                                                       \
    {                                                                                                                  \
        .letter = 'f', .name = "format", .kind = CLI_CHOICE, .offset = offset_, .arg = "FORM",                         \
        .choices = CLI_TABLE_FORMATS, .help = "format of the table", .shown_default = shown_                           \
    }

/* Of commands that write an HTML page. */
#define CLI_PAGE_OPTIONS(output_, title_)                                                                              \
    {.letter = 'o',                                                                                                    \
     .name = "output",                                                                                                 \
     .kind = CLI_TEXT,                                                                                                 \
     .offset = output_,                                                                                                \
     .arg = "FILE",                                                                                                    \
     .help = "page to write, FILE.html",                                                                               \
     .file = CLI_WRITES},                                                                                              \
    {                                                                                                                  \
        .name = "title", .kind = CLI_TEXT, .offset = title_, .arg = "TEXT", .help = "title of the page"                \
    }

/* How encoders look. */
#define CLI_STYLE_OPTION(offset_)                                                                                      \
    {                                                                                                                  \
        .name = "style", .kind = CLI_TEXT, .offset = offset_, .arg = "FILE",                                           \
        .help = "CSV file of encoder styles (columns encoder, label, modality, architecture, method, colour, "         \
                "marker, line, order)",                                                                                \
        .shown_default = "built in"                                                                                    \
    }

/* The base of the table and of the figure of sensitivity. OFFSET: of a zsc_list in the command's struct. */
#define CLI_BASE_OPTION(offset_)                                                                                       \
    {                                                                                                                  \
        .name = "base", .kind = CLI_REPEAT, .offset = offset_, .arg = "NAME=VALUE",                                    \
        .help = "settings of the base (sensitivity), in the form of --where",                                          \
        .shown_default = "that from which most others differ in one setting"                                           \
    }

/* Entries of a table of options. CHOICE: offset of the cli_results_choice in the command's struct. */
#define CLI_RESULTS_OPTIONS(choice_)                                                                                   \
    CLI_STYLE_OPTION((choice_) + offsetof(cli_results_choice, style)),                                                 \
        {.name = "rows",                                                                                               \
         .kind = CLI_CHOICE,                                                                                           \
         .offset = (choice_) + offsetof(cli_results_choice, rows),                                                     \
         .arg = "WHICH",                                                                                               \
         .choices = "both|all|barcode",                                                                                \
         .help = "runs on all rows, on one row per barcode, or both"},                                                 \
        {.name = "ranks",                                                                                              \
         .kind = CLI_NAMES,                                                                                            \
         .offset = (choice_) + offsetof(cli_results_choice, ranks),                                                    \
         .arg = "RANKS",                                                                                               \
         .help = "ranks to show, in this order",                                                                       \
         .shown_default = "all with scores"},                                                                          \
        {.name = "encoders",                                                                                           \
         .kind = CLI_NAMES,                                                                                            \
         .offset = (choice_) + offsetof(cli_results_choice, encoders),                                                 \
         .arg = "NAMES",                                                                                               \
         .help = "encoders to show; a+b is a pair",                                                                    \
         .shown_default = "all"},                                                                                      \
        CLI_RESULTS_WHERE_OPTION((choice_) + offsetof(cli_results_choice, where))

/* Entries of a table: the resampling of a comparison. OF: "", or the figure that they are of. */
#define CLI_RESAMPLING_OPTIONS(unit_, count_, level_, of_)                                                             \
    {.name = "unit",                                                                                                   \
     .kind = CLI_TEXT,                                                                                                 \
     .offset = unit_,                                                                                                  \
     .arg = "UNIT",                                                                                                    \
     .help = "unit of resampling" of_                                                                                  \
             ": specimens, the taxa of a rank (finest: species, or the finest rank there is) "                         \
             "with all their specimens, or the values of any column of the runs' metadata (site, dna_barcode); 5 or "  \
             "more, 20 for intervals that cover"},                                                                     \
        {.name = "resamples",                                                                                          \
         .kind = CLI_COUNT,                                                                                            \
         .offset = count_,                                                                                             \
         .arg = "N",                                                                                                   \
         .help = "number of resamples" of_,                                                                            \
         .minimum = 2,                                                                                                 \
         .maximum = 1e6},                                                                                              \
    {                                                                                                                  \
        .name = "level", .kind = CLI_REAL, .offset = level_, .arg = "P", .help = "level of the intervals" of_,         \
        .minimum = 0.5, .maximum = 0.999                                                                               \
    }

typedef struct cli_results {
    zsc_styles styles;
    zsc_results_table rows;
    zsc_series_set set;
} cli_results;

/* Reads the rows of PATHS that the options select, and makes their series. */
zsc_status cli_results_read(const cli_results_choice *choice, char *const *paths, int count, const zsc_exec *exec,
                            cli_results *out);
void cli_results_free(cli_results *results);

/* A command's kind by its first operand. NAME: the name of the first of COUNT entries that are STRIDE bytes apart;
 * WHAT: "figure". */
zsc_status cli_find_kind(const char *what, const char *word, const char *const *name, size_t stride, size_t count,
                         size_t *out);

/* The files that a figure to PATH is written to beside it, where PATH has the ending of a figure and is a file. */
zsc_status cli_figure_writes(const char *path, zsc_list *paths);

#endif
