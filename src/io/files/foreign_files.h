/* Files that people try and that a reader does not take: what they are, and what converts them. */
#ifndef ZSC_IO_FOREIGN_FILES_H
#define ZSC_IO_FOREIGN_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

/* A sentence such as "a Parquet file; to convert it: ...", by the first bytes of the file, or NULL: nothing reads it.
 */
const char *zsc_foreign_file(const char *path);

/* ZSC_EINPUT, "'x' is a Parquet file; to convert it: ...", or of what another command reads "'x' is a NumPy array, and
 * EXPECTED is expected"; ZSC_OK: it is neither. A pipe is not read. */
zsc_status zsc_refuse_foreign(const char *path, const char *expected);
/* The same by the first GOT bytes, unpacked if PACKED, and a zero behind them. */
zsc_status zsc_refuse_foreign_start(const char *path, const char *start, size_t got, bool packed, const char *expected);

#endif
