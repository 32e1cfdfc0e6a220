/* Carrying out a plan of retrieval: pairs whose result is in the store are not computed again. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_SWEEP_H
#define ZSC_EXPERIMENT_RETRIEVAL_SWEEP_H

#include "experiment/plan/retrieval_plan.h"
#include "experiment/store/run_index.h"
#include "experiment/sweep.h"

/* As zsc_sweep; ranks and shards are handed keys, with all of their queries. */
zsc_status zsc_retrieval_sweep(const zsc_retrieval_plan *plan, const zsc_sweep_options *options, const zsc_exec *exec,
                               zsc_sweep_report *report);

/* What has become of each pair: state[plan->count]. */
zsc_status zsc_retrieval_sweep_states(const zsc_retrieval_plan *plan, const char *output, zsc_run_state *state);

#endif
