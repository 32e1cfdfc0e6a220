/* Linear probe: softmax regression of labels on vectors (doc/retrieval.md). Defined in src/probe/probe.c.
 *
 * Module: src/probe
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_PROBE_H
#define ZSC_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum zsc_probe_solver {
    ZSC_PROBE_SGD,  /* stochastic gradient descent with momentum */
    ZSC_PROBE_LBFGS /* limited-memory BFGS, until the gradient is small */
} zsc_probe_solver;

/* Fields beyond `epochs` and `weight_decay` are of one solver and ignored by the other. */
typedef struct zsc_probe_options {
    size_t size; /* see zsc/status.h */
    zsc_probe_solver solver;
    size_t epochs;       /* passes over the rows, at most; 0: none, weights stay 0 */
    double weight_decay; /* l: the objective has l/2 times the sum of squares of weights and biases, as in torch */
    double learning_rate, momentum; /* sgd */
    size_t batch_size;              /* sgd; the last batch of an epoch has the rows that are left */
    uint64_t seed;                  /* sgd: of the order of rows in each epoch */
    size_t patience;                /* sgd with held-out rows: stop after so many epochs without a better one */
    double tolerance;               /* lbfgs: converged where no partial derivative is larger */
} zsc_probe_options;
enum { zsc_probe_options_first = sizeof(zsc_probe_options) }; /* in 0.1.0 */

/* sgd, 200 epochs, weight decay 1e-5, learning rate .01, momentum .9, batches of 1,024, seed 0, patience 10 (those of
 * BIOSCAN-5M's linear probe); lbfgs: 1,000 epochs, tolerance 1e-5. */
ZSC_API void zsc_probe_options_init(zsc_probe_options *options, size_t size, zsc_probe_solver solver);
static inline zsc_probe_options zsc_probe_defaults(zsc_probe_solver solver)
{
    zsc_probe_options options;
    zsc_probe_options_init(&options, sizeof options, solver);
    return options;
}
/* ZSC_EUSAGE: an option is out of range. */
ZSC_API zsc_status zsc_probe_check(const zsc_probe_options *options);

/* Reads rows first .. first + count - 1 into x (count x d). */
typedef zsc_status (*zsc_probe_read_fn)(void *data, size_t first, size_t count, float *x);
enum { ZSC_PROBE_BLOCK_ROWS = 1024 }; /* rows that it is called for, at most */

/* Labelled rows, the caller's. */
typedef struct zsc_probe_rows {
    const float *x; /* n x d, row-major, finite; NULL: `read` reads them */
    size_t n;
    const int32_t *label;   /* n: 0 .. classes - 1; below 0: the row takes no part */
    zsc_probe_read_fn read; /* lbfgs: all rows are read in their order, in each pass; with x, NULL */
    void *data;             /* of `read` */
} zsc_probe_rows;

/* Logits of a row x are weight ((x - mean) / deviation, 1). */
typedef struct zsc_probe {
    size_t classes, d, rows; /* rows that took part */
    double mean, deviation;  /* of all numbers of these rows; population standard deviation */
    float *weight;           /* classes x (d + 1), row-major; the last column holds the biases */
    size_t epochs;           /* passes over the rows */
    size_t steps;            /* sgd: epochs; lbfgs: iterations */
    double *loss;            /* steps: mean cross-entropy in nats; sgd: of each batch before its step */
    bool converged;          /* lbfgs: no partial derivative exceeds the tolerance */
    double gradient;         /* lbfgs: the largest partial derivative at the end; sgd: NaN */
    size_t held_out;         /* held-out rows that took part; 0: none */
    double *held_out_loss, *held_out_accuracy; /* steps, after each epoch; NULL without held-out rows */
    size_t best_epoch;                         /* from 1; weights are those after it; 0: without held-out rows */
    bool stopped;                              /* early, by patience */
} zsc_probe;

/* Fits the probe to ROWS (d columns, labels of `classes` classes); with HELD_OUT (NULL: none), keeps the weights of the
 * epoch after which the mean loss of these rows is least, and stops `patience` epochs after it. Weights begin at 0.
 * options of NULL: the defaults of sgd; exec may be NULL. The same bytes at any number of threads. Time: 4 n classes d
 * operations for each epoch, in matrix products. Memory: two to three times the weights (lbfgs: 26 times) and a batch's
 * logits, nothing of size n x classes (zsc_probe_memory). One class needs no fit: epochs is 0. Rows that are read give
 * the bytes of rows in memory. ZSC_EUSAGE: options out of range, no row with a label, rows to read with sgd, memory
 * beyond the limit; ZSC_EINPUT: a label is not below `classes`; ZSC_ENUMERIC: NaN
 * or infinity in x, all numbers equal, or the loss diverges; errors of `read`; ZSC_EINTERRUPTED; ZSC_EINTERNAL: out of
 * memory. *out is set on success only; the caller frees it. */
ZSC_API zsc_status zsc_probe_fit(const zsc_probe_rows *rows, size_t d, size_t classes, const zsc_probe_rows *held_out,
                                 const zsc_probe_options *options, const zsc_exec *exec, zsc_probe *out);

/* label[i] (n): the class of the largest logit of row i of x (n x d, finite), of equals the first. */
ZSC_API zsc_status zsc_probe_predict(const zsc_probe *probe, const float *x, size_t n, const zsc_exec *exec,
                                     int32_t *label);

/* Frees what `probe` holds, not probe itself; NULL and a zeroed one are fine. */
ZSC_API void zsc_probe_free(zsc_probe *probe);

/* Bytes that zsc_probe_fit needs at most beyond its rows, of which n and `held_out` have a label. */
ZSC_API size_t zsc_probe_memory(size_t n, size_t held_out, size_t d, size_t classes, const zsc_probe_options *options,
                                const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
