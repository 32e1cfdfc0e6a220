/* Threads. Loops are OpenMP's; results never depend on how many threads run them. */
#ifndef ZSC_BASE_THREADS_H
#define ZSC_BASE_THREADS_H

#include "zsc/exec.h"

/* How many threads to use: exec->threads, or as many as the process may run on. At least 1. Also turns OpenBLAS's own
 * threads off, since BLAS is called from inside our parallel loops. */
int zsc_threads(const zsc_exec *exec);

/* Inside a parallel region: which of its threads this is, from 0. */
int zsc_thread_number(void);

/* Tells the caller's progress function; false means stop (return zsc_fail(ZSC_EINTERRUPTED, "interrupted")). Call
 * from the main thread of a kernel only. */
bool zsc_progress(const zsc_exec *exec, const char *stage, double done, double total);

#endif
