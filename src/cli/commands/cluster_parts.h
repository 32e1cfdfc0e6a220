/* The parts of `zsc cluster`.
 *
 * cluster_output.c writes and prints clusters; the matrix is read as `zsc ward` reads it (ward_parts.h). */
#ifndef ZSC_CLI_CLUSTER_PARTS_H
#define ZSC_CLI_CLUSTER_PARTS_H

#include "cli/commands/ward_parts.h"
#include "cli/model_file.h"
#include "experiment/settings/clusterers.h"
#include "zsc/experiment.h"

typedef struct cli_cluster {
    cli_common common;
    cli_matrix matrix;
    zsc_run_options o; /* the settings of clusterers */
    const char *clusters, *output;
    zsc_seeds seeds;
    int format;
    bool keep_model;
    zsc_scaling scaling; /* of the columns, where it is kept with the rows */
} cli_cluster;

/* What was found. */
typedef struct cli_clusters {
    size_t n, clusters, clustered;
    int32_t *label;                   /* n; -1: noise */
    const float *probability;         /* n, or NULL */
    const zsc_hdbscan_layers *layers; /* count 0: none */
} cli_clusters;

/* --- cluster_output.c */
/* Whether the rows can be kept, if they are to be. */
zsc_status cli_cluster_check_model(const cli_cluster *a);
/* The clusters to the file of --output: HDF5, .npy, .csv or .tsv; with --keep-model the rows too, which are narrowed.
 */
zsc_status cli_cluster_write(const cli_cluster *a, cli_ward_matrix *x, const cli_clusters *found);
/* How many there are, and how large, on stdout. */
zsc_status cli_cluster_print(const cli_cluster *a, const cli_clusters *found);

#endif
