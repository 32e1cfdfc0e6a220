/* Datasets of the wrong rank, size or type in every place of every layout, and parts of one embedding that disagree:
 * what is read is right or refused with a sentence, and nothing is written beyond what was asked for. And zsc info on
 * links that lead round in a circle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/memory.h"
#include "inspect/info.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "io/embeddings.h"
#include "../folder.h"
#include "../h5_files.h"

#define OK(call) assert_int_equal((call), ZSC_OK)
enum { N = 4, MOST = 4096 };
static const float guard = -12345;

static void fails(zsc_status status, const char *words)
{
    assert_int_equal(status, ZSC_EINPUT);
    if (!strstr(zsc_error_message(), words)) fail_msg("expected '%s' in: %s", words, zsc_error_message());
    assert_null(strchr(zsc_error_message(), '\n'));
}

static hid_t make(const char *name, unsigned layout, size_t n)
{
    const char *path = in_folder(name);
    unlink(path); /* a file that is written over is flushed by some file systems, which takes long */
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    if (layout < H5_LAYOUTS) h5_begin_layout(file, layout, n);
    return file;
}

/* --- Reading everything, with a guard behind what was asked for */
static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *e, size_t first, size_t count)
{
    size_t size = count * e->d;
    float *x = malloc((size + 64) * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < size + 64; i++) x[i] = guard;
    zsc_status status = zsc_embeddings_rows(v, e, first, count, x);
    for (size_t i = size; i < size + 64; i++)
        if (x[i] != guard) fail_msg("%s: written beyond %zu x %zu", e->name, count, e->d);
    for (size_t i = 0; status == ZSC_OK && i < size; i++)
        if (x[i] == guard) fail_msg("%s: not all of %zu x %zu is there", e->name, count, e->d);
    free(x);
    return status;
}

static zsc_status read_texts(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    ZSC_TRY(zsc_embeddings_ids(v, &text));
    for (size_t i = 0; i < v->n; i++) assert_true(strlen(text[i]) < 30);
    for (size_t c = 0; c < v->text.count; c++) {
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(v, v->text.item[c], 0, v->n, &text));
        for (size_t i = 0; i < v->n; i++) assert_true(strlen(text[i]) < 30);
    }
done:
    free(text);
    return status;
}

/* The first failure; each has a sentence. */
static zsc_status read_all(const char *path, bool pointed)
{
    zsc_embeddings *v = NULL;
    zsc_status status = zsc_embeddings_open(path, pointed ? &h5_file_paths : NULL, &v), other;
    if (status == ZSC_OK) status = read_texts(v);
    for (size_t e = 0; v && e < v->encoders; e++) {
        if (v->encoder[e].d > MOST || v->n > MOST) continue;
        if ((other = read_rows(v, &v->encoder[e], 0, v->n)) != ZSC_OK) status = other;
        if (v->n > 1 && (other = read_rows(v, &v->encoder[e], 1, v->n - 1)) != ZSC_OK) status = other;
        const zsc_encoder *found = NULL;
        if (zsc_embeddings_encoder(v, v->encoder[e].name, &found) == ZSC_OK) assert_int_equal(found->n, v->n);
    }
    zsc_embeddings_close(v);
    if (status != ZSC_OK) {
        assert_int_equal(status, ZSC_EINPUT);
        assert_true(*zsc_error_message());
    }
    return status;
}

/* --- Wrong in one place */
static const char *const places[H5_LAYOUTS][8] = {
    [H5_NATIVE] = {"/id", "/embeddings/a", "/embeddings/b", "/labels/species", "/split"},
    [H5_ANNDATA] = {"/obs/_index", "/X", "/obsm/X_umap", "/obs/species/codes", "/obs/species/categories", "/obs/genus",
                    "/obs/__categories/genus"},
    [H5_CLIBD] = {"/processid", "/encoded_dna_feature", "/species_list"},
    [H5_POINTED] = {"/features", "/test/id", "/test/dna_bin", "/a/labels"},
    [H5_SAMPLES] = {"/s1", "/s2", "/s3"},
};
static const struct {
    int rank;
    hsize_t shape[4];
} shapes[] = {{0, {0}},    {1, {0}},    {1, {2}},       {1, {N}},       {1, {N - 1}},     {1, {N + 3}},
              {2, {N, 1}}, {2, {N, 2}}, {2, {N, 7}},    {2, {1, 2}},    {2, {N - 1, 2}},  {2, {N + 3, 2}},
              {2, {0, 2}}, {2, {N, 0}}, {3, {N, 2, 9}}, {3, {N, 1, 1}}, {4, {N, 3, 3, 3}}};
enum { FLOATS, WHOLE, LONG, TEXTS, VARIABLE, GROUP, TYPES };

static void put_wrong(hid_t file, const char *object, int type, int rank, const hsize_t *shape)
{
    static const double zeros[256];
    static const char *const text[256] = {"a", "b", "c", "d"};
    const char *words[256];
    for (size_t i = 0; i < 256; i++) words[i] = text[i] ? text[i] : "z";
    if (type == FLOATS) h5_put(file, object, H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, rank, shape, zeros);
    if (type == WHOLE) h5_put(file, object, H5T_STD_I32LE, H5T_NATIVE_DOUBLE, rank, shape, zeros);
    if (type == LONG) h5_put(file, object, H5T_STD_I64LE, H5T_NATIVE_DOUBLE, rank, shape, zeros);
    if (type == TEXTS || type == VARIABLE) h5_put_strings(file, object, rank, shape, words, type == VARIABLE);
    if (type != GROUP) return;
    h5_take_away(file, object);
    h5_drop(H5Gcreate2(file, object, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void test_wrong_in_one_place(void **state)
{
    (void)state;
    for (unsigned layout = 0; layout < H5_LAYOUTS; layout++) {
        size_t refused = 0, taken = 0;
        for (size_t p = 0; p < 8 && places[layout][p]; p++)
            for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
                for (int type = 0; type < TYPES; type++) {
                    hid_t file = make("v.h5", layout, N);
                    put_wrong(file, places[layout][p], type, shapes[s].rank, shapes[s].shape);
                    H5Fclose(file);
                    if (read_all(in_folder("v.h5"), layout == H5_POINTED) == ZSC_OK)
                        taken++;
                    else
                        refused++;
                }
        /* The right shape is among them. A sample that is none is left out: the others make a file. */
        assert_true(taken > 0 && (refused > 0 || layout == H5_SAMPLES));
        hid_t file = make("v.h5", layout, N);
        H5Fclose(file);
        OK(read_all(in_folder("v.h5"), layout == H5_POINTED));
    }
}

/* The fault of the attack: two-dimensional categories. And what is right of one dimension. */
static void test_categories(void **state)
{
    (void)state;
    static const int64_t names[6] = {7, 8, 9, 10, 11, 12};
    char **text = NULL;
    zsc_embeddings *v = NULL;
    for (int pass = 0; pass < 2; pass++) { /* in a group; in the old way */
        const char *object = pass ? "/obs/__categories/genus" : "/obs/species/categories",
                   *column = pass ? "genus" : "species";
        hid_t file = make("v.h5ad", H5_ANNDATA, N);
        h5_put(file, object, H5T_STD_I64LE, H5T_NATIVE_INT64, 2, (const hsize_t[]){3, 2}, names);
        H5Fclose(file);
        OK(zsc_embeddings_open(in_folder("v.h5ad"), NULL, &v));
        const char *why = zsc_embeddings_why_skipped(v, column);
        if (zsc_embeddings_has_text(v, column)) /* the old way is looked at when it is read */
            fails(zsc_embeddings_text(v, column, 0, N, &text), "has 2 dimensions, expected one");
        else if (!why || !strstr(why, "has 2 dimensions, expected one"))
            fail_msg("%s: %s", column, why ? why : "no reason");
        zsc_embeddings_close(v);
        file = make("v.h5ad", H5_ANNDATA, N);
        h5_put(file, object, H5T_STD_I64LE, H5T_NATIVE_INT64, 1, (const hsize_t[]){3}, names);
        H5Fclose(file);
        OK(zsc_embeddings_open(in_folder("v.h5ad"), NULL, &v));
        OK(zsc_embeddings_text(v, column, 0, N, &text)); /* codes 0, 1, -1, 1 */
        assert_string_equal(text[0], "7");
        assert_string_equal(text[1], "8");
        assert_string_equal(text[2], "");
        assert_string_equal(text[3], "8");
        free(text);
        zsc_embeddings_close(v);
    }
}

/* --- Parts */
static const char *two_parts(void)
{
    static char joined[1100];
    snprintf(joined, sizeof joined, "%s+%s", in_folder("p1.h5"), in_folder("p2.h5"));
    return joined;
}

static void write_parts(unsigned layout, const char *object, size_t rows_of_second)
{
    H5Fclose(make("p1.h5", layout, N));
    hid_t file = make("p2.h5", layout, N);
    if (object) h5_put_matrix(file, object, rows_of_second);
    H5Fclose(file);
}

static void test_parts_that_disagree(void **state)
{
    (void)state;
    static const struct {
        unsigned layout;
        const char *object, *encoder;
    } cases[] = {{H5_NATIVE, "/embeddings/a", "a"}, {H5_ANNDATA, "/X", "X"}, {H5_CLIBD, "/encoded_dna_feature", "dna"}};
    for (size_t c = 0; c < 3; c++)
        for (size_t rows = 1; rows < 2 * N; rows++) {
            zsc_embeddings *v = NULL;
            const zsc_encoder *e = NULL;
            float x[2 * N][H5_COLUMNS];
            write_parts(cases[c].layout, cases[c].object, rows);
            OK(zsc_embeddings_open(two_parts(), NULL, &v));
            assert_int_equal(v->n, 2 * N);
            zsc_status status = zsc_embeddings_encoder(v, cases[c].encoder, &e);
            if (rows == N) {
                OK(status);
                OK(zsc_embeddings_rows(v, e, 0, 2 * N, x[0]));
                for (size_t i = 0; i < 2 * N; i++)
                    for (size_t j = 0; j < H5_COLUMNS; j++) assert_true(x[i][j] == (float)(2 * (i % N) + 1 + j));
            } else {
                char words[64];
                snprintf(words, sizeof words, "has %zu rows, and there are %d ids", rows, N);
                fails(status, words);
                assert_non_null(strstr(zsc_error_message(), "p2.h5"));
            }
            zsc_embeddings_close(v);
            if (rows != N) assert_int_equal(read_all(two_parts(), false), rows < N ? ZSC_EINPUT : ZSC_OK);
        }
}

/* Rows more in one part are not made up by rows fewer in another. */
static void test_sums_that_agree(void **state)
{
    (void)state;
    zsc_embeddings *v = NULL;
    const zsc_encoder *e = NULL;
    hid_t file = make("p1.h5", H5_NATIVE, N);
    h5_put_matrix(file, "/embeddings/a", N + 1);
    H5Fclose(file);
    file = make("p2.h5", H5_NATIVE, N);
    h5_put_matrix(file, "/embeddings/a", N - 1);
    H5Fclose(file);
    OK(zsc_embeddings_open(two_parts(), NULL, &v));
    fails(zsc_embeddings_encoder(v, "a", &e), "has 5 rows, and there are 4 ids");
    OK(zsc_embeddings_encoder(v, "b", &e));
    zsc_embeddings_close(v);
    assert_int_equal(read_all(two_parts(), false), ZSC_EINPUT);
    zsc_info info = {0};
    OK(zsc_info_read(two_parts(), &(zsc_file_layout){0}, &(zsc_columns){0}, NULL, &(zsc_list){0}, NULL,
                     &(zsc_exec){.threads = 1}, &info));
    assert_non_null(strstr(info.problem.item[0], "p1.h5': encoder a has 5 rows, and there are 4 ids"));
    zsc_info_free(&info);
}

/* A part with one encoder, and one in which it is among others, by its name and not by its place. */
static void test_parts_of_other_encoders(void **state)
{
    (void)state;
    zsc_embeddings *v = NULL;
    const zsc_encoder *e = NULL;
    float x[2 * N][H5_COLUMNS];
    hid_t file = make("p1.h5", H5_NATIVE, N);
    h5_take_away(file, "/embeddings/a");
    H5Fclose(file);
    file = make("p2.h5", H5_NATIVE, N);
    h5_put(file, "/embeddings/a", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 2, (const hsize_t[]){N, H5_COLUMNS}, x);
    H5Fclose(file);
    OK(zsc_embeddings_open(two_parts(), NULL, &v));
    assert_int_equal(v->encoders, 1);
    OK(zsc_embeddings_encoder(v, "b", &e));
    OK(zsc_embeddings_rows(v, e, 0, 2 * N, x[0]));
    for (size_t i = 0; i < 2 * N; i++) assert_true(x[i][0] == (float)(2 * (i % N) + 1));
    zsc_embeddings_close(v);
}

static void test_ranges(void **state)
{
    (void)state;
    zsc_embeddings *v = NULL;
    float x[N * H5_COLUMNS];
    char **text = NULL;
    H5Fclose(make("v.h5", H5_NATIVE, N));
    OK(zsc_npy_write_f32(in_folder("v.npy"), (const float[N * H5_COLUMNS]){0}, N, H5_COLUMNS));
    for (int pass = 0; pass < 2; pass++) {
        OK(zsc_embeddings_open(in_folder(pass ? "v.npy" : "v.h5"), NULL, &v));
        OK(zsc_embeddings_rows(v, v->encoder, 3, 1, x));
        fails(zsc_embeddings_rows(v, v->encoder, 3, 2, x), "has 4 rows, expected 5");
        fails(zsc_embeddings_rows(v, v->encoder, 5, 0, x), "has 4 rows");
        fails(zsc_embeddings_rows(v, v->encoder, SIZE_MAX, 2, x), "has 4 rows");
        if (!pass) fails(zsc_embeddings_text(v, "species", 1, N, &text), "has 4 rows, expected 5");
        zsc_embeddings_close(v);
    }
}

/* --- Links */
static void read_info(const char *name, zsc_info *out)
{
    OK(zsc_info_read(in_folder(name), &(zsc_file_layout){0}, &(zsc_columns){0}, NULL, &(zsc_list){0}, NULL,
                     &(zsc_exec){.threads = 1}, out));
}

static const char *type_of(const zsc_info *info, const char *path)
{
    for (size_t i = 0; i < info->contents.objects; i++)
        if (strcmp(info->contents.object[i].path, path) == 0) return info->contents.object[i].type;
    return "";
}

/* Eight links of each group to each group: by names, more objects than there are atoms. */
static void test_groups_in_circles(void **state)
{
    (void)state;
    enum { GROUPS = 8 };
    for (int soft = 0; soft < 2; soft++) {
        char group[32], link[64];
        zsc_info info = {0};
        hid_t file = make("g.h5", H5_LAYOUTS, 0);
        for (int i = 0; i < GROUPS; i++) {
            snprintf(group, sizeof group, "/g%d", i);
            h5_drop(H5Gcreate2(file, group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        }
        h5_put_codes(file, "/g3/x", 2);
        for (int i = 0; i < GROUPS; i++)
            for (int k = 0; k < GROUPS; k++) {
                snprintf(group, sizeof group, "/g%d", k);
                snprintf(link, sizeof link, "/g%d/to%d", i, k);
                if (soft)
                    H5Lcreate_soft(group, file, link, H5P_DEFAULT, H5P_DEFAULT);
                else
                    H5Lcreate_hard(file, group, file, link, H5P_DEFAULT, H5P_DEFAULT);
            }
        H5Lcreate_hard(file, "/", file, "/self", H5P_DEFAULT, H5P_DEFAULT);
        H5Fclose(file);
        read_info("g.h5", &info);
        assert_int_equal(info.contents.unreadable, 0);
        size_t found = 0;
        for (size_t i = 0; i < info.contents.objects; i++) {
            size_t length = strlen(info.contents.object[i].path);
            found += strcmp(info.contents.object[i].type, "int32") == 0 &&
                     strcmp(info.contents.object[i].path + length - 2, "/x") == 0;
        }
        assert_int_equal(found, 1);
        assert_string_equal(type_of(&info, "/self"), "group, linked again");
        assert_true(info.contents.objects < 400);
        zsc_info_free(&info);
    }
}

static void test_links_that_lead_nowhere(void **state)
{
    (void)state;
    zsc_info info = {0};
    char fifo[600];
    snprintf(fifo, sizeof fifo, "%s", in_folder("fifo"));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    hid_t file = make("other.h5", H5_LAYOUTS, 0);
    h5_put_codes(file, "/there/x", 3);
    H5Lcreate_external("l.h5", "/", file, "/back", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    file = make("l.h5", H5_LAYOUTS, 0);
    h5_put_codes(file, "/x", 2);
    H5Lcreate_soft("/nowhere", file, "/dangling", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/round", file, "/round", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("missing.h5", "/", file, "/missing", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/there", file, "/group", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/there/x", file, "/list", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/back/group/x", file, "/back", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("fifo", "/", file, "/fifo", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external(fifo, "/", file, "/fifo2", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/fifo/x", file, "/fifo3", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("/dev/zero", "/", file, "/device", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    read_info("l.h5", &info);
    assert_string_equal(type_of(&info, "/x"), "int32");
    assert_string_equal(type_of(&info, "/list"), "int32");
    assert_string_equal(type_of(&info, "/back"), "int32");
    assert_string_equal(type_of(&info, "/group"), "group of another file");
    assert_int_equal(info.contents.objects, 4);
    assert_int_equal(info.contents.unreadable, 7);
    zsc_info_free(&info);
    unlink(fifo);
}

/* What is not listed is said. */
static void test_limits_of_the_list(void **state)
{
    (void)state;
    zsc_info info = {0};
    char name[32];
    hid_t file = make("many.h5", H5_LAYOUTS, 0);
    for (int i = 0; i < 1001; i++) {
        snprintf(name, sizeof name, "/d%04d", i);
        h5_put_codes(file, name, 1);
    }
    H5Fclose(file);
    read_info("many.h5", &info);
    assert_int_equal(info.contents.objects, 1000);
    assert_int_equal(info.problem.count, 1);
    assert_non_null(strstr(info.problem.item[0], "at most 1000 objects"));
    zsc_info_free(&info);
    file = make("deep.h5", H5_LAYOUTS, 0);
    h5_put_codes(file, "/1/2/3/4/5/6/7/8/9/x", 1);
    H5Fclose(file);
    read_info("deep.h5", &info);
    assert_int_equal(info.contents.objects, 1);
    assert_string_equal(type_of(&info, "/1/2/3/4/5/6/7/8/9"), "group, not entered");
    assert_int_equal(info.problem.count, 1);
    zsc_info_free(&info);
}

static void test_empty_names(void **state)
{
    (void)state;
    zsc_h5 *file = NULL;
    H5Fclose(make("v.h5", H5_NATIVE, N));
    OK(zsc_h5_open(in_folder("v.h5"), &file));
    assert_false(zsc_h5_has(file, ""));
    zsc_h5_close(file);
}

static int set_up(void **state)
{
    (void)state;
    zsc_h5 *file = NULL;
    assert_int_equal(zsc_h5_open(write_file("none", "no HDF5", 7), &file),
                     ZSC_EINPUT); /* HDF5's own messages are off */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_in_one_place),      cmocka_unit_test(test_categories),
        cmocka_unit_test(test_parts_that_disagree),     cmocka_unit_test(test_sums_that_agree),
        cmocka_unit_test(test_parts_of_other_encoders), cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_groups_in_circles),       cmocka_unit_test(test_links_that_lead_nowhere),
        cmocka_unit_test(test_limits_of_the_list),      cmocka_unit_test(test_empty_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
