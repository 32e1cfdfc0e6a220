/* A whole file in memory: for short files of text. Embeddings and tables are read as streams (io/files/source.h,
 * io/text/csv.h).
 */
#ifndef ZSC_IO_READ_FILE_H
#define ZSC_IO_READ_FILE_H

#include <stddef.h>

#include "zsc/status.h"

/* *text ends in '\0' and is the caller's (free); *length (may be NULL) does not count that. ZSC_EINPUT: there is no
 * such file, it is a folder, pipe or device, or reading it fails. */
zsc_status zsc_read_file(const char *path, char **text, size_t *length);

#endif
