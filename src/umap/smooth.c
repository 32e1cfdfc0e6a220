/* Smoothed distances of one row of k neighbours.
 *
 * rho is the distance to the nearest neighbour that is not at distance 0 (the local_connectivity-th, interpolated).
 * sigma solves sum_j exp(-max(0, d_j - rho) / sigma) = log2(k) over the neighbours but the first, by at most 64
 * bisections to 1e-5 (McInnes, Healy, Melville, arXiv 1802.03426, algorithm 3; the constants are umap-learn's). */
#include "umap/smooth.h"
#include "base/elementary.h"
#include "base/kernels.h"

#include <math.h>

enum { BISECTIONS = 64 };
static const double TOLERANCE = 1e-5;

double zsc_umap_rho(const float *d, size_t k, double local_connectivity)
{
    size_t index = (size_t)local_connectivity, positive = 0;
    double part = local_connectivity - (double)index, before = 0, at = 0, last = 0;
    for (size_t j = 0; j < k; j++)
        if (d[j] > 0) {
            if (positive + 1 == index) before = d[j];
            if (positive == index) at = d[j];
            last = fmax(last, d[j]);
            positive++;
        }
    if ((double)positive < local_connectivity) return last; /* 0 where every neighbour is a repeat */
    if (index == 0) return part * at;
    return part > TOLERANCE && positive > index ? before + part * (at - before) : before;
}

/* `near`: neighbours within rho at the head of the list, each of which counts as one; most of a list where rows are
 * repeated. */
static double membership_sum(const float *d, size_t k, size_t near, double rho, double sigma)
{
    enum { CHUNK = 64, WHOLE = 16 }; /* no register is filled in part */
    const zsc_base_kernels *kernels = ZSC_SIMD_PICK(zsc_base_kernels_of);
    float sum = (float)near, scale = (float)(-1 / sigma), strength[CHUNK];
    for (size_t from = 1 + near; from < k; from += CHUNK) {
        size_t many = k - from < CHUNK ? k - from : CHUNK, padded = (many + WHOLE - 1) / WHOLE * WHOLE;
        for (size_t j = 0; j < many; j++) {
            float gap = d[from + j] - (float)rho, x = gap * scale;
            strength[j] = gap > 0 ? x : 0;
        }
        for (size_t j = many; j < padded; j++) strength[j] = 0;
        kernels->expf(strength, padded, strength);
        for (size_t j = 0; j < many; j++) sum += strength[j]; /* in this order, whatever the width of registers */
    }
    return sum;
}

/* The search starts at 1, as umap-learn's does, unless the row's distances are so far from 1 that 64 steps would not
 * reach them: then at a power of two near their mean. */
double zsc_umap_sigma(const float *d, size_t k, size_t neighbors, double rho, double mean)
{
    double low = 0, high = INFINITY, target = zsc_log2((double)neighbors);
    double sigma = mean > 0x1p-20 && mean < 0x1p20 ? 1 : mean > 0 ? ldexp(1, ilogb(mean)) : 1;
    size_t near = 0;
    while (1 + near < k && !(d[1 + near] - (float)rho > 0)) near++;
    for (int step = 0; step < BISECTIONS; step++) {
        double sum = membership_sum(d, k, near, rho, sigma);
        if (fabs(sum - target) < TOLERANCE) break;
        if (sum > target) {
            high = sigma;
            sigma = (low + high) / 2;
        } else {
            low = sigma;
            sigma = isinf(high) ? 2 * sigma : (low + high) / 2;
        }
    }
    return sigma;
}
