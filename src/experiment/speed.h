/* How fast this machine is now, with these threads and beside whatever else it runs: what estimates are scaled by. */
#ifndef ZSC_EXPERIMENT_SPEED_H
#define ZSC_EXPERIMENT_SPEED_H

#include "zsc/exec.h"
#include "zsc/status.h"

typedef struct zsc_speed {
    int threads;     /* among which work is divided: 1 for processor time */
    double slowdown; /* how many times as long work takes as on the machine that estimate.c has its rates from */
    double waiting;  /* seconds that threads wait for each other where they meet: much on a busy machine */
} zsc_speed;

/* Of both clocks at once. Takes about a second. */
zsc_status zsc_speed_measure(const zsc_exec *exec, zsc_speed *wall, zsc_speed *cpu);

#endif
