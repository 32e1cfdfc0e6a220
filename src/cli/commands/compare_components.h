/* What `zsc compare` says of seeds, draws of barcodes and the sample, each on a line of its own. */
#ifndef ZSC_CLI_COMPARE_COMPONENTS_H
#define ZSC_CLI_COMPARE_COMPONENTS_H

#include <jansson.h>

#include "cli/cli.h"
#include "experiment/series/comparison_statistics.h"

/* "4 seeds in each of 2 draws"; "one seed". The caller's. */
char *cli_components_seeds(const zsc_components *components);

/* A table of the ranks of each group. */
zsc_status cli_print_components(const zsc_comparison *comparison);
json_t *cli_json_components(const zsc_comparison *comparison);

#endif
