#include "hdbscan/condense.h"

#include <math.h>

#include "base/memory.h"

/* The single-linkage tree of the edges: node i < m is distinct row i, node m + e the one that edge e joins. */
typedef struct tree {
    const zsc_hdbscan_space *space;
    const double *core;
    const zsc_hdbscan_edge *edge;
    int32_t *left, *right; /* m - 1 */
    size_t *rows;          /* 2 m - 1: rows of the input */
    size_t splits;         /* into two parts of at least so many rows as a cluster has */
} tree;

static int32_t root_of(int32_t *up, int32_t node)
{
    while (up[node] >= 0) {
        int32_t above = up[node];
        if (up[above] >= 0) up[node] = up[above];
        node = above;
    }
    return node;
}

static zsc_status grow(tree *t, size_t least)
{
    zsc_status status = ZSC_OK;
    size_t m = t->space->m;
    int32_t *up = NULL, *top = NULL;
    ZSC_NEW_RAW(t->left, m);
    ZSC_NEW_RAW(t->right, m);
    ZSC_NEW_RAW(t->rows, 2 * m);
    ZSC_NEW_RAW(up, m);
    ZSC_NEW_RAW(top, m); /* of a set of rows, by its root: the node that joined it last */
    for (size_t i = 0; i < m; i++) {
        t->rows[i] = (size_t)t->space->weight[i];
        up[i] = -1;
        top[i] = (int32_t)i;
    }
    for (size_t e = 0; e + 1 < m; e++) {
        int32_t a = root_of(up, t->edge[e].a), b = root_of(up, t->edge[e].b);
        t->left[e] = top[a];
        t->right[e] = top[b];
        t->rows[m + e] = t->rows[top[a]] + t->rows[top[b]];
        t->splits += t->rows[top[a]] >= least && t->rows[top[b]] >= least;
        int32_t more = t->rows[top[a]] < t->rows[top[b]] ? b : a, fewer = more == a ? b : a;
        up[fewer] = more;
        top[more] = (int32_t)(m + e);
    }
done:
    free(up);
    free(top);
    return status;
}

/* The measure at which a node falls apart: of a row that repeats, its core distance. */
static double height(const tree *t, int32_t node)
{
    size_t m = t->space->m;
    return (size_t)node < m ? t->core[node] : t->edge[(size_t)node - m].measure;
}

static double lambda_of(const tree *t, double measure)
{
    double distance = t->space->rows.metric == ZSC_EUCLIDEAN ? sqrt(measure) : measure;
    return distance > 0 ? 1 / distance : INFINITY;
}

/* --- From the top down */
typedef struct part {
    int32_t node, cluster;
} part;

typedef struct stack {
    part *item;
    size_t count, capacity;
} stack;

static zsc_status push(stack *s, int32_t node, int32_t cluster)
{
    zsc_status status = zsc_grow(&s->item, &s->capacity, s->count + 1, sizeof *s->item, "parts of clusters");
    if (status == ZSC_OK) s->item[s->count++] = (part){node, cluster};
    return status;
}

static int32_t add_cluster(zsc_hdbscan_condensed *c, int32_t parent, size_t rows, double birth)
{
    c->cluster[c->count] = (zsc_hdbscan_cluster){.parent = parent, .rows = rows, .birth = birth};
    if (parent >= 0) c->cluster[parent].children++;
    return (int32_t)c->count++;
}

/* ROWS of a cluster leave it at LAMBDA. */
static void leave(zsc_hdbscan_cluster *cluster, size_t rows, double lambda)
{
    cluster->death = fmax(cluster->death, lambda);
    /* at one level infinity less infinity would be no number */
    if (lambda > cluster->birth) cluster->stability += (lambda - cluster->birth) * (double)rows;
}

/* All rows of a node leave the cluster. */
static zsc_status leave_all(const tree *t, zsc_hdbscan_condensed *c, int32_t node, int32_t cluster, double lambda,
                            stack *scratch)
{
    zsc_status status = ZSC_OK;
    size_t m = t->space->m;
    scratch->count = 0;
    leave(&c->cluster[cluster], t->rows[node], lambda);
    ZSC_TRY(push(scratch, node, cluster));
    while (scratch->count) {
        node = scratch->item[--scratch->count].node;
        if ((size_t)node < m) {
            c->of[node] = cluster;
            c->lambda[node] = lambda;
        } else {
            ZSC_TRY(push(scratch, t->left[(size_t)node - m], cluster));
            ZSC_TRY(push(scratch, t->right[(size_t)node - m], cluster));
        }
    }
done:
    return status;
}

static zsc_status condense(const tree *t, size_t least, zsc_hdbscan_condensed *c)
{
    zsc_status status = ZSC_OK;
    size_t m = t->space->m;
    stack todo = {0}, open = {0};
    ZSC_TRY(push(&todo, (int32_t)(2 * m - 2), add_cluster(c, -1, t->space->n, 0)));
    while (todo.count) {
        part p = todo.item[--todo.count];
        double lambda = lambda_of(t, height(t, p.node));
        if ((size_t)p.node < m) { /* a repeated row, which is a cluster of its own */
            ZSC_TRY(leave_all(t, c, p.node, p.cluster, lambda, &open));
            continue;
        }
        int32_t half[] = {t->left[(size_t)p.node - m], t->right[(size_t)p.node - m]};
        bool large[] = {t->rows[half[0]] >= least, t->rows[half[1]] >= least};
        for (int i = 0; i < 2; i++) {
            if (!large[i]) {
                ZSC_TRY(leave_all(t, c, half[i], p.cluster, lambda, &open));
            } else if (!large[1 - i]) {
                ZSC_TRY(push(&todo, half[i], p.cluster));
            } else {
                leave(&c->cluster[p.cluster], t->rows[half[i]], lambda);
                ZSC_TRY(push(&todo, half[i], add_cluster(c, p.cluster, t->rows[half[i]], lambda)));
            }
        }
    }
done:
    free(todo.item);
    free(open.item);
    return status;
}

/* The tree of m rows while it grows, and what comes of it. */
static size_t growing_memory(size_t m)
{
    return ZSC_MEMORY_REST + m * (5 * sizeof(int32_t) + 2 * sizeof(size_t) + sizeof(double));
}

/* Then its clusters, and stacks of clusters and of rows that leave one. */
static size_t condensing_memory(size_t m, size_t clusters, size_t least)
{
    return ZSC_MEMORY_REST + m * (3 * sizeof(int32_t) + 2 * sizeof(size_t) + sizeof(double)) +
           clusters * sizeof(zsc_hdbscan_cluster) + 2 * (clusters + (least < m ? least : m)) * sizeof(part);
}

zsc_status zsc_hdbscan_condense(const zsc_hdbscan_space *s, const double *core, const zsc_hdbscan_edge *edges,
                                size_t min_cluster_size, const zsc_exec *exec, zsc_hdbscan_condensed *out)
{
    zsc_status status = ZSC_OK;
    tree t = {.space = s, .core = core, .edge = edges};
    zsc_hdbscan_condensed c = {0};
    ZSC_TRY(zsc_memory_check(exec, growing_memory(s->m), "HDBSCAN's clusters"));
    ZSC_NEW_RAW(c.of, s->m);
    ZSC_NEW_RAW(c.lambda, s->m);
    if (s->m) {
        ZSC_TRY(grow(&t, min_cluster_size));
        size_t clusters = 1 + 2 * t.splits;
        ZSC_TRY(zsc_memory_check(exec, condensing_memory(s->m, clusters, min_cluster_size), "HDBSCAN's clusters"));
        ZSC_NEW_RAW(c.cluster, clusters);
        ZSC_TRY(condense(&t, min_cluster_size, &c));
    }
    *out = c;
    c = (zsc_hdbscan_condensed){0};
done:
    zsc_hdbscan_condensed_free(&c);
    free(t.left);
    free(t.right);
    free(t.rows);
    return status;
}

void zsc_hdbscan_condensed_free(zsc_hdbscan_condensed *c)
{
    free(c->cluster);
    free(c->of);
    free(c->lambda);
    *c = (zsc_hdbscan_condensed){0};
}

/* At most; a cluster that is not the root has a sibling. */
size_t zsc_hdbscan_clusters_most(size_t n, size_t least) { return 2 * (n / (least ? least : 1)) + 1; }

size_t zsc_hdbscan_condensed_kept(size_t m, size_t clusters)
{
    return m * (sizeof(int32_t) + sizeof(double)) + clusters * sizeof(zsc_hdbscan_cluster);
}

zsc_status zsc_hdbscan_tree(const float *x, size_t n, size_t d, size_t min_samples, size_t min_cluster_size,
                            zsc_metric metric, const zsc_exec *exec, zsc_hdbscan_space *space,
                            zsc_hdbscan_condensed *condensed)
{
    zsc_status status = ZSC_OK;
    double *core = NULL;
    zsc_hdbscan_edge *edges = NULL;
    ZSC_TRY(zsc_hdbscan_space_make(x, n, d, metric, exec, space));
    zsc_exec inner = zsc_memory_hold(exec, zsc_hdbscan_space_kept(space) + space->m * (sizeof *core + sizeof *edges));
    ZSC_NEW_RAW(core, space->m);
    ZSC_NEW_RAW(edges, space->m);
    ZSC_TRY(zsc_hdbscan_spanning_tree(space, min_samples, &inner, core, edges));
    ZSC_TRY(zsc_hdbscan_condense(space, core, edges, min_cluster_size, &inner, condensed));
done:
    free(core);
    free(edges);
    return status;
}

size_t zsc_hdbscan_tree_memory(size_t n, size_t d, size_t min_samples, size_t min_cluster_size, zsc_metric metric)
{
    size_t spanning = zsc_hdbscan_spanning_tree_memory(n, zsc_hdbscan_space_nodes_most(n), d, min_samples);
    size_t growing = growing_memory(n),
           condensing = condensing_memory(n, zsc_hdbscan_clusters_most(n, min_cluster_size), min_cluster_size);
    size_t most = growing > condensing ? growing : condensing, making = zsc_hdbscan_space_memory(n, d, metric);
    most = zsc_hdbscan_space_kept_most(n, d, metric) + n * (sizeof(double) + sizeof(zsc_hdbscan_edge)) +
           (spanning > most ? spanning : most);
    return making > most ? making : most;
}
