/* Deviations of scores over resamples.
 *
 * The units are split at random into halves of m and U - m. The two are independent samples, so that with scores v and
 * w, and a variance that falls as one over the number of units, the variance of the score of all U units is that of
 *
 *     D = (v - w) sqrt(m (U - m)) / U
 *
 * on average over samples, also where scores are not sums over units: those of clusters that were made of the half
 * itself. A half against the mean of halves (the half-sample of McCarthy 1969) has the same variance where scores are
 * sums, but counts twice what two halves that overlap do not share. How D goes with the half that a unit is in says how
 * many units the score depends on (zsc_split_spread). Where halves are clustered anew, so are two quarters of each,
 * whose D, at the same rate, says how good the rate is.
 *
 * The mean over R seeds varies by s^2 / R: runs are drawn with replacement, and their deviations widened by
 * sqrt(R / (R - 1)). Where halves are clustered anew, D has it already: other rows with the same seed are another draw.
 */
#include "experiment/series/comparison_deviations.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "experiment/series/recluster.h"

/* The difference of the mean AMI over RUNS runs, from START on, of two parts of split S. */
static double of_sample(const double *one, const double *other, const zsc_labellings *l, size_t start, size_t runs,
                        size_t s)
{
    double sum = 0;
    for (size_t i = 0; i < runs; i++) sum += one[s * l->count + start + i] - other[s * l->count + start + i];
    return sum / (double)runs;
}

/* What makes the variance of a difference of parts of sizes A and B that of all UNITS. */
static double rate_of(size_t a, size_t b, size_t units)
{
    return sqrt((double)a * (double)b / ((double)(a + b) * (double)units));
}

/* The mean of the mean AMI over RUNS runs of both halves of split S. */
static double average_of(const double *one, const double *other, const zsc_labellings *l, size_t start, size_t runs,
                         size_t s)
{
    double sum = 0;
    for (size_t i = 0; i < runs; i++) sum += one[s * l->count + start + i] + other[s * l->count + start + i];
    return sum / (2 * (double)runs);
}

static void join_quarters(const zsc_compared_group *b, const zsc_labellings *l, const zsc_parts *parts, size_t count,
                          const zsc_compare_group *g, double *quarter)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < g->encoders; e++)
            for (size_t s = 0; s < 2 * count; s++) {
                size_t start = l->start[e * g->ranks + q], h = s % 2,
                       units = h ? g->units - g->units / 2 : g->units / 2;
                double *of = quarter + (q * g->encoders + e) * 2 * count;
                of[s] = start == SIZE_MAX ? NAN
                                          : rate_of(units / 2, units - units / 2, g->units) *
                                                of_sample(parts->ami[2 + 2 * h], parts->ami[3 + 2 * h], l, start,
                                                          b->encoder[e].runs, s / 2);
            }
}

/* What a variance of seeds, which R - 1 degrees of freedom say, adds to 1 / degrees (zsc_split). */
static void count_seeds(const zsc_compared_encoder *x, const zsc_compare_group *g, const zsc_labellings *l, size_t e,
                        double *seeds)
{
    for (size_t q = 0; q < g->ranks; q++) {
        size_t start = l->start[e * g->ranks + q];
        if (start == SIZE_MAX) continue;
        double sd = zsc_compare_sd(l->ami + start, x->runs), v = sd * sd / (double)x->runs;
        seeds[q * g->encoders + e] = v * v / (double)(x->runs - 1);
    }
}

/* Runs are drawn by a stream of their own, so that an encoder's draws do not depend on the other encoders. */
static void add_seeds(const zsc_compared_encoder *x, const zsc_compare_group *g, const zsc_labellings *l, size_t e,
                      const zsc_resampling *r, double *value)
{
    double wider = sqrt((double)x->runs / (double)(x->runs - 1)) / (double)x->runs;
    for (size_t s = 0; s < r->count; s++) {
        zsc_stream stream = zsc_stream_open(r->seed, ZSC_RANDOM_BOOTSTRAP, x->stream + s);
        for (size_t i = 0; i < x->runs; i++) {
            size_t run = (size_t)zsc_stream_below(&stream, x->runs);
            for (size_t q = 0; q < g->ranks; q++) {
                size_t start = l->start[e * g->ranks + q];
                if (start == SIZE_MAX) continue;
                value[(q * g->encoders + e) * r->count + s] += wider * (l->ami[start + run] -
                                                                        zsc_compare_mean(l->ami + start, x->runs));
            }
        }
    }
}

/* Deviations of the scores HALF and REST of the halves, and their means, by cell. */
static void join_halves(const zsc_compared_group *b, const zsc_labellings *l, const double *half, const double *rest,
                        size_t count, const zsc_compare_group *g, double *value, double *average)
{
    size_t m = g->units / 2;
    double rate = rate_of(m, g->units - m, g->units);
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < g->encoders; e++) {
            size_t start = l->start[e * g->ranks + q], at = (q * g->encoders + e) * count, runs = b->encoder[e].runs;
            for (size_t s = 0; s < count; s++) {
                value[at + s] = start == SIZE_MAX ? NAN : rate * of_sample(half, rest, l, start, runs, s);
                average[at + s] = start == SIZE_MAX ? NAN : average_of(half, rest, l, start, runs, s);
            }
        }
}

static zsc_status join(const zsc_compared_group *b, const zsc_labellings *l, const zsc_compare_options *o,
                       const double *half, const double *rest, zsc_compare_group *g, const zsc_deviations *out)
{
    zsc_status status = ZSC_OK;
    size_t count = o->resampling.count;
    double *scratch = NULL;
    ZSC_NEW_RAW(scratch, count);
    join_halves(b, l, half, rest, count, g, out->value, out->average);
    for (size_t c = 0; c < g->ranks * g->encoders; c++)
        g->cell[c].sample_sd = zsc_compare_sd(scratch, zsc_compare_usable(out->value + c * count, count, scratch));
    for (size_t e = 0; e < g->encoders; e++) {
        if (b->encoder[e].runs < 2 || g->reclustered) continue;
        add_seeds(&b->encoder[e], g, l, e, &o->resampling, out->value);
        count_seeds(&b->encoder[e], g, l, e, out->seeds);
    }
done:
    free(scratch);
    return status;
}

/* The scores of given clusters in both halves of each split. */
static zsc_status score_halves(const zsc_labellings *l, const int32_t *unit, const zsc_compare_options *o,
                               const zsc_compare_group *g, const zsc_exec *exec, const zsc_parts *parts)
{
    zsc_resampling rest_of = o->resampling;
    rest_of.rest = true;
    zsc_status status = zsc_resample_ami(l->item, l->count, g->rows, unit, g->units, &o->resampling, exec,
                                         parts->ami[0]);
    if (status != ZSC_OK) return status;
    return zsc_resample_ami(l->item, l->count, g->rows, unit, g->units, &rest_of, exec, parts->ami[1]);
}

zsc_status zsc_compare_deviations(const zsc_compared_group *b, const zsc_labellings *l, const int32_t *unit,
                                  const zsc_compare_options *o, const zsc_exec *exec, zsc_compare_group *g,
                                  const zsc_deviations *out)
{
    zsc_status status = ZSC_OK;
    zsc_parts parts = {.count = out->quarter ? 6 : 2};
    for (unsigned p = 0; p < parts.count; p++) ZSC_NEW_RAW(parts.ami[p], o->resampling.count * l->count);
    if (out->given || !g->reclustered) ZSC_TRY(score_halves(l, unit, o, g, exec, &parts));
    if (out->given)
        join_halves(b, l, parts.ami[0], parts.ami[1], o->resampling.count, g, out->given, out->given_average);
    if (g->reclustered)
        ZSC_TRY(zsc_recluster_halves(b, l, g->rank, g->ranks, unit, g->units, &o->resampling, exec, &parts));
    if (out->quarter) join_quarters(b, l, &parts, o->resampling.count, g, out->quarter);
    status = join(b, l, o, parts.ami[0], parts.ami[1], g, out);
done:
    for (unsigned p = 0; p < parts.count; p++) free(parts.ami[p]);
    return status;
}
