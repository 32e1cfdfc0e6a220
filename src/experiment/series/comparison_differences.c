/* Which differences hold.
 *
 * Deviations of halves: with s_i and f_i the spread and the degrees of freedom of difference i
 * (zsc_split_spread), c is the quantile of the largest of normal numbers that are correlated as the differences are
 * (comparison_multipliers.c), among all that are looked at together, and t_i the value that Student's T of f_i degrees
 * exceeds as often as a normal number exceeds c. The intervals value +- t_i s_i hold all at once (max-t; Westfall and
 * Young 1993; Pallmann and Hothorn 2016 for t_i).
 *
 * No interval is beyond -1 and 1: scores are of 0 to 1, but for an AMI that is worse than chance.
 *
 * A difference holds if 0 is outside its interval; its adjusted p-value is (1 + number of maxima that are no less than
 * its own) / (draws + 1). A difference of (t_i + z) s_i, z the normal quantile of 0.8, would hold four times in five.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/comparison_differences.h"
#include "experiment/series/comparison_multipliers.h"
#include "experiment/series/comparison_statistics.h"
#include "metrics/quantiles.h"

typedef struct pairs {
    const zsc_compare_options *o;
    const zsc_deviations *of;
    zsc_compare_group *g;
    double *sd;         /* of the deviations of each difference, about 0 */
    zsc_spread *spread; /* of each difference */
    double *sums;       /* zsc_multiplier_draws of the cells */
    double *scratch;    /* as many as there are resamples or draws */
} pairs;

static double as_compared(const zsc_compare_cell *cell) { return zsc_compared_score(cell->mean); }

static size_t cell_of(const pairs *w, const zsc_difference *d, bool second)
{
    return d->rank * w->g->encoders + (second ? d->b : d->a);
}

static const double *of(const pairs *w, const zsc_difference *d, bool second)
{
    return w->of->value + cell_of(w, d, second) * w->of->count;
}

static zsc_interval within_scores(zsc_interval i, double value)
{
    if (isnan(i.low)) return i;
    return (zsc_interval){fmax(i.low, fmin(value, -1)), fmin(i.high, fmax(value, 1))};
}

/* Value, own interval, and what the joint ones need. */
static void describe_difference(const pairs *w, size_t i)
{
    const zsc_compare_group *g = w->g;
    zsc_difference *d = &g->difference[i];
    const double *a = of(w, d, false), *b = of(w, d, true);
    size_t used = 0;
    double second = 0;
    const zsc_compare_cell *one = &g->cell[cell_of(w, d, false)], *two = &g->cell[cell_of(w, d, true)];
    d->value = as_compared(one) == as_compared(two) ? 0 : one->mean - two->mean; /* a tie is one, not its rounding */
    for (size_t s = 0; s < w->of->count; s++) {
        if (isnan(a[s] - b[s])) continue;
        second += (a[s] - b[s]) * (a[s] - b[s]);
        used++;
    }
    w->sd[i] = used > 1 ? sqrt(second / (double)used) : NAN;
    w->spread[i] = zsc_compare_spread(w->of, g, d->rank, d->a, d->b);
    d->effective = w->spread[i].effective;
    d->pairs = w->spread[i].pairs;
    if (zsc_compare_is_perfect(g, d->rank, one->mean) || zsc_compare_is_perfect(g, d->rank, two->mean) ||
        !zsc_compare_is_decided(w->spread[i]))
        w->spread[i] = (zsc_spread){NAN, NAN, NAN, NAN, NAN, NAN};
    d->interval = within_scores(zsc_spread_interval(w->spread[i], d->value, w->o->level), d->value);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Maxima of normal draws of the differences from FIRST to LAST, ascending, into w->scratch; returns how many there
 * are. A difference without an interval takes no part. */
static size_t maxima(const pairs *w, size_t first, size_t last)
{
    bool any = false;
    for (size_t r = 0; r < ZSC_MULTIPLIERS; r++) w->scratch[r] = 0;
    for (size_t i = first; i < last; i++) {
        if (isnan(w->spread[i].sd)) continue;
        const zsc_difference *d = &w->g->difference[i];
        const double *a = w->sums + cell_of(w, d, false) * ZSC_MULTIPLIERS,
                     *b = w->sums + cell_of(w, d, true) * ZSC_MULTIPLIERS;
        for (size_t r = 0; r < ZSC_MULTIPLIERS; r++) w->scratch[r] = fmax(w->scratch[r], fabs(a[r] - b[r]) / w->sd[i]);
        any = true;
    }
    if (any) qsort(w->scratch, ZSC_MULTIPLIERS, sizeof *w->scratch, ascending);
    return any ? ZSC_MULTIPLIERS : 0;
}

/* (1 + values at or above T) / (count + 1); SORTED ascending. */
static double p_of(const double *sorted, size_t count, double t)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < t - 1e-12)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)(count - low + 1) / (double)(count + 1);
}

/* The joint interval, C being the quantile of the USED maxima in w->scratch. Where nothing varies nothing is known: no
 * unit that was seen makes the difference, and others may. */
static void set_joint(const pairs *w, size_t i, size_t used, double c)
{
    const double normal_80 = 0.8416212335729143;
    zsc_difference *d = &w->g->difference[i];
    zsc_spread s = w->spread[i];
    if (isnan(s.sd) || isnan(d->value) || used == 0) return;
    double degrees = fmax(s.degrees, 1), level = zsc_student_level(fabs(d->value) / s.sd, degrees);
    double half = zsc_student_quantile(zsc_normal_level(c), degrees) * s.sd;
    d->joint = within_scores((zsc_interval){d->value - half, d->value + half}, d->value);
    d->holds = d->joint.low > 1e-12 || d->joint.high < -1e-12;
    d->detectable = half + normal_80 * s.sd;
    d->p_value = 1 - level;
    /* Quantiles are of levels below 1 - 1e-9, and no draw is beyond. */
    double normal = level < 1 - 1e-9 ? zsc_normal_quantile(level) : INFINITY;
    d->p_adjusted = fmax(p_of(w->scratch, used, normal), d->p_value);
}

static void test_together(const pairs *w, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        zsc_difference *d = &w->g->difference[i];
        d->joint = (zsc_interval){NAN, NAN};
        d->p_value = d->p_adjusted = d->detectable = NAN;
    }
    size_t used = maxima(w, first, last);
    double c = used ? w->scratch[(size_t)(w->o->level * (double)(used - 1) + 0.5)] : 0;
    for (size_t i = first; i < last; i++) set_joint(w, i, used, c);
}

/* Differences that can be tested at all: both encoders have the rank, and there are resamples. */
static size_t count_compared(const pairs *w, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++) count += !isnan(w->spread[i].sd) && !isnan(w->g->difference[i].value);
    return count;
}

static zsc_status make_workspace(pairs *w)
{
    zsc_status status = ZSC_OK;
    zsc_compare_group *g = w->g;
    size_t cells = g->ranks * g->encoders;
    ZSC_NEW(g->difference, g->differences);
    ZSC_NEW(w->sd, g->differences);
    ZSC_NEW(w->spread, g->differences);
    ZSC_NEW(w->scratch, w->of->count > ZSC_MULTIPLIERS ? w->of->count : ZSC_MULTIPLIERS);
    if (g->differences == 0) goto done;
    ZSC_NEW_RAW(w->sums, cells * ZSC_MULTIPLIERS);
    status = zsc_multiplier_draws(w->of, cells, w->o->resampling.seed, w->sums);
done:
    return status;
}

zsc_status zsc_compare_differences(const zsc_compare_options *o, const zsc_deviations *of, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    size_t of_rank = g->encoders * (g->encoders - 1) / 2, i = 0;
    pairs w = {.o = o, .of = of, .g = g};
    g->differences = of_rank * g->ranks;
    ZSC_TRY(make_workspace(&w));
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t a = 0; a < g->encoders; a++)
            for (size_t b = a + 1; b < g->encoders; b++, i++) {
                g->difference[i] = (zsc_difference){.rank = q, .a = a, .b = b};
                describe_difference(&w, i);
            }
    if (o->control == ZSC_CONTROL_ALL) {
        test_together(&w, 0, g->differences);
        g->compared = count_compared(&w, 0, g->differences);
    }
    for (size_t q = 0; q < g->ranks && o->control == ZSC_CONTROL_RANK; q++) {
        test_together(&w, q * of_rank, (q + 1) * of_rank);
        size_t compared = count_compared(&w, q * of_rank, (q + 1) * of_rank);
        if (compared > g->compared) g->compared = compared;
    }
done:
    free(w.sd);
    free(w.spread);
    free(w.sums);
    free(w.scratch);
    return status;
}
