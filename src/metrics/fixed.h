/* Exact sums: fixed-point numbers of 128 bits, of which 64 are fractional. Adding a number and subtracting it again
 * restores the sum, and the order of additions does not matter. */
#ifndef ZSC_METRICS_FIXED_H
#define ZSC_METRICS_FIXED_H

typedef __int128 zsc_fixed;

/* |x| < 2^62; exact for |x| >= 2^-11, and off by at most 2^-64 otherwise. */
static inline zsc_fixed zsc_fixed_of(double x) { return (zsc_fixed)(x * 0x1p64); }
static inline double zsc_fixed_value(zsc_fixed x) { return (double)x * 0x1p-64; }

#endif
