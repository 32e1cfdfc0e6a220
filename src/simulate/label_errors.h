/* Errors that `zsc simulate --label-errors` plants in the metadata, one per row at most: each breaks a rule of `zsc
 * check`, whose name the column planted_error has. The embeddings file keeps the truth. */
#ifndef ZSC_SIMULATE_LABEL_ERRORS_H
#define ZSC_SIMULATE_LABEL_ERRORS_H

#include "simulate/specimens.h"

/* A row of the metadata. Texts are borrowed; `own` holds those that an error makes. */
typedef struct zsc_sim_record {
    const char *id, *label[ZSC_SIM_LEVELS], *barcode, *split, *latitude, *longitude;
    const char *planted; /* the rule that is broken; "": none */
    char own[2 * ZSC_SIM_NAME_SIZE];
    char *letters; /* of the barcode's length and one more */
} zsc_sim_record;

typedef struct zsc_sim_errors {
    const zsc_simulate_options *options;
    const zsc_sim_taxonomy *taxonomy;
    const zsc_sim_specimens *specimens;
    uint64_t *haplotype; /* of all rows, sorted: which are shared */
} zsc_sim_errors;

/* Borrows all; 8 bytes per row. */
zsc_status zsc_sim_errors_make(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                               const zsc_sim_specimens *specimens, zsc_sim_errors *out);
void zsc_sim_errors_free(zsc_sim_errors *errors);
/* Changes the record of row ROW, in options->label_errors of the rows. */
void zsc_sim_plant_error(const zsc_sim_errors *errors, size_t row, zsc_sim_record *record);

#endif
