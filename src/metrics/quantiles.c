/* Both distributions of |Z| and |T| have series of positive terms (Abramowitz and Stegun, 26.2.11 and,
 * by 15.3.3, 26.5.4), with the density f and n = degrees:
 *
 *     P(|Z| < z) = 2 f(z) (z + z^3 / 3 + z^5 / 15 + ...)
 *     P(|T| < t) = 2 f(t) t (1 + sum of products of (n + 2 i + 1) / (2 i + 3) y,  i = 0, 1, ...),  y = t^2 / (n + t^2)
 *
 * Both grow more slowly the further they are from 0, so that Newton's steps from 0 approach the quantile from one side.
 */
#include "metrics/quantiles.h"

#include <float.h>
#include <math.h>

#include "base/elementary.h"

static const double SQRT_PI = 1.7724538509055160273;

/* Gamma(x + 1/2) / Gamma(x), x > 0: asymptotically sqrt(x) (1 - 1 / 8x + ...), whose terms beyond are below 1e-14
 * there. */
static double gamma_ratio(double x)
{
    const double LARGE = 256;
    double factor = 1;
    for (; x < LARGE; x++) factor *= x / (x + 0.5);
    double r = 1 / x;
    return factor * sqrt(x) * (1 + r * (-1.0 / 8 + r * (1.0 / 128 + r * (5.0 / 1024 - r * 21.0 / 32768))));
}

/* 1 + the sum of products of factors (a + 2 i) / (3 + 2 i) y, i = 0, 1, ... */
static double series(double a, double y)
{
    double sum = 1, term = 1;
    for (double i = 0;; i++) {
        double factor = (a + 2 * i) / (3 + 2 * i) * y;
        term *= factor;
        sum += term;
        if (factor < 1 && term < DBL_EPSILON / 4 * sum * (1 - factor)) return sum;
    }
}

/* sum of x^(2 i) / (1 3 5 ... (2 i + 1)) */
static double normal_series(double square)
{
    double sum = 1, term = 1;
    for (double i = 3; term > DBL_EPSILON / 8 * sum; i += 2) {
        term *= square / i;
        sum += term;
    }
    return sum;
}

double zsc_normal_level(double z)
{
    const double most = 8;
    double to = z < most ? z : most;
    return 2 * zsc_exp(-to * to / 2) / (SQRT_PI * M_SQRT2) * to * normal_series(to * to);
}

double zsc_normal_quantile(double level)
{
    double z = 0, last = -1;
    while (z > last) {
        double density = zsc_exp(-z * z / 2) / (SQRT_PI * M_SQRT2);
        last = z;
        z += (level - 2 * density * z * normal_series(z * z)) / (2 * density);
        if (z - last <= 2 * DBL_EPSILON * z) break;
    }
    return z;
}

double zsc_student_quantile(double level, double degrees)
{
    const double factor = gamma_ratio(degrees / 2) / (SQRT_PI * sqrt(degrees));
    double t = 0, last = -1;
    while (t > last) {
        double square = t * t, density = factor * zsc_pow(1 + square / degrees, -(degrees + 1) / 2);
        last = t;
        t += (level - 2 * density * t * series(degrees + 1, square / (degrees + square))) / (2 * density);
        if (t - last <= 1e-13 * t) break;
    }
    return t;
}

double zsc_student_level(double t, double degrees)
{
    const double most = 1000;
    double to = t < most ? t : most, square = to * to;
    double density = gamma_ratio(degrees / 2) / (SQRT_PI * sqrt(degrees)) *
                     zsc_pow(1 + square / degrees, -(degrees + 1) / 2);
    return 2 * density * to * series(degrees + 1, square / (degrees + square));
}
