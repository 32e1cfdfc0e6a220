/* Carrying out a plan: the commands of its steps as child processes, so that each has a time, a peak of memory and
 * messages of its own, and so that what is made is what the commands make by hand. */
#ifndef ZSC_PAPER_RUN_H
#define ZSC_PAPER_RUN_H

#include "paper/paper_plan.h"
#include "paper/paper_state.h"
#include "zsc/exec.h"

typedef struct zsc_paper_run_options {
    const char *program;      /* zsc itself */
    size_t jobs;              /* steps at a time, at least 1 */
    size_t memory_limit;      /* bytes, of each command; 0: none */
    bool force;               /* commands replace what zsc did not write, or what was changed since */
    const zsc_list *launcher; /* words before sweeps, such as mpirun -n 4 */
    size_t shard, shards; /* part SHARD, from 0, of SHARDS: sweeps as zsc sweep --shard has it, of the other work every
                           * SHARDS-th step; with more than one, figures and tables are left to a run without */
} zsc_paper_run_options;

typedef struct zsc_paper_report {
    size_t made, present, failed, left; /* steps: made now, there already, failed, left out for want of one before */
} zsc_paper_report;

/* Makes every step that is wanted and not done, each when those before it are. A step whose command fails has its
 * message, and the others go on: also those after it, where they can be made of what is there (they say what they lack,
 * and are made again the next time). ZSC_EPARTIAL: some failed. ZSC_EINTERRUPTED: commands under way are ended; started
 * again, it resumes. */
zsc_status zsc_paper_run(zsc_paper_plan *plan, const zsc_paper_state *state, const zsc_paper_run_options *options,
                         const zsc_exec *exec, zsc_paper_report *report);

#endif
