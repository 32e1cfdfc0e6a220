#include "spectral/neighbor_graph.h"

#include <stdlib.h>

#include "base/memory.h"

static int ascending(const void *a, const void *b)
{
    int32_t first = *(const int32_t *)a, second = *(const int32_t *)b;
    return (first > second) - (first < second);
}

/* Both directions of every edge, each row's columns ascending; an edge that both ends have is there twice. */
static void list_edges(const zsc_knn *knn, size_t *offset, int32_t *column)
{
    size_t n = knn->n, k = knn->k;
    for (size_t e = 0; e < n * k; e++) {
        size_t row = e / k, other = (size_t)knn->index[e];
        if (row == other) continue;
        offset[row + 1]++;
        offset[other + 1]++;
    }
    for (size_t i = 0; i < n; i++) offset[i + 1] += offset[i];
    for (size_t e = n * k; e-- > 0;) {
        size_t row = e / k, other = (size_t)knn->index[e];
        if (row == other) continue;
        column[--offset[row + 1]] = (int32_t)other;
        column[--offset[other + 1]] = (int32_t)row;
    }
    for (size_t i = 0; i < n; i++) offset[i] = offset[i + 1];
    offset[n] = 0;
}

zsc_status zsc_spectral_neighbor_graph(const zsc_knn *knn, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_graph g = {.n = knn->n};
    size_t edges = 2 * knn->n * knn->k, kept = 0, from = 0;
    ZSC_NEW(g.offset, g.n + 1);
    ZSC_NEW_RAW(g.column, edges);
    ZSC_NEW_RAW(g.weight, edges);
    for (size_t e = 0; e < knn->n * knn->k; e++) edges -= 2 * (e / knn->k == (size_t)knn->index[e]);
    list_edges(knn, g.offset, g.column);
    g.offset[g.n] = edges;
    for (size_t i = 0; i < g.n; i++) {
        size_t end = g.offset[i + 1], start = kept;
        qsort(g.column + from, end - from, sizeof *g.column, ascending);
        for (size_t e = from; e < end; e++) {
            if (kept > start && g.column[kept - 1] == g.column[e]) {
                g.weight[kept - 1] = 1;
            } else {
                g.column[kept] = g.column[e];
                g.weight[kept++] = 0.5F;
            }
        }
        from = end;
        g.offset[i] = start;
    }
    g.offset[g.n] = kept;
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_graph_free(&g);
    return status;
}

size_t zsc_spectral_neighbor_graph_memory(size_t n, size_t k) { return (n + 1) * 8 + 2 * n * k * 8; }
