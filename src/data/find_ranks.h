/* Which columns are ranks, where the user does not say. */
#ifndef ZSC_DATA_FIND_RANKS_H
#define ZSC_DATA_FIND_RANKS_H

#include "data/loading.h"

/* The ranks to ask for: the first *SURE of NAMES are ranks, the others if their values say so. */
zsc_status zsc_find_ranks(const zsc_loading *l, zsc_list *names, size_t *sure);
/* After the labels are read: .rank is cleared of the guessed columns that are no labels. */
void zsc_keep_ranks(zsc_loading *l);

#endif
