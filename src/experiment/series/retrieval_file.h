/* What zsc retrieve and zsc probe found, read from JSON files and results (doc/results.md) for tables and figures. */
#ifndef ZSC_EXPERIMENT_RETRIEVAL_FILE_H
#define ZSC_EXPERIMENT_RETRIEVAL_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "experiment/store/results_in_folder.h"
#include "zsc/status.h"

typedef struct zsc_retrieval_side { /* keys or queries */
    char *source;                   /* the name of the embeddings file, without folder and ending */
    char *encoders, *modality;      /* joined with '+'; modality "" where the file does not say */
} zsc_retrieval_side;

typedef struct zsc_retrieval_file {
    char *path;
    zsc_retrieval_side keys, queries;
    char *label; /* "image in dna", "linear probe, image in dna" */
    bool probe;  /* of zsc probe: classes of a linear probe, not of the nearest keys; k is 1 */
    bool simulated;
    json_t *scores; /* its list; rank, k, split, micro and macro of each are what they should be */
    json_t *root;
} zsc_retrieval_file;

/* ZSC_EINPUT: not such a file, with what is missing. *out is set on success only; the caller frees it. */
zsc_status zsc_retrieval_file_read(const char *path, zsc_retrieval_file *out);
void zsc_retrieval_file_free(zsc_retrieval_file *file);

/* Several: such files, results, and of folders the results of KINDS (results_in_folder.h). */
zsc_status zsc_retrieval_files_read(const char *const *paths, size_t count, unsigned kinds, zsc_retrieval_file **out,
                                    size_t *files);
/* The results of KINDS in those of PATHS that are folders; there may be none. */
zsc_status zsc_retrieval_files_find(const char *const *paths, size_t count, unsigned kinds, zsc_retrieval_file **out,
                                    size_t *files);
void zsc_retrieval_files_free(zsc_retrieval_file *files, size_t count); /* accepts NULL */

/* Score I of the file, 0 .. json_array_size(file->scores) - 1. `value`: "micro" or "macro", NaN where there is none. */
const char *zsc_retrieval_file_rank(const zsc_retrieval_file *file, size_t i);
const char *zsc_retrieval_file_split(const zsc_retrieval_file *file, size_t i);
size_t zsc_retrieval_file_k(const zsc_retrieval_file *file, size_t i);
double zsc_retrieval_file_value(const zsc_retrieval_file *file, size_t i, const char *value);

/* The interval of the harmonic mean of the splits at a rank and k, fractions; NaN where the file has none. */
void zsc_retrieval_file_interval(const zsc_retrieval_file *file, const char *rank, size_t k, const char *value,
                                 double *low, double *high);

/* The classes of a rank and split. */
typedef struct zsc_retrieval_classes {
    const char *rank, *split;
    size_t count;
    const json_t *entry;
} zsc_retrieval_classes;
size_t zsc_retrieval_file_class_lists(const zsc_retrieval_file *file); /* 0: an older file, without classes */
zsc_retrieval_classes zsc_retrieval_file_classes(const zsc_retrieval_file *file, size_t list);
const char *zsc_retrieval_classes_name(const zsc_retrieval_classes *classes, size_t i);
size_t zsc_retrieval_classes_queries(const zsc_retrieval_classes *classes, size_t i);
bool zsc_retrieval_classes_have(const zsc_retrieval_classes *classes, size_t k);
size_t zsc_retrieval_classes_right(const zsc_retrieval_classes *classes, size_t i,
                                   size_t k); /* of a k that they have */

/* What the wrong queries of a rank, k and split are taken for; most queries first. */
typedef struct zsc_retrieval_confusions {
    const char *rank, *split;
    size_t k, count;
    const json_t *entry; /* NULL: there are none of these */
} zsc_retrieval_confusions;
zsc_retrieval_confusions zsc_retrieval_file_confusions(const zsc_retrieval_file *file, const char *rank, size_t k,
                                                       const char *split);
const char *zsc_retrieval_confusions_name(const zsc_retrieval_confusions *confusions, size_t i);
const char *zsc_retrieval_confusions_other(const zsc_retrieval_confusions *confusions, size_t i); /* "": no label */
size_t zsc_retrieval_confusions_queries(const zsc_retrieval_confusions *confusions, size_t i);

/* Adds the ranks of the files: those ASKED for in their order, or all, those of zsc/ranks.h first. ZSC_EINPUT: no file
 * has one that is asked for. */
zsc_status zsc_retrieval_files_ranks(const zsc_retrieval_file *files, size_t count, const char *const *asked,
                                     size_t asked_count, zsc_list *out);

/* ZSC_EINPUT: a file is of zsc probe; INSTEAD: what takes it. */
zsc_status zsc_retrieval_files_no_probe(const zsc_retrieval_file *files, size_t count, const char *instead);

/* *k: if it is 0, it becomes the least of the first file that all have. ZSC_EINPUT: a file lacks it. */
zsc_status zsc_retrieval_files_k(const zsc_retrieval_file *files, size_t count, size_t *k);

/* What tables print: the harmonic mean, in per cent, of COUNT fractions as percentages with one decimal. */
double zsc_retrieval_printed_mean(const double *fraction, size_t count);

#endif
