/* Options that would have no effect beside others are refused. See ignored.c. */
#ifndef ZSC_CLI_IGNORED_H
#define ZSC_CLI_IGNORED_H

#include "cli/cli.h"

/* given[i]: option i of the command stood on the command line. */
zsc_status cli_check_ignored(const cli_command *command, const void *arguments, const bool *given, char **operands,
                             int count);

#endif
