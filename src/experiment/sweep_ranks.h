/* What ranks of MPI and shards do of a sweep. Units are numbered alike in all of them. */
#ifndef ZSC_EXPERIMENT_SWEEP_RANKS_H
#define ZSC_EXPERIMENT_SWEEP_RANKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"
#include "zsc/status.h"

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

/* ZSC_EUSAGE: the rank that came first has other runs (SETTINGS of COUNT), another output folder or another shard. */
zsc_status zsc_sweep_ranks_check(const zsc_digest *settings, size_t count, const zsc_sweep_options *options);

/* The next unit for this process, of UNITS; UNITS itself: there is none. NEXT: 0 at first, then this function's. */
zsc_status zsc_sweep_ranks_next(const zsc_sweep_options *options, size_t units, size_t *next, size_t *unit);

/* The end of a sweep of COUNT runs (WHAT: "runs"), which every rank calls, whatever its STATUS: the others wait for it
 * here. *report: of all ranks together. Returns STATUS, or ZSC_EPARTIAL: runs have failed, or ranks have ended early.
 */
zsc_status zsc_sweep_ranks_sum(zsc_status status, const zsc_sweep_options *options, size_t count, const char *what,
                               zsc_sweep_report *report);

/* Instead of zsc_sweep, by a rank that cannot begin: the others would wait for it at their end. */
void zsc_sweep_absent(void);

#endif
