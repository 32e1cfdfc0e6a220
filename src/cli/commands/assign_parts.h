/* The parts of `zsc assign`.
 *
 * cmd_assign.c has the options and drives it; assign_model.c reads the clustering that takes new rows; assign_output.c
 * writes and prints. */
#ifndef ZSC_CLI_ASSIGN_PARTS_H
#define ZSC_CLI_ASSIGN_PARTS_H

#include "cli/commands/umap_parts.h"
#include "cli/commands/ward_parts.h"
#include "zsc/assign.h"

typedef struct cli_assign {
    cli_common common;
    cli_matrix matrix; /* the new rows */
    const char *model, *clusters, *output;
    int by, format;
    double quantile;
} cli_assign;

#define CLI_ASSIGN_BY_CHOICES "centroid|neighbor" /* zsc_assign_by */

/* A clustering in a file. */
typedef struct cli_clustering {
    cli_umap_model layout; /* y NULL: rows alone */
    int32_t *label;        /* of each of its rows; below 0: none */
} cli_clustering;

/* --- assign_model.c */
zsc_status cli_clustering_read(const cli_assign *a, cli_clustering *out);
void cli_clustering_free(cli_clustering *clustering);
/* The new rows, scaled as those of the clustering; x->f32 is set, and x->f64 NULL. */
zsc_status cli_clustering_load_rows(const cli_assign *a, const cli_clustering *c, cli_ward_matrix *x);

/* --- assign_output.c */
/* To the file of --output: HDF5, .npy, .csv or .tsv. */
zsc_status cli_assign_write(const cli_assign *a, const cli_ward_matrix *x, const cli_clustering *c,
                            const zsc_assigned *found);
/* How many there are, and how many are novel, on stdout. */
zsc_status cli_assign_print(const cli_assign *a, const zsc_assigned *found);

#endif
