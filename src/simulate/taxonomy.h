/* A random taxonomy: taxa of each rank, their ancestors, ages and names. */
#ifndef ZSC_SIMULATE_TAXONOMY_H
#define ZSC_SIMULATE_TAXONOMY_H

#include "zsc/simulate.h"

enum {
    ZSC_SIM_CLASS,
    ZSC_SIM_ORDER,
    ZSC_SIM_FAMILY,
    ZSC_SIM_SUBFAMILY,
    ZSC_SIM_GENUS,
    ZSC_SIM_SPECIES,
    ZSC_SIM_LINEAGE,
    ZSC_SIM_LEVELS,
    ZSC_SIM_RANKS = ZSC_SIM_LINEAGE
};

enum { ZSC_SIM_NAME_SIZE = 64 };
typedef struct zsc_sim_taxonomy {
    /* of species: those with a name, then those without; the last: lineages, the deep branches within species */
    size_t count[ZSC_SIM_LEVELS];
    int32_t *parent[ZSC_SIM_LEVELS]; /* parent[r][i]: at rank r - 1; NULL for classes */
    double *age[ZSC_SIM_LEVELS];     /* of the youngest common ancestor of what lies below; lineages: NULL */
    char (*name[ZSC_SIM_LEVELS])[ZSC_SIM_NAME_SIZE]; /* lineages: their BIN's; "" of species without a name */
    bool *no_subfamily;                              /* per family: its taxonomists use none */
    int32_t *first_lineage;                          /* per species, count + 1 entries */
    int32_t *bin;                                    /* per lineage: the lineage whose BIN it is in, mostly itself */
} zsc_sim_taxonomy;
zsc_status zsc_sim_taxonomy_make(const zsc_simulate_options *options, zsc_sim_taxonomy *out);
void zsc_sim_taxonomy_free(zsc_sim_taxonomy *taxonomy);

#endif
