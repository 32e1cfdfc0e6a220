/* How a computation is carried out: threads, memory, progress. No field changes a result.
 * Module: src/base
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_EXEC_H
#define ZSC_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called now and then from the thread that called zsc, with the stage's name and how much of it is done
 * (0 <= done <= total). Returning false stops the computation, which then returns ZSC_EINTERRUPTED and
 * leaves its outputs unset. */
typedef bool (*zsc_progress_fn)(void *data, const char *stage, double done, double total);

/* A NULL pointer to this, or all zeros, means: every processor that the process may use (OMP_NUM_THREADS or
 * omp_set_num_threads; otherwise the affinity mask and the CPU quotas of control groups), all of the memory that it may
 * have, no progress.
 *
 * In a host: OpenBLAS is set to one thread while a function computes, and afterwards to the number that the host had
 * set. A child of a process that has computed uses one thread. Under a limit on address space or data (setrlimit), the
 * host sets OPENBLAS_NUM_THREADS=1 before it starts: otherwise OpenBLAS maps 128 MiB per processor as it is loaded, and
 * where they do not fit it tries again forever. Each thread that computes products needs 128 MiB of address space as
 * well; zsc uses fewer threads where there is less, and refuses where there is not enough for one. */
typedef struct zsc_exec {
    int threads;         /* 0: as many as the process may use */
    size_t memory_limit; /* bytes; 0: what the machine has. A computation that needs more says so and does not start, or
                          * stops as soon as its rows show that it does */
    zsc_progress_fn progress;
    void *progress_data;
    size_t memory_held;  /* bytes that the caller holds, such as x: they count towards the limit */
    size_t *memory_need; /* unless NULL, raised to what a computation has found that it needs, memory_held included. The
                          * functions zsc_..._memory say before what it is at most, of any rows of that shape */
    size_t spare[4];     /* 0: what a later version adds */
} zsc_exec;

#ifdef __cplusplus
}
#endif
#endif
