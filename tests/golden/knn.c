/* Nearest neighbours against scikit-learn's (tests/fixtures/umap.h5: exact, Euclidean). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/h5/h5.h"
#include "zsc/knn.h"

static void *read_all(zsc_h5 *file, const char *group, const char *name, zsc_h5_type type, size_t shape[2])
{
    char object[128];
    zsc_h5_info info;
    snprintf(object, sizeof object, "/%s/%s", group, name);
    if (zsc_h5_stat(file, object, &info) != ZSC_OK) fail_msg("%s", zsc_error_message());
    assert_int_equal(info.rank, 2);
    shape[0] = info.shape[0];
    shape[1] = info.shape[1];
    void *data = calloc(shape[0] * shape[1], sizeof(double));
    assert_non_null(data);
    if (zsc_h5_read(file, object, type, 2, shape, data) != ZSC_OK) fail_msg("%s", zsc_error_message());
    return data;
}

/* Equal distances may come in another order there; so rows are compared as distances, and as indices wherever a
 * distance stands alone. Distances there are float64 or float32 of unknown rounding: 1e-5 of the distance. */
static void compare(zsc_h5 *file, const char *data, const char *group)
{
    size_t shape[2], lists[2], again[2];
    float *x = read_all(file, data, "x", ZSC_H5_F32, shape);
    int32_t *index = read_all(file, group, "knn_index", ZSC_H5_I32, lists);
    float *distance = read_all(file, group, "knn_distance", ZSC_H5_F32, again);
    zsc_knn_options options = zsc_knn_defaults();
    options.neighbors = lists[1];
    options.method = ZSC_KNN_EXACT;
    zsc_knn found = {0};
    if (zsc_knn_search(x, shape[0], shape[1], &options, NULL, &found) != ZSC_OK) fail_msg("%s", zsc_error_message());
    size_t k = lists[1], alone = 0;
    for (size_t i = 0; i < lists[0]; i++)
        for (size_t j = 0; j < k; j++) {
            const float *d = distance + i * k;
            float gap = 1e-5f * d[j];
            if (fabsf(found.distance[i * k + j] - d[j]) > gap)
                fail_msg("%s row %zu place %zu: %.9g, not %.9g", group, i, j, (double)found.distance[i * k + j],
                         (double)d[j]);
            bool tie = (j > 0 && d[j] - d[j - 1] <= gap) || j + 1 == k || d[j + 1] - d[j] <= gap;
            if (tie) continue;
            alone++;
            if (found.index[i * k + j] != index[i * k + j])
                fail_msg("%s row %zu place %zu: neighbour %d, not %d", group, i, j, found.index[i * k + j],
                         index[i * k + j]);
        }
    assert_true(alone > lists[0] * (k - 1) / 2);
    zsc_knn_free(&found);
    free(x);
    free(index);
    free(distance);
}

static void fixtures(void **state)
{
    (void)state;
    const char *folder = getenv("ZSC_SRCDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/fixtures/umap.h5", folder ? folder : ".");
    zsc_h5 *file = NULL;
    if (zsc_h5_open(path, &file) != ZSC_OK) fail_msg("%s", zsc_error_message());
    compare(file, "digits", "digits_k15");
    compare(file, "digits", "digits_k30");
    compare(file, "two_islands", "two_islands_k15");
    compare(file, "two_islands", "two_islands_k30");
    zsc_h5_close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fixtures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
