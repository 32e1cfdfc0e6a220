/* The third step of a dataset: which rows stay. */
#ifndef ZSC_DATA_SELECT_ROWS_H
#define ZSC_DATA_SELECT_ROWS_H

#include "data/loading.h"

/* Fills .selection and .kept; .unmatched is used up. */
zsc_status zsc_select_rows(zsc_loading *l);

#endif
