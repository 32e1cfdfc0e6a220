/* Layers (--clusterer layers) on stdout, beside what print_results.h prints. */
#ifndef ZSC_CLI_PRINT_LAYERS_H
#define ZSC_CLI_PRINT_LAYERS_H

#include <jansson.h>

#include "cli/cli.h"
#include "zsc/experiment.h"

/* A line per layer, and a column per rank: AMI in per cent, noise as one cluster. Nothing where there are no layers. */
zsc_status cli_print_layers(const zsc_result *result);
/* The same with the other scores; the caller's. */
json_t *cli_json_layers(const zsc_result *result);

#endif
