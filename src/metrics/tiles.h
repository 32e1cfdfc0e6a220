/* Distances between points, a tile at a time: nothing of size n x n, and no copy of the points. */
#ifndef ZSC_METRICS_TILES_H
#define ZSC_METRICS_TILES_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/simd.h"
#include "zsc/status.h"

enum { ZSC_TILE_COLUMNS = 256 };

/* Points 0 .. count - 1, either rows order[i] of x, or rows of y where x is NULL; both have d columns. Products are
 * taken after `center` was subtracted, which keeps norms, and so cancellation, small. */
typedef struct zsc_points {
    const float *x;
    const int32_t *order;
    const double *y;
    const double *center;
    size_t count, d;
} zsc_points;

/* One thread's room. */
typedef struct zsc_tile {
    double *rows, *columns, *product; /* ZSC_TILE_ROWS x d, ZSC_TILE_COLUMNS x d, ZSC_TILE_COLUMNS x ZSC_TILE_ROWS */
    double row_norm[ZSC_TILE_ROWS], column_norm[ZSC_TILE_COLUMNS];
    size_t row_count;
} zsc_tile;
size_t zsc_tile_bytes(size_t d);
zsc_status zsc_tile_make(size_t d, zsc_tile *tile);
void zsc_tile_free(zsc_tile *tile);

/* Rows of the tile: points first .. (at most ZSC_TILE_ROWS of them); the rest is padding at the center. */
void zsc_tile_rows(zsc_tile *tile, const zsc_points *points, size_t first);
/* Columns: points first .. (at most ZSC_TILE_COLUMNS of them); returns how many. */
size_t zsc_tile_columns(zsc_tile *tile, const zsc_points *points, size_t first);
/* Distances of all rows of the tile to one of its columns; ZSC_TILE_ROWS of them. */
void zsc_tile_distances(const zsc_tile *tile, const zsc_metrics_kernels *kernels, size_t d, size_t column,
                        double *distance);

#endif
