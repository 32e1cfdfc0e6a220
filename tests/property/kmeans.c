/* k-means against its plain definition, on random and awkward shapes: k-means++ and Lloyd's iterations over all pairs
 * of rows and centres, in the same precision. Without instruction sets beyond the plain one both add in the same order,
 * so that labels, centres and iterations must be equal to the last bit. With other sets, each row must be at its
 * nearest centre, to the rounding of distances, and each centre in the middle of its rows. Threads must not change a
 * byte.
 *
 * ZSC_CHECK_LONG=100 runs 100 times as many cases; ZSC_CHECK_CASE=17 runs case 17 alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/isa.h"
#include "base/memory.h"
#include "base/random.h"
#include "kmeans/plus_plus.h"
#include "zsc/zsc.h"

enum { CASES = 160, ROWS_MOST = 700 };

typedef enum kind { GAUSS, BLOBS, LINE, GRID, REPEATED, EQUAL, OUTLIERS, HUGE_NUMBERS, TINY_NUMBERS, KINDS } kind;
static const char *const kind_name[KINDS] = {"gauss",     "blobs",    "line",         "grid",        "repeated rows",
                                             "all equal", "outliers", "huge numbers", "tiny numbers"};

static float draw(zsc_stream *r, kind k, size_t i, size_t j)
{
    zsc_stream centre = zsc_stream_open(7, ZSC_RANDOM_TEST, 1000 * (i % 13) + j);
    switch (k) {
    case BLOBS: return (float)(8 * zsc_stream_normal(&centre) + zsc_stream_normal(r));
    case LINE: return (float)(j ? 0 : zsc_stream_uniform(r) * 100);
    case GRID: return (float)zsc_stream_below(r, 5);
    case REPEATED: return (float)(3 * zsc_stream_normal(&centre));
    case EQUAL: return 1.5F;
    case OUTLIERS: return (float)(zsc_stream_normal(r) * (i % 20 == 0 ? 1000 : 1));
    case HUGE_NUMBERS: return (float)(zsc_stream_normal(r) * 3e37);
    case TINY_NUMBERS: return (float)(zsc_stream_normal(r) * 1e-36);
    default: return (float)zsc_stream_normal(r);
    }
}

typedef struct data {
    size_t n, d;
    kind kind;
    float *x;
} data;

static data make(zsc_stream *r, kind k, size_t n, size_t d)
{
    data out = {n, d, k, calloc(n * d + 1, sizeof(float))};
    assert_non_null(out.x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) out.x[i * d + j] = draw(r, k, i, j);
    return out;
}

/* --- The plain definition, in coordinates scaled by 2^-exponent. */
typedef struct plain {
    size_t n, d, k, iterations;
    float *x, *centre;
    float *square;
    int32_t *label;
    bool converged;
} plain;

static float plain_square(const float *a, const float *b, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++) {
        float gap = a[j] - b[j];
        sum = fmaf(gap, gap, sum); /* as the kernels, on every processor */
    }
    return sum;
}

static size_t plain_assign(plain *p)
{
    size_t changed = 0;
    for (size_t i = 0; i < p->n; i++) {
        int32_t best = 0;
        float least = INFINITY;
        for (size_t c = 0; c < p->k; c++) {
            float square = plain_square(p->x + i * p->d, p->centre + c * p->d, p->d);
            if (square < least) least = square, best = (int32_t)c;
        }
        changed += p->label[i] != best;
        p->label[i] = best;
        p->square[i] = least;
    }
    return changed;
}

/* Empty clusters take the farthest rows one after the other; true if any did. */
static bool plain_relocate(plain *p, int32_t *label)
{
    size_t *rows = calloc(p->k, sizeof *rows), empty = 0, tried = 0;
    bool *used = calloc(p->n, sizeof *used), any = false, *alone = calloc(p->n, sizeof *alone);
    assert_true(rows && used && alone);
    for (size_t i = 0; i < p->n; i++) rows[label[i]]++;
    for (size_t c = 0; c < p->k; c++) empty += rows[c] == 0;
    for (size_t i = 0; i < p->n; i++) alone[i] = rows[label[i]] < 2;
    for (size_t c = 0; c < p->k; c++) {
        if (rows[c]) continue;
        size_t far = p->n;
        do {
            far = p->n;
            for (size_t i = 0; i < p->n && tried < empty; i++)
                if (!used[i] && !alone[i] && p->square[i] > 0 && (far == p->n || p->square[i] > p->square[far]))
                    far = i;
            if (far < p->n) used[far] = true, tried++;
        } while (far < p->n && rows[label[far]] < 2);
        if (far == p->n) break;
        rows[label[far]]--;
        rows[c] = 1;
        label[far] = (int32_t)c;
        any = true;
    }
    free(rows);
    free(used);
    free(alone);
    return any;
}

static double plain_update(plain *p, const int32_t *label)
{
    double total = 0, *sum = calloc(p->d + 1, sizeof *sum);
    assert_non_null(sum);
    for (size_t c = 0; c < p->k; c++) {
        size_t rows = 0;
        memset(sum, 0, p->d * sizeof *sum);
        for (size_t i = 0; i < p->n; i++) {
            if (label[i] != (int32_t)c) continue;
            rows++;
            for (size_t j = 0; j < p->d; j++) sum[j] += (double)p->x[i * p->d + j];
        }
        for (size_t j = 0; rows && j < p->d; j++) {
            float mean = (float)(sum[j] / (double)rows), *at = p->centre + c * p->d + j;
            total += ((double)mean - (double)*at) * ((double)mean - (double)*at);
            *at = mean;
        }
    }
    free(sum);
    return total;
}

static double plain_tolerance(const plain *p, double tol)
{
    double total = 0;
    for (size_t j = 0; j < p->d; j++) {
        double mean = 0, squares = 0;
        for (size_t i = 0; i < p->n; i++) mean += (double)p->x[i * p->d + j] / (double)p->n;
        for (size_t i = 0; i < p->n; i++) squares += pow((double)p->x[i * p->d + j] - mean, 2);
        total += squares / (double)p->n;
    }
    return tol * total / (double)p->d;
}

static void plain_lloyd(plain *p, const zsc_kmeans_options *o)
{
    int32_t *label = malloc(p->n * sizeof *label);
    assert_non_null(label);
    double least = plain_tolerance(p, o->tol);
    bool relocated = false;
    for (size_t i = 0; i < p->n; i++) p->label[i] = -1;
    for (p->iterations = 0; !p->converged && p->iterations < o->max_iter;) {
        size_t changed = plain_assign(p);
        p->iterations++;
        if (changed == 0 && !relocated) {
            p->converged = true;
            break;
        }
        memcpy(label, p->label, p->n * sizeof *label);
        relocated = plain_relocate(p, label);
        p->converged = plain_update(p, label) <= least;
        if (p->converged) break;
    }
    plain_assign(p);
    free(label);
}

static int exponent_of(const data *t, const float *init, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < t->n * t->d; i++) most = fmaxf(most, fabsf(t->x[i]));
    for (size_t i = 0; init && i < count; i++) most = fmaxf(most, fabsf(init[i]));
    return most > 0 ? ilogbf(most) : 0;
}

static void scale(const float *from, size_t count, int exponent, float *to)
{
    for (size_t i = 0; i < count; i++) to[i] = (float)ldexp((double)from[i], -exponent);
}

static plain plain_make(const data *t, const float *init, size_t k, int exponent)
{
    plain p = {.n = t->n, .d = t->d, .k = k};
    p.x = malloc((t->n * t->d + 1) * sizeof *p.x);
    p.centre = malloc((k * t->d + 1) * sizeof *p.centre);
    p.square = malloc(t->n * sizeof *p.square);
    p.label = malloc(t->n * sizeof *p.label);
    assert_true(p.x && p.centre && p.square && p.label);
    scale(t->x, t->n * t->d, exponent, p.x);
    scale(init, k * t->d, exponent, p.centre);
    return p;
}

static void plain_free(plain *p)
{
    free(p->x);
    free(p->centre);
    free(p->square);
    free(p->label);
}

/* --- Lloyd's iterations from given centres */
static size_t several_iterations;

static void compare_with_plain(const data *t, const zsc_kmeans_options *o)
{
    zsc_kmeans out = {0};
    zsc_isa_force(ZSC_ISA_PLAIN);
    assert_int_equal(zsc_kmeans_cluster_rows(t->x, t->n, t->d, o, NULL, &out), ZSC_OK);
    zsc_isa_force(ZSC_ISA_AVX512);
    int exponent = exponent_of(t, o->init, o->clusters * t->d);
    plain p = plain_make(t, o->init, o->clusters, exponent);
    plain_lloyd(&p, o);
    assert_int_equal(out.iterations, p.iterations);
    assert_int_equal(out.converged, p.converged);
    several_iterations += p.iterations > 3;
    int32_t *name = calloc(p.k, sizeof *name), names = 0;
    assert_non_null(name);
    double inertia = 0;
    for (size_t c = 0; c < p.k; c++) name[c] = -1;
    for (size_t i = 0; i < t->n; i++) /* by the first row of each */
        if (name[p.label[i]] < 0) name[p.label[i]] = names++;
    for (size_t c = 0; c < p.k; c++)
        for (size_t j = 0; j < t->d && name[c] >= 0; j++)
            assert_true(out.centre[(size_t)name[c] * t->d + j] ==
                        (float)ldexp((double)p.centre[c * t->d + j], exponent));
    for (size_t i = 0; i < t->n; i++) {
        assert_int_equal(out.label[i], name[p.label[i]]);
        inertia += ldexp((double)p.square[i], 2 * exponent);
    }
    assert_int_equal(out.clusters, names);
    assert_true(fabs(out.inertia - inertia) <= 1e-5 * inertia + 1e-300);
    free(name);
    plain_free(&p);
    zsc_kmeans_free(&out);
}

/* Each row at its nearest centre, and, where no label changed at last, each centre in the middle of its rows. */
static void check_result(const data *t, const zsc_kmeans *out, bool stable)
{
    double *sum = calloc(out->clusters * t->d + 1, sizeof *sum), most = 0;
    size_t *rows = calloc(out->clusters + 1, sizeof *rows);
    assert_true(sum && rows);
    for (size_t i = 0; i < t->n; i++) {
        double own = 0, least = INFINITY;
        assert_in_range(out->label[i], 0, out->clusters - 1);
        rows[out->label[i]]++;
        for (size_t c = 0; c < out->clusters; c++) {
            double square = 0;
            for (size_t j = 0; j < t->d; j++) {
                double gap = (double)t->x[i * t->d + j] - (double)out->centre[c * t->d + j];
                square += gap * gap;
            }
            least = fmin(least, square);
            if (out->label[i] == (int32_t)c) own = square;
        }
        /* distances of single precision; centres whose numbers do not reach it */
        assert_true(own <= least * (1 + 4e-6 * ((double)t->d + 16)) + 1e-80);
        for (size_t j = 0; j < t->d; j++) {
            sum[(size_t)out->label[i] * t->d + j] += (double)t->x[i * t->d + j];
            most = fmax(most, fabs((double)t->x[i * t->d + j]));
        }
    }
    for (size_t c = 0; c < out->clusters; c++) {
        assert_true(rows[c] > 0);
        for (size_t j = 0; stable && j < t->d; j++)
            assert_true(fabs(sum[c * t->d + j] / (double)rows[c] - (double)out->centre[c * t->d + j]) <= 1e-6 * most);
    }
    free(sum);
    free(rows);
}

static void check_threads(const data *t, const zsc_kmeans_options *o)
{
    for (int isa = ZSC_ISA_PLAIN; isa <= ZSC_ISA_AVX512; isa++) {
        zsc_kmeans first = {0};
        zsc_isa_force((zsc_isa)isa);
        for (int threads = 1; threads <= 3; threads++) {
            zsc_kmeans out = {0};
            assert_int_equal(zsc_kmeans_cluster_rows(t->x, t->n, t->d, o, &(zsc_exec){.threads = threads}, &out),
                             ZSC_OK);
            check_result(t, &out, out.converged && o->tol == 0);
            if (threads == 1) {
                first = out;
                continue;
            }
            assert_int_equal(out.clusters, first.clusters);
            assert_int_equal(out.iterations, first.iterations);
            assert_true(out.inertia == first.inertia);
            assert_memory_equal(out.label, first.label, t->n * sizeof *out.label);
            assert_memory_equal(out.centre, first.centre, out.clusters * t->d * sizeof *out.centre);
            zsc_kmeans_free(&out);
        }
        zsc_kmeans_free(&first);
    }
    zsc_isa_force(ZSC_ISA_AVX512);
}

/* Rows, or points that may be far from all rows, so that clusters are empty. */
static float *draw_centres(zsc_stream *r, const data *t, size_t k)
{
    bool rows = zsc_stream_below(r, 2);
    float *out = malloc((k * t->d + 1) * sizeof *out);
    assert_non_null(out);
    for (size_t c = 0; c < k; c++) {
        size_t i = zsc_stream_below(r, t->n);
        for (size_t j = 0; j < t->d; j++) out[c * t->d + j] = rows ? t->x[i * t->d + j] : 2 * draw(r, t->kind, i, j);
    }
    return out;
}

static size_t first_case(size_t *end)
{
    const char *one = getenv("ZSC_CHECK_CASE");
    size_t first = one ? strtoul(one, NULL, 10) : 0;
    *end = one ? first + 1 : check_cases(CASES);
    return first;
}

static void random_shapes(void **state)
{
    (void)state;
    size_t end, first = first_case(&end);
    for (size_t c = first; c < end; c++) {
        zsc_stream r = zsc_stream_open(12, ZSC_RANDOM_TEST, c);
        kind k = (kind)(c % KINDS);
        size_t n = 1 + zsc_stream_below(&r, c % 8 ? 120 : ROWS_MOST), d = 1 + zsc_stream_below(&r, k == GRID ? 3 : 40);
        data t = make(&r, k, n, d);
        zsc_kmeans_options o = zsc_kmeans_defaults();
        o.clusters = 1 + zsc_stream_below(&r, zsc_stream_below(&r, 3) ? n < 20 ? n : 20 : n);
        o.tol = zsc_stream_below(&r, 2) ? 0 : 1e-4;
        if (zsc_stream_below(&r, 4) == 0) o.max_iter = 1 + zsc_stream_below(&r, 4);
        print_message("case %zu: %s, %zu x %zu, %zu clusters\n", c, kind_name[k], n, d, o.clusters);
        float *init = draw_centres(&r, &t, o.clusters);
        o.init = init;
        compare_with_plain(&t, &o);
        if (c % 3 == 0) check_threads(&t, &o);
        o.init = NULL;
        o.seed = c;
        if (c % 3 == 1) check_threads(&t, &o);
        free(init);
        free(t.x);
    }
    print_message("%zu cases took more than three iterations\n", several_iterations);
    assert_true(end - first == 1 || several_iterations > end / 5);
}

/* --- k-means++ */
/* The place that `mass` falls on, of the squares in the tree's order. */
static size_t plain_place(const float *square, size_t n, double mass)
{
    size_t last = 0;
    for (size_t p = 0; p < n; p++) {
        if (!(square[p] > 0)) continue;
        last = p;
        if (mass < (double)square[p]) break;
        mass -= (double)square[p];
    }
    return last;
}

static void plain_plus_plus(const zsc_kmeans_tree *t, const plain *p, size_t k, uint64_t seed, float *centre)
{
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_KMEANS, 0);
    float *square = malloc(p->n * sizeof *square);
    assert_non_null(square);
    for (size_t i = 0; i < p->n; i++) square[i] = INFINITY;
    size_t next = (size_t)t->order[zsc_stream_below(&stream, p->n)], trials = 2 + (size_t)log((double)k);
    for (size_t c = 0; c < k; c++) {
        double total = 0, most = -1;
        memcpy(centre + c * p->d, p->x + next * p->d, p->d * sizeof *centre);
        for (size_t i = 0; i < p->n; i++) {
            const float *row = p->x + (size_t)t->order[i] * p->d;
            square[i] = fminf(square[i], plain_square(centre + c * p->d, row, p->d));
            total += (double)square[i];
        }
        for (size_t trial = 0; trial < trials; trial++) {
            size_t place = plain_place(square, p->n, zsc_stream_uniform(&stream) * total);
            double gain = 0;
            for (size_t i = 0; i < p->n; i++) {
                const float *row = p->x + (size_t)t->order[i] * p->d, *point = p->x + (size_t)t->order[place] * p->d;
                gain += fmax(0, (double)square[i] - (double)plain_square(point, row, p->d));
            }
            if (gain > most) most = gain, next = (size_t)t->order[place];
        }
    }
    free(square);
}

static void seeding(void **state)
{
    (void)state;
    size_t end, first = first_case(&end);
    for (size_t c = first; c < end; c += 3) {
        zsc_stream r = zsc_stream_open(13, ZSC_RANDOM_TEST, c);
        kind kinds[] = {GAUSS, BLOBS, OUTLIERS, TINY_NUMBERS}; /* gains do not tie */
        size_t n = 2 + zsc_stream_below(&r, ROWS_MOST), d = 2 + zsc_stream_below(&r, 30), made = 0;
        size_t k = 1 + zsc_stream_below(&r, n / 2);
        data t = make(&r, kinds[c / 3 % 4], n, d);
        zsc_kmeans_tree tree = {0};
        print_message("case %zu: %s, %zu x %zu, %zu centres\n", c, kind_name[t.kind], n, d, k);
        zsc_isa_force(ZSC_ISA_PLAIN);
        assert_int_equal(zsc_kmeans_tree_make(t.x, n, d, NULL, 0, NULL, &tree), ZSC_OK);
        plain p = plain_make(&t, t.x, k, tree.exponent);
        float *got = malloc(k * tree.width * sizeof *got);
        assert_non_null(got);
        assert_int_equal(zsc_kmeans_plus_plus(&tree, t.x, k, c, 0, NULL, got, &made), ZSC_OK);
        zsc_isa_force(ZSC_ISA_AVX512);
        plain_plus_plus(&tree, &p, k, c, p.centre);
        assert_int_equal(made, k);
        for (size_t i = 0; i < k; i++) assert_memory_equal(got + i * tree.width, p.centre + i * d, d * sizeof *got);
        zsc_kmeans_tree_free(&tree);
        plain_free(&p);
        free(got);
        free(t.x);
    }
}

static void fewer_distinct_rows(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(1, ZSC_RANDOM_TEST, 1);
    data t = make(&r, REPEATED, 500, 4); /* 13 distinct rows */
    zsc_kmeans_options o = zsc_kmeans_defaults();
    for (o.clusters = 12; o.clusters < 40; o.clusters++) {
        zsc_kmeans out = {0};
        assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, NULL, &out), ZSC_OK);
        assert_int_equal(out.clusters, o.clusters < 13 ? o.clusters : 13);
        assert_true(out.converged);
        assert_true((out.inertia == 0) == (o.clusters >= 13));
        for (size_t i = 13; i < t.n; i++) assert_int_equal(out.label[i], out.label[i - 13]);
        zsc_kmeans_free(&out);
    }
    /* the same from given centres, of which some are equal and some are far away */
    float init[20 * 4] = {0};
    for (size_t i = 0; i < 16; i++) init[i] = 1000;
    o.clusters = 20;
    o.init = init;
    zsc_kmeans out = {0};
    assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, NULL, &out), ZSC_OK);
    assert_int_equal(out.clusters, 13);
    assert_true(out.inertia == 0);
    zsc_kmeans_free(&out);
    free(t.x);
}

static void several_starts(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(2, ZSC_RANDOM_TEST, 1);
    data t = make(&r, GAUSS, 400, 5);
    zsc_kmeans_options o = zsc_kmeans_defaults();
    double least = INFINITY;
    for (o.n_init = 1; o.n_init < 8; o.n_init++) {
        zsc_kmeans out = {0};
        assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, NULL, &out), ZSC_OK);
        assert_true(out.inertia <= least);
        check_result(&t, &out, false);
        least = out.inertia;
        zsc_kmeans_free(&out);
    }
    o.n_init = 1;
    zsc_kmeans one = {0};
    assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, NULL, &one), ZSC_OK);
    assert_true(least < one.inertia);
    zsc_kmeans_free(&one);
    free(t.x);
}

static bool stop_at(void *counter, const char *stage, double done, double total)
{
    (void)stage;
    size_t *left = counter;
    assert_true(done >= 0 && done <= total);
    return *left > 0 && (*left)--;
}

static void interruptions_and_limits(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, 1);
    data t = make(&r, GAUSS, 500, 4);
    zsc_kmeans_options o = zsc_kmeans_defaults();
    zsc_status status = ZSC_EINTERRUPTED;
    size_t calls = 0;
    for (; status != ZSC_OK; calls++) {
        size_t left = calls;
        zsc_kmeans out = {0};
        zsc_exec exec = {.threads = 1, .progress = stop_at, .progress_data = &left};
        status = zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, &exec, &out);
        assert_true(status == ZSC_OK || (status == ZSC_EINTERRUPTED && !out.label && !out.centre));
        zsc_kmeans_free(&out);
    }
    assert_true(calls > 20);
    zsc_exec exec = {.threads = 2};
    size_t need = zsc_kmeans_memory(t.n, t.d, &o, &exec);
    zsc_kmeans out = {0};
    exec.memory_limit = need - 1;
    assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, &exec, &out), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "k-means"));
    exec.memory_limit = need + ZSC_MEMORY_REST;
    assert_int_equal(zsc_kmeans_cluster_rows(t.x, t.n, t.d, &o, &exec, &out), ZSC_OK);
    zsc_kmeans_free(&out);
    free(t.x);
}

static void expect_refusal(const zsc_kmeans_options *o, float *x, zsc_status status, const char *sentence)
{
    zsc_kmeans out = {0};
    assert_int_equal(zsc_kmeans_cluster_rows(x, 6, 1, o, NULL, &out), status);
    assert_string_equal(zsc_error_message(), sentence);
    assert_null(out.label);
}

static void awkward_options(void **state)
{
    (void)state;
    float x[6] = {0, 1, 10, 11, 20, 21}, init[3] = {0, 9, NAN};
    zsc_kmeans_options o = zsc_kmeans_defaults();
    expect_refusal(&o, x, ZSC_EUSAGE, "cannot make 8 clusters of 6 rows; expected 1 to 6");
    o.clusters = 0;
    expect_refusal(&o, x, ZSC_EUSAGE, "cannot make 0 clusters of 6 rows; expected 1 to 6");
    o.clusters = 3;
    o.n_init = 0;
    expect_refusal(&o, x, ZSC_EUSAGE, "n_init is 0, expected 1 or more");
    o.n_init = 2;
    o.init = init;
    expect_refusal(&o, x, ZSC_EUSAGE, "n_init is 2, expected 1 where the centres to start from are given");
    o.n_init = 1;
    expect_refusal(&o, x, ZSC_ENUMERIC,
                   "k-means, centres to start from: 1 of 3 rows hold NaN or infinity, first row 2 (column 0: NaN)");
    o.init = NULL;
    o.max_iter = 0;
    expect_refusal(&o, x, ZSC_EUSAGE, "max_iter is 0, expected 1 or more");
    o.max_iter = 10;
    o.tol = NAN;
    expect_refusal(&o, x, ZSC_EUSAGE, "tol is nan, expected a number of 0 or more");
    o.tol = 0;
    zsc_kmeans out = {0};
    assert_int_equal(zsc_kmeans_cluster_rows(x, 6, 1, &o, NULL, &out), ZSC_OK);
    assert_int_equal(out.clusters, 3);
    for (size_t i = 0; i < 6; i += 2) {
        assert_int_equal(out.label[i], out.label[i + 1]);
        assert_true(out.centre[out.label[i]] == x[i] + 0.5F);
    }
    assert_true(out.inertia == 1.5);
    zsc_kmeans_free(&out);
    zsc_kmeans_free(NULL);
    x[4] = INFINITY;
    expect_refusal(&o, x, ZSC_ENUMERIC, "k-means: 1 of 6 rows hold NaN or infinity, first row 4 (column 0: infinity)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_shapes),
        cmocka_unit_test(seeding),
        cmocka_unit_test(fewer_distinct_rows),
        cmocka_unit_test(several_starts),
        cmocka_unit_test(interruptions_and_limits),
        cmocka_unit_test(awkward_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
