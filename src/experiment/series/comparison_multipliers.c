/* The multiplier bootstrap (Chernozhukov, Chetverikov and Kato 2013). A deviation D of two halves is a sum of the
 * units' terms with random signs. Where few units decide it has short tails, and so has the largest |D| of several
 * differences: its quantile is no critical value of estimates, which are not of such signs. Sums of deviations with
 * normal weights have the covariance of the deviations, and are normal. */
#include "experiment/series/comparison_multipliers.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

/* VALUE / sqrt(usable) into out, and 0 for what is not usable. */
static void scale(const double *value, size_t count, double *out)
{
    size_t usable = 0;
    for (size_t b = 0; b < count; b++) usable += !isnan(value[b]);
    double by = usable ? 1 / sqrt((double)usable) : 0;
    for (size_t b = 0; b < count; b++) out[b] = isnan(value[b]) ? 0 : by * value[b];
}

zsc_status zsc_multiplier_draws(const zsc_deviations *of, size_t cells, uint64_t seed, double *out)
{
    zsc_status status = ZSC_OK;
    double *scaled = NULL, *weight = NULL;
    ZSC_NEW_RAW(scaled, cells * of->count);
    ZSC_NEW_RAW(weight, of->count);
    for (size_t c = 0; c < cells; c++) scale(of->value + c * of->count, of->count, scaled + c * of->count);
    for (size_t r = 0; r < ZSC_MULTIPLIERS; r++) {
        zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_MULTIPLIER, r);
        for (size_t b = 0; b < of->count; b++) weight[b] = zsc_stream_normal(&stream);
        for (size_t c = 0; c < cells; c++) {
            const double *d = scaled + c * of->count;
            double sum = 0;
            for (size_t b = 0; b < of->count; b++) sum += weight[b] * d[b];
            out[c * ZSC_MULTIPLIERS + r] = sum;
        }
    }
done:
    free(scaled);
    free(weight);
    return status;
}
