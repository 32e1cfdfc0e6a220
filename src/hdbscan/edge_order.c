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

/* The shortest edge that leads from the rows that were visited to `row`; of equal ones, that found first. */
typedef struct way {
    double measure;
    int32_t first, row; /* first: of the row */
} way;

/* The rows that such edges lead to: a heap. */
typedef struct front {
    size_t open;
    way *heap;      /* m */
    int32_t *place; /* m: of a row in the heap; NOT_YET or VISITED */
    size_t *via;    /* m: the edge to it */
} front;
enum { NOT_YET = -1, VISITED = -2 };

static bool sooner(const way *a, const way *b)
{
    return a->measure != b->measure ? a->measure < b->measure : a->first < b->first;
}

static void put(front *f, size_t at, way w)
{
    f->heap[at] = w;
    f->place[w.row] = (int32_t)at;
}

static void move_up(front *f, size_t at, way w)
{
    for (; at > 0 && sooner(&w, &f->heap[(at - 1) / 2]); at = (at - 1) / 2) put(f, at, f->heap[(at - 1) / 2]);
    put(f, at, w);
}

static void add_way(front *f, way w, size_t edge)
{
    int32_t place = f->place[w.row];
    if (place == VISITED || (place >= 0 && f->heap[place].measure <= w.measure)) return;
    f->via[w.row] = edge;
    move_up(f, place >= 0 ? (size_t)place : f->open++, w);
}

static way take_first(front *f)
{
    way top = f->heap[0], last = f->heap[--f->open];
    size_t at = 0;
    f->place[top.row] = VISITED;
    if (f->open == 0) return top;
    for (size_t child = 1; child < f->open; child = 2 * at + 1) {
        if (child + 1 < f->open && sooner(&f->heap[child + 1], &f->heap[child])) child++;
        if (!sooner(&f->heap[child], &last)) break;
        put(f, at, f->heap[child]);
        at = child;
    }
    put(f, at, last);
    return top;
}

/* The tree that Prim's algorithm finds along `count` edges when it begins at the first row, in the order in which it
 * takes its edges: of several to one row, that from the row visited first. */
static zsc_status visit(const zsc_hdbscan_space *s, const zsc_hdbscan_edge *edges, size_t count, zsc_hdbscan_edge *out)
{
    zsc_status status = ZSC_OK;
    neighbourhoods near = {0};
    front f = {0};
    int32_t row = s->m ? s->of[0] : 0;
    ZSC_TRY(list_neighbourhoods(edges, count, s->m, &near));
    ZSC_NEW_RAW(f.heap, s->m);
    ZSC_NEW_RAW(f.place, s->m);
    ZSC_NEW_RAW(f.via, s->m);
    for (size_t p = 0; p < s->m; p++) f.place[p] = NOT_YET;
    for (size_t taken = 0; taken + 1 < s->m; taken++) {
        f.place[row] = VISITED;
        for (size_t k = near.start[row]; k < near.start[row + 1]; k++) {
            const zsc_hdbscan_edge *edge = &edges[near.edge[k]];
            int32_t other = edge->a == row ? edge->b : edge->a;
            add_way(&f, (way){edge->measure, s->first[other], other}, near.edge[k]);
        }
        way next = take_first(&f);
        const zsc_hdbscan_edge *edge = &edges[f.via[next.row]];
        out[taken] = (zsc_hdbscan_edge){edge->a == next.row ? edge->b : edge->a, next.row, next.measure};
        row = next.row;
    }
done:
    free(near.start);
    free(near.edge);
    free(f.heap);
    free(f.place);
    free(f.via);
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

size_t zsc_hdbscan_order_memory(size_t m, size_t count)
{
    return (m + 2) * sizeof(size_t) + 2 * count * sizeof(size_t) + m * (sizeof(way) + sizeof(int32_t) + sizeof(size_t));
}
