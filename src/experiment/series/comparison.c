/* Comparison of results.
 *
 * 1. Results are grouped by the rows that they hold: results on other specimens are not compared.
 * 2. Within a group, runs that differ in their seed alone are one encoder; its AMI is the mean over runs.
 * 3. Rows are resampled (metrics/bootstrap.h); in each resample every encoder is scored on the same rows, and as
 * many runs as it has are drawn from its runs with replacement, so that intervals hold the spread over seeds too.
 * 4. Intervals are of the mean and of each difference, which are paired. For the question which differences hold, all
 *    differences of a rank are looked at together: with s their standard deviations over the resamples, and c the
 *    quantile of max |deviation| / s, the intervals value +- c s hold all at once (max-t; Westfall and Young 1993).
 *    A difference holds if 0 is outside its own. */
#include "experiment/series/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "experiment/series/comparison_rows.h"

zsc_compare_options zsc_compare_defaults(void)
{
    return (zsc_compare_options){.unit = ZSC_FINEST, .resampling = {.count = 1000}, .level = 0.95};
}

static void group_free(zsc_compare_group *g)
{
    free(g->subset);
    free(g->per_barcode);
    free(g->unit);
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

/* --- Ranks */
static bool asked_for(const zsc_compare_options *o, const char *rank)
{
    for (size_t i = 0; i < o->rank_count; i++)
        if (strcmp(o->ranks[i], rank) == 0) return true;
    return o->rank_count == 0;
}

static zsc_status find_ranks(const zsc_compared_group *b, const zsc_compare_options *o, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_list ranks = {0};
    for (size_t i = 0; i < b->encoders; i++)
        for (size_t j = 0; j < b->encoder[i].run[0]->scores; j++) {
            const char *rank = b->encoder[i].run[0]->score[j].rank;
            if (asked_for(o, rank) && !zsc_list_has(&ranks, rank)) ZSC_TRY(zsc_list_add(&ranks, rank));
        }
    for (size_t i = 0; i < o->rank_count; i++)
        if (!zsc_list_has(&ranks, o->ranks[i])) {
            status = zsc_fail(ZSC_EINPUT, "no result has the rank '%s'", o->ranks[i]);
            goto done;
        }
    g->rank = ranks.item;
    g->ranks = ranks.count;
    ranks = (zsc_list){0};
done:
    zsc_list_free(&ranks);
    return status;
}

/* --- Statistics: value[(q * encoders + e) * resamples + b], the mean AMI of encoder e at rank q in resample b */
static double mean_of(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += value[i];
    return sum / (double)count;
}

static double sd_of(const double *value, size_t count)
{
    if (count < 2) return NAN;
    double mean = mean_of(value, count), sum = 0;
    for (size_t i = 0; i < count; i++) sum += (value[i] - mean) * (value[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

/* Runs are drawn by a stream of their own, so that an encoder's draws do not depend on the other encoders. */
static void average_runs(const zsc_compared_group *b, const zsc_compare_group *g, const zsc_labellings *l,
                         const zsc_resampling *r, const double *ami, double *value)
{
    for (size_t e = 0; e < b->encoders; e++) {
        const zsc_compared_encoder *x = &b->encoder[e];
        for (size_t s = 0; s < r->count; s++) {
            zsc_stream stream = zsc_stream_open(r->seed, ZSC_RANDOM_BOOTSTRAP, x->stream + s);
            for (size_t q = 0; q < g->ranks; q++) value[(q * b->encoders + e) * r->count + s] = 0;
            for (size_t i = 0; i < x->runs; i++) {
                size_t run = x->runs > 1 ? (size_t)zsc_stream_below(&stream, x->runs) : 0;
                for (size_t q = 0; q < g->ranks; q++) {
                    size_t start = l->start[e * g->ranks + q];
                    value[(q * b->encoders + e) * r->count + s] += start == SIZE_MAX ? NAN
                                                                                     : ami[s * l->count + start + run] /
                                                                                           (double)x->runs;
                }
            }
        }
    }
}

/* Where AMI is not defined in a resample (one class is left of a rank), it is left out of that rank for all encoders,
 * so that differences stay paired. Moves the others to the front; used[q]: how many there are. */
static void keep_defined(const zsc_compare_group *g, const zsc_labellings *l, size_t count, double *value, size_t *used)
{
    for (size_t q = 0; q < g->ranks; q++) {
        double *of_rank = value + q * g->encoders * count;
        used[q] = 0;
        for (size_t s = 0; s < count; s++) {
            bool defined = true;
            for (size_t e = 0; e < g->encoders; e++)
                if (l->start[e * g->ranks + q] != SIZE_MAX && isnan(of_rank[e * count + s])) defined = false;
            if (!defined) continue;
            for (size_t e = 0; e < g->encoders; e++) of_rank[e * count + used[q]] = of_rank[e * count + s];
            used[q]++;
        }
    }
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

static void fill_cells(const zsc_compared_group *b, const zsc_labellings *l, const zsc_compare_options *o,
                       const double *value, const size_t *used, double *scratch, zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < b->encoders; e++) {
            zsc_compare_cell *cell = &g->cell[q * b->encoders + e];
            size_t start = l->start[e * g->ranks + q], count = o->resampling.count;
            *cell = (zsc_compare_cell){.mean = NAN, .sd = NAN, .interval = {NAN, NAN}};
            if (start == SIZE_MAX) continue;
            cell->runs = b->encoder[e].runs;
            cell->mean = mean_of(l->ami + start, cell->runs);
            cell->sd = sd_of(l->ami + start, cell->runs);
            memcpy(scratch, value + (q * b->encoders + e) * count, used[q] * sizeof *scratch);
            cell->interval = zsc_centred_interval(scratch, used[q], cell->mean, o->level);
            if (cell->interval.high > 1) cell->interval.high = 1; /* no AMI is above */
        }
}

static double as_compared(const zsc_compare_cell *cell) { return zsc_compared_ami(cell->mean); }

/* The highest mean below a bound. */
static double highest_below(const zsc_compare_cell *cell, size_t count, double bound)
{
    double highest = -INFINITY;
    for (size_t e = 0; e < count; e++)
        if (!isnan(cell[e].mean) && as_compared(&cell[e]) < bound) highest = fmax(highest, as_compared(&cell[e]));
    return highest;
}

static void rank_encoders(zsc_compare_group *g)
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
            double mean = mean_of(scratch, used);
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

static zsc_status fill_differences(const zsc_compare_options *o, const double *value, const size_t *used,
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
        for (size_t p = 0; p < pairs; p++) sd[p] = sd_of(deviation + p * count, used[q]);
        joint_intervals(o, pairs, deviation, used[q], sd, scratch, d);
    }
done:
    free(deviation);
    free(sd);
    return status;
}

/* Group i of the COUNT that there are; names of encoders tell those of other groups apart too. */
static zsc_status describe(zsc_compared_group *groups, size_t count, size_t i, const zsc_compare_options *o,
                           zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_compared_group *b = &groups[i];
    g->rows = b->first->rows;
    g->subset = zsc_strdup(b->first->subset);
    g->per_barcode = zsc_strdup(b->first->per_barcode);
    if (!g->subset || !g->per_barcode) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_compared_sort(b));
    g->encoders = b->encoders;
    ZSC_NEW(g->encoder, b->encoders);
    for (size_t e = 0; e < b->encoders; e++) {
        for (size_t k = 0; k < b->encoder[e].runs; k++) g->simulated |= b->encoder[e].run[k]->simulated;
        ZSC_TRY(zsc_compared_label(groups, count, i, e, &g->encoder[e]));
    }
    ZSC_TRY(find_ranks(b, o, g));
    ZSC_NEW(g->cell, g->ranks * g->encoders);
done:
    return status;
}

static zsc_status finish_group(zsc_compared_group *b, const zsc_compare_options *o, const zsc_exec *exec,
                               zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_labellings l = {0};
    int32_t *unit = NULL;
    double *ami = NULL, *value = NULL, *scratch = NULL;
    size_t count = o->resampling.count, *used = NULL; /* by rank: resamples in which AMI is defined */
    ZSC_NEW_RAW(unit, g->rows);
    ZSC_TRY(zsc_resampling_rank(b, o->unit, &g->unit));
    ZSC_TRY(zsc_resampling_units(b, g->unit, unit, &g->units, &g->unlabelled));
    ZSC_TRY(zsc_labellings_make(b, g->rank, g->ranks, &l));
    ZSC_NEW_RAW(ami, count * l.count);
    ZSC_NEW_RAW(value, g->ranks * g->encoders * count);
    ZSC_NEW_RAW(scratch, count);
    ZSC_NEW(used, g->ranks);
    ZSC_TRY(zsc_resample_ami(l.item, l.count, g->rows, unit, g->units, &o->resampling, exec, ami));
    average_runs(b, g, &l, &o->resampling, ami, value);
    keep_defined(g, &l, count, value, used);
    g->few_units = g->units < zsc_compare_least_units(o);
    for (size_t q = 0; q < g->ranks && g->few_units; q++) used[q] = 0;
    fill_cells(b, &l, o, value, used, scratch, g);
    rank_encoders(g);
    status = fill_differences(o, value, used, scratch, g);
done:
    zsc_labellings_free(&l);
    free(unit);
    free(ami);
    free(value);
    free(scratch);
    free(used);
    return status;
}

zsc_status zsc_compare(const zsc_result_list *results, const zsc_compare_options *o, const zsc_exec *exec,
                       zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    zsc_compared_group *groups = NULL;
    size_t count = 0;
    if (results->count == 0) return zsc_fail(ZSC_EINPUT, "there are no results to compare");
    if (o->resampling.count < 2) return zsc_fail(ZSC_EUSAGE, "%zu resamples, expected at least 2", o->resampling.count);
    ZSC_TRY(zsc_compared_groups_make(results, &groups, &count));
    ZSC_NEW(comparison.group, count);
    for (size_t i = 0; i < count; i++) {
        comparison.groups = i + 1;
        ZSC_TRY(describe(groups, count, i, o, &comparison.group[i]));
        ZSC_TRY(finish_group(&groups[i], o, exec, &comparison.group[i]));
    }
    *out = comparison;
    comparison = (zsc_comparison){0};
done:
    zsc_comparison_free(&comparison);
    for (size_t i = 0; i < count; i++) zsc_compared_group_free(&groups[i]);
    free(groups);
    return status;
}
