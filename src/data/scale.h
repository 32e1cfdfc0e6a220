/* Scaling of columns of a larger matrix. */
#ifndef ZSC_DATA_SCALE_H
#define ZSC_DATA_SCALE_H

#include "zsc/scale.h"

/* Scales the d columns of x (n rows of `stride` floats) in place; see zsc_scale_rows. */
zsc_status zsc_scale_block(float *x, size_t n, size_t d, size_t stride, zsc_scale scale, const int32_t *group,
                           size_t groups, const zsc_exec *exec);

#endif
