/* HDF5 files of any layout, by the paths that the user gives. */
#ifndef ZSC_IO_FORMATS_H5_PATHS_H
#define ZSC_IO_FORMATS_H5_PATHS_H

#include "io/formats/format.h"

extern const zsc_format zsc_format_h5_paths;

#endif
