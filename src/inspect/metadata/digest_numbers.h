/* Numbers of digests by first appearance: each distinct one gets the next. */
#ifndef ZSC_INSPECT_DIGEST_NUMBERS_H
#define ZSC_INSPECT_DIGEST_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "zsc/status.h"

typedef struct zsc_digest_numbers { /* start from {0} */
    zsc_digest *digest;             /* slots; {0, 0}: empty */
    int32_t *number;
    size_t slots, count; /* a power of two */
} zsc_digest_numbers;

/* DIGEST is not {0, 0}; *added (may be NULL) tells whether it is new. At most 2^31 - 1. 20 bytes per slot, of which at
 * most 3 of 4 are taken. */
zsc_status zsc_digest_numbers_add(zsc_digest_numbers *numbers, zsc_digest digest, int32_t *number, bool *added);
/* Asks for the memory where DIGEST will be looked up, so that several look-ups wait at the same time. */
static inline void zsc_digest_numbers_prefetch(const zsc_digest_numbers *numbers, zsc_digest digest)
{
    size_t at = numbers->slots ? (size_t)digest.low & (numbers->slots - 1) : 0;
    __builtin_prefetch(numbers->digest + at);
    __builtin_prefetch(numbers->number + at);
}
void zsc_digest_numbers_free(zsc_digest_numbers *numbers);

#endif
