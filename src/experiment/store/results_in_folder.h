/* The results in a folder, by kind. */
#ifndef ZSC_EXPERIMENT_RESULTS_IN_FOLDER_H
#define ZSC_EXPERIMENT_RESULTS_IN_FOLDER_H

#include "base/text.h"

typedef enum zsc_result_kinds {
    ZSC_RESULTS_OF_RUNS = 1,
    ZSC_RESULTS_OF_RETRIEVAL = 2,
    ZSC_RESULTS_OF_PROBES = 4,
    ZSC_RESULTS_OF_QUERIES = ZSC_RESULTS_OF_RETRIEVAL | ZSC_RESULTS_OF_PROBES,
    ZSC_RESULTS_QUIETLY = 8, /* besides: what is no result has been reported */
} zsc_result_kinds;

/* Adds the results of these kinds in FOLDER to PATHS, in the order of zsc_run_order_sort. HDF5 files that nobody marked
 * as a result are left out with a warning. What cannot be told is listed with the runs: their reader says what is wrong
 * with it. *OTHERS (may be NULL): how many files were left out. */
zsc_status zsc_results_in_folder(const char *folder, unsigned kinds, zsc_list *paths, size_t *others);

#endif
