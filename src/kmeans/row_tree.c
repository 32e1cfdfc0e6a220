#include "kmeans/row_tree.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pd_tree.h"

enum {
    LEAF = ZSC_KMEANS_BLOCK,
    TOP_MOST = 1024, /* rows of a top node: below it, lists of centres are short */
    TOPS_LEAST = 64, /* top nodes, where there are so many leaves: several threads have as much to do each */
    TASK = 4096,     /* rows that are worth a task, */
    POLLED = 256     /* and a question whether to go on */
};

#define STAGE "k-means++" /* which the tree is made for */

static size_t leaves_of(size_t n) { return (n + LEAF - 1) / LEAF; }
static size_t nodes_of(size_t leaves) { return leaves ? 2 * leaves - 1 : 0; }
/* The halves that zsc_pd_tree_order makes. */
static size_t left_of(size_t count) { return (leaves_of(count) + 1) / 2 * LEAF; }
static size_t width_of(size_t d) { return (d + ZSC_KMEANS_PADDING - 1) / ZSC_KMEANS_PADDING * ZSC_KMEANS_PADDING; }

static size_t top_rows(size_t n)
{
    size_t rows = n / TOPS_LEAST;
    return rows < LEAF ? LEAF : rows > TOP_MOST ? TOP_MOST : rows;
}

/* --- Scale */
static float largest(const float *x, size_t count, const zsc_exec *exec)
{
    float most = 0;
#pragma omp parallel for schedule(static) reduction(max : most) num_threads(zsc_threads(exec)) if (count > 1 << 20)
    for (size_t i = 0; i < count; i++) most = fmaxf(most, fabsf(x[i]));
    return most;
}

void zsc_kmeans_tree_scale(const zsc_kmeans_tree *t, const float *x, float *out)
{
    for (size_t j = 0; j < t->d; j++) out[j] = (float)ldexp((double)x[j], -t->exponent);
    for (size_t j = t->d; j < t->width; j++) out[j] = 0;
}

/* --- Nodes */
static void fill_leaf(zsc_kmeans_tree *t, const float *x, double scale, size_t from, size_t count)
{
    float *block = t->block + from * t->d;
    for (size_t l = 0; l < LEAF; l++) {
        const float *row = x + (size_t)t->order[from + (l < count ? l : count - 1)] * t->d;
        for (size_t j = 0; j < t->d; j++) block[j * LEAF + l] = (float)((double)row[j] * scale);
    }
}

/* The ball around the mean of the rows, up to the farthest. */
static void make_ball(zsc_kmeans_tree *t, size_t node, const zsc_kmeans_kernels *kernels)
{
    float *ball = t->ball + node * t->width, squares[LEAF], most = 0;
    size_t from = (size_t)t->from[node], end = (size_t)t->end[node];
    memset(ball, 0, t->width * sizeof *ball);
    for (size_t j = 0; j < t->d; j++) {
        double sum = 0;
        for (size_t p = from; p < end; p++) sum += (double)t->block[p / LEAF * LEAF * t->d + j * LEAF + p % LEAF];
        ball[j] = (float)(sum / (double)(end - from));
    }
    for (size_t p = from; p < end; p += LEAF) {
        kernels->to_block(ball, t->block + p * t->d, t->d, squares);
        for (size_t l = 0; l < LEAF; l++) most = fmaxf(most, squares[l]);
    }
    t->radius[node] = sqrtf(most);
}

static void build(zsc_kmeans_tree *t, const float *x, size_t from, size_t count, size_t node, zsc_polls *polls)
{
    const zsc_kmeans_kernels *kernels = ZSC_SIMD_PICK(zsc_kmeans_kernels);
    if (count > POLLED && !zsc_poll(polls, 0)) return;
    t->from[node] = (int32_t)from;
    t->end[node] = (int32_t)(from + count);
    t->right[node] = -1;
    if (count <= LEAF) {
        fill_leaf(t, x, ldexp(1, -t->exponent), from, count);
    } else {
        size_t left = left_of(count), right = node + 1 + nodes_of(left / LEAF);
        t->right[node] = (int32_t)right;
#pragma omp task if (count > TASK)
        build(t, x, from, left, node + 1, polls);
        build(t, x, from + left, count - left, right, polls);
#pragma omp taskwait
        if (atomic_load_explicit(&polls->stop, memory_order_relaxed)) return;
    }
    make_ball(t, node, kernels);
}

/* Top nodes, those above them, and the levels below a top node. */
static void find_tops(zsc_kmeans_tree *t)
{
    size_t most = top_rows(t->n), parents = 0;
    for (size_t node = 0; node < t->nodes;) {
        size_t count = (size_t)(t->end[node] - t->from[node]);
        if (count > most) {
            t->parent[parents++] = (int32_t)node++;
        } else {
            t->top[t->tops++] = (int32_t)node;
            node += nodes_of(leaves_of(count));
        }
    }
    for (t->depth = 1; ((size_t)LEAF << (t->depth - 1)) < most; t->depth++) continue;
}

zsc_status zsc_kmeans_tree_make(const float *x, size_t n, size_t d, const float *scale_too, size_t count,
                                const zsc_exec *exec, zsc_kmeans_tree *out)
{
    zsc_status status = ZSC_OK;
    zsc_polls polls = {.exec = exec, .stage = STAGE};
    zsc_kmeans_tree t = {.n = n, .d = d, .width = width_of(d), .leaves = leaves_of(n), .nodes = nodes_of(leaves_of(n))};
    float most = fmaxf(largest(x, n * d, exec), scale_too ? largest(scale_too, count, exec) : 0);
    t.exponent = most > 0 ? ilogbf(most) : 0;
    t.slack = 1 + 4 * ((float)d + 16) * 0x1p-24F;
    ZSC_NEW_RAW(t.order, n);
    ZSC_TRY(zsc_pd_tree_order_rows(x, n, d, LEAF, STAGE, exec, t.order));
    ZSC_NEW_RAW(t.from, t.nodes);
    ZSC_NEW_RAW(t.end, t.nodes);
    ZSC_NEW_RAW(t.right, t.nodes);
    ZSC_NEW_RAW(t.ball, t.nodes * t.width);
    ZSC_NEW_RAW(t.radius, t.nodes);
    ZSC_NEW_RAW(t.block, t.leaves * LEAF * d);
    ZSC_NEW_RAW(t.top, t.leaves);
    ZSC_NEW_RAW(t.parent, t.leaves);
#pragma omp parallel num_threads(zsc_threads(exec)) if (n > TASK)
#pragma omp single
    build(&t, x, 0, n, 0, &polls);
    ZSC_TRY(zsc_polled(&polls));
    find_tops(&t);
    *out = t;
    t = (zsc_kmeans_tree){0};
done:
    zsc_kmeans_tree_free(&t);
    return status;
}

void zsc_kmeans_tree_free(zsc_kmeans_tree *t)
{
    free(t->order);
    free(t->from);
    free(t->end);
    free(t->right);
    free(t->ball);
    free(t->radius);
    free(t->block);
    free(t->top);
    free(t->parent);
    *t = (zsc_kmeans_tree){0};
}

size_t zsc_kmeans_tree_kept(size_t n, size_t d)
{
    size_t leaves = leaves_of(n);
    return n * 4 + nodes_of(leaves) * (width_of(d) * 4 + 16) + leaves * (LEAF * d * 4 + 8);
}

size_t zsc_kmeans_tree_memory(size_t n, size_t d)
{
    size_t columns = d < ZSC_PD_TREE_MOST ? d : ZSC_PD_TREE_MOST;
    size_t ordering = n * 4 + n * columns * 4 + zsc_pd_tree_memory(n), kept = zsc_kmeans_tree_kept(n, d);
    return ordering > kept ? ordering : kept;
}
