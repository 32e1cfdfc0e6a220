/* The built-in DNA encoder: counts of k-mers. Defined in kmer.c.
 * Module: src/data
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_KMER_H
#define ZSC_KMER_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What zsc_embed_kmer wrote and left out. */
typedef struct zsc_embed_summary {
    size_t rows;            /* written */
    size_t not_listed;      /* left out: their ids are not in the list */
    size_t other_split;     /* left out: of another split, or by WHERE */
    size_t without_barcode; /* written as zeros: the barcode is empty */
    size_t without_window;  /* written as zeros: no window of k letters A, C, G, T (for the smallest k) */
} zsc_embed_summary;

typedef struct zsc_embed_options {
    size_t size; /* see zsc/status.h */
    const char *metadata;
    const zsc_columns *columns; /* may be NULL */
    const char *missing_values; /* NULL: the default list */
    const char *split;          /* "test+test_unseen"; NULL: all */
    const char *const *where;   /* rules COLUMN=VALUE, all of which must hold */
    size_t where_count;
    const char *ids; /* a file of ids, as in zsc_dataset_options; NULL: all rows */
    bool ids_in_order;
    const size_t *k;
    size_t k_count;
} zsc_embed_options;
enum { zsc_embed_options_first = sizeof(zsc_embed_options) }; /* in 0.1.0 */

/* The built-in DNA encoder: counts of overlapping k-mers over A, C, G, T in upper or lower case, without the windows
 * that hold another letter, divided by their L2 norm. For each k (2 .. 8) they are written to the embeddings file
 * OUTPUT as the encoder kmer<k>, with ids, labels, splits and barcodes. The metadata is read row by row: memory does
 * not grow with the number of rows beyond two words per row, but for rows in the order of a list, which are held. A row
 * without any window becomes zeros and is counted. SUMMARY may be NULL. ZSC_EUSAGE: k is out of range; ZSC_EINPUT: ids
 * repeat or are not there, no row is of that split, or a file cannot be read or written. */
ZSC_API zsc_status zsc_embed_kmer(const zsc_embed_options *options, const char *output, const zsc_exec *exec,
                                  zsc_embed_summary *summary);
/* One barcode: out has 4^k floats. False if it holds no window of k letters (out is then all zeros). */
ZSC_API bool zsc_kmer_embed(const char *barcode, size_t length, size_t k, float *out);

#ifdef __cplusplus
}
#endif
#endif
