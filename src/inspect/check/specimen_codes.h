/* Metadata as numbers, for checks that compare rows: names of each rank, barcodes, splits, ids. */
#ifndef ZSC_INSPECT_SPECIMEN_CODES_H
#define ZSC_INSPECT_SPECIMEN_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "inspect/check/findings.h"
#include "inspect/metadata/metadata_rows.h"
#include "zsc/exec.h"

enum { ZSC_CHECK_RANKS = 8 };
/* phylum class order family subfamily genus species dna_bin */
extern const char *const zsc_check_ranks[ZSC_CHECK_RANKS];
enum { ZSC_CHECK_FAMILY = 3, ZSC_CHECK_SUBFAMILY = 4, ZSC_CHECK_GENUS = 5, ZSC_CHECK_SPECIES = 6, ZSC_CHECK_BIN = 7 };

typedef struct zsc_specimens {
    size_t n;
    bool has_rank[ZSC_CHECK_RANKS], has_barcode, has_split, has_coordinates, has_id;
    zsc_names name[ZSC_CHECK_RANKS];
    int32_t *code[ZSC_CHECK_RANKS]; /* [n]; -1: missing; NULL: the file lacks the rank */
    int32_t *barcode;               /* [n], numbered by first appearance, in capitals without N at the end; -1: none */
    size_t barcodes;
    zsc_names split;
    int32_t *split_code; /* [n]; -1: none */
    uint32_t *row;       /* [n], of the file, from 1 */
    size_t capacity;
} zsc_specimens;

/* Reads all rows. What a row shows by itself (repeated ids, faults of barcodes, coordinates) goes to
 * FINDINGS, if that is not NULL. 48 bytes
 * per row, 20 per slot of distinct ids and barcodes, and the names. */
zsc_status zsc_specimens_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_findings *findings,
                              zsc_specimens *out);
void zsc_specimens_free(zsc_specimens *specimens);
/* The name of row I at RANK, or "". */
const char *zsc_specimens_name(const zsc_specimens *s, size_t rank, size_t i);

/* Rows in the order of their barcodes: those of barcode b are row[first[b]] .. row[first[b + 1] - 1], ascending. `row`
 * is n long. */
typedef struct zsc_barcode_rows {
    size_t *first;
    uint32_t *row;
    size_t most; /* rows of a barcode */
} zsc_barcode_rows;
zsc_status zsc_specimens_by_barcode(const zsc_specimens *s, zsc_barcode_rows *out);
void zsc_barcode_rows_free(zsc_barcode_rows *rows);

#endif
