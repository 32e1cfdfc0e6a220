/* Which rows of the results table are shown. */
#ifndef ZSC_EXPERIMENT_RESULTS_TABLE_FILTER_H
#define ZSC_EXPERIMENT_RESULTS_TABLE_FILTER_H

#include "base/text.h"
#include "experiment/series/results_table.h"

/* Keeps rows that satisfy all of WHERE ("column=value" of the table; a value may be a|b for either), ENCODERS
 * (names; empty: all; an entry "a+b" is a pair) and ROWS (0 all and one per barcode, 1 all, 2 one per barcode).
 * Of a seed that is there several times one result is left (run_identity.h). ZSC_EINPUT: none is left. */
zsc_status zsc_results_table_filter(zsc_results_table *rows, const zsc_list *where, const zsc_list *encoders,
                                    int which);

#endif
