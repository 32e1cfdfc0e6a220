/* Scaling of a matrix of embeddings before concatenation. Defined in scale.c.
 * Module: src/data
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_SCALE_H
#define ZSC_SCALE_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_scale {
    ZSC_SCALE_NONE,
    ZSC_SCALE_L2,            /* rows of length 1 */
    ZSC_SCALE_L2_SQRT_DIM,   /* rows of length sqrt(d) */
    ZSC_SCALE_ZSCORE,        /* columns of mean 0 and standard deviation 1 */
    ZSC_SCALE_ZSCORE_AVERAGE /* columns of mean 0, all divided by the mean of their standard deviations */
} zsc_scale;
typedef enum zsc_scope { ZSC_SCOPE_ROWS, ZSC_SCOPE_SPLIT } zsc_scope; /* where the statistics of scaling are taken */

/* Scales x (n x d) in place. group[i] (0 .. groups-1; NULL: one group) tells which rows share statistics. Two passes in
 * double, population standard deviations (ddof 0), a constant column becomes 0. O(n d) time, O(groups d) memory.
 * Element-wise and average z-score: Gharaee et al., arXiv 2406.12723, appendix A6.
 * ZSC_ENUMERIC: x holds NaN or infinity. */
ZSC_API zsc_status zsc_scale_rows(float *x, size_t n, size_t d, zsc_scale scale, const int32_t *group, size_t groups,
                                  const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
