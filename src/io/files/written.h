/* Whether zsc wrote a file: asked before an existing one is replaced.
 *
 * Files say so themselves where their format has a place for it: HDF5 by the attribute `zsc` of the root, HTML by its
 * generator, figures and their data by a comment. Those without such a place (.npy, CSV, PNG) are known by
 * io/files/mark.h.
 */
#ifndef ZSC_IO_WRITTEN_H
#define ZSC_IO_WRITTEN_H

#include <stdbool.h>

#include "zsc/status.h"

/* The words by which texts are recognised, within their first 4 KB or last 256 bytes. */
#define ZSC_WRITTEN_WORDS "Made by zsc "

bool zsc_written_by_us(const char *path); /* false too where it cannot be told */
/* ZSC_EINPUT with what to do where PATH is a folder, a file of several names, or a file of contents that zsc did not
 * write. FORCE: the last two are replaced. */
zsc_status zsc_check_replaceable(const char *path, bool force);

#endif
