/* DNA barcodes evolved along a simulated taxonomy. */
#ifndef ZSC_SIMULATE_BARCODES_H
#define ZSC_SIMULATE_BARCODES_H

#include "simulate/taxonomy.h"

typedef struct zsc_sim_barcodes {
    uint64_t seed;
    size_t length;
    double *site_rate, *site_sum; /* length: each site's rate, and the sum of rates up to it */
    char *lineage;                /* lineages x length: each lineage's founder */
} zsc_sim_barcodes;
zsc_status zsc_sim_barcodes_make(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                 const zsc_exec *exec, zsc_sim_barcodes *out);
void zsc_sim_barcodes_free(zsc_sim_barcodes *barcodes);
/* The lineage that haplotype h of a species belongs to. */
int32_t zsc_sim_lineage_of(const zsc_sim_barcodes *barcodes, const zsc_sim_taxonomy *taxonomy, int32_t species,
                           int32_t haplotype);
/* What a sequencer made of it: OUT has length + 1 bytes. True if ambiguity codes were written. */
bool zsc_sim_barcode_read(const zsc_sim_barcodes *barcodes, const zsc_sim_taxonomy *taxonomy, int32_t species,
                          int32_t haplotype, size_t row, char *out);

#endif
