#include "metrics/distance_tiles.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "linalg/kernels.h"

enum { PROGRESS_STEP = 64 }; /* tiles between two reports of progress */

size_t zsc_distance_tile_bytes(size_t d)
{
    return sizeof(zsc_distance_tile) + sizeof(double) * ((ZSC_DISTANCE_TILE_ROWS + ZSC_DISTANCE_TILE_COLUMNS) * d +
                                                         ZSC_DISTANCE_TILE_ROWS * ZSC_DISTANCE_TILE_COLUMNS);
}

zsc_status zsc_distance_tile_make(size_t d, zsc_distance_tile *tile)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(tile->rows, ZSC_DISTANCE_TILE_ROWS * d);
    ZSC_NEW_RAW(tile->columns, ZSC_DISTANCE_TILE_COLUMNS * d);
    ZSC_NEW_RAW(tile->product, ZSC_DISTANCE_TILE_ROWS * ZSC_DISTANCE_TILE_COLUMNS);
done:
    return status;
}

void zsc_distance_tile_free(zsc_distance_tile *tile)
{
    free(tile->rows);
    free(tile->columns);
    free(tile->product);
}

/* Writes point i minus the center to OUT, coordinates STRIDE apart; returns its squared norm. */
static double load_point(const zsc_distance_points *p, size_t i, double *out, size_t stride)
{
    double norm = 0;
    if (p->x) {
        const float *row = p->x + (size_t)p->order[i] * p->d;
        for (size_t j = 0; j < p->d; j++) out[j * stride] = (double)row[j] - p->center[j];
    } else {
        const double *row = p->y + (p->order ? (size_t)p->order[i] : i) * p->d;
        for (size_t j = 0; j < p->d; j++) out[j * stride] = row[j] - p->center[j];
    }
    for (size_t j = 0; j < p->d; j++) norm += out[j * stride] * out[j * stride];
    return norm;
}

static size_t at_most(const zsc_distance_points *p, size_t first, size_t most)
{
    return p->count - first < most ? p->count - first : most;
}

void zsc_distance_tile_load_rows(zsc_distance_tile *tile, const zsc_distance_points *p, size_t first)
{
    tile->row_count = at_most(p, first, ZSC_DISTANCE_TILE_ROWS);
    memset(tile->row_norm, 0, sizeof tile->row_norm);
    for (size_t i = 0; i < tile->row_count; i++)
        tile->row_norm[i] = load_point(p, first + i, tile->rows + i, ZSC_DISTANCE_TILE_ROWS);
    for (size_t j = 0; j < p->d; j++)
        for (size_t i = tile->row_count; i < ZSC_DISTANCE_TILE_ROWS; i++)
            tile->rows[j * ZSC_DISTANCE_TILE_ROWS + i] = 0;
}

size_t zsc_distance_tile_load_columns(zsc_distance_tile *tile, const zsc_distance_points *p, size_t first)
{
    size_t count = at_most(p, first, ZSC_DISTANCE_TILE_COLUMNS);
    for (size_t i = 0; i < count; i++) tile->column_norm[i] = load_point(p, first + i, tile->columns + i * p->d, 1);
    const zsc_product shape = {
        count, ZSC_DISTANCE_TILE_ROWS, p->d, p->d, 1, ZSC_DISTANCE_TILE_ROWS, ZSC_DISTANCE_TILE_ROWS, false};
    ZSC_SIMD_PICK(zsc_linalg_kernels_of)->product_doubles(&shape, tile->columns, tile->rows, tile->product);
    return count;
}

/* Recomputes the distances of one column from the differences, where the scalar product lost digits. */
static void recompute(const zsc_distance_tile *tile, size_t d, size_t column, double *distance)
{
    const double *product = tile->product + column * ZSC_DISTANCE_TILE_ROWS, *b = tile->columns + column * d;
    for (size_t i = 0; i < tile->row_count; i++) {
        double norms = tile->row_norm[i] + tile->column_norm[column];
        if (!(norms - 2 * product[i] < 1.01 * ZSC_DISTANCE_CANCELLED * norms)) continue;
        double square = 0;
        for (size_t j = 0; j < d; j++) {
            double gap = tile->rows[j * ZSC_DISTANCE_TILE_ROWS + i] - b[j];
            square += gap * gap;
        }
        distance[i] = sqrt(square);
    }
}

void zsc_distance_tile_column(const zsc_distance_tile *tile, const zsc_metrics_kernels *kernels, size_t d,
                              size_t column, double *distance)
{
    if (kernels->distances(tile->product + column * ZSC_DISTANCE_TILE_ROWS, tile->row_norm, tile->column_norm[column],
                           distance))
        recompute(tile, d, column, distance);
}

zsc_status zsc_distance_tiles_each(const zsc_distance_points *points, zsc_distance_tile_fn *fn, void *data,
                                   const zsc_exec *exec, const char *stage, double *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t tiles = (points->count + ZSC_DISTANCE_TILE_ROWS - 1) / ZSC_DISTANCE_TILE_ROWS;
    if ((size_t)threads > tiles) threads = tiles ? (int)tiles : 1;
    const zsc_metrics_kernels *kernels = ZSC_SIMD_PICK(zsc_metrics_kernels);
    zsc_distance_tile *tile = NULL; /* one per thread */
    ZSC_NEW(tile, (size_t)threads);
    for (int t = 0; t < threads; t++) ZSC_TRY(zsc_distance_tile_make(points->d, &tile[t]));
    zsc_polls polls = {.exec = exec, .stage = stage, .end = 1};
    for (size_t from = 0; from < tiles; from += PROGRESS_STEP) {
        size_t to = from + PROGRESS_STEP < tiles ? from + PROGRESS_STEP : tiles;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
        for (size_t i = from; i < to; i++)
            if (zsc_poll(&polls, (double)i / (double)tiles))
                fn(data, points, kernels, &tile[omp_get_thread_num()], i * ZSC_DISTANCE_TILE_ROWS, out);
        ZSC_TRY(zsc_polled(&polls));
        if (!zsc_progress(exec, stage, (double)to, (double)tiles)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
done:
    for (int t = 0; tile && t < threads; t++) zsc_distance_tile_free(&tile[t]);
    free(tile);
    return status;
}
