/* Option tables that several commands share. */
#ifndef ZSC_CLI_COMMON_H
#define ZSC_CLI_COMMON_H

#include "cli/cli.h"

/* --threads, --memory-limit, --quiet, --verbose, --log-file: in every command, after its own. */
extern const cli_option cli_common_options[];
extern const size_t cli_common_option_count;

/* The text of an option's default, read from a struct of defaults, for help and completion. Into BUFFER; "" if there is
 * none. */
const char *cli_default_text(const cli_option *option, const void *arguments, char *buffer, size_t size);

#endif
