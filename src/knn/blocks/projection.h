/* The first principal coordinates of rows, and how many of them suffice to tell most pairs apart. */
#ifndef ZSC_KNN_PROJECTION_H
#define ZSC_KNN_PROJECTION_H

#include "knn/blocks/centred_rows.h"

enum {
    ZSC_PROJECTION_MOST = 192, /* coordinates of the largest projection that is considered */
    ZSC_PROJECTION_FEW = 16    /* coordinates where rows are only to be ordered by them */
};

typedef struct zsc_projection {
    size_t depth; /* coordinates that tiles take: fewer than the rows' width where rows are projected, else that */
    size_t coordinate_width;
    size_t basis_rows;  /* coordinate_width or more */
    double *basis;      /* basis_rows x width, orthonormal: about the first principal directions */
    float *coordinates; /* n x coordinate_width, by row */
} zsc_projection;

/* The basis and the depth, without coordinates, of `rows` that are to be compared with `queries` (NULL: with each
 * other), of the same centre. nearest: how many neighbours will be looked for, which guides the choice of depth. least:
 * the least depth of a projection, as far as rows are wide enough. The same at any number of threads. */
zsc_status zsc_projection_find(const zsc_centred_rows *rows, const zsc_centred_rows *queries, size_t nearest,
                               size_t least, const zsc_exec *exec, zsc_projection *out);
/* The coordinates of all rows, in a basis that was found. */
zsc_status zsc_projection_apply(const zsc_centred_rows *rows, zsc_projection *projection, int threads);
/* Both, of rows that are compared with each other. */
zsc_status zsc_projection_make(const zsc_centred_rows *rows, size_t nearest, size_t least, const zsc_exec *exec,
                               zsc_projection *out);
void zsc_projection_free(zsc_projection *projection);
/* The most coordinates of a basis for n rows of d coordinates; *projected: whether rows may be projected onto them. */
size_t zsc_projection_most(size_t n, size_t d, bool *projected);
/* Bytes of _find for n rows and `queries` queries of them (0: none), the basis included. */
size_t zsc_projection_find_memory(size_t n, size_t queries, size_t d, int threads);
/* Bytes of _apply beyond the coordinates. */
size_t zsc_projection_apply_memory(size_t d, size_t depth, int threads);

#endif
