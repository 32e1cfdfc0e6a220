/* Scores against scikit-learn 1.2.1: tests/fixtures/metrics.h5 (labels, every score), and literal values of its
 * internal scores on partitions of tests/fixtures/ward.h5 and umap.h5. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/h5/h5.h"
#include "zsc/metrics.h"

static zsc_h5 *open_fixture(const char *name)
{
    char path[4096];
    zsc_h5 *file = NULL;
    snprintf(path, sizeof path, "%s/tests/fixtures/%s", getenv("ZSC_SRCDIR") ? getenv("ZSC_SRCDIR") : ".", name);
    if (zsc_h5_open(path, &file) != ZSC_OK) fail_msg("%s", zsc_error_message());
    return file;
}

static size_t length_of(zsc_h5 *file, const char *object)
{
    zsc_h5_info info;
    assert_int_equal(zsc_h5_stat(file, object, &info), ZSC_OK);
    return info.shape[0];
}

static int32_t *read_labels(zsc_h5 *file, const char *object, size_t *n)
{
    *n = length_of(file, object);
    int32_t *labels = malloc((*n + 1) * sizeof *labels);
    assert_non_null(labels);
    assert_int_equal(zsc_h5_read(file, object, ZSC_H5_I32, 1, n, labels), ZSC_OK);
    return labels;
}

/* --- metrics.h5 */
static double expected_of(zsc_h5 *file, const char *group, const char *name)
{
    double value;
    assert_int_equal(zsc_h5_get_double(file, group, name, NAN, &value), ZSC_OK);
    if (isnan(value)) fail_msg("%s lacks %s", group, name);
    return value;
}

static void near(zsc_h5 *file, const char *group, const char *name, double found, double tolerance)
{
    double expected = expected_of(file, group, name);
    if (!(fabs(expected - found) <= tolerance * fmax(1, fabs(expected))))
        fail_msg("%s: %s is %.17g, scikit-learn has %.17g", group, name, found, expected);
}

/* Whether AMI is defined: there are classes, and the largest mutual information is above the expected one.
 * scikit-learn has 1.0 or 0.0 elsewhere. */
static bool ami_defined(const zsc_scores *s, int average)
{
    double means[] = {(s->h_classes + s->h_clusters) / 2, fmax(s->h_classes, s->h_clusters),
                      fmin(s->h_classes, s->h_clusters), sqrt(s->h_classes * s->h_clusters)};
    return s->classes > 1 && fabs(means[average] - s->emi) >= 1e-9;
}

static void check_case(zsc_h5 *file, const char *name)
{
    static const char *const averages[] = {"arithmetic", "max", "min", "geometric"};
    char group[64], object[96];
    size_t n, m;
    snprintf(group, sizeof group, "/%.40s", name);
    snprintf(object, sizeof object, "%s/truth", group);
    int32_t *truth = read_labels(file, object, &n);
    snprintf(object, sizeof object, "%s/pred", group);
    int32_t *pred = read_labels(file, object, &m);
    assert_int_equal(n, m);
    zsc_scores s;
    assert_int_equal(zsc_score(truth, pred, n, ZSC_MISSING_CLASS, NULL, &s), ZSC_OK);
    assert_int_equal(s.rows, n);
    near(file, group, "mi", s.mi, 1e-10);
    near(file, group, "emi", s.emi, 1e-10);
    near(file, group, "h_truth", s.h_classes, 1e-10);
    near(file, group, "h_pred", s.h_clusters, 1e-10);
    near(file, group, "ari", s.ari, 1e-10);
    near(file, group, "fmi", s.fmi, 1e-10);
    near(file, group, "homogeneity", s.homogeneity, 1e-10);
    near(file, group, "completeness", s.completeness, 1e-10);
    near(file, group, "v_measure", s.v_measure, 1e-10);
    for (int a = 0; a < 4; a++) {
        snprintf(object, sizeof object, "ami_%s", averages[a]);
        if (ami_defined(&s, a))
            near(file, group, object, s.ami[a], 1e-10);
        else if (!isnan(s.ami[a]))
            fail_msg("%s: %s is %.17g, and it is not defined", group, object, s.ami[a]);
        snprintf(object, sizeof object, "nmi_%s", averages[a]);
        near(file, group, object, s.nmi[a], 1e-10);
    }
    free(truth);
    free(pred);
}

static void test_scores_of_every_case(void **state)
{
    (void)state;
    zsc_h5 *file = open_fixture("metrics.h5");
    zsc_list cases = {0};
    assert_int_equal(zsc_h5_children(file, "/", &cases), ZSC_OK);
    assert_int_equal(cases.count, 16);
    for (size_t i = 0; i < cases.count; i++) check_case(file, cases.item[i]);
    zsc_list_free(&cases);
    zsc_h5_close(file);
}

/* The exact expectation of the case 'large', from its definition in 40 digits: what scikit-learn's logarithms of
 * factorials leave is 1e-10 beside it, and ours must not be. */
static void test_expectation_of_the_large_case(void **state)
{
    (void)state;
    zsc_h5 *file = open_fixture("metrics.h5");
    size_t n;
    int32_t *truth = read_labels(file, "/large/truth", &n), *pred = read_labels(file, "/large/pred", &n);
    zsc_scores s;
    assert_int_equal(zsc_score(truth, pred, n, ZSC_MISSING_CLASS, NULL, &s), ZSC_OK);
    assert_true(fabs(s.emi - 1.5207496333741442992) < 2e-15);
    free(truth);
    free(pred);
    zsc_h5_close(file);
}

/* --- Internal scores: sklearn.metrics.silhouette_score, davies_bouldin_score, calinski_harabasz_score of the data as
 * float32, computed in float64. */
typedef struct internal_case {
    const char *x, *labels;
    double silhouette, davies_bouldin, calinski_harabasz;
} internal_case;

static const internal_case internal_cases[] = {
    {"/digits_1797x64_ties/x", "/digits_1797x64_ties/cut_2", 0.11674033985112256, 2.5179112831394392,
     223.85945597799244},
    {"/digits_1797x64_ties/x", "/digits_1797x64_ties/cut_10", 0.17849659940596496, 1.8889885974945109,
     161.20475281721801},
    {"/digits_1797x64_ties/x", "/digits_1797x64_ties/cut_177", 0.12341623098429438, 1.6694915062677369,
     34.368985748029722},
    {"/blobs_1500x10/x", "/blobs_1500x10/cut_37", 0.4981130222473949, 0.7757471829589373, 366.89277379948447},
    {"/blobs_1500x10/x", "/blobs_1500x10/cut_120", 0.10937847285937755, 2.0174750074817074, 141.93587380788242},
    {"/blobs_900x20_duplicates/x", "/blobs_900x20_duplicates/cut_25", 0.59505769643324757, 0.63755446774365065,
     351.26583738704784},
    {"/line_64x1/x", "/line_64x1/cut_10", 0.58420509212564209, 0.42048645369329973, 574.60140402947025},
    {"/scipy_six/x", "/scipy_six/cut_3", 0.80843349509042151, 0.1935165820991562, 106.57582453327781},
};

/* scikit-learn's silhouette loses digits on repeated rows (it is 4e-10 off there). */
static void check_internal(const char *name, const zsc_internal_scores *found, const internal_case *expected)
{
    if (!(fabs(found->silhouette - expected->silhouette) < 1e-9 &&
          fabs(found->davies_bouldin / expected->davies_bouldin - 1) < 1e-11 &&
          fabs(found->calinski_harabasz / expected->calinski_harabasz - 1) < 1e-11))
        fail_msg(
            "%s: silhouette %.17g, Davies-Bouldin %.17g, Calinski-Harabasz %.17g; scikit-learn has %.17g, %.17g, %.17g",
            name, found->silhouette, found->davies_bouldin, found->calinski_harabasz, expected->silhouette,
            expected->davies_bouldin, expected->calinski_harabasz);
}

static float *read_points(zsc_h5 *file, const char *object, size_t *n, size_t *d)
{
    zsc_h5_info info;
    assert_int_equal(zsc_h5_stat(file, object, &info), ZSC_OK);
    *n = info.shape[0];
    *d = info.shape[1];
    float *x = malloc(*n * *d * sizeof *x);
    assert_non_null(x);
    assert_int_equal(zsc_h5_read(file, object, ZSC_H5_F32, 2, info.shape, x), ZSC_OK);
    return x;
}

static void test_internal_scores(void **state)
{
    (void)state;
    zsc_h5 *file = open_fixture("ward.h5");
    for (size_t i = 0; i < sizeof internal_cases / sizeof *internal_cases; i++) {
        const internal_case *c = &internal_cases[i];
        size_t n, d, m;
        float *x = read_points(file, c->x, &n, &d);
        int32_t *labels = read_labels(file, c->labels, &m);
        zsc_internal_scores s;
        assert_int_equal(n, m);
        assert_int_equal(zsc_score_internal(x, n, d, labels, NULL, &s), ZSC_OK);
        check_internal(c->labels, &s, c);
        free(x);
        free(labels);
    }
    zsc_h5_close(file);
}

/* Two islands far apart, labels that ignore them and leave some rows out: scalar products lose digits here. */
static void test_internal_scores_with_missing_labels(void **state)
{
    (void)state;
    static const internal_case expected = {"", "", -0.075208669059049854, 168.85675024439996, 0.041183398725968282};
    zsc_h5 *file = open_fixture("umap.h5");
    size_t n, d;
    float *x = read_points(file, "/two_islands/x", &n, &d);
    int32_t *labels = malloc(n * sizeof *labels);
    assert_non_null(labels);
    for (size_t i = 0; i < n; i++) labels[i] = (int32_t)(i * 7919 % 13) - 1;
    zsc_internal_scores s;
    assert_int_equal(zsc_score_internal(x, n, d, labels, NULL, &s), ZSC_OK);
    check_internal("two_islands", &s, &expected);
    free(x);
    free(labels);
    zsc_h5_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_of_every_case),
        cmocka_unit_test(test_expectation_of_the_large_case),
        cmocka_unit_test(test_internal_scores),
        cmocka_unit_test(test_internal_scores_with_missing_labels),
    };
    return cmocka_run_group_tests_name("golden: metrics", tests, NULL, NULL);
}
