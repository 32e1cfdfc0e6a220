/* zsc_hdbscan: checks, the spanning tree, the condensed tree, the selection, labels. */
#include "zsc/hdbscan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/options.h"
#include "hdbscan/label_rows.h"
#include "hdbscan/select.h"
#include "linalg/distinct.h"

static zsc_hdbscan_options whole_defaults(void)
{
    return (zsc_hdbscan_options){.min_cluster_size = 5, .metric = ZSC_EUCLIDEAN, .selection = ZSC_HDBSCAN_EOM};
}

void zsc_hdbscan_options_init(zsc_hdbscan_options *options, size_t size)
{
    const zsc_hdbscan_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static size_t samples_of(const zsc_hdbscan_options *o) { return o->min_samples ? o->min_samples : o->min_cluster_size; }

/* The selection, then labels of n rows. */
static size_t labelling_memory(size_t n, size_t clusters)
{
    return ZSC_MEMORY_REST + clusters * (sizeof(bool) + 2 * sizeof(double) + 2 * sizeof(int32_t)) +
           n * (sizeof(int32_t) + sizeof(float));
}

zsc_status zsc_hdbscan_cluster_rows(const float *x, size_t n, size_t d, const zsc_hdbscan_options *options,
                                    const zsc_exec *exec, zsc_hdbscan *out)
{
    ZSC_OPTIONS(zsc_hdbscan_options, options, zsc_hdbscan_defaults());
    zsc_status status = ZSC_OK;
    zsc_hdbscan_options o = options ? *options : zsc_hdbscan_defaults();
    zsc_hdbscan_space space = {0};
    zsc_hdbscan_condensed condensed = {0};
    zsc_hdbscan result = {.n = n};
    bool *selected = NULL;
    ZSC_TRY(zsc_hdbscan_check(n, &o));
    ZSC_TRY(zsc_memory_expect(exec, zsc_distinct_memory(n), zsc_hdbscan_memory(n, d, &o), "HDBSCAN"));
    ZSC_TRY(zsc_hdbscan_tree(x, n, d, samples_of(&o), o.min_cluster_size, o.metric, exec, &space, &condensed));
    zsc_exec inner = zsc_memory_hold(exec, zsc_hdbscan_space_kept(&space) +
                                               zsc_hdbscan_condensed_kept(space.m, condensed.count));
    ZSC_TRY(zsc_memory_check(&inner, labelling_memory(n, condensed.count), "HDBSCAN's labels"));
    ZSC_NEW(selected, condensed.count);
    double root_level = 0;
    if (n) {
        ZSC_TRY(zsc_hdbscan_select(&condensed, &o, selected));
        root_level = zsc_hdbscan_root_level(&condensed, &o);
    }
    ZSC_TRY(zsc_hdbscan_label_rows(&space, &condensed, selected, root_level, &result));
    *out = result;
    result = (zsc_hdbscan){0};
done:
    zsc_hdbscan_free(&result);
    zsc_hdbscan_condensed_free(&condensed);
    zsc_hdbscan_space_free(&space);
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
    ZSC_OPTIONS_KNOWN(zsc_hdbscan_options, options, zsc_hdbscan_defaults());
    zsc_hdbscan_options o = options ? *options : zsc_hdbscan_defaults();
    size_t clusters = zsc_hdbscan_clusters_most(n, o.min_cluster_size),
           tree = zsc_hdbscan_tree_memory(n, d, samples_of(&o), o.min_cluster_size, o.metric),
           labels = zsc_hdbscan_space_kept_most(n, d, o.metric) + zsc_hdbscan_condensed_kept(n, clusters) +
                    labelling_memory(n, clusters);
    return tree > labels ? tree : labels;
}
