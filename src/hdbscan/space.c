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
#include "knn/blocks/pd_tree.h"
#include "linalg/distinct.h"

enum { LEAF = 2 * ZSC_HDBSCAN_BLOCK, SAMPLE = 1024 };

/* --- Order */
/* The columns of largest variance in a sample, ZSC_PD_TREE_MOST at most; ascending. */
static zsc_status choose_columns(const zsc_hdbscan_space *s, const float *vector, size_t width, size_t *column,
                                 size_t *count)
{
    zsc_status status = ZSC_OK;
    double *variance = NULL;
    bool *chosen = NULL;
    size_t sample = s->m < SAMPLE ? s->m : SAMPLE;
    ZSC_NEW(variance, width);
    ZSC_NEW(chosen, width);
    for (size_t j = 0; j < width; j++) {
        double sum = 0, squares = 0, origin = (double)vector[j];
        for (size_t i = 0; i < sample; i++) {
            double gap = (double)vector[i * s->m / sample * width + j] - origin;
            sum += gap;
            squares += gap * gap;
        }
        variance[j] = squares - sum * sum / (double)sample;
    }
    *count = width < ZSC_PD_TREE_MOST ? width : ZSC_PD_TREE_MOST;
    for (size_t k = 0; k < *count; k++) {
        size_t best = width;
        for (size_t j = 0; j < width; j++)
            if (!chosen[j] && (best == width || variance[j] > variance[best])) best = j;
        chosen[best] = true;
    }
    for (size_t j = 0, k = 0; j < width; j++)
        if (chosen[j]) column[k++] = j;
done:
    free(variance);
    free(chosen);
    return status;
}

static zsc_status find_order(const zsc_hdbscan_space *s, const float *vector, size_t width, const zsc_exec *exec,
                             int32_t *order)
{
    zsc_status status = ZSC_OK;
    size_t column[ZSC_PD_TREE_MOST], count = 0;
    float *z = NULL;
    ZSC_TRY(choose_columns(s, vector, width, column, &count));
    ZSC_NEW_RAW(z, s->m * count);
    for (size_t i = 0; i < s->m; i++) {
        order[i] = (int32_t)i;
        for (size_t k = 0; k < count; k++) z[i * count + k] = vector[i * width + column[k]];
    }
    ZSC_TRY(zsc_pd_tree_order(z, s->m, count, LEAF, exec, order));
done:
    free(z);
    return status;
}

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
static size_t nodes_of(size_t leaves) { return leaves ? 2 * leaves - 1 : 0; }

/* The same halves as those of the order. */
static size_t left_of(size_t count) { return ((count + LEAF - 1) / LEAF + 1) / 2 * LEAF; }

static void fill_leaf(zsc_hdbscan_space *s, size_t node, size_t from, size_t count)
{
    float *low = s->low + node * s->width, *high = s->high + node * s->width;
    for (size_t j = 0; j < s->width; j++) low[j] = j < s->d ? INFINITY : 0, high[j] = j < s->d ? -INFINITY : 0;
    for (size_t i = from; i < from + count; i++) {
        const float *v = s->vector + i * s->width;
        float *x = s->block + i / ZSC_HDBSCAN_BLOCK * s->d * ZSC_HDBSCAN_BLOCK + i % ZSC_HDBSCAN_BLOCK;
        for (size_t j = 0; j < s->d; j++) {
            low[j] = fminf(low[j], v[j]);
            high[j] = fmaxf(high[j], v[j]);
            x[j * ZSC_HDBSCAN_BLOCK] = v[j];
        }
    }
}

static void build(zsc_hdbscan_space *s, size_t from, size_t count, size_t node)
{
    s->from[node] = (int32_t)from;
    s->end[node] = (int32_t)(from + count);
    if (count <= LEAF) {
        s->right[node] = -1;
        fill_leaf(s, node, from, count);
        return;
    }
    size_t left = left_of(count), right = node + 1 + nodes_of(left / LEAF);
    s->right[node] = (int32_t)right;
#pragma omp task if (count > 4096)
    build(s, from, left, node + 1);
    build(s, from + left, count - left, right);
#pragma omp taskwait
    for (size_t j = 0; j < s->width; j++) {
        s->low[node * s->width + j] = fminf(s->low[(node + 1) * s->width + j], s->low[right * s->width + j]);
        s->high[node * s->width + j] = fmaxf(s->high[(node + 1) * s->width + j], s->high[right * s->width + j]);
    }
}

static zsc_status make_tree(zsc_hdbscan_space *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    s->nodes = nodes_of((s->m + LEAF - 1) / LEAF);
    s->blocks = (s->m + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK;
    ZSC_NEW_RAW(s->right, s->nodes);
    ZSC_NEW_RAW(s->from, s->nodes);
    ZSC_NEW_RAW(s->end, s->nodes);
    ZSC_NEW_RAW(s->low, s->nodes * s->width);
    ZSC_NEW_RAW(s->high, s->nodes * s->width);
    ZSC_NEW_RAW(s->block, s->blocks * s->d * ZSC_HDBSCAN_BLOCK);
    if (s->blocks) /* places beyond the last row are far from everything */
        for (size_t k = 0; k < s->d * ZSC_HDBSCAN_BLOCK; k++)
            s->block[(s->blocks - 1) * s->d * ZSC_HDBSCAN_BLOCK + k] = INFINITY;
#pragma omp parallel num_threads(zsc_threads(exec)) if (s->m > 4096)
#pragma omp single
    if (s->m) build(s, 0, s->m, 0);
done:
    return status;
}

/* --- The whole */
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

static zsc_status make(const float *x, const zsc_distinct *groups, zsc_metric metric, const zsc_exec *exec,
                       zsc_hdbscan_space *s)
{
    zsc_status status = ZSC_OK;
    size_t d = s->d;
    int32_t *order = NULL;
    float *vector = NULL;
    zsc_knn_rows unordered = {0};
    ZSC_NEW_RAW(order, s->m);
    ZSC_NEW_RAW(s->x, s->m * d);
    ZSC_NEW_RAW(s->first, s->m);
    ZSC_NEW_RAW(s->weight, s->m);
    ZSC_NEW_RAW(s->of, s->n);
    ZSC_TRY(zsc_knn_rows_make(x, d, groups->first, s->m, metric, exec, &unordered));
    s->d = vector_width(&unordered, d);
    ZSC_NEW_RAW(vector, s->m * s->d);
    for (size_t i = 0; i < s->m; i++) put_vector(&unordered, i, s->d, vector + i * s->d);
    ZSC_TRY(find_order(s, vector, s->d, exec, order));
    s->rows.d = d;
    ZSC_TRY(fill_rows(s, x, groups, order));
    s->width = (s->d + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK * ZSC_HDBSCAN_BLOCK;
    ZSC_NEW_RAW(s->vector, s->m * s->width);
    ZSC_TRY(zsc_knn_rows_make(s->x, d, NULL, s->m, metric, exec, &s->rows));
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < s->m; i++) put_vector(&s->rows, i, s->width, s->vector + i * s->width);
    bool angular = zsc_knn_rows_angular(&s->rows);
    s->kind = metric == ZSC_MANHATTAN   ? ZSC_HDBSCAN_ABSOLUTE
              : metric == ZSC_CHEBYSHEV ? ZSC_HDBSCAN_LARGEST
                                        : ZSC_HDBSCAN_SQUARES;
    s->relative = 0x1p-24 * (double)(2 * s->d + 32);
    s->absolute = angular ? 0x1p-24 * 4 : 0;
    ZSC_TRY(make_tree(s, exec));
done:
    free(order);
    free(vector);
    zsc_knn_rows_free(&unordered);
    return status;
}

zsc_status zsc_hdbscan_space_make(const float *x, size_t n, size_t d, zsc_metric metric, const zsc_exec *exec,
                                  zsc_hdbscan_space *out)
{
    zsc_status status = ZSC_OK;
    zsc_distinct groups = {0};
    zsc_hdbscan_space s = {.n = n, .d = d};
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"the rows to cluster", NULL}, exec));
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
    free(s->low);
    free(s->high);
    free(s->vector);
    free(s->block);
    *s = (zsc_hdbscan_space){0};
}

/* A row: itself, its vector, its place in a block, a share of the boxes; and while they are made, once more. */
size_t zsc_hdbscan_space_memory(size_t n, size_t d)
{
    size_t width = (d + ZSC_HDBSCAN_BLOCK) / ZSC_HDBSCAN_BLOCK * ZSC_HDBSCAN_BLOCK;
    size_t nodes = nodes_of((n + LEAF - 1) / LEAF);
    size_t kept = n * (d * 4 + width * 4 + d * 4 + 12 + 16) + nodes * (2 * width * 4 + 12);
    return kept + n * (d * 4 + 4) + zsc_distinct_memory(n);
}

float zsc_hdbscan_limit(const zsc_hdbscan_space *s, double measure)
{
    if (isinf(measure)) return INFINITY;
    if (s->kind != ZSC_HDBSCAN_SQUARES) return nextafterf((float)(measure * (1 + s->relative)), INFINITY);
    double root = sqrt(zsc_knn_rows_angular(&s->rows) ? 2 * measure : measure) * (1 + s->relative) + s->absolute;
    return nextafterf((float)(root * root), INFINITY);
}
