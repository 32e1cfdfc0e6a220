/* Labels as datasets of an HDF5 file, /labels/<rank>: the name of a rank may hold slashes (BOLD's country/ocean), which
 * lead through groups. */
#ifndef ZSC_IO_LABEL_OBJECTS_H
#define ZSC_IO_LABEL_OBJECTS_H

#include "base/text.h"
#include "io/h5/h5.h"

/* The datasets of GROUP and of the groups in it, by their path from it, sorted. */
zsc_status zsc_label_objects(zsc_h5 *file, const char *group, zsc_list *out);

/* ZSC_EINPUT where HDF5 cannot hold datasets of these names together: an empty part or "." in one, or one that is the
 * beginning of another's path. PATH is the file that is to be written. */
zsc_status zsc_label_names_check(const char *path, const zsc_list *names);

#endif
