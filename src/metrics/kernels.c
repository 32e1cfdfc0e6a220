#include "metrics/kernels.h"

#include <math.h>
#include <stdint.h>

static bool distances(const double *restrict product, const double *restrict norm, double other,
                      double *restrict distance)
{
    int64_t lost = 0; /* as wide as a double, for the sake of vector registers */
#pragma omp simd reduction(+ : lost)
    for (int i = 0; i < ZSC_DISTANCE_TILE_ROWS; i++) {
        double norms = norm[i] + other, square = norms - 2 * product[i];
        lost += square < ZSC_DISTANCE_CANCELLED * norms;
        distance[i] = sqrt(square > 0 ? square : 0);
    }
    return lost != 0;
}

static void add(const double *restrict distance, double *restrict sum)
{
#pragma omp simd
    for (int i = 0; i < ZSC_DISTANCE_TILE_ROWS; i++) sum[i] += distance[i];
}

static void close_cluster(double factor, double *restrict sum, double *restrict least)
{
#pragma omp simd
    for (int i = 0; i < ZSC_DISTANCE_TILE_ROWS; i++) {
        double mean = sum[i] * factor;
        least[i] = mean < least[i] ? mean : least[i];
        sum[i] = 0;
    }
}

const zsc_metrics_kernels ZSC_SIMD(zsc_metrics_kernels) = {distances, add, close_cluster};
