/* The block schedule of the layout (schedule.c): which edges are updated together, and by whom. */
#ifndef ZSC_UMAP_SCHEDULE_H
#define ZSC_UMAP_SCHEDULE_H

#include <stdbool.h>

#include "zsc/umap.h"

enum {
    ZSC_UMAP_BLOCK_ROWS_MOST = 1 << 15, /* of a block, so that two rows fit an edge's 32 bits */
    ZSC_UMAP_PATCH_ROWS = 1024          /* of a patch: 256 KiB of 64 coordinates, within the second level of cache */
};

/* Rows start, start + step, start + 2 step, ... of the layout's. */
typedef struct zsc_umap_rows_of {
    size_t start, step;
} zsc_umap_rows_of;

typedef struct zsc_umap_schedule {
    size_t n, blocks;
    size_t patches, patch_rounds; /* 0: edges are only between blocks */
    int32_t *position;            /* n: where rows are in the layout; NULL: block by block */
    size_t *offset;               /* edges of task t: offset[t] .. offset[t + 1] - 1; tasks in order of rounds */
    size_t *round;                /* tasks of round r: round[r] .. round[r + 1] - 1; those of patches last */
    uint32_t *edge;               /* which rows of the task's two blocks its head and tail are: edge_of() */
    uint32_t *rate;               /* an edge's weight / max in units of 2^-31, the last bit being its phase in halves */
    size_t longest;               /* edges of the largest task */
} zsc_umap_schedule;

/* The number of blocks of n rows: a power of two; and whether there are patches beside them. */
size_t zsc_umap_schedule_blocks(size_t n);
bool zsc_umap_schedule_has_patches(size_t n);
/* Rounds of an epoch. */
static inline size_t zsc_umap_schedule_rounds(const zsc_umap_schedule *s) { return s->blocks + s->patch_rounds; }

/* Of a pruned graph, the same at any number of threads; freed with zsc_umap_schedule_free. ZSC_EINTERRUPTED; progress
 * stays at the beginning of the layout. */
zsc_status zsc_umap_schedule_make(const zsc_graph *graph, uint64_t seed, const zsc_exec *exec, zsc_umap_schedule *out);
void zsc_umap_schedule_free(zsc_umap_schedule *schedule);
/* Bytes of a graph of n rows and `edges` edges, both directions counted. */
size_t zsc_umap_schedule_memory(size_t n, size_t edges, int threads);
/* The layout has patches, rather than blocks alone, from this many rows on; 0: as it is by itself. For tests. */
void zsc_umap_schedule_force(size_t rows);

/* The first row of block c, and how many it has. */
zsc_umap_rows_of zsc_umap_block_rows(const zsc_umap_schedule *schedule, size_t block);
size_t zsc_umap_block_count(const zsc_umap_schedule *schedule, size_t block);
/* Where row i is in the layout. */
size_t zsc_umap_position(const zsc_umap_schedule *schedule, size_t i);

/* The blocks, two or one (in round 0), of a task of a round below s->blocks. */
size_t zsc_umap_task_blocks(size_t round, size_t task, size_t block[2]);
/* The patch of a task of patch round k, counted from 0. */
static inline size_t zsc_umap_task_patch(const zsc_umap_schedule *s, size_t k, size_t task)
{
    return task * s->patch_rounds + k;
}

/* An edge of a task: the rows of head and tail within their blocks, and whether the head is in the second block. */
static inline size_t zsc_umap_edge_head(uint32_t edge) { return edge & (ZSC_UMAP_BLOCK_ROWS_MOST - 1); }
static inline size_t zsc_umap_edge_tail(uint32_t edge) { return edge >> 15 & (ZSC_UMAP_BLOCK_ROWS_MOST - 1); }
static inline size_t zsc_umap_edge_second(uint32_t edge) { return edge >> 30; }

#endif
