/* The option --where of commands that read results: one reading for all of them. */
#ifndef ZSC_EXPERIMENT_RESULTS_WHERE_H
#define ZSC_EXPERIMENT_RESULTS_WHERE_H

#include "base/text.h"
#include "experiment/series/results_table.h"

#define ZSC_RESULTS_WHERE_HELP                                                                                         \
    "only results with this value of a setting or of a column of zsc collect, e.g. neighbors=15, min_dist<=0.1, "      \
    "encoders=dino or seed=0; a|b for either value; also !=, <, <=, >, >="

/* Whether ROW satisfies all of WHERE: "name=value" or "name=a|b", !=, and, of numbers, <, <=, >, >=. Names are those of
 * settings (neighbors, n_neighbors) and of columns; numbers are compared as numbers. OF_RUN: ROW stands for all ranks
 * of a run, and columns that differ from rank to rank are refused. ZSC_EUSAGE: what is no such condition. */
zsc_status zsc_results_row_satisfies(const zsc_results_row *row, const zsc_list *where, bool of_run, bool *keep);

/* Leaves in LIST the results that satisfy WHERE, in their order. ZSC_EINPUT: a configuration or provenance that cannot
 * be read. */
zsc_status zsc_results_keep_where(zsc_result_list *list, const zsc_list *where);

#endif
