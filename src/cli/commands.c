/* The commands, in the order of `zsc help`. */
#include "cli/cli.h"

extern const cli_command cli_run_command, cli_sweep_command;
extern const cli_command cli_help_command, cli_version_command;

const cli_command *const cli_commands[] = {
    &cli_run_command,
    &cli_sweep_command,
    &cli_help_command,
    &cli_version_command,
    NULL,
};
