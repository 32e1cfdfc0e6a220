/* Which results are runs that differ in their seed alone: one rule for tables, figures, comparisons and reports. A run
 * is identified by what made it: sources, their contents, set of rows, labels, settings. */
#ifndef ZSC_EXPERIMENT_RUN_IDENTITY_H
#define ZSC_EXPERIMENT_RUN_IDENTITY_H

#include "base/text.h"
#include "experiment/series/results_table.h"

/* Columns of the results table by which the labels of series are told apart, beside sources, row_set, label_set,
 * settings.
 */
extern const char *const zsc_variant_columns[];
extern const size_t zsc_variant_count;

/* Whether two rows are of runs that may be averaged over seeds. What a row lacks (in an older table) matches
 * anything. Labels are compared at the ranks that both runs have. */
bool zsc_same_series(const zsc_results_row *a, const zsc_results_row *b);
/* Whether they are of one series and seed: all but one of such runs are left out (zsc_runs_superseded). */
bool zsc_same_series_and_seed(const zsc_results_row *a, const zsc_results_row *b);
/* The same but for sources, rows and labels: the settings alone. */
bool zsc_same_settings(const zsc_results_row *a, const zsc_results_row *b);
/* At the ranks that both have. */
bool zsc_same_labels(const zsc_results_row *a, const zsc_results_row *b);
/* The first rank at which the labels differ, *length bytes of a longer text; NULL: there is none. */
const char *zsc_rank_of_other_labels(const zsc_results_row *a, const zsc_results_row *b, size_t *length);
/* Whether they were computed from one matrix: the contents of a path may have changed. */
bool zsc_same_contents(const zsc_results_row *a, const zsc_results_row *b);
/* ZSC_EINPUT: "x has two kinds of runs, which differ in ...", where runs of one series are needed. */
zsc_status zsc_refuse_two_series(const zsc_results_row *a, const zsc_results_row *b);
/* Whether the setting, or the column that holds it, has an effect with the clusterers of both. */
bool zsc_setting_of_both(const zsc_results_row *a, const zsc_results_row *b, const char *name);
bool zsc_one_per_barcode(const zsc_results_row *row);

/* Of several results of one seed of a series at one rank, all but one are superseded: the one with more scores stays,
 * else the newer one. left_out[i] is set for the others, and stderr says so, by series and seed. */
void zsc_runs_superseded(const zsc_results_row *run, size_t count, bool *left_out);

/* The part of SOURCES ("a.h5|b.h5") that tells them from each of the COUNT others, as short as possible: a file's name,
 * or the folder in which they differ. "" where they are the same as all others. The caller's; NULL: no memory. */
char *zsc_source_part(const char *sources, const char *const *others, size_t count);
/* "contents of 2026-11-28 21:50, matrix 1f2e3d4c": distinguishes series of one source with different contents. */
void zsc_contents_text(zsc_text *text, const char *finished, const char *matrix);

#endif
