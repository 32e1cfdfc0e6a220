/* The settings of a linear probe of keys, by name. */
#ifndef ZSC_EXPERIMENT_LINEAR_SETTINGS_H
#define ZSC_EXPERIMENT_LINEAR_SETTINGS_H

#include <jansson.h>

#include "experiment/settings/settings.h"
#include "zsc/probe.h"

#define ZSC_PROBE_SOLVERS "sgd|lbfgs" /* of zsc_probe_solver */

typedef struct zsc_linear_options { /* texts are the caller's */
    int solver;
    size_t epochs, batch_size, patience, seed; /* epochs 0: those that are usual for the solver */
    double learning_rate, momentum, weight_decay, tolerance;
    const char *stopping_split; /* of the keys' embeddings: rows for early stopping; NULL: none */
} zsc_linear_options;

extern const zsc_setting zsc_linear_settings[]; /* offsets are in zsc_linear_options */
extern const size_t zsc_linear_setting_count;

zsc_linear_options zsc_linear_defaults(void);
zsc_probe_options zsc_linear_probe_options(const zsc_linear_options *options);
/* Why a setting has no effect beside the others, "it is one of solver sgd"; NULL: it has. */
const char *zsc_linear_setting_unused(const zsc_setting *setting, const zsc_linear_options *options);

/* All settings that have an effect, with the number of epochs resolved. */
json_t *zsc_linear_config(const zsc_linear_options *options);
/* Texts belong to CONFIG. ZSC_EINPUT: a value that does not fit. */
zsc_status zsc_linear_config_read(const json_t *config, zsc_linear_options *out);

#endif
