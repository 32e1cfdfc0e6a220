/* The values of options in the struct of a command: set from the words of the command line, recorded, freed. */
#ifndef ZSC_CLI_OPTION_VALUES_H
#define ZSC_CLI_OPTION_VALUES_H

#include "cli/cli.h"

/* VALUE is the argument; NULL where the option has none. ZSC_EUSAGE: it is not what the option expects. */
zsc_status cli_option_set(const cli_option *option, void *arguments, const char *value);
/* Warns of seeds that are given twice. */
void cli_options_warn(const cli_command *command, const void *arguments);
/* Records the value of every option, given or default, in the provenance of results. */
zsc_status cli_options_record(const cli_option *const *option, size_t count, const void *arguments);
/* Frees lists and seeds, and what the command left. */
void cli_options_clear(const cli_command *command, void *arguments);

#endif
