/* Where a simulated specimen was caught: a country, a province and the coordinates of a site. None of them exist. */
#ifndef ZSC_SIMULATE_PLACES_H
#define ZSC_SIMULATE_PLACES_H

#include "zsc/simulate.h"

enum { ZSC_SIM_PLACE_SIZE = 32 };
typedef struct zsc_sim_place { /* texts of the metadata; "": missing */
    char country[ZSC_SIM_PLACE_SIZE], province[ZSC_SIM_PLACE_SIZE];
    char latitude[ZSC_SIM_PLACE_SIZE], longitude[ZSC_SIM_PLACE_SIZE]; /* degrees */
} zsc_sim_place;

/* The place of row ROW. Draws from streams of its own. */
void zsc_sim_place_of(const zsc_simulate_options *options, size_t row, zsc_sim_place *out);

#endif
