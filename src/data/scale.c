/* Scaling of rows or columns (Gharaee et al., arXiv 2406.12723, appendix A6).
 *
 *   l2              x_i / |x_i|
 *   l2-sqrt-dim     x_i sqrt(d) / |x_i|
 *   zscore          (x_ij - mean_j) / sd_j
 *   zscore-average  (x_ij - mean_j) / (mean over j of sd_j)
 *
 * Means and population standard deviations (ddof 0) in two passes, in double, in the order of the rows: each thread has
 * columns of its own, so that no sum depends on how many threads there are. A constant column, and a row of zeros,
 * becomes 0. Doubles whose squares are beyond double precision are first multiplied by a power of two. Whether a column
 * is constant is decided on the numbers themselves: rounding would leave it a standard deviation that is tiny instead
 * of zero. */
#include "data/scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"

/* Columns that one thread takes at a time: two cache lines of each row. */
enum { STRIP = 32 };

/* Columns begin .. end - 1 of row i, as doubles; at most STRIP. */
static void load_strip(const zsc_matrix_block *x, size_t i, size_t begin, size_t end, double *out)
{
    size_t at = i * x->stride;
    if (x->f64)
        memcpy(out, x->f64 + at + begin, (end - begin) * sizeof *out);
    else
        for (size_t j = begin; j < end; j++) out[j - begin] = (double)x->f32[at + j];
}

static void store_strip(const zsc_matrix_block *x, size_t i, size_t begin, size_t end, const double *value)
{
    size_t at = i * x->stride;
    if (x->f64)
        memcpy(x->f64 + at + begin, value, (end - begin) * sizeof *value);
    else
        for (size_t j = begin; j < end; j++) x->f32[at + j] = (float)value[j - begin];
}

static size_t strip_end(const zsc_matrix_block *x, size_t begin) { return begin + STRIP < x->d ? begin + STRIP : x->d; }

/* Sums of squares within these bounds are exact but for rounding; floats never leave them. */
static bool is_measurable(double squares) { return squares >= 1e-280 && squares <= 1e290; }

static double ldexp_if(double value, int exponent) { return exponent ? ldexp(value, exponent) : value; }

/* 2^-exponent times the numbers are at most 2 in magnitude; 0 where all are 0. */
static int exponent_of(double largest) { return largest > 0 ? ilogb(largest) : 0; }

/* The sum of squares of 2^-exponent times row i; *exponent is 0 where the plain squares do. */
static double sum_of_squares(const zsc_matrix_block *x, size_t i, int *exponent)
{
    double sum = 0, largest = 0, value[STRIP];
    for (size_t begin = 0; begin < x->d; begin += STRIP) {
        size_t end = strip_end(x, begin);
        load_strip(x, i, begin, end, value);
        for (size_t j = 0; j < end - begin; j++) sum += value[j] * value[j], largest = fmax(largest, fabs(value[j]));
    }
    *exponent = 0;
    if (is_measurable(sum)) return sum;
    *exponent = exponent_of(largest);
    sum = 0;
    for (size_t begin = 0; begin < x->d; begin += STRIP) {
        size_t end = strip_end(x, begin);
        load_strip(x, i, begin, end, value);
        for (size_t j = 0; j < end - begin; j++) {
            double scaled = ldexp(value[j], -*exponent);
            sum += scaled * scaled;
        }
    }
    return sum;
}

static void scale_lengths(const zsc_matrix_block *x, double length, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < x->n; i++) {
        int exponent;
        double sum = sum_of_squares(x, i, &exponent), value[STRIP];
        double factor = sum > 0 ? length / sqrt(sum) : 0;
        for (size_t begin = 0; begin < x->d; begin += STRIP) {
            size_t end = strip_end(x, begin);
            load_strip(x, i, begin, end, value);
            for (size_t j = 0; j < end - begin; j++) value[j] = ldexp_if(value[j], -exponent) * factor;
            store_strip(x, i, begin, end, value);
        }
    }
}

typedef struct statistics { /* groups x d each */
    double *mean, *sd;      /* of 2^-exponent times the numbers */
    int32_t *exponent;      /* 0 but where squares are beyond double precision */
    double *first;          /* the group's first value */
    bool *varies;
    double *count; /* groups */
} statistics;

static void free_statistics(statistics *s)
{
    free(s->mean);
    free(s->sd);
    free(s->exponent);
    free(s->first);
    free(s->varies);
    free(s->count);
}

static size_t group_of(const int32_t *group, size_t i) { return group ? (size_t)group[i] : 0; }

/* Column j of a group once more, where its plain squares are beyond double precision. */
static void measure_scaled_column(const zsc_matrix_block *x, const int32_t *group, size_t g, size_t j, statistics *s)
{
    size_t at = g * x->d + j;
    double largest = 0, mean = 0, squares = 0, value;
    for (size_t i = 0; i < x->n; i++) {
        load_strip(x, i, j, j + 1, &value);
        if (group_of(group, i) == g) largest = fmax(largest, fabs(value));
    }
    int exponent = exponent_of(largest);
    for (size_t i = 0; i < x->n; i++) {
        load_strip(x, i, j, j + 1, &value);
        if (group_of(group, i) == g) mean += ldexp(value, -exponent);
    }
    mean /= s->count[g];
    for (size_t i = 0; i < x->n; i++) {
        load_strip(x, i, j, j + 1, &value);
        double difference = ldexp(value, -exponent) - mean;
        if (group_of(group, i) == g) squares += difference * difference;
    }
    s->exponent[at] = exponent;
    s->mean[at] = mean;
    s->sd[at] = squares;
}

static void measure_strip(const zsc_matrix_block *x, const int32_t *group, size_t groups, size_t begin, statistics *s,
                          bool *begun)
{
    size_t d = x->d, end = strip_end(x, begin), width = end - begin;
    double value[STRIP];
    for (size_t i = 0; i < x->n; i++) {
        size_t g = group_of(group, i), base = g * d + begin;
        load_strip(x, i, begin, end, value);
        if (!begun[g]) memcpy(s->first + base, value, width * sizeof *value);
        begun[g] = true;
        for (size_t j = 0; j < width; j++) {
            s->mean[base + j] += value[j];
            s->varies[base + j] |= value[j] != s->first[base + j];
        }
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t j = begin; j < end; j++) s->mean[g * d + j] /= s->count[g];
    for (size_t i = 0; i < x->n; i++) {
        size_t base = group_of(group, i) * d + begin;
        load_strip(x, i, begin, end, value);
        for (size_t j = 0; j < width; j++) {
            double difference = value[j] - s->mean[base + j];
            s->sd[base + j] += difference * difference;
        }
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t j = begin; j < end; j++) {
            size_t at = g * d + j;
            if (s->varies[at] && !is_measurable(s->sd[at])) measure_scaled_column(x, group, g, j, s);
            s->sd[at] = s->varies[at] ? sqrt(s->sd[at] / s->count[g]) : 0;
        }
}

static zsc_status measure(const zsc_matrix_block *x, const int32_t *group, size_t groups, int threads, statistics *s)
{
    zsc_status status = ZSC_OK;
    bool *begun = NULL;
    size_t d = x->d, strips = (d + STRIP - 1) / STRIP;
    ZSC_NEW(s->mean, groups * d);
    ZSC_NEW(s->sd, groups * d);
    ZSC_NEW(s->exponent, groups * d);
    ZSC_NEW(s->first, groups * d);
    ZSC_NEW(s->varies, groups * d);
    ZSC_NEW(s->count, groups);
    ZSC_NEW(begun, strips * groups);
    for (size_t i = 0; i < x->n; i++) s->count[group_of(group, i)]++;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (size_t strip = 0; strip < strips; strip++)
        measure_strip(x, group, groups, strip * STRIP, s, begun + strip * groups);
done:
    free(begun);
    return status;
}

/* The mean of a group's standard deviations takes the place of each; 0 stays 0 for constant columns. */
static void average_deviations(size_t d, size_t groups, statistics *s)
{
    for (size_t g = 0; g < groups; g++) {
        double sum = 0;
        for (size_t j = 0; j < d; j++) sum += ldexp_if(s->sd[g * d + j], s->exponent[g * d + j]);
        double average = sum / (double)d;
        if (isinf(sum)) {
            average = 0;
            for (size_t j = 0; j < d; j++) average += ldexp(s->sd[g * d + j] / (double)d, s->exponent[g * d + j]);
        }
        for (size_t j = 0; j < d; j++)
            if (s->varies[g * d + j]) s->sd[g * d + j] = ldexp_if(average, -s->exponent[g * d + j]);
    }
}

static void standardise_rows(const zsc_matrix_block *x, const int32_t *group, const statistics *s, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < x->n; i++) {
        double value[STRIP];
        for (size_t begin = 0; begin < x->d; begin += STRIP) {
            size_t end = strip_end(x, begin), base = group_of(group, i) * x->d + begin;
            load_strip(x, i, begin, end, value);
            for (size_t j = 0; j < end - begin; j++)
                value[j] = s->sd[base + j] > 0
                               ? (ldexp_if(value[j], -s->exponent[base + j]) - s->mean[base + j]) / s->sd[base + j]
                               : 0;
            store_strip(x, i, begin, end, value);
        }
    }
}

zsc_status zsc_scale_block(zsc_matrix_block x, zsc_scale scale, const int32_t *group, size_t groups,
                           const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    statistics s = {0};
    int threads = zsc_threads(exec);
    if (x.n == 0 || x.d == 0 || scale == ZSC_SCALE_NONE) return ZSC_OK;
    if (scale == ZSC_SCALE_L2 || scale == ZSC_SCALE_L2_SQRT_DIM) {
        scale_lengths(&x, scale == ZSC_SCALE_L2 ? 1.0 : sqrt((double)x.d), threads);
        return ZSC_OK;
    }
    if (!group) groups = 1;
    ZSC_TRY(measure(&x, group, groups, threads, &s));
    if (scale == ZSC_SCALE_ZSCORE_AVERAGE) average_deviations(x.d, groups, &s);
    standardise_rows(&x, group, &s, threads);
done:
    free_statistics(&s);
    return status;
}

zsc_status zsc_scale_rows(float *x, size_t n, size_t d, zsc_scale scale, const int32_t *group, size_t groups,
                          const zsc_exec *exec)
{
    for (size_t i = 0; group && i < n; i++)
        if (group[i] < 0 || (size_t)group[i] >= groups)
            return zsc_fail(ZSC_EUSAGE, "scaling: row %zu is of group %d, expected 0 to %zu", zsc_number(i), group[i],
                            groups - 1);
    zsc_status status = zsc_check_finite(x, n, d, (zsc_boundary){"scaling's input", NULL}, exec);
    if (status != ZSC_OK) return status;
    return zsc_scale_block((zsc_matrix_block){.f32 = x, .n = n, .d = d, .stride = d}, scale, group, groups, exec);
}

/* --- Statistics that are kept for other rows */
static bool has_statistics(zsc_scale scale) { return scale == ZSC_SCALE_ZSCORE || scale == ZSC_SCALE_ZSCORE_AVERAGE; }

void zsc_scaling_free(zsc_scaling *s)
{
    if (!s) return;
    free(s->mean);
    free(s->sd);
    free(s->exponent);
    *s = (zsc_scaling){0};
}

/* Of one block of columns, which begin at column OFFSET. */
static zsc_status keep_statistics(const zsc_matrix_block *x, zsc_scale scale, size_t offset, int threads,
                                  zsc_scaling *out)
{
    statistics s = {0};
    zsc_status status = measure(x, NULL, 1, threads, &s);
    if (status == ZSC_OK && scale == ZSC_SCALE_ZSCORE_AVERAGE) average_deviations(x->d, 1, &s);
    for (size_t j = 0; status == ZSC_OK && j < x->d; j++) {
        out->mean[offset + j] = s.mean[j];
        out->sd[offset + j] = s.sd[j];
        out->exponent[offset + j] = s.exponent[j];
    }
    free_statistics(&s);
    return status;
}

zsc_status zsc_scaling_measure(zsc_matrix_block x, const size_t *width, size_t parts, zsc_scale scale,
                               const zsc_exec *exec, zsc_scaling *out)
{
    zsc_status status = ZSC_OK;
    zsc_scaling s = {.d = x.d};
    size_t offset = 0;
    if (!has_statistics(scale) || x.n == 0 || x.d == 0) return ZSC_OK;
    ZSC_NEW(s.mean, s.d);
    ZSC_NEW(s.sd, s.d);
    ZSC_NEW(s.exponent, s.d);
    for (size_t p = 0; p < parts; p++) {
        const zsc_matrix_block part = zsc_matrix_columns(x, offset, width[p]);
        ZSC_TRY(keep_statistics(&part, scale, offset, zsc_threads(exec), &s));
        offset += width[p];
    }
    *out = s;
    s = (zsc_scaling){0};
done:
    zsc_scaling_free(&s);
    return status;
}

zsc_status zsc_scaling_apply(const zsc_scaling *scaling, zsc_matrix_block x, const zsc_exec *exec)
{
    const statistics s = {.mean = scaling->mean, .sd = scaling->sd, .exponent = scaling->exponent};
    const zsc_boundary scaled = {"the scaled matrix", "try another --scale"};
    if (scaling->d == 0 || x.n == 0) return ZSC_OK;
    standardise_rows(&x, NULL, &s, zsc_threads(exec));
    return x.f64 ? zsc_check_finite_f64(x.f64, x.n, x.d, scaled, exec)
                 : zsc_check_finite(x.f32, x.n, x.d, scaled, exec);
}
