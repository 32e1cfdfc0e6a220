/* Numbers of clusters from the heights of a dendrogram, and heights in standardised units: definitions in zsc/cuts.h.
 */
#include "base/elementary.h"
#include "zsc/cuts.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "zsc/ward.h"

/* The heights by number of clusters: merge n - k joins k clusters to k - 1. */
typedef struct heights {
    const double *z;
    size_t n, distinct;
} heights;

static double joined_at(const heights *h, size_t k) { return h->z[4 * (h->n - k) + 2]; }

static zsc_status read_heights(const double *z, size_t n, heights *h)
{
    zsc_status status = zsc_linkage_check(z, n);
    *h = (heights){z, n, n};
    while (status == ZSC_OK && h->distinct > 1 && joined_at(h, h->distinct) == 0) h->distinct--;
    return status;
}

/* --- Numbers of clusters on a logarithmic scale */
enum { STEPS_PER_DOUBLING = 4, GRID_MOST = 1 + STEPS_PER_DOUBLING * 31 };

static size_t grid_number(size_t step) { return (size_t)llround(2 * zsc_pow(2, (double)step / STEPS_PER_DOUBLING)); }

zsc_status zsc_cut_grid(const double *z, size_t n, zsc_cut_curve *out)
{
    zsc_status status = ZSC_OK;
    heights h;
    zsc_cut_curve c = {.clusters = 1};
    ZSC_TRY(read_heights(z, n, &h));
    ZSC_NEW_RAW(c.k, GRID_MOST);
    ZSC_NEW(c.value, GRID_MOST);
    for (size_t step = 0; grid_number(step) <= h.distinct / 2; step++)
        if (c.count == 0 || c.k[c.count - 1] != grid_number(step)) c.k[c.count++] = grid_number(step);
    *out = c;
    c = (zsc_cut_curve){0};
done:
    zsc_cut_curve_free(&c);
    return status;
}

void zsc_cut_choose(zsc_cut_curve *c)
{
    double best = -INFINITY;
    c->clusters = 1;
    for (size_t i = 0; i < c->count; i++)
        if (c->value[i] > best) {
            best = c->value[i];
            c->clusters = c->k[i];
        }
}

void zsc_cut_curve_free(zsc_cut_curve *c)
{
    if (!c) return;
    free(c->k);
    free(c->value);
    *c = (zsc_cut_curve){0};
}

/* --- Rules by heights */
typedef double rule_fn(const heights *h, size_t k);

static double gap(const heights *h, size_t k) { return zsc_log(joined_at(h, k) / joined_at(h, k + 1)); }

static double elbow(const heights *h, size_t k)
{
    double most = joined_at(h, 2), least = joined_at(h, h->distinct);
    double x = (double)(k - 2) / (double)(h->distinct - 2), y = (joined_at(h, k) - least) / (most - least);
    return 1 - x - y;
}

/* Of each interval of the grid, its largest value. */
static void fill_curve(const heights *h, rule_fn *rule, zsc_cut_curve *c)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t first = c->k[i], end = i + 1 < c->count ? c->k[i + 1] : h->distinct / 2 + 1;
        c->value[i] = rule(h, first);
        for (size_t k = first + 1; k < end; k++) {
            double value = rule(h, k);
            if (value <= c->value[i] || isnan(value)) continue;
            c->value[i] = value;
            c->k[i] = k;
        }
    }
}

static zsc_status cut_by(const double *z, size_t n, rule_fn *rule, zsc_cut_curve *out)
{
    heights h;
    zsc_cut_curve c = {0};
    zsc_status status = zsc_cut_grid(z, n, &c);
    if (status != ZSC_OK || (status = read_heights(z, n, &h)) != ZSC_OK) return status;
    if (c.count && joined_at(&h, 2) == joined_at(&h, h.distinct)) c.count = 0; /* all heights are equal */
    fill_curve(&h, rule, &c);
    zsc_cut_choose(&c);
    *out = c;
    return ZSC_OK;
}

zsc_status zsc_cut_gap(const double *z, size_t n, zsc_cut_curve *out) { return cut_by(z, n, gap, out); }

zsc_status zsc_cut_elbow(const double *z, size_t n, zsc_cut_curve *out) { return cut_by(z, n, elbow, out); }

/* --- Standardised units */
static inline double at(const float *x, const double *x64, size_t i) { return x ? (double)x[i] : x64[i]; }

/* Standard deviations, of differences to the first row, which are small where a column hardly varies. */
static zsc_status standardised_height(const float *x, const double *x64, size_t n, size_t d, double *out)
{
    zsc_status status = ZSC_OK;
    double *mean = NULL, *square = NULL, sum = 0;
    ZSC_NEW(mean, d);
    ZSC_NEW(square, d);
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < d; j++) mean[j] += (at(x, x64, i * d + j) - at(x, x64, j)) / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            double t = at(x, x64, i * d + j) - at(x, x64, j) - mean[j];
            square[j] += t * t / (double)n;
        }
    for (size_t j = 0; j < d; j++) sum += sqrt(square[j]);
    double height = d ? sum / sqrt((double)d) : 0; /* sum / d, times sqrt(d) */
    if (isfinite(height))
        *out = height;
    else
        status = zsc_fail(
            ZSC_ENUMERIC,
            "the mean standard deviation of the %zu columns is not finite; scale the matrix (--scale), or "
            "divide it by a constant",
            d);
done:
    free(mean);
    free(square);
    return status;
}

zsc_status zsc_standardised_height(const float *x, size_t n, size_t d, double *out)
{
    return standardised_height(x, NULL, n, d, out);
}

zsc_status zsc_standardised_height_f64(const double *x, size_t n, size_t d, double *out)
{
    return standardised_height(NULL, x, n, d, out);
}
