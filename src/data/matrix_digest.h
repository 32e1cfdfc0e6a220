/* The digest of a matrix that may lie in several blocks of columns: what is made of the concatenation of scaled
 * embeddings, and of nothing else, is known by it. */
#ifndef ZSC_DATA_MATRIX_DIGEST_H
#define ZSC_DATA_MATRIX_DIGEST_H

#include "base/hash.h"

typedef struct zsc_column_block {
    const float *x; /* n x d */
    size_t d;
} zsc_column_block;

/* Adds n, the sum of d, and the rows of all blocks side by side: the same bytes however the columns are divided. */
void zsc_matrix_digest_add(zsc_hash *hash, const zsc_column_block *block, size_t blocks, size_t n);
/* For one block of columns whose rows are added afterwards, by zsc_hash_add: n, d. */
void zsc_matrix_digest_begin(zsc_hash *hash, size_t n, size_t d);
/* The same of n x d doubles, which is another digest than that of equal floats. */
void zsc_matrix_digest_add_f64(zsc_hash *hash, const double *x, size_t n, size_t d);

#endif
