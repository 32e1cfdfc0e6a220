/* Inputs and outputs of a command before it runs: see files.c. */
#ifndef ZSC_CLI_FILES_H
#define ZSC_CLI_FILES_H

#include "cli/cli.h"

zsc_status cli_check_files(const cli_command *command, const void *arguments, char **operands, int count);
/* ZSC_EINPUT where one of these embeddings (files, folders, lists) is, or holds, a damaged result of an older version.
 */
zsc_status cli_check_older_results(const char *const *sources, size_t count);
/* Closes the inputs that these checks left open for the command. */
void cli_close_kept_inputs(void);
/* Inputs that are pipes of this process become files: io/files/piped_input.h. */
zsc_status cli_keep_pipes(const cli_command *command, const void *arguments, char **operands, int count);

#endif
