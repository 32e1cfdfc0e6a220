/* What `zsc sweep` prints of a plan without running it. */
#ifndef ZSC_CLI_SWEEP_PLAN_H
#define ZSC_CLI_SWEEP_PLAN_H

#include "experiment/plan/plan.h"
#include "experiment/plan/retrieval_plan.h"
#include "experiment/speed.h"

/* --dry-run: the grid, one row per input, and totals. CACHE_MEMORY as in zsc_sweep_options. */
zsc_status cli_sweep_print_plan(const zsc_plan *plan, const char *output, size_t cache_memory, const zsc_exec *exec);
/* Takes I/N apart, I from 1 to N: *shard is I - 1. NULL leaves both. ZSC_EUSAGE. */
zsc_status cli_read_shard(const char *text, size_t *shard, size_t *shards);

/* The speeds of this machine, measured once in a command. */
zsc_status cli_sweep_speed(const zsc_exec *exec, zsc_speed *wall, zsc_speed *cpu);
/* What is to do of a plan: seconds of wall time on this machine as it is now, and the most bytes that an input needs.
 */
zsc_status cli_sweep_cost(const zsc_plan *plan, const char *output, const zsc_exec *exec, double *seconds,
                          size_t *bytes);
/* --status. Status 1: not all runs are done. */
zsc_status cli_sweep_print_status(const zsc_plan *plan, const char *output);

/* The pairs of a sweep of retrieval and their states; BRIEF: how many have each. ZSC_EINTERNAL where BRIEF, and some
 * are not done. */
zsc_status cli_sweep_print_retrieval(const zsc_retrieval_plan *plan, const char *output, bool brief);

#endif
