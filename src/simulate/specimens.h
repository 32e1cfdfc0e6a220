/* The specimens of a simulation: species and haplotype of each row, its split and its labels. */
#ifndef ZSC_SIMULATE_SPECIMENS_H
#define ZSC_SIMULATE_SPECIMENS_H

#include "simulate/taxonomy.h"

typedef struct zsc_sim_specimens {
    int32_t *species, *haplotype; /* per row */
} zsc_sim_specimens;
zsc_status zsc_sim_specimens_draw(const zsc_simulate_options *options, const zsc_exec *exec, zsc_sim_specimens *out);
void zsc_sim_specimens_free(zsc_sim_specimens *specimens);

/* The splits of BIOSCAN-5M; zsc_sim_split_names has their names. */
typedef enum zsc_sim_split {
    ZSC_SIM_TEST,
    ZSC_SIM_TRAIN,
    ZSC_SIM_VAL,
    ZSC_SIM_TEST_UNSEEN,
    ZSC_SIM_KEY_UNSEEN,
    ZSC_SIM_VAL_UNSEEN,
    ZSC_SIM_PRETRAIN,
    ZSC_SIM_OTHER_HELDOUT
} zsc_sim_split;
extern const char *const zsc_sim_split_names[];
/* Whether encoders are not trained on the species: it has no specimens in the splits train, val and test. */
bool zsc_sim_species_unseen(const zsc_simulate_options *options, int32_t species);
zsc_sim_split zsc_sim_split_of(const zsc_simulate_options *options, size_t row, int32_t species);

/* The labels of a row at each level, "" where missing; the strings belong to the taxonomy. */
void zsc_sim_labels_of(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy, size_t row,
                       int32_t lineage, zsc_sim_split split, const char *label[ZSC_SIM_LEVELS]);

#endif
