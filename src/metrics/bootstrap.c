/* Resampling of scores.
 *
 * The resampled units are specimens, or species with all of their specimens. They are split into random halves, which
 * repeat no row. The bootstrap (Efron 1979), U units with replacement, repeats rows, and two copies of a row always
 * agree: they have the same class and cluster, and the AMI of such a sample is too high. doc/metrics.md has the
 * measured coverage.
 *
 * Cost: for each labelling one table of cells is made per BATCH resamples; a resample then sums weights and computes
 * the expectation, a fraction of a millisecond at 47,260 rows. */
#include "metrics/bootstrap.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "metrics/emi.h"
#include "metrics/quantiles.h"
#include "metrics/scores.h"
#include "metrics/sum.h"

enum { BATCH = 64 }; /* resamples that share a table and whose weights are in memory at one time */

/* --- Tables: classes, clusters and cells by number */
typedef struct table {
    size_t rows, classes, clusters, cells;
    int32_t *row, *class, *cluster; /* of the rows scored */
    int32_t *cell;
} table;

static void table_free(table *t)
{
    free(t->row);
    free(t->class);
    free(t->cluster);
    free(t->cell);
}

/* Rows are scanned class by class; within a class the first row of a cluster makes a new cell. */
static zsc_status number_cells(table *t)
{
    zsc_status status = ZSC_OK;
    int32_t *start = NULL, *order = NULL, *made_for = NULL, *made = NULL;
    ZSC_NEW(start, t->classes + 1);
    ZSC_NEW_RAW(order, t->rows);
    ZSC_NEW_RAW(made_for, t->clusters);
    ZSC_NEW_RAW(made, t->clusters);
    ZSC_NEW_RAW(t->cell, t->rows);
    for (size_t i = 0; i < t->rows; i++) start[t->class[i] + 1]++;
    for (size_t c = 0; c < t->classes; c++) start[c + 1] += start[c];
    for (size_t i = 0; i < t->rows; i++) order[start[t->class[i]]++] = (int32_t)i;
    memset(made_for, -1, t->clusters * sizeof *made_for);
    for (size_t i = 0; i < t->rows; i++) {
        int32_t row = order[i], cluster = t->cluster[row];
        if (made_for[cluster] != t->class[row]) {
            made_for[cluster] = t->class[row];
            made[cluster] = (int32_t)t->cells++;
        }
        t->cell[row] = made[cluster];
    }
done:
    free(start);
    free(order);
    free(made_for);
    free(made);
    return status;
}

static zsc_status table_make(const zsc_labelling *l, size_t n, table *t)
{
    zsc_status status = ZSC_OK;
    *t = (table){0};
    ZSC_NEW_RAW(t->row, n);
    ZSC_NEW_RAW(t->class, n);
    ZSC_NEW_RAW(t->cluster, n);
    zsc_contingency_select_rows(l->labels, n, l->missing, t->row, t->class, &t->rows);
    for (size_t i = 0; i < t->rows; i++) t->cluster[i] = l->clusters[t->row[i]];
    ZSC_TRY(zsc_contingency_codes(t->class, t->rows, t->class, &t->classes));
    ZSC_TRY(zsc_contingency_codes(t->cluster, t->rows, t->cluster, &t->clusters));
    ZSC_TRY(number_cells(t));
done:
    return status;
}

/* --- One resample */
typedef struct scratch { /* of one thread */
    int32_t *count;      /* n: rows of each class, cluster or cell */
    int32_t *histogram;
    size_t histogram_size;
    zsc_emi emi;
} scratch;

/* Sums the weights of the rows by CODE and reduces the sums to sizes; *total is the sum of all weights. */
static zsc_status weigh(const table *t, const int32_t *code, size_t parts, const int32_t *unit, const uint16_t *weight,
                        scratch *s, zsc_sizes *out, size_t *total)
{
    zsc_status status = ZSC_OK;
    size_t largest = 0, sum = 0;
    memset(s->count, 0, parts * sizeof *s->count);
    for (size_t i = 0; i < t->rows; i++) s->count[code[i]] += weight[unit[t->row[i]]];
    for (size_t p = 0; p < parts; p++) {
        sum += (size_t)s->count[p];
        if ((size_t)s->count[p] > largest) largest = (size_t)s->count[p];
    }
    ZSC_TRY(zsc_grow(&s->histogram, &s->histogram_size, largest + 1, sizeof *s->histogram, "sizes"));
    memset(s->histogram, 0, (largest + 1) * sizeof *s->histogram);
    for (size_t p = 0; p < parts; p++) s->histogram[s->count[p]]++;
    ZSC_TRY(zsc_sizes_make(s->histogram, largest, out));
    *total = sum;
done:
    return status;
}

static double expectation(scratch *s, const zsc_sizes *classes, const zsc_sizes *clusters, size_t rows)
{
    zsc_sum sum = {0};
    if (classes->parts <= 1 || clusters->parts <= 1) return 0;
    zsc_emi_make(&s->emi, rows);
    for (size_t i = 0; i < classes->distinct; i++)
        zsc_sum_add(&sum, (double)classes->item[i].count * zsc_emi_cluster(&s->emi, classes->item[i].size, clusters));
    return zsc_sum_value(&sum) / (double)rows;
}

static zsc_status score(const table *t, const int32_t *unit, const uint16_t *weight, scratch *s, double *ami)
{
    zsc_status status = ZSC_OK;
    zsc_sizes classes = {0}, clusters = {0}, cells = {0};
    zsc_information i = {0};
    ZSC_TRY(weigh(t, t->class, t->classes, unit, weight, s, &classes, &i.rows));
    ZSC_TRY(weigh(t, t->cluster, t->clusters, unit, weight, s, &clusters, &i.rows));
    ZSC_TRY(weigh(t, t->cell, t->cells, unit, weight, s, &cells, &i.rows));
    i.classes = classes.parts;
    i.clusters = clusters.parts;
    if (i.rows > 0) {
        i.h_classes = zsc_sizes_entropy(&classes, i.rows);
        i.h_clusters = zsc_sizes_entropy(&clusters, i.rows);
        i.mi = i.h_classes + i.h_clusters - zsc_sizes_entropy(&cells, i.rows);
        i.emi = expectation(s, &classes, &clusters, i.rows);
        zsc_information_set_exact_cases(&i);
    }
    *ami = zsc_ami(&i, ZSC_ARITHMETIC);
done:
    zsc_sizes_free(&classes);
    zsc_sizes_free(&clusters);
    zsc_sizes_free(&cells);
    return status;
}

/* The units of ORDER that a quarter is. */
static void weigh_quarter(unsigned quarter, size_t units, const int32_t *order, uint16_t *weight)
{
    size_t half = units / 2, first = quarter > 2 ? half : 0, end = quarter > 2 ? units : half;
    size_t middle = first + (end - first) / 2;
    memset(weight, 0, units * sizeof *weight);
    for (size_t i = quarter % 2 ? first : middle; i < (quarter % 2 ? middle : end); i++) weight[order[i]] = 1;
}

/* A half is the first half of a random permutation (Fisher and Yates). */
void zsc_resample_draw(const zsc_resampling *r, size_t b, size_t units, int32_t *order, uint16_t *weight)
{
    zsc_stream stream = zsc_stream_open(r->seed, ZSC_RANDOM_BOOTSTRAP, b);
    memset(weight, 0, units * sizeof *weight);
    for (size_t i = 0; i < units; i++) order[i] = (int32_t)i;
    for (size_t i = 0; i < (r->quarter ? units : units / 2); i++) {
        size_t j = i + (size_t)zsc_stream_below(&stream, units - i);
        int32_t chosen = order[j];
        order[j] = order[i];
        order[i] = chosen;
        weight[chosen] = 1;
    }
    if (r->quarter) {
        weigh_quarter(r->quarter, units, order, weight);
        return;
    }
    for (size_t i = 0; i < units && r->rest; i++) weight[i] = !weight[i];
}

/* --- All resamples */
typedef struct bootstrap {
    const zsc_resampling *resampling;
    const int32_t *unit;
    size_t n, units;
    int threads;
    scratch *scratch; /* one per thread */
    int32_t *order;   /* threads x units */
    uint16_t *weight; /* BATCH x units */
} bootstrap;

static void draw_batch(const bootstrap *w, size_t first, size_t count)
{
#pragma omp parallel for num_threads(w->threads) schedule(static)
    for (size_t i = 0; i < count; i++)
        zsc_resample_draw(w->resampling, first + i, w->units, w->order + (size_t)omp_get_thread_num() * w->units,
                          w->weight + i * w->units);
}

/* Column COLUMN of ami, COUNT rows from `first` on. */
static zsc_status score_batch(const bootstrap *w, const table *t, size_t first, size_t count, size_t columns,
                              size_t column, double *ami)
{
    int failed = 0;
#pragma omp parallel for num_threads(w->threads) schedule(dynamic, 1) reduction(| : failed)
    for (size_t i = 0; i < count; i++)
        failed |= score(t, w->unit, w->weight + i * w->units, &w->scratch[omp_get_thread_num()],
                        &ami[(first + i) * columns + column]) != ZSC_OK;
    return failed ? zsc_fail(ZSC_EINTERNAL, "out of memory for a resample of %zu rows", w->n) : ZSC_OK;
}

static zsc_status run_batches(const bootstrap *w, const zsc_labelling *labelling, size_t count, const zsc_exec *exec,
                              double *ami)
{
    zsc_status status = ZSC_OK;
    size_t resamples = w->resampling->count;
    for (size_t first = 0; first < resamples; first += BATCH) {
        size_t batch = resamples - first < BATCH ? resamples - first : BATCH;
        draw_batch(w, first, batch);
        for (size_t l = 0; l < count && status == ZSC_OK; l++) {
            table t;
            status = table_make(&labelling[l], w->n, &t);
            if (status == ZSC_OK) status = score_batch(w, &t, first, batch, count, l, ami);
            table_free(&t);
            if (status == ZSC_OK && !zsc_progress(exec, "resampling", (double)(first * count + batch * (l + 1)),
                                                  (double)(resamples * count)))
                status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        }
        if (status != ZSC_OK) break;
    }
    return status;
}

zsc_status zsc_resample_ami(const zsc_labelling *labelling, size_t count, size_t n, const int32_t *unit, size_t units,
                            const zsc_resampling *resampling, const zsc_exec *exec, double *ami)
{
    enum { MOST_ROWS = INT32_MAX };
    if (n > MOST_ROWS) return zsc_fail(ZSC_EUSAGE, "cannot resample %zu rows; the most is %d", n, MOST_ROWS);
    zsc_status status = ZSC_OK;
    bootstrap w = {.resampling = resampling, .unit = unit, .n = n, .units = units, .threads = zsc_threads(exec)};
    ZSC_NEW(w.scratch, (size_t)w.threads);
    ZSC_NEW_RAW(w.order, (size_t)w.threads * units);
    ZSC_NEW_RAW(w.weight, BATCH * units);
    for (int t = 0; t < w.threads; t++) ZSC_NEW_RAW(w.scratch[t].count, n);
    status = run_batches(&w, labelling, count, exec, ami);
done:
    for (int t = 0; w.scratch && t < w.threads; t++) {
        free(w.scratch[t].count);
        free(w.scratch[t].histogram);
    }
    free(w.scratch);
    free(w.order);
    free(w.weight);
    return status;
}

/* --- Intervals of deviations of two halves */
static double mean_square(const double *value, size_t count)
{
    zsc_sum sum = {0};
    for (size_t i = 0; i < count; i++) zsc_sum_add(&sum, value[i] * value[i]);
    return zsc_sum_value(&sum) / (double)count;
}

/* The half that each of COUNT resamples from FIRST on draws, into weight[b * units + i]. */
static void draw_halves(const zsc_resampling *r, size_t first, size_t count, size_t units, int threads, int32_t *order,
                        uint16_t *weight)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t b = 0; b < count; b++)
        zsc_resample_draw(r, first + b, units, order + (size_t)omp_get_thread_num() * units, weight + b * units);
}

zsc_status zsc_split_influences(const zsc_resampling *r, size_t first, size_t units, const double *value, size_t cells,
                                const zsc_exec *exec, size_t stride, double *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    int32_t *order = NULL;
    uint16_t *weight = NULL;
    ZSC_NEW_RAW(order, (size_t)threads * units);
    ZSC_NEW_RAW(weight, BATCH * units);
    for (size_t start = 0; start < r->count; start += BATCH) {
        size_t batch = r->count - start < BATCH ? r->count - start : BATCH;
        draw_halves(r, first + start, batch, units, threads, order, weight);
#pragma omp parallel for num_threads(threads) schedule(static)
        for (size_t c = 0; c < cells; c++) {
            const double *d = value + c * r->count;
            double *of = out + c * stride;
            size_t usable = 0;
            for (size_t b = 0; b < r->count; b++) usable += !isnan(d[b]);
            for (size_t b = 0; b < batch; b++) {
                if (isnan(d[start + b])) continue;
                const uint16_t *w = weight + b * units;
                double by = d[start + b] / (double)usable;
                for (size_t i = 0; i < units; i++) of[i] += w[i] ? by : -by;
            }
        }
    }
done:
    free(order);
    free(weight);
    return status;
}

/* sum w^4 / (sum w^2)^2. An influence x of COUNT deviations is w plus a normal number of variance v, and x^4 - 6 v x^2
 * + 3 v^2 is w^4 on average. Halves of equal size say how units differ from their mean, U / (U - 1) times as much. */
static double concentration(const zsc_split *s, double second)
{
    zsc_sum sum = {0};
    double u = (double)s->units, centred = (u - 1) / u;
    for (size_t i = 0; i < s->units; i++) {
        double square = s->influence[i] * s->influence[i], v = fmax(second - square, 0) / (double)s->count;
        zsc_sum_add(&sum, (square - 6 * v) * square + 3 * v * v);
    }
    return zsc_sum_value(&sum) * centred * centred / (second * second);
}

/* From 1 / k. */
static double degrees_of_units(double concentration, size_t units)
{
    double most = (double)units - 1, uneven = concentration - 1 / (double)units;
    return uneven > 2 / most ? fmax(2 / uneven, 2) : most;
}

/* Twice the variance of the mean of two halves, of the variance SECOND of D: 1 where all is of pairs. */
static double share_of_pairs(const double *average, size_t count, double second)
{
    zsc_sum sum = {0}, square = {0};
    if (!average) return 0;
    for (size_t b = 0; b < count; b++) zsc_sum_add(&sum, average[b]);
    double mean = zsc_sum_value(&sum) / (double)count;
    for (size_t b = 0; b < count; b++) zsc_sum_add(&square, (average[b] - mean) * (average[b] - mean));
    return fmin(2 * zsc_sum_value(&square) / ((double)count - 1) / second, 1);
}

/* How much of the variance is taken at the rate of pairs, PAIRS being their share: what is above a half of it. A
 * clustering of each half changes by itself, too, which is no pair's. */
static double weight_of_pairs(const zsc_split *s, double pairs)
{
    if (!s->rescaled) return 0;
    if (s->given) {
        double second = s->givens > 1 ? mean_square(s->given, s->givens) : 0;
        pairs = second > 0 ? share_of_pairs(s->given_average, s->givens, second) : 0;
    }
    return fmax(2 * pairs - 1, 0);
}

/* How many pairs of units tell two scores apart that are equal in a SHARE of the halves: a half has a pair with a
 * chance of 1/4. */
static double pairs_apart(double share) { return share > 0 ? zsc_log(share) / zsc_log(0.75) : INFINITY; }

/* Effective units of a difference that few pairs make: no more than these. */
static void limit_to_pairs(const zsc_split *s, zsc_spread *out)
{
    double share = s->agreeing, error = sqrt(share * (1 - share) / (2 * (double)s->count));
    out->effective = fmin(out->effective, pairs_apart(share));
    out->at_most = fmin(out->at_most, pairs_apart(share - 2 * error));
}

zsc_spread zsc_split_spread(const zsc_split *s)
{
    const double rounding = 1e-28;
    double rate = 1, second = s->count > 1 ? mean_square(s->deviation, s->count) : 0;
    if (second < rounding) return (zsc_spread){NAN, NAN, NAN, NAN, NAN, NAN};
    double count = (double)s->count, uneven = concentration(s, second), degrees = degrees_of_units(uneven, s->units);
    double pairs = share_of_pairs(s->average, s->count, second), of_pairs = weight_of_pairs(s, pairs);
    double of_quarters = s->quarters ? mean_square(s->quarter, s->quarters) : 0;
    if (of_quarters > rounding) rate = fmin(fmax(second / of_quarters, 0.5), 2);
    double per_deviation = of_quarters > rounding ? 2.5 - 1.5 * of_pairs : 1, variance = second * sqrt(rate);
    double mixed = of_pairs > 0 ? variance + of_pairs * (mean_square(s->rescaled, s->count) / 2 - variance) : variance;
    zsc_spread out = {
        .sd = sqrt(mixed),
        .degrees = 1 / (1 / (degrees * (1 - pairs / 2)) + s->seeds / (second * second) + per_deviation / count),
        .effective = degrees + 1,
        .at_most = degrees_of_units(uneven - 2 * sqrt(24 * (double)s->units) / (count * count), s->units) + 1,
        .pairs = pairs,
        .narrowed = sqrt(mixed / variance),
    };
    if (of_pairs > 0 && s->agreeing > 0) limit_to_pairs(s, &out);
    return out;
}

zsc_interval zsc_spread_interval(zsc_spread s, double estimate, double level)
{
    if (isnan(s.sd)) return (zsc_interval){NAN, NAN};
    double half = zsc_student_quantile(level, fmax(s.degrees, 1)) * s.sd;
    return (zsc_interval){estimate - half, estimate + half};
}

/* tanh(artanh(a) + x) = (q - 1) / (q + 1) with q = exp(2 x) (1 + a) / (1 - a); dz / da = 1 / (1 - a^2). */
zsc_interval zsc_spread_ami_interval(zsc_spread s, double ami, double level)
{
    double one = 1 - ami * ami;
    if (isnan(s.sd) || !(one > 1e-12)) return (zsc_interval){NAN, NAN};
    double half = zsc_student_quantile(level, fmax(s.degrees, 1)) * s.sd / one;
    double odds = (1 + ami) / (1 - ami), wider = zsc_exp(2 * fmin(half, 100));
    return (zsc_interval){1 - 2 / (odds / wider + 1), 1 - 2 / (odds * wider + 1)};
}

/* logit(a) = 2 artanh(2 a - 1). */
zsc_interval zsc_spread_accuracy_interval(zsc_spread s, double accuracy, double level)
{
    zsc_interval i = zsc_spread_ami_interval((zsc_spread){.sd = 2 * s.sd, .degrees = s.degrees}, 2 * accuracy - 1,
                                             level);
    return (zsc_interval){(1 + i.low) / 2, (1 + i.high) / 2};
}
