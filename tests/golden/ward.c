/* Ward against SciPy: tests/fixtures/ward.h5, and on real barcodes coi_ward.h5 of the folder ZSC_REAL_DATA.
 *
 * Without ties: every row of the linkage matrix, heights to 1e-9 relative. With ties the order of merges is not unique:
 * sorted heights, to 1e-9 of themselves plus what rounding of the rows' coordinates amounts to (repeated rows merge at
 * exactly 0 here and at about 1e-8 where distances are computed from products). Cuts equal up to renaming; with ties
 * only where the height says that the cut is between two different heights. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/h5/h5.h"
#include "ward/methods.h"
#include "ward/nearest.h"
#include "zsc/ward.h"

static void must(zsc_status status)
{
    if (status != ZSC_OK) fail_msg("%s", zsc_error_message());
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    assert_non_null(memory);
    return memory;
}

/* Numbers labels by first row, so that equal partitions are equal arrays; returns how many there are. */
static size_t canonical(int32_t *label, size_t n)
{
    int32_t most = 0, next = 0;
    for (size_t i = 0; i < n; i++) most = label[i] > most ? label[i] : most;
    int32_t *name = allocate((size_t)most + 1, sizeof *name);
    for (size_t i = 0; i < n; i++) {
        if (!name[label[i]]) name[label[i]] = ++next;
        label[i] = name[label[i]] - 1;
    }
    free(name);
    return (size_t)next;
}

static void check_heights(const char *name, const double *z, const double *expected, size_t n, bool ties)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const double *a = z + 4 * i, *b = expected + 4 * i;
        double tolerance = 1e-9 * b[2] + (ties ? 1e-9 * expected[4 * (n - 2) + 2] : 0);
        if (fabs(a[2] - b[2]) > tolerance) fail_msg("%s: height %zu is %.17g, SciPy has %.17g", name, i, a[2], b[2]);
        if (!ties && (a[0] != b[0] || a[1] != b[1] || a[3] != b[3]))
            fail_msg("%s: row %zu is %g %g (%g rows), SciPy has %g %g (%g rows)", name, i, a[0], a[1], a[3], b[0], b[1],
                     b[3]);
    }
}

static size_t check_cuts(zsc_h5 *file, const char *name, const double *z, size_t n, bool ties)
{
    zsc_list children = {0};
    size_t checked = 0;
    int32_t *expected = allocate(n, sizeof *expected), *found = allocate(n, sizeof *found);
    must(zsc_h5_children(file, name, &children));
    for (size_t c = 0; c < children.count; c++) {
        char path[256];
        size_t k, by_height;
        if (sscanf(children.item[c], "cut_%zu", &k) != 1) continue;
        snprintf(path, sizeof path, "%s/%s", name, children.item[c]);
        must(zsc_h5_read(file, path, ZSC_H5_I32, 1, &n, expected));
        size_t there = canonical(expected, n);
        if (there == n - 2 && k == n - 1) k = there; /* SciPy's 'maxclust' never stops after the first merge */
        assert_int_equal(there, k);
        const double *last = z + 4 * (n - k - 1); /* the last merge that is carried out */
        if (ties && last[6] - last[2] <= 1e-9 * last[6]) continue;
        must(zsc_cut_clusters(z, n, k, found));
        if (memcmp(expected, found, n * sizeof *found) != 0) fail_msg("%s: the cut into %zu clusters differs", name, k);
        must(zsc_cut_height(z, n, last[2], found, &by_height));
        assert_int_equal(by_height, k);
        assert_memory_equal(expected, found, n * sizeof *found);
        checked++;
    }
    zsc_list_free(&children);
    free(expected);
    free(found);
    return checked;
}

static void check_case(zsc_h5 *file, const char *name)
{
    char path[256];
    zsc_h5_info info;
    int64_t ties;
    snprintf(path, sizeof path, "%s/x", name);
    must(zsc_h5_stat(file, path, &info));
    must(zsc_h5_get_int(file, name, "ties", -1, &ties));
    assert_true(ties == 0 || ties == 1);
    size_t n = info.shape[0], d = info.shape[1];
    double *x = allocate(n * d, sizeof *x), *z = allocate(4 * n, sizeof *z),
           *expected = allocate(4 * n, sizeof *expected);
    must(zsc_h5_read(file, path, ZSC_H5_F64, 2, info.shape, x));
    snprintf(path, sizeof path, "%s/z", name);
    must(zsc_h5_read(file, path, ZSC_H5_F64, 2, (const size_t[]){n - 1, 4}, expected));
    for (int finder = ZSC_WARD_SEARCH_AUTO; finder <= ZSC_WARD_SEARCH_GEMM; finder++) {
        zsc_ward_search_force((zsc_ward_search_kind)finder);
        for (size_t sleep = 0; sleep < 2; sleep++) {
            zsc_ward_sleep_force(sleep);
            must(zsc_linkage_f64(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 2}, z, NULL));
            check_heights(name, z, expected, n, ties == 1);
        }
    }
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    size_t cuts = check_cuts(file, name, z, n, ties == 1);
    print_message("%s: %zu x %zu, %zu cuts\n", name, n, d, cuts);
    assert_true(cuts >= 3);
    free(x);
    free(z);
    free(expected);
}

static void check_file(const char *folder, const char *name)
{
    char path[4096];
    zsc_h5 *file = NULL;
    zsc_list cases = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    must(zsc_h5_open(path, &file));
    must(zsc_h5_children(file, "/", &cases));
    assert_true(cases.count > 0);
    for (size_t c = 0; c < cases.count; c++) check_case(file, cases.item[c]);
    zsc_list_free(&cases);
    zsc_h5_close(file);
}

static void test_fixtures(void **state)
{
    (void)state;
    char folder[4000];
    const char *source = getenv("ZSC_SRCDIR");
    snprintf(folder, sizeof folder, "%s/tests/fixtures", source ? source : ".");
    check_file(folder, "ward.h5");
}

static void test_barcodes(void **state)
{
    (void)state;
    const char *folder = getenv("ZSC_REAL_DATA");
    if (!folder || !*folder) {
        print_message("skipped: ZSC_REAL_DATA is not set\n");
        skip();
    }
    check_file(folder, "coi_ward.h5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fixtures), cmocka_unit_test(test_barcodes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
