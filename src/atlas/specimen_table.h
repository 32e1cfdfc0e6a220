/* The specimens of several results as one table: each id once, with its taxa. */
#ifndef ZSC_ATLAS_SPECIMEN_TABLE_H
#define ZSC_ATLAS_SPECIMEN_TABLE_H

#include "base/names.h"
#include "zsc/experiment.h"

typedef struct zsc_specimen_table {
    zsc_names id;     /* by order of first appearance; the number of an id is its specimen */
    zsc_column *rank; /* one code per specimen; ranks of the first result, then those that others add */
    size_t ranks;
    int32_t **specimen; /* of each result: rows; NULL where row i is specimen i and all specimens are rows */
    size_t results;
} zsc_specimen_table;

/* Of results that were read with their rows. Where two results give a specimen different taxa at a rank, the first one
 * counts, and a warning says how many there are. *out is set on success only; freed with zsc_specimen_table_free. */
zsc_status zsc_specimen_table_make(const zsc_result_list *results, zsc_specimen_table *out);
void zsc_specimen_table_free(zsc_specimen_table *table);

#endif
