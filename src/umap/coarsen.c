/* A smaller graph that is smooth where a graph is: rows that are near one another become one. Every row that is still
 * alone takes the heaviest of its neighbours that are, up to GROUP rows in all; one without such neighbours then goes
 * to its heaviest. Weights between groups add up, and so do those within one, which stand on the diagonal: degrees add
 * up, and a vector that is constant within groups has the same Rayleigh quotient on both graphs. O(edges). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "umap/umap.h"

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

static bool any_alone(const zsc_graph *g, size_t row, const int32_t *group)
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
        if (heaviest >= 0 && !any_alone(g, i, group)) {
            group[i] = group[heaviest];
            continue;
        }
        group[i] = (int32_t)count;
        take_heaviest(g, i, (int32_t)count++, group);
    }
    return count;
}

/* --- Edges between groups, in the order in which their members' come */
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

/* Edges of group c: how many; they are written where COLUMN is given. place[d]: where that to group d stands, if
 * seen[d] is c. */
static size_t edges_of(const zsc_graph *g, const int32_t *group, const members *m, size_t c, int32_t *seen,
                       int32_t *place, int32_t *column, float *weight)
{
    size_t count = 0;
    for (size_t r = m->start[c]; r < m->start[c + 1]; r++)
        for (size_t e = g->offset[m->row[r]]; e < g->offset[m->row[r] + 1]; e++) {
            int32_t d = group[g->column[e]];
            if (seen[d] != (int32_t)c) {
                seen[d] = (int32_t)c;
                place[d] = (int32_t)count;
                if (column) {
                    column[count] = d;
                    weight[count] = 0;
                }
                count++;
            }
            if (column) weight[place[d]] += g->weight[e];
        }
    return count;
}

static zsc_status join(const zsc_graph *g, const int32_t *group, const members *m, int threads, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    int32_t *room = NULL;
    size_t count = out->n;
    ZSC_NEW(out->offset, count + 1);
    ZSC_NEW_RAW(room, 2 * count * (size_t)threads);
    for (int pass = 0; pass < 2; pass++) {
        memset(room, -1, 2 * count * (size_t)threads * sizeof *room);
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
        for (size_t c = 0; c < count; c++) {
            int32_t *seen = room + 2 * count * (size_t)zsc_thread_number();
            if (pass == 0)
                out->offset[c + 1] = edges_of(g, group, m, c, seen, seen + count, NULL, NULL);
            else
                edges_of(g, group, m, c, seen, seen + count, out->column + out->offset[c],
                         out->weight + out->offset[c]);
        }
        if (pass == 1) break;
        for (size_t c = 0; c < count; c++) out->offset[c + 1] += out->offset[c];
        ZSC_NEW_RAW(out->column, out->offset[count]);
        ZSC_NEW_RAW(out->weight, out->offset[count]);
    }
done:
    free(room);
    return status;
}

zsc_status zsc_graph_coarsen(const zsc_graph *g, int threads, int32_t *group, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_graph coarse = {.n = make_groups(g, group)};
    members m = {0};
    ZSC_TRY(list_members(group, g->n, coarse.n, &m));
    ZSC_TRY(join(g, group, &m, threads, &coarse));
    *out = coarse;
    coarse = (zsc_graph){0};
done:
    free(m.start);
    free(m.row);
    zsc_graph_free(&coarse);
    return status;
}
