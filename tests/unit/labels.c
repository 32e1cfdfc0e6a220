/* Labels from files: ids that stand beside them are used or refused, never passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/h5/h5.h"
#include "io/labels.h"
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
    zsc_status status = zsc_labels_read(source, out);
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
}

static void too_few(zsc_h5 *file) { OK(zsc_h5_write_strings(file, "/id", words, 2)); }
static void table(zsc_h5 *file)
{
    OK(zsc_h5_write(file, "/id", ZSC_H5_I32, 2, (size_t[]){3, 2}, (int32_t[]){1, 2, 3, 4, 5, 6}));
}
static void reals(zsc_h5 *file) { OK(zsc_h5_write(file, "/id", ZSC_H5_F64, 1, &(size_t){3}, (double[]){1, 2, 3})); }
static void group(zsc_h5 *file) { OK(zsc_h5_write_strings(file, "/id/names", words, 3)); }

static void test_ids_are_refused(void **state)
{
    (void)state;
    static const struct {
        void (*ids)(zsc_h5 *file);
        const char *says;
    } faults[] = {{too_few, "/id has 2 rows, and there are 3 labels"},
                  {table, "/id is an array of another rank"},
                  {reals, "/id is float64"},
                  {group, "/id is a group"}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        zsc_labels labels = {0};
        assert_int_equal(read_beside(faults[i].ids, &labels), ZSC_EINPUT);
        if (!strstr(zsc_error_message(), faults[i].says)) fail_msg("%s", zsc_error_message());
        assert_null(labels.code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids_are_used),
        cmocka_unit_test(test_ids_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed;
}
