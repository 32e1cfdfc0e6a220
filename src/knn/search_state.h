/* An approximate search for neighbours that is not finished, for those who keep it meanwhile: zsc_knn_search_kept
 * (knn.c). The exact search is not kept: it takes seconds where it is chosen, and all its lists change until the end of
 * its first pass. */
#ifndef ZSC_KNN_SEARCH_STATE_H
#define ZSC_KNN_SEARCH_STATE_H

#include <stdbool.h>

#include "zsc/knn.h"

/* NN-descent before a round (nn_descent.c). Rows are the distinct ones, by their position in the blocked index. */
typedef struct zsc_knn_state {
    size_t n, k;
    size_t round, improved; /* the round that follows; entries that the last one improved */
    int32_t *index;         /* n x k */
    float *distance;        /* n x k */
    uint8_t *new;           /* n x k: whether the entry came in the last round */
} zsc_knn_state;

typedef struct zsc_knn_keeper {
    /* Fills the arrays of a state of this n and k, which are there, and the two numbers; *found: whether it did. */
    zsc_status (*find)(void *owner, zsc_knn_state *state, bool *found);
    bool (*due)(void *owner);                                    /* asked before each round */
    zsc_status (*keep)(void *owner, const zsc_knn_state *state); /* where one is due, and where it is interrupted */
    void *owner;
} zsc_knn_keeper;

/* zsc_knn_search; KEEPER may be NULL. A search that was stopped and resumed has the bytes of one that never stopped.
 * ZSC_EINPUT: the state that was found is not one of these rows. */
zsc_status zsc_knn_search_kept(const float *x, size_t n, size_t d, const zsc_knn_options *options,
                               const zsc_knn_keeper *keeper, const zsc_exec *exec, zsc_knn *out);

#endif
