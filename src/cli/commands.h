#ifndef ZSC_CLI_COMMANDS_H
#define ZSC_CLI_COMMANDS_H

#include "cli/cli.h"

/* All commands in the order of `zsc help`, ended by NULL; those of one group stand together. */
extern const cli_command *const cli_all_commands[];

#endif
