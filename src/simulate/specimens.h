/* The specimens of a simulation: species and haplotype of each row, its split and its labels. */
#ifndef ZSC_SIMULATE_SPECIMENS_H
#define ZSC_SIMULATE_SPECIMENS_H

#include "simulate/species_groups.h"

typedef struct zsc_sim_specimens {
    int32_t *species, *haplotype; /* per row */
    uint8_t *group;               /* per species: a zsc_sim_group */
    int32_t (*certain)[3]; /* per species with queries: a row of test, train and val, or their unseen; -1: none */
    double share[2][2];    /* of its other rows: seen and unseen; test and val */
} zsc_sim_specimens;
zsc_status zsc_sim_specimens_draw(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                  const zsc_exec *exec, zsc_sim_specimens *out);
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
/* Whether encoders are not trained on the species: its specimens are in splits of unseen or held-out species. */
bool zsc_sim_species_unseen(const zsc_sim_specimens *specimens, int32_t species);
zsc_sim_split zsc_sim_split_of(const zsc_simulate_options *options, const zsc_sim_specimens *specimens, size_t row);

enum { ZSC_SIM_ALL_UNNAMED = 299400 }; /* species without a name at the size of BIOSCAN-5M, each a BIN */
/* Rows of species that have a name: all, but for split pretrain. */
size_t zsc_sim_named_rows(const zsc_simulate_options *options);

/* The labels of a row at each level, "" where missing; the strings belong to the taxonomy. */
void zsc_sim_labels_of(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy, size_t row,
                       int32_t lineage, const char *label[ZSC_SIM_LEVELS]);

#endif
