/* What `zsc compare --wilcoxon` adds: encoders over all ranks and selections of rows. */
#ifndef ZSC_CLI_COMPARE_CELLS_H
#define ZSC_CLI_COMPARE_CELLS_H

#include <jansson.h>

#include "cli/cli.h"
#include "experiment/series/encoder_ranks.h"

zsc_status cli_print_encoder_ranks(const zsc_encoder_ranks *ranks);
json_t *cli_json_encoder_ranks(const zsc_encoder_ranks *ranks);

#endif
