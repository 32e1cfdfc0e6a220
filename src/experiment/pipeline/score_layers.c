#include "experiment/pipeline/score_layers.h"

#include <string.h>

#include "base/memory.h"

static zsc_status score_layer(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                              const int32_t *label, zsc_layer_scores *out)
{
    zsc_status status = ZSC_OK;
    for (size_t j = 0; j < data->ranks; j++) {
        zsc_scores s;
        zsc_noise_scores noise;
        ZSC_TRY(zsc_score(data->rank[j].code, label, data->n, o->missing, exec, &s));
        ZSC_TRY(zsc_score_noise(data->rank[j].code, label, data->n, o->missing, exec, &noise));
        out[j] = (zsc_layer_scores){.ami = s.ami[ZSC_ARITHMETIC],
                                    .ami_clustered = noise.ami_clustered,
                                    .ami_singletons = noise.ami_singletons,
                                    .homogeneity = s.homogeneity,
                                    .completeness = s.completeness};
    }
done:
    return status;
}

zsc_status zsc_layers_score(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                            const zsc_tree *tree, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const zsc_hdbscan_layers *from = &tree->layers;
    if (from->count == 0) return ZSC_OK;
    ZSC_NEW(r->layer, from->count);
    for (r->layers = 0; r->layers < from->count;) {
        const zsc_hdbscan_layer *layer = &from->layer[r->layers];
        zsc_result_layer *to = &r->layer[r->layers++];
        *to = (zsc_result_layer){.min_cluster_size = layer->min_cluster_size,
                                 .persistence = layer->persistence,
                                 .clusters = layer->clustering.clusters,
                                 .clustered = layer->clustering.clustered};
        ZSC_NEW(to->score, data->ranks);
        ZSC_NEW_RAW(to->label, data->n);
        memcpy(to->label, layer->clustering.label, data->n * sizeof *to->label);
        ZSC_TRY(score_layer(o, exec, data, to->label, to->score));
    }
done:
    return status;
}
