/* Defaults of the settings of a run (settings.def): those of datasets (data/dataset.c) and of UMAP (umap/parameters.c),
 * but for what stands here. Options of one command alone have theirs in src/cli/cmd_*.c. Help texts show them from
 * here. */
#include "base/options.h"
#include "zsc/experiment.h"

static zsc_run_options whole_defaults(void)
{
    zsc_run_options o = {.data = zsc_dataset_defaults(),
                         .umap = zsc_umap_defaults(),
                         .hdbscan = zsc_hdbscan_defaults(),
                         .layers = zsc_hdbscan_layers_defaults(),
                         .kmeans = zsc_kmeans_defaults(),
                         .spectral = zsc_spectral_defaults(),
                         .leiden = zsc_leiden_defaults(),
                         .clusters = ZSC_FINEST,
                         .cut_height = ZSC_NO_CUT_HEIGHT,
                         .cut_standardised = ZSC_NO_CUT_HEIGHT};
    o.umap.n_components = 50;
    o.umap.n_neighbors = 30;
    o.umap.min_dist = 0;
    return o;
}

void zsc_run_options_init(zsc_run_options *options, size_t size)
{
    const zsc_run_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}
