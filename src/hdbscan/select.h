/* Which clusters of the condensed tree are the answer, and who belongs to them. */
#ifndef ZSC_HDBSCAN_SELECT_H
#define ZSC_HDBSCAN_SELECT_H

#include "hdbscan/condense.h"
#include "zsc/hdbscan.h"

/* ZSC_EUSAGE: options out of range, or more rows than can be counted. */
zsc_status zsc_hdbscan_check(size_t n, const zsc_hdbscan_options *options);

/* selected: one per cluster of the condensed tree. No cluster of them lies in another. */
zsc_status zsc_hdbscan_select(const zsc_hdbscan_condensed *condensed, const zsc_hdbscan_options *options,
                              bool *selected);

/* The least lambda at which a row must leave the root, where it alone is selected, to belong to it. */
double zsc_hdbscan_root_level(const zsc_hdbscan_condensed *condensed, const zsc_hdbscan_options *options);

#endif
