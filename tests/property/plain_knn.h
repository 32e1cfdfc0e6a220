/* Distances by their definitions, and matrices, for tests of searches; after cmocka.h. */
#ifndef ZSC_TESTS_PLAIN_KNN_H
#define ZSC_TESTS_PLAIN_KNN_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "zsc/knn.h"

/* --- The plain version: definition by definition. */
static inline double plain_angle(const float *a, const float *b, size_t d, bool centred)
{
    double na = 0, nb = 0, dot = 0, ma = 0, mb = 0;
    bool flat_a = true, flat_b = true;
    for (size_t i = 0; centred && i < d; i++) ma += (double)a[i] / (double)d, mb += (double)b[i] / (double)d;
    for (size_t i = 0; i < d; i++) {
        na += ((double)a[i] - ma) * ((double)a[i] - ma);
        nb += ((double)b[i] - mb) * ((double)b[i] - mb);
        dot += ((double)a[i] - ma) * ((double)b[i] - mb);
        flat_a = flat_a && a[i] == (centred ? a[0] : 0);
        flat_b = flat_b && b[i] == (centred ? b[0] : 0);
    }
    if (flat_a || flat_b) return flat_a && flat_b ? 0 : 1;
    return 1 - dot / sqrt(na * nb);
}

static inline double plain_distance(const float *a, const float *b, size_t d, zsc_metric metric)
{
    double sum = 0;
    switch (metric) {
    case ZSC_EUCLIDEAN:
        for (size_t i = 0; i < d; i++) sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
        return sqrt(sum);
    case ZSC_MANHATTAN:
        for (size_t i = 0; i < d; i++) sum += fabs((double)a[i] - (double)b[i]);
        return sum;
    case ZSC_CHEBYSHEV:
        for (size_t i = 0; i < d; i++) sum = fmax(sum, fabs((double)a[i] - (double)b[i]));
        return sum;
    case ZSC_INNER_PRODUCT:
        for (size_t i = 0; i < d; i++) sum -= (double)a[i] * (double)b[i];
        return sum;
    case ZSC_COSINE: return plain_angle(a, b, d, false);
    case ZSC_CORRELATION: return plain_angle(a, b, d, true);
    }
    return NAN;
}

/* --- Data */
static inline float *gauss(size_t n, size_t d, uint64_t seed)
{
    float *x = malloc((n * d + 1) * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, i);
        for (size_t j = 0; j < d; j++) x[i * d + j] = (float)zsc_stream_normal(&s);
    }
    return x;
}

/* Rows near a few centres in a plane of few dimensions: what embeddings look like. */
static inline float *clustered(size_t n, size_t d, size_t centres, size_t plane, float noise, uint64_t seed)
{
    float *basis = gauss(plane, d, seed + 1000), *centre = gauss(centres, plane, seed + 2000), *x = gauss(n, d, seed);
    float *place = gauss(n, plane, seed + 3000);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) {
            float sum = noise * x[i * d + j];
            for (size_t p = 0; p < plane; p++)
                sum += (3 * centre[(i % centres) * plane + p] + place[i * plane + p]) * basis[p * d + j];
            x[i * d + j] = sum;
        }
    free(basis);
    free(centre);
    free(place);
    return x;
}

static inline void repeat_rows(float *x, size_t n, size_t d, size_t distinct)
{
    for (size_t i = distinct; i < n; i++) memcpy(x + i * d, x + zsc_mix64(i) % distinct * d, d * sizeof *x);
}

#endif
