/* A file as a stream of bytes; gzip and zstd are recognised by content and unpacked.
 *
 * What is packed carries checksums and sizes, and they stand at its end: whoever stops before has not had them
 * compared. A reader that knows by itself how much it wants calls zsc_source_end when it has that. (A zstd frame may be
 * written without a checksum; then there is none to compare.) */
#ifndef ZSC_IO_SOURCE_H
#define ZSC_IO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_source zsc_source;

/* "no such file: 'x'"; "cannot read 'x': ..."; "'x' is empty". */
zsc_status zsc_source_open(const char *path, zsc_source **out);
/* Fills BUFFER; *got < size at the end alone. Damage and truncation of packed data are failures. */
zsc_status zsc_source_read(zsc_source *source, void *buffer, size_t size, size_t *got);
/* The first SIZE bytes of a file, unpacked, or as many as there are: 0 where it cannot be read. *packed (may be NULL):
 * whether it is packed. */
size_t zsc_source_start(const char *path, char *start, size_t size, bool *packed);
/* Compares what stands at the end, checksums and sizes; fails where bytes are left after WHAT ("its array"). */
zsc_status zsc_source_end(zsc_source *source, const char *what);
/* Reads to the end, for the checksums alone. */
zsc_status zsc_source_skip(zsc_source *source);
bool zsc_source_packed(const zsc_source *source); /* with gzip or zstd */
/* How many bytes have been read, where the source is a file that is not packed and can be read anywhere; SIZE_MAX for
 * others. */
size_t zsc_source_plain(const zsc_source *source);
/* SIZE bytes from byte OFFSET of such a file. What zsc_source_read goes on with stays the same. */
zsc_status zsc_source_read_at(const zsc_source *source, size_t offset, void *buffer, size_t size);
/* Bytes that the source has in all, where that is known before the end: SIZE_MAX for gzip and zstd. */
size_t zsc_source_size(const zsc_source *source);
const char *zsc_source_path(const zsc_source *source);

/* A zip archive (.npz). One whose headers contradict each other, or that goes on after its directory, is refused.
 * Members are read one at a time, through the source, which closes before the archive does. */
typedef struct zsc_archive zsc_archive;
zsc_status zsc_archive_open(const char *path, zsc_archive **out);
void zsc_archive_close(zsc_archive *archive); /* accepts NULL */
size_t zsc_archive_count(const zsc_archive *archive);
const char *zsc_archive_name(const zsc_archive *archive, size_t member); /* "embeddings.npy" */
/* Refuses encrypted members, and such as unpack to more than the machine's memory. */
zsc_status zsc_archive_member(zsc_archive *archive, size_t member, zsc_source **out);

void zsc_source_close(zsc_source *source); /* accepts NULL */

#endif
