/* File access for HDF5 files being written: write errors are remembered instead of wrecking the library's state. */
#ifndef ZSC_IO_H5_DRIVER_H
#define ZSC_IO_H5_DRIVER_H

#include <hdf5.h>

/* A file access property list; *failure gets the errno of the first write that failed and must outlive the file. */
hid_t zsc_h5_driver_access(int *failure);

#endif
