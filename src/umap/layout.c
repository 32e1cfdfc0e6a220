/* The layout: stochastic gradient descent on the cross entropy of the two fuzzy graphs.
 *
 * In epoch t = 0 .. N-1 the step is learning_rate (1 - max(t-1, 0) / N). An edge of weight w is updated when t w / max
 * + u passes a whole number; its two directions are two edge updates. An update attracts both ends to each other and
 * draws negative_sample_rate rows that repel the first end. (McInnes, Healy, Melville, arXiv 1802.03426, algorithm 5,
 * with umap-learn's constants.)
 *
 * The phase u is 0 for one direction of an edge and a half for the other. In umap-learn both are due in the same
 * epochs, but far apart in the order of updates; here they are in the same task, which would move the same two rows
 * twice in a row. Half a period apart, the moves of a pair are even in time, and AMI is higher (doc/umap.md).
 *
 * umap-learn's threads race for the rows. Here a block schedule keeps them apart (schedule.c). An epoch has rounds, a
 * round has tasks that share no row, and a task updates its edges one after the other and moves both ends at once.
 *
 * Negative samples: negatives.c. A task reads copies of coordinates as they were at the end of the previous round.
 *
 * So the tasks of one round share only data that none of them writes, and neither the number of threads nor their
 * timing matters; an epoch needs nothing of earlier ones except the coordinates, which makes stopping and resuming
 * exact.
 *
 * Both ends must move at the same time: letting each row do its own half, with slightly old coordinates of the others,
 * costs quality where epochs are few (0.7 points of AMI at the finest ranks of 47,260 rows; doc/umap.md). The
 * coordinates of negatives may be old.
 *
 * Data that one processor has written reaches another slowly: with two threads, one has the first half of the block
 * pairs of every round, and so, throughout a phase, the same blocks. A thread that has finished takes pairs of the
 * others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/graph.h"
#include "umap/kernels.h"
#include "umap/layout.h"
#include "umap/negatives.h"
#include "umap/parameters.h"
#include "umap/schedule.h"

enum {
    CHUNK = 256,      /* updates whose negatives are drawn together */
    POOL_CHUNKS = 4,  /* chunks of a patch that take negatives from the same pool */
    PHASES = 8,       /* of an epoch: a power of two */
    ROWS_LEAST = 128, /* of a thread: with fewer, threads wait longer for each other than they work */
    LINE = 16         /* floats of a cache line */
};

static const char REMEDY[] = "lower --learning-rate, --repulsion-strength, --a or --b";

typedef struct worker_share {
    _Alignas(64) zsc_share tasks; /* on a cache line of its own */
} worker_share;

typedef struct layout {
    zsc_umap_schedule schedule;
    size_t workers;      /* as many as threads: each begins with its own part of a round */
    worker_share *share; /* of each worker in each pass of this epoch: rounds, then filling pools anew */
    uint64_t seed;
    zsc_umap_sgd sgd;
    zsc_umap_negatives negatives; /* of even and odd rounds */
} layout;

static double step(const zsc_umap_options *options, size_t epoch, size_t epochs)
{
    return options->learning_rate * (1 - (epoch ? (double)(epoch - 1) : 0) / (double)epochs);
}

/* The scratch of one thread: the edges of a task that are due, their ends, and the negatives of a chunk of them. */
typedef struct scratch {
    uint32_t *due;
    int32_t *head, *tail, *negative;
} scratch;

/* For the pools of a round: the rows that a block adds are drawn before the block is written, and copied after. */
static void draw(const layout *l, int which, const zsc_umap_pool_order *order, size_t block)
{
    zsc_umap_negatives_draw(&l->negatives, which, order, block, zsc_umap_block_rows(&l->schedule, block),
                            zsc_umap_block_count(&l->schedule, block), l->sgd.y);
}

static void fill(const layout *l, int which, const zsc_umap_pool_order *order, size_t block)
{
    zsc_umap_negatives_fill(&l->negatives, which, order, block, l->sgd.y);
}

static size_t task_count(const layout *l) { return l->schedule.round[zsc_umap_schedule_rounds(&l->schedule)]; }

/* The task after this one is most often this thread's next: its edges come from memory meanwhile. */
static void look_ahead(const layout *l, size_t task)
{
    const zsc_umap_schedule *s = &l->schedule;
    if (task + 1 == task_count(l)) return;
    for (size_t e = s->offset[task + 1]; e < s->offset[task + 2]; e += 16) {
        __builtin_prefetch(s->rate + e, 0, 2);
        __builtin_prefetch(s->edge + e, 0, 2);
    }
}

/* The edges of a task that are due in this epoch, as rows; how many. */
static size_t list_due(const layout *l, size_t task, const zsc_umap_rows_of rows[2], size_t epoch, scratch *mine)
{
    const zsc_umap_schedule *s = &l->schedule;
    const size_t first = s->offset[task], edges = s->offset[task + 1] - first;
    size_t due = ZSC_SIMD_PICK(zsc_umap_sgd_kernels)
                     ->due(s->rate + first, s->edge + first, edges, (uint32_t)epoch, mine->due);
    look_ahead(l, task);
    for (size_t v = 0; v < due; v++) {
        const uint32_t edge = mine->due[v];
        const zsc_umap_rows_of *head = &rows[zsc_umap_edge_second(edge)], *tail = &rows[!zsc_umap_edge_second(edge)];
        mine->head[v] = (int32_t)(head->start + zsc_umap_edge_head(edge) * head->step);
        mine->tail[v] = (int32_t)(tail->start + zsc_umap_edge_tail(edge) * tail->step);
    }
    return due;
}

static zsc_stream stream_of(const layout *l, size_t epoch, size_t task)
{
    return zsc_stream_open(l->seed, ZSC_RANDOM_LAYOUT, (uint64_t)(epoch + 1) * task_count(l) + task);
}

/* Updates edges FROM to FROM + MANY - 1 of those that are due, CHUNK at most. */
static void update_chunk(const zsc_umap_sgd *sgd, const zsc_umap_negatives *negatives, zsc_stream *stream, size_t from,
                         size_t many, scratch *mine)
{
    const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
    kernels->choose(stream, many * sgd->negatives, (unsigned)(2 * negatives->share - 1), mine->negative);
    kernels->update(sgd, mine->head + from, mine->tail + from, many, mine->negative);
}

/* Runs one task, between the two blocks (of round 0, one); sgd has its pool. */
static void run_task(const layout *l, size_t task, const size_t block[2], size_t blocks, const zsc_umap_sgd *sgd,
                     size_t epoch, scratch *mine)
{
    const zsc_umap_rows_of rows[2] = {zsc_umap_block_rows(&l->schedule, block[0]),
                                      zsc_umap_block_rows(&l->schedule, block[blocks - 1])};
    const size_t due = list_due(l, task, rows, epoch, mine);
    zsc_stream stream = stream_of(l, epoch, task);
    for (size_t from = 0; from < due; from += CHUNK)
        update_chunk(sgd, &l->negatives, &stream, from, due - from < CHUNK ? due - from : CHUNK, mine);
}

/* Asks for the coordinates of rows FROM to END - 1. */
static void prefetch_rows(const layout *l, size_t from, size_t end)
{
    for (const float *y = l->sgd.y + from * l->sgd.stride; y < l->sgd.y + end * l->sgd.stride; y += LINE)
        __builtin_prefetch(y, 1, 2);
}

/* Runs the task of a patch. Its negatives come from many pools; the rows of the patch that is most often this thread's
 * next come from memory meanwhile. */
static void run_patch(const layout *l, size_t task, size_t patch, int which, size_t epoch, scratch *mine)
{
    const zsc_umap_schedule *s = &l->schedule;
    const size_t first = patch * ZSC_UMAP_PATCH_ROWS, after = first + s->patch_rounds * ZSC_UMAP_PATCH_ROWS;
    const zsc_umap_rows_of rows = {first, 1};
    const size_t due = list_due(l, task, (const zsc_umap_rows_of[2]){rows, rows}, epoch, mine);
    zsc_stream stream = stream_of(l, epoch, task);
    zsc_umap_sgd sgd = l->sgd;
    for (size_t from = 0, ahead = 0; from < due; from += CHUNK) {
        const size_t many = due - from < CHUNK ? due - from : CHUNK;
        if (from % (POOL_CHUNKS * CHUNK) == 0)
            zsc_umap_negatives_any(&l->negatives, which, zsc_stream_u64(&stream), first, first + ZSC_UMAP_PATCH_ROWS,
                                   &sgd);
        const size_t until = (from + many) * ZSC_UMAP_PATCH_ROWS / due;
        if (after + ZSC_UMAP_PATCH_ROWS <= s->n) prefetch_rows(l, after + ahead, after + until);
        ahead = until;
        update_chunk(&sgd, &l->negatives, &stream, from, many, mine);
    }
}

/* The rounds of an epoch, each once, phase by phase. Their order is different in every epoch: a fixed one would be
 * visible in the result. */
typedef struct rounds {
    size_t phases, each; /* rounds of a phase */
    uint64_t mask, multiplier, offset;
} rounds;

static rounds rounds_of(const layout *l, size_t epoch)
{
    zsc_stream stream = zsc_stream_open(l->seed, ZSC_RANDOM_LAYOUT, UINT64_MAX - epoch);
    size_t blocks = l->schedule.blocks, phases = blocks < PHASES ? blocks : PHASES;
    return (rounds){phases, blocks / phases, zsc_stream_u64(&stream) % phases, zsc_stream_u64(&stream) | 1,
                    zsc_stream_u64(&stream)};
}

/* The k-th of the rounds between blocks. */
static size_t round_at(const rounds *r, size_t k)
{
    return (k / r->each ^ r->mask) * r->each + (k % r->each * r->multiplier + r->offset) % r->each;
}

/* The k-th of the rounds of patches. */
static size_t patch_round_at(const layout *l, const rounds *r, size_t k)
{
    return (k * r->multiplier + r->offset) % l->schedule.patch_rounds;
}

/* An item of `total` in this pass that no thread has taken, from the worker's own part first. *worker is whose it was.
 */
static bool take_task(const layout *l, size_t pass, size_t total, size_t own, size_t *worker, size_t *item)
{
    for (size_t k = 0; k < l->workers; k++) {
        size_t s = (own + k) % l->workers, from = total * s / l->workers, first;
        if (!zsc_share_take(&l->share[pass * l->workers + s].tasks, total * (s + 1) / l->workers - from, 1, &first))
            continue;
        *worker = s;
        *item = from + first;
        return true;
    }
    return false;
}

static void finish_task(const layout *l, size_t pass, size_t worker)
{
    zsc_share_done(&l->share[pass * l->workers + worker].tasks, 1);
}

static void wait_for_all(const layout *l, size_t pass, size_t total)
{
    for (size_t s = 0; s < l->workers; s++)
        zsc_share_wait(&l->share[pass * l->workers + s].tasks, total * (s + 1) / l->workers - total * s / l->workers);
}

/* The pools of the k-th round, from coordinates that no task writes meanwhile. PASS: where it is shared out. */
static zsc_umap_pool_order fill_pools(const layout *l, size_t epoch, size_t k, size_t pass, size_t own)
{
    const zsc_umap_pool_order order = zsc_umap_pool_order_of(&l->negatives, epoch, k);
    const size_t blocks = l->schedule.blocks;
    size_t worker, block;
    while (take_task(l, pass, blocks, own, &worker, &block)) {
        draw(l, (int)(k % 2), &order, block);
        fill(l, (int)(k % 2), &order, block);
        finish_task(l, pass, worker);
    }
    wait_for_all(l, pass, blocks);
    return order;
}

/* The part of one thread in round r between blocks, the k-th of the epoch. NEXT: NULL, or the pools of the next. */
static void run_round(const layout *l, size_t k, size_t r, const zsc_umap_pool_order *now,
                      const zsc_umap_pool_order *next, size_t epoch, size_t own, scratch *mine)
{
    const zsc_umap_schedule *s = &l->schedule;
    size_t tasks = s->round[r + 1] - s->round[r], worker, pair, block[2];
    int which = (int)(k % 2);
    while (take_task(l, r, tasks, own, &worker, &pair)) {
        zsc_umap_sgd sgd = l->sgd;
        size_t count = zsc_umap_task_blocks(r, pair, block);
        zsc_umap_negatives_use(&l->negatives, which, now, r == 0 ? pair / 2 : pair, block, count, &sgd);
        for (size_t b = 0; b < count && next; b++) draw(l, !which, next, block[b]);
        run_task(l, s->round[r] + pair, block, count, &sgd, epoch, mine);
        for (size_t b = 0; b < count && next; b++) fill(l, !which, next, block[b]);
        finish_task(l, r, worker);
    }
    wait_for_all(l, r, tasks);
}

/* The same in round r of patches. */
static void run_patches(const layout *l, size_t k, size_t r, size_t epoch, size_t own, scratch *mine)
{
    const zsc_umap_schedule *s = &l->schedule;
    const size_t round = s->blocks + r, tasks = s->round[round + 1] - s->round[round];
    size_t worker, task;
    while (take_task(l, round, tasks, own, &worker, &task)) {
        run_patch(l, s->round[round] + task, zsc_umap_task_patch(s, r, task), (int)(k % 2), epoch, mine);
        finish_task(l, round, worker);
    }
    wait_for_all(l, round, tasks);
}

/* Passes of an epoch: its rounds, and filling pools anew before the first and after those of patches. */
static size_t passes_of(const zsc_umap_schedule *s) { return s->blocks + 2 * s->patch_rounds + 1; }

/* The part of one thread in an epoch: after every few rounds between blocks comes one of patches. */
static void run_part(const layout *l, const rounds *order, size_t epoch, size_t own, scratch *mine)
{
    const zsc_umap_schedule *s = &l->schedule;
    const size_t total = zsc_umap_schedule_rounds(s), each = s->patch_rounds ? s->blocks / s->patch_rounds : s->blocks;
    size_t k = 0, filled = total;
    zsc_umap_pool_order now = fill_pools(l, epoch, 0, filled++, own), next;
    for (size_t r = 0; r < s->blocks; r++, now = next) {
        next = zsc_umap_pool_order_of(&l->negatives, epoch, k + 1);
        run_round(l, k, round_at(order, r), &now, k + 1 < total ? &next : NULL, epoch, own, mine);
        k++;
        if (!s->patches || (r + 1) % each) continue;
        run_patches(l, k, patch_round_at(l, order, r / each), epoch, own, mine);
        if (++k < total) next = fill_pools(l, epoch, k, filled++, own);
    }
}

/* Which thread runs which task does not matter. */
static void run_epoch(layout *l, size_t epoch, scratch *all, int threads)
{
    const rounds order = rounds_of(l, epoch);
    memset(l->share, 0, passes_of(&l->schedule) * l->workers * sizeof *l->share);
#pragma omp parallel num_threads(threads)
    {
        size_t own = (size_t)zsc_thread_number();
        run_part(l, &order, epoch, own, &all[own]);
    }
}

static zsc_status prepare(layout *l, const zsc_graph *g, const zsc_umap_options *options, const zsc_exec *exec,
                          const float *y)
{
    zsc_status status = ZSC_OK;
    size_t n = g->n, dim = options->n_components, stride = zsc_umap_stride(dim);
    double a, b;
    ZSC_TRY(zsc_umap_curve(options, &a, &b));
    l->sgd = (zsc_umap_sgd){.dim = dim,
                            .stride = stride,
                            .negatives = options->negative_sample_rate,
                            .a = (float)a,
                            .b = (float)b,
                            .gamma = (float)options->repulsion_strength};
    l->seed = options->seed;
    ZSC_TRY(zsc_umap_schedule_make(g, l->seed, exec, &l->schedule));
    ZSC_NEW(l->sgd.y, n * stride);
    ZSC_TRY(zsc_umap_negatives_make(l->schedule.blocks, zsc_umap_schedule_rounds(&l->schedule), stride, l->seed,
                                    &l->negatives));
    for (size_t i = 0; i < n; i++)
        memcpy(l->sgd.y + zsc_umap_position(&l->schedule, i) * stride, y + i * dim, dim * sizeof *y);
done:
    return status;
}

/* The schedule, coordinates, and the pools of two rounds. */
size_t zsc_umap_layout_memory(size_t n, size_t dim, size_t edges, int threads)
{
    const size_t stride = zsc_umap_stride(dim);
    return zsc_umap_schedule_memory(n, edges, threads) + n * stride * sizeof(float) +
           zsc_umap_negatives_memory(zsc_umap_schedule_blocks(n), stride);
}

static void copy_rows(const layout *l, float *y)
{
    for (size_t i = 0; i < l->schedule.n; i++)
        memcpy(y + i * l->sgd.dim, l->sgd.y + zsc_umap_position(&l->schedule, i) * l->sgd.stride,
               l->sgd.dim * sizeof *y);
}

/* The coordinates, if all are finite, in the order of the caller's rows. */
static zsc_status copy_out(const layout *l, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_boundary boundary = {"UMAP's layout", REMEDY};
    float *rows = NULL;
    if (zsc_check_finite(l->sgd.y, l->schedule.n, l->sgd.stride, boundary, exec) == ZSC_OK) {
        copy_rows(l, y);
        return ZSC_OK;
    }
    ZSC_NEW_RAW(rows, l->schedule.n * l->sgd.dim); /* again, so that the message names the caller's row */
    copy_rows(l, rows);
    status = zsc_check_finite(rows, l->schedule.n, l->sgd.dim, boundary, exec);
done:
    free(rows);
    return status;
}

/* The coordinates before an epoch to the keeper, where one is due or the layout stops here. */
static zsc_status keep(const layout *l, const zsc_umap_keeper *keeper, size_t epoch, bool stop, float *y)
{
    if (!keeper || !(stop || keeper->due(keeper->owner))) return ZSC_OK;
    copy_rows(l, y);
    return keeper->keep(keeper->owner, epoch, y);
}

zsc_status zsc_umap_layout_pruned(zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                                  size_t last_epoch, const zsc_umap_keeper *keeper, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n, dim = options->n_components, epochs = zsc_umap_epochs(options, n);
    layout l = {0};
    int32_t *numbers = NULL;
    uint32_t *due = NULL;
    scratch *all = NULL;
    ZSC_TRY(zsc_check_finite(y, n, dim, (zsc_boundary){"the coordinates that the layout begins with", NULL}, exec));
    if (n < 2) goto done;
    if (first_epoch > last_epoch || last_epoch > epochs) {
        status = zsc_fail(ZSC_EUSAGE, "epochs %zu to %zu are not within the layout's 0 to %zu", first_epoch, last_epoch,
                          epochs);
        goto done;
    }
    ZSC_TRY(
        zsc_memory_check(exec, zsc_umap_layout_memory(n, dim, graph->offset[n], zsc_threads(exec)), "UMAP's layout"));
    ZSC_TRY(prepare(&l, graph, options, exec, y));
    zsc_graph_free(graph);
    /* A round has no more tasks than this; results do not depend on it. */
    size_t threads = (size_t)zsc_threads(exec), longest = l.schedule.longest + 16, draws = CHUNK * l.sgd.negatives + 64;
    if (threads > l.schedule.blocks) threads = l.schedule.blocks;
    if (threads > 1 + n / ROWS_LEAST) threads = 1 + n / ROWS_LEAST;
    l.workers = threads;
    ZSC_NEW(l.share, passes_of(&l.schedule) * l.workers);
    ZSC_NEW(numbers, threads * (2 * longest + draws));
    ZSC_NEW(due, threads * longest);
    ZSC_NEW(all, threads);
    for (size_t t = 0; t < threads; t++) {
        int32_t *own = numbers + t * (2 * longest + draws);
        all[t] = (scratch){due + t * longest, own, own + longest, own + 2 * longest};
    }
    for (size_t epoch = first_epoch; epoch < last_epoch; epoch++) {
        bool stop = !zsc_progress(exec, "layout", (double)epoch, (double)epochs);
        if (epoch > first_epoch) ZSC_TRY(keep(&l, keeper, epoch, stop, y));
        if (stop) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        l.sgd.alpha = (float)step(options, epoch, epochs);
        if (epoch > 0) run_epoch(&l, epoch, all, (int)threads); /* no edge is due in epoch 0 */
    }
    zsc_progress(exec, "layout", (double)last_epoch, (double)epochs);
    ZSC_TRY(copy_out(&l, exec, y));
done:
    zsc_graph_free(graph);
    zsc_umap_schedule_free(&l.schedule);
    free(l.share);
    free(l.sgd.y);
    zsc_umap_negatives_free(&l.negatives);
    free(due);
    free(numbers);
    free(all);
    return status;
}

zsc_status zsc_umap_layout(const zsc_graph *graph, const zsc_umap_options *options, size_t first_epoch,
                           size_t last_epoch, const zsc_exec *exec, float *y)
{
    ZSC_OPTIONS(zsc_umap_options, options, zsc_umap_defaults());
    zsc_status status = ZSC_OK;
    zsc_graph pruned = {0};
    ZSC_TRY(zsc_umap_check(options));
    ZSC_TRY(zsc_graph_check(graph));
    if (graph->n == 0) goto done;
    ZSC_TRY(zsc_umap_graph_prune(graph, options, &pruned));
    ZSC_TRY(zsc_umap_layout_pruned(&pruned, options, first_epoch, last_epoch, NULL, exec, y));
done:
    return status;
}

/* An edge of rate r has had floor(t r) updates by the end of epoch t. */
double zsc_umap_edge_updates(const zsc_graph *g, size_t first, size_t last)
{
    double updates = 0, most = 0;
    for (size_t e = 0; e < g->offset[g->n]; e++) most = fmax(most, g->weight[e]);
    for (size_t e = 0; e < g->offset[g->n]; e++) {
        double rate = g->weight[e] / most;
        updates += floor(rate * (double)(last ? last - 1 : 0)) - floor(rate * (double)(first ? first - 1 : 0));
    }
    return updates;
}
