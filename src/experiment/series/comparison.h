/* Encoders side by side, with uncertainty: means over seeds, resampling intervals, and which differences hold. */
#ifndef ZSC_EXPERIMENT_COMPARISON_H
#define ZSC_EXPERIMENT_COMPARISON_H

#include "experiment/series/comparison_statistics.h"
#include "zsc/experiment.h"

/* RESULTS must have been read with ZSC_RESULT_ROWS and ZSC_RESULT_LINKAGE. A result that is given twice counts once.
 * ZSC_EINPUT: no results, a unit that is not a rank of theirs, or what ONE_GROUP and BASELINE of the options refuse. */
zsc_status zsc_compare(const zsc_result_list *results, const zsc_compare_options *options, const zsc_exec *exec,
                       zsc_comparison *out);

#endif
