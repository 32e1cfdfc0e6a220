/* How fast this machine is now, with these threads and beside whatever else it runs: what estimates are scaled by. */
#ifndef ZSC_EXPERIMENT_SPEED_H
#define ZSC_EXPERIMENT_SPEED_H

#include "zsc/exec.h"
#include "zsc/status.h"

typedef struct zsc_speed {
    double slowdown; /* how many times as long work takes as on the machine that estimate.c has its rates from */
    double waiting;  /* seconds that threads wait for each other where they meet: much on a busy machine */
} zsc_speed;

/* Takes about half a second. */
zsc_status zsc_speed_measure(const zsc_exec *exec, zsc_speed *out);

#endif
