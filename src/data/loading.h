/* A dataset that is being loaded: what the steps of dataset.c and import.c have found so far. In their order:
 *
 *   join_embeddings   opens the embeddings (row_order gives ids to those without), numbers the ids of the first, finds
 *                     them in the others
 *   find_labels       labels, splits and barcodes of those ids, from the metadata or from the first file
 *   select_rows       which rows stay
 *   read_matrix       their vectors, and nothing else, into memory
 *   scale             scaling
 *
 * dataset_cache keeps what row_order, the second and the last two make for the datasets that come after. */
#ifndef ZSC_DATA_LOADING_H
#define ZSC_DATA_LOADING_H

#include "base/error.h"
#include "base/hash.h"
#include "base/names.h"
#include "data/id_list.h"
#include "io/embeddings.h"
#include "io/labels/missing_labels.h"
#include "zsc/dataset.h"

typedef struct zsc_label_column {
    const char *name;
    bool rank;       /* returned as a rank; otherwise the split or a column of --where */
    bool known;      /* the metadata or the file has it */
    bool guessed;    /* a rank only if its values are those of labels: find_ranks.c */
    bool own;        /* it is the file's */
    int32_t *code;   /* one per row of the first file; -1: missing */
    zsc_names names; /* code -> name */
} zsc_label_column;

/* What find_labels finds. */
typedef struct zsc_loaded_labels {
    zsc_label_column *column; /* the split comes first */
    size_t columns;
    zsc_list names;      /* of the columns */
    zsc_digest *barcode; /* n, both zero where there is none; NULL where not asked for */
    uint8_t *unlabelled; /* n: in no row of the metadata */
} zsc_loaded_labels;

typedef struct zsc_known_identity { /* of an input's files: io/files/input_files.h */
    zsc_digest digest;
    bool known;
} zsc_known_identity;

typedef struct zsc_loading {
    const zsc_dataset_options *options;
    const zsc_exec *exec;
    const char *table;                    /* from which metadata is read: data/label_table.h */
    const zsc_table_layout *table_layout; /* of it; may be NULL */
    char *own_table;                      /* made from metadata that is no table */
    bool by_row;                          /* which has no ids: rows are those of the embeddings */
    bool all_columns;                     /* every column of text that there is, barcodes too */
    size_t files;                         /* embeddings asked for */
    zsc_embeddings **file;                /* the same pointer where two embeddings come from one file */
    const zsc_encoder **encoder;
    zsc_known_identity *identity; /* of the files, from before they were opened; asked for with a cache alone */
    size_t n;                     /* rows of the first file */
    zsc_names id;                 /* number: row of the first file */
    zsc_id_list list;             /* of --ids */
    int32_t *listed;              /* n: place in the list, -1: not there; NULL: there is no list */
    int32_t **place;              /* for each file: row there of a row of the first, -1; NULL: the same rows */
    zsc_missing_labels missing;   /* by find_labels */
    zsc_loaded_labels labels;
    bool borrowed;                   /* the labels are the cache's */
    struct zsc_dataset_cache *cache; /* data/dataset_cache.h; or NULL */
    uint8_t *unmatched;              /* n: in no row of the metadata or of another modality */
    zsc_selection selection;
    bool silent;   /* zsc_read_matrix: its warnings have been given */
    int32_t *kept; /* selection.kept rows of the first file, ascending, or in the order of the list of ids */
} zsc_loading;

void zsc_loading_free(zsc_loading *l);
void zsc_loaded_labels_free(zsc_loaded_labels *labels);
/* A column by name; NULL if it was not asked for. */
zsc_label_column *zsc_loading_column(zsc_loading *l, const char *name);

#endif
