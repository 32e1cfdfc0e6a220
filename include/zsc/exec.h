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

/* A NULL pointer to this, or all zeros, means: every processor, all of the machine's memory, no progress. */
typedef struct zsc_exec {
    int threads;         /* 0: as many as the process may use */
    size_t memory_limit; /* bytes; 0: what the machine has. A computation that needs more says so and does not start */
    zsc_progress_fn progress;
    void *progress_data;
} zsc_exec;

#ifdef __cplusplus
}
#endif
#endif
