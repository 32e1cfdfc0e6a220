/* Loading a dataset, shared by the files that do it. Steps, each a file:
 *
 *   embedded.c   open the embeddings, number the ids of the first, find them in the others
 *   columns.c    labels, splits and barcodes of those ids, from the metadata or from the first file
 *   select.c     which rows stay
 *   matrix.c     their vectors, and nothing else, into memory
 *   scale.c      scaling
 *   dataset.c    all of it
 *
 * cache.c keeps the second and the last two for the datasets that come after (data/cache.h). */
#ifndef ZSC_DATA_LOAD_H
#define ZSC_DATA_LOAD_H

#include "base/error.h"
#include "base/hash.h"
#include "base/names.h"
#include "data/cache.h"
#include "io/embeddings.h"
#include "zsc/dataset.h"

typedef struct load_column {
    const char *name;
    bool rank;       /* returned as a rank; otherwise the split or a column of --where */
    bool known;      /* the metadata or the file has it */
    int32_t *code;   /* load->n */
    zsc_names names; /* code -> name */
} load_column;

/* What columns.c finds out. */
typedef struct load_labels {
    load_column *column; /* the split comes first */
    size_t columns;
    zsc_list names;      /* of the columns */
    zsc_digest *barcode; /* n, both zero where there is none; NULL where not asked for */
    uint8_t *unlabelled; /* n: in no row of the metadata */
} load_labels;

typedef struct load_identity { /* of an input's files: io/input_files.h */
    zsc_digest digest;
    bool known;
} load_identity;

typedef struct load {
    const zsc_dataset_options *options;
    const zsc_exec *exec;
    bool all_columns;      /* every column of text that there is, barcodes too */
    size_t files;          /* embeddings asked for */
    zsc_embeddings **file; /* the same pointer where two embeddings come from one file */
    const zsc_encoder **encoder;
    load_identity *identity; /* of the files, from before they were opened; asked for with a cache alone */
    size_t n;                /* rows of the first file */
    zsc_names id;            /* number: row of the first file */
    int32_t **place;         /* for each file: row there of a row of the first, -1; NULL: the same rows */
    load_labels labels;
    bool borrowed;            /* the labels are the cache's */
    zsc_dataset_cache *cache; /* or NULL */
    uint8_t *unmatched;       /* n: in no row of the metadata or of another modality */
    zsc_selection selection;
    int32_t *kept; /* selection.kept rows of the first file, ascending */
} load;

void load_free(load *l);
void load_labels_free(load_labels *labels);
zsc_status load_files(load *l);
zsc_status load_columns(load *l);
zsc_status load_select(load *l);
/* Columns `offset` .. of x (row length `stride`): the vectors of file m. */
zsc_status load_matrix(load *l, size_t m, float *x, size_t stride);

/* --- The cache: every function accepts NULL for none. */
/* Whether nothing was said of the file yet; true without a cache. */
bool cache_first_time(zsc_dataset_cache *cache, const char *path);
void cache_begin(zsc_dataset_cache *cache); /* of one load: what it uses stays */
const load_labels *cache_find_labels(zsc_dataset_cache *cache, zsc_digest key);
bool cache_keep_labels(zsc_dataset_cache *cache, zsc_digest key, const load_labels *labels,
                       size_t n); /* true: they are the cache's now */
bool cache_take_matrix(zsc_dataset_cache *cache, zsc_digest key, size_t n, size_t d, float *x, size_t stride);
void cache_keep_matrix(zsc_dataset_cache *cache, zsc_digest key, size_t n, size_t d, const float *x, size_t stride);

/* A column by name; NULL if it was not asked for. */
load_column *load_find(load *l, const char *name);

/* Scales the d columns of x (n rows of `stride` floats) in place; see zsc_scale_rows. */
zsc_status zsc_scale_block(float *x, size_t n, size_t d, size_t stride, zsc_scale scale, const int32_t *group,
                           size_t groups, const zsc_exec *exec);

/* What two barcodes are compared by: the first max_length letters (0: all), without N at the end, in capitals; both
 * zero for none. */
zsc_digest zsc_barcode_digest(const char *barcode, size_t length, size_t max_length, zsc_text *scratch);

#endif
