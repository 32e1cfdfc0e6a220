/* Packed files that are damaged: no flipped bit, cut or addition gives other bytes with ZSC_OK, in any reader. */
#include "config.h" /* for memmem */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "io/text/csv.h"
#include "io/npy.h"
#include "io/files/source.h"
#include "io/embeddings.h"
#include "../folder.h"
#include "../pack.h"

#define OK(call) assert_int_equal((call), ZSC_OK)
enum { N = 23, D = 3 };
static float numbers[N * D];
static uint8_t npy[1024]; /* the .npy file of numbers */
static size_t npy_size;

static void fails(zsc_status status, const char *words)
{
    assert_int_equal(status, ZSC_EINPUT);
    if (!strstr(zsc_error_message(), words)) fail_msg("expected '%s' in: %s", words, zsc_error_message());
    assert_null(strchr(zsc_error_message(), '\n'));
}

/* Numbers that do not pack, so that much of the file is theirs. */
static int set_up(void **state)
{
    (void)state;
    uint32_t x = 12345;
    for (size_t i = 0; i < N * D; i++) {
        x = x * 1664525 + 1013904223;
        numbers[i] = (float)(x >> 8) / 1000;
    }
    OK(zsc_npy_write_f32(in_folder("x.npy"), numbers, N, D));
    FILE *file = fopen(in_folder("x.npy"), "rb");
    assert_non_null(file);
    npy_size = fread(npy, 1, sizeof npy, file);
    fclose(file);
    return 0;
}

static packed pack_npy(pack_kind kind) { return pack(kind, "embeddings.npy", npy, npy_size); }

static const char *write_packed(pack_kind kind, const packed *p)
{
    unlink(in_folder("v.npz")); /* a file that is written over is flushed by some file systems, which takes long */
    unlink(in_folder("v.npy"));
    return write_file(kind >= PACK_STORED ? "v.npz" : "v.npy", p->data, p->size);
}

/* What the file holds, 23 x 3, as commands read it, or a failure. An .npz is opened as embeddings, an .npy as an array.
 */
static zsc_status read_encoder(const char *path, float out[N * D])
{
    zsc_embeddings *v = NULL;
    float *x = NULL;
    size_t n = 0, d = 0;
    bool archive = zsc_text_ends(path, ".npz");
    zsc_status status = archive ? zsc_embeddings_open(path, NULL, &v) : zsc_npy_read_f32(path, &x, &n, &d);
    if (status != ZSC_OK) return status;
    if (archive) {
        assert_int_equal(v->encoders, 1);
        n = v->encoder[0].n;
        d = v->encoder[0].d;
    }
    if (n == N && d == D && archive) OK(zsc_embeddings_rows(v, &v->encoder[0], 0, N, out));
    if (n == N && d == D && !archive) memcpy(out, x, N * D * sizeof *x);
    if (n != N || d != D) out[0] = -1; /* no number of ours */
    zsc_embeddings_close(v);
    free(x);
    return ZSC_OK;
}

/* What is read is right, or it is a failure; returns whether it was read. */
static bool read_right(pack_kind kind, const packed *p, const char *how, size_t where)
{
    float x[N * D] = {0};
    zsc_status status = read_encoder(write_packed(kind, p), x);
    if (status == ZSC_OK && memcmp(x, numbers, sizeof x) != 0)
        fail_msg("%s, %s %zu: other numbers, and no failure", pack_name[kind], how, where);
    if (status != ZSC_OK) {
        assert_int_equal(status, ZSC_EINPUT);
        assert_true(*zsc_error_message());
        zsc_error_clear();
    }
    return status == ZSC_OK;
}

static void test_whole(void **state)
{
    (void)state;
    for (pack_kind kind = 0; kind < PACK_KINDS; kind++) {
        packed p = pack_npy(kind);
        assert_true(read_right(kind, &p, "whole", 0));
        free(p.data);
    }
}

/* Few bits may change without a failure: times, names of systems and comments, which are no data. */
static void test_flipped_bits(void **state)
{
    (void)state;
    for (pack_kind kind = 0; kind < PACK_KINDS; kind++) {
        packed p = pack_npy(kind);
        size_t read = 0;
        for (size_t bit = 0; bit < 8 * p.size; bit++) {
            p.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            read += read_right(kind, &p, "bit", bit);
            p.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert_true(read < 8 * p.size / 10);
        free(p.data);
    }
}

static void test_cut(void **state)
{
    (void)state;
    for (pack_kind kind = 0; kind < PACK_KINDS; kind++) {
        packed p = pack_npy(kind);
        for (size_t whole = p.size--; p.size > 0; p.size--)
            if (read_right(kind, &p, "cut to", p.size))
                fail_msg("%s: %zu of %zu bytes", pack_name[kind], p.size, whole);
        free(p.data);
    }
}

static packed joined(const packed *a, const void *data, size_t size)
{
    packed p = {malloc(a->size + size), a->size + size};
    assert_non_null(p.data);
    memcpy(p.data, a->data, a->size);
    memcpy(p.data + a->size, data, size);
    return p;
}

static void test_data_behind(void **state)
{
    (void)state;
    static const char *const tails[] = {"x", "PK", "\x1f\x8b", "other data"};
    for (pack_kind kind = 0; kind < PACK_KINDS; kind++) {
        packed p = pack_npy(kind);
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            packed longer = joined(&p, tails[i], strlen(tails[i]));
            assert_false(read_right(kind, &longer, "tail", i));
            free(longer.data);
        }
        packed twice = joined(&p, p.data, p.size);
        bool read = read_right(kind, &twice, "twice",
                               0); /* a directory may count from the file's begin: the same numbers */
        assert_true(!read || kind >= PACK_STORED);
        free(twice.data);
        free(p.data);
    }
    float x[N * D];
    fails(read_encoder(write_file("v.npy", npy, npy_size - 1), x), "is truncated");
    fails(read_encoder(write_file("v.npy", npy, npy_size + 1), x), "goes on after its array");
}

/* Many members are one stream, as gzip and bgzip write them; zeros at the end are a tape's. */
static void test_members_and_padding(void **state)
{
    (void)state;
    static const uint8_t zeros[600];
    float x[N * D];
    packed first = pack_gzip(npy, 200), second = pack_gzip(npy + 200, npy_size - 200);
    packed both = joined(&first, second.data, second.size), padded = joined(&both, zeros, sizeof zeros);
    OK(read_encoder(write_file("v.npy", both.data, both.size), x));
    assert_memory_equal(x, numbers, sizeof x);
    memset(x, 0, sizeof x);
    OK(read_encoder(write_file("v.npy", padded.data, padded.size), x));
    assert_memory_equal(x, numbers, sizeof x);
    padded.data[padded.size - 1] = 7;
    fails(read_encoder(write_file("v.npy", padded.data, padded.size), x), "other data follows the gzip data");
    both.data[both.size - 8] ^= 1; /* the checksum of the second member */
    fails(read_encoder(write_file("v.npy", both.data, both.size), x), "the gzip data is damaged: incorrect data check");
    both.data[both.size - 8] ^= 1;
    both.data[first.size - 8] ^= 1; /* and of the first */
    fails(read_encoder(write_file("v.npy", both.data, both.size), x), "incorrect data check");
    both.data[first.size - 8] ^= 1;
    both.data[both.size - 1] ^= 1; /* the length */
    fails(read_encoder(write_file("v.npy", both.data, both.size), x), "incorrect length check");
    both.size -= 8;
    fails(read_encoder(write_file("v.npy", both.data, both.size), x), "is truncated");
    free(first.data), free(second.data), free(both.data), free(padded.data);
    packed zstd = pack_zstd(npy, 200), rest = pack_zstd(npy + 200, npy_size - 200);
    both = joined(&zstd, rest.data, rest.size);
    OK(read_encoder(write_file("v.npy", both.data, both.size), x));
    assert_memory_equal(x, numbers, sizeof x);
    both.data[zstd.size - 1] ^= 1;
    fails(read_encoder(write_file("v.npy", both.data, both.size), x), "the zstd data is damaged");
    free(zstd.data), free(rest.data), free(both.data);
}

/* The bytes of the header that tells the sizes, in the directory at the end of the archive. */
static uint8_t *directory_of(const packed *p)
{
    for (size_t i = p->size - 4; i > 0; i--)
        if (memcmp(p->data + i, "PK\x01\x02", 4) == 0) return p->data + i;
    fail_msg("no directory");
    return NULL;
}

/* Both headers of a member tell the same wrong size. */
static void test_sizes(void **state)
{
    (void)state;
    float x[N * D];
    enum { LOCAL_SIZE = 22, CENTRAL_SIZE = 24 };
    for (pack_kind kind = PACK_STORED; kind < PACK_KINDS; kind++)
        for (int change = -1; change <= 1; change += 2) {
            packed p = pack_npy(kind);
            directory_of(&p)[CENTRAL_SIZE] = (uint8_t)(directory_of(&p)[CENTRAL_SIZE] + change);
            assert_int_equal(read_encoder(write_packed(kind, &p), x), ZSC_EINPUT); /* one alone */
            p.data[LOCAL_SIZE] = (uint8_t)(p.data[LOCAL_SIZE] + change);
            assert_int_equal(read_encoder(write_packed(kind, &p), x), ZSC_EINPUT);
            free(p.data);
        }
}

/* A member that is not wanted, by a header that is damaged, is no reason to leave it out. */
static void test_other_members(void **state)
{
    (void)state;
    float x[N * D];
    const char *names[] = {"embeddings.npy", "species.npy"};
    uint8_t labels[512] = "\x93NUMPY\x01";
    char dict[] = "{'descr': '|S1', 'fortran_order': False, 'shape': (23,), }";
    labels[8] = sizeof dict - 1;
    memcpy(labels + 10, dict, sizeof dict - 1);
    memset(labels + 10 + sizeof dict - 1, 'a', N);
    const void *data[] = {npy, labels};
    const size_t size[] = {npy_size, 10 + sizeof dict - 1 + N};
    packed p = pack_zip(false, 2, names, data, size);
    zsc_embeddings *v = NULL;
    OK(zsc_embeddings_open(write_file("v.npz", p.data, p.size), NULL, &v));
    assert_true(zsc_list_has(&v->ranks, "species"));
    zsc_embeddings_close(v);
    char *shape = memmem(p.data, p.size, "(23,)", 5);
    assert_non_null(shape);
    shape[3] = '1'; /* 231 x nothing: no list of 23 */
    assert_int_equal(read_encoder(write_file("v.npz", p.data, p.size), x), ZSC_EINPUT);
    shape[3] = ',', shape[2] = ')', shape[1] = ' '; /* no dimension at all */
    fails(read_encoder(write_file("v.npz", p.data, p.size), x), "species.npy");
    free(p.data);
}

/* Two members of one name: which is meant? */
static void test_one_name(void **state)
{
    (void)state;
    float x[N * D];
    const char *names[] = {"embeddings.npy", "embedding_.npy"};
    const void *data[] = {npy, npy};
    const size_t size[] = {npy_size, npy_size};
    packed p = pack_zip(false, 2, names, data, size);
    for (char *name; (name = memmem(p.data, p.size, names[1], strlen(names[1])));) name[9] = 's';
    fails(read_encoder(write_file("v.npz", p.data, p.size), x), "two members of one name");
    free(p.data);
}

static zsc_status count_rows(void *data, const zsc_csv_row *row)
{
    (void)row;
    ++*(size_t *)data;
    return ZSC_OK;
}

/* The same of text, where the end is found and not announced. */
static void test_text(void **state)
{
    (void)state;
    static const char *const name[] = {"id", NULL};
    const zsc_csv_column column = {name, true};
    char text[4096] = "id,x\n";
    size_t used = strlen(text);
    for (int i = 0; i < 100; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "a%d,%d\n", i, i * i * 7919);
    for (pack_kind kind = PACK_GZIP; kind <= PACK_ZSTD; kind++) {
        packed p = pack(kind, NULL, text, used);
        size_t rows = 0, end = kind == PACK_GZIP ? 8 : 4;
        OK(zsc_csv_read(write_file("t.csv", p.data, p.size), NULL, &column, 1, NULL, count_rows, &rows));
        assert_int_equal(rows, 100);
        for (size_t bit = 8 * (p.size - end); bit < 8 * p.size; bit++) {
            p.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            fails(zsc_csv_read(write_file("t.csv", p.data, p.size), NULL, &column, 1, NULL, count_rows, &rows),
                  "is damaged");
            p.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (size_t cut = 1; cut <= end; cut++)
            fails(zsc_csv_read(write_file("t.csv", p.data, p.size - cut), NULL, &column, 1, NULL, count_rows, &rows),
                  "is truncated");
        packed longer = joined(&p, "a100,1\n", 7);
        fails(zsc_csv_read(write_file("t.csv", longer.data, longer.size), NULL, &column, 1, NULL, count_rows, &rows),
              "other data follows");
        free(longer.data);
        free(p.data);
    }
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
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_data_behind),
        cmocka_unit_test(test_members_and_padding),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_other_members),
        cmocka_unit_test(test_one_name),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
