/* Rows counted: ids, names, barcodes, whatever file they come from. */
#ifndef ZSC_DATA_CENSUS_H
#define ZSC_DATA_CENSUS_H

#include "base/names.h"
#include "base/text.h"
#include "data/info.h"
#include "data/marks.h"

typedef struct zsc_tally { /* how often each name occurs in a column */
    const char *name;
    zsc_names names;
    size_t *rows; /* of each name */
    size_t capacity, missing;
} zsc_tally;

typedef struct zsc_census { /* start from .info, .exec and .tally */
    zsc_info *info;
    const zsc_exec *exec;
    zsc_tally *tally; /* the split first, then ranks */
    size_t tallies;
    bool split_known;
    zsc_marks ids, barcodes;
    zsc_text scratch;
} zsc_census;

/* One row's id, its name in a column, its barcode (length 0: none). Names are kept once, of the rest hashes. */
zsc_status zsc_census_id(zsc_census *c, const char *id, size_t length, size_t row);
zsc_status zsc_census_name(zsc_tally *t, const char *text, size_t length, bool missing);
zsc_status zsc_census_barcode(zsc_census *c, const char *barcode, size_t length);
zsc_status zsc_census_end(zsc_census *c); /* what has been counted goes into .info */
void zsc_census_free(zsc_census *c);

#endif
