/* Which of several ranks are coarse and which fine: by their names where all are BIOSCAN's, else by nesting. A rank
 * nests in another if each of its classes lies in one class of the other, but for one row in a hundred. */
#ifndef ZSC_BASE_NESTING_H
#define ZSC_BASE_NESTING_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/column.h"
#include "zsc/ranks.h"
#include "zsc/status.h"

/* The place of NAME, in upper or lower case, in zsc_rank_names; zsc_rank_count: it is none of them. */
size_t zsc_rank_place(const char *name);

/* Puts columns of N rows in order, coarse to fine; those that do not nest by their number of classes. */
zsc_status zsc_sort_ranks(zsc_column *rank, size_t count, size_t n);

/* *out: the finest rank, SIZE_MAX: none has a label. Where all are BIOSCAN's, the last of them, but for dna_bin, which
 * is no name of a taxon; else one in which no other nests. Of other ranks than
 * BIOSCAN's, one class counts only where all have one. */
zsc_status zsc_finest_rank(const zsc_column *rank, size_t count, size_t n, size_t *out);

/* The same where only the numbers of classes are known (0: unknown): of ranks that are not all BIOSCAN's, the one with
 * most. */
size_t zsc_finest_by_classes(const char *const *name, const size_t *classes, size_t count);

#endif
