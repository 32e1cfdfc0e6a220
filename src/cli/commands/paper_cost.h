/* What the steps of `zsc paper` that are to do will take, for its dry run. */
#ifndef ZSC_CLI_PAPER_COST_H
#define ZSC_CLI_PAPER_COST_H

#include "paper/paper.h"

/* Keys of the linear probes, counted once. Start from {0}. */
typedef struct cli_paper_keys {
    bool counted;
    double rows, classes;
} cli_paper_keys;

/* Seconds and bytes of a step: of sweeps, their own estimate; of passes over metadata and of searches, by the sizes of
 * the files and the measured rates of doc/metadata.md and doc/retrieval.md; of linear probes, at most, by the rates of
 * doc/retrieval.md; of a step that was made before with other inputs, what it took then. Negative seconds: not known.
 */
zsc_status cli_paper_step_cost(const zsc_paper *paper, const zsc_paper_step *step, const zsc_exec *exec,
                               cli_paper_keys *keys, zsc_paper_cost *out);

#endif
