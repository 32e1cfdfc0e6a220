/* Several processes at one sweep. Without MPI, or started without mpirun, there is one: rank 0 of 1. */
#ifndef ZSC_EXPERIMENT_MPI_H
#define ZSC_EXPERIMENT_MPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

/* Joins the other ranks where the program was started by mpirun or srun. Call once, in all ranks; zsc_mpi_stop at the
 * end. */
zsc_status zsc_mpi_start(void);
void zsc_mpi_stop(void);
/* Whether zsc was built with MPI. */
bool zsc_mpi_is_there(void);
int zsc_mpi_me(void);
int zsc_mpi_count(void);

/* 0, 1, 2, ...: each number to one rank only, in the order in which ranks ask. For several ranks. */
zsc_status zsc_mpi_next(size_t *number);
/* Whether VALUE is that of the first rank that asked. Waits for no other rank. */
zsc_status zsc_mpi_agrees(uint64_t value, bool *agrees);
/* Lets messages pass while this rank computes; call now and then. */
void zsc_mpi_poll(void);
/* Sums of COUNT values over all ranks, to all. Collective. */
zsc_status zsc_mpi_sum(size_t *values, int count);

#endif
