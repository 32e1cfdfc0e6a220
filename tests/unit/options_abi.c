/* Option structs that grow: callers that were compiled with fewer fields, or with more, than the library has. An older
 * caller's struct ends in the middle of ours; what follows in its memory is not its struct, and must not be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/options.h"
#include "base/random.h"
#include "zsc/zsc.h"

enum { N = 90, D = 5, K = 6 };

static float x[N * D];

static void make_rows(void)
{
    zsc_stream r = zsc_stream_open(1, ZSC_RANDOM_TEST, 700);
    for (size_t i = 0; i < N * D; i++) x[i] = (float)zsc_stream_normal(&r) + (float)(i / D % 3 * 8);
}

/* The fields of 0.1.0. A new one goes to the end of its struct, and the enum zsc_..._first of its header is then frozen
 * at the number that stands here. */
static void first_sizes(void **state)
{
    (void)state;
#if defined __x86_64__ && defined __LP64__
    assert_int_equal(zsc_knn_options_first, 32);
    assert_int_equal(zsc_umap_options_first, 144);
    assert_int_equal(zsc_hdbscan_options_first, 56);
    assert_int_equal(zsc_hdbscan_layers_options_first, 48);
    assert_int_equal(zsc_assign_options_first, 24);
    assert_int_equal(zsc_kmeans_options_first, 56);
    assert_int_equal(zsc_spectral_options_first, 48);
    assert_int_equal(zsc_leiden_options_first, 56);
    assert_int_equal(zsc_probe_options_first, 80);
    assert_int_equal(zsc_dataset_options_first, 240);
    assert_int_equal(zsc_run_options_first, sizeof(zsc_run_options));
#else
    skip();
#endif
}

/* Fields after `kept` bytes are those that an older caller lacks. */
static zsc_umap_options *older_umap(size_t kept, unsigned char *memory, size_t bytes)
{
    memset(memory, 0xff, bytes);
    zsc_umap_options_init((zsc_umap_options *)(void *)memory, kept);
    for (size_t i = kept; i < bytes; i++) assert_int_equal(memory[i], 0xff);
    return (zsc_umap_options *)(void *)memory;
}

static void older_callers(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char memory[sizeof(zsc_umap_options)];
    static float expected[N * 2], y[N * 2];
    zsc_umap_options whole = zsc_umap_defaults();
    whole.n_epochs = 20;
    assert_int_equal(whole.size, sizeof whole);
    assert_int_equal(zsc_umap_fit(x, N, D, &whole, NULL, expected, NULL), ZSC_OK);
    static const size_t ends[] = {offsetof(zsc_umap_options, target_weight),
                                  offsetof(zsc_umap_options, disconnection_distance),
                                  offsetof(zsc_umap_options, unique), offsetof(zsc_umap_options, learning_rate)};
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        zsc_umap_options *older = older_umap(ends[e], memory, sizeof memory);
        assert_int_equal(older->size, ends[e]);
        older->n_epochs = 20;
        assert_int_equal(zsc_umap_check(older), ZSC_OK);
        assert_int_equal(zsc_umap_fit(x, N, D, older, NULL, y, NULL), ZSC_OK);
        assert_memory_equal(expected, y, sizeof y);
        assert_int_equal(zsc_umap_memory(N, D, older, NULL), zsc_umap_memory(N, D, &whole, NULL));
        assert_int_equal(zsc_umap_transform_epochs(older, N), 20 / 3);
        const zsc_umap_model model = {.x = x, .y = expected, .n = N, .d = D, .options = older};
        assert_int_equal(zsc_umap_transform(&model, x, N, NULL, y), ZSC_OK);
        assert_memory_equal(expected, y, sizeof y);
    }
}

static void other_structs(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char memory[256];
    memset(memory, 0xff, sizeof memory);
    zsc_knn_options *knn = (zsc_knn_options *)(void *)memory;
    zsc_knn found = {0}, other = {0};
    zsc_knn_options_init(knn, offsetof(zsc_knn_options, seed));
    knn->neighbors = K;
    assert_int_equal(zsc_knn_search(x, N, D, knn, NULL, &found), ZSC_OK);
    assert_int_equal(zsc_knn_search(x, N, D, &(zsc_knn_options){.neighbors = K, .method = ZSC_KNN_EXACT}, NULL, &other),
                     ZSC_OK); /* size 0 */
    assert_memory_equal(found.index, other.index, N * K * sizeof *found.index);
    zsc_knn_free(&found);
    zsc_knn_free(&other);

    memset(memory, 0xff, sizeof memory);
    zsc_kmeans_options *kmeans = (zsc_kmeans_options *)(void *)memory;
    zsc_kmeans clusters = {0};
    zsc_kmeans_options_init(kmeans, offsetof(zsc_kmeans_options, seed)); /* init would be no pointer */
    kmeans->clusters = 3;
    assert_int_equal(zsc_kmeans_cluster_rows(x, N, D, kmeans, NULL, &clusters), ZSC_OK);
    assert_int_equal(clusters.clusters, 3);
    zsc_kmeans_free(&clusters);

    memset(memory, 0xff, sizeof memory);
    zsc_hdbscan_options *hdbscan = (zsc_hdbscan_options *)(void *)memory;
    zsc_hdbscan groups = {0};
    zsc_hdbscan_options_init(hdbscan, offsetof(zsc_hdbscan_options, allow_single_cluster));
    assert_int_equal(zsc_hdbscan_cluster_rows(x, N, D, hdbscan, NULL, &groups), ZSC_OK);
    assert_int_equal(groups.clusters, 3);
    zsc_hdbscan_free(&groups);

    memset(memory, 0xff, sizeof memory);
    zsc_spectral_options *spectral = (zsc_spectral_options *)(void *)memory;
    zsc_spectral parts = {0};
    zsc_spectral_options_init(spectral, offsetof(zsc_spectral_options, assign_labels));
    spectral->clusters = 3;
    assert_int_equal(zsc_spectral_cluster_rows(x, N, D, spectral, NULL, &parts), ZSC_OK);
    zsc_spectral_free(&parts);
}

static void later_callers(void **state)
{
    (void)state;
    struct {
        zsc_umap_options options;
        double later;
    } newer = {zsc_umap_defaults(), 5};
    float y[N * 2];
    newer.options.size = sizeof newer;
    assert_int_equal(zsc_umap_fit(x, N, D, &newer.options, NULL, y, NULL), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "a later zsc"));
    assert_int_equal(zsc_umap_check(&newer.options), ZSC_EUSAGE);
    assert_true(zsc_umap_memory(N, D, &newer.options, NULL) > 0);
    zsc_umap_options_init(&newer.options, sizeof newer); /* fields that the library does not know are 0 */
    assert_true(newer.later == 0);
    assert_int_equal(newer.options.size, sizeof newer.options);
    assert_int_equal(zsc_umap_fit(x, N, D, &newer.options, NULL, y, NULL), ZSC_OK);
}

static void nothing_given(void **state)
{
    (void)state;
    static float y[N * 2], expected[N * 2];
    const zsc_umap_options defaults = zsc_umap_defaults();
    assert_int_equal(zsc_umap_fit(x, N, D, NULL, NULL, y, NULL), ZSC_OK);
    assert_int_equal(zsc_umap_fit(x, N, D, &defaults, NULL, expected, NULL), ZSC_OK);
    assert_memory_equal(y, expected, sizeof y);
}

int main(void)
{
    make_rows();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_sizes),   cmocka_unit_test(older_callers), cmocka_unit_test(other_structs),
        cmocka_unit_test(later_callers), cmocka_unit_test(nothing_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
