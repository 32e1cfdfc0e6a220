/* --where and --ids of commands that read labels rather than embeddings: `zsc score`, `zsc curve`. */
#ifndef ZSC_CLI_LABELLED_ROWS_H
#define ZSC_CLI_LABELLED_ROWS_H

#include "base/text.h"
#include "data/id_filter.h"
#include "data/where_rules.h"
#include "io/labels/labels.h"
#include "io/labels/metadata.h"

typedef struct cli_labelled_rows { /* start from {0} */
    zsc_where_rules where;
    zsc_missing_labels missing;
    zsc_id_filter ids;
    zsc_csv_column *column;
    const char *(*names)[ZSC_COLUMN_NAMES];
    zsc_label_rows rows; /* points to the above: the struct stays where it is */
} cli_labelled_rows;

/* WHERE: COLUMN=VALUE; IDS: a file, or NULL. */
zsc_status cli_labelled_rows_make(const zsc_list *where, const char *missing_values, const char *ids,
                                  cli_labelled_rows *out);
void cli_labelled_rows_free(cli_labelled_rows *rows);
/* ZSC_EINPUT where none of the tables that were read has the columns of --where. */
zsc_status cli_labelled_rows_check_where(const cli_labelled_rows *rows);
/* Which of the labels' rows the list of ids takes: n, the caller's; NULL: there is no list. ZSC_EUSAGE where the labels
 * have no ids; ZSC_EINPUT where an id of the list is in no row of them. */
zsc_status cli_labelled_rows_choose(cli_labelled_rows *rows, const zsc_labels *labels, bool **taken);

#endif
