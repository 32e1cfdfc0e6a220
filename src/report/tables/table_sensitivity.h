/* `zsc table sensitivity`: what a conclusion would be under other settings. */
#ifndef ZSC_REPORT_TABLE_SENSITIVITY_H
#define ZSC_REPORT_TABLE_SENSITIVITY_H

#include "report/tables/tables.h"

/* A row for each condition (conditions.h): the best encoder at OPTIONS' rank, the mean AMI of the encoders that the
 * base has too, its difference to theirs there, least and greatest, and Kendall's tau with the base. Arguments and
 * ZSC_EINPUT as of zsc_conditions_make. */
zsc_status zsc_table_sensitivity(const zsc_series_set *set, const zsc_results_table *rows, const zsc_list *base,
                                 const zsc_table_options *options, zsc_table *out);

#endif
