/* Each stage holds what the one before hands over, and what it works with. With d columns, k neighbours, e edges per
 * row and m dimensions, in bytes per row:
 *
 *   neighbours      4 d, and the search
 *   graph           4 d, members 8 k in place of the lists, transposed 8 (k - 1), graph 8 e
 *   initialisation  4 d until components are located; graph 8 e, the component's own 8 e, the solver's blocks; then 8 m
 *                   in double precision and 4 m in single
 *   layout          graph 8 e, tasks 8 e, coordinates 4 m, and once more in whole registers
 *
 * At most: a row has no edge in both directions, none is pruned, components are pairs of rows, and coarsened graphs
 * have as many edges as whole ones. Typical: what was measured (doc/performance.md). */
#include "umap/umap_memory.h"

#include "base/memory.h"
#include "base/threads.h"
#include "knn/knn_memory.h"
#include "linalg/distinct.h"
#include "umap/graph.h"
#include "umap/laplacian_eigen.h"
#include "umap/layout.h"
#include "zsc/pca.h"

/* Of embeddings, per neighbour: members, and edges before and after weak ones are pruned; where rows are repeated,
 * fewer by so much times the share of rows that others repeat, since all but the nearest members vanish. Edges of all
 * coarsened graphs together, as a share of those that stay. Measured (doc/performance.md). */
static const double MEMBERS = 1, EDGES = 1.4, PRUNED = 1.4, FEWER_MEMBERS = 0.5, FEWER_EDGES = 0.6, FEWER_PRUNED = 0.9;
static const double COARSENED = 0.2;

enum {
    SMALL = 4096,         /* rows of components that threads embed one each (init.c) */
    CENTRE_NEIGHBORS = 15 /* in the graph of components' centres */
};

typedef struct sizes {
    size_t n, d, k, dim;
    size_t distinct;                 /* rows */
    size_t members;                  /* of all rows, their neighbours */
    size_t edges, pruned, coarsened; /* of the graph; of it when pruned; of all coarsened ones */
    size_t graph, lists;             /* bytes of the graph and of the neighbours */
    size_t rows, y;                  /* bytes of the rows and of the coordinates */
    size_t kept;                     /* bytes of neighbours and graph where they serve further layouts */
    bool typical, keeps_rows;
    const zsc_umap_options *options;
    const zsc_exec *exec;
} sizes;

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static sizes sizes_of(const zsc_umap_shape *shape, const zsc_exec *exec)
{
    const zsc_umap_options *o = shape->options;
    size_t n = shape->n, k = o->n_neighbors < n ? o->n_neighbors : n, others = k ? k - 1 : 0;
    sizes s = {.n = n,
               .d = shape->d,
               .k = k,
               .dim = o->n_components,
               .distinct = n,
               .members = n * others,   /* the row itself left out */
               .edges = 2 * n * others, /* of the union of two lists */
               .typical = shape->typical,
               .keeps_rows = shape->keeps_rows,
               .options = o,
               .exec = exec};
    s.pruned = s.edges;
    s.coarsened = 2 * s.edges;
    if (s.typical) {
        s.distinct = shape->distinct < n ? shape->distinct : n;
        const double all = (double)(n * others), repeated = n ? 1 - (double)s.distinct / (double)n : 0;
        s.members = (size_t)((MEMBERS - FEWER_MEMBERS * repeated) * all);
        s.edges = (size_t)((EDGES - FEWER_EDGES * repeated) * all);
        s.pruned = (size_t)((PRUNED - FEWER_PRUNED * repeated) * all);
        s.coarsened = (size_t)(COARSENED * (double)s.pruned);
    }
    s.graph = zsc_umap_graph_memory(n, s.edges);
    s.lists = n * k * 8;
    s.rows = shape->maps_rows ? 0 : n * s.d * sizeof(float);
    s.y = n * s.dim * sizeof(float);
    s.kept = shape->keeps_graph ? s.graph + s.lists : 0;
    return s;
}

static zsc_knn_options search_options(const sizes *s, size_t neighbors)
{
    return (zsc_knn_options){.neighbors = neighbors, .metric = s->options->metric, .method = s->options->knn};
}

/* Coordinates, where they count before they are written. */
static size_t unwritten(const sizes *s) { return s->typical ? 0 : s->y; }

/* --- The stages */
static size_t knn_memory(const sizes *s)
{
    zsc_knn_options search = search_options(s, s->k);
    return s->rows + unwritten(s) +
           (s->typical ? zsc_knn_memory_typical(s->n, s->distinct, s->d, &search, s->exec)
                       : zsc_knn_memory(s->n, s->d, &search, s->exec));
}

static size_t graph_memory(const sizes *s)
{
    bool copied = s->kept || s->options->disconnection_distance > 0; /* else the lists become those of the making */
    size_t making = zsc_umap_graph_making(s->n, s->k, s->members, s->edges),
           supervised = 2 * s->graph + s->n * sizeof(float);
    return s->rows + unwritten(s) + (copied ? s->lists : 0) + larger(making, s->typical ? 0 : supervised);
}

/* Of the eigenvectors of a component of n rows: its graph and the solvers, of it and of coarsened graphs. */
static size_t solving_memory(const sizes *s, size_t n, size_t edges, size_t coarsened)
{
    size_t solver = zsc_umap_laplacian_eigen_memory(n, coarsened, s->dim),
           coarsening = n * 8 + n / 2 * (16 + 8 * (size_t)zsc_threads(s->exec)) + coarsened * 8;
    return zsc_umap_graph_memory(n, edges) + (s->typical ? 0 : n * s->dim * 4) + larger(solver, coarsening);
}

/* Threads embed components of less than SMALL rows, one each. */
static size_t small_memory(const sizes *s)
{
    size_t n = s->n < SMALL ? s->n : SMALL;
    return (size_t)zsc_threads(s->exec) * solving_memory(s, n, s->n ? s->edges / s->n * n : 0, 0);
}

/* Locations of components, which have two rows or more: a layout of their centres. */
static size_t locating_memory(const sizes *s)
{
    size_t count = s->n / 2, neighbors = CENTRE_NEIGHBORS < count ? CENTRE_NEIGHBORS : count;
    if (s->typical || count <= 2 * s->dim) return 0;
    zsc_knn_options search = search_options(s, neighbors);
    size_t searching = zsc_knn_memory(count, s->d, &search, s->exec), edges = 2 * count * neighbors,
           making = zsc_umap_graph_making(count, neighbors, count * neighbors, edges),
           solving = zsc_umap_graph_memory(count, edges) + solving_memory(s, count, edges, 2 * edges);
    return count * (s->d * 4 + s->dim * 8 + neighbors * 8) + larger(searching, larger(making, solving));
}

static size_t spectral_memory(const sizes *s, size_t wide)
{
    size_t rows = s->keeps_rows ? s->rows : 0, solving = solving_memory(s, s->n, s->pruned, s->coarsened);
    if (s->typical) return larger(s->rows, rows + solving);
    size_t halves = wide + solving_memory(s, s->n / 2, s->pruned / 2, s->coarsened / 2);
    return larger(s->rows + locating_memory(s), rows + larger(solving, larger(halves, wide + small_memory(s))));
}

static size_t initialisation_memory(const sizes *s)
{
    const zsc_umap_options *o = s->options;
    size_t held = s->kept + s->graph + s->n * 20, wide = s->n * s->dim * sizeof(double), first = 0;
    size_t last = (s->keeps_rows ? s->rows : 0) + wide + s->y;
    zsc_knn_options nearest = search_options(s, s->n < 2 ? s->n : 2);
    switch (o->init) {
    case ZSC_INIT_SPECTRAL: first = unwritten(s) + spectral_memory(s, wide); break;
    case ZSC_INIT_PCA:
        first = s->rows + 2 * s->y + zsc_pca_memory(s->n, s->d, s->dim < s->d ? s->dim : s->d, s->exec);
        last += s->y;
        break;
    case ZSC_INIT_RANDOM: break;
    case ZSC_INIT_GIVEN: last += zsc_knn_memory(s->n, s->dim, &nearest, s->exec); break;
    }
    return held + larger(first, last);
}

static size_t layout_memory(const sizes *s)
{
    return (s->keeps_rows ? s->rows : 0) + s->y + s->kept + s->graph +
           zsc_umap_layout_memory(s->n, s->dim, s->pruned, zsc_threads(s->exec));
}

/* --- The whole */
/* Otherwise no sum can wrap. */
static bool is_beyond(const zsc_umap_shape *shape)
{
    size_t k = shape->options->n_neighbors < shape->n ? shape->options->n_neighbors : shape->n;
    return (double)shape->n * (double)k > 0x1p56;
}

size_t zsc_umap_shape_kept(const zsc_umap_shape *shape)
{
    if (is_beyond(shape)) return SIZE_MAX;
    const sizes s = sizes_of(shape, NULL);
    return s.lists + s.graph;
}

size_t zsc_umap_shape_memory(const zsc_umap_shape *shape, const zsc_exec *exec)
{
    if (is_beyond(shape)) return SIZE_MAX;
    const sizes s = sizes_of(shape, exec);
    size_t most = larger(larger(knn_memory(&s), graph_memory(&s)),
                         larger(initialisation_memory(&s), layout_memory(&s)));
    if (shape->options->unique) most += s.rows + s.y + zsc_distinct_memory(s.n);
    return 2 * ZSC_MEMORY_REST + most;
}
