/* Which species are known in which way: what encoders are trained on, what is new to them, what has no name. */
#ifndef ZSC_SIMULATE_SPECIES_GROUPS_H
#define ZSC_SIMULATE_SPECIES_GROUPS_H

#include "simulate/all_splits.h"

/* Draws a group for each species into GROUP; FIRST has its rows, first[s] .. first[s + 1] - 1. Unseen are new species
 * of a few families and genera, as they are in BIOSCAN-5M: exactly the share that the options ask for. QUERIED, per
 * species and all false: those that have rows in splits other than train, key_unseen, other_heldout and pretrain. */
zsc_status zsc_sim_species_groups_draw(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                       const size_t *first, uint8_t *group, bool *queried);

#endif
