/* The fourth step of a dataset: the vectors of the rows that stay. */
#ifndef ZSC_DATA_READ_MATRIX_H
#define ZSC_DATA_READ_MATRIX_H

#include "data/loading.h"

/* The rows of .kept from file m, into x (row length `stride` floats). Rows that hold NaN or infinity are refused. */
zsc_status zsc_read_matrix(zsc_loading *l, size_t m, float *x, size_t stride);

#endif
