/* Retrieval: queries of one encoder in keys of another or of the same, scored by the labels of the nearest keys. */
#ifndef ZSC_EXPERIMENT_RETRIEVE_H
#define ZSC_EXPERIMENT_RETRIEVE_H

#include "base/names.h"
#include "data/dataset.h"
#include "experiment/pipeline/retrieve_examples.h"
#include "zsc/dataset.h"
#include "zsc/knn.h"
#include "zsc/retrieval.h"

/* What becomes of queries whose ids are among those of the keys. */
typedef enum zsc_known_queries {
    ZSC_KNOWN_DROP,   /* they are no queries */
    ZSC_KNOWN_OTHERS, /* their own key does not count */
    ZSC_KNOWN_KEEP
} zsc_known_queries;

#define ZSC_RETRIEVAL_TEMPERATURE 0.07 /* of weighted votes (Wu et al. 2018) */

typedef struct zsc_retrieve_options {  /* strings and lists are the caller's */
    zsc_dataset_options keys, queries; /* the queries' but for the split */
    const char *const *split;          /* the queries' columns; NULL: one, of all rows */
    size_t splits;
    const size_t *k; /* ascending */
    size_t ks;
    zsc_metric metric;
    bool weighted; /* by votes */
    zsc_known_queries known;
    size_t examples; /* queries that are kept with their nearest keys */
    uint64_t seed;   /* of the choice of these */
} zsc_retrieve_options;

typedef struct zsc_retrieve_column { /* the queries of one entry of `split` */
    const char *split;               /* "all" where none was given */
    size_t rows;                     /* that were searched */
    size_t known;                    /* queries whose ids are among the keys' */
} zsc_retrieve_column;

typedef struct zsc_retrieve_result {
    size_t keys, distinct_keys, dim;
    uint64_t measured;       /* pairs of which the distance was computed */
    zsc_dataset key_data;    /* without its matrix */
    zsc_dataset *query_data; /* by column; the same */
    zsc_retrieve_column *column;
    size_t columns;
    char **rank;
    size_t ranks, ks;
    zsc_names *name;                /* by rank: labels */
    size_t names;                   /* how many of these */
    zsc_retrieval_scores *scores;   /* ranks x ks x columns */
    zsc_retrieval_details *details; /* likewise; labels are numbers of `name` */
    zsc_retrieve_example *example;
    size_t examples;
    bool simulated;
    double seconds; /* of the search */
} zsc_retrieve_result;

/* ZSC_EUSAGE, ZSC_EINPUT: as zsc_dataset_load; other widths, no common rank, no labels, fewer keys than neighbours, all
 * queries among the keys. *out is set on success only; the caller frees it. */
zsc_status zsc_retrieve(const zsc_retrieve_options *options, const zsc_exec *exec, zsc_retrieve_result *out);

/* Several query encoders in one key encoder: PAIRS options that differ in the embeddings of the queries alone. Keys are
 * loaded and prepared once, and all queries are searched together; what is found is the same as with zsc_retrieve. FN
 * is called for each pair with its result, which stays the search's. CACHE may be NULL. */
typedef zsc_status (*zsc_retrieve_fn)(void *data, size_t pair, const zsc_retrieve_result *found);
zsc_status zsc_retrieve_pairs(const zsc_retrieve_options *options, size_t pairs, const zsc_exec *exec,
                              zsc_dataset_cache *cache, zsc_retrieve_fn fn, void *data);

void zsc_retrieve_free(zsc_retrieve_result *result);

static inline const zsc_retrieval_scores *zsc_retrieve_score(const zsc_retrieve_result *r, size_t rank, size_t k,
                                                             size_t column)
{
    return &r->scores[(rank * r->ks + k) * r->columns + column];
}

static inline const zsc_retrieval_details *zsc_retrieve_details(const zsc_retrieve_result *r, size_t rank, size_t k,
                                                                size_t column)
{
    return &r->details[(rank * r->ks + k) * r->columns + column];
}

#endif
