/* What differences that are looked at together have in common: normal numbers with the covariance of their deviations.
 */
#ifndef ZSC_EXPERIMENT_COMPARISON_MULTIPLIERS_H
#define ZSC_EXPERIMENT_COMPARISON_MULTIPLIERS_H

#include "experiment/series/comparison_statistics.h"

/* How many draws: the quantile 0.95 of the largest of several has a standard error of some 1 % then. */
enum { ZSC_MULTIPLIERS = 2000 };

/* Sum over resamples b of x_b D_b / sqrt(number of b), for the deviations D of each of CELLS cells and each of
 * ZSC_MULTIPLIERS draws of normal x_b, the same for all cells: out[cell * ZSC_MULTIPLIERS + draw], from the caller. A
 * cell without deviations has 0; resamples that are not usable count as none. Time: draws x resamples x cells. */
zsc_status zsc_multiplier_draws(const zsc_deviations *deviations, size_t cells, uint64_t seed, double *out);

#endif
