/* What a run was: its resolved configuration, its key, and its provenance. */
#ifndef ZSC_EXPERIMENT_RUN_CONFIG_H
#define ZSC_EXPERIMENT_RUN_CONFIG_H

#include "zsc/experiment.h"

/* The resolved configuration, what a run's key is made of: JSON with sorted keys. Caller frees. */
zsc_status zsc_config_text(const zsc_run_options *options, const zsc_dataset *data, char **out);
zsc_status zsc_run_key(const char *config, const zsc_dataset *data, char **out);
zsc_status zsc_provenance_text(char **out);
void zsc_provenance_command(int argc, char **argv); /* kept, not copied; for provenance */
/* The value of an option as the command works with it; a list has one call for each item. Copied. */
zsc_status zsc_provenance_option(const char *name, const char *value);

#endif
