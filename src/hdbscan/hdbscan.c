/* zsc_hdbscan: checks, the spanning tree, the condensed tree, the selection, labels. */
#include "zsc/hdbscan.h"

#include <math.h>
#include <stdlib.h>

#include "base/blas.h"
#include "base/memory.h"
#include "hdbscan/select.h"

enum { ROWS_MOST = 1 << 30 };

zsc_hdbscan_options zsc_hdbscan_defaults(void)
{
    return (zsc_hdbscan_options){.min_cluster_size = 5, .metric = ZSC_EUCLIDEAN, .selection = ZSC_HDBSCAN_EOM};
}

static zsc_status check(size_t n, const zsc_hdbscan_options *o)
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

static size_t samples_of(const zsc_hdbscan_options *o) { return o->min_samples ? o->min_samples : o->min_cluster_size; }

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

static zsc_status label_rows(const zsc_hdbscan_space *s, const zsc_hdbscan_condensed *c, const bool *selected,
                             const zsc_hdbscan_options *o, zsc_hdbscan *out)
{
    zsc_status status = ZSC_OK;
    int32_t *in = NULL, *name = NULL;
    ZSC_NEW_RAW(in, c->count);
    ZSC_NEW_RAW(name, c->count);
    find_selected(c, selected, in);
    for (size_t k = 0; k < c->count; k++) {
        name[k] = -1;
        out->clusters += selected[k];
    }
    ZSC_NEW(out->stability, out->clusters);
    size_t named = 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t p = s->of[i], cluster = in[c->of[p]];
        out->label[i] = -1;
        out->probability[i] = 0;
        if (cluster < 0 || (cluster == 0 && c->of[p] == 0 && c->lambda[p] < zsc_hdbscan_root_level(c, o))) continue;
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

zsc_status zsc_hdbscan_cluster_rows(const float *x, size_t n, size_t d, const zsc_hdbscan_options *options,
                                    const zsc_exec *exec, zsc_hdbscan *out)
{
    ZSC_BLAS_SCOPE(blas);
    zsc_status status = zsc_blas_enter(exec, &blas);
    if (status != ZSC_OK) return status;
    zsc_hdbscan_options o = options ? *options : zsc_hdbscan_defaults();
    zsc_hdbscan_space space = {0};
    zsc_hdbscan_condensed condensed = {0};
    zsc_hdbscan result = {.n = n};
    double *core = NULL;
    zsc_hdbscan_edge *edges = NULL;
    bool *selected = NULL;
    ZSC_TRY(check(n, &o));
    ZSC_TRY(zsc_memory_check(exec, zsc_hdbscan_memory(n, d, &o), "HDBSCAN"));
    ZSC_TRY(zsc_hdbscan_space_make(x, n, d, o.metric, exec, &space));
    ZSC_NEW_RAW(core, space.m);
    ZSC_NEW_RAW(edges, space.m);
    ZSC_TRY(zsc_hdbscan_spanning_tree(&space, samples_of(&o), exec, core, edges));
    ZSC_TRY(zsc_hdbscan_condense(&space, core, edges, o.min_cluster_size, &condensed));
    ZSC_NEW(selected, condensed.count);
    ZSC_NEW_RAW(result.label, n);
    ZSC_NEW_RAW(result.probability, n);
    if (n) {
        ZSC_TRY(zsc_hdbscan_select(&condensed, &o, selected));
        ZSC_TRY(label_rows(&space, &condensed, selected, &o, &result));
    }
    *out = result;
    result = (zsc_hdbscan){0};
done:
    zsc_hdbscan_free(&result);
    zsc_hdbscan_condensed_free(&condensed);
    zsc_hdbscan_space_free(&space);
    free(core);
    free(edges);
    free(selected);
    return status;
}

void zsc_hdbscan_free(zsc_hdbscan *h)
{
    if (!h) return;
    free(h->label);
    free(h->probability);
    free(h->stability);
    *h = (zsc_hdbscan){0};
}

size_t zsc_hdbscan_memory(size_t n, size_t d, const zsc_hdbscan_options *options)
{
    zsc_hdbscan_options o = options ? *options : zsc_hdbscan_defaults();
    size_t searching = zsc_hdbscan_spanning_tree_memory(n, samples_of(&o)),
           condensing = zsc_hdbscan_condensed_memory(n);
    return zsc_hdbscan_space_memory(n, d) + n * (sizeof(double) + sizeof(zsc_hdbscan_edge) + 8) +
           (searching > condensing ? searching : condensing);
}
