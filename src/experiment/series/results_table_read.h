/* Rows of the results table from results, folders of them, and tables in files. */
#ifndef ZSC_EXPERIMENT_RESULTS_TABLE_READ_H
#define ZSC_EXPERIMENT_RESULTS_TABLE_READ_H

#include "experiment/series/results_table.h"

/* What all rows of a result share, with the rank ""; digests where its rows were read. Cleared by the caller. */
zsc_status zsc_results_row_describe(const zsc_result *result, zsc_results_row *out);

/* The rows of one result, after those that are there. */
zsc_status zsc_results_table_add(zsc_results_table *rows, const zsc_result *result);

/* PATHS: result files, folders of them, tables of `zsc collect` (CSV), or a wide table of cross-modal AMI in per cent
 * (columns architecture, image_encoder, image_only, then one per DNA encoder). A run that is given twice counts once.
 * ZSC_EINPUT: no results. One result is in memory at a time. */
zsc_status zsc_results_table_read(const char *const *paths, size_t count, zsc_results_table *out);

/* The same, row by row: TAKE may keep the row's texts by moving it away (zsc_results_table_push); the rest
 * is cleared. */
typedef zsc_status zsc_results_row_take(void *data, zsc_results_row *row);
zsc_status zsc_results_table_each(const char *const *paths, size_t count, zsc_results_row_take *take, void *data);

/* Reads the results of the rows, each run once; WHAT as in zsc_result_read. ZSC_EINPUT: more than MOST; the message
 * says how to select. */
zsc_status zsc_results_of_table(const zsc_results_table *rows, unsigned what, size_t most, zsc_result_list *out);

#endif
