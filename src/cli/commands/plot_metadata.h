/* Figures that zsc plot draws from metadata: prevalence, composition, map. */
#ifndef ZSC_CLI_PLOT_METADATA_H
#define ZSC_CLI_PLOT_METADATA_H

#include "inspect/metadata/metadata_rows.h"
#include "report/figures/figure.h"

typedef struct cli_plot_metadata {
    zsc_metadata_source source;
    const char *rank, *coastline; /* NULL: the default; none */
    const zsc_list *ranks;        /* empty: those that are there and have space */
    const zsc_exec *exec;
} cli_plot_metadata;

zsc_status cli_plot_prevalence(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb);
zsc_status cli_plot_composition(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb);
zsc_status cli_plot_map(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb);

#endif
