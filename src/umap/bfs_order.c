/* An order of a component's rows in which most neighbours are near: blocks of BLOCK rows, each grown breadth first from
 * its first row. A product of the graph's matrix with a block of vectors then finds most of what it needs in the cache:
 * in the order of the file every edge is a cache miss. */
#include "umap/bfs_order.h"

enum { BLOCK = 1024 }; /* rows; at 80 columns of vectors 320 KiB, the second level of cache */

typedef struct ordering {
    const zsc_graph *graph;
    int32_t *rows, *position; /* position: -1 where a row is not in the order yet */
    size_t count;             /* rows of the order so far */
} ordering;

static void append(ordering *w, int32_t row)
{
    w->position[row] = (int32_t)w->count;
    w->rows[w->count++] = row;
}

/* Appends the first neighbour of ROW that is not in the order yet; false: all are. */
static bool append_one(ordering *w, int32_t row)
{
    for (size_t e = w->graph->offset[row]; e < w->graph->offset[row + 1]; e++)
        if (w->position[w->graph->column[e]] < 0) {
            append(w, w->graph->column[e]);
            return true;
        }
    return false;
}

static void append_all(ordering *w, int32_t row)
{
    for (size_t e = w->graph->offset[row]; e < w->graph->offset[row + 1]; e++)
        if (w->position[w->graph->column[e]] < 0) append(w, w->graph->column[e]);
}

void zsc_umap_bfs_order(const zsc_graph *graph, int32_t *rows, size_t count, int32_t *position)
{
    ordering w = {graph, rows, position, 0};
    size_t exhausted = 0; /* all neighbours of so many first rows are in the order */
    size_t begin = 0;     /* of the current block */
    size_t head = 0;      /* of the queue within the block */
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
