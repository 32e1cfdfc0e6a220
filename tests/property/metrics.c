/* Scores against plain code: dense tables, long double, the textbook's formulas, on thousands of random and awkward
 * shapes. A failure prints the shape's number; ZSC_TEST_ONLY=number runs that shape alone, ZSC_CHECK_LONG=100 runs
 * a hundred times as many. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "metrics/emi_by_size.h"
#include "zsc/metrics.h"
#include "../long.h"

enum { SHAPES = 3000, MOST_ROWS = 200 };

typedef struct shape {
    size_t n;
    int32_t labels[MOST_ROWS], clusters[MOST_ROWS];
    zsc_missing missing;
    char name[96];
} shape;

/* --- Plain code */
typedef struct plain {
    size_t n, classes, clusters;
    int32_t class_of[MOST_ROWS], cluster_of[MOST_ROWS];
    long double a[MOST_ROWS], b[MOST_ROWS];
    long double *cell; /* classes x clusters */
} plain;

static int32_t find(int32_t *values, size_t *count, int32_t value)
{
    for (size_t i = 0; i < *count; i++)
        if (values[i] == value) return (int32_t)i;
    values[(*count)++] = value;
    return (int32_t)*count - 1;
}

static void plain_table(const shape *s, plain *p)
{
    int32_t values[2][MOST_ROWS];
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < s->n; i++) {
        if (s->labels[i] < 0 && s->missing == ZSC_MISSING_DROP) continue;
        p->class_of[p->n] = find(values[0], &p->classes, s->labels[i] < 0 ? -1 : s->labels[i]);
        p->cluster_of[p->n++] = find(values[1], &p->clusters, s->clusters[i]);
    }
    p->cell = calloc(p->classes * p->clusters + 1, sizeof *p->cell);
    assert_non_null(p->cell);
    for (size_t i = 0; i < p->n; i++) {
        p->a[p->class_of[i]]++;
        p->b[p->cluster_of[i]]++;
        p->cell[(size_t)p->class_of[i] * p->clusters + (size_t)p->cluster_of[i]]++;
    }
}

static long double plain_entropy(const long double *size, size_t parts, long double n)
{
    long double h = 0;
    for (size_t i = 0; i < parts; i++) h -= size[i] / n * logl(size[i] / n);
    return h;
}

static long double plain_mi(const plain *p)
{
    long double sum = 0, n = (long double)p->n;
    for (size_t i = 0; i < p->classes; i++)
        for (size_t j = 0; j < p->clusters; j++) {
            long double c = p->cell[i * p->clusters + j];
            if (c > 0) sum += c / n * logl(n * c / (p->a[i] * p->b[j]));
        }
    return sum;
}

/* Vinh et al. 2010, equation 24a, as printed: every class with every cluster, factorials by lgammal. */
static long double plain_emi(const plain *p)
{
    long double sum = 0, n = (long double)p->n;
    for (size_t i = 0; i < p->classes; i++)
        for (size_t j = 0; j < p->clusters; j++) {
            long double a = p->a[i], b = p->b[j], k = a + b - n > 1 ? a + b - n : 1;
            for (; k <= a && k <= b; k++)
                sum += k / n * logl(n * k / (a * b)) *
                       expl(lgammal(a + 1) + lgammal(b + 1) + lgammal(n - a + 1) + lgammal(n - b + 1) - lgammal(n + 1) -
                            lgammal(k + 1) - lgammal(a - k + 1) - lgammal(b - k + 1) - lgammal(n - a - b + k + 1));
        }
    return sum;
}

static void plain_pairs(const plain *p, long double *ari, long double *fmi, const zsc_scores *found)
{
    long double tp = 0, fp = 0, fn = 0, tn = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->n; j++) {
            if (i == j) continue;
            int class = p->class_of[i] == p->class_of[j], cluster = p->cluster_of[i] == p->cluster_of[j];
            tp += class && cluster;
            fp += !class && cluster;
            fn += class && !cluster;
            tn += !class && !cluster;
        }
    assert_true(found->pairs[0][0] == (int64_t)tn && found->pairs[0][1] == (int64_t)fp);
    assert_true(found->pairs[1][0] == (int64_t)fn && found->pairs[1][1] == (int64_t)tp);
    assert_true(fabsl(found->ri - (fp + fn == 0 ? 1 : (tp + tn) / (tp + tn + fp + fn))) < 1e-15L);
    *ari = fp + fn == 0 ? 1 : 2 * (tp * tn - fn * fp) / ((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
    *fmi = tp == 0 ? 0 : sqrtl(tp / (tp + fp) * (tp / (tp + fn)));
}

/* --- Comparison */
static void near(const shape *s, const char *what, long double expected, double found, long double tolerance)
{
    if (fabsl(expected - (long double)found) <= tolerance * fmaxl(1, fabsl(expected))) return;
    fail_msg("%s: %s is %.17g, expected %.17Lg", s->name, what, found, expected);
}

static long double average(long double u, long double v, int how)
{
    return how == ZSC_ARITHMETIC ? (u + v) / 2
           : how == ZSC_MAX      ? fmaxl(u, v)
           : how == ZSC_MIN      ? fminl(u, v)
                                 : sqrtl(u * v);
}

static void check_averages(const shape *s, const plain *p, const zsc_scores *found, long double mi, long double emi,
                           long double h1, long double h2)
{
    bool perfect = p->classes == p->clusters && (p->classes == 1 || p->classes == p->n);
    for (int how = 0; how < 4; how++) {
        long double mean = average(h1, h2, how), range = mean - emi;
        if (perfect) {
            assert_true(isnan(found->ami[how]) && found->nmi[how] == 1);
            continue;
        }
        near(s, "NMI", mean > 0 ? mi / mean : 0, found->nmi[how], 1e-12L);
        /* AMI is not defined with one class, or where range vanishes. */
        if (p->classes == 1)
            assert_true(isnan(found->ami[how]));
        else if (range > 1e-6L)
            near(s, "AMI", (mi - emi) / range, found->ami[how], 1e-13L / range + 1e-12L);
        else
            assert_true(isnan(found->ami[how]));
    }
}

static void check_scores(const shape *s, const zsc_scores *found)
{
    plain p;
    plain_table(s, &p);
    long double n = (long double)p.n, ari, fmi;
    assert_int_equal(found->rows, p.n);
    assert_int_equal(found->classes, p.classes);
    assert_int_equal(found->clusters, p.clusters);
    if (p.n == 0) {
        assert_true(isnan(found->ami[0]) && isnan(found->nmi[3]) && isnan(found->ari) && isnan(found->ri) &&
                    isnan(found->v_measure));
        free(p.cell);
        return;
    }
    long double h1 = plain_entropy(p.a, p.classes, n), h2 = plain_entropy(p.b, p.clusters, n);
    long double mi = plain_mi(&p), emi = plain_emi(&p);
    plain_pairs(&p, &ari, &fmi, found);
    near(s, "H(classes)", h1, found->h_classes, 2e-15L);
    near(s, "H(clusters)", h2, found->h_clusters, 2e-15L);
    near(s, "MI", mi, found->mi, 4e-15L);
    near(s, "EMI", emi, found->emi, 4e-15L);
    near(s, "ARI", ari, found->ari, 1e-13L);
    near(s, "FMI", fmi, found->fmi, 1e-13L);
    long double homogeneity = h1 > 0 ? mi / h1 : 1, completeness = h2 > 0 ? mi / h2 : 1;
    near(s, "homogeneity", homogeneity, found->homogeneity, 1e-12L);
    near(s, "completeness", completeness, found->completeness, 1e-12L);
    near(s, "V", homogeneity + completeness > 0 ? 2 * homogeneity * completeness / (homogeneity + completeness) : 0,
         found->v_measure, 1e-12L);
    check_averages(s, &p, found, mi, emi, h1, h2);
    free(p.cell);
}

/* --- Shapes */
static int32_t draw(zsc_stream *r, int kind, size_t parts, size_t row)
{
    static const int32_t wild[] = {INT32_MIN, INT32_MAX, 0, -1, 7, -1000000, 1000000};
    double u = zsc_stream_uniform(r);
    switch (kind) {
    case 0: return 0;
    case 1: return (int32_t)row;
    case 2: return (int32_t)((double)parts * u);
    case 3: return (int32_t)((double)parts * u * u * u * u); /* few large, many small */
    case 4: return u < 0.02 ? (int32_t)(row + 1) : 0;        /* nearly one part */
    case 5: return (int32_t)(row % parts);
    case 6: return (int32_t)(row / parts);
    case 7: return wild[(size_t)(7 * u)];
    case 8: return (int32_t)(INT32_MAX - 65536 * (int32_t)(20 * u)); /* sparse: codes by hashing */
    default: return u < 0.3 ? -1 : (int32_t)((double)parts * u);     /* missing */
    }
}

static void make_shape(size_t number, shape *s)
{
    enum { KINDS = 10 };
    zsc_stream r = zsc_stream_open(4, ZSC_RANDOM_TEST, number);
    size_t most = number % 3 == 0 ? 12 : MOST_ROWS;
    s->n = (size_t)zsc_stream_below(&r, number % 50 == 0 ? 3 : most + 1);
    size_t parts[2] = {1 + (size_t)zsc_stream_below(&r, s->n + 2), 1 + (size_t)zsc_stream_below(&r, s->n + 2)};
    int kind[2] = {(int)zsc_stream_below(&r, KINDS), (int)zsc_stream_below(&r, KINDS)};
    bool alike = zsc_stream_below(&r, 3) == 0;
    s->missing = zsc_stream_below(&r, 2) ? ZSC_MISSING_CLASS : ZSC_MISSING_DROP;
    for (size_t i = 0; i < s->n; i++) {
        s->labels[i] = draw(&r, kind[0], parts[0], i);
        s->clusters[i] = alike && zsc_stream_uniform(&r) < 0.9 ? s->labels[i] : draw(&r, kind[1], parts[1], i);
    }
    snprintf(s->name, sizeof s->name, "shape %zu: %zu rows, kinds %d and %d, %zu and %zu parts", number, s->n, kind[0],
             kind[1], parts[0], parts[1]);
}

static void test_scores_equal_plain_code(void **state)
{
    (void)state;
    const char *only = getenv("ZSC_TEST_ONLY");
    size_t first = only ? strtoul(only, NULL, 10) : 0;
    size_t last = only ? first + 1 : check_cases(SHAPES);
    for (size_t number = first; number < last; number++) {
        shape s;
        make_shape(number, &s);
        zsc_scores one, two;
        zsc_exec exec = {.threads = 1};
        assert_int_equal(zsc_score(s.labels, s.clusters, s.n, s.missing, &exec, &one), ZSC_OK);
        check_scores(&s, &one);
        exec.threads = 3;
        assert_int_equal(zsc_score(s.labels, s.clusters, s.n, s.missing, &exec, &two), ZSC_OK);
        assert_memory_equal(&one, &two, sizeof one);
    }
}

/* Each number as another of 64 bits: the same scores where no label is missing, also below 0. */
static void test_wide_labels(void **state)
{
    (void)state;
    for (size_t number = 0; number < check_cases(SHAPES / 10); number++) {
        shape s;
        make_shape(number, &s);
        int64_t labels[MOST_ROWS], clusters[MOST_ROWS];
        int32_t codes[MOST_ROWS], values[MOST_ROWS];
        size_t count = 0;
        for (size_t i = 0; i < s.n; i++) {
            codes[i] = find(values, &count, s.labels[i]);
            labels[i] = (int64_t)s.labels[i] * INT64_C(-4294967295) - 1;
            clusters[i] = (int64_t)s.clusters[i] + INT64_C(1) * INT32_MAX * INT32_MAX;
        }
        zsc_scores narrow, wide;
        assert_int_equal(zsc_score(codes, s.clusters, s.n, ZSC_MISSING_DROP, NULL, &narrow), ZSC_OK);
        assert_int_equal(zsc_score_i64(labels, clusters, s.n, NULL, &wide), ZSC_OK);
        assert_memory_equal(&narrow, &wide, sizeof wide);
        assert_int_equal(wide.missing, 0);
    }
    zsc_scores untouched = {.rows = 9};
    assert_int_equal(zsc_score_i64(NULL, NULL, (size_t)1 << 40, NULL, &untouched), ZSC_EUSAGE);
    assert_int_equal(untouched.rows, 9);
}

/* One pair of parts as its definition has it: k log(n k / (a b)) weighted by the hypergeometric distribution, in long
 * double, over every k within 14 standard deviations and 60 of the mean. */
static long double plain_cell(long double n, long double a, long double b)
{
    long double least = a + b > n ? a + b - n : 0, most = a < b ? a : b, mean = a * b / n,
                reach = 14 * sqrtl(mean) + 60;
    long double mode = floorl((a + 1) * (b + 1) / (n + 2)), total = 0, sum = 0, w = 1;
    for (long double k = mode; k <= most && k < mean + reach; k++) {
        total += w;
        if (k > 0) sum += w * k * log1pl((k * n - a * b) / (a * b)); /* the products are exact */
        w *= (a - k) * (b - k) / ((k + 1) * (n - a - b + k + 1));
    }
    w = 1;
    for (long double k = mode; k > least && k > mean - reach; k--) {
        w *= k * (n - a - b + k) / ((a - k + 1) * (b - k + 1));
        total += w;
        if (k > 1) sum += w * (k - 1) * log1pl(((k - 1) * n - a * b) / (a * b));
    }
    return sum / total;
}

/* Small and large means up to 10 million rows, and parts of nearly all rows. */
static void test_cells_of_large_parts(void **state)
{
    (void)state;
    static const size_t rows[] = {1000, 47260, 1000000, 10000000};
    zsc_emi *emi = malloc(sizeof *emi);
    assert_non_null(emi);
    for (size_t i = 0; i < 4000; i++) {
        zsc_stream r = zsc_stream_open(10, ZSC_RANDOM_TEST, i);
        size_t n = rows[i % 4];
        double most = log((double)n);
        size_t a = (size_t)exp(most * (1 - 0.5 * zsc_stream_uniform(&r))),
               b = (size_t)exp(most * (1 - zsc_stream_uniform(&r)));
        if (i % 5 == 0) a = n - 1 - (size_t)zsc_stream_below(&r, 100);
        if (a < 1 || b < 1 || a >= n || b >= n) continue;
        zsc_emi_make(emi, n);
        long double expected = plain_cell((long double)n, (long double)a, (long double)b);
        double found = zsc_emi_cell(emi, a, b);
        /* Where parts hold nearly all rows, long double loses digits of its own in what cancels: 1e-18. */
        if (!(fabsl(found - expected) <= 2e-13L * expected + 1e-18L))
            fail_msg("cell of %zu and %zu among %zu rows: %.17g, expected %.17Lg", a, b, n, found, expected);
    }
    free(emi);
}

/* Enough pairs of sizes that several threads share them. */
static void test_threads_change_nothing(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    int32_t *labels = malloc(ROWS * sizeof *labels), *clusters = malloc(ROWS * sizeof *clusters);
    assert_true(labels && clusters);
    zsc_stream r = zsc_stream_open(5, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] = (int32_t)(100 / (zsc_stream_uniform(&r) + 1e-3));
        clusters[i] = zsc_stream_below(&r, 2) ? labels[i] : (int32_t)(200 / (zsc_stream_uniform(&r) + 1e-3));
    }
    zsc_scores first;
    for (int threads = 1; threads <= 4; threads++) {
        zsc_exec exec = {.threads = threads};
        zsc_scores scores;
        assert_int_equal(zsc_score(labels, clusters, ROWS, ZSC_MISSING_DROP, &exec, &scores), ZSC_OK);
        if (threads == 1) first = scores;
        assert_memory_equal(&first, &scores, sizeof first);
    }
    assert_true(first.classes > 1000 && first.ami[0] > 0.1 && first.ami[0] < 0.9);
    free(labels);
    free(clusters);
}

/* --- Curves */
enum { TREES = 1000 };

/* A dendrogram of any shape: merges of clusters drawn at random, of the two last ones (a chain), or of the smallest. */
static void make_tree(zsc_stream *r, size_t n, int kind, double *z)
{
    size_t alive[MOST_ROWS], count = n;
    for (size_t i = 0; i < n; i++) alive[i] = i;
    for (size_t j = 0; j + 1 < n; j++) {
        size_t a = kind == 0 ? (size_t)zsc_stream_below(r, count) : kind == 1 ? count - 1 : 0;
        size_t first = alive[a];
        memmove(alive + a, alive + a + 1, (--count - a) * sizeof *alive);
        size_t b = kind == 0 ? (size_t)zsc_stream_below(r, count) : kind == 1 ? count - 1 : 0;
        size_t second = alive[b];
        memmove(alive + b, alive + b + 1, (count - 1 - b) * sizeof *alive);
        alive[count - 1] = n + j;
        z[4 * j] = (double)(first < second ? first : second);
        z[4 * j + 1] = (double)(first < second ? second : first);
        z[4 * j + 2] = (double)j;
        z[4 * j + 3] = 2; /* not read */
    }
}

/* label[i] of each row becomes the node that holds it after merge j. */
static void merge_labels(const double *z, size_t n, size_t j, int32_t *label)
{
    for (size_t i = 0; i < n; i++)
        if ((double)label[i] == z[4 * j] || (double)label[i] == z[4 * j + 1]) label[i] = (int32_t)(n + j);
}

/* The best is the highest point, that of the fewest clusters where several are as high. */
static void check_best(const shape *s, const zsc_curve *curve)
{
    if (curve->rows == 0 || curve->classes == 1) {
        assert_true(curve->best_clusters == 0 && isnan(curve->best_ami));
        return;
    }
    assert_true(curve->best_ami == curve->ami[curve->best_clusters - 1]);
    for (size_t k = 1; k <= s->n; k++)
        assert_true(isnan(curve->ami[k - 1]) || curve->ami[k - 1] < curve->best_ami ||
                    (curve->ami[k - 1] == curve->best_ami && k >= curve->best_clusters));
}

static void check_curve(const shape *s, const double *z)
{
    int32_t label[MOST_ROWS];
    zsc_curve curve, again;
    zsc_exec exec = {.threads = 1};
    assert_int_equal(zsc_ami_curve(z, s->n, s->labels, s->missing, &exec, &curve), ZSC_OK);
    exec.threads = 3;
    assert_int_equal(zsc_ami_curve(z, s->n, s->labels, s->missing, &exec, &again), ZSC_OK);
    assert_memory_equal(curve.ami, again.ami, s->n * sizeof *curve.ami);
    for (size_t i = 0; i < s->n; i++) label[i] = (int32_t)i;
    for (size_t k = s->n; k > 0; k--) {
        zsc_scores scores;
        assert_int_equal(zsc_score(s->labels, label, s->n, s->missing, &exec, &scores), ZSC_OK);
        assert_int_equal(curve.rows, scores.rows);
        assert_int_equal(curve.missing, scores.missing);
        assert_int_equal(curve.classes, scores.classes);
        double range = (scores.h_classes + scores.h_clusters) / 2 - scores.emi;
        if (scores.rows == 0 || isnan(scores.ami[0]))
            assert_true(isnan(curve.ami[k - 1]));
        else if (!(fabs(scores.ami[0] - curve.ami[k - 1]) <= 1e-14 / (range > 1e-12 ? range : 1e-12)))
            fail_msg("%s: AMI at %zu clusters is %.17g, zsc_score has %.17g", s->name, k, curve.ami[k - 1],
                     scores.ami[0]);
        if (k > 1) merge_labels(z, s->n, s->n - k, label);
    }
    check_best(s, &curve);
    zsc_curve_free(&curve);
    zsc_curve_free(&again);
}

static void test_curve_equals_the_score_of_every_cut(void **state)
{
    (void)state;
    const char *only = getenv("ZSC_TEST_ONLY");
    size_t first = only ? strtoul(only, NULL, 10) : 0;
    size_t last = only ? first + 1 : check_cases(TREES);
    for (size_t number = first; number < last; number++) {
        shape s;
        double z[4 * MOST_ROWS];
        make_shape(number, &s);
        if (number % 10 && s.n > 40) s.n = 40;
        zsc_stream r = zsc_stream_open(6, ZSC_RANDOM_TEST, number);
        make_tree(&r, s.n, (int)(number % 3), z);
        check_curve(&s, z);
    }
}

/* A chain has clusters of all sizes, whose expectations are interpolated: against those that are computed one by one.
 */
static void test_curve_of_a_long_chain(void **state)
{
    (void)state;
    enum { LONG = 30000 };
    double *z = calloc(LONG - 1, 4 * sizeof *z);
    int32_t *labels = malloc(LONG * sizeof *labels), *label = malloc(LONG * sizeof *label);
    assert_true(z && labels && label);
    for (int kind = 0; kind < 3; kind++) {
        zsc_stream r = zsc_stream_open(8, ZSC_RANDOM_TEST, (uint64_t)kind);
        zsc_curve curve;
        for (size_t i = 0; i < LONG; i++) {
            double u = zsc_stream_uniform(&r);
            labels[i] = kind == 0   ? (int32_t)(900 * u * u * u)
                        : kind == 1 ? (int32_t)(u < 0.9 ? 0 : 5 * u)
                                    : (int32_t)(i / 20);
        }
        for (size_t j = 0; j + 1 < LONG; j++) {
            z[4 * j] = j ? (double)(LONG + j - 1) : 0;
            z[4 * j + 1] = (double)(j + 1);
        }
        assert_int_equal(zsc_ami_curve(z, LONG, labels, ZSC_MISSING_DROP, NULL, &curve), ZSC_OK);
        for (size_t cut = 0; cut < 60; cut++) {
            size_t k = cut < 20   ? cut + 1
                       : cut < 40 ? LONG - (cut - 20) * (cut - 20)
                                  : 1 + (size_t)zsc_stream_below(&r, LONG);
            for (size_t i = 0; i < LONG; i++) label[i] = i <= LONG - k ? 0 : (int32_t)i;
            zsc_scores s;
            assert_int_equal(zsc_score(labels, label, LONG, ZSC_MISSING_DROP, NULL, &s), ZSC_OK);
            if (!(fabs(s.ami[0] - curve.ami[k - 1]) < 1e-11))
                fail_msg("chain %d: AMI at %zu clusters is %.17g, zsc_score has %.17g", kind, k, curve.ami[k - 1],
                         s.ami[0]);
        }
        zsc_curve_free(&curve);
    }
    free(z);
    free(labels);
    free(label);
}

/* What a whole octave agrees on where it is checked, it agrees on everywhere. */
static void test_shares_of_every_size(void **state)
{
    (void)state;
    enum { ALL = 12000 };
    static int32_t size[ALL], histogram[ALL + 1];
    static double share[ALL];
    static const double power[] = {1, 4, 0.2};
    for (int kind = 0; kind < 3; kind++) {
        zsc_emi *emi = malloc(sizeof *emi);
        zsc_sizes others;
        zsc_stream r = zsc_stream_open(9, ZSC_RANDOM_TEST, (uint64_t)kind);
        assert_non_null(emi);
        memset(histogram, 0, sizeof histogram);
        for (size_t left = ALL; left > 0;) {
            size_t s = 1 + (size_t)(400 * pow(zsc_stream_uniform(&r), power[kind]));
            if (s > left) s = left;
            histogram[s]++;
            left -= s;
        }
        assert_int_equal(zsc_sizes_make(histogram, ALL, &others), ZSC_OK);
        zsc_emi_make(emi, ALL);
        for (size_t i = 0; i < ALL; i++) size[i] = (int32_t)i + 1;
        assert_int_equal(zsc_emi_by_size(emi, size, ALL, &others, NULL, share), ZSC_OK);
        for (size_t i = 0; i < ALL; i += 7) {
            double exact = zsc_emi_cluster(emi, i + 1, &others);
            if (!(fabs(share[i] - exact) <= 1e-11 * fabs(exact) + 1e-11))
                fail_msg("sizes %d: share of %zu rows is %.17g, expected %.17g", kind, i + 1, share[i], exact);
        }
        zsc_sizes_free(&others);
        free(emi);
    }
}

static void test_curve_refuses_what_is_no_dendrogram(void **state)
{
    (void)state;
    static const int32_t labels[] = {0, 0, 1, 1};
    static const double bad[][12] = {
        {0, 1, 0, 2, 2, 6, 0, 2, 4, 5, 0, 4}, /* a cluster that is not there yet */
        {0, 1, 0, 2, 0, 2, 0, 2, 4, 5, 0, 4}, /* merged twice */
        {0, 1, 0, 2, 2, 2, 0, 2, 4, 5, 0, 4}, /* with itself */
        {0, 1, 0, 2, -1, 2, 0, 2, 4, 5, 0, 4},  {0, 0.5, 0, 2, 2, 3, 0, 2, 4, 5, 0, 4},
        {0, NAN, 0, 2, 2, 3, 0, 2, 4, 5, 0, 4},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        zsc_curve curve = {.n = 77};
        assert_int_equal(zsc_ami_curve(bad[i], 4, labels, ZSC_MISSING_DROP, NULL, &curve), ZSC_EINPUT);
        assert_int_equal(curve.n, 77);
        assert_non_null(strstr(zsc_error_message(), "linkage matrix"));
    }
}

/* --- Internal scores */
enum { CLOUDS = 400, MOST_DIM = 9 };

static double distance_of(const float *a, const float *b, size_t d)
{
    double square = 0;
    for (size_t j = 0; j < d; j++) square += ((double)a[j] - b[j]) * ((double)a[j] - b[j]);
    return sqrt(square);
}

static double plain_silhouette(const float *x, size_t d, const plain *p, double *each)
{
    double total = 0;
    for (size_t i = 0; i < p->n; i++) {
        double sum[MOST_ROWS] = {0}, least = INFINITY, own = 0;
        for (size_t j = 0; j < p->n; j++) sum[p->class_of[j]] += distance_of(x + i * d, x + j * d, d);
        for (size_t c = 0; c < p->classes; c++) {
            if ((int32_t)c == p->class_of[i])
                own = sum[c] / ((double)p->a[c] - 1);
            else if (sum[c] / (double)p->a[c] < least)
                least = sum[c] / (double)p->a[c];
        }
        each[i] = p->a[p->class_of[i]] > 1 && fmax(own, least) > 0 ? (least - own) / fmax(own, least) : 0;
        total += each[i];
    }
    return total / (double)p->n;
}

static void plain_means(const float *x, size_t d, const plain *p, double mean[][MOST_DIM], double *all)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < d; j++) {
            mean[p->class_of[i]][j] += x[i * d + j] / (double)p->a[p->class_of[i]];
            all[j] += x[i * d + j] / (double)p->n;
        }
}

static double span(const double *a, const double *b, size_t d)
{
    double square = 0;
    for (size_t j = 0; j < d; j++) square += (a[j] - b[j]) * (a[j] - b[j]);
    return square;
}

static void plain_spread(const float *x, size_t d, const plain *p, double *davies_bouldin, double *calinski_harabasz)
{
    double mean[MOST_ROWS][MOST_DIM] = {{0}}, all[MOST_DIM] = {0}, spread[MOST_ROWS] = {0}, within = 0, between = 0;
    plain_means(x, d, p, mean, all);
    for (size_t i = 0; i < p->n; i++) {
        double row[MOST_DIM];
        for (size_t j = 0; j < d; j++) row[j] = x[i * d + j];
        double square = span(row, mean[p->class_of[i]], d);
        within += square;
        spread[p->class_of[i]] += sqrt(square) / (double)p->a[p->class_of[i]];
    }
    *davies_bouldin = 0;
    for (size_t c = 0; c < p->classes; c++) {
        double most = 0;
        between += (double)p->a[c] * span(mean[c], all, d);
        for (size_t e = 0; e < p->classes; e++)
            if (e != c) most = fmax(most, (spread[c] + spread[e]) / sqrt(span(mean[c], mean[e], d)));
        *davies_bouldin += most / (double)p->classes;
    }
    *calinski_harabasz = between * (double)(p->n - p->classes) / (within * (double)(p->classes - 1));
}

/* labels: of n rows, of which p has those with a label, in order. */
static void check_silhouettes(const float *x, const double *wide, size_t n, size_t d, const int32_t *labels,
                              const double *expected)
{
    double one[MOST_ROWS], two[MOST_ROWS];
    assert_int_equal(zsc_silhouette_samples(x, n, d, labels, NULL, one), ZSC_OK);
    assert_int_equal(zsc_silhouette_samples_f64(wide, n, d, labels, NULL, two), ZSC_OK);
    for (size_t i = 0, kept = 0; i < n; i++) {
        if (labels[i] < 0) {
            assert_true(isnan(one[i]) && isnan(two[i]));
        } else {
            assert_true(fabs(one[i] - expected[kept++]) < 1e-9);
            assert_true(one[i] == two[i]);
        }
    }
}

static void test_internal_scores_equal_plain_code(void **state)
{
    (void)state;
    for (size_t number = 0; number < CLOUDS; number++) {
        shape s;
        float x[MOST_ROWS * MOST_DIM], kept[MOST_ROWS * MOST_DIM];
        double wide[MOST_ROWS * MOST_DIM];
        plain p;
        make_shape(number, &s);
        s.missing = ZSC_MISSING_DROP;
        zsc_stream r = zsc_stream_open(7, ZSC_RANDOM_TEST, number);
        size_t d = 1 + (size_t)zsc_stream_below(&r, MOST_DIM), rows = 0;
        double offset = number % 4 == 0 ? 1000 : 0;
        for (size_t i = 0; i < s.n; i++)
            for (size_t j = 0; j < d; j++)
                x[i * d + j] = (float)(offset + zsc_stream_normal(&r) + 3 * (s.labels[i] % 5));
        for (size_t i = 0; i < s.n; i++)
            if (s.labels[i] >= 0) memcpy(kept + d * rows++, x + i * d, d * sizeof *x);
        plain_table(&s, &p);
        zsc_internal_scores one, two;
        zsc_exec exec = {.threads = 1};
        assert_int_equal(zsc_score_internal(x, s.n, d, s.labels, &exec, &one), ZSC_OK);
        exec.threads = 3;
        assert_int_equal(zsc_score_internal(x, s.n, d, s.labels, &exec, &two), ZSC_OK);
        assert_memory_equal(&one, &two, sizeof one);
        for (size_t i = 0; i < s.n * d; i++) wide[i] = (double)x[i];
        assert_int_equal(zsc_score_internal_f64(wide, s.n, d, s.labels, &exec, &two), ZSC_OK);
        assert_memory_equal(&one, &two, sizeof one);
        if (p.classes < 2 || p.classes == p.n) {
            assert_true(isnan(one.silhouette) && isnan(one.davies_bouldin) && isnan(one.calinski_harabasz));
            double none[MOST_ROWS] = {77};
            assert_int_equal(zsc_silhouette_samples(x, s.n, d, s.labels, NULL, none), ZSC_EUSAGE);
            assert_true(none[0] == 77);
        } else {
            double davies_bouldin, calinski_harabasz, each[MOST_ROWS];
            plain_spread(kept, d, &p, &davies_bouldin, &calinski_harabasz);
            near(&s, "silhouette", plain_silhouette(kept, d, &p, each), one.silhouette, 1e-9L);
            check_silhouettes(x, wide, s.n, d, s.labels, each);
            near(&s, "Davies-Bouldin", davies_bouldin, one.davies_bouldin, 1e-8L);
            near(&s, "Calinski-Harabasz", calinski_harabasz, one.calinski_harabasz, 1e-9L);
        }
        free(p.cell);
    }
}

/* All rows alike, and clusters of repeated rows: what scikit-learn's special cases say. */
static void test_internal_scores_of_repeated_rows(void **state)
{
    (void)state;
    const float same[] = {0.1f, 0.7f, 0.1f, 0.7f, 0.1f, 0.7f, 0.1f, 0.7f, 0.1f, 0.7f};
    const float pairs[] = {0.1f, 0.7f, 0.1f, 0.7f, 0.1f, 0.7f, 5.3f, 0.7f, 5.3f, 0.7f};
    const int32_t labels[] = {3, 3, 3, 9, 9};
    zsc_internal_scores s;
    assert_int_equal(zsc_score_internal(same, 5, 2, labels, NULL, &s), ZSC_OK);
    assert_true(s.silhouette == 0 && s.davies_bouldin == 0 && s.calinski_harabasz == 1);
    assert_int_equal(zsc_score_internal(pairs, 5, 2, labels, NULL, &s), ZSC_OK);
    assert_true(s.silhouette == 1 && s.davies_bouldin == 0 && s.calinski_harabasz == 1);
}

/* --- Chance: all assignments of the rows, one by one */
typedef struct assignments {
    double observed, squares, count, reached;
} assignments;

static void visit_assignments(assignments *a, shape *s, size_t k)
{
    if (k + 1 >= s->n) {
        zsc_scores scores;
        assert_int_equal(zsc_score(s->labels, s->clusters, s->n, s->missing, NULL, &scores), ZSC_OK);
        a->squares += scores.ami[ZSC_ARITHMETIC] * scores.ami[ZSC_ARITHMETIC];
        a->count++;
        a->reached += scores.mi >= a->observed - 1e-9;
        return;
    }
    for (size_t i = k; i < s->n; i++) {
        int32_t first = s->clusters[k];
        s->clusters[k] = s->clusters[i];
        s->clusters[i] = first;
        visit_assignments(a, s, k + 1);
        s->clusters[i] = s->clusters[k];
        s->clusters[k] = first;
    }
}

static void test_chance_equals_all_assignments(void **state)
{
    (void)state;
    enum { B = 4000, CASES = 12 };
    for (uint64_t c = 0; c < CASES; c++) {
        zsc_stream stream = zsc_stream_open(c, ZSC_RANDOM_TEST, 77);
        shape s = {.n = 4 + c % 4, .missing = ZSC_MISSING_DROP};
        for (size_t i = 0; i < s.n; i++) {
            s.labels[i] = (int32_t)zsc_stream_below(&stream, 2 + c % 2);
            s.clusters[i] = (int32_t)zsc_stream_below(&stream, 3) - 1;
        }
        s.labels[0] = 0;
        s.labels[1] = 1;
        zsc_scores observed;
        zsc_chance chance, again;
        zsc_exec one = {.threads = 1}, three = {.threads = 3};
        assert_int_equal(zsc_score(s.labels, s.clusters, s.n, s.missing, NULL, &observed), ZSC_OK);
        assert_int_equal(zsc_score_chance(s.labels, s.clusters, s.n, s.missing, B, c, &one, &chance), ZSC_OK);
        assert_int_equal(zsc_score_chance(s.labels, s.clusters, s.n, s.missing, B, c, &three, &again), ZSC_OK);
        assert_memory_equal(&chance, &again, sizeof chance);
        if (isnan(observed.ami[ZSC_ARITHMETIC])) {
            assert_true(isnan(chance.sd) && isnan(chance.p_value));
            continue;
        }
        assignments all = {.observed = observed.mi};
        visit_assignments(&all, &s, 0);
        double sd = sqrt(all.squares / all.count), p = all.reached / all.count;
        double p_error = sqrt(p * (1 - p) / B);
        if (fabs(chance.sd - sd) > 0.1 * sd + 1e-12 || fabs(chance.p_value - p) > 5 * p_error + 1.0 / B)
            fail_msg("case %d: sd %g, expected %g; p %g, expected %g", (int)c, chance.sd, sd, chance.p_value, p);
    }
}

/* Rows without a label take no part, and no permutations give no numbers. */
static void test_chance_of_the_rows_scored(void **state)
{
    (void)state;
    const int32_t labels[] = {0, 0, 1, 1, -1, -1, 0, 1}, clusters[] = {5, 5, 6, 6, 5, 7, 6, 5};
    const int32_t scored_labels[] = {0, 0, 1, 1, 0, 1}, scored_clusters[] = {5, 5, 6, 6, 6, 5};
    zsc_chance all, scored, none;
    assert_int_equal(zsc_score_chance(labels, clusters, 8, ZSC_MISSING_DROP, 200, 1, NULL, &all), ZSC_OK);
    assert_int_equal(zsc_score_chance(scored_labels, scored_clusters, 6, ZSC_MISSING_DROP, 200, 1, NULL, &scored),
                     ZSC_OK);
    assert_true(all.sd == scored.sd && all.p_value == scored.p_value && all.permutations == 200);
    assert_int_equal(zsc_score_chance(labels, clusters, 8, ZSC_MISSING_DROP, 0, 1, NULL, &none), ZSC_OK);
    assert_true(isnan(none.sd) && isnan(none.p_value) && none.permutations == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_equal_plain_code),
        cmocka_unit_test(test_cells_of_large_parts),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_curve_equals_the_score_of_every_cut),
        cmocka_unit_test(test_curve_of_a_long_chain),
        cmocka_unit_test(test_shares_of_every_size),
        cmocka_unit_test(test_curve_refuses_what_is_no_dendrogram),
        cmocka_unit_test(test_chance_equals_all_assignments),
        cmocka_unit_test(test_chance_of_the_rows_scored),
        cmocka_unit_test(test_wide_labels),
        cmocka_unit_test(test_internal_scores_equal_plain_code),
        cmocka_unit_test(test_internal_scores_of_repeated_rows),
    };
    return cmocka_run_group_tests_name("property: metrics", tests, NULL, NULL);
}
