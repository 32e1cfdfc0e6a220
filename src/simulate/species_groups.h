/* Which species are known in which way: what encoders are trained on, what is new to them, what has no name. */
#ifndef ZSC_SIMULATE_SPECIES_GROUPS_H
#define ZSC_SIMULATE_SPECIES_GROUPS_H

#include "simulate/taxonomy.h"

typedef enum zsc_sim_group {
    ZSC_SIM_SEEN,     /* splits train, val and test */
    ZSC_SIM_UNSEEN,   /* key_unseen, val_unseen and test_unseen */
    ZSC_SIM_HELD_OUT, /* other_heldout */
    ZSC_SIM_UNNAMED   /* pretrain: a cluster of barcodes that no taxonomist has named */
} zsc_sim_group;

/* Draws a group for each species into GROUP; FIRST has its rows, first[s] .. first[s + 1] - 1. Unseen are new species
 * of a few families and genera, as they are in BIOSCAN-5M: exactly the share that the options ask for. */
zsc_status zsc_sim_species_groups_draw(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                       const size_t *first, uint8_t *group);

#endif
