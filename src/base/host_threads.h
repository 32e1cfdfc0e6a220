/* omp_get_max_threads() as the host has set it, for the thread that asks: an OpenBLAS that runs on OpenMP has it set to
 * 1 while we compute. Scopes of one thread (blas.h) nest; the first one in keeps the number. */
#ifndef ZSC_BASE_HOST_THREADS_H
#define ZSC_BASE_HOST_THREADS_H

#include <stdbool.h>

int zsc_host_threads(void);
void zsc_host_threads_enter(void);
void zsc_host_threads_leave(bool restore); /* whether the last one out sets the number again */
int zsc_host_threads_scopes(void);         /* that this thread is in */

#endif
