/* Files of nearest neighbours: those of `zsc knn`, and those that sweeps keep with --cache.
 *
 *   /knn/index      int32 [n, k]     rows from 0, the row itself first
 *   /knn/distance   float32 [n, k]
 *   /id             string [n]       optional
 *   /key_id         string [keys]    of queries in keys: the ids of the rows that index counts
 *
 * Attributes of /knn, each of which may be absent: metric, search (exact or approx), distinct, simulated, matrix (the
 * digest of what was searched), queries (of queries in other rows: the digest of the queries), key (of all that made
 * the neighbours), checksum (of index and distance). */
#ifndef ZSC_IO_KNN_FILE_H
#define ZSC_IO_KNN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

typedef struct zsc_knn_file {
    size_t n, k;
    int32_t *index;  /* n x k */
    float *distance; /* n x k */
    size_t distinct; /* rows that differ from each other; n where the file does not say */
    bool simulated;
    char **id;     /* n in one block; NULL: none */
    char **key_id; /* of queries in keys; such files are written, not read */
    size_t keys;
    char *queries;                        /* the digest of the queries; NULL: rows are searched among themselves */
    char *metric, *search, *matrix, *key; /* NULL or "" where absent; "" after reading */
} zsc_knn_file;

/* Writes all of *file; what is NULL, "" or false is left out. */
zsc_status zsc_knn_file_write(const char *path, const zsc_knn_file *file);
/* Reads neighbours of N rows among themselves. ZSC_EINPUT: of another shape, of queries in other rows, or damaged: the
 * checksum is another. *out is set on success
 * only; the caller frees it. */
zsc_status zsc_knn_file_read(const char *path, size_t n, zsc_knn_file *out);
void zsc_knn_file_free(zsc_knn_file *file);

#endif
