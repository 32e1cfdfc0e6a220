/* Comparison: what does not depend on where the scores come from.
 *
 * With s the standard deviations of a rank's differences over the resamples, and c the quantile of max |deviation| / s,
 * the intervals value +- c s hold all at once (max-t; Westfall and Young 1993). A difference holds if 0 is outside its
 * own. */
#include "experiment/series/comparison_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "zsc/experiment.h"

zsc_compare_options zsc_compare_defaults(void)
{
    return (zsc_compare_options){.unit = ZSC_FINEST, .resampling = {.count = 1000}, .level = 0.95};
}

static void group_free(zsc_compare_group *g)
{
    free(g->subset);
    free(g->per_barcode);
    free(g->unit);
    free(g->score);
    for (size_t i = 0; i < g->ranks; i++) free(g->rank[i]);
    free(g->rank);
    for (size_t i = 0; g->encoder && i < g->encoders; i++) free(g->encoder[i]);
    free(g->encoder);
    free(g->cell);
    free(g->difference);
    *g = (zsc_compare_group){0};
}

void zsc_comparison_free(zsc_comparison *c)
{
    for (size_t i = 0; i < c->groups; i++) group_free(&c->group[i]);
    free(c->group);
    *c = (zsc_comparison){0};
}

/* --- Statistics */
double zsc_compare_mean(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += value[i];
    return sum / (double)count;
}

double zsc_compare_sd(const double *value, size_t count)
{
    if (count < 2) return NAN;
    double mean = zsc_compare_mean(value, count), sum = 0;
    for (size_t i = 0; i < count; i++) sum += (value[i] - mean) * (value[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

/* Different halves of U units, or different draws of U with replacement: binomial coefficients. */
static double different_resamples(size_t u, bool replacement)
{
    size_t from = replacement ? 2 * u - 1 : u, of = replacement ? u : u / 2;
    double count = 1;
    for (size_t i = 1; i <= of; i++) count *= (double)(from - of + i) / (double)i;
    return count;
}

/* An interval leaves out (1 - level) / 2 of the resamples on each side, and as long as that is less than one of those
 * that there can be, nothing is known of it: two units have two halves, whose scores may be equal by chance. */
size_t zsc_compare_least_units(const zsc_compare_options *o)
{
    size_t u = 2;
    while (different_resamples(u, o->resampling.replacement) * (1 - o->level) < 2 - 1e-9) u++;
    return u;
}

static double as_compared(const zsc_compare_cell *cell) { return zsc_compared_score(cell->mean); }

/* The highest mean below a bound. */
static double highest_below(const zsc_compare_cell *cell, size_t count, double bound)
{
    double highest = -INFINITY;
    for (size_t e = 0; e < count; e++)
        if (!isnan(cell[e].mean) && as_compared(&cell[e]) < bound) highest = fmax(highest, as_compared(&cell[e]));
    return highest;
}

void zsc_compare_rank_encoders(zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_compare_cell *cell = g->cell + q * g->encoders;
        double best = highest_below(cell, g->encoders, INFINITY), second = highest_below(cell, g->encoders, best);
        for (size_t e = 0; e < g->encoders; e++) {
            if (isnan(cell[e].mean)) continue;
            cell[e].place = 1;
            for (size_t o = 0; o < g->encoders; o++) cell[e].place += as_compared(&cell[o]) > as_compared(&cell[e]);
            cell[e].best = as_compared(&cell[e]) == best;
            cell[e].second = as_compared(&cell[e]) == second;
        }
    }
}

/* Deviations of all differences of rank q; deviation[p * count + s]. Fills value and interval of each. */
static void differences_of(const zsc_compare_group *g, size_t q, const zsc_compare_options *o, const double *value,
                           size_t used, double *deviation, double *scratch, zsc_difference *d)
{
    size_t count = o->resampling.count, p = 0;
    for (size_t a = 0; a < g->encoders; a++)
        for (size_t b = a + 1; b < g->encoders; b++, p++) {
            const double *of_a = value + (q * g->encoders + a) * count, *of_b = value + (q * g->encoders + b) * count;
            d[p] = (zsc_difference){.rank = q, .a = a, .b = b};
            d[p].value = g->cell[q * g->encoders + a].mean - g->cell[q * g->encoders + b].mean;
            for (size_t s = 0; s < used; s++) scratch[s] = of_a[s] - of_b[s];
            double mean = zsc_compare_mean(scratch, used);
            for (size_t s = 0; s < used; s++) deviation[p * count + s] = scratch[s] - mean;
            d[p].interval = zsc_centred_interval(scratch, used, d[p].value, o->level);
        }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool usable(double s) { return s > 1e-14; } /* less is rounding: the difference is constant */

/* The joint intervals. Constant differences are left out of the maximum; they hold if they are not 0. */
static void joint_intervals(const zsc_compare_options *o, size_t pairs, const double *deviation, size_t used,
                            const double *sd, double *scratch, zsc_difference *d)
{
    size_t count = o->resampling.count;
    for (size_t p = 0; used < 2 && p < pairs; p++) d[p].joint = (zsc_interval){NAN, NAN};
    if (used < 2) return;
    for (size_t s = 0; s < used; s++) {
        scratch[s] = 0;
        for (size_t p = 0; p < pairs; p++)
            if (usable(sd[p])) scratch[s] = fmax(scratch[s], fabs(deviation[p * count + s]) / sd[p]);
    }
    qsort(scratch, used, sizeof *scratch, ascending);
    double c = scratch[(size_t)(o->level * (double)(used - 1) + 0.5)];
    for (size_t p = 0; p < pairs; p++) {
        d[p].joint = (zsc_interval){d[p].value - c * sd[p], d[p].value + c * sd[p]};
        d[p].holds = d[p].joint.low > 1e-12 || d[p].joint.high < -1e-12;
    }
}

zsc_status zsc_compare_differences(const zsc_compare_options *o, const double *value, const size_t *used,
                                   double *scratch, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    size_t pairs = g->encoders * (g->encoders - 1) / 2, count = o->resampling.count;
    double *deviation = NULL, *sd = NULL;
    g->differences = pairs * g->ranks;
    ZSC_NEW(g->difference, g->differences);
    ZSC_NEW(deviation, pairs * count);
    ZSC_NEW(sd, pairs);
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_difference *d = g->difference + q * pairs;
        differences_of(g, q, o, value, used[q], deviation, scratch, d);
        for (size_t p = 0; p < pairs; p++) sd[p] = zsc_compare_sd(deviation + p * count, used[q]);
        joint_intervals(o, pairs, deviation, used[q], sd, scratch, d);
    }
done:
    free(deviation);
    free(sd);
    return status;
}
