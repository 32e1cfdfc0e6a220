/* What a layout needs of memory, counted from its shape before anything is known of its rows (umap_memory.c). */
#ifndef ZSC_UMAP_UMAP_MEMORY_H
#define ZSC_UMAP_UMAP_MEMORY_H

#include <stdbool.h>

#include "zsc/umap.h"

typedef struct zsc_umap_shape {
    size_t n, d;
    const zsc_umap_options *options;
    bool keeps_graph; /* neighbours and graph serve other layouts: they are there as long as this one is made */
    bool keeps_rows;  /* so are the rows; else they go when the initialisation wants them no more */
    bool maps_rows;   /* they are in a mapped file, and take no memory that counts */
    bool typical;     /* of the rows that embeddings have; else at most, of any rows */
    size_t distinct;  /* where typical: how many rows differ */
} zsc_umap_shape;

/* Bytes, coordinates and, unless they are mapped, rows included: of the stage that needs most. What is allocated and
 * not written yet counts at most, but not where typical. SIZE_MAX: more than can be counted. */
size_t zsc_umap_shape_memory(const zsc_umap_shape *shape, const zsc_exec *exec);

/* Bytes of neighbours and of a graph that are kept. */
size_t zsc_umap_shape_kept(const zsc_umap_shape *shape);

#endif
