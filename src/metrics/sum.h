/* A sum in twice the precision of double: value plus the error of every addition (Knuth's two-sum; Dekker 1971).
 * Adding a number and subtracting it again leaves no error behind, however often. */
#ifndef ZSC_METRICS_SUM_H
#define ZSC_METRICS_SUM_H

typedef struct zsc_sum {
    double high, low;
} zsc_sum;

static inline void zsc_sum_add(zsc_sum *sum, double x)
{
    double s = sum->high + x, y = s - sum->high;
    double error = (sum->high - (s - y)) + (x - y);
    double low = sum->low + error;
    sum->high = s + low;
    sum->low = low - (sum->high - s);
}

static inline double zsc_sum_value(const zsc_sum *sum) { return sum->high + sum->low; }

#endif
