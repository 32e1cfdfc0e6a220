/* The Laplacian of a graph of several components is that of each of them, one after the other: its eigenvectors are
 * those of the components, 0 elsewhere. Each component of a connected graph has the eigenvalue 0 once, with the
 * eigenvector sqrt(degree), which becomes a constant; what else is wanted is the smallest of all components'. */
#include "spectral/embedding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "umap/graph.h"
#include "umap/laplacian_eigen.h"

static const double TOLERANCE = 1e-4;

typedef struct eigenvalue {
    double value;
    int32_t component, column;
} eigenvalue;

typedef struct embedding {
    const zsc_graph *graph;
    size_t k, count;                      /* eigenvectors; components */
    int32_t *component, *rows, *position; /* n; the rows by component; places within it */
    size_t *begin;                        /* count + 1: of each component, in rows */
    double *root, *volume;                /* n: of the degree; count: sum of degrees */
    float *vectors;                       /* of component c from begin[c] (k - count) on: its rows x want_of */
    eigenvalue *found;                    /* of all components */
    size_t values;
    bool converged;
} embedding;

static size_t size_of(const embedding *e, size_t c) { return e->begin[c + 1] - e->begin[c]; }

static size_t want_of(const embedding *e, size_t c)
{
    size_t others = e->k - e->count, most = size_of(e, c) - 1;
    return others < most ? others : most;
}

static zsc_status sort_rows(embedding *e)
{
    zsc_status status = ZSC_OK;
    size_t n = e->graph->n;
    ZSC_NEW(e->begin, e->count + 1);
    ZSC_NEW_RAW(e->rows, n);
    ZSC_NEW_RAW(e->position, n);
    ZSC_NEW_RAW(e->root, n);
    ZSC_NEW(e->volume, e->count);
    for (size_t i = 0; i < n; i++) e->position[i] = (int32_t)e->begin[e->component[i] + 1]++;
    for (size_t c = 0; c < e->count; c++) e->begin[c + 1] += e->begin[c];
    for (size_t i = 0; i < n; i++) {
        double degree = 0;
        e->rows[e->begin[e->component[i]] + (size_t)e->position[i]] = (int32_t)i;
        for (size_t a = e->graph->offset[i]; a < e->graph->offset[i + 1]; a++) degree += (double)e->graph->weight[a];
        e->root[i] = sqrt(degree);
        e->volume[e->component[i]] += degree;
    }
done:
    return status;
}

/* Of one component: its graph, its eigenvalues. */
static size_t part_memory(size_t n, size_t edges, size_t want) { return n * 8 + edges * 8 + want * 8; }

/* Of all of them. */
static size_t kept(size_t n, size_t vectors, size_t most)
{
    return ZSC_MEMORY_REST + n * (3 * sizeof(int32_t) + sizeof(double)) + n * vectors * 4 + most * sizeof(eigenvalue);
}

static zsc_status solve(embedding *e, size_t c, uint64_t seed, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_graph part = {0};
    zsc_umap_spectrum info = {0};
    double *values = NULL;
    size_t want = want_of(e, c), edges = 0;
    if (want == 0) return ZSC_OK;
    ZSC_NEW_RAW(values, want);
    for (size_t i = 0; i < size_of(e, c); i++) {
        size_t row = (size_t)e->rows[e->begin[c] + i];
        edges += e->graph->offset[row + 1] - e->graph->offset[row];
    }
    const zsc_exec inner = zsc_memory_hold(exec, part_memory(size_of(e, c), edges, want));
    ZSC_TRY(zsc_umap_graph_component(e->graph, e->rows + e->begin[c], size_of(e, c), e->position, zsc_threads(&inner),
                                     &part));
    ZSC_TRY(zsc_umap_laplacian_eigen_in_place(&part, want, TOLERANCE, seed, &inner,
                                              e->vectors + e->begin[c] * (e->k - e->count), values, &info));
    e->converged = e->converged && info.converged;
    for (size_t v = 0; v < want; v++) e->found[e->values++] = (eigenvalue){values[v], (int32_t)c, (int32_t)v};
done:
    zsc_graph_free(&part);
    free(values);
    return status;
}

static int by_value(const void *a, const void *b)
{
    const eigenvalue *first = a, *second = b;
    if (first->value != second->value) return first->value < second->value ? -1 : 1;
    if (first->component != second->component) return first->component < second->component ? -1 : 1;
    return first->column < second->column ? -1 : first->column > second->column;
}

static void fill(const embedding *e, float *y)
{
    memset(y, 0, e->graph->n * e->k * sizeof *y);
    for (size_t i = 0; i < e->graph->n; i++)
        y[i * e->k + (size_t)e->component[i]] = (float)(1 / sqrt(e->volume[e->component[i]]));
    for (size_t v = 0; v + e->count < e->k; v++) {
        size_t c = (size_t)e->found[v].component, want = want_of(e, c);
        const float *from = e->vectors + e->begin[c] * (e->k - e->count) + e->found[v].column;
        for (size_t r = 0; r < size_of(e, c); r++) {
            size_t row = (size_t)e->rows[e->begin[c] + r];
            y[row * e->k + e->count + v] = (float)((double)from[r * want] / e->root[row]);
        }
    }
}

zsc_status zsc_spectral_embed(const zsc_graph *graph, size_t k, uint64_t seed, const zsc_exec *exec, float *y,
                              zsc_spectral_embedding_report *report)
{
    zsc_status status = ZSC_OK;
    embedding e = {.graph = graph, .k = k, .converged = true};
    size_t n = graph->n, most = 0;
    ZSC_NEW_RAW(e.component, n);
    ZSC_TRY(zsc_graph_find_components(graph, e.component, &e.count));
    if (e.count > k) {
        status = zsc_fail(ZSC_EUSAGE,
                          "the graph of neighbours has %zu connected components, so that there are at least as many "
                          "clusters, but %zu were asked for; ask for %zu or more, or for more neighbours",
                          e.count, k, e.count);
        goto done;
    }
    ZSC_TRY(sort_rows(&e));
    for (size_t c = 0; c < e.count; c++) most += want_of(&e, c);
    ZSC_NEW_RAW(e.found, most);
    ZSC_NEW_RAW(e.vectors, n * (k - e.count));
    zsc_exec inner = zsc_memory_hold(exec, kept(n, k - e.count, most));
    for (size_t c = 0; c < e.count; c++) {
        zsc_progress_part part = {&inner, "eigenvectors", (double)c / (double)e.count,
                                  (double)(c + 1) / (double)e.count};
        const zsc_exec own = zsc_progress_within(&part);
        ZSC_TRY(solve(&e, c, seed, &own));
    }
    ZSC_TRY(zsc_memory_check(&inner, n * k * sizeof *y, "the embedding"));
    qsort(e.found, e.values, sizeof *e.found, by_value);
    fill(&e, y);
    *report = (zsc_spectral_embedding_report){e.count, e.converged};
done:
    free(e.component);
    free(e.rows);
    free(e.position);
    free(e.begin);
    free(e.root);
    free(e.volume);
    free(e.found);
    free(e.vectors);
    return status;
}

/* Each component has k eigenvalues at most, and all together n. */
size_t zsc_spectral_embed_memory(size_t n, size_t edges, size_t k)
{
    size_t solving = part_memory(n, edges, k) + zsc_umap_laplacian_eigen_memory(n, edges, k);
    return kept(n, k, n) + (solving > n * k * 4 ? solving : n * k * 4);
}
