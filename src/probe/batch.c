/* Rows X (with 1 in their last column), weights W, labels y:
 *
 *     Z = X W^T      p_ic = exp(Z_ic) / sum_k exp(Z_ik)      loss_i = -log p_(i, y_i)
 *     gradient of the sum of losses = P^T X,  P = p less 1 at the labels
 *
 * Both products are cut into tiles of a fixed size, each one call of SGEMM in one thread: bytes do not depend on which
 * thread computes which tile. Steps of gradient descent follow each tile of the gradient while it is in the cache; the
 * gradient itself is never stored: SGEMM adds it to the velocity. */
#include "probe/batch.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "base/threads.h"
#include "probe/kernels.h"

/* Tiles: rows x classes of logits, classes x columns of gradients; measured on 1,000 classes x 769 columns. */
enum { TILE_ROWS = 128, TILE_CLASSES = 512, GRADIENT_CLASSES = 256, GRADIENT_COLUMNS = 400, CHUNK = 16 };
static const double SMALL = 1 << 20; /* multiplications of a product */

static size_t tiles_of(size_t total, size_t size) { return (total + size - 1) / size; }

/* The first of part I of TOTAL in PARTS parts that differ by one at most. */
static size_t part_from(size_t total, size_t parts, size_t i)
{
    return i * (total / parts) + (i < total % parts ? i : total % parts);
}

/* --- Memory */
size_t zsc_probe_batch_memory(size_t classes, size_t d, size_t most, int threads)
{
    size_t row = (d + 1 + classes) * sizeof(float) + 2 * sizeof(int32_t) + sizeof(double);
    return most * row + zsc_blas_product_memory(threads, TILE_CLASSES, TILE_CLASSES, TILE_CLASSES, sizeof(float));
}

/* Threads are woken three times for each batch: not for what one does in less time. */
static int threads_for(size_t classes, size_t d, size_t most, const zsc_exec *exec)
{
    return (double)classes * (double)(d + 1) * (double)most < SMALL ? 1 : zsc_threads(exec);
}

zsc_status zsc_probe_batch_make(size_t classes, size_t d, size_t most, const zsc_exec *exec, zsc_probe_batch *out)
{
    zsc_status status = ZSC_OK;
    zsc_probe_batch b = {
        .classes = classes, .width = d + 1, .most = most, .threads = threads_for(classes, d, most, exec)};
    ZSC_NEW_RAW(b.x, most * b.width);
    ZSC_NEW_RAW(b.p, most * classes);
    ZSC_NEW_RAW(b.label, most);
    ZSC_NEW_RAW(b.found, most);
    ZSC_NEW_RAW(b.loss, most);
    *out = b;
    b = (zsc_probe_batch){0};
done:
    zsc_probe_batch_free(&b);
    return status;
}

void zsc_probe_batch_free(zsc_probe_batch *b)
{
    free(b->x);
    free(b->p);
    free(b->label);
    free(b->found);
    free(b->loss);
    *b = (zsc_probe_batch){0};
}

/* --- Rows */
zsc_status zsc_probe_data_read(const zsc_probe_data *data, size_t first, size_t count)
{
    if (!data->read) return ZSC_OK;
    size_t from = first ? (size_t)data->row[first - 1] + 1 : 0, kept = 0,
           end = first + count == data->count ? data->n : (size_t)data->row[first + count - 1] + 1;
    while (from < end) { /* with the rows between those that take part */
        size_t rows = end - from < ZSC_PROBE_BLOCK ? end - from : ZSC_PROBE_BLOCK;
        zsc_status status = data->read(data->read_data, from, rows, data->span);
        if (status != ZSC_OK) return status;
        for (; kept < count && (size_t)data->row[first + kept] < from + rows; kept++)
            memcpy(data->block + kept * data->d, data->span + ((size_t)data->row[first + kept] - from) * data->d,
                   data->d * sizeof *data->block);
        from += rows;
    }
    return ZSC_OK;
}

zsc_status zsc_probe_batch_fill(zsc_probe_batch *b, const zsc_probe_data *data, size_t first, size_t count)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    zsc_status status = zsc_probe_data_read(data, first, count);
    if (status != ZSC_OK) return status;
    b->rows = count;
#pragma omp parallel for schedule(static) num_threads(b->threads)
    for (size_t i = 0; i < count; i++) {
        size_t row = data->row ? (size_t)data->row[first + i] : first + i;
        kernels->standardise(zsc_probe_row(data, first, i), data->d, data->mean, data->inverse, b->x + i * b->width);
        b->x[i * b->width + data->d] = 1;
        b->label[i] = data->label ? data->label[row] : -1;
    }
    return ZSC_OK;
}

/* --- Logits */
static void logits(zsc_probe_batch *b, const float *w)
{
    size_t down = tiles_of(b->rows, TILE_ROWS), across = tiles_of(b->classes, TILE_CLASSES);
#pragma omp parallel for schedule(dynamic) num_threads(b->threads)
    for (size_t t = 0; t < down * across; t++) {
        size_t i = part_from(b->rows, down, t / across), rows = part_from(b->rows, down, t / across + 1) - i;
        size_t c = part_from(b->classes, across, t % across),
               classes = part_from(b->classes, across, t % across + 1) - c;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)classes, (int)b->width, 1,
                    b->x + i * b->width, (int)b->width, w + c * b->width, (int)b->width, 0, b->p + i * b->classes + c,
                    (int)b->classes);
    }
}

void zsc_probe_batch_classify(zsc_probe_batch *b, const float *w)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    logits(b, w);
#pragma omp parallel for schedule(static) num_threads(b->threads)
    for (size_t i = 0; i < b->rows; i++) b->found[i] = kernels->largest(b->p + i * b->classes, b->classes);
}

double zsc_probe_batch_softmax(zsc_probe_batch *b, const float *w)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    double sum = 0;
    logits(b, w);
#pragma omp parallel for schedule(dynamic, CHUNK) num_threads(b->threads)
    for (size_t i = 0; i < b->rows; i++) {
        float *z = b->p + i * b->classes;
        b->found[i] = kernels->largest(z, b->classes);
        float most = z[b->found[i]], own = z[b->label[i]];
        b->loss[i] = kernels->softmax(z, b->classes, most) + ((double)most - (double)own);
        z[b->label[i]] -= 1;
    }
    for (size_t i = 0; i < b->rows; i++) sum += b->loss[i];
    return sum;
}

/* --- Gradients */
typedef struct gradient_use {
    double scale, keep;
    float decay, rate; /* of a step, where there are weights */
    float *w;          /* NULL: the gradient alone */
} gradient_use;

static void gradient_tiles(const zsc_probe_batch *b, const gradient_use *use, float *g)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    size_t down = tiles_of(b->classes, GRADIENT_CLASSES), across = tiles_of(b->width, GRADIENT_COLUMNS);
#pragma omp parallel for schedule(dynamic) num_threads(b->threads)
    for (size_t t = 0; t < down * across; t++) {
        size_t c = part_from(b->classes, down, t / across), classes = part_from(b->classes, down, t / across + 1) - c;
        size_t j = part_from(b->width, across, t % across), columns = part_from(b->width, across, t % across + 1) - j;
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)classes, (int)columns, (int)b->rows,
                    (float)use->scale, b->p + c, (int)b->classes, b->x + j, (int)b->width, (float)use->keep,
                    g + c * b->width + j, (int)b->width);
        for (size_t k = c; use->w && k < c + classes; k++)
            kernels->step(use->w + k * b->width + j, g + k * b->width + j, columns, use->decay, use->rate);
    }
}

void zsc_probe_batch_gradient(const zsc_probe_batch *b, double scale, double keep, float *g)
{
    const gradient_use use = {.scale = scale, .keep = keep};
    gradient_tiles(b, &use, g);
}

void zsc_probe_batch_step(const zsc_probe_batch *b, const zsc_probe_options *o, float *w, float *v)
{
    const gradient_use use = {.scale = 1 / (double)b->rows,
                              .keep = o->momentum,
                              .decay = (float)o->weight_decay,
                              .rate = (float)o->learning_rate,
                              .w = w};
    gradient_tiles(b, &use, v);
}

/* --- All rows */
zsc_status zsc_probe_batch_evaluate(zsc_probe_batch *b, const zsc_probe_data *data, const float *w, double *loss,
                                    double *accuracy)
{
    double sum = 0;
    size_t right = 0;
    for (size_t first = 0; first < data->count; first += b->most) {
        zsc_status status = zsc_probe_batch_fill(b, data, first,
                                                 data->count - first < b->most ? data->count - first : b->most);
        if (status != ZSC_OK) return status;
        sum += zsc_probe_batch_softmax(b, w);
        for (size_t i = 0; i < b->rows; i++) right += b->found[i] == b->label[i];
    }
    *loss = sum / (double)data->count;
    *accuracy = (double)right / (double)data->count;
    return ZSC_OK;
}
