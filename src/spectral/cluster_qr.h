/* Clusters from eigenvectors without a start. */
#ifndef ZSC_SPECTRAL_CLUSTER_QR_H
#define ZSC_SPECTRAL_CLUSTER_QR_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* label (n): 0 .. k - 1, not all of which need occur. y: n x k, row-major, k <= n. The same bytes at any number of
 * threads and on every processor. O(n k^2). */
zsc_status zsc_spectral_cluster_qr(const float *y, size_t n, size_t k, const zsc_exec *exec, int32_t *label);
size_t zsc_spectral_cluster_qr_memory(size_t n, size_t k);

#endif
