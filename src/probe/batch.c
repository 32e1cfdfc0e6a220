/* Rows X (with 1 in their last column), weights W, labels y:
 *
 *     Z = X W^T      p_ic = exp(Z_ic) / sum_k exp(Z_ik)      loss_i = -log p_(i, y_i)
 *     gradient of the sum of losses = P^T X,  P = p less 1 at the labels
 *
 * Each number of both products is one chain of fused steps (linalg/kernels.h), so that bytes depend neither on tiles
 * nor on threads nor on the processor. W^T is copied into panels of some columns, which lie in the cache while many
 * rows meet them. Steps of gradient descent follow each tile of the gradient while it is in the cache; the gradient
 * itself is never stored: it is added to the velocity. */
#include "probe/batch.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "probe/kernels.h"

enum {
    PANEL = 48, /* classes of a panel, and a step of columns: registers of every kernel divide it */
    STEP = 8,   /* rows of registers */
    TILE_ROWS = 128,
    TILE_PANELS = 8, /* logits of a tile; measured on 1,000 classes x 769 columns */
    GRADIENT_CLASSES = 256,
    GRADIENT_COLUMNS = 480,
    CHUNK = 16
};
static const double SMALL = 1 << 20; /* multiplications of a product */

static size_t parts_of(size_t total, size_t size) { return (total + size - 1) / size; }

/* The first of part I of TOTAL in PARTS parts of whole steps, which differ by one step at most. */
static size_t part_from(size_t total, size_t step, size_t parts, size_t i)
{
    size_t steps = parts_of(total, step), from = i * (steps / parts) + (i < steps % parts ? i : steps % parts);
    return from * step < total ? from * step : total;
}

/* Rows of WIDTH numbers, so far apart that those at one column do not share a place in the cache. */
static size_t stride_of(size_t width)
{
    size_t lines = parts_of(width, 16);
    return (lines + (lines % 2 == 0)) * 16;
}

/* --- Memory */
static size_t packed_size(size_t classes, size_t d) { return parts_of(classes, PANEL) * PANEL * (d + 1); }

size_t zsc_probe_batch_memory(size_t classes, size_t d, size_t most)
{
    size_t row = (stride_of(d + 1) + stride_of(classes)) * sizeof(float) + 2 * sizeof(int32_t) + sizeof(double);
    return most * row + packed_size(classes, d) * sizeof(float);
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
    b.x_stride = stride_of(b.width);
    b.p_stride = stride_of(classes);
    ZSC_NEW_RAW(b.x, most * b.x_stride);
    ZSC_NEW_RAW(b.p, most * b.p_stride);
    ZSC_NEW_RAW(b.packed, packed_size(classes, d));
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
    free(b->packed);
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
        kernels->standardise(zsc_probe_row(data, first, i), data->d, data->mean, data->inverse, b->x + i * b->x_stride);
        b->x[i * b->x_stride + data->d] = 1;
        b->label[i] = data->label ? data->label[row] : -1;
    }
    return ZSC_OK;
}

/* --- Logits */
/* Columns of W^T, PANEL of them, coordinate by coordinate; 0 beyond the last class. */
static void pack_panel(const zsc_probe_batch *b, const float *w, size_t panel)
{
    enum { TURN = 16 }; /* coordinates that are turned together */
    size_t first = panel * PANEL, count = b->classes - first < PANEL ? b->classes - first : PANEL;
    float *to = b->packed + first * b->width;
    for (size_t from = 0; from < b->width; from += TURN) {
        size_t end = from + TURN < b->width ? from + TURN : b->width;
        for (size_t c = 0; c < count; c++)
            for (size_t j = from; j < end; j++) to[j * PANEL + c] = w[(first + c) * b->width + j];
        for (size_t j = from; j < end; j++)
            for (size_t c = count; c < PANEL; c++) to[j * PANEL + c] = 0;
    }
}

static void logits(zsc_probe_batch *b, const float *w)
{
    const zsc_linalg_kernels *linalg = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t panels = parts_of(b->classes, PANEL), down = parts_of(b->rows, TILE_ROWS),
           across = parts_of(panels, TILE_PANELS);
#pragma omp parallel for schedule(static) num_threads(b->threads)
    for (size_t panel = 0; panel < panels; panel++) pack_panel(b, w, panel);
#pragma omp parallel for schedule(dynamic) num_threads(b->threads)
    for (size_t t = 0; t < down * across; t++) {
        size_t i = part_from(b->rows, STEP, down, t / across), end = part_from(b->rows, STEP, down, t / across + 1);
        size_t panel = part_from(panels, 1, across, t % across), last = part_from(panels, 1, across, t % across + 1);
        for (; panel < last; panel++) {
            size_t first = panel * PANEL, count = b->classes - first < PANEL ? b->classes - first : PANEL;
            const zsc_product shape = {end - i, count, b->width, b->x_stride, 1, PANEL, b->p_stride, false};
            linalg->product(&shape, b->x + i * b->x_stride, b->packed + first * b->width,
                            b->p + i * b->p_stride + first);
        }
    }
}

void zsc_probe_batch_classify(zsc_probe_batch *b, const float *w)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    logits(b, w);
#pragma omp parallel for schedule(static) num_threads(b->threads)
    for (size_t i = 0; i < b->rows; i++) b->found[i] = kernels->largest(b->p + i * b->p_stride, b->classes);
}

double zsc_probe_batch_softmax(zsc_probe_batch *b, const float *w, double scale)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    double sum = 0;
    logits(b, w);
#pragma omp parallel for schedule(dynamic, CHUNK) num_threads(b->threads)
    for (size_t i = 0; i < b->rows; i++) {
        float *z = b->p + i * b->p_stride;
        b->found[i] = kernels->largest(z, b->classes);
        float most = z[b->found[i]], own = z[b->label[i]];
        b->loss[i] = kernels->softmax(z, b->classes, most, scale) + ((double)most - (double)own);
        z[b->label[i]] -= (float)scale;
    }
    for (size_t i = 0; i < b->rows; i++) sum += b->loss[i];
    return sum;
}

/* --- Gradients */
typedef struct gradient_use {
    float keep;        /* 0: what is there is not read */
    float decay, rate; /* of a step, where there are weights */
    float *w;          /* NULL: the gradient alone */
} gradient_use;

static void gradient_tiles(const zsc_probe_batch *b, const gradient_use *use, float *g)
{
    const zsc_probe_kernels *kernels = ZSC_SIMD_PICK(zsc_probe_kernels_of);
    const zsc_linalg_kernels *linalg = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t down = parts_of(b->classes, GRADIENT_CLASSES), across = parts_of(b->width, GRADIENT_COLUMNS);
#pragma omp parallel for schedule(dynamic) num_threads(b->threads)
    for (size_t t = 0; t < down * across; t++) {
        size_t c = part_from(b->classes, STEP, down, t / across),
               end = part_from(b->classes, STEP, down, t / across + 1);
        size_t j = part_from(b->width, PANEL, across, t % across),
               columns = part_from(b->width, PANEL, across, t % across + 1) - j;
        const zsc_product shape = {end - c, columns, b->rows, 1, b->p_stride, b->x_stride, b->width, use->keep != 0};
        for (size_t k = c; use->keep != 0 && use->keep != 1 && k < end; k++)
            kernels->scale(g + k * b->width + j, columns, use->keep);
        linalg->product(&shape, b->p + c, b->x + j, g + c * b->width + j);
        for (size_t k = c; use->w && k < end; k++)
            kernels->step(use->w + k * b->width + j, g + k * b->width + j, columns, use->decay, use->rate);
    }
}

void zsc_probe_batch_gradient(const zsc_probe_batch *b, bool add, float *g)
{
    const gradient_use use = {.keep = add ? 1 : 0};
    gradient_tiles(b, &use, g);
}

void zsc_probe_batch_step(const zsc_probe_batch *b, const zsc_probe_options *o, float *w, float *v)
{
    const gradient_use use = {
        .keep = (float)o->momentum, .decay = (float)o->weight_decay, .rate = (float)o->learning_rate, .w = w};
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
        sum += zsc_probe_batch_softmax(b, w, 1);
        for (size_t i = 0; i < b->rows; i++) right += b->found[i] == b->label[i];
    }
    *loss = sum / (double)data->count;
    *accuracy = (double)right / (double)data->count;
    return ZSC_OK;
}
