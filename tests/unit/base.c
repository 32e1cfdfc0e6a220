/* The base module: messages, random streams, sizes, text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/value.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

static void test_messages(void **state)
{
    (void)state;
    zsc_status status = zsc_fail(ZSC_EINPUT, "row %d", 7);
    assert_int_equal(zsc_context(status, "file '%s'", "a.csv"), ZSC_EINPUT);
    assert_string_equal(zsc_error_message(), "file 'a.csv': row 7");
    /* the message may be part of the next one */
    assert_int_equal(zsc_fail(ZSC_EINPUT, "again: %s", zsc_error_message()), ZSC_EINPUT);
    assert_string_equal(zsc_error_message(), "again: file 'a.csv': row 7");
    zsc_context(ZSC_OK, "not added");
    assert_string_equal(zsc_error_message(), "again: file 'a.csv': row 7");
    char much[5000];
    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    assert_int_equal(zsc_fail(ZSC_EINPUT, "%s", much), ZSC_EINPUT);
    zsc_context(ZSC_EINPUT, "%s", much);
    assert_true(strlen(zsc_error_message()) < 1100);
}

/* These values are part of every result: a change of them is a change of all results. */
static void test_streams(void **state)
{
    (void)state;
    zsc_stream s = zsc_stream_open(0, ZSC_RANDOM_TEST, 0);
    uint64_t first = zsc_stream_u64(&s), second = zsc_stream_u64(&s);
    s = zsc_stream_open(0, ZSC_RANDOM_TEST, 0);
    assert_true(zsc_stream_u64(&s) == first && zsc_stream_u64(&s) == second);
    assert_true(first != second);
    for (uint64_t i = 1; i < 100; i++) {
        zsc_stream by_index = zsc_stream_open(0, ZSC_RANDOM_TEST, i), by_seed = zsc_stream_open(i, ZSC_RANDOM_TEST, 0);
        assert_true(zsc_stream_u64(&by_index) != first);
        assert_true(zsc_stream_u64(&by_seed) != first);
    }
    /* moments over many neighbouring streams, one draw each: tolerances are 5 standard errors */
    enum { N = 200000 };
    double mean = 0, square = 0, normal = 0, normal2 = 0, lag = 0, before = 0;
    size_t below[7] = {0};
    for (uint64_t i = 0; i < N; i++) {
        zsc_stream t = zsc_stream_open(3, ZSC_RANDOM_TEST, i);
        double u = zsc_stream_uniform(&t), z = zsc_stream_normal(&t);
        assert_true(u >= 0 && u < 1);
        mean += u / N;
        square += u * u / N;
        normal += z / N;
        normal2 += z * z / N;
        lag += (u - 0.5) * (before - 0.5) / N;
        before = u;
        below[zsc_stream_below(&t, 7)]++;
    }
    assert_true(fabs(mean - 0.5) < 5 * 0.2887 / sqrt(N));
    assert_true(fabs(square - 1.0 / 3) < 5 * 0.2981 / sqrt(N));
    assert_true(fabs(normal) < 5 / sqrt(N));
    assert_true(fabs(normal2 - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(lag) < 5.0 / 12 / sqrt(N));
    for (int i = 0; i < 7; i++) assert_true(fabs((double)below[i] / N - 1.0 / 7) < 5 * 0.35 / sqrt(N));
}

static void test_sizes(void **state)
{
    (void)state;
    size_t bytes;
    assert_true(zsc_bytes_parse("4G", &bytes) && bytes == 4000000000u);
    assert_true(zsc_bytes_parse("4GiB", &bytes) && bytes == 4ull << 30);
    assert_true(zsc_bytes_parse("300 MB", &bytes) && bytes == 300000000u);
    assert_true(zsc_bytes_parse("1.5k", &bytes) && bytes == 1500);
    assert_true(zsc_bytes_parse("17", &bytes) && bytes == 17);
    assert_false(zsc_bytes_parse("", &bytes));
    assert_false(zsc_bytes_parse("-1G", &bytes));
    assert_false(zsc_bytes_parse("4X", &bytes));
    assert_false(zsc_bytes_parse("4GBs", &bytes));
    assert_false(zsc_bytes_parse("1e40", &bytes));
    char text[ZSC_BYTES_TEXT];
    assert_string_equal(zsc_bytes_text(0, text), "0 B");
    assert_string_equal(zsc_bytes_text(1.5e9, text), "1.5 GB");
    assert_string_equal(zsc_bytes_text(999.6e6, text), "1.0 GB");
    assert_string_equal(zsc_bytes_text(123e6, text), "123 MB");
    assert_null(zsc_malloc(SIZE_MAX / 4, 8, "a test"));
    assert_non_null(strstr(zsc_error_message(), "out of memory"));
    zsc_exec exec = {.memory_limit = 1000};
    assert_int_equal(zsc_memory_check(&exec, 1000, "a test"), ZSC_OK);
    assert_int_equal(zsc_memory_check(&exec, 1001, "a test"), ZSC_EUSAGE);
    assert_int_equal(zsc_memory_check(NULL, SIZE_MAX / 2, "a test"), ZSC_EUSAGE);
    assert_true(zsc_memory_peak() > 100000);
}

static void test_text(void **state)
{
    (void)state;
    zsc_list list = {0};
    assert_int_equal(zsc_list_split(&list, "a,b,,long name,", ","), ZSC_OK);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.item[2], "long name");
    assert_true(zsc_list_has(&list, "b"));
    assert_false(zsc_list_has(&list, "c"));
    zsc_list_free(&list);
    const char *const names[] = {"neighbors", "seed", "min-dist"};
    assert_string_equal(zsc_nearest("neighbours", names, 3), "neighbors");
    assert_string_equal(zsc_nearest("sed", names, 3), "seed");
    assert_null(zsc_nearest("something-else", names, 3));
    zsc_text text = {0};
    for (int i = 0; i < 1000; i++) zsc_text_printf(&text, "%d,", i);
    assert_int_equal(text.length, strlen(text.data));
    assert_memory_equal(text.data + text.length - 8, "998,999,", 8);
    free(text.data);
}

static void test_hash(void **state)
{
    (void)state;
    char a[ZSC_DIGEST_TEXT], b[ZSC_DIGEST_TEXT];
    zsc_hash *hash = zsc_hash_begin();
    assert_non_null(hash);
    zsc_hash_add(hash, "zero", 4);
    zsc_hash_add(hash, "shot", 4);
    zsc_digest_text(zsc_hash_end(hash), a);
    zsc_digest_text(zsc_hash_bytes("zeroshot", 8), b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 32);
}

static void test_choice_text(void **state)
{
    (void)state;
    static const char *const expected[] = {"macro", "micro", "", "",
                                           ""}; /* beyond the end: a default that is no choice */
    char text[16];
    for (int i = 0; i < 5; i++)
        assert_string_equal(zsc_value_choice_text("macro|micro", i, text, sizeof text), expected[i]);
    assert_string_equal(zsc_value_choice_text("", 1, text, sizeof text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice_text), cmocka_unit_test(test_messages), cmocka_unit_test(test_streams),
        cmocka_unit_test(test_sizes),       cmocka_unit_test(test_text),     cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
