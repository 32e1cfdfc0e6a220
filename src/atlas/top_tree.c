#include "atlas/top_tree.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/store/result_parts.h"

enum { FEWEST = 160, MOST = 60000 };

static size_t choose_clusters(const zsc_result *r, size_t wanted)
{
    size_t most = FEWEST;
    for (size_t j = 0; j < r->scores; j++) {
        if (r->score[j].scores.classes > most) most = r->score[j].scores.classes;
        if (r->score[j].k > most) most = r->score[j].k;
    }
    if (r->clusters > most) most = r->clusters;
    size_t count = wanted ? wanted : most + most / 4;
    if (count < r->clusters) count = r->clusters; /* the run's own cut is among those that are shown */
    if (count > MOST) count = MOST;
    return count < r->rows ? count : r->rows;
}

/* The number of a node that a merge of the top joins. */
static int32_t number_of(const zsc_result *r, const int32_t *leaf, size_t clusters, size_t node)
{
    size_t first = r->rows - clusters;
    if (node >= r->rows + first) return (int32_t)(clusters + node - r->rows - first);
    while (node >= r->rows) node = (size_t)r->linkage_matrix[4 * (node - r->rows)];
    return leaf[node];
}

static zsc_status fill_ami(const zsc_result *r, size_t rank, size_t clusters, const zsc_exec *exec, float *ami)
{
    zsc_curve curve = {0};
    const double *value = r->curve ? r->curve[rank] : NULL;
    if (!value) {
        zsc_status status = zsc_ami_curve(r->linkage_matrix, r->rows, r->taxon[rank].code, zsc_result_missing(r), exec,
                                          &curve);
        if (status != ZSC_OK) return status;
        value = curve.ami;
    }
    for (size_t k = 0; k < clusters; k++) ami[k] = (float)value[k];
    zsc_curve_free(&curve);
    return ZSC_OK;
}

zsc_status zsc_top_tree_make(const zsc_result *r, size_t wanted, const zsc_exec *exec, zsc_top_tree *out)
{
    zsc_status status = ZSC_OK;
    zsc_top_tree t = {0};
    *out = t;
    if (!r->linkage_matrix || r->rows < 2) return ZSC_OK;
    size_t clusters = choose_clusters(r, wanted), first = r->rows - clusters;
    ZSC_NEW_RAW(t.leaf, r->rows);
    ZSC_NEW_RAW(t.child, 2 * (clusters - 1));
    ZSC_NEW_RAW(t.height, clusters - 1);
    ZSC_NEW_RAW(t.ami, r->scores * clusters);
    ZSC_TRY(zsc_result_cut(r, clusters, t.leaf));
    for (size_t j = 0; j + 1 < clusters; j++) {
        const double *merge = r->linkage_matrix + 4 * (first + j);
        for (size_t side = 0; side < 2; side++)
            t.child[2 * j + side] = number_of(r, t.leaf, clusters, (size_t)merge[side]);
        t.height[j] = (float)merge[2];
    }
    for (size_t j = 0; j < r->scores; j++) ZSC_TRY(fill_ami(r, j, clusters, exec, t.ami + j * clusters));
    t.clusters = clusters;
    t.ranks = r->scores;
    *out = t;
    t = (zsc_top_tree){0};
done:
    zsc_top_tree_free(&t);
    return status;
}

void zsc_top_tree_free(zsc_top_tree *t)
{
    free(t->leaf);
    free(t->child);
    free(t->height);
    free(t->ami);
    *t = (zsc_top_tree){0};
}
