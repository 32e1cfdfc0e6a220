/* Names and the names above them: taxa in two parents, gaps, species whose first word is not their genus. */
#ifndef ZSC_INSPECT_CHECK_TAXONOMY_H
#define ZSC_INSPECT_CHECK_TAXONOMY_H

#include "inspect/check/specimen_codes.h"

/* A rank and one above it that the file has: subfamilies may be missing, so that the rank below one is compared with
 * the family too. */
typedef struct zsc_rank_pair {
    size_t child, parent;
    bool required; /* where the child has a name, the parent must */
} zsc_rank_pair;
enum { ZSC_MOST_RANK_PAIRS = 2 * ZSC_CHECK_RANKS };
/* From the finest to the coarsest; returns how many. BINs are no taxa. */
size_t zsc_rank_pairs(const zsc_specimens *s, zsc_rank_pair pair[ZSC_MOST_RANK_PAIRS]);

/* Parents of the names of a rank: counts of each (child, parent), by child, the most frequent parent first. */
typedef struct zsc_parent_count {
    int32_t child, parent;
    uint32_t rows, first; /* rows, and the first of them among the specimens */
} zsc_parent_count;
/* The caller frees *out. O(n + pairs log pairs). */
zsc_status zsc_count_parents(const zsc_specimens *s, size_t child, size_t parent, zsc_parent_count **out,
                             size_t *count);

zsc_status zsc_check_taxonomy(const zsc_specimens *s, zsc_findings *findings);

#endif
