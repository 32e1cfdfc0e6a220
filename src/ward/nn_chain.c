/* Average (UPGMA) and complete linkage, over a stored matrix of distances.
 *
 * Both are reducible, so that the nearest-neighbour chain (Benzecri 1982; Muellner 2011) finds their merges in O(n^2)
 * time: from any cluster go to its nearest, from there to the nearest of that one, until two are each other's nearest;
 * merge them and continue from the cluster before. Distances of the union (Lance and Williams 1967):
 *
 *     average:   d(AB, X) = (wA d(A, X) + wB d(B, X)) / (wA + wB)
 *     complete:  d(AB, X) = max(d(A, X), d(B, X))
 *
 * The matrix is the upper triangle in doubles, since averages of rounded numbers would change the order of merges.
 * Ties: the cluster that the chain came from, else the one whose first row comes first. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/methods.h"

typedef struct chain_state {
    size_t m;
    double *distance;      /* m (m - 1) / 2: row by row, the part right of the diagonal */
    double *weight;        /* 0: no cluster in this slot any more */
    double *formed_height; /* height at which the cluster was made */
    int32_t *live;         /* slots with a cluster, ascending */
    size_t count;
    int32_t *chain;
    size_t length;
} chain_state;

static inline double *entry(const chain_state *s, size_t i, size_t j)
{
    size_t a = i < j ? i : j, b = i < j ? j : i;
    return s->distance + a * (2 * s->m - a - 1) / 2 + (b - a - 1);
}

static zsc_status fill(chain_state *s, const zsc_ward_points *p, const zsc_exec *exec)
{
    enum { ROWS = 256 }; /* between two reports of progress */
    for (size_t start = 0; start < p->m; start += ROWS) {
        size_t end = start + ROWS < p->m ? start + ROWS : p->m;
        if (!zsc_progress(exec, "distances", (double)start, (double)p->m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 4) num_threads(zsc_threads(exec)) if (p->m > ROWS)
        for (size_t i = start; i < end; i++)
            for (size_t j = i + 1; j < p->m; j++)
                *entry(s, i, j) = sqrt(zsc_ward_square_distance(p->c + i * p->stride, p->c + j * p->stride, p->stride));
    }
    return ZSC_OK;
}

static int32_t nearest(const chain_state *s, int32_t i, int32_t before, double *distance)
{
    int32_t best = before;
    double least = before >= 0 ? *entry(s, (size_t)i, (size_t)before) : INFINITY;
    for (size_t k = 0; k < s->count; k++) {
        int32_t j = s->live[k];
        if (j == i) continue;
        double d = *entry(s, (size_t)i, (size_t)j);
        if (best < 0 || d < least) {
            least = d;
            best = j;
        }
    }
    *distance = least;
    return best;
}

/* Merges the cluster of slot b into that of slot a. */
static void merge_clusters(chain_state *s, int32_t a, int32_t b, zsc_linkage_method method)
{
    double wa = s->weight[a], wb = s->weight[b];
    size_t kept = 0;
    for (size_t k = 0; k < s->count; k++) {
        int32_t x = s->live[k];
        if (x == b) continue;
        s->live[kept++] = x;
        if (x == a) continue;
        double *to = entry(s, (size_t)a, (size_t)x), other = *entry(s, (size_t)b, (size_t)x);
        *to = method == ZSC_COMPLETE ? fmax(*to, other) : (wa * *to + wb * other) / (wa + wb);
    }
    s->count = kept;
    s->weight[a] = wa + wb;
    s->weight[b] = 0;
}

static zsc_status run_chain(chain_state *s, const zsc_ward_points *p, zsc_linkage_method method, const zsc_exec *exec,
                            zsc_ward_merge *merges)
{
    for (size_t made = 0; made + 1 < p->m;) {
        if (s->length == 0) s->chain[s->length++] = s->live[0];
        int32_t i = s->chain[s->length - 1], before = s->length > 1 ? s->chain[s->length - 2] : -1;
        double distance;
        int32_t j = nearest(s, i, before, &distance);
        if (j != before) {
            s->chain[s->length++] = j;
            continue;
        }
        s->length -= 2;
        int32_t a = i < j ? i : j, b = i < j ? j : i;
        double height = fmax(distance, fmax(s->formed_height[a], s->formed_height[b]));
        merges[made++] = (zsc_ward_merge){p->first[a], p->first[b], ldexp(height, p->exponent)};
        merge_clusters(s, a, b, method);
        s->formed_height[a] = height;
        if (made % 256 == 0 && !zsc_progress(exec, "clustering", (double)made, (double)p->m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    return ZSC_OK;
}

zsc_status zsc_ward_run_nn_chain(const zsc_ward_points *points, zsc_linkage_method method, const zsc_exec *exec,
                                 zsc_ward_merge *merges, const char **how)
{
    zsc_status status = ZSC_OK;
    size_t m = points->m;
    chain_state s = {.m = m, .count = m};
    ZSC_NEW_RAW(s.distance, m * (m - 1) / 2);
    ZSC_NEW_RAW(s.weight, m);
    ZSC_NEW(s.formed_height, m);
    ZSC_NEW_RAW(s.live, m);
    ZSC_NEW_RAW(s.chain, m);
    for (size_t i = 0; i < m; i++) {
        s.weight[i] = points->weight[i];
        s.live[i] = (int32_t)i;
    }
    ZSC_TRY(fill(&s, points, exec));
    ZSC_TRY(run_chain(&s, points, method, exec, merges));
    *how = method == ZSC_COMPLETE ? "complete linkage: nearest-neighbour chain, stored distances"
                                  : "average linkage: nearest-neighbour chain, stored distances";
done:
    free(s.distance);
    free(s.weight);
    free(s.formed_height);
    free(s.live);
    free(s.chain);
    return status;
}
