/* A file as a stream of bytes; gzip and zstd are recognised by content and unpacked. */
#ifndef ZSC_IO_SOURCE_H
#define ZSC_IO_SOURCE_H

#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_source zsc_source;

/* "no such file: 'x'"; "cannot read 'x': ..."; "'x' is empty". */
zsc_status zsc_source_open(const char *path, zsc_source **out);
/* Fills BUFFER; *got < size at the end alone. Damage and truncation of packed data are failures. */
zsc_status zsc_source_read(zsc_source *source, void *buffer, size_t size, size_t *got);
/* Bytes that the source has in all, where that is known before the end: SIZE_MAX for gzip and zstd. */
size_t zsc_source_size(const zsc_source *source);
const char *zsc_source_path(const zsc_source *source);

/* A zip archive (.npz). Members are read one at a time, through the source, which closes before the archive does. */
typedef struct zsc_archive zsc_archive;
zsc_status zsc_archive_open(const char *path, zsc_archive **out);
void zsc_archive_close(zsc_archive *archive); /* accepts NULL */
size_t zsc_archive_count(const zsc_archive *archive);
const char *zsc_archive_name(const zsc_archive *archive, size_t member); /* "embeddings.npy" */
/* Refuses encrypted members, and such as unpack to more than the machine's memory. */
zsc_status zsc_archive_member(zsc_archive *archive, size_t member, zsc_source **out);

void zsc_source_close(zsc_source *source); /* accepts NULL */

#endif
