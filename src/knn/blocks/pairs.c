/* The order in which tiles are computed, and by which thread.
 *
 * ZSC_PAIRS_GROUP x ZSC_PAIRS_GROUP blocks make one unit of work, for which a thread makes the panels of 2
 * ZSC_PAIRS_GROUP blocks at most (where the index does not hold them). Units of blocks that are near each other come
 * first, so that limits become tight early: a unit's place is the lower of two ranks, that of J among the neighbours of
 * I and that of I among those of J; where J is of another index, the first. Beyond the very nearest, CLASS ranks
 * count as one place, so that units of one I follow each other and share its panels. */
#include "knn/blocks/pairs.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { MOST_RANKED = 2048, CLASS = 8, TILE_PAIRS = ZSC_TILE * ZSC_TILE };

typedef struct worker {
    float *panels;   /* 2 ZSC_PAIRS_GROUP blocks, as far as there are so many; NULL when the index holds them */
    float *vector;   /* scratch of a row's width */
    float *limit[2]; /* ZSC_TILE each */
    zsc_tile_pair *pairs;
    int32_t held[2]; /* the groups whose panels are in `panels` */
} worker;

typedef struct run {
    const zsc_block_index *index[2]; /* of the left and of the right blocks */
    const zsc_pairs_pass *pass;
    zsc_pairs_unit *units;
    size_t count;
    worker *workers;
    int threads;
    zsc_pairs_asking asking;
} run;

/* --- Units in order */
typedef struct near_group {
    double distance;
    int32_t group;
} near_group;

static int nearer(const void *a, const void *b)
{
    const near_group *x = a, *y = b;
    if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void centroid_of_group(const zsc_block_index *index, size_t g, double *centroid)
{
    size_t from = g * ZSC_PAIRS_GROUP,
           to = from + ZSC_PAIRS_GROUP < index->blocks ? from + ZSC_PAIRS_GROUP : index->blocks;
    memset(centroid, 0, ZSC_BLOCK_CENTROID * sizeof *centroid);
    for (size_t b = from; b < to; b++)
        for (size_t a = 0; a < ZSC_BLOCK_CENTROID; a++)
            centroid[a] += (double)index->centroid[b * ZSC_BLOCK_CENTROID + a] / (double)(to - from);
}

static size_t groups_of(const zsc_block_index *index)
{
    return (index->blocks + ZSC_PAIRS_GROUP - 1) / ZSC_PAIRS_GROUP;
}

/* ranks[i * groups + j], groups being those on the right: how many of these are nearer to i than j. */
static zsc_status rank_groups(const zsc_block_index *left, const zsc_block_index *right, int threads, uint16_t *ranks)
{
    zsc_status status = ZSC_OK;
    size_t groups = groups_of(right);
    double *centroid = NULL;
    near_group *scratch = NULL;
    ZSC_NEW(centroid, groups * ZSC_BLOCK_CENTROID);
    ZSC_NEW(scratch, groups * (size_t)threads);
    for (size_t g = 0; g < groups; g++) centroid_of_group(right, g, centroid + g * ZSC_BLOCK_CENTROID);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < groups_of(left); i++) {
        near_group *list = scratch + groups * (size_t)zsc_thread_number();
        double own[ZSC_BLOCK_CENTROID];
        centroid_of_group(left, i, own);
        for (size_t j = 0; j < groups; j++) {
            double sum = left == right && i == j ? -1 : 0; /* a group is its own nearest */
            for (size_t a = 0; a < ZSC_BLOCK_CENTROID; a++) {
                double t = own[a] - centroid[j * ZSC_BLOCK_CENTROID + a];
                sum += t * t;
            }
            list[j] = (near_group){isfinite(sum) ? sum : HUGE_VAL, (int32_t)j};
        }
        qsort(list, groups, sizeof *list, nearer);
        for (size_t r = 0; r < groups; r++) ranks[i * groups + (size_t)list[r].group] = (uint16_t)r;
    }
done:
    free(centroid);
    free(scratch);
    return status;
}

/* Counting sort by place; units of one place stay in the order of (i, j). */
static zsc_status sort_units(zsc_pairs_unit *units, size_t count, size_t groups, zsc_pairs_unit *sorted)
{
    zsc_status status = ZSC_OK;
    size_t *start = NULL;
    ZSC_NEW(start, groups + 1);
    for (size_t u = 0; u < count; u++) start[units[u].place + 1]++;
    for (size_t p = 0; p < groups; p++) start[p + 1] += start[p];
    for (size_t u = 0; u < count; u++) sorted[start[units[u].place]++] = units[u];
done:
    free(start);
    return status;
}

/* ranks, unless NULL: of rank_groups. */
static size_t place_of(const uint16_t *ranks, size_t groups, bool same, size_t i, size_t j)
{
    size_t place = i < j ? j - i : i - j; /* near in the order is near enough where ranks would take too much memory */
    if (ranks) place = ranks[i * groups + j];
    if (ranks && same && ranks[j * groups + i] < place) place = ranks[j * groups + i];
    return place < CLASS ? place : place / CLASS + CLASS - 1;
}

zsc_status zsc_pairs_units(const zsc_block_index *left, const zsc_block_index *right, int threads, zsc_pairs_unit **out,
                           size_t *count)
{
    zsc_status status = ZSC_OK;
    uint16_t *ranks = NULL;
    zsc_pairs_unit *units = NULL, *sorted = NULL;
    bool same = left == right;
    size_t rows = groups_of(left), groups = groups_of(right), most = rows > groups ? rows : groups, made = 0;
    size_t all = same ? groups * (groups + 1) / 2 : rows * groups;
    ZSC_NEW(units, all);
    ZSC_NEW(sorted, all);
    if (most <= MOST_RANKED) {
        ZSC_NEW(ranks, rows * groups);
        ZSC_TRY(rank_groups(left, right, threads, ranks));
    }
    for (size_t i = 0; i < rows; i++)
        for (size_t j = same ? i : 0; j < groups; j++)
            units[made++] = (zsc_pairs_unit){(int32_t)i, (int32_t)j, (int32_t)place_of(ranks, groups, same, i, j)};
    ZSC_TRY(sort_units(units, made, most, sorted));
    *out = sorted;
    *count = made;
    sorted = NULL;
done:
    free(ranks);
    free(units);
    free(sorted);
    return status;
}

/* --- Workers */
static zsc_status make_workers(run *w)
{
    zsc_status status = ZSC_OK;
    const zsc_block_index *index = w->index[0];
    ZSC_NEW(w->workers, (size_t)w->threads);
    for (int t = 0; t < w->threads; t++) {
        worker *k = &w->workers[t];
        k->held[0] = k->held[1] = -1;
        if (!index->panels) ZSC_NEW_RAW(k->panels, 2 * ZSC_PAIRS_GROUP * ZSC_TILE * index->depth);
        ZSC_NEW(k->vector, index->vectors.width);
        ZSC_NEW(k->limit[0], ZSC_TILE);
        ZSC_NEW(k->limit[1], ZSC_TILE);
        ZSC_NEW_RAW(k->pairs, ZSC_TILE * ZSC_TILE);
        for (size_t r = 0; r < ZSC_TILE; r++) k->limit[1][r] = -INFINITY;
    }
done:
    return status;
}

static void free_workers(run *w)
{
    for (int t = 0; w->workers && t < w->threads; t++) {
        free(w->workers[t].panels);
        free(w->workers[t].vector);
        free(w->workers[t].limit[0]);
        free(w->workers[t].limit[1]);
        free(w->workers[t].pairs);
    }
    free(w->workers);
}

/* The panels of block b, which a worker keeps at SIDE 0 or 1. */
static const float *panels_of(const run *w, const worker *k, int side, size_t b)
{
    size_t size = ZSC_TILE * w->index[side]->depth;
    return k->panels ? k->panels + ((size_t)side * ZSC_PAIRS_GROUP + b % ZSC_PAIRS_GROUP) * size
                     : w->index[side]->panels + b * size;
}

static void hold(const run *w, worker *k, int side, size_t g)
{
    const zsc_block_index *index = w->index[side];
    if (!k->panels || k->held[side] == (int32_t)g) return;
    for (size_t b = g * ZSC_PAIRS_GROUP; b < zsc_pairs_group_end(index, g); b++)
        zsc_block_index_fill(index, b, k->vector,
                             k->panels +
                                 ((size_t)side * ZSC_PAIRS_GROUP + b % ZSC_PAIRS_GROUP) * ZSC_TILE * index->depth);
    k->held[side] = (int32_t)g;
}

static bool is_one_index(const run *w) { return w->index[0] == w->index[1]; }

/* One block as a side of a tile; *wanted is set where a row of it looks for anything. */
static zsc_tile_side side_of(const run *w, worker *k, int side, int panels_side, size_t b, bool *wanted)
{
    const zsc_block_index *index = w->index[side];
    if ((side == 0 || is_one_index(w)) && w->pass->limits(w->pass->data, b, k->limit[side])) *wanted = true;
    return (zsc_tile_side){panels_of(w, k, panels_side, b), index->half + b * ZSC_TILE, k->limit[side],
                           zsc_block_rows(index, b)};
}

static size_t upper_half(zsc_tile_pair *pairs, size_t count)
{
    size_t kept = 0;
    for (size_t p = 0; p < count; p++)
        if (pairs[p].i < pairs[p].j) pairs[kept++] = pairs[p];
    return kept;
}

/* Tile (i, j) of unit u. */
static void do_tile(const run *w, int thread, zsc_pairs_unit u, size_t i, size_t j)
{
    worker *k = &w->workers[thread];
    bool wanted = false;
    int side_j = is_one_index(w) && u.i == u.j ? 0 : 1;
    zsc_tile_side a = side_of(w, k, 0, 0, i, &wanted), b = side_of(w, k, 1, side_j, j, &wanted);
    if (!wanted) return;
    hold(w, k, 0, (size_t)u.i);
    hold(w, k, side_j, (size_t)u.j);
    size_t count = w->index[0]->kernels->tile[w->index[0]->tile](&a, &b, w->index[0]->depth, k->pairs);
    if (is_one_index(w) && i == j) count = upper_half(k->pairs, count);
    if (count) w->pass->found(w->pass->data, thread, i, j, k->pairs, count);
}

bool zsc_pairs_goes_on(zsc_pairs_asking *asking, int thread, size_t item)
{
    const zsc_pairs_stage *s = asking->stage;
    const double done = s->before + (s->after - s->before) * (double)item / (double)asking->count;
    if (thread == 0 && !zsc_progress(asking->exec, s->name, done, 1))
        __atomic_store_n(&asking->stop, true, __ATOMIC_RELAXED);
    return !__atomic_load_n(&asking->stop, __ATOMIC_RELAXED);
}

zsc_status zsc_pairs_each_asking(zsc_pairs_asking *asking, zsc_pairs_item_fn fn, void *data)
{
    size_t begun = 0;
#pragma omp parallel num_threads(zsc_threads(asking->exec))
    for (;;) {
        size_t item = __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
        if (item >= asking->count || !zsc_pairs_goes_on(asking, zsc_thread_number(), item)) break;
        fn(data, zsc_thread_number(), item);
    }
    return asking->stop ? zsc_fail(ZSC_EINTERRUPTED, "interrupted") : ZSC_OK;
}

zsc_status zsc_pairs_each(const zsc_pairs_stage *stage, size_t count, zsc_pairs_item_fn fn, void *data,
                          const zsc_exec *exec)
{
    zsc_pairs_asking asking = {.stage = stage, .exec = exec, .count = count};
    return zsc_pairs_each_asking(&asking, fn, data);
}

static void do_unit(void *data, int thread, size_t number)
{
    run *w = data;
    const zsc_pairs_unit u = w->units[number];
    size_t gi = (size_t)u.i, gj = (size_t)u.j;
    for (size_t i = gi * ZSC_PAIRS_GROUP;
         i < zsc_pairs_group_end(w->index[0], gi) && zsc_pairs_goes_on(&w->asking, thread, number); i++)
        for (size_t j = is_one_index(w) && gi == gj ? i : gj * ZSC_PAIRS_GROUP;
             j < zsc_pairs_group_end(w->index[1], gj); j++)
            do_tile(w, thread, u, i, j);
    if (w->pass->done) w->pass->done(w->pass->data, thread);
}

zsc_status zsc_pairs_run(const zsc_block_index *left, const zsc_block_index *right, const zsc_pairs_pass *pass,
                         double share, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    run w = {.index = {left, right}, .pass = pass, .threads = zsc_threads(exec)};
    ZSC_TRY(zsc_pairs_units(left, right, w.threads, &w.units, &w.count));
    ZSC_TRY(make_workers(&w));
    w.asking = (zsc_pairs_asking){.stage = &pass->stage, .exec = exec, .count = (size_t)ceil(share * (double)w.count)};
    status = zsc_pairs_each_asking(&w.asking, do_unit, &w);
done:
    free_workers(&w);
    free(w.units);
    return status;
}

double zsc_pairs_share(size_t n, size_t groups)
{
    size_t all = (n + ZSC_PAIRS_GROUP * ZSC_TILE - 1) / (ZSC_PAIRS_GROUP * ZSC_TILE);
    return 2 * (double)groups / (double)(all + 1);
}

size_t zsc_pairs_units_memory(size_t n, size_t m, int threads, size_t *left)
{
    enum { ROWS = ZSC_TILE * ZSC_PAIRS_GROUP };
    size_t rows = (n + ROWS - 1) / ROWS, groups = m ? (m + ROWS - 1) / ROWS : rows;
    size_t units = m ? rows * groups : groups * (groups + 1) / 2;
    bool ranked = rows <= MOST_RANKED && groups <= MOST_RANKED;
    *left = units * sizeof(zsc_pairs_unit);
    return 2 * *left + groups * sizeof(size_t) +
           (ranked ? rows * groups * 2 + groups * (ZSC_BLOCK_CENTROID * 8 + (size_t)threads * sizeof(near_group)) : 0);
}

/* Blocks whose panels a thread makes: of one index, a group and another; fewer where there are fewer. */
static size_t held_blocks(size_t n, size_t m)
{
    size_t left = (n + ZSC_TILE - 1) / ZSC_TILE, right = (m + ZSC_TILE - 1) / ZSC_TILE;
    if (m == 0) return left < 2 * ZSC_PAIRS_GROUP ? left : 2 * ZSC_PAIRS_GROUP;
    return (left < ZSC_PAIRS_GROUP ? left : ZSC_PAIRS_GROUP) + (right < ZSC_PAIRS_GROUP ? right : ZSC_PAIRS_GROUP);
}

size_t zsc_pairs_memory(const zsc_block_shape *s, size_t m, int threads)
{
    size_t units, ordering = zsc_pairs_units_memory(s->n, m, threads, &units),
                  each = TILE_PAIRS * sizeof(zsc_tile_pair);
    if (!zsc_block_shape_projected(s)) each += held_blocks(s->n, m) * ZSC_TILE * s->depth * sizeof(float);
    each += (s->width + 2 * ZSC_TILE) * sizeof(float);
    size_t passing = units + each * (size_t)threads;
    return passing > ordering ? passing : ordering;
}
