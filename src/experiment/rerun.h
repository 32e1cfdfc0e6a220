/* A run again, from what its result says of it. */
#ifndef ZSC_EXPERIMENT_RERUN_H
#define ZSC_EXPERIMENT_RERUN_H

#include <jansson.h>

#include "base/text.h"
#include "zsc/experiment.h"

typedef struct zsc_rerun {
    zsc_run_options options; /* texts are those of the JSON below */
    const char *folder;      /* that the run's paths are relative to; NULL: not known */
    const char *fingerprint; /* digest of vectors, ids and labels; NULL in results of older versions */
    const char *kernels, *version;
    const char *verified; /* zsc_verify_digest; NULL in older results */
    json_t *config, *provenance;
    const char **list[5]; /* what the options' lists point to */
} zsc_rerun;

/* The options of RESULT, which must live as long. ZSC_EINPUT: it does not say enough. */
zsc_status zsc_rerun_read(const zsc_result *result, zsc_rerun *out);
void zsc_rerun_free(zsc_rerun *rerun);
/* Enters the folder that the run's paths are relative to; where it is not there, a note, and they are taken from here.
 * The caller comes back (fchdir). */
void zsc_rerun_enter(const zsc_rerun *rerun);

/* One array, or group of numbers, of two results. */
typedef struct zsc_array_check {
    const char *name;
    size_t values, differing;
} zsc_array_check;
enum { ZSC_ARRAY_CHECKS = 12 };
/* Both must have been read with all arrays. *count of them are there in either. */
void zsc_rerun_compare(const zsc_result *before, const zsc_result *after, zsc_array_check out[ZSC_ARRAY_CHECKS],
                       size_t *count);

#endif
