/* An order of a component's rows in which most neighbours are near: blocks of BLOCK rows, each grown breadth first from
 * its first row. A product of the graph's matrix with a block of vectors then finds most of what it needs in the cache:
 * in the order of the file each edge costs a visit to memory. */
#include "umap/umap.h"

enum { BLOCK = 1024 }; /* rows; at 80 columns of vectors 320 KiB, a processor's second cache */

typedef struct walk {
    const zsc_graph *graph;
    int32_t *rows, *position; /* position: -1 where the walk has not been */
    size_t count;             /* rows of the order so far */
} walk;

static void append(walk *w, int32_t row)
{
    w->position[row] = (int32_t)w->count;
    w->rows[w->count++] = row;
}

/* Appends the first neighbour of ROW that is not there yet; false: all are. */
static bool append_one(walk *w, int32_t row)
{
    for (size_t e = w->graph->offset[row]; e < w->graph->offset[row + 1]; e++)
        if (w->position[w->graph->column[e]] < 0) {
            append(w, w->graph->column[e]);
            return true;
        }
    return false;
}

static void append_all(walk *w, int32_t row)
{
    for (size_t e = w->graph->offset[row]; e < w->graph->offset[row + 1]; e++)
        if (w->position[w->graph->column[e]] < 0) append(w, w->graph->column[e]);
}

void zsc_graph_order(const zsc_graph *graph, int32_t *rows, size_t count, int32_t *position)
{
    walk w = {graph, rows, position, 0};
    size_t exhausted = 0, begin = 0,
           head = 0; /* all neighbours of the first `exhausted` rows are there; the block begins at `begin` */
    int32_t first = rows[0];
    for (size_t r = 0; r < count; r++) position[rows[r]] = -1;
    append(&w, first);
    while (w.count < count) {
        if (head < w.count && w.count - begin < BLOCK) {
            append_all(&w, rows[head++]);
            continue;
        }
        while (!append_one(&w, rows[exhausted])) exhausted++;
        begin = head = w.count - 1;
    }
}
