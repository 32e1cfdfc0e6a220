#include "hdbscan/edge_order.h"

#include <string.h>

#include "base/memory.h"

/* The edges of each row: edge[start[row]] .. edge[start[row + 1] - 1]. */
typedef struct neighbourhoods {
    size_t *start, *edge; /* m + 2, 2 x edges */
} neighbourhoods;

static zsc_status list_neighbourhoods(const zsc_hdbscan_edge *edges, size_t count, size_t m, neighbourhoods *out)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(out->start, m + 2);
    ZSC_NEW_RAW(out->edge, 2 * count);
    for (size_t e = 0; e < count; e++) {
        out->start[edges[e].a + 2]++;
        out->start[edges[e].b + 2]++;
    }
    for (size_t p = 2; p <= m; p++) out->start[p] += out->start[p - 1];
    for (size_t e = 0; e < count; e++) {
        out->edge[out->start[edges[e].a + 1]++] = e;
        out->edge[out->start[edges[e].b + 1]++] = e;
    }
done:
    return status;
}

/* An edge that leads out of the rows that were visited, to `row`. */
typedef struct way {
    double measure;
    int32_t first, row; /* first: of the row */
    size_t seen, edge;  /* seen: how many ways were found before */
} way;

static bool sooner(const way *a, const way *b)
{
    if (a->measure != b->measure) return a->measure < b->measure;
    return a->first != b->first ? a->first < b->first : a->seen < b->seen;
}

static void push_way(way *heap, size_t at, way w)
{
    for (; at > 0 && sooner(&w, &heap[(at - 1) / 2]); at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = w;
}

/* Takes the first of `count` out. */
static way pop_way(way *heap, size_t count)
{
    way top = heap[0], last = heap[count - 1];
    size_t at = 0;
    for (size_t child = 1; child < count - 1; child = 2 * at + 1) {
        if (child + 1 < count - 1 && sooner(&heap[child + 1], &heap[child])) child++;
        if (!sooner(&heap[child], &last)) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

/* The tree that Prim's algorithm finds along `count` edges when it begins at the first row, in the order in which it
 * takes its edges: of several to one row, that from the row visited first. */
static zsc_status visit(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *edges, size_t count, zsc_hdbscan_edge *out)
{
    zsc_status status = ZSC_OK;
    neighbourhoods near = {0};
    way *heap = NULL;
    bool *visited = NULL;
    size_t open = 0, capacity = 0, taken = 0, seen = 0;
    int32_t row = s->m ? s->of[0] : 0;
    ZSC_TRY(list_neighbourhoods(edges, count, s->m, &near));
    ZSC_NEW(visited, s->m);
    while (taken + 1 < s->m) {
        visited[row] = true;
        ZSC_TRY(zsc_grow(&heap, &capacity, open + near.start[row + 1] - near.start[row], sizeof *heap, "edges"));
        for (size_t k = near.start[row]; k < near.start[row + 1]; k++) {
            const zsc_hdbscan_edge *edge = &edges[near.edge[k]];
            int32_t other = edge->a == row ? edge->b : edge->a;
            if (!visited[other])
                push_way(heap, open++, (way){edge->measure, s->first[other], other, seen++, near.edge[k]});
        }
        way next;
        do next = pop_way(heap, open--);
        while (visited[next.row]);
        int32_t a = edges[next.edge].a, b = edges[next.edge].b;
        out[taken++] = (zsc_hdbscan_edge){a == next.row ? b : a, next.row, next.measure};
        row = next.row;
    }
done:
    free(near.start);
    free(near.edge);
    free(heap);
    free(visited);
    return status;
}

/* Sorts by measure and keeps the order of those that are equal; `other` is as long as edges. */
static void sort_edges(zsc_hdbscan_edge *edges, zsc_hdbscan_edge *other, size_t count)
{
    zsc_hdbscan_edge *from = edges, *to = other;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * run) {
            size_t middle = begin + run < count ? begin + run : count,
                   end = begin + 2 * run < count ? begin + 2 * run : count, a = begin, b = middle;
            for (size_t k = begin; k < end; k++)
                to[k] = a < middle && (b == end || from[a].measure <= from[b].measure) ? from[a++] : from[b++];
        }
        zsc_hdbscan_edge *swap = from;
        from = to;
        to = swap;
    }
    if (from != edges) memcpy(edges, from, count * sizeof *edges);
}

zsc_status zsc_hdbscan_order_edges(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *edges, size_t count,
                                   zsc_hdbscan_edge *scratch, zsc_hdbscan_edge *out)
{
    zsc_status status = visit(s, edges, count, out);
    if (status == ZSC_OK && s->m) sort_edges(out, scratch, s->m - 1);
    return status;
}
