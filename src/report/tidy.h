/* Results as tidy rows, one a run and rank: what figures, tables and `zsc collect` work on. */
#ifndef ZSC_REPORT_TIDY_H
#define ZSC_REPORT_TIDY_H

#include <stdbool.h>
#include <stdio.h>

#include "zsc/experiment.h"

/* Text fields are never NULL. Several encoders of one run are joined with '+', in the order of the run; so are their
 * modalities, labels and architectures. Scores are fractions, NaN where there is none; counts are 0 where not known. */
typedef struct zsc_tidy_row {
    char *key, *path, *encoders, *labels, *modalities, *architectures, *subset, *per_barcode, *scale, *reduce, *linkage,
        *clusters_rule, *rank;
    char *settings;      /* the rest of the configuration that can change a score, a JSON object; "" if not known */
    char *stages;        /* "load=0.12;knn=3.4": seconds by stage */
    char *sources;       /* files of the encoders, joined with '|'; "" if not known, as are the next five */
    char *row_set;       /* digest of the ids, in any order */
    char *label_set;     /* "class=digest;order=digest;": of ids and labels, in any order */
    char *configuration; /* digest of the whole configuration */
    char *finished;      /* when the run ended: 2026-11-28T20:00:00Z */
    char *matrix;        /* digest of the scaled matrix */
    bool seeded;         /* the seed is known */
    size_t rows, dim;    /* of the run: rows clustered, columns before reduction */
    size_t clusters;     /* K of the cut that this rank was scored at */
    uint64_t seed;
    size_t scored, missing, classes, found; /* rows scored, without a label; classes and clusters among those scored */
    double ami, nmi, ari, fmi, homogeneity, completeness, v_measure;
    double silhouette, davies_bouldin, calinski_harabasz; /* of the clusters of the run */
    size_t best_clusters;
    double best_ami;
    double seconds;  /* of the run */
    size_t peak_rss; /* bytes */
    bool simulated;
} zsc_tidy_row;

typedef struct zsc_tidy {
    zsc_tidy_row *item;
    size_t count, capacity;
} zsc_tidy;

void zsc_tidy_free(zsc_tidy *rows);
void zsc_tidy_truncate(zsc_tidy *rows, size_t count); /* frees those from COUNT on */

/* What all rows of a result share, with the rank ""; digests where its rows were read. Cleared by the caller. */
zsc_status zsc_tidy_describe(const zsc_result *result, zsc_tidy_row *out);

/* The rows of one result, after those that are there. */
zsc_status zsc_tidy_add(zsc_tidy *rows, const zsc_result *result);

/* PATHS: result files, folders of them, tidy CSV files as written below, or a wide table of cross-modal AMI in per cent
 * (columns architecture, image_encoder, image_only, then one a DNA encoder). A run that comes twice counts once.
 * ZSC_EINPUT where there is nothing. One result is in memory at a time. */
zsc_status zsc_tidy_read(const char *const *paths, size_t count, zsc_tidy *out);

/* The same, a row at a time: TAKE may keep the row's texts by moving it away (zsc_tidy_push); what it leaves is
 * cleared. */
typedef zsc_status zsc_tidy_take(void *data, zsc_tidy_row *row);
zsc_status zsc_tidy_each(const char *const *paths, size_t count, zsc_tidy_take *take, void *data);

void zsc_tidy_row_clear(zsc_tidy_row *row);
zsc_status zsc_tidy_row_copy(const zsc_tidy_row *from, zsc_tidy_row *to); /* TO is set on success alone */
bool zsc_tidy_row_whole(const zsc_tidy_row *row);                         /* no text is NULL, for want of memory */
zsc_status zsc_tidy_push(zsc_tidy *rows, zsc_tidy_row *row);              /* moves ROW, leaving {0} */

/* The columns of the tidy form by number: how many, their names, and a column's value from its text in CSV. */
size_t zsc_tidy_columns(void);
const char *zsc_tidy_column(size_t column, bool *required);
zsc_status zsc_tidy_parse(zsc_tidy_row *row, size_t column, const char *text);

/* The text of a column of the tidy form by its name ("scale", "subset", ...); NULL: there is no such text column. */
const char *zsc_tidy_text(const zsc_tidy_row *row, const char *column);

/* Writing, a row at a time: CSV under a header, or a JSON array of objects with null for what is not known. */
typedef struct zsc_tidy_writer { /* start from .out and .json */
    FILE *out;
    bool json;
    size_t rows;
} zsc_tidy_writer;
zsc_status zsc_tidy_put(zsc_tidy_writer *writer, const zsc_tidy_row *row);
zsc_status zsc_tidy_finish(zsc_tidy_writer *writer);

#endif
