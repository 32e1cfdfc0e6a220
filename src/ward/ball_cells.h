/* Nearest clusters in cells of near clusters (ball_cells.c), for vectors that balls around them tell apart. */
#ifndef ZSC_WARD_BALL_CELLS_H
#define ZSC_WARD_BALL_CELLS_H

#include "ward/clusters.h"
#include "ward/dendrogram.h"
#include "ward/divide.h"
#include "ward/kernels_cells.h"
#include "zsc/exec.h"

/* What a thread needs for searches. */
typedef struct zsc_ward_cells_scratch {
    zsc_ward_cell_query *query; /* ZSC_WARD_CELL_QUERIES */
    float *x;                   /* (ZSC_WARD_CELL_QUERIES + ZSC_WARD_RUNS + 1) x width */
    zsc_ward_near_scratch near;
} zsc_ward_cells_scratch;

/* What its cells are as large as: where clusters have merged, the smallest, since families have fewer then. */
static inline size_t zsc_ward_cells_as_of(const zsc_ward_clusters *clusters)
{
    return clusters->live < clusters->m ? 1 : clusters->live;
}
/* AS_OF: into cells as large as if there were so many (divide.h). */
zsc_status zsc_ward_cells_make(const zsc_ward_clusters *clusters, size_t as_of, const zsc_exec *exec,
                               zsc_ward_cells *out);
/* Bytes at most, while they are made; OF: as AS_OF there. */
size_t zsc_ward_cells_memory(size_t clusters, size_t of, size_t d, int threads);
void zsc_ward_cells_free(zsc_ward_cells *cells);

zsc_status zsc_ward_cells_scratch_make(const zsc_ward_cells *cells, zsc_ward_cells_scratch *out);
/* Of so many clusters, at most. */
size_t zsc_ward_cells_scratch_memory(size_t clusters, size_t of, size_t d);
void zsc_ward_cells_scratch_free(zsc_ward_cells_scratch *scratch);

/* Clusters pair[i].b were merged into pair[i].a: *clusters has the new centroids and weights. */
void zsc_ward_cells_merge(zsc_ward_cells *cells, const zsc_ward_clusters *clusters, const zsc_ward_merge *pair,
                          size_t pairs, int threads);

static inline int32_t zsc_ward_cell_of(const zsc_ward_cells *cells, int32_t slot)
{
    return cells->cell_of[cells->position[slot]];
}

/* The nearest of `count` slots, ZSC_WARD_CELL_QUERIES at most, of ZSC_WARD_RUNS cells at most, those of a cell one
 * after the other, to near[0 .. count - 1]. Those for which too many cells are near are left: their radius is -1.
 * ALONE: slots that were left, ZSC_WARD_RUNS at most, each by itself and with a shorter list.
 * Returns how often one of them was compared with a cluster or a cell. */
size_t zsc_ward_cells_search(const zsc_ward_cells *cells, const zsc_ward_clusters *clusters, const int32_t *slots,
                             size_t count, bool alone, const zsc_ward_cells_scratch *scratch, zsc_ward_near_list *near);

/* The same of slots that were left then too, of any cells, ZSC_WARD_CELL_QUERIES at most. */
void zsc_ward_cells_search_all(const zsc_ward_cells *cells, const zsc_ward_clusters *clusters, const int32_t *slots,
                               size_t count, const zsc_ward_cells_scratch *scratch, zsc_ward_near_list *near);

#endif
