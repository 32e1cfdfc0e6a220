/* libzsc: zero-shot clustering analysis of precomputed embeddings.
 *
 *   zsc_dataset_load     rows and matrix from HDF5 and CSV        dataset.h
 *   zsc_umap_fit         reduction                                umap.h, knn.h
 *   zsc_linkage          dendrogram, cuts                         ward.h
 *   zsc_cut_gap          the number of clusters, without labels   cuts.h
 *   zsc_score            AMI and the other scores                 metrics.h
 *   zsc_retrieval_score  labels of the nearest keys of queries    retrieval.h, knn.h
 *   zsc_probe_fit        softmax regression of labels             probe.h
 *
 * Errors: every function that can fail returns a zsc_status; zsc_error_message() has the sentence (status.h).
 * Threads and memory: zsc_exec (exec.h). The library never prints and never exits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_ZSC_H
#define ZSC_ZSC_H

#include "zsc/column.h"
#include "zsc/core.h"
#include "zsc/dataset.h"
#include "zsc/experiment.h"
#include "zsc/import.h"
#include "zsc/inputs.h"
#include "zsc/kmer.h"
#include "zsc/leiden.h"
#include "zsc/retrieval.h"
#include "zsc/scale.h"
#include "zsc/simulate.h"

#endif
