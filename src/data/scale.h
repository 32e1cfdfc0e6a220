/* Scaling of columns of a larger matrix; statistics of columns that are kept for other rows. */
#ifndef ZSC_DATA_SCALE_H
#define ZSC_DATA_SCALE_H

#include "data/matrix_block.h"
#include "zsc/scale.h"

/* Scales the columns of x in place; see zsc_scale_rows. */
zsc_status zsc_scale_block(zsc_matrix_block x, zsc_scale scale, const int32_t *group, size_t groups,
                           const zsc_exec *exec);

/* What z-scores were computed with. d is 0 where a scaling has no statistics of columns. */
typedef struct zsc_scaling {
    size_t d;
    double *mean, *sd; /* d each, of 2^-exponent times the numbers; sd 0: the column becomes 0 */
    int32_t *exponent;
} zsc_scaling;

/* The statistics of all rows of x, whose columns are PARTS of so many each: encoders that are concatenated, over the
 * columns of each of which zscore-average takes its mean. *out is set on success only; zsc_scaling_free frees it. */
zsc_status zsc_scaling_measure(zsc_matrix_block x, const size_t *width, size_t parts, zsc_scale scale,
                               const zsc_exec *exec, zsc_scaling *out);
/* Scales x (x.d is scaling->d) in place; the rows that were measured get the bytes of zsc_scale_block. ZSC_ENUMERIC:
 * what comes out is not finite. */
zsc_status zsc_scaling_apply(const zsc_scaling *scaling, zsc_matrix_block x, const zsc_exec *exec);
void zsc_scaling_free(zsc_scaling *scaling); /* what it holds, not itself; NULL and a zeroed one are fine */

#endif
