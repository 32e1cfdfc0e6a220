/* A result on disk: one HDF5 file per run, written whole or not at all, checked when read. Here are the tables of what
 * it holds, by which it is written, read, hashed and freed.
 *
 *   /                    attributes: zsc_result, key, config, provenance, settings, checksum_scores, checksum_rows
 *   /modality/<i>        attributes of each embedding
 *   /selection           attributes: rows kept and why others went
 *   /stages              attributes: seconds per stage
 *   /scores/<column>     one value per rank
 *   /id  /clusters       one value per row
 *   /labels/<rank>       the true labels, "" missing
 *   /probability         one value per row, of clusterers that give it
 *   /layers              of --clusterer layers: result_layers.h
 *   /linkage             (rows - 1) x 4, as SciPy writes it; of agglomerative clustering
 *   /reduced  /curve/<rank>   where asked for
 *   /cut_curve           of --cut gap, elbow or silhouette: numbers of clusters, and what the rule measured
 *
 * A result of retrieval has the attributes, kind "retrieval" among them, /modality, and
 *   /retrieval           JSON, as bytes: retrieval_record.h
 *
 * Attributes against damage: checksum_scores covers settings and scores, which are the same at each computation,
 * checksum_others what is not (provenance, paths, memory, times); "checksums" lists the arrays, and whoever reads one
 * compares it (io/h5/h5_checksums.c); checksum_rows covers all arrays together. Older results have the first and the
 * last: of them all arrays are read and compared. */
#ifndef ZSC_EXPERIMENT_RESULT_FIELDS_H
#define ZSC_EXPERIMENT_RESULT_FIELDS_H

#include <math.h>
#include <string.h>

#include "experiment/settings/clusterers.h"
#include "zsc/experiment.h"

enum { ZSC_RESULT_VERSION = 1 };

/* All arrays of a result. */
enum { ZSC_RESULT_ARRAYS = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE };

/* Columns of /scores: fields of zsc_rank_scores. */
typedef struct zsc_result_column {
    const char *name;
    bool whole; /* size_t, otherwise double */
    size_t offset;
} zsc_result_column;
typedef struct zsc_result_column_table {
    const zsc_result_column *item;
    size_t count;
} zsc_result_column_table;
extern const zsc_result_column_table zsc_result_columns;
extern const zsc_result_column_table zsc_result_noise_columns; /* of clusterers that may leave noise, and no others */

/* Attributes that are text or whole numbers, each a field of the struct that its table is of. */
typedef struct zsc_result_field {
    const char *name;
    size_t offset;
} zsc_result_field;
typedef struct zsc_result_field_table {
    const zsc_result_field *item;
    size_t count;
} zsc_result_field_table;
extern const zsc_result_field_table zsc_result_texts;          /* of zsc_result, attributes of / */
extern const zsc_result_field_table zsc_result_numbers;        /* likewise */
extern const zsc_result_field_table zsc_result_selections;     /* of zsc_selection, of /selection */
extern const zsc_result_field_table zsc_result_modality_texts; /* of zsc_modality, of /modality/<i> */

static inline char **zsc_result_text(const void *object, const zsc_result_field *field)
{
    return (char **)((const char *)object + field->offset);
}
static inline size_t *zsc_result_size(const void *object, const zsc_result_field *field)
{
    return (size_t *)((const char *)object + field->offset);
}

/* Whether the digest of the matrix is known; results of older versions have none. */
static inline bool zsc_result_has_matrix(const zsc_result *result) { return result->matrix && *result->matrix; }

/* What clustered it; results of older versions, and those of agglomerative clustering, do not say. */
const zsc_clusterer_traits *zsc_result_clusterer(const zsc_result *result);
static inline bool zsc_result_names_clusterer(const zsc_result *result)
{
    return result->clusterer && *result->clusterer;
}

/* The noise scores of a clustering without noise. */
static inline zsc_noise_scores zsc_noise_none(const zsc_scores *scores)
{
    return (zsc_noise_scores){.clustered = scores->rows, .ami_clustered = NAN, .ami_singletons = NAN};
}

/* Of queries in keys: of zsc retrieve or zsc probe. */
static inline bool zsc_result_is_retrieval(const zsc_result *result) { return result->kind && *result->kind; }

static inline bool zsc_result_is_probe(const zsc_result *result)
{
    return zsc_result_is_retrieval(result) && strcmp(result->kind, "probe") == 0;
}

/* Whether the clusters were scored in the matrix before it was reduced. */
static inline bool zsc_result_has_original_scores(const zsc_result *result)
{
    return !zsc_result_is_retrieval(result) && !isnan(result->internal_original.davies_bouldin);
}

/* Frees the arrays that WHAT names (ZSC_RESULT_... joined with |). */
void zsc_result_drop(zsc_result *result, unsigned what);

#endif
