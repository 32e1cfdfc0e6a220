/* Distances between points, one tile at a time: no array of size n x n, and no copy of the points. */
#ifndef ZSC_METRICS_DISTANCE_TILES_H
#define ZSC_METRICS_DISTANCE_TILES_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/kernels.h"
#include "zsc/exec.h"
#include "zsc/status.h"

enum { ZSC_DISTANCE_TILE_COLUMNS = 256 };

/* Points 0 .. count - 1: rows order[i] of x or, where x is NULL, of y (order NULL: rows i); both have d columns.
 * `center` is subtracted before products are taken, which keeps the norms small and so the cancellation. */
typedef struct zsc_distance_points {
    const float *x;
    const int32_t *order;
    const double *y;
    const double *center;
    size_t count, d;
} zsc_distance_points;

/* The working memory of one thread. */
typedef struct zsc_distance_tile {
    double *rows, *columns, *product; /* d x ZSC_DISTANCE_TILE_ROWS, ZSC_DISTANCE_TILE_COLUMNS x d,
                                         ZSC_DISTANCE_TILE_COLUMNS x ZSC_DISTANCE_TILE_ROWS */
    double row_norm[ZSC_DISTANCE_TILE_ROWS], column_norm[ZSC_DISTANCE_TILE_COLUMNS];
    size_t row_count;
} zsc_distance_tile;
size_t zsc_distance_tile_bytes(size_t d);
zsc_status zsc_distance_tile_make(size_t d, zsc_distance_tile *tile);
void zsc_distance_tile_free(zsc_distance_tile *tile);

/* Loads the points from `first` on as rows, at most ZSC_DISTANCE_TILE_ROWS; the rest is padding at the center. */
void zsc_distance_tile_load_rows(zsc_distance_tile *tile, const zsc_distance_points *points, size_t first);
/* Loads the points from `first` on as columns, at most ZSC_DISTANCE_TILE_COLUMNS; returns how many. */
size_t zsc_distance_tile_load_columns(zsc_distance_tile *tile, const zsc_distance_points *points, size_t first);
/* Distances of all ZSC_DISTANCE_TILE_ROWS rows to one of the columns. */
void zsc_distance_tile_column(const zsc_distance_tile *tile, const zsc_metrics_kernels *kernels, size_t d,
                              size_t column, double *distance);

/* Handles the tile whose rows are the points from `first` on, on one thread; writes one value per row from out[first]
 * on. */
typedef void zsc_distance_tile_fn(void *data, const zsc_distance_points *points, const zsc_metrics_kernels *kernels,
                                  zsc_distance_tile *tile, size_t first, double *out);
/* Calls FN for all tiles, in parallel. ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of memory. */
zsc_status zsc_distance_tiles_each(const zsc_distance_points *points, zsc_distance_tile_fn *fn, void *data,
                                   const zsc_exec *exec, const char *stage, double *out);

#endif
