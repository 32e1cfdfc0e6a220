/* Contingency tables, kept as what the scores need: how many classes, clusters and cells there are of each size.
 *
 * No score asks which class a cell belongs to, once the sizes are known: entropies, pair counts and the expectation of
 * the mutual information are sums over sizes. There are at most sqrt(2 n) distinct sizes, so that everything after one
 * pass over the rows costs next to nothing. */
#ifndef ZSC_METRICS_CONTINGENCY_H
#define ZSC_METRICS_CONTINGENCY_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/metrics.h"

typedef struct zsc_size {
    size_t size, count; /* COUNT parts hold SIZE rows each */
} zsc_size;

typedef struct zsc_sizes {
    zsc_size *item;  /* by growing size, no size 0 */
    size_t distinct; /* sizes */
    size_t parts;    /* sum of count */
} zsc_sizes;
void zsc_sizes_free(zsc_sizes *sizes);

/* From histogram[s], s = 0 .. largest: how many parts have s rows. */
zsc_status zsc_sizes_make(const int32_t *histogram, size_t largest, zsc_sizes *out);

double zsc_sizes_entropy(const zsc_sizes *sizes, size_t n); /* nats, n rows in all */
uint64_t zsc_sizes_squares(const zsc_sizes *sizes);         /* sum of size^2 */

typedef struct zsc_contingency {
    size_t rows, missing;
    zsc_sizes classes, clusters, cells;
} zsc_contingency;

/* labels and clusters as zsc_score takes them. O(n) time and memory. */
zsc_status zsc_contingency_make(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                zsc_contingency *out);
void zsc_contingency_free(zsc_contingency *table);

/* code[i] in 0 .. *distinct - 1, numbered by first appearance, equal where value[i] is equal. */
zsc_status zsc_codes_make(const int32_t *value, size_t n, int32_t *code, size_t *distinct);

/* Which rows are scored: row[0 .. *rows - 1], ascending, and label[j] of row[j], with every missing one being -1. */
void zsc_rows_scored(const int32_t *labels, size_t n, zsc_missing missing, int32_t *row, int32_t *label, size_t *rows);

#endif
