/* Writing AnnData (.h5ad, the encoding of anndata 0.8), that scanpy opens. */
#ifndef ZSC_IO_ANNDATA_WRITER_H
#define ZSC_IO_ANNDATA_WRITER_H

#include "io/h5/h5.h"
#include "zsc/column.h"
#include "zsc/status.h"

typedef struct zsc_anndata {
    size_t n;
    char *const *id;
    const zsc_column *column; /* categoricals of obs */
    size_t columns;
    const char *number_name; /* of a column of numbers in obs; NULL: none */
    const float *number;     /* n */
    const char *key;         /* of obsm, such as "X_umap"; NULL: none */
    const float *x;          /* n x d */
    size_t d;
} zsc_anndata;

zsc_status zsc_anndata_write(const char *path, const zsc_anndata *data);

#endif
