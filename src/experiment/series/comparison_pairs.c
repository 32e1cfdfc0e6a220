/* Where pairs of units decide.
 *
 * Of few specimens of many classes, AMI is a number of pairs (of one class, in one cluster) on a scale: 2 log 2 / n to
 * the n rows, by what is left of the entropies of so many rows. Halves have a quarter of the pairs, and their scores
 * another scale. With A the score of all units, a the mean of the scores of halves, and k pairs,
 *
 *     A = g k      a = h k / 4      sd of A = g sqrt(k)      sd of D of two halves = h sqrt(k / 2) / 2
 *
 * so that the variance of A is that of D times 2 (g / 2 h)^2 = (A / a)^2 / 2. Deviations of each score are multiplied
 * by A / a here, and zsc_split_spread takes half of their mean square as far as pairs decide. A score that is a mean
 * over pairs, whose variance falls as 1 / n^2, has A / a = 1, one with the variance 1 / n the root of 2: it is kept
 * within. As far as they are of pairs, differences are of scores so rescaled. */
#include "experiment/series/comparison_pairs.h"

#include <math.h>

double zsc_pairs_scale(double score, const double *deviation, const double *average, size_t count)
{
    double sum = 0, most = sqrt(2);
    size_t used = 0;
    for (size_t s = 0; s < count; s++) {
        if (isnan(deviation[s])) continue;
        sum += average[s];
        used++;
    }
    double of_halves = sum / (double)used;
    return of_halves > 0 && score < most * of_halves ? fmax(score / of_halves, 1) : most;
}

double zsc_pairs_agreeing(const double *deviation, const double *average, size_t count, size_t units)
{
    const double rounding = 1e-12;
    size_t equal = 0, m = units / 2;
    double by = (double)units / (2 * sqrt((double)m * (double)(units - m)));
    for (size_t s = 0; s < count; s++) {
        equal += fabs(average[s] + by * deviation[s]) < rounding;
        equal += fabs(average[s] - by * deviation[s]) < rounding;
    }
    return count ? (double)equal / (2 * (double)count) : 0;
}

void zsc_pairs_limit(double pairs, zsc_spread *spread)
{
    if (isnan(spread->sd)) return;
    spread->effective = fmin(spread->effective, pairs);
    spread->at_most = fmin(spread->at_most, pairs);
}
