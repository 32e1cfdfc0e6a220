/* A linkage that is not finished, for those who keep it meanwhile: zsc_linkage_kept (linkage.c). Ward's method alone
 * (ward.c) gives its state, and resumes from it; others take hours only where they are not the ones to take. */
#ifndef ZSC_WARD_LINKAGE_STATE_H
#define ZSC_WARD_LINKAGE_STATE_H

#include <stdbool.h>

#include "zsc/ward.h"

enum { ZSC_WARD_ASLEEP = INT32_MIN };

/* Between two rounds, or within one that was interrupted. Clusters are named by their first row; repeated rows count as
 * merged. */
typedef struct zsc_ward_state {
    size_t merges, live; /* made so far; clusters that there are then */
    int32_t *pair;       /* merges x 2: the first rows of the two clusters, in the order in which they merged */
    int32_t *nearest;    /* live, by first row: the nearest cluster, as a distinct row counts, of one that keeps it in
                          * this round; -2 minus it of one that has found it in this round; -1: not found yet; or it
                          * sleeps */
} zsc_ward_state;
void zsc_ward_state_free(zsc_ward_state *state);

typedef struct zsc_ward_keeper {
    zsc_status (*find)(void *owner, zsc_ward_state *out);         /* what to resume from; pair NULL: the beginning */
    bool (*due)(void *owner);                                     /* asked before each round */
    zsc_status (*keep)(void *owner, const zsc_ward_state *state); /* where one is due, and where it is interrupted */
    void *owner;
} zsc_ward_keeper;

/* zsc_linkage_metric, or zsc_linkage_metric_f64 where x64 is not NULL. KEEPER may be NULL. A linkage that was stopped
 * and resumed has the bytes of one that never stopped. ZSC_EINPUT: the state that was found is not one of these rows.
 */
zsc_status zsc_linkage_kept(const float *x, const double *x64, size_t n, size_t d, zsc_linkage_method method,
                            zsc_metric metric, const zsc_ward_keeper *keeper, const zsc_exec *exec, double *z,
                            const char **how);

#endif
