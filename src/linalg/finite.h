/* The one check of a matrix for NaN and infinity. */
#ifndef ZSC_LINALG_FINITE_H
#define ZSC_LINALG_FINITE_H

#include <stddef.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* x is n x d, row-major. ZSC_ENUMERIC with the number of rows that hold NaN or infinity and the first of them (rows
 * count from 0). */
zsc_status zsc_finite_check(const float *x, size_t n, size_t d, const zsc_exec *exec);

#endif
