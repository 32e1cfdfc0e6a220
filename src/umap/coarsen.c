/* Coarsening: rows that are near one another become one group. Every row without a group takes the heaviest of its
 * neighbours without one, up to GROUP rows in all; a row that has none joins the group of its heaviest neighbour.
 * Weights between groups are summed, and so are those within a group, on the diagonal: degrees add up, and a vector
 * that is constant within groups has the same Rayleigh quotient on both graphs. O(edges). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "umap/coarsen.h"

enum { GROUP = 8 };

/* --- Groups */
static void take_heaviest(const zsc_graph *g, size_t row, int32_t own, int32_t *group)
{
    int32_t best[GROUP];
    float weight[GROUP];
    size_t found = 0;
    for (size_t e = g->offset[row]; e < g->offset[row + 1]; e++) {
        int32_t other = g->column[e];
        if (group[other] >= 0) continue;
        size_t at = found;
        while (at > 0 && weight[at - 1] < g->weight[e]) at--; /* of equal ones, the first */
        if (at == GROUP - 1) continue;
        if (found < GROUP - 1) found++;
        for (size_t b = found - 1; b > at; b--) {
            weight[b] = weight[b - 1];
            best[b] = best[b - 1];
        }
        weight[at] = g->weight[e];
        best[at] = other;
    }
    for (size_t b = 0; b < found; b++) group[best[b]] = own;
}

static bool any_ungrouped(const zsc_graph *g, size_t row, const int32_t *group)
{
    for (size_t e = g->offset[row]; e < g->offset[row + 1]; e++)
        if (g->column[e] != (int32_t)row && group[g->column[e]] < 0) return true;
    return false;
}

static size_t make_groups(const zsc_graph *g, int32_t *group)
{
    size_t count = 0;
    for (size_t i = 0; i < g->n; i++) group[i] = -1;
    for (size_t i = 0; i < g->n; i++) {
        if (group[i] >= 0) continue;
        float most = -INFINITY;
        int32_t heaviest = -1;
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            if (g->column[e] != (int32_t)i && g->weight[e] > most) {
                most = g->weight[e];
                heaviest = g->column[e];
            }
        if (heaviest >= 0 && !any_ungrouped(g, i, group)) {
            group[i] = group[heaviest];
            continue;
        }
        group[i] = (int32_t)count;
        take_heaviest(g, i, (int32_t)count++, group);
    }
    return count;
}

/* --- Edges between groups, in the order of the edges of their members */
typedef struct members {
    size_t *start; /* groups + 1 */
    int32_t *row;
} members;

static zsc_status list_members(const int32_t *group, size_t n, size_t count, members *out)
{
    zsc_status status = ZSC_OK;
    members m = {0};
    ZSC_NEW(m.start, count + 2);
    ZSC_NEW_RAW(m.row, n);
    for (size_t i = 0; i < n; i++) m.start[group[i] + 2]++;
    for (size_t c = 0; c < count; c++) m.start[c + 2] += m.start[c + 1];
    for (size_t i = 0; i < n; i++) m.row[m.start[group[i] + 1]++] = (int32_t)i;
done:
    *out = m;
    return status;
}

/* The edges of group c: returns how many, and writes them where COLUMN is not NULL. entry[d] is the entry of the edge
 * to group d, valid where seen[d] is c. */
static size_t edges_of(const zsc_graph *g, const int32_t *group, const members *m, size_t c, int32_t *seen,
                       int32_t *entry, int32_t *column, float *weight)
{
    size_t count = 0;
    for (size_t r = m->start[c]; r < m->start[c + 1]; r++)
        for (size_t e = g->offset[m->row[r]]; e < g->offset[m->row[r] + 1]; e++) {
            int32_t d = group[g->column[e]];
            if (seen[d] != (int32_t)c) {
                seen[d] = (int32_t)c;
                entry[d] = (int32_t)count;
                if (column) {
                    column[count] = d;
                    weight[count] = 0;
                }
                count++;
            }
            if (column) weight[entry[d]] += g->weight[e];
        }
    return count;
}

static zsc_status sum_edges(const zsc_graph *g, const int32_t *group, const members *m, const zsc_exec *exec,
                            zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    int32_t *scratch = NULL;
    int threads = zsc_threads(exec);
    size_t count = out->n;
    ZSC_NEW(out->offset, count + 1);
    ZSC_NEW_RAW(scratch, 2 * count * (size_t)threads);
    for (int pass = 0; pass < 2; pass++) {
        memset(scratch, -1, 2 * count * (size_t)threads * sizeof *scratch);
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
        for (size_t c = 0; c < count; c++) {
            int32_t *seen = scratch + 2 * count * (size_t)zsc_thread_number();
            if (pass == 0)
                out->offset[c + 1] = edges_of(g, group, m, c, seen, seen + count, NULL, NULL);
            else
                edges_of(g, group, m, c, seen, seen + count, out->column + out->offset[c],
                         out->weight + out->offset[c]);
        }
        if (pass == 1) break;
        for (size_t c = 0; c < count; c++) out->offset[c + 1] += out->offset[c];
        ZSC_TRY(zsc_memory_check(
            exec, g->n * 8 + count * (16 + 8 * (size_t)threads) + out->offset[count] * 8, /* with group */
            "UMAP's initialisation"));
        ZSC_NEW_RAW(out->column, out->offset[count]);
        ZSC_NEW_RAW(out->weight, out->offset[count]);
    }
done:
    free(scratch);
    return status;
}

zsc_status zsc_umap_graph_coarsen(const zsc_graph *g, const zsc_exec *exec, int32_t *group, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_graph coarse = {.n = make_groups(g, group)};
    members m = {0};
    ZSC_TRY(list_members(group, g->n, coarse.n, &m));
    ZSC_TRY(sum_edges(g, group, &m, exec, &coarse));
    *out = coarse;
    coarse = (zsc_graph){0};
done:
    free(m.start);
    free(m.row);
    zsc_graph_free(&coarse);
    return status;
}
