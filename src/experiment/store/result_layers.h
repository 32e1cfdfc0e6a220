/* Layers of a result (--clusterer layers) in its file:
 *
 *   /layers/min_cluster_size  /layers/persistence  /layers/clusters  /layers/clustered    one value per layer
 *   /layers/ami  ...                                                                      layers x ranks
 *   /layers/labels                                                                        layers x rows */
#ifndef ZSC_EXPERIMENT_RESULT_LAYERS_H
#define ZSC_EXPERIMENT_RESULT_LAYERS_H

#include "base/hash.h"
#include "base/text.h"
#include "io/h5/h5.h"
#include "zsc/experiment.h"

zsc_status zsc_result_layers_write(zsc_h5 *file, const zsc_result *result);
/* Of a file whose rows and scores are known: all but the labels, then the labels. */
zsc_status zsc_result_layers_read(zsc_h5 *file, zsc_result *result);
zsc_status zsc_result_layer_labels_read(zsc_h5 *file, zsc_result *result);
/* Adds the arrays to a list of objects. */
zsc_status zsc_result_layers_list(const zsc_result *result, zsc_list *objects);
void zsc_result_layers_hash(zsc_hash *hash, const zsc_result *result);
void zsc_result_layers_free_labels(zsc_result *result);
void zsc_result_layers_free(zsc_result *result);

/* The layer that the clusters of the result are: the most persistent one, of several the finest; SIZE_MAX: none. */
size_t zsc_result_layer_chosen(const zsc_result *result);

#endif
