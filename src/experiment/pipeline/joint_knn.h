/* Neighbours of several concatenated inputs, and of their parts, at once: squared distances add up over the parts, so
 * that each part's are computed once and serve every concatenation (zsc_knn_search_joint). */
#ifndef ZSC_EXPERIMENT_JOINT_KNN_H
#define ZSC_EXPERIMENT_JOINT_KNN_H

#include "data/dataset.h"
#include "experiment/pipeline/stage_key.h"
#include "zsc/experiment.h"

/* Whether the input's neighbours may come from a batch: Euclidean, searched exactly, no embedding twice. */
bool zsc_joint_knn_eligible(const zsc_run_options *options);
/* Whether they gain from one with those of `count` others: it is a concatenation, or a part of one of them. */
bool zsc_joint_knn_worthwhile(const zsc_run_options *options, const zsc_run_options *const *others, size_t count);

/* out[i] (zeroed, from the caller) gets the neighbours of input i with the key of what they were made of, or stays
 * empty where inputs cannot go together: other rows or another number of neighbours than the first, rows that differ
 * between the parts, too many rows for the exact search, or more memory than there is. CACHE may be NULL. options[i]
 * are those of eligible inputs whose rows are chosen alike. *unreadable: an embedding that cannot be used, of which the
 * run itself will say why; the others can be searched without it. Otherwise NULL. */
zsc_status zsc_joint_knn_search(const zsc_run_options *const *options, size_t count, const zsc_exec *exec,
                                zsc_dataset_cache *cache, zsc_keyed_knn *out, const char **unreadable);

#endif
