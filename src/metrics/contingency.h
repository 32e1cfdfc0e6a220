/* Contingency tables, stored as what the scores need: how many classes, clusters and cells there are of each size.
 *
 * Once the sizes are known no score needs to know which class a cell belongs to: entropies, pair counts and the
 * expected mutual information are sums over sizes. n rows have at most sqrt(2 n) distinct sizes, so that one pass over
 * the rows is nearly the whole cost. */
#ifndef ZSC_METRICS_CONTINGENCY_H
#define ZSC_METRICS_CONTINGENCY_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/metrics.h"

typedef struct zsc_size {
    size_t size, count; /* COUNT parts hold SIZE rows each */
} zsc_size;

typedef struct zsc_sizes {
    zsc_size *item;  /* ascending by size; size 0 is left out */
    size_t distinct; /* items */
    size_t parts;    /* sum of count */
} zsc_sizes;
void zsc_sizes_free(zsc_sizes *sizes);

/* From histogram[s], s = 0 .. largest, the number of parts of s rows. */
zsc_status zsc_sizes_make(const int32_t *histogram, size_t largest, zsc_sizes *out);

double zsc_sizes_entropy(const zsc_sizes *sizes, size_t n); /* nats, n rows in all */
uint64_t zsc_sizes_squares(const zsc_sizes *sizes);         /* sum of size^2 */

typedef struct zsc_contingency {
    size_t rows, missing;
    zsc_sizes classes, clusters, cells;
} zsc_contingency;

/* Labels and clusters as for zsc_score. O(n) time and memory. */
zsc_status zsc_contingency_make(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                zsc_contingency *out);
void zsc_contingency_free(zsc_contingency *table);

/* Numbers the values: code[i] in 0 .. *distinct - 1, by first appearance, equal where value[i] is equal. CODE may be
 * VALUE. */
zsc_status zsc_contingency_codes(const int32_t *value, size_t n, int32_t *code, size_t *distinct);
/* The same of numbers of any width, by hashing; AT reads them. */
typedef int64_t zsc_wide_value(const void *value, size_t i);
zsc_status zsc_contingency_codes_of(zsc_wide_value *at, const void *value, size_t n, int32_t *code, size_t *distinct);

/* The rows that are scored: row[0 .. *rows - 1], ascending, and label[j], the label of row[j], -1 where it is missing.
 * ROW and LABEL have space for n. */
void zsc_contingency_select_rows(const int32_t *labels, size_t n, zsc_missing missing, int32_t *row, int32_t *label,
                                 size_t *rows);

#endif
