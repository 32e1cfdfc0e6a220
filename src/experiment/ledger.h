/* What a sweep knows of runs beside their results: which are there, which another process computes, which failed.
 * OUTPUT is the folder of results. */
#ifndef ZSC_EXPERIMENT_LEDGER_H
#define ZSC_EXPERIMENT_LEDGER_H

#include "zsc/experiment.h"

/* Whether the run is known and its result is whole, without reading its inputs. */
zsc_status zsc_ledger_find(const char *output, const zsc_run_options *options, bool *found);
/* The run's result has been written under KEY. */
zsc_status zsc_ledger_add(const char *output, const zsc_run_options *options, const char *key);
/* The run failed; LINE says how. */
zsc_status zsc_ledger_fail(const char *output, const zsc_run_options *options, const char *line);

/* A descriptor that holds the lock of the run with this key, or -1: another process has it. *status: the file cannot be
 * made. */
int zsc_ledger_claim(const char *output, const char *key, zsc_status *status);
void zsc_ledger_release(const char *output, const char *key, int descriptor);

#endif
