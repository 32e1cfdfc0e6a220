/* Finding the nearest of many live clusters: what ward.c asks, and the two ways in which it is answered. */
#ifndef ZSC_WARD_SEARCH_H
#define ZSC_WARD_SEARCH_H

#include "base/isa.h"
#include "ward/internal.h"

enum {
    ZSC_NEAR = 4,  /* near clusters kept with each cluster; doc/ward.md has the measurements of this and the next */
    ZSC_WIDE = 16, /* how many the dense search looks at again in double precision */
    ZSC_BLOCK = 16 /* clusters whose coordinates stand side by side: one AVX-512 register */
};

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

typedef struct zsc_candidate {
    double distance; /* squared, exact */
    int32_t slot;
} zsc_candidate;

/* The order of candidates: by distance, ties by slot. */
static inline bool zsc_nearer(double da, int32_t a, double db, int32_t b) { return da < db || (da == db && a < b); }

/* Puts a candidate in its place among `count` sorted ones; returns the new count. */
static inline size_t zsc_insert(zsc_candidate *list, size_t count, double distance, int32_t slot)
{
    size_t at = count;
    for (; at > 0 && zsc_nearer(distance, slot, list[at - 1].distance, list[at - 1].slot); at--)
        list[at] = list[at - 1];
    list[at] = (zsc_candidate){distance, slot};
    return count + 1;
}

/* --- What both ways answer: the nearest of all clusters (list[0], exactly), up to ZSC_NEAR - 1 more, and a distance
 * below which there is no other. */
typedef struct zsc_near {
    zsc_candidate list[ZSC_NEAR];
    size_t count;
    double radius;
} zsc_near;

typedef struct zsc_hit { /* of a filter in single precision */
    float distance;
    int32_t slot;
} zsc_hit;

/* --- A tree of boxes (boxes.c) */
typedef struct zsc_boxes {
    size_t d, width; /* width: d rounded up to ZSC_BLOCK */
    size_t nodes, blocks;
    float *low, *high;   /* nodes x width: the box; 0 beyond d */
    float *lightest;     /* nodes: the largest 1 / weight below */
    int32_t *right, *up; /* the left child is the next node; right < 0: a leaf, with the blocks from -right - 1 ... */
    int32_t *end;        /* ... to before this one */
    int32_t *leaf_of;    /* blocks: node */
    float *x;            /* blocks x d x ZSC_BLOCK; the first coordinate is infinite where nobody is */
    float *inverse;      /* blocks x ZSC_BLOCK: 1 / weight */
    int32_t *slot;       /* blocks x ZSC_BLOCK; -1 where nobody is */
    int32_t *place;      /* m: where in the blocks a slot is */
    double relative, absolute; /* error of the filter; see boxes.c */
} zsc_boxes;

typedef struct zsc_query {
    const float *x; /* width; 0 beyond d */
    float inverse;  /* 1 / weight */
    int32_t self;   /* the slot that asks */
    float bound;    /* out: no cluster that is not in the answer is nearer */
    size_t scanned; /* out: blocks whose clusters were looked at */
} zsc_query;

/* Told of each cluster whose distance may be within the bound; returns the bound from then on. */
typedef float (*zsc_within_fn)(void *data, int32_t slot);

zsc_status zsc_boxes_make(const zsc_clusters *clusters, int threads, zsc_boxes *out);
void zsc_boxes_free(zsc_boxes *boxes);
void zsc_boxes_merge(zsc_boxes *boxes, const zsc_clusters *clusters, int32_t a, int32_t b);
/* QUERY: room for boxes->width floats. Returns the number of blocks scanned. */
size_t zsc_boxes_search(const zsc_boxes *boxes, const zsc_clusters *clusters, int32_t slot, float *query,
                        zsc_near *out);

/* --- Matrix products (dense.c) */
typedef struct zsc_dense {
    size_t d, rows;
    float *x;       /* rows x d: centroids less their common mean */
    float *norm;    /* rows: a lower bound of the square's part of this row; infinite where nobody is */
    float *inverse; /* rows: 1 / weight */
    int32_t *slot;  /* rows; -1 where nobody is */
    int32_t *place; /* m: row of a slot */
    double *mean;   /* d */
    float *work;    /* of each thread: queries and products */
    size_t work_size;
} zsc_dense;

zsc_status zsc_dense_make(const zsc_clusters *clusters, int threads, zsc_dense *out);
void zsc_dense_free(zsc_dense *dense);
void zsc_dense_merge(zsc_dense *dense, const zsc_clusters *clusters, int32_t a, int32_t b);
enum { ZSC_DENSE_QUERIES = 128 }; /* at most, at once */
void zsc_dense_search(const zsc_dense *dense, const zsc_clusters *clusters, const int32_t *slots, size_t count,
                      int thread, zsc_near *out);

/* --- Kernels of both (simd.c) */
typedef struct zsc_search_kernels {
    /* Up to ZSC_NEAR nearest by the filter's distance, sorted; returns how many there are: 0 only if nobody is there.
     */
    size_t (*near)(const zsc_boxes *boxes, zsc_query *query, zsc_hit *hits);
    void (*within)(const zsc_boxes *boxes, zsc_query *query, float bound, zsc_within_fn tell, void *data);
    /* From `count` products of one query with the rows from `first` on: keeps the ZSC_WIDE smallest lower bounds in
     * hits (sorted, *found of them). */
    void (*sift)(const zsc_dense *dense, const float *product, size_t first, size_t count, float norm, float inverse,
                 zsc_hit *hits, size_t *found);
} zsc_search_kernels;
ZSC_SIMD_DECLARE(zsc_search_kernels, zsc_search_kernels);

/* --- One of the two, chosen by what a sample of queries has to look at */
typedef struct zsc_finder {
    bool dense;
    zsc_boxes boxes;
    zsc_dense products;
    float *query;   /* threads x boxes.width */
    size_t planted; /* clusters when it was last built */
} zsc_finder;

typedef enum zsc_finder_kind { ZSC_FINDER_AUTO, ZSC_FINDER_BOXES, ZSC_FINDER_DENSE } zsc_finder_kind;
void zsc_finder_force(zsc_finder_kind kind); /* for tests and measurements */

typedef void (*zsc_found_fn)(void *data, int32_t slot, const zsc_near *near); /* from many threads */

zsc_status zsc_finder_make(const zsc_clusters *clusters, int threads, zsc_finder *out);
void zsc_finder_free(zsc_finder *finder);
/* Nearest clusters of `count` slots, which are put in an order of the finder's own. */
void zsc_finder_search(const zsc_finder *finder, const zsc_clusters *clusters, int32_t *slots, size_t count,
                       int threads, zsc_found_fn found, void *data);
/* Clusters pair[i].b went into pair[i].a. */
zsc_status zsc_finder_merge(zsc_finder *finder, const zsc_clusters *clusters, const zsc_merge *pair, size_t pairs,
                            int threads);

#endif
