/* UMAP (McInnes, Healy, Melville, arXiv 1802.03426) with umap-learn's parameters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_UMAP_H
#define ZSC_UMAP_H

#include "zsc/knn.h" /* metrics, neighbours; zsc_trustworthiness */

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_umap_init { ZSC_INIT_SPECTRAL, ZSC_INIT_PCA, ZSC_INIT_RANDOM, ZSC_INIT_GIVEN } zsc_umap_init;

typedef struct zsc_umap_options {
    size_t n_components; /* 1 .. 256 */
    size_t n_neighbors;  /* the row itself included */
    zsc_metric metric;
    zsc_knn_method knn;
    double min_dist, spread;   /* 0 <= min_dist <= spread; used where a or b is 0 */
    double a, b;               /* 0: fitted to min_dist and spread */
    double set_op_mix_ratio;   /* 1: fuzzy union, 0: intersection */
    double local_connectivity; /* neighbours taken as fully connected */
    size_t n_epochs;           /* 0: 200 above 10,000 rows, 500 otherwise */
    double learning_rate, repulsion_strength;
    size_t negative_sample_rate;
    zsc_umap_init init;
    bool unique; /* lay distinct rows out once; repeats share their place */
    uint64_t seed;
} zsc_umap_options;

/* umap-learn's defaults. Every field is what `zsc umap --help` shows. */
ZSC_API zsc_umap_options zsc_umap_defaults(void);
/* ZSC_EUSAGE with the option's name, what it may be and what it is. */
ZSC_API zsc_status zsc_umap_check(const zsc_umap_options *options);

/* The fuzzy simplicial set: a symmetric sparse matrix (CSR, columns ascending, no diagonal, weights in (0, 1]). */
typedef struct zsc_graph {
    size_t n;
    size_t *offset;  /* n + 1 */
    int32_t *column; /* offset[n] */
    float *weight;   /* offset[n] */
} zsc_graph;
ZSC_API void zsc_graph_free(zsc_graph *graph);

/* a and b of 1 / (1 + a x^(2b)), least squares as in umap-learn. */
ZSC_API zsc_status zsc_umap_fit_ab(double spread, double min_dist, double *a, double *b);

/* Smoothed distances (sigma, rho: n each), membership strengths and their fuzzy union. sigma and rho may be NULL. */
ZSC_API zsc_status zsc_fuzzy_simplicial_set(const zsc_knn *knn, double local_connectivity, double set_op_mix_ratio,
                                            const zsc_exec *exec, float *sigma, float *rho, zsc_graph *out);

/* Connected components: component[i] in 0 .. *count-1, numbered by their first row. */
ZSC_API zsc_status zsc_graph_components(const zsc_graph *graph, int32_t *component, size_t *count);

/* The start of the layout, y: n x n_components; with ZSC_INIT_GIVEN it holds the given places. x (n x d) is needed by
 * several components and by PCA. The graph is the one that zsc_fuzzy_simplicial_set made. Never fails on a hard graph:
 * *converged (may be NULL) says whether the eigenvectors reached tolerance. */
ZSC_API zsc_status zsc_umap_start(const zsc_graph *graph, const float *x, size_t d, const zsc_umap_options *options,
                                  const zsc_exec *exec, float *y, bool *converged);

/* Epochs first_epoch .. last_epoch - 1 of the n_epochs of the layout, on y (n x n_components) in place. A layout
 * stopped at an epoch and gone on with equals one that never stopped. */
ZSC_API zsc_status zsc_umap_layout(const zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                                   size_t last_epoch, const zsc_exec *exec, float *y);
/* n_epochs, or what 0 stands for at n rows. */
ZSC_API size_t zsc_umap_epochs(const zsc_umap_options *options, size_t n);

/* All of it: x (n x d) -> y (n x n_components, from the caller; with ZSC_INIT_GIVEN it holds the start). Where n is at
 * most n_neighbors, n - 1 neighbours are taken. y is unchanged on failure. seconds (may be NULL) gets knn, graph,
 * start, layout. */
typedef struct zsc_umap_seconds {
    double knn, graph, start, layout;
} zsc_umap_seconds;
ZSC_API zsc_status zsc_umap_fit(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                                const zsc_exec *exec, float *y, zsc_umap_seconds *seconds);

/* The same in pieces: neighbours from elsewhere, epochs first .. last - 1 alone. */
typedef struct zsc_umap_part {
    const zsc_knn *knn; /* NULL: searched for. Otherwise of x; not with unique */
    size_t first_epoch; /* above 0: y holds the places after so many epochs of this very layout, from an earlier call */
    size_t last_epoch;  /* 0: to the end */
    const uint64_t *graph; /* NULL, or the digest (2 words) of the graph that y was made with: another is refused */
} zsc_umap_part;
typedef struct zsc_umap_report {
    zsc_umap_seconds seconds;
    size_t rows;           /* that were laid out: fewer than n where repeats share their place */
    size_t neighbors;      /* n_neighbors, or what n rows allow: n - 1 */
    zsc_knn_method method; /* what the search was */
    size_t components;     /* of the graph that is laid out */
    bool converged;        /* the eigenvectors of the start reached tolerance */
    double visits;         /* of edges, in the epochs carried out */
    uint64_t graph[2];     /* digest of the fuzzy graph */
} zsc_umap_report;
/* PART and REPORT may be NULL. ZSC_EUSAGE: options; ZSC_ENUMERIC: NaN or infinity in x, with the row. */
ZSC_API zsc_status zsc_umap_fit_part(const float *x, size_t n, size_t d, const zsc_umap_options *options,
                                     const zsc_umap_part *part, const zsc_exec *exec, float *y,
                                     zsc_umap_report *report);
/* Bytes that a fit needs at most beyond x and y. */
ZSC_API size_t zsc_umap_memory(size_t n, size_t d, const zsc_umap_options *options, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
