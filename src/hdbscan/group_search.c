/* The shortest edge out of a component, for many of its rows at once. In many dimensions all rows of two distant
 * clusters are about equally far from each other, and boxes and balls tell little. But on the line between the centres
 * of the two the rows of each are close together: with g the vector from one centre to the other,
 *
 *     distance(x, y) >= (g.y - g.x) / |g|
 *
 * (|g| in the dual norm of the metric's), and the rows of either that come near those of the other on that line are
 * few. One pass over both costs as much as one row's distances to both. Where many pairs remain, the node is taken
 * apart; in a leaf rows search for themselves. */
#include <math.h>
#include <stdlib.h>

#include "hdbscan/forest.h"

enum {
    FEW = 8,         /* rows that search for themselves */
    SHARE = 8,       /* more than 1 / SHARE of the pairs are many */
    DEPTH_MOST = 64, /* levels of the tree */
};

typedef struct group {
    int32_t node, component;
    size_t rows;
    int32_t row[ZSC_FOREST_GROUP]; /* that look for an edge */
    float along[ZSC_FOREST_GROUP]; /* where they are on the line */
} group;

/* A length as a distance, and back: what lengths are squares of. */
static float root_of(const zsc_hdbscan_space *s, float length)
{
    return s->kind == ZSC_HDBSCAN_SQUARES ? sqrtf(length) : length;
}

static const float *centre_of(const zsc_hdbscan_space *s, int32_t node) { return s->centre + (size_t)node * s->width; }

static float between_centres(const zsc_forest *f, int kind, int32_t a, int32_t b)
{
    const zsc_hdbscan_space *s = f->space;
    return f->kernels->to_box[kind](centre_of(s, a), centre_of(s, a), centre_of(s, b), centre_of(s, b), s->width);
}

/* The largest distance that is of use, rounding included. */
static float reach_of(const zsc_forest *f, const group *g)
{
    double bound = zsc_forest_bound(f, g->component);
    return root_of(f->space, zsc_hdbscan_limit(f->space, bound)) * (1 + (float)f->space->relative);
}

static bool is_out(const zsc_forest *f, const group *g, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    size_t a = (size_t)g->node * s->width, b = (size_t)node * s->width;
    if (f->of_node[node] == g->component) return true;
    double bound = zsc_forest_bound(f, g->component);
    if (f->core_of_node[node] > bound) return true;
    if (isinf(bound)) return false;
    if (f->kernels->to_box[s->kind](s->low + a, s->high + a, s->low + b, s->high + b, s->width) >
        zsc_hdbscan_limit(s, bound))
        return true;
    float apart = root_of(s, between_centres(f, s->kind, g->node, node));
    return apart * (1 - (float)s->relative) - s->radius[g->node] - s->radius[node] > reach_of(f, g);
}

/* The norm in which g is measured above. */
static float dual_norm(const zsc_forest *f, int32_t a, int32_t b)
{
    static const int dual[] = {[ZSC_HDBSCAN_SQUARES] = ZSC_HDBSCAN_SQUARES,
                               [ZSC_HDBSCAN_ABSOLUTE] = ZSC_HDBSCAN_LARGEST,
                               [ZSC_HDBSCAN_LARGEST] = ZSC_HDBSCAN_ABSOLUTE};
    return root_of(f->space, between_centres(f, dual[f->space->kind], a, b));
}

typedef struct place {
    float along;
    int32_t row;
} place;

/* Rows of the node of other components that may be near the group, ascending. */
typedef struct others {
    size_t count;
    place place[ZSC_FOREST_GROUP];
} others;

static int by_place(const void *a, const void *b)
{
    float x = ((const place *)a)->along, y = ((const place *)b)->along;
    return (x > y) - (x < y);
}

/* False where the line tells nothing. `reach`: how far rows may be apart on it. */
static bool project(const zsc_forest *f, group *g, int32_t node, float reach, others *out)
{
    const zsc_hdbscan_space *s = f->space;
    const float *from = centre_of(s, g->node), *to = centre_of(s, node);
    float norm = dual_norm(f, g->node, node), last = -INFINITY;
    if (!(norm > 0) || isinf(norm) || isinf(reach)) return false;
    for (size_t i = 0; i < g->rows; i++) {
        g->along[i] = f->kernels->along(s->vector + (size_t)g->row[i] * s->width, from, to, s->width) / norm;
        last = fmaxf(last, g->along[i]);
    }
    out->count = 0;
    for (int32_t row = s->from[node]; row < s->end[node]; row++) {
        if (f->component[row] == g->component) continue;
        float along = f->kernels->along(s->vector + (size_t)row * s->width, from, to, s->width) / norm;
        if (along - last <= reach) out->place[out->count++] = (place){along, row};
    }
    qsort(out->place, out->count, sizeof *out->place, by_place);
    return true;
}

/* How far two rows may be apart on the line: its coordinates are off by a share of distances from the first centre. */
static float reach_on_line(const zsc_forest *f, const group *g, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    float apart = root_of(s, between_centres(f, s->kind, g->node, node));
    return reach_of(f, g) + 4 * (float)s->relative * (s->radius[g->node] + apart + s->radius[node]);
}

static size_t count_pairs(const group *g, const others *o, float reach)
{
    size_t pairs = 0;
    for (size_t i = 0; i < g->rows; i++)
        for (size_t k = 0; k < o->count && o->place[k].along - g->along[i] <= reach; k++) pairs++;
    return pairs;
}

static void measure_pairs(zsc_forest *f, const group *g, const others *o, float reach)
{
    for (size_t i = 0; i < g->rows; i++)
        for (size_t k = 0; k < o->count && o->place[k].along - g->along[i] <= reach; k++)
            zsc_forest_take_edge(f, g->row[i], o->place[k].row);
}

/* Searches the rows of a node; false where the line leaves too many pairs. */
static bool compare(zsc_forest *f, group *g, int32_t node)
{
    others o;
    float reach = reach_on_line(f, g, node);
    if (!project(f, g, node, reach, &o)) return false;
    size_t pairs = count_pairs(g, &o, reach), all = g->rows * (size_t)(f->space->end[node] - f->space->from[node]);
    if (pairs > all / SHARE) return false;
    measure_pairs(f, g, &o, reach);
    return true;
}

/* To the rows of a node. */
static void search_tree(zsc_forest *f, group *g, int32_t root)
{
    const zsc_hdbscan_space *s = f->space;
    int32_t stack[DEPTH_MOST];
    size_t depth = 0;
    stack[depth++] = root;
    while (depth) {
        int32_t node = stack[--depth];
        if (is_out(f, g, node)) continue;
        bool small = s->at[node] >= 0 && s->end[node] - s->from[node] <= ZSC_FOREST_GROUP;
        if (small && isinf(zsc_forest_bound(f, g->component))) zsc_forest_search_row(f, g->row[0], node);
        if (small && compare(f, g, node)) continue;
        if (s->right[node] < 0) {
            for (size_t i = 0; i < g->rows; i++) zsc_forest_search_row(f, g->row[i], node);
            continue;
        }
        int32_t left = node + 1, right = s->right[node];
        bool near_left = between_centres(f, s->kind, g->node, left) <= between_centres(f, s->kind, g->node, right);
        stack[depth++] = near_left ? right : left;
        stack[depth++] = near_left ? left : right;
    }
}

static void search_node(zsc_forest *f, group *g, int32_t node)
{
    if (g->rows > FEW) {
        search_tree(f, g, node);
        return;
    }
    for (size_t i = 0; i < g->rows; i++)
        if (!is_out(f, g, node)) zsc_forest_search_row(f, g->row[i], node);
}

/* --- To all nodes */
typedef struct near_node {
    float least; /* no row of it is nearer to one of the group */
    int32_t node;
} near_node;

static int by_least(const void *a, const void *b)
{
    float x = ((const near_node *)a)->least, y = ((const near_node *)b)->least;
    return (x > y) - (x < y);
}

static near_node nearest_node(const zsc_forest *f, const group *g)
{
    near_node nearest = {INFINITY, -1};
    float least[ZSC_HDBSCAN_BLOCK];
    for (size_t b = 0, count; (count = zsc_hdbscan_node_list_least(f->space, &f->nodes, g->node, b, least)) > 0; b++)
        for (size_t i = 0; i < count; i++) {
            int32_t node = f->nodes.node[b * ZSC_HDBSCAN_BLOCK + i];
            if ((nearest.node < 0 || least[i] < nearest.least) && f->of_node[node] != g->component)
                nearest = (near_node){least[i], node};
        }
    return nearest;
}

/* Those that are within, by their distances. */
static void search_sorted(zsc_forest *f, group *g, near_node *near, size_t count)
{
    qsort(near, count, sizeof *near, by_least);
    for (size_t i = 0; i < count && !(near[i].least > reach_of(f, g)); i++) search_node(f, g, near[i].node);
}

/* The nearest node first, whose edge bounds the search. */
static void search_nodes(zsc_forest *f, group *g)
{
    enum { AT_ONCE = 1024 };
    near_node near[AT_ONCE], nearest = nearest_node(f, g);
    float least[ZSC_HDBSCAN_BLOCK];
    size_t kept = 0;
    if (nearest.node < 0) return;
    search_node(f, g, nearest.node);
    float reach = reach_of(f, g);
    for (size_t b = 0, count; (count = zsc_hdbscan_node_list_least(f->space, &f->nodes, g->node, b, least)) > 0; b++) {
        for (size_t i = 0; i < count; i++) {
            int32_t node = f->nodes.node[b * ZSC_HDBSCAN_BLOCK + i];
            if (least[i] > reach || node == nearest.node || f->of_node[node] == g->component) continue;
            near[kept++] = (near_node){least[i], node};
        }
        if (kept + ZSC_HDBSCAN_BLOCK <= AT_ONCE) continue;
        search_sorted(f, g, near, kept);
        reach = reach_of(f, g);
        kept = 0;
    }
    search_sorted(f, g, near, kept);
}

void zsc_forest_search_group(zsc_forest *f, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    group g = {.node = node, .component = f->of_node[node]};
    for (int32_t row = s->from[node]; row < s->end[node]; row++)
        if (zsc_forest_looks(f, row)) g.row[g.rows++] = row;
    if (g.rows == 0) return;
    search_nodes(f, &g);
    double bound = zsc_forest_bound(f, g.component);
    for (size_t i = 0; i < g.rows; i++) f->outside[g.row[i]] = fmax(f->outside[g.row[i]], bound);
}
