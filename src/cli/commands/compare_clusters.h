/* `zsc compare`: how many clusters encoders have, and the share of the rows that are in one. */
#ifndef ZSC_CLI_COMPARE_CLUSTERS_H
#define ZSC_CLI_COMPARE_CLUSTERS_H

#include <jansson.h>

#include "cli/cli.h"
#include "experiment/series/comparison.h"

/* Where their number was found, or silhouettes are there. */
bool cli_has_compared_clusters(const zsc_compare_group *group);
/* Prints nothing where there are none. */
zsc_status cli_print_compared_clusters(const zsc_compare_group *group);
json_t *cli_json_compared_clusters(const zsc_compare_group *group);

#endif
