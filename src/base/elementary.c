/* exp(x) = 2^n exp(r), n = x / log 2 to the nearest, |r| <= log(2) / 2, by the Taylor polynomial of degree 13.
 * log(x) = n log 2 + 2 artanh(s), s = (m - 1) / (m + 1), x = 2^n m, m in [sqrt(1/2), sqrt 2), |s| < 0.1716, by the
 * series to s^23; s and the sum are pairs of numbers (Dekker 1971), so that pow can multiply the logarithm by y. cos by
 * the Taylor polynomials of sine and cosine on an eighth of a turn. */
#include "base/elementary.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/elementary_constants.h"

static const double LOG2_E_LOW = 0x1.777d0ffda0d24p-56;

typedef struct pair {
    double high, low;
} pair; /* of the number high + low, |low| <= ulp(high) / 2 */

/* --- Exact sums and products */
static pair sum_of(double a, double b) /* any a, b */
{
    double sum = a + b, part = sum - a;
    return (pair){sum, (a - (sum - part)) + (b - part)};
}

static pair product_of(double a, double b) /* both below 2^996 */
{
    double ca = SPLIT * a, cb = SPLIT * b, product = a * b;
    double a_high = ca - (ca - a), b_high = cb - (cb - b), a_low = a - a_high, b_low = b - b_high;
    return (pair){product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* --- exp */
/* exp(r) - 1 - r for |r| <= log(2) / 2 */
static double exp_rest(double r)
{
    static const double over_factorial[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                            1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                            1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2};
    double sum = 0;
    for (size_t i = 0; i < sizeof over_factorial / sizeof *over_factorial; i++) sum = (sum + over_factorial[i]) * r;
    return sum * r;
}

/* exp(x + low), |low| < 1e-12; x in -746 .. 710 */
static double exp_of(double x, double low)
{
    double n = (x * LOG2_E + TO_WHOLE) - TO_WHOLE;
    pair r = sum_of(x - n * LN2_HIGH, low - n * LN2_LOW);
    return ldexp(1 + (r.high + (exp_rest(r.high) + r.low * (1 + r.high))), (int)n);
}

double zsc_exp(double x)
{
    if (isnan(x)) return x;
    if (x > 710) return INFINITY;
    return x < -746 ? 0 : exp_of(x, 0);
}

float zsc_expf(float x)
{
    if (isnan(x)) return x;
    if (x > 89) return INFINITY;
    if (x < -104) return 0;
    double n = ((double)x * LOG2_E + TO_WHOLE) - TO_WHOLE, r = ((double)x - n * LN2_HIGH) - n * LN2_LOW;
    double sum = 0;
    for (size_t i = 0; i < sizeof OVER_FACTORIAL_SHORT / sizeof *OVER_FACTORIAL_SHORT; i++)
        sum = (sum + OVER_FACTORIAL_SHORT[i]) * r;
    uint64_t bits = (uint64_t)(1023 + (int64_t)n) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return (float)((1 + sum) * scale);
}

double zsc_expm1(double x)
{
    if (fabs(x) < 0.34) return x + exp_rest(x);
    return zsc_exp(x) - 1;
}

/* --- log */
/* log(m) for m in [sqrt(1/2), sqrt 2) */
static pair log_of(double m)
{
    double f = m - 1, g = m + 1, g_low = m - (g - 1), s = f / g;
    pair back = product_of(s, g);
    double s_low = (((f - back.high) - back.low) - s * g_low) / g, z = s * s, sum = 0;
    for (size_t i = 0; i < sizeof OVER_ODD / sizeof *OVER_ODD; i++) sum = (sum + OVER_ODD[i]) * z;
    return sum_of(2 * s, 2 * s_low + s * sum);
}

/* m in [sqrt(1/2), sqrt 2), with x = 2^n m; x > 0, finite */
static double mantissa(double x, int *n)
{
    double m = frexp(x, n);
    if (m < M_SQRT1_2) {
        m *= 2;
        --*n;
    }
    return m;
}

static pair log_pair(double x)
{
    int n;
    pair l = log_of(mantissa(x, &n)), sum = sum_of(n * LN2_HIGH, l.high);
    return sum_of(sum.high, sum.low + (n * LN2_LOW + l.low));
}

/* Of x that is no number above 0 with a finite logarithm. */
static double no_log(double x) { return x == 0 ? -INFINITY : x > 0 ? x : NAN; }

double zsc_log(double x) { return x > 0 && x <= DBL_MAX ? log_pair(x).high : no_log(x); }

double zsc_log2(double x)
{
    if (!(x > 0 && x <= DBL_MAX)) return no_log(x);
    int n;
    pair l = log_of(mantissa(x, &n)), product = product_of(l.high, LOG2_E), sum = sum_of(n, product.high);
    return sum.high + (sum.low + (product.low + (l.high * LOG2_E_LOW + l.low * LOG2_E)));
}

/* --- pow */
double zsc_pow(double x, double y)
{
    if (y == 0 || x == 1) return 1;
    if (isnan(x) || isnan(y) || x < 0) return NAN;
    if (x == 0) return y > 0 ? 0 : INFINITY;
    if (isinf(x)) return y > 0 ? INFINITY : 0;
    if (isinf(y)) return (x > 1) == (y > 0) ? INFINITY : 0;
    pair l = log_pair(x);
    double about = l.high * y;
    if (about > 710) return INFINITY;
    if (about < -746) return 0;
    pair product = product_of(l.high, y); /* y is below 2^63: the least logarithm is 2^-53 */
    return exp_of(product.high, product.low + l.low * y);
}

/* --- cos */
double zsc_cos_turns(double x)
{
    double quarter = (4 * x + TO_WHOLE) - TO_WHOLE, part = x - quarter / 4; /* exact */
    double r = part * TWO_PI + part * TWO_PI_LOW, z = r * r, sine = 0, cosine = 0;
    for (int i = 17; i >= 3; i -= 2) sine = (sine + 1) * (-z / (i * (i - 1)));
    for (int i = 18; i >= 2; i -= 2) cosine = (cosine + 1) * (-z / (i * (i - 1)));
    switch ((int)((int64_t)quarter & 3)) {
    case 0: return 1 + cosine;
    case 1: return -(r + r * sine);
    case 2: return -(1 + cosine);
    default: return r + r * sine;
    }
}
