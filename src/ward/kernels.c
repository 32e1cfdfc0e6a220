/* The inner loops of both searches (box_tree.c, gemm_search.c), compiled for each instruction set. */
#include <math.h>

#include "ward/cluster_lanes.h"
#include "ward/kernels.h"

#pragma GCC diagnostic ignored "-Wpsabi" /* lanes are only passed between static functions of this file */

enum {
    DEPTH_MOST = 64 /* levels of the tree, which halves at each: more than enough */
};

/* A list ends at this multiple of the nearest distance: clusters beyond it are expensive to find and rarely become the
 * nearest. */
static const float REACH = 1.5F;

static inline part larger(part a, part b)
{
#if defined __AVX512F__
    return (part)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined __AVX2__
    return (part)_mm256_max_ps((__m256)a, (__m256)b);
#else
    typedef int32_t mask __attribute__((vector_size(sizeof(part))));
    mask more = a > b;
    return (part)(((mask)a & more) | ((mask)b & ~more));
#endif
}

/* The squared distance from x to a box. */
static inline float box_distance(const float *x, const float *low, const float *high, size_t width)
{
    lanes sum = {0};
    for (size_t j = 0; j < width; j += ZSC_WARD_BLOCK) {
        lanes q = zsc_lanes_load(x + j), below = zsc_lanes_load(low + j), above = zsc_lanes_load(high + j);
        EACH_PART
        {
            part gap = larger(larger(below.p[i] - q.p[i], q.p[i] - above.p[i]), (part){0});
            sum.p[i] = zsc_about(gap, gap, sum.p[i]);
        }
    }
    return total(sum);
}

typedef struct step {
    int32_t node;
    float distance; /* a lower bound of Ward's distance */
} step;

static inline float node_bound(const zsc_ward_box_tree *t, const zsc_ward_query *q, int32_t node)
{
    const float *low = t->low + (size_t)node * t->width, *high = t->high + (size_t)node * t->width;
    return 2 * box_distance(q->x, low, high, t->width) / (q->inverse + t->lightest[node]);
}

/* Descends to the nearer child and pushes the other; returns the leaf, or -1 where it is beyond the bound. */
static inline int32_t descend(const zsc_ward_box_tree *t, zsc_ward_query *q, int32_t node, float bound, step *stack,
                              size_t *depth)
{
    while (t->right[node] >= 0) {
        q->boxes += 2;
        int32_t left = node + 1, right = t->right[node];
        float l = node_bound(t, q, left), r = node_bound(t, q, right);
        int32_t far = l <= r ? right : left;
        float distance = l <= r ? r : l;
        if (distance <= bound) stack[(*depth)++] = (step){far, distance};
        node = l <= r ? left : right;
        if ((l <= r ? l : r) > bound) return -1;
    }
    return node;
}

static size_t near(const zsc_ward_box_tree *t, zsc_ward_query *q, zsc_ward_hit *hits)
{
    step stack[DEPTH_MOST];
    size_t depth = 0, count = 0, scanned = 0;
    float bound = INFINITY, slack = 1 + (float)t->relative;
    if (t->nodes) stack[depth++] = (step){0, 0};
    while (depth) {
        step top = stack[--depth];
        if (top.distance > bound * slack) continue;
        int32_t leaf = descend(t, q, top.node, bound * slack, stack, &depth);
        if (leaf < 0) continue;
        for (int32_t b = -t->right[leaf] - 1; b < t->end[leaf]; b++) {
            lanes inverse = zsc_lanes_load(t->inverse + (size_t)b * ZSC_WARD_BLOCK),
                  limit = shift_scale(inverse, q->inverse, bound / 2), square = {0};
            unsigned mask = scan(q->x, t->x + (size_t)b * t->d * ZSC_WARD_BLOCK, t->d, limit, &square);
            scanned++;
            for (; mask; mask &= mask - 1) {
                int l = __builtin_ctz(mask);
                float distance = 2 * lane(square, l) / (lane(inverse, l) + q->inverse);
                int32_t slot = t->slot[(size_t)b * ZSC_WARD_BLOCK + (size_t)l];
                if (slot == q->self || slot < 0 || !(distance < bound)) continue;
                size_t at = count < ZSC_WARD_NEAR ? count++ : ZSC_WARD_NEAR - 1;
                for (; at > 0 && hits[at - 1].distance > distance; at--) hits[at] = hits[at - 1];
                hits[at] = (zsc_ward_hit){distance, slot};
                bound = REACH * hits[0].distance;
                if (count == ZSC_WARD_NEAR && hits[ZSC_WARD_NEAR - 1].distance < bound)
                    bound = hits[ZSC_WARD_NEAR - 1].distance;
            }
        }
    }
    q->scanned = scanned;
    q->bound = bound;
    while (count > 0 && hits[count - 1].distance > bound) count--;
    return count;
}

static void within(const zsc_ward_box_tree *t, zsc_ward_query *q, float bound, zsc_ward_within_fn report, void *data)
{
    step stack[DEPTH_MOST];
    size_t depth = 0;
    float slack = 1 + (float)t->relative;
    if (t->nodes) stack[depth++] = (step){0, 0};
    while (depth) {
        step top = stack[--depth];
        if (top.distance > bound * slack) continue;
        int32_t leaf = descend(t, q, top.node, bound * slack, stack, &depth);
        if (leaf < 0) continue;
        for (int32_t b = -t->right[leaf] - 1; b < t->end[leaf]; b++) {
            lanes inverse = zsc_lanes_load(t->inverse + (size_t)b * ZSC_WARD_BLOCK), square = {0};
            lanes limit = shift_scale(inverse, q->inverse, bound * slack / 2);
            unsigned mask = scan(q->x, t->x + (size_t)b * t->d * ZSC_WARD_BLOCK, t->d, limit, &square);
            for (; mask; mask &= mask - 1) {
                int32_t slot = t->slot[(size_t)b * ZSC_WARD_BLOCK + (size_t)__builtin_ctz(mask)];
                if (slot != q->self && slot >= 0) bound = report(data, slot);
            }
        }
    }
}

/* --- Matrix products */
static inline lanes square_of(lanes norms, float norm, lanes products)
{
    EACH_PART norms.p[i] = norms.p[i] + norm - 2 * products.p[i];
    return norms;
}

static void filter(const zsc_ward_gemm *t, const float *product, size_t first, size_t count, float norm, float inverse,
                   zsc_ward_hit *hits, size_t *found)
{
    float bound = *found == ZSC_WARD_CANDIDATES ? hits[ZSC_WARD_CANDIDATES - 1].distance : INFINITY;
    for (size_t k = 0; k < count; k += ZSC_WARD_BLOCK) {
        lanes square = square_of(zsc_lanes_load(t->norm + first + k), norm, zsc_lanes_load(product + k)),
              weights = zsc_lanes_load(t->inverse + first + k);
        unsigned mask = at_most(square, shift_scale(weights, inverse, bound / 2));
        if (count - k < ZSC_WARD_BLOCK) mask &= (1u << (count - k)) - 1;
        for (; mask; mask &= mask - 1) {
            int l = __builtin_ctz(mask);
            float distance = 2 * lane(square, l) / (lane(weights, l) + inverse);
            int32_t slot = t->slot[first + k + (size_t)l];
            if (!(distance < bound)) continue;
            size_t at = *found < ZSC_WARD_CANDIDATES ? (*found)++ : ZSC_WARD_CANDIDATES - 1;
            for (; at > 0 && hits[at - 1].distance > distance; at--) hits[at] = hits[at - 1];
            hits[at] = (zsc_ward_hit){distance, slot};
            if (*found == ZSC_WARD_CANDIDATES) bound = hits[ZSC_WARD_CANDIDATES - 1].distance;
        }
    }
}

const zsc_ward_kernels ZSC_SIMD(zsc_ward_kernels) = {.near = near, .within = within, .filter = filter};
