/* What a sweep knows of runs beside their results: which are there, which another process computes, which failed.
 * OUTPUT is the folder of results. */
#ifndef ZSC_EXPERIMENT_RUN_INDEX_H
#define ZSC_EXPERIMENT_RUN_INDEX_H

#include "base/hash.h"
#include "zsc/experiment.h"

/* A run before its inputs are read. */
typedef struct zsc_run_identity {
    zsc_digest settings; /* what the user has said of it */
    zsc_digest all;      /* that, and the state of its inputs' files */
    bool known;          /* false: they cannot be asked, and the run must read them */
} zsc_run_identity;
/* Of the settings alone. */
zsc_status zsc_run_index_settings(const zsc_run_options *options, zsc_digest *out);
/* To be taken before the inputs are read. */
zsc_status zsc_run_index_identity(const zsc_run_options *options, zsc_run_identity *out);

/* Whether the run is known and its result is whole, without reading its inputs. */
zsc_status zsc_run_index_find(const char *output, const zsc_run_identity *identity, bool *found);
/* The run's result has been written under KEY. */
zsc_status zsc_run_index_add(const char *output, const zsc_run_identity *identity, const char *key);
/* The result under KEY is gone: entries that lead to it go too. */
zsc_status zsc_run_index_forget(const char *output, const char *key);
/* The run failed; LINE says how. */
zsc_status zsc_run_index_fail(const char *output, const zsc_run_identity *identity, const char *line);

/* A descriptor that holds the lock of the run with this key, or -1: another process has it. *status: the file cannot be
 * made. */
int zsc_run_index_claim(const char *output, const char *key, zsc_status *status);
void zsc_run_index_release(const char *output, const char *key, int descriptor);

#endif
