/* Coordinates that the user gives: a table with a column of ids and two further columns (x and y, or the first two of
 * numbers), or an .npy of rows x 2 in the order of the result. */
#ifndef ZSC_ATLAS_PLANE_FILE_H
#define ZSC_ATLAS_PLANE_FILE_H

#include "zsc/experiment.h"

/* Into xy (rows x 2, from the caller). ZSC_EINPUT: no such file, no such columns, a row that is not there or has no
 * finite numbers, with its id. */
zsc_status zsc_plane_file_read(const char *path, const zsc_result *result, float *xy);

#endif
