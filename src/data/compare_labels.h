/* Labels that several files have for the same rows. For each rank with other labels, and for the split, than those that
 * are used, one warning: the number of rows, and the first of them. */
#ifndef ZSC_DATA_COMPARE_LABELS_H
#define ZSC_DATA_COMPARE_LABELS_H

#include "data/loading.h"

/* The first file's own labels, where the metadata's take their place, which is said. */
zsc_status zsc_compare_own_labels(zsc_loading *l);
/* The labels of the second and later files, and of files beside the first. Once per file in a sweep. */
zsc_status zsc_compare_other_files(zsc_loading *l);

#endif
