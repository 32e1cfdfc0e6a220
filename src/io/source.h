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
void zsc_source_close(zsc_source *source); /* accepts NULL */

#endif
