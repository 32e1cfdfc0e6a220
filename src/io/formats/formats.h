/* The formats of embeddings. Defined in native.c, clibd.c, clibd_groups.c, anndata.c, samples.c (HDF5), numpy.c (npy
 * and npz) and columns.c (CSV and TSV); HDF5 by the user's paths in h5_paths.h. */
#ifndef ZSC_IO_FORMATS_FORMATS_H
#define ZSC_IO_FORMATS_FORMATS_H

#include "io/formats/format.h"

extern const zsc_format zsc_format_native;
extern const zsc_format zsc_format_clibd;
extern const zsc_format zsc_format_clibd_groups;
extern const zsc_format zsc_format_anndata;
extern const zsc_format zsc_format_samples;
extern const zsc_format zsc_format_npy;
extern const zsc_format zsc_format_npz;
extern const zsc_format zsc_format_columns;

/* ZSC_EINPUT: what is wrong with a file as a table of numbers. */
zsc_status zsc_format_explain_table(const char *path, const zsc_file_layout *file_layout);

#endif
