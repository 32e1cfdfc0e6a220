/* Some queries with their nearest keys, to be looked at. */
#ifndef ZSC_EXPERIMENT_RETRIEVE_EXAMPLES_H
#define ZSC_EXPERIMENT_RETRIEVE_EXAMPLES_H

#include "zsc/dataset.h"

enum { ZSC_EXAMPLE_KEYS = 5 };

typedef struct zsc_retrieve_example {
    size_t column, row; /* of the query, in its dataset */
    size_t keys;        /* as many as there are, at most ZSC_EXAMPLE_KEYS; nearest first */
    int32_t key[ZSC_EXAMPLE_KEYS];
    float distance[ZSC_EXAMPLE_KEYS];
} zsc_retrieve_example;

/* COUNT of the N numbers from 0 on, drawn without replacement and in order; fewer where N is less. *out is the
 * caller's.
 */
zsc_status zsc_retrieve_draw(size_t n, size_t count, uint64_t seed, size_t **out, size_t *drawn);

/* The finest rank at which both rows have a label and it is the same; NULL: there is none. */
const char *zsc_deepest_shared_rank(const zsc_dataset *a, size_t row_a, const zsc_dataset *b, size_t row_b);

/* Names of image files of COUNT ids, from the column image_file (or image_path, filename) of METADATA, a table; NULL
 * where there is none. Entries of *out and *out are the caller's; *out is NULL where METADATA has no such column. */
zsc_status zsc_retrieve_images(const char *metadata, const zsc_table_layout *layout, const zsc_columns *columns,
                               const char *const *id, size_t count, char ***out);

#endif
