/* What a score of pairs of units says of its variance (comparison_pairs.c). */
#ifndef ZSC_EXPERIMENT_COMPARISON_PAIRS_H
#define ZSC_EXPERIMENT_COMPARISON_PAIRS_H

#include "experiment/series/comparison_statistics.h"

/* Below this many units the share of pairs is of halves of too few: scores vary by triples and by what clustering
 * changes, too, of which it does not tell them apart. Halves of halves have ZSC_FEW_UNITS. */
enum { ZSC_UNITS_FOR_PAIRS = 4 * ZSC_FEW_UNITS };

/* Deviations of encoder E at rank Q, or of its difference to encoder OTHER (SIZE_MAX: none), on the scale of the
 * scores of all units, into out (the resamples that have them); returns whether pairs are looked at: scores are AMI, of
 * ZSC_UNITS_FOR_PAIRS units or more. The cells of GROUP have their means. */
bool zsc_compare_rescale(const zsc_deviations *deviations, const zsc_compare_group *group, size_t q, size_t e,
                         size_t other, double *out);

/* The share of both halves of COUNT splits of UNITS units in which a difference is 0, of its deviations and the means
 * of its halves. */
double zsc_compare_agreeing(const double *deviation, const double *average, size_t count, size_t units);

#endif
