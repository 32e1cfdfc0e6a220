/* A batch of rows: logits, softmax and gradient, in products of tiles that do not depend on the number of threads. */
#ifndef ZSC_PROBE_BATCH_H
#define ZSC_PROBE_BATCH_H

#include "zsc/probe.h"

/* Rows that take part, and how they are standardised. */
typedef struct zsc_probe_data {
    const float *x; /* of all rows; NULL: they are read */
    size_t d, n;    /* n: all rows, of those that are read */
    zsc_probe_read_fn read;
    void *read_data;
    float *span, *block;  /* ZSC_PROBE_BLOCK x d each: rows as they are read, and those of them that take part */
    const int32_t *label; /* of all rows; NULL where there are none */
    const int32_t *row;   /* count: those that take part; NULL: all */
    size_t count;
    double mean, inverse; /* standardised: (x - mean) inverse */
} zsc_probe_data;

typedef struct zsc_probe_batch {
    size_t classes, width; /* width: d + 1 */
    size_t most, rows;     /* that fit, and that are there */
    int threads;
    size_t x_stride, p_stride;
    float *x;       /* most x width, x_stride apart: standardised, then 1 */
    float *p;       /* most x classes, p_stride apart: logits, later probabilities less 1 at the label, scaled */
    float *packed;  /* of the weights: panels of some classes, coordinate by coordinate */
    int32_t *label; /* most */
    int32_t *found; /* most: the class of the largest logit */
    double *loss;   /* most: cross-entropy of each row, in nats */
} zsc_probe_batch;

enum { ZSC_PROBE_BLOCK = ZSC_PROBE_BLOCK_ROWS }; /* rows of a batch where the number is ours to choose */

/* Makes the rows that take part, FIRST .. FIRST + COUNT - 1 of these (COUNT at most ZSC_PROBE_BLOCK), available to
 * zsc_probe_row. Rows that are read have to be asked for in their order, from 0 on in each pass. */
zsc_status zsc_probe_data_read(const zsc_probe_data *data, size_t first, size_t count);
/* Row FIRST + I of those that take part. */
static inline const float *zsc_probe_row(const zsc_probe_data *data, size_t first, size_t i)
{
    if (data->read) return data->block + i * data->d;
    return data->x + (data->row ? (size_t)data->row[first + i] : first + i) * data->d;
}

zsc_status zsc_probe_batch_make(size_t classes, size_t d, size_t most, const zsc_exec *exec, zsc_probe_batch *out);
void zsc_probe_batch_free(zsc_probe_batch *batch);
size_t zsc_probe_batch_memory(size_t classes, size_t d, size_t most);

/* The rows data->row[first ..], COUNT of them, with their labels. */
zsc_status zsc_probe_batch_fill(zsc_probe_batch *batch, const zsc_probe_data *data, size_t first, size_t count);
/* Logits of weights W (classes x width), and `found`. */
void zsc_probe_batch_classify(zsc_probe_batch *batch, const float *w);
/* The same, and the softmax: `p`, times `scale`, and `loss`. Returns the sum of the losses, which is NaN or infinite
 * where one is. */
double zsc_probe_batch_softmax(zsc_probe_batch *batch, const float *w, double scale);

/* After zsc_probe_batch_softmax: g = p^T x (classes x width), or g + p^T x. */
void zsc_probe_batch_gradient(const zsc_probe_batch *batch, bool add, float *g);
/* After zsc_probe_batch_softmax with the scale 1 / batch->rows: a step of gradient descent with momentum, of the mean
 * over the batch: v = momentum v + gradient + decay w, w -= rate v. */
void zsc_probe_batch_step(const zsc_probe_batch *batch, const zsc_probe_options *options, float *w, float *v);

/* Of all rows that take part: the mean loss and the share that is classified correctly. */
zsc_status zsc_probe_batch_evaluate(zsc_probe_batch *batch, const zsc_probe_data *data, const float *w, double *loss,
                                    double *accuracy);

#endif
