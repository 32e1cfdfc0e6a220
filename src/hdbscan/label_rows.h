/* Labels of the rows, from the selected clusters of a condensed tree. */
#ifndef ZSC_HDBSCAN_LABEL_ROWS_H
#define ZSC_HDBSCAN_LABEL_ROWS_H

#include "hdbscan/condense.h"
#include "zsc/hdbscan.h"

/* selected: one per cluster of the condensed tree; none of them lies in another. Where the root is selected, only rows
 * that leave it at root_level or above belong to it. out->n is the caller's; the rest is set, and freed by
 * zsc_hdbscan_free in case of failure as well. */
zsc_status zsc_hdbscan_label_rows(const zsc_hdbscan_space *space, const zsc_hdbscan_condensed *condensed,
                                  const bool *selected, double root_level, zsc_hdbscan *out);

#endif
