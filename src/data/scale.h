/* Scaling of columns of a larger matrix. */
#ifndef ZSC_DATA_SCALE_H
#define ZSC_DATA_SCALE_H

#include "data/matrix_block.h"
#include "zsc/scale.h"

/* Scales the columns of x in place; see zsc_scale_rows. */
zsc_status zsc_scale_block(zsc_matrix_block x, zsc_scale scale, const int32_t *group, size_t groups,
                           const zsc_exec *exec);

#endif
