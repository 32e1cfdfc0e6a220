/* What a stage hands on is finite: one check, placed where a stage ends (or begins, where a caller hands numbers in).
 */
#ifndef ZSC_BASE_FINITE_H
#define ZSC_BASE_FINITE_H

#include <stddef.h>

#include "base/error.h"
#include "zsc/exec.h"

/* A boundary between stages: whose numbers they are, and what a user can change where they are not finite. */
typedef struct zsc_boundary {
    const char *stage;  /* "UMAP's layout" */
    const char *remedy; /* "lower --learning-rate"; NULL: nothing that the user has set */
} zsc_boundary;

/* ZSC_ENUMERIC where x (n x d, row-major) holds NaN or infinity: "STAGE: 3 of 100 rows hold NaN or infinity, first row
 * 4 (column 1: NaN); REMEDY". Rows and columns are numbered by zsc_number. */
zsc_status zsc_check_finite(const float *x, size_t n, size_t d, zsc_boundary boundary, const zsc_exec *exec);
zsc_status zsc_check_finite_f64(const double *x, size_t n, size_t d, zsc_boundary boundary, const zsc_exec *exec);

#endif
