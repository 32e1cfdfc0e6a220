/* Smoothed distances of one row (smooth.c): its list of k distances, nearest first, becomes two numbers, from which
 * membership strengths are computed. O(k) each. */
#ifndef ZSC_UMAP_SMOOTH_H
#define ZSC_UMAP_SMOOTH_H

#include <stddef.h>

#define ZSC_UMAP_MIN_SCALE 1e-3 /* sigma is at least this share of a mean distance */

double zsc_umap_rho(const float *d, size_t k, double local_connectivity);
/* NEIGHBORS: as many as there would be if none were disconnected; the sum is log2 of it. MEAN: of the list; not the
 * result, only where the search starts, hangs on it. */
double zsc_umap_sigma(const float *d, size_t k, size_t neighbors, double rho, double mean);

#endif
