/* zsc_linkage_distances: linkage of given distances, in O(n^2) time. The dendrograms are SciPy's, ties included:
 *
 *   single: a minimum spanning tree by Prim's algorithm from row 0 (Gower and Ross 1969); each merge joins the row
 * added with the one added before;
 *
 *   complete, average, weighted, Ward: the nearest-neighbour chain (Benzecri 1982; Muellner 2011) from the first
 * cluster there is; of equally near ones the chain goes back, or to the first slot;
 *
 *   centroid, median: generic.c.
 *
 * A union is in the higher of the slots of its two parts. Merges are sorted by height, stably; those of centroid and
 * median stay in their order. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/condensed.h"
#include "ward/dendrogram.h"
#include "ward/generic.h"

/* --- Distances as they are given */
static zsc_status refuse(const double *distances, size_t n, size_t at)
{
    size_t i = 0;
    while (at >= zsc_condensed_begin(n, i + 1)) i++;
    size_t j = at - zsc_condensed_begin(n, i) + i + 1;
    return zsc_fail(ZSC_ENUMERIC, "the distance of rows %zu and %zu is %g; expected a finite number of 0 and above",
                    zsc_number(i), zsc_number(j), distances[at]);
}

static zsc_status check(const double *distances, size_t n)
{
    size_t length = zsc_condensed_length(n);
    for (size_t at = 0; at < length; at++)
        if (!(distances[at] >= 0 && isfinite(distances[at]))) return refuse(distances, n, at);
    return ZSC_OK;
}

/* --- The chain */
typedef struct chain {
    size_t *slot, length;
} chain;

/* The nearest cluster of x; where several are, BEFORE (n: none) or the first. */
static size_t nearest(const zsc_condensed *s, size_t x, size_t before, double *distance)
{
    size_t best = before, n = s->n;
    double least = before < n ? s->d[zsc_condensed_index(n, x, before)] : INFINITY;
    for (size_t i = 0, at = x - 1; i < x; at += n - 2 - i, i++) /* rows become shorter by one */
        if (s->size[i] > 0 && s->d[at] < least) {
            least = s->d[at];
            best = i;
        }
    const double *d = s->d + zsc_condensed_begin(n, x);
    for (size_t i = x + 1; i < n; i++, d++)
        if (s->size[i] > 0 && *d < least) {
            least = *d;
            best = i;
        }
    *distance = least;
    return best;
}

static zsc_status run_chain(zsc_condensed *s, zsc_linkage_method method, chain *c, const zsc_exec *exec,
                            zsc_ward_merge *merges)
{
    zsc_status status = ZSC_OK;
    size_t n = s->n, first = 0, pairs = ZSC_CONDENSED_PAIRS; /* first: no cluster is in a slot below */
    for (size_t made = 0; made + 1 < n; pairs += n) {
        if (pairs >= ZSC_CONDENSED_PAIRS && !zsc_progress(exec, "clustering", (double)made, (double)n))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        if (pairs >= ZSC_CONDENSED_PAIRS) pairs = 0;
        while (s->size[first] == 0) first++;
        if (c->length == 0) c->slot[c->length++] = first;
        size_t x = c->slot[c->length - 1], before = c->length > 1 ? c->slot[c->length - 2] : n;
        double distance;
        size_t y = nearest(s, x, before, &distance);
        if (y != before) {
            c->slot[c->length++] = y;
            continue;
        }
        c->length -= 2;
        size_t low = x < y ? x : y, high = x < y ? y : x;
        merges[made++] = (zsc_ward_merge){(int32_t)low, (int32_t)high, distance};
        ZSC_TRY(zsc_condensed_merge(s, method, low, high, distance));
    }
done:
    return status;
}

static zsc_status run_by_chain(zsc_condensed *s, zsc_linkage_method method, const zsc_exec *exec,
                               zsc_ward_merge *merges)
{
    zsc_status status = ZSC_OK;
    chain c = {0};
    ZSC_NEW_RAW(c.slot, s->n);
    ZSC_TRY(run_chain(s, method, &c, exec, merges));
done:
    free(c.slot);
    return status;
}

/* --- The spanning tree */
static zsc_status run_prim(const double *distances, size_t n, const zsc_exec *exec, zsc_ward_merge *merges)
{
    zsc_status status = ZSC_OK;
    double *to_tree = NULL;
    bool *in_tree = NULL;
    ZSC_NEW_RAW(to_tree, n);
    ZSC_NEW(in_tree, n);
    for (size_t i = 0; i < n; i++) to_tree[i] = INFINITY;
    for (size_t made = 0, x = 0, pairs = ZSC_CONDENSED_PAIRS; made + 1 < n; made++, pairs += n) {
        if (pairs >= ZSC_CONDENSED_PAIRS && !zsc_progress(exec, "clustering", (double)made, (double)n)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        if (pairs >= ZSC_CONDENSED_PAIRS) pairs = 0;
        in_tree[x] = true;
        double least = INFINITY;
        size_t y = 0;
        for (size_t j = 0; j < n; j++) {
            if (in_tree[j]) continue;
            double d = distances[zsc_condensed_index(n, x, j)];
            if (d < to_tree[j]) to_tree[j] = d;
            if (to_tree[j] < least) {
                least = to_tree[j];
                y = j;
            }
        }
        merges[made] = (zsc_ward_merge){(int32_t)x, (int32_t)y, least};
        x = y;
    }
done:
    free(to_tree);
    free(in_tree);
    return status;
}

/* --- The whole */
static const char *name_of(zsc_linkage_method method)
{
    switch (method) {
    case ZSC_SINGLE: return "single linkage of distances: minimum spanning tree (Prim)";
    case ZSC_COMPLETE: return "complete linkage of distances: nearest-neighbour chain";
    case ZSC_AVERAGE: return "average linkage of distances: nearest-neighbour chain";
    case ZSC_WEIGHTED: return "weighted linkage of distances: nearest-neighbour chain";
    case ZSC_WARD: return "Ward's linkage of distances: nearest-neighbour chain";
    case ZSC_CENTROID: return "centroid linkage of distances: generic algorithm";
    case ZSC_MEDIAN: return "median linkage of distances: generic algorithm";
    }
    return NULL;
}

size_t zsc_linkage_distances_memory(size_t n, zsc_linkage_method method)
{
    if ((double)n * (double)n > 0x1p58) return SIZE_MAX;
    size_t copy = method == ZSC_SINGLE ? 0 : (zsc_condensed_length(n) + n) * sizeof(double);
    bool generic = method == ZSC_CENTROID || method == ZSC_MEDIAN;
    size_t rest = generic ? zsc_condensed_generic_memory(n) + n * 32
                          : n * (24 + sizeof(zsc_ward_merge) + sizeof(size_t));
    return ZSC_MEMORY_REST + copy + rest;
}

static zsc_status copy_distances(const double *distances, size_t n, zsc_condensed *out)
{
    zsc_status status = ZSC_OK;
    size_t length = zsc_condensed_length(n);
    out->n = n;
    ZSC_NEW_RAW(out->d, length);
    ZSC_NEW_RAW(out->size, n);
    memcpy(out->d, distances, length * sizeof *out->d);
    for (size_t i = 0; i < n; i++) out->size[i] = 1;
done:
    return status;
}

zsc_status zsc_linkage_distances(const double *distances, size_t n, zsc_linkage_method method, const zsc_exec *exec,
                                 double *z, const char **how)
{
    zsc_status status = ZSC_OK;
    zsc_condensed s = {0};
    zsc_ward_merge *merges = NULL;
    double *made = NULL;
    if (n > ZSC_WARD_ROWS_MOST)
        return zsc_fail(ZSC_EUSAGE, "cannot cluster %zu rows; the most is %d", n, (int)ZSC_WARD_ROWS_MOST);
    if (!name_of(method)) return zsc_fail(ZSC_EUSAGE, "there is no linkage method %d", (int)method);
    ZSC_TRY(check(distances, n));
    ZSC_TRY(zsc_memory_check(exec, zsc_linkage_distances_memory(n, method), "clustering"));
    if (n > 1 && method != ZSC_SINGLE) ZSC_TRY(copy_distances(distances, n, &s));
    if (n > 1 && (method == ZSC_CENTROID || method == ZSC_MEDIAN)) {
        ZSC_NEW_RAW(made, 4 * (n - 1));
        ZSC_TRY(zsc_condensed_run_generic(&s, method, exec, made));
        memcpy(z, made, 4 * (n - 1) * sizeof *z);
    } else if (n > 1) {
        ZSC_NEW_RAW(merges, n);
        ZSC_TRY(method == ZSC_SINGLE ? run_prim(distances, n, exec, merges) : run_by_chain(&s, method, exec, merges));
        ZSC_TRY(zsc_ward_dendrogram_make(merges, n, z));
    }
    if (how) *how = name_of(method);
done:
    free(s.d);
    free(s.size);
    free(merges);
    free(made);
    return status;
}
