#include "inspect/metadata/value_counts.h"

#include <stdlib.h>

#include "base/memory.h"

zsc_status zsc_value_counts_add(zsc_value_counts *c, zsc_digest digest, unsigned split)
{
    zsc_status status = ZSC_OK;
    int32_t number = 0;
    bool added = false;
    ZSC_TRY(zsc_digest_numbers_add(&c->values, digest, &number, &added));
    if (added) {
        ZSC_TRY(zsc_grow(&c->rows, &c->rows_capacity, c->values.count, sizeof *c->rows, "counts"));
        c->rows[number] = 0;
        if (c->by_split) {
            ZSC_TRY(zsc_grow(&c->splits, &c->splits_capacity, c->values.count, sizeof *c->splits, "splits of values"));
            c->splits[number] = 0;
        }
    }
    c->rows[number]++;
    if (c->by_split) c->splits[number] |= (uint64_t)1 << split;
    c->labelled++;
done:
    return status;
}

void zsc_value_counts_free(zsc_value_counts *c)
{
    zsc_digest_numbers_free(&c->values);
    free(c->rows);
    free(c->splits);
    c->rows = NULL;
    c->splits = NULL;
}
