/* Results under several settings: what `zsc table sensitivity` prints and `zsc plot sensitivity` draws. */
#ifndef ZSC_REPORT_CONDITIONS_H
#define ZSC_REPORT_CONDITIONS_H

#include "report/tables/score_groups.h"

typedef struct zsc_condition {
    char *name;  /* the settings in which it differs from the base; "base: ..." */
    double *ami; /* by encoder, fractions; NaN: none */
} zsc_condition;

/* A condition is all series of the same rows, labels and settings (score_groups.h); further ones are the single seeds
 * of the base. */
typedef struct zsc_conditions {
    const zsc_series_set *set;
    size_t rank, base; /* index of the rank in the set; the group that is the base */
    zsc_score_groups groups;
    zsc_list encoders;
    zsc_condition *item; /* the base comes first */
    size_t count;
} zsc_conditions;

/* RANK: NULL for the finest. The base is the condition whose rows satisfy BASE (may be empty); of several, the one from
 * which most others differ in one setting; then the first. ROWS are those that SET was made of; SET must outlive *out.
 * ZSC_EINPUT: no such rank, one condition alone, none that is BASE, or two series of one encoder in a condition. */
zsc_status zsc_conditions_make(const zsc_series_set *set, const zsc_results_table *rows, const zsc_list *base,
                               const char *rank, zsc_conditions *out);
void zsc_conditions_free(zsc_conditions *conditions);

/* The encoder of the highest AMI in condition I; SIZE_MAX: there is none. */
size_t zsc_conditions_best(const zsc_conditions *conditions, size_t i);
/* A series of an encoder. */
const zsc_series *zsc_conditions_series(const zsc_conditions *conditions, size_t encoder);
/* Kendall's tau-b (1945) of the order of encoders with that of the base, over those that both have; AMI that agrees to
 * 12 digits is a tie. NaN: one of the two orders none. */
double zsc_conditions_tau(const zsc_conditions *conditions, size_t i);

#endif
