/* Threads. Loops are OpenMP's; results never depend on how many threads run them. */
#ifndef ZSC_BASE_THREADS_H
#define ZSC_BASE_THREADS_H

#include <sched.h>
#include <stdatomic.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* How many threads to use: exec->threads, or as many as the process may run on, and no more than it can have. At least
 * 1. A computation that calls BLAS enters its scope first (blas.h). */
int zsc_threads(const zsc_exec *exec);

/* No more than this many from now on. */
void zsc_threads_at_most(int threads);

/* Inside a parallel region: which of its threads this is, from 0. */
int zsc_thread_number(void);

/* Steps of microseconds that threads go through together. OpenMP's barrier waits for every thread, also for one that
 * the system has put aside, and spins meanwhile; where other programs use the processors too, that is most of the time.
 * A zsc_share instead waits for the work: threads take items while there are any, and go on when all are done, whoever
 * did them. Start from {0}; one zsc_share serves one pass over `total` items. */
typedef struct zsc_share {
    atomic_size_t taken, done;
} zsc_share;

/* The next `many` items or what is left of them: *first, and how many; 0 when all are taken. */
static inline size_t zsc_share_take(zsc_share *share, size_t total, size_t many, size_t *first)
{
    if (atomic_load_explicit(&share->taken, memory_order_relaxed) >= total) return 0;
    *first = atomic_fetch_add_explicit(&share->taken, many, memory_order_relaxed);
    return *first >= total ? 0 : total - *first < many ? total - *first : many;
}

static inline void zsc_share_done(zsc_share *share, size_t many)
{
    atomic_fetch_add_explicit(&share->done, many, memory_order_release);
}

/* Returns when all items are done, and what was done is seen. */
static inline void zsc_share_wait(zsc_share *share, size_t total)
{
    enum { SPINS = 2000 }; /* some microseconds; then the processor is given away */
    for (int spins = 0; atomic_load_explicit(&share->done, memory_order_acquire) < total; spins++) {
        if (spins > SPINS) sched_yield();
#if defined __x86_64__ || defined __i386__
        else
            __builtin_ia32_pause();
#endif
    }
}

/* Tells the caller's progress function; false means stop (return zsc_fail(ZSC_EINTERRUPTED, "interrupted")). Call
 * from the main thread of a kernel only. */
bool zsc_progress(const zsc_exec *exec, const char *stage, double done, double total);

/* The same between two steps of a stage that has not come far: ZSC_EINTERRUPTED, with the message, or ZSC_OK. */
zsc_status zsc_ask(const zsc_exec *exec, const char *stage);

/* The same from within a parallel loop. Each thread calls zsc_poll before an item, with the share of the loop that is
 * done; false: leave the rest. The calling thread passes the question on, at intervals of 50 ms or more. zsc_polled,
 * after the loop: ZSC_EINTERRUPTED where it was stopped. Start from {.exec, .stage, .begin, .end}. */
typedef struct zsc_polls {
    const zsc_exec *exec;
    const char *stage;
    double begin, end; /* of the stage, 0 .. 1 */
    double next;
    atomic_bool stop;
} zsc_polls;
bool zsc_poll(zsc_polls *polls, double share);
zsc_status zsc_polled(const zsc_polls *polls);

/* A computation within another: whatever it reports comes to OF as STAGE, from BEGIN to END of 1. */
typedef struct zsc_progress_part {
    const zsc_exec *of; /* may be NULL */
    const char *stage;
    double begin, end;
} zsc_progress_part;
/* PART must live as long as what is returned. */
zsc_exec zsc_progress_within(zsc_progress_part *part);

#endif
