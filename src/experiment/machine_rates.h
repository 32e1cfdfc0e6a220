/* How fast this machine does each kind of work: measured once by a small problem, and kept in the user's cache folder,
 * so that estimates hold where caches, memory and instruction sets are others than on the machine that estimate.c has
 * its rates from. */
#ifndef ZSC_EXPERIMENT_MACHINE_RATES_H
#define ZSC_EXPERIMENT_MACHINE_RATES_H

#include "zsc/exec.h"
#include "zsc/status.h"

typedef enum zsc_work {
    ZSC_WORK_SEARCH, /* neighbours, and other products of all pairs of rows */
    ZSC_WORK_START,  /* graph and initialisation */
    ZSC_WORK_LAYOUT, /* edge updates */
    ZSC_WORK_TREES,  /* Ward's method in UMAP's output, trees of rows, scores */
    ZSC_WORKS
} zsc_work;

/* How many times as long each kind takes one undisturbed thread as on the machine of estimate.c. */
typedef struct zsc_machine_rates {
    double times[ZSC_WORKS];
} zsc_machine_rates;

/* From $XDG_CACHE_HOME/zsc/rates (~/.cache/zsc/rates) if they are of this processor, these kernels and this build; else
 * measured, which takes a second of processor time, and written there. A folder that cannot be written to, or a damaged
 * file, is no error. Needs 40 MB while it measures. */
zsc_status zsc_machine_rates_get(const zsc_exec *exec, zsc_machine_rates *out);

#endif
