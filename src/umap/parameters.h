/* Limits of UMAP's parameters, and the curve that they define (parameters.c). */
#ifndef ZSC_UMAP_PARAMETERS_H
#define ZSC_UMAP_PARAMETERS_H

#include "zsc/umap.h"

enum { ZSC_UMAP_DIM_MOST = 256 }; /* n_components at most */

/* a and b as given, or fitted where 0. ZSC_EUSAGE: a x^(2b) leaves single precision within the initialisation;
 * ZSC_ENUMERIC: no a and b fit. */
zsc_status zsc_umap_curve(const zsc_umap_options *options, double *a, double *b);

#endif
