/* What a score of pairs of units says of its variance (comparison_pairs.c). */
#ifndef ZSC_EXPERIMENT_COMPARISON_PAIRS_H
#define ZSC_EXPERIMENT_COMPARISON_PAIRS_H

#include <stddef.h>

#include "metrics/bootstrap.h"

/* The scale of the score of all units by that of their halves: SCORE over the mean of COUNT means AVERAGE of two
 * halves, 1 to the root of 2. Splits whose DEVIATION is NaN are left out. */
double zsc_pairs_scale(double score, const double *deviation, const double *average, size_t count);

/* The share of both halves of COUNT splits of UNITS units in which a difference is 0, of its deviations and the means
 * of its halves. */
double zsc_pairs_agreeing(const double *deviation, const double *average, size_t count, size_t units);

/* Where each row is a unit, a score has no more effective units than there are PAIRS of rows of one class. */
void zsc_pairs_limit(double pairs, zsc_spread *spread);

#endif
