/* A sweep file with `kind: retrieval` or `kind: probe`, and the pairs of queries and keys that it stands for. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_PLAN_H
#define ZSC_EXPERIMENT_RETRIEVAL_PLAN_H

#include "experiment/pipeline/retrieve.h"
#include "experiment/plan/plan.h"

typedef struct zsc_retrieval_plan {
    zsc_retrieve_options *pair; /* those of one key encoder one after the other */
    size_t count;
    size_t queries; /* as many pairs as this have one key encoder; 1 where each is asked for its own queries */
    size_t *k;
    zsc_linear_options linear; /* kind: probe; the pairs point to it: a plan is not to be copied */
    bool probe;
    zsc_plan texts; /* what the options' strings belong to; its output */
} zsc_retrieval_plan;

/* Whether the file says so; false also where it cannot be read. */
bool zsc_plan_is_retrieval(const char *path);

/* ZSC_EINPUT with file and line, as zsc_plan_read. */
zsc_status zsc_retrieval_plan_read(const char *path, zsc_retrieval_plan *out);
void zsc_retrieval_plan_free(zsc_retrieval_plan *plan);

#endif
