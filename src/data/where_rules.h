/* Rules that rows of metadata must meet: COLUMN=VALUE, on any column. */
#ifndef ZSC_DATA_WHERE_RULES_H
#define ZSC_DATA_WHERE_RULES_H

#include <stdbool.h>

#include "io/text/csv.h"
#include "io/labels/missing_labels.h"

typedef struct zsc_where_rule {
    char *name;        /* of the column */
    const char *value; /* "": the value is missing */
    size_t field;      /* of a row of the CSV; whoever reads it sets this */
} zsc_where_rule;

typedef struct zsc_where_rules {
    zsc_where_rule *rule;
    size_t count;
} zsc_where_rules;

/* TEXT must live as long. ZSC_EUSAGE where one is not COLUMN=VALUE. */
zsc_status zsc_where_parse(const char *const *text, size_t count, zsc_where_rules *out);
void zsc_where_free(zsc_where_rules *rules);
/* Whether the row meets all of them. */
bool zsc_where_holds(const zsc_where_rules *rules, const zsc_missing_labels *missing, const zsc_csv_row *row);

#endif
