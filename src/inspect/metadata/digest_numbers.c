#include "inspect/metadata/digest_numbers.h"

#include <stdlib.h>

#include "base/memory.h"

static size_t find(const zsc_digest_numbers *d, zsc_digest digest)
{
    size_t at = (size_t)digest.low & (d->slots - 1);
    while ((d->digest[at].high || d->digest[at].low) && !zsc_digest_equal(d->digest[at], digest))
        at = (at + 1) & (d->slots - 1);
    return at;
}

static zsc_status grow(zsc_digest_numbers *d)
{
    enum { FIRST = 1024 };
    zsc_status status = ZSC_OK;
    zsc_digest_numbers larger = {.slots = d->slots ? 2 * d->slots : FIRST, .count = d->count};
    ZSC_NEW(larger.digest, larger.slots);
    ZSC_NEW(larger.number, larger.slots);
    for (size_t i = 0; i < d->slots; i++) {
        if (!d->digest[i].high && !d->digest[i].low) continue;
        size_t at = find(&larger, d->digest[i]);
        larger.digest[at] = d->digest[i];
        larger.number[at] = d->number[i];
    }
    zsc_digest_numbers_free(d);
    *d = larger;
    larger = (zsc_digest_numbers){0};
done:
    zsc_digest_numbers_free(&larger);
    return status;
}

zsc_status zsc_digest_numbers_add(zsc_digest_numbers *d, zsc_digest digest, int32_t *number, bool *added)
{
    if (d->count >= INT32_MAX) return zsc_fail(ZSC_EINPUT, "more than %d distinct values", INT32_MAX);
    if (d->count >= d->slots / 4 * 3) {
        zsc_status status = grow(d);
        if (status != ZSC_OK) return status;
    }
    size_t at = find(d, digest);
    bool fresh = !d->digest[at].high && !d->digest[at].low;
    if (fresh) {
        d->digest[at] = digest;
        d->number[at] = (int32_t)d->count++;
    }
    if (added) *added = fresh;
    *number = d->number[at];
    return ZSC_OK;
}

void zsc_digest_numbers_free(zsc_digest_numbers *d)
{
    free(d->digest);
    free(d->number);
    *d = (zsc_digest_numbers){0};
}
