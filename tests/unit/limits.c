/* Sums and sizes near 2^31 rows, and beyond, where they can be had without the memory: tables given by their sizes,
 * functions that must refuse before they touch an array, estimates of memory, files whose headers promise more than
 * they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "io/labels/labels.h"
#include "experiment/settings/run_options.h"
#include "../folder.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "io/embeddings.h"
#include "metrics/emi.h"
#include "metrics/scores.h"
#include "zsc/zsc.h"

#define OK(call) assert_int_equal((call), ZSC_OK)
static const size_t most = INT32_MAX, beyond = (size_t)INT32_MAX + 1;

static void fails(zsc_status status, zsc_status expected, const char *words)
{
    if (status != expected || !strstr(zsc_error_message(), words))
        print_message("status %d: %s; expected %d: %s\n", (int)status, zsc_error_message(), (int)expected, words);
    assert_int_equal(status, expected);
    assert_non_null(strstr(zsc_error_message(), words));
}

/* --- Scores of tables of 2^31 - 1 rows */
static zsc_sizes sizes_of(zsc_size *item, size_t distinct)
{
    zsc_sizes s = {item, distinct, 0};
    for (size_t i = 0; i < distinct; i++) s.parts += item[i].count;
    return s;
}

static void close_to(double found, long double expected, double relative, const char *what)
{
    double difference = fabs(found - (double)expected), bound = relative * fabs((double)expected);
    if (!(difference <= bound)) print_message("%s is %.17g, expected %.17Lg\n", what, found, expected);
    assert_true(difference <= bound);
}

/* Two classes and two clusters, cells a b / c d that add up to 2^31 - 1; every score against its formula in long
 * double. */
static void scores_of_four_cells(size_t a, size_t b, size_t c, size_t d)
{
    long double n = (long double)a + b + c + d, row = a + b, column = a + c, mi = 0, tp = 0;
    const long double cell[4] = {a, b, c, d}, rows[4] = {row, row, n - row, n - row},
                      columns[4] = {column, n - column, column, n - column};
    for (int i = 0; i < 4; i++) {
        mi += cell[i] / n * logl(n * cell[i] / (rows[i] * columns[i]));
        tp += cell[i] * (cell[i] - 1);
    }
    long double of_rows = row * (row - 1) + (n - row) * (n - row - 1),
                of_columns = column * (column - 1) + (n - column) * (n - column - 1);
    long double by_chance = of_rows * of_columns / (n * (n - 1)),
                ari = (tp - by_chance) / ((of_rows + of_columns) / 2 - by_chance);
    size_t all[4] = {a, b, c, d}, classes[2] = {a + b, c + d}, clusters[2] = {a + c, b + d};
    zsc_size cells[4], of_class[2], of_cluster[2];
    for (int i = 0; i < 4; i++) cells[i] = (zsc_size){all[i], 1};
    for (int i = 0; i < 2; i++) of_class[i] = (zsc_size){classes[i], 1}, of_cluster[i] = (zsc_size){clusters[i], 1};
    zsc_contingency table = {most, 0, sizes_of(of_class, 2), sizes_of(of_cluster, 2), sizes_of(cells, 4)};
    zsc_scores s;
    assert_true(a + b + c + d == most);
    OK(zsc_scores_make(&table, NULL, &s));
    close_to(s.fmi, tp / sqrtl(of_rows * of_columns), 1e-12, "Fowlkes-Mallows");
    close_to(s.ari, ari, 1e-9, "ARI");
    assert_true(fabsl(s.mi - mi) < 1e-14L); /* the difference of three entropies of order 1 */
    /* the leading term, (2 - 1) (2 - 1) / (2 n); the next is smaller by the least expected cell, 33 rows in the second
     * table */
    close_to(s.emi, 1 / (2 * n), 0.01, "expected mutual information");
    close_to(s.ami[ZSC_MAX], (s.mi - s.emi) / (fmax(s.h_classes, s.h_clusters) - s.emi), 1e-12, "AMI");
}

static void test_scores(void **state)
{
    (void)state;
    scores_of_four_cells(1000000000, 73741823, 73741824, 1000000000);
    scores_of_four_cells(2147000000, 100000, 300000, 83647);
    scores_of_four_cells(536870912, 536870911, 536870811, 536871013);

    /* one part of all rows: the squares are the largest that can be, 2^62 - 2^32 + 1 */
    zsc_size whole[1] = {{most, 1}}, singles[1] = {{1, most}}, halves[2] = {{most / 2, 1}, {most - most / 2, 1}};
    zsc_sizes one = sizes_of(whole, 1), each = sizes_of(singles, 1);
    assert_true(zsc_sizes_squares(&one) == (uint64_t)most * most);
    assert_true(zsc_sizes_squares(&each) == most);
    close_to(zsc_sizes_entropy(&each, most), logl((long double)most), 1e-14, "the entropy of single rows");
    zsc_scores s;
    zsc_contingency same = {most, 0, sizes_of(whole, 1), sizes_of(whole, 1), sizes_of(whole, 1)};
    OK(zsc_scores_make(&same, NULL, &s));
    assert_true(s.ari == 1 && s.fmi == 1 && isnan(s.ami[0]) && s.rows == most);
    zsc_contingency apart = {most, 0, sizes_of(singles, 1), sizes_of(singles, 1), sizes_of(singles, 1)};
    OK(zsc_scores_make(&apart, NULL, &s));
    assert_true(s.ari == 1 && isnan(s.ami[0]) && s.classes == most);
    zsc_contingency two = {most, 0, sizes_of(halves, 2), sizes_of(halves, 2), sizes_of(halves, 2)};
    OK(zsc_scores_make(&two, NULL, &s));
    close_to(s.ami[0], 1, 1e-12, "AMI of halves");
    assert_true(s.ari == 1 && s.fmi == 1);
    zsc_contingency against = {most, 0, sizes_of(whole, 1), sizes_of(singles, 1), sizes_of(singles, 1)};
    OK(zsc_scores_make(&against, NULL, &s));
    assert_true(s.ari == 0 && s.fmi == 0 && isnan(s.ami[0]));
}

/* The sizes of the parts of a real study, 2^31 - 1 rows in all: cells (class, cluster) of every pair of sizes stay
 * finite. */
static void test_expectation(void **state)
{
    (void)state;
    static zsc_emi emi;
    zsc_emi_make(&emi, most);
    const size_t sizes[] = {1, 2, 1000, 46341, most / 2, most - 1, most};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            double cell = zsc_emi_cell(&emi, sizes[i], sizes[j]), turned = zsc_emi_cell(&emi, sizes[j], sizes[i]);
            assert_true(isfinite(cell) && cell >= 0);
            close_to(turned, cell, 1e-9, "the share of a cell, turned");
        }
    /* a row alone meets a part of b rows with probability b / n, and is then worth log(n / b) - 1 + b / n or, missing
     * it, b / n */
    long double p = (long double)1000 / most;
    close_to(zsc_emi_cell(&emi, 1, 1000), p * (-logl(p) - 1 + p) + (1 - p) * p, 1e-12, "the share of a single row");
}

/* --- More rows than can be numbered are refused before anything is read */
static void test_too_many_rows(void **state)
{
    (void)state;
    const float x[1] = {0};
    const double z[4] = {0, 1, 1, 2};
    const int32_t label[1] = {0};
    int32_t out[1];
    float y[1];
    double value, heights[4];
    char *text;
    size_t k;
    zsc_scores scores;
    zsc_curve curve;
    zsc_internal_scores internal;
    zsc_knn knn;
    zsc_knn_options search = zsc_knn_defaults();
    zsc_umap_options umap = zsc_umap_defaults();
    const char *const number = "2147483648 rows";
    fails(zsc_score(label, label, beyond, ZSC_MISSING_DROP, NULL, &scores), ZSC_EUSAGE, number);
    fails(zsc_score_internal(x, beyond, 1, label, NULL, &internal), ZSC_EUSAGE, number);
    fails(zsc_ami_curve(z, beyond, label, ZSC_MISSING_DROP, NULL, &curve), ZSC_EUSAGE, number);
    fails(zsc_knn_search(x, beyond, 1, &search, NULL, &knn), ZSC_EUSAGE, number);
    fails(zsc_trustworthiness(x, 1, x, 1, beyond, 5, ZSC_EUCLIDEAN, NULL, &value), ZSC_EUSAGE, number);
    fails(zsc_umap_fit(x, beyond, 1, &umap, NULL, y, NULL), ZSC_EUSAGE, number);
    /* numbers of clusters go to 2 n - 2 */
    for (size_t n = ((size_t)1 << 30) + 1; n <= beyond; n += beyond - n ? beyond - n : 1) {
        fails(zsc_linkage(x, n, 1, ZSC_WARD, NULL, heights, NULL), ZSC_EUSAGE, "the most is 1073741824");
        fails(zsc_cut_clusters(z, n, 1, out), ZSC_EUSAGE, "the most is 1073741824");
        fails(zsc_cut_height(z, n, -1, out, &k), ZSC_EUSAGE, "the most is 1073741824");
        fails(zsc_newick(z, n, NULL, &text), ZSC_EUSAGE, "the most is 1073741824");
        fails(zsc_linkage_check(z, n), ZSC_EUSAGE, "the most is 1073741824");
    }
}

/* --- Sizes that are computed do not wrap */
static void test_estimates(void **state)
{
    (void)state;
    zsc_run_options o = zsc_run_defaults();
    const size_t dims[] = {2, 768, 65536};
    for (int reduce = ZSC_REDUCE_UMAP; reduce <= ZSC_REDUCE_NONE; reduce++)
        for (int linkage = ZSC_WARD; linkage <= ZSC_COMPLETE; linkage++)
            for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
                size_t before = 0;
                o.reduce = (zsc_reduce)reduce;
                o.linkage = (zsc_linkage_method)linkage;
                for (size_t n = 100; n <= most; n = n > most / 10 && n < most ? most : 10 * n) {
                    zsc_run_shape run = {.n = n, .d = dims[d], .clusters = n};
                    size_t bytes = zsc_run_memory(&o, &run, NULL);
                    assert_true(bytes >= n * dims[d] * sizeof(float) && bytes > before);
                    before = bytes;
                    run.last = true; /* what is freed makes it less; what is typical is less than the most */
                    size_t freed = zsc_run_memory(&o, &run, NULL);
                    run.typical = true;
                    run.distinct = n;
                    assert_true(freed <= bytes && zsc_run_memory(&o, &run, NULL) <= freed);
                }
            }
    assert_true(zsc_linkage_memory(most, 768, ZSC_AVERAGE, NULL) < most * 768 * 64); /* not of all pairs */
    zsc_umap_options umap = zsc_umap_defaults();
    umap.n_neighbors = most;
    assert_true(zsc_umap_memory(most, 768, &umap, NULL) == SIZE_MAX);
    o.reduce = ZSC_REDUCE_UMAP;
    o.umap.n_neighbors = most;
    const zsc_run_shape all = {.n = most, .d = 768, .clusters = most};
    assert_true(zsc_run_memory(&o, &all, NULL) == SIZE_MAX);
    zsc_exec exec = {.memory_limit = (size_t)1 << 40};
    fails(zsc_memory_check(&exec, SIZE_MAX, "clustering"), ZSC_EUSAGE, "clustering");
    assert_null(zsc_calloc(SIZE_MAX / 4, 8, "too much"));
    assert_null(zsc_malloc((size_t)1 << 62, 4, "too much"));
    int *list = NULL;
    size_t capacity = 0;
    assert_int_equal(zsc_grow(&list, &capacity, SIZE_MAX / 2, sizeof *list, "a list"), ZSC_EINTERNAL);
    assert_true(!list && capacity == 0);
}

/* --- Files whose headers promise more than they hold */
static const char *h5_of(const char *object, int rank, size_t rows, size_t columns)
{
    const char *path = in_folder("large.h5");
    zsc_h5 *file = NULL;
    size_t shape[2] = {rows, columns};
    OK(zsc_h5_create(path, &file));
    OK(zsc_h5_make(file, object, ZSC_H5_I32, rank, shape)); /* without data, so that the file is small */
    OK(zsc_h5_make_strings(file, "/id", rows, 1));
    OK(zsc_h5_commit(file));
    return path;
}

static void test_large_files(void **state)
{
    (void)state;
    zsc_embeddings *v = NULL;
    zsc_labels labels = {0};
    char source[600];
    const size_t rows[] = {beyond, (size_t)1 << 32, (size_t)1 << 40, (size_t)1 << 58};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool impossible = rows[i] >= (size_t)1 << 58; /* bytes of it and of its copies would not fit a size_t */
        fails(zsc_embeddings_open(h5_of("/embeddings/a", 2, rows[i], 1), NULL, &v), ZSC_EINPUT,
              "zsc handles 2147483647");
        snprintf(source, sizeof source, "%s:/labels/species", h5_of("/labels/species", 1, rows[i], 1));
        fails(zsc_labels_read(source, NULL, &labels), ZSC_EINPUT, impossible ? "impossibly large" : "are supported");
    }
}

static void test_large_npy(void **state)
{
    (void)state;
    static const struct {
        const char *shape, *words;
    } cases[] = {
        {"(18446744073709551616,)", ""},
        {"(18446744073709551615, 2)", ""},
        {"(9223372036854775808, 2)", "impossibly large"},
        {"(4294967296, 4294967296)", "impossibly large"},
        {"(2305843009213693952, 8)", "impossibly large"},
        {"(2147483648,)", "truncated"},
        {"(1152921504606846975,)", ""},
        {"(-1, 4)", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buffer[256], dict[200];
        float *x = NULL;
        size_t n, d;
        int length = snprintf(dict, sizeof dict, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n",
                              cases[i].shape);
        memcpy(buffer, "\x93NUMPY\x01\x00", 8);
        buffer[8] = (char)length;
        buffer[9] = 0;
        memcpy(buffer + 10, dict, (size_t)length);
        memset(buffer + 10 + length, 0, 16);
        fails(zsc_npy_read_f32(write_file("large.npy", buffer, 26 + (size_t)length), &x, &n, &d), ZSC_EINPUT,
              cases[i].words);
        assert_null(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores),    cmocka_unit_test(test_expectation), cmocka_unit_test(test_too_many_rows),
        cmocka_unit_test(test_estimates), cmocka_unit_test(test_large_files), cmocka_unit_test(test_large_npy),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed;
}
