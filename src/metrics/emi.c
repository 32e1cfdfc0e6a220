/* Expected mutual information, exact (Vinh, Epps, Bailey, JMLR 11:2837, 2010, equation 24a).
 *
 * For a class of a rows and a cluster of b rows among n, the number k of rows they share is hypergeometric when rows
 * are assigned at random, with mean m = a b / n, and
 *
 *     EMI = sum over (class, cluster) of E[ (k / n) log(n k / (a b)) ] = (1/n) sum E[ k log(k / m) ].
 *
 * Three things make this fast and stable.
 *
 * 1. The expectation depends on a and b alone: it is summed over distinct pairs of sizes, with the product of their
 *    counts. n rows have at most sqrt(2 n) distinct sizes.
 * 2. E[k] = m, so that k log(k / m) may be replaced by D(k) = k log(k / m) - (k - m), which is never negative: nothing
 *    cancels. Where k / m is near 1, D is summed as a series in x = (k - m) / (k + m), since
 *    log(k / m) = 2 artanh x (as C. Loader does for binomial probabilities, "Fast and accurate computation of binomial
 *    probabilities", 2000).
 * 3. Probabilities are never computed from factorials, whose logarithms lose eight digits at n = 10^7. Weights start at
 *    1 at the mode and follow the ratio P(k+1) / P(k) = (a-k)(b-k) / ((k+1)(n-a-b+k+1)) both ways, until they no longer
 *    count; then the sum is divided by the sum of the weights. */
#include "metrics/emi.h"

#include <math.h>
#include <pthread.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/threads.h"
#include "metrics/sum.h"

/* A weight below this fraction of its sum ends the sum. The weights are log-concave: at nine standard deviations, where
 * they are that small, the rest adds up to less than 10^-16 for standard deviations up to thousands (n to 10^8). */
#define NEGLIGIBLE 1e-20

/* Below this |x|, D comes from its series: nine terms leave x^18 / 21 of it, less than 10^-16. Above it, D is at least
 * 0.04 k, so that the difference of k log(k / m) and k - m loses two digits at most. */
#define SERIES_BELOW 0.15

static double logs[ZSC_EMI_LOGS];

static void make_logs(void)
{
    for (size_t k = 1; k < ZSC_EMI_LOGS; k++) logs[k] = zsc_log((double)k);
}

void zsc_emi_make(zsc_emi *emi, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_logs);
    *emi = (zsc_emi){n, logs};
}

typedef struct cell {
    const zsc_emi *emi;
    double mean, log_mean;
} cell;

/* k log(k / m) - (k - m) */
static inline double divergence(const cell *c, size_t count)
{
    double k = (double)count, d = k - c->mean, x = d / (k + c->mean);
    if (fabs(x) >= SERIES_BELOW) {
        double log_k = count < ZSC_EMI_LOGS ? c->emi->log[count] : zsc_log(k);
        return k * (log_k - c->log_mean) - d;
    }
    double y = x * x;
    double series = 1.0 / 3 +
                    y * (1.0 / 5 +
                         y * (1.0 / 7 +
                              y * (1.0 / 9 + y * (1.0 / 11 +
                                                  y * (1.0 / 13 + y * (1.0 / 15 + y * (1.0 / 17 + y * (1.0 / 19))))))));
    return d * x + 2 * k * x * y * series;
}

double zsc_emi_cell(const zsc_emi *emi, size_t a, size_t b)
{
    size_t n = emi->n, least = a + b > n ? a + b - n : 0, most = a < b ? a : b;
    size_t mode = (size_t)((uint64_t)(a + 1) * (b + 1) / (n + 2)); /* below 2^62 */
    if (mode < least) mode = least;
    if (mode > most) mode = most;
    cell c = {.emi = emi, .mean = (double)a * (double)b / (double)n};
    c.log_mean = zsc_log(c.mean);
    double da = (double)a, db = (double)b, rest = (double)n - da - db;
    double weights = 1, sum = divergence(&c, mode), w = 1;
    for (size_t j = mode; j < most; j++) {
        double k = (double)j;
        w *= (da - k) * (db - k) / ((k + 1) * (rest + k + 1));
        double term = w * divergence(&c, j + 1);
        weights += w;
        sum += term;
        if (w < NEGLIGIBLE * weights && term < NEGLIGIBLE * sum) break;
    }
    w = 1;
    for (size_t j = mode; j > least; j--) {
        double k = (double)j;
        w *= k * (rest + k) / ((da - k + 1) * (db - k + 1));
        double term = w * divergence(&c, j - 1);
        weights += w;
        sum += term;
        if (w < NEGLIGIBLE * weights && term < NEGLIGIBLE * sum) break;
    }
    return sum / weights;
}

double zsc_emi_cluster(const zsc_emi *emi, size_t a, const zsc_sizes *others)
{
    zsc_sum sum = {0};
    for (size_t i = 0; i < others->distinct; i++)
        zsc_sum_add(&sum, (double)others->item[i].count * zsc_emi_cell(emi, a, others->item[i].size));
    return zsc_sum_value(&sum);
}

zsc_status zsc_emi_expected(const zsc_sizes *classes, const zsc_sizes *clusters, size_t n, const zsc_exec *exec,
                            double *out)
{
    enum { PARALLEL_LEAST = 20000 }; /* pairs of sizes; fewer take less time than waking the threads */
    zsc_status status = ZSC_OK;
    zsc_emi emi;
    double *part = NULL; /* by class size; summed in order: the same bytes at any number of threads */
    if (classes->parts <= 1 || clusters->parts <= 1) { /* the mutual information is always 0 */
        *out = 0;
        return ZSC_OK;
    }
    ZSC_NEW(part, classes->distinct);
    zsc_emi_make(&emi, n);
#pragma omp parallel for num_threads(classes->distinct * clusters->distinct < PARALLEL_LEAST ? 1 : zsc_threads(exec))  \
    schedule(dynamic, 1)
    for (size_t i = 0; i < classes->distinct; i++)
        part[i] = (double)classes->item[i].count * zsc_emi_cluster(&emi, classes->item[i].size, clusters);
    zsc_sum sum = {0};
    for (size_t i = 0; i < classes->distinct; i++) zsc_sum_add(&sum, part[i]);
    *out = zsc_sum_value(&sum) / (double)n;
done:
    free(part);
    return status;
}
