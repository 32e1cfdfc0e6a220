/* New rows in a finished layout, as umap-learn's transform does it, with each row by itself.
 *
 * A new row has k nearest neighbours among the rows that were laid out. Their membership strengths are those of the
 * fuzzy graph with local_connectivity - 1 (not below 0), since a new row is none of its own neighbours; there is no
 * union. The row starts at the mean of its neighbours' coordinates, weighted by the strengths. Then the layout's
 * updates move it and it alone: an edge of strength w is updated when t w passes a whole number, with negative samples
 * from all rows of the layout, at a quarter of its learning rate.
 *
 * umap-learn divides strengths by the largest of the batch, takes a mean distance over the batch as a lower limit of
 * sigma, counts epochs by the size of the batch, and draws negative samples in its order. Here the largest strength is
 * 1, the mean is the row's, epochs are counted by the rows of the layout, and random numbers are keyed by what the row
 * holds: where a row is put does not depend on which others come with it. A row at distance 0 from one of the layout is
 * put where that one is, and stays there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/finite.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/kernels.h"
#include "umap/parameters.h"
#include "umap/smooth.h"

enum {
    FEW_ROWS = 10000, /* of the layout: up to so many, FEW_EPOCHS */
    FEW_EPOCHS = 100,
    MANY_EPOCHS = 30,
    BLOCK = 1024 /* rows between two reports of progress */
};

typedef struct job {
    const zsc_umap_model *model;
    const float *rows; /* the new ones */
    zsc_knn knn;       /* of these in model->x */
    size_t epochs, stride;
    double connectivity;
    zsc_umap_sgd sgd; /* pool: the layout */
    float *y;         /* m x n_components, of the new rows */
} job;

/* What one thread needs. Row 0 of `y` is the new row; row 1 + j is a copy of neighbour j, since an update moves both
 * ends. */
typedef struct scratch {
    float *y, *values;             /* (k + 1) x stride; d */
    float *weight;                 /* k */
    uint32_t *rate, *number, *due; /* k; the neighbours' numbers, and those of which edges are due */
    int32_t *head, *tail, *negative;
} scratch;

size_t zsc_umap_transform_epochs(const zsc_umap_options *options, size_t n)
{
    ZSC_OPTIONS_KNOWN(zsc_umap_options, options, zsc_umap_defaults());
    if (options->n_epochs != ZSC_UMAP_DEFAULT_EPOCHS) return options->n_epochs / 3;
    return n <= FEW_ROWS ? FEW_EPOCHS : MANY_EPOCHS;
}

/* --- One row */
/* The strengths of row i's neighbours, in (0, 1] for the nearest at least. */
static void strengths(const job *j, size_t i, float *weight)
{
    size_t k = j->knn.k;
    const float *d = j->knn.distance + i * k;
    double mean = 0;
    for (size_t q = 0; q < k; q++) mean += d[q];
    mean /= (double)k;
    double rho = zsc_umap_rho(d, k, j->connectivity), sigma = zsc_umap_sigma(d, k, k, rho, mean);
    sigma = fmax(sigma, ZSC_UMAP_MIN_SCALE * mean);
    for (size_t q = 0; q < k; q++) {
        float gap = d[q] - (float)rho;
        weight[q] = gap <= 0 ? 1 : zsc_expf(-(gap / (float)sigma));
    }
    if (!(weight[0] > 0)) weight[0] = 1;
}

/* A number of what row i holds: rows that are equal have the same, whatever the sign of a zero. */
static uint64_t content_of(const job *j, size_t i, float *values)
{
    size_t d = j->model->d;
    for (size_t c = 0; c < d; c++) values[c] = j->rows[i * d + c] + 0.0f;
    return zsc_hash64(values, d * sizeof *values);
}

static void start_at_mean(const job *j, size_t i, const scratch *s)
{
    size_t k = j->knn.k, dim = j->sgd.dim;
    double sum = 0;
    for (size_t q = 0; q < k; q++) sum += s->weight[q];
    for (size_t c = 0; c < dim; c++) {
        double at = 0;
        for (size_t q = 0; q < k; q++)
            at += (double)s->weight[q] * j->model->y[(size_t)j->knn.index[i * k + q] * dim + c];
        s->y[c] = (float)(at / sum);
    }
    memset(s->y + dim, 0, (j->stride - dim) * sizeof *s->y);
}

static void run_epochs(const job *j, size_t i, const scratch *s)
{
    const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
    size_t k = j->knn.k, stride = j->stride, n = j->model->n, negatives = j->sgd.negatives;
    const double rate = j->model->options->learning_rate / 4;
    zsc_umap_sgd sgd = j->sgd;
    zsc_stream stream = zsc_stream_open(j->model->options->seed, ZSC_RANDOM_TRANSFORM, content_of(j, i, s->values));
    sgd.y = s->y;
    for (size_t q = 0; q < k; q++) s->rate[q] = (uint32_t)((double)s->weight[q] * 0x1p31 + 0.5) / 2 * 2;
    for (size_t epoch = 1; epoch < j->epochs; epoch++) {
        size_t due = kernels->due(s->rate, s->number, k, (uint32_t)epoch, s->due);
        for (size_t e = 0; e < due; e++) {
            size_t q = s->due[e], row = (size_t)j->knn.index[i * k + q];
            memcpy(s->y + (q + 1) * stride, j->sgd.pool + row * stride, stride * sizeof *s->y);
            s->tail[e] = (int32_t)(q + 1);
        }
        for (size_t e = 0; e < due * negatives; e++) s->negative[e] = (int32_t)zsc_stream_below(&stream, n);
        sgd.alpha = (float)(rate * (1 - (double)(epoch - 1) / (double)j->epochs));
        kernels->update(&sgd, s->head, s->tail, due, s->negative);
    }
}

/* Of the rows of the layout at distance 0, as far as they are among the k: the first that has the same numbers, else
 * the first; under cosine and correlation others may be at 0, too. */
static size_t row_of_same_numbers(const job *j, size_t i)
{
    const size_t k = j->knn.k, d = j->model->d;
    const int32_t *index = j->knn.index + i * k;
    for (size_t q = 0; q < k && j->knn.distance[i * k + q] == 0; q++) {
        const float *own = j->rows + i * d, *other = j->model->x + (size_t)index[q] * d;
        size_t c = 0;
        while (c < d && own[c] == other[c]) c++;
        if (c == d) return (size_t)index[q];
    }
    return (size_t)index[0];
}

static void transform_row(const job *j, size_t i, const scratch *s)
{
    size_t dim = j->sgd.dim, k = j->knn.k;
    float *to = j->y + i * dim;
    if (j->knn.distance[i * k] == 0) {
        memcpy(to, j->model->y + row_of_same_numbers(j, i) * dim, dim * sizeof *to);
        return;
    }
    strengths(j, i, s->weight);
    start_at_mean(j, i, s);
    run_epochs(j, i, s);
    memcpy(to, s->y, dim * sizeof *to);
}

/* --- All rows */
static size_t scratch_memory(size_t k, size_t stride, size_t d, size_t negatives)
{
    return ((k + 1) * stride + d) * sizeof(float) + k * 24 + 64 + k * negatives * sizeof(int32_t);
}

static void free_scratch(scratch *all, size_t threads)
{
    for (size_t t = 0; all && t < threads; t++) {
        free(all[t].y);
        free(all[t].values);
        free(all[t].weight);
        free(all[t].rate);
        free(all[t].number);
        free(all[t].due);
        free(all[t].head);
        free(all[t].tail);
        free(all[t].negative);
    }
    free(all);
}

static zsc_status make_scratch(const job *j, size_t threads, scratch **out)
{
    zsc_status status = ZSC_OK;
    size_t k = j->knn.k;
    scratch *all;
    ZSC_NEW(all, threads);
    for (size_t t = 0; t < threads; t++) {
        scratch *s = &all[t];
        ZSC_NEW(s->y, (k + 1) * j->stride);
        ZSC_NEW(s->values, j->model->d);
        ZSC_NEW(s->weight, k);
        ZSC_NEW(s->rate, k);
        ZSC_NEW(s->number, k);
        ZSC_NEW(s->due, k + 16);
        ZSC_NEW(s->head, k);
        ZSC_NEW(s->tail, k);
        ZSC_NEW(s->negative, k * j->sgd.negatives + 8);
    }
    for (size_t t = 0; t < threads; t++)
        for (size_t q = 0; q < k; q++) all[t].number[q] = (uint32_t)q;
    *out = all;
    return ZSC_OK;
done:
    free_scratch(all, threads);
    return status;
}

static zsc_status check_model(const zsc_umap_model *m, const zsc_exec *exec)
{
    zsc_status status = zsc_umap_check(m->options);
    if (status != ZSC_OK) return status;
    if (m->n < 1 || m->n > INT32_MAX || m->d < 1)
        return zsc_fail(ZSC_EUSAGE, "a layout of %zu rows of %zu columns cannot take new rows; expected 1 to %d rows",
                        m->n, m->d, INT32_MAX);
    return zsc_check_finite(m->y, m->n, m->options->n_components,
                            (zsc_boundary){"the layout that new rows are put into", NULL}, exec);
}

static zsc_status prepare(job *j)
{
    zsc_status status = ZSC_OK;
    const zsc_umap_model *m = j->model;
    const zsc_umap_options *o = m->options;
    double a, b;
    float *pool;
    ZSC_TRY(zsc_umap_curve(o, &a, &b));
    ZSC_NEW(pool, m->n * j->stride);
    for (size_t i = 0; i < m->n; i++)
        memcpy(pool + i * j->stride, m->y + i * o->n_components, o->n_components * sizeof *pool);
    j->sgd = (zsc_umap_sgd){.pool = pool,
                            .dim = o->n_components,
                            .stride = j->stride,
                            .negatives = o->negative_sample_rate,
                            .a = (float)a,
                            .b = (float)b,
                            .gamma = (float)o->repulsion_strength};
    j->epochs = zsc_umap_transform_epochs(o, m->n);
    j->connectivity = fmax(0, o->local_connectivity - 1);
done:
    return status;
}

static size_t neighbours_of(const zsc_umap_model *model)
{
    return model->options->n_neighbors < model->n ? model->options->n_neighbors : model->n;
}

/* Besides the search. */
static size_t own_memory(const zsc_umap_model *model, const zsc_exec *exec)
{
    size_t stride = zsc_umap_stride(model->options->n_components), k = neighbours_of(model);
    return model->n * stride * sizeof(float) +
           (size_t)zsc_threads(exec) * scratch_memory(k, stride, model->d, model->options->negative_sample_rate);
}

size_t zsc_umap_transform_memory(const zsc_umap_model *model, size_t m, const zsc_exec *exec)
{
    const zsc_umap_options *options = model->options;
    ZSC_OPTIONS_KNOWN(zsc_umap_options, options, zsc_umap_defaults());
    zsc_umap_model whole = *model;
    whole.options = options;
    model = &whole;
    return zsc_memory_sum(zsc_knn_query_memory(m, model->n, model->d, neighbours_of(model), exec),
                          own_memory(model, exec));
}

static zsc_status transform_all(job *j, size_t m, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t threads = (size_t)zsc_threads(exec);
    scratch *all = NULL;
    ZSC_TRY(make_scratch(j, threads, &all));
    for (size_t from = 0; from < m; from += BLOCK) {
        size_t to = from + BLOCK < m ? from + BLOCK : m;
        if (!zsc_progress(exec, "new rows", (double)from, (double)m)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
#pragma omp parallel for schedule(dynamic, 16) num_threads((int)threads)
        for (size_t i = from; i < to; i++) transform_row(j, i, &all[zsc_thread_number()]);
    }
    zsc_progress(exec, "new rows", (double)m, (double)m);
    status = zsc_check_finite(
        j->y, m, j->sgd.dim,
        (zsc_boundary){"UMAP's layout of new rows", "lower --learning-rate, --repulsion-strength, --a or --b"}, exec);
done:
    free_scratch(all, threads);
    return status;
}

/* Lists that the caller has: as many as rows, of k neighbours among the layout's rows. */
static zsc_status check_lists(const zsc_umap_model *model, size_t m, size_t k)
{
    const zsc_knn *knn = model->knn;
    if (knn->n != m || knn->k != k)
        return zsc_fail(ZSC_EINPUT, "neighbours of the new rows are %zu lists of %zu; expected %zu of %zu", knn->n,
                        knn->k, m, k);
    for (size_t e = 0; e < m * k; e++)
        if (knn->index[e] < 0 || (size_t)knn->index[e] >= model->n || !(knn->distance[e] >= 0) ||
            isinf(knn->distance[e]))
            return zsc_fail(ZSC_EINPUT,
                            "neighbour %zu of new row %zu has index %d and distance %g; expected an index below %zu "
                            "and a finite distance of 0 or more",
                            zsc_number(e % k), zsc_number(e / k), (int)knn->index[e], (double)knn->distance[e],
                            model->n);
    return ZSC_OK;
}

static zsc_status find_neighbours(const zsc_umap_model *model, const float *rows, size_t m, size_t k,
                                  const zsc_exec *exec, zsc_knn *own, zsc_knn *out)
{
    zsc_status status = model->knn ? check_lists(model, m, k)
                                   : zsc_knn_query(rows, m, model->x, model->n, model->d, k, model->options->metric,
                                                   exec, own);
    if (status == ZSC_OK) *out = model->knn ? *model->knn : *own;
    return status;
}

zsc_status zsc_umap_transform(const zsc_umap_model *model, const float *rows, size_t m, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_umap_options *options = model->options;
    ZSC_OPTIONS(zsc_umap_options, options, zsc_umap_defaults());
    zsc_umap_model whole = *model;
    whole.options = options;
    model = &whole;
    job j = {.model = model, .rows = rows};
    zsc_knn own = {0};
    ZSC_TRY(check_model(model, exec));
    if (m == 0) return ZSC_OK;
    size_t dim = model->options->n_components, k = neighbours_of(model);
    const size_t lists = m * k * (sizeof *j.knn.index + sizeof *j.knn.distance) + m * dim * sizeof *y;
    j.stride = zsc_umap_stride(dim);
    ZSC_TRY(find_neighbours(model, rows, m, k, exec, &own, &j.knn));
    ZSC_TRY(zsc_memory_check(exec, lists + own_memory(model, exec), "UMAP's layout of new rows"));
    ZSC_TRY(prepare(&j));
    ZSC_NEW_RAW(j.y, m * dim);
    ZSC_TRY(transform_all(&j, m, exec));
    memcpy(y, j.y, m * dim * sizeof *y);
done:
    free((float *)j.sgd.pool);
    free(j.y);
    zsc_knn_free(&own);
    return status;
}
