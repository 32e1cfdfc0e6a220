/* Elementary functions that give the same bits on every processor. The C library's choose code by the processor, and
 * their last digits with it; these are additions, multiplications and divisions in one order, each of which IEEE 754
 * rounds in one way. For what reaches a result; what is only printed or estimated may use the C library.
 *
 * Errors in units in the last place (tests/unit/elementary.c): zsc_exp, zsc_log, zsc_log2 and zsc_expf below 1, zsc_pow
 * below 2 for results of 1e-100 .. 1e100, zsc_expm1 below 4, zsc_cos_turns 2.3e-16 absolutely. NaN, infinities, zeros
 * and domains as in C, without errno; the rounding mode must be to nearest. */
#ifndef ZSC_BASE_ELEMENTARY_H
#define ZSC_BASE_ELEMENTARY_H

double zsc_exp(double x);
float zsc_expf(float x);
double zsc_expm1(double x);
double zsc_log(double x);
double zsc_log2(double x);          /* whole for powers of two */
double zsc_pow(double x, double y); /* x >= 0 */
double zsc_cos_turns(double x);     /* cos(2 pi x), |x| < 2^50 */

#endif
