#include "inspect/metadata/value_counts.h"

#include <stdlib.h>

#include "base/memory.h"

static size_t find(const zsc_value_counts *c, zsc_digest digest)
{
    size_t at = (size_t)digest.low & (c->slots - 1);
    while ((c->digest[at].high || c->digest[at].low) && !zsc_digest_equal(c->digest[at], digest))
        at = (at + 1) & (c->slots - 1);
    return at;
}

static zsc_status grow(zsc_value_counts *c)
{
    enum { FIRST = 1024 };
    zsc_status status = ZSC_OK;
    zsc_value_counts larger = *c;
    larger.slots = c->slots ? 2 * c->slots : FIRST;
    larger.digest = NULL;
    larger.rows = NULL;
    larger.splits = NULL;
    ZSC_NEW(larger.digest, larger.slots);
    ZSC_NEW(larger.rows, larger.slots);
    if (c->by_split) ZSC_NEW(larger.splits, larger.slots);
    for (size_t i = 0; i < c->slots; i++) {
        if (!c->digest[i].high && !c->digest[i].low) continue;
        size_t at = find(&larger, c->digest[i]);
        larger.digest[at] = c->digest[i];
        larger.rows[at] = c->rows[i];
        if (c->by_split) larger.splits[at] = c->splits[i];
    }
    zsc_value_counts_free(c);
    *c = larger;
    return ZSC_OK;
done:
    zsc_value_counts_free(&larger);
    return status;
}

zsc_status zsc_value_counts_add(zsc_value_counts *c, zsc_digest digest, unsigned split)
{
    if (c->count >= c->slots / 4 * 3) {
        zsc_status status = grow(c);
        if (status != ZSC_OK) return status;
    }
    size_t at = find(c, digest);
    if (c->rows[at]++ == 0) {
        c->digest[at] = digest;
        c->count++;
    }
    if (c->by_split) c->splits[at] |= (uint64_t)1 << split;
    c->labelled++;
    return ZSC_OK;
}

void zsc_value_counts_free(zsc_value_counts *c)
{
    free(c->digest);
    free(c->rows);
    free(c->splits);
    c->digest = NULL;
    c->rows = NULL;
    c->splits = NULL;
}
