/* Loading a dataset with a cache; without one: zsc/dataset.h. */
#ifndef ZSC_DATA_DATASET_H
#define ZSC_DATA_DATASET_H

#include "data/dataset_cache.h"
#include "zsc/dataset.h"

/* zsc_dataset_load, which takes from the cache what it has, and leaves there what it had to make. NULL: no cache. */
zsc_status zsc_dataset_load_with(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                                 zsc_dataset *out);

/* The rows of a dataset, as options->rows_only, and how many of them differ, in *distinct: counted where their matrix
 * has at most BYTES, otherwise estimated from as many bytes of rows that are spread over all. NaN: rows of the sample
 * cannot be read, which only their search will say. */
zsc_status zsc_dataset_load_counted(const zsc_dataset_options *options, size_t bytes, const zsc_exec *exec,
                                    zsc_dataset_cache *cache, zsc_dataset *out, double *distinct);

/* Rows of a dataset whose matrix stays in its files. */
typedef struct zsc_dataset_reader zsc_dataset_reader;

/* Of the memory, what keys of a search may take before they are read in blocks. */
#define ZSC_KEYS_SHARE 0.25

/* zsc_dataset_load_with, which leaves a matrix of more than SHARE of the memory there is (or of the limit) in its
 * files: out->x is NULL then, and *reader, the caller's, reads its rows; elsewhere *reader is NULL. All rows are read
 * once for the digests of *out. Matrices that are scaled by statistics of all rows, and those of files that are read
 * whole (no HDF5, no .npy), are loaded in any case. */
zsc_status zsc_dataset_open(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                            double share, zsc_dataset *out, zsc_dataset_reader **reader);
/* Rows first .. first + count - 1 of the dataset, scaled, into x (count x d). For zsc_knn_query_blocks.
 * ZSC_EINPUT where all rows have been read in order and are not those of zsc_dataset_open: a file has changed. */
zsc_status zsc_dataset_reader_rows(void *reader, size_t first, size_t count, float *x);
size_t zsc_dataset_reader_distinct(const zsc_dataset_reader *reader); /* rows that differ, by digests of 128 bits */
void zsc_dataset_reader_free(zsc_dataset_reader *reader);             /* accepts NULL */

/* ZSC_EINPUT: queries and keys are not of one space, by their columns; of concatenations, part by part. */
zsc_status zsc_dataset_check_space(const zsc_dataset *queries, const zsc_dataset *keys);

#endif
