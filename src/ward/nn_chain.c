/* Average (UPGMA) and complete linkage.
 *
 * Both are reducible, so that the nearest-neighbour chain (Benzecri 1982; Muellner 2011) finds their merges: from any
 * cluster go to its nearest, from there to the nearest of that one, until two are each other's nearest; merge them and
 * continue from the cluster before. Fewer than 3 m clusters are searched; distances come from cluster_distances.c.
 *
 * Ties: the cluster that the chain came from, else the one whose first row comes first. Clusters that are on the chain
 * already are never nearer than the one before, and rounding must not make one seem so: they are passed over. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/cluster_distances.h"
#include "ward/methods.h"

typedef struct chain_state {
    zsc_ward_distances distances;
    double *formed_height; /* height at which the cluster was made */
    bool *on_chain;
    int32_t *chain;
    size_t length;
} chain_state;

static zsc_status nearest(chain_state *s, int32_t i, int32_t before, int32_t *found, double *distance)
{
    zsc_ward_distances *c = &s->distances;
    const double *row;
    zsc_status status = zsc_ward_distances_of(c, i, before, &row);
    if (status != ZSC_OK) return status;
    int32_t best = before;
    double least = before >= 0 ? zsc_ward_distances_value(c, i, before, row[before]) : INFINITY;
    for (size_t k = 0; k < c->count; k++) {
        int32_t j = c->live[k];
        double d = zsc_ward_distances_value(c, i, j, row[j]);
        if ((best < 0 || d < least) && !s->on_chain[j]) {
            least = d;
            best = j;
        }
    }
    *distance = least;
    *found = best;
    return ZSC_OK;
}

static void push(chain_state *s, int32_t i)
{
    s->chain[s->length++] = i;
    s->on_chain[i] = true;
}

static void pop_pair(chain_state *s)
{
    for (int side = 0; side < 2; side++) s->on_chain[s->chain[--s->length]] = false;
}

static zsc_status run_chain(chain_state *s, const zsc_ward_points *p, const zsc_exec *exec, zsc_ward_merge *merges)
{
    enum { SEARCHES = 64 }; /* between two reports of progress */
    zsc_status status = ZSC_OK;
    for (size_t made = 0, searches = 0; made + 1 < p->m; searches++) {
        if (searches % SEARCHES == 0 && !zsc_progress(exec, "clustering", (double)made, (double)p->m))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        if (s->length == 0) push(s, s->distances.live[0]);
        int32_t i = s->chain[s->length - 1], before = s->length > 1 ? s->chain[s->length - 2] : -1;
        double distance;
        const double *row; /* the rows of both make that of the union */
        int32_t j;
        ZSC_TRY(nearest(s, i, before, &j, &distance));
        if (j != before) {
            push(s, j);
            continue;
        }
        ZSC_TRY(zsc_ward_distances_of(&s->distances, before, i, &row));
        pop_pair(s);
        int32_t a = i < j ? i : j, b = i < j ? j : i;
        double height = fmax(distance, fmax(s->formed_height[a], s->formed_height[b]));
        merges[made++] = (zsc_ward_merge){p->first[a], p->first[b], ldexp(height, p->exponent)};
        zsc_ward_distances_merge(&s->distances, a, b);
        s->formed_height[a] = height;
    }
done:
    return status;
}

/* Beside the distances. */
static size_t chain_memory(size_t m) { return m * (sizeof(double) + sizeof(bool) + sizeof(int32_t)); }

size_t zsc_ward_nn_chain_memory(size_t m) { return chain_memory(m) + zsc_ward_distances_memory(m, SIZE_MAX); }

zsc_status zsc_ward_run_nn_chain(const zsc_ward_points *points, zsc_linkage_method method, const zsc_exec *exec,
                                 zsc_ward_merge *merges, const char **how)
{
    zsc_status status = ZSC_OK;
    chain_state s = {0};
    const zsc_exec held = zsc_memory_hold(exec, chain_memory(points->m));
    ZSC_TRY(zsc_ward_distances_make(points, method == ZSC_COMPLETE, &held, &s.distances));
    ZSC_NEW(s.formed_height, points->m);
    ZSC_NEW(s.on_chain, points->m);
    ZSC_NEW_RAW(s.chain, points->m);
    ZSC_TRY(run_chain(&s, points, exec, merges));
    *how = method == ZSC_COMPLETE ? "complete linkage: nearest-neighbour chain"
                                  : "average linkage: nearest-neighbour chain";
done:
    zsc_ward_distances_free(&s.distances);
    free(s.formed_height);
    free(s.on_chain);
    free(s.chain);
    return status;
}
