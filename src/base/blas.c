#include "base/blas.h"

#include <cblas.h>
#include <omp.h>
#include <pthread.h>

#include "base/host_threads.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/threads.h"

/* --- The number of threads */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int users;    /* scopes that are open in this process */
static int host = 1; /* OpenBLAS's number outside of them */

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void in_parent(void) { pthread_mutex_unlock(&lock); }

/* Of the threads, the child has the one that forked. */
static void in_child(void)
{
    int own = zsc_host_threads_scopes();
    if (users > 0 && own == 0 && host != 1) openblas_set_num_threads(host);
    users = own;
    pthread_mutex_unlock(&lock);
}

static void watch_forks(void) { pthread_atfork(before_fork, in_parent, in_child); }

static bool on_openmp(void) { return openblas_get_parallel() == OPENBLAS_OPENMP; }

static void turn_off(void)
{
    zsc_host_threads_enter();
    pthread_mutex_lock(&lock);
    int now = openblas_get_num_threads();
    if (users++ == 0 || now != 1) host = now;
    if (now != 1) openblas_set_num_threads(1);
    pthread_mutex_unlock(&lock);
    if (on_openmp()) omp_set_num_threads(1); /* each thread has a number of its own, which BLAS goes by */
}

void zsc_blas_leave(zsc_blas *scope)
{
    if (!scope->entered) return;
    scope->entered = false;
    pthread_mutex_lock(&lock);
    if (--users == 0 && host != 1 && openblas_get_num_threads() == 1) openblas_set_num_threads(host);
    pthread_mutex_unlock(&lock);
    zsc_host_threads_leave(on_openmp());
}

/* --- Buffers. A thread that is in a product needs one. OpenBLAS keeps those it has; where the system refuses another,
 * it asks again, forever (interface of driver/others/memory.c, not in a header). Threads beyond the first get one where
 * as much again stays free for data. */
static const size_t BUFFER = (size_t)32 << 22; /* BUFFER_SIZE on x86_64 and arm64 */
static const size_t REST = (size_t)16 << 20;   /* beyond the first, for what libraries allocate */
extern void *blas_memory_alloc(int position) __attribute__((weak));
extern void blas_memory_free(void *buffer) __attribute__((weak));

static zsc_status take_buffers(int threads)
{
    enum { MOST = 256 };
    static int taken;
    void *buffer[MOST];
    int have = 0;
    pthread_mutex_lock(&lock);
    while (have < threads && have < MOST && (have < taken || zsc_limits_allow(BUFFER + (have ? BUFFER : REST))))
        buffer[have++] = blas_memory_alloc ? blas_memory_alloc(0) : NULL;
    for (int i = 0; i < have; i++)
        if (buffer[i]) blas_memory_free(buffer[i]);
    if (blas_memory_alloc && taken < have) taken = have;
    pthread_mutex_unlock(&lock);
    if (have == 0) return zsc_memory_refuse(BUFFER + REST, "a matrix product");
    if (have < threads) zsc_threads_at_most(have);
    return ZSC_OK;
}

size_t zsc_blas_memory(int threads) { return (size_t)threads * ((size_t)2 << 20); }

size_t zsc_blas_product_memory(int threads, size_t m, size_t n, size_t k, size_t size)
{
    enum { ROUNDING = 16384 };                       /* of each operand to whole registers and pages */
    size_t block = size > sizeof(float) ? 384 : 512; /* of k, at most: kernels of x86_64 and arm64 have such */
    double deep = (double)(k < block ? k : block);
    double copies = ((double)m + (double)n) * deep * (double)size * (double)threads + 2.0 * ROUNDING * threads;
    size_t most = zsc_blas_memory(threads);
    return copies < (double)most ? (size_t)copies : most;
}

zsc_status zsc_blas_enter(const zsc_exec *exec, zsc_blas *scope)
{
    pthread_once(&once, watch_forks);
    turn_off();
    scope->entered = true;
    return zsc_limits_are_set() ? take_buffers(zsc_threads(exec)) : ZSC_OK;
}
