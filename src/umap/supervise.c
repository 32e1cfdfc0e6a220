/* A graph of neighbours with labels: supervised UMAP of categories, as umap-learn does it.
 *
 * 1. The weight of an edge is multiplied by e^-1 where a label is missing, and by e^-far where two labels differ,
 *    far = 2.5 / (1 - target_weight), or nothing of it is left with a target_weight of 1.
 * 2. Each row's strongest edge gets back the strength of 1: weights are divided by the largest of their row, and the
 *    two weights of each edge are joined, a + b - a b, as in the fuzzy union.
 * McInnes, Healy, Melville, arXiv 1802.03426, section 3.1, on intersections; constants are umap-learn's.
 *
 * A factor depends on the two labels alone, so that both directions of an edge have one weight v, and
 * a = v / max of row i, b = v / max of row j: no transpose is needed. */
#include <math.h>
#include <stdlib.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/threads.h"
#include "umap/graph.h"

typedef struct supervision {
    const zsc_graph *graph;
    const int32_t *labels;
    float unknown, far; /* factors */
    float *largest;     /* of each row, after step 1 */
} supervision;

static float weight_of(const supervision *s, size_t i, size_t e)
{
    int32_t a = s->labels[i], b = s->labels[s->graph->column[e]];
    float factor = a < 0 || b < 0 ? s->unknown : a == b ? 1 : s->far;
    return s->graph->weight[e] * factor;
}

static void find_largest(const supervision *s, size_t i)
{
    float most = 0;
    for (size_t e = s->graph->offset[i]; e < s->graph->offset[i + 1]; e++) most = fmaxf(most, weight_of(s, i, e));
    s->largest[i] = most;
}

/* Row i's edges that are left, to out (NULL: only counted). */
static size_t join_row(const supervision *s, size_t i, int32_t *column, float *weight)
{
    const zsc_graph *g = s->graph;
    size_t count = 0;
    for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
        float v = weight_of(s, i, e);
        if (!(v > 0)) continue;
        float a = v / s->largest[i], b = v / s->largest[g->column[e]], joined = a + b - a * b;
        if (!(joined > 0)) continue;
        if (column) {
            column[count] = g->column[e];
            weight[count] = fminf(joined, 1);
        }
        count++;
    }
    return count;
}

zsc_status zsc_umap_graph_supervise(const zsc_graph *graph, const int32_t *labels, double target_weight,
                                    const zsc_exec *exec, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n;
    int threads = zsc_threads(exec);
    zsc_graph g = {.n = n};
    supervision s = {.graph = graph, .labels = labels, .unknown = (float)zsc_exp(-1)};
    if (!(target_weight >= 0 && target_weight <= 1))
        return zsc_fail(ZSC_EUSAGE, "option target_weight expects a number from 0 to 1, not %g", target_weight);
    s.far = target_weight < 1 ? (float)zsc_exp(-2.5 / (1 - target_weight)) : 0;
    ZSC_TRY(zsc_memory_check(exec, n * sizeof(float) + zsc_umap_graph_memory(n, graph->offset[n]), "UMAP's graph"));
    ZSC_NEW_RAW(s.largest, n);
    ZSC_NEW_RAW(g.offset, n + 1);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++) find_largest(&s, i);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++) g.offset[i + 1] = join_row(&s, i, NULL, NULL);
    g.offset[0] = 0;
    for (size_t i = 0; i < n; i++) g.offset[i + 1] += g.offset[i];
    ZSC_NEW_RAW(g.column, g.offset[n]);
    ZSC_NEW_RAW(g.weight, g.offset[n]);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++) join_row(&s, i, g.column + g.offset[i], g.weight + g.offset[i]);
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_graph_free(&g);
    free(s.largest);
    return status;
}

zsc_status zsc_graph_supervise(const zsc_graph *graph, const int32_t *labels, double target_weight,
                               const zsc_exec *exec, zsc_graph *out)
{
    zsc_status status = zsc_graph_check(graph);
    return status == ZSC_OK ? zsc_umap_graph_supervise(graph, labels, target_weight, exec, out) : status;
}
