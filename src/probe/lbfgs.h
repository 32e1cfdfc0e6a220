/* Limited-memory BFGS (lbfgs.c). */
#ifndef ZSC_PROBE_LBFGS_H
#define ZSC_PROBE_LBFGS_H

#include "probe/batch.h"

/* Fits PROBE, whose weights are 0 and whose loss has space for options->epochs. */
zsc_status zsc_probe_lbfgs(const zsc_probe_data *data, const zsc_probe_options *options, const zsc_exec *exec,
                           zsc_probe *probe);
/* Beyond the weights and the curve of the probe. */
size_t zsc_probe_lbfgs_memory(size_t n, size_t d, size_t classes);

#endif
