/* Statistics of metadata, for `zsc stats`: categories of columns and how unequal they are, contents of splits, what
 * splits share, columns of numbers. Each is one pass over the file; memory grows with the distinct values of the
 * columns asked for (value_counts.h). Defined in category_stats.c, number_stats.c and split_stats.c. */
#ifndef ZSC_INSPECT_METADATA_STATS_H
#define ZSC_INSPECT_METADATA_STATS_H

#include <stddef.h>

#include "inspect/metadata/metadata_rows.h"

/* Categories are the distinct values that are not missing. */
typedef struct zsc_category_stats {
    char *name;
    size_t categories, labelled, unlabelled, largest, smallest; /* the last two: rows of a category; 0 without any */
    double imbalance;                                           /* largest / smallest; NaN without categories */
    double mean, median, sd; /* of the categories' rows; sd is the population's; NaN without categories */
} zsc_category_stats;

typedef struct zsc_category_table {
    zsc_category_stats *column;
    size_t columns, rows;
} zsc_category_table;

/* Columns of numbers. Quantiles are interpolated linearly between values in order, as NumPy's. */
typedef struct zsc_number_stats {
    char *name;
    size_t count, missing, distinct;
    double least, quartile1, median, mean, quartile3, most,
        sd; /* NaN where there is no number; sd is the population's */
} zsc_number_stats;

typedef struct zsc_number_table {
    zsc_number_stats *column;
    size_t columns, rows;
} zsc_number_table;

/* What each split, and each of BIOSCAN-5M's species sets, holds. */
typedef struct zsc_split_contents {
    char *set,
        *split; /* "seen" and "train"; "": no set of BIOSCAN-5M's, rows without a split, or all splits of a set */
    size_t records;
    size_t *categories; /* of each column */
} zsc_split_contents;

typedef struct zsc_split_table {
    char **column;
    size_t columns, rows;
    size_t known;              /* columns that are not only the user's: the first */
    zsc_split_contents *split; /* in the order of sets, or of the file; then the sets, then all rows */
    size_t splits, entries;    /* of splits alone; of all */
    size_t *shared; /* [columns][splits][splits]: categories that both have; on the diagonal those of the split */
} zsc_split_table;

typedef enum zsc_stats_columns { ZSC_STATS_RANKS, ZSC_STATS_GEOGRAPHY } zsc_stats_columns;

/* The columns of that kind that the file has, and those that the user's rules name. Barcodes are counted twice, as they
 * stand, and in capitals without N at the end. ZSC_EINPUT: there is none of them. */
zsc_status zsc_category_stats_read(const zsc_metadata_source *source, zsc_stats_columns kind, const zsc_exec *exec,
                                   zsc_category_table *out);
void zsc_category_table_free(zsc_category_table *table);

/* BIOSCAN-5M's columns of image sizes, or those of the user's rules. ZSC_EINPUT: there is none, or a value is no number
 * (with its row). */
zsc_status zsc_number_stats_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_number_table *out);
void zsc_number_table_free(zsc_number_table *table);

/* ZSC_EINPUT: there is no column of splits, or there are more than ZSC_MOST_SPLITS. */
zsc_status zsc_split_stats_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_split_table *out);
void zsc_split_table_free(zsc_split_table *table);

#endif
