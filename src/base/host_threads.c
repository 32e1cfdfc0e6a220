#include "base/host_threads.h"

#include <omp.h>

static _Thread_local int scopes, number;

int zsc_host_threads(void) { return scopes ? number : omp_get_max_threads(); }

void zsc_host_threads_enter(void)
{
    if (scopes++ == 0) number = omp_get_max_threads();
}

void zsc_host_threads_leave(bool restore)
{
    if (--scopes == 0 && restore) omp_set_num_threads(number);
}

int zsc_host_threads_scopes(void) { return scopes; }
