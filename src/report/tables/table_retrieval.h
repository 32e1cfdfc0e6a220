/* Retrieval by taxon and embeddings (Tables 5 and A17 of BIOSCAN-5M). */
#ifndef ZSC_REPORT_TABLE_RETRIEVAL_H
#define ZSC_REPORT_TABLE_RETRIEVAL_H

#include "base/text.h"
#include "experiment/series/retrieval_file.h"
#include "report/figures/styles.h"
#include "report/tables/table.h"

typedef struct zsc_retrieval_table_options {
    int decimals;
    size_t k;                 /* 0: the least that all files have */
    const char *score;        /* "macro" or "micro" */
    const char *const *ranks; /* in this order; NULL: all */
    size_t rank_count;
    bool intervals;           /* of harmonic means, as the files have them; of probes, of accuracies */
    const char *caption;      /* NULL: made from the files */
    const zsc_styles *styles; /* what embeddings files and encoders are called; NULL: by their names */
} zsc_retrieval_table_options;

/* Rows: ranks, and within them embeddings files; columns: queries in keys by modality, each with its splits and their
 * harmonic mean (of percentages with one decimal). The best of a rank and column is marked. ZSC_EINPUT: two files are
 * for one place, or one lacks k or a rank. */
zsc_status zsc_table_retrieval(const zsc_retrieval_file *files, size_t count,
                               const zsc_retrieval_table_options *options, zsc_table *out);

/* The label that the styles have for a file or an encoder, or its name. */
const char *zsc_retrieval_table_label(const zsc_retrieval_table_options *options, const char *name);

/* "seen", "unseen" where the splits are a pair of those, else SPLIT. */
const char *zsc_retrieval_split_title(const zsc_list *splits, const char *split);

#endif
