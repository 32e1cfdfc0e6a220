/* The nearest centre of each row, by the filtering algorithm (Pelleg and Moore 1999; Kanungo et al. 2002) with balls:
 *
 *   a node has a ball (b, r) that holds its rows, and a list of centres among which the nearest of each row is. With m
 *   the distance from b to the nearest of them, each row is within m + r of that centre, so that its own nearest centre
 *   is within m + 2r of b: others leave the list. Where each row is known to be within u of some centre, from the last
 *   assignment and the centres' movements, centres beyond u + r leave as well. Children take what is left. The rows of
 *   a leaf are compared with all centres that are left there.
 *
 * Distances are in single precision, and right to a relative error; bounds are widened by it (tree->slack), so that
 * no nearest centre is lost. */
#include "kmeans/assign.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"

enum { DEEPEST = 7 }; /* lists of a walk: of all centres, and one for each level of row_tree.c's top nodes */

typedef struct walk {
    const zsc_kmeans_tree *tree;
    const zsc_kmeans_kernels *kernels;
    const float *centre, *moved;
    size_t k, changed;
    zsc_kmeans_assignment *to;
    int32_t *list;  /* depth + 1 lists of k centres */
    float *squares; /* k */
} walk;

/* --- What is known before: a bound for each node. */
static float bound_leaf(const walk *w, size_t node)
{
    float most = 0;
    for (int32_t p = w->tree->from[node]; p < w->tree->end[node]; p++)
        most = fmaxf(most, sqrtf(w->to->square[p]) + w->moved[w->to->label[p]]);
    return most * w->tree->slack;
}

static void bound_node(const walk *w, size_t node)
{
    float *most = w->to->most;
    if (w->tree->right[node] < 0) {
        most[node] = w->moved ? bound_leaf(w, node) : INFINITY;
        return;
    }
    size_t right = (size_t)w->tree->right[node];
    bound_node(w, node + 1);
    bound_node(w, right);
    most[node] = fmaxf(most[node + 1], most[right]);
}

/* --- Lists */
/* The centres of LIST that may be nearest to a row of the node, in their order. */
static size_t filter(const walk *w, size_t node, const int32_t *list, size_t count, int32_t *out)
{
    const zsc_kmeans_tree *t = w->tree;
    w->kernels->to_rows(t->ball + node * t->width, w->centre, t->width, list, count, w->squares);
    float least = INFINITY;
    for (size_t i = 0; i < count; i++) least = fminf(least, w->squares[i]);
    float radius = t->radius[node], bound = fminf(sqrtf(least) + 2 * radius, w->to->most[node] + radius) * t->slack;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        out[kept] = list[i];
        kept += w->squares[i] <= bound * bound;
    }
    return kept;
}

static void assign_leaf(walk *w, size_t node, const int32_t *list, size_t count)
{
    float best[ZSC_KMEANS_BLOCK], second[ZSC_KMEANS_BLOCK];
    int32_t which[ZSC_KMEANS_BLOCK];
    size_t from = (size_t)w->tree->from[node], rows = (size_t)w->tree->end[node] - from;
    for (size_t l = 0; l < ZSC_KMEANS_BLOCK; l++) best[l] = second[l] = INFINITY, which[l] = list[0];
    w->kernels->nearest(zsc_kmeans_tree_block(w->tree, node), w->tree->d, w->centre, w->tree->width, list, count, best,
                        which, second);
    for (size_t l = 0; l < rows; l++) {
        w->changed += which[l] != w->to->label[from + l];
        w->to->label[from + l] = which[l];
        w->to->square[from + l] = best[l];
    }
}

static void assign_node(walk *w, size_t node, const int32_t *list, size_t count, int32_t *lists)
{
    count = filter(w, node, list, count, lists);
    if (w->tree->right[node] < 0) {
        assign_leaf(w, node, lists, count);
    } else {
        assign_node(w, node + 1, lists, count, lists + w->k);
        assign_node(w, (size_t)w->tree->right[node], lists, count, lists + w->k);
    }
}

/* --- The whole */
zsc_status zsc_kmeans_assign(const zsc_kmeans_tree *t, const float *centre, size_t k, const float *moved, double done,
                             double total, const zsc_exec *exec, zsc_kmeans_assignment *to, size_t *changed)
{
    zsc_status status = ZSC_OK;
    const zsc_kmeans_kernels *kernels = ZSC_SIMD_PICK(zsc_kmeans_kernels);
    size_t threads = (size_t)zsc_threads(exec), lists = (t->depth + 1) * k, sum = 0;
    int32_t *list = NULL;
    float *squares = NULL;
    atomic_bool stopped = false;
    ZSC_NEW_RAW(list, threads * lists);
    ZSC_NEW_RAW(squares, threads * k);
#pragma omp parallel for schedule(dynamic) reduction(+ : sum) num_threads((int)threads)
    for (size_t i = 0; i < t->tops; i++) {
        if (atomic_load_explicit(&stopped, memory_order_relaxed)) continue;
        size_t thread = (size_t)zsc_thread_number();
        walk w = {t, kernels, centre, moved, k, 0, to, list + thread * lists, squares + thread * k};
        for (size_t c = 0; c < k; c++) w.list[c] = (int32_t)c;
        bound_node(&w, (size_t)t->top[i]);
        assign_node(&w, (size_t)t->top[i], w.list, k, w.list + k);
        sum += w.changed;
        if (thread == 0 && !zsc_progress(exec, "k-means", done + (double)i / (double)t->tops, total)) stopped = true;
    }
    if (stopped) ZSC_TRY(zsc_fail(ZSC_EINTERRUPTED, "interrupted"));
    *changed = sum;
done:
    free(list);
    free(squares);
    return status;
}

zsc_status zsc_kmeans_assignment_make(const zsc_kmeans_tree *t, zsc_kmeans_assignment *out)
{
    zsc_status status = ZSC_OK;
    zsc_kmeans_assignment a = {0};
    ZSC_NEW_RAW(a.label, t->n);
    ZSC_NEW_RAW(a.square, t->n);
    ZSC_NEW_RAW(a.most, t->nodes);
    for (size_t p = 0; p < t->n; p++) a.label[p] = -1;
    *out = a;
    a = (zsc_kmeans_assignment){0};
done:
    zsc_kmeans_assignment_free(&a);
    return status;
}

void zsc_kmeans_assignment_free(zsc_kmeans_assignment *a)
{
    free(a->label);
    free(a->square);
    free(a->most);
    *a = (zsc_kmeans_assignment){0};
}

size_t zsc_kmeans_assignment_kept(size_t n) { return n * 8 + (n / ZSC_KMEANS_BLOCK + 1) * 8; }

size_t zsc_kmeans_assign_memory(size_t k, int threads) { return (size_t)threads * k * 4 * (DEEPEST + 1); }
