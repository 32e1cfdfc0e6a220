/* The bounding-box tree: built over the current clusters, updated when clusters merge.
 *
 * Split: the coordinate of largest variance in a sample, at the median (rounded so that blocks are full). The shape
 * then depends on the count alone, so that subtrees can be built in parallel, each at its known position.
 *
 * Error of the filter. Coordinates c are below 2 in size (prepare.c; centroids are averages) and are rounded to single
 * precision, u = 2^-24. With M the largest norm, |D~ - D| <= 2 u M + u |D| for a distance D and the one between the
 * rounded points; the d terms of the square, its sum and the two operations after that add (d + 6) u of relative error
 * at most. `relative` and `absolute` are bounds on these, with a margin: see zsc_ward_box_tree_make. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/box_tree.h"
#include "ward/filtered.h"
#include "ward/kernels.h"

enum { LEAF = 2 * ZSC_WARD_BLOCK, SAMPLE = 96, TASK = 2048 };

typedef struct keyed_slot {
    double key;
    int32_t slot;
} keyed_slot;

typedef struct builder {
    const zsc_ward_clusters *clusters;
    zsc_ward_box_tree *tree;
    keyed_slot *item;
    zsc_polls *polls;
    atomic_size_t *placed; /* items that are in their leaves */
} builder;

static size_t left_count(size_t count)
{
    size_t blocks = zsc_ward_blocks(count);
    return blocks / 2 * ZSC_WARD_BLOCK;
}

static size_t node_count(size_t count)
{
    if (count <= LEAF) return 1;
    size_t left = left_count(count);
    return 1 + node_count(left) + node_count(count - left);
}

/* Moves the `want` smallest by (key, slot) to the front. */
static bool before(keyed_slot a, keyed_slot b) { return a.key < b.key || (a.key == b.key && a.slot < b.slot); }

static void swap_items(keyed_slot *a, keyed_slot *b)
{
    keyed_slot t = *a;
    *a = *b;
    *b = t;
}

static void select_smallest(keyed_slot *item, size_t count, size_t want)
{
    while (count > 1 && want > 0 && want < count) {
        keyed_slot *mid = item + count / 2, *last = item + count - 1;
        if (before(*mid, *item)) swap_items(mid, item);
        if (before(*last, *item)) swap_items(last, item);
        if (before(*last, *mid)) swap_items(last, mid);
        keyed_slot pivot = *mid;
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

static size_t widest(const zsc_ward_clusters *s, const keyed_slot *item, size_t count)
{
    size_t step = count / SAMPLE + 1, best = 0;
    double most = -1;
    double sum[ZSC_WARD_LANES], square[ZSC_WARD_LANES];
    for (size_t j = 0; j < s->stride; j += ZSC_WARD_LANES) {
        const double *origin = s->c + (size_t)item[0].slot * s->stride + j;
        memset(sum, 0, sizeof sum);
        memset(square, 0, sizeof square);
        double taken = 0;
        for (size_t i = 0; i < count; i += step, taken++)
            for (size_t k = 0; k < ZSC_WARD_LANES; k++) {
                double x = s->c[(size_t)item[i].slot * s->stride + j + k] - origin[k];
                sum[k] += x;
                square[k] += x * x;
            }
        for (size_t k = 0; k < ZSC_WARD_LANES && j + k < s->d; k++) {
            double variance = square[k] - sum[k] * sum[k] / taken;
            if (variance > most) {
                most = variance;
                best = j + k;
            }
        }
    }
    return best;
}

/* --- The coordinates of one cluster at its position */
static void put(zsc_ward_box_tree *t, const zsc_ward_clusters *s, size_t position, int32_t slot)
{
    float *x = t->x + position / ZSC_WARD_BLOCK * t->d * ZSC_WARD_BLOCK + position % ZSC_WARD_BLOCK;
    const double *c = s->c + (size_t)slot * s->stride;
    for (size_t j = 0; j < t->d; j++) x[j * ZSC_WARD_BLOCK] = (float)c[j];
    t->slot[position] = slot;
    t->inverse[position] = (float)(1 / s->weight[slot]);
    t->position[slot] = (int32_t)position;
}

static void clear_position(zsc_ward_box_tree *t, size_t position)
{
    t->x[position / ZSC_WARD_BLOCK * t->d * ZSC_WARD_BLOCK + position % ZSC_WARD_BLOCK] = INFINITY;
    t->slot[position] = -1;
}

static void leaf_box(zsc_ward_box_tree *t, size_t node, size_t first, size_t end)
{
    float *low = t->low + node * t->width, *high = t->high + node * t->width;
    memset(low, 0, t->width * sizeof *low);
    memset(high, 0, t->width * sizeof *high);
    t->lightest[node] = 0;
    for (size_t j = 0; j < t->d; j++) low[j] = INFINITY, high[j] = -INFINITY;
    for (size_t p = first * ZSC_WARD_BLOCK; p < end * ZSC_WARD_BLOCK; p++) {
        if (t->slot[p] < 0) continue;
        t->lightest[node] = fmaxf(t->lightest[node], t->inverse[p]);
        const float *x = t->x + p / ZSC_WARD_BLOCK * t->d * ZSC_WARD_BLOCK + p % ZSC_WARD_BLOCK;
        for (size_t j = 0; j < t->d; j++) {
            low[j] = x[j * ZSC_WARD_BLOCK] < low[j] ? x[j * ZSC_WARD_BLOCK] : low[j];
            high[j] = x[j * ZSC_WARD_BLOCK] > high[j] ? x[j * ZSC_WARD_BLOCK] : high[j];
        }
    }
}

static void join_boxes(zsc_ward_box_tree *t, size_t node, size_t left, size_t right)
{
    for (size_t j = 0; j < t->width; j++) {
        const float *low = t->low + j, *high = t->high + j;
        t->low[node * t->width + j] = fminf(low[left * t->width], low[right * t->width]);
        t->high[node * t->width + j] = fmaxf(high[left * t->width], high[right * t->width]);
    }
    t->lightest[node] = fmaxf(t->lightest[left], t->lightest[right]);
}

/* Builds the subtree of the items from `first` on as node `node` and those after it; `first` is a multiple of
 * ZSC_WARD_BLOCK. */
static void build(const builder *b, size_t first, size_t count, size_t node)
{
    zsc_ward_box_tree *t = b->tree;
    keyed_slot *item = b->item + first;
    if (count > TASK && !zsc_poll(b->polls, (double)atomic_load(b->placed) / (double)b->clusters->live)) return;
    if (count <= LEAF) {
        size_t block = first / ZSC_WARD_BLOCK, end = zsc_ward_blocks(first + count);
        t->right[node] = -(int32_t)block - 1;
        t->end[node] = (int32_t)end;
        for (size_t i = 0; i < count; i++) put(t, b->clusters, first + i, item[i].slot);
        for (size_t p = first + count; p < end * ZSC_WARD_BLOCK; p++) clear_position(t, p);
        for (size_t k = block; k < end; k++) t->leaf_of[k] = (int32_t)node;
        leaf_box(t, node, block, end);
        atomic_fetch_add_explicit(b->placed, count, memory_order_relaxed);
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
    join_boxes(t, node, node + 1, right);
}

zsc_status zsc_ward_box_tree_make(const zsc_ward_clusters *s, const zsc_exec *exec, zsc_ward_box_tree *out)
{
    zsc_status status = ZSC_OK;
    zsc_polls polls = {.exec = exec, .stage = "clustering", .end = 1};
    atomic_size_t placed = 0;
    zsc_ward_box_tree t = {
        .d = s->d,
        .width = zsc_ward_blocks(s->d) * ZSC_WARD_BLOCK,
    };
    builder b = {s, &t, NULL, &polls, &placed};
    t.nodes = node_count(s->live);
    t.blocks = zsc_ward_blocks(s->live);
    ZSC_NEW_RAW(t.low, t.nodes * t.width);
    ZSC_NEW_RAW(t.high, t.nodes * t.width);
    ZSC_NEW_RAW(t.lightest, t.nodes);
    ZSC_NEW_RAW(t.right, t.nodes);
    ZSC_NEW_RAW(t.up, t.nodes);
    ZSC_NEW_RAW(t.end, t.nodes);
    ZSC_NEW(t.x, t.blocks * t.d * ZSC_WARD_BLOCK);
    ZSC_NEW(t.inverse, t.blocks * ZSC_WARD_BLOCK);
    ZSC_NEW_RAW(t.slot, t.blocks * ZSC_WARD_BLOCK);
    ZSC_NEW_RAW(t.position, s->m);
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
#pragma omp parallel num_threads(zsc_threads(exec)) if (s->live > TASK)
#pragma omp single
    build(&b, 0, s->live, 0);
    ZSC_TRY(zsc_polled(&polls));
    *out = t;
    t = (zsc_ward_box_tree){0};
done:
    zsc_ward_box_tree_free(&t);
    free(b.item);
    return status;
}

size_t zsc_ward_box_tree_memory(size_t clusters, size_t d)
{
    enum { FEW = 1 << 22 };
    size_t width = zsc_ward_blocks(d) * ZSC_WARD_BLOCK;
    size_t blocks = zsc_ward_blocks(clusters); /* a leaf has one at least */
    size_t nodes = clusters < FEW ? node_count(clusters) : 2 * blocks;
    return nodes * (2 * width * 4 + 16) + blocks * (ZSC_WARD_BLOCK * (d * 4 + 8) + 4) +
           clusters * (4 + sizeof(keyed_slot));
}

/* --- Searching */
static void report_within(const zsc_ward_filtered *f, float bound, zsc_ward_within_fn report, void *data)
{
    ZSC_SIMD_PICK(zsc_ward_kernels)->within(f->structure, f->query, bound, report, data);
}

size_t zsc_ward_box_tree_search(const zsc_ward_box_tree *t, const zsc_ward_clusters *s, int32_t slot, float *x,
                                zsc_ward_near_list *out)
{
    for (size_t j = 0; j < s->d; j++) x[j] = (float)s->c[(size_t)slot * s->stride + j];
    zsc_ward_query query = {.x = x, .inverse = (float)(1 / s->weight[slot]), .self = slot};
    zsc_ward_hit hit[ZSC_WARD_NEAR];
    size_t found = ZSC_SIMD_PICK(zsc_ward_kernels)->near(t, &query, hit);
    const zsc_ward_filtered filtered = {t->relative, t->absolute,   slot, hit,   found,
                                        query.bound, report_within, t,    &query};
    zsc_ward_decide(&filtered, s, out);
    return query.scanned + query.boxes / 2;
}

void zsc_ward_box_tree_free(zsc_ward_box_tree *t)
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
    free(t->position);
    free(t->leaf_of);
    *t = (zsc_ward_box_tree){0};
}

/* Cluster a keeps its position; the boxes above it grow where they must. `lightest` stays valid as a bound. */
void zsc_ward_box_tree_merge(zsc_ward_box_tree *t, const zsc_ward_clusters *s, int32_t a, int32_t b)
{
    clear_position(t, (size_t)t->position[b]);
    size_t position = (size_t)t->position[a];
    put(t, s, position, a);
    const float *x = t->x + position / ZSC_WARD_BLOCK * t->d * ZSC_WARD_BLOCK + position % ZSC_WARD_BLOCK;
    for (int32_t node = t->leaf_of[position / ZSC_WARD_BLOCK]; node >= 0; node = t->up[node]) {
        float *low = t->low + (size_t)node * t->width, *high = t->high + (size_t)node * t->width;
        int grew = 0;
        for (size_t j = 0; j < t->d; j++) {
            float v = x[j * ZSC_WARD_BLOCK];
            grew |= (v < low[j]) | (v > high[j]);
            low[j] = v < low[j] ? v : low[j];
            high[j] = v > high[j] ? v : high[j];
        }
        if (!grew) break;
    }
}
