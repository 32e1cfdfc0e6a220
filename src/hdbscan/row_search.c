/* Searches of single rows through the tree: the nearest rows, and the nearest one outside the component. */
#include <math.h>

#include "hdbscan/forest.h"

enum { DEPTH_MOST = 64 }; /* levels of the tree, which halves at each */

void zsc_forest_lower_bound(zsc_forest *f, int32_t component, double measure)
{
    uint64_t now = atomic_load_explicit(&f->bound[component], memory_order_relaxed), wanted;
    memcpy(&wanted, &measure, sizeof wanted);
    while (wanted < now && !atomic_compare_exchange_weak_explicit(&f->bound[component], &now, wanted,
                                                                  memory_order_relaxed, memory_order_relaxed)) {}
}

bool zsc_forest_before(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *e, const zsc_hdbscan_edge *f)
{
    int32_t ea = s->first[e->a], eb = s->first[e->b], fa = s->first[f->a], fb = s->first[f->b];
    int32_t e_low = ea < eb ? ea : eb, e_high = ea < eb ? eb : ea, f_low = fa < fb ? fa : fb,
            f_high = fa < fb ? fb : fa;
    if (e->measure != f->measure) return e->measure < f->measure;
    return e_low != f_low ? e_low < f_low : e_high < f_high;
}

double zsc_forest_reach(const zsc_forest *f, int32_t a, int32_t b, double measure)
{
    return fmax(measure, fmax(f->core[a], f->core[b]));
}

/* What a search looks for; both kinds share the way through the tree. */
typedef struct search {
    int32_t row;
    int32_t component;  /* rows of it are passed over; -1: of none, but for the row itself */
    double bound;       /* what is farther is of no use */
    zsc_near_row *list; /* of the nearest so far; with a component edges go to the forest */
    size_t count;
} search;

static void take_near(zsc_forest *f, search *q, int32_t row)
{
    double measure = zsc_knn_rows_measure(&f->space->rows, f->row_kernels, (size_t)q->row, (size_t)row);
    if (!(measure < q->bound)) return;
    size_t at = q->count < f->length ? q->count++ : f->length - 1;
    for (; at > 0 && q->list[at - 1].measure > measure; at--) q->list[at] = q->list[at - 1];
    q->list[at] = (zsc_near_row){measure, row};
    if (q->count == f->length) q->bound = q->list[f->length - 1].measure;
}

void zsc_forest_take_edge(zsc_forest *f, int32_t row, int32_t other)
{
    int32_t own = f->component[row];
    double bound = zsc_forest_bound(f, own);
    if (f->core[other] > bound) return;
    double measure = zsc_knn_rows_measure(&f->space->rows, f->row_kernels, (size_t)row, (size_t)other);
    zsc_hdbscan_edge edge = {row, other, zsc_forest_reach(f, row, other, measure)}, *best = &f->best[row];
    if (edge.measure > bound || (best->b >= 0 && !zsc_forest_before(f->space, &edge, best))) return;
    *best = edge;
    zsc_forest_lower_bound(f, own, edge.measure);
}

static bool is_out(const zsc_forest *f, const search *q, int32_t node)
{
    return q->component >= 0 && (f->of_node[node] == q->component || f->core_of_node[node] > q->bound);
}

static void scan_leaf(zsc_forest *f, search *q, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    const float *x = s->vector + (size_t)q->row * s->width;
    const float *block = s->block + (size_t)s->at[node] * s->d * ZSC_HDBSCAN_BLOCK;
    for (int32_t from = s->from[node]; from < s->end[node]; from += ZSC_HDBSCAN_BLOCK) {
        unsigned near = f->kernels->within[s->kind](x, block, s->d, zsc_hdbscan_limit(s, q->bound));
        block += s->d * ZSC_HDBSCAN_BLOCK;
        for (; near; near &= near - 1) {
            int32_t row = from + __builtin_ctz(near);
            if (row >= s->end[node] || row == q->row) continue;
            if (q->component < 0) {
                take_near(f, q, row);
            } else if (f->component[row] != q->component) {
                zsc_forest_take_edge(f, q->row, row);
                q->bound = zsc_forest_bound(f, q->component);
            }
        }
    }
}

/* Where the row itself is comes first, as rows near it are there and boxes that hold it are all at a length of 0; then
 * what is nearer. */
static void search_tree(zsc_forest *f, search *q, int32_t root)
{
    const zsc_hdbscan_space *s = f->space;
    const float *x = s->vector + (size_t)q->row * s->width;
    struct {
        int32_t node;
        float length;
    } stack[DEPTH_MOST];
    size_t depth = 0;
    stack[depth].node = root;
    stack[depth++].length = zsc_hdbscan_to_node(s, f->kernels, x, root, INFINITY);
    while (depth) {
        int32_t node = stack[--depth].node;
        if (q->component >= 0) q->bound = zsc_forest_bound(f, q->component);
        float limit = zsc_hdbscan_limit(s, q->bound);
        if (stack[depth].length > limit || is_out(f, q, node)) continue;
        while (s->right[node] >= 0) {
            int32_t left = node + 1, right = s->right[node];
            float l = zsc_hdbscan_to_node(s, f->kernels, x, left, limit);
            float r = zsc_hdbscan_to_node(s, f->kernels, x, right, limit);
            bool to_left = q->row >= s->from[node] && q->row < s->end[node] ? q->row < s->end[left] : l <= r;
            node = to_left ? left : right;
            stack[depth].node = to_left ? right : left;
            stack[depth++].length = to_left ? r : l;
            if ((to_left ? l : r) > limit || is_out(f, q, node)) {
                node = -1;
                break;
            }
        }
        if (node >= 0) scan_leaf(f, q, node);
    }
}

size_t zsc_forest_search_near(zsc_forest *f, int32_t row)
{
    search q = {.row = row, .component = -1, .bound = INFINITY, .list = f->list + (size_t)row * f->length};
    if (f->length) search_tree(f, &q, 0);
    return q.count;
}

bool zsc_forest_looks(const zsc_forest *f, int32_t row)
{
    double least = fmax(f->outside[row], f->core[row]);
    return least <= zsc_forest_bound(f, f->component[row]) && f->best[row].measure >= least;
}

void zsc_forest_search_row(zsc_forest *f, int32_t row, int32_t node)
{
    search q = {.row = row, .component = f->component[row], .bound = zsc_forest_bound(f, f->component[row])};
    search_tree(f, &q, node);
    if (node == 0) f->outside[row] = fmax(f->outside[row], q.bound);
}
