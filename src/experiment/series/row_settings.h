/* The settings of a run as columns of the results table, one each. */
#ifndef ZSC_EXPERIMENT_ROW_SETTINGS_H
#define ZSC_EXPERIMENT_ROW_SETTINGS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

/* The columns of settings that have no other column: "neighbors", "min_dist", "n_components", ... */
size_t zsc_row_setting_columns(void);
const char *zsc_row_setting_column(size_t i);

/* The values of all columns, a line each, by a configuration that holds what has an effect; "" for what is not set. The
 * caller's; NULL: memory ran out. */
char *zsc_row_settings_of(const json_t *config);
/* The same where CONFIG is the text of a JSON object; all are "" where it is none. */
char *zsc_row_settings_of_text(const char *config);

/* Whether one configuration sets it otherwise than the other, or alone. */
bool zsc_row_setting_differs(const json_t *config, const json_t *other, const char *setting);

/* The value of column I in VALUES: its first byte, its length to *length. */
const char *zsc_row_setting_value(const char *values, size_t i, size_t *length);
/* Adds the value of the next column; a line break in TEXT becomes a blank. */
void zsc_row_settings_append(zsc_text *values, const char *text);

/* The column that holds the setting NAME (by any of its names, or the column's): *i of zsc_row_setting_column, or
 * SIZE_MAX and *other is the column that the table has for it ("scale", "subset"). False: NAME is no setting. */
bool zsc_row_setting_find(const char *name, size_t *i, const char **other);

#endif
