/* The k-mer encoder against counting word by word, and a file written in blocks against one barcode at a time. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "io/h5/h5.h"
#include "zsc/kmer.h"

/* Plain: for every window, every letter is looked up anew. */
static bool plain_kmer(const char *barcode, size_t length, size_t k, float *out)
{
    static const char letters[4] = {'A', 'C', 'G', 'T'};
    size_t words = (size_t)1 << (2 * k), *count = calloc(words, sizeof *count);
    double squares = 0;
    for (size_t i = 0; i + k <= length; i++) {
        size_t word = 0;
        bool valid = true;
        for (size_t j = 0; j < k; j++) {
            const char *place = memchr(letters, toupper((unsigned char)barcode[i + j]), sizeof letters);
            if (place)
                word = 4 * word + (size_t)(place - letters);
            else
                valid = false;
        }
        if (valid) count[word]++;
    }
    for (size_t w = 0; w < words; w++) squares += (double)count[w] * (double)count[w];
    for (size_t w = 0; w < words; w++) out[w] = squares > 0 ? (float)((double)count[w] / sqrt(squares)) : 0;
    free(count);
    return squares > 0;
}

static void check(const char *barcode, size_t length, size_t k)
{
    size_t words = (size_t)1 << (2 * k);
    float *fast = malloc(words * sizeof *fast), *plain = malloc(words * sizeof *plain);
    bool a = zsc_kmer_embed(barcode, length, k, fast), b = plain_kmer(barcode, length, k, plain);
    if (a != b || memcmp(fast, plain, words * sizeof *fast) != 0)
        fail_msg("k = %zu, %zu letters: %.60s", k, length, barcode);
    free(fast);
    free(plain);
}

static void test_random(void **state)
{
    (void)state;
    static const char alphabet[] = "ACGTACGTACGTACGTACGTACGTNacR-";
    char barcode[800];
    for (uint64_t i = 0; i < 400; i++) {
        zsc_stream stream = zsc_stream_open(1, ZSC_RANDOM_TEST, i);
        size_t length = zsc_stream_below(&stream, sizeof barcode),
               letters = 2 + zsc_stream_below(&stream, sizeof alphabet - 2);
        for (size_t j = 0; j < length; j++) barcode[j] = alphabet[zsc_stream_below(&stream, letters)];
        check(barcode, length, 2 + i % 7);
    }
}

static void test_awkward(void **state)
{
    (void)state;
    for (size_t k = 2; k <= 8; k++) {
        check("", 0, k);
        check("A", 1, k);
        check("ACGTACGT", k - 1, k);
        check("ACGTACGT", k, k);
        check("NNNNNNNNNNNN", 12, k);
        check("acgtacgtacgt", 12, k);
        check("TTTTTTTTTTTTTTTTTTTT", 20, k);
    }
    /* a count so large that its share rounds to 1 beside a word that occurs once */
    enum { LONG = 60000 };
    char *barcode = malloc(LONG);
    memset(barcode, 'A', LONG);
    barcode[LONG - 1] = 'C';
    check(barcode, LONG, 3);
    free(barcode);
}

static void test_known(void **state)
{
    (void)state;
    float out[16];
    assert_true(zsc_kmer_embed("AACAA", 5, 2, out)); /* AA twice, AC, CA */
    assert_true(out[0] == (float)(2 / sqrt(6.0)));
    assert_true(out[1] == (float)(1 / sqrt(6.0)));
    assert_true(out[4] == (float)(1 / sqrt(6.0)));
    assert_true(out[15] == 0);
}

static void folder_name(char *buffer, size_t size, const char *file)
{
    const char *folder = getenv("TMPDIR");
    snprintf(buffer, size, "%s/zsc-kmer-%ld-%s", folder && *folder ? folder : "/tmp", (long)getpid(), file);
}

static zsc_status embed(const char *csv, const char *split, const size_t *ks, size_t k_count, const char *h5,
                        zsc_embed_summary *summary)
{
    const zsc_embed_options options = {.metadata = csv, .split = split, .k = ks, .k_count = k_count};
    return zsc_embed_kmer(&options, h5, NULL, summary);
}

/* More rows than a block of k = 8 holds. */
static void test_file(void **state)
{
    (void)state;
    enum { ROWS = 300, K = 8 };
    char csv[512], h5[512];
    folder_name(csv, sizeof csv, "in.csv");
    folder_name(h5, sizeof h5, "out.h5");
    char(*barcode)[101] = calloc(ROWS, sizeof *barcode);
    FILE *file = fopen(csv, "w");
    assert_non_null(file);
    fputs("split,dna_barcode,species,processid\n", file);
    for (size_t i = 0; i < ROWS; i++) {
        zsc_stream stream = zsc_stream_open(2, ZSC_RANDOM_TEST, i);
        size_t length = i == 5 ? 0 : 5 + zsc_stream_below(&stream, 95);
        for (size_t j = 0; j < length; j++) barcode[i][j] = "ACGTN"[zsc_stream_below(&stream, 41) / 10];
        fprintf(file, "%s,%s,\"Genus, %zu\",P%zu\r\n", i % 3 ? "test" : "train", barcode[i], i, i);
    }
    fclose(file);

    const size_t ks[] = {K, 3};
    zsc_embed_summary summary;
    assert_int_equal(embed(csv, NULL, ks, 2, h5, &summary), ZSC_OK);
    assert_int_equal(summary.rows, ROWS);
    assert_int_equal(summary.without_barcode, 1);
    zsc_h5 *in = NULL;
    assert_int_equal(zsc_h5_open(h5, &in), ZSC_OK);
    size_t words = (size_t)1 << (2 * K), count;
    float *row = malloc(words * sizeof *row), *plain = malloc(words * sizeof *plain);
    char **species = NULL;
    assert_int_equal(zsc_h5_read_all_strings(in, "/labels/species", &species, &count), ZSC_OK);
    assert_int_equal(count, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "Genus, %zu", i);
        assert_string_equal(species[i], expected);
        assert_int_equal(zsc_h5_read_rows(in, "/embeddings/kmer8", ZSC_H5_F32, i, 1, words, row), ZSC_OK);
        plain_kmer(barcode[i], strlen(barcode[i]), K, plain);
        assert_memory_equal(row, plain, words * sizeof *row);
        assert_int_equal(zsc_h5_read_rows(in, "/embeddings/kmer3", ZSC_H5_F32, i, 1, 64, row), ZSC_OK);
        plain_kmer(barcode[i], strlen(barcode[i]), 3, plain);
        assert_memory_equal(row, plain, 64 * sizeof *row);
    }
    free(species);
    zsc_h5_close(in);

    assert_int_equal(embed(csv, "train", ks + 1, 1, h5, &summary), ZSC_OK);
    assert_int_equal(summary.rows, ROWS / 3);
    assert_int_equal(summary.other_split, ROWS - ROWS / 3);
    assert_int_equal(embed(csv, "nowhere", ks + 1, 1, h5, NULL), ZSC_EINPUT);
    assert_non_null(strstr(zsc_error_message(), "'test'"));
    static const size_t bad[] = {1, 9, 3, 3};
    assert_int_equal(embed(csv, NULL, bad, 1, h5, NULL), ZSC_EUSAGE);
    assert_int_equal(embed(csv, NULL, bad + 1, 1, h5, NULL), ZSC_EUSAGE);
    assert_int_equal(embed(csv, NULL, bad + 2, 2, h5, NULL), ZSC_EUSAGE);
    free(row);
    free(plain);
    free(barcode);
    unlink(csv);
    unlink(h5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_awkward),
                                       cmocka_unit_test(test_known), cmocka_unit_test(test_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
