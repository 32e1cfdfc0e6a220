/* Which splits are wanted: "test+test_unseen", a group of BIOSCAN-5M's (seen, unseen, all), or nothing for all rows. */
#ifndef ZSC_DATA_SPLIT_FILTER_H
#define ZSC_DATA_SPLIT_FILTER_H

#include <stdbool.h>

#include "base/text.h"

typedef struct zsc_split_filter {
    zsc_list wanted; /* empty: all */
    zsc_list found;  /* values that were asked about, each once, the first few: for the message when none matched */
} zsc_split_filter;

/* TEXT may be NULL. ZSC_EUSAGE for a list without names. */
zsc_status zsc_split_parse(const char *text, zsc_split_filter *out);
void zsc_split_free(zsc_split_filter *filter);

/* Whether a row of split VALUE is wanted. *yes is set; fails only when memory runs out. */
zsc_status zsc_split_wants(zsc_split_filter *filter, const char *value, bool *yes);

/* ZSC_EINPUT: "no row has split 'x'; the splits there are a, b". TEXT is what zsc_split_parse was given. */
zsc_status zsc_split_none(const zsc_split_filter *filter, const char *text);

/* BIOSCAN-5M's splits by species set, in the order of its Table 3: the set of the N-th, and in *SPLIT (may be NULL) its
 * name; NULL beyond the last. */
const char *zsc_species_set(size_t n, const char **split);
/* "seen" for train, val and test, ...; NULL: none of BIOSCAN-5M's splits. */
const char *zsc_species_set_of(const char *split);

#endif
