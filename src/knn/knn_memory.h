/* What a search for neighbours needs of memory, before its rows are known: knn.c, which also has
 * zsc_knn_memory, of any rows. */
#ifndef ZSC_KNN_KNN_MEMORY_H
#define ZSC_KNN_KNN_MEMORY_H

#include "zsc/knn.h"

/* Bytes beyond the rows of a search in n embeddings, DISTINCT of which differ: rows of many columns are projected. */
size_t zsc_knn_memory_typical(size_t n, size_t distinct, size_t d, const zsc_knn_options *options,
                              const zsc_exec *exec);

#endif
