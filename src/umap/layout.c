/* The layout: stochastic gradient descent on the cross entropy of the two fuzzy graphs.
 *
 * In epoch t = 0 .. N-1 the step is learning_rate (1 - max(t-1, 0) / N). An edge of weight w is visited when t w / max passes a whole
 * number. A visit attracts both ends and draws negative_sample_rate rows that push the first end away. (McInnes, Healy, Melville,
 * arXiv 1802.03426, algorithm 5, with umap-learn's constants.)
 *
 * The graph is symmetric, so that an edge's two directions are due in the same epochs; a row therefore does its own part of both visits,
 * one after the other, and no thread writes another's row. Rows are updated in batches: batch c of C holds the rows i = c mod C. Within
 * a batch all rows read the places from before the batch; batches follow each other. Which batches there are depends on n alone and
 * negatives are drawn from streams keyed by (seed, epoch, row), so that neither the number of threads nor their timing matters, and an
 * epoch needs nothing of the earlier ones but the places: that is what makes stopping and going on exact. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/simd.h"
#include "umap/umap.h"

enum { BATCH_MOST = 1024, BATCHES_LEAST = 64, ROWS_A_THREAD = 8, ROWS_A_COPY = 64 };

/* Rows in one batch. At least 64 batches, so that hardly any neighbour is in the row's own batch and seen late. */
static size_t batch_count(size_t n)
{
    size_t size = n / BATCHES_LEAST;
    if (size < 1) size = 1;
    if (size > BATCH_MOST) size = BATCH_MOST;
    return (n + size - 1) / size;
}

/* Which rows of a batch are updated, and which of the new places are copied to where all read them. */
typedef struct batch_share {
    _Alignas(64) zsc_share update;
    _Alignas(64) zsc_share copy;
} batch_share;

typedef struct layout {
    const zsc_graph *graph;
    uint32_t *rate; /* an edge's weight / max, in units of 2^-31 */
    float *y, *next; /* n and batch rows of `stride` floats */
    size_t batches, longest; /* longest list of edges */
    batch_share *share; /* of each batch in this epoch */
    uint64_t seed;
    zsc_visit visit;
} layout;

static double step(const zsc_umap_options *options, size_t epoch, size_t epochs)
{
    return options->learning_rate * (1 - (epoch ? (double)(epoch - 1) : 0) / (double)epochs);
}

/* One thread's scratch: the edges of a row that are due, and the negatives. */
typedef struct scratch {
    int32_t *due, *negative;
} scratch;

static void update_row(const layout *l, size_t i, size_t epoch, const scratch *s, float *out)
{
    const zsc_umap_kernel_table *kernels = ZSC_SIMD_PICK(zsc_umap_kernels);
    size_t first = l->graph->offset[i], edges = l->graph->offset[i + 1] - first;
    size_t due = kernels->due(l->graph->column + first, l->rate + first, edges, (uint32_t)epoch, s->due);
    size_t draws = due * l->visit.negatives, n = l->visit.n;
    zsc_stream stream = zsc_stream_open(l->seed, ZSC_RANDOM_NEGATIVE, (uint64_t)epoch * n + i);
    for (size_t d = 0; d < draws; d += 2) { /* two draws of 32 bits a number; `negative` has room for one more */
        uint64_t bits = zsc_stream_u64(&stream);
        s->negative[d] = (int32_t)(((bits & UINT32_MAX) * n) >> 32);
        s->negative[d + 1] = (int32_t)(((bits >> 32) * n) >> 32);
    }
    kernels->visit(&l->visit, i, s->due, due, s->negative, out);
}

/* Rows are taken ROWS_A_THREAD at a time by whichever thread is free: who does a row does not matter. */
static void run_batch(layout *l, size_t c, size_t epoch, const scratch *s)
{
    size_t n = l->visit.n, stride = l->visit.stride, batches = l->batches, rows = (n - c + batches - 1) / batches, first, many;
    batch_share *share = &l->share[c];
    while ((many = zsc_share_take(&share->update, rows, ROWS_A_THREAD, &first)) > 0) {
        for (size_t r = first; r < first + many; r++) update_row(l, c + r * batches, epoch, s, l->next + r * stride);
        zsc_share_done(&share->update, many);
    }
    zsc_share_wait(&share->update, rows);
    while ((many = zsc_share_take(&share->copy, rows, ROWS_A_COPY, &first)) > 0) {
        for (size_t r = first; r < first + many; r++)
            memcpy(l->y + (c + r * batches) * stride, l->next + r * stride, stride * sizeof *l->y);
        zsc_share_done(&share->copy, many);
    }
    zsc_share_wait(&share->copy, rows);
}

static void run_epoch(layout *l, size_t epoch, const scratch *all, int threads)
{
    memset(l->share, 0, l->batches * sizeof *l->share);
#pragma omp parallel num_threads(threads)
    for (size_t c = 0; c < l->batches; c++) run_batch(l, c, epoch, &all[zsc_thread_number()]);
}

static zsc_status prepare(layout *l, const zsc_umap_options *options, const float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_graph *g = l->graph;
    size_t n = g->n, dim = options->n_components, stride = (dim + ZSC_ROW - 1) / ZSC_ROW * ZSC_ROW;
    double a = options->a, b = options->b;
    if (a <= 0 || b <= 0) {
        double fitted_a, fitted_b;
        ZSC_TRY(zsc_umap_fit_ab(options->spread, options->min_dist, &fitted_a, &fitted_b));
        if (a <= 0) a = fitted_a;
        if (b <= 0) b = fitted_b;
    }
    l->visit = (zsc_visit){.n = n, .dim = dim, .stride = stride, .negatives = options->negative_sample_rate, .a = (float)a,
                           .b = (float)b, .gamma = (float)options->repulsion_strength};
    l->seed = options->seed;
    l->batches = batch_count(n);
    ZSC_NEW(l->share, l->batches);
    ZSC_NEW_RAW(l->rate, g->offset[n]);
    ZSC_NEW(l->y, n * stride);
    ZSC_NEW_RAW(l->next, ((n + l->batches - 1) / l->batches) * stride);
    l->visit.y = l->y;
    float most = 0;
    for (size_t e = 0; e < g->offset[n]; e++) most = fmaxf(most, g->weight[e]);
    for (size_t e = 0; e < g->offset[n]; e++) l->rate[e] = (uint32_t)((double)g->weight[e] / most * 0x1p31 + 0.5);
    for (size_t i = 0; i < n; i++) {
        if (l->longest < g->offset[i + 1] - g->offset[i]) l->longest = g->offset[i + 1] - g->offset[i];
        memcpy(l->y + i * stride, y + i * dim, dim * sizeof *y);
    }
done:
    return status;
}

zsc_status zsc_umap_layout(const zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch, size_t last_epoch,
                           const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n, dim = options->n_components, epochs = zsc_umap_epochs(options, n);
    layout l = {0};
    zsc_graph pruned = {0};
    int32_t *due = NULL, *negative = NULL;
    scratch *all = NULL;
    ZSC_TRY(zsc_umap_check(options));
    if (first_epoch > last_epoch || last_epoch > epochs) {
        status = zsc_fail(ZSC_EUSAGE, "epochs %zu to %zu are not within the layout's 0 to %zu", first_epoch, last_epoch, epochs);
        goto done;
    }
    ZSC_TRY(zsc_graph_prune(graph, options, &pruned));
    l.graph = &pruned;
    ZSC_TRY(prepare(&l, options, y));
    /* A batch is too small for more threads than this; results do not depend on it. */
    size_t useful = (n / l.batches + ROWS_A_THREAD) / ROWS_A_THREAD;
    int threads = zsc_threads(exec);
    if ((size_t)threads > useful) threads = (int)useful;
    size_t room = l.longest + 16, draws = l.longest * l.visit.negatives + 1;
    ZSC_NEW(due, (size_t)threads * room);
    ZSC_NEW(negative, (size_t)threads * draws);
    ZSC_NEW(all, (size_t)threads);
    for (int t = 0; t < threads; t++) all[t] = (scratch){due + (size_t)t * room, negative + (size_t)t * draws};
    for (size_t epoch = first_epoch; epoch < last_epoch; epoch++) {
        if (!zsc_progress(exec, "layout", (double)epoch, (double)epochs)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        l.visit.alpha = (float)step(options, epoch, epochs);
        if (epoch > 0) run_epoch(&l, epoch, all, threads); /* no edge is due in epoch 0 */
    }
    zsc_progress(exec, "layout", (double)last_epoch, (double)epochs);
    for (size_t i = 0; i < n; i++) memcpy(y + i * dim, l.y + i * l.visit.stride, dim * sizeof *y);
done:
    zsc_graph_free(&pruned);
    free(l.share);
    free(l.rate);
    free(l.y);
    free(l.next);
    free(due);
    free(negative);
    free(all);
    return status;
}
