/* Ward's minimum-variance clustering of vectors, exact, without a matrix of distances.
 *
 * Distance of clusters A, B with w rows and centroids c:  delta(A, B) = 2 wA wB / (wA + wB) |cA - cB|^2, the square of
 * SciPy's height (Ward 1963; Murtagh and Legendre 2014, ward2). Ward's distance is reducible: if A and B are each
 * other's nearest, no cluster is nearer to their union than it was to the nearer of them. Hence all pairs of
 * reciprocal nearest neighbours may be merged at once, and what was nearest to a cluster stays nearest as long as it
 * lives (Bruynooghe 1977; Muellner 2011). The steps, over and over:
 *   1. each cluster that is new, or whose nearest neighbour is gone, finds its nearest neighbour;
 *   2. all reciprocal pairs merge.
 *
 * Finding it: each cluster keeps a list of near clusters and a radius: whatever is not in the list is at least that far
 * away. Reducibility keeps the radius true when listed or unlisted clusters merge; when A and B merge, the union of
 * their lists serves their union with the radius that the recurrence of Lance and Williams gives,
 *   delta(AB, X) = ((wA + wX) delta(A, X) + (wB + wX) delta(B, X) - wX delta(A, B)) / (wA + wB + wX),
 * whose least value over all weights wX >= 1 is at an end, as it is a ratio of two linear functions of wX. Only when no
 * listed cluster is within the radius is there a search among all clusters (search.h).
 *
 * Ties: of equally near clusters the one whose first row comes first is the nearest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/search.h"

enum { PARALLEL = 4096 }; /* fewer clusters than this are done in a millisecond or two: not worth waking threads for */

typedef struct engine {
    zsc_clusters now;
    const int32_t *first; /* of each slot: its row in the input */
    int32_t *nearest;     /* of each slot: the nearest cluster */
    double *distance;     /* to it */
    double *radius;
    int32_t *near;                   /* m x ZSC_NEAR, -1 after the end */
    int32_t *eaten;                  /* the slot whose list counts too since the last merge, or -1 */
    int32_t *into;                   /* where the cluster of this slot went; itself while it lives */
    double *high;                    /* square of the height at which the cluster was made */
    int32_t *head, *next, *previous; /* who has this slot as nearest: doubly linked lists */
    int32_t *changed;                /* slots that must find their nearest neighbour */
    size_t changes;
    zsc_merge *pair; /* of this round */
    size_t pairs;
    zsc_finder finder;
    int32_t *wanting; /* slots for which there must be a search */
    size_t wants;
} engine;

/* The slot where slot i's cluster lives. Threads shorten paths at the same time; every value seen is an ancestor. */
static int32_t home(const engine *e, int32_t i)
{
    for (;;) {
        int32_t up = __atomic_load_n(&e->into[i], __ATOMIC_RELAXED);
        if (up == i) return i;
        int32_t above = __atomic_load_n(&e->into[up], __ATOMIC_RELAXED);
        __atomic_store_n(&e->into[i], above, __ATOMIC_RELAXED);
        i = above;
    }
}

/* --- Lists */
static size_t gather(const engine *e, int32_t i, int32_t owner, zsc_candidate *list, size_t count)
{
    const int32_t *near = e->near + (size_t)owner * ZSC_NEAR;
    for (size_t k = 0; k < ZSC_NEAR && near[k] >= 0; k++) {
        int32_t slot = home(e, near[k]);
        bool known = slot == i;
        for (size_t l = 0; l < count; l++) known = known || list[l].slot == slot;
        if (!known) count = zsc_insert(list, count, zsc_ward_square(&e->now, i, slot), slot);
    }
    return count;
}

static void keep(engine *e, int32_t i, const zsc_candidate *list, size_t count)
{
    int32_t *near = e->near + (size_t)i * ZSC_NEAR;
    for (size_t k = 0; k < ZSC_NEAR; k++) near[k] = k < count ? list[k].slot : -1;
    e->eaten[i] = -1;
    if (count) {
        e->nearest[i] = list[0].slot;
        e->distance[i] = list[0].distance;
    }
}

/* The nearest neighbour from the lists; false if they do not tell. */
static bool choose(engine *e, int32_t i)
{
    zsc_candidate list[2 * ZSC_NEAR + 1];
    size_t count = gather(e, i, i, list, 0);
    if (e->eaten[i] >= 0) count = gather(e, i, e->eaten[i], list, count);
    if (count > ZSC_NEAR && list[ZSC_NEAR].distance < e->radius[i]) e->radius[i] = list[ZSC_NEAR].distance;
    bool known = count && list[0].distance < e->radius[i];
    keep(e, i, list, known && count > ZSC_NEAR ? ZSC_NEAR : count);
    return known;
}

/* What a search found (zsc_found_fn). */
static void found(void *data, int32_t i, const zsc_near *near)
{
    engine *e = data;
    e->radius[i] = near->radius;
    keep(e, i, near->list, near->count);
}

/* --- Who points where */
static void point(engine *e, int32_t i)
{
    int32_t to = e->nearest[i], old = e->head[to];
    e->next[i] = old;
    e->previous[i] = -1;
    if (old >= 0) e->previous[old] = i;
    e->head[to] = i;
}

static void unpoint(engine *e, int32_t i)
{
    if (e->next[i] >= 0) e->previous[e->next[i]] = e->previous[i];
    if (e->previous[i] >= 0)
        e->next[e->previous[i]] = e->next[i];
    else
        e->head[e->nearest[i]] = e->next[i];
}

/* Is the pair (i, nearest[i]) before the pair (k, nearest[k])? The order is total, so that the first of all pairs is
 * always reciprocal and every round merges something. */
static bool first_of(const engine *e, int32_t i, int32_t k)
{
    if (e->distance[i] != e->distance[k]) return e->distance[i] < e->distance[k];
    int32_t a = e->nearest[i], b = e->nearest[k];
    int32_t li = i < a ? i : a, lk = k < b ? k : b;
    if (li != lk) return li < lk;
    return (i < a ? a : i) < (k < b ? b : k);
}

/* Distances of merged clusters are rounded, so that a cluster can be nearest to another without the other having found
 * that out. It is told here: afterwards no pair is before the pair of its second member. */
static void agree(engine *e)
{
    for (size_t c = 0; c < e->changes; c++) point(e, e->changed[c]);
    for (size_t c = 0; c < e->changes; c++) {
        int32_t i = e->changed[c], k = e->nearest[i];
        if (first_of(e, i, k)) {
            unpoint(e, k);
            e->nearest[k] = i;
            e->distance[k] = e->distance[i];
            point(e, k);
        }
        int32_t best = -1;
        for (int32_t j = e->head[i]; j >= 0; j = e->next[j])
            if (first_of(e, j, best < 0 ? i : best)) best = j;
        if (best >= 0) {
            unpoint(e, i);
            e->nearest[i] = best;
            e->distance[i] = e->distance[best];
            point(e, i);
        }
    }
}

/* --- Merging */
static int by_slot(const void *a, const void *b)
{
    int32_t x = ((const zsc_merge *)a)->a, y = ((const zsc_merge *)b)->a;
    return (x > y) - (x < y);
}

static void find_pairs(engine *e)
{
    e->pairs = 0;
    for (size_t c = 0; c < e->changes; c++) {
        int32_t i = e->changed[c], k = e->nearest[i];
        if (e->nearest[k] != i || e->into[k] != k || e->into[i] != i) continue;
        int32_t a = i < k ? i : k, b = i < k ? k : i;
        e->into[b] = a; /* also marks the pair as found */
        e->pair[e->pairs++] = (zsc_merge){a, b, fmax(e->distance[i], fmax(e->high[a], e->high[b]))};
    }
    qsort(e->pair, e->pairs, sizeof *e->pair, by_slot);
}

/* The least distance from the union of a and b to what is in neither's list. */
static double joint_radius(const engine *e, int32_t a, int32_t b)
{
    double ra = e->radius[a], rb = e->radius[b], wa = e->now.weight[a], wb = e->now.weight[b], ab = e->distance[a];
    if (ra == INFINITY || rb == INFINITY) return INFINITY;
    double light = ((wa + 1) * ra + (wb + 1) * rb - ab) / (wa + wb + 1), heavy = ra + rb - ab;
    return fmin(light, heavy) * (1 - 1e-12);
}

static void unite(engine *e, int32_t a, int32_t b)
{
    zsc_clusters *s = &e->now;
    double wa = s->weight[a], wb = s->weight[b], share = wb / (wa + wb);
    double *ca = s->c + (size_t)a * s->stride;
    const double *cb = s->c + (size_t)b * s->stride;
    e->radius[a] = joint_radius(e, a, b);
    for (size_t j = 0; j < s->stride; j++) ca[j] += (cb[j] - ca[j]) * share;
    s->weight[a] = wa + wb;
    s->weight[b] = 0;
    e->eaten[a] = b;
}

static void orphan(engine *e, int32_t of, int32_t except)
{
    for (int32_t j = e->head[of]; j >= 0; j = e->next[j])
        if (j != except) e->changed[e->changes++] = j;
    e->head[of] = -1;
}

static void merge_pairs(engine *e, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads) if (e->pairs > PARALLEL)
    for (size_t p = 0; p < e->pairs; p++) unite(e, e->pair[p].a, e->pair[p].b);
    e->changes = 0;
    for (size_t p = 0; p < e->pairs; p++) {
        int32_t a = e->pair[p].a, b = e->pair[p].b;
        e->high[a] = e->pair[p].height;
        e->changed[e->changes++] = a;
        orphan(e, a, b);
        orphan(e, b, a);
    }
    e->now.live -= e->pairs;
}

static zsc_status engine_make(engine *e, const zsc_points *points, int threads)
{
    zsc_status status = ZSC_OK;
    size_t m = points->m;
    e->now = (zsc_clusters){
        .m = m, .d = points->d, .stride = points->stride, .live = m, .c = points->c, .weight = points->weight};
    e->first = points->first;
    ZSC_NEW(e->nearest, m);
    ZSC_NEW(e->distance, m);
    ZSC_NEW(e->radius, m);
    ZSC_NEW_RAW(e->near, m * ZSC_NEAR);
    ZSC_NEW_RAW(e->eaten, m);
    ZSC_NEW_RAW(e->into, m);
    ZSC_NEW(e->high, m);
    ZSC_NEW_RAW(e->head, m);
    ZSC_NEW_RAW(e->next, m);
    ZSC_NEW_RAW(e->previous, m);
    ZSC_NEW_RAW(e->changed, m);
    ZSC_NEW_RAW(e->pair, m / 2 + 1);
    ZSC_NEW_RAW(e->wanting, m);
    ZSC_TRY(zsc_finder_make(&e->now, threads, &e->finder));
    memset(e->near, -1, m * ZSC_NEAR * sizeof *e->near);
    memset(e->head, -1, m * sizeof *e->head);
    memset(e->eaten, -1, m * sizeof *e->eaten);
    for (size_t i = 0; i < m; i++) e->into[i] = e->changed[i] = (int32_t)i;
    e->changes = m;
done:
    return status;
}

static void engine_free(engine *e)
{
    free(e->nearest);
    free(e->distance);
    free(e->radius);
    free(e->near);
    free(e->eaten);
    free(e->into);
    free(e->high);
    free(e->head);
    free(e->next);
    free(e->previous);
    free(e->changed);
    free(e->pair);
    free(e->wanting);
    zsc_finder_free(&e->finder);
}

static void find_nearest(engine *e, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads) if (e->changes > PARALLEL)
    for (size_t c = 0; c < e->changes; c++) e->next[e->changed[c]] = choose(e, e->changed[c]);
    e->wants = 0;
    for (size_t c = 0; c < e->changes; c++)
        if (!e->next[e->changed[c]]) e->wanting[e->wants++] = e->changed[c];
    zsc_finder_search(&e->finder, &e->now, e->wanting, e->wants, threads, found, e);
}

zsc_status zsc_ward_run(const zsc_points *points, const zsc_exec *exec, zsc_merge *merges, const char **how)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t made = 0, total = points->m - 1;
    engine e = {0};
    ZSC_TRY(engine_make(&e, points, threads));
    while (made < total) {
        if (!zsc_progress(exec, "clustering", (double)made, (double)total)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        find_nearest(&e, threads);
        agree(&e);
        find_pairs(&e);
        for (size_t p = 0; p < e.pairs; p++)
            merges[made++] = (zsc_merge){e.first[e.pair[p].a], e.first[e.pair[p].b],
                                         ldexp(sqrt(e.pair[p].height), points->exponent)};
        merge_pairs(&e, threads);
        if (made < total) ZSC_TRY(zsc_finder_merge(&e.finder, &e.now, e.pair, e.pairs, threads));
    }
    *how = e.finder.dense ? "Ward: reciprocal nearest neighbours, found by matrix products"
                          : "Ward: reciprocal nearest neighbours, found in a tree of boxes";
done:
    engine_free(&e);
    return status;
}
