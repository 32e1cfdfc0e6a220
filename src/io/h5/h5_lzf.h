/* HDF5's filter lzf, to read what h5py has packed. */
#ifndef ZSC_IO_H5_LZF_H
#define ZSC_IO_H5_LZF_H

void zsc_h5_register_lzf(void);

#endif
