/* Keys and queries: how they are chosen, the ranks at which both have labels, and scores of what was found. */
#ifndef ZSC_EXPERIMENT_RETRIEVE_ROWS_H
#define ZSC_EXPERIMENT_RETRIEVE_ROWS_H

#include "base/names.h"
#include "data/dataset.h"
#include "experiment/pipeline/retrieve_examples.h"
#include "experiment/settings/linear_settings.h"
#include "metrics/bootstrap.h"
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
    size_t examples;                  /* queries that are kept with their nearest keys */
    uint64_t seed;                    /* of the choice of these */
    const zsc_linear_options *linear; /* NULL: the nearest keys; else the classes of a linear probe (probe_queries.h) */
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
    zsc_interval *interval; /* of harmonic means: ranks x ks x (micro, macro), NaN: few classes; NULL: one column */
    zsc_retrieve_example *example;
    size_t examples;
    zsc_probe *probe;     /* of a linear probe, by rank, without weights; NULL: of nearest keys */
    uint64_t stopping[2]; /* digest of the rows for early stopping; 0: there are none */
    bool simulated;
    bool stored;    /* nothing was searched: zsc_retrieve_stored_fn has set what there is */
    double seconds; /* of the search, or of fits and classification */
} zsc_retrieve_result;

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

/* --- For what finds something of queries in keys (retrieve.c). The first fields are the caller's. */
typedef struct zsc_retrieve_rows {
    const zsc_retrieve_options *options; /* of each pair; they differ in the embeddings of the queries alone */
    size_t pairs;
    zsc_dataset_cache *cache;
    const zsc_exec *exec;
    bool may_read_keys;         /* keys whose matrix is large may stay in their files */
    size_t splits;              /* columns of each pair */
    zsc_dataset_reader *reader; /* of keys that stay there; NULL: result.key_data has their matrix */
    zsc_names key_ids;
    int32_t **own;  /* by column and row: the key of the same id, or -1 */
    float *x;       /* all queries */
    size_t *from;   /* columns + 1: the first query of each */
    int32_t *given; /* by query: its row in its dataset */
    zsc_retrieve_result result;
} zsc_retrieve_rows;

/* Loads keys and queries, chooses the ranks and puts the vectors of all queries one below the other. */
zsc_status zsc_retrieve_rows_load(zsc_retrieve_rows *rows);
/* Allocates the scores; then those of each pair and rank from the lists of all queries. */
zsc_status zsc_retrieve_rows_begin_scores(zsc_retrieve_rows *rows);
zsc_status zsc_retrieve_rows_score(zsc_retrieve_rows *rows, size_t pair, size_t rank, const zsc_knn *found);
void zsc_retrieve_note_simulated(zsc_retrieve_result *result); /* whether its data is */
void zsc_retrieve_rows_free(zsc_retrieve_rows *rows);          /* with its result */

#endif
