/* Embeddings of any layout written to an embeddings file of zsc. Defined in import.c.
 * Module: src/data
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_IMPORT_H
#define ZSC_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes embeddings in any layout to one embeddings file of zsc, with ids, labels, splits and barcodes. */
typedef struct zsc_import_options {
    size_t size;                /* see zsc/status.h */
    const char *const *sources; /* FILE[:ENCODER], as in zsc_dataset_options; without ENCODER all that FILE has */
    size_t source_count;
    const char *metadata, *split; /* as in zsc_dataset_options; may be NULL */
    const char *const *where;     /* rules, ids: as in zsc_dataset_options */
    size_t where_count;
    const char *ids;
    bool ids_in_order;
    zsc_columns columns;
    zsc_file_layout file_layout;
    const char *missing_values;
    const char *name, *modality, *label, *architecture; /* of what is imported; NULL: what the sources say */
    bool replace;                                       /* an encoder of the same name goes */
    bool overwrite;                                     /* the whole file goes */
} zsc_import_options;
enum { zsc_import_options_first = sizeof(zsc_import_options) }; /* in 0.1.0 */
/* Where OUTPUT is there it keeps its rows and encoders, and all of its ids must be in the sources; otherwise the rows
 * are those that all sources have. *selection (may be NULL) counts what was left out. */
ZSC_API zsc_status zsc_import(const zsc_import_options *options, const char *output, const zsc_exec *exec,
                              zsc_selection *selection);

#ifdef __cplusplus
}
#endif
#endif
