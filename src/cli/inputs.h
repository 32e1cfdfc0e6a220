/* Options of commands that open embeddings or read metadata: paths in files of other layouts, and names of
 * columns. `zsc run` takes the scalars from the settings of a run, which are the same. */
#ifndef ZSC_CLI_INPUTS_H
#define ZSC_CLI_INPUTS_H

#include "cli/cli.h"
#include "experiment/settings/choices.h"
#include "zsc/dataset.h"

typedef struct cli_inputs {
    zsc_file_layout file_layout;
    zsc_list labels, columns;
    const char *missing_values, *ids;
    bool ids_in_order;
} cli_inputs;

/* The matrix that a single step works on. */
typedef struct cli_matrix {
    zsc_list embeddings, where;
    cli_inputs inputs;
    const char *metadata, *split;
    int scale;
} cli_matrix;

/* The lists by which `zsc run` and `zsc select` choose rows. */
typedef struct cli_rows {
    zsc_list embeddings, where, ranks;
    cli_inputs inputs; /* its lists; the scalars are settings */
} cli_rows;

/* An entry of a table of options, made from one of settings.def or file_layout.def. */
#define CLI_SETTING(letter_, name_, kind_, offset_, arg_, help_, choices_, least_, most_, shown_)                      \
    {.letter = letter_,                                                                                                \
     .name = name_,                                                                                                    \
     .kind = CLI_##kind_,                                                                                              \
     .offset = offset_,                                                                                                \
     .arg = arg_,                                                                                                      \
     .help = help_,                                                                                                    \
     .choices = choices_,                                                                                              \
     .minimum = least_,                                                                                                \
     .maximum = most_,                                                                                                 \
     .shown_default = shown_},

/* The lists, whose offset in the command's struct is given. */
#define CLI_LABELS_OPTION(offset_)                                                                                     \
    {                                                                                                                  \
        .name = "h5-label", .kind = CLI_REPEAT, .offset = offset_, .arg = "RANK=PATH",                                 \
        .help = "path of the labels of RANK, a dataset [n]; once per rank; RANK may also be split or dna_barcode"      \
    }
#define CLI_COLUMN_OPTION(offset_)                                                                                     \
    {                                                                                                                  \
        .name = "column", .kind = CLI_REPEAT, .offset = offset_, .arg = "NAME=COLUMN",                                 \
        .help = "read NAME from this column of the metadata; once per column; NAME is processid, split, dna_barcode, " \
                "a rank, or a new name, which becomes a rank"                                                          \
    }

/* Options of several commands; FOR: " to cluster", the purpose of the embeddings; MORE: the rest of the help. */
#define CLI_EMBEDDINGS_OPTION(offset_, for_, more_)                                                                    \
    {                                                                                                                  \
        .letter = 'e', .name = "embeddings", .kind = CLI_REPEAT, .offset = offset_, .arg = "FILE[:ENCODER]",           \
        .help = "embeddings" for_ "; if given several times, they are joined on the id and concatenated" more_         \
    }
#define CLI_WHERE_OPTION(offset_)                                                                                      \
    {                                                                                                                  \
        .name = "where", .kind = CLI_REPEAT, .offset = offset_, .arg = "COLUMN=VALUE",                                 \
        .help = "keep rows with this value in a column, such as order=Diptera or marker_code=COI-5P; a|b for either "  \
                "value; if given several times, rows must match all"                                                   \
    }
#define CLI_MATRIX_METADATA_OPTION(offset_)                                                                            \
    {                                                                                                                  \
        .letter = 'm', .name = "metadata", .kind = CLI_TEXT, .offset = offset_, .arg = "FILE",                         \
        .help = "CSV with ids, splits and ranks", .shown_default = "those of the embeddings file"                      \
    }
#define CLI_SPLIT_OPTION(offset_)                                                                                      \
    {                                                                                                                  \
        .name = "split", .kind = CLI_TEXT, .offset = offset_, .arg = "SPLITS", .help = ZSC_SPLIT_HELP,                 \
        .shown_default = "all"                                                                                         \
    }
#define CLI_SCALE_OPTION(offset_, help_)                                                                               \
    {                                                                                                                  \
        .name = "scale", .kind = CLI_CHOICE, .offset = offset_, .arg = "HOW", .help = help_,                           \
        .choices = ZSC_SCALE_CHOICES                                                                                   \
    }
#define CLI_METRIC_OPTION(offset_, help_)                                                                              \
    {                                                                                                                  \
        .name = "metric", .kind = CLI_CHOICE, .offset = offset_, .arg = "METRIC", .help = help_,                       \
        .choices = ZSC_METRIC_CHOICES                                                                                  \
    }
#define CLI_KNN_OPTION(offset_)                                                                                        \
    {                                                                                                                  \
        .name = "knn", .kind = CLI_CHOICE, .offset = offset_, .arg = "HOW",                                            \
        .help = "search for nearest neighbours; auto selects by size", .choices = ZSC_KNN_CHOICES                      \
    }
#define CLI_MISSING_OPTION(offset_)                                                                                    \
    {                                                                                                                  \
        .name = "missing", .kind = CLI_CHOICE, .offset = offset_, .arg = "HOW", .choices = "drop|class",               \
        .help = "rows with a missing label: left out, or counted as one more class"                                    \
    }
#define CLI_MISSING_VALUES_OPTION(offset_)                                                                             \
    {                                                                                                                  \
        .name = "missing-values", .kind = CLI_TEXT, .offset = offset_, .arg = "LIST", .help = ZSC_MISSING_VALUES_HELP, \
        .shown_default = ZSC_MISSING_VALUES_DEFAULT                                                                    \
    }

#define CLI_IDS_OPTION(offset_)                                                                                        \
    {                                                                                                                  \
        .name = "ids", .kind = CLI_TEXT, .offset = offset_, .arg = "FILE", .help = ZSC_IDS_HELP,                       \
        .shown_default = "all rows"                                                                                    \
    }
/* How the metadata that a command is given alone is written. */
#define CLI_TABLE_OPTIONS(inputs_)                                                                                     \
    {.name = "delimiter",                                                                                              \
     .kind = CLI_TEXT,                                                                                                 \
     .offset = (inputs_) + offsetof(cli_inputs, file_layout.table.delimiter),                                          \
     .arg = "CHAR",                                                                                                    \
     .help = "what separates the fields: , ; | tab or whitespace",                                                     \
     .shown_default = "by the first lines"},                                                                           \
        {.name = "no-header",                                                                                          \
         .kind = CLI_FLAG,                                                                                             \
         .offset = (inputs_) + offsetof(cli_inputs, file_layout.table.no_header),                                      \
         .help = "there is no header: columns are c1, c2, ..., to be named by --column"},

#define CLI_IDS_OPTIONS(inputs_)                                                                                       \
    CLI_IDS_OPTION((inputs_) + offsetof(cli_inputs, ids)),                                                             \
        {.name = "ids-in-order",                                                                                       \
         .kind = CLI_FLAG,                                                                                             \
         .offset = (inputs_) + offsetof(cli_inputs, ids_in_order),                                                     \
         .help = ZSC_IDS_IN_ORDER_HELP},

/* The dataset that the options describe. ZSC_EUSAGE: no embeddings. */
zsc_status cli_matrix_options(const cli_matrix *matrix, zsc_dataset_options *out);
zsc_status cli_rows_resolve(cli_rows *rows, zsc_dataset_options *options);
/* The one seed of a command that takes one, 0 where none is given. */
zsc_status cli_one_seed(const zsc_seeds *seeds, uint64_t *out);

/* Fills LAYOUT and COLUMNS from the lists; either may be NULL. Refuses what cannot have an effect. */
zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_file_layout *file_layout, zsc_columns *columns);

#endif
