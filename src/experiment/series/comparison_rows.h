/* What is resampled: the rows of a group of results in one order, their labels and clusters, and their units. */
#ifndef ZSC_EXPERIMENT_COMPARISON_ROWS_H
#define ZSC_EXPERIMENT_COMPARISON_ROWS_H

#include "experiment/series/comparison_groups.h"
#include "metrics/bootstrap.h"

/* For every run and rank the rows' labels and clusters, in the order of the group's first result. */
typedef struct zsc_labellings {
    zsc_labelling *item;
    int32_t **array; /* what the items point to */
    size_t count, arrays;
    size_t *start; /* encoders x ranks: first item; SIZE_MAX where the encoder lacks the rank */
    double *ami;   /* of the items on all rows */
} zsc_labellings;
zsc_status zsc_labellings_make(const zsc_compared_group *group, char *const *rank, size_t ranks, zsc_labellings *l);
void zsc_labellings_free(zsc_labellings *l);

/* The unit of each row (group->first->rows, from the caller): a taxon of the rank NAME, with "specimens" the row, else
 * a value of the column NAME of the metadata of the group's first run. A row without a label is a unit of its own;
 * *unlabelled: how many these are. */
zsc_status zsc_resampling_units(const zsc_compared_group *group, const char *name, const zsc_exec *exec, int32_t *unit,
                                size_t *units, size_t *unlabelled);
/* Several units in words: "species", "specimens", "values of site". The caller's; NULL: out of memory. */
char *zsc_resampling_words(const zsc_compared_group *group, const char *name);
/* NAME, or for "finest" the finest rank (specimens, where the results have none). The caller's. */
zsc_status zsc_resampling_rank(const zsc_compared_group *group, const char *name, char **out);

#endif
