/* One run of the experiment, and its result.
 *
 * Module: src/experiment. run_defaults.c: zsc_run_defaults; run.c: zsc_run; result_read.c, result_write.c and, for
 * zsc_result_free, result_fields.c: one result; result_list.c: several.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_EXPERIMENT_H
#define ZSC_EXPERIMENT_H

#include "zsc/cuts.h"
#include "zsc/dataset.h"
#include "zsc/hdbscan.h"
#include "zsc/kmeans.h"
#include "zsc/leiden.h"
#include "zsc/metrics.h"
#include "zsc/spectral.h"
#include "zsc/umap.h"
#include "zsc/ward.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_reduce { ZSC_REDUCE_UMAP, ZSC_REDUCE_PCA, ZSC_REDUCE_NONE } zsc_reduce;

/* Agglomerative clustering makes one dendrogram, which is cut; HDBSCAN and the Leiden algorithm find the number of
 * clusters; k-means and spectral clustering are told it; layers are clusterings of several granularities, of HDBSCAN's
 * tree. */
typedef enum zsc_clusterer {
    ZSC_AGGLOMERATIVE,
    ZSC_HDBSCAN,
    ZSC_KMEANS,
    ZSC_LAYERS,
    ZSC_SPECTRAL,
    ZSC_LEIDEN
} zsc_clusterer;

/* Vectors that internal scores of the clusters are of: those that were clustered, the matrix before it was reduced (as
 * scaled), or both. */
typedef enum zsc_internal_space { ZSC_SPACE_REDUCED, ZSC_SPACE_ORIGINAL, ZSC_SPACE_BOTH } zsc_internal_space;

#define ZSC_NO_CUT_HEIGHT (-1.0)
/* The finest rank: species where it is there; of the user's own ranks the one in which no other nests. */
#define ZSC_FINEST "finest"

/* Structs within it have space to grow. */
#define ZSC_RUN_SPACE(type, name, bytes)                                                                               \
    union {                                                                                                            \
        type name;                                                                                                     \
        char name##_space[bytes];                                                                                      \
    }
typedef struct zsc_run_options {
    size_t size; /* see zsc/status.h */
    ZSC_RUN_SPACE(zsc_dataset_options, data, 1024);
    zsc_reduce reduce;
    ZSC_RUN_SPACE(zsc_umap_options, umap, 512); /* n_components is the dimension of PCA too */
    zsc_clusterer clusterer;
    zsc_linkage_method linkage; /* of agglomerative clustering */
    zsc_metric linkage_metric;  /* of the distances that are linked */
    ZSC_RUN_SPACE(zsc_hdbscan_options, hdbscan,
                  256); /* but for its metric, which is that of umap where nothing is reduced, and for: */
    ZSC_RUN_SPACE(zsc_hdbscan_layers_options, layers,
                  256);      /* but for min_samples, min_cluster_size and metric, which are HDBSCAN's */
    double max_cluster_size; /* of HDBSCAN: rows; below 1: a share of the rows, rounded; 0: no limit */
    ZSC_RUN_SPACE(zsc_kmeans_options, kmeans,
                  256); /* but for the number of clusters and the seed, which are those of the run */
    ZSC_RUN_SPACE(zsc_spectral_options, spectral,
                  256); /* its graph and how labels are assigned; the rest is that of the run */
    ZSC_RUN_SPACE(zsc_leiden_options, leiden,
                  256);      /* but for neighbours (spectral's), iterations (k-means'), metric and seed */
    const char *clusters;    /* a rank (K: its classes), "finest", a number, or "each-rank" */
    double cut_height;       /* 0 or above: cut there instead; ZSC_NO_CUT_HEIGHT: do not */
    double cut_standardised; /* the same, of the standardised vectors (zsc_standardised_height) */
    zsc_cut_rule cut;        /* finds the number of clusters without labels; ZSC_CUT_CLUSTERS: as above */
    zsc_missing missing;
    uint64_t seed; /* of every random choice of the run */
    bool curve;    /* AMI at every cut too */
    bool internal; /* silhouette, Davies-Bouldin, Calinski-Harabasz too: */
    zsc_internal_space internal_space;
    size_t stability;  /* subsamples, and seeds where they have an effect, to compare clusters of; 0: none; not 1 */
    bool keep_reduced; /* write the reduced vectors into the result */
} zsc_run_options;
enum { zsc_run_options_first = sizeof(zsc_run_options) }; /* in 0.1.0 */

/* The paper's settings: UMAP to 50-d, 30 neighbours, min_dist 0; Ward; K of the finest rank (species); missing labels
 * dropped. */
ZSC_API void zsc_run_options_init(zsc_run_options *options, size_t size);
static inline zsc_run_options zsc_run_defaults(void)
{
    zsc_run_options options;
    zsc_run_options_init(&options, sizeof options);
    return options;
}

/* One rank's row of a result. */
typedef struct zsc_rank_scores {
    char *rank;
    zsc_scores scores;            /* scores.clusters: clusters among the rows scored, without noise */
    size_t k;                     /* clusters, without noise: K of the cut for this rank, or as many as were found */
    zsc_noise_scores noise;       /* of a clusterer that may leave noise, which scores counts as one cluster; else
                                     clustered is the rows scored, and both AMI are NaN */
    zsc_internal_scores internal; /* of the true labels; NaN when not asked for */
    size_t best_clusters;         /* of the curve; 0 when not asked for */
    double best_ami;
} zsc_rank_scores;

/* Adjusted mutual information of pairs of clusterings: mean and standard deviation; NaN where no pair has it. */
typedef struct zsc_stability {
    size_t repeats;                   /* subsamples, and seeds; 0: not asked for */
    double subsamples, subsamples_sd; /* of 80 % of the rows */
    double seeds, seeds_sd;           /* NaN where the seed has no effect */
} zsc_stability;

/* How a layer agrees with a rank. AMI has noise as one cluster. */
typedef struct zsc_layer_scores {
    double ami, ami_clustered, ami_singletons, homogeneity, completeness;
} zsc_layer_scores;

/* One of the clusterings of --clusterer layers. */
typedef struct zsc_result_layer {
    size_t min_cluster_size, persistence; /* of zsc_hdbscan_layer */
    size_t clusters, clustered;           /* without noise; rows in a cluster */
    zsc_layer_scores *score;              /* scores: as the ranks of the result */
    int32_t *label;                       /* rows; -1: noise; NULL unless rows were asked for when reading */
} zsc_result_layer;

typedef struct zsc_stage_seconds {
    char *stage; /* load, knn, graph, start, layout, reduce, ward, score, ... */
    double seconds;
} zsc_stage_seconds;

typedef struct zsc_result {
    char *path;   /* of the file; "" before it is written */
    char *key;    /* 32 hexadecimal digits: configuration and contents of inputs */
    char *kind;   /* "" of a run, "retrieval" of zsc retrieve, "probe" of zsc probe: then there are texts, modalities of
                     keys and of queries, and .retrieval, and nothing else */
    char *config; /* the resolved configuration, JSON */
    char *clusterer;  /* "hdbscan", ...; NULL or "" of agglomerative clustering */
    char *matrix;     /* digest of the scaled matrix; NULL or "" in results of older versions */
    char *provenance; /* version, build, libraries, host, times, command; JSON */
    zsc_modality *modality;
    size_t modalities;
    char *subset;      /* "test+test_unseen", "all", ... */
    char *per_barcode; /* "all", "random", "first" */
    char *scale, *reduce, *linkage, *clusters_rule;
    zsc_selection selection;
    size_t rows, dim; /* rows clustered; columns of the matrix before reduction */
    size_t clusters;  /* K of the cut, with each-rank that of the finest rank; or as many as were found */
    size_t clustered; /* rows in a cluster; the others are noise */
    uint64_t seed;
    zsc_cut_curve cut_curve; /* of a rule that found the number of clusters; count 0: none */
    zsc_stability stability;
    zsc_result_layer *layer; /* layers: from fine to coarse; the clusters of the result are the most persistent one */
    size_t layers;           /* 0 of other clusterers, and where no size gives two clusters */
    bool simulated;
    zsc_stage_seconds *stage;
    size_t stages;
    size_t peak_rss;        /* bytes */
    zsc_rank_scores *score; /* coarse to fine */
    size_t scores;
    zsc_internal_scores internal; /* of the clusters, in the vectors that were clustered; NaN when not asked for */
    zsc_internal_scores internal_original; /* the same in the matrix before it was reduced */

    /* NULL unless asked for when reading */
    char **id;              /* rows */
    int32_t *label;         /* rows: cluster of each, 0 .. clusters - 1; -1: noise */
    float *probability;     /* rows: of being in the cluster, 0 .. 1; NULL where the clusterer gives none */
    zsc_column *taxon;      /* scores: the true labels, one column per rank */
    double *linkage_matrix; /* (rows - 1) x 4; NULL of clusterers without a dendrogram */
    float *reduced;         /* rows x reduced_dim */
    size_t reduced_dim;
    double **curve; /* scores x rows: AMI at 1 .. rows clusters; NULL when the run has none */

    char *retrieval; /* of that kind: scores, classes and confusions, JSON */
} zsc_result;

enum { ZSC_RESULT_ROWS = 1, ZSC_RESULT_LINKAGE = 2, ZSC_RESULT_REDUCED = 4, ZSC_RESULT_CURVE = 8 };
enum { ZSC_RESULT_RETRIEVAL = 16 }; /* results of retrieval and linear probes are read too; else refused */

/* Loads, reduces, clusters and scores. *out holds everything that the options ask for; it is set on success only, and
 * the caller frees it with zsc_result_free. exec may be NULL. Errors: those of zsc_dataset_load, zsc_umap_fit or
 * zsc_pca, zsc_linkage and zsc_score, with what they say; ZSC_EUSAGE: an option cannot hold for any data. */
ZSC_API zsc_status zsc_run(const zsc_run_options *options, const zsc_exec *exec, zsc_result *out);
ZSC_API void zsc_result_free(zsc_result *result);

/* Writes FOLDER/<key>.h5, whole or not at all, and makes FOLDER where there is none; sets result->path. ZSC_EINPUT: it
 * cannot be written, or the dendrogram is none; ZSC_ENUMERIC: the reduced vectors hold NaN or infinity. */
ZSC_API zsc_status zsc_result_write(zsc_result *result, const char *folder);
/* WHAT: 0, or ZSC_RESULT_... joined with |. ZSC_EINPUT: not a result, damaged (checksum), written by a newer zsc, or of
 * retrieval where WHAT does not ask for it.
 * *out is set on success only; the caller frees it with zsc_result_free. */
ZSC_API zsc_status zsc_result_read(const char *path, unsigned what, zsc_result *out);

/* Several results. PATHS are result files or folders of them; within a folder in the order of the
 * sweep that made them, else by encoders, sources, settings and seed. A file that is named twice is read once. Of a
 * folder, results of retrieval are left out where WHAT does not ask for them. *out is set on success only; the caller
 * frees it with zsc_results_free. Errors: zsc_result_read, with the file. */
typedef struct zsc_result_list {
    zsc_result *item;
    size_t count;
} zsc_result_list;
ZSC_API zsc_status zsc_results_read(const char *const *paths, size_t count, unsigned what, zsc_result_list *out);
ZSC_API void zsc_results_free(zsc_result_list *list);

#ifdef __cplusplus
}
#endif
#endif
