/* Rows in blocks of ZSC_TILE, near rows together, with all that tiles of two blocks need.
 *
 * For each position there is a number half, and for each limit on a distance a half-limit (kernels.h says what for), so
 * that what tiles let through is a superset of what is wanted, and the caller measures it exactly. */
#ifndef ZSC_KNN_BLOCK_INDEX_H
#define ZSC_KNN_BLOCK_INDEX_H

#include "knn/blocks/centred_rows.h"
#include "knn/blocks/projection.h"
#include "knn/blocks/quantise.h"
#include "zsc/exec.h"

enum { ZSC_BLOCK_CENTROID = 16 }; /* coordinates of a centroid */

typedef struct zsc_block_index {
    zsc_centred_rows vectors;
    zsc_projection projection; /* basis and coordinates until finished */
    zsc_quantised quantised;   /* where rows are projected */
    const zsc_tile_kernels *kernels;
    int tile; /* ZSC_TILE_... */
    size_t n, blocks;
    size_t depth;       /* coordinates of tiles */
    int32_t *order;     /* the row at each position; blocks are runs of ZSC_TILE positions */
    float *half;        /* blocks x ZSC_TILE */
    float *error_bound; /* products: by position, how much of the half squared length is in doubt */
    float *panels;      /* projected: all blocks; NULL: made when needed (zsc_block_index_fill) */
    float *centroid;    /* blocks x ZSC_BLOCK_CENTROID: tells which blocks are near each other */
} zsc_block_index;

/* What the memory of an index depends on: known as soon as its projection is found, before rows take any. */
typedef struct zsc_block_shape {
    size_t n, width;
    size_t depth;       /* coordinates of tiles; below width: rows are projected */
    size_t coordinates; /* of each row until the index is finished; 0: there are none */
    size_t basis;       /* rows of the basis */
} zsc_block_shape;

/* Called with the shape of an index before its rows take memory: ZSC_OK to go on. */
typedef struct zsc_block_gate {
    zsc_status (*pass)(const void *data, const zsc_block_shape *shape);
    const void *data;
} zsc_block_gate;

typedef struct zsc_block_plan {
    size_t nearest;             /* how many neighbours will be looked for: guides the choice of depth */
    size_t least;               /* a projection has so many coordinates or more, as far as rows are wide enough */
    bool whole;                 /* quantise whole rows, not what the projection leaves */
    double scale;               /* of indices that go together, Euclidean (0: its own) */
    const zsc_block_gate *gate; /* NULL: none */
} zsc_block_plan;

/* The rows stay the caller's and must outlive the index. */
zsc_status zsc_block_index_make(const zsc_knn_rows *rows, const zsc_block_plan *plan, const zsc_exec *exec,
                                zsc_block_index *out);

/* A space for indices of queries and of keys: centre, scale, basis and depth, without rows. Both stay the caller's.
 * Keys are projected where there are queries enough. */
zsc_status zsc_block_index_space(const zsc_knn_rows *keys, const zsc_knn_rows *queries, const zsc_block_plan *plan,
                                 const zsc_exec *exec, zsc_block_index *out);
/* An index of some of these rows. They are ordered only where they are projected. */
zsc_status zsc_block_index_make_in(const zsc_block_index *space, const zsc_knn_rows *rows, const zsc_exec *exec,
                                   zsc_block_index *out);

/* The same in three steps, for indices that are to have one order. After the first there are projected coordinates, in
 * the rows' own order, where there are rows enough to be ordered. */
zsc_status zsc_block_index_begin(const zsc_knn_rows *rows, const zsc_block_plan *plan, const zsc_exec *exec,
                                 zsc_block_index *out);
/* Order and centroids from z (n x width, by row; the first ZSC_PD_TREE_MOST coordinates count). */
zsc_status zsc_block_index_arrange(zsc_block_index *index, const float *z, size_t width, const zsc_exec *exec);
zsc_status zsc_block_index_finish(zsc_block_index *index, bool whole, const zsc_exec *exec);
void zsc_block_index_free(zsc_block_index *index);

zsc_block_shape zsc_block_index_shape(const zsc_block_index *index);
/* Of n rows of d coordinates before anything is known: of the deepest projection, or of none. */
zsc_block_shape zsc_block_shape_of(size_t n, size_t d, bool projected);
static inline bool zsc_block_shape_projected(const zsc_block_shape *s) { return s->depth < s->width; }

/* Bytes of a finished index; and of its making, from its shape on, itself included. */
size_t zsc_block_shape_kept(const zsc_block_shape *shape);
size_t zsc_block_shape_making(const zsc_block_shape *shape, int threads);
/* Bytes for the making of any index of n rows of d coordinates. */
size_t zsc_block_index_memory(size_t n, size_t d, int threads);

/* Makes block b's panels (ZSC_TILE x depth floats) where the index has none. vector: scratch of a row's width. */
void zsc_block_index_fill(const zsc_block_index *index, size_t b, float *vector, float *panels);

/* The half-limit that stands for a distance (zsc_knn_rows_distance) of the row at a position in tiles; infinity stays
 * infinity. */
float zsc_block_index_limit(const zsc_block_index *index, size_t at, float distance);
/* That which stands for a length between two vectors. */
float zsc_block_index_length_limit(const zsc_block_index *index, float length);

/* What a tile's value says of the pair's measure (zsc_knn_rows_measure): it is from *low to *high. 0 and infinity where
 * rows are projected or sums are no products: nothing is known then. */
void zsc_block_index_bounds(const zsc_block_index *index, size_t at, size_t other, float value, double *low,
                            double *high);

/* Half the squared length between two projected vectors lies between these: VALUE is that of tiles (of several indices:
 * added up), LENGTH that between the quantised residuals (several: the root of the sum of squares), ERROR the errors of
 * both rows together, BOUND their error bounds. */
static inline float zsc_block_half_low(float value, float length, float error)
{
    float rest = length * (1 - 0x1p-20f) - error;
    return rest > 0 ? value + rest * rest * (0.5f - 0x1p-20f)
                    : value; /* to be compared with limits, which are raised by what value may lack */
}
static inline float zsc_block_half_high(float value, float bound, float length, float error)
{
    float rest = length * (1 + 0x1p-20f) + error;
    return ((value + bound) * (1 + 0x1p-10f) + rest * rest * 0.5f) * (1 + 0x1p-20f);
}

static inline size_t zsc_block_rows(const zsc_block_index *index, size_t b)
{
    return b + 1 < index->blocks ? ZSC_TILE : index->n - b * ZSC_TILE;
}

#endif
