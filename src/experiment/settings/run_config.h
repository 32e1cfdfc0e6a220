/* What a run was: its resolved configuration, its key, and its provenance. */
#ifndef ZSC_EXPERIMENT_RUN_CONFIG_H
#define ZSC_EXPERIMENT_RUN_CONFIG_H

#include <jansson.h>

#include "zsc/experiment.h"

/* The resolved configuration, what a run's key is made of: JSON with sorted keys. Caller frees. */
zsc_status zsc_config_text(const zsc_run_options *options, const zsc_dataset *data, char **out);
/* Leaves out of a configuration, of this version or an older one, the settings that are without effect beside the
 * others on N rows of D numbers, and resolves those that select by size: where two are equal then, so are the runs, but
 * for their seed. The seed is left alone; zsc_run_draws says whether it counts. */
void zsc_config_keep_effective(json_t *config, size_t n, size_t d);
/* Whether a run that reduces ("umap", "pca", "none") and clusters so depends on its seed; true where it is not known.
 */
bool zsc_run_draws(const char *reduce, const char *clusterer);
zsc_status zsc_run_key(const char *config, const zsc_dataset *data, char **out);
/* How and of what the run is made, JSON: zsc_rerun_read (rerun.h) reads it. Caller frees. */
zsc_status zsc_provenance_text(const zsc_run_options *options, const zsc_dataset *data, char **out);
void zsc_provenance_command(int argc, char **argv); /* kept, not copied; for provenance */
/* The value of an option as the command works with it; a list has one call for each item. Copied. */
zsc_status zsc_provenance_option(const char *name, const char *value);

#endif
