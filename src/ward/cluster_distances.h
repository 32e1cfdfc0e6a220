/* Distances between clusters of average and complete linkage, a cluster's to all others at a time, with a bounded
 * number of such rows kept (cluster_distances.c). Clusters are in the slot of their first row. */
#ifndef ZSC_WARD_CLUSTER_DISTANCES_H
#define ZSC_WARD_CLUSTER_DISTANCES_H

#include "ward/prepare.h"
#include "zsc/ward.h"

typedef struct zsc_ward_distances {
    const zsc_ward_points *points;
    bool largest; /* complete linkage: the largest distance; else their weighted sum */
    const zsc_exec *exec;
    double *weight; /* m: rows of a slot's cluster; 0: none any more */
    int32_t *live;  /* slots with a cluster, ascending */
    size_t count;   /* how many */
    int32_t *slot;  /* m: of each row */
    int32_t *next;  /* m: the next row of the same cluster; -1 */
    int32_t *last;  /* m: the last row of a slot's cluster */
    size_t *size;   /* m: distinct rows of a slot's cluster */
    double *to_row; /* m: of the cluster in work to each row */
    size_t kept;    /* rows of distances that can be kept */
    size_t there;   /* of which so many have memory */
    double **store; /* kept: m distances, by slot */
    int32_t *owner; /* kept: slot; -1: free */
    int32_t *place; /* m: where a slot's are; -1 */
    double *worth;  /* kept: what goes first has the least */
    double age;
} zsc_ward_distances;

/* ZSC_EINTERNAL: out of memory. The caller frees *out with zsc_ward_distances_free, also where it fails. */
zsc_status zsc_ward_distances_make(const zsc_ward_points *points, bool largest, const zsc_exec *exec,
                                   zsc_ward_distances *out);
void zsc_ward_distances_free(zsc_ward_distances *s);
/* For tests: so many rows of distances are kept, 2 or more; 0: by the rule. Not while another thread clusters. */
void zsc_ward_distances_keep(size_t rows);
/* Bytes for m distinct rows where so many rows of distances have memory; SIZE_MAX: as many as can be kept. */
size_t zsc_ward_distances_memory(size_t m, size_t there);

/* *out: what cluster a is from each slot; valid for live ones. Stays where it is until the next call that does not name
 * a as PINNED (-1: none), or a merge. ZSC_EUSAGE: a row more would exceed the memory limit; ZSC_EINTERNAL: out of
 * memory.
 */
zsc_status zsc_ward_distances_of(zsc_ward_distances *s, int32_t a, int32_t pinned, const double **out);
/* The distance that such a value stands for. */
static inline double zsc_ward_distances_value(const zsc_ward_distances *s, int32_t a, int32_t b, double value)
{
    return s->largest ? value : value / (s->weight[a] * s->weight[b]);
}
/* Merges the cluster of slot b into that of slot a, a < b. */
void zsc_ward_distances_merge(zsc_ward_distances *s, int32_t a, int32_t b);

#endif
