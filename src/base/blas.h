/* OpenBLAS in a process that is not ours alone: one thread while a computation of ours calls it, since our loops are
 * OpenMP's; the host's number afterwards. A public function that calls BLAS
 * begins with
 *
 *     ZSC_BLAS_SCOPE(blas);
 *     zsc_status status = zsc_blas_enter(exec, &blas);
 *
 * and is in the scope until it returns, by whichever return. Scopes nest, and threads of the host may be in several at
 * once: the first one in stores the number, the last one out restores it, unless the host has set another meanwhile. */
#ifndef ZSC_BASE_BLAS_H
#define ZSC_BASE_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "zsc/exec.h"

typedef struct zsc_blas {
    bool entered;
} zsc_blas;

#define ZSC_BLAS_SCOPE(name) zsc_blas name __attribute__((cleanup(zsc_blas_leave))) = {false}

/* Call before zsc_threads is asked. Where the process's address space or data is limited, OpenBLAS's buffers, one per
 * thread, are taken now, and the number of threads becomes as many as fit. ZSC_EUSAGE: not even one does. */
zsc_status zsc_blas_enter(const zsc_exec *exec, zsc_blas *scope);
void zsc_blas_leave(zsc_blas *scope);

/* Bytes that products on so many threads use of OpenBLAS's buffers: blocks of the operands, of a few hundred rows. */
size_t zsc_blas_memory(int threads);
/* The same of products of m x k by k x n numbers of SIZE bytes: copies of both where these are small. */
size_t zsc_blas_product_memory(int threads, size_t m, size_t n, size_t k, size_t size);

#endif
