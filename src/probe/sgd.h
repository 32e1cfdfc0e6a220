/* Stochastic gradient descent with momentum (sgd.c). */
#ifndef ZSC_PROBE_SGD_H
#define ZSC_PROBE_SGD_H

#include "probe/batch.h"

/* Fits PROBE, whose weights are 0 and whose loss (and held_out_loss, held_out_accuracy) have space for
 * options->epochs. ORDER: data->row, which is shuffled. */
zsc_status zsc_probe_sgd(const zsc_probe_data *data, int32_t *order, const zsc_probe_data *held_out,
                         const zsc_probe_options *options, const zsc_exec *exec, zsc_probe *probe);
/* Beyond the weights and curves of the probe. */
size_t zsc_probe_sgd_memory(size_t n, size_t held_out, size_t d, size_t classes, const zsc_probe_options *options);

#endif
