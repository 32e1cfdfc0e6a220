#include "base/threads.h"

#include <cblas.h>
#include <omp.h>

int zsc_threads(const zsc_exec *exec)
{
    openblas_set_num_threads(1);
    int threads = exec && exec->threads > 0 ? exec->threads : omp_get_num_procs();
    return threads > 0 ? threads : 1;
}

bool zsc_progress(const zsc_exec *exec, const char *stage, double done, double total)
{
    return !exec || !exec->progress || exec->progress(exec->progress_data, stage, done, total);
}

int zsc_thread_number(void) { return omp_get_thread_num(); }
