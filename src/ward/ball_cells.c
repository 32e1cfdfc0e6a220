/* Clusters in cells of near ones, and cells in groups, each with a ball around it: built over the current clusters,
 * updated when clusters merge. The clusters of a cell are searched together. A group is left out where even the nearest
 * of its ball is too far from the ball of all of them, a cell where that is so of a cluster's own ball. Queries for
 * which many cells are left are compared with all clusters, many queries at a time.
 *
 * In many dimensions balls tell clusters apart that boxes do not. The coordinates of a spherical cluster are within
 * some 2.5 standard deviations s of its centre, so that its box reaches 2.5 s sqrt(d) into its corners; all of its
 * points are within little more than s sqrt(d).
 *
 * Error of the filter. Coordinates c are below 2 in size (prepare.c; centroids are averages) and are rounded to single
 * precision, u = 2^-24. With M the largest norm, |D~ - D| <= 2 u M + u |D| for a distance D and the one between the
 * rounded points; the d terms of the square, its sum and the two operations after that add (d + 6) u of relative error
 * at most. `relative` and `absolute` are bounds on these, with a margin: see zsc_ward_cells_make. Balls are of the
 * rounded points; radii are rounded up by `relative`, and so is what is compared with distances of centres.
 *
 * Groups, and clusters where all are compared, are first compared by |x|^2 + |y|^2 - 2 x y. Norms and products of d
 * terms are off by (d + 2) u M^2 at most, so that the sum is by 4 (d + 2) u M^2, and the square of the distance as it
 * is computed otherwise by (d + 6) u (2 M)^2. `slack` is 4 relative M^2 = (8 d + 128) u M^2 and a hundredth more: what
 * is beyond a limit by more than that is beyond it computed either way. The rest is compared again. */
#include "ward/ball_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/filtered.h"

enum {
    PARALLEL_LEAST = 4096,
    LIGHT_LEAST = 8, /* light clusters: fewer are divided with the others, */
    LIGHT_SHARE = 4  /* and so are more than one in so many */
};

static const double LIGHT = 0.5; /* of the mean weight: what is below is light */

/* A list ends at this multiple of the nearest distance: clusters beyond it are expensive to find and rarely become the
 * nearest. NARROW: where many would be within it. */
static const float REACH = 2.5F, NARROW = 1.3F;

static size_t padded(size_t count) { return zsc_ward_blocks(count) * ZSC_WARD_BLOCK; }

/* --- The coordinates of one cluster at its position */
static float *in_blocks(float *block, size_t d, size_t k)
{
    return block + k / ZSC_WARD_BLOCK * d * ZSC_WARD_BLOCK + k % ZSC_WARD_BLOCK;
}

static float square_length(const float *x, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++) sum += x[j * ZSC_WARD_BLOCK] * x[j * ZSC_WARD_BLOCK];
    return sum;
}

static void put(zsc_ward_cells *t, const zsc_ward_clusters *s, size_t position, int32_t slot)
{
    float *x = in_blocks(t->x, t->d, position);
    const double *c = s->c + (size_t)slot * s->stride;
    for (size_t j = 0; j < t->d; j++) x[j * ZSC_WARD_BLOCK] = (float)c[j];
    t->slot[position] = slot;
    t->inverse[position] = (float)(1 / s->weight[slot]);
    t->norm[position] = square_length(x, t->d);
    t->position[slot] = (int32_t)position;
}

static void clear_position(zsc_ward_cells *t, size_t position)
{
    *in_blocks(t->x, t->d, position) = INFINITY;
    t->slot[position] = -1;
    t->inverse[position] = 0;
    t->norm[position] = INFINITY;
}

/* --- Balls */
static zsc_status balls_make(size_t count, size_t d, zsc_ward_balls *out)
{
    zsc_status status = ZSC_OK;
    *out = (zsc_ward_balls){.count = count};
    ZSC_NEW(out->centre, padded(count) * d);
    ZSC_NEW_RAW(out->radius, padded(count));
    ZSC_NEW(out->lightest, padded(count));
    ZSC_NEW(out->norm, padded(count));
    for (size_t k = 0; k < padded(count); k++) out->radius[k] = -INFINITY;
done:
    return status;
}

static void balls_free(zsc_ward_balls *balls)
{
    free(balls->centre);
    free(balls->radius);
    free(balls->lightest);
    free(balls->norm);
}

static size_t balls_memory(size_t count, size_t d) { return padded(count) * (d + 3) * sizeof(float); }

/* x: width, 0 beyond d. */
static void get_centre(const zsc_ward_cells *t, const zsc_ward_balls *balls, size_t k, float *x)
{
    const float *from = in_blocks(balls->centre, t->d, k);
    for (size_t j = 0; j < t->d; j++) x[j] = from[j * ZSC_WARD_BLOCK];
    for (size_t j = t->d; j < t->width; j++) x[j] = 0;
}

/* centre: width, scratch. */
static void measure_cell(zsc_ward_cells *t, size_t cell, float *centre)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    size_t first = (size_t)t->cell_begin[cell], end = (size_t)t->cell_begin[cell + 1];
    get_centre(t, &t->cell, cell, centre);
    float most = kernels->farthest(centre, t->x, first, end, t->d);
    t->cell.radius[cell] = most >= 0 ? sqrtf(most) * (1 + (float)t->relative) : -INFINITY;
    t->cell.lightest[cell] = 0;
    for (size_t p = first; p < end; p++) t->cell.lightest[cell] = fmaxf(t->cell.lightest[cell], t->inverse[p]);
}

/* Ball k around the balls begin[k] .. begin[k + 1] - 1 that it is made of. centre: 2 x width, scratch. */
static void measure_around(const zsc_ward_cells *t, zsc_ward_balls *balls, const int32_t *begin,
                           const zsc_ward_balls *parts, size_t k, float *centre)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    const float grow = 1 + (float)t->relative;
    balls->radius[k] = -INFINITY;
    balls->lightest[k] = 0;
    get_centre(t, balls, k, centre);
    for (size_t c = (size_t)begin[k]; c < (size_t)begin[k + 1]; c++) {
        if (!(parts->radius[c] >= 0)) continue;
        get_centre(t, parts, c, centre + t->width);
        float far = sqrtf(kernels->apart(centre, centre + t->width, t->width)) * grow + parts->radius[c];
        balls->radius[k] = fmaxf(balls->radius[k], far * grow);
        balls->lightest[k] = fmaxf(balls->lightest[k], parts->lightest[c]);
    }
}

static void measure_group(zsc_ward_cells *t, size_t group, float *centre)
{
    measure_around(t, &t->group, t->group_begin, &t->cell, group, centre);
}

/* --- Building */
/* The mean of the clusters at positions first .. end - 1, none of which is empty, as the centre of ball k. */
static void put_mean(const zsc_ward_cells *t, zsc_ward_balls *balls, size_t k, size_t first, size_t end)
{
    float *to = in_blocks(balls->centre, t->d, k), share = 1 / (float)(end - first);
    for (size_t p = first; p < end; p++) {
        const float *x = in_blocks(t->x, t->d, p);
        for (size_t j = 0; j < t->d; j++) to[j * ZSC_WARD_BLOCK] += x[j * ZSC_WARD_BLOCK] * share;
    }
    balls->norm[k] = square_length(to, t->d);
}

static void fill_group(zsc_ward_cells *t, const zsc_ward_clusters *s, const int32_t *slots, size_t group, float *centre)
{
    size_t first = (size_t)t->group_begin[group], end = (size_t)t->group_begin[group + 1];
    for (size_t c = first; c < end; c++) {
        for (size_t p = (size_t)t->cell_begin[c]; p < (size_t)t->cell_begin[c + 1]; p++) {
            put(t, s, p, slots[p]);
            t->cell_of[p] = (int32_t)c;
        }
        put_mean(t, &t->cell, c, (size_t)t->cell_begin[c], (size_t)t->cell_begin[c + 1]);
        measure_cell(t, c, centre);
        t->group_of[c] = (int32_t)group;
    }
    put_mean(t, &t->group, group, (size_t)t->cell_begin[first], (size_t)t->cell_begin[end]);
    measure_group(t, group, centre);
}

/* The live clusters, the light ones last; how many are light. A light cluster is near, by Ward's distance, to heavy
 * ones that are far from it, so that balls with one leave little out. Not where all are rows, or many are light. */
static size_t list_live(const zsc_ward_clusters *s, int32_t *of)
{
    size_t live = 0, light = 0;
    double total = 0;
    for (size_t i = 0; i < s->m; i++) total += s->weight[i];
    const double limit = LIGHT * total / (double)s->live;
    for (size_t i = 0; i < s->m; i++) light += s->weight[i] > 0 && s->weight[i] < limit;
    if (light * LIGHT_SHARE > s->live || light < LIGHT_LEAST) light = 0;
    for (size_t i = 0, last = s->live - light; i < s->m; i++) {
        if (!(s->weight[i] > 0)) continue;
        bool is_light = light > 0 && s->weight[i] < limit;
        of[is_light ? last++ : live++] = (int32_t)i;
    }
    return light;
}

/* Adds a division of the positions that follow. */
static zsc_status append(zsc_ward_division *to, const zsc_ward_division *more)
{
    zsc_status status = ZSC_OK;
    const size_t groups = to->groups, cells = to->cells;
    const int32_t positions = to->cell_begin[cells];
    zsc_ward_division both = {.groups = groups + more->groups, .cells = cells + more->cells};
    ZSC_NEW_RAW(both.group_begin, both.groups + 1);
    ZSC_NEW_RAW(both.cell_begin, both.cells + 1);
    memcpy(both.group_begin, to->group_begin, groups * sizeof *both.group_begin);
    memcpy(both.cell_begin, to->cell_begin, cells * sizeof *both.cell_begin);
    for (size_t g = 0; g <= more->groups; g++) both.group_begin[groups + g] = (int32_t)cells + more->group_begin[g];
    for (size_t c = 0; c <= more->cells; c++) both.cell_begin[cells + c] = positions + more->cell_begin[c];
    zsc_ward_division_free(to);
    *to = both;
    both = (zsc_ward_division){0};
done:
    zsc_ward_division_free(&both);
    return status;
}

/* Clusters from .. from + count - 1 of the list, whose vectors there are: their slots by cell. */
static zsc_status divide_part(const zsc_ward_clusters *s, size_t as_of, const float *vector, const int32_t *of,
                              size_t from, size_t count, size_t width, zsc_polls *polls, int32_t *order, int32_t *slots,
                              zsc_ward_division *out)
{
    zsc_status status = zsc_ward_divide(vector + from * width, count, as_of, s->d, width, polls, order, out);
    for (size_t i = 0; i < count && status == ZSC_OK; i++) slots[from + i] = of[from + (size_t)order[i]];
    return status;
}

/* slots: live, of the live clusters by cell; *light: how many of them are, at the end. */
static zsc_status divide(const zsc_ward_clusters *s, size_t as_of, size_t width, const zsc_exec *exec, int32_t *slots,
                         zsc_ward_division *out, size_t *light, size_t *light_group)
{
    zsc_status status = ZSC_OK;
    float *vector = NULL;
    int32_t *order = NULL, *of = NULL;
    zsc_ward_division more = {0};
    ZSC_NEW_RAW(vector, s->live * width);
    ZSC_NEW_RAW(order, s->live);
    ZSC_NEW_RAW(of, s->live);
    *light = list_live(s, of);
    const size_t live = s->live, heavy = live - *light;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) if (live > PARALLEL_LEAST)
    for (size_t i = 0; i < live; i++)
        for (size_t j = 0; j < width; j++)
            vector[i * width + j] = j < s->d ? (float)s->c[(size_t)of[i] * s->stride + j] : 0;
    zsc_progress_part first = {exec, "clustering", 0, (double)heavy / (double)live},
                      second = {exec, "clustering", first.end, 1};
    const zsc_exec of_heavy = zsc_progress_within(&first), of_light = zsc_progress_within(&second);
    zsc_polls polls = {.exec = &of_heavy, .stage = "clustering"};
    ZSC_TRY(divide_part(s, as_of, vector, of, 0, heavy, width, &polls, order, slots, out));
    *light_group = out->groups;
    if (*light) {
        polls.exec = &of_light;
        ZSC_TRY(divide_part(s, as_of, vector, of, heavy, *light, width, &polls, order, slots, &more));
        ZSC_TRY(append(out, &more));
    }
done:
    zsc_ward_division_free(&more);
    free(vector);
    free(order);
    free(of);
    return status;
}

static double largest_norm(const zsc_ward_clusters *s, int threads)
{
    double most = 0;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : most) if (s->m > PARALLEL_LEAST)
    for (size_t i = 0; i < s->m; i++) {
        double norm = 0;
        for (size_t j = 0; j < s->stride && s->weight[i] > 0; j++)
            norm += s->c[i * s->stride + j] * s->c[i * s->stride + j];
        most = fmax(most, norm);
    }
    return sqrt(most);
}

static zsc_status allocate(const zsc_ward_clusters *s, zsc_ward_division *division, zsc_ward_cells *t)
{
    zsc_status status = ZSC_OK;
    t->positions = s->live;
    t->cell_begin = division->cell_begin;
    t->group_begin = division->group_begin;
    division->cell_begin = division->group_begin = NULL;
    ZSC_TRY(balls_make(division->cells, t->d, &t->cell));
    ZSC_TRY(balls_make(division->groups, t->d, &t->group));
    ZSC_NEW_RAW(t->cell_of, t->positions);
    ZSC_NEW_RAW(t->group_of, t->cell.count);
    ZSC_NEW(t->touched, t->cell.count);
    ZSC_NEW_RAW(t->x, padded(t->positions) * t->d);
    ZSC_NEW(t->inverse, padded(t->positions));
    ZSC_NEW(t->norm, padded(t->positions));
    ZSC_NEW_RAW(t->slot, padded(t->positions));
    ZSC_NEW_RAW(t->position, s->m);
    for (size_t p = t->positions; p < padded(t->positions); p++) {
        for (size_t j = 0; j < t->d; j++) in_blocks(t->x, t->d, p)[j * ZSC_WARD_BLOCK] = 0;
        clear_position(t, p);
    }
done:
    return status;
}

zsc_status zsc_ward_cells_make(const zsc_ward_clusters *s, size_t as_of, const zsc_exec *exec, zsc_ward_cells *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    zsc_ward_cells t = {.d = s->d, .width = padded(s->d)};
    zsc_ward_division division = {0};
    int32_t *slots = NULL;
    size_t light = 0;
    ZSC_NEW_RAW(slots, s->live);
    ZSC_NEW_RAW(t.scratch, (size_t)threads * 2 * t.width);
    ZSC_TRY(divide(s, as_of, t.width, exec, slots, &division, &light, &t.light_group));
    t.light_position = s->live - light;
    ZSC_TRY(allocate(s, &division, &t));
    t.relative = 0x1p-24 * (double)(2 * s->d + 32);
    const double longest = largest_norm(s, threads);
    t.absolute = 0x1p-24 * 2.1 * longest + 1e-18 * sqrt((double)s->d);
    t.slack = (float)(4.04 * t.relative * longest * longest + 1e-30);
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (s->live > PARALLEL_LEAST)
    for (size_t g = 0; g < t.group.count; g++)
        fill_group(&t, s, slots, g, t.scratch + (size_t)zsc_thread_number() * 2 * t.width);
    *out = t;
    t = (zsc_ward_cells){0};
done:
    zsc_ward_cells_free(&t);
    zsc_ward_division_free(&division);
    free(slots);
    return status;
}

size_t zsc_ward_cells_memory(size_t clusters, size_t of, size_t d, int threads)
{
    size_t width = padded(d), cells = zsc_ward_cells_most(clusters, of), groups = zsc_ward_groups_most(clusters, of);
    size_t dividing = clusters * (width * 4 + 12) + zsc_ward_divide_memory(clusters, of, d, threads);
    size_t kept = clusters * 12 + padded(clusters) * (d * 4 + 12) + cells * 9 + groups * 4 + balls_memory(cells, d) +
                  balls_memory(groups, d);
    return (dividing > kept ? dividing : kept) + (size_t)threads * 2 * width * 4;
}

void zsc_ward_cells_free(zsc_ward_cells *t)
{
    free(t->cell_begin);
    free(t->group_begin);
    free(t->cell_of);
    free(t->group_of);
    balls_free(&t->cell);
    balls_free(&t->group);
    free(t->x);
    free(t->inverse);
    free(t->norm);
    free(t->slot);
    free(t->position);
    free(t->touched);
    free(t->scratch);
    *t = (zsc_ward_cells){0};
}

/* --- Merging */
static void measure_touched(zsc_ward_cells *t, size_t group)
{
    float *centre = t->scratch + (size_t)zsc_thread_number() * 2 * t->width;
    bool changed = false;
    for (size_t c = (size_t)t->group_begin[group]; c < (size_t)t->group_begin[group + 1]; c++) {
        if (!t->touched[c]) continue;
        measure_cell(t, c, centre);
        t->touched[c] = 0;
        changed = true;
    }
    if (changed) measure_group(t, group, centre);
}

/* Cluster a keeps its position. Afterwards balls of cells and groups fit what is in them. */
void zsc_ward_cells_merge(zsc_ward_cells *t, const zsc_ward_clusters *s, const zsc_ward_merge *pair, size_t pairs,
                          int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads) if (pairs > PARALLEL_LEAST)
    for (size_t p = 0; p < pairs; p++) {
        __atomic_store_n(&t->touched[zsc_ward_cell_of(t, pair[p].a)], 1, __ATOMIC_RELAXED);
        __atomic_store_n(&t->touched[zsc_ward_cell_of(t, pair[p].b)], 1, __ATOMIC_RELAXED);
        clear_position(t, (size_t)t->position[pair[p].b]);
        put(t, s, (size_t)t->position[pair[p].a], pair[p].a);
    }
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (pairs > PARALLEL_LEAST)
    for (size_t g = 0; g < t->group.count; g++) measure_touched(t, g);
}

/* --- Searching */
static void report_within(const zsc_ward_filtered *f, float bound, zsc_ward_within_fn report, void *data)
{
    ZSC_SIMD_PICK(zsc_ward_cell_kernels)->within(f->structure, f->query, bound, report, data);
}

static void decide(const zsc_ward_cells *t, const zsc_ward_clusters *s, zsc_ward_cell_query *q, zsc_ward_near_list *out)
{
    const zsc_ward_filtered filtered = {t->relative, t->absolute,   q->self, q->hits, q->count,
                                        q->bound,    report_within, t,       q};
    zsc_ward_decide(&filtered, s, out);
}

static void find_each(const zsc_ward_cells *t, const int32_t *slots, size_t count,
                      const zsc_ward_cells_scratch *scratch, zsc_ward_cell_run *run)
{
    for (size_t i = 0; i < count; i++)
        run[i] = (zsc_ward_cell_run){.query = scratch->query + i,
                                     .count = 1,
                                     .cell = zsc_ward_cell_of(t, slots[i]),
                                     .centre = scratch->query[i].x};
}

/* The slots of each cell. */
static size_t find_runs(const zsc_ward_cells *t, const int32_t *slots, size_t count,
                        const zsc_ward_cells_scratch *scratch, zsc_ward_cell_run *run)
{
    size_t runs = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t cell = zsc_ward_cell_of(t, slots[i]);
        if (runs == 0 || run[runs - 1].cell != cell) {
            float *centre = scratch->x + (ZSC_WARD_CELL_QUERIES + runs) * t->width;
            get_centre(t, &t->cell, (size_t)cell, centre);
            run[runs++] = (zsc_ward_cell_run){.query = scratch->query + i, .cell = cell, .centre = centre};
        }
        run[runs - 1].count++;
    }
    return runs;
}

static void put_queries(const zsc_ward_cells *t, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                        float reach, const zsc_ward_cells_scratch *scratch)
{
    for (size_t i = 0; i < count; i++) {
        float *x = scratch->x + i * t->width;
        const float *from = in_blocks(t->x, t->d, (size_t)t->position[slots[i]]);
        for (size_t j = 0; j < t->width; j++) x[j] = j < t->d ? from[j * ZSC_WARD_BLOCK] : 0;
        scratch->query[i] = (zsc_ward_cell_query){
            .x = x, .inverse = (float)(1 / s->weight[slots[i]]), .reach = reach, .self = slots[i]};
    }
}

size_t zsc_ward_cells_search(const zsc_ward_cells *t, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                             bool alone, const zsc_ward_cells_scratch *scratch, zsc_ward_near_list *near)
{
    zsc_ward_cell_run run[ZSC_WARD_RUNS];
    size_t runs = count;
    put_queries(t, s, slots, count, alone ? NARROW : REACH, scratch);
    if (alone)
        find_each(t, slots, count, scratch, run);
    else
        runs = find_runs(t, slots, count, scratch, run);
    size_t compared = ZSC_SIMD_PICK(zsc_ward_cell_kernels)->near(t, run, runs, alone, &scratch->near);
    for (size_t i = 0; i < count; i++) {
        if (scratch->query[i].left)
            near[i].radius = -1;
        else
            decide(t, s, &scratch->query[i], &near[i]);
    }
    return compared;
}

void zsc_ward_cells_search_all(const zsc_ward_cells *t, const zsc_ward_clusters *s, const int32_t *slots, size_t count,
                               const zsc_ward_cells_scratch *scratch, zsc_ward_near_list *near)
{
    put_queries(t, s, slots, count, REACH, scratch);
    ZSC_SIMD_PICK(zsc_ward_cell_kernels)->all(t, scratch->query, count);
    for (size_t i = 0; i < count; i++) decide(t, s, &scratch->query[i], &near[i]);
}

zsc_status zsc_ward_cells_scratch_make(const zsc_ward_cells *t, zsc_ward_cells_scratch *out)
{
    zsc_status status = ZSC_OK;
    *out = (zsc_ward_cells_scratch){0};
    ZSC_NEW_RAW(out->query, ZSC_WARD_CELL_QUERIES);
    ZSC_NEW_RAW(out->x, (ZSC_WARD_CELL_QUERIES + ZSC_WARD_RUNS + 1) * t->width);
    ZSC_NEW_RAW(out->near.cells, zsc_ward_blocks(t->cell.count));
    ZSC_NEW_RAW(out->near.groups, ZSC_WARD_RUNS * zsc_ward_blocks(t->group.count));
    out->near.centre = out->x + (ZSC_WARD_CELL_QUERIES + ZSC_WARD_RUNS) * t->width;
done:
    return status;
}

size_t zsc_ward_cells_scratch_memory(size_t clusters, size_t of, size_t d)
{
    return ZSC_WARD_CELL_QUERIES * sizeof(zsc_ward_cell_query) +
           (ZSC_WARD_CELL_QUERIES + ZSC_WARD_RUNS + 1) * padded(d) * sizeof(float) +
           zsc_ward_blocks(zsc_ward_cells_most(clusters, of)) * sizeof(zsc_ward_near_block) +
           ZSC_WARD_RUNS * zsc_ward_blocks(zsc_ward_groups_most(clusters, of)) * sizeof(uint16_t);
}

void zsc_ward_cells_scratch_free(zsc_ward_cells_scratch *scratch)
{
    free(scratch->query);
    free(scratch->x);
    free(scratch->near.cells);
    free(scratch->near.groups);
}
