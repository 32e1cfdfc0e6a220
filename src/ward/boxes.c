/* The tree of boxes: built over the live clusters, kept up under merges.
 *
 * Split: the coordinate of largest variance in a sample, at the median (rounded so that blocks are full). The shape
 * then depends on the count alone, so that subtrees can be built in parallel, each at its known place.
 *
 * Error of the filter. Coordinates c are below 2 in size (points.c; centroids are averages) and are rounded to single
 * precision, u = 2^-24. With M the largest norm, |D~ - D| <= 2 u M + u |D| for a distance D and the one between the
 * rounded points; the d terms of the square, its sum and the two operations after that add (d + 6) u of relative error
 * at most. `relative` and `absolute` are bounds on these, with room to spare: see zsc_boxes_make. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ward/search.h"

enum { LEAF = 2 * ZSC_BLOCK, SAMPLE = 96, TASK = 2048 };

typedef struct keyed {
    double key;
    int32_t slot;
} keyed;

typedef struct builder {
    const zsc_clusters *clusters;
    zsc_boxes *tree;
    keyed *item;
} builder;

static size_t left_count(size_t count)
{
    size_t blocks = (count + ZSC_BLOCK - 1) / ZSC_BLOCK;
    return blocks / 2 * ZSC_BLOCK;
}

static size_t node_count(size_t count)
{
    if (count <= LEAF) return 1;
    size_t left = left_count(count);
    return 1 + node_count(left) + node_count(count - left);
}

/* Moves the `want` smallest by (key, slot) to the front. */
static bool before(keyed a, keyed b) { return a.key < b.key || (a.key == b.key && a.slot < b.slot); }

static void swap_items(keyed *a, keyed *b)
{
    keyed t = *a;
    *a = *b;
    *b = t;
}

static void select_smallest(keyed *item, size_t count, size_t want)
{
    while (count > 1 && want > 0 && want < count) {
        keyed *mid = item + count / 2, *last = item + count - 1;
        if (before(*mid, *item)) swap_items(mid, item);
        if (before(*last, *item)) swap_items(last, item);
        if (before(*last, *mid)) swap_items(last, mid);
        keyed pivot = *mid;
        size_t i = 0, j = count - 1;
        for (;;) {
            while (before(item[i], pivot)) i++;
            while (before(pivot, item[j])) j--;
            if (i >= j) break;
            swap_items(&item[i++], &item[j--]);
        }
        size_t low = i; /* items before `low` are not after the pivot, the others not before it */
        if (want <= low && low < count) {
            count = low;
        } else if (low > 0 && low < count) {
            item += low;
            count -= low;
            want -= low;
        } else {
            return;
        }
    }
}

static size_t widest(const zsc_clusters *s, const keyed *item, size_t count)
{
    size_t step = count / SAMPLE + 1, best = 0;
    double most = -1;
    double sum[ZSC_LANES], square[ZSC_LANES];
    for (size_t j = 0; j < s->stride; j += ZSC_LANES) {
        const double *origin = s->c + (size_t)item[0].slot * s->stride + j;
        memset(sum, 0, sizeof sum);
        memset(square, 0, sizeof square);
        double taken = 0;
        for (size_t i = 0; i < count; i += step, taken++)
            for (size_t k = 0; k < ZSC_LANES; k++) {
                double x = s->c[(size_t)item[i].slot * s->stride + j + k] - origin[k];
                sum[k] += x;
                square[k] += x * x;
            }
        for (size_t k = 0; k < ZSC_LANES && j + k < s->d; k++) {
            double variance = square[k] - sum[k] * sum[k] / taken;
            if (variance > most) {
                most = variance;
                best = j + k;
            }
        }
    }
    return best;
}

/* --- Coordinates of one cluster in its place */
static void put(zsc_boxes *t, const zsc_clusters *s, size_t place, int32_t slot)
{
    float *x = t->x + place / ZSC_BLOCK * t->d * ZSC_BLOCK + place % ZSC_BLOCK;
    const double *c = s->c + (size_t)slot * s->stride;
    for (size_t j = 0; j < t->d; j++) x[j * ZSC_BLOCK] = (float)c[j];
    t->slot[place] = slot;
    t->inverse[place] = (float)(1 / s->weight[slot]);
    t->place[slot] = (int32_t)place;
}

static void take_away(zsc_boxes *t, size_t place)
{
    t->x[place / ZSC_BLOCK * t->d * ZSC_BLOCK + place % ZSC_BLOCK] = INFINITY;
    t->slot[place] = -1;
}

static void box_of_leaf(zsc_boxes *t, size_t node, size_t first, size_t end)
{
    float *low = t->low + node * t->width, *high = t->high + node * t->width;
    memset(low, 0, t->width * sizeof *low);
    memset(high, 0, t->width * sizeof *high);
    t->lightest[node] = 0;
    for (size_t j = 0; j < t->d; j++) low[j] = INFINITY, high[j] = -INFINITY;
    for (size_t p = first * ZSC_BLOCK; p < end * ZSC_BLOCK; p++) {
        if (t->slot[p] < 0) continue;
        t->lightest[node] = fmaxf(t->lightest[node], t->inverse[p]);
        const float *x = t->x + p / ZSC_BLOCK * t->d * ZSC_BLOCK + p % ZSC_BLOCK;
        for (size_t j = 0; j < t->d; j++) {
            low[j] = x[j * ZSC_BLOCK] < low[j] ? x[j * ZSC_BLOCK] : low[j];
            high[j] = x[j * ZSC_BLOCK] > high[j] ? x[j * ZSC_BLOCK] : high[j];
        }
    }
}

static void box_of_two(zsc_boxes *t, size_t node, size_t left, size_t right)
{
    for (size_t j = 0; j < t->width; j++) {
        const float *low = t->low + j, *high = t->high + j;
        t->low[node * t->width + j] = fminf(low[left * t->width], low[right * t->width]);
        t->high[node * t->width + j] = fmaxf(high[left * t->width], high[right * t->width]);
    }
    t->lightest[node] = fmaxf(t->lightest[left], t->lightest[right]);
}

/* The items from `first` on, as node `node` and those after it; `first` is a multiple of ZSC_BLOCK. */
static void build(const builder *b, size_t first, size_t count, size_t node)
{
    zsc_boxes *t = b->tree;
    keyed *item = b->item + first;
    if (count <= LEAF) {
        size_t block = first / ZSC_BLOCK, end = (first + count + ZSC_BLOCK - 1) / ZSC_BLOCK;
        t->right[node] = -(int32_t)block - 1;
        t->end[node] = (int32_t)end;
        for (size_t i = 0; i < count; i++) put(t, b->clusters, first + i, item[i].slot);
        for (size_t p = first + count; p < end * ZSC_BLOCK; p++) take_away(t, p);
        for (size_t k = block; k < end; k++) t->leaf_of[k] = (int32_t)node;
        box_of_leaf(t, node, block, end);
        return;
    }
    size_t axis = widest(b->clusters, item, count), left = left_count(count), right = node + 1 + node_count(left);
    for (size_t i = 0; i < count; i++) item[i].key = b->clusters->c[(size_t)item[i].slot * b->clusters->stride + axis];
    select_smallest(item, count, left);
    t->right[node] = (int32_t)right;
    t->up[node + 1] = t->up[right] = (int32_t)node;
#pragma omp task if (count > TASK)
    build(b, first, left, node + 1);
    build(b, first + left, count - left, right);
#pragma omp taskwait
    box_of_two(t, node, node + 1, right);
}

zsc_status zsc_boxes_make(const zsc_clusters *s, int threads, zsc_boxes *out)
{
    zsc_status status = ZSC_OK;
    zsc_boxes t = {
        .d = s->d,
        .width = (s->d + ZSC_BLOCK - 1) / ZSC_BLOCK * ZSC_BLOCK,
    };
    builder b = {s, &t, NULL};
    t.nodes = node_count(s->live);
    t.blocks = (s->live + ZSC_BLOCK - 1) / ZSC_BLOCK;
    ZSC_NEW_RAW(t.low, t.nodes * t.width);
    ZSC_NEW_RAW(t.high, t.nodes * t.width);
    ZSC_NEW_RAW(t.lightest, t.nodes);
    ZSC_NEW_RAW(t.right, t.nodes);
    ZSC_NEW_RAW(t.up, t.nodes);
    ZSC_NEW_RAW(t.end, t.nodes);
    ZSC_NEW(t.x, t.blocks * t.d * ZSC_BLOCK);
    ZSC_NEW(t.inverse, t.blocks * ZSC_BLOCK);
    ZSC_NEW_RAW(t.slot, t.blocks * ZSC_BLOCK);
    ZSC_NEW_RAW(t.place, s->m);
    ZSC_NEW_RAW(t.leaf_of, t.blocks);
    ZSC_NEW_RAW(b.item, s->live);
    double most = 0;
    for (size_t i = 0, k = 0; i < s->m; i++) {
        if (s->weight[i] == 0) continue;
        b.item[k++].slot = (int32_t)i;
        double norm = 0;
        for (size_t j = 0; j < s->stride; j++) norm += s->c[i * s->stride + j] * s->c[i * s->stride + j];
        most = fmax(most, norm);
    }
    t.relative = 0x1p-24 * (double)(2 * s->d + 32);
    t.absolute = 0x1p-24 * 2.1 * sqrt(most) + 1e-18 * sqrt((double)s->d);
    t.up[0] = -1;
#pragma omp parallel num_threads(threads) if (s->live > TASK)
#pragma omp single
    build(&b, 0, s->live, 0);
    *out = t;
    t = (zsc_boxes){0};
done:
    zsc_boxes_free(&t);
    free(b.item);
    return status;
}

/* --- Searching. The filter's distance f and the true distance t, both squares of heights, of any cluster from one of
 * weight w: |sqrt(f) - sqrt(t)| <= relative sqrt(t) + absolute sqrt(2 w). */
static double at_least(const zsc_boxes *t, double filtered, double weight)
{
    double root = sqrt(filtered) * (1 - t->relative) - t->absolute * sqrt(2 * weight);
    return root > 0 ? root * root : 0;
}

static float at_most(const zsc_boxes *t, double exact, double weight)
{
    double root = sqrt(exact) * (1 + t->relative) + t->absolute * sqrt(2 * weight);
    return (float)(root * root * (1 + 0x1p-20));
}

typedef struct nearest_of {
    const zsc_boxes *boxes;
    const zsc_clusters *clusters;
    int32_t self;
    zsc_candidate best;
} nearest_of;

static float tell(void *data, int32_t slot)
{
    nearest_of *n = data;
    double distance = zsc_ward_square(n->clusters, n->self, slot);
    if (zsc_nearer(distance, slot, n->best.distance, n->best.slot)) n->best = (zsc_candidate){distance, slot};
    return at_most(n->boxes, n->best.distance, n->clusters->weight[n->self]);
}

/* Puts the candidate first, before where it was or in place of the last one. */
static void promote(zsc_near *near, zsc_candidate best)
{
    size_t at = 0;
    while (at + 1 < near->count && near->list[at].slot != best.slot) at++;
    for (; at > 0; at--) near->list[at] = near->list[at - 1];
    near->list[0] = best;
}

/* The filter gives the nearest few, nearly; their true distances decide. Where the filter cannot tell what it kept
 * from what it left out, every cluster that may be as near is looked at. */
size_t zsc_boxes_search(const zsc_boxes *t, const zsc_clusters *s, int32_t slot, float *x, zsc_near *out)
{
    const zsc_search_kernels *kernels = ZSC_SIMD_PICK(zsc_search_kernels);
    double weight = s->weight[slot];
    for (size_t j = 0; j < s->d; j++) x[j] = (float)s->c[(size_t)slot * s->stride + j];
    zsc_query query = {.x = x, .inverse = (float)(1 / weight), .self = slot};
    zsc_hit hit[ZSC_NEAR];
    size_t found = kernels->near(t, &query, hit);
    out->count = 0;
    for (size_t k = 0; k < found; k++)
        out->count = zsc_insert(out->list, out->count, zsc_ward_square(s, slot, hit[k].slot), hit[k].slot);
    out->radius = found ? at_least(t, (double)query.bound, weight) : INFINITY;
    if (found && !(out->list[0].distance < out->radius)) {
        nearest_of n = {t, s, slot, out->list[0]};
        kernels->within(t, &query, at_most(t, n.best.distance, weight), tell, &n);
        promote(out, n.best);
    }
    return query.scanned;
}

void zsc_boxes_free(zsc_boxes *t)
{
    free(t->low);
    free(t->high);
    free(t->lightest);
    free(t->right);
    free(t->up);
    free(t->end);
    free(t->x);
    free(t->inverse);
    free(t->slot);
    free(t->place);
    free(t->leaf_of);
    *t = (zsc_boxes){0};
}

/* Cluster b went into a, whose centroid and weight have changed: it keeps its place, and the boxes above grow if they
 * must. `lightest` may stay, as a bound. */
void zsc_boxes_merge(zsc_boxes *t, const zsc_clusters *s, int32_t a, int32_t b)
{
    take_away(t, (size_t)t->place[b]);
    size_t place = (size_t)t->place[a];
    put(t, s, place, a);
    const float *x = t->x + place / ZSC_BLOCK * t->d * ZSC_BLOCK + place % ZSC_BLOCK;
    for (int32_t node = t->leaf_of[place / ZSC_BLOCK]; node >= 0; node = t->up[node]) {
        float *low = t->low + (size_t)node * t->width, *high = t->high + (size_t)node * t->width;
        int grew = 0;
        for (size_t j = 0; j < t->d; j++) {
            float v = x[j * ZSC_BLOCK];
            grew |= (v < low[j]) | (v > high[j]);
            low[j] = v < low[j] ? v : low[j];
            high[j] = v > high[j] ? v : high[j];
        }
        if (!grew) break;
    }
}
