/* What `zsc stats` counts, as tables. Per cents have two decimals. */
#ifndef ZSC_REPORT_TABLE_METADATA_H
#define ZSC_REPORT_TABLE_METADATA_H

#include "inspect/metadata/metadata_stats.h"
#include "report/tables/table.h"

/* Columns x statistics of their categories (Tables 2 and A4 of BIOSCAN-5M). */
zsc_status zsc_table_categories(const zsc_category_table *stats, zsc_table *out);
/* Columns of numbers x their statistics, with six digits (Table A6). */
zsc_status zsc_table_numbers(const zsc_number_table *stats, zsc_table *out);
/* Splits and species sets x records and categories of each column (Tables 3, A9, A10). */
zsc_status zsc_table_splits(const zsc_split_table *stats, zsc_table *out);
/* For each of the columns COLUMN (names of STATS): splits x splits, the categories that both have, and per cent of the
 * row's (Tables A11 to A14). ZSC_EINPUT: STATS has none of them. */
zsc_status zsc_table_overlap(const zsc_split_table *stats, const char *const *column, size_t columns, zsc_table *out);

/* Leaves the metadata's columns that are named, in that order: those of its rows that begin with the name, or, where
 * ACROSS, those of the table's columns behind the records. ZSC_EINPUT: there is none of that name. */
zsc_status zsc_table_keep_columns(zsc_table *table, bool across, const zsc_list *columns);

/* Leaves the statistics that are named by their heads, in that order, behind the names of rows: "counts" are those
 * whose head does not end in "%", "percent" those whose head does. ZSC_EINPUT: there is none of that name. */
zsc_status zsc_table_keep_statistics(zsc_table *table, const zsc_list *heads);

#endif
