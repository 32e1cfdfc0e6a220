/* Boruvka's algorithm (1926): in each round every component takes its shortest edge to another, so that a round at
 * least halves their number. A row searches the tree for its nearest row outside its component (row_search.c); the
 * shortest edge that the component has so far bounds the search, which leaves out nodes whose boxes or balls are
 * farther, that hold rows of the same component alone, or none with a small enough core distance. Once whole nodes are
 * in one component, their rows search together (group_search.c).
 *
 * What a search has seen stays true while components grow: `outside` of a row is a measure below which no row outside
 * its component is. So a row whose `outside` is above its component's bound is not searched again; and the lists of
 * nearest rows, which core distances need anyway, answer the first rounds.
 *
 * Edges are compared by (measure, the smaller first row, the larger one): a total order, in which the tree is unique
 * whatever the threads do. Bounds are only used to leave out what is above them. */
#include "hdbscan/spanning_tree.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "hdbscan/forest.h"

enum {
    MORE = 8,          /* rows that a list holds beyond min_samples */
    AT_ONCE = 1 << 15, /* rows between two calls of the caller's progress function, and groups of them */
    GROUPS_AT_ONCE = 1 << 10,
};

/* --- Core distances */
static zsc_status find_cores(zsc_forest *f, size_t min_samples)
{
    const zsc_hdbscan_space *s = f->space;
    zsc_polls polls = {.exec = f->exec, .stage = "core distances", .end = 1};
    for (size_t begin = 0; begin < s->m; begin += AT_ONCE) {
        size_t end = begin + AT_ONCE < s->m ? begin + AT_ONCE : s->m;
        if (!zsc_progress(f->exec, "core distances", (double)begin, (double)s->m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 64) num_threads(zsc_threads(f->exec)) if (end - begin > 256)
        for (size_t p = begin; p < end; p++) {
            if (!zsc_poll(&polls, (double)p / (double)s->m)) continue;
            const zsc_near_row *list = f->list + p * f->length;
            size_t count = zsc_forest_search_near(f, (int32_t)p);
            for (size_t k = count; k < f->length; k++) f->list[p * f->length + k] = (zsc_near_row){INFINITY, -1};
            size_t rows = (size_t)s->weight[p], k = 0;
            while (rows < min_samples && k < count) rows += (size_t)s->weight[list[k++].row];
            f->core[p] = k ? list[k - 1].measure : 0;
            f->outside[p] = count < f->length || !f->length ? INFINITY : list[f->length - 1].measure;
        }
        if (polls.stop) return zsc_polled(&polls);
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
static void mark_nodes(zsc_forest *f)
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

static void mark_cores(zsc_forest *f)
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

/* The shortest edge of a row to another component that its list or earlier searches know. */
static void look_at_list(zsc_forest *f, size_t p)
{
    int32_t own = f->component[p];
    if (f->best[p].b < 0 || f->component[f->best[p].b] == own)
        f->best[p] = (zsc_hdbscan_edge){(int32_t)p, -1, INFINITY};
    const zsc_near_row *list = f->list + p * f->length;
    for (size_t k = 0; k < f->length && list[k].row >= 0 && list[k].measure <= f->best[p].measure; k++) {
        if (f->component[list[k].row] == own) continue;
        zsc_hdbscan_edge edge = {(int32_t)p, list[k].row,
                                 zsc_forest_reach(f, (int32_t)p, list[k].row, list[k].measure)};
        if (f->best[p].b < 0 || zsc_forest_before(f->space, &edge, &f->best[p])) f->best[p] = edge;
    }
    if (f->best[p].b >= 0) zsc_forest_lower_bound(f, own, f->best[p].measure);
}

/* Nodes that are searched for: the largest of one cell that are wholly in one component, and leaves that are not. */
static size_t list_groups(const zsc_forest *f, int32_t *node)
{
    const zsc_hdbscan_space *s = f->space;
    size_t count = 0;
    for (size_t i = 0; i < s->nodes;) {
        bool small = s->at[i] >= 0 && s->end[i] - s->from[i] <= ZSC_FOREST_GROUP, whole = f->of_node[i] >= 0;
        if (s->right[i] >= 0 && !(small && whole)) {
            i++;
            continue;
        }
        node[count++] = (int32_t)i;
        while (s->right[i] >= 0) i = (size_t)s->right[i]; /* past all that is inside */
        i++;
    }
    return count;
}

/* Searches what neither lists nor earlier searches have seen. */
static void look_further(zsc_forest *f, int32_t node)
{
    const zsc_hdbscan_space *s = f->space;
    if (f->of_node[node] >= 0) {
        zsc_forest_search_group(f, node);
        return;
    }
    for (int32_t row = s->from[node]; row < s->end[node]; row++)
        if (zsc_forest_looks(f, row)) zsc_forest_search_row(f, row, 0);
}

static zsc_status look(zsc_forest *f, size_t joined)
{
    size_t m = f->space->m, groups = f->nodes.count = list_groups(f, f->nodes.node);
    zsc_hdbscan_node_list_fill(f->space, &f->nodes);
    double unbounded = INFINITY;
    uint64_t bits;
    memcpy(&bits, &unbounded, sizeof bits);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(f->exec)) if (m > 256)
    for (size_t p = 0; p < m; p++) atomic_store_explicit(&f->bound[p], bits, memory_order_relaxed);
#pragma omp parallel for schedule(dynamic, 256) num_threads(zsc_threads(f->exec)) if (m > 256)
    for (size_t p = 0; p < m; p++) look_at_list(f, p);
    zsc_polls polls = {.exec = f->exec,
                       .stage = "spanning tree",
                       .begin = (double)joined / (double)m,
                       .end = (double)joined / (double)m};
    for (size_t begin = 0; begin < groups; begin += GROUPS_AT_ONCE) {
        size_t end = begin + GROUPS_AT_ONCE < groups ? begin + GROUPS_AT_ONCE : groups;
        if (!zsc_progress(f->exec, "spanning tree", (double)joined, (double)m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 2) num_threads(zsc_threads(f->exec)) if (m > 256)
        for (size_t i = begin; i < end; i++)
            if (zsc_poll(&polls, 0)) look_further(f, f->nodes.node[i]);
        if (polls.stop) break;
    }
    return zsc_polled(&polls);
}

/* Joins components along the shortest edge of each; returns how many edges were added. */
static size_t join(zsc_forest *f, int32_t *shortest, zsc_hdbscan_edge *edges)
{
    const zsc_hdbscan_space *s = f->space;
    size_t added = 0;
    for (size_t p = 0; p < s->m; p++) shortest[p] = -1;
    for (size_t p = 0; p < s->m; p++) {
        int32_t *of = &shortest[f->component[p]];
        if (f->best[p].b >= 0 && (*of < 0 || zsc_forest_before(s, &f->best[p], &f->best[*of]))) *of = (int32_t)p;
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
static size_t add_core_edges(const zsc_forest *f, zsc_hdbscan_edge *edges)
{
    size_t added = 0;
    for (size_t p = 0; p < f->space->m; p++) {
        const zsc_near_row *list = f->list + p * f->length;
        for (size_t k = 0; k < f->length && list[k].row >= 0 && list[k].measure <= f->core[p]; k++) {
            int32_t q = list[k].row;
            if (f->core[q] > f->core[p]) continue;
            if (edges) edges[added] = (zsc_hdbscan_edge){(int32_t)p, q, f->core[p]};
            added++;
        }
    }
    return added;
}

/* What is known of m rows and of nodes; `best` and the edges outlive it. */
static size_t forest_memory(size_t m, size_t nodes, size_t length, size_t d)
{
    return m * (length * sizeof(zsc_near_row) + 2 * sizeof(double) + 2 * sizeof(int32_t)) +
           nodes * (sizeof(double) + sizeof(int32_t)) + zsc_hdbscan_node_list_memory((nodes + 1) / 2, d);
}

static size_t list_length(size_t m, size_t min_samples)
{
    size_t most = m ? m - 1 : 0;
    return min_samples - 1 + MORE < most ? min_samples - 1 + MORE : most;
}

static void forest_free(zsc_forest *f)
{
    free(f->list);
    free(f->outside);
    free(f->component);
    free(f->of_node);
    free(f->core_of_node);
    free(f->bound);
    f->list = NULL;
    f->outside = f->core_of_node = NULL;
    f->component = f->of_node = NULL;
    f->bound = NULL;
}

/* The m - 1 edges of some spanning tree of the least weight. */
static zsc_status find_edges(zsc_forest *f, size_t min_samples, zsc_hdbscan_edge *edges)
{
    zsc_status status = ZSC_OK;
    const zsc_hdbscan_space *s = f->space;
    int32_t *shortest = NULL;
    size_t count = 0;
    ZSC_NEW_RAW(f->list, s->m * f->length);
    ZSC_NEW_RAW(f->outside, s->m);
    ZSC_NEW_RAW(f->component, s->m);
    ZSC_NEW_RAW(f->of_node, s->nodes);
    ZSC_NEW_RAW(f->core_of_node, s->nodes);
    ZSC_NEW_RAW(shortest, s->m);
    ZSC_TRY(zsc_hdbscan_node_list_make(s, (s->nodes + 1) / 2, &f->nodes));
    if (!(f->bound = zsc_malloc(s->m, sizeof *f->bound, "bounds"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(find_cores(f, min_samples));
    mark_cores(f);
    for (size_t p = 0; p < s->m; p++) {
        f->component[p] = (int32_t)p;
        f->best[p].b = -1;
    }
    while (count + 1 < s->m) {
        mark_nodes(f);
        ZSC_TRY(look(f, count));
        size_t added = join(f, shortest, edges + count);
        if (added == 0) {
            status = zsc_fail(ZSC_ENUMERIC, "clustering: distances of the rows are beyond double precision");
            goto done;
        }
        count += added;
    }
done:
    free(shortest);
    zsc_hdbscan_node_list_free(&f->nodes);
    return status;
}

zsc_status zsc_hdbscan_spanning_tree(const zsc_hdbscan_space *s, size_t min_samples, const zsc_exec *exec, double *core,
                                     zsc_hdbscan_edge *edges)
{
    zsc_status status = ZSC_OK;
    zsc_forest f = {.space = s,
                    .kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels),
                    .row_kernels = ZSC_SIMD_PICK(zsc_row_kernels_of),
                    .exec = exec,
                    .length = list_length(s->m, min_samples),
                    .core = core};
    zsc_hdbscan_edge *more = NULL;
    size_t count = s->m ? s->m - 1 : 0, known = forest_memory(s->m, s->nodes, f.length, s->d) + s->m * sizeof *f.best;
    ZSC_TRY(zsc_memory_check(exec, ZSC_MEMORY_REST + known, "HDBSCAN's spanning tree"));
    ZSC_NEW_RAW(f.best, s->m);
    ZSC_TRY(find_edges(&f, min_samples, edges));
    size_t all = count + add_core_edges(&f, NULL), bytes = all * sizeof *more,
           ordering = s->m * sizeof *f.best + bytes + zsc_hdbscan_order_memory(s->m, all);
    ZSC_TRY(zsc_memory_check(exec, ZSC_MEMORY_REST + (known + bytes > ordering ? known + bytes : ordering),
                             "HDBSCAN's spanning tree"));
    ZSC_NEW_RAW(more, all);
    memcpy(more, edges, count * sizeof *more);
    add_core_edges(&f, more + count);
    forest_free(&f);
    ZSC_TRY(zsc_hdbscan_order_edges(s, more, all, f.best, edges));
done:
    forest_free(&f);
    free(f.best);
    free(more);
    return status;
}

/* Lists and what is known of rows and nodes; then the edges that are ordered. */
size_t zsc_hdbscan_spanning_tree_memory(size_t n, size_t nodes, size_t d, size_t min_samples)
{
    size_t length = list_length(n, min_samples), all = n * (length + 1), bytes = all * sizeof(zsc_hdbscan_edge);
    size_t known = forest_memory(n, nodes, length, d) + bytes, ordering = bytes + zsc_hdbscan_order_memory(n, all);
    return ZSC_MEMORY_REST + n * sizeof(zsc_hdbscan_edge) + (known > ordering ? known : ordering);
}
