/* Results as a table, one row per run and rank (tidy): what figures, tables and `zsc collect` work on. Where rows come
 * from: results_table_read.h. */
#ifndef ZSC_EXPERIMENT_RESULTS_TABLE_H
#define ZSC_EXPERIMENT_RESULTS_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "zsc/experiment.h"

/* Text fields are never NULL. Several encoders of one run are joined with '+', in the order of the run; so are their
 * modalities, labels and architectures. Scores are fractions, NaN where there is none; counts are 0 where not known. */
typedef struct zsc_results_row {
    char *key, *path, *encoders, *labels, *modalities, *architectures, *subset, *per_barcode, *scale, *reduce,
        *clusterer, *linkage, *clusters_rule, *rank;
    char *settings;      /* the rest of the configuration that can change a score, a JSON object; "" if not known */
    char *stages;        /* "load=0.12;knn=3.4": seconds by stage */
    char *sources;       /* files of the encoders, joined with '|'; "" if not known, as are the next five */
    char *row_set;       /* digest of the ids, in any order */
    char *label_set;     /* "class=digest;order=digest;": of ids and labels, in any order */
    char *configuration; /* digest of the whole configuration */
    char *finished;      /* when the run ended: 2026-11-28T20:00:00Z */
    char *matrix;        /* digest of the scaled matrix */
    char *version;       /* of the zsc that made the result */
    char *values;        /* of the settings that have columns: row_settings.h */
    bool seeded;         /* the seed is known */
    size_t rows, dim;    /* of the run: rows clustered, columns before reduction */
    size_t clusters;     /* without noise: K of the cut that this rank was scored at, or as many as were found */
    size_t clustered;    /* of the rows scored, those in a cluster */
    uint64_t seed;
    size_t scored, missing, classes, found; /* rows scored, without a label; classes and clusters among those scored */
    double ami, nmi, ari, fmi, homogeneity, completeness, v_measure;
    double ami_clustered, ami_singletons;                 /* zsc_noise_scores; of a clusterer that may leave noise */
    double silhouette, davies_bouldin, calinski_harabasz; /* of the clusters of the run, in the clustered space */
    double stability_subsamples, stability_subsamples_sd, stability_seeds, stability_seeds_sd; /* zsc_stability */
    double silhouette_original, davies_bouldin_original, calinski_harabasz_original;           /* before reduction */
    size_t best_clusters;
    double best_ami;
    double ceiling;            /* AMI of the true classes of the rank that K is of: reference_scores.h */
    double chance_sd, p_value; /* of random clusters; NaN where no permutations were asked for */
    double seconds;            /* of the run */
    size_t peak_rss;           /* bytes */
    bool simulated;
} zsc_results_row;

typedef struct zsc_results_table {
    zsc_results_row *item;
    size_t count, capacity;
} zsc_results_table;

void zsc_results_table_free(zsc_results_table *rows);
void zsc_results_table_truncate(zsc_results_table *rows, size_t count); /* frees those from COUNT on */

void zsc_results_row_clear(zsc_results_row *row);
/* Counts and external scores of one rank. */
void zsc_results_row_set_scores(zsc_results_row *row, const zsc_scores *scores);
zsc_status zsc_results_row_copy(const zsc_results_row *from, zsc_results_row *to); /* TO is set on success alone */
bool zsc_results_row_whole(const zsc_results_row *row); /* no text is NULL: none ran out of memory */
zsc_status zsc_results_table_push(zsc_results_table *rows, zsc_results_row *row); /* moves ROW, leaving {0} */

/* The columns by number: how many there are, their names, and a column's value from its text in CSV. */
size_t zsc_results_table_columns(void);
const char *zsc_results_table_column(size_t column, bool *required);
/* In the order of the columns. */
zsc_status zsc_results_row_parse(zsc_results_row *row, size_t column, const char *text);

/* The value of a text column by its name ("scale", "subset", ...); NULL: there is no such text column. */
const char *zsc_results_row_text(const zsc_results_row *row, const char *column);

/* The value that --where compares, appended as a text: of a setting by any of its names, of the seed, or of a column.
 * OF_RUN: columns that differ from rank to rank are unknown. False: NAME is unknown. */
bool zsc_results_row_value(const zsc_results_row *row, const char *name, bool of_run, zsc_text *out);

/* Writing, row by row: CSV under a header, or a JSON array of objects with null for unknown values. */
typedef struct zsc_results_table_writer { /* start from .out, .json and .delimiter */
    FILE *out;
    bool json;
    char delimiter; /* of what is no JSON */
    size_t rows;
} zsc_results_table_writer;
zsc_status zsc_results_table_write(zsc_results_table_writer *writer, const zsc_results_row *row);
zsc_status zsc_results_table_finish(zsc_results_table_writer *writer);

/* Whether the number of clusters was found without labels: by the clusterer, or by where a dendrogram was cut. */
bool zsc_results_row_finds_clusters(const zsc_results_row *row);

#endif
