/* The results that rows came from, with what figures of one run need; and what is read off them. */
#ifndef ZSC_REPORT_LOAD_H
#define ZSC_REPORT_LOAD_H

#include "report/series.h"

/* Each run of ROWS once, read from its file; WHAT as in zsc_result_read. At MOST that many: more is ZSC_EINPUT, with
 * how to choose. */
zsc_status zsc_results_load(const zsc_tidy *rows, unsigned what, size_t most, zsc_result_list *out);

/* "ViT-B DINO", with " (one per barcode)" where that is so; the caller's. */
char *zsc_result_label(const zsc_result *result, const zsc_styles *styles);

/* The i-th rank by name; result->scores where there is none. */
size_t zsc_result_rank(const zsc_result *result, const char *rank);

/* Clusters that rank r was scored at: labels (rows) from the caller. With `each-rank` they are cut from the linkage. */
zsc_status zsc_result_clusters(const zsc_result *result, size_t rank, int32_t *labels);

/* Levels of a column by falling count (ties by name); counts[i] belongs to order[i]. Both: column->levels, from the
 * caller. */
zsc_status zsc_level_order(const zsc_column *column, size_t rows, size_t *order, size_t *counts);

#endif
