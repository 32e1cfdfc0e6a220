/* Ward's minimum-variance clustering of vectors, exact, without a matrix of distances.
 *
 * Distance of clusters A, B with w rows and centroids c:  delta(A, B) = 2 wA wB / (wA + wB) |cA - cB|^2, the square of
 * SciPy's height (Ward 1963; Murtagh and Legendre 2014, ward2). Ward's distance is reducible: if A and B are each
 * other's nearest, no cluster is nearer to their union than it was to the nearer of them. Hence all pairs of
 * reciprocal nearest neighbours may be merged at once, and the nearest of a cluster stays its nearest until one of
 * them is merged (Bruynooghe 1977; Muellner 2011). Each round has two steps:
 *   1. each cluster that is new, or whose nearest neighbour was merged, finds its nearest neighbour;
 *   2. all reciprocal pairs merge.
 *
 * Sleep: the nearest of a heavy cluster is often a light one far away, Ward's distance being what it is, and the light
 * one soon merges with another. Where there are many rows, a cluster that is heavier than the mean, and that no other
 * has as its nearest, is therefore not searched for until one has, or until nothing else is left to do. Reciprocal
 * pairs are reciprocal until they merge, so that the dendrogram is the same; but merges are found in another order,
 * which is that of equal heights. Who sleeps follows from weights and nearest clusters alone, not from the search. What
 * a round leaves is its merges and who sleeps: all else follows.
 *
 * Finding it: each cluster has a list of near clusters and a radius: a cluster that is not in the list is at least that
 * far away. By reducibility the radius stays valid when listed or unlisted clusters merge; when A and B merge, the
 * union of their lists serves their union with the radius that the recurrence of Lance and Williams gives, delta(AB, X)
 * = ((wA + wX) delta(A, X) + (wB + wX) delta(B, X) - wX delta(A, B)) / (wA + wB + wX), whose least value over all
 * weights wX >= 1 is at an end, as it is a ratio of two linear functions of wX. Only when no listed cluster is within
 * the radius are all clusters searched (nearest.h).
 *
 * Ties: ties.h.
 *
 * A linkage that was stopped resumes from the merges made until then, and from the nearest clusters that were known
 * (linkage_state.h), to the same bytes:
 *   1. The merges are made again, in their order, by the same function: weights, centroids and heights are the same
 *      bits. Pairs of one round have no cluster in common, so that their order does not matter to them.
 *   2. Distances of nearest clusters are those of the centroids, which have not changed since they were found: they are
 *      computed again. The function is symmetric to the last bit.
 *   3. Who sleeps is kept, and who is the nearest is kept, not searched again, of clusters that keep theirs: a cluster
 * made meanwhile may be nearer than it by rounding (of equal distances in exact arithmetic), and is not looked at
 * (reconcile says when).
 *   4. Clusters that must find another search all clusters, as lists and radii are lost. What lists would have found is
 *      the same cluster: they count only where their first is nearer than what is not in them by more than rounding
 *      may have moved that (limit_of).
 *   5. The order of `changed` and of the lists of those that have a slot as nearest is another. In reconcile, the
 *      nearest of each changed cluster is the first of all its pairs; so no changed cluster takes another nearest, and
 *      an unchanged one takes the first of the pairs that it is offered, in any order. Merges are sorted.
 * The searches' structures are built anew, of which results do not depend. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/linkage_state.h"
#include "ward/methods.h"
#include "ward/nearest.h"

enum {
    SLEEP_LEAST = 1 << 16, /* rows, from which on clusters sleep */
    WOKEN_LEAST = 8,       /* one in so many at least is woken when nothing else is left to do */
    PARALLEL_LEAST = 4096, /* fewer clusters take a millisecond or two: not worth waking threads */
    LINE = 64,             /* bytes of a cache line */
    PREFETCHED = 1024      /* bytes of a centroid that are asked for; processors foresee the rest */
};

enum { ASLEEP = 1, WOKEN = 2, LISTED = 4 }; /* bits of engine.rest */

/* Progress counts searches until the first clusters merge, and merges from then on. How far a run is when the search's
 * structure is made, and when every row has been searched for; measured at 5,150,850 rows of UMAP output. */
static const double MADE = 0.1, FIRST_ROUND = 0.25;
enum { ROUND_SHARE = 5 }; /* a round merges one in so many clusters, or more */

typedef struct engine {
    zsc_ward_clusters now;
    const int32_t *first;            /* of each slot: its row in the input */
    int32_t *nearest;                /* of each slot: the nearest cluster */
    double *distance;                /* to it */
    double *radius;                  /* no cluster outside the list is nearer */
    size_t list;                     /* how many clusters it has at most */
    int32_t *near;                   /* m x list: the list, -1 after its end */
    int32_t *merged_child;           /* the slot merged into this one in the last round, whose list counts too, or -1 */
    int32_t *parent;                 /* the slot that the cluster of this slot was merged into; itself until then */
    double *square_height;           /* at which the cluster was made */
    int32_t *head, *next, *previous; /* the slots that have this one as nearest: doubly linked lists */
    int32_t *changed;                /* slots that must find their nearest neighbour */
    size_t changes;
    zsc_ward_merge *pair; /* of this round */
    size_t pairs;
    zsc_ward_search search;
    int32_t *pending; /* slots whose nearest must be searched */
    size_t pending_count;
    bool resumed, may_sleep;
    double rows;         /* of all clusters */
    unsigned char *rest; /* of each slot. Who is asleep has no nearest, and is nobody's */
    int32_t *sleeper;    /* slots that have fallen asleep, each LISTED once; some were woken since */
    int32_t *woken;      /* slots that are to find their nearest in the next round */
    size_t sleepers, woken_count;
    size_t first_merges; /* of the first round; 0 before it */
    double shown;        /* progress so far */
} engine;

static size_t sleep_least = SLEEP_LEAST;

void zsc_ward_sleep_force(size_t rows) { sleep_least = rows ? rows : SLEEP_LEAST; }

/* The slot that the cluster of slot i is in now (union-find). Threads shorten paths concurrently; every value read is
 * an ancestor. */
static int32_t find_root(const engine *e, int32_t i)
{
    for (;;) {
        int32_t up = __atomic_load_n(&e->parent[i], __ATOMIC_RELAXED);
        if (up == i) return i;
        int32_t above = __atomic_load_n(&e->parent[up], __ATOMIC_RELAXED);
        __atomic_store_n(&e->parent[i], above, __ATOMIC_RELAXED);
        i = above;
    }
}

/* --- Lists */
/* The clusters that the list of OWNER stands for now and that SLOTS has not, other than i; returns the new count. */
static size_t collect_slots(const engine *e, int32_t i, int32_t owner, int32_t *slots, size_t count)
{
    const int32_t *near = e->near + (size_t)owner * e->list;
    for (size_t k = 0; k < e->list && near[k] >= 0; k++) {
        int32_t slot = find_root(e, near[k]);
        bool known = slot == i;
        for (size_t l = 0; l < count; l++) known = known || slots[l] == slot;
        if (known) continue;
        const char *c = (const char *)(e->now.c + (size_t)slot * e->now.stride);
        for (size_t at = 0; at < e->now.stride * sizeof(double) && at < PREFETCHED; at += LINE)
            __builtin_prefetch(c + at);
        slots[count++] = slot;
    }
    return count;
}

/* Those of a cluster's list, and of the one merged into it, the nearest first. Their centroids are anywhere in memory:
 * they are asked for before the first is read. */
static size_t collect_list(const engine *e, int32_t i, zsc_ward_candidate *list)
{
    int32_t slots[2 * ZSC_WARD_NEAR_MOST];
    size_t slots_count = collect_slots(e, i, i, slots, 0), count = 0;
    list[0] = (zsc_ward_candidate){INFINITY, -1};
    if (e->merged_child[i] >= 0) slots_count = collect_slots(e, i, e->merged_child[i], slots, slots_count);
    for (size_t k = 0; k < slots_count; k++)
        count = zsc_ward_insert(list, count, zsc_ward_square_height(&e->now, i, slots[k]), slots[k]);
    return count;
}

/* Of a list that is too long the last are left out, and are outside of the radius then. */
static void store_list(engine *e, int32_t i, const zsc_ward_candidate *list, size_t count)
{
    int32_t *near = e->near + (size_t)i * e->list;
    for (size_t k = 0; k < e->list; k++) near[k] = k < count ? list[k].slot : -1;
    if (count > e->list && list[e->list].distance < e->radius[i]) e->radius[i] = list[e->list].distance;
    e->merged_child[i] = -1;
    if (count) {
        e->nearest[i] = list[0].slot;
        e->distance[i] = list[0].distance;
    }
}

/* Clusters that are not in the list of slot i are no nearer than this, as distances are computed. Coordinates are below
 * 2 in magnitude, and a merge rounds those of its centroid by 2^-50 at most; allowed is that of 16 merges, one after
 * the other. A centroid that is off by h is nearer by the factor 1 - h sqrt(8 w / radius) of the squared height, w
 * being the weight of the cluster. */
static double limit_of(const engine *e, int32_t i)
{
    const double radius = e->radius[i], off = 16 * 0x1p-50 * sqrt((double)e->now.stride);
    if (radius == INFINITY || radius <= 0) return radius;
    return radius * (1 - 1e-12) - off * sqrt(8 * e->now.weight[i] * radius);
}

/* The nearest neighbour from the lists; false if they do not determine it. */
static bool choose_from_lists(engine *e, int32_t i)
{
    zsc_ward_candidate list[2 * ZSC_WARD_NEAR_MOST + 1];
    size_t count = collect_list(e, i, list);
    store_list(e, i, list, count);
    return count && list[0].distance < limit_of(e, i);
}

/* Stores the answer of a search (zsc_ward_found_fn). */
static void store_found(void *data, int32_t i, const zsc_ward_near_list *near)
{
    engine *e = data;
    e->radius[i] = near->radius;
    store_list(e, i, near->list, near->count);
}

/* --- The clusters that have a slot as their nearest: one doubly linked list per slot */
static void link_nearest(engine *e, int32_t i)
{
    int32_t to = e->nearest[i], old = e->head[to];
    e->next[i] = old;
    e->previous[i] = -1;
    if (old >= 0) e->previous[old] = i;
    e->head[to] = i;
}

static void unlink_nearest(engine *e, int32_t i)
{
    if (e->next[i] >= 0) e->previous[e->next[i]] = e->previous[i];
    if (e->previous[i] >= 0)
        e->next[e->previous[i]] = e->next[i];
    else
        e->head[e->nearest[i]] = e->next[i];
}

/* --- Sleep */
static void wake(engine *e, int32_t i)
{
    if (!(e->rest[i] & ASLEEP)) return;
    e->rest[i] ^= ASLEEP | WOKEN;
    e->woken[e->woken_count++] = i;
}

/* Of the clusters that have changed, those that may wait are put aside. */
static void fall_asleep(engine *e)
{
    const double mean = e->rows / (double)e->now.live;
    size_t kept = 0;
    for (size_t c = 0; c < e->changes; c++) {
        const int32_t i = e->changed[c];
        if (e->now.weight[i] > mean && e->head[i] < 0) {
            e->nearest[i] = -1;
            if (!(e->rest[i] & LISTED)) e->sleeper[e->sleepers++] = i;
            e->rest[i] = ASLEEP | LISTED;
        } else {
            e->changed[kept++] = i;
        }
    }
    e->changes = kept;
}

/* Takes those that do not sleep off the list; how many of the others are no heavier than MOST. */
static size_t list_sleepers(engine *e, double most)
{
    size_t kept = 0, light = 0;
    for (size_t k = 0; k < e->sleepers; k++) {
        const int32_t i = e->sleeper[k];
        if (e->rest[i] & ASLEEP) {
            e->sleeper[kept++] = i;
            light += e->now.weight[i] <= most;
        } else {
            e->rest[i] &= (unsigned char)~LISTED;
        }
    }
    e->sleepers = kept;
    return light;
}

/* Nothing else is left to do: those that are no heavier than the mean wake, or, if these are few, all. */
static void wake_sleepers(engine *e)
{
    double most = e->rows / (double)e->now.live;
    if (list_sleepers(e, most) * WOKEN_LEAST < e->sleepers) most = INFINITY;
    for (size_t k = 0; k < e->sleepers; k++)
        if (e->now.weight[e->sleeper[k]] <= most) wake(e, e->sleeper[k]);
}

/* Those that were woken are among the changed clusters of the next round. */
static void get_up(engine *e)
{
    for (size_t k = 0; k < e->woken_count; k++) {
        e->rest[e->woken[k]] &= (unsigned char)~WOKEN;
        e->changed[e->changes++] = e->woken[k];
    }
    e->woken_count = 0;
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

/* Distances of merged clusters are rounded, so that i can have k as its nearest at a smaller distance than k has found.
 * Both are updated here: afterwards no pair is before the pair of its second member. Who sleeps and is the nearest of
 * another wakes. */
static void reconcile(engine *e)
{
    for (size_t c = 0; c < e->changes; c++) link_nearest(e, e->changed[c]);
    for (size_t c = 0; c < e->changes; c++) {
        int32_t i = e->changed[c], k = e->nearest[i];
        if (e->rest[k] & (ASLEEP | WOKEN)) {
            wake(e, k);
        } else if (first_of(e, i, k)) {
            unlink_nearest(e, k);
            e->nearest[k] = i;
            e->distance[k] = e->distance[i];
            link_nearest(e, k);
        }
        int32_t best = -1;
        for (int32_t j = e->head[i]; j >= 0; j = e->next[j])
            if (first_of(e, j, best < 0 ? i : best)) best = j;
        if (best >= 0) {
            unlink_nearest(e, i);
            e->nearest[i] = best;
            e->distance[i] = e->distance[best];
            link_nearest(e, i);
        }
    }
}

/* --- Merging */
static int by_slot(const void *a, const void *b)
{
    int32_t x = ((const zsc_ward_merge *)a)->a, y = ((const zsc_ward_merge *)b)->a;
    return (x > y) - (x < y);
}

static void find_pairs(engine *e)
{
    e->pairs = 0;
    for (size_t c = 0; c < e->changes; c++) {
        int32_t i = e->changed[c], k = e->nearest[i];
        if (e->nearest[k] != i || e->parent[k] != k || e->parent[i] != i) continue;
        int32_t a = i < k ? i : k, b = i < k ? k : i;
        e->parent[b] = a; /* also marks the pair as found */
        e->pair[e->pairs++] = (zsc_ward_merge){a, b,
                                               fmax(e->distance[i], fmax(e->square_height[a], e->square_height[b]))};
    }
    qsort(e->pair, e->pairs, sizeof *e->pair, by_slot);
}

/* A lower bound of the distance from the union of a and b to any cluster in neither list. */
static double joint_radius(const engine *e, int32_t a, int32_t b)
{
    double ra = e->radius[a], rb = e->radius[b], wa = e->now.weight[a], wb = e->now.weight[b], ab = e->distance[a];
    if (ra == INFINITY || rb == INFINITY) return INFINITY;
    double light = ((wa + 1) * ra + (wb + 1) * rb - ab) / (wa + wb + 1), heavy = ra + rb - ab;
    return fmin(light, heavy) * (1 - 1e-12);
}

/* A merge of slots at a squared height as the caller has it: rows, and the height in their scale. */
static zsc_ward_merge merge_of(const engine *e, const zsc_ward_merge *pair, int exponent)
{
    return (zsc_ward_merge){e->first[pair->a], e->first[pair->b], ldexp(sqrt(pair->height), exponent)};
}

static void merge_clusters(engine *e, int32_t a, int32_t b)
{
    zsc_ward_clusters *s = &e->now;
    double wa = s->weight[a], wb = s->weight[b], fraction = wb / (wa + wb);
    double *ca = s->c + (size_t)a * s->stride;
    const double *cb = s->c + (size_t)b * s->stride;
    e->radius[a] = joint_radius(e, a, b);
    for (size_t j = 0; j < s->stride; j++) ca[j] += (cb[j] - ca[j]) * fraction;
    s->weight[a] = wa + wb;
    s->weight[b] = 0;
    e->merged_child[a] = b;
}

/* Slot i must find its nearest cluster. */
static void add_changed(engine *e, int32_t i)
{
    e->changed[e->changes++] = i;
    e->nearest[i] = -1;
}

/* The clusters whose nearest was this slot must find another. */
static void invalidate(engine *e, int32_t of, int32_t except)
{
    for (int32_t j = e->head[of]; j >= 0; j = e->next[j])
        if (j != except) add_changed(e, j);
    e->head[of] = -1;
}

static void merge_pairs(engine *e, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads) if (e->pairs > PARALLEL_LEAST)
    for (size_t p = 0; p < e->pairs; p++) merge_clusters(e, e->pair[p].a, e->pair[p].b);
    e->changes = 0;
    for (size_t p = 0; p < e->pairs; p++) {
        int32_t a = e->pair[p].a, b = e->pair[p].b;
        e->square_height[a] = e->pair[p].height;
        add_changed(e, a);
        invalidate(e, a, b);
        invalidate(e, b, a);
    }
    e->now.live -= e->pairs;
}

/* --- A linkage that was stopped */
/* The arrays of a round that has not begun, or was interrupted, serve for it: pairs and pending are of no use then. */
static zsc_status keep_state(engine *e, const zsc_ward_keeper *keeper, const zsc_ward_merge *merges, size_t made)
{
    zsc_ward_state state = {.merges = made, .pair = (int32_t *)e->pair, .nearest = e->pending};
    static_assert(sizeof *e->pair >= 4 * sizeof *state.pair, "m / 2 + 1 of them hold the m - 1 merges");
    for (size_t i = 0; i < made; i++) {
        state.pair[2 * i] = merges[i].a;
        state.pair[2 * i + 1] = merges[i].b;
    }
    memcpy(state.nearest, e->nearest, e->now.m * sizeof *e->nearest);
    for (size_t i = 0; i < e->now.m; i++)
        if (e->rest[i] & ASLEEP) state.nearest[i] = ZSC_WARD_ASLEEP;
    for (size_t c = 0; c < e->changes; c++)
        if (state.nearest[e->changed[c]] >= 0) state.nearest[e->changed[c]] = -2 - state.nearest[e->changed[c]];
    for (size_t i = 0; i < e->now.m; i++)
        if (e->now.weight[i] > 0) state.nearest[state.live++] = state.nearest[i];
    return keeper->keep(keeper->owner, &state);
}

static bool is_cluster(const engine *e, int32_t slot)
{
    return slot >= 0 && (size_t)slot < e->now.m && e->now.weight[slot] > 0;
}

/* Of a row that a state names; -1: it is not the first of a cluster. */
static int32_t slot_of(const engine *e, const zsc_ward_points *points, int32_t row)
{
    if (row < 0 || (size_t)row >= points->rows) return -1;
    const int32_t slot = points->of[row];
    return e->first[slot] == row && is_cluster(e, slot) ? slot : -1;
}

static bool merge_again(engine *e, const zsc_ward_points *points, const zsc_ward_state *from, zsc_ward_merge *merges)
{
    for (size_t i = 0; i < from->merges; i++) {
        const int32_t a = slot_of(e, points, from->pair[2 * i]), b = slot_of(e, points, from->pair[2 * i + 1]);
        if (a < 0 || b <= a) return false;
        const double height = fmax(zsc_ward_square_height(&e->now, a, b),
                                   fmax(e->square_height[a], e->square_height[b]));
        merges[i] = merge_of(e, &(zsc_ward_merge){a, b, height}, points->exponent);
        merge_clusters(e, a, b);
        e->merged_child[a] = -1;
        e->parent[b] = a;
        e->square_height[a] = height;
        e->now.live--;
    }
    return true;
}

static bool find_again(engine *e, const zsc_ward_state *from)
{
    size_t seen = 0;
    e->changes = 0;
    for (int32_t i = 0; (size_t)i < e->now.m; i++) {
        if (!is_cluster(e, i)) continue;
        const int32_t kept = from->nearest[seen++], to = kept < -1 ? -2 - kept : kept;
        e->radius[i] = 0; /* with an empty list */
        if (kept == ZSC_WARD_ASLEEP) {
            if (!e->may_sleep) return false;
            e->nearest[i] = -1;
            e->rest[i] = ASLEEP | LISTED;
            e->sleeper[e->sleepers++] = i;
            continue;
        }
        if (kept < 0) add_changed(e, i);
        if (to < 0) continue;
        if (to == i || !is_cluster(e, to)) return false;
        e->nearest[i] = to;
        e->distance[i] = zsc_ward_square_height(&e->now, i, to);
        if (kept >= 0) link_nearest(e, i);
    }
    return true;
}

static zsc_status fail_resumed(const zsc_ward_points *points)
{
    return zsc_fail(ZSC_EINPUT, "the linkage to resume is not one of these %zu rows", points->rows);
}

static zsc_status resume(engine *e, const zsc_ward_points *points, const zsc_ward_keeper *keeper,
                         zsc_ward_merge *merges, size_t *made)
{
    zsc_ward_state from = {0};
    zsc_status status = keeper->find(keeper->owner, &from);
    if (status == ZSC_OK && from.pair) {
        const bool good = from.merges + 1 < points->m && from.live == points->m - from.merges &&
                          merge_again(e, points, &from, merges) && find_again(e, &from);
        *made = e->first_merges = from.merges;
        e->resumed = true;
        if (!good) status = fail_resumed(points);
    }
    zsc_ward_state_free(&from);
    return status;
}

void zsc_ward_state_free(zsc_ward_state *state)
{
    free(state->pair);
    free(state->nearest);
    *state = (zsc_ward_state){0};
}

static zsc_status engine_make(engine *e, const zsc_ward_points *points, const zsc_ward_keeper *keeper,
                              const zsc_exec *held, zsc_ward_merge *merges, size_t *made)
{
    zsc_status status = ZSC_OK;
    size_t m = points->m;
    e->now = (zsc_ward_clusters){
        .m = m, .d = points->d, .stride = points->stride, .live = m, .c = points->c, .weight = points->weight};
    e->first = points->first;
    ZSC_NEW(e->nearest, m);
    ZSC_NEW(e->distance, m);
    ZSC_NEW(e->radius, m);
    ZSC_NEW_RAW(e->near, m * ZSC_WARD_NEAR_MOST);
    ZSC_NEW_RAW(e->merged_child, m);
    ZSC_NEW_RAW(e->parent, m);
    ZSC_NEW(e->square_height, m);
    ZSC_NEW_RAW(e->head, m);
    ZSC_NEW_RAW(e->next, m);
    ZSC_NEW_RAW(e->previous, m);
    ZSC_NEW_RAW(e->changed, m);
    ZSC_NEW_RAW(e->pair, m / 2 + 1);
    ZSC_NEW_RAW(e->pending, m);
    ZSC_NEW(e->rest, m);
    e->may_sleep = m >= sleep_least;
    if (e->may_sleep) {
        ZSC_NEW_RAW(e->sleeper, m);
        ZSC_NEW_RAW(e->woken, m);
    }
    for (size_t i = 0; i < m; i++) e->rows += points->weight[i];
    memset(e->head, -1, m * sizeof *e->head);
    memset(e->merged_child, -1, m * sizeof *e->merged_child);
    for (size_t i = 0; i < m; i++) e->parent[i] = (int32_t)i;
    for (size_t i = 0; i < m; i++) add_changed(e, (int32_t)i);
    if (keeper) ZSC_TRY(resume(e, points, keeper, merges, made));
    ZSC_TRY(zsc_ward_search_make(&e->now, held, &e->search));
    e->list = zsc_ward_search_near(&e->search); /* what is beyond it of the memory is never touched */
    memset(e->near, -1, m * e->list * sizeof *e->near);
done:
    return status;
}

size_t zsc_ward_row_memory(size_t m) { return m * (m >= sleep_least ? 141 : 133); }

static void engine_free(engine *e)
{
    free(e->nearest);
    free(e->distance);
    free(e->radius);
    free(e->near);
    free(e->merged_child);
    free(e->parent);
    free(e->square_height);
    free(e->head);
    free(e->next);
    free(e->previous);
    free(e->changed);
    free(e->pair);
    free(e->pending);
    free(e->rest);
    free(e->sleeper);
    free(e->woken);
    zsc_ward_search_free(&e->search);
}

/* How much of the whole is done when so many clusters are left. */
static double share_done(const engine *e, double live)
{
    if (!e->first_merges) return MADE;
    const double after = (double)(e->now.m - e->first_merges);
    return after > 0 ? FIRST_ROUND + (1 - FIRST_ROUND) * (1 - live / after) : 1;
}

/* Of the next round: half as many as in the last, so that progress does not run ahead of the merges. */
static double merges_expected(const engine *e) { return fmin((double)e->now.live / ROUND_SHARE, (double)e->pairs / 2); }

static zsc_status find_nearest(engine *e, const zsc_exec *exec, const zsc_exec *held)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    const double live = (double)e->now.live, done = fmax(e->shown, share_done(e, live)),
                 next = fmax(done, e->first_merges ? share_done(e, live - merges_expected(e)) : FIRST_ROUND);
    zsc_progress_part making = {held, "clustering", done, (done + next) / 2};
    const zsc_exec within = zsc_progress_within(&making);
#pragma omp parallel for schedule(static) num_threads(threads) if (e->changes > PARALLEL_LEAST)
    for (size_t c = 0; c < e->changes; c++) {
        const int32_t i = e->changed[c]; /* found already: of a round that was interrupted */
        e->next[i] = e->nearest[i] >= 0 || choose_from_lists(e, i);
    }
    e->pending_count = 0;
    for (size_t c = 0; c < e->changes; c++) {
        const int32_t i = e->changed[c];
        if (e->next[i]) continue;
        e->nearest[i] = -1;
        e->pending[e->pending_count++] = i;
    }
    size_t built = e->search.live_built;
    ZSC_TRY(zsc_ward_search_refresh(&e->search, &e->now, e->pending_count, &within));
    zsc_polls polls = {
        .exec = exec, .stage = "clustering", .begin = e->search.live_built == built ? done : making.end, .end = next};
    zsc_ward_search_run(&e->search, &e->now, e->pending, e->pending_count, threads, &polls, store_found, e);
    e->shown = next;
    status = zsc_polled(&polls);
done:
    return status;
}

zsc_status zsc_ward_run_reciprocal(const zsc_ward_points *points, const zsc_ward_keeper *keeper, const zsc_exec *exec,
                                   zsc_ward_merge *merges, const char **how)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t made = 0, total = points->m - 1;
    bool kept = false; /* what there is may be kept */
    engine e = {0};
    const zsc_exec held = zsc_memory_hold(exec, zsc_ward_row_memory(points->m)); /* beside the search's structure */
    zsc_progress_part making = {&held, "clustering", 0, MADE};
    const zsc_exec within = zsc_progress_within(&making);
    ZSC_TRY(engine_make(&e, points, keeper, &within, merges, &made));
    kept = keeper != NULL;
    *how = zsc_ward_search_name(&e.search);
    while (made < total) {
        if (!zsc_progress(exec, "clustering", fmax(e.shown, share_done(&e, (double)e.now.live)), 1)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        if (kept && keeper->due(keeper->owner)) ZSC_TRY(keep_state(&e, keeper, merges, made));
        ZSC_TRY(find_nearest(&e, exec, &held));
        reconcile(&e);
        find_pairs(&e);
        for (size_t p = 0; p < e.pairs; p++) merges[made++] = merge_of(&e, &e.pair[p], points->exponent);
        const bool idle = e.pairs == 0 && e.woken_count == 0;
        if (idle) wake_sleepers(&e);
        if (idle && e.woken_count == 0) {
            status = e.resumed
                         ? fail_resumed(points)
                         : zsc_fail(ZSC_EINTERNAL, "Ward's method found no two clusters that are each other's nearest");
            goto done;
        }
        merge_pairs(&e, threads);
        if (e.may_sleep && !idle) fall_asleep(&e);
        get_up(&e);
        if (!e.first_merges) e.first_merges = made;
        const double live = (double)e.now.live, built = (double)e.search.live_built;
        making.begin = e.shown = fmax(e.shown, share_done(&e, live));
        making.end = fmax(e.shown, (e.shown + share_done(&e, live - merges_expected(&e))) / 2);
        if (made < total) ZSC_TRY(zsc_ward_search_merge(&e.search, &e.now, e.pair, e.pairs, &within));
        if ((double)e.search.live_built < built) e.shown = making.end;
    }
done:
    if (kept && status == ZSC_EINTERRUPTED && keep_state(&e, keeper, merges, made) == ZSC_OK)
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    engine_free(&e);
    return status;
}
