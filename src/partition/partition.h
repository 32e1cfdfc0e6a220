/* Specimens into splits by the rules of BIOSCAN-5M (sections 4.1 and A4.5): by the kind of a species' name, and so that
 * no barcode is in two splits. */
#ifndef ZSC_PARTITION_PARTITION_H
#define ZSC_PARTITION_PARTITION_H

#include <stddef.h>
#include <stdint.h>

#include "inspect/check/specimen_codes.h"

typedef enum zsc_split_id {
    ZSC_SPLIT_PRETRAIN,
    ZSC_SPLIT_TRAIN,
    ZSC_SPLIT_VAL,
    ZSC_SPLIT_TEST,
    ZSC_SPLIT_KEY_UNSEEN,
    ZSC_SPLIT_VAL_UNSEEN,
    ZSC_SPLIT_TEST_UNSEEN,
    ZSC_SPLIT_OTHER_HELDOUT,
    ZSC_SPLITS
} zsc_split_id;
extern const char *const zsc_split_id_names[ZSC_SPLITS];

/* By a species' name: seen for a scientific name; unseen for a placeholder in a genus with a scientific name; heldout
 * for a genus that is a placeholder; unknown without a name, or with one that identifies nothing. */
typedef enum zsc_species_kind { ZSC_KIND_SEEN, ZSC_KIND_UNSEEN, ZSC_KIND_HELDOUT, ZSC_KIND_UNKNOWN } zsc_species_kind;
extern const char *const zsc_species_kind_names[];
/* GENUS may be "": the first word of SPECIES then counts. */
zsc_species_kind zsc_kind_of_species(const char *species, const char *genus);

typedef struct zsc_partition_options {
    uint64_t seed;
    double val, val_unseen; /* of the records that are left beside the test splits, 0 .. 1 */
} zsc_partition_options;
zsc_partition_options zsc_partition_defaults(void); /* 0, 0.05, 0.2 */

/* Of a species that has a part in the test split. */
enum { ZSC_TEST_LEAST_RECORDS = 8, ZSC_TEST_LEAST_BARCODES = 2 };

typedef struct zsc_species_partition {
    int32_t species; /* a code of the specimens */
    zsc_species_kind kind;
    size_t records, barcodes;               /* rows without a barcode count as a barcode each */
    size_t target_records, target_barcodes; /* of the test split; 0: the species is too small for it */
    size_t test, val, rest;                 /* records: `rest` in train or key_unseen */
} zsc_species_partition;

typedef struct zsc_partition {
    unsigned char *split; /* [n]: a zsc_split_id */
    zsc_species_partition *species;
    size_t species_count;
    size_t records[ZSC_SPLITS], barcodes[ZSC_SPLITS], named[ZSC_SPLITS]; /* named: distinct species */
    size_t followed; /* rows whose own name would put them elsewhere: they follow their barcode */
} zsc_partition;

/* Rows of one barcode go together: to the first of seen, unseen, heldout, unknown that one of them belongs to, and with
 * the most frequent of their species of that kind. Of a species with n >= 8 records and m >= 2 barcodes, barcodes drawn
 * at random go to the test split while they are at most floor(1 + (m - 2) / 3), and their records at most min(25,
 * floor(4 + (n - 8) / 4)). Then barcodes go to the validation split, until it has its share of the rest; a species
 * keeps one barcode outside. O(n log n); one seed gives the same splits of the same rows. */
zsc_status zsc_partition_make(const zsc_specimens *specimens, const zsc_partition_options *options, zsc_partition *out);
void zsc_partition_free(zsc_partition *partition);

#endif
