#include "metrics/merge_tree.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

void zsc_merge_tree_free(zsc_merge_tree *t)
{
    free(t->heavy);
    free(t->light);
    free(t->parent);
    free(t->leaves);
    free(t->start);
    free(t->scored);
}

/* Whether a child in the linkage matrix is a whole number, made by an earlier merge, and not merged before. */
static bool child_valid(const zsc_merge_tree *t, double child, size_t merge)
{
    return child >= 0 && child < (double)(t->n + merge) && child == floor(child) && t->parent[(size_t)child] < 0;
}

static zsc_status link_children(zsc_merge_tree *t, const double *z)
{
    for (size_t i = 0; i < t->nodes; i++) t->parent[i] = -1;
    for (size_t i = 0; i < t->n; i++) t->leaves[i] = 1;
    for (size_t j = 0; j + 1 < t->n; j++) {
        for (int side = 0; side < 2; side++) {
            double child = z[4 * j + (size_t)side];
            if (!child_valid(t, child, j))
                return zsc_fail(
                    ZSC_EINPUT,
                    "row %zu of the linkage matrix merges cluster %g; expected one of 0 to %zu that was not "
                    "merged before",
                    zsc_number(j), child, t->n + j - 1);
            t->parent[(size_t)child] = (int32_t)(t->n + j);
        }
        int32_t a = (int32_t)z[4 * j], b = (int32_t)z[4 * j + 1];
        bool ordered = t->leaves[a] >= t->leaves[b];
        t->heavy[j] = ordered ? a : b;
        t->light[j] = ordered ? b : a;
        t->leaves[t->n + j] = t->leaves[a] + t->leaves[b];
    }
    return ZSC_OK;
}

zsc_status zsc_merge_tree_make(const double *z, size_t n, zsc_merge_tree *t)
{
    zsc_status status = ZSC_OK;
    *t = (zsc_merge_tree){.n = n, .nodes = 2 * n - 1};
    ZSC_NEW_RAW(t->heavy, n - 1);
    ZSC_NEW_RAW(t->light, n - 1);
    ZSC_NEW_RAW(t->parent, t->nodes);
    ZSC_NEW_RAW(t->leaves, t->nodes);
    ZSC_NEW_RAW(t->start, t->nodes);
    ZSC_NEW(t->scored, t->nodes);
    ZSC_TRY(link_children(t, z));
    t->start[t->nodes - 1] = 0;
    for (size_t j = n - 1; j-- > 0;) {
        t->start[t->heavy[j]] = t->start[n + j];
        t->start[t->light[j]] = t->start[n + j] + t->leaves[t->heavy[j]];
    }
done:
    return status;
}
