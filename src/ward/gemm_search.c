/* Nearest clusters by matrix products, for vectors of many dimensions.
 *
 * |a - b|^2 = |a|^2 + |b|^2 - 2 ab, in single precision, blocks of queries against blocks of all clusters (BLAS sgemm).
 * The mean of all centroids is subtracted first, since it would only lose digits.
 *
 * Error: a product of d terms, in whatever order it is summed, is off by at most (d + 2) u |a| |b| with u = 2^-24
 * (Higham 2002, section 3.1; 2 u of it for rounding a and b themselves), and |a| |b| <= (|a|^2 + |b|^2) / 2. With norms
 * multiplied by 1 - (d + 16) u the expression is therefore never above the true one, as the few other operations stay
 * within what is left of the 16. So the true distances of the smallest values are computed in double precision, and
 * every other cluster is known to be no nearer than the last of them. */
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "ward/gemm_search.h"
#include "ward/kernels.h"

enum { ROWS = 1024 }; /* clusters in one product */

/* Writes the centroid of a slot to row `row`. */
static void put(zsc_ward_gemm *t, const zsc_ward_clusters *s, size_t row, int32_t slot)
{
    float *x = t->x + row * t->d;
    const double *c = s->c + (size_t)slot * s->stride;
    double norm = 0;
    for (size_t j = 0; j < t->d; j++) {
        double v = c[j] - t->mean[j];
        x[j] = (float)v;
        norm += v * v;
    }
    t->norm[row] = (float)(norm * (1 - 0x1p-24 * (double)(t->d + 16)));
    t->inverse[row] = (float)(1 / s->weight[slot]);
    t->slot[row] = slot;
    t->position[slot] = (int32_t)row;
}

static void compute_mean(zsc_ward_gemm *t, const zsc_ward_clusters *s)
{
    for (size_t i = 0; i < s->m; i++)
        if (s->weight[i] > 0)
            for (size_t j = 0; j < t->d; j++) t->mean[j] += s->c[i * s->stride + j];
    for (size_t j = 0; j < t->d; j++) t->mean[j] /= (double)s->live;
}

size_t zsc_ward_gemm_memory(size_t clusters, size_t d, int threads)
{
    return clusters * (d * 4 + 16) + d * 8 + (size_t)threads * ZSC_WARD_GEMM_QUERIES * (d + ROWS) * 4 +
           zsc_blas_product_memory(threads, ZSC_WARD_GEMM_QUERIES, clusters < ROWS ? clusters : ROWS, d, 4);
}

zsc_status zsc_ward_gemm_make(const zsc_ward_clusters *s, int threads, zsc_ward_gemm *out)
{
    zsc_status status = ZSC_OK;
    zsc_ward_gemm t = {.d = s->d, .rows = s->live};
    t.work_size = ((size_t)ZSC_WARD_GEMM_QUERIES * (t.d + ROWS) + ZSC_WARD_BLOCK - 1) / ZSC_WARD_BLOCK * ZSC_WARD_BLOCK;
    ZSC_NEW_RAW(t.x, t.rows * t.d);
    ZSC_NEW(t.norm, t.rows + ZSC_WARD_BLOCK);
    ZSC_NEW(t.inverse, t.rows + ZSC_WARD_BLOCK);
    ZSC_NEW_RAW(t.slot, t.rows);
    ZSC_NEW_RAW(t.position, s->m);
    ZSC_NEW(t.mean, t.d);
    ZSC_NEW_RAW(t.work, (size_t)threads * t.work_size);
    compute_mean(&t, s);
    for (size_t i = 0, row = 0; i < s->m; i++)
        if (s->weight[i] > 0) t.position[i] = (int32_t)row, t.slot[row++] = (int32_t)i;
#pragma omp parallel for schedule(static) num_threads(threads) if (t.rows > ROWS)
    for (size_t row = 0; row < t.rows; row++) put(&t, s, row, t.slot[row]);
    *out = t;
    t = (zsc_ward_gemm){0};
done:
    zsc_ward_gemm_free(&t);
    return status;
}

void zsc_ward_gemm_free(zsc_ward_gemm *t)
{
    free(t->x);
    free(t->norm);
    free(t->inverse);
    free(t->slot);
    free(t->position);
    free(t->mean);
    free(t->work);
    *t = (zsc_ward_gemm){0};
}

void zsc_ward_gemm_merge(zsc_ward_gemm *t, const zsc_ward_clusters *s, int32_t a, int32_t b)
{
    size_t emptied = (size_t)t->position[b];
    t->norm[emptied] = INFINITY;
    t->slot[emptied] = -1;
    put(t, s, (size_t)t->position[a], a);
}

/* Compares every cluster in double precision: where rounding hides which is nearest. */
static void search_all(const zsc_ward_gemm *t, const zsc_ward_clusters *s, int32_t self, zsc_ward_near_list *out)
{
    zsc_ward_candidate list[ZSC_WARD_NEAR_MOST + 2] = {0};
    size_t count = 0;
    for (size_t row = 0; row < t->rows; row++) {
        int32_t slot = t->slot[row];
        if (slot < 0 || slot == self) continue;
        double distance = zsc_ward_square_height(s, self, slot);
        if (count > ZSC_WARD_NEAR_MOST &&
            !zsc_ward_nearer(distance, slot, list[ZSC_WARD_NEAR_MOST].distance, list[ZSC_WARD_NEAR_MOST].slot))
            continue;
        count = zsc_ward_insert(list, count, distance, slot);
        if (count > ZSC_WARD_NEAR_MOST + 1) count = ZSC_WARD_NEAR_MOST + 1;
    }
    out->radius = count > ZSC_WARD_NEAR_MOST ? list[ZSC_WARD_NEAR_MOST].distance : INFINITY;
    out->count = count > ZSC_WARD_NEAR_MOST ? ZSC_WARD_NEAR_MOST : count;
    memcpy(out->list, list, out->count * sizeof *list);
}

/* The answer to one query from the exact distances of its hits. */
static void refine(const zsc_ward_gemm *t, const zsc_ward_clusters *s, int32_t self, const zsc_ward_hit *hits,
                   size_t found, zsc_ward_near_list *out)
{
    zsc_ward_candidate list[ZSC_WARD_CANDIDATES] = {0};
    size_t count = 0;
    for (size_t k = 0; k < found; k++)
        count = zsc_ward_insert(list, count, zsc_ward_square_height(s, self, hits[k].slot), hits[k].slot);
    double radius = found < ZSC_WARD_CANDIDATES ? INFINITY : (double)hits[ZSC_WARD_CANDIDATES - 1].distance;
    if (!count || !(list[0].distance < radius)) {
        search_all(t, s, self, out);
        return;
    }
    out->count = 0;
    while (out->count < count && out->count < ZSC_WARD_NEAR_MOST && list[out->count].distance < radius) {
        out->list[out->count] = list[out->count];
        out->count++;
    }
    out->radius = out->count < count ? fmin(radius, list[out->count].distance) : radius;
}

void zsc_ward_gemm_search(const zsc_ward_gemm *t, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                          int thread, zsc_ward_near_list *out)
{
    const zsc_ward_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_kernels);
    float *query = t->work + (size_t)thread * t->work_size, *product = query + ZSC_WARD_GEMM_QUERIES * t->d;
    zsc_ward_hit hits[ZSC_WARD_GEMM_QUERIES][ZSC_WARD_CANDIDATES];
    size_t found[ZSC_WARD_GEMM_QUERIES] = {0};
    for (size_t q = 0; q < count; q++)
        memcpy(query + q * t->d, t->x + (size_t)t->position[slots[q]] * t->d, t->d * sizeof *query);
    for (size_t first = 0; first < t->rows; first += ROWS) {
        size_t rows = first + ROWS < t->rows ? ROWS : t->rows - first;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)rows, (int)t->d, 1, query, (int)t->d,
                    t->x + first * t->d, (int)t->d, 0, product, ROWS);
        for (size_t q = 0; q < count; q++) {
            size_t self = (size_t)t->position[slots[q]];
            if (self >= first && self < first + rows)
                product[q * ROWS + self - first] = -INFINITY; /* farther than any other */
            kernels->filter(t, product + q * ROWS, first, rows, t->norm[self], t->inverse[self], hits[q], &found[q]);
        }
    }
    for (size_t q = 0; q < count; q++) refine(t, s, slots[q], hits[q], found[q], &out[q]);
}
