/* Nearest clusters by matrix products, for vectors of many dimensions.
 *
 * |a - b|^2 = |a|^2 + |b|^2 - 2 ab, in single precision, blocks of queries against blocks of all clusters (BLAS sgemm).
 * The mean of all centroids is subtracted first, as it would only cost digits.
 *
 * Error: a product of d terms, in whatever order it is summed, is off by at most (d + 2) u |a| |b| with u = 2^-24
 * (Higham 2002, section 3.1; 2 u of it for rounding a and b themselves), and |a| |b| <= (|a|^2 + |b|^2) / 2. With norms
 * multiplied by 1 - (d + 16) u the expression is therefore never above the true one, as the few operations on top stay
 * within what is left of the 16. So the smallest values are taken, their true distances computed in double precision,
 * and what is not among them is known to be no nearer than the last of them. */
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ward/search.h"

enum { ROWS = 1024 }; /* clusters of one product */

/* Row `row` from the centroid of a slot. */
static void put(zsc_dense *t, const zsc_clusters *s, size_t row, int32_t slot)
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
    t->place[slot] = (int32_t)row;
}

static void take_mean(zsc_dense *t, const zsc_clusters *s)
{
    for (size_t i = 0; i < s->m; i++)
        if (s->weight[i] > 0)
            for (size_t j = 0; j < t->d; j++) t->mean[j] += s->c[i * s->stride + j];
    for (size_t j = 0; j < t->d; j++) t->mean[j] /= (double)s->live;
}

zsc_status zsc_dense_make(const zsc_clusters *s, int threads, zsc_dense *out)
{
    zsc_status status = ZSC_OK;
    zsc_dense t = {.d = s->d, .rows = s->live};
    t.work_size = ((size_t)ZSC_DENSE_QUERIES * (t.d + ROWS) + ZSC_BLOCK - 1) / ZSC_BLOCK * ZSC_BLOCK;
    ZSC_NEW_RAW(t.x, t.rows * t.d);
    ZSC_NEW(t.norm, t.rows + ZSC_BLOCK);
    ZSC_NEW(t.inverse, t.rows + ZSC_BLOCK);
    ZSC_NEW_RAW(t.slot, t.rows);
    ZSC_NEW_RAW(t.place, s->m);
    ZSC_NEW(t.mean, t.d);
    ZSC_NEW_RAW(t.work, (size_t)threads * t.work_size);
    take_mean(&t, s);
    for (size_t i = 0, row = 0; i < s->m; i++)
        if (s->weight[i] > 0) t.place[i] = (int32_t)row, t.slot[row++] = (int32_t)i;
#pragma omp parallel for schedule(static) num_threads(threads) if (t.rows > ROWS)
    for (size_t row = 0; row < t.rows; row++) put(&t, s, row, t.slot[row]);
    *out = t;
    t = (zsc_dense){0};
done:
    zsc_dense_free(&t);
    return status;
}

void zsc_dense_free(zsc_dense *t)
{
    free(t->x);
    free(t->norm);
    free(t->inverse);
    free(t->slot);
    free(t->place);
    free(t->mean);
    free(t->work);
    *t = (zsc_dense){0};
}

void zsc_dense_merge(zsc_dense *t, const zsc_clusters *s, int32_t a, int32_t b)
{
    size_t gone = (size_t)t->place[b];
    t->norm[gone] = INFINITY;
    t->slot[gone] = -1;
    put(t, s, (size_t)t->place[a], a);
}

/* Every cluster, in double precision: for when rounding hides which is nearest. */
static void search_all(const zsc_dense *t, const zsc_clusters *s, int32_t self, zsc_near *out)
{
    zsc_candidate list[ZSC_NEAR + 2] = {0};
    size_t count = 0;
    for (size_t row = 0; row < t->rows; row++) {
        int32_t slot = t->slot[row];
        if (slot < 0 || slot == self) continue;
        double distance = zsc_ward_square(s, self, slot);
        if (count > ZSC_NEAR && !zsc_nearer(distance, slot, list[ZSC_NEAR].distance, list[ZSC_NEAR].slot)) continue;
        count = zsc_insert(list, count, distance, slot);
        if (count > ZSC_NEAR + 1) count = ZSC_NEAR + 1;
    }
    out->radius = count > ZSC_NEAR ? list[ZSC_NEAR].distance : INFINITY;
    out->count = count > ZSC_NEAR ? ZSC_NEAR : count;
    memcpy(out->list, list, out->count * sizeof *list);
}

static void settle(const zsc_dense *t, const zsc_clusters *s, int32_t self, const zsc_hit *hits, size_t found,
                   zsc_near *out)
{
    zsc_candidate list[ZSC_WIDE] = {0};
    size_t count = 0;
    for (size_t k = 0; k < found; k++)
        count = zsc_insert(list, count, zsc_ward_square(s, self, hits[k].slot), hits[k].slot);
    double radius = found < ZSC_WIDE ? INFINITY : (double)hits[ZSC_WIDE - 1].distance;
    if (!count || !(list[0].distance < radius)) {
        search_all(t, s, self, out);
        return;
    }
    out->count = 0;
    while (out->count < count && out->count < ZSC_NEAR && list[out->count].distance < radius) {
        out->list[out->count] = list[out->count];
        out->count++;
    }
    out->radius = out->count < count ? fmin(radius, list[out->count].distance) : radius;
}

void zsc_dense_search(const zsc_dense *t, const zsc_clusters *s, const int32_t *slots, size_t count, int thread,
                      zsc_near *out)
{
    const zsc_search_kernels *kernels = ZSC_SIMD_PICK(zsc_search_kernels);
    float *query = t->work + (size_t)thread * t->work_size, *product = query + ZSC_DENSE_QUERIES * t->d;
    zsc_hit hits[ZSC_DENSE_QUERIES][ZSC_WIDE];
    size_t found[ZSC_DENSE_QUERIES] = {0};
    for (size_t q = 0; q < count; q++)
        memcpy(query + q * t->d, t->x + (size_t)t->place[slots[q]] * t->d, t->d * sizeof *query);
    for (size_t first = 0; first < t->rows; first += ROWS) {
        size_t rows = first + ROWS < t->rows ? ROWS : t->rows - first;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)rows, (int)t->d, 1, query, (int)t->d,
                    t->x + first * t->d, (int)t->d, 0, product, ROWS);
        for (size_t q = 0; q < count; q++) {
            size_t self = (size_t)t->place[slots[q]];
            if (self >= first && self < first + rows)
                product[q * ROWS + self - first] = -INFINITY; /* farthest of all */
            kernels->sift(t, product + q * ROWS, first, rows, t->norm[self], t->inverse[self], hits[q], &found[q]);
        }
    }
    for (size_t q = 0; q < count; q++) settle(t, s, slots[q], hits[q], found[q], &out[q]);
}
