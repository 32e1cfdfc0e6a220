/* Statistics of the rows of a file: ids, names, barcodes, wherever they come from. */
#ifndef ZSC_INSPECT_ROW_STATS_H
#define ZSC_INSPECT_ROW_STATS_H

#include "base/names.h"
#include "base/text.h"
#include "data/id_filter.h"
#include "data/where_rules.h"
#include "inspect/digests.h"
#include "io/labels/missing_labels.h"
#include "zsc/exec.h"

typedef struct zsc_class_stats {
    char *name;
    size_t classes, missing, largest;
    char *largest_name;
} zsc_class_stats;

typedef struct zsc_split_stats {
    char *name;
    size_t rows;
} zsc_split_stats;

typedef struct zsc_row_stats {
    size_t rows;
    zsc_class_stats *rank;
    size_t ranks;
    zsc_split_stats *split;
    size_t splits;
    size_t without_split;
    bool barcodes; /* there are any */
    size_t distinct_barcodes, repeated_barcodes, without_barcode;
    size_t repeated_ids, empty_ids;
} zsc_row_stats;
void zsc_row_stats_free(zsc_row_stats *stats);

typedef struct zsc_name_counts { /* how often each name occurs in a column */
    const char *name;
    zsc_names names;
    size_t *rows; /* of each name */
    size_t capacity, missing;
} zsc_name_counts;

typedef struct zsc_row_counter { /* start from .stats, .problems, .missing and .column */
    zsc_row_stats *stats;
    zsc_list *problems;
    const zsc_exec *exec;
    zsc_missing_labels missing;
    zsc_name_counts *column; /* the split first, then ranks */
    size_t columns;
    bool split_known;
    zsc_where_rules where; /* rows that do not meet them are not counted */
    zsc_id_filter listed;  /* nor rows that it does not take */
    bool *taken;           /* of each row of a file of embeddings: whether it is counted; NULL: all are */
    zsc_row_digests ids, barcodes;
    zsc_text scratch;
} zsc_row_counter;

/* One row's id, its name in a column, its barcode (length 0: none). Names are kept once, of the rest hashes. */
zsc_status zsc_row_counter_id(zsc_row_counter *c, const char *id, size_t length, size_t row);
zsc_status zsc_row_counter_name(zsc_name_counts *counts, const char *text, size_t length, bool missing);
zsc_status zsc_row_counter_barcode(zsc_row_counter *c, const char *barcode, size_t length);
zsc_status zsc_row_counter_end(zsc_row_counter *c); /* what has been counted goes into .stats */
void zsc_row_counter_free(zsc_row_counter *c);

#endif
