/* Stages that a checkpoint keeps before they are finished: the approximate search for neighbours and Ward's linkage. */
#ifndef ZSC_EXPERIMENT_KEPT_STAGES_H
#define ZSC_EXPERIMENT_KEPT_STAGES_H

#include "experiment/pipeline/checkpoint.h"

/* A stage that runs, or runs again: owner of a keeper. */
typedef struct zsc_kept {
    zsc_checkpoint *checkpoint; /* NULL: nothing is found or kept */
    zsc_digest key;             /* of the neighbours, or of the dendrogram */
    size_t n;                   /* rows */
    const char *stage;          /* whose seconds count */
    double began;               /* zsc_clock */
    zsc_stage_list seconds;     /* of the stage before it was stopped */
    bool found, anew;
} zsc_kept;

zsc_knn_keeper zsc_kept_search(zsc_kept *kept);
zsc_ward_keeper zsc_kept_linkage(zsc_kept *kept);

/* Whether the stage, which has ended with STATUS, is to run again from its beginning: what was found was not of these
 * rows, which is warned of. */
bool zsc_kept_again(zsc_kept *kept, zsc_status status);
/* Adds the seconds before it was stopped, and frees them. */
zsc_status zsc_kept_end(zsc_kept *kept, zsc_stage_list *seconds);

#endif
