/* What a file is, by its content; the name counts only where there is none to ask. */
#ifndef ZSC_IO_FILE_FORM_H
#define ZSC_IO_FILE_FORM_H

#include "zsc/status.h"

typedef enum zsc_file_form { ZSC_FORM_HDF5, ZSC_FORM_NPY, ZSC_FORM_NPZ, ZSC_FORM_TEXT, ZSC_FORM_NONE } zsc_file_form;

/* NPZ: a zip archive of NumPy arrays. TEXT: it holds no zero byte at its beginning (a table, packed with gzip or zstd
 * or not). NONE: there is no such file, it is empty, or something else. A pipe with a name is not read, which would
 * wait for a writer: its name's ending says what it brings. */
zsc_status zsc_file_form_find(const char *path, zsc_file_form *out);

#endif
