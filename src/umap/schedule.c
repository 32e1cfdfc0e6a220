/* The block schedule keeps threads apart that would otherwise race for rows, as umap-learn's do. Rows are dealt into B
 * blocks. An epoch has B rounds; in round r block p is paired with block p xor r, so that no block is in two tasks; a
 * task updates the edges between the two blocks of a pair (or, in round 0, within one block) one after the other and
 * moves both ends at once. So the tasks of one round share no row that any of them writes.
 *
 * With exclusive or, the rounds of one phase (which agree in their first bits) leave the blocks where they are: data
 * that one processor has written reaches another slowly.
 *
 * Rows are renumbered so that blocks are contiguous: the two blocks of a task stay in the second level of cache. From
 * PATCHES_LEAST rows on they do not, and each update waits for memory twice. There rows are put into an order in which
 * most edges are within patches of ZSC_UMAP_PATCH_ROWS consecutive rows (patches.c), and are dealt into blocks from
 * it. Edges within patches have rounds of their own: each of them has the patches k, k + K, k + 2 K, ... as its tasks,
 * which share no row either. The edges that are left are between blocks as before.
 *
 * The edges of a task are shuffled, so that an update seldom waits for coordinates that the previous one wrote. An edge
 * is 8 bytes: its rate, and which rows of its task's two blocks its ends are. */
#include "umap/schedule.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/patches.h"

enum {
    ROWS_PER_TASK = 8,
    BLOCKS_MOST = 256, /* B^2 ROWS_PER_TASK <= n: some two hundred updates per task at 30 neighbours; B is a power of
                        * two, so that every block is in a pair in every round */
    BLOCKS_MOST_BESIDE = 64, /* the same beside patches, which have most edges */
    PATCHES_LEAST = 1 << 18,
    PATCHES_PER_ROUND = 64, /* at least, for threads to share, but no more rounds than */
    PATCH_ROUNDS_MOST = 16,
    PARALLEL_LEAST = 1 << 18 /* edges: fewer take a millisecond or two, not worth waking threads */
};

static size_t forced = 0;

void zsc_umap_schedule_force(size_t rows) { forced = rows; }

bool zsc_umap_schedule_has_patches(size_t n) { return n >= (forced ? forced : PATCHES_LEAST); }

size_t zsc_umap_schedule_blocks(size_t n)
{
    size_t blocks = 2, most = zsc_umap_schedule_has_patches(n) ? BLOCKS_MOST_BESIDE : BLOCKS_MOST;
    while (2 * blocks <= most && 4 * blocks * blocks * ROWS_PER_TASK <= n) blocks *= 2;
    while (n > blocks * ZSC_UMAP_BLOCK_ROWS_MOST) blocks *= 2;
    return blocks;
}

static size_t patch_rounds_of(size_t patches)
{
    size_t rounds = 1;
    while (rounds < PATCH_ROUNDS_MOST && 2 * rounds * PATCHES_PER_ROUND <= patches) rounds *= 2;
    return rounds;
}

static size_t block_start(const zsc_umap_schedule *s, size_t c)
{
    size_t each = s->n / s->blocks, more = s->n % s->blocks;
    return c * each + (c < more ? c : more);
}

zsc_umap_rows_of zsc_umap_block_rows(const zsc_umap_schedule *s, size_t block)
{
    return s->position ? (zsc_umap_rows_of){block, s->blocks} : (zsc_umap_rows_of){block_start(s, block), 1};
}

size_t zsc_umap_block_count(const zsc_umap_schedule *s, size_t block)
{
    return block_start(s, block + 1) - block_start(s, block);
}

/* The number by which row i is dealt: its own, or its position. */
static size_t dealt(const zsc_umap_schedule *s, size_t i) { return s->position ? (size_t)s->position[i] : i; }

size_t zsc_umap_position(const zsc_umap_schedule *s, size_t i)
{
    return s->position ? (size_t)s->position[i] : block_start(s, i % s->blocks) + i / s->blocks;
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

/* The inverse. */
size_t zsc_umap_task_blocks(size_t round, size_t task, size_t block[2])
{
    block[0] = task;
    if (round == 0) return 1;
    size_t bit = leading_bit(round);
    block[0] = task / bit * 2 * bit + task % bit;
    block[1] = block[0] ^ round;
    return 2;
}

static uint32_t edge_of(size_t head, size_t tail, bool second)
{
    return (uint32_t)(head | tail << 15 | (size_t)second << 30);
}

/* The task of an edge between the rows that are dealt as numbers i and k, and which rows of it they are. */
static size_t place(const zsc_umap_schedule *s, size_t i, size_t k, uint32_t *edge)
{
    const size_t patch = i / ZSC_UMAP_PATCH_ROWS, p = i % s->blocks, q = k % s->blocks;
    if (s->patches && patch == k / ZSC_UMAP_PATCH_ROWS) {
        *edge = edge_of(i % ZSC_UMAP_PATCH_ROWS, k % ZSC_UMAP_PATCH_ROWS, false);
        return s->round[s->blocks + patch % s->patch_rounds] + patch / s->patch_rounds;
    }
    *edge = edge_of(i / s->blocks, k / s->blocks, p & leading_bit(p ^ q));
    return task_of(s->blocks, p, q);
}

/* Shuffles the edges of each task (Fisher and Yates), keyed by the task. */
static zsc_status shuffle(const zsc_umap_schedule *s, size_t tasks, uint64_t seed, int threads, zsc_polls *polls)
{
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads) if (s->offset[tasks] > PARALLEL_LEAST)
    for (size_t t = 0; t < tasks; t++) {
        if (!zsc_poll(polls, 0)) continue;
        zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_LAYOUT, t);
        for (size_t e = s->offset[t + 1]; e-- > s->offset[t] + 1;) {
            size_t f = s->offset[t] + (size_t)zsc_stream_below(&stream, e - s->offset[t] + 1);
            uint32_t edge = s->edge[e], rate = s->rate[e];
            s->edge[e] = s->edge[f], s->rate[e] = s->rate[f];
            s->edge[f] = edge, s->rate[f] = rate;
        }
    }
    return zsc_polled(polls);
}

/* The first task of each round; how many there are in all. */
static size_t number_tasks(zsc_umap_schedule *s)
{
    size_t *round = s->round;
    round[1] = s->blocks;
    for (size_t r = 2; r <= s->blocks; r++) round[r] = round[r - 1] + s->blocks / 2;
    for (size_t k = 0; k < s->patch_rounds; k++)
        round[s->blocks + k + 1] = round[s->blocks + k] + (s->patches + s->patch_rounds - 1 - k) / s->patch_rounds;
    return round[s->blocks + s->patch_rounds];
}

/* Rows are divided into PARTS, which count their edges of each task, and then put them behind those of the parts
 * before: the order of a task's edges is that of their rows, however many parts there are. */
static size_t part_begin(const zsc_graph *g, size_t part, size_t parts) { return g->n * part / parts; }

/* Whether to go on, asked of every 1,024th row. */
static bool goes_on(zsc_polls *polls, size_t i) { return i % 1024 || zsc_poll(polls, 0); }

static void count_edges(const zsc_umap_schedule *s, const zsc_graph *g, size_t begin, size_t end, zsc_polls *polls,
                        size_t *count)
{
    uint32_t edge;
    for (size_t i = begin; i < end && goes_on(polls, i); i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            count[place(s, dealt(s, i), dealt(s, (size_t)g->column[e]), &edge)]++;
}

static void put_edges(const zsc_umap_schedule *s, const zsc_graph *g, size_t begin, size_t end, float most,
                      zsc_polls *polls, size_t *next)
{
    uint32_t edge;
    for (size_t i = begin; i < end && goes_on(polls, i); i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
            size_t k = (size_t)g->column[e], to = next[place(s, dealt(s, i), dealt(s, k), &edge)]++;
            s->edge[to] = edge;
            s->rate[to] = (uint32_t)((double)g->weight[e] / most * 0x1p31 + 0.5) / 2 * 2 + (i < k);
        }
}

/* next: parts x tasks, the counts, becomes where each part's edges of each task begin. */
static void sum_counts(zsc_umap_schedule *s, size_t tasks, size_t parts, size_t *next)
{
    size_t sum = 0;
    for (size_t t = 0; t < tasks; t++) {
        s->offset[t] = sum;
        for (size_t p = 0; p < parts; p++) {
            const size_t count = next[p * tasks + t];
            next[p * tasks + t] = sum;
            sum += count;
        }
        if (s->longest < sum - s->offset[t]) s->longest = sum - s->offset[t];
    }
    s->offset[tasks] = sum;
}

/* Assigns the directed edges of the graph to the tasks. */
static zsc_status assign_edges(zsc_umap_schedule *s, const zsc_graph *g, size_t tasks, int threads, zsc_polls *polls)
{
    zsc_status status = ZSC_OK;
    const size_t edges = g->offset[g->n], parts = edges > PARALLEL_LEAST ? (size_t)threads : 1;
    size_t *next = NULL;
    float most = 0;
    for (size_t e = 0; e < edges; e++) most = g->weight[e] > most ? g->weight[e] : most;
    ZSC_NEW(s->offset, tasks + 1);
    ZSC_NEW_RAW(s->edge, edges);
    ZSC_NEW_RAW(s->rate, edges);
    ZSC_NEW(next, parts * tasks);
#pragma omp parallel for schedule(static, 1) num_threads((int)parts)
    for (size_t p = 0; p < parts; p++)
        count_edges(s, g, part_begin(g, p, parts), part_begin(g, p + 1, parts), polls, next + p * tasks);
    ZSC_TRY(zsc_polled(polls));
    sum_counts(s, tasks, parts, next);
#pragma omp parallel for schedule(static, 1) num_threads((int)parts)
    for (size_t p = 0; p < parts; p++)
        put_edges(s, g, part_begin(g, p, parts), part_begin(g, p + 1, parts), most, polls, next + p * tasks);
    status = zsc_polled(polls);
done:
    free(next);
    return status;
}

zsc_status zsc_umap_schedule_make(const zsc_graph *graph, uint64_t seed, const zsc_exec *exec, zsc_umap_schedule *out)
{
    zsc_status status = ZSC_OK;
    const int threads = zsc_threads(exec);
    zsc_polls polls = {.exec = exec, .stage = "layout"};
    zsc_umap_schedule s = {.n = graph->n, .blocks = zsc_umap_schedule_blocks(graph->n)};
    if (zsc_umap_schedule_has_patches(s.n)) {
        s.patches = (s.n + ZSC_UMAP_PATCH_ROWS - 1) / ZSC_UMAP_PATCH_ROWS;
        s.patch_rounds = patch_rounds_of(s.patches);
        ZSC_NEW_RAW(s.position, s.n);
        ZSC_TRY(zsc_umap_patches(graph, ZSC_UMAP_PATCH_ROWS, &polls, s.position));
    }
    ZSC_NEW(s.round, s.blocks + s.patch_rounds + 1);
    const size_t tasks = number_tasks(&s);
    ZSC_TRY(assign_edges(&s, graph, tasks, threads, &polls));
    ZSC_TRY(shuffle(&s, tasks, seed, threads, &polls));
    *out = s;
    s = (zsc_umap_schedule){0};
done:
    zsc_umap_schedule_free(&s);
    return status;
}

void zsc_umap_schedule_free(zsc_umap_schedule *s)
{
    free(s->position);
    free(s->offset);
    free(s->round);
    free(s->edge);
    free(s->rate);
    *s = (zsc_umap_schedule){0};
}

size_t zsc_umap_schedule_memory(size_t n, size_t edges, int threads)
{
    const size_t blocks = zsc_umap_schedule_blocks(n), tasks = blocks * (blocks + 1) / 2,
                 patches = zsc_umap_schedule_has_patches(n) ? n / ZSC_UMAP_PATCH_ROWS + 1 : 0;
    return edges * 8 + (tasks + patches) * 8 * (1 + (size_t)threads) + (patches ? n * sizeof(int32_t) : 0);
}
