/* NumPy's .npz, written member by member and each in parts, so that arrays need not be in memory. A zip archive of
 * .npy members, deflated as numpy.savez_compressed does; it appears whole or not at all (io/files/atomic.h). */
#ifndef ZSC_IO_NPZ_WRITER_H
#define ZSC_IO_NPZ_WRITER_H

#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_npz_writer zsc_npz_writer;

/* COMMENT is the archive's: it says what the file is, and "Made by zsc ..." lets zsc know its own. */
zsc_status zsc_npz_create(const char *path, const char *comment, zsc_npz_writer **out);
/* Begins the array NAME, n x d elements of KIND ('f', 'i') and SIZE bytes in C order; d ZSC_NPZ_LIST: n of them. */
#define ZSC_NPZ_LIST SIZE_MAX
zsc_status zsc_npz_begin(zsc_npz_writer *file, const char *name, char kind, size_t size, size_t n, size_t d);
/* The next BYTES of it. */
zsc_status zsc_npz_write(zsc_npz_writer *file, const void *data, size_t bytes);
/* ZSC_EINTERNAL where the bytes are not those of its shape; ZSC_EINPUT where a member or the archive has 4 GB or more,
 * which takes zip64. */
zsc_status zsc_npz_end(zsc_npz_writer *file);
/* Directory, flush, rename; frees FILE, also when it fails. */
zsc_status zsc_npz_commit(zsc_npz_writer *file);
void zsc_npz_abandon(zsc_npz_writer *file); /* accepts NULL */

#endif
