/* The second step of a dataset: labels, splits and barcodes of its rows. */
#ifndef ZSC_DATA_FIND_LABELS_H
#define ZSC_DATA_FIND_LABELS_H

#include "data/loading.h"

/* Fills .labels, and adds to .unmatched the rows that the metadata does not have. */
zsc_status zsc_find_labels(zsc_loading *l);

#endif
