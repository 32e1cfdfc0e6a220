/* Principal components against a plain Jacobi eigensolver in double; eigenvectors of symmetric matrices of many kinds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/isa.h"
#include "linalg/lanczos.h"
#include "linalg/symmetric_eigen.h"
#include "zsc/zsc.h"

/* Eigenvalues (falling) and eigenvectors (rows) of the symmetric a (m x m) by cyclic Jacobi rotations. */
static void jacobi(double *a, size_t m, double *value, double *vector)
{
    for (size_t i = 0; i < m * m; i++) vector[i] = i % (m + 1) == 0;
    for (int sweep = 0; sweep < 60; sweep++)
        for (size_t p = 0; p < m; p++)
            for (size_t q = p + 1; q < m; q++) {
                if (fabs(a[p * m + q]) < 1e-300) continue;
                double theta = (a[q * m + q] - a[p * m + p]) / (2 * a[p * m + q]);
                double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1),
                       s = t * c;
                for (size_t k = 0; k < m; k++) {
                    double x = a[k * m + p], y = a[k * m + q];
                    a[k * m + p] = c * x - s * y;
                    a[k * m + q] = s * x + c * y;
                }
                for (size_t k = 0; k < m; k++) {
                    double x = a[p * m + k], y = a[q * m + k], v = vector[p * m + k], w = vector[q * m + k];
                    a[p * m + k] = c * x - s * y;
                    a[q * m + k] = s * x + c * y;
                    vector[p * m + k] = c * v - s * w;
                    vector[q * m + k] = s * v + c * w;
                }
            }
    for (size_t i = 0; i < m; i++) value[i] = a[i * m + i];
    for (size_t i = 0; i < m; i++)
        for (size_t j = i + 1; j < m; j++)
            if (value[j] > value[i]) {
                double t = value[i];
                value[i] = value[j];
                value[j] = t;
                for (size_t k = 0; k < m; k++) {
                    t = vector[i * m + k];
                    vector[i * m + k] = vector[j * m + k];
                    vector[j * m + k] = t;
                }
            }
}

/* Columns of falling scale, so that the axes are well apart, around a mean far from 0. */
static float *make(size_t n, size_t d, uint64_t seed)
{
    float *x = malloc(n * d * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, i);
        double before = 0;
        for (size_t j = 0; j < d; j++) {
            double z = zsc_stream_normal(&s);
            x[i * d + j] = (float)(20 + pow(0.8, (double)j) * (z + 0.3 * before));
            before = z;
        }
    }
    return x;
}

static void plain(const float *x, size_t n, size_t d, size_t dim, double *y)
{
    double *mean = calloc(d, sizeof *mean), *c = calloc(d * d, sizeof *c), *value = malloc(d * sizeof *value),
           *v = malloc(d * d * sizeof *v);
    assert_true(mean && c && value && v);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) mean[j] += (double)x[i * d + j] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++) c[j * d + k] += (x[i * d + j] - mean[j]) * (x[i * d + k] - mean[k]);
    jacobi(c, d, value, v);
    for (size_t k = 0; k < dim; k++) {
        size_t largest = 0;
        for (size_t j = 1; j < d; j++)
            if (fabs(v[k * d + j]) > fabs(v[k * d + largest])) largest = j;
        double sign = v[k * d + largest] < 0 ? -1 : 1;
        for (size_t i = 0; i < n; i++) {
            y[i * dim + k] = 0;
            for (size_t j = 0; j < d; j++) y[i * dim + k] += sign * (x[i * d + j] - mean[j]) * v[k * d + j];
        }
    }
    free(mean);
    free(c);
    free(value);
    free(v);
}

static void compare(size_t n, size_t d, size_t dim, uint64_t seed)
{
    float *x = make(n, d, seed), *y = malloc(n * dim * sizeof *y), *other = malloc(n * dim * sizeof *other);
    double *wanted = malloc(n * dim * sizeof *wanted);
    assert_true(y && other && wanted);
    assert_int_equal(zsc_pca(x, n, d, dim, &(zsc_exec){.threads = 1}, y), ZSC_OK);
    plain(x, n, d, dim, wanted);
    for (size_t i = 0; i < n * dim; i++)
        if (fabs(y[i] - wanted[i]) > 2e-4) /* products of 1024 rows are summed in single precision */
            fail_msg("n %zu d %zu seed %llu: entry %zu is %g, not %g", n, d, (unsigned long long)seed, i, (double)y[i],
                     wanted[i]);
    for (int threads = 2; threads <= 3; threads++) {
        assert_int_equal(zsc_pca(x, n, d, dim, &(zsc_exec){.threads = threads}, other), ZSC_OK);
        assert_memory_equal(y, other, n * dim * sizeof *y);
    }
    free(x);
    free(y);
    free(other);
    free(wanted);
}

static void test_tall(void **state)
{
    (void)state;
    compare(300, 12, 5, 1);
    compare(2500, 7, 7, 2);
    compare(64, 64, 4, 3);
    compare(200, 20, 9, 6); /* axes are projected on eight at a time */
    compare(200, 20, 16, 7);
}

static void test_wide(void **state)
{
    (void)state;
    compare(20, 45, 4, 4);
    compare(9, 150, 3, 5);
}

static void test_edges(void **state)
{
    (void)state;
    float x[6] = {1, 1, 1, 1, 1, 1}, y[3];
    assert_int_equal(zsc_pca(x, 3, 2, 1, NULL, y), ZSC_OK); /* no variance at all */
    for (int i = 0; i < 3; i++) assert_true(y[i] == 0);
    assert_int_equal(zsc_pca(x, 3, 2, 3, NULL, y), ZSC_EUSAGE);
    assert_int_equal(zsc_pca(x, 3, 2, 0, NULL, y), ZSC_EUSAGE);
    assert_int_equal(zsc_pca(x, 3, 2, 1, &(zsc_exec){.memory_limit = 10}, y), ZSC_EUSAGE);
}

/* --- Symmetric matrices */
enum kind { RANDOM, ZERO, IDENTITY, LOW_RANK, BLOCKS, KINDS };

static void symmetric(enum kind kind, size_t m, double *a)
{
    double columns[3 * 256];
    zsc_stream s = zsc_stream_open(kind, ZSC_RANDOM_TEST, m);
    for (size_t i = 0; i < 3 * m; i++) columns[i] = zsc_stream_normal(&s);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double value = 0;
            if (kind == RANDOM) value = zsc_stream_normal(&s);
            if (kind == IDENTITY) value = i == j;
            for (size_t k = 0; kind == LOW_RANK && k < 3; k++) value += columns[3 * i + k] * columns[3 * j + k];
            if (kind == BLOCKS) value = i / 5 == j / 5; /* equal eigenvalues, and zeros among them */
            a[i * m + j] = a[j * m + i] = value;
        }
}

static void check_eigenvectors(enum kind kind, size_t m, size_t first, size_t count)
{
    double *a = malloc(m * m * sizeof *a), *copy = malloc(m * m * sizeof *copy), norm = 0;
    double *values = malloc(count * sizeof *values), *vectors = malloc(count * m * sizeof *vectors);
    assert_true(a && copy && values && vectors);
    symmetric(kind, m, a);
    memcpy(copy, a, m * m * sizeof *a);
    for (size_t i = 0; i < m * m; i++) norm += a[i] * a[i];
    norm = sqrt(norm);
    if (zsc_symmetric_eigen(copy, m, first, count, 1, values, vectors) != ZSC_OK)
        fail_msg("kind %d, %zu rows, %zu vectors from %zu: %s", kind, m, count, first, zsc_error_message());
    for (size_t k = 0; k < count; k++) {
        const double *v = vectors + k * m;
        if (k > 0) assert_true(values[k - 1] <= values[k]);
        for (size_t i = 0; i < m; i++) {
            double product = 0;
            for (size_t j = 0; j < m; j++) product += a[i * m + j] * v[j];
            if (!(fabs(product - values[k] * v[i]) <= 1e-12 * norm))
                fail_msg("kind %d, %zu rows: vector %zu from %zu is off by %g", kind, m, k, first,
                         product - values[k] * v[i]);
        }
        for (size_t other = 0; other <= k; other++) {
            double product = 0;
            for (size_t j = 0; j < m; j++) product += v[j] * vectors[other * m + j];
            if (!(fabs(product - (other == k)) <= 1e-10))
                fail_msg("kind %d, %zu rows: vectors %zu and %zu from %zu have product %g", kind, m, other, k, first,
                         product);
        }
    }
    free(a);
    free(copy);
    free(values);
    free(vectors);
}

static void test_symmetric_matrices(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 2, 3, 50, 128, 129, 200};
    for (enum kind kind = RANDOM; kind < KINDS; kind++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            size_t m = rows[r], few = m < 6 ? 1 : 6;
            check_eigenvectors(kind, m, 0, m);
            check_eigenvectors(kind, m, 0, few);
            check_eigenvectors(kind, m, m - few, few);
            check_eigenvectors(kind, m, (m - few) / 2, few);
        }
    double a[4] = {1, NAN, NAN, 1}, values[2], vectors[4];
    assert_int_equal(zsc_symmetric_eigen(a, 2, 0, 2, 1, values, vectors), ZSC_ENUMERIC);
}

/* --- Few eigenvectors of large matrices: products with random falling spectra, flat ones, low ranks */
enum { LARGE = 300, WANTED = 20 };
enum spectrum { FALLING, FLAT, RANK_THREE, GROUPS, NONE, SPECTRA };

static void of_spectrum(enum spectrum kind, double *a)
{
    static double factor[LARGE * LARGE];
    zsc_stream s = zsc_stream_open(kind, ZSC_RANDOM_TEST, 900);
    size_t rank = kind == RANK_THREE ? 3 : LARGE;
    for (size_t i = 0; i < LARGE; i++)
        for (size_t k = 0; k < LARGE; k++) {
            double scale = kind == FALLING ? pow(0.9, (double)k) : kind == GROUPS ? (k < 5 ? 10 : k < 30 ? 3 : 0.1) : 1;
            factor[i * LARGE + k] = k < rank && kind != NONE ? scale * zsc_stream_normal(&s) : 0;
        }
    for (size_t i = 0; i < LARGE; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < rank; k++) sum += factor[i * LARGE + k] * factor[j * LARGE + k];
            a[i * LARGE + j] = a[j * LARGE + i] = sum;
        }
}

static void test_few_of_large(void **state)
{
    (void)state;
    static double a[LARGE * LARGE], copy[LARGE * LARGE], values[WANTED], vectors[WANTED * LARGE], other[WANTED],
        same[WANTED * LARGE];
    size_t found = 0;
    assert_true(zsc_lanczos_serves(LARGE, WANTED) && !zsc_lanczos_serves(LARGE, LARGE / 2));
    for (enum spectrum kind = FALLING; kind < SPECTRA; kind++) {
        bool converged, again;
        of_spectrum(kind, a);
        memcpy(copy, a, sizeof a);
        assert_int_equal(zsc_lanczos_largest(a, LARGE, WANTED, &(zsc_exec){.threads = 1}, values, vectors, &converged),
                         ZSC_OK);
        assert_memory_equal(copy, a, sizeof a);
        assert_true(converged || kind == FLAT || kind == NONE);
        if (!converged) continue;
        found++;
        zsc_isa best = zsc_isa_active();
        for (int isa = ZSC_ISA_PLAIN; isa <= (int)best; isa++) {
            zsc_isa_force((zsc_isa)isa);
            assert_int_equal(zsc_lanczos_largest(a, LARGE, WANTED, &(zsc_exec){.threads = 3}, other, same, &again),
                             ZSC_OK);
            assert_true(again);
            assert_memory_equal(values, other, sizeof other);
            assert_memory_equal(vectors, same, sizeof same);
        }
        zsc_isa_force(best);
        assert_int_equal(zsc_symmetric_eigen(copy, LARGE, LARGE - WANTED, WANTED, 1, other, same), ZSC_OK);
        for (size_t k = 0; k < WANTED; k++) {
            const double *v = vectors + k * LARGE;
            double square = 0;
            assert_true(fabs(values[k] - other[WANTED - 1 - k]) <= 1e-10 * values[0]);
            for (size_t i = 0; i < LARGE; i++) {
                double product = 0;
                for (size_t j = 0; j < LARGE; j++) product += a[i * LARGE + j] * v[j];
                square += (product - values[k] * v[i]) * (product - values[k] * v[i]);
            }
            assert_true(sqrt(square) <= 1.1e-8 * values[0]);
            for (size_t l = 0; l <= k; l++) {
                double product = 0;
                for (size_t j = 0; j < LARGE; j++) product += v[j] * vectors[l * LARGE + j];
                assert_true(fabs(product - (l == k)) <= 1e-12);
            }
        }
    }
    assert_true(found >= 3);
    bool converged;
    a[7] = NAN;
    assert_int_equal(zsc_lanczos_largest(a, LARGE, WANTED, NULL, values, vectors, &converged), ZSC_ENUMERIC);
}

static bool stop_at(void *data, const char *stage, double done, double total)
{
    int *left = data;
    assert_non_null(stage);
    assert_true(done >= 0 && done <= total);
    return (*left)-- > 0;
}

/* Models: axes, spectrum and mean against plain code, new rows, and each question whether to go on. */
static void check_model(size_t n, size_t d, size_t dim, uint64_t seed)
{
    float *x = make(n, d, seed), *y = malloc(n * dim * sizeof *y), *projected = malloc(n * dim * sizeof *y);
    assert_true(y && projected);
    zsc_pca_model model = {0};
    assert_int_equal(zsc_pca(x, n, d, dim, NULL, y), ZSC_OK);
    assert_int_equal(zsc_pca_fit(x, n, d, dim, NULL, &model), ZSC_OK);
    assert_int_equal(zsc_pca_project(&model, x, n, NULL, projected), ZSC_OK);
    assert_true(model.n == n && model.d == d && model.dim == dim);
    double total = 0, scale = sqrt(model.variance[0] * (double)n);
    for (size_t j = 0; j < d; j++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < n; i++) mean += x[i * d + j] / (double)n;
        for (size_t i = 0; i < n; i++) square += (x[i * d + j] - mean) * (x[i * d + j] - mean);
        assert_true(fabs(model.mean[j] - mean) < 1e-9);
        total += square / (double)(n - 1);
    }
    assert_true(fabs(model.total - total) < 1e-6 * total);
    for (size_t k = 0; k < dim; k++) {
        const double *axis = model.axis + k * d;
        double along = 0, largest = 0;
        for (size_t i = 0; i < n; i++) along += (double)y[i * dim + k] * y[i * dim + k] / (double)(n - 1);
        assert_true(fabs(along - model.variance[k]) < 1e-5 * model.variance[0]);
        for (size_t j = 0; j < d; j++)
            if (fabs(axis[j]) > fabs(largest)) largest = axis[j];
        assert_true(largest > 0);
        for (size_t l = 0; l <= k; l++) {
            double product = 0;
            for (size_t j = 0; j < d; j++) product += axis[j] * model.axis[l * d + j];
            assert_true(fabs(product - (l == k)) < 1e-5);
        }
    }
    if (d <= n) assert_memory_equal(y, projected, n * dim * sizeof *y);
    for (size_t i = 0; i < n * dim; i++) assert_true(fabs(y[i] - projected[i]) < 1e-5 * scale);
    for (int asked = 0;; asked++) { /* stopped at every question in turn */
        int left = asked;
        zsc_exec exec = {.threads = 2, .progress = stop_at, .progress_data = &left};
        y[0] = 77;
        zsc_status status = zsc_pca(x, n, d, dim, &exec, y);
        if (status == ZSC_OK) {
            assert_true(asked > 2);
            break;
        }
        assert_int_equal(status, ZSC_EINTERRUPTED);
        assert_true(y[0] == 77);
    }
    zsc_pca_free(&model);
    free(x);
    free(y);
    free(projected);
}

static void test_models(void **state)
{
    (void)state;
    check_model(200, 20, 9, 11);
    check_model(40, 90, 5, 12);
    check_model(700, 300, 10, 13); /* by Lanczos iteration and products */
    check_model(280, 400, 6, 14);
    zsc_pca_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tall),         cmocka_unit_test(test_wide),
        cmocka_unit_test(test_edges),        cmocka_unit_test(test_symmetric_matrices),
        cmocka_unit_test(test_few_of_large), cmocka_unit_test(test_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
