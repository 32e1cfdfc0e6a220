/* The rows that a list of ids takes (--ids), where rows come one by one and there is no dataset. */
#ifndef ZSC_DATA_ID_FILTER_H
#define ZSC_DATA_ID_FILTER_H

#include "data/id_list.h"

typedef struct zsc_id_filter { /* start from {0}, which takes all rows */
    const char *path;          /* the caller's; NULL: there is no list */
    zsc_id_list list;
    bool *found; /* one per id of the list: it was asked for */
} zsc_id_filter;

/* PATH as in zsc_id_list_read; NULL: all rows are taken. */
zsc_status zsc_id_filter_read(const char *path, bool in_order, zsc_id_filter *out);
void zsc_id_filter_free(zsc_id_filter *filter);
/* Whether the row with this id is taken; *place (may be NULL) is then that of the id in the list. */
bool zsc_id_filter_takes(zsc_id_filter *filter, const char *id, size_t length, size_t *place);
/* ZSC_EINPUT where an id of the list was never asked for: it is in no row of ROWS, which the message names. */
zsc_status zsc_id_filter_check(const zsc_id_filter *filter, const char *rows);

#endif
