/* Large arrays that live in a file, so that what does not fit into memory is read again from the disk. */
#ifndef ZSC_BASE_SCRATCH_MAP_H
#define ZSC_BASE_SCRATCH_MAP_H

#include <stddef.h>

#include "zsc/status.h"

/* An array of BYTES (1 or more) zeros in a file without a name in FOLDER, mapped into memory; its space on the disk is
 * taken now, and goes with zsc_scratch_unmap or when the process ends. WHAT names it in messages ("the matrix of
 * embeddings"). Not for data that must survive: a failing disk ends the process (SIGBUS). ZSC_EUSAGE: FOLDER is in
 * memory itself (tmpfs); ZSC_EINPUT: there is no such folder, or not so much space in it. */
zsc_status zsc_scratch_map(const char *folder, size_t bytes, const char *what, void **out);
/* BYTES as given to zsc_scratch_map; memory may be NULL. */
void zsc_scratch_unmap(void *memory, size_t bytes);

#endif
