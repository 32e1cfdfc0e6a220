/* Formats that are read whole: one array per encoder, one block of strings per column. */
#ifndef ZSC_IO_FORMATS_IN_MEMORY_H
#define ZSC_IO_FORMATS_IN_MEMORY_H

#include "io/formats/format.h"

/* Both take X and TEXT over, also when they fail. X: doubles where WIDE, else floats. The state is made when it is not
 * there. */
zsc_status zsc_format_memory_add(zsc_embeddings *file, const char *name, void *x, bool wide, size_t n, size_t d,
                                 const char *type);
zsc_status zsc_format_memory_add_column(zsc_embeddings *file, const char *name, char **text);
zsc_status zsc_format_memory_set_ids(zsc_embeddings *file, char **ids);
zsc_status zsc_format_memory_ids(zsc_embeddings *file, char ***out);
zsc_status zsc_format_memory_text(zsc_embeddings *file, const char *column, size_t first, size_t count, char ***out);
zsc_status zsc_format_memory_rows(zsc_embeddings *file, const zsc_encoder *encoder, size_t first, size_t count,
                                  void *out);
size_t zsc_format_memory_held(const zsc_embeddings *file);
void zsc_format_memory_close(zsc_embeddings *file);

#endif
