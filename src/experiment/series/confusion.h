/* Which taxa clusters mix up: a specimen is confused if the most frequent taxon of its cluster is another than its own.
 */
#ifndef ZSC_EXPERIMENT_CONFUSION_H
#define ZSC_EXPERIMENT_CONFUSION_H

#include "zsc/column.h"
#include "zsc/status.h"

/* Specimens of one taxon in clusters of another. */
typedef struct zsc_confused_pair {
    int32_t taxon, other;           /* levels of the column */
    size_t rows, first_row;         /* how many; the first of them in zsc_confusion.row */
    size_t clusters, first_cluster; /* how many; the first of them in zsc_confusion.cluster */
} zsc_confused_pair;

typedef struct zsc_confusion {
    zsc_confused_pair *pair; /* by rows, descending; ties by name */
    size_t pairs;
    size_t *row;       /* confused rows, pair by pair, ascending */
    int32_t *cluster;  /* clusters of each pair, those with most of its rows first */
    int32_t *taxon_of; /* the most frequent taxon of each cluster, of equal ones the first by name; -1: no labels */
    size_t clusters;
    size_t *rows_of; /* of each taxon */
    size_t confused, labelled;
    size_t noise; /* of the labelled rows, those in no cluster, which are not confused */
} zsc_confusion;

/* CLUSTERS: the cluster of each row, below 0: noise. Rows without a label do not count. O(n log n). */
zsc_status zsc_confusion_make(const zsc_column *column, const int32_t *clusters, size_t n, zsc_confusion *out);
void zsc_confusion_free(zsc_confusion *confusion);

#endif
