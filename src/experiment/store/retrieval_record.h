/* What `zsc retrieve` or `zsc probe` found, as JSON: the file of -o FILE.json, and what its result keeps
 * (doc/results.md). Written in retrieval_record.c, read in retrieval_record_read.c. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_RECORD_H
#define ZSC_EXPERIMENT_RETRIEVAL_RECORD_H

#include <jansson.h>

#include "experiment/pipeline/retrieve.h"

#define ZSC_BARCODE_SIDES "none|both|keys|queries"
#define ZSC_KNOWN_QUERIES "drop|others|keep" /* of zsc_known_queries */

/* Which sides keep one row per barcode, of ZSC_BARCODE_SIDES. */
int zsc_retrieval_barcode_sides(const zsc_retrieve_options *options);
void zsc_retrieval_set_barcodes(zsc_retrieve_options *options, int sides);

/* *out is the caller's (json_decref). */
zsc_status zsc_retrieval_record_make(const zsc_retrieve_result *result, const zsc_retrieve_options *options,
                                     json_t **out);

/* The scores, details, names, distinct keys and, of a linear probe, the fits of RESULT, whose ranks, columns, K
 * (ascending, its ks) and arrays of scores and details are there. ZSC_EINPUT: the record is of others. */
zsc_status zsc_retrieval_record_read(const json_t *record, const size_t *k, zsc_retrieve_result *result);

#endif
