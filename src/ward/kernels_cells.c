/* The inner loops of the search in cells (ball_cells.c) and of dividing clusters into cells (divide.c), compiled for
 * each instruction set. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ward/cluster_lanes.h"
#include "ward/kernels_cells.h"

#pragma GCC diagnostic ignored "-Wpsabi" /* lanes are only passed between static functions of this file */

enum {
    GROUPS = 16,  /* all clusters are compared where a group is near for each so many blocks of them and each query, */
    NEAREST = 4,  /* or where, when so many blocks of cells have been searched, */
    CELLS = 4,    /* a cell is left for so many blocks of all clusters */
    ALL_SHARE = 5 /* of so many clusters, compared in order, the cost is that of one compared in cells (nearest.c) */
};

static float apart(const float *x, const float *y, size_t width)
{
    lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_WARD_BLOCK) {
        lanes a = zsc_lanes_load(x + j), b = zsc_lanes_load(y + j);
        EACH_PART
        {
            part gap = a.p[i] - b.p[i];
            sum.p[i] = zsc_about(gap, gap, sum.p[i]);
        }
    }
    return total(sum);
}

/* The bits of vectors first .. end - 1 among those of a block. */
static inline unsigned bits_within(size_t block, size_t first, size_t end)
{
    size_t from = block * ZSC_WARD_BLOCK;
    unsigned mask = (1u << ZSC_WARD_BLOCK) - 1;
    if (first > from) mask &= mask << (first - from);
    if (end < from + ZSC_WARD_BLOCK) mask &= (1u << (end - from)) - 1;
    return mask;
}

/* Puts a cluster, if it is not there, among the nearest of a query. */
static inline void put_hit(zsc_ward_cell_query *q, float distance, int32_t slot)
{
    for (size_t k = 0; k < q->count; k++)
        if (q->hits[k].slot == slot) return;
    size_t at = q->count < ZSC_WARD_NEAR_MOST ? q->count++ : ZSC_WARD_NEAR_MOST - 1;
    for (; at > 0 && q->hits[at - 1].distance > distance; at--) q->hits[at] = q->hits[at - 1];
    q->hits[at] = (zsc_ward_hit){distance, slot};
    q->bound = q->reach * q->hits[0].distance;
    if (q->count == ZSC_WARD_NEAR_MOST && q->hits[ZSC_WARD_NEAR_MOST - 1].distance < q->bound)
        q->bound = q->hits[ZSC_WARD_NEAR_MOST - 1].distance;
}

/* Compares the clusters of a block that `within` has with a query. */
static inline void scan_block(const zsc_ward_cells *t, zsc_ward_cell_query *q, size_t block, unsigned within)
{
    lanes inverse = zsc_lanes_load(t->inverse + block * ZSC_WARD_BLOCK),
          limit = shift_scale(inverse, q->inverse, q->bound / 2), square = {0};
    unsigned mask = scan(q->x, t->x + block * t->d * ZSC_WARD_BLOCK, t->d, limit, &square) & within;
    for (; mask; mask &= mask - 1) {
        int l = __builtin_ctz(mask);
        float distance = 2 * lane(square, l) / (lane(inverse, l) + q->inverse);
        int32_t slot = t->slot[block * ZSC_WARD_BLOCK + (size_t)l];
        if (slot != q->self && slot >= 0 && distance < q->bound) put_hit(q, distance, slot);
    }
}

static inline void scan_cell(const zsc_ward_cells *t, zsc_ward_cell_query *q, size_t cell)
{
    size_t first = (size_t)t->cell_begin[cell], end = (size_t)t->cell_begin[cell + 1];
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++)
        scan_block(t, q, b, bits_within(b, first, end));
}

/* A ball around queries, the largest of their inverse weights, and the largest distance that is of use to one of them.
 */
typedef struct asking {
    const float *x;
    float radius, inverse, limit;
} asking;

/* How far, squared, centres of a block of balls may be off at most, for a cluster to be within the limit. */
static inline lanes reaches(const zsc_ward_cells *t, const zsc_ward_balls *balls, size_t block, const asking *a)
{
    const float *radius = balls->radius + block * ZSC_WARD_BLOCK, *lightest = balls->lightest + block * ZSC_WARD_BLOCK;
    const float grow = 1 + (float)t->relative, half = a->limit * grow / 2;
    float reach[ZSC_WARD_BLOCK];
    for (size_t l = 0; l < ZSC_WARD_BLOCK; l++) {
        float away = (sqrtf(half * (a->inverse + lightest[l])) + (a->radius + radius[l])) * grow;
        reach[l] = away >= 0 ? away * away : -1;
    }
    return zsc_lanes_load(reach);
}

/* Queries of one cell, whose clusters are in blocks. */
typedef struct batch {
    zsc_ward_cell_query *query;
    size_t count, cell, first, blocks;  /* of the cell: its first block, and how many it has clusters in */
    signed char at[4 * ZSC_WARD_BLOCK]; /* of each position in these: the query, or -1 */
    asking all;
    float norm;    /* the square of the length of all.x */
    float *centre; /* scratch: width */
    bool left;     /* is to be compared with all clusters */
} batch;

_Static_assert((int)ZSC_WARD_CELL_MOST <= 3 * (int)ZSC_WARD_BLOCK, "a cell has clusters in four blocks at most");

/* Which balls of a block may have a cluster within the limit. */
static inline unsigned near_balls(const zsc_ward_cells *t, const zsc_ward_balls *balls, size_t block, const asking *a,
                                  lanes *square)
{
    return scan(a->x, balls->centre + block * t->d * ZSC_WARD_BLOCK, t->d, reaches(t, balls, block, a), square);
}

static int by_gap(const void *a, const void *b)
{
    float x = ((const zsc_ward_near_block *)a)->gap, y = ((const zsc_ward_near_block *)b)->gap;
    return (x > y) - (x < y);
}

/* Adds the cells of a group, which follow those that are there. */
static size_t add_cells(const zsc_ward_cells *t, size_t group, zsc_ward_near_block *near, size_t count)
{
    size_t first = (size_t)t->group_begin[group], end = (size_t)t->group_begin[group + 1];
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++) {
        if (count == 0 || (size_t)near[count - 1].block != b) near[count++] = (zsc_ward_near_block){0, (int32_t)b, 0};
        near[count - 1].balls |= bits_within(b, first, end);
    }
    return count;
}

/* --- Products: cheaper than squares of differences, where most are far beyond the limits */
enum { TOGETHER = ZSC_FLOATS / 2 }; /* vectors whose products are made together: as many as registers hold */

static inline float square_length(const float *x, size_t width)
{
    lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_WARD_BLOCK) {
        lanes a = zsc_lanes_load(x + j);
        EACH_PART sum.p[i] = zsc_about(a.p[i], a.p[i], sum.p[i]);
    }
    return total(sum);
}

/* The products of TOGETHER vectors with those of a block. */
static inline void multiply(const float *const *x, const float *block, size_t d, lanes *out)
{
    lanes sum[TOGETHER];
#pragma GCC unroll 8
    for (int v = 0; v < TOGETHER; v++) EACH_PART sum[v].p[i] = zsc_every(0);
    for (size_t j = 0; j < d; j++) {
        lanes a = zsc_lanes_load(block + j * ZSC_WARD_BLOCK);
#pragma GCC unroll 8
        for (int v = 0; v < TOGETHER; v++) EACH_PART sum[v].p[i] = zsc_about(a.p[i], zsc_every(x[v][j]), sum[v].p[i]);
    }
#pragma GCC unroll 8
    for (int v = 0; v < TOGETHER; v++) out[v] = sum[v];
}

/* Bit l is set where |y|^2 - 2 x y is at most `limit` + `more` for vector l of a block; `more` has the rest of the
 * square. */
static inline unsigned may_be_near(lanes norm, lanes product, lanes limit, float more)
{
    unsigned mask = 0;
    EACH_PART mask |= zsc_at_most(norm.p[i] - 2 * product.p[i], limit.p[i] + more) << (ZSC_FLOATS * i);
    return mask;
}

/* The squares of (x + more) grow, 0 where that is below 0. */
static inline lanes square_of_sum(lanes x, float more, float grow)
{
    EACH_PART
    {
        const part sum = (x.p[i] + more) * grow;
        const zsc_ints above = sum > 0;
        x.p[i] = (part)((zsc_ints)(sum * sum) & above);
    }
    return x;
}

static inline float largest_of(const float *x)
{
    float most = x[0];
    for (size_t l = 1; l < ZSC_WARD_BLOCK; l++) most = x[l] > most ? x[l] : most;
    return most;
}

/* Of each run, which of the first `end` groups may have a cluster within its limit. A block of them is read once for
 * all runs. groups: runs x blocks. */
static void list_groups(const zsc_ward_cells *t, const batch *q, size_t runs, size_t end, uint16_t *groups)
{
    const zsc_ward_balls *balls = &t->group;
    const size_t blocks = zsc_ward_blocks(balls->count);
    const float grow = 1 + (float)t->relative;
    memset(groups, 0, runs * blocks * sizeof *groups);
    for (size_t b = 0; b * ZSC_WARD_BLOCK < end; b++) {
        const unsigned there = bits_within(b, 0, end);
        const float lightest = largest_of(balls->lightest + b * ZSC_WARD_BLOCK);
        const lanes norm = zsc_lanes_load(balls->norm + b * ZSC_WARD_BLOCK),
                    radius = zsc_lanes_load(balls->radius + b * ZSC_WARD_BLOCK);
        for (size_t first = 0; first < runs; first += TOGETHER) {
            const size_t count = runs - first < TOGETHER ? runs - first : TOGETHER;
            const float *x[TOGETHER];
            lanes product[TOGETHER], square = {0};
            for (size_t v = 0; v < TOGETHER; v++) x[v] = q[first + (v < count ? v : 0)].all.x;
            multiply(x, balls->centre + b * t->d * ZSC_WARD_BLOCK, t->d, product);
            for (size_t v = 0; v < count; v++) {
                const asking *a = &q[first + v].all;
                lanes limit = square_of_sum(radius, sqrtf(a->limit * grow / 2 * (a->inverse + lightest)) + a->radius,
                                            grow);
                unsigned mask = may_be_near(norm, product[v], limit, t->slack - q[first + v].norm);
                if (mask) mask = near_balls(t, balls, b, a, &square);
                groups[(first + v) * blocks + b] = (uint16_t)(mask & there);
            }
        }
    }
}

/* Keeps the cells of the list that may have a cluster within the limit; how many blocks of them are left. */
static size_t keep_near(const zsc_ward_cells *t, const asking *a, zsc_ward_near_block *near, size_t count)
{
    size_t kept = 0;
    lanes square = {0};
    for (size_t k = 0; k < count; k++) {
        zsc_ward_near_block here = {INFINITY, near[k].block, near[k].balls};
        here.balls &= near_balls(t, &t->cell, (size_t)here.block, a, &square);
        if (!here.balls) continue;
        for (unsigned mask = here.balls; mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask);
            float gap = sqrtf(lane(square, l)) - t->cell.radius[(size_t)here.block * ZSC_WARD_BLOCK + (size_t)l];
            here.gap = gap < here.gap ? gap : here.gap;
        }
        near[kept++] = here;
    }
    return kept;
}

/* The cells of these groups that may have a cluster within the limit, those first whose balls are nearest. */
static size_t list_cells(const zsc_ward_cells *t, const asking *a, const uint16_t *groups, zsc_ward_near_block *near)
{
    size_t count = 0;
    for (size_t b = 0; b * ZSC_WARD_BLOCK < t->group.count; b++)
        for (unsigned mask = groups[b]; mask; mask &= mask - 1) {
            size_t k = b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask);
            count = add_cells(t, k, near, count);
        }
    count = keep_near(t, a, near, count);
    qsort(near, count, sizeof *near, by_gap);
    return count;
}

static inline float largest_bound(const zsc_ward_cell_query *query, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < count; i++) most = query[i].bound > most ? query[i].bound : most;
    return most;
}

/* Compares the cells of a block that MASK has with the queries for which they may have a nearer cluster. */
static size_t search_block(const zsc_ward_cells *t, size_t block, unsigned mask, zsc_ward_cell_query *query,
                           size_t count)
{
    size_t compared = 0;
    for (size_t i = 0; i < count; i++) {
        const asking one = {query[i].x, 0, query[i].inverse, query[i].bound};
        lanes square = {0};
        unsigned here = near_balls(t, &t->cell, block, &one, &square);
        for (here &= mask; here; here &= here - 1) {
            size_t cell = block * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(here);
            scan_cell(t, &query[i], cell);
            compared += (size_t)(t->cell_begin[cell + 1] - t->cell_begin[cell]);
        }
    }
    return compared;
}

static void get_batch(const zsc_ward_cells *t, size_t cell, zsc_ward_cell_query *query, size_t count, batch *out)
{
    size_t end = (size_t)t->cell_begin[cell + 1];
    out->query = query;
    out->count = count;
    out->cell = cell;
    out->first = (size_t)t->cell_begin[cell] / ZSC_WARD_BLOCK;
    out->blocks = zsc_ward_blocks(end) - out->first;
    memset(out->at, -1, sizeof out->at);
    for (size_t i = 0; i < count; i++)
        out->at[(size_t)t->position[query[i].self] - out->first * ZSC_WARD_BLOCK] = (signed char)i;
}

/* Compares a cell with the queries for which it may have a nearer cluster: all distances to its centre at once. */
static size_t search_one(const zsc_ward_cells *t, size_t cell, batch *q)
{
    const float *from = t->cell.centre + cell / ZSC_WARD_BLOCK * t->d * ZSC_WARD_BLOCK + cell % ZSC_WARD_BLOCK;
    const float grow = 1 + (float)t->relative, radius = t->cell.radius[cell], lightest = t->cell.lightest[cell];
    float away = (sqrtf(q->all.limit * grow / 2 * (q->all.inverse + lightest)) + radius) * grow;
    size_t compared = 0;
    lanes limit, square = {0};
    EACH_PART limit.p[i] = zsc_every(away * away);
    for (size_t j = 0; j < t->d; j++) q->centre[j] = from[j * ZSC_WARD_BLOCK];
    for (size_t b = 0; b < q->blocks; b++) {
        unsigned mask = scan(q->centre, t->x + (q->first + b) * t->d * ZSC_WARD_BLOCK, t->d, limit, &square);
        for (; mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask), i = q->at[b * ZSC_WARD_BLOCK + (size_t)l];
            if (i < 0) continue;
            zsc_ward_cell_query *one = &q->query[i];
            float reach = (sqrtf(one->bound * grow / 2 * (one->inverse + lightest)) + radius) * grow;
            if (!(lane(square, l) <= reach * reach)) continue;
            scan_cell(t, one, cell);
            compared += (size_t)(t->cell_begin[cell + 1] - t->cell_begin[cell]);
        }
    }
    return compared + q->count;
}

/* Of the cells of the block that MASK has, but for the queries' own. */
static size_t search_near(const zsc_ward_cells *t, size_t block, unsigned mask, batch *q)
{
    lanes square = {0};
    size_t compared = 0;
    if (q->cell / ZSC_WARD_BLOCK == block) mask &= ~(1u << q->cell % ZSC_WARD_BLOCK);
    if (mask) mask &= near_balls(t, &t->cell, block, &q->all, &square);
    if (!mask) return 0;
    if ((size_t)__builtin_popcount(mask) * q->blocks >= q->count)
        compared = search_block(t, block, mask, q->query, q->count) + q->count * ZSC_WARD_BLOCK;
    else
        for (; mask; mask &= mask - 1)
            compared += search_one(t, block * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask), q);
    q->all.limit = largest_bound(q->query, q->count);
    return compared;
}

/* Of the queries' own cell; makes the ball around them. */
static size_t search_own(const zsc_ward_cells *t, batch *q)
{
    const float grow = 1 + (float)t->relative;
    for (size_t i = 0; i < q->count; i++) {
        zsc_ward_cell_query *one = &q->query[i];
        one->bound = INFINITY;
        one->count = 0;
        scan_cell(t, one, q->cell);
        float away = apart(one->x, q->all.x, t->width);
        q->all.radius = away > q->all.radius ? away : q->all.radius;
        q->all.inverse = one->inverse > q->all.inverse ? one->inverse : q->all.inverse;
    }
    q->all.radius = sqrtf(q->all.radius) * grow;
    q->all.limit = largest_bound(q->query, q->count);
    return q->count * (size_t)(t->cell_begin[q->cell + 1] - t->cell_begin[q->cell]);
}

/* The queries' own cell and the others of its group, for a bound. near: scratch. */
static size_t search_own_group(const zsc_ward_cells *t, batch *q, zsc_ward_near_block *near)
{
    const size_t group = (size_t)t->group_of[q->cell];
    size_t compared = search_own(t, q), blocks = add_cells(t, group, near, 0);
    for (size_t k = 0; k < blocks; k++) compared += search_near(t, (size_t)near[k].block, near[k].balls, q);
    return compared;
}

/* Are so many cells left that it is better to compare all clusters? */
static bool many_left(const zsc_ward_cells *t, const zsc_ward_near_block *near, size_t count)
{
    size_t cells = 0;
    for (size_t k = 0; k < count; k++) cells += (size_t)__builtin_popcount(near[k].balls);
    return cells * CELLS > zsc_ward_blocks(t->positions);
}

/* The cells of the other groups. Those first whose balls are nearest; where many groups are near, or many cells are
 * left after these, the queries are left. */
static size_t search_groups(const zsc_ward_cells *t, batch *q, const uint16_t *groups, zsc_ward_near_block *near)
{
    const size_t group = (size_t)t->group_of[q->cell], first = (size_t)t->group_begin[group],
                 end = (size_t)t->group_begin[group + 1];
    size_t compared = 0, near_groups = 0, blocks;
    for (size_t b = 0; b * ZSC_WARD_BLOCK < t->group.count; b++) near_groups += (size_t)__builtin_popcount(groups[b]);
    q->left = near_groups * GROUPS > q->count * zsc_ward_blocks(t->positions);
    if (q->left) return 0;
    blocks = list_cells(t, &q->all, groups, near);
    for (size_t k = 0; k < blocks; k++) {
        size_t b = (size_t)near[k].block;
        bool apart_from = b * ZSC_WARD_BLOCK >= end || (b + 1) * ZSC_WARD_BLOCK <= first;
        unsigned searched = apart_from ? 0 : bits_within(b, first, end);
        compared += search_near(t, b, near[k].balls & ~searched, q);
        if (k + 1 == NEAREST) {
            blocks = k + 1 + keep_near(t, &q->all, near + k + 1, blocks - k - 1);
            q->left = many_left(t, near + k + 1, blocks - k - 1);
            if (q->left) break;
        }
    }
    return compared;
}

static void drop_beyond(zsc_ward_cell_query *q)
{
    while (q->count > 0 && q->hits[q->count - 1].distance > q->bound) q->count--;
}

/* Compares block b with TOGETHER queries at most. norm: of each of them. */
static void scan_together(const zsc_ward_cells *t, size_t b, zsc_ward_cell_query *query, const float *norm,
                          size_t count)
{
    const lanes lengths = zsc_lanes_load(t->norm + b * ZSC_WARD_BLOCK),
                inverse = zsc_lanes_load(t->inverse + b * ZSC_WARD_BLOCK);
    const float *x[TOGETHER];
    lanes product[TOGETHER];
    for (size_t v = 0; v < TOGETHER; v++) x[v] = query[v < count ? v : 0].x;
    multiply(x, t->x + b * t->d * ZSC_WARD_BLOCK, t->d, product);
    for (size_t v = 0; v < count; v++) {
        lanes limit = shift_scale(inverse, query[v].inverse, query[v].bound / 2);
        if (may_be_near(lengths, product[v], limit, t->slack - norm[v]))
            scan_block(t, &query[v], b, (1u << ZSC_WARD_BLOCK) - 1);
    }
}

/* Compares the clusters from position `first` on with all queries, for which a block of them is read once. */
static void scan_from(const zsc_ward_cells *t, size_t first, zsc_ward_cell_query *query, size_t count)
{
    float norm[ZSC_WARD_CELL_QUERIES];
    for (size_t i = 0; i < count; i++) norm[i] = square_length(query[i].x, t->width);
    for (size_t b = first / ZSC_WARD_BLOCK; b < zsc_ward_blocks(t->positions); b++)
        for (size_t i = 0; i < count; i += TOGETHER)
            scan_together(t, b, query + i, norm + i, count - i < TOGETHER ? count - i : TOGETHER);
}

/* Compares the queries of all runs with all light clusters, whose groups need not be looked at then. */
static size_t search_light(const zsc_ward_cells *t, zsc_ward_cell_query *query, batch *q, size_t runs)
{
    if (t->light_position == t->positions) return 0;
    scan_from(t, t->light_position, query, runs);
    for (size_t r = 0; r < runs; r++) q[r].all.limit = largest_bound(q[r].query, q[r].count);
    return runs * (t->positions - t->light_position) / ALL_SHARE;
}

static size_t near(const zsc_ward_cells *t, const zsc_ward_cell_run *run, size_t runs, bool alone,
                   const zsc_ward_near_scratch *scratch)
{
    const size_t blocks = zsc_ward_blocks(t->group.count);
    size_t compared = 0;
    batch q[ZSC_WARD_RUNS];
    for (size_t r = 0; r < runs; r++) {
        q[r] = (batch){.all = {.x = run[r].centre}, .centre = scratch->centre};
        q[r].norm = square_length(run[r].centre, t->width);
        get_batch(t, (size_t)run[r].cell, run[r].query, run[r].count, &q[r]);
        compared += search_own_group(t, &q[r], scratch->cells);
    }
    if (alone) compared += search_light(t, run[0].query, q, runs);
    list_groups(t, q, runs, alone ? t->light_group : t->group.count, scratch->groups);
    for (size_t r = 0; r < runs; r++) compared += search_groups(t, &q[r], scratch->groups + r * blocks, scratch->cells);
    for (size_t r = 0; r < runs; r++) {
        for (size_t i = 0; i < q[r].count; i++) {
            drop_beyond(&q[r].query[i]);
            q[r].query[i].left = q[r].left;
        }
        compared += q[r].left ? q[r].count * t->positions / ALL_SHARE : 0;
    }
    return compared;
}

static void all(const zsc_ward_cells *t, zsc_ward_cell_query *query, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        query[i].bound = INFINITY;
        query[i].count = 0;
        scan_cell(t, &query[i], (size_t)t->cell_of[t->position[query[i].self]]);
    }
    scan_from(t, 0, query, count);
    for (size_t i = 0; i < count; i++) drop_beyond(&query[i]);
}

/* Reports the clusters of a cell; returns the bound afterwards. */
static float report_cell(const zsc_ward_cells *t, const zsc_ward_cell_query *q, size_t cell, float bound,
                         zsc_ward_within_fn report, void *data)
{
    const float grow = 1 + (float)t->relative;
    size_t first = (size_t)t->cell_begin[cell], end = (size_t)t->cell_begin[cell + 1];
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++) {
        lanes inverse = zsc_lanes_load(t->inverse + b * ZSC_WARD_BLOCK), square = {0};
        lanes limit = shift_scale(inverse, q->inverse, bound * grow / 2);
        unsigned mask = scan(q->x, t->x + b * t->d * ZSC_WARD_BLOCK, t->d, limit, &square);
        for (mask &= bits_within(b, first, end); mask; mask &= mask - 1) {
            int32_t slot = t->slot[b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask)];
            if (slot != q->self && slot >= 0) bound = report(data, slot);
        }
    }
    return bound;
}

static float report_group(const zsc_ward_cells *t, const zsc_ward_cell_query *q, size_t group, float bound,
                          zsc_ward_within_fn report, void *data)
{
    size_t first = (size_t)t->group_begin[group], end = (size_t)t->group_begin[group + 1];
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++) {
        const asking one = {q->x, 0, q->inverse, bound};
        lanes square = {0};
        unsigned mask = near_balls(t, &t->cell, b, &one, &square);
        for (mask &= bits_within(b, first, end); mask; mask &= mask - 1)
            bound = report_cell(t, q, b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask), bound, report, data);
    }
    return bound;
}

static void within(const zsc_ward_cells *t, const zsc_ward_cell_query *q, float bound, zsc_ward_within_fn report,
                   void *data)
{
    for (size_t b = 0; b * ZSC_WARD_BLOCK < t->group.count; b++) {
        const asking one = {q->x, 0, q->inverse, bound};
        lanes square = {0};
        unsigned mask = near_balls(t, &t->group, b, &one, &square);
        for (mask &= bits_within(b, 0, t->group.count); mask; mask &= mask - 1)
            bound = report_group(t, q, b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask), bound, report, data);
    }
}

/* --- Vectors in blocks, for dividing clusters into cells */
static void distances(const float *x, const float *block, size_t blocks, size_t d, float *out)
{
    lanes limit, square = {0};
    EACH_PART limit.p[i] = zsc_every(INFINITY);
    for (size_t b = 0; b < blocks; b++) {
        scan(x, block + b * d * ZSC_WARD_BLOCK, d, limit, &square);
        memcpy(out + b * ZSC_WARD_BLOCK, &square, sizeof square);
    }
}

static int32_t nearest(const float *x, const float *block, size_t blocks, size_t d, float *least)
{
    int32_t best = -1;
    for (size_t b = 0; b < blocks; b++) {
        lanes limit, square = {0};
        EACH_PART limit.p[i] = zsc_every(*least);
        unsigned mask = scan(x, block + b * d * ZSC_WARD_BLOCK, d, limit, &square);
        for (; mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask);
            if (!(lane(square, l) < *least)) continue;
            *least = lane(square, l);
            best = (int32_t)(b * ZSC_WARD_BLOCK) + l;
        }
    }
    return best;
}

static float farthest(const float *x, const float *block, size_t first, size_t end, size_t d)
{
    float most = -INFINITY;
    lanes limit, square = {0};
    EACH_PART limit.p[i] = zsc_every(INFINITY);
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++) {
        unsigned mask = scan(x, block + b * d * ZSC_WARD_BLOCK, d, limit, &square) & bits_within(b, first, end);
        for (; mask; mask &= mask - 1) {
            float here = lane(square, __builtin_ctz(mask));
            most = here < INFINITY && here > most ? here : most;
        }
    }
    return most;
}

const zsc_ward_cell_kernels ZSC_SIMD(zsc_ward_cell_kernels) = {
    .near = near,
    .all = all,
    .within = within,
    .apart = apart,
    .distances = distances,
    .nearest = nearest,
    .farthest = farthest,
};
