/* What the output folder knows of earlier runs: OUT/state.
 *
 * state/inputs.json: digests of inputs, with the state of the files when they were read, so that files that have not
 * changed are not read again. state/results.json: which encoders, of which contents, the folder of results is of. Where
 * one of them has other contents now, results go to a new folder, results/<generation>, since runs of the old contents
 * could not be told from those of the new. state/steps/<name>.json: what a step was made of, when, and what it took. */
#ifndef ZSC_PAPER_STATE_H
#define ZSC_PAPER_STATE_H

#include <stdint.h>

#include "paper/paper_plan.h"
#include "zsc/exec.h"

/* What was learned of embeddings: state/encoders.json of OUTPUT; NULL: nothing. The caller's. */
json_t *zsc_paper_state_learned(const char *output);

typedef struct zsc_paper_input {
    char *path;
    zsc_digest identity, digest;
    uint64_t bytes;
} zsc_paper_input;

typedef struct zsc_paper_state {
    char *folder; /* OUT/state */
    zsc_paper_input *input;
    size_t inputs, capacity;
    size_t generation; /* from 1 */
    bool others;       /* the folder of results holds encoders that the configuration does not name */
} zsc_paper_state;

/* Digests of all inputs that are there. KEEP: what was found is written, for the next time. */
zsc_status zsc_paper_state_open(const zsc_paper_config *config, const char *output, bool keep, const zsc_exec *exec,
                                zsc_paper_state *out);
void zsc_paper_state_free(zsc_paper_state *state);
const zsc_paper_input *zsc_paper_state_input(const zsc_paper_state *state, const char *path); /* NULL: not there */

/* Sets each step's key, whether it is done, and what it took. AGAIN: none is done. */
zsc_status zsc_paper_state_find(const zsc_paper_state *state, zsc_paper_plan *plan, bool again);
/* Keeps that a step was made, and of one that lacks something, which files are its own. */
zsc_status zsc_paper_state_keep(const zsc_paper_state *state, const zsc_paper_step *step);

#endif
