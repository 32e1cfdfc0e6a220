/* A random choice of taxa, of given numbers at each rank. */
#ifndef ZSC_SIMULATE_CHOOSE_TAXA_H
#define ZSC_SIMULATE_CHOOSE_TAXA_H

#include "simulate/taxonomy.h"

/* Numbers 0 .. count - 1 in random order: with weights size^power, and those of size 0 last. The caller frees *ORDER.
 * Orders of different WHICH are independent. */
zsc_status zsc_sim_random_order(uint64_t seed, uint64_t which, const size_t *size, size_t count, double power,
                                size_t **order);

/* Chooses quota[rank] taxa at each rank from the class to LAST_RANK: more where more are needed for each chosen taxon
 * to have one below it, fewer where there are no more. Taxa of more rows are chosen sooner, those without rows never.
 * ROWS: of each named species. Into chosen[i], of LAST_RANK's taxa. CHOICE as WHICH above, below 2^32. */
zsc_status zsc_sim_choose_taxa(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy, uint64_t choice,
                               const size_t *rows, const size_t quota[ZSC_SIM_RANKS], size_t last_rank, bool *chosen);

#endif
