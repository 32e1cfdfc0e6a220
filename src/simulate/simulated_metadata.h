/* Rows of a simulated metadata CSV. */
#ifndef ZSC_SIMULATE_SIMULATED_METADATA_H
#define ZSC_SIMULATE_SIMULATED_METADATA_H

#include <stdio.h>

#include "simulate/label_errors.h"
#include "simulate/places.h"

/* The columns, without a line end: BIOSCAN-5M's in its order, and `simulated`, which says what the rows are. */
extern const char zsc_sim_metadata_header[];
/* Row ROW, without a line end. CHUNK: the subfolder of its image. */
void zsc_sim_metadata_write(const zsc_simulate_options *options, size_t row, const zsc_sim_record *record,
                            const zsc_sim_place *place, const char *chunk, FILE *csv);

#endif
