/* How fast this machine is now, with these threads and beside whatever else it runs: what estimates are scaled by. */
#ifndef ZSC_EXPERIMENT_SPEED_H
#define ZSC_EXPERIMENT_SPEED_H

#include "experiment/machine_rates.h"

typedef struct zsc_speed {
    int threads; /* among which work is divided: 1 for processor time */
    double
        times[ZSC_WORKS]; /* how many times as long each kind of work takes as on the machine of estimate.c's rates */
    double busy;          /* of which what else runs here now makes it so many times as long */
    double waiting;       /* seconds that threads wait for each other where they meet: much on a busy machine */
} zsc_speed;

/* Of both clocks at once. Takes about a second, and another one where the rates of this machine are not known yet. */
zsc_status zsc_speed_measure(const zsc_exec *exec, zsc_speed *wall, zsc_speed *cpu);

#endif
