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
 * umap-learn's threads race for the rows. Here a block schedule keeps them apart. Rows are dealt into B blocks, row i
 * into block i mod B. An epoch has B rounds; in round r block p is paired with block p xor r, so that no block is in
 * two tasks; a task updates the edges between the two blocks of a pair (or, in round 0, within one block) one after the
 * other and moves both ends at once.
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
 * Internally rows are renumbered so that blocks are contiguous: the two blocks of a task stay in the second level of
 * cache. The edges of a task are shuffled, so that an update seldom waits for coordinates that the previous one wrote.
 * An edge is 8 bytes: its rate, and which rows of its task's two blocks its ends are.
 *
 * Data that one processor has written reaches another slowly. With exclusive or, the rounds of one phase (which agree
 * in their first bits) leave the blocks where they are: with two threads, one has the first half of the block pairs of
 * every round, and so, throughout a phase, the same blocks. A thread that has finished takes pairs of the others. */
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

enum {
    ROWS_PER_TASK = 8,
    BLOCKS_MOST = 256, /* B^2 ROWS_PER_TASK <= n: some two hundred updates per task at 30 neighbours; B is a power of
                        * two, so that every block is in a pair in every round */
    BLOCK_ROWS_MOST = 1 << 15, /* of a block, so that two rows fit an edge's 32 bits */
    CHUNK = 256,               /* updates whose negatives are drawn together */
    PHASES = 8,                /* of an epoch: a power of two */
    ROWS_LEAST = 128           /* of a thread: with fewer, threads wait longer for each other than they work */
};

static const char REMEDY[] = "lower --learning-rate, --repulsion-strength, --a or --b";

typedef struct worker_share {
    _Alignas(64) zsc_share tasks; /* on a cache line of its own */
} worker_share;

typedef struct layout {
    size_t n, blocks;
    size_t *offset;      /* edges of task t: offset[t] .. offset[t + 1] - 1; tasks in order of rounds */
    size_t *round;       /* tasks of round r: round[r] .. round[r + 1] - 1 */
    uint32_t *edge;      /* which rows of the task's two blocks its head and tail are: edge_of() */
    uint32_t *rate;      /* an edge's weight / max in units of 2^-31, the last bit being its phase in halves */
    size_t longest;      /* edges of the largest task */
    size_t workers;      /* as many as threads: each begins with its own part of a round */
    worker_share *share; /* of each worker in each round, and in filling the first pools, in this epoch */
    uint64_t seed;
    zsc_umap_sgd sgd;
    zsc_umap_negatives negatives; /* of even and odd rounds */
} layout;

/* Where block c starts among the renumbered rows, and where row i is. */
static size_t block_start(const layout *l, size_t c)
{
    size_t n = l->n, each = n / l->blocks, more = n % l->blocks;
    return c * each + (c < more ? c : more);
}

static size_t position(const layout *l, size_t i) { return block_start(l, i % l->blocks) + i / l->blocks; }

static size_t block_count(size_t n)
{
    size_t blocks = 2;
    while (2 * blocks <= BLOCKS_MOST && 4 * blocks * blocks * ROWS_PER_TASK <= n) blocks *= 2;
    while (n > blocks * BLOCK_ROWS_MOST) blocks *= 2;
    return blocks;
}

/* The highest bit of a round: it differs between the two blocks of each of its pairs. */
static size_t leading_bit(size_t round)
{
    size_t bit = 1;
    while (2 * bit <= round) bit *= 2;
    return bit;
}

/* The task of the edges between blocks p and q. Round 0 has the B tasks within blocks; a pair of round r is of the
 * blocks p and p xor r, numbered by the one of them without the leading bit, with that bit removed. */
static size_t task_of(size_t blocks, size_t p, size_t q)
{
    size_t round = p ^ q;
    if (round == 0) return p;
    size_t bit = leading_bit(round), one = p & bit ? q : p;
    return blocks + (round - 1) * (blocks / 2) + (one / (2 * bit) * bit + one % bit);
}

/* The inverse: the blocks, two or one, of a task of the round. */
static size_t task_blocks(size_t round, size_t pair, size_t block[2])
{
    block[0] = pair;
    if (round == 0) return 1;
    size_t bit = leading_bit(round);
    block[0] = pair / bit * 2 * bit + pair % bit;
    block[1] = block[0] ^ round;
    return 2;
}

/* An edge of a task: which rows of their blocks head and tail are, and whether the head is in the second block. */
static uint32_t edge_of(size_t head, size_t tail, bool second)
{
    return (uint32_t)(head | tail << 15 | (size_t)second << 30);
}

static size_t head_in_block(uint32_t edge) { return edge & (BLOCK_ROWS_MOST - 1); }
static size_t tail_in_block(uint32_t edge) { return edge >> 15 & (BLOCK_ROWS_MOST - 1); }

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
    size_t first = block_start(l, block);
    zsc_umap_negatives_draw(&l->negatives, which, order, block, first, block_start(l, block + 1) - first, l->sgd.y);
}

static void fill(const layout *l, int which, const zsc_umap_pool_order *order, size_t block)
{
    zsc_umap_negatives_fill(&l->negatives, which, order, block, l->sgd.y);
}

/* The task after this one is most often this thread's next: its edges come from memory meanwhile. */
static void look_ahead(const layout *l, size_t task)
{
    if (task + 1 == l->round[l->blocks]) return;
    for (size_t e = l->offset[task + 1]; e < l->offset[task + 2]; e += 16) {
        __builtin_prefetch(l->rate + e, 0, 2);
        __builtin_prefetch(l->edge + e, 0, 2);
    }
}

/* Runs one task, between the two blocks (of round 0, one); sgd has its pool. */
static void run_task(const layout *l, size_t task, const size_t block[2], size_t blocks, const zsc_umap_sgd *sgd,
                     size_t epoch, scratch *s)
{
    const zsc_umap_sgd_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_sgd_kernels);
    const size_t start[2] = {block_start(l, block[0]), block_start(l, block[blocks - 1])};
    size_t first = l->offset[task], edges = l->offset[task + 1] - first, negatives = sgd->negatives;
    size_t due = kernels->due(l->rate + first, l->edge + first, edges, (uint32_t)epoch, s->due);
    look_ahead(l, task);
    for (size_t v = 0; v < due; v++) {
        uint32_t edge = s->due[v], second = edge >> 30;
        s->head[v] = (int32_t)(start[second] + head_in_block(edge));
        s->tail[v] = (int32_t)(start[!second] + tail_in_block(edge));
    }
    zsc_stream stream = zsc_stream_open(l->seed, ZSC_RANDOM_LAYOUT, (uint64_t)(epoch + 1) * l->round[l->blocks] + task);
    for (size_t from = 0; from < due; from += CHUNK) {
        size_t many = due - from < CHUNK ? due - from : CHUNK;
        kernels->choose(&stream, many * negatives, (unsigned)(2 * l->negatives.share - 1), s->negative);
        kernels->update(sgd, s->head + from, s->tail + from, many, s->negative);
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
    size_t phases = l->blocks < PHASES ? l->blocks : PHASES;
    return (rounds){phases, l->blocks / phases, zsc_stream_u64(&stream) % phases, zsc_stream_u64(&stream) | 1,
                    zsc_stream_u64(&stream)};
}

static size_t round_at(const rounds *r, size_t k)
{
    return (k / r->each ^ r->mask) * r->each + (k % r->each * r->multiplier + r->offset) % r->each;
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

/* The part of one thread in the k-th round, which is round r. */
static void run_round(const layout *l, size_t k, size_t r, const zsc_umap_pool_order *now,
                      const zsc_umap_pool_order *next, size_t epoch, size_t own, scratch *mine)
{
    size_t tasks = l->round[r + 1] - l->round[r], worker, pair, block[2];
    int which = (int)(k % 2);
    bool last = k + 1 == l->blocks;
    while (take_task(l, r, tasks, own, &worker, &pair)) {
        zsc_umap_sgd sgd = l->sgd;
        size_t count = task_blocks(r, pair, block);
        zsc_umap_negatives_use(&l->negatives, which, now, r == 0 ? pair / 2 : pair, block, count, &sgd);
        for (size_t b = 0; b < count && !last; b++) draw(l, !which, next, block[b]);
        run_task(l, l->round[r] + pair, block, count, &sgd, epoch, mine);
        for (size_t b = 0; b < count && !last; b++) fill(l, !which, next, block[b]);
        finish_task(l, r, worker);
    }
    wait_for_all(l, r, tasks);
}

/* Which thread runs which task does not matter. */
static void run_epoch(layout *l, size_t epoch, scratch *all, int threads)
{
    size_t blocks = l->blocks;
    const rounds order = rounds_of(l, epoch);
    memset(l->share, 0, (blocks + 1) * l->workers * sizeof *l->share);
#pragma omp parallel num_threads(threads)
    {
        size_t own = (size_t)zsc_thread_number(), worker, block;
        zsc_umap_pool_order now = zsc_umap_pool_order_of(&l->negatives, epoch, 0), next;
        while (take_task(l, blocks, blocks, own, &worker, &block)) {
            draw(l, 0, &now, block);
            fill(l, 0, &now, block);
            finish_task(l, blocks, worker);
        }
        wait_for_all(l, blocks, blocks);
        for (size_t k = 0; k < blocks; k++, now = next) {
            next = zsc_umap_pool_order_of(&l->negatives, epoch, k + 1);
            run_round(l, k, round_at(&order, k), &now, &next, epoch, own, &all[own]);
        }
    }
}

/* --- The block schedule */
/* Shuffles the edges of each task (Fisher and Yates), keyed by the task. */
static void shuffle(const layout *l, size_t tasks)
{
    for (size_t t = 0; t < tasks; t++) {
        zsc_stream stream = zsc_stream_open(l->seed, ZSC_RANDOM_LAYOUT, t);
        for (size_t e = l->offset[t + 1]; e-- > l->offset[t] + 1;) {
            size_t f = l->offset[t] + (size_t)zsc_stream_below(&stream, e - l->offset[t] + 1);
            uint32_t edge = l->edge[e], rate = l->rate[e];
            l->edge[e] = l->edge[f], l->rate[e] = l->rate[f];
            l->edge[f] = edge, l->rate[f] = rate;
        }
    }
}

/* Assigns the directed edges of the graph to the tasks. */
static zsc_status make_schedule(layout *l, const zsc_graph *g)
{
    zsc_status status = ZSC_OK;
    size_t n = g->n, edges = g->offset[n], blocks = l->blocks, tasks = blocks + (blocks - 1) * (blocks / 2),
           *next = NULL;
    float most = 0;
    for (size_t e = 0; e < edges; e++) most = fmaxf(most, g->weight[e]);
    ZSC_NEW(l->offset, tasks + 1);
    ZSC_NEW(l->round, blocks + 1);
    ZSC_NEW_RAW(l->edge, edges);
    ZSC_NEW_RAW(l->rate, edges);
    ZSC_NEW(next, tasks);
    l->round[1] = blocks;
    for (size_t r = 2; r <= blocks; r++) l->round[r] = l->round[r - 1] + blocks / 2;
    for (size_t i = 0; i < n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            l->offset[task_of(blocks, i % blocks, (size_t)g->column[e] % blocks) + 1]++;
    for (size_t t = 0; t < tasks; t++) {
        if (l->longest < l->offset[t + 1]) l->longest = l->offset[t + 1];
        l->offset[t + 1] += l->offset[t];
        next[t] = l->offset[t];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
            size_t j = (size_t)g->column[e], p = i % blocks, q = j % blocks, to = next[task_of(blocks, p, q)]++;
            l->edge[to] = edge_of(i / blocks, j / blocks, p & leading_bit(p ^ q));
            l->rate[to] = (uint32_t)((double)g->weight[e] / most * 0x1p31 + 0.5) / 2 * 2 + (i < j);
        }
    shuffle(l, tasks);
done:
    free(next);
    return status;
}

static zsc_status prepare(layout *l, const zsc_graph *g, const zsc_umap_options *options, const float *y)
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
    l->n = n;
    l->seed = options->seed;
    l->blocks = block_count(n);
    ZSC_TRY(make_schedule(l, g));
    ZSC_NEW(l->sgd.y, n * stride);
    ZSC_TRY(zsc_umap_negatives_make(l->blocks, stride, l->seed, &l->negatives));
    for (size_t i = 0; i < n; i++) memcpy(l->sgd.y + position(l, i) * stride, y + i * dim, dim * sizeof *y);
done:
    return status;
}

/* The schedule, coordinates, and the pools of two rounds. */
size_t zsc_umap_layout_memory(size_t n, size_t dim, size_t edges)
{
    size_t blocks = block_count(n), tasks = blocks * (blocks + 1) / 2;
    return edges * 8 + n * zsc_umap_stride(dim) * 4 + zsc_umap_negatives_memory(blocks, zsc_umap_stride(dim)) +
           tasks * 16;
}

static void copy_rows(const layout *l, float *y)
{
    for (size_t i = 0; i < l->n; i++)
        memcpy(y + i * l->sgd.dim, l->sgd.y + position(l, i) * l->sgd.stride, l->sgd.dim * sizeof *y);
}

/* The coordinates, if all are finite, in the order of the caller's rows. */
static zsc_status copy_out(const layout *l, const zsc_exec *exec, float *y)
{
    zsc_status status = ZSC_OK;
    const zsc_boundary boundary = {"UMAP's layout", REMEDY};
    float *rows = NULL;
    if (zsc_check_finite(l->sgd.y, l->n, l->sgd.stride, boundary, exec) == ZSC_OK) {
        copy_rows(l, y);
        return ZSC_OK;
    }
    ZSC_NEW_RAW(rows, l->n * l->sgd.dim); /* again, so that the message names the caller's row */
    copy_rows(l, rows);
    status = zsc_check_finite(rows, l->n, l->sgd.dim, boundary, exec);
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
    ZSC_TRY(zsc_memory_check(exec, zsc_umap_layout_memory(n, dim, graph->offset[n]), "UMAP's layout"));
    ZSC_TRY(prepare(&l, graph, options, y));
    zsc_graph_free(graph);
    /* A round has no more tasks than this; results do not depend on it. */
    size_t threads = (size_t)zsc_threads(exec), longest = l.longest + 16, draws = CHUNK * l.sgd.negatives + 64;
    if (threads > block_count(n)) threads = block_count(n);
    if (threads > 1 + n / ROWS_LEAST) threads = 1 + n / ROWS_LEAST;
    l.workers = threads;
    ZSC_NEW(l.share, (l.blocks + 1) * l.workers);
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
    free(l.offset);
    free(l.round);
    free(l.edge);
    free(l.rate);
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
