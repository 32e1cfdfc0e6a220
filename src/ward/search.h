/* Finding the nearest of many live clusters, in one of several ways (how.c says which). */
#ifndef ZSC_WARD_SEARCH_H
#define ZSC_WARD_SEARCH_H

#include "ward/internal.h"

enum { ZSC_NEAR = 8 }; /* how many near clusters are kept with each cluster (doc/ward.md: measured) */

/* The clusters of one moment. A slot is the number of a distinct row; a cluster lives in the slot of its first one. */
typedef struct zsc_clusters {
    size_t m, d, stride, live;
    double *c;      /* m x stride: centroids */
    double *weight; /* m: rows; 0: no cluster lives here */
} zsc_clusters;

/* Twice what merging adds to the within-cluster sum of squares: the square of SciPy's height. */
static inline double zsc_ward_square(const zsc_clusters *s, int32_t a, int32_t b)
{
    double wa = s->weight[a], wb = s->weight[b];
    return 2 * (wa * wb / (wa + wb)) *
           zsc_square_distance(s->c + (size_t)a * s->stride, s->c + (size_t)b * s->stride, s->stride);
}

#endif
