/* UMAP (McInnes, Healy, Melville, arXiv 1802.03426) with umap-learn's parameters (doc/umap.md).
 *
 *   zsc_umap_defaults, _check, _epochs         src/umap/parameters.c
 *   zsc_umap_fit_ab                            src/umap/ab.c
 *   zsc_fuzzy_simplicial_set, zsc_graph_*      src/umap/graph.c, zsc_graph_check: src/umap/check.c
 *   zsc_graph_supervise                        src/umap/supervise.c
 *   zsc_umap_initialise                        src/umap/init.c
 *   zsc_umap_layout                            src/umap/layout.c
 *   zsc_umap_fit, zsc_umap_fit_part            src/umap/fit.c
 *   zsc_umap_memory                            src/umap/stages.c
 *   zsc_umap_transform, _epochs, _memory       src/umap/transform.c
 *
 * Arrays are the caller's, row-major; exec may be NULL. Functions that take an exec report progress and can be stopped
 * (ZSC_EINTERRUPTED). One seed gives the same bytes at any number of threads.
 *
 * Module: src/umap
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_UMAP_H
#define ZSC_UMAP_H

#include "zsc/knn.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_umap_init { ZSC_INIT_SPECTRAL, ZSC_INIT_PCA, ZSC_INIT_RANDOM, ZSC_INIT_GIVEN } zsc_umap_init;

#define ZSC_UMAP_DEFAULT_EPOCHS SIZE_MAX /* n_epochs: 200 above 10,000 rows, 500 otherwise */

typedef struct zsc_umap_options {
    size_t size;         /* see zsc/status.h */
    size_t n_components; /* 1 .. 256 */
    size_t n_neighbors;  /* the row itself included */
    zsc_metric metric;
    zsc_knn_method knn;
    double min_dist, spread;   /* 0 <= min_dist <= spread; used where a or b is 0 */
    double a, b;               /* 0: fitted to min_dist and spread */
    double set_op_mix_ratio;   /* 1: fuzzy union, 0: intersection */
    double local_connectivity; /* neighbours taken as fully connected */
    size_t n_epochs;           /* 0: the initialisation is the layout; or ZSC_UMAP_DEFAULT_EPOCHS */
    double learning_rate, repulsion_strength;
    size_t negative_sample_rate;
    zsc_umap_init init;
    bool unique; /* lay distinct rows out once; repeats share their coordinates */
    uint64_t seed;
    double disconnection_distance; /* neighbours at this distance or farther are none; 0, infinity: all are */
    double target_weight;          /* 0 .. 1: how far labels count, where there are some (zsc_umap_part) */
} zsc_umap_options;
enum { zsc_umap_options_first = sizeof(zsc_umap_options) }; /* in 0.1.0 */

/* umap-learn's defaults, which `zsc umap --help` shows. */
ZSC_API void zsc_umap_options_init(zsc_umap_options *options, size_t size);
static inline zsc_umap_options zsc_umap_defaults(void)
{
    zsc_umap_options options;
    zsc_umap_options_init(&options, sizeof options);
    return options;
}
/* ZSC_EUSAGE, with the name of the option, its limits and its value, where one is outside its limits; also where the
 * curve of a and b leaves single precision within the initialisation. ZSC_ENUMERIC: no a and b fit spread and min_dist.
 */
ZSC_API zsc_status zsc_umap_check(const zsc_umap_options *options);

/* The fuzzy simplicial set: a symmetric sparse n x n matrix (CSR, columns ascending, no diagonal, weights in (0, 1]).
 * The caller frees it with zsc_graph_free. */
typedef struct zsc_graph {
    size_t n;
    size_t *offset;  /* n + 1 */
    int32_t *column; /* offset[n] */
    float *weight;   /* offset[n] */
} zsc_graph;
ZSC_API void zsc_graph_free(zsc_graph *graph);
/* ZSC_EINPUT, with row and column, where a graph is not as above: offsets ascend from 0, columns ascend and are rows
 * other than the own one, weights are above 0 and at most 1, and each edge has its reverse of the same weight. O(edges)
 * and n words. Every function that takes a graph calls it first. */
ZSC_API zsc_status zsc_graph_check(const zsc_graph *graph);

/* a and b of 1 / (1 + a x^(2b)), by least squares as in umap-learn. ZSC_EUSAGE: spread is not above 0, or min_dist not
 * in 0 .. spread; ZSC_ENUMERIC: a is 0 or infinite in double precision, as where spread is 1e300. */
ZSC_API zsc_status zsc_umap_fit_ab(double spread, double min_dist, double *a, double *b);

/* Smoothed distances (sigma, rho: n each, may be NULL), membership strengths and their fuzzy union. A list may end
 * early: neighbours of index -1 are none, whatever their distance, and all that follow have it too
 * (zsc_knn_disconnect). O(n k) time and memory. ZSC_EINPUT, ZSC_ENUMERIC: an index or a distance of knn is not valid,
 * with its row. */
ZSC_API zsc_status zsc_fuzzy_simplicial_set(const zsc_knn *knn, double local_connectivity, double set_op_mix_ratio,
                                            const zsc_exec *exec, float *sigma, float *rho, zsc_graph *out);

/* Supervision by categories: weights of edges are multiplied by 1/e where one of two labels is missing (below 0), and
 * by e^(-2.5 / (1 - target_weight)) where they differ; then the strongest edge of each row is made 1 again. labels: n.
 * O(edges). ZSC_EUSAGE: target_weight is not in 0 .. 1, or memory above the limit; ZSC_EINPUT: see zsc_graph_check.
 * *out, which may not be GRAPH, is set on success only; the caller frees it. */
ZSC_API zsc_status zsc_graph_supervise(const zsc_graph *graph, const int32_t *labels, double target_weight,
                                       const zsc_exec *exec, zsc_graph *out);

/* Connected components: component[i] (n) in 0 .. *count - 1, numbered by their first row. O(n + edges). */
ZSC_API zsc_status zsc_graph_components(const zsc_graph *graph, int32_t *component, size_t *count);

/* The initialisation of the layout, y: n x n_components; with ZSC_INIT_GIVEN it holds the given coordinates. graph:
 * from zsc_fuzzy_simplicial_set; others are checked (zsc_graph_check). x (n x d) is used by PCA, and by spectral
 * initialisation of several components. Does not fail where eigenvectors do not reach tolerance: *converged (may be
 * NULL) says whether they did. ZSC_EUSAGE: x is needed and NULL; ZSC_ENUMERIC: NaN or infinity in x or in the given
 * coordinates. */
ZSC_API zsc_status zsc_umap_initialise(const zsc_graph *graph, const float *x, size_t d,
                                       const zsc_umap_options *options, const zsc_exec *exec, float *y,
                                       bool *converged);

/* Epochs first_epoch .. last_epoch - 1 of the n_epochs of the layout, on y (n x n_components) in place. A layout that
 * was stopped at an epoch and resumed equals one that never stopped. O(edges epochs n_components) time. ZSC_EUSAGE: the
 * epochs are not within 0 .. n_epochs; ZSC_EINPUT: see zsc_graph_check; ZSC_ENUMERIC: y holds NaN or infinity, before
 * or after. On failure y is as it was. */
ZSC_API zsc_status zsc_umap_layout(const zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                                   size_t last_epoch, const zsc_exec *exec, float *y);
/* n_epochs, or the default at n rows where it is ZSC_UMAP_DEFAULT_EPOCHS. */
ZSC_API size_t zsc_umap_epochs(const zsc_umap_options *options, size_t n);

/* Wall time of the stages, in seconds; 0 where a stage did not run. */
typedef struct zsc_umap_seconds {
    double knn, graph, initialisation, layout;
} zsc_umap_seconds;

/* All stages: x (n x d) -> y (n x n_components; with ZSC_INIT_GIVEN it holds the initialisation). Where n is at most
 * n_neighbors, n - 1 neighbours are used. y is unchanged on failure. seconds may be NULL. Errors: zsc_umap_fit_part. */
ZSC_API zsc_status zsc_umap_fit(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                                const zsc_exec *exec, float *y, zsc_umap_seconds *seconds);

/* The same with given neighbours, or for a range of epochs. */
typedef struct zsc_umap_part {
    const zsc_knn *knn;    /* of the rows of x, not with unique; NULL: searched */
    size_t first_epoch;    /* above 0: y holds the coordinates after so many epochs of the same layout, from an earlier
                              call */
    size_t last_epoch;     /* 0: to the end */
    const uint64_t *graph; /* NULL, or the digest (2 words) of the graph that y was made with: another is refused */
    const int32_t *labels; /* NULL, or n categories that supervise the layout, below 0: missing (zsc_graph_supervise);
                              of repeated rows, with unique, the first one's counts */
    bool *disconnected;    /* NULL, or n: set where a row has no edge in the graph; it stays where initialisation puts
                              it, but for repulsion */
} zsc_umap_part;
typedef struct zsc_umap_report {
    zsc_umap_seconds seconds;
    size_t rows;           /* that were laid out: fewer than n where repeats share their coordinates */
    size_t neighbors;      /* n_neighbors, or n - 1 where there are too few rows */
    zsc_knn_method method; /* of the search */
    size_t components;     /* connected components of the graph that is laid out */
    bool converged;        /* the eigenvectors of the initialisation reached tolerance */
    double edge_updates;   /* in the epochs carried out */
    uint64_t graph[2];     /* digest of the fuzzy graph */
    size_t disconnected;   /* rows, of those laid out, without an edge */
} zsc_umap_report;
/* PART and REPORT may be NULL. ZSC_EUSAGE: options, epochs, more than 2^31 - 1 rows, or memory above the limit;
 * ZSC_EINPUT: the given neighbours are not valid; ZSC_ENUMERIC: NaN or infinity in x, with the row; ZSC_EINTERNAL: out
 * of memory. */
ZSC_API zsc_status zsc_umap_fit_part(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                                     const zsc_umap_part *part, const zsc_exec *exec, float *y,
                                     zsc_umap_report *report);
/* Bytes that a fit needs at most besides x and y; SIZE_MAX where they cannot be counted. */
ZSC_API size_t zsc_umap_memory(size_t n, size_t d, const zsc_umap_options *options, const zsc_exec *exec);

/* A finished layout that takes new rows; what it points to is the caller's. */
typedef struct zsc_umap_model {
    const float *x; /* n x d: the rows that were laid out */
    const float *y; /* n x n_components: their layout */
    size_t n, d;
    const zsc_umap_options *options; /* of the layout; n_epochs / 3 epochs, see zsc_umap_transform_epochs */
    const zsc_knn *knn; /* of the new rows in x: m lists of n_neighbors (n, where that is less), indices below n; NULL:
                           searched, by the metric of the options */
} zsc_umap_model;

/* Puts each of the rows (m x d) into the layout: y (m x n_components). As umap-learn's transform: k neighbours among
 * the model's rows, searched exactly; the start is their mean, weighted by membership; then updates with the model's
 * rows fixed. The result of a row depends on the row, the model and the seed, not on the other rows; a row at distance
 * 0 from one of the model's has that one's coordinates. y is unchanged on failure. O(m k epochs n_components) time
 * after the search (zsc_knn_query). ZSC_EUSAGE: options, no rows in the model, or memory above the limit; ZSC_EINPUT:
 * the given neighbours are not valid; ZSC_ENUMERIC: NaN or infinity, in or out; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of
 * memory. */
ZSC_API zsc_status zsc_umap_transform(const zsc_umap_model *model, const float *rows, size_t m, const zsc_exec *exec,
                                      float *y);
/* Epochs that it takes: n_epochs / 3, or by default 100 where the model has up to 10,000 rows, and 30 above. */
ZSC_API size_t zsc_umap_transform_epochs(const zsc_umap_options *options, size_t n);
/* Bytes that it needs at most besides its arguments. */
ZSC_API size_t zsc_umap_transform_memory(const zsc_umap_model *model, size_t m, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
