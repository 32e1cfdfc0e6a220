/* HDF5 files of any layout, by the paths that the user gives. */
#ifndef ZSC_IO_FORMATS_H5_PATHS_H
#define ZSC_IO_FORMATS_H5_PATHS_H

#include "io/formats/format.h"

extern const zsc_format zsc_format_h5_paths;

/* ZSC_EUSAGE for ids, labels or types of an embedding that is not pointed at. */
zsc_status zsc_pointing_check(const zsc_pointing *pointing);
/* ZSC_EINPUT where POINTING names an embedding and none of the files has it. */
zsc_status zsc_embeddings_check_pointing(zsc_embeddings *const *file, size_t count, const zsc_pointing *pointing);

#endif
