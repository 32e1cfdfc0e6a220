/* The command line that uses a file, for `zsc info`. */
#ifndef ZSC_INSPECT_RUN_LINE_H
#define ZSC_INSPECT_RUN_LINE_H

#include "inspect/info.h"

/* "zsc run -e x.npz -m METADATA.csv -o results", where METADATA.csv and EMBEDDINGS stand for files that are still
 * wanted; the caller frees it. LAYOUT, COLUMNS, MISSING_VALUES, WHERE and ID_LIST are those that the file was read by.
 * *out is NULL where none can be told, such as for an HDF5 file with several matrices. */
zsc_status zsc_info_run_line(const zsc_info *info, const zsc_file_layout *layout, const zsc_columns *columns,
                             const char *missing_values, const zsc_list *where, const char *id_list, char **out);

#endif
