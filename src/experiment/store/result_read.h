/* Reading one result; zsc_result_read itself is declared in zsc/experiment.h. */
#ifndef ZSC_EXPERIMENT_RESULT_READ_H
#define ZSC_EXPERIMENT_RESULT_READ_H

#include "io/h5/h5.h"
#include "zsc/experiment.h"

/* zsc_result_read; where it fails, *newer says whether that is because the file was written by a newer zsc. */
zsc_status zsc_result_read_known(const char *path, unsigned what, zsc_result *out, bool *newer);

/* Where PATH is a result without a checksum for each array, as older ones are, compares all arrays with the checksum
 * that it has: for those who read single arrays of files of any kind. ZSC_OK for other files. *KEPT, the caller's to
 * close, is the file where it is HDF5, NULL elsewhere: while it is open, opening the file again costs HDF5 little. */
zsc_status zsc_result_check_older(const char *path, zsc_h5 **kept);

#endif
