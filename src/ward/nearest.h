/* The nearest-cluster search (nearest.c): in the bounding-box tree, in cells or by matrix products, whichever a sample
 * of queries shows to be the fastest. */
#ifndef ZSC_WARD_NEAREST_H
#define ZSC_WARD_NEAREST_H

#include "base/threads.h"
#include "ward/ball_cells.h"
#include "ward/clusters.h"

typedef enum zsc_ward_search_kind {
    ZSC_WARD_SEARCH_AUTO,
    ZSC_WARD_SEARCH_TREE,
    ZSC_WARD_SEARCH_CELLS,
    ZSC_WARD_SEARCH_GEMM
} zsc_ward_search_kind;
void zsc_ward_search_force(zsc_ward_search_kind kind); /* for tests and measurements */

typedef struct zsc_ward_search {
    zsc_ward_search_kind kind; /* which of the three is there */
    zsc_ward_box_tree tree;
    zsc_ward_cells cells;
    zsc_ward_gemm gemm;
    int threads;
    float *query;                    /* threads x tree.width */
    zsc_ward_cells_scratch *scratch; /* threads */
    int32_t *run;                    /* where each cell's begin among the slots that are searched */
    size_t live_built;               /* clusters when it was last built */
} zsc_ward_search;

/* Receives what was found for a slot; called from many threads. */
typedef void (*zsc_ward_found_fn)(void *data, int32_t slot, const zsc_ward_near_list *near);

zsc_status zsc_ward_search_make(const zsc_ward_clusters *clusters, const zsc_exec *exec, zsc_ward_search *out);
/* Bytes at most; which of them it takes is known, and checked, when it is made. */
size_t zsc_ward_search_memory(size_t clusters, size_t d, int threads);
void zsc_ward_search_free(zsc_ward_search *search);

/* How many near clusters it is worth while to keep of those that are found. */
size_t zsc_ward_search_near(const zsc_ward_search *search);

/* Builds the structure anew if clusters have changed much and `count` searches make it worth while. */
zsc_status zsc_ward_search_refresh(zsc_ward_search *search, const zsc_ward_clusters *clusters, size_t count,
                                   const zsc_exec *exec);

/* The nearest clusters of `count` slots; reorders SLOTS. What polls (zsc_polled) say afterwards: whether it was
 * stopped. */
void zsc_ward_search_run(const zsc_ward_search *search, const zsc_ward_clusters *clusters, int32_t *slots, size_t count,
                         int threads, zsc_polls *polls, zsc_ward_found_fn found, void *data);

/* Clusters pair[i].b were merged into pair[i].a. */
zsc_status zsc_ward_search_merge(zsc_ward_search *search, const zsc_ward_clusters *clusters, const zsc_ward_merge *pair,
                                 size_t pairs, const zsc_exec *exec);
/* The name of the algorithm. */
const char *zsc_ward_search_name(const zsc_ward_search *search);

#endif
