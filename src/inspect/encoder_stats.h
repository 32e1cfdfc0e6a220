/* Statistics of one encoder of an embeddings file. */
#ifndef ZSC_INSPECT_ENCODER_STATS_H
#define ZSC_INSPECT_ENCODER_STATS_H

#include "io/embeddings.h"
#include "zsc/exec.h"

typedef struct zsc_encoder_stats {
    char *name, *type, *modality, *label;
    size_t n, d;
    double norm_least, norm_mean, norm_sd,
        norm_most;                             /* Euclidean lengths of the finite rows; NaN where there is none */
    size_t nan_rows, infinite_rows, zero_rows; /* rows that hold any NaN; any infinity; nothing but 0 */
    size_t repeated_rows, constant_rows;       /* rows equal to an earlier one; rows of one value */
    size_t repeated_columns, constant_columns;
} zsc_encoder_stats;

/* Fills all of OUT but its names and shape: rows and columns that are constant, repeated or not finite, and the norms
 * of rows. TAKEN: whether each row is one of those; their number becomes out->n. NULL: all are. Memory: a block of
 * rows, and 24 bytes per row. */
zsc_status zsc_encoder_stats_read(zsc_embeddings *v, const zsc_encoder *from, const bool *taken, const zsc_exec *exec,
                                  zsc_encoder_stats *out);

#endif
