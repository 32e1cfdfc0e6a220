#include "experiment/store/result_parts.h"

#include <jansson.h>
#include <string.h>

#include "zsc/pca.h"
#include "zsc/ward.h"

size_t zsc_result_rank(const zsc_result *r, const char *rank)
{
    size_t i = 0;
    while (i < r->scores && strcmp(r->score[i].rank, rank) != 0) i++;
    return i;
}

const char *zsc_result_coloured_rank(const zsc_result *r)
{
    if (r->scores == 0 || zsc_result_rank(r, "family") < r->scores) return "family";
    return r->score[r->scores - 1].rank;
}

zsc_missing zsc_result_missing(const zsc_result *r)
{
    json_t *config = r->config ? json_loads(r->config, 0, NULL) : NULL;
    const char *how = json_string_value(json_object_get(config, "missing"));
    zsc_missing missing = how && strcmp(how, "class") == 0 ? ZSC_MISSING_CLASS : ZSC_MISSING_DROP;
    json_decref(config);
    return missing;
}

zsc_status zsc_result_cut(const zsc_result *r, size_t k, int32_t *labels)
{
    return zsc_cut_clusters(r->linkage_matrix, r->rows, k, labels);
}

zsc_status zsc_result_clusters(const zsc_result *r, size_t rank, int32_t *labels)
{
    size_t k = r->score[rank].k;
    if (k && k != r->clusters && r->linkage_matrix) return zsc_result_cut(r, k, labels);
    memcpy(labels, r->label, r->rows * sizeof *labels);
    return ZSC_OK;
}

zsc_status zsc_result_plane(const zsc_result *r, const zsc_exec *exec, float *xy)
{
    if (r->reduced_dim != 2) return zsc_pca(r->reduced, r->rows, r->reduced_dim, 2, exec, xy);
    memcpy(xy, r->reduced, 2 * r->rows * sizeof *xy);
    return ZSC_OK;
}
