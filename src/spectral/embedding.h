/* The rows' coordinates: smallest eigenvectors of the graph's normalised Laplacian. */
#ifndef ZSC_SPECTRAL_EMBEDDING_H
#define ZSC_SPECTRAL_EMBEDDING_H

#include <stdbool.h>

#include "zsc/umap.h"

typedef struct zsc_spectral_embedding_report {
    size_t components;
    bool converged;
} zsc_spectral_embedding_report;

/* y (n x k, row-major): the eigenvectors of the k smallest eigenvalues, each row divided by the root of its degree.
 * First the constant ones, one for each connected component, by the components' first rows; then the others of all
 * components, by eigenvalue. ZSC_EUSAGE: more components than k. */
zsc_status zsc_spectral_embed(const zsc_graph *graph, size_t k, uint64_t seed, const zsc_exec *exec, float *y,
                              zsc_spectral_embedding_report *report);
size_t zsc_spectral_embed_memory(size_t n, size_t edges, size_t k);

#endif
