/* What `zsc retrieve` found, as JSON: the file of -o FILE.json, and what its result keeps (doc/results.md). */
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

/* The harmonic means of the columns' micro and macro accuracy at a rank and k (indices). */
void zsc_retrieve_harmonic(const zsc_retrieve_result *result, size_t rank, size_t k, double *micro, double *macro);

#endif
