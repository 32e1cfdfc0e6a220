/* The settings of a run by name: what sweep files set, and what a run's configuration is made of. */
#ifndef ZSC_EXPERIMENT_SETTINGS_H
#define ZSC_EXPERIMENT_SETTINGS_H

#include <jansson.h>

#include "zsc/experiment.h"

typedef enum zsc_setting_kind {
    ZSC_TEXT,
    ZSC_COUNT,
    ZSC_REAL,
    ZSC_CHOICE,
    ZSC_OPTIONAL_CHOICE,
    ZSC_FLAG
} zsc_setting_kind;

/* How far a setting reaches: what must be computed again where it differs. A setting without one does not compile. */
typedef enum zsc_setting_level {
    ZSC_LEVEL_PLACE,  /* where the input is found; its contents are what counts */
    ZSC_LEVEL_ROWS,   /* rows and their scaling */
    ZSC_LEVEL_GRAPH,  /* neighbours */
    ZSC_LEVEL_LAYOUT, /* reduction */
    ZSC_LEVEL_TREE,   /* dendrogram, or the clusters of other clusterers */
    ZSC_LEVEL_CUT,    /* clusters, scores */
    ZSC_LEVEL_OUTPUT  /* adds output and changes no score: runs that differ in nothing else are the same run */
} zsc_setting_level;

typedef struct zsc_setting {
    const char *name;
    zsc_setting_level level;
    zsc_setting_kind kind;
    size_t offset; /* in zsc_run_options, or the struct that its table says */
    const char *choices;
    double least, most;
} zsc_setting;

extern const zsc_setting zsc_settings[];
extern const size_t zsc_setting_count;

const zsc_setting *zsc_setting_find(const char *name);
/* Sets it from text in OPTIONS, the struct of its table. A ZSC_TEXT keeps the pointer. ZSC_EINPUT: "expects a number
 * from 1 to 10, not 'x'". */
zsc_status zsc_setting_parse(const zsc_setting *setting, const char *value, void *options);
/* Whether all settings of the levels from PLACE to LAST are the same; lists (where, column, ...) are not among them. */
bool zsc_settings_same(const zsc_run_options *a, const zsc_run_options *b, zsc_setting_level last);
/* The name of the choice that is set, for choices; static storage. */
const char *zsc_setting_choice(const char *name, const zsc_run_options *options);

/* A setting of a configuration as labels show it: "cosine", "neighbors 15", "min-dist 0.1", "no curve". A word says by
 * itself what it is, a number does not. The caller's; NULL if memory runs out. */
char *zsc_setting_label(const char *name, const json_t *value);

#endif
