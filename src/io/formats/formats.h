/* The formats of embeddings. Defined in native.c, clibd.c, clibd_groups.c, anndata.c, pandas.c, matlab.c (and Octave),
 * samples.c (HDF5), numpy.c (npy and npz) and columns.c (CSV and TSV); HDF5 by the user's paths in h5_paths.h. */
#ifndef ZSC_IO_FORMATS_FORMATS_H
#define ZSC_IO_FORMATS_FORMATS_H

#include "io/formats/format.h"
#include "io/h5/h5_variable.h"

extern const zsc_format zsc_format_native;
extern const zsc_format zsc_format_clibd;
extern const zsc_format zsc_format_clibd_groups;
extern const zsc_format zsc_format_anndata;
extern const zsc_format zsc_format_pandas;
extern const zsc_format zsc_format_matlab;
extern const zsc_format zsc_format_octave;
extern const zsc_format zsc_format_samples;
extern const zsc_format zsc_format_npy;
extern const zsc_format zsc_format_npz;
extern const zsc_format zsc_format_columns;

/* Adds a matrix of MATLAB or Octave, a dataset [d, n], as the encoder NAME with n rows, in memory (in_memory.h): each
 * column of it is a row of the dataset. */
zsc_status zsc_format_matlab_add(zsc_embeddings *file, const char *name, const zsc_h5_variable *matrix);

/* ZSC_EINPUT: what is wrong with a file as a table of numbers. */
zsc_status zsc_format_explain_table(const char *path, const zsc_file_layout *file_layout);

#endif
