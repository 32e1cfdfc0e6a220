/* Rows made ready for tiles (knn/tiles.h): centred, scaled, possibly projected, and put in an order of nearness. */
#ifndef ZSC_KNN_FRAME_H
#define ZSC_KNN_FRAME_H

#include <math.h>

#include "knn/tiles.h"
#include "zsc/exec.h"

typedef struct zsc_frame {
    const zsc_rows *rows;
    const zsc_tile_kernels *kernels;
    const zsc_measure_kernels *measure;
    size_t n, blocks;
    int kernel;     /* ZSC_TILE_... */
    size_t width;   /* coordinates of a full vector */
    size_t depth;   /* coordinates of tiles: width, or fewer when projected */
    double scale;   /* a power of two: vectors are about 1 long per coordinate */
    double *centre; /* width, in scaled units */
    int32_t *order; /* row at each position; blocks are runs of ZSC_TILE positions */
    float *half;    /* blocks x ZSC_TILE */
    float *panels;  /* projected: all blocks, ready; NULL: made when needed */
    float *slop;    /* products: by position, how much of the half squared length is in doubt */
    int8_t *coarse; /* projected: in steps of `step`, n x coarse_width, by position, what projections leave of vectors,
                       or whole vectors */
    size_t coarse_width;     /* a multiple of 32 */
    float *coarse_error;     /* projected: by position, how far a coarse vector may be from the true one */
    int64_t *coarse_squares; /* projected: by position, the squared length of the coarse vector, in steps */
    float step;
    double *basis;  /* until finished: leading_width rows and more, orthonormal */
    float *leading; /* until finished: n x leading_width, by row */
    size_t leading_width;
    float *middle; /* blocks x ZSC_FRAME_MIDDLE: centres of blocks, to tell which are near each other */
} zsc_frame;

enum { ZSC_FRAME_MIDDLE = 16 };

typedef struct zsc_frame_plan {
    size_t nearest; /* how many neighbours will be looked for: guides the choice of depth */
    bool whole;     /* coarse vectors of whole vectors, not of what the projection leaves */
    size_t least;   /* a projection has so many coordinates or more, as far as rows are wide enough */
    double scale;   /* of frames that go together, Euclidean (0: its own) */
} zsc_frame_plan;
zsc_status zsc_frame_make(const zsc_rows *rows, const zsc_frame_plan *plan, const zsc_exec *exec, zsc_frame *out);

/* The same in three steps, for frames that are to have one order. After the first there are leading coordinates, in the
 * rows' own order, where there are rows enough to be ordered. */
zsc_status zsc_frame_begin(const zsc_rows *rows, const zsc_frame_plan *plan, const zsc_exec *exec, zsc_frame *out);
/* Order and middles from Z (n x width, by row; the first 32 coordinates count): near rows together. */
zsc_status zsc_frame_arrange(zsc_frame *frame, const float *z, size_t width, const zsc_exec *exec);
zsc_status zsc_frame_finish(zsc_frame *frame, bool whole, const zsc_exec *exec);

/* The scale that Euclidean rows would get. */
zsc_status zsc_frame_scale(const zsc_rows *rows, double *scale);
void zsc_frame_free(zsc_frame *frame);
size_t zsc_frame_memory(size_t n, size_t d, int threads);
size_t zsc_frame_kept_memory(size_t n, size_t d); /* of this, what a finished frame keeps */

/* The half-limit that stands for distance D (zsc_rows_distance) in tiles; infinity stays infinity. */
float zsc_frame_limit(const zsc_frame *frame, float distance);

/* The same as a length between vectors, rounded up; and back: the distance that belongs to a length, rounded up. */
float zsc_frame_reach(const zsc_frame *frame, float distance);
float zsc_frame_distance(const zsc_frame *frame, float reach);

/* What a tile's sum says of the pair's measure (zsc_rows_measure): it is from *low to *high. 0 and infinity where the
 * frame is projected or its sums are no products: nothing is known then. */
void zsc_frame_bounds(const zsc_frame *frame, size_t at, size_t other, float sum, double *low, double *high);

/* Projected frames: the length between the coarse vectors at two positions, and its square. The true one differs by
 * less than the sum of their errors and 2^-20 of itself. */
static inline void zsc_frame_coarse_squares(const zsc_frame *f, size_t at, const size_t *other, size_t count,
                                            double *out) /* ZSC_COARSE_MANY at most */
{
    const int8_t *b[ZSC_COARSE_MANY];
    int64_t dot[ZSC_COARSE_MANY];
    for (size_t o = 0; o < count; o++) b[o] = f->coarse + other[o] * f->coarse_width;
    f->measure->coarse(f->coarse + at * f->coarse_width, b, count, f->coarse_width, dot);
    for (size_t o = 0; o < count; o++)
        out[o] = (double)f->step * (double)f->step *
                 (double)(f->coarse_squares[at] + f->coarse_squares[other[o]] - 2 * dot[o]);
}
static inline float zsc_frame_coarse(const zsc_frame *f, size_t at, size_t other)
{
    double squares;
    zsc_frame_coarse_squares(f, at, &other, 1, &squares);
    return sqrtf((float)squares);
}

/* Half the squared length between two vectors lies between these, where VALUE is half_i + half_j - sum (several frames:
 * all added up), LENGTH that between the coarse vectors of what projections leave (several: the root of the sum of
 * squares), ERROR of both rows together, SLOP as well. */
static inline float zsc_frame_half_low(float value, float length, float error)
{
    float rest = length * (1 - 0x1p-20f) - error;
    return rest > 0 ? value + rest * rest * (0.5f - 0x1p-20f)
                    : value; /* to be compared with limits, which are raised by what value may lack */
}
static inline float zsc_frame_half_high(float value, float slop, float length, float error)
{
    float rest = length * (1 + 0x1p-20f) + error;
    return ((value + slop) * (1 + 0x1p-10f) + rest * rest * 0.5f) * (1 + 0x1p-20f);
}

/* Makes block b's panels (ZSC_TILE x depth floats) where the frame has none. room: width floats. */
void zsc_frame_fill(const zsc_frame *frame, size_t b, float *room, float *panels);

/* --- All tiles */
/* Blocks I of one group with blocks J of another, or of the same. Groups that are near each other come first. */
enum { ZSC_TILE_GROUP = 4 };
typedef struct zsc_tile_unit {
    int32_t i, j, place;
} zsc_tile_unit;
zsc_status zsc_frame_list(const zsc_frame *frame, int threads, zsc_tile_unit **units, size_t *count);
static inline size_t zsc_frame_group_end(const zsc_frame *frame, size_t group)
{
    return (group + 1) * ZSC_TILE_GROUP < frame->blocks ? (group + 1) * ZSC_TILE_GROUP : frame->blocks;
}

/* What thread `thread` found in tile (I, J), I <= J; pairs within one block have i < j. Called in parallel. */
typedef void (*zsc_tile_fn)(void *data, int thread, size_t I, size_t J, const zsc_tile_pair *pairs, size_t count);
/* Copies the current limits of block b; false if no row of it looks for anything. Called in parallel. */
typedef bool (*zsc_limit_fn)(void *data, size_t b, float *limit);

/* Runs over the first `share` (0 .. 1) of all tiles, nearest blocks first. Progress goes from `before` to `after` of a
 * whole of 1. */
typedef struct zsc_tile_walk {
    zsc_limit_fn limits;
    zsc_tile_fn found;
    void *data;
    double share;
    const char *stage;
    double before, after;
} zsc_tile_walk;
zsc_status zsc_frame_tiles(const zsc_frame *frame, const zsc_tile_walk *walk, const zsc_exec *exec);
/* The share that looks at about `groups` groups of blocks around each, of n rows. */
double zsc_frame_share(size_t n, size_t groups);
size_t zsc_frame_tiles_memory(size_t n, size_t depth, int threads);

/* Hands units 0 .. count - 1 to threads, one at a time, with the walk's progress. */
typedef void (*zsc_unit_fn)(void *data, int thread, size_t unit);
zsc_status zsc_frame_units(const zsc_tile_walk *walk, size_t count, zsc_unit_fn fn, void *data, const zsc_exec *exec);

/* --- Tiles of each row with the blocks that are nearest to it (knn/probe.c) */
/* The frame is projected. `found` gets pairs of a row i of block I, which chose block J, with all rows j of it that are
 * within the limit of row i; limits of J do not matter. Each pair comes once. */
zsc_status zsc_frame_probe(const zsc_frame *frame, size_t probes, const zsc_tile_walk *what, const zsc_exec *exec);
size_t zsc_frame_probe_memory(size_t blocks, size_t depth, size_t probes, int threads);

static inline size_t zsc_frame_block_rows(const zsc_frame *frame, size_t b)
{
    return b + 1 < frame->blocks ? ZSC_TILE : frame->n - b * ZSC_TILE;
}

#endif
