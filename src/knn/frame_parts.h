/* What frame.c, basis.c and coarse.c share. */
#ifndef ZSC_KNN_FRAME_PARTS_H
#define ZSC_KNN_FRAME_PARTS_H

#include "knn/frame.h"

#define ZSC_FRAME_TINY 1e-30

/* --- Vectors (frame.c) */
void zsc_frame_vector(const zsc_frame *f, size_t i, float *out); /* w_i of row i, width floats */
/* The s-th row of a sample of `sample` rows of n. */
size_t zsc_frame_sampled(size_t s, size_t sample, size_t n);
void zsc_frame_sort(double *values, size_t count);
double zsc_frame_median(double *values, size_t count); /* sorts them */

static inline double zsc_frame_squares(const float *v, size_t d)
{
    double sum = 0;
    for (size_t p = 0; p < d; p++) sum += (double)v[p] * (double)v[p];
    return sum;
}
static inline void zsc_frame_widen(const float *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = (double)from[i];
}

/* --- Basis (basis.c) */
enum { ZSC_BASIS_MOST = 192 }; /* coordinates of the largest projection that is considered */
/* Finds f->basis (`most` orthonormal rows, about the leading principal directions, in order), sets f->depth where
 * `project`, and makes f->leading. */
zsc_status zsc_frame_project(zsc_frame *f, size_t most, bool project, const zsc_frame_plan *plan, const zsc_exec *exec);
size_t zsc_frame_project_memory(size_t n, size_t d, int threads);

/* --- Coarse vectors (coarse.c) */
/* Of what the projection leaves, or of whole vectors. */
zsc_status zsc_frame_make_coarse(zsc_frame *f, bool whole, int threads);

#endif
