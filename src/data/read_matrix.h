/* The fourth step of a dataset: the vectors of the rows that stay. */
#ifndef ZSC_DATA_READ_MATRIX_H
#define ZSC_DATA_READ_MATRIX_H

#include "data/loading.h"
#include "data/matrix_block.h"

/* The rows of .kept from file m, into TO, which has as many rows and the encoder's columns. Rows that hold NaN or
 * infinity are refused, and a warning counts rows that differ in the file and are equal in TO. */
zsc_status zsc_read_matrix(zsc_loading *l, size_t m, zsc_matrix_block to);

#endif
