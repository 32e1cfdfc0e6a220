/* What a sweep knows of runs beside their results: which are there, which another process computes, which failed.
 * OUTPUT is the folder of results. */
#ifndef ZSC_EXPERIMENT_RUN_INDEX_H
#define ZSC_EXPERIMENT_RUN_INDEX_H

#include "base/hash.h"
#include "base/text.h"
#include "zsc/experiment.h"

/* A run before its inputs are read. */
typedef struct zsc_run_identity {
    zsc_digest settings; /* what the user has said of it */
    zsc_digest all;      /* that, and the state of its inputs' files */
    bool recent;         /* an input had changed just before, and its contents are part of ALL */
    bool known;          /* false: they cannot be asked, and the run must read them */
} zsc_run_identity;
/* Of the settings alone. */
zsc_status zsc_run_index_settings(const zsc_run_options *options, zsc_digest *out);
/* To be taken before the inputs are read. */
zsc_status zsc_run_index_identity(const zsc_run_options *options, zsc_run_identity *out);

/* The same of a search of queries in keys, whose settings are CONFIG; with CONTENTS of files, as when they had just
 * been written. */
zsc_status zsc_run_index_identity_of_search(const char *config, const zsc_dataset_options *keys,
                                            const zsc_dataset_options *queries, bool contents, zsc_run_identity *out);

/* Settings of runs, as texts of their digests, whose identity was taken when an input had just been written: such a run
 * is found under an identity that has its contents. */
zsc_status zsc_run_index_recent(const char *output, zsc_list *settings);
/* Where the run's settings are among RECENT, the identity that it would have had then, if its inputs are the same. */
zsc_status zsc_run_index_identity_of_past(const zsc_run_options *options, const zsc_list *recent,
                                          zsc_run_identity *identity);

/* Whether the run is known and its result is whole, without reading its inputs. */
zsc_status zsc_run_index_find(const char *output, const zsc_run_identity *identity, bool *found);
/* What has become of a run. Of its result the scores are read, and not its arrays. CLAIMED: of zsc_run_index_claimed.
 */
typedef enum zsc_run_state {
    ZSC_RUN_DONE,
    ZSC_RUN_FAILED,
    ZSC_RUN_UNDER_WAY,
    ZSC_RUN_TO_DO,
    ZSC_RUN_STATES
} zsc_run_state;
zsc_status zsc_run_index_state(const char *output, const zsc_run_identity *identity, const zsc_list *claimed,
                               zsc_run_state *out);
/* The digests, as texts, of the settings of runs that processes are computing. */
zsc_status zsc_run_index_claimed(const char *output, zsc_list *settings);

/* The run's result has been written under KEY. */
zsc_status zsc_run_index_add(const char *output, const zsc_run_identity *identity, const char *key);
/* The result under KEY is gone: entries that lead to it go too. */
zsc_status zsc_run_index_forget(const char *output, const char *key);
/* The run failed; LINE says how. */
zsc_status zsc_run_index_fail(const char *output, const zsc_run_identity *identity, const char *line);

/* A descriptor that holds the lock of the run with this key, or -1: another process has it. *status: the file cannot be
 * made. IDENTITY (may be NULL): which run it is, for zsc_run_index_claimed. */
int zsc_run_index_claim(const char *output, const char *key, const zsc_run_identity *identity, zsc_status *status);
void zsc_run_index_release(const char *output, const char *key, int descriptor);

#endif
