/* The input times 2^k gives the output times 2^k, to the last bit, over the range of floats: principal components,
 * neighbours under each metric, linkages, trustworthiness, internal scores, scalings. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "data/scale.h"
#include "zsc/zsc.h"

enum { N = 150, D = 12, K = 6, DIM = 4, LABELS = 5 };

/* Whole 1024ths from 2^-10 to 8, so that the matrix and all differences are normal floats for each k below. */
static const int exponents[] = {-110, -90, -70, -60, -41, -40, -39, -20, -1, 1, 20, 45, 50, 51, 60, 62, 64, 90, 115};
enum { EXPONENTS = sizeof exponents / sizeof *exponents };

static void fill(float *x, size_t n, size_t d, uint64_t seed, int k)
{
    for (size_t i = 0; i < n; i++) {
        zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, i);
        for (size_t j = 0; j < d; j++) {
            float value = (float)(1 + zsc_stream_below(&s, 4096)) / 1024 + (float)(i % LABELS);
            x[i * d + j] = ldexpf(zsc_stream_below(&s, 2) ? value : -value, k);
        }
    }
}

/* The outputs of one kernel: `lengths` are multiplied with the input, `numbers` stay as they are. */
typedef struct output {
    double length[N * DIM * 4], number[N * K * 2];
    size_t lengths, numbers;
} output;
typedef zsc_status kernel(const float *x, int which, output *out);

static zsc_status pca(const float *x, int which, output *out)
{
    float y[N * DIM];
    size_t n = which ? D - 2 : N; /* by columns, and by rows */
    zsc_status status = zsc_pca(x, n, D, DIM, NULL, y);
    out->lengths = n * DIM;
    for (size_t i = 0; i < out->lengths; i++) out->length[i] = (double)y[i];
    return status;
}

static zsc_status neighbours(const float *x, int which, output *out)
{
    zsc_knn knn = {0};
    bool angle = which == ZSC_COSINE || which == ZSC_CORRELATION;
    const zsc_knn_options o = {.neighbors = K, .metric = (zsc_metric)which, .method = ZSC_KNN_EXACT};
    zsc_status status = zsc_knn_search(x, N, D, &o, NULL, &knn);
    if (status != ZSC_OK) return status;
    out->numbers = N * K;
    for (size_t i = 0; i < N * K; i++) out->number[i] = knn.index[i];
    for (size_t i = 0; i < N * K; i++) {
        if (angle)
            out->number[out->numbers++] = (double)knn.distance[i];
        else
            out->length[out->lengths++] = (double)knn.distance[i];
    }
    double recall;
    status = zsc_knn_recall(x, N, D, &knn, o.metric, 0, 0, NULL, &recall);
    if (status == ZSC_OK) assert_true(recall == 1);
    zsc_knn_free(&knn);
    return status;
}

static zsc_status joint(const float *x, int which, output *out)
{
    (void)which;
    zsc_knn knn[2] = {{0}};
    const zsc_knn_features blocks[] = {{x, D / 2}, {x + N * D / 2, D / 2}};
    static const size_t offset[] = {0, 1, 3}, member[] = {1, 0, 1};
    zsc_status status = zsc_knn_search_joint(blocks, 2, N, offset, member, 2, K, NULL, knn);
    for (int c = 0; status == ZSC_OK && c < 2; c++) {
        for (size_t i = 0; i < N * K; i++) out->length[out->lengths++] = (double)knn[c].distance[i];
        for (size_t i = 0; i < N * K; i++) out->number[out->numbers++] = knn[c].index[i];
        zsc_knn_free(&knn[c]);
    }
    return status;
}

static void take_tree(const double *z, output *out)
{
    for (size_t i = 0; i + 1 < N; i++) {
        out->length[out->lengths++] = z[4 * i + 2];
        out->number[out->numbers++] = z[4 * i];
        out->number[out->numbers++] = z[4 * i + 1];
    }
}

static zsc_status linkage(const float *x, int which, output *out)
{
    double z[4 * N];
    zsc_status status = zsc_linkage(x, N, D, (zsc_linkage_method)which, NULL, z, NULL);
    if (status == ZSC_OK) take_tree(z, out);
    return status;
}

static zsc_status linkage_f64(const float *x, int which, output *out)
{
    double z[4 * N], wide[N * D];
    for (size_t i = 0; i < N * D; i++) wide[i] = (double)x[i];
    zsc_status status = zsc_linkage_f64(wide, N, D, (zsc_linkage_method)which, NULL, z, NULL);
    if (status == ZSC_OK) take_tree(z, out);
    return status;
}

static zsc_status trust(const float *x, int which, output *out)
{
    out->numbers = 1;
    return zsc_trustworthiness(x, D, x + N * D / 2, 2, N, K, (zsc_metric)which, NULL, out->number);
}

static zsc_status internal(const float *x, int which, output *out)
{
    (void)which;
    int32_t label[N];
    zsc_internal_scores s;
    for (int i = 0; i < N; i++) label[i] = i % LABELS;
    zsc_status status = zsc_score_internal(x, N, D, label, NULL, &s);
    out->numbers = 3;
    memcpy(out->number, (double[]){s.silhouette, s.davies_bouldin, s.calinski_harabasz}, 3 * sizeof(double));
    return status;
}

static zsc_status scaling(const float *x, int which, output *out)
{
    float copy[N * D];
    memcpy(copy, x, sizeof copy);
    zsc_status status = zsc_scale_rows(copy, N, D, (zsc_scale)which, NULL, 1, NULL);
    out->numbers = N * D;
    for (size_t i = 0; i < N * D; i++) out->number[i] = (double)copy[i];
    return status;
}

static const struct {
    const char *name;
    kernel *run;
    int first, last; /* of `which` */
} kernels[] = {
    {"principal components", pca, 0, 1},
    {"neighbours", neighbours, ZSC_EUCLIDEAN, ZSC_CHEBYSHEV},
    {"neighbours of concatenations", joint, 0, 0},
    {"linkage", linkage, ZSC_WARD, ZSC_COMPLETE},
    {"linkage of doubles", linkage_f64, ZSC_WARD, ZSC_COMPLETE},
    {"trustworthiness", trust, ZSC_EUCLIDEAN, ZSC_CHEBYSHEV},
    {"internal scores", internal, 0, 0},
    {"scaling", scaling, ZSC_SCALE_L2, ZSC_SCALE_ZSCORE_AVERAGE},
};

static void test_powers_of_two(void **state)
{
    (void)state;
    static float x[N * D], moved[N * D];
    static output expected, found;
    fill(x, N, D, 7, 0);
    for (size_t f = 0; f < sizeof kernels / sizeof *kernels; f++)
        for (int which = kernels[f].first; which <= kernels[f].last; which++) {
            expected = (output){0};
            assert_int_equal(kernels[f].run(x, which, &expected), ZSC_OK);
            for (size_t e = 0; e < EXPONENTS; e++) {
                int k = exponents[e];
                size_t wrong = 0;
                fill(moved, N, D, 7, k);
                found = (output){0};
                zsc_status status = kernels[f].run(moved, which, &found);
                if (status != ZSC_OK) fail_msg("%s %d, 2^%d: %s", kernels[f].name, which, k, zsc_error_message());
                for (size_t i = 0; i < expected.lengths; i++) wrong += ldexp(expected.length[i], k) != found.length[i];
                for (size_t i = 0; i < expected.numbers; i++) wrong += expected.number[i] != found.number[i];
                if (wrong) fail_msg("%s %d, 2^%d: %zu values differ", kernels[f].name, which, k, wrong);
            }
        }
}

/* Beyond the range: the distances of 2^126 leave single precision, and that is said. */
static void test_beyond(void **state)
{
    (void)state;
    static float x[N * D], y[N * DIM];
    zsc_knn knn = {0};
    fill(x, N, D, 7, 124);
    const zsc_knn_options o = {.neighbors = K, .metric = ZSC_MANHATTAN, .method = ZSC_KNN_EXACT};
    assert_int_equal(zsc_knn_search(x, N, D, &o, NULL, &knn), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "single precision"));
    for (size_t i = 0; i < N * D; i++) x[i] = i / D % 2 ? FLT_MAX : -FLT_MAX; /* at sqrt(D) FLT_MAX */
    assert_int_equal(zsc_pca(x, N, D, DIM, NULL, y), ZSC_ENUMERIC);
    assert_non_null(strstr(zsc_error_message(), "--scale"));
}

/* Rows of very different lengths have angles all the same. */
static void test_angles(void **state)
{
    (void)state;
    static float x[N * D];
    zsc_knn plain = {0}, moved = {0};
    const zsc_knn_options o = {.neighbors = K, .metric = ZSC_COSINE, .method = ZSC_KNN_EXACT};
    fill(x, N, D, 9, 0);
    assert_int_equal(zsc_knn_search(x, N, D, &o, NULL, &plain), ZSC_OK);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < D; j++) x[i * D + j] = ldexpf(x[i * D + j], i % 3 == 0 ? 100 : i % 3 == 1 ? -100 : 0);
    assert_int_equal(zsc_knn_search(x, N, D, &o, NULL, &moved), ZSC_OK);
    assert_memory_equal(plain.index, moved.index, N * K * sizeof *plain.index);
    for (size_t i = 0; i < N * K; i++) assert_true(fabsf(plain.distance[i] - moved.distance[i]) <= 1e-6f);
    zsc_knn_free(&plain);
    zsc_knn_free(&moved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_powers_of_two),
        cmocka_unit_test(test_beyond),
        cmocka_unit_test(test_angles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
