/* Layers x ranks, of results of --clusterer layers. */
#ifndef ZSC_REPORT_TABLE_LAYERS_H
#define ZSC_REPORT_TABLE_LAYERS_H

#include "report/figures/styles.h"
#include "report/tables/tables.h"

/* A line per layer, from fine to coarse: AMI in per cent at the COUNT ranks of RANK, the number of clusters, the share
 * of the rows that are in one, the minimum cluster size and the persistence. Results without layers are left out.
 * ZSC_EINPUT: none has layers. */
zsc_status zsc_table_layers(const zsc_result_list *results, const char *const *rank, size_t count,
                            const zsc_styles *styles, const zsc_table_options *options, zsc_table *out);

/* ZSC_EINPUT: the result has no layers. */
zsc_status zsc_layers_expect(const zsc_result *result);

#endif
