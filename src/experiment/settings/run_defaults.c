/* Defaults of the settings of a run (settings.def): those of datasets (data/dataset.c) and of UMAP (umap/parameters.c),
 * but for what stands here. Options of one command alone have theirs in src/cli/cmd_*.c. Help texts show them from
 * here. */
#include "zsc/experiment.h"

zsc_run_options zsc_run_defaults(void)
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
