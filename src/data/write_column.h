/* Labels into an HDF5 file. */
#ifndef ZSC_DATA_WRITE_COLUMN_H
#define ZSC_DATA_WRITE_COLUMN_H

#include "io/h5/h5.h"
#include "zsc/column.h"

/* As strings [n], "" where a label is missing. */
zsc_status zsc_column_write(zsc_h5 *file, const char *object, const zsc_column *column, size_t n);

#endif
