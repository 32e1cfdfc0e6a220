/* Whether a graph from a caller is what zsc_graph promises: everything behind it indexes by its columns.
 *
 * Symmetry in one pass. Rows are processed in ascending order, and columns of a row ascend, so that row j is named as a
 * later column by rows i < j in the order of i: in the order of row j's own first entries. A cursor for each row, on
 * the next of those, tells whether the entry (i, j) has its reverse; when row j is reached, its cursor must have passed
 * all entries before the diagonal. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "zsc/umap.h"

/* Before any entry is read: only then is offset[n] how many there are. */
static zsc_status check_offsets(const zsc_graph *g)
{
    if (g->offset[0] != 0) return zsc_fail(ZSC_EINPUT, "the graph's offsets begin at %zu, expected 0", g->offset[0]);
    for (size_t i = 0; i < g->n; i++)
        if (g->offset[i + 1] < g->offset[i])
            return zsc_fail(ZSC_EINPUT, "the graph's row %zu begins at entry %zu and ends at %zu; offsets must ascend",
                            zsc_number(i), g->offset[i], g->offset[i + 1]);
    return ZSC_OK;
}

static zsc_status check_row(const zsc_graph *g, size_t i)
{
    for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
        int32_t column = g->column[e];
        if (column < 0 || (size_t)column >= g->n)
            return zsc_fail(ZSC_EINPUT, "the graph's row %zu has an edge to index %d; expected 0 to %zu", zsc_number(i),
                            column, g->n - 1);
        if ((size_t)column == i)
            return zsc_fail(ZSC_EINPUT, "the graph's row %zu has an edge to itself; the diagonal must be empty",
                            zsc_number(i));
        if (e > g->offset[i] && column <= g->column[e - 1])
            return zsc_fail(ZSC_EINPUT,
                            "the graph's row %zu has an edge to row %zu after that to row %zu; columns must "
                            "ascend",
                            zsc_number(i), zsc_number((size_t)column), zsc_number((size_t)g->column[e - 1]));
        if (!(g->weight[e] > 0 && g->weight[e] <= 1))
            return zsc_fail(ZSC_EINPUT,
                            "the graph's edge from row %zu to row %zu weighs %g; expected above 0, at most 1",
                            zsc_number(i), zsc_number((size_t)column), (double)g->weight[e]);
    }
    return ZSC_OK;
}

static zsc_status no_reverse(const zsc_graph *g, size_t i, size_t e)
{
    return zsc_fail(ZSC_EINPUT,
                    "the graph's edge from row %zu to row %zu, of weight %.9g, has no reverse of the same "
                    "weight; the graph must be symmetric",
                    zsc_number(i), zsc_number((size_t)g->column[e]), (double)g->weight[e]);
}

/* Row i, whose own entries are sound; cursor[j] is the first entry of row j that no earlier row has named. */
static zsc_status match_row(const zsc_graph *g, size_t i, size_t *cursor)
{
    size_t e = cursor[i]; /* entries before this one were named by their rows */
    if (e < g->offset[i + 1] && (size_t)g->column[e] < i) return no_reverse(g, i, e);
    for (; e < g->offset[i + 1]; e++) {
        size_t j = (size_t)g->column[e], back = cursor[j]++;
        if (back >= g->offset[j + 1] || (size_t)g->column[back] != i || g->weight[back] != g->weight[e])
            return no_reverse(g, i, e);
    }
    return ZSC_OK;
}

zsc_status zsc_graph_check(const zsc_graph *graph)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n, *cursor = NULL;
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot take a graph of %zu rows; the most is %d", n, INT32_MAX);
    if (n == 0) return ZSC_OK;
    ZSC_TRY(check_offsets(graph));
    for (size_t i = 0; i < n; i++) ZSC_TRY(check_row(graph, i));
    ZSC_NEW_RAW(cursor, n);
    for (size_t i = 0; i < n; i++) cursor[i] = graph->offset[i];
    for (size_t i = 0; i < n; i++) ZSC_TRY(match_row(graph, i, cursor));
done:
    free(cursor);
    return status;
}
