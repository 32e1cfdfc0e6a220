#include "data/matrix_digest.h"

void zsc_matrix_digest_begin(zsc_hash *hash, size_t n, size_t d)
{
    const uint64_t shape[2] = {n, d};
    zsc_hash_add(hash, shape, sizeof shape);
}

void zsc_matrix_digest_add(zsc_hash *hash, const zsc_column_block *block, size_t blocks, size_t n)
{
    size_t d = 0;
    for (size_t b = 0; b < blocks; b++) d += block[b].d;
    zsc_matrix_digest_begin(hash, n, d);
    if (blocks == 1) {
        zsc_hash_add(hash, block->x, n * block->d * sizeof *block->x);
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < blocks; b++)
            zsc_hash_add(hash, block[b].x + i * block[b].d, block[b].d * sizeof *block[b].x);
}

void zsc_matrix_digest_add_f64(zsc_hash *hash, const double *x, size_t n, size_t d)
{
    const uint64_t shape[] = {n, d, sizeof *x};
    zsc_hash_add(hash, shape, sizeof shape);
    zsc_hash_add(hash, x, n * d * sizeof *x);
}
