/* Settings that have more than one name: zsc's own, and umap-learn's. */
#ifndef ZSC_BASE_SETTING_NAMES_H
#define ZSC_BASE_SETTING_NAMES_H

#include <stdbool.h>

/* The other name of the setting called NAME; NULL where it has one name only. */
const char *zsc_setting_other_name(const char *name);
/* Whether A and B name the same setting; "_" equals "-". */
bool zsc_setting_same_name(const char *a, const char *b);

#endif
