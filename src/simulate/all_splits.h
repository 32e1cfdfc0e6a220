/* Which species are unseen, and which have specimens among the queries, when there are all splits. */
#ifndef ZSC_SIMULATE_ALL_SPLITS_H
#define ZSC_SIMULATE_ALL_SPLITS_H

#include "simulate/taxonomy.h"

typedef enum zsc_sim_group {
    ZSC_SIM_SEEN,     /* splits train, val and test */
    ZSC_SIM_UNSEEN,   /* key_unseen, val_unseen and test_unseen */
    ZSC_SIM_HELD_OUT, /* other_heldout */
    ZSC_SIM_UNNAMED   /* pretrain: a cluster of barcodes that no taxonomist has named */
} zsc_sim_group;

/* Of the rows of seen species, and of unseen ones, those in test and val, and in test_unseen and val_unseen. */
extern const double zsc_sim_query_share[2][2];

/* Makes WANTED of the species that are ZSC_SIM_SEEN in GROUP unseen, and says which of both have rows in splits test
 * and val, or test_unseen and val_unseen: QUERIED. FIRST as in zsc_sim_species_groups_draw. */
zsc_status zsc_sim_all_splits_draw(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                   const size_t *first, size_t wanted, uint8_t *group, bool *queried);

#endif
