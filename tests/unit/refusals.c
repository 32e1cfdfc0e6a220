/* What public functions refuse: numbers that are not finite, and indices that lead nowhere. Outputs stay as they were.
 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/finite.h"
#include "zsc/pca.h"
#include "zsc/zsc.h"

static void refused(zsc_status found, zsc_status expected, const char *words)
{
    if (found != expected)
        fail_msg("status %d, expected %d (%s); last message: %s", found, expected, words, zsc_error_message());
    if (!strstr(zsc_error_message(), words)) fail_msg("no '%s' in: %s", words, zsc_error_message());
}

/* --- Numbers */
static void names_stage_row_column_and_remedy(void **state)
{
    (void)state;
    float x[12] = {0};
    zsc_boundary stage = {"the stage", "change the setting"};
    assert_int_equal(zsc_check_finite(x, 4, 3, stage, NULL), ZSC_OK);
    x[5] = NAN;
    refused(zsc_check_finite(x, 4, 3, stage, NULL), ZSC_ENUMERIC,
            "the stage: 1 of 4 rows hold NaN or infinity, first row 1 (column 2: NaN); change the setting");
    x[4] = -INFINITY;
    refused(zsc_check_finite(x, 4, 3, stage, NULL), ZSC_ENUMERIC, "first row 1 (column 1: infinity)");
    double y[4] = {DBL_MAX, -DBL_MAX, 5e-324, 0};
    assert_int_equal(zsc_check_finite_f64(y, 2, 2, stage, NULL), ZSC_OK);
    y[3] = INFINITY;
    refused(zsc_check_finite_f64(y, 2, 2, stage, NULL), ZSC_ENUMERIC, "1 of 2 rows");
    enum { ROWS = 5000, COLUMNS = 40 }; /* in parallel */
    float *large = calloc((size_t)ROWS * COLUMNS, sizeof *large);
    large[4321 * COLUMNS + 39] = NAN;
    large[4999 * COLUMNS] = NAN;
    refused(zsc_check_finite(large, ROWS, COLUMNS, stage, NULL), ZSC_ENUMERIC,
            "2 of 5000 rows hold NaN or infinity, "
            "first row 4321 (column 39");
    free(large);
}

/* Rows, columns, neighbours and merges of arrays are numbered as the program says: from 0, or from 1. */
static void numbers_as_the_caller_counts(void **state)
{
    (void)state;
    float x[6] = {0, 0, 0, NAN, 0, 0};
    double distances[3] = {1, NAN, 1}, z[8] = {0, 1, 1, 2, 3, 3, 2, 3};
    int32_t index[6] = {0, 1, 1, 7, 2, 0};
    float distance[6] = {0};
    zsc_knn knn = {.n = 3, .k = 2, .index = index, .distance = distance};
    zsc_graph graph = {0};
    for (int first = 0; first < 2; first++) {
        char words[80];
        zsc_count_from(first);
        snprintf(words, sizeof words, "first row %d (column %d: NaN)", 1 + first, 1 + first);
        refused(zsc_linkage(x, 3, 2, ZSC_WARD, NULL, z, NULL), ZSC_ENUMERIC, words);
        refused(zsc_check_finite(x, 3, 2, (zsc_boundary){"it", NULL}, NULL), ZSC_ENUMERIC, words);
        snprintf(words, sizeof words, "the distance of rows %d and %d is", first, 2 + first);
        refused(zsc_linkage_distances(distances, 3, ZSC_AVERAGE, NULL, z, NULL), ZSC_ENUMERIC, words);
        snprintf(words, sizeof words, "neighbour %d of row %d has index 7; expected 0 to 2", 1 + first, 1 + first);
        refused(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_EINPUT, words);
    }
    zsc_count_from(0);
}

/* Columns are checked several at once: each is, at every width, in the last row too. */
static void finds_it_in_every_column(void **state)
{
    (void)state;
    enum { WIDEST = 19 };
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t d = 1; d <= WIDEST; d++)
        for (size_t j = 0; j < d; j++)
            for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
                float x[2 * WIDEST], large[2 * WIDEST];
                double y[2 * WIDEST];
                zsc_boundary stage = {"the stage", NULL};
                for (size_t i = 0; i < 2 * d; i++) large[i] = x[i] = i % 2 ? FLT_MAX : -FLT_MAX, y[i] = (double)x[i];
                assert_int_equal(zsc_check_finite(large, 2, d, stage, NULL), ZSC_OK);
                assert_int_equal(zsc_check_finite_f64(y, 2, d, stage, NULL), ZSC_OK);
                x[d + j] = (float)bad[b];
                y[d + j] = bad[b];
                char place[64];
                snprintf(place, sizeof place, "first row 1 (column %zu: %s)", j, b ? "infinity" : "NaN");
                refused(zsc_check_finite(x, 2, d, stage, NULL), ZSC_ENUMERIC, place);
                refused(zsc_check_finite_f64(y, 2, d, stage, NULL), ZSC_ENUMERIC, place);
            }
}

enum { N = 40, D = 3 };

static void fill(float *x)
{
    for (size_t i = 0; i < (size_t)N * D; i++) x[i] = (float)((i * 7919) % 101) / 7;
}

static void kernels_refuse_nan(void **state)
{
    (void)state;
    float x[N * D], good[N * D], y[N * 2] = {0};
    double z[4 * N], trust = -7, recall = -7;
    int32_t labels[N];
    fill(x);
    fill(good);
    for (int i = 0; i < N; i++) labels[i] = i % 3;
    for (int kind = 0; kind < 2; kind++) {
        x[17 * D + 1] = kind ? INFINITY : NAN;
        zsc_internal_scores scores = {-7, -7, -7};
        refused(zsc_score_internal(x, N, D, labels, NULL, &scores), ZSC_ENUMERIC, "first row 17 (column 1");
        assert_true(scores.silhouette == -7 && scores.davies_bouldin == -7 && scores.calinski_harabasz == -7);
        refused(zsc_pca(x, N, D, 2, NULL, y), ZSC_ENUMERIC, "first row 17 (column 1");
        refused(zsc_linkage(x, N, D, ZSC_WARD, NULL, z, NULL), ZSC_ENUMERIC, "first row 17 (column 1");
        refused(zsc_scale_rows(x, N, D, ZSC_SCALE_L2, NULL, 1, NULL), ZSC_ENUMERIC, "first row 17 (column 1");
        refused(zsc_trustworthiness(x, D, good, D, N, 3, ZSC_EUCLIDEAN, NULL, &trust), ZSC_ENUMERIC,
                "first row 17 (column 1");
        refused(zsc_trustworthiness(good, D, x, D, N, 3, ZSC_EUCLIDEAN, NULL, &trust), ZSC_ENUMERIC,
                "first row 17 (column 1");
        zsc_knn_options o = {.neighbors = 4};
        zsc_knn knn = {0};
        refused(zsc_knn_search(x, N, D, &o, NULL, &knn), ZSC_ENUMERIC, "first row 17 (column 1");
        assert_int_equal(zsc_knn_search(good, N, D, &o, NULL, &knn), ZSC_OK);
        refused(zsc_knn_recall(x, N, D, &knn, ZSC_EUCLIDEAN, 0, 0, NULL, &recall), ZSC_ENUMERIC,
                "first row 17 (column 1");
        zsc_umap_options u = zsc_umap_defaults();
        refused(zsc_umap_fit(x, N, D, &u, NULL, y, NULL), ZSC_ENUMERIC, "first row 17 (column 1");
        zsc_umap_part part = {.knn = &knn};
        u.n_neighbors = 4;
        refused(zsc_umap_fit_part(x, N, D, &u, &part, NULL, y, NULL), ZSC_ENUMERIC, "first row 17 (column 1");
        float start[N * 2] = {0};
        start[17 * 2 + 1] = x[17 * D + 1];
        u.init = ZSC_INIT_GIVEN;
        refused(zsc_umap_fit_part(good, N, D, &u, &part, NULL, start, NULL), ZSC_ENUMERIC, "first row 17 (column 1");
        zsc_knn_free(&knn);
    }
    assert_true(trust == -7 && recall == -7 && y[0] == 0);
}

static void a_label_below_0_hides_no_nan(void **state)
{
    (void)state;
    float x[N * D];
    int32_t labels[N];
    zsc_internal_scores scores;
    fill(x);
    for (int i = 0; i < N; i++) labels[i] = i % 3;
    labels[17] = -1;
    x[17 * D] = NAN;
    refused(zsc_score_internal(x, N, D, labels, NULL, &scores), ZSC_ENUMERIC, "first row 17");
}

static void heights_beyond_double_are_refused(void **state)
{
    (void)state;
    static const zsc_linkage_method methods[] = {ZSC_WARD, ZSC_SINGLE, ZSC_AVERAGE, ZSC_COMPLETE};
    double x[8] = {1.7e308, 1, -1.7e308, 2, 1.6e308, -1.6e308, 0, 0}, z[16];
    for (size_t m = 0; m < 4; m++) {
        double far[4] = {1.7e308, 1.7e308, -1.7e308, -1.7e308};
        refused(zsc_linkage_f64(far, 2, 2, methods[m], NULL, z, NULL), ZSC_ENUMERIC,
                "rows 0 and 1 merge is beyond double precision");
    }
    refused(zsc_linkage_f64(x, 4, 2, ZSC_WARD, NULL, z, NULL), ZSC_ENUMERIC, "scale the matrix");
}

/* --- UMAP's curve */
static void curves_beyond_float_are_refused_before(void **state)
{
    (void)state;
    static const double ab[][2] = {{1, 20}, {1e9, 100}, {1, 100}, {1e-3, 18}};
    float x[N * D], y[N * 2] = {0};
    fill(x);
    for (size_t i = 0; i < sizeof ab / sizeof *ab; i++) {
        zsc_umap_options o = zsc_umap_defaults();
        o.a = ab[i][0];
        o.b = ab[i][1];
        refused(zsc_umap_check(&o), ZSC_EUSAGE, "lower b");
        refused(zsc_umap_fit(x, N, D, &o, NULL, y, NULL), ZSC_EUSAGE, "single precision");
    }
    assert_true(y[0] == 0);
}

static void a_failing_fit_says_why(void **state)
{
    (void)state;
    static const double spreads[] = {1e-300, 1e300}, possible[] = {1e-6, 1e-3, 1e6};
    double a = -7, b = -7, one_a, one_b;
    for (size_t i = 0; i < 2; i++) {
        refused(zsc_umap_fit_ab(spreads[i], 0, &a, &b), ZSC_ENUMERIC, "no a and b fit spread");
        assert_true(a == -7 && b == -7);
    }
    assert_int_equal(zsc_umap_fit_ab(1, 0, &one_a, &one_b), ZSC_OK);
    for (size_t i = 0; i < 3; i++) { /* the same curve in other units */
        assert_int_equal(zsc_umap_fit_ab(possible[i], 0, &a, &b), ZSC_OK);
        assert_true(b == one_b && fabs(a * pow(possible[i], 2 * b) / one_a - 1) < 1e-12);
    }
}

/* --- Graphs */
/* Rows 0 - 1 - 2 - 3 in a line, and 0 - 3. */
typedef struct small {
    size_t offset[5];
    int32_t column[8];
    float weight[8];
} small;

static const small sound = {{0, 2, 4, 6, 8}, {1, 3, 0, 2, 1, 3, 0, 2}, {1, 0.5f, 1, 0.25f, 0.25f, 1, 0.5f, 1}};

static zsc_graph view(small *s) { return (zsc_graph){4, s->offset, s->column, s->weight}; }

static void all_refuse(small *s, const char *words)
{
    zsc_graph g = view(s);
    zsc_umap_options o = zsc_umap_defaults();
    float x[4 * D] = {0}, y[8] = {0};
    int32_t component[4];
    size_t count = 7;
    o.n_epochs = 5;
    refused(zsc_graph_check(&g), ZSC_EINPUT, words);
    refused(zsc_graph_components(&g, component, &count), ZSC_EINPUT, words);
    refused(zsc_umap_initialise(&g, x, D, &o, NULL, y, NULL), ZSC_EINPUT, words);
    refused(zsc_umap_layout(&g, &o, 0, 5, NULL, y), ZSC_EINPUT, words);
    assert_int_equal(count, 7);
}

static void graphs_that_are_none(void **state)
{
    (void)state;
    static const struct {
        size_t entry;
        int32_t column;
        float weight;
        const char *words;
    } changes[] = {{1, 4, 0.5f, "an edge to index 4; expected 0 to 3"},
                   {1, INT32_MAX, 0.5f, "expected 0 to 3"},
                   {0, -1, 1, "an edge to index -1"},
                   {0, 0, 1, "an edge to itself"},
                   {1, 1, 0.5f, "columns must ascend"},
                   {1, 2, 0.5f, "no reverse"},
                   {7, 1, 1, "no reverse"},
                   {1, 3, 0.75f, "no reverse of the same weight"},
                   {1, 3, 0, "weighs 0"},
                   {1, 3, -1, "weighs -1"},
                   {1, 3, 1.5f, "weighs 1.5"},
                   {1, 3, NAN, "weighs nan"},
                   {1, 3, INFINITY, "weighs inf"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        small s = sound;
        s.column[changes[i].entry] = changes[i].column;
        s.weight[changes[i].entry] = changes[i].weight;
        all_refuse(&s, changes[i].words);
    }
    small s = sound;
    s.offset[1] = SIZE_MAX / 2; /* never read through */
    all_refuse(&s, "offsets must ascend");
    s = sound;
    s.offset[0] = 1;
    all_refuse(&s, "offsets begin at 1");
    s = sound; /* one direction of an edge is gone, from either end */
    memmove(s.column + 1, s.column + 2, 6 * sizeof *s.column);
    memmove(s.weight + 1, s.weight + 2, 6 * sizeof *s.weight);
    for (size_t i = 1; i < 5; i++) s.offset[i]--;
    all_refuse(&s, "no reverse");
    s = sound;
    memmove(s.column + 6, s.column + 7, sizeof *s.column);
    memmove(s.weight + 6, s.weight + 7, sizeof *s.weight);
    s.offset[4]--;
    all_refuse(&s, "no reverse");
}

static void sound_graphs_pass(void **state)
{
    (void)state;
    small s = sound;
    zsc_graph g = view(&s), empty = {0};
    assert_int_equal(zsc_graph_check(&g), ZSC_OK);
    assert_int_equal(zsc_graph_check(&empty), ZSC_OK);
    float x[N * D];
    fill(x);
    for (size_t k = 2; k < N; k += 5) {
        zsc_knn_options o = {.neighbors = k};
        zsc_knn knn = {0};
        zsc_graph made = {0};
        assert_int_equal(zsc_knn_search(x, N, D, &o, NULL, &knn), ZSC_OK);
        assert_int_equal(zsc_fuzzy_simplicial_set(&knn, 1, 0.5, NULL, NULL, NULL, &made), ZSC_OK);
        assert_int_equal(zsc_graph_check(&made), ZSC_OK);
        zsc_graph_free(&made);
        zsc_knn_free(&knn);
    }
}

/* A graph of many components needs the rows that place them. */
static void many_components_need_rows(void **state)
{
    (void)state;
    enum { PAIRS = 6 };
    size_t offset[2 * PAIRS + 1];
    int32_t column[2 * PAIRS];
    float weight[2 * PAIRS], y[4 * PAIRS];
    for (int i = 0; i < 2 * PAIRS; i++) offset[i] = (size_t)i, column[i] = i ^ 1, weight[i] = 1;
    offset[2 * PAIRS] = 2 * PAIRS;
    zsc_graph g = {2 * PAIRS, offset, column, weight};
    zsc_umap_options o = zsc_umap_defaults();
    refused(zsc_umap_initialise(&g, NULL, D, &o, NULL, y, NULL), ZSC_EUSAGE, "needs the rows, and none are given");
    o.init = ZSC_INIT_PCA;
    refused(zsc_umap_initialise(&g, NULL, D, &o, NULL, y, NULL), ZSC_EUSAGE, "needs the rows");
}

static void layouts_from_nan_are_refused(void **state)
{
    (void)state;
    small s = sound;
    zsc_graph g = view(&s);
    zsc_umap_options o = zsc_umap_defaults();
    float y[8] = {0, 1, 2, 3, 4, 5, NAN, 7};
    refused(zsc_umap_layout(&g, &o, 3, 5, NULL, y), ZSC_ENUMERIC, "first row 3 (column 0");
}

/* --- Neighbours */
static void neighbours_that_are_none(void **state)
{
    (void)state;
    float x[N * D];
    fill(x);
    zsc_knn_options o = {.neighbors = 4};
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    double recall = -7;
    assert_int_equal(zsc_knn_search(x, N, D, &o, NULL, &knn), ZSC_OK);
    static const int32_t wrong[] = {N, -2, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        int32_t kept = knn.index[9 * 4 + 2];
        knn.index[9 * 4 + 2] = wrong[i];
        refused(zsc_knn_recall(x, N, D, &knn, ZSC_EUCLIDEAN, 0, 0, NULL, &recall), ZSC_EINPUT, "neighbour 2 of row 9");
        refused(zsc_fuzzy_simplicial_set(&knn, 1, 1, NULL, NULL, NULL, &graph), ZSC_EINPUT, "neighbour 2 of row 9");
        knn.index[9 * 4 + 2] = kept;
    }
    assert_true(recall == -7);
    static const double numbers[] = {NAN, -1, INFINITY};
    for (size_t i = 0; i < 3; i++) {
        refused(zsc_fuzzy_simplicial_set(&knn, numbers[i], 1, NULL, NULL, NULL, &graph), ZSC_EUSAGE,
                "local_connectivity");
        refused(zsc_fuzzy_simplicial_set(&knn, 1, numbers[i], NULL, NULL, NULL, &graph), ZSC_EUSAGE,
                "set_op_mix_ratio");
    }
    zsc_knn_free(&knn);
}

/* --- Dendrograms */
static void dendrograms_that_are_none(void **state)
{
    (void)state;
    static const double good[] = {0, 1, 1, 2, 2, 3, 2, 2, 4, 5, 3, 4};
    static const struct {
        size_t at;
        double value;
        const char *words;
    } changes[] = {{0, 2.5, "cluster 2.5"}, {0, 7, "cluster 7"},         {0, -1, "cluster -1"},
                   {0, NAN, "cluster nan"}, {4, 0, "cluster 0"},         {9, 4, "cluster 4"},
                   {2, NAN, "height nan"},  {6, INFINITY, "height inf"}, {10, -1, "height -1"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        double z[12];
        int32_t labels[4] = {7, 7, 7, 7};
        size_t k = 7;
        char *text = NULL;
        memcpy(z, good, sizeof z);
        z[changes[i].at] = changes[i].value;
        refused(zsc_linkage_check(z, 4), ZSC_EINPUT, changes[i].words);
        refused(zsc_cut_clusters(z, 4, 2, labels), ZSC_EINPUT, changes[i].words);
        refused(zsc_cut_height(z, 4, 10, labels, &k), ZSC_EINPUT, changes[i].words);
        refused(zsc_newick(z, 4, NULL, &text), ZSC_EINPUT, changes[i].words);
        assert_true(labels[0] == 7 && k == 7 && !text);
    }
    int32_t labels[4];
    size_t k;
    static const double heights[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++)
        refused(zsc_cut_height(good, 4, heights[i], labels, &k), ZSC_EUSAGE, "finite number");
    assert_int_equal(zsc_cut_height(good, 4, DBL_MAX, labels, &k), ZSC_OK);
    assert_int_equal(k, 1);
}

/* --- Files */
static void what_is_written_is_looked_at(void **state)
{
    (void)state;
    float x[4] = {1, 2, NAN, 4};
    char a[] = "a", b[] = "b", empty[] = "", *id[] = {a, b}, *names[] = {a};
    int32_t code[2] = {0, 1};
    zsc_column rank = {b, code, names, 1};
    zsc_modality m = {empty, a, empty, empty, empty, 2, false};
    zsc_dataset data = {.n = 2, .d = 2, .x = x, .id = id, .rank = &rank, .ranks = 1, .modality = &m, .modalities = 1};
    refused(zsc_dataset_write(&data, "/nowhere/refused.h5"), ZSC_ENUMERIC, "first row 1 (column 0: NaN)");
    x[2] = 3;
    refused(zsc_dataset_write(&data, "refusals-test.h5"), ZSC_EUSAGE, "row 1 has code 1");
    data.x = NULL; /* as it is loaded with rows_only */
    refused(zsc_dataset_write(&data, "refusals-test.h5"), ZSC_EUSAGE, "no matrix");
    assert_int_not_equal(remove("refusals-test.h5"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stage_row_column_and_remedy),
        cmocka_unit_test(numbers_as_the_caller_counts),
        cmocka_unit_test(finds_it_in_every_column),
        cmocka_unit_test(kernels_refuse_nan),
        cmocka_unit_test(a_label_below_0_hides_no_nan),
        cmocka_unit_test(heights_beyond_double_are_refused),
        cmocka_unit_test(curves_beyond_float_are_refused_before),
        cmocka_unit_test(a_failing_fit_says_why),
        cmocka_unit_test(graphs_that_are_none),
        cmocka_unit_test(sound_graphs_pass),
        cmocka_unit_test(many_components_need_rows),
        cmocka_unit_test(layouts_from_nan_are_refused),
        cmocka_unit_test(neighbours_that_are_none),
        cmocka_unit_test(dendrograms_that_are_none),
        cmocka_unit_test(what_is_written_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
