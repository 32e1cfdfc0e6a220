/* Loading against plain code: random files, random choices of rows. A failure prints the seed; ZSC_TEST_SEED=<seed>
 * repeats it, ZSC_CHECK_LONG multiplies the number of cases. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../folder.h"
#include "../long.h"
#include "base/random.h"
#include "data/dataset.h"
#include "io/h5/h5.h"
#include "zsc/zsc.h"

enum { MOST_ROWS = 120, MOST_D = 40, RANKS = 3 };
static const char *const ranks[RANKS] = {"order", "species", "dna_bin"};
static const char *const splits[] = {"test", "test_unseen", "train", "key_unseen", ""};

typedef struct specimen {
    char id[32], split[16], rank[RANKS][40], barcode[64];
    float x[2][MOST_D];
    bool in_csv, in_second;
} specimen;

typedef struct world {
    size_t n, d[2];
    specimen row[MOST_ROWS];
    uint64_t seed;
} world;

/* --- Making files */
static void make_world(world *w, uint64_t seed)
{
    zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, 0);
    *w = (world){.seed = seed, .n = 1 + zsc_stream_below(&s, seed % 7 == 0 ? 3 : MOST_ROWS)};
    for (int m = 0; m < 2; m++) w->d[m] = 1 + zsc_stream_below(&s, seed % 5 == 0 ? 2 : MOST_D);
    for (size_t i = 0; i < w->n; i++) {
        specimen *r = &w->row[i];
        snprintf(r->id, sizeof r->id, "ID%zu-%c", i * 7919 % 1000, (char)('a' + i % 26));
        snprintf(r->split, sizeof r->split, "%s", splits[zsc_stream_below(&s, 5)]);
        for (size_t k = 0; k < RANKS; k++)
            if (zsc_stream_below(&s, 6))
                snprintf(r->rank[k], sizeof r->rank[k], "%s, \"%zu\"", ranks[k],
                         (size_t)zsc_stream_below(&s, 2 + 3 * k));
        size_t length = zsc_stream_below(&s, 5), tail = zsc_stream_below(&s, 3);
        for (size_t j = 0; j < length; j++) r->barcode[j] = "ACGTacgtNn"[zsc_stream_below(&s, j ? 10 : 2)];
        for (size_t j = 0; j < tail; j++) r->barcode[length + j] = j ? 'n' : 'N';
        r->in_csv = i == 0 || zsc_stream_below(&s, 8);
        r->in_second = i == 0 || zsc_stream_below(&s, 8);
        for (int m = 0; m < 2; m++)
            for (size_t j = 0; j < w->d[m]; j++) /* some columns are constant */
                r->x[m][j] = j % 4 == 3 ? 0.1f * (float)j : (float)zsc_stream_normal(&s) * (float)(j + 1);
    }
}

static void shuffle(size_t *order, size_t n, zsc_stream *s)
{
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = zsc_stream_below(s, i), held = order[i - 1];
        order[i - 1] = order[k];
        order[k] = held;
    }
}

/* Rows in the given order; labels too where `whole`. */
static void write_h5(const world *w, const char *path, int m, const size_t *order, size_t n, bool whole)
{
    zsc_h5 *file;
    float x[MOST_ROWS * MOST_D];
    const char *text[MOST_ROWS];
    size_t shape[2] = {n, w->d[m]};
    assert_int_equal(zsc_h5_create(path, &file), ZSC_OK);
    for (size_t i = 0; i < n; i++) {
        memcpy(x + i * w->d[m], w->row[order[i]].x[m], w->d[m] * sizeof *x);
        text[i] = w->row[order[i]].id;
    }
    assert_int_equal(zsc_h5_write(file, m ? "/embeddings/second" : "/embeddings/first", ZSC_H5_F32, 2, shape, x),
                     ZSC_OK);
    assert_int_equal(zsc_h5_write(file, "/embeddings/other", ZSC_H5_F32, 2, shape, x), ZSC_OK);
    assert_int_equal(zsc_h5_write_strings(file, m ? "/processid" : "/id", text, n), ZSC_OK);
    for (size_t k = 0; whole && k < RANKS; k++) {
        char object[64];
        snprintf(object, sizeof object, "/labels/%s", ranks[k]);
        for (size_t i = 0; i < n; i++) text[i] = w->row[order[i]].rank[k];
        assert_int_equal(zsc_h5_write_strings(file, object, text, n), ZSC_OK);
    }
    for (int f = 0; whole && f < 2; f++) {
        for (size_t i = 0; i < n; i++) text[i] = f ? w->row[order[i]].barcode : w->row[order[i]].split;
        assert_int_equal(zsc_h5_write_strings(file, f ? "/dna_barcode" : "/split", text, n), ZSC_OK);
    }
    assert_int_equal(zsc_h5_commit(file), ZSC_OK);
}

static void put(FILE *file, const char *value, bool quote, const char *end)
{
    if (!quote && !strpbrk(value, ",\"")) {
        fprintf(file, "%s%s", value, end);
        return;
    }
    putc('"', file);
    for (; *value; value++) fprintf(file, *value == '"' ? "\"\"" : "%c", *value);
    fprintf(file, "\"%s", end);
}

static void write_csv(const world *w, const char *path, const size_t *order, zsc_stream *s)
{
    FILE *file = fopen(path, "wb");
    bool windows = zsc_stream_below(s, 2), mark = zsc_stream_below(s, 2), quote = zsc_stream_below(s, 2);
    const char *end = windows ? "\r\n" : "\n";
    if (mark) fputs("\xef\xbb\xbf", file);
    fprintf(file, "order,unused,split,dna_barcode,species,dna_bin,processid%s", end);
    for (size_t i = 0; i < 40; i++)
        fprintf(file, "A,B,test,ACGT,C,D,other%zu%s", i, end); /* rows without an embedding */
    for (size_t i = 0; i < w->n; i++) {
        const specimen *r = &w->row[order[i]];
        if (!r->in_csv) continue;
        put(file, r->rank[0], quote, ",");
        put(file, "x", quote, ",");
        put(file, r->split, quote, ",");
        put(file, r->barcode, quote, ",");
        put(file, r->rank[1], quote, ",");
        put(file, r->rank[2], quote, ",");
        put(file, r->id, quote, end);
    }
    fclose(file);
}

/* --- The plain way */
static bool wanted_split(const char *wanted, const char *split)
{
    if (!wanted || strcmp(wanted, "all") == 0) return true;
    if (strcmp(wanted, "test+test_unseen") == 0) return strcmp(split, "test") == 0 || strcmp(split, "test_unseen") == 0;
    if (strcmp(wanted, "seen") == 0) return strcmp(split, "train") == 0 || strcmp(split, "test") == 0;
    return strcmp(split, "key_unseen") == 0 || strcmp(split, "test_unseen") == 0; /* unseen */
}

static void plain_barcode(const char *barcode, size_t most, char out[64])
{
    snprintf(out, 64, "%s", barcode);
    if (most && strlen(out) > most) out[most] = '\0';
    for (char *p = out; *p; p++) *p = (char)toupper((unsigned char)*p);
    for (size_t last = strlen(out); last && out[last - 1] == 'N'; last--) out[last - 1] = '\0';
}

typedef struct choice {
    zsc_dataset_options o;
    bool second, csv;
} choice;

/* Candidates before barcodes are looked at; false where no row is left or a split or value is in no row. */
static size_t plain_candidates(const world *w, const choice *c, const size_t *order, size_t *out, zsc_selection *s,
                               bool *possible)
{
    size_t count = 0;
    bool split_there = !c->o.split || strcmp(c->o.split, "all") == 0, one[2] = {false, false};
    for (size_t i = 0; i < w->n; i++) {
        const specimen *r = &w->row[order[i]];
        bool labelled = !c->csv || r->in_csv;
        if (labelled && wanted_split(c->o.split, r->split)) split_there = true;
        if (labelled && strcmp(r->split, "test") == 0) one[0] = true;
        if (labelled && strcmp(r->split, "test_unseen") == 0) one[1] = true;
        if (!labelled || (c->second && !r->in_second))
            s->unmatched++;
        else if (!wanted_split(c->o.split, r->split))
            s->other_split++;
        else if (c->o.where_count && strcmp(r->rank[0], "order, \"1\"") != 0)
            s->where++;
        else
            out[count++] = order[i];
    }
    if (c->o.split && strcmp(c->o.split, "test+test_unseen") == 0)
        split_there = one[0] && one[1]; /* each must be there */
    *possible = split_there;
    return count;
}

static size_t row_of(const world *w, const char *id)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->row[i].id, id) == 0) return i;
    fail_msg("no row %s", id);
    return 0;
}

static void check_barcodes(const world *w, const choice *c, const size_t *candidate, size_t count, zsc_selection *s,
                           const zsc_dataset *d)
{
    char all[MOST_ROWS][64], own[64];
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        plain_barcode(w->row[candidate[i]].barcode, c->o.barcode_max_length, all[i]);
        bool seen = false;
        for (size_t k = 0; k < i; k++) seen = seen || strcmp(all[i], all[k]) == 0;
        if (!*all[i])
            s->without_barcode++;
        else if (seen)
            s->repeated_barcode++;
        else
            groups++;
        if (*all[i] && !seen && c->o.per_barcode == ZSC_BARCODE_FIRST)
            assert_string_equal(d->id[groups - 1], w->row[candidate[i]].id);
    }
    assert_int_equal(d->n, groups);
    for (size_t i = 0; i < d->n; i++) { /* each kept row is a candidate, in order, and the only one of its barcode */
        size_t at = 0;
        while (at < count && strcmp(w->row[candidate[at]].id, d->id[i]) != 0) at++;
        assert_true(at < count && *all[at]);
        for (size_t k = 0; k < i; k++) {
            plain_barcode(w->row[row_of(w, d->id[k])].barcode, c->o.barcode_max_length, own);
            assert_string_not_equal(own, all[at]);
        }
    }
}

static void plain_scale(double *x, size_t n, size_t d, const choice *c, const int *group)
{
    zsc_scale scale = c->o.scale;
    for (size_t i = 0; i < n && (scale == ZSC_SCALE_L2 || scale == ZSC_SCALE_L2_SQRT_DIM); i++) {
        double sum = 0;
        for (size_t j = 0; j < d; j++) sum += x[i * d + j] * x[i * d + j];
        for (size_t j = 0; j < d; j++)
            x[i * d + j] *= sum > 0 ? (scale == ZSC_SCALE_L2 ? 1 : sqrt((double)d)) / sqrt(sum) : 0;
    }
    if (scale != ZSC_SCALE_ZSCORE && scale != ZSC_SCALE_ZSCORE_AVERAGE) return;
    for (int g = 0; g < 6; g++) {
        double mean[MOST_D] = {0}, sd[MOST_D] = {0}, average = 0, count = 0;
        bool constant[MOST_D];
        const double *first = NULL;
        for (size_t j = 0; j < d; j++) constant[j] = true;
        for (size_t i = 0; i < n; i++) {
            if (group[i] != g) continue;
            if (!first) first = x + i * d;
            count++;
            for (size_t j = 0; j < d; j++) mean[j] += x[i * d + j];
            for (size_t j = 0; j < d; j++) constant[j] = constant[j] && x[i * d + j] == first[j];
        }
        if (count == 0) continue;
        for (size_t j = 0; j < d; j++) mean[j] /= count;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d && group[i] == g; j++)
                sd[j] += (x[i * d + j] - mean[j]) * (x[i * d + j] - mean[j]);
        for (size_t j = 0; j < d; j++) sd[j] = constant[j] ? 0 : sqrt(sd[j] / count);
        for (size_t j = 0; j < d; j++) average += sd[j] / (double)d;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d && group[i] == g; j++)
                x[i * d + j] = constant[j] ? 0
                                           : (x[i * d + j] - mean[j]) / (scale == ZSC_SCALE_ZSCORE ? sd[j] : average);
    }
}

static void check_values(const world *w, const choice *c, const zsc_dataset *d)
{
    static double x[MOST_ROWS * MOST_D];
    int group[MOST_ROWS];
    size_t offset = 0;
    for (int m = 0; m <= (int)c->second; m++) {
        for (size_t i = 0; i < d->n; i++) {
            const specimen *r = &w->row[row_of(w, d->id[i])];
            for (size_t j = 0; j < w->d[m]; j++) x[i * w->d[m] + j] = (double)r->x[m][j];
            group[i] = 0;
            for (int g = 0; c->o.scope == ZSC_SCOPE_SPLIT && g < 5; g++)
                if (strcmp(splits[g], r->split) == 0) group[i] = g;
        }
        plain_scale(x, d->n, w->d[m], c, group);
        for (size_t i = 0; i < d->n; i++)
            for (size_t j = 0; j < w->d[m]; j++) {
                double mine = (double)d->x[i * d->d + offset + j], plain = x[i * w->d[m] + j];
                /* both sum in double in the same order; the rest is rounding to float */
                if (fabs(mine - plain) > 1e-6 * fmax(1, fabs(plain)))
                    fail_msg("row %zu column %zu: %.9g, expected %.9g", i, j, mine, plain);
            }
        offset += w->d[m];
    }
    assert_int_equal(d->d, offset);
}

static void check_labels(const world *w, const zsc_dataset *d)
{
    assert_int_equal(d->ranks, RANKS);
    for (size_t k = 0; k <= RANKS; k++) {
        const zsc_column *column = k < RANKS ? &d->rank[k] : &d->split;
        size_t next = 0;
        assert_string_equal(column->name, k < RANKS ? ranks[k] : "split");
        for (size_t i = 0; i < d->n; i++) {
            const specimen *r = &w->row[row_of(w, d->id[i])];
            const char *text = k < RANKS ? r->rank[k] : r->split;
            assert_string_equal(column->code[i] < 0 ? "" : column->level[column->code[i]], text);
            assert_true(column->code[i] <= (int32_t)next); /* numbered in order of first appearance */
            if (column->code[i] == (int32_t)next) next++;
        }
        assert_int_equal(column->levels, next);
    }
}

/* With a cache of any size, whatever it holds by then, the dataset is the same; and the cache keeps to its size. */
static void check_cache(const choice *c, const zsc_dataset *d, zsc_stream *s)
{
    size_t limit = zsc_stream_below(s, 3) == 0 ? (size_t)1 << 30 : zsc_stream_below(s, 40000);
    zsc_dataset_cache *cache = NULL;
    assert_int_equal(zsc_dataset_cache_make(limit, &cache), ZSC_OK);
    for (int i = 0; i < 6; i++) {
        zsc_dataset_options o = c->o;
        zsc_dataset again = {0};
        if (i % 2) { /* something else between: it may be refused */
            o.scale = (zsc_scale)zsc_stream_below(s, 5);
            o.scope = (zsc_scope)zsc_stream_below(s, 2);
            o.where_count = zsc_stream_below(s, 2);
            o.per_barcode = (zsc_per_barcode)zsc_stream_below(s, 3);
            zsc_dataset with = {0};
            zsc_status status = zsc_dataset_load(&o, NULL, &with);
            assert_int_equal(zsc_dataset_load_with(&o, NULL, cache, &again), status);
            assert_memory_equal(again.fingerprint, with.fingerprint, sizeof with.fingerprint);
            zsc_dataset_free(&with);
        } else {
            assert_int_equal(zsc_dataset_load_with(&o, NULL, cache, &again), ZSC_OK);
            assert_memory_equal(again.fingerprint, d->fingerprint, sizeof d->fingerprint);
            assert_memory_equal(&again.selection, &d->selection, sizeof d->selection);
            assert_memory_equal(again.x, d->x, d->n * d->d * sizeof *d->x);
        }
        zsc_dataset_free(&again);
        assert_true(zsc_dataset_cache_used(cache).bytes <= limit);
    }
    zsc_dataset_cache_use use = zsc_dataset_cache_used(cache);
    if (limit == (size_t)1 << 30) assert_true(use.labels_taken >= 2 && use.matrices_taken >= 2 * d->modalities);
    zsc_dataset_cache_free(cache);
}

static void check_world(uint64_t seed)
{
    static const char *const wanted[] = {NULL, "all", "test+test_unseen", "seen", "unseen"};
    static const char *const rule[] = {"order=order, \"1\""};
    static world w;
    size_t order[2][MOST_ROWS], csv_order[MOST_ROWS], candidate[MOST_ROWS], second_count = 0;
    zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, 1);
    make_world(&w, seed);
    shuffle(order[0], w.n, &s);
    shuffle(order[1], w.n, &s);
    shuffle(csv_order, w.n, &s);
    for (size_t i = 0; i < w.n; i++)
        if (w.row[order[1][i]].in_second) order[1][second_count++] = order[1][i];
    char first[600], second[600];
    snprintf(first, sizeof first, "%s:first", in_folder("a.h5"));
    snprintf(second, sizeof second, "%s:second", in_folder("b.h5"));
    const char *embeddings[2] = {first, second};
    choice c = {.o = zsc_dataset_defaults(), .second = zsc_stream_below(&s, 2), .csv = zsc_stream_below(&s, 2)};
    write_h5(&w, in_folder("a.h5"), 0, order[0], w.n, !c.csv);
    write_h5(&w, in_folder("b.h5"), 1, order[1], second_count, false);
    write_csv(&w, in_folder("m.csv"), csv_order, &s);
    c.o.embeddings = embeddings;
    c.o.embedding_count = c.second ? 2 : 1;
    c.o.metadata = c.csv ? in_folder("m.csv") : NULL;
    c.o.split = wanted[zsc_stream_below(&s, 5)];
    c.o.where = rule;
    c.o.where_count = zsc_stream_below(&s, 4) == 0;
    c.o.per_barcode = (zsc_per_barcode)zsc_stream_below(&s, 3);
    c.o.barcode_max_length = zsc_stream_below(&s, 2) ? 0 : 2;
    c.o.scale = (zsc_scale)zsc_stream_below(&s, 5);
    c.o.scope = (zsc_scope)zsc_stream_below(&s, 2);
    c.o.seed = zsc_stream_u64(&s);

    zsc_selection expected = {.embedded = w.n};
    bool possible = true;
    zsc_dataset d = {0}, again = {0};
    size_t count = plain_candidates(&w, &c, order[0], candidate, &expected, &possible);
    zsc_exec exec = {.threads = 1};
    zsc_status status = zsc_dataset_load(&c.o, &exec, &d);
    if (status != ZSC_OK) {
        bool barcodes = c.o.per_barcode == ZSC_BARCODE_ALL;
        char own[64];
        for (size_t i = 0; i < count; i++) {
            plain_barcode(w.row[candidate[i]].barcode, c.o.barcode_max_length, own);
            barcodes = barcodes || *own;
        }
        if (possible && count && barcodes) fail_msg("refused: %s", zsc_error_message());
        assert_int_equal(status, ZSC_EINPUT);
        return;
    }
    if (c.o.per_barcode == ZSC_BARCODE_ALL) {
        assert_int_equal(d.n, count);
        for (size_t i = 0; i < count; i++) assert_string_equal(d.id[i], w.row[candidate[i]].id);
    } else {
        check_barcodes(&w, &c, candidate, count, &expected, &d);
    }
    expected.kept = d.n;
    assert_memory_equal(&d.selection, &expected, sizeof expected);
    check_values(&w, &c, &d);
    check_labels(&w, &d);

    check_cache(&c, &d, &s);
    exec.threads = 3;
    assert_int_equal(zsc_dataset_load(&c.o, &exec, &again), ZSC_OK);
    assert_memory_equal(d.x, again.x, d.n * d.d * sizeof *d.x);
    assert_memory_equal(d.fingerprint, again.fingerprint, sizeof d.fingerprint);
    zsc_dataset_free(&again);

    if (c.o.per_barcode == ZSC_BARCODE_RANDOM) { /* the choice does not depend on the order of rows */
        shuffle(order[0], w.n, &s);
        write_h5(&w, in_folder("a.h5"), 0, order[0], w.n, !c.csv);
        assert_int_equal(zsc_dataset_load(&c.o, &exec, &again), ZSC_OK);
        assert_int_equal(again.n, d.n);
        for (size_t i = 0; i < d.n; i++) {
            bool there = false;
            for (size_t k = 0; k < d.n; k++) there = there || strcmp(d.id[i], again.id[k]) == 0;
            assert_true(there);
        }
        zsc_dataset_free(&again);
    }
    zsc_dataset_free(&d);
}

static uint64_t under_test;

static void test_worlds(void **state)
{
    (void)state;
    const char *given = getenv("ZSC_TEST_SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 0, last = given ? first : check_cases(120);
    for (under_test = first; under_test <= last; under_test++) check_world(under_test);
    under_test = 0;
}

/* The seed decides, and matters. */
static void test_seeds(void **state)
{
    (void)state;
    static world w;
    size_t order[MOST_ROWS], differ = 0;
    make_world(&w, 12345);
    w.n = MOST_ROWS;
    for (size_t i = 0; i < w.n; i++) {
        order[i] = i;
        snprintf(w.row[i].id, sizeof w.row[i].id, "id%zu", i);
        snprintf(w.row[i].barcode, sizeof w.row[i].barcode, "ACGT%c", "ACGT"[i % 4]);
    }
    write_h5(&w, in_folder("a.h5"), 0, order, w.n, true);
    char name[600];
    snprintf(name, sizeof name, "%s:first", in_folder("a.h5"));
    const char *embeddings[] = {name};
    zsc_dataset_options o = zsc_dataset_defaults();
    o.embeddings = embeddings;
    o.embedding_count = 1;
    o.per_barcode = ZSC_BARCODE_RANDOM;
    zsc_dataset d[2];
    for (uint64_t seed = 0; seed < 20; seed++) {
        for (int i = 0; i < 2; i++) {
            o.seed = seed + (uint64_t)i;
            assert_int_equal(zsc_dataset_load(&o, NULL, &d[i]), ZSC_OK);
            assert_int_equal(d[i].n, 4);
        }
        for (size_t i = 0; i < 4; i++) differ += strcmp(d[0].id[i], d[1].id[i]) != 0;
        zsc_dataset_free(&d[0]);
        zsc_dataset_free(&d[1]);
    }
    assert_true(differ > 60); /* of 80; two seeds agree by chance once in 30 */
}

/* zsc_scale_rows on its own: a column whose mean cannot be written in binary stays constant, zeros stay zeros. */
static void test_scale(void **state)
{
    (void)state;
    float x[3][3] = {{0.1f, 1, 0}, {0.1f, 2, 0}, {0.1f, 6, 0}}, y[2][2] = {{3, 4}, {0, 0}};
    int32_t bad[3] = {0, 1, 2};
    assert_int_equal(zsc_scale_rows(&x[0][0], 3, 3, ZSC_SCALE_ZSCORE, NULL, 0, NULL), ZSC_OK);
    for (size_t i = 0; i < 3; i++) assert_true(x[i][0] == 0 && x[i][2] == 0);
    assert_true(fabs((double)x[0][1] + 2 / sqrt(14.0 / 3)) < 1e-6);
    assert_int_equal(zsc_scale_rows(&y[0][0], 2, 2, ZSC_SCALE_L2, NULL, 0, NULL), ZSC_OK);
    assert_true(y[0][0] == 0.6f && y[0][1] == 0.8f && y[1][0] == 0 && y[1][1] == 0);
    assert_int_equal(zsc_scale_rows(&x[0][0], 3, 3, ZSC_SCALE_ZSCORE, bad, 2, NULL), ZSC_EUSAGE);
    assert_int_equal(zsc_scale_rows(NULL, 0, 0, ZSC_SCALE_ZSCORE, NULL, 0, NULL), ZSC_OK);
}

/* --- Rows that stay in their files */
enum { READER_ROWS = 60, READER_COLUMNS = 5 };
static const float MARKED = 1234.5625f; /* once in the file */

static void write_marked(const char *path)
{
    float x[READER_ROWS][READER_COLUMNS];
    char name[READER_ROWS][8];
    const char *id[READER_ROWS];
    size_t shape[2] = {READER_ROWS, READER_COLUMNS};
    zsc_h5 *file;
    for (size_t i = 0; i < READER_ROWS; i++) {
        for (size_t j = 0; j < READER_COLUMNS; j++) x[i][j] = (float)(i / 2 * 10 + j); /* each row twice */
        snprintf(name[i], sizeof name[i], "R%zu", i);
        id[i] = name[i];
    }
    x[READER_ROWS - 1][2] = MARKED;
    assert_int_equal(zsc_h5_create(path, &file), ZSC_OK);
    assert_int_equal(zsc_h5_write_strings(file, "/id", id, READER_ROWS), ZSC_OK);
    assert_int_equal(zsc_h5_write(file, "/embeddings/marked", ZSC_H5_F32, 2, shape, x), ZSC_OK);
    assert_int_equal(zsc_h5_commit(file), ZSC_OK);
}

/* Overwrites the marked number where it stands. */
static void change_marked(const char *path, float value)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file), at = 0;
    while (at + sizeof MARKED < size && memcmp(bytes + at, &MARKED, sizeof MARKED) != 0) at++;
    assert_true(at + sizeof MARKED < size);
    assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
    assert_int_equal(fwrite(&value, sizeof value, 1, file), 1);
    assert_int_equal(fclose(file), 0);
}

static zsc_status read_in_blocks(zsc_dataset_reader *reader, size_t block, float *x)
{
    zsc_status status = ZSC_OK;
    for (size_t first = 0; first < READER_ROWS && status == ZSC_OK; first += block) {
        size_t count = READER_ROWS - first < block ? READER_ROWS - first : block;
        status = zsc_dataset_reader_rows(reader, first, count, x + first * READER_COLUMNS);
    }
    return status;
}

/* Any blocks give the rows of the matrix; a change after the digests were taken is noticed when all have been read. */
static void test_reader(void **state)
{
    (void)state;
    const char *path = in_folder("marked.h5");
    write_marked(path);
    const char *const embeddings[] = {path};
    zsc_dataset_options o = zsc_dataset_defaults();
    o.embeddings = embeddings;
    o.embedding_count = 1;
    zsc_dataset whole = {0}, rows = {0};
    zsc_dataset_reader *reader;
    float x[READER_ROWS * READER_COLUMNS];
    assert_int_equal(zsc_dataset_load(&o, NULL, &whole), ZSC_OK);
    assert_int_equal(zsc_dataset_open(&o, NULL, NULL, 0, &rows, &reader), ZSC_OK);
    assert_non_null(reader);
    assert_memory_equal(whole.fingerprint, rows.fingerprint, sizeof rows.fingerprint);
    assert_int_equal(zsc_dataset_reader_distinct(reader), READER_ROWS / 2 + 1);
    for (size_t block = 1; block <= READER_ROWS; block += 7) {
        assert_int_equal(read_in_blocks(reader, block, x), ZSC_OK);
        assert_memory_equal(x, whole.x, sizeof x);
    }
    change_marked(path, 7);
    assert_int_equal(read_in_blocks(reader, 16, x), ZSC_EINPUT);
    assert_non_null(strstr(zsc_error_message(), "have changed while they were read"));
    zsc_dataset_reader_free(reader);
    zsc_dataset_free(&rows);
    zsc_dataset_free(&whole);
}

static int say_seed(void **state)
{
    (void)state;
    if (under_test)
        fprintf(stderr, "the seed was %llu: ZSC_TEST_SEED=%llu repeats it\n", (unsigned long long)under_test,
                (unsigned long long)under_test);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_worlds, say_seed),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_reader),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed;
}
