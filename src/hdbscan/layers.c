/* Layers (zsc/hdbscan.h). Persistent leaves: Bot, Strobl, McInnes and others 2025 (PLSCAN); the choice of layers that
 * differ: EVoC.
 *
 *   1. Condense the tree at the least size. Its clusters are those of every larger size: a split whose smaller part is
 *      below the size does not count there, and the cluster goes on.
 *   2. Each cluster is a leaf for the sizes birth < s <= death: death is the smaller part of the split that it comes
 *      from, birth the largest death inside it. What is a leaf at s covers what is inside it.
 *   3. The persistence of s is the sum of death - birth over the leaves at s. It is constant between births and deaths.
 *   4. Its local maxima, the most persistent first, are layers, unless they share too many leaves with one that is.
 *
 * All of this is in integers: equal persistences are equal. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/options.h"
#include "hdbscan/label_rows.h"
#include "hdbscan/select.h"
#include "linalg/distinct.h"

static zsc_hdbscan_layers_options whole_defaults(void)
{
    return (zsc_hdbscan_layers_options){
        .min_samples = 5, .min_cluster_size = 5, .max_layers = 10, .max_similarity = 0.2, .metric = ZSC_EUCLIDEAN};
}

void zsc_hdbscan_layers_options_init(zsc_hdbscan_layers_options *options, size_t size)
{
    const zsc_hdbscan_layers_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static zsc_status check(size_t n, const zsc_hdbscan_layers_options *o)
{
    if (o->min_samples < 1) return zsc_fail(ZSC_EUSAGE, "min_samples is 0, expected 1 or more");
    if (o->max_layers < 1) return zsc_fail(ZSC_EUSAGE, "max_layers is 0, expected 1 or more");
    if (!(o->max_similarity >= 0 && o->max_similarity <= 1))
        return zsc_fail(ZSC_EUSAGE, "max_similarity is %g, expected a number from 0 to 1", o->max_similarity);
    return zsc_hdbscan_check(n, &(zsc_hdbscan_options){.min_cluster_size = o->min_cluster_size, .metric = o->metric});
}

/* --- Leaves */
typedef struct leaf {
    int32_t cluster;
    size_t birth, death; /* it is a leaf for birth < size <= death */
} leaf;

typedef struct leaves {
    size_t count;
    leaf *leaf;
} leaves;

/* Clusters that are leaves at some size, the root not among them: as a leaf it would be all rows. */
static zsc_status find_leaves(const zsc_hdbscan_condensed *c, size_t least, leaves *out)
{
    zsc_status status = ZSC_OK;
    size_t *birth = NULL;
    ZSC_NEW_RAW(birth, c->count);
    ZSC_NEW_RAW(out->leaf, c->count);
    for (size_t k = 0; k < c->count; k++) birth[k] = least - 1;
    for (size_t k = c->count; k-- > 1;) { /* children come after their parents, two by two: 1 and 2, 3 and 4, ... */
        size_t sibling = k % 2 ? k + 1 : k - 1, parent = (size_t)c->cluster[k].parent;
        size_t death = c->cluster[k].rows < c->cluster[sibling].rows ? c->cluster[k].rows : c->cluster[sibling].rows;
        size_t inside = birth[k] > death ? birth[k] : death;
        if (birth[parent] < inside) birth[parent] = inside;
        if (birth[k] < death) out->leaf[out->count++] = (leaf){(int32_t)k, birth[k], death};
    }
done:
    free(birth);
    return status;
}

/* --- The persistence of each size */
typedef struct change {
    size_t size;
    uint64_t more, less;
} change;

static int by_size(const void *a, const void *b)
{
    const change *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

static zsc_status trace(const leaves *l, zsc_hdbscan_layers *out)
{
    zsc_status status = ZSC_OK;
    change *changes = NULL;
    ZSC_NEW_RAW(changes, 2 * l->count);
    for (size_t i = 0; i < l->count; i++) {
        uint64_t persistence = l->leaf[i].death - l->leaf[i].birth;
        changes[2 * i] = (change){l->leaf[i].birth + 1, persistence, 0};
        changes[2 * i + 1] = (change){l->leaf[i].death + 1, 0, persistence};
    }
    qsort(changes, 2 * l->count, sizeof *changes, by_size);
    ZSC_NEW_RAW(out->size, 2 * l->count);
    ZSC_NEW_RAW(out->persistence, 2 * l->count);
    uint64_t now = 0;
    for (size_t i = 0; i < 2 * l->count; i++) {
        now += changes[i].more;
        now -= changes[i].less; /* what ends has begun at a smaller size; sums wrap in between at most */
        if (i + 1 < 2 * l->count && changes[i + 1].size == changes[i].size) continue;
        out->size[out->sizes] = changes[i].size;
        out->persistence[out->sizes++] = now;
    }
done:
    free(changes);
    return status;
}

/* --- Layers */
/* A local maximum of the trace: at several sizes of one persistence, the smallest. */
typedef struct peak {
    size_t size;
    uint64_t persistence;
} peak;

static int by_persistence(const void *a, const void *b)
{
    const peak *x = a, *y = b;
    if (x->persistence != y->persistence) return x->persistence < y->persistence ? 1 : -1;
    return (x->size > y->size) - (x->size < y->size);
}

static int by_peak_size(const void *a, const void *b)
{
    const peak *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

static size_t find_peaks(const zsc_hdbscan_layers *layers, peak *out)
{
    size_t count = 0;
    uint64_t before = 0;
    for (size_t i = 0; i < layers->sizes;) {
        uint64_t here = layers->persistence[i];
        size_t next = i;
        while (next < layers->sizes && layers->persistence[next] == here) next++;
        uint64_t after = next < layers->sizes ? layers->persistence[next] : 0;
        if (here > before && here > after) out[count++] = (peak){layers->size[i], here};
        before = here;
        i = next;
    }
    return count;
}

static size_t leaves_of_both(const leaves *l, size_t low, size_t high)
{
    size_t count = 0;
    for (size_t i = 0; i < l->count; i++) count += l->leaf[i].birth < low && l->leaf[i].death >= high;
    return count;
}

/* The share of clusters that two layers have in common (Jaccard index). */
static double similarity(const leaves *l, size_t low, size_t high)
{
    size_t both = leaves_of_both(l, low, high);
    size_t either = leaves_of_both(l, low, low) + leaves_of_both(l, high, high) - both;
    return (double)both / (double)either;
}

/* Moves the peaks that become layers to the front, by size; returns how many. */
static size_t choose(const leaves *l, const zsc_hdbscan_layers_options *o, peak *peaks, size_t count)
{
    size_t chosen = 0;
    qsort(peaks, count, sizeof *peaks, by_persistence);
    for (size_t i = 0; i < count && chosen < o->max_layers; i++) {
        bool differs = true;
        for (size_t k = 0; k < chosen && differs; k++) {
            size_t a = peaks[i].size, b = peaks[k].size;
            differs = similarity(l, a < b ? a : b, a < b ? b : a) <= o->max_similarity;
        }
        if (differs) peaks[chosen++] = peaks[i];
    }
    qsort(peaks, chosen, sizeof *peaks, by_peak_size);
    return chosen;
}

static zsc_status label_layer(const zsc_hdbscan_space *s, const zsc_hdbscan_condensed *c, const leaves *l,
                              bool *selected, zsc_hdbscan_layer *out)
{
    memset(selected, 0, c->count * sizeof *selected);
    for (size_t i = 0; i < l->count; i++)
        selected[l->leaf[i].cluster] = l->leaf[i].birth < out->min_cluster_size &&
                                       l->leaf[i].death >= out->min_cluster_size;
    return zsc_hdbscan_label_rows(s, c, selected, 0, &out->clustering);
}

/* Leaves, changes and what becomes of them; then layers of n rows, of which `choosing` keeps a part. */
static size_t choosing_memory(size_t clusters)
{
    return ZSC_MEMORY_REST + clusters * (sizeof(leaf) + 2 * (sizeof(change) + sizeof(size_t) + sizeof(uint64_t)) +
                                         2 * sizeof(peak) + sizeof(size_t) + sizeof(bool));
}

static size_t labelling_memory(size_t n, size_t clusters, size_t layers)
{
    return ZSC_MEMORY_REST +
           clusters * (sizeof(leaf) + 2 * (sizeof(size_t) + sizeof(uint64_t) + sizeof(peak)) + sizeof(bool) +
                       2 * sizeof(int32_t) + layers * sizeof(double)) +
           layers * n * (sizeof(int32_t) + sizeof(float));
}

static zsc_status find_layers(const zsc_hdbscan_space *s, const zsc_hdbscan_condensed *c,
                              const zsc_hdbscan_layers_options *o, const zsc_exec *exec, zsc_hdbscan_layers *out)
{
    zsc_status status = ZSC_OK;
    leaves l = {0};
    peak *peaks = NULL;
    bool *selected = NULL;
    ZSC_TRY(zsc_memory_check(exec, choosing_memory(c->count), "HDBSCAN's layers"));
    ZSC_TRY(find_leaves(c, o->min_cluster_size, &l));
    ZSC_TRY(trace(&l, out));
    ZSC_NEW_RAW(peaks, out->sizes);
    ZSC_NEW_RAW(selected, c->count);
    size_t count = choose(&l, o, peaks, find_peaks(out, peaks));
    ZSC_TRY(zsc_memory_check(exec, labelling_memory(s->n, c->count, count), "HDBSCAN's layers"));
    ZSC_NEW(out->layer, count);
    for (out->count = 0; out->count < count; out->count++) {
        zsc_hdbscan_layer *layer = &out->layer[out->count];
        layer->min_cluster_size = peaks[out->count].size;
        layer->persistence = peaks[out->count].persistence;
        layer->clustering.n = s->n;
        if ((status = label_layer(s, c, &l, selected, layer)) != ZSC_OK) {
            out->count++;
            goto done;
        }
    }
done:
    free(l.leaf);
    free(peaks);
    free(selected);
    return status;
}

zsc_status zsc_hdbscan_layers_of_rows(const float *x, size_t n, size_t d, const zsc_hdbscan_layers_options *options,
                                      const zsc_exec *exec, zsc_hdbscan_layers *out)
{
    ZSC_OPTIONS(zsc_hdbscan_layers_options, options, zsc_hdbscan_layers_defaults());
    zsc_status status = ZSC_OK;
    zsc_hdbscan_layers_options o = options ? *options : zsc_hdbscan_layers_defaults();
    zsc_hdbscan_space space = {0};
    zsc_hdbscan_condensed condensed = {0};
    zsc_hdbscan_layers result = {.n = n};
    ZSC_TRY(check(n, &o));
    ZSC_TRY(zsc_memory_expect(exec, zsc_distinct_memory(n), zsc_hdbscan_layers_memory(n, d, &o), "HDBSCAN's layers"));
    ZSC_TRY(zsc_hdbscan_tree(x, n, d, o.min_samples, o.min_cluster_size, o.metric, exec, &space, &condensed));
    zsc_exec inner = zsc_memory_hold(exec, zsc_hdbscan_space_kept(&space) +
                                               zsc_hdbscan_condensed_kept(space.m, condensed.count));
    ZSC_TRY(find_layers(&space, &condensed, &o, &inner, &result));
    *out = result;
    result = (zsc_hdbscan_layers){0};
done:
    zsc_hdbscan_layers_free(&result);
    zsc_hdbscan_condensed_free(&condensed);
    zsc_hdbscan_space_free(&space);
    return status;
}

void zsc_hdbscan_layers_free(zsc_hdbscan_layers *l)
{
    if (!l) return;
    for (size_t i = 0; i < l->count; i++) zsc_hdbscan_free(&l->layer[i].clustering);
    free(l->layer);
    free(l->size);
    free(l->persistence);
    *l = (zsc_hdbscan_layers){0};
}

size_t zsc_hdbscan_layers_memory(size_t n, size_t d, const zsc_hdbscan_layers_options *options)
{
    ZSC_OPTIONS_KNOWN(zsc_hdbscan_layers_options, options, zsc_hdbscan_layers_defaults());
    zsc_hdbscan_layers_options o = options ? *options : zsc_hdbscan_layers_defaults();
    size_t clusters = zsc_hdbscan_clusters_most(n, o.min_cluster_size);
    size_t layers = o.max_layers < clusters ? o.max_layers : clusters, choosing = choosing_memory(clusters);
    size_t labelling = labelling_memory(n, clusters, layers), least = o.min_cluster_size;
    size_t after = zsc_hdbscan_space_kept_most(n, d, o.metric) + zsc_hdbscan_condensed_kept(n, clusters) +
                   (choosing > labelling ? choosing : labelling);
    size_t tree = zsc_hdbscan_tree_memory(n, d, o.min_samples, least, o.metric);
    return tree > after ? tree : after;
}
