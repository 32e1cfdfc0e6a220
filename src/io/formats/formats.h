/* The formats of embeddings. Defined in native.c, clibd.c, clibd_groups.c, anndata.c, pandas.c, matlab.c, samples.c
 * (HDF5), numpy.c (npy and npz) and columns.c (CSV and TSV); HDF5 by the user's paths in h5_paths.h. */
#ifndef ZSC_IO_FORMATS_FORMATS_H
#define ZSC_IO_FORMATS_FORMATS_H

#include "io/formats/format.h"

extern const zsc_format zsc_format_native;
extern const zsc_format zsc_format_clibd;
extern const zsc_format zsc_format_clibd_groups;
extern const zsc_format zsc_format_anndata;
extern const zsc_format zsc_format_pandas;
extern const zsc_format zsc_format_matlab;
extern const zsc_format zsc_format_samples;
extern const zsc_format zsc_format_npy;
extern const zsc_format zsc_format_npz;
extern const zsc_format zsc_format_columns;

/* What MATLAB 7.3 says that OBJECT was, "double", "cell"; "": it is not of MATLAB. The caller frees it. */
zsc_status zsc_format_matlab_class(zsc_embeddings *file, const char *object, char **out);
/* Adds a matrix of MATLAB, a dataset [d, n], as the encoder NAME with n rows, in memory (in_memory.h): each column of
 * it is a row of the dataset. */
zsc_status zsc_format_matlab_add(zsc_embeddings *file, const char *name, const char *object, const zsc_h5_info *info);

/* How many texts or numbers a variable of MATLAB holds, one per row: of char its rows, of others their elements in one
 * row or column. SIZE_MAX: it is no list. */
size_t zsc_format_matlab_length(const char *class, const zsc_h5_info *info);
/* These, as texts (h5.h, zsc_h5_matlab_texts), in one block; ZSC_EINPUT for what cannot be read as such. */
zsc_status zsc_format_matlab_texts(zsc_embeddings *file, const char *object, const char *class, const zsc_h5_info *info,
                                   bool labels, char ***out);

/* ZSC_EINPUT: what is wrong with a file as a table of numbers. */
zsc_status zsc_format_explain_table(const char *path, const zsc_file_layout *file_layout);

#endif
