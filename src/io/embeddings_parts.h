/* Several embeddings files that are one: the rows of the first, then those of the second, and so on. The encoders are
 * those that all of them have, the columns of text likewise. */
#ifndef ZSC_IO_EMBEDDINGS_PARTS_H
#define ZSC_IO_EMBEDDINGS_PARTS_H

#include "io/formats/format.h"

extern const zsc_format zsc_format_parts;

/* The files are opened by the caller: begin, add each (WHOLE takes it over, also when it fails), end. */
zsc_status zsc_embeddings_parts_begin(zsc_embeddings *whole, size_t count);
zsc_status zsc_embeddings_parts_add(zsc_embeddings *whole, zsc_embeddings *part);
zsc_status zsc_embeddings_parts_end(zsc_embeddings *whole);
/* The encoder of part `part` that is ENCODER of the whole. */
const zsc_encoder *zsc_embeddings_part_encoder(const zsc_embeddings *whole, size_t part, const zsc_encoder *encoder);

#endif
