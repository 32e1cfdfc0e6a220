/* Lengths. For the Euclidean metric they are squares, of the rows themselves, whose coordinates are exact: the
 * difference, its square and the sum round, so that a length is off by (d + 8) u of itself at most, u = 2^-24. For
 * cosine and correlation vectors are directions, rounded to single precision, each off by u: the root of a length is
 * off by 2 u more, `absolute`. The measure is half the square there (knn/rows.c). Boxes round no more than that. */
#include "hdbscan/space.h"

#include <math.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "hdbscan/cells.h"
#include "linalg/distinct.h"

/* --- Vectors */
/* What is compared of each row; where a row has no direction, that is a coordinate of its own, at a length of 2 from
 * all others. */
static size_t vector_width(const zsc_knn_rows *rows, size_t d)
{
    for (size_t i = 0; rows->inverse && i < rows->count; i++)
        if (rows->inverse[i] == 0) return d + 1;
    return d;
}

static void put_vector(const zsc_knn_rows *rows, size_t i, size_t width, float *out)
{
    const float *row = zsc_knn_rows_at(rows, i);
    bool directed = !rows->inverse || rows->inverse[i] > 0;
    for (size_t j = 0; j < rows->d; j++)
        out[j] = !rows->inverse ? row[j] : directed ? (float)(((double)row[j] - rows->mean[i]) * rows->inverse[i]) : 0;
    for (size_t j = rows->d; j < width; j++) out[j] = j == rows->d && !directed ? 1 : 0;
}

/* --- The tree */
static size_t leaves_of(size_t count) { return (count + ZSC_HDBSCAN_LEAF_ROWS - 1) / ZSC_HDBSCAN_LEAF_ROWS; }
static size_t nodes_of(size_t leaves) { return leaves ? 2 * leaves - 1 : 0; }
static size_t blocks_of(size_t count) { return (count + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK; }

static void fill_leaf(zsc_hdbscan_space *s, size_t node, size_t from, size_t count)
{
    float *low = s->low + node * s->width, *high = s->high + node * s->width;
    float *blocks = s->block + (size_t)s->at[node] * s->d * ZSC_HDBSCAN_BLOCK;
    for (size_t j = 0; j < s->width; j++) low[j] = j < s->d ? INFINITY : 0, high[j] = j < s->d ? -INFINITY : 0;
    for (size_t k = 0; k < blocks_of(count) * s->d * ZSC_HDBSCAN_BLOCK; k++) blocks[k] = INFINITY;
    for (size_t i = 0; i < count; i++) {
        const float *v = s->vector + (from + i) * s->width;
        float *x = blocks + i / ZSC_HDBSCAN_BLOCK * s->d * ZSC_HDBSCAN_BLOCK + i % ZSC_HDBSCAN_BLOCK;
        for (size_t j = 0; j < s->d; j++) {
            low[j] = fminf(low[j], v[j]);
            high[j] = fmaxf(high[j], v[j]);
            x[j * ZSC_HDBSCAN_BLOCK] = v[j];
        }
    }
}

/* About the mean of the rows, and the largest distance from it, rounded up. */
static void fill_ball(zsc_hdbscan_space *s, size_t node)
{
    const zsc_hdbscan_kernels *kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels);
    float *centre = s->centre + node * s->width, most = 0, share = 1 / (float)(s->end[node] - s->from[node]);
    for (size_t j = 0; j < s->width; j++) centre[j] = 0;
    for (int32_t i = s->from[node]; i < s->end[node]; i++)
        for (size_t j = 0; j < s->d; j++) centre[j] += s->vector[(size_t)i * s->width + j] * share;
    for (int32_t i = s->from[node]; i < s->end[node]; i++) {
        const float *v = s->vector + (size_t)i * s->width;
        most = fmaxf(most, kernels->to_box[s->kind](centre, centre, v, v, s->width));
    }
    s->radius[node] = (s->kind == ZSC_HDBSCAN_SQUARES ? sqrtf(most) : most) * (1 + (float)s->relative);
}

static void join_boxes(zsc_hdbscan_space *s, size_t node)
{
    size_t left = (node + 1) * s->width, right = (size_t)s->right[node] * s->width;
    for (size_t j = 0; j < s->width; j++) {
        s->low[node * s->width + j] = fminf(s->low[left + j], s->low[right + j]);
        s->high[node * s->width + j] = fmaxf(s->high[left + j], s->high[right + j]);
    }
}

/* Rows from .. from + count - 1 of one cell, whose blocks begin at `block`. */
static void build_cell(zsc_hdbscan_space *s, size_t from, size_t count, size_t node, size_t block, zsc_polls *polls)
{
    if (!zsc_poll(polls, 0)) return;
    s->from[node] = (int32_t)from;
    s->end[node] = (int32_t)(from + count);
    s->at[node] = (int32_t)block;
    fill_ball(s, node);
    if (count <= ZSC_HDBSCAN_LEAF_ROWS) {
        s->right[node] = -1;
        fill_leaf(s, node, from, count);
        return;
    }
    size_t left = zsc_hdbscan_left_of(count, ZSC_HDBSCAN_LEAF_ROWS), right = node + 1 + nodes_of(leaves_of(left));
    s->right[node] = (int32_t)right;
#pragma omp task if (count > 4096)
    build_cell(s, from, left, node + 1, block, polls);
    build_cell(s, from + left, count - left, right, block + blocks_of(left), polls);
#pragma omp taskwait
    if (atomic_load_explicit(&polls->stop, memory_order_relaxed)) return;
    join_boxes(s, node);
}

/* Of all cells before one: their leaves and blocks. */
typedef struct before {
    size_t leaves, blocks;
} before;

/* `count` cells from `cell` on. */
static void build(zsc_hdbscan_space *s, const zsc_hdbscan_cells *cells, const before *b, size_t cell, size_t count,
                  size_t node, zsc_polls *polls)
{
    if (!zsc_poll(polls, 0)) return;
    size_t from = (size_t)cells->begin[cell], end = (size_t)cells->begin[cell + count];
    if (count == 1) {
        build_cell(s, from, end - from, node, b[cell].blocks, polls);
        return;
    }
    size_t left = zsc_hdbscan_left_of(count, 1), right = node + 1 + nodes_of(b[cell + left].leaves - b[cell].leaves);
    s->from[node] = (int32_t)from;
    s->end[node] = (int32_t)end;
    s->at[node] = -1;
    s->right[node] = (int32_t)right;
#pragma omp task
    build(s, cells, b, cell, left, node + 1, polls);
    build(s, cells, b, cell + left, count - left, right, polls);
#pragma omp taskwait
    if (atomic_load_explicit(&polls->stop, memory_order_relaxed)) return;
    fill_ball(s, node);
    join_boxes(s, node);
}

static zsc_status count_before(const zsc_hdbscan_cells *cells, before **out)
{
    zsc_status status = ZSC_OK;
    before *b = NULL;
    ZSC_NEW(b, cells->count + 1);
    for (size_t c = 0; c < cells->count; c++) {
        size_t count = (size_t)(cells->begin[c + 1] - cells->begin[c]);
        b[c + 1] = (before){b[c].leaves + leaves_of(count), b[c].blocks + blocks_of(count)};
    }
    *out = b;
done:
    return status;
}

static zsc_status make_tree(zsc_hdbscan_space *s, const zsc_hdbscan_cells *cells, const before *b, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_polls polls = {.exec = exec, .stage = "core distances"};
    ZSC_NEW_RAW(s->right, s->nodes);
    ZSC_NEW_RAW(s->from, s->nodes);
    ZSC_NEW_RAW(s->end, s->nodes);
    ZSC_NEW_RAW(s->at, s->nodes);
    ZSC_NEW_RAW(s->low, s->nodes * s->width);
    ZSC_NEW_RAW(s->high, s->nodes * s->width);
    ZSC_NEW_RAW(s->centre, s->nodes * s->width);
    ZSC_NEW_RAW(s->radius, s->nodes);
    ZSC_NEW_RAW(s->block, s->blocks * s->d * ZSC_HDBSCAN_BLOCK);
#pragma omp parallel num_threads(zsc_threads(exec)) if (s->m > 4096)
#pragma omp single
    if (s->m) build(s, cells, b, 0, cells->count, 0, &polls);
    status = zsc_polled(&polls);
done:
    return status;
}

static zsc_status fill_rows(zsc_hdbscan_space *s, const float *x, const zsc_distinct *groups, const int32_t *order)
{
    zsc_status status = ZSC_OK;
    int32_t *place = NULL;
    ZSC_NEW_RAW(place, s->m);
    for (size_t p = 0; p < s->m; p++) {
        size_t g = (size_t)order[p];
        place[g] = (int32_t)p;
        s->first[p] = groups->first[g];
        s->weight[p] = groups->offset[g + 1] - groups->offset[g];
        memcpy(s->x + p * s->rows.d, x + (size_t)groups->first[g] * s->rows.d, s->rows.d * sizeof *x);
    }
    for (size_t i = 0; i < s->n; i++) s->of[i] = place[groups->group[i]];
done:
    free(place);
    return status;
}

/* --- Memory */
static size_t norms_memory(size_t m, zsc_metric metric)
{
    return metric == ZSC_COSINE || metric == ZSC_CORRELATION ? m * 2 * sizeof(double) : 0;
}

static size_t round_up(size_t d) { return (d + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK * ZSC_HDBSCAN_BLOCK; }

/* What stays: `columns` are those of the rows, s->d those of the vectors. */
static size_t kept(const zsc_hdbscan_space *s, size_t columns, zsc_metric metric)
{
    size_t width = round_up(s->d);
    return s->n * sizeof *s->of + s->m * (columns * sizeof *s->x + 2 * sizeof *s->first + width * sizeof *s->vector) +
           norms_memory(s->m, metric) + s->nodes * (4 * sizeof *s->right + (3 * width + 1) * sizeof *s->low) +
           s->blocks * ZSC_HDBSCAN_BLOCK * s->d * sizeof *s->block;
}

/* Until the cells are there: groups, rows, their vectors in the order of the input. */
static size_t ordering_memory(const zsc_hdbscan_space *s, size_t columns, zsc_metric metric)
{
    return ZSC_MEMORY_REST + zsc_distinct_kept(s->n) + s->n * sizeof *s->of +
           s->m * ((columns + s->d) * sizeof(float) + 3 * sizeof(int32_t)) + norms_memory(s->m, metric) +
           zsc_hdbscan_cells_memory(s->m, s->d);
}

/* Afterwards. */
static size_t building_memory(const zsc_hdbscan_space *s, size_t columns, zsc_metric metric)
{
    return ZSC_MEMORY_REST + zsc_distinct_kept(s->n) + kept(s, columns, metric) +
           zsc_hdbscan_cells_most(s->m) * (sizeof(before) + sizeof(int32_t));
}

/* --- The whole */
static zsc_status order_rows(const float *x, const zsc_distinct *groups, zsc_metric metric, const zsc_exec *exec,
                             zsc_hdbscan_space *s, int32_t *order, zsc_hdbscan_cells *cells)
{
    zsc_status status = ZSC_OK;
    size_t d = s->d;
    float *vector = NULL;
    zsc_knn_rows unordered = {0};
    ZSC_TRY(zsc_knn_rows_make(x, d, groups->first, s->m, metric, exec, &unordered));
    s->d = vector_width(&unordered, d);
    ZSC_TRY(zsc_memory_check(exec, ordering_memory(s, d, metric), "HDBSCAN"));
    ZSC_NEW_RAW(vector, s->m * s->d);
    for (size_t i = 0; i < s->m; i++) put_vector(&unordered, i, s->d, vector + i * s->d);
    ZSC_TRY(zsc_hdbscan_cells_make(vector, s->m, s->d, s->kind, exec, order, cells));
done:
    free(vector);
    zsc_knn_rows_free(&unordered);
    return status;
}

static zsc_status make(const float *x, const zsc_distinct *groups, zsc_metric metric, const zsc_exec *exec,
                       zsc_hdbscan_space *s)
{
    zsc_status status = ZSC_OK;
    size_t d = s->d;
    int32_t *order = NULL;
    before *b = NULL;
    zsc_hdbscan_cells cells = {0};
    s->kind = metric == ZSC_MANHATTAN   ? ZSC_HDBSCAN_ABSOLUTE
              : metric == ZSC_CHEBYSHEV ? ZSC_HDBSCAN_LARGEST
                                        : ZSC_HDBSCAN_SQUARES;
    ZSC_NEW_RAW(order, s->m);
    ZSC_TRY(order_rows(x, groups, metric, exec, s, order, &cells));
    ZSC_TRY(count_before(&cells, &b));
    s->nodes = nodes_of(b[cells.count].leaves);
    s->blocks = b[cells.count].blocks;
    ZSC_TRY(zsc_memory_check(exec, building_memory(s, d, metric), "HDBSCAN"));
    ZSC_NEW_RAW(s->x, s->m * d);
    ZSC_NEW_RAW(s->first, s->m);
    ZSC_NEW_RAW(s->weight, s->m);
    ZSC_NEW_RAW(s->of, s->n);
    s->rows.d = d;
    ZSC_TRY(fill_rows(s, x, groups, order));
    s->width = round_up(s->d);
    ZSC_NEW_RAW(s->vector, s->m * s->width);
    ZSC_TRY(zsc_knn_rows_make(s->x, d, NULL, s->m, metric, exec, &s->rows));
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < s->m; i++) put_vector(&s->rows, i, s->width, s->vector + i * s->width);
    bool angular = zsc_knn_rows_angular(&s->rows);
    s->relative = 0x1p-24 * (double)(2 * s->d + 32);
    s->absolute = angular ? 0x1p-24 * 4 : 0;
    ZSC_TRY(make_tree(s, &cells, b, exec));
done:
    free(order);
    free(b);
    zsc_hdbscan_cells_free(&cells);
    return status;
}

zsc_status zsc_hdbscan_space_make(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                  zsc_hdbscan_space *out)
{
    zsc_status status = ZSC_OK;
    zsc_distinct groups = {0};
    zsc_hdbscan_space s = {.n = n, .d = d};
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"the rows to cluster", NULL}, exec));
    ZSC_TRY(zsc_memory_check(exec, ZSC_MEMORY_REST + zsc_distinct_memory(n), "HDBSCAN"));
    ZSC_TRY(zsc_distinct_find(x, n, d, exec, &groups));
    s.m = groups.count;
    ZSC_TRY(make(x, &groups, metric, exec, &s));
    *out = s;
    s = (zsc_hdbscan_space){0};
done:
    zsc_hdbscan_space_free(&s);
    zsc_distinct_free(&groups);
    return status;
}

void zsc_hdbscan_space_free(zsc_hdbscan_space *s)
{
    zsc_knn_rows_free(&s->rows);
    free(s->x);
    free(s->first);
    free(s->weight);
    free(s->of);
    free(s->right);
    free(s->from);
    free(s->end);
    free(s->at);
    free(s->low);
    free(s->high);
    free(s->centre);
    free(s->radius);
    free(s->vector);
    free(s->block);
    *s = (zsc_hdbscan_space){0};
}

size_t zsc_hdbscan_space_kept(const zsc_hdbscan_space *s) { return kept(s, s->rows.d, s->rows.metric); }

/* Each cell may end in the middle of a leaf and of a block. */
size_t zsc_hdbscan_space_nodes_most(size_t n) { return nodes_of(leaves_of(n) + zsc_hdbscan_cells_most(n)); }

/* Of n distinct rows. */
static zsc_hdbscan_space largest(size_t n, size_t d, zsc_metric metric)
{
    return (zsc_hdbscan_space){.n = n,
                               .m = n,
                               .d = norms_memory(n, metric) ? d + 1 : d,
                               .nodes = zsc_hdbscan_space_nodes_most(n),
                               .blocks = blocks_of(n) + zsc_hdbscan_cells_most(n)};
}

size_t zsc_hdbscan_space_kept_most(size_t n, size_t d, zsc_metric metric)
{
    zsc_hdbscan_space s = largest(n, d, metric);
    return kept(&s, d, metric);
}

size_t zsc_hdbscan_space_memory(size_t n, size_t d, zsc_metric metric)
{
    zsc_hdbscan_space s = largest(n, d, metric);
    size_t finding = ZSC_MEMORY_REST + zsc_distinct_memory(n), ordering = ordering_memory(&s, d, metric),
           building = building_memory(&s, d, metric), most = finding > ordering ? finding : ordering;
    return most > building ? most : building;
}

float zsc_hdbscan_limit(const zsc_hdbscan_space *s, double measure)
{
    if (isinf(measure)) return INFINITY;
    if (s->kind != ZSC_HDBSCAN_SQUARES) return nextafterf((float)(measure * (1 + s->relative)), INFINITY);
    double root = sqrt(zsc_knn_rows_angular(&s->rows) ? 2 * measure : measure) * (1 + s->relative) + s->absolute;
    return nextafterf((float)(root * root), INFINITY);
}

float zsc_hdbscan_to_node(const zsc_hdbscan_space *s, const zsc_hdbscan_kernels *kernels, const float *x, int32_t node,
                          float limit)
{
    size_t at = (size_t)node * s->width;
    float box = kernels->to_box[s->kind](x, x, s->low + at, s->high + at, s->width);
    if (box > limit) return box;
    float apart = kernels->to_box[s->kind](x, x, s->centre + at, s->centre + at, s->width);
    bool squares = s->kind == ZSC_HDBSCAN_SQUARES;
    float ball = (squares ? sqrtf(apart) : apart) * (1 - (float)s->relative) - s->radius[node];
    return ball > 0 ? fmaxf(box, squares ? ball * ball : ball) : box;
}
