/* A list of ids in a file (--ids): the rows that are wanted. */
#ifndef ZSC_DATA_ID_LIST_H
#define ZSC_DATA_ID_LIST_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/names.h"

typedef struct zsc_id_list {
    zsc_names id;      /* numbered in the order of the file */
    size_t *line;      /* of each, in the file */
    size_t capacity;   /* of line */
    zsc_digest digest; /* of the ids as a set, or in their order */
} zsc_id_list;

/* PATH ("-": standard input) holds one id per line, or is a table whose header names a column of ids (processid, id,
 * ids); packed with gzip or zstd, too. IN_ORDER: the digest tells orders apart. ZSC_EINPUT: there are none, or an id
 * stands there twice. */
zsc_status zsc_id_list_read(const char *path, bool in_order, zsc_id_list *out);
void zsc_id_list_free(zsc_id_list *list);
/* Ids of the list that are none of IDS, but are with the blanks and quotes around them left out: listed[row of IDS]
 * becomes their number, unless that row is listed already. */
void zsc_id_list_find_trimmed(const zsc_id_list *list, const zsc_names *ids, int32_t *listed);
/* ZSC_EINPUT where FOUND, one per id of the list, is not true for all: how many, and the first three. ROWS: whose rows
 * they are not, for the message. */
zsc_status zsc_id_list_check(const zsc_id_list *list, const char *path, const bool *found, const char *rows);

#endif
