/* What a file holds: for `zsc info`. */
#ifndef ZSC_INSPECT_INFO_H
#define ZSC_INSPECT_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "inspect/encoder_stats.h"
#include "inspect/h5_contents.h"
#include "inspect/row_stats.h"
#include "zsc/dataset.h"
#include "zsc/status.h"

typedef struct zsc_info {
    char *path, *layout; /* "zsc", "metadata", ... */
    char *description;
    char *checksums;     /* of a result: "match", "damaged", or that there are none; NULL: not a result */
    size_t damaged;      /* arrays of a result that its checksums do not match: each is a sentence among the problems */
    char *remark;        /* what was guessed of the file; NULL: nothing */
    char *asked_encoder; /* the encoder or pattern of SPEC; NULL: none */
    bool simulated;
    zsc_encoder_stats *encoder;
    size_t encoders;
    zsc_row_stats row_stats;
    zsc_list other;           /* columns of a CSV that are none of these */
    zsc_list parts, left_out; /* the files of a folder or list that are read as one, and others in the folder */
    zsc_h5_contents contents; /* of an HDF5 file in no layout that zsc knows */
    zsc_list problem;         /* sentences */
} zsc_info;

/* Reads the whole file once, in pieces. SPEC is FILE or, of embeddings, FILE:ENCODER, which may be a pattern. LAYOUT,
 * COLUMNS, MISSING_VALUES, WHERE and IDS (may be NULL) are as in zsc_dataset_options; ZSC_EUSAGE where the file is of
 * the kind that they say nothing about. */
zsc_status zsc_info_read(const char *spec, const zsc_file_layout *file_layout, const zsc_columns *columns,
                         const char *missing_values, const zsc_list *where, const char *ids, const zsc_exec *exec,
                         zsc_info *out);
void zsc_info_free(zsc_info *info);

#endif
