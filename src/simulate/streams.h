/* Random numbers of the simulator: a stream for each purpose and pair of indices. */
#ifndef ZSC_SIMULATE_STREAMS_H
#define ZSC_SIMULATE_STREAMS_H

#include "base/random.h"

/* The values are part of every simulated file. */
typedef enum zsc_sim_purpose {
    ZSC_SIM_PARENTS = 1,
    ZSC_SIM_WEIGHTS = 2,
    ZSC_SIM_AGE = 3,
    ZSC_SIM_NAMES = 4,
    ZSC_SIM_SITES = 5,
    ZSC_SIM_ANCESTOR = 6,
    ZSC_SIM_BRANCH = 7,
    ZSC_SIM_LINEAGES = 8,
    ZSC_SIM_ABUNDANCE = 9,
    ZSC_SIM_HAPLOTYPES = 10,
    ZSC_SIM_MUTATION = 11,
    ZSC_SIM_SHUFFLE = 12,
    ZSC_SIM_READ = 13,
    ZSC_SIM_LABELS = 14,
    ZSC_SIM_SPLIT = 15,
    ZSC_SIM_CLADE_VECTOR = 16,
    ZSC_SIM_BARCODE_VECTOR = 17,
    ZSC_SIM_ROW_VECTOR = 18,
    ZSC_SIM_LIFT = 19,
    ZSC_SIM_MEASURES = 20,
    ZSC_SIM_SPECIES_SPLIT = 21,
    ZSC_SIM_ERRORS = 22,
    ZSC_SIM_PLACES = 23,
    ZSC_SIM_SPECIES_GROUPS = 24,
    ZSC_SIM_IDENTIFIED = 25,
    ZSC_SIM_IMAGES = 26
} zsc_sim_purpose;

static inline zsc_stream zsc_sim_stream(uint64_t seed, zsc_sim_purpose purpose, uint64_t a, uint64_t b)
{
    uint64_t index = zsc_mix64(zsc_mix64((uint64_t)purpose + UINT64_C(0x632be59bd9b4e019)) + a);
    return zsc_stream_open(seed, ZSC_RANDOM_SIMULATE, zsc_mix64(index + UINT64_C(0x9e3779b97f4a7c15)) + b);
}

#endif
