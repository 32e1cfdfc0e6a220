/* Metadata that is no table with ids: a file of embeddings with labels, an array of labels (.npy), a text of one label
 * per line. It is read as the table that it would be. */
#ifndef ZSC_DATA_LABEL_TABLE_H
#define ZSC_DATA_LABEL_TABLE_H

#include "data/loading.h"

/* Sets l->table and l->table_layout, from which metadata is read, once the first file of embeddings is open. Labels
 * without ids go with embeddings without ids, row by row: their ids are then the numbers of the rows. ZSC_EINPUT where
 * such labels are more or fewer than the rows, or the embeddings have ids, or there are no labels. */
zsc_status zsc_label_table_open(zsc_loading *l, const zsc_embeddings *first);
/* Whether PATH can be metadata, a table or not, as far as that can be told without embeddings. */
zsc_status zsc_label_table_check(const char *path);

#endif
