/* Limits of UMAP's parameters (parameters.c checks them). */
#ifndef ZSC_UMAP_PARAMETERS_H
#define ZSC_UMAP_PARAMETERS_H

enum { ZSC_UMAP_DIM_MOST = 256 }; /* n_components at most */

#endif
