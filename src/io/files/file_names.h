/* What the names of files and folders say: the split, and the encoder.
 *
 * zs-ssl-clustering writes <split>__z<zoom>/<dataset>__<model>.npz for images and <split>[__maxlen<length>]/... for
 * barcodes; CLIBD writes extracted_features_of_<split>.hdf5, and calls the splits of BIOSCAN-5M by names of its own. */
#ifndef ZSC_IO_FILE_NAMES_H
#define ZSC_IO_FILE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

/* The splits that NAME stands for, joined with '+': "unseen_test" is "test_unseen", "all_keys" is "train+key_unseen".
 * NULL: NAME is none of BIOSCAN-5M's or CLIBD's. */
const char *zsc_splits_named(const char *name);

/* The length of NAME, a file's without folders, before the endings that say packing and format: 1 of "x.csv.gz". */
size_t zsc_file_name_stem(const char *name);

typedef struct zsc_file_name {
    char *encoder;        /* the file's name without its endings and, of a study's file, without data set and split */
    const char *split;    /* one of BIOSCAN-5M's, or a name of several (all_keys); NULL: nothing says it */
    const char *modality; /* "image", "dna" by the folder; "" */
    bool of_study;        /* called as zs-ssl-clustering does: files of one encoder have one name in all splits */
} zsc_file_name;

/* Only names are looked at: of the file and, for the split, of its folder. The caller frees out->encoder. */
zsc_status zsc_file_name_read(const char *path, zsc_file_name *out);
/* The encoder's name without a split at its end, whosever file it is: "a/dino_test.npz" -> "dino". The caller frees it.
 */
zsc_status zsc_file_name_model(const char *path, char **out);

#endif
