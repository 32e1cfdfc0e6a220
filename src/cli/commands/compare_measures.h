/* What `zsc compare --measures` prints. */
#ifndef ZSC_CLI_COMPARE_MEASURES_H
#define ZSC_CLI_COMPARE_MEASURES_H

#include "cli/cli.h"

/* RANK: NULL is species. */
zsc_status cli_compare_measures(char *const *paths, int count, const zsc_list *where, const char *rank,
                                cli_format format);

#endif
