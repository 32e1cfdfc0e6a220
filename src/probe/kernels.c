/* exp(x) = 2^n exp(r), n = x / log 2 rounded, r = x - n log 2 (log 2 in two parts), exp(r) by the polynomial of the
 * Cephes library (S. Moshier, expf.c). */
#include "probe/kernels.h"

#include <string.h>

#include "base/elementary.h"

enum { LANES = 16 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t whole __attribute__((vector_size(LANES * sizeof(int32_t))));

static const float LEAST = -87, ROUNDING = 12582912; /* 1.5 x 2^23: adding it rounds to a whole number */
static const int32_t ROUNDING_BITS = 0x4B400000;

/* x = exp(x - most) */
static inline __attribute__((always_inline)) void exponential(lanes *x, float most)
{
    lanes z = *x - most, least = (lanes){0} + LEAST;
    whole low = z < least;
    z = (lanes)(((whole)z & ~low) | ((whole)least & low));
    lanes shifted = z * 1.44269504088896341F + ROUNDING, n = shifted - ROUNDING;
    lanes r = z - n * 0.693359375F - n * -2.12194440e-4F;
    lanes p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    *x = p * (lanes)(((whole)shifted - ROUNDING_BITS + 127) << 23);
}

static double softmax(float *z, size_t count, float most, double scale)
{
    lanes sums = {0}, part;
    float sum = 0, last[LANES];
    size_t j = 0;
    for (; j + LANES <= count; j += LANES) {
        memcpy(&part, z + j, sizeof part);
        exponential(&part, most);
        sums += part;
        memcpy(z + j, &part, sizeof part);
    }
    for (size_t l = 0; l < LANES; l++) last[l] = j + l < count ? z[j + l] : most;
    memcpy(&part, last, sizeof part);
    exponential(&part, most);
    for (size_t l = 0; j + l < count; l++) sum += z[j + l] = part[l];
    double total = (double)sum;
    for (size_t l = 0; l < LANES; l++) total += (double)sums[l];
    float inverse = (float)(scale / total);
    for (j = 0; j < count; j++) z[j] *= inverse;
    return zsc_log(total);
}

static int32_t largest(const float *z, size_t count)
{
    lanes most = {0}, part;
    float value = z[0];
    size_t j = 0, at = 0;
    if (count >= LANES) {
        memcpy(&most, z, sizeof most);
        for (; j + LANES <= count; j += LANES) {
            memcpy(&part, z + j, sizeof part);
            whole more = part > most;
            most = (lanes)(((whole)part & more) | ((whole)most & ~more));
        }
        for (size_t l = 0; l < LANES; l++) value = most[l] > value ? most[l] : value;
    }
    for (; j < count; j++) value = z[j] > value ? z[j] : value;
    while (at + 1 < count && z[at] != value) at++;
    return (int32_t)at;
}

static void standardise(const float *restrict x, size_t count, double mean, double inverse, float *restrict out)
{
#pragma omp simd
    for (size_t j = 0; j < count; j++) out[j] = (float)(((double)x[j] - mean) * inverse);
}

static void scale_all(float *v, size_t count, float factor)
{
#pragma omp simd
    for (size_t j = 0; j < count; j++) v[j] *= factor;
}

static void step(float *restrict w, float *restrict v, size_t count, float decay, float rate)
{
#pragma omp simd
    for (size_t j = 0; j < count; j++) {
        float next = v[j] + decay * w[j];
        v[j] = next;
        w[j] -= rate * next;
    }
}

const zsc_probe_kernels ZSC_SIMD(zsc_probe_kernels_of) = {largest, softmax, standardise, scale_all, step};
