/* The curve 1 / (1 + a x^(2b)) that stands for the membership strength of two points x apart in the layout.
 *
 * a and b are the least-squares fit to 1 below min_dist and exp(-(x - min_dist) / spread) above it, on 300 points that
 * divide [0, 3 spread] evenly (McInnes, Healy, Melville, arXiv 1802.03426, section 3.2; the points are umap-learn's).
 * Levenberg and Marquardt's method from a = b = 1, in units of spread, in which the fit depends on min_dist / spread
 * alone. Not GSL's, whose last digits are those of OpenBLAS's kernels for the processor. */
#include <float.h>
#include <math.h>

#include "base/elementary.h"
#include "base/error.h"
#include "zsc/umap.h"

enum { POINTS = 300, ITERATIONS = 200 };
static const double CONVERGED = 4 * DBL_EPSILON, DAMPING_MOST = 1e16;

typedef struct curve {
    double log_x[POINTS], y[POINTS]; /* the first x is 0, where every curve is 1, as y is: it is left out */
} curve;

/* Sums of squares and products of the residuals and their derivatives. */
typedef struct sums {
    double cost, aa, ab, bb, a, b;
} sums;

static sums evaluate(const curve *c, double a, double b)
{
    sums s = {0};
    for (size_t i = 1; i < POINTS; i++) {
        double p = zsc_exp(2 * b * c->log_x[i]), q = 1 + a * p, rest = 1 / q - c->y[i];
        double by_a = -p / (q * q), by_b = 2 * a * c->log_x[i] * by_a;
        s.cost += rest * rest;
        s.aa += by_a * by_a;
        s.ab += by_a * by_b;
        s.bb += by_b * by_b;
        s.a += by_a * rest;
        s.b += by_b * rest;
    }
    return s;
}

/* The normal equations with damped diagonal. */
static void step_of(const sums *s, double damping, double *step_a, double *step_b)
{
    double aa = s->aa * (1 + damping), bb = s->bb * (1 + damping), determinant = aa * bb - s->ab * s->ab;
    *step_a = (s->ab * s->b - bb * s->a) / determinant;
    *step_b = (s->ab * s->a - aa * s->b) / determinant;
}

static bool minimise(const curve *c, double *a, double *b)
{
    double damping = 1e-3, step_a, step_b;
    *a = *b = 1;
    sums here = evaluate(c, *a, *b);
    for (int i = 0; i < ITERATIONS; i++) {
        step_of(&here, damping, &step_a, &step_b);
        if (fabs(step_a) <= CONVERGED * *a && fabs(step_b) <= CONVERGED * *b) return true;
        double next_a = *a + step_a, next_b = *b + step_b;
        sums next = next_a > 0 && next_b > 0 ? evaluate(c, next_a, next_b) : (sums){.cost = INFINITY};
        if (next.cost < here.cost) {
            *a = next_a;
            *b = next_b;
            here = next;
            damping /= 10;
        } else if ((damping *= 10) > DAMPING_MOST) {
            return isfinite(here.cost); /* no smaller step helps: what the minimum looks like to rounding */
        }
    }
    return false;
}

static zsc_status fit_curve(double spread, double min_dist, double *a, double *b)
{
    if (!(spread > 0 && isfinite(spread)))
        return zsc_fail(ZSC_EUSAGE, "option spread expects a number above 0, not %g", spread);
    if (!(min_dist >= 0 && min_dist <= spread))
        return zsc_fail(ZSC_EUSAGE, "option min_dist expects a number from 0 to spread (%g), not %g", spread, min_dist);
    curve c;
    double fitted, power;
    for (size_t i = 0; i < POINTS; i++) {
        double x = 3 * (double)i / (POINTS - 1), above = x - min_dist / spread;
        c.log_x[i] = zsc_log(x);
        c.y[i] = above < 0 ? 1 : zsc_exp(-above);
    }
    bool found = minimise(&c, &fitted, &power);
    double scaled = fitted * zsc_pow(spread, -2 * power);
    if (!found || !(scaled > 0 && isfinite(scaled)))
        return zsc_fail(ZSC_ENUMERIC,
                        "no a and b fit spread %g and min_dist %g (the least-squares fit ends at a = %g, b = %g); give "
                        "--a and --b, "
                        "or a spread nearer 1",
                        spread, min_dist, scaled, power);
    *a = scaled;
    *b = power;
    return ZSC_OK;
}

/* A fit takes half a million instructions, and a sweep checks thousands of runs with the same two numbers. */
zsc_status zsc_umap_fit_ab(double spread, double min_dist, double *a, double *b)
{
    static _Thread_local struct {
        double spread, min_dist, a, b;
    } last; /* spread 0: none */
    if (last.spread != spread || last.min_dist != min_dist) {
        last.spread = 0;
        zsc_status status = fit_curve(spread, min_dist, &last.a, &last.b);
        if (status != ZSC_OK) return status;
        last.spread = spread;
        last.min_dist = min_dist;
    }
    *a = last.a;
    *b = last.b;
    return ZSC_OK;
}
