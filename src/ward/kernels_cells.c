/* The inner loops of the search in cells (ball_cells.c) and of dividing clusters into cells (divide.c), compiled for
 * each instruction set. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ward/cluster_lanes.h"
#include "ward/kernels_cells.h"

#pragma GCC diagnostic ignored "-Wpsabi" /* lanes are only passed between static functions of this file */

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

/* Compares the clusters of a cell with a query. */
static inline void scan_cell(const zsc_ward_cells *t, zsc_ward_cell_query *q, size_t cell)
{
    size_t first = (size_t)t->cell_begin[cell], end = (size_t)t->cell_begin[cell + 1], count = q->count;
    float bound = q->bound;
    for (size_t b = first / ZSC_WARD_BLOCK; b * ZSC_WARD_BLOCK < end; b++) {
        lanes inverse = zsc_lanes_load(t->inverse + b * ZSC_WARD_BLOCK),
              limit = shift_scale(inverse, q->inverse, bound / 2), square = {0};
        unsigned mask = scan(q->x, t->x + b * t->d * ZSC_WARD_BLOCK, t->d, limit, &square);
        for (mask &= bits_within(b, first, end); mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask);
            float distance = 2 * lane(square, l) / (lane(inverse, l) + q->inverse);
            int32_t slot = t->slot[b * ZSC_WARD_BLOCK + (size_t)l];
            if (slot == q->self || slot < 0 || !(distance < bound)) continue;
            size_t at = count < ZSC_WARD_NEAR ? count++ : ZSC_WARD_NEAR - 1;
            for (; at > 0 && q->hits[at - 1].distance > distance; at--) q->hits[at] = q->hits[at - 1];
            q->hits[at] = (zsc_ward_hit){distance, slot};
            bound = REACH * q->hits[0].distance;
            if (count == ZSC_WARD_NEAR && q->hits[ZSC_WARD_NEAR - 1].distance < bound)
                bound = q->hits[ZSC_WARD_NEAR - 1].distance;
        }
    }
    q->bound = bound;
    q->count = count;
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
        near[count - 1].cells |= bits_within(b, first, end);
    }
    return count;
}

/* The cells that may have a cluster within the limit, those first whose balls are nearest. */
static size_t list_cells(const zsc_ward_cells *t, const asking *a, zsc_ward_near_block *near)
{
    size_t count = 0, kept = 0;
    lanes square = {0};
    for (size_t b = 0; b * ZSC_WARD_BLOCK < t->group.count; b++) {
        unsigned mask = near_balls(t, &t->group, b, a, &square);
        for (mask &= bits_within(b, 0, t->group.count); mask; mask &= mask - 1)
            count = add_cells(t, b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask), near, count);
    }
    for (size_t k = 0; k < count; k++) {
        zsc_ward_near_block here = {INFINITY, near[k].block, near[k].cells};
        here.cells &= near_balls(t, &t->cell, (size_t)here.block, a, &square);
        if (!here.cells) continue;
        for (unsigned mask = here.cells; mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask);
            float gap = sqrtf(lane(square, l)) - t->cell.radius[(size_t)here.block * ZSC_WARD_BLOCK + (size_t)l];
            here.gap = gap < here.gap ? gap : here.gap;
        }
        near[kept++] = here;
    }
    qsort(near, kept, sizeof *near, by_gap);
    return kept;
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

/* Queries of one cell, whose clusters are in blocks. */
typedef struct batch {
    zsc_ward_cell_query *query;
    size_t count, cell, first, blocks;  /* of the cell: its first block, and how many it has clusters in */
    signed char at[4 * ZSC_WARD_BLOCK]; /* of each position in these: the query, or -1 */
    asking all;
    float *centre; /* scratch: width */
} batch;

_Static_assert((int)ZSC_WARD_CELL_MOST <= 3 * (int)ZSC_WARD_BLOCK, "a cell has clusters in four blocks at most");

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

static size_t near(const zsc_ward_cells *t, int32_t cell, float *centre, zsc_ward_cell_query *query, size_t count,
                   zsc_ward_near_block *near)
{
    const size_t group = (size_t)t->group_of[cell], first = (size_t)t->group_begin[group],
                 end = (size_t)t->group_begin[group + 1];
    batch q = {.all = {.x = centre}, .centre = centre + t->width};
    get_batch(t, (size_t)cell, query, count, &q);
    size_t compared = search_own(t, &q), blocks = add_cells(t, group, near, 0); /* for a bound */
    for (size_t k = 0; k < blocks; k++) compared += search_near(t, (size_t)near[k].block, near[k].cells, &q);
    blocks = list_cells(t, &q.all, near);
    for (size_t k = 0; k < blocks; k++) {
        size_t b = (size_t)near[k].block;
        bool apart_from = b * ZSC_WARD_BLOCK >= end || (b + 1) * ZSC_WARD_BLOCK <= first;
        unsigned searched = apart_from ? 0 : bits_within(b, first, end);
        compared += search_near(t, b, near[k].cells & ~searched, &q);
    }
    for (size_t i = 0; i < count; i++)
        while (query[i].count > 0 && query[i].hits[query[i].count - 1].distance > query[i].bound) query[i].count--;
    return compared;
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
    .within = within,
    .apart = apart,
    .distances = distances,
    .nearest = nearest,
    .farthest = farthest,
};
