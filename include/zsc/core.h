/* The kernels: every function here works on arrays and opens no file. libzsc_core.a (pkg-config: zsc_core) holds these
 * and nothing else of zsc, as position-independent objects, so that it can be linked into a module of another program;
 * libzsc holds them too. Besides the C library and OpenMP it needs OpenBLAS, GSL and xxHash, and no HDF5.
 *
 * zsc_version is defined in version.c.
 * Module: src/base
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_CORE_H
#define ZSC_CORE_H

#include "zsc/assign.h"
#include "zsc/cuts.h"
#include "zsc/exec.h"
#include "zsc/hdbscan.h"
#include "zsc/kmeans.h"
#include "zsc/knn.h"
#include "zsc/metrics.h"
#include "zsc/pca.h"
#include "zsc/probe.h"
#include "zsc/ranks.h"
#include "zsc/retrieval.h"
#include "zsc/spectral.h"
#include "zsc/status.h"
#include "zsc/umap.h"
#include "zsc/ward.h"

#ifdef __cplusplus
extern "C" {
#endif

ZSC_API const char *zsc_version(void); /* "0.1.0" */

#ifdef __cplusplus
}
#endif
#endif
