/* The eigensolver of the spectral initialisation (laplacian_eigen.c). */
#ifndef ZSC_UMAP_LAPLACIAN_EIGEN_H
#define ZSC_UMAP_LAPLACIAN_EIGEN_H

#include "zsc/umap.h"

typedef struct zsc_umap_spectrum {
    size_t products; /* products of the matrix with the whole block */
    double residual; /* largest |A v - theta v| among the wanted vectors */
    bool converged;  /* residual <= tolerance */
} zsc_umap_spectrum;

/* Eigenvectors 2 .. want + 1 of the symmetric normalised Laplacian of a connected graph, by ascending eigenvalue:
 * vectors (n x want, row-major, unit columns) and values (want, or NULL). want < n. Does not fail where the vectors do
 * not reach the tolerance: *info says so. */
zsc_status zsc_umap_laplacian_eigen(const zsc_graph *graph, size_t want, double tolerance, uint64_t seed,
                                    const zsc_exec *exec, float *vectors, double *values, zsc_umap_spectrum *info);
/* The same; the graph's weights become the elements of the normalised matrix. */
zsc_status zsc_umap_laplacian_eigen_in_place(zsc_graph *graph, size_t want, double tolerance, uint64_t seed,
                                             const zsc_exec *exec, float *vectors, double *values,
                                             zsc_umap_spectrum *info);

/* Bytes beyond the graph and the vectors, at most; `edges`: entries of the graph, for those of coarsened ones. */
size_t zsc_umap_laplacian_eigen_memory(size_t n, size_t edges, size_t want);

#endif
