/* What the user says of how files are read: paths in HDF5 files, and how tables are written. */
#ifndef ZSC_IO_FILE_LAYOUT_H
#define ZSC_IO_FILE_LAYOUT_H

#include "base/hash.h"
#include "io/embeddings.h"
#include "zsc/inputs.h"

/* ZSC_EUSAGE for ids, labels or types of an embedding that is not pointed at. */
zsc_status zsc_file_layout_check(const zsc_file_layout *file_layout);
/* ZSC_EINPUT where LAYOUT names an embedding and none of the files has it. */
zsc_status zsc_file_layout_check_used(zsc_embeddings *const *file, size_t count, const zsc_file_layout *file_layout);
bool zsc_file_layout_equal(const zsc_file_layout *a, const zsc_file_layout *b);
/* The same, for labels whose missing ones are these words (NULL: the default list). */
zsc_file_layout zsc_file_layout_with_missing(const zsc_file_layout *file_layout, const char *missing_values);
/* Adds all of the paths: what a key says of files that are read by them. */
void zsc_file_layout_hash(zsc_hash *hash, const zsc_file_layout *file_layout);

#endif
