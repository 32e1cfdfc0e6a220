/* Rows of embeddings without ids: those of their split in the metadata, in its order or in that of the ids. */
#ifndef ZSC_DATA_ROW_ORDER_H
#define ZSC_DATA_ROW_ORDER_H

#include "data/loading.h"

/* Gives ids to the files of L that have none, where there are metadata, which are read once for all of them; with a
 * cache, once for all datasets. ZSC_EINPUT: a file has other rows than its split. */
zsc_status zsc_order_rows(zsc_loading *l);

#endif
