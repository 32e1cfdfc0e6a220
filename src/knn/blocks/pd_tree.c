/* A tree of principal directions (Sproull 1991; McNames 2001).
 *
 * A node is split where a hyperplane across its rows' first principal direction leaves half of them on either side. The
 * direction comes from a power iteration on the covariance of at most SAMPLE of the node's rows: it need not be exact,
 * as only speed depends on it. All nodes of one level are split in parallel. */
#include "knn/blocks/pd_tree.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

enum { SAMPLE = 256, STEPS = 10, SAMPLE_OF_COLUMNS = 1024 };

typedef struct keyed {
    float key;
    int32_t row;
} keyed;

typedef struct node {
    size_t from, to;
} node;

static bool before(keyed a, keyed b) { return a.key < b.key || (a.key == b.key && a.row < b.row); }

static void exchange(keyed *items, size_t a, size_t b)
{
    keyed t = items[a];
    items[a] = items[b];
    items[b] = t;
}

/* Hoare's selection: afterwards items[0 .. middle-1] come before items[middle ..]. No two items are equal. */
static void select_lower(keyed *items, size_t count, size_t middle)
{
    size_t low = 0, high = count;
    while (low < middle && middle < high &&
           high - low > 1) { /* the boundary is inside low .. high: two items or more */
        exchange(items, low, low + (size_t)(zsc_mix64(high * 31 + low) % (high - low)));
        keyed pivot = items[low];
        size_t edge = low;
        for (size_t i = low + 1; i < high; i++)
            if (before(items[i], pivot)) exchange(items, ++edge, i);
        exchange(items, low, edge);
        if (edge < middle)
            low = edge + 1;
        else
            high = edge;
    }
}

/* The direction of largest spread of the rows of a node, q numbers into v. */
static void direction(const float *z, size_t q, const int32_t *rows, size_t count, double *v)
{
    double mean[ZSC_PD_TREE_MOST] = {0}, cov[ZSC_PD_TREE_MOST][ZSC_PD_TREE_MOST] = {{0}};
    size_t sample = count < SAMPLE ? count : SAMPLE;
    for (size_t s = 0; s < sample; s++)
        for (size_t a = 0; a < q; a++) mean[a] += (double)z[(size_t)rows[s * count / sample] * q + a] / (double)sample;
    for (size_t s = 0; s < sample; s++) {
        const float *row = z + (size_t)rows[s * count / sample] * q;
        for (size_t a = 0; a < q; a++)
            for (size_t b = 0; b <= a; b++) cov[a][b] += ((double)row[a] - mean[a]) * ((double)row[b] - mean[b]);
    }
    size_t widest = 0;
    for (size_t a = 0; a < q; a++) {
        if (cov[a][a] > cov[widest][widest]) widest = a;
        for (size_t b = 0; b < a; b++) cov[b][a] = cov[a][b];
    }
    for (size_t a = 0; a < q; a++) v[a] = a == widest ? 1 : 0;
    for (size_t step = 0; step < STEPS; step++) {
        double next[ZSC_PD_TREE_MOST], length = 0;
        for (size_t a = 0; a < q; a++) {
            next[a] = 0;
            for (size_t b = 0; b < q; b++) next[a] += cov[a][b] * v[b];
            length += next[a] * next[a];
        }
        if (!(length > 0) || isinf(length)) return;
        for (size_t a = 0; a < q; a++) v[a] = next[a] / sqrt(length);
    }
}

static void split(const float *z, size_t q, node p, size_t middle, int32_t *order, keyed *items)
{
    double v[ZSC_PD_TREE_MOST];
    size_t count = p.to - p.from;
    direction(z, q, order + p.from, count, v);
    for (size_t i = 0; i < count; i++) {
        const float *row = z + (size_t)order[p.from + i] * q;
        double key = 0;
        for (size_t a = 0; a < q; a++) key += v[a] * (double)row[a];
        items[p.from + i] = (keyed){isfinite(key) ? (float)key : 0, order[p.from + i]};
    }
    select_lower(items + p.from, count, middle - p.from);
    for (size_t i = p.from; i < p.to; i++) order[i] = items[i].row;
}

static size_t middle_of(node p, size_t leaf)
{
    size_t leaves = (p.to - p.from + leaf - 1) / leaf;
    return p.from + (leaves + 1) / 2 * leaf;
}

zsc_status zsc_pd_tree_order(const float *z, size_t n, size_t q, size_t leaf, const char *stage, const zsc_exec *exec,
                             int32_t *order)
{
    zsc_polls polls = {.exec = exec, .stage = stage};
    zsc_status status = ZSC_OK;
    node *nodes = NULL, *next = NULL;
    keyed *items = NULL;
    size_t most = n / leaf + 2, count = 1;
    if (q > ZSC_PD_TREE_MOST)
        return zsc_fail(ZSC_EINTERNAL, "a tree of %zu coordinates; the most is %d", q, (int)ZSC_PD_TREE_MOST);
    ZSC_NEW_RAW(nodes, most);
    ZSC_NEW_RAW(next, most);
    ZSC_NEW_RAW(items, n);
    nodes[0] = (node){0, n};
    while (count > 0) {
        size_t made = 0, splits = 0;
        for (size_t i = 0; i < count; i++)
            if (nodes[i].to - nodes[i].from > leaf) nodes[splits++] = nodes[i];
#pragma omp parallel for schedule(dynamic) num_threads(zsc_threads(exec))
        for (size_t i = 0; i < splits; i++)
            if (zsc_poll(&polls, 0)) split(z, q, nodes[i], middle_of(nodes[i], leaf), order, items);
        ZSC_TRY(zsc_polled(&polls));
        for (size_t i = 0; i < splits; i++) {
            size_t middle = middle_of(nodes[i], leaf);
            next[made++] = (node){nodes[i].from, middle};
            next[made++] = (node){middle, nodes[i].to};
        }
        node *swap = nodes;
        nodes = next;
        next = swap;
        count = made;
    }
done:
    free(nodes);
    free(next);
    free(items);
    return status;
}

/* --- Rows of any width */
zsc_status zsc_pd_tree_choose_columns(const float *x, size_t n, size_t d, size_t *column, size_t *count)
{
    zsc_status status = ZSC_OK;
    double *variance = NULL;
    bool *chosen = NULL;
    size_t sample = n < SAMPLE_OF_COLUMNS ? n : SAMPLE_OF_COLUMNS;
    ZSC_NEW(variance, d);
    ZSC_NEW(chosen, d);
    for (size_t j = 0; j < d; j++) {
        double sum = 0, squares = 0, origin = (double)x[j];
        for (size_t i = 0; i < sample; i++) {
            double gap = (double)x[i * n / sample * d + j] - origin;
            sum += gap;
            squares += gap * gap;
        }
        variance[j] = squares - sum * sum / (double)sample;
    }
    *count = d < ZSC_PD_TREE_MOST ? d : ZSC_PD_TREE_MOST;
    for (size_t k = 0; k < *count; k++) {
        size_t best = d;
        for (size_t j = 0; j < d; j++)
            if (!chosen[j] && (best == d || variance[j] > variance[best])) best = j;
        chosen[best] = true;
    }
    for (size_t j = 0, k = 0; j < d; j++)
        if (chosen[j]) column[k++] = j;
done:
    free(variance);
    free(chosen);
    return status;
}

zsc_status zsc_pd_tree_order_rows(const float *x, size_t n, size_t d, size_t leaf, const char *stage,
                                  const zsc_exec *exec, int32_t *order)
{
    zsc_status status = ZSC_OK;
    size_t column[ZSC_PD_TREE_MOST], count = 0;
    float *z = NULL;
    if (n == 0) return ZSC_OK;
    ZSC_TRY(zsc_pd_tree_choose_columns(x, n, d, column, &count));
    ZSC_NEW_RAW(z, n * count);
    for (size_t i = 0; i < n; i++) {
        order[i] = (int32_t)i;
        for (size_t k = 0; k < count; k++) z[i * count + k] = x[i * d + column[k]];
    }
    ZSC_TRY(zsc_pd_tree_order(z, n, count, leaf, stage, exec, order));
done:
    free(z);
    return status;
}

size_t zsc_pd_tree_memory(size_t n) { return n * sizeof(keyed); }
