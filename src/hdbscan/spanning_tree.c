/* Boruvka's algorithm (1926): in each round every component takes its shortest edge to another, so that a round at
 * least halves their number. A row searches the tree of boxes for its nearest row outside its component; the shortest
 * edge that the component has so far bounds the search, which leaves out boxes that are farther, that hold rows of the
 * same component alone, or none with a small enough core distance.
 *
 * What a search has seen stays true while components grow: `outside` of a row is a measure below which no row outside
 * its component is. So a row whose `outside` is above its component's bound is not searched again; and the lists of
 * nearest rows, which core distances need anyway, answer the first rounds.
 *
 * Edges are compared by (measure, the smaller first row, the larger one): a total order, in which the tree is unique
 * whatever the threads do. Bounds are only used to leave out what is above them. */
#include "hdbscan/spanning_tree.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum {
    MORE = 8,          /* rows that a list holds beyond min_samples */
    DEPTH_MOST = 64,   /* levels of the tree, which halves at each */
    AT_ONCE = 1 << 15, /* rows between two looks at the caller's progress function */
};

typedef struct near_row {
    double measure;
    int32_t row;
} near_row;

typedef struct forest {
    const zsc_hdbscan_space *space;
    const zsc_hdbscan_kernels *kernels;
    const zsc_row_kernels *row_kernels;
    const zsc_exec *exec;
    size_t length;           /* rows in a list, the row itself not among them */
    near_row *list;          /* m x length, ascending */
    double *core;            /* m */
    double *outside;         /* m: no row outside the component is nearer */
    int32_t *component;      /* m: the smallest row of its component */
    int32_t *of_node;        /* nodes: the component of all its rows, or -1 */
    double *core_of_node;    /* nodes: the smallest core distance */
    _Atomic uint64_t *bound; /* m, by component: the bits of a measure; positive numbers are ordered as their bits */
    zsc_hdbscan_edge *best;  /* m, of rows: the shortest edge of each; b is -1 where there is none */
} forest;

static double as_measure(uint64_t bits)
{
    double measure;
    memcpy(&measure, &bits, sizeof measure);
    return measure;
}

static uint64_t as_bits(double measure)
{
    uint64_t bits;
    memcpy(&bits, &measure, sizeof bits);
    return bits;
}

static double bound_of(const forest *f, int32_t component)
{
    return as_measure(atomic_load_explicit(&f->bound[component], memory_order_relaxed));
}

static void lower_bound(forest *f, int32_t component, double measure)
{
    uint64_t now = atomic_load_explicit(&f->bound[component], memory_order_relaxed), wanted = as_bits(measure);
    while (wanted < now && !atomic_compare_exchange_weak_explicit(&f->bound[component], &now, wanted,
                                                                  memory_order_relaxed, memory_order_relaxed)) {}
}

/* Whether edge e comes before f. */
static bool before(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *e, const zsc_hdbscan_edge *f)
{
    int32_t ea = s->first[e->a], eb = s->first[e->b], fa = s->first[f->a], fb = s->first[f->b];
    int32_t e_low = ea < eb ? ea : eb, e_high = ea < eb ? eb : ea, f_low = fa < fb ? fa : fb,
            f_high = fa < fb ? fb : fa;
    if (e->measure != f->measure) return e->measure < f->measure;
    return e_low != f_low ? e_low < f_low : e_high < f_high;
}

/* --- Searching the tree */
/* What a search looks for; both kinds share the way through the tree. */
typedef struct search {
    int32_t row;
    int32_t component; /* rows of it are passed over; -1: of none, but for the row itself */
    double bound;      /* what is farther is of no use */
    near_row *list;    /* the nearest so far, or: */
    size_t count;
    zsc_hdbscan_edge best;
} search;

static double reach(const forest *f, int32_t a, int32_t b, double measure)
{
    return fmax(measure, fmax(f->core[a], f->core[b]));
}

static void take_near(forest *f, search *q, int32_t row)
{
    double measure = zsc_knn_rows_measure(&f->space->rows, f->row_kernels, (size_t)q->row, (size_t)row);
    if (!(measure < q->bound)) return;
    size_t at = q->count < f->length ? q->count++ : f->length - 1;
    for (; at > 0 && q->list[at - 1].measure > measure; at--) q->list[at] = q->list[at - 1];
    q->list[at] = (near_row){measure, row};
    if (q->count == f->length) q->bound = q->list[f->length - 1].measure;
}

static void take_edge(forest *f, search *q, int32_t row)
{
    if (f->core[row] > q->bound) return;
    double measure = zsc_knn_rows_measure(&f->space->rows, f->row_kernels, (size_t)q->row, (size_t)row);
    zsc_hdbscan_edge edge = {q->row, row, reach(f, q->row, row, measure)};
    if (edge.measure > q->bound || (q->best.b >= 0 && !before(f->space, &edge, &q->best))) return;
    q->best = edge;
    q->bound = edge.measure;
    lower_bound(f, q->component, edge.measure);
}

static bool is_out(const forest *f, const search *q, int32_t node)
{
    return q->component >= 0 && (f->of_node[node] == q->component || f->core_of_node[node] > q->bound);
}

static void scan_leaf(forest *f, search *q, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    const float *x = s->vector + (size_t)q->row * s->width;
    for (int32_t from = s->from[node]; from < s->end[node]; from += ZSC_HDBSCAN_BLOCK) {
        const float *block = s->block + (size_t)from / ZSC_HDBSCAN_BLOCK * s->d * ZSC_HDBSCAN_BLOCK;
        unsigned near = f->kernels->within[s->kind](x, block, s->d, zsc_hdbscan_limit(s, q->bound));
        for (; near; near &= near - 1) {
            int32_t row = from + __builtin_ctz(near);
            if (row >= s->end[node] || row == q->row) continue;
            if (q->component < 0)
                take_near(f, q, row);
            else if (f->component[row] != q->component)
                take_edge(f, q, row);
        }
    }
}

static void search_tree(forest *f, search *q)
{
    const zsc_hdbscan_space *s = f->space;
    const float *x = s->vector + (size_t)q->row * s->width;
    struct {
        int32_t node;
        float length;
    } stack[DEPTH_MOST];
    size_t depth = 0;
    stack[depth].node = 0;
    stack[depth++].length = 0;
    while (depth) {
        int32_t node = stack[--depth].node;
        if (q->component >= 0) q->bound = fmin(q->bound, bound_of(f, q->component));
        if (stack[depth].length > zsc_hdbscan_limit(s, q->bound) || is_out(f, q, node)) continue;
        while (s->right[node] >= 0) {
            int32_t left = node + 1, right = s->right[node];
            float l = f->kernels->to_box[s->kind](x, s->low + (size_t)left * s->width,
                                                  s->high + (size_t)left * s->width, s->width);
            float r = f->kernels->to_box[s->kind](x, s->low + (size_t)right * s->width,
                                                  s->high + (size_t)right * s->width, s->width);
            node = l <= r ? left : right;
            stack[depth].node = l <= r ? right : left;
            stack[depth++].length = l <= r ? r : l;
            if ((l <= r ? l : r) > zsc_hdbscan_limit(s, q->bound) || is_out(f, q, node)) {
                node = -1;
                break;
            }
        }
        if (node >= 0) scan_leaf(f, q, node);
    }
}

/* --- Core distances */
static zsc_status find_cores(forest *f, size_t min_samples)
{
    const zsc_hdbscan_space *s = f->space;
    for (size_t begin = 0; begin < s->m; begin += AT_ONCE) {
        size_t end = begin + AT_ONCE < s->m ? begin + AT_ONCE : s->m;
        if (!zsc_progress(f->exec, "core distances", (double)begin, (double)s->m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 64) num_threads(zsc_threads(f->exec)) if (end - begin > 256)
        for (size_t p = begin; p < end; p++) {
            search q = {.row = (int32_t)p, .component = -1, .bound = INFINITY, .list = f->list + p * f->length};
            if (f->length) search_tree(f, &q);
            for (size_t k = q.count; k < f->length; k++) q.list[k] = (near_row){INFINITY, -1};
            size_t rows = (size_t)s->weight[p], k = 0;
            while (rows < min_samples && k < q.count) rows += (size_t)s->weight[q.list[k++].row];
            f->core[p] = k ? q.list[k - 1].measure : 0;
            f->outside[p] = q.count < f->length || !f->length ? INFINITY : q.list[f->length - 1].measure;
        }
    }
    return ZSC_OK;
}

/* --- Rounds */
static int32_t root_of(int32_t *component, int32_t row)
{
    while (component[row] != row) {
        component[row] = component[component[row]];
        row = component[row];
    }
    return row;
}

/* The component of each node, from the last to the first: children come after their parent. */
static void mark_nodes(forest *f)
{
    const zsc_hdbscan_space *s = f->space;
    for (size_t i = s->nodes; i-- > 0;) {
        if (s->right[i] >= 0) {
            int32_t left = f->of_node[i + 1], right = f->of_node[s->right[i]];
            f->of_node[i] = left == right ? left : -1;
            continue;
        }
        f->of_node[i] = f->component[s->from[i]];
        for (int32_t p = s->from[i] + 1; p < s->end[i]; p++)
            if (f->component[p] != f->of_node[i]) f->of_node[i] = -1;
    }
}

static void mark_cores(forest *f)
{
    const zsc_hdbscan_space *s = f->space;
    for (size_t i = s->nodes; i-- > 0;) {
        f->core_of_node[i] = INFINITY;
        if (s->right[i] >= 0)
            f->core_of_node[i] = fmin(f->core_of_node[i + 1], f->core_of_node[s->right[i]]);
        else
            for (int32_t p = s->from[i]; p < s->end[i]; p++) f->core_of_node[i] = fmin(f->core_of_node[i], f->core[p]);
    }
}

/* What the list of a row knows: its shortest edge to another component. */
static void look_at_list(forest *f, size_t p)
{
    int32_t own = f->component[p];
    f->best[p] = (zsc_hdbscan_edge){(int32_t)p, -1, INFINITY};
    const near_row *list = f->list + p * f->length;
    for (size_t k = 0; k < f->length && list[k].row >= 0 && list[k].measure <= f->best[p].measure; k++) {
        if (f->component[list[k].row] == own) continue;
        zsc_hdbscan_edge edge = {(int32_t)p, list[k].row, reach(f, (int32_t)p, list[k].row, list[k].measure)};
        if (f->best[p].b < 0 || before(f->space, &edge, &f->best[p])) f->best[p] = edge;
    }
    if (f->best[p].b >= 0) lower_bound(f, own, f->best[p].measure);
}

/* Searches what neither the list nor an earlier search has seen. */
static void look_further(forest *f, size_t p)
{
    int32_t own = f->component[p];
    double least = fmax(f->outside[p], f->core[p]), bound = bound_of(f, own);
    if (least > bound || f->best[p].measure < least) return;
    search q = {.row = (int32_t)p, .component = own, .bound = bound, .best = {(int32_t)p, -1, INFINITY}};
    if (f->best[p].b >= 0 && f->best[p].measure <= bound) q.best = f->best[p];
    search_tree(f, &q);
    f->best[p] = q.best;
    f->outside[p] = fmax(f->outside[p], q.bound);
}

static zsc_status look(forest *f, size_t joined)
{
    size_t m = f->space->m;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(f->exec)) if (m > 256)
    for (size_t p = 0; p < m; p++) atomic_store_explicit(&f->bound[p], as_bits(INFINITY), memory_order_relaxed);
#pragma omp parallel for schedule(dynamic, 256) num_threads(zsc_threads(f->exec)) if (m > 256)
    for (size_t p = 0; p < m; p++) look_at_list(f, p);
    for (size_t begin = 0; begin < m; begin += AT_ONCE) {
        size_t end = begin + AT_ONCE < m ? begin + AT_ONCE : m;
        if (!zsc_progress(f->exec, "spanning tree", (double)joined, (double)m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 64) num_threads(zsc_threads(f->exec)) if (end - begin > 256)
        for (size_t p = begin; p < end; p++) look_further(f, p);
    }
    return ZSC_OK;
}

/* Joins components along the shortest edge of each; returns how many edges were added. */
static size_t join(forest *f, int32_t *shortest, zsc_hdbscan_edge *edges)
{
    const zsc_hdbscan_space *s = f->space;
    size_t added = 0;
    for (size_t p = 0; p < s->m; p++) shortest[p] = -1;
    for (size_t p = 0; p < s->m; p++) {
        int32_t *of = &shortest[f->component[p]];
        if (f->best[p].b >= 0 && (*of < 0 || before(s, &f->best[p], &f->best[*of]))) *of = (int32_t)p;
    }
    for (size_t c = 0; c < s->m; c++) {
        if (shortest[c] < 0) continue;
        zsc_hdbscan_edge edge = f->best[shortest[c]];
        int32_t a = root_of(f->component, edge.a), b = root_of(f->component, edge.b);
        if (a == b) continue; /* the other one chose the same edge */
        f->component[a > b ? a : b] = a > b ? b : a;
        edges[added++] = edge;
    }
    for (size_t p = 0; p < s->m; p++) f->component[p] = root_of(f->component, (int32_t)p);
    return added;
}

/* --- The whole */
/* Edges with as much as the core distance of one of their ends: all of them are as good as those of the tree. */
static size_t add_core_edges(const forest *f, zsc_hdbscan_edge *edges)
{
    size_t added = 0;
    for (size_t p = 0; p < f->space->m; p++) {
        const near_row *list = f->list + p * f->length;
        for (size_t k = 0; k < f->length && list[k].row >= 0 && list[k].measure <= f->core[p]; k++) {
            int32_t q = list[k].row;
            if (f->core[q] > f->core[p]) continue;
            if (edges) edges[added] = (zsc_hdbscan_edge){(int32_t)p, q, f->core[p]};
            added++;
        }
    }
    return added;
}

zsc_status zsc_hdbscan_spanning_tree(const zsc_hdbscan_space *s, size_t min_samples, const zsc_exec *exec, double *core,
                                     zsc_hdbscan_edge *edges)
{
    zsc_status status = ZSC_OK;
    forest f = {.space = s,
                .kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels),
                .row_kernels = ZSC_SIMD_PICK(zsc_row_kernels_of),
                .exec = exec,
                .core = core};
    int32_t *shortest = NULL;
    zsc_hdbscan_edge *more = NULL;
    size_t most = s->m ? s->m - 1 : 0, count = 0;
    f.length = min_samples - 1 + MORE < most ? min_samples - 1 + MORE : most;
    ZSC_NEW_RAW(f.list, s->m * f.length);
    ZSC_NEW_RAW(f.outside, s->m);
    ZSC_NEW_RAW(f.component, s->m);
    ZSC_NEW_RAW(f.of_node, s->nodes);
    ZSC_NEW_RAW(f.core_of_node, s->nodes);
    ZSC_NEW_RAW(f.best, s->m);
    ZSC_NEW_RAW(shortest, s->m);
    if (!(f.bound = zsc_malloc(s->m, sizeof *f.bound, "bounds"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(find_cores(&f, min_samples));
    mark_cores(&f);
    for (size_t p = 0; p < s->m; p++) f.component[p] = (int32_t)p;
    while (count < most) {
        mark_nodes(&f);
        ZSC_TRY(look(&f, count));
        size_t added = join(&f, shortest, edges + count);
        if (added == 0) {
            status = zsc_fail(ZSC_ENUMERIC, "clustering: distances of the rows are beyond double precision");
            goto done;
        }
        count += added;
    }
    ZSC_NEW_RAW(more, count + add_core_edges(&f, NULL));
    memcpy(more, edges, count * sizeof *more);
    ZSC_TRY(zsc_hdbscan_order_edges(s, more, count + add_core_edges(&f, more + count), f.best, edges));
done:
    free(f.list);
    free(f.outside);
    free(f.component);
    free(f.of_node);
    free(f.core_of_node);
    free(f.best);
    free(f.bound);
    free(shortest);
    free(more);
    return status;
}

/* Lists and what is known of rows and nodes; then the edges that are ordered, whose heap doubles as it grows. */
size_t zsc_hdbscan_spanning_tree_memory(size_t n, size_t min_samples)
{
    size_t length = min_samples - 1 + MORE < n ? min_samples - 1 + MORE : n;
    size_t ties = min_samples < n ? min_samples : n, edge = sizeof(zsc_hdbscan_edge) + 2 * sizeof(size_t) + 2 * 32;
    return n * (length * sizeof(near_row) + 3 * sizeof(double) + 3 * sizeof(int32_t) + sizeof(zsc_hdbscan_edge)) +
           n / ZSC_HDBSCAN_BLOCK * 12 + n * ((ties + 1) * edge + sizeof(size_t) + 1);
}
