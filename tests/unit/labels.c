/* Labels from files: which are missing, and ids that stand beside them, which are used or refused, never passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/nesting.h"
#include "io/h5/h5.h"
#include "io/labels/labels.h"
#include "io/labels/missing_labels.h"
#include "../folder.h"

#define OK(call) assert_int_equal((call), ZSC_OK)

static const char *const words[3] = {"a", "b", "a"};

/* A file of three labels and what `ids` writes beside them; its labels are read. */
static zsc_status read_beside(void (*ids)(zsc_h5 *file), zsc_labels *out)
{
    zsc_h5 *file = NULL;
    OK(zsc_h5_create(in_folder("l.h5"), &file));
    OK(zsc_h5_write_strings(file, "/labels/rank", words, 3));
    ids(file);
    OK(zsc_h5_commit(file));
    char *source = zsc_asprintf("%s:/labels/rank", in_folder("l.h5"));
    zsc_status status = zsc_labels_read(source, NULL, out);
    free(source);
    return status;
}

static void no_ids(zsc_h5 *file) { (void)file; }
static void text_ids(zsc_h5 *file) { OK(zsc_h5_write_strings(file, "/id", (const char *const[]){"x", "y", "z"}, 3)); }
static void second_name(zsc_h5 *file)
{
    OK(zsc_h5_write_strings(file, "/processid", (const char *const[]){"p", "q", "r"}, 3));
}
static void number_ids(zsc_h5 *file)
{
    OK(zsc_h5_write(file, "/id", ZSC_H5_I64, 1, &(size_t){3}, (int64_t[]){12, -7, INT64_MIN}));
}

static void large_ids(zsc_h5 *file)
{
    OK(zsc_h5_write(file, "/id", ZSC_H5_U64, 1, &(size_t){3}, (uint64_t[]){UINT64_MAX, UINT64_MAX - 1, 1}));
}
static void whole_ids(zsc_h5 *file) { OK(zsc_h5_write(file, "/id", ZSC_H5_F64, 1, &(size_t){3}, (double[]){1, 2, 3})); }

static void test_ids_are_used(void **state)
{
    (void)state;
    zsc_labels labels = {0};
    OK(read_beside(no_ids, &labels));
    assert_true(labels.n == 3 && labels.text && !labels.id);
    assert_true(labels.code[0] == 0 && labels.code[1] == 1 && labels.code[2] == 0);
    zsc_labels_free(&labels);
    OK(read_beside(text_ids, &labels));
    assert_string_equal(labels.id[2], "z");
    zsc_labels_free(&labels);
    OK(read_beside(second_name, &labels));
    assert_string_equal(labels.id[0], "p");
    zsc_labels_free(&labels);
    OK(read_beside(number_ids, &labels));
    assert_string_equal(labels.id[0], "12");
    assert_string_equal(labels.id[1], "-7");
    assert_string_equal(labels.id[2], "-9223372036854775808");
    zsc_labels_free(&labels);
    OK(read_beside(large_ids, &labels));
    assert_string_equal(labels.id[0], "18446744073709551615");
    assert_string_equal(labels.id[1], "18446744073709551614");
    zsc_labels_free(&labels);
    OK(read_beside(whole_ids, &labels));
    assert_string_equal(labels.id[2], "3");
    zsc_labels_free(&labels);
}

static void too_few(zsc_h5 *file) { OK(zsc_h5_write_strings(file, "/id", words, 2)); }
static void table(zsc_h5 *file)
{
    OK(zsc_h5_write(file, "/id", ZSC_H5_I32, 2, (size_t[]){3, 2}, (int32_t[]){1, 2, 3, 4, 5, 6}));
}
static void reals(zsc_h5 *file) { OK(zsc_h5_write(file, "/id", ZSC_H5_F64, 1, &(size_t){3}, (double[]){1, 2.5, 3})); }
static void group(zsc_h5 *file) { OK(zsc_h5_write_strings(file, "/id/names", words, 3)); }

static void test_ids_are_refused(void **state)
{
    (void)state;
    static const struct {
        void (*ids)(zsc_h5 *file);
        const char *says;
    } faults[] = {{too_few, "/id has 2 rows, and there are 3 labels"},
                  {table, ":id' has 2 dimensions, expected one"},
                  {reals, ":id': row 2 holds 2.5, expected a whole number"},
                  {group, ":id' holds a group"}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        zsc_labels labels = {0};
        assert_int_equal(read_beside(faults[i].ids, &labels), ZSC_EINPUT);
        if (!strstr(zsc_error_message(), faults[i].says)) fail_msg("%s", zsc_error_message());
        assert_null(labels.code);
    }
}

/* --- The rule */
/* pandas.read_csv's na_values as of version 2.2, copied from its documentation, and CLIBD's word. */
static const char *const by_default[] = {
    "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null",   "not_classified"};
static const char *const names[] = {"Na", "na", "none", "NONE", "NAN", "NA ", " NA", "NA1", "-", "0", "-1", "N"};

static void check(const char *list, const char *const *missing, size_t missing_count, const char *const *kept,
                  size_t kept_count)
{
    zsc_missing_labels rule;
    OK(zsc_missing_labels_make(list, &rule));
    for (size_t i = 0; i < missing_count; i++)
        if (!zsc_is_missing(&rule, missing[i])) fail_msg("'%s' is no missing label", missing[i]);
    for (size_t i = 0; i < kept_count; i++)
        if (zsc_is_missing(&rule, kept[i])) fail_msg("'%s' is a missing label", kept[i]);
    zsc_missing_labels_free(&rule);
}
#define COUNT(list) (sizeof(list) / sizeof *(list))

static void test_missing(void **state)
{
    (void)state;
    check(NULL, by_default, COUNT(by_default), names, COUNT(names));
    for (size_t i = 0; i < COUNT(by_default); i++) assert_true(zsc_is_missing_by_default(by_default[i]));
    for (size_t i = 0; i < COUNT(names); i++) assert_false(zsc_is_missing_by_default(names[i]));
    check("", by_default, 1, by_default + 1, COUNT(by_default) - 1);
    check(" , ,,", by_default, 1, by_default + 1, COUNT(by_default) - 1);
    check(" - ,NA1,two words,,-1", (const char *const[]){"", "-", "NA1", "two words", "-1"}, 5,
          (const char *const[]){"NA", "two", "words", " - ", ",", "None"}, 6);
}

/* The same labels in each kind of file: NA and nothing are missing by default. */
static void check_codes(const char *source, const char *list, const int32_t *code)
{
    zsc_labels labels = {0};
    OK(zsc_labels_read(source, list, &labels));
    assert_true(labels.n == 4 && labels.text);
    assert_memory_equal(labels.code, code, 4 * sizeof *code);
    zsc_labels_free(&labels);
}

static void test_missing_in_files(void **state)
{
    (void)state;
    static const char *const label[4] = {"a", "NA", "", "b"};
    static const char header[] = "\x93NUMPY\x01\0\x39\0{'descr': '|S2', 'fortran_order': False, 'shape': (4,), }";
    zsc_h5 *h5 = NULL;
    OK(zsc_h5_create(in_folder("m.h5"), &h5));
    OK(zsc_h5_write_strings(h5, "/labels/rank", label, 4));
    OK(zsc_h5_commit(h5));
    FILE *csv = fopen(in_folder("m.csv"), "w"), *npy = fopen(in_folder("m.npy"), "w");
    fputs("id,rank\n", csv);
    fwrite(header, 1, sizeof header - 1, npy);
    for (size_t i = 0; i < 4; i++) {
        char fixed[3] = "";
        strcpy(fixed, label[i]);
        fwrite(fixed, 1, 2, npy);
        fprintf(csv, "%zu,%s\n", i, label[i]);
    }
    fclose(csv);
    fclose(npy);
    static const char *const sources[] = {"m.h5:/labels/rank", "m.csv:rank", "m.npy"};
    for (size_t i = 0; i < COUNT(sources); i++) {
        check_codes(in_folder(sources[i]), NULL, (int32_t[]){0, -1, -1, 1});
        check_codes(in_folder(sources[i]), "", (int32_t[]){0, 1, -1, 2});
        check_codes(in_folder(sources[i]), "a", (int32_t[]){-1, 0, -1, 1});
    }
}

/* One row in a hundred may lie outside, wherever it is. What nests comes after what it nests in; what does not, by the
 * number of classes, which makes it the other way round here. */
static void test_what_nests_up_to_one_row_in_a_hundred(void **state)
{
    (void)state;
    enum { N = 2000, FINE = 100 };
    static int32_t fine[N], coarse[N];
    static char fine_name[] = "fine", coarse_name[] = "coarse";
    for (int side = 0; side < 3; side++)
        for (size_t outside = 0; outside < 60; outside += 10) {
            for (size_t i = 0; i < N; i++) {
                fine[i] = (int32_t)(i % FINE);
                coarse[i] = fine[i] / 10;
            }
            for (size_t k = 0; k < outside; k++) { /* at the start, at the end, between */
                size_t i = side == 0 ? k : side == 1 ? N - 1 - k : k * (N / 60);
                coarse[i] = (coarse[i] + 3) % 10;
            }
            zsc_column rank[] = {{.name = fine_name, .code = fine, .levels = FINE},
                                 {.name = coarse_name, .code = coarse, .levels = FINE + 1}};
            assert_int_equal(zsc_sort_ranks(rank, 2, N), ZSC_OK);
            assert_string_equal(rank[0].name, outside <= N / 100 ? "coarse" : "fine");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_nests_up_to_one_row_in_a_hundred),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_missing_in_files),
        cmocka_unit_test(test_ids_are_used),
        cmocka_unit_test(test_ids_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed;
}
