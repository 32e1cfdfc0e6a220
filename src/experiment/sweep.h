/* Carrying out a plan: what is missing in the store is run; nothing is computed twice.
 *
 * sweep.c carries it out; estimate.c says what it will need. */
#ifndef ZSC_EXPERIMENT_SWEEP_H
#define ZSC_EXPERIMENT_SWEEP_H

#include "data/dataset.h"
#include "experiment/plan/plan.h"
#include "experiment/speed.h"

typedef struct zsc_sweep_options {
    const char *output;   /* the store */
    const char *cache;    /* folder for neighbours, or NULL */
    size_t shard, shards; /* this process does the units u with u % shards == shard; 0 of 1: all */
    bool force;
    size_t cache_memory; /* bytes of labels and matrices that are kept for the inputs that come after; SIZE_MAX: as fits
                            the machine */
} zsc_sweep_options;

typedef struct zsc_sweep_report {
    size_t computed, present, failed;
} zsc_sweep_report;

/* A failed run is recorded in OUTPUT/.failed and the sweep goes on. ZSC_EPARTIAL: some runs failed. ZSC_EINTERRUPTED:
 * the run under way is lost, no finished one. Started again, it resumes. */
zsc_status zsc_sweep(const zsc_plan *plan, const zsc_sweep_options *options, const zsc_exec *exec,
                     zsc_sweep_report *report);

/* Instead of zsc_sweep, by a rank that cannot begin: the others would wait for it at their end. */
void zsc_sweep_absent(void);

typedef struct zsc_seconds {
    double all, left; /* of all runs of an input; of those that are to do */
} zsc_seconds;

/* What each input of a plan will need: rows, columns, bytes, and seconds by the measured rates of doc/performance.md,
 * scaled by the speeds of both clocks. DONE: of each run of the plan, whether it is done. */
typedef struct zsc_estimate {
    size_t rows, dim, bytes;
    zsc_seconds wall, cpu;
} zsc_estimate;
zsc_status zsc_sweep_estimate(const zsc_plan *plan, size_t first_run, const bool *done, const zsc_speed *wall,
                              const zsc_speed *cpu, const zsc_exec *exec, zsc_dataset_cache *cache, zsc_estimate *out);
/* What SIZE_MAX stands for in cache_memory: an eighth of the memory there is, or of the limit, and at most 512 MB. */
size_t zsc_sweep_cache_memory(const zsc_exec *exec);

#endif
