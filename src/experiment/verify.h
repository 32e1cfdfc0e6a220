/* A fixed problem, computed stage by stage: whether this machine gives the bytes that every other one should give. */
#ifndef ZSC_EXPERIMENT_VERIFY_H
#define ZSC_EXPERIMENT_VERIFY_H

#include <stdbool.h>

#include "base/hash.h"
#include "zsc/exec.h"
#include "zsc/status.h"

enum { ZSC_VERIFY_STAGES = 11 };

typedef struct zsc_verified {
    const char *stage;
    char digest[ZSC_DIGEST_TEXT]; /* of its output */
    const char *expected;
    bool agrees;
} zsc_verified;

/* Each stage takes the output of those before it: after the first that differs, others differ too. Some 20 ms. */
zsc_status zsc_verify(const zsc_exec *exec, zsc_verified out[ZSC_VERIFY_STAGES]);

/* One digest of all stages, computed once for the process. */
zsc_status zsc_verify_digest(char digest[ZSC_DIGEST_TEXT]);

#endif
