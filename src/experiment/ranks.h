/* Several processes at one sweep. Without MPI, or started without mpirun, there is one: rank 0 of 1. */
#ifndef ZSC_EXPERIMENT_RANKS_H
#define ZSC_EXPERIMENT_RANKS_H

#include <stddef.h>

#include "zsc/status.h"

/* Joins the other ranks where the program was started by mpirun or srun. Call once, in all ranks; zsc_ranks_stop at the
 * end. */
zsc_status zsc_ranks_start(void);
void zsc_ranks_stop(void);
int zsc_ranks_me(void);
int zsc_ranks_count(void);

/* 0, 1, 2, ...: each number to one rank only, in the order in which ranks ask. For several ranks. */
zsc_status zsc_ranks_next(size_t *number);
/* Lets messages pass while this rank computes; call now and then. */
void zsc_ranks_poll(void);
/* Sums of COUNT values over all ranks, to all. Collective. */
zsc_status zsc_ranks_sum(size_t *values, int count);

#endif
