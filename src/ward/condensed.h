/* Condensed distances: d(i, j) of n things for i < j, row by row, as SciPy's pdist has them; and how the distance of a
 * union follows from those of its parts. Merges in condensed.c; used by
 * linkage_distances.c, generic.c. */
#ifndef ZSC_WARD_CONDENSED_H
#define ZSC_WARD_CONDENSED_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/ward.h"

typedef struct zsc_condensed {
    size_t n;
    double *d;    /* n (n - 1) / 2: of the clusters that there are; a cluster is in the slot of one of its rows */
    double *size; /* n: rows; 0: no cluster in this slot any more */
} zsc_condensed;

static inline size_t zsc_condensed_length(size_t n) { return n ? n * (n - 1) / 2 : 0; }

/* Where row i begins: (i, j) is at that plus j - i - 1, for i < j. */
static inline size_t zsc_condensed_begin(size_t n, size_t i) { return i * (2 * n - i - 1) / 2; }

static inline size_t zsc_condensed_index(size_t n, size_t i, size_t j)
{
    return i < j ? zsc_condensed_begin(n, i) + (j - i - 1) : zsc_condensed_begin(n, j) + (i - j - 1);
}

/* The distance of the union of x and y to i, from those of x and y to i (dx, dy) and to each other (xy), and the sizes
 * (Lance and Williams 1967). The order of operations is SciPy's, so that the bits are. */
typedef struct zsc_condensed_pair {
    double dx, dy, xy, nx, ny, ni;
} zsc_condensed_pair;

static inline double zsc_condensed_union(zsc_linkage_method method, zsc_condensed_pair p)
{
    double both = p.nx + p.ny;
    switch (method) {
    case ZSC_SINGLE: return p.dx < p.dy ? p.dx : p.dy;
    case ZSC_COMPLETE: return p.dx > p.dy ? p.dx : p.dy;
    case ZSC_AVERAGE: return (p.nx * p.dx + p.ny * p.dy) / both;
    case ZSC_WEIGHTED: return 0.5 * (p.dx + p.dy);
    case ZSC_WARD: {
        double t = 1 / (both + p.ni);
        return sqrt((p.ni + p.nx) * t * p.dx * p.dx + (p.ni + p.ny) * t * p.dy * p.dy - p.ni * t * p.xy * p.xy);
    }
    case ZSC_CENTROID: return sqrt((p.nx * p.dx * p.dx + p.ny * p.dy * p.dy - p.nx * p.ny * p.xy * p.xy / both) / both);
    case ZSC_MEDIAN: return sqrt(0.5 * (p.dx * p.dx + p.dy * p.dy) - 0.25 * p.xy * p.xy);
    }
    return NAN;
}

/* Slot y takes x in, at distance xy: distances of all others to y, and sizes. ZSC_ENUMERIC: a distance is not a finite
 * number of 0 and above, as where the distances given are not Euclidean. */
zsc_status zsc_condensed_merge(zsc_condensed *s, zsc_linkage_method method, size_t x, size_t y, double xy);

enum { ZSC_CONDENSED_PAIRS = 1 << 20 }; /* compared between two reports of progress: 1 to 50 milliseconds */

#endif
