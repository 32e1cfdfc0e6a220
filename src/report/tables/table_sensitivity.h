/* `zsc table sensitivity`: what a conclusion would be under other settings. */
#ifndef ZSC_REPORT_TABLE_SENSITIVITY_H
#define ZSC_REPORT_TABLE_SENSITIVITY_H

#include "report/tables/tables.h"

/* A condition is all series of the same rows, labels and settings (score_groups.h); further ones are the single seeds
 * of the base. A row for each: the best encoder at OPTIONS' rank, the mean AMI of the encoders that the base has too,
 * its difference to theirs there, least and greatest, and Kendall's tau-b of the order of these encoders with that of
 * the base (Kendall 1945; AMI that agrees to 12 digits is a tie). The base is the condition whose rows satisfy BASE
 * (may be empty); of several, the one from which most others differ in one setting; then the first. ROWS are those that
 * the set was made of. ZSC_EINPUT: one condition alone, none that is BASE, or two series of one encoder in a condition.
 */
zsc_status zsc_table_sensitivity(const zsc_series_set *set, const zsc_results_table *rows, const zsc_list *base,
                                 const zsc_table_options *options, zsc_table *out);

#endif
