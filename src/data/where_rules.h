/* Rules that rows of metadata must meet: COLUMN=VALUE or COLUMN=VALUE|VALUE..., one per column. */
#ifndef ZSC_DATA_WHERE_RULES_H
#define ZSC_DATA_WHERE_RULES_H

#include <stdbool.h>

#include "io/text/csv.h"
#include "io/labels/missing_labels.h"

typedef struct zsc_where_rule {
    char *name;        /* of the column */
    const char *value; /* one or several with | between; "": the value is missing */
    size_t field;      /* of a row of the CSV; whoever reads it sets this */
} zsc_where_rule;

typedef struct zsc_where_rules {
    zsc_where_rule *rule;
    size_t count;
} zsc_where_rules;

/* TEXT must live as long. ZSC_EUSAGE where one is not COLUMN=VALUE, or two are on one column and differ. */
zsc_status zsc_where_parse(const char *const *text, size_t count, zsc_where_rules *out);
void zsc_where_free(zsc_where_rules *rules);
/* Whether the rule takes this value, "" where it is missing: one of its values, or the whole (a name may have a |). */
bool zsc_where_takes(const zsc_where_rule *rule, const char *value);
/* Whether the row meets all of them. */
bool zsc_where_holds(const zsc_where_rules *rules, const zsc_missing_labels *missing, const zsc_csv_row *row);

#endif
