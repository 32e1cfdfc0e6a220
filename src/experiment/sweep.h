/* Carrying out a plan: what is missing in the store is run; nothing is computed twice.
 *
 * sweep.c carries it out; estimate.c says what it will need. */
#ifndef ZSC_EXPERIMENT_SWEEP_H
#define ZSC_EXPERIMENT_SWEEP_H

#include "data/dataset.h"
#include "experiment/plan/plan.h"
#include "experiment/speed.h"
#include "experiment/sweep_ranks.h"

/* A failed run is recorded in OUTPUT/.failed and the sweep goes on. ZSC_EPARTIAL: some runs failed. ZSC_EINTERRUPTED:
 * the run under way is lost, no finished one. Started again, it resumes. */
zsc_status zsc_sweep(const zsc_plan *plan, const zsc_sweep_options *options, const zsc_exec *exec,
                     zsc_sweep_report *report);

typedef struct zsc_seconds {
    double all, left; /* of all runs of an input; of those that are to do */
} zsc_seconds;

/* What each input of a plan will need: rows, columns, bytes, and seconds by the measured rates of doc/performance.md,
 * scaled by the speeds of both clocks. DONE: of each run of the plan, whether it is done. */
typedef struct zsc_estimate {
    size_t rows, dim;
    size_t distinct;          /* rows that differ: estimated, where there are many */
    size_t bytes, bytes_most; /* of such rows, typically; of any rows of that shape */
    size_t program;           /* beside that: the program, with ids, labels and metadata */
    zsc_seconds wall, cpu;
} zsc_estimate;
zsc_status zsc_sweep_estimate(const zsc_plan *plan, size_t first_run, const bool *done, const zsc_speed *wall,
                              const zsc_speed *cpu, const zsc_exec *exec, zsc_dataset_cache *cache, zsc_estimate *out);
/* What SIZE_MAX stands for in cache_memory: an eighth of the memory there is, or of the limit, and at most 512 MB. */
size_t zsc_sweep_cache_memory(const zsc_exec *exec);

#endif
