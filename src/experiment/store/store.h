/* The result store: a folder in which a run is done when a whole, undamaged file is named by its key. */
#ifndef ZSC_EXPERIMENT_STORE_H
#define ZSC_EXPERIMENT_STORE_H

#include "base/text.h"
#include "zsc/experiment.h"

/* Looks for the run of these options on this data. *found and *out (everything read and checksums verified), or not
 * found: no such file, or a damaged one, which is warned of. ZSC_EINPUT: a file written by a newer zsc. */
zsc_status zsc_store_find(const char *folder, const zsc_run_options *options, const zsc_dataset *data, zsc_result *out,
                          bool *found);

/* The same by key. */
zsc_status zsc_store_find_key(const char *folder, const char *key, zsc_result *out, bool *found);

/* The paths of the result files of a folder, by name. */
zsc_status zsc_store_list(const char *folder, zsc_list *paths);

#endif
