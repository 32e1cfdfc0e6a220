/* The form of an output follows the ending of its name, or is refused. */
#ifndef ZSC_CLI_ENDINGS_H
#define ZSC_CLI_ENDINGS_H

#include "cli/cli.h"

/* An output named "-": standard output where the command prints what it writes, otherwise refused. */
zsc_status cli_check_dashes(const cli_command *command, void *arguments);
/* Before a command runs: its outputs end as they can, and --format, where the output has one, is what the ending says.
 * GIVEN: by option. */
zsc_status cli_check_endings(const cli_command *command, void *arguments, const bool *given);
/* Whether PATH ends in .ENDING, in upper or lower case. */
bool cli_ends(const char *path, const char *ending);

/* The --format of `zsc table` that the ending of PATH means. ZSC_EUSAGE: it has no such ending. */
zsc_status cli_table_ending(const char *path, int *format);

/* What a command prints goes to --output, where it says so (endings.c); the file appears whole at the end or not at
 * all. */
typedef struct cli_redirection {
    struct zsc_atomic *file; /* NULL: nothing is redirected */
    const char *path;        /* of the caller */
    int standard_output;
} cli_redirection;
zsc_status cli_redirect(const cli_command *command, const void *arguments, cli_redirection *r);
zsc_status cli_redirect_end(cli_redirection *r, zsc_status status);

#endif
