/* An order in which near rows stand together. */
#ifndef ZSC_KNN_ORDER_H
#define ZSC_KNN_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

enum { ZSC_ORDER_MOST = 32 }; /* coordinates */

/* order (n, a permutation on entry) is split by halves, each across the direction in which its rows spread most, until
 * the parts hold at most `leaf` rows; parts are whole multiples of `leaf` but for the last. z: n x q coordinates, z[i]
 * those of row i. The same at any number of threads. */
zsc_status zsc_order_near(const float *z, size_t n, size_t q, size_t leaf, const zsc_exec *exec, int32_t *order);
size_t zsc_order_memory(size_t n);

#endif
