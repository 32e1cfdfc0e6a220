/* Comparison: what does not depend on where the scores come from.
 *
 * With s the standard deviations of the differences over the resamples, M_b = max |deviation_b| / s in resample b, over
 * all differences that are looked at together, and c the quantile of M: the intervals value +- c s hold all at once
 * (max-t; Westfall and Young 1993). Of AMI, s is widened by zsc_split_widening there. A difference holds if 0 is
 * outside its own; its adjusted p-value is (1 + number of b with M_b >= |value| / s) / (B + 1). A difference of (c + z)
 * s, z the normal quantile of 0.8, would hold four times in five. */
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
    free(g->unit_words);
    free(g->score);
    for (size_t i = 0; i < g->ranks; i++) free(g->rank[i]);
    free(g->rank);
    for (size_t i = 0; g->encoder && i < g->encoders; i++) free(g->encoder[i]);
    free(g->encoder);
    free(g->cell);
    free(g->clusters);
    free(g->classes);
    free(g->unusable);
    free(g->difference);
    *g = (zsc_compare_group){0};
}

void zsc_comparison_free(zsc_comparison *c)
{
    for (size_t i = 0; i < c->groups; i++) group_free(&c->group[i]);
    for (size_t i = 0; i < c->component_count; i++) free(c->components[i].at);
    free(c->components);
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
    return u < ZSC_LEAST_UNITS ? ZSC_LEAST_UNITS : u;
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

/* --- Unusable resamples */
size_t zsc_compare_usable(const double *value, size_t count, double *out)
{
    size_t used = 0;
    for (size_t s = 0; s < count; s++)
        if (!isnan(value[s])) out[used++] = value[s];
    return used;
}

zsc_status zsc_compare_mark_unusable(const zsc_compare_options *o, const bool *there, bool counted, double *value,
                                     zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    size_t count = o->resampling.count;
    ZSC_NEW(g->unusable, g->ranks);
    for (size_t q = 0; q < g->ranks; q++) {
        double *of_rank = value + q * g->encoders * count;
        bool none = !counted;
        for (size_t s = 0; s < count && counted; s++) {
            bool usable = true;
            for (size_t e = 0; e < g->encoders; e++)
                if (there[q * g->encoders + e] && isnan(of_rank[e * count + s])) usable = false;
            g->unusable[q] += !usable;
            for (size_t e = 0; e < g->encoders && !usable; e++) of_rank[e * count + s] = NAN;
        }
        none = none || g->unusable[q] * ZSC_MOST_UNUSABLE > count;
        for (size_t i = 0; i < g->encoders * count && none; i++) of_rank[i] = NAN;
    }
done:
    return status;
}

/* --- Differences */
typedef struct pairs {
    const zsc_compare_options *o;
    const double *value;
    zsc_compare_group *g;
    double *mean, *sd; /* of the deviations of each difference */
    double *wider;     /* what few units make of a quantile of the normal distribution (zsc_split_widening); else 1 */
    double *scratch;   /* resamples */
} pairs;

static const double *of(const pairs *w, const zsc_difference *d, bool second)
{
    return w->value + (d->rank * w->g->encoders + (second ? d->b : d->a)) * w->o->resampling.count;
}

static bool varies(double s) { return s > 1e-14; } /* less is rounding: the difference is constant */

/* Value, own interval, and what the joint ones need. */
static void describe_difference(const pairs *w, size_t i)
{
    const zsc_compare_group *g = w->g;
    zsc_difference *d = &g->difference[i];
    const double *a = of(w, d, false), *b = of(w, d, true);
    size_t used = 0;
    const zsc_compare_cell *one = &g->cell[d->rank * g->encoders + d->a], *two = &g->cell[d->rank * g->encoders + d->b];
    d->value = as_compared(one) == as_compared(two) ? 0 : one->mean - two->mean; /* a tie is one, not its rounding */
    for (size_t s = 0; s < w->o->resampling.count; s++)
        if (!isnan(a[s] - b[s])) w->scratch[used++] = a[s] - b[s];
    w->mean[i] = used ? zsc_compare_mean(w->scratch, used) : NAN;
    w->sd[i] = zsc_compare_sd(w->scratch, used);
    w->wider[i] = g->split && used ? zsc_split_widening(w->scratch, used, g->units, w->o->level) : 1;
    bool same = !varies(w->sd[i]) && fabs(d->value) < 1e-12; /* of equal clusters */
    d->interval = g->split && !same ? zsc_split_interval(w->scratch, used, d->value, g->units, w->o->level)
                                    : zsc_centred_interval(w->scratch, used, d->value, w->o->level);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* M_b of the differences from FIRST to LAST, ascending, into w->scratch; returns how many resamples have one: those
 * that are usable in all of these differences. */
static size_t maxima(const pairs *w, size_t first, size_t last)
{
    size_t used = 0;
    for (size_t s = 0; s < w->o->resampling.count; s++) {
        double most = -1;
        bool usable = true;
        for (size_t i = first; i < last && usable; i++) {
            const zsc_difference *d = &w->g->difference[i];
            if (!varies(w->sd[i])) continue;
            double t = fabs(of(w, d, false)[s] - of(w, d, true)[s] - w->mean[i]) / w->sd[i];
            usable = !isnan(t);
            most = fmax(most, t);
        }
        if (usable && most >= 0) w->scratch[used++] = most;
    }
    qsort(w->scratch, used, sizeof *w->scratch, ascending);
    return used;
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

/* Constant differences are in no maximum; they hold if they are not 0. Of AMI nothing is known of them then: no unit
 * that was seen makes the difference, and others may. */
static void joint_of(const pairs *w, size_t i, size_t used, double c)
{
    const double normal_80 = 0.8416212335729143;
    zsc_difference *d = &w->g->difference[i];
    double sd = w->wider[i] * w->sd[i];
    if (isnan(sd) || isnan(d->value) || (varies(sd) && used == 0)) return;
    if (w->g->split && !varies(sd) && fabs(d->value) > 1e-12) return;
    d->joint = (zsc_interval){d->value - c * sd, d->value + c * sd};
    d->holds = d->joint.low > 1e-12 || d->joint.high < -1e-12;
    d->detectable = (c + normal_80) * sd;
    /* Alone, a difference may have resamples that others lack: fewer can make no p-value smaller. */
    if (varies(sd)) d->p_adjusted = fmax(p_of(w->scratch, used, fabs(d->value) / sd), d->p_value);
}

static void test_together(const pairs *w, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        zsc_difference *d = &w->g->difference[i];
        d->joint = (zsc_interval){NAN, NAN};
        d->p_value = d->p_adjusted = d->detectable = NAN;
        size_t alone = maxima(w, i, i + 1);
        if (alone >= 2) d->p_value = p_of(w->scratch, alone, fabs(d->value) / (w->wider[i] * w->sd[i]));
    }
    size_t used = maxima(w, first, last);
    double c = used ? w->scratch[(size_t)(w->o->level * (double)(used - 1) + 0.5)] : 0;
    for (size_t i = first; i < last; i++) joint_of(w, i, used, c);
}

/* Differences that can be tested at all: both encoders have the rank, and there are resamples. */
static size_t count_compared(const pairs *w, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++) count += !isnan(w->sd[i]) && !isnan(w->g->difference[i].value);
    return count;
}

zsc_status zsc_compare_differences(const zsc_compare_options *o, const double *value, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    size_t of_rank = g->encoders * (g->encoders - 1) / 2, i = 0;
    pairs w = {.o = o, .value = value, .g = g};
    g->differences = of_rank * g->ranks;
    ZSC_NEW(g->difference, g->differences);
    ZSC_NEW(w.mean, g->differences);
    ZSC_NEW(w.sd, g->differences);
    ZSC_NEW(w.wider, g->differences);
    ZSC_NEW(w.scratch, o->resampling.count);
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
    free(w.mean);
    free(w.sd);
    free(w.wider);
    free(w.scratch);
    return status;
}
