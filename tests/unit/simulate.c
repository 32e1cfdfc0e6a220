/* The simulator: counts asked for, one expectation for all thread counts, biology that holds by construction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "simulate/barcodes.h"
#include "simulate/encoders.h"
#include "simulate/specimens.h"
#include "simulate/streams.h"
#include "zsc/dataset.h"
#include "io/h5/h5.h"

static void name_of(char *buffer, size_t size, const char *file)
{
    const char *folder = getenv("TMPDIR");
    snprintf(buffer, size, "%s/zsc-simulate-%ld-%s", folder && *folder ? folder : "/tmp", (long)getpid(), file);
}

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*length + 1);
    assert_int_equal(fread(data, 1, *length, file), *length);
    fclose(file);
    return data;
}

static zsc_simulate_options small(void)
{
    zsc_simulate_options o = zsc_simulate_defaults();
    o.rows = 1500;
    o.seed = 7;
    o.dna_dim = 9;
    o.image_dim = 10;
    assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
    return o;
}

static void test_threads(void **state)
{
    (void)state;
    zsc_simulate_options o = small();
    char h5[2][512], csv[2][512];
    char *data[2][2];
    size_t length[2][2];
    for (int i = 0; i < 2; i++) {
        zsc_exec exec = {.threads = i ? 4 : 1};
        name_of(h5[i], sizeof h5[i], i ? "4.h5" : "1.h5");
        name_of(csv[i], sizeof csv[i], i ? "4.csv" : "1.csv");
        assert_int_equal(zsc_simulate(&o, h5[i], csv[i], &exec), ZSC_OK);
        data[i][0] = read_whole(h5[i], &length[i][0]);
        data[i][1] = read_whole(csv[i], &length[i][1]);
    }
    for (int f = 0; f < 2; f++) {
        assert_int_equal(length[0][f], length[1][f]);
        assert_memory_equal(data[0][f], data[1][f], length[0][f]);
    }
    o.seed = 8;
    size_t other_length;
    assert_int_equal(zsc_simulate(&o, h5[0], csv[0], NULL), ZSC_OK);
    char *other = read_whole(csv[0], &other_length);
    assert_true(other_length != length[1][1] || memcmp(other, data[1][1], other_length) != 0);
    free(other);
    for (int i = 0; i < 2; i++) {
        free(data[i][0]);
        free(data[i][1]);
        unlink(h5[i]);
        unlink(csv[i]);
    }
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static size_t distinct(char **text, size_t n, bool count_empty)
{
    char **sorted = malloc(n * sizeof *sorted);
    memcpy(sorted, text, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_text);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0) && (count_empty || *sorted[i])) count++;
    free(sorted);
    return count;
}

static void test_file(void **state)
{
    (void)state;
    zsc_simulate_options o = small();
    o.missing_species = 0;
    char path[512];
    name_of(path, sizeof path, "f.h5");
    assert_int_equal(zsc_simulate(&o, path, NULL, NULL), ZSC_OK);
    zsc_h5 *file = NULL;
    assert_int_equal(zsc_h5_open(path, &file), ZSC_OK);
    int64_t simulated = 0;
    assert_int_equal(zsc_h5_get_int(file, "/", "simulated", 0, &simulated), ZSC_OK);
    assert_int_equal(simulated, 1);
    char **text = NULL;
    size_t n;
    /* every taxon asked for is there; subfamilies may be unnamed, species split or shared between BINs */
    for (size_t r = 0; r < ZSC_SIM_RANKS; r++) {
        char object[64];
        snprintf(object, sizeof object, "/labels/%s", zsc_rank_names[r]);
        assert_int_equal(zsc_h5_read_all_strings(file, object, &text, &n), ZSC_OK);
        assert_int_equal(n, o.rows);
        size_t found = distinct(text, n, false);
        if (r == ZSC_SIM_SUBFAMILY)
            assert_in_range(found, o.taxa[r] / 2, o.taxa[r]);
        else
            assert_int_equal(found, o.taxa[r]);
        free(text);
    }
    assert_int_equal(zsc_h5_read_all_strings(file, "/id", &text, &n), ZSC_OK);
    assert_int_equal(distinct(text, n, true), o.rows);
    free(text);
    /* barcodes repeat as often as asked, when trailing N are dropped */
    assert_int_equal(zsc_h5_read_all_strings(file, "/dna_barcode", &text, &n), ZSC_OK);
    for (size_t i = 0; i < n; i++) {
        char *end = text[i] + strlen(text[i]);
        assert_int_equal(strspn(text[i], "ACGTNMRWSYK"), end - text[i]);
        while (end > text[i] && end[-1] == 'N') *--end = '\0';
    }
    double per_barcode = (double)o.rows / (double)distinct(text, n, false);
    assert_true(per_barcode > 1.9 && per_barcode < 2.4);
    free(text);
    zsc_h5_close(file);
    unlink(path);
}

static size_t differences(const char *a, const char *b, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += a[i] != b[i];
    return count;
}

/* No stop codon; barcodes differ more the further apart their species are. */
static void test_barcodes(void **state)
{
    (void)state;
    zsc_simulate_options o = small();
    zsc_sim_taxonomy t = {0};
    zsc_sim_barcodes b = {0};
    assert_int_equal(zsc_sim_taxonomy_make(&o, &t), ZSC_OK);
    assert_int_equal(zsc_sim_barcodes_make(&o, &t, NULL, &b), ZSC_OK);
    double sum[ZSC_SIM_LEVELS] = {0}, pairs[ZSC_SIM_LEVELS] = {0};
    size_t lineages = t.count[ZSC_SIM_LINEAGE];
    assert_true(lineages > t.count[ZSC_SIM_SPECIES]);
    for (size_t i = 0; i < lineages; i++) {
        const char *one = b.lineage + i * b.length;
        for (size_t c = 1; c + 3 <= b.length; c += 3)
            assert_false(one[c] == 'T' && one[c + 1] == 'A' && (one[c + 2] == 'A' || one[c + 2] == 'G'));
        for (size_t j = 0; j < i; j++) {
            size_t x = i, y = j, level = ZSC_SIM_LINEAGE;
            while (level > 0 && x != y) {
                x = (size_t)t.parent[level][x];
                y = (size_t)t.parent[level][y];
                level--;
            }
            if (x != y || t.bin[i] == t.bin[j]) continue;
            sum[level] += (double)differences(one, b.lineage + j * b.length, b.length);
            pairs[level]++;
        }
    }
    assert_true(pairs[ZSC_SIM_SPECIES] > 0 && pairs[ZSC_SIM_GENUS] > 0 && pairs[ZSC_SIM_FAMILY] > 0 &&
                pairs[ZSC_SIM_CLASS] > 0);
    double within = sum[ZSC_SIM_SPECIES] / pairs[ZSC_SIM_SPECIES], genus = sum[ZSC_SIM_GENUS] / pairs[ZSC_SIM_GENUS];
    double family = sum[ZSC_SIM_FAMILY] / pairs[ZSC_SIM_FAMILY], class = sum[ZSC_SIM_CLASS] / pairs[ZSC_SIM_CLASS];
    assert_true(within < genus && genus < family && family < class);
    assert_true(class / (double)b.length > 0.15 && class / (double)b.length < 0.30); /* real orders of insects: 0.20 */
    assert_true(genus / (double)b.length > 0.04 && genus / (double)b.length < 0.14); /* real species of a genus: 0.09 */
    zsc_sim_barcodes_free(&b);
    zsc_sim_taxonomy_free(&t);
}

static void test_options(void **state)
{
    (void)state;
    zsc_simulate_options o = zsc_simulate_defaults();
    assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
    static const size_t bioscan[] = {6, 27, 360, 600, 1750, 4363};
    for (size_t r = 0; r < ZSC_SIM_RANKS; r++) assert_int_equal(o.taxa[r], bioscan[r]);
    o = zsc_simulate_defaults();
    o.taxa[ZSC_SIM_SPECIES] = 5; /* coarser ranks give way */
    assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
    assert_int_equal(o.taxa[ZSC_SIM_GENUS], 5);
    o.taxa[ZSC_SIM_GENUS] = 6;
    assert_int_equal(zsc_simulate_check(&o), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "genus"));
    for (size_t rows = 1; rows < 40; rows++) {
        o = zsc_simulate_defaults();
        o.rows = rows;
        assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
        assert_true(o.taxa[ZSC_SIM_SPECIES] >= 1 && o.taxa[ZSC_SIM_SPECIES] <= rows);
    }
    o = zsc_simulate_defaults();
    o.rows = 10;
    o.taxa[ZSC_SIM_SPECIES] = 11;
    assert_int_equal(zsc_simulate_check(&o), ZSC_EUSAGE);
    o = zsc_simulate_defaults();
    o.dna_encoders = 65;
    assert_int_equal(zsc_simulate_check(&o), ZSC_EUSAGE);
    o = zsc_simulate_defaults();
    o.missing_species = 1.5;
    assert_int_equal(zsc_simulate_check(&o), ZSC_EUSAGE);
    o = zsc_simulate_defaults();
    o.unseen_noise = 101;
    assert_int_equal(zsc_simulate_check(&o), ZSC_EUSAGE);
    for (int aligned = 0; aligned < 2; aligned++) {
        o = zsc_simulate_defaults();
        o.aligned = aligned;
        o.image_dim = o.dna_dim;
        assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
        assert_true(aligned ? o.unseen_noise > 0 : o.unseen_noise == 0);
    }
}

/* One row, one taxon of each rank; every row its own barcode; all splits. */
static void test_awkward(void **state)
{
    (void)state;
    char path[512], csv[512];
    name_of(path, sizeof path, "a.h5");
    name_of(csv, sizeof csv, "a.csv");
    zsc_simulate_options o = zsc_simulate_defaults();
    o.rows = 1;
    assert_int_equal(zsc_simulate(&o, path, csv, NULL), ZSC_OK);
    o = (zsc_simulate_options){.rows = 400,
                               .taxa = {1, 1, 1, 1, 1, 1},
                               .barcode_length = 61,
                               .rows_per_barcode = 1,
                               .missing_species = 1,
                               .unseen_species = 1,
                               .all_splits = true};
    assert_int_equal(zsc_simulate(&o, path, csv, NULL), ZSC_OK);
    zsc_h5 *file = NULL;
    char **text = NULL;
    size_t n;
    assert_int_equal(zsc_h5_open(path, &file), ZSC_OK);
    assert_int_equal(zsc_h5_read_all_strings(file, "/labels/species", &text, &n), ZSC_OK);
    assert_int_equal(distinct(text, n, false), 0);
    free(text);
    assert_int_equal(zsc_h5_read_all_strings(file, "/split", &text, &n), ZSC_OK);
    assert_true(distinct(text, n, true) > 1);
    free(text);
    assert_false(zsc_h5_has(file, "/embeddings/sim_dna"));
    zsc_h5_close(file);
    unlink(path);
    unlink(csv);
}

/* Adding encoders leaves those that were there alone, but for their quality: the first stays the same. */
static void test_encoders(void **state)
{
    (void)state;
    char path[512];
    name_of(path, sizeof path, "e.h5");
    enum { ROWS = 60, D = 7 };
    float first[2][ROWS * D];
    for (size_t i = 0; i < 2; i++) {
        zsc_simulate_options o = small();
        o.rows = ROWS;
        memset(o.taxa, 0, sizeof o.taxa);
        o.image_dim = o.dna_dim = D;
        o.image_encoders = i ? 11 : 1;
        o.dna_encoders = i ? 5 : 2;
        const size_t dims[5] = {D, 3, 1, 12, 5}; /* of the second file: one for each */
        o.dna_dims = i ? dims : NULL;
        assert_int_equal(zsc_simulate(&o, path, NULL, NULL), ZSC_OK);
        zsc_h5 *file = NULL;
        zsc_list names = {0};
        assert_int_equal(zsc_h5_open(path, &file), ZSC_OK);
        assert_int_equal(zsc_h5_children(file, "/embeddings", &names), ZSC_OK);
        assert_int_equal(names.count, i ? 16 : 3);
        assert_true(zsc_list_has(&names, i ? "sim_image_11" : "sim_dna_2"));
        assert_int_equal(zsc_h5_read(file, "/embeddings/sim_dna_1", ZSC_H5_F32, 2, (const size_t[]){ROWS, D}, first[i]),
                         ZSC_OK);
        zsc_h5_info info;
        assert_int_equal(zsc_h5_stat(file, i ? "/embeddings/sim_dna_4" : "/embeddings/sim_dna_2", &info), ZSC_OK);
        assert_int_equal(info.shape[1], i ? 12 : D);
        zsc_list_free(&names);
        zsc_h5_close(file);
    }
    assert_memory_equal(first[0], first[1], sizeof first[0]);
    unlink(path);
}

/* Noise of unseen species changes their vectors, and nothing else; the default adds none. */
static void test_unseen_noise(void **state)
{
    (void)state;
    char path[512], csv[512];
    name_of(path, sizeof path, "u.h5");
    name_of(csv, sizeof csv, "u.csv");
    enum { ROWS = 300, D = 5, FILES = 3 };
    float x[FILES][ROWS * D];
    char *text[FILES], **split = NULL;
    size_t length[FILES], n, unseen = 0;
    for (size_t i = 0; i < FILES; i++) {
        zsc_simulate_options o = small();
        o.rows = ROWS;
        memset(o.taxa, 0, sizeof o.taxa);
        o.dna_dim = D;
        o.unseen_noise = i == 0 ? -1 : i == 1 ? 0 : 0.5;
        assert_int_equal(zsc_simulate(&o, path, csv, NULL), ZSC_OK);
        zsc_h5 *file = NULL;
        assert_int_equal(zsc_h5_open(path, &file), ZSC_OK);
        assert_int_equal(zsc_h5_read(file, "/embeddings/sim_dna", ZSC_H5_F32, 2, (const size_t[]){ROWS, D}, x[i]),
                         ZSC_OK);
        if (i == 0) assert_int_equal(zsc_h5_read_all_strings(file, "/split", &split, &n), ZSC_OK);
        zsc_h5_close(file);
        text[i] = read_whole(csv, &length[i]);
        assert_int_equal(length[i], length[0]);
        assert_memory_equal(text[i], text[0], length[0]);
    }
    assert_memory_equal(x[0], x[1], sizeof x[0]);
    for (size_t r = 0; r < ROWS; r++) {
        bool same = memcmp(x[0] + r * D, x[2] + r * D, D * sizeof(float)) == 0,
             is_unseen = strcmp(split[r], "test") != 0;
        assert_true(same != is_unseen);
        unseen += is_unseen;
    }
    assert_true(unseen > 0 && unseen < ROWS);
    free(split);
    for (size_t i = 0; i < FILES; i++) free(text[i]);
    unlink(path);
    unlink(csv);
}

/* Of all splits: taxa that each split has rows of, per rank. */
typedef struct split_taxa {
    size_t rows[ZSC_SIM_OTHER_HELDOUT + 1];
    bool *has[ZSC_SIM_OTHER_HELDOUT + 1][ZSC_SIM_RANKS];
    size_t count[ZSC_SIM_OTHER_HELDOUT + 1][ZSC_SIM_RANKS];
} split_taxa;

static void count_split_taxa(const zsc_simulate_options *o, split_taxa *out)
{
    zsc_sim_taxonomy t = {0};
    zsc_sim_specimens specimens = {0};
    assert_int_equal(zsc_sim_taxonomy_make(o, &t), ZSC_OK);
    assert_int_equal(zsc_sim_specimens_draw(o, &t, NULL, &specimens), ZSC_OK);
    *out = (split_taxa){0};
    for (size_t s = 0; s <= ZSC_SIM_OTHER_HELDOUT; s++)
        for (size_t r = 0; r < ZSC_SIM_RANKS; r++) {
            out->has[s][r] = calloc(t.count[r], sizeof(bool));
            assert_non_null(out->has[s][r]);
        }
    for (size_t row = 0; row < o->rows; row++) {
        zsc_sim_split s = zsc_sim_split_of(o, &specimens, row);
        size_t taxon = (size_t)specimens.species[row];
        out->rows[s]++;
        for (size_t r = ZSC_SIM_RANKS; r-- > 0; taxon = r ? (size_t)t.parent[r][taxon] : 0) {
            bool named = r != ZSC_SIM_SUBFAMILY || !t.no_subfamily[t.parent[ZSC_SIM_SUBFAMILY][taxon]];
            out->count[s][r] += named && !out->has[s][r][taxon];
            out->has[s][r][taxon] |= named;
        }
    }
    zsc_sim_specimens_free(&specimens);
    zsc_sim_taxonomy_free(&t);
}

/* Whether each taxon of split A is one of split B, at ranks up to LAST. */
static bool is_within(const zsc_simulate_options *o, const split_taxa *taxa, size_t a, size_t b, size_t last)
{
    for (size_t r = 0; r <= last; r++)
        for (size_t i = 0; i < o->taxa[r]; i++)
            if (taxa->has[a][r][i] && !taxa->has[b][r][i]) return false;
    return true;
}

/* Test and test_unseen have the taxa that they have in BIOSCAN-5M, those of test_unseen are among those of test, and
 * each species of both has keys. With fewer rows so in proportion, and with other shares of unseen species as many as
 * asked. */
static void test_all_splits(void **state)
{
    (void)state;
    static const size_t test[ZSC_SIM_RANKS] = {6, 27, 352, 594, 1736, 3483},
                        unseen[ZSC_SIM_RANKS] = {3, 11, 62, 113, 234, 880},
                        rows_of_test[2] = {39373, 7887}; /* of test and test_unseen */
    static const size_t rows[] = {5150850, 100000, 20000, 5151};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        zsc_simulate_options o = zsc_simulate_defaults();
        split_taxa taxa;
        o.rows = rows[k];
        o.all_splits = true;
        assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
        count_split_taxa(&o, &taxa);
        assert_true(is_within(&o, &taxa, ZSC_SIM_TEST, ZSC_SIM_TRAIN, ZSC_SIM_SPECIES));
        assert_true(is_within(&o, &taxa, ZSC_SIM_VAL, ZSC_SIM_TEST, ZSC_SIM_SPECIES));
        if (rows[k] > 6000) /* with fewer, genera of several species are too few for the unseen ones */
            assert_true(is_within(&o, &taxa, ZSC_SIM_TEST_UNSEEN, ZSC_SIM_TEST, ZSC_SIM_GENUS));
        assert_true(is_within(&o, &taxa, ZSC_SIM_TEST_UNSEEN, ZSC_SIM_KEY_UNSEEN, ZSC_SIM_SPECIES));
        for (size_t r = 0; r < ZSC_SIM_RANKS && k == 0; r++) {
            size_t slack = r == ZSC_SIM_SUBFAMILY; /* one in eight families has none: as many as chance leaves */
            assert_in_range(taxa.count[ZSC_SIM_TEST][r], test[r] - 30 * slack, test[r] + 30 * slack);
            assert_in_range(taxa.count[ZSC_SIM_TEST_UNSEEN][r], unseen[r] - 20 * slack, unseen[r] + 20 * slack);
        }
        for (size_t s = 0; s < 2 && k == 0; s++) {
            size_t found = taxa.rows[s ? ZSC_SIM_TEST_UNSEEN : ZSC_SIM_TEST];
            assert_in_range(found, rows_of_test[s] * 4 / 5, rows_of_test[s] * 5 / 4);
        }
        for (size_t r = ZSC_SIM_ORDER; r < ZSC_SIM_RANKS && k > 0; r++) {
            assert_true(taxa.count[ZSC_SIM_TEST][r] * 5 < o.taxa[r] * 3);
            assert_true(taxa.count[ZSC_SIM_TEST_UNSEEN][r] < taxa.count[ZSC_SIM_TEST][r]);
        }
        for (size_t s = 0; s <= ZSC_SIM_OTHER_HELDOUT; s++)
            for (size_t r = 0; r < ZSC_SIM_RANKS; r++) free(taxa.has[s][r]);
    }
}

/* As many species are unseen as asked for, also where the genera of test have too few. */
static void test_unseen_share(void **state)
{
    (void)state;
    static const double share[] = {0, 0.12, 0.5, 1};
    for (size_t k = 0; k < sizeof share / sizeof *share; k++) {
        zsc_simulate_options o = zsc_simulate_defaults();
        zsc_sim_taxonomy t = {0};
        zsc_sim_specimens specimens = {0};
        size_t count[ZSC_SIM_UNNAMED + 1] = {0};
        o.rows = 20000;
        o.all_splits = true;
        o.unseen_species = share[k];
        assert_int_equal(zsc_simulate_check(&o), ZSC_OK);
        assert_int_equal(zsc_sim_taxonomy_make(&o, &t), ZSC_OK);
        assert_int_equal(zsc_sim_specimens_draw(&o, &t, NULL, &specimens), ZSC_OK);
        for (size_t s = 0; s < t.count[ZSC_SIM_SPECIES]; s++) count[specimens.group[s]]++;
        double known = (double)(count[ZSC_SIM_SEEN] + count[ZSC_SIM_UNSEEN]);
        assert_true(known > 0);
        assert_int_equal(count[ZSC_SIM_UNSEEN], (size_t)(share[k] * known + 0.5));
        zsc_sim_specimens_free(&specimens);
        zsc_sim_taxonomy_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unseen_noise), cmocka_unit_test(test_threads),    cmocka_unit_test(test_file),
        cmocka_unit_test(test_barcodes),     cmocka_unit_test(test_options),    cmocka_unit_test(test_awkward),
        cmocka_unit_test(test_encoders),     cmocka_unit_test(test_all_splits), cmocka_unit_test(test_unseen_share)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
