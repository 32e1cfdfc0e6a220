/* The taxa that a retrieval confuses most, and how often each is taken for which of them. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_CONFUSION_H
#define ZSC_EXPERIMENT_RETRIEVAL_CONFUSION_H

#include "experiment/series/retrieval_file.h"

typedef struct zsc_retrieval_confusion_map {
    const char *rank, *split; /* the file's */
    size_t k;
    const char **taxon; /* the file's; those of the most frequent confusions first */
    size_t taxa;
    size_t *queries;      /* of each taxon */
    size_t *taken;        /* taxa x taxa: queries of the row's taxon that are taken for the column's; right ones on the
                             diagonal */
    size_t wrong, scored; /* of all taxa of the split */
} zsc_retrieval_confusion_map;

/* RANK: NULL is species, or the last; SPLIT: NULL is the first; K: 0 is the least. At most MOST taxa; those of the
 * pairs with most queries. The file must outlive *out. ZSC_EINPUT: the file lacks the rank, the split or k, or no query
 * is taken for another taxon. */
zsc_status zsc_retrieval_confusion_map_make(const zsc_retrieval_file *file, const char *rank, const char *split,
                                            size_t k, size_t most, zsc_retrieval_confusion_map *out);
void zsc_retrieval_confusion_map_free(zsc_retrieval_confusion_map *map);

#endif
