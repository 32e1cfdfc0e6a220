/* The layout: stochastic gradient descent on the cross entropy of the two fuzzy graphs.
 *
 * In epoch t = 0 .. N-1 the step is learning_rate (1 - max(t-1, 0) / N). An edge of weight w is visited when t w / max passes a whole
 * number. A visit attracts both ends and draws negative_sample_rate rows that push the first end away. (McInnes, Healy, Melville,
 * arXiv 1802.03426, algorithm 5, with umap-learn's constants.)
 *
 * The graph is symmetric, so that an edge's two directions are due in the same epochs; a row therefore does its own part of both
 * visits, one after the other, and no thread writes another's row. Rows take their turns in batches: batch c of C holds the rows
 * i = c mod C. Turns of one batch read the other rows of the batch as they were in the epoch before, and all rows of earlier batches
 * as they are in this one. Which batches there are depends on n alone and negatives are drawn from streams keyed by (seed, epoch,
 * row), so that neither the number of threads nor their timing matters, and an epoch needs nothing of the earlier ones but the
 * places: that is what makes stopping and going on exact.
 *
 * Inside, rows are renumbered so that batches are contiguous, and places are kept twice, before and after the epoch: all that threads
 * wait for is the end of the batch before. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/simd.h"
#include "umap/umap.h"

/* Batches an epoch: with 16, one neighbour in 16 is seen late; measured in doc/umap.md. */
enum { BATCHES = 16, TASK = 4 * ZSC_TURNS };

typedef struct batch_share {
    _Alignas(64) zsc_share rows; /* on a cache line of its own */
} batch_share;

typedef struct layout {
    size_t batches;
    size_t *offset;    /* the renumbered graph: as zsc_graph, with rates for weights */
    int32_t *column;
    uint32_t *rate;    /* an edge's weight / max, in units of 2^-31 */
    float *before, *after; /* n rows of `stride` floats */
    size_t longest;    /* longest list of edges */
    batch_share *share; /* of each batch in this epoch */
    uint64_t seed;
    zsc_visit visit;
} layout;

/* Where batch c starts among the renumbered rows, and where row i is. */
static size_t batch_start(const layout *l, size_t c)
{
    size_t n = l->visit.n, each = n / l->batches, more = n % l->batches;
    return c * each + (c < more ? c : more);
}

static size_t position(const layout *l, size_t i) { return batch_start(l, i % l->batches) + i / l->batches; }

static double step(const zsc_umap_options *options, size_t epoch, size_t epochs)
{
    return options->learning_rate * (1 - (epoch ? (double)(epoch - 1) : 0) / (double)epochs);
}

/* One thread's scratch for each turn of a group: the edges that are due, and the negatives. */
typedef struct scratch {
    int32_t *due[ZSC_TURNS], *negative[ZSC_TURNS];
} scratch;

static zsc_turn draw_turn(const layout *l, const zsc_umap_kernel_table *kernels, size_t i, size_t epoch, int32_t *due, int32_t *negative)
{
    size_t first = l->offset[i], edges = l->offset[i + 1] - first, n = l->visit.n;
    zsc_turn turn = {.row = i, .tail = due, .negative = negative};
    turn.tails = kernels->due(l->column + first, l->rate + first, edges, (uint32_t)epoch, due);
    size_t draws = turn.tails * l->visit.negatives;
    zsc_stream stream = zsc_stream_open(l->seed, ZSC_RANDOM_NEGATIVE, (uint64_t)epoch * n + i);
    for (size_t d = 0; d < draws; d += 2) { /* two draws of 32 bits a number; `negative` has room for one more */
        uint64_t bits = zsc_stream_u64(&stream);
        negative[d] = (int32_t)(((bits & UINT32_MAX) * n) >> 32);
        negative[d + 1] = (int32_t)(((bits >> 32) * n) >> 32);
    }
    return turn;
}

/* Rows are taken TASK at a time by whichever thread is free: who does a row does not matter. */
static void run_batch(layout *l, size_t c, size_t epoch, const scratch *s)
{
    const zsc_umap_kernel_table *kernels = ZSC_SIMD_PICK(zsc_umap_kernels);
    size_t first = batch_start(l, c), rows = batch_start(l, c + 1) - first, from, many;
    zsc_visit visit = l->visit;
    visit.before = l->before;
    visit.after = l->after;
    visit.boundary = first;
    while ((many = zsc_share_take(&l->share[c].rows, rows, TASK, &from)) > 0) {
        for (size_t r = from; r < from + many; r += ZSC_TURNS) {
            zsc_turn turn[ZSC_TURNS];
            size_t turns = from + many - r < ZSC_TURNS ? from + many - r : ZSC_TURNS;
            for (size_t q = 0; q < turns; q++) turn[q] = draw_turn(l, kernels, first + r + q, epoch, s->due[q], s->negative[q]);
            kernels->visit(&visit, turn, turns);
        }
        zsc_share_done(&l->share[c].rows, many);
    }
    zsc_share_wait(&l->share[c].rows, rows);
}

static void run_epoch(layout *l, size_t epoch, const scratch *all, int threads)
{
    memset(l->share, 0, l->batches * sizeof *l->share);
#pragma omp parallel num_threads(threads)
    for (size_t c = 0; c < l->batches; c++) run_batch(l, c, epoch, &all[zsc_thread_number()]);
    float *swap = l->before;
    l->before = l->after;
    l->after = swap;
}

/* The graph without edges that are never due, renumbered. */
static zsc_status renumber(layout *l, const zsc_graph *g)
{
    zsc_status status = ZSC_OK;
    size_t n = g->n;
    float most = 0;
    for (size_t e = 0; e < g->offset[n]; e++) most = fmaxf(most, g->weight[e]);
    ZSC_NEW(l->offset, n + 1);
    ZSC_NEW_RAW(l->column, g->offset[n]);
    ZSC_NEW_RAW(l->rate, g->offset[n]);
    for (size_t i = 0; i < n; i++) l->offset[position(l, i) + 1] = g->offset[i + 1] - g->offset[i];
    for (size_t p = 0; p < n; p++) {
        if (l->longest < l->offset[p + 1]) l->longest = l->offset[p + 1];
        l->offset[p + 1] += l->offset[p];
    }
    for (size_t i = 0; i < n; i++) {
        size_t to = l->offset[position(l, i)];
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++, to++) {
            l->column[to] = (int32_t)position(l, (size_t)g->column[e]);
            l->rate[to] = (uint32_t)((double)g->weight[e] / most * 0x1p31 + 0.5);
        }
    }
done:
    return status;
}

static zsc_status prepare(layout *l, const zsc_graph *g, const zsc_umap_options *options, const float *y)
{
    zsc_status status = ZSC_OK;
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
    l->batches = n < BATCHES ? n : BATCHES;
    ZSC_NEW(l->share, l->batches);
    ZSC_TRY(renumber(l, g));
    ZSC_NEW(l->before, n * stride);
    ZSC_NEW(l->after, n * stride);
    for (size_t i = 0; i < n; i++) memcpy(l->before + position(l, i) * stride, y + i * dim, dim * sizeof *y);
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
    if (n == 0) goto done;
    if (first_epoch > last_epoch || last_epoch > epochs) {
        status = zsc_fail(ZSC_EUSAGE, "epochs %zu to %zu are not within the layout's 0 to %zu", first_epoch, last_epoch, epochs);
        goto done;
    }
    ZSC_TRY(zsc_graph_prune(graph, options, &pruned));
    ZSC_TRY(prepare(&l, &pruned, options, y));
    zsc_graph_free(&pruned);
    /* A batch is too small for more threads than this; results do not depend on it. */
    size_t useful = n / l.batches / TASK + 1;
    int threads = zsc_threads(exec);
    if ((size_t)threads > useful) threads = (int)useful;
    size_t room = l.longest + 16, draws = l.longest * l.visit.negatives + 1;
    ZSC_NEW(due, (size_t)threads * ZSC_TURNS * room);
    ZSC_NEW(negative, (size_t)threads * ZSC_TURNS * draws);
    ZSC_NEW(all, (size_t)threads);
    for (size_t t = 0; t < (size_t)threads * ZSC_TURNS; t++) {
        all[t / ZSC_TURNS].due[t % ZSC_TURNS] = due + t * room;
        all[t / ZSC_TURNS].negative[t % ZSC_TURNS] = negative + t * draws;
    }
    for (size_t epoch = first_epoch; epoch < last_epoch; epoch++) {
        if (!zsc_progress(exec, "layout", (double)epoch, (double)epochs)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        l.visit.alpha = (float)step(options, epoch, epochs);
        if (epoch > 0) run_epoch(&l, epoch, all, threads); /* no edge is due in epoch 0 */
    }
    zsc_progress(exec, "layout", (double)last_epoch, (double)epochs);
    for (size_t i = 0; i < n; i++) memcpy(y + i * dim, l.before + position(&l, i) * l.visit.stride, dim * sizeof *y);
done:
    zsc_graph_free(&pruned);
    free(l.offset);
    free(l.column);
    free(l.rate);
    free(l.share);
    free(l.before);
    free(l.after);
    free(due);
    free(negative);
    free(all);
    return status;
}
