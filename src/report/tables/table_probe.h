/* Probes by encoder: 1-NN and linear (Table 4 of BIOSCAN-5M). */
#ifndef ZSC_REPORT_TABLE_PROBE_H
#define ZSC_REPORT_TABLE_PROBE_H

#include "report/tables/table_retrieval.h"

/* Rows: encoders, grouped by modality; columns: accuracy of the nearest keys (files of zsc retrieve, at k) and of
 * linear probes (files of zsc probe), each by rank and split. The best of a column is marked. ZSC_EINPUT: two files
 * have the same score, or one lacks k or a rank. */
zsc_status zsc_table_probe(const zsc_retrieval_file *files, size_t count, const zsc_retrieval_table_options *options,
                           zsc_table *out);

#endif
