/* Layers against their plain definition, on random and awkward shapes: HDBSCAN's leaves at every minimum cluster size,
 * each size on its own; a cluster's persistence is at how many sizes the same rows are a leaf. The persistence of every
 * size, the sizes and labels of all layers, and which of them are left when similar ones go, must be those.
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
#include "base/random.h"
#include "zsc/zsc.h"

enum { CASES = 24, MOST = 80 };

/* --- The plain definition */
typedef struct level {
    zsc_hdbscan leaves;
    uint64_t set[MOST]; /* of each cluster: a hash of its rows */
    uint64_t persistence;
} level;

static level levels[MOST + 2]; /* by minimum cluster size */

static void hash_clusters(level *l)
{
    memset(l->set, 0, sizeof l->set);
    for (size_t i = 0; i < l->leaves.n; i++)
        if (l->leaves.label[i] >= 0) l->set[l->leaves.label[i]] += zsc_mix64(i + 1);
}

static bool has(const level *l, uint64_t set)
{
    for (size_t c = 0; c < l->leaves.clusters; c++)
        if (l->set[c] == set) return true;
    return false;
}

static void find_levels(const float *x, size_t n, size_t d, const zsc_hdbscan_layers_options *o)
{
    for (size_t s = o->min_cluster_size; s <= n; s++) {
        zsc_hdbscan_options leaf = zsc_hdbscan_defaults();
        leaf.min_cluster_size = s;
        leaf.min_samples = o->min_samples;
        leaf.metric = o->metric;
        leaf.selection = ZSC_HDBSCAN_LEAF;
        levels[s] = (level){0};
        assert_int_equal(zsc_hdbscan_cluster_rows(x, n, d, &leaf, &(zsc_exec){.threads = 1}, &levels[s].leaves),
                         ZSC_OK);
        hash_clusters(&levels[s]);
    }
    for (size_t s = o->min_cluster_size; s <= n; s++)
        for (size_t c = 0; c < levels[s].leaves.clusters; c++)
            for (size_t t = o->min_cluster_size; t <= n; t++)
                levels[s].persistence += has(&levels[t], levels[s].set[c]);
}

static uint64_t at_size(size_t s, size_t least, size_t n) { return s < least || s > n ? 0 : levels[s].persistence; }

/* The first size of each local maximum; returns how many. */
static size_t plain_peaks(size_t least, size_t n, size_t *size)
{
    size_t count = 0;
    for (size_t s = least; s <= n; s++) {
        size_t end = s + 1;
        while (end <= n && at_size(end, least, n) == at_size(s, least, n)) end++;
        if (at_size(s, least, n) > at_size(s - 1, least, n) && at_size(s, least, n) > at_size(end, least, n))
            size[count++] = s;
        s = end - 1;
    }
    return count;
}

static double plain_similarity(const level *a, const level *b)
{
    size_t both = 0;
    for (size_t c = 0; c < a->leaves.clusters; c++) both += has(b, a->set[c]);
    return (double)both / (double)(a->leaves.clusters + b->leaves.clusters - both);
}

/* Takes the most persistent that is left, the smallest of equal ones, until none differs enough. */
static size_t plain_choice(const size_t *peak, size_t peaks, const zsc_hdbscan_layers_options *o, bool *chosen)
{
    size_t count = 0;
    bool seen[MOST] = {false};
    memset(chosen, 0, MOST * sizeof *chosen);
    for (size_t step = 0; step < peaks && count < o->max_layers; step++) {
        size_t best = peaks;
        for (size_t i = 0; i < peaks; i++)
            if (!seen[i] && (best == peaks || levels[peak[i]].persistence > levels[peak[best]].persistence)) best = i;
        seen[best] = true;
        bool differs = true;
        for (size_t i = 0; i < peaks; i++)
            differs &= !chosen[i] || plain_similarity(&levels[peak[i]], &levels[peak[best]]) <= o->max_similarity;
        chosen[best] = differs;
        count += differs;
    }
    return count;
}

/* --- Comparison */
static void compare_trace(const zsc_hdbscan_layers *l, size_t least, size_t n)
{
    for (size_t s = least; s <= n + 1; s++) {
        uint64_t here = 0;
        for (size_t i = 0; i < l->sizes && l->size[i] <= s; i++) here = l->persistence[i];
        assert_int_equal(here, at_size(s, least, n));
    }
    for (size_t i = 1; i < l->sizes; i++) assert_true(l->size[i - 1] < l->size[i]);
    if (l->sizes) assert_int_equal(l->persistence[l->sizes - 1], 0);
}

static void compare_layer(const zsc_hdbscan_layer *got, const level *want)
{
    assert_int_equal(got->persistence, want->persistence);
    assert_int_equal(got->clustering.clusters, want->leaves.clusters);
    assert_int_equal(got->clustering.clustered, want->leaves.clustered);
    assert_memory_equal(got->clustering.label, want->leaves.label, want->leaves.n * sizeof *want->leaves.label);
    for (size_t i = 0; i < want->leaves.n; i++)
        assert_true(want->leaves.label[i] >= 0 || got->clustering.probability[i] == 0);
}

static size_t several; /* cases with two layers or more */

static void compare(const float *x, size_t n, size_t d, zsc_hdbscan_layers_options o)
{
    size_t peak[MOST + 1];
    bool chosen[MOST];
    zsc_hdbscan_layers all = {0}, some = {0};
    find_levels(x, n, d, &o);
    size_t peaks = plain_peaks(o.min_cluster_size, n, peak);
    zsc_hdbscan_layers_options every = o;
    every.max_layers = MOST;
    every.max_similarity = 1;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, n, d, &every, NULL, &all), ZSC_OK);
    compare_trace(&all, o.min_cluster_size, n);
    assert_int_equal(all.count, peaks);
    for (size_t i = 0; i < peaks; i++) {
        assert_int_equal(all.layer[i].min_cluster_size, peak[i]);
        compare_layer(&all.layer[i], &levels[peak[i]]);
    }
    size_t count = plain_choice(peak, peaks, &o, chosen), next = 0;
    for (int threads = 1; threads <= 3; threads++) {
        assert_int_equal(zsc_hdbscan_layers_of_rows(x, n, d, &o, &(zsc_exec){.threads = threads}, &some), ZSC_OK);
        assert_int_equal(some.count, count);
        next = 0;
        for (size_t i = 0; i < peaks; i++) {
            if (!chosen[i]) continue;
            assert_int_equal(some.layer[next].min_cluster_size, peak[i]);
            compare_layer(&some.layer[next++], &levels[peak[i]]);
        }
        zsc_hdbscan_layers_free(&some);
    }
    several += count > 1;
    for (size_t k = 0; k < all.count; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++)
                if (memcmp(x + i * d, x + j * d, d * sizeof *x) == 0)
                    assert_int_equal(all.layer[k].clustering.label[i], all.layer[k].clustering.label[j]);
    zsc_hdbscan_layers_free(&all);
    for (size_t s = o.min_cluster_size; s <= n; s++) zsc_hdbscan_free(&levels[s].leaves);
}

/* Blobs in groups, so that there are layers; a grid with many ties; few distinct rows; all rows equal. */
static float draw(zsc_stream *r, unsigned kind, size_t i, size_t j)
{
    zsc_stream small = zsc_stream_open(5, ZSC_RANDOM_TEST, 1000 * (i % 8) + j),
               large = zsc_stream_open(6, ZSC_RANDOM_TEST, 1000 * (i % 8 / 4) + j);
    switch (kind) {
    case 0: return (float)(40 * zsc_stream_normal(&large) + 8 * zsc_stream_normal(&small) + zsc_stream_normal(r));
    case 1: return (float)zsc_stream_below(r, 6);
    case 2: return (float)(3 * zsc_stream_normal(&small) * (double)(1 + i % 5));
    case 3: return -2.5F;
    default: return (float)zsc_stream_normal(r);
    }
}

static void random_shapes(void **state)
{
    (void)state;
    const char *one = getenv("ZSC_CHECK_CASE");
    for (unsigned c = 0; c < CASES * check_long(); c++) {
        if (one && strtoul(one, NULL, 10) != c) continue;
        zsc_stream r = zsc_stream_open(12, ZSC_RANDOM_TEST, c);
        unsigned kind = c % 8 < 5 ? c % 8 : 0;
        size_t n = 1 + zsc_stream_below(&r, MOST - 1), d = 1 + zsc_stream_below(&r, 6);
        if (kind == 0) n = MOST - n / 8;
        zsc_hdbscan_layers_options o = zsc_hdbscan_layers_defaults();
        o.min_cluster_size = 2 + zsc_stream_below(&r, 5);
        o.min_samples = 1 + zsc_stream_below(&r, kind == 0 ? 3 : 6);
        o.max_layers = 1 + zsc_stream_below(&r, 6);
        if (c % 2) o.metric = (zsc_metric)zsc_stream_below(&r, 5);
        float *x = calloc(n * d, sizeof *x);
        assert_non_null(x);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < d; j++) x[i * d + j] = draw(&r, kind, i, j);
        print_message("case %u: kind %u, %zu x %zu, metric %d, size %zu, samples %zu\n", c, kind, n, d, (int)o.metric,
                      o.min_cluster_size, o.min_samples);
        compare(x, n, d, o);
        free(x);
    }
    print_message("%zu cases with several layers\n", several);
    assert_true(one || several > CASES / 8);
}

static void awkward_options(void **state)
{
    (void)state;
    float x[] = {0, 1, 2, 3, 4, 100, 101, 102, 103, 104};
    zsc_hdbscan_layers l = {0};
    zsc_hdbscan_layers_options o = zsc_hdbscan_layers_defaults();
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, NULL, NULL, &l), ZSC_OK);
    assert_int_equal(l.count, 1); /* two clusters of five, which are leaves at size 5 alone */
    assert_int_equal(l.layer[0].min_cluster_size, 5);
    assert_int_equal(l.layer[0].persistence, 2);
    assert_int_equal(l.layer[0].clustering.clusters, 2);
    assert_int_equal(l.layer[0].clustering.clustered, 10);
    zsc_hdbscan_layers_free(&l);
    for (size_t n = 0; n < 3; n++) {
        assert_int_equal(zsc_hdbscan_layers_of_rows(x, n, 1, &o, NULL, &l), ZSC_OK);
        assert_int_equal(l.count, 0);
        zsc_hdbscan_layers_free(&l);
    }
    o.min_cluster_size = 1;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, &o, NULL, &l), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "min_cluster_size is 1, expected 2 or more"));
    o = zsc_hdbscan_layers_defaults();
    o.min_samples = 0;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, &o, NULL, &l), ZSC_EUSAGE);
    o = zsc_hdbscan_layers_defaults();
    o.max_layers = 0;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, &o, NULL, &l), ZSC_EUSAGE);
    o = zsc_hdbscan_layers_defaults();
    o.max_similarity = 1.5;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, &o, NULL, &l), ZSC_EUSAGE);
    assert_non_null(strstr(zsc_error_message(), "max_similarity is 1.5, expected a number from 0 to 1"));
    x[3] = INFINITY;
    assert_int_equal(zsc_hdbscan_layers_of_rows(x, 10, 1, NULL, NULL, &l), ZSC_ENUMERIC);
    zsc_hdbscan_layers_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_shapes), cmocka_unit_test(awkward_options)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
