/* Comparison: places, what resamples are of use, and the spread of a score or a difference. Which differences hold is
 * in comparison_differences.c. */
#include "experiment/series/comparison_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/series/comparison_pairs.h"
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
    free(g->units_at);
    free(g->pairs);
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

/* Different halves of U units: binomial coefficients. */
static double different_halves(size_t u)
{
    double count = 1;
    for (size_t i = 1; i <= u / 2; i++) count *= (double)(u - u / 2 + i) / (double)i;
    return count;
}

/* An interval leaves out (1 - level) / 2 of the resamples on each side, and as long as that is less than one of those
 * that there can be, nothing is known of it: two units have two halves, whose scores may be equal by chance. */
size_t zsc_compare_least_units(const zsc_compare_options *o)
{
    size_t u = 2;
    while (different_halves(u) * (1 - o->level) < 2 - 1e-9) u++;
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

zsc_status zsc_compare_find(const zsc_compare_group *g, const char *name, size_t *encoder)
{
    *encoder = 0;
    while (name && *encoder < g->encoders && strcmp(g->encoder[*encoder], name) != 0) ++*encoder;
    if (*encoder < g->encoders) return ZSC_OK;
    zsc_text list = {0};
    for (size_t e = 0; e < g->encoders; e++) zsc_text_printf(&list, "%s%s", e ? ", " : "", g->encoder[e]);
    zsc_status status = zsc_fail(ZSC_EINPUT, "there is no result of the baseline '%s'; there are %s", name,
                                 list.data ? list.data : "none");
    free(list.data);
    return status;
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

/* --- Spread */
/* Of COUNT numbers A, less B where it is not NULL, those that are no NaN, into out; returns how many. */
static size_t usable_differences(const double *a, const double *b, size_t count, double *out)
{
    size_t used = 0;
    for (size_t s = 0; s < count; s++) {
        double value = b ? a[s] - b[s] : a[s];
        if (!isnan(value)) out[used++] = value;
    }
    return used;
}

/* The means AVERAGE of both halves of cell ONE, less those of TWO (SIZE_MAX: none), where their deviations VALUE are
 * usable. */
static void take_averages(const double *average, const double *value, size_t count, size_t one, size_t two, double *out)
{
    bool pair = two != SIZE_MAX;
    size_t used = 0;
    for (size_t s = 0; s < count; s++) {
        size_t a = one * count + s, b = pair ? two * count + s : 0;
        if (isnan(value[a]) || (pair && isnan(value[b]))) continue;
        out[used++] = average[a] - (pair ? average[b] : 0);
    }
}

/* Deviations of given clusters and their means, into 2 COUNT numbers; returns how many of each there are. */
static size_t take_given(const zsc_deviations *of, size_t one, size_t two, double *out)
{
    const double *other = two == SIZE_MAX ? NULL : of->given + two * of->count;
    take_averages(of->given_average, of->given, of->count, one, two, out + of->count);
    return usable_differences(of->given + one * of->count, other, of->count, out);
}

/* Deviations of encoder E at rank Q, or of its difference to encoder OTHER (SIZE_MAX: none), on the scale of the scores
 * of all units, into out (the resamples that have them); returns whether pairs are looked at: of AMI of enough units.
 */
static bool rescale(const zsc_deviations *of, const zsc_compare_group *g, size_t q, size_t e, size_t other, double *out)
{
    bool pair = other != SIZE_MAX;
    size_t one = q * g->encoders + e, two = pair ? q * g->encoders + other : one, count = of->count, used = 0;
    if (!of->average || zsc_compare_units(g, q) < ZSC_UNITS_FOR_PAIRS) return false;
    const double *a = of->value + one * count, *b = of->value + two * count;
    double by = zsc_pairs_scale(g->cell[one].mean, a, of->average + one * count, count),
           by_two = pair ? zsc_pairs_scale(g->cell[two].mean, b, of->average + two * count, count) : 0;
    for (size_t s = 0; s < count; s++)
        if (!isnan(a[s] - b[s])) out[used++] = by * a[s] - by_two * b[s];
    return true;
}

zsc_spread zsc_compare_spread(const zsc_deviations *of, const zsc_compare_group *g, size_t q, size_t e, size_t other)
{
    size_t one = q * g->encoders + e, two = q * g->encoders + other, count = of->count, quarters = 0;
    bool pair = other != SIZE_MAX;
    double *quarter = of->scratch + count;
    size_t used = usable_differences(of->value + one * count, pair ? of->value + two * count : NULL, count,
                                     of->scratch);
    if (of->quarter)
        quarters = usable_differences(of->quarter + one * 2 * count, pair ? of->quarter + two * 2 * count : NULL,
                                      2 * count, quarter);
    if (quarters < count) quarters = 0; /* what is left is a selection */
    double *average = of->scratch + 3 * count, *rescaled = average + count, *given = rescaled + count,
           *influence = given + 2 * count, seeds = 0;
    bool pairs = rescale(of, g, q, e, other, rescaled);
    size_t givens = pairs && of->given ? take_given(of, one, pair ? two : SIZE_MAX, given) : 0;
    if (of->average) take_averages(of->average, of->value, count, one, pair ? two : SIZE_MAX, average);
    for (size_t i = 0; i < zsc_compare_units(g, q); i++)
        influence[i] = of->influence[one * g->units + i] - (pair ? of->influence[two * g->units + i] : 0);
    if (of->seeds) seeds = of->seeds[one] + (pair ? of->seeds[two] : 0);
    zsc_spread spread = zsc_split_spread(&(zsc_split){
        .deviation = of->scratch,
        .count = used,
        .average = of->average ? average : NULL,
        .rescaled = pairs ? rescaled : NULL,
        .given = of->given ? given : NULL,
        .given_average = given + count,
        .givens = givens,
        .agreeing = pairs && pair ? zsc_pairs_agreeing(of->scratch, average, used, zsc_compare_units(g, q)) : 0,
        .quarter = quarter,
        .quarters = quarters,
        .influence = influence,
        .units = zsc_compare_units(g, q),
        .seeds = seeds});
    if (g->pairs) zsc_pairs_limit(g->pairs[q], &spread);
    return spread;
}
