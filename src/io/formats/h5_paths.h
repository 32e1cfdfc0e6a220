/* HDF5 files of any layout, by the paths that the user gives. */
#ifndef ZSC_IO_FORMATS_H5_PATHS_H
#define ZSC_IO_FORMATS_H5_PATHS_H

#include "base/hash.h"
#include "io/formats/format.h"

extern const zsc_format zsc_format_h5_paths;

/* ZSC_EUSAGE for ids, labels or types of an embedding that is not pointed at. */
zsc_status zsc_h5_paths_check(const zsc_h5_paths *h5_paths);
/* ZSC_EINPUT where H5_PATHS names an embedding and none of the files has it. */
zsc_status zsc_h5_paths_check_used(zsc_embeddings *const *file, size_t count, const zsc_h5_paths *h5_paths);
/* Adds all of the paths: what a key says of files that are read by them. */
void zsc_h5_paths_hash(zsc_hash *hash, const zsc_h5_paths *h5_paths);

#endif
