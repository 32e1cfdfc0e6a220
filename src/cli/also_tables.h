/* --also: one table in several files, each in the format of its ending. */
#ifndef ZSC_CLI_ALSO_TABLES_H
#define ZSC_CLI_ALSO_TABLES_H

#include "cli/cli.h"
#include "report/tables/table.h"

/* An entry of a table of options. OFFSET: of a zsc_list in the command's struct. */
#define CLI_ALSO_OPTION(offset_)                                                                                       \
    {                                                                                                                  \
        .name = "also", .kind = CLI_REPEAT, .offset = offset_, .arg = "FILE", .file = CLI_WRITES,                      \
        .help = "write the table to this file too, in the format of its ending; once per file",                        \
        .shown_default = "none"                                                                                        \
    }

/* Adds the files to PATHS, for a command's also_writes. ZSC_EUSAGE: an ending that is no table's. */
zsc_status cli_also_writes(const zsc_list *files, zsc_list *paths);
/* Writes the table to each of the files, whole or not at all. */
zsc_status cli_also_write(const zsc_table *table, const zsc_list *files);

#endif
