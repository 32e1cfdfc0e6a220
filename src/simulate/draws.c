/* Normal: Marsaglia and Tsang, The ziggurat method, J. Stat. Softw. 5:8 (2000), in the variant of Voss (2005), whose
 * lowest layer ends in an exponential envelope. With f(x) = exp(-x^2 / 2), layer i of LAYERS lies between f(x_(i+1))
 * and f(x_i) and reaches to x_(i+1); the lowest reaches to x_LAYERS = R + 1 / R, x_(LAYERS-1) = R, and all have the
 * area f(R) (R + 1 / R). R is such that x_0 = 0.
 *
 * Gamma: Marsaglia and Tsang, ACM Trans. Math. Softw. 26:363 (2000): d (1 + c z)^3 with d = shape - 1/3, c = 1 / (3
 * sqrt d) and a normal z is accepted by its density; below shape 1, a draw of shape + 1 times u^(1 / shape). Pareto: by
 * inversion. Poisson: how many uniform numbers have a product above exp(-mean) (Knuth, volume 2, 3.4.1). Weights:
 * Walker's aliases (ACM Trans. Math. Softw. 3:253, 1977).
 *
 * Simulated data are those of GSL's generators to the byte, by which they were drawn before: the order of draws, and
 * twelve digits of the ziggurat's widths and heights, are GSL's (tests/unit/draws.c). */
#include "simulate/draws.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/elementary.h"
#include "base/memory.h"

enum { LAYERS = 128, STEPS = 1 << 24 };
static const double R = 3.4442864767612838794;

static struct ziggurat {
    double step[LAYERS];   /* x_(i+1) / STEPS */
    double inside[LAYERS]; /* steps below x_i, where the whole height is below f */
    double height[LAYERS]; /* f(x_i) */
} ziggurat;

static double twelve_digits(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.11e", x);
    return strtod(text, NULL);
}

static void build_ziggurat(void)
{
    double area = zsc_exp(-R * R / 2) * (R + 1 / R), x[LAYERS + 1], height[LAYERS];
    x[LAYERS] = R + 1 / R;
    x[LAYERS - 1] = R;
    height[LAYERS - 1] = zsc_exp(-R * R / 2);
    for (size_t i = LAYERS - 1; i-- > 0;) {
        height[i] = i ? height[i + 1] + area / x[i + 1] : 1;
        x[i] = i ? sqrt(-2 * zsc_log(height[i])) : 0;
    }
    for (size_t i = 0; i < LAYERS; i++) {
        ziggurat.step[i] = twelve_digits(x[i + 1] / STEPS);
        ziggurat.inside[i] = floor(x[i] / x[i + 1] * STEPS);
        ziggurat.height[i] = twelve_digits(height[i]);
    }
}

static double uniform_above_zero(zsc_stream *stream)
{
    for (;;) {
        double u = zsc_stream_uniform(stream);
        if (u > 0) return u;
    }
}

double zsc_draw_normal(zsc_stream *stream)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const double right = 3.44428647676; /* R to twelve digits */
    pthread_once(&once, build_ziggurat);
    for (;;) {
        uint32_t bits = (uint32_t)(zsc_stream_u64(stream) >> 32);
        size_t i = bits & 127;
        double sign = bits & 128 ? 1 : -1, steps = (double)(bits >> 8), x = steps * ziggurat.step[i], y;
        if (steps < ziggurat.inside[i]) return sign * x;
        if (i + 1 < LAYERS) {
            double top = ziggurat.height[i], bottom = ziggurat.height[i + 1];
            y = bottom + (top - bottom) * zsc_stream_uniform(stream);
        } else {
            double u = 1 - zsc_stream_uniform(stream), v = zsc_stream_uniform(stream);
            x = right - zsc_log(u) / right;
            y = zsc_exp(-right * (x - 0.5 * right)) * v;
        }
        if (y < zsc_exp(-0.5 * x * x)) return sign * x;
    }
}

double zsc_draw_gamma(zsc_stream *stream, double shape, double scale)
{
    if (shape < 1) {
        double u = uniform_above_zero(stream);
        return zsc_draw_gamma(stream, 1 + shape, scale) * zsc_pow(u, 1 / shape);
    }
    const double d = shape - 1.0 / 3, c = (1.0 / 3) / sqrt(d);
    for (;;) {
        double z, v;
        do {
            z = zsc_draw_normal(stream);
            v = 1 + c * z;
        } while (v <= 0);
        v = v * v * v;
        double u = uniform_above_zero(stream);
        if (u < 1 - 0.0331 * z * z * z * z || zsc_log(u) < 0.5 * z * z + d * (1 - v + zsc_log(v))) return scale * d * v;
    }
}

double zsc_draw_pareto(zsc_stream *stream, double exponent)
{
    return zsc_pow(uniform_above_zero(stream), -1 / exponent);
}

unsigned zsc_draw_poisson(zsc_stream *stream, double mean)
{
    const double end = zsc_exp(-mean);
    double product = zsc_stream_uniform(stream);
    unsigned count = 0;
    for (; product > end; count++) product *= zsc_stream_uniform(stream);
    return count;
}

/* --- Weights */
/* Pairs each number of less than the mean share with one of more, which gives it what it lacks. */
static void pair_up(double *share, size_t *waiting, zsc_draw_weighted *t)
{
    const double mean = 1 / (double)t->count;
    size_t small = 0, large = t->count; /* two stacks in one array: from its begin, and from its end */
    for (size_t i = 0; i < t->count; i++)
        if (share[i] < mean)
            waiting[small++] = i;
        else
            waiting[--large] = i;
    while (small > 0 && large < t->count) {
        size_t low = waiting[--small], high = waiting[large++];
        t->alias[low] = high;
        t->own[low] = (double)t->count * share[low];
        share[high] -= mean - share[low];
        if (share[high] < mean)
            waiting[small++] = high;
        else if (share[high] > mean)
            waiting[--large] = high;
    }
}

zsc_status zsc_draw_weighted_make(const double *weight, size_t count, zsc_draw_weighted *out)
{
    zsc_status status = ZSC_OK;
    zsc_draw_weighted t = {.count = count};
    double *share = NULL, total = 0;
    size_t *waiting = NULL;
    ZSC_NEW_RAW(share, count);
    ZSC_NEW_RAW(waiting, count);
    ZSC_NEW_RAW(t.own, count);
    ZSC_NEW_RAW(t.alias, count);
    for (size_t i = 0; i < count; i++) total += weight[i];
    for (size_t i = 0; i < count; i++) {
        share[i] = weight[i] / total;
        t.alias[i] = i;
        t.own[i] = 1; /* who is left is alone in its interval */
    }
    pair_up(share, waiting, &t);
    for (size_t i = 0; i < count; i++) t.own[i] = (t.own[i] + (double)i) / (double)count;
    *out = t;
    t = (zsc_draw_weighted){0};
done:
    free(share);
    free(waiting);
    zsc_draw_weighted_free(&t);
    return status;
}

void zsc_draw_weighted_free(zsc_draw_weighted *t)
{
    free(t->own);
    free(t->alias);
    *t = (zsc_draw_weighted){0};
}

size_t zsc_draw_weighted_next(const zsc_draw_weighted *t, zsc_stream *stream)
{
    double u = zsc_stream_uniform(stream);
    size_t i = (size_t)(u * (double)t->count);
    return u < t->own[i] ? i : t->alias[i];
}
