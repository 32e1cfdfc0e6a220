/* NumPy's .npy format, versions 1 and 2. */
#ifndef ZSC_IO_NPY_H
#define ZSC_IO_NPY_H

#include <stdint.h>

#include "zsc/status.h"

/* A two-dimensional (or one-dimensional: d = 1) array of floats of any width and byte order, C or Fortran order, or of
 * integers; converted to float. *data is the caller's (free). */
zsc_status zsc_npy_read_f32(const char *path, float **data, size_t *n, size_t *d);
/* A one-dimensional array of integers (any width) as int32; strings become codes in order of first appearance. */
zsc_status zsc_npy_read_labels(const char *path, int32_t **data, size_t *n);
zsc_status zsc_npy_write_f32(const char *path, const float *data, size_t n, size_t d);
zsc_status zsc_npy_write_f64(const char *path, const double *data, size_t n, size_t d);
zsc_status zsc_npy_write_i32(const char *path, const int32_t *data, size_t n);

#endif
