/* The stages of UMAP, in order: one table (stages.c) that the library, the commands and the pipeline use. */
#ifndef ZSC_UMAP_STAGES_H
#define ZSC_UMAP_STAGES_H

#include <stdbool.h>

#include "knn/search_state.h"
#include "umap/layout.h"
#include "zsc/umap.h"

typedef enum zsc_umap_stage {
    ZSC_UMAP_KNN,            /* x -> knn */
    ZSC_UMAP_GRAPH,          /* knn -> graph */
    ZSC_UMAP_INITIALISATION, /* graph -> y */
    ZSC_UMAP_LAYOUT,         /* graph, y -> y */
    ZSC_UMAP_STAGES
} zsc_umap_stage;

/* The field of a stage's seconds in results: "knn", "graph", "start", "layout". */
const char *zsc_umap_stage_field(zsc_umap_stage stage);

/* The data of one layout. The caller frees knn and graph, which may serve several layouts. */
typedef struct zsc_umap_work {
    const float *x; /* n x d */
    size_t n, d;
    const zsc_umap_options *options;
    const zsc_exec *exec;
    size_t neighbors;                 /* of each row, the row itself included */
    const int32_t *labels;            /* NULL, or those that supervise the graph as it is made */
    zsc_knn *knn;                     /* searched where it is empty */
    const zsc_knn_keeper *knn_keeper; /* of a search that is not finished; NULL: none */
    zsc_graph *graph;                 /* made where it is empty */
    bool consume_knn;   /* *knn serves no other graph: it becomes part of the graph, and is empty afterwards */
    bool consume_graph; /* *graph serves no other layout: it becomes `pruned` */
    /* x serves nothing else: called once the initialisation wants no rows any more, to free them; x is NULL from then
     * on. NULL: they stay. *exec holds them, also afterwards. */
    void (*free_rows)(void *owner);
    void *rows_owner;
    zsc_graph pruned;              /* made once, when first needed; freed by the layout */
    size_t pruned_edges;           /* that it has memory for */
    const zsc_umap_keeper *keeper; /* of layouts that are not finished; NULL: none */
    float *y;                      /* n x n_components; with ZSC_INIT_GIVEN, or from a later epoch on, given */
    size_t first_epoch, last_epoch;
    bool converged; /* out: the eigenvectors of the initialisation reached tolerance */
    /* Called after each stage that did something; NULL: not wanted. */
    zsc_status (*finished)(void *data, zsc_umap_stage stage, double seconds);
    void *data;
} zsc_umap_work;

/* Bytes of neighbours and of a graph, as far as they are there. */
size_t zsc_umap_held_memory(const zsc_knn *knn, const zsc_graph *graph);

/* Runs the stages first .. last. */
zsc_status zsc_umap_run_stages(zsc_umap_work *work, zsc_umap_stage first, zsc_umap_stage last);

/* Makes work->pruned from work->graph, where it is not made yet. */
zsc_status zsc_umap_work_prune(zsc_umap_work *work);

#endif
