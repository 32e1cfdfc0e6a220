/* The tie rule of Ward's method: of equally near clusters the nearest is the one whose first row comes first. A cluster
 * is in the slot of its first row (clusters.h), so that the order by slot is the order by first row. Average and
 * complete linkage have their rule in nn_chain.c, single linkage in single.c. */
#ifndef ZSC_WARD_TIES_H
#define ZSC_WARD_TIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zsc_ward_candidate {
    double distance; /* squared height, exact */
    int32_t slot;
} zsc_ward_candidate;

static inline bool zsc_ward_nearer(double da, int32_t a, double db, int32_t b)
{
    return da < db || (da == db && a < b);
}

/* Inserts a candidate into `count` sorted ones; returns the new count. */
static inline size_t zsc_ward_insert(zsc_ward_candidate *list, size_t count, double distance, int32_t slot)
{
    size_t at = count;
    for (; at > 0 && zsc_ward_nearer(distance, slot, list[at - 1].distance, list[at - 1].slot); at--)
        list[at] = list[at - 1];
    list[at] = (zsc_ward_candidate){distance, slot};
    return count + 1;
}

#endif
