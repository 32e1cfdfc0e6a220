/* How many threads a computation gets, and when it gets one only. */
#include "base/threads.h"
#include "base/error.h"
#include "base/clock.h"

#include <limits.h>
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/host_threads.h"

static int smaller(int a, int b) { return a < b ? a : b; }

/* What OpenMP was told (OMP_NUM_THREADS, omp_set_num_threads); otherwise the processors of the affinity mask, within
 * the control group's quota. */
static int default_threads(void)
{
    static atomic_int quota; /* read once; 0: not yet */
    int cpus = atomic_load_explicit(&quota, memory_order_relaxed), asked = zsc_host_threads();
    if (cpus == 0) {
        cpus = zsc_cgroup_cpus("");
        atomic_store_explicit(&quota, cpus, memory_order_relaxed);
    }
    const char *text = getenv("OMP_NUM_THREADS");
    int have = smaller(omp_get_num_procs(), cpus);
    return (text && *text) || asked < have ? asked : have;
}

/* libgomp's threads do not survive a fork, and a child that asks for them waits forever (LLVM's runtime makes new ones;
 * its locks do not survive, see knn/exact/lists.h). Whether this process may have several threads: it is the one that
 * asked first, or none has. */
static bool may_have_team(void)
{
    static atomic_int owner;
    int self = (int)getpid(), first = 0;
    return atomic_compare_exchange_strong(&owner, &first, self) || first == self;
}

/* --- Threads that can be made. OpenMP's runtimes end the process where one cannot: for want of address space, or at a
 * limit on processes. So as many are made once, by us, and counted. */
static atomic_int most = INT_MAX;

void zsc_threads_at_most(int threads)
{
    int now = atomic_load(&most);
    while (threads < now && !atomic_compare_exchange_weak(&most, &now, threads)) continue;
}

static void *wait_at(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* Of OpenMP's threads, as its runtimes read it: kilobytes unless a unit follows. False: the system's. */
static bool stack_size(size_t *bytes)
{
    static const char *const names[] = {"OMP_STACKSIZE", "GOMP_STACKSIZE", "KMP_STACKSIZE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = getenv(names[i]);
        char *end;
        if (!text) continue;
        unsigned long long value = strtoull(text, &end, 10);
        end += strspn(end, " ");
        int shift = *end == 'B' || *end == 'b'   ? 0
                    : *end == 'M' || *end == 'm' ? 20
                    : *end == 'G' || *end == 'g' ? 30
                                                 : 10;
        if (end == text || value == 0 || value > SIZE_MAX >> shift) continue;
        *bytes = (size_t)value << shift;
        return true;
    }
    return false;
}

/* How many of COUNT more threads this process can have at once. */
static int try_threads(int count)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_attr_t attributes;
    pthread_t *thread = malloc((size_t)count * sizeof *thread);
    size_t stack;
    int made = 0;
    if (!thread || pthread_attr_init(&attributes) != 0) {
        free(thread);
        return 0;
    }
    if (stack_size(&stack)) pthread_attr_setstacksize(&attributes, stack);
    pthread_mutex_lock(&gate);
    while (made < count && pthread_create(&thread[made], &attributes, wait_at, &gate) == 0) made++;
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < made; i++) pthread_join(thread[i], NULL);
    pthread_attr_destroy(&attributes);
    free(thread);
    return made;
}

/* OpenMP's own threads, each of which belongs to the thread that started the loop, now rather than when memory is
 * taken. */
static void start_threads(int threads)
{
    atomic_int started = 0;
#pragma omp parallel num_threads(threads)
    atomic_fetch_add(&started, 1);
}

static int within_limits(int threads)
{
    static _Thread_local int tried = 1;
    if (threads > tried && !omp_in_parallel()) {
        tried = threads;
        int made = try_threads(threads - 1) + 1;
        if (made < threads) zsc_threads_at_most(made);
        threads = smaller(threads, atomic_load(&most));
        if (threads > 1) start_threads(threads);
    }
    return smaller(threads, atomic_load(&most));
}

int zsc_threads(const zsc_exec *exec)
{
    int threads = exec && exec->threads > 0 ? exec->threads : default_threads();
    threads = smaller(threads, omp_get_thread_limit());
    return threads > 1 && may_have_team() ? within_limits(threads) : 1;
}

bool zsc_progress(const zsc_exec *exec, const char *stage, double done, double total)
{
    return !exec || !exec->progress || exec->progress(exec->progress_data, stage, done, total);
}

zsc_status zsc_ask(const zsc_exec *exec, const char *stage)
{
    return zsc_progress(exec, stage, 0, 1) ? ZSC_OK : zsc_fail(ZSC_EINTERRUPTED, "interrupted");
}

bool zsc_poll(zsc_polls *p, double share)
{
    static const double APART = 0.05; /* seconds */
    if (atomic_load_explicit(&p->stop, memory_order_relaxed)) return false;
    if (!p->exec || !p->exec->progress || omp_get_thread_num() != 0) return true;
    double now = zsc_clock();
    if (now < p->next) return true;
    p->next = now + APART;
    if (zsc_progress(p->exec, p->stage, p->begin + share * (p->end - p->begin), 1)) return true;
    atomic_store_explicit(&p->stop, true, memory_order_relaxed);
    return false;
}

zsc_status zsc_polled(const zsc_polls *p)
{
    return atomic_load_explicit(&p->stop, memory_order_relaxed) ? zsc_fail(ZSC_EINTERRUPTED, "interrupted") : ZSC_OK;
}

static bool report_part(void *data, const char *stage, double done, double total)
{
    const zsc_progress_part *p = data;
    (void)stage;
    return zsc_progress(p->of, p->stage, p->begin + (total > 0 ? done / total : 0) * (p->end - p->begin), 1);
}

zsc_exec zsc_progress_within(zsc_progress_part *part)
{
    zsc_exec own = part->of ? *part->of : (zsc_exec){0};
    if (!own.progress) return own;
    own.progress = report_part;
    own.progress_data = part;
    return own;
}

int zsc_thread_number(void) { return omp_get_thread_num(); }
