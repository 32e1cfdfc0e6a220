#include "hdbscan/label_rows.h"

#include <math.h>

#include "base/memory.h"

/* The selected cluster that each cluster of the condensed tree is, or lies in; -1: none. */
static void find_selected(const zsc_hdbscan_condensed *c, const bool *selected, int32_t *in)
{
    for (size_t k = 0; k < c->count; k++) in[k] = selected[k] ? (int32_t)k : k == 0 ? -1 : in[c->cluster[k].parent];
}

/* As a share of the densest level that its cluster reaches. */
static float probability_of(const zsc_hdbscan_cluster *cluster, double lambda)
{
    if (isinf(lambda) || !(cluster->death > 0)) return 1;
    return (float)(fmin(lambda, cluster->death) / cluster->death);
}

zsc_status zsc_hdbscan_label_rows(const zsc_hdbscan_space *s, const zsc_hdbscan_condensed *c, const bool *selected,
                                  double root_level, zsc_hdbscan *out)
{
    zsc_status status = ZSC_OK;
    int32_t *in = NULL, *name = NULL;
    size_t named = 0, wanted = 0;
    ZSC_NEW_RAW(out->label, s->n);
    ZSC_NEW_RAW(out->probability, s->n);
    ZSC_NEW_RAW(in, c->count);
    ZSC_NEW_RAW(name, c->count);
    find_selected(c, selected, in);
    for (size_t k = 0; k < c->count; k++) {
        name[k] = -1;
        wanted += selected[k];
    }
    ZSC_NEW(out->stability, wanted);
    for (size_t i = 0; i < s->n; i++) {
        int32_t p = s->of[i], cluster = in[c->of[p]];
        out->label[i] = -1;
        out->probability[i] = 0;
        if (cluster < 0 || (cluster == 0 && c->of[p] == 0 && c->lambda[p] < root_level)) continue;
        if (name[cluster] < 0) {
            out->stability[named] = c->cluster[cluster].stability;
            name[cluster] = (int32_t)named++;
        }
        out->label[i] = name[cluster];
        out->probability[i] = probability_of(&c->cluster[cluster], c->lambda[p]);
        out->clustered++;
    }
    out->clusters = named;
done:
    free(in);
    free(name);
    return status;
}
