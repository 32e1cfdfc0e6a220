/* Excess of mass keeps a cluster where its stability is not below that of the best selection inside it; leaf keeps the
 * clusters without children. cluster_selection_epsilon then replaces clusters that begin below that distance by their
 * nearest ancestor that begins above it (Malzer and Baum 2020). */
#include "hdbscan/select.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

enum { ROWS_MOST = 1 << 30 };

zsc_status zsc_hdbscan_check(size_t n, const zsc_hdbscan_options *o)
{
    if (n > ROWS_MOST) return zsc_fail(ZSC_EUSAGE, "cannot cluster %zu rows; the most is %d", n, (int)ROWS_MOST);
    if (o->min_cluster_size < 2)
        return zsc_fail(ZSC_EUSAGE, "min_cluster_size is %zu, expected 2 or more", o->min_cluster_size);
    if (o->max_cluster_size && o->max_cluster_size < o->min_cluster_size)
        return zsc_fail(ZSC_EUSAGE, "max_cluster_size is %zu, expected at least min_cluster_size, %zu",
                        o->max_cluster_size, o->min_cluster_size);
    if (!(o->cluster_selection_epsilon >= 0) || isinf(o->cluster_selection_epsilon))
        return zsc_fail(ZSC_EUSAGE, "cluster_selection_epsilon is %g, expected a number of 0 or more",
                        o->cluster_selection_epsilon);
    if (o->metric < ZSC_EUCLIDEAN || o->metric > ZSC_CHEBYSHEV)
        return zsc_fail(ZSC_EUSAGE, "HDBSCAN needs a distance; metric %d is none", (int)o->metric);
    return ZSC_OK;
}

/* best[c]: the stability of the best selection among c and what is inside it. */
static zsc_status by_excess_of_mass(const zsc_hdbscan_condensed *c, const zsc_hdbscan_options *o, bool *selected)
{
    zsc_status status = ZSC_OK;
    double *inside = NULL;
    size_t most = o->max_cluster_size ? o->max_cluster_size : SIZE_MAX;
    ZSC_NEW(inside, c->count);
    for (size_t k = c->count; k-- > 0;) {
        const zsc_hdbscan_cluster *cluster = &c->cluster[k];
        bool kept = inside[k] <= cluster->stability && cluster->rows <= most;
        selected[k] = kept && (k > 0 || o->allow_single_cluster);
        if (k > 0) inside[cluster->parent] += kept ? cluster->stability : inside[k];
    }
    for (size_t k = 1; k < c->count; k++) { /* the outermost stay */
        bool covered = selected[c->cluster[k].parent];
        for (int32_t up = c->cluster[k].parent; up >= 0 && !covered; up = c->cluster[up].parent) covered = selected[up];
        if (covered) selected[k] = false;
    }
done:
    free(inside);
    return status;
}

static void by_leaves(const zsc_hdbscan_condensed *c, const zsc_hdbscan_options *o, bool *selected)
{
    for (size_t k = 0; k < c->count; k++)
        selected[k] = c->cluster[k].children == 0 && (k > 0 || o->allow_single_cluster);
}

/* The distance at which a cluster begins; the root has none. */
static double begins_at(const zsc_hdbscan_condensed *c, int32_t cluster)
{
    return c->cluster[cluster].birth > 0 ? 1 / c->cluster[cluster].birth : INFINITY;
}

static void widen(const zsc_hdbscan_condensed *c, const zsc_hdbscan_options *o, const bool *narrow, bool *selected)
{
    for (size_t k = 0; k < c->count; k++) selected[k] = false;
    for (size_t k = 0; k < c->count; k++) {
        if (!narrow[k]) continue;
        int32_t cluster = (int32_t)k;
        while (begins_at(c, cluster) < o->cluster_selection_epsilon) {
            int32_t parent = c->cluster[cluster].parent;
            if (parent == 0 && !o->allow_single_cluster) break;
            cluster = parent;
        }
        selected[cluster] = true;
    }
    for (size_t k = 1; k < c->count; k++) /* what was widened may lie in what was widened farther */
        for (int32_t up = c->cluster[k].parent; up >= 0 && selected[k]; up = c->cluster[up].parent)
            if (selected[up]) selected[k] = false;
}

zsc_status zsc_hdbscan_select(const zsc_hdbscan_condensed *c, const zsc_hdbscan_options *o, bool *selected)
{
    zsc_status status = ZSC_OK;
    bool *narrow = NULL;
    ZSC_NEW(narrow, c->count);
    if (o->selection == ZSC_HDBSCAN_LEAF)
        by_leaves(c, o, narrow);
    else
        ZSC_TRY(by_excess_of_mass(c, o, narrow));
    if (o->cluster_selection_epsilon > 0)
        widen(c, o, narrow, selected);
    else
        memcpy(selected, narrow, c->count * sizeof *selected);
done:
    free(narrow);
    return status;
}

double zsc_hdbscan_root_level(const zsc_hdbscan_condensed *c, const zsc_hdbscan_options *o)
{
    return o->cluster_selection_epsilon > 0 ? 1 / o->cluster_selection_epsilon : c->cluster[0].death;
}
