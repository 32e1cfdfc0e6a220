/* Every clusterer on input that has no structure, too little of it, or none of the numbers that it needs: the status,
 * how many clusters there are and how many rows are in one, by a table; labels numbered by first rows; the same bytes
 * at 1, 2 and 3 threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "experiment/pipeline/tree.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/run_options.h"
#include "zsc/zsc.h"

typedef enum shape { ONE, TWO, EQUAL, FEW, CONSTANT, LARGE, TINY, LINE, CLOUD, GRID, BLOBS, NAN_IN, INFINITE } shape;

static float value(shape s, size_t i, size_t j)
{
    zsc_stream r = zsc_stream_open(8, ZSC_RANDOM_TEST, 100 * i + j);
    const double normal = zsc_stream_normal(&r);
    switch (s) {
    case ONE:
    case TWO: return (float)(i + j);
    case EQUAL: return 2.5F;
    case FEW: return (float)(i % 3 * (j + 1));
    case CONSTANT: return j == 1 ? (float)(i % 2 ? 50 + normal : normal) : 7;
    case LARGE: return (float)(1e30 * ((i % 2 ? 50 : 0) + normal));
    case TINY: return (float)(1e-30 * ((i % 2 ? 50 : 0) + normal));
    case LINE: return (float)(i * i);
    case CLOUD: return (float)normal;
    case GRID: return (float)(j ? i / 8 : i % 8);
    case BLOBS: return (float)((i % 2 ? 50 : 0) + normal);
    case NAN_IN: return i == 17 && j == 1 ? NAN : (float)normal;
    case INFINITE: return i == 17 && j == 1 ? INFINITY : (float)normal;
    }
    return 0;
}

/* K of those that are told it; min_cluster_size; by clusterer, in the order of zsc_clusterer: "clusters/rows in one",
 * or the status and a part of the message. */
static const struct {
    const char *name;
    shape shape;
    size_t n, d, k, smallest;
    const char *expected[6];
} table[] = {
    {"one row",
     ONE,
     1,
     3,
     1,
     5,
     {"1/1", "3: 1 row: HDBSCAN needs at least 2", "1/1", "3: 1 row: layers needs at least 2",
      "2: 1 row: spectral clustering needs at least 2", "1/1"}},
    {"two rows", TWO, 2, 3, 2, 2, {"2/2", "0/0", "2/2", "0/0", "2: expected 1 to 1", "1/2"}},
    {"two rows, one cluster", TWO, 2, 3, 1, 2, {"1/2", "0/0", "1/2", "0/0", "1/2", "1/2"}},
    {"three clusters of two rows",
     TWO,
     2,
     3,
     3,
     5,
     {"2: expected 1 to 2", "3: give --min-cluster-size 2 or less", "2: expected 1 to 2",
      "3: give --min-cluster-size 2 or less", "2: expected 1 to 1", "1/2"}},
    {"equal rows", EQUAL, 20, 3, 1, 5, {"1/20", "0/0", "1/20", "0/0", "1/20", "1/20"}},
    {"equal rows, four clusters",
     EQUAL,
     20,
     3,
     4,
     5,
     {"4/20", "0/0", "1/20", "0/0", "2: of which 1 are distinct", "1/20"}},
    {"three distinct rows, five clusters",
     FEW,
     30,
     2,
     5,
     5,
     {"5/30", "3/30", "3/30", "3/30", "2: of which 3 are distinct", "3/30"}},
    {"three distinct rows, three clusters", FEW, 30, 2, 3, 5, {"3/30", "3/30", "3/30", "3/30", "3/30", "3/30"}},
    {"constant columns", CONSTANT, 40, 4, 2, 5, {"2/40", "2/40", "2/40", "2/40", "2/40", "*/40"}},
    {"huge values", LARGE, 40, 2, 2, 5, {"2/40", "2/40", "2/40", "2/40", "2/40", "*/40"}},
    {"tiny values", TINY, 40, 2, 2, 5, {"2/40", "2/40", "2/40", "2/40", "2/40", "*/40"}},
    {"one column", LINE, 50, 1, 3, 5, {"3/50", "0/0", "3/50", "0/0", "3/50", "*/50"}},
    {"all noise", CLOUD, 60, 3, 2, 40, {"2/60", "0/0", "2/60", "0/0", "2/60", "*/60"}},
    {"a grid", GRID, 64, 2, 4, 5, {"4/64", "2/43", "4/64", "2/43", "4/64", "*/64"}},
    {"two clusters", BLOBS, 40, 2, 2, 5, {"2/40", "2/40", "2/40", "2/40", "2/40", "*/40"}},
    {"smallest cluster above the rows",
     BLOBS,
     40,
     2,
     2,
     41,
     {"2/40", "3: give --min-cluster-size 40 or less", "2/40", "3: give --min-cluster-size 40 or less", "2/40",
      "*/40"}},
    {"NaN",
     NAN_IN,
     40,
     2,
     2,
     5,
     {"4: first row 17 (column 1: NaN)", "4: first row 17 (column 1: NaN)", "4: first row 17 (column 1: NaN)",
      "4: first row 17 (column 1: NaN)", "4: first row 17 (column 1: NaN)", "4: first row 17 (column 1: NaN)"}},
    {"infinity",
     INFINITE,
     40,
     2,
     2,
     5,
     {"4: first row 17 (column 1: infinity)", "4: first row 17 (column 1: infinity)",
      "4: first row 17 (column 1: infinity)", "4: first row 17 (column 1: infinity)",
      "4: first row 17 (column 1: infinity)", "4: first row 17 (column 1: infinity)"}},
};

typedef struct outcome {
    zsc_status status;
    size_t clusters, clustered;
    int32_t label[64];
} outcome;

static outcome cluster(size_t t, zsc_clusterer clusterer, int threads)
{
    zsc_run_options o = zsc_run_defaults();
    const size_t n = table[t].n, d = table[t].d;
    const zsc_exec exec = {.threads = threads};
    float *x = calloc(n * d, sizeof *x);
    zsc_tree tree = {.dim = d};
    outcome out = {.clusters = table[t].k};
    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) x[i * d + j] = value(table[t].shape, i, j);
    zsc_dataset data = {.n = n, .d = d, .x = x};
    o.reduce = ZSC_REDUCE_NONE;
    o.clusterer = clusterer;
    o.hdbscan.min_cluster_size = table[t].smallest;
    out.status = zsc_run_check_rows(&o, n);
    if (out.status == ZSC_OK) out.status = zsc_tree_cluster(&o, &exec, &data, NULL, &tree);
    if (out.status == ZSC_OK && zsc_clusterer_traits_of(clusterer)->wants_k) {
        out.status = zsc_tree_cut(&o, &exec, &data, &tree, &out.clusters, out.label);
    } else if (out.status == ZSC_OK) {
        out.clusters = tree.clusters;
        memcpy(out.label, tree.label, n * sizeof *tree.label);
    }
    for (size_t i = 0; i < n && out.status == ZSC_OK; i++) out.clustered += out.label[i] >= 0;
    zsc_tree_free(&tree);
    free(x);
    return out;
}

static void check_labels(size_t t, const char *name, const outcome *o)
{
    int32_t next = 0;
    for (size_t i = 0; i < table[t].n; i++) {
        if (o->label[i] > next || o->label[i] < -1)
            fail_msg("%s, %s: row %zu has label %d, and %d is the next", table[t].name, name, i, o->label[i], next);
        next += o->label[i] == next;
    }
    if ((size_t)next != o->clusters)
        fail_msg("%s, %s: %zu clusters, and %d labels", table[t].name, name, o->clusters, next);
}

static bool is_as_expected(const char *said, const char *expected)
{
    const char *text = strstr(expected, ": ");
    if (*expected == '*') return strchr(said, '/') && strcmp(strchr(said, '/'), expected + 1) == 0;
    return text ? strncmp(said, expected, 3) == 0 && strstr(said, text + 2) : strcmp(said, expected) == 0;
}

static void check(size_t t, zsc_clusterer clusterer)
{
    const char *name = zsc_clusterer_traits_of(clusterer)->name, *expected = table[t].expected[clusterer];
    char said[1024];
    const outcome first = cluster(t, clusterer, 1);
    if (first.status == ZSC_OK) {
        check_labels(t, name, &first);
        snprintf(said, sizeof said, "%zu/%zu", first.clusters, first.clustered);
    } else {
        snprintf(said, sizeof said, "%d: %s", (int)first.status, zsc_error_message());
    }
    if (!is_as_expected(said, expected)) fail_msg("%s, %s: %s, expected %s", table[t].name, name, said, expected);
    for (int threads = 2; threads <= 3; threads++) {
        const outcome other = cluster(t, clusterer, threads);
        if (other.status != first.status || other.clusters != first.clusters ||
            memcmp(other.label, first.label, sizeof first.label) != 0)
            fail_msg("%s, %s: other clusters with %d threads", table[t].name, name, threads);
    }
}

static void as_in_the_table(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof table / sizeof *table; t++)
        for (zsc_clusterer c = ZSC_AGGLOMERATIVE; c <= ZSC_LEIDEN; c++)
            if (c != ZSC_LEIDEN || zsc_leiden_library()) check(t, c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_in_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
