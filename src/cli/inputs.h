/* Options of commands that open embeddings or read metadata: where things are in files of other layouts, and what
 * columns are called. One table serves all of them; `zsc run` has its scalars from the settings of a run, which are the
 * same. */
#ifndef ZSC_CLI_INPUTS_H
#define ZSC_CLI_INPUTS_H

#include "cli/cli.h"
#include "zsc/dataset.h"

typedef struct cli_inputs {
    zsc_h5_paths h5_paths;
    zsc_list labels, columns;
} cli_inputs;

/* An entry of a table of options, made from one of settings.def or h5_paths.def. */
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

/* Fills H5_PATHS and COLUMNS from the lists; either may be NULL. Refuses what cannot have an effect. */
zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_h5_paths *h5_paths, zsc_columns *columns);

#endif
