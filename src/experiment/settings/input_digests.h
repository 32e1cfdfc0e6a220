/* The files that a run was made of, with digests of their contents, for its provenance. */
#ifndef ZSC_EXPERIMENT_INPUT_DIGESTS_H
#define ZSC_EXPERIMENT_INPUT_DIGESTS_H

#include <jansson.h>

#include "base/text.h"
#include "zsc/dataset.h"

/* Adds to LIST, a JSON array, {"path", "bytes", "digest"} for each of PATHS that it does not have yet: XXH3 of 128 bits
 * over the bytes of the file, or of the files of a folder one after the other. Of a pipe, of what it has
 * brought. The digest is null where they cannot be read again (a device) or have more than 4 GiB. NULL among PATHS is
 * left out. Files that have been read before and have not changed since are not read again. */
zsc_status zsc_input_digests_add(json_t *list, const char *const *paths, size_t count);
/* Those of the embeddings, metadata and list of ids of a run. */
zsc_status zsc_input_digests_of(json_t *list, const zsc_dataset_options *options, const zsc_dataset *data);

/* The paths of LIST (may be NULL) whose contents are not what its digests say, or that are gone. */
zsc_status zsc_input_digests_changed(const json_t *list, zsc_list *changed);

#endif
