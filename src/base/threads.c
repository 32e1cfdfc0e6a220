/* How many threads a computation gets, and when it gets one only. */
#include "base/threads.h"

#include <cblas.h>
#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cgroup.h"

static int smaller(int a, int b) { return a < b ? a : b; }

/* What OpenMP was told (OMP_NUM_THREADS, omp_set_num_threads); otherwise the processors of the affinity mask, within
 * the control group's quota. */
static int default_threads(void)
{
    static atomic_int quota; /* read once; 0: not yet */
    int cpus = atomic_load_explicit(&quota, memory_order_relaxed), asked = omp_get_max_threads();
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

int zsc_threads(const zsc_exec *exec)
{
    openblas_set_num_threads(1);
    int threads = exec && exec->threads > 0 ? exec->threads : default_threads();
    threads = smaller(threads, omp_get_thread_limit());
    return threads > 1 && may_have_team() ? threads : 1;
}

bool zsc_progress(const zsc_exec *exec, const char *stage, double done, double total)
{
    return !exec || !exec->progress || exec->progress(exec->progress_data, stage, done, total);
}

int zsc_thread_number(void) { return omp_get_thread_num(); }
