/* Halves by planes cut clusters apart where there are many in many dimensions: each plane that is laid between some
 * goes through others, and the boxes of what is left are large. The cells around centroids of k-means keep most
 * clusters whole. Where there are many cells, rows are first divided among as many regions as a region has cells, so
 * that a row is compared with 2 sqrt(cells) centroids and not with all. */
#include "hdbscan/cells.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pd_tree.h"

enum {
    ROWS = 64,     /* of a cell, on average, */
    WITHIN = 2048, /* until a region has so many; with fewer there is one region */
    MOST = 1 << 16,
    SAMPLE = 8,   /* rows per cell that centroids come from, */
    LEAST = 2048, /* and of all cells together */
    ROUNDS = 3,   /* of k-means */
    POLLED = 32   /* rows between two questions whether to go on */
};
#define STAGE "core distances" /* which cells are made for */

typedef struct centroids {
    size_t count, d, blocks;
    int kind;
    float *block; /* blocks x d x ZSC_HDBSCAN_BLOCK; those beyond the last are far from everything */
} centroids;

static size_t within = WITHIN;

void zsc_hdbscan_cells_force(size_t most) { within = most ? most : WITHIN; }

static size_t regions_of(size_t m)
{
    size_t count = m / ROWS < MOST ? m / ROWS : MOST;
    return count > within ? (size_t)sqrt((double)count) : 1;
}

/* Of a region with so many rows. */
static size_t cells_of(size_t rows)
{
    size_t count = rows / ROWS;
    return count < 1 ? 1 : count > within ? within : count;
}

size_t zsc_hdbscan_cells_most(size_t m) { return regions_of(m) == 1 ? cells_of(m) : m / ROWS + regions_of(m); }

static float *at(const centroids *c, size_t k, size_t j)
{
    return &c->block[(k / ZSC_HDBSCAN_BLOCK * c->d + j) * ZSC_HDBSCAN_BLOCK + k % ZSC_HDBSCAN_BLOCK];
}

static zsc_status make_centroids(size_t count, size_t d, int kind, centroids *out)
{
    zsc_status status = ZSC_OK;
    *out = (centroids){count, d, (count + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK, kind, NULL};
    ZSC_NEW_RAW(out->block, out->blocks * d * ZSC_HDBSCAN_BLOCK);
    for (size_t k = 0; k < out->blocks * d * ZSC_HDBSCAN_BLOCK; k++) out->block[k] = INFINITY;
done:
    return status;
}

/* --- K-means on a sample */
/* Some of the rows of m x d vectors: row[i], or all of them where row is NULL. */
typedef struct some_rows {
    const float *vector;
    const int32_t *row;
    size_t count, d;
} some_rows;

static const float *sampled(const some_rows *rows, size_t i, size_t sample)
{
    size_t at = i * rows->count / sample;
    return rows->vector + (rows->row ? (size_t)rows->row[at] : at) * rows->d;
}

static zsc_status find_centroids(const some_rows *rows, const zsc_exec *exec, centroids *c)
{
    zsc_status status = ZSC_OK;
    zsc_polls polls = {.exec = exec, .stage = STAGE};
    const zsc_hdbscan_kernels *kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels);
    size_t d = c->d, wanted = c->count * SAMPLE > LEAST ? c->count * SAMPLE : LEAST;
    size_t sample = wanted < rows->count ? wanted : rows->count;
    double *sum = NULL;
    size_t *members = NULL;
    ZSC_NEW_RAW(sum, c->count * d);
    ZSC_NEW_RAW(members, c->count);
    for (size_t k = 0; k < c->count; k++)
        for (size_t j = 0; j < d; j++) *at(c, k, j) = sampled(rows, k, c->count)[j];
    for (size_t round = 0; round < ROUNDS; round++) {
        memset(sum, 0, c->count * d * sizeof *sum);
        memset(members, 0, c->count * sizeof *members);
        for (size_t i = 0; i < sample; i++) {
            const float *x = sampled(rows, i, sample);
            if (i % POLLED == 0 && !zsc_poll(&polls, 0)) break;
            size_t k = kernels->nearest[c->kind](x, c->block, c->blocks, d);
            members[k]++;
            for (size_t j = 0; j < d; j++) sum[k * d + j] += (double)x[j];
        }
        ZSC_TRY(zsc_polled(&polls));
        for (size_t k = 0; k < c->count; k++)
            for (size_t j = 0; j < d && members[k]; j++) *at(c, k, j) = (float)(sum[k * d + j] / (double)members[k]);
    }
done:
    free(sum);
    free(members);
    return status;
}

/* --- Order */
/* Near centroids one after the other: name[k] is the new number of centroid k. */
static zsc_status order_centroids(const centroids *c, const size_t *column, size_t columns, const zsc_exec *exec,
                                  int32_t *name)
{
    zsc_status status = ZSC_OK;
    float *z = NULL;
    int32_t *order = NULL;
    ZSC_NEW_RAW(z, c->count * columns);
    ZSC_NEW_RAW(order, c->count);
    for (size_t k = 0; k < c->count; k++) {
        order[k] = (int32_t)k;
        for (size_t j = 0; j < columns; j++) z[k * columns + j] = *at(c, k, column[j]);
    }
    ZSC_TRY(zsc_pd_tree_order(z, c->count, columns, 1, STAGE, exec, order));
    for (size_t k = 0; k < c->count; k++) name[order[k]] = (int32_t)k;
done:
    free(z);
    free(order);
    return status;
}

/* Rows by cell, cells by their new numbers; empty ones are left out. cell: m, of each row. */
static zsc_status sort_by_cell(const int32_t *cell, size_t m, size_t cells, int32_t *order, zsc_hdbscan_cells *out)
{
    zsc_status status = ZSC_OK;
    int32_t *next = NULL;
    ZSC_NEW(next, cells + 1);
    ZSC_NEW_RAW(out->begin, cells + 1);
    for (size_t i = 0; i < m; i++) next[cell[i] + 1]++;
    out->begin[0] = 0;
    for (size_t k = 0; k < cells; k++) {
        if (next[k + 1] > 0) {
            out->count++;
            out->begin[out->count] = out->begin[out->count - 1] + next[k + 1];
        }
        next[k + 1] += next[k];
    }
    for (size_t i = 0; i < m; i++) order[next[cell[i]]++] = (int32_t)i;
done:
    free(next);
    return status;
}

static zsc_status order_cells(const float *vector, size_t m, size_t d, const size_t *column, size_t columns,
                              const zsc_exec *exec, const zsc_hdbscan_cells *cells, int32_t *order)
{
    zsc_status status = ZSC_OK;
    float *z = NULL;
    ZSC_NEW_RAW(z, m * columns);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < columns; k++) z[i * columns + k] = vector[i * d + column[k]];
    for (size_t c = 0; c < cells->count; c++)
        ZSC_TRY(zsc_pd_tree_order(z, (size_t)(cells->begin[c + 1] - cells->begin[c]), columns, ZSC_HDBSCAN_LEAF_ROWS,
                                  STAGE, exec, order + cells->begin[c]));
done:
    free(z);
    return status;
}

/* Divides rows among `count` centroids of theirs, numbered so that near ones follow each other, from `first` on:
 * cell[i] for each row i of them. */
static zsc_status divide(const some_rows *rows, size_t count, int kind, const size_t *column, size_t columns,
                         int32_t first, const zsc_exec *exec, int32_t *cell)
{
    zsc_status status = ZSC_OK;
    const zsc_hdbscan_kernels *kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels);
    centroids c = {0};
    int32_t *name = NULL;
    zsc_polls polls = {.exec = exec, .stage = STAGE};
    ZSC_TRY(make_centroids(count, rows->d, kind, &c));
    ZSC_TRY(find_centroids(rows, exec, &c));
    ZSC_NEW_RAW(name, c.count);
    ZSC_TRY(order_centroids(&c, column, columns, exec, name));
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) if (rows->count > 4096)
    for (size_t i = 0; i < rows->count; i++) {
        if (i % POLLED == 0) zsc_poll(&polls, 0);
        if (atomic_load_explicit(&polls.stop, memory_order_relaxed)) continue;
        size_t row = rows->row ? (size_t)rows->row[i] : i;
        cell[row] = first + name[kernels->nearest[kind](rows->vector + row * rows->d, c.block, c.blocks, rows->d)];
    }
    status = zsc_polled(&polls);
done:
    free(c.block);
    free(name);
    return status;
}

/* Divides each region among its cells; order: the rows by region. Returns how many cells there are in *count. */
static zsc_status divide_regions(const some_rows *all, const zsc_hdbscan_cells *regions, const int32_t *order, int kind,
                                 const size_t *column, size_t columns, const zsc_exec *exec, int32_t *cell,
                                 size_t *count)
{
    zsc_status status = ZSC_OK;
    *count = 0;
    for (size_t r = 0; r < regions->count; r++) {
        some_rows rows = *all;
        rows.row = order + regions->begin[r];
        rows.count = (size_t)(regions->begin[r + 1] - regions->begin[r]);
        ZSC_TRY(divide(&rows, cells_of(rows.count), kind, column, columns, (int32_t)*count, exec, cell));
        *count += cells_of(rows.count);
    }
done:
    return status;
}

zsc_status zsc_hdbscan_cells_make(const float *vector, size_t m, size_t d, int kind, const zsc_exec *exec,
                                  int32_t *order, zsc_hdbscan_cells *out)
{
    zsc_status status = ZSC_OK;
    const some_rows all = {vector, NULL, m, d};
    size_t column[ZSC_PD_TREE_MOST], columns = 0, count = cells_of(m), regions = regions_of(m);
    int32_t *cell = NULL;
    zsc_hdbscan_cells by_region = {0}, cells = {0};
    if (m == 0) return ZSC_OK;
    ZSC_TRY(zsc_pd_tree_choose_columns(vector, m, d, column, &columns));
    ZSC_NEW_RAW(cell, m);
    ZSC_TRY(divide(&all, regions > 1 ? regions : count, kind, column, columns, 0, exec, cell));
    if (regions > 1) {
        ZSC_TRY(sort_by_cell(cell, m, regions, order, &by_region));
        ZSC_TRY(divide_regions(&all, &by_region, order, kind, column, columns, exec, cell, &count));
    }
    ZSC_TRY(sort_by_cell(cell, m, count, order, &cells));
    ZSC_TRY(order_cells(vector, m, d, column, columns, exec, &cells, order));
    *out = cells;
    cells = (zsc_hdbscan_cells){0};
done:
    free(cell);
    zsc_hdbscan_cells_free(&by_region);
    zsc_hdbscan_cells_free(&cells);
    return status;
}

void zsc_hdbscan_cells_free(zsc_hdbscan_cells *cells)
{
    free(cells->begin);
    *cells = (zsc_hdbscan_cells){0};
}

size_t zsc_hdbscan_cells_memory(size_t n, size_t d)
{
    size_t columns = d < ZSC_PD_TREE_MOST ? d : ZSC_PD_TREE_MOST, count = zsc_hdbscan_cells_most(n) + ZSC_HDBSCAN_BLOCK;
    size_t ordering = n * columns * sizeof(float) + zsc_pd_tree_memory(n);
    return n * sizeof(int32_t) + count * (d * (sizeof(float) + sizeof(double)) + 64) + ordering;
}
