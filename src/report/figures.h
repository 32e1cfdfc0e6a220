/* The kinds of figures; each is drawn by plots/<kind>.gp. *dumb is set with ZSC_FIGURE_DUMB alone (figure.h). */
#ifndef ZSC_REPORT_FIGURES_H
#define ZSC_REPORT_FIGURES_H

#include "base/memory.h"
#include "report/figure.h"
#include "report/tables.h"

/* AMI against rank. */
zsc_status zsc_figure_ranks(const zsc_series_set *set, const zsc_figure_options *options, char **dumb);
/* The cross-modal table. */
zsc_status zsc_figure_heatmap(const zsc_crossmodal *table, const char *rank, int decimals, const zsc_figure_options *options, char **dumb);

#endif
