/* Centroid and median linkage of distances. They are not reducible: a merge can bring a third cluster nearer than the
 * two were, so that chains of nearest neighbours do not find the merges. The generic algorithm (Muellner 2011) does:
 *
 *   each slot x keeps a cluster y > x that was its nearest, and a lower bound of the distance of its nearest;
 *   the slot of the least bound is taken; if its neighbour is that far away, the two merge, and otherwise the nearest
 *   of x is searched again and the least bound taken anew.
 *
 * O(n^2) for each merge at worst, O(n) where bounds hold, as they mostly do. Ties: the first slot, its first neighbour.
 * A cluster is in the higher of the slots of its two parts. */
#include "ward/generic.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"

typedef struct bounds {
    size_t *neighbor;
    size_t pairs;     /* compared since the last report of progress */
    double *least;    /* INFINITY: no cluster above this slot, or none in it */
    int32_t *cluster; /* its number in z */
} bounds;

static void search(const zsc_condensed *s, bounds *b, size_t x)
{
    const double *distance = s->d + zsc_condensed_begin(s->n, x);
    b->least[x] = INFINITY;
    b->pairs += s->n - x;
    for (size_t y = x + 1; y < s->n; y++, distance++)
        if (s->size[y] > 0 && *distance < b->least[x]) {
            b->least[x] = *distance;
            b->neighbor[x] = y;
        }
}

static size_t slot_of_least(const bounds *b, size_t n)
{
    size_t best = 0;
    for (size_t x = 1; x + 1 < n; x++)
        if (b->least[x] < b->least[best]) best = x;
    return best;
}

/* The pair x < y of least distance. */
static zsc_status find_pair(const zsc_condensed *s, bounds *b, const zsc_exec *exec, size_t made, size_t *x, size_t *y)
{
    for (;;) {
        if (b->pairs >= ZSC_CONDENSED_PAIRS) {
            b->pairs = 0;
            if (!zsc_progress(exec, "clustering", (double)made, (double)s->n))
                return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        }
        *x = slot_of_least(b, s->n);
        *y = b->neighbor[*x];
        if (s->size[*y] > 0 && b->least[*x] == s->d[zsc_condensed_index(s->n, *x, *y)]) return ZSC_OK;
        search(s, b, *x);
    }
}

/* x has gone into y. */
static void renew_bounds(const zsc_condensed *s, bounds *b, size_t x, size_t y)
{
    b->least[x] = INFINITY;
    for (size_t i = 0; i < y; i++) {
        if (s->size[i] == 0) continue;
        if (i < x && b->neighbor[i] == x) b->neighbor[i] = y; /* a guess; the bound holds */
        double distance = s->d[zsc_condensed_index(s->n, i, y)];
        if (distance < b->least[i]) {
            b->least[i] = distance;
            b->neighbor[i] = y;
        }
    }
    if (y + 1 < s->n) search(s, b, y);
}

size_t zsc_condensed_generic_memory(size_t n) { return n * (sizeof(size_t) + sizeof(double) + sizeof(int32_t)); }

zsc_status zsc_condensed_run_generic(zsc_condensed *s, zsc_linkage_method method, const zsc_exec *exec, double *z)
{
    zsc_status status = ZSC_OK;
    size_t n = s->n;
    bounds b = {0};
    ZSC_NEW(b.neighbor, n);
    ZSC_NEW_RAW(b.least, n);
    ZSC_NEW_RAW(b.cluster, n);
    for (size_t x = 0; x < n; x++) {
        b.cluster[x] = (int32_t)x;
        search(s, &b, x);
    }
    b.pairs = ZSC_CONDENSED_PAIRS;
    for (size_t k = 0; k + 1 < n; k++, b.pairs += n) {
        size_t x, y;
        ZSC_TRY(find_pair(s, &b, exec, k, &x, &y));
        double distance = b.least[x], *row = z + 4 * k;
        int32_t i = b.cluster[x], j = b.cluster[y];
        row[0] = i < j ? i : j;
        row[1] = i < j ? j : i;
        row[2] = distance;
        row[3] = s->size[x] + s->size[y];
        ZSC_TRY(zsc_condensed_merge(s, method, x, y, distance));
        b.cluster[y] = (int32_t)(n + k);
        renew_bounds(s, &b, x, y);
    }
done:
    free(b.neighbor);
    free(b.least);
    free(b.cluster);
    return status;
}
