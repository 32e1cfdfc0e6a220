/* The settings of a run by name: what sweep files set, and what a run's configuration is made of. */
#ifndef ZSC_EXPERIMENT_SETTINGS_H
#define ZSC_EXPERIMENT_SETTINGS_H

#include "zsc/experiment.h"

typedef enum zsc_setting_kind {
    ZSC_TEXT,
    ZSC_COUNT,
    ZSC_REAL,
    ZSC_CHOICE,
    ZSC_OPTIONAL_CHOICE,
    ZSC_FLAG
} zsc_setting_kind;

typedef struct zsc_setting {
    const char *name;
    zsc_setting_kind kind;
    size_t offset; /* in zsc_run_options */
    const char *choices;
    double least, most;
} zsc_setting;

extern const zsc_setting zsc_settings[];
extern const size_t zsc_setting_count;

const zsc_setting *zsc_setting_find(const char *name);
/* Sets it from text. A ZSC_TEXT keeps the pointer. ZSC_EINPUT: "expects a number from 1 to 10, not 'x'". */
zsc_status zsc_setting_parse(const zsc_setting *setting, const char *value, zsc_run_options *options);
/* The name of the choice that is set, for choices; static storage. */
const char *zsc_setting_choice(const char *name, const zsc_run_options *options);

#endif
