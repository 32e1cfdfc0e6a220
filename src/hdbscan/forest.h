/* What the rounds of Boruvka's algorithm know of rows, nodes and components, and the searches for the shortest edge of
 * a component. Searches of rows are defined in row_search.c, those of many rows of one component in group_search.c. */
#ifndef ZSC_HDBSCAN_FOREST_H
#define ZSC_HDBSCAN_FOREST_H

#include <stdatomic.h>
#include <string.h>

#include "hdbscan/edge_order.h"
#include "hdbscan/node_list.h"

typedef struct zsc_near_row {
    double measure;
    int32_t row;
} zsc_near_row;

typedef struct zsc_forest {
    const zsc_hdbscan_space *space;
    const zsc_hdbscan_kernels *kernels;
    const zsc_row_kernels *row_kernels;
    const zsc_exec *exec;
    size_t length;               /* rows in a list, the row itself not among them */
    zsc_near_row *list;          /* m x length, ascending */
    double *core;                /* m */
    double *outside;             /* m: no row outside the component is nearer, unless it is the end of `best` */
    int32_t *component;          /* m: the smallest row of its component */
    int32_t *of_node;            /* nodes: the component of all its rows, or -1 */
    double *core_of_node;        /* nodes: the smallest core distance */
    zsc_hdbscan_node_list nodes; /* of this round */
    _Atomic uint64_t *bound; /* m, by component: the bits of a measure; positive numbers are ordered as their bits */
    zsc_hdbscan_edge *best;  /* m, of rows: the shortest edge of each that is known; b is -1 where there is none */
} zsc_forest;

/* The shortest edge of a component that is known; what is longer is of no use. */
static inline double zsc_forest_bound(const zsc_forest *f, int32_t component)
{
    uint64_t bits = atomic_load_explicit(&f->bound[component], memory_order_relaxed);
    double measure;
    memcpy(&measure, &bits, sizeof measure);
    return measure;
}

void zsc_forest_lower_bound(zsc_forest *f, int32_t component, double measure);

/* Whether edge e comes before f: by measure, then by the first rows of their ends. */
bool zsc_forest_before(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *e, const zsc_hdbscan_edge *f);

/* Mutual reachability of two rows, `measure` apart. */
double zsc_forest_reach(const zsc_forest *f, int32_t a, int32_t b, double measure);

/* The f->length nearest rows of a row into its list; returns how many there are. */
size_t zsc_forest_search_near(zsc_forest *f, int32_t row);

/* Whether a row may have an edge as short as its component's bound that neither its list nor an earlier search has
 * seen. */
bool zsc_forest_looks(const zsc_forest *f, int32_t row);

/* The edge of a row to one of another component, into f->best, if it is its shortest and within the bound, which it
 * lowers. */
void zsc_forest_take_edge(zsc_forest *f, int32_t row, int32_t other);

/* The shortest edge of a row out of its component to the rows of a node (0: of all), into f->best, if it is within the
 * component's bound, which it lowers. */
void zsc_forest_search_row(zsc_forest *f, int32_t row, int32_t node);

/* The same of all rows of `node` that look for one, to all rows, those of f->nodes; the node is wholly in one
 * component. */
void zsc_forest_search_group(zsc_forest *f, int32_t node);

enum { ZSC_FOREST_GROUP = 512 }; /* rows of such a node, at most */

#endif
