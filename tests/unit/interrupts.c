/* How long a computation goes on without asking whether to: at most a fifth of a second of processor time, on one
 * thread, so that an interrupt is obeyed that soon. And asked at a random moment, it stops: ZSC_EINTERRUPTED, outputs
 * untouched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"
#include "zsc/zsc.h"

enum { N = 9000, D = 96, FEW = 2500, DIM = 4 };
static const double LIMIT = 0.2;

static float *x, *y;
static double *z, *distances;
static int32_t *labels;

typedef struct watch {
    double last, longest;
    char stage[64], worst[256];
    size_t asked, stop_at; /* 0: never */
} watch;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void note(watch *w, const char *stage)
{
    double now = seconds();
    if (now - w->last > w->longest) {
        w->longest = now - w->last;
        snprintf(w->worst, sizeof w->worst, "%s to %s", w->stage, stage);
    }
    w->last = now;
    snprintf(w->stage, sizeof w->stage, "%s", stage);
}

static bool asked(void *data, const char *stage, double done, double total)
{
    watch *w = data;
    (void)done;
    (void)total;
    note(w, stage);
    return ++w->asked != w->stop_at;
}

typedef zsc_status computation(const zsc_exec *exec);

static zsc_status knn_of(zsc_knn_method method, zsc_metric metric, const zsc_exec *exec)
{
    zsc_knn_options o = zsc_knn_defaults();
    zsc_knn out = {0};
    o.method = method;
    o.metric = metric;
    zsc_status status = zsc_knn_search(x, N, D, &o, exec, &out);
    zsc_knn_free(&out);
    return status;
}
static zsc_status knn_exact(const zsc_exec *exec) { return knn_of(ZSC_KNN_EXACT, ZSC_EUCLIDEAN, exec); }
static zsc_status knn_manhattan(const zsc_exec *exec) { return knn_of(ZSC_KNN_EXACT, ZSC_MANHATTAN, exec); }
static zsc_status knn_approx(const zsc_exec *exec) { return knn_of(ZSC_KNN_APPROX, ZSC_EUCLIDEAN, exec); }

static zsc_status knn_joint(const zsc_exec *exec)
{
    const zsc_knn_features part[] = {{x, D}, {x, 3 * D}}; /* N / 3 rows of each */
    const size_t offset[] = {0, 1, 3}, member[] = {0, 0, 1};
    zsc_knn out[2] = {{0}};
    zsc_status status = zsc_knn_search_joint(part, 2, N / 3, offset, member, 2, 15, exec, out);
    for (int set = 0; set < 2; set++) zsc_knn_free(&out[set]);
    return status;
}

static zsc_status knn_query(const zsc_exec *exec)
{
    zsc_knn out = {0};
    zsc_status status = zsc_knn_query(x, N / 2, x, N, D, 10, ZSC_COSINE, exec, &out);
    zsc_knn_free(&out);
    return status;
}

static zsc_status trust(const zsc_exec *exec)
{
    double out;
    return zsc_trustworthiness(x, D, y, DIM, N, 15, ZSC_EUCLIDEAN, exec, &out);
}

static zsc_status umap_of(zsc_umap_init init, const zsc_exec *exec)
{
    zsc_umap_options o = zsc_umap_defaults();
    o.init = init;
    o.n_epochs = 60;
    float *out = malloc(N * 2 * sizeof *out);
    zsc_status status = zsc_umap_fit(x, N, D, &o, exec, out, NULL);
    free(out);
    return status;
}
static zsc_status umap(const zsc_exec *exec) { return umap_of(ZSC_INIT_SPECTRAL, exec); }
static zsc_status umap_pca(const zsc_exec *exec) { return umap_of(ZSC_INIT_PCA, exec); }

static zsc_status umap_transform(const zsc_exec *exec)
{
    zsc_umap_options o = zsc_umap_defaults();
    o.n_components = DIM;
    float *out = malloc(FEW * DIM * sizeof *out);
    const zsc_umap_model model = {.x = x, .y = y, .n = N, .d = D, .options = &o};
    zsc_status status = zsc_umap_transform(&model, x + N / 2 * D, FEW, exec, out);
    free(out);
    return status;
}

static zsc_status linkage_of(const float *rows, size_t n, size_t d, zsc_linkage_method method, const zsc_exec *exec)
{
    return zsc_linkage(rows, n, d, method, exec, z, NULL);
}
static zsc_status ward(const zsc_exec *exec) { return linkage_of(y, N, DIM, ZSC_WARD, exec); }
static zsc_status ward_wide(const zsc_exec *exec) { return linkage_of(x, N / 2, D, ZSC_WARD, exec); }
static zsc_status single(const zsc_exec *exec) { return linkage_of(x, N / 2, D, ZSC_SINGLE, exec); }
static zsc_status average(const zsc_exec *exec) { return linkage_of(x, FEW, D, ZSC_AVERAGE, exec); }
static zsc_status complete(const zsc_exec *exec) { return linkage_of(x, FEW, D, ZSC_COMPLETE, exec); }

static zsc_status of_distances(zsc_linkage_method method, const zsc_exec *exec)
{
    return zsc_linkage_distances(distances, FEW, method, exec, z, NULL);
}
static zsc_status weighted(const zsc_exec *exec) { return of_distances(ZSC_WEIGHTED, exec); }
static zsc_status single_distances(const zsc_exec *exec) { return of_distances(ZSC_SINGLE, exec); }
static zsc_status centroid(const zsc_exec *exec) { return of_distances(ZSC_CENTROID, exec); }

static zsc_status pairwise(const zsc_exec *exec)
{
    double *out = malloc((size_t)FEW * FEW / 2 * sizeof *out);
    zsc_status status = zsc_pairwise_distances(x, FEW, D, ZSC_MANHATTAN, exec, out);
    free(out);
    return status;
}

static zsc_status pca(const zsc_exec *exec) /* half of the columns: all eigenvectors; 1,152 columns */
{
    zsc_pca_model model = {0};
    zsc_status status = zsc_pca_fit(x, N * D / 1152, 1152, 500, exec, &model);
    zsc_pca_free(&model);
    return status;
}

static zsc_status pca_few(const zsc_exec *exec)
{
    zsc_pca_model model = {0};
    zsc_status status = zsc_pca_fit(x, N * D / 1152, 1152, 20, exec, &model);
    zsc_pca_free(&model);
    return status;
}

static zsc_status hdbscan(const zsc_exec *exec)
{
    zsc_hdbscan out = {0};
    zsc_status status = zsc_hdbscan_cluster_rows(y, N, DIM, NULL, exec, &out);
    zsc_hdbscan_free(&out);
    return status;
}

static zsc_status hdbscan_wide(const zsc_exec *exec)
{
    zsc_hdbscan out = {0};
    zsc_status status = zsc_hdbscan_cluster_rows(x, FEW, D, NULL, exec, &out);
    zsc_hdbscan_free(&out);
    return status;
}

static zsc_status layers(const zsc_exec *exec)
{
    zsc_hdbscan_layers out = {0};
    zsc_status status = zsc_hdbscan_layers_of_rows(y, N, DIM, NULL, exec, &out);
    zsc_hdbscan_layers_free(&out);
    return status;
}

static zsc_status kmeans(const zsc_exec *exec)
{
    zsc_kmeans_options o = zsc_kmeans_defaults();
    zsc_kmeans out = {0};
    o.clusters = 200;
    o.max_iter = 30;
    zsc_status status = zsc_kmeans_cluster_rows(x, N, D, &o, exec, &out);
    zsc_kmeans_free(&out);
    return status;
}

static zsc_status assign_of(zsc_assign_by by, const zsc_exec *exec)
{
    const zsc_assign_model model = {.x = x, .n = N, .d = D, .label = labels};
    zsc_assign_options o = zsc_assign_defaults();
    zsc_assigned out = {0};
    o.by = by;
    zsc_status status = zsc_assign(&model, x + N / 2 * D, FEW, &o, exec, &out);
    zsc_assigned_free(&out);
    return status;
}
static zsc_status assign_by_centroid(const zsc_exec *exec) { return assign_of(ZSC_ASSIGN_CENTROID, exec); }
static zsc_status assign_by_neighbor(const zsc_exec *exec) { return assign_of(ZSC_ASSIGN_NEIGHBOR, exec); }

static zsc_status spectral(const zsc_exec *exec)
{
    zsc_spectral_options o = zsc_spectral_defaults();
    zsc_spectral out = {0};
    o.clusters = 60;
    zsc_status status = zsc_spectral_cluster_rows(x, N / 2, D, &o, exec, &out);
    zsc_spectral_free(&out);
    return status;
}

static zsc_status internal(const zsc_exec *exec)
{
    zsc_internal_scores out;
    return zsc_score_internal(x, N / 2, D, labels, exec, &out);
}

static zsc_status silhouettes(const zsc_exec *exec)
{
    double *out = malloc(N * sizeof *out);
    zsc_status status = zsc_silhouette_samples(x, N / 2, D, labels, exec, out);
    free(out);
    return status;
}

static zsc_status chance(const zsc_exec *exec)
{
    zsc_chance out;
    int32_t *clusters = malloc(N * sizeof *clusters);
    for (size_t i = 0; i < N; i++) clusters[i] = (int32_t)(i / 7 % 40);
    zsc_status status = zsc_score_chance(labels, clusters, N, ZSC_MISSING_DROP, 300, 0, exec, &out);
    free(clusters);
    return status;
}

static const struct {
    const char *name;
    computation *run;
} computations[] = {
    {"exact neighbours", knn_exact},
    {"exact neighbours, Manhattan", knn_manhattan},
    {"approximate neighbours", knn_approx},
    {"exact neighbours of concatenations", knn_joint},
    {"queries", knn_query},
    {"trustworthiness", trust},
    {"UMAP", umap},
    {"UMAP from PCA", umap_pca},
    {"UMAP of new rows", umap_transform},
    {"Ward", ward},
    {"Ward of wide rows", ward_wide},
    {"single linkage", single},
    {"average linkage", average},
    {"complete linkage", complete},
    {"weighted linkage of distances", weighted},
    {"single linkage of distances", single_distances},
    {"centroid linkage of distances", centroid},
    {"pairwise distances", pairwise},
    {"PCA", pca},
    {"PCA, few axes", pca_few},
    {"HDBSCAN", hdbscan},
    {"HDBSCAN of wide rows", hdbscan_wide},
    {"layers", layers},
    {"k-means", kmeans},
    {"new rows, by centroid", assign_by_centroid},
    {"new rows, by neighbor", assign_by_neighbor},
    {"spectral clustering", spectral},
    {"internal scores", internal},
    {"silhouettes", silhouettes},
    {"chance", chance},
};

static void obeyed_soon(void **state)
{
    (void)state;
    bool strict = !getenv("ZSC_CHECK_PART"); /* sanitizers and other compilers are slower, by no fault of zsc */
    size_t late = 0;
    for (size_t c = 0; c < sizeof computations / sizeof *computations; c++) {
        watch w = {.last = seconds(), .stage = "its beginning"};
        zsc_exec exec = {.threads = 1, .progress = asked, .progress_data = &w};
        if (computations[c].run(&exec) != ZSC_OK) fail_msg("%s: %s", computations[c].name, zsc_error_message());
        note(&w, "its end");
        bool slow = w.longest > LIMIT;
        printf("%-32s asked %6zu times, at most %.3f s apart (%s)%s\n", computations[c].name, w.asked, w.longest,
               w.worst, slow ? "  LATE" : "");
        late += slow && strict;
        size_t many = w.asked;
        for (size_t k = 1; k <= 3 && many > 1; k++) { /* some questions come by the clock: fewer of them another time */
            w = (watch){.stop_at = 1 + many * k / 8};
            zsc_status status = computations[c].run(&exec);
            if (status != ZSC_EINTERRUPTED)
                fail_msg("%s, asked %zu of %zu times, goes on (%d)", computations[c].name, w.stop_at, many,
                         (int)status);
        }
    }
    assert_int_equal(late, 0);
}

/* Sizes at which what comes before the first result takes a second and more: each stage asks often enough, and the
 * computation is stopped once its main loop has begun. */
typedef struct beginning {
    watch watch;
    const char *until; /* stage */
} beginning;

static bool until_it_runs(void *data, const char *stage, double done, double total)
{
    beginning *b = data;
    (void)total;
    note(&b->watch, stage);
    return done <= 0 || strcmp(stage, b->until) != 0;
}

static void obeyed_at_large_sizes(void **state)
{
    (void)state;
    if (getenv("ZSC_CHECK_PART")) skip(); /* see above */
    enum { ROWS = 40000, COLUMNS = 128 };
    float *large = malloc((size_t)ROWS * COLUMNS * sizeof *large);
    assert_non_null(large);
    for (size_t i = 0; i < ROWS; i++) {
        zsc_stream r = zsc_stream_open(10, ZSC_RANDOM_TEST, i);
        for (size_t j = 0; j < COLUMNS; j++)
            large[i * COLUMNS + j] = (float)(zsc_stream_normal(&r) + (i % 90 == j ? 6 : 0));
    }
    for (int kmeans_too = 0; kmeans_too < 2; kmeans_too++) {
        beginning b = {.watch = {.last = seconds(), .stage = "its beginning"},
                       .until = kmeans_too ? "k-means" : "core distances"};
        zsc_exec exec = {.threads = 1, .progress = until_it_runs, .progress_data = &b};
        zsc_kmeans_options o = zsc_kmeans_defaults();
        zsc_kmeans means = {0};
        zsc_hdbscan dense = {0};
        o.clusters = 300;
        zsc_status status = kmeans_too ? zsc_kmeans_cluster_rows(large, ROWS, COLUMNS, &o, &exec, &means)
                                       : zsc_hdbscan_cluster_rows(large, ROWS, COLUMNS, NULL, &exec, &dense);
        assert_int_equal(status, ZSC_EINTERRUPTED);
        note(&b.watch, "its end");
        printf("%s of %d rows: asked at most %.3f s apart (%s)\n", kmeans_too ? "k-means" : "HDBSCAN", ROWS,
               b.watch.longest, b.watch.worst);
        assert_true(b.watch.longest <= LIMIT);
    }
    free(large);
}

int main(void)
{
    x = malloc((size_t)N * D * sizeof *x);
    y = malloc((size_t)N * DIM * sizeof *y);
    z = malloc((size_t)N * 4 * sizeof *z);
    distances = malloc((size_t)FEW * FEW / 2 * sizeof *distances);
    labels = malloc(N * sizeof *labels);
    if (!x || !y || !z || !distances || !labels) return EXIT_FAILURE;
    for (size_t i = 0; i < N; i++) {
        zsc_stream r = zsc_stream_open(9, ZSC_RANDOM_TEST, i);
        labels[i] = (int32_t)(i % 50);
        for (size_t j = 0; j < D; j++)
            x[i * D + j] = (float)(zsc_stream_normal(&r) + ((size_t)labels[i] % D == j ? 6 : 0));
        for (size_t j = 0; j < DIM; j++) y[i * DIM + j] = (float)(zsc_stream_normal(&r) + (labels[i] >> j & 1 ? 9 : 0));
    }
    if (zsc_pairwise_distances(x, FEW, D, ZSC_EUCLIDEAN, NULL, distances) != ZSC_OK) return EXIT_FAILURE;
    const struct CMUnitTest tests[] = {cmocka_unit_test(obeyed_soon), cmocka_unit_test(obeyed_at_large_sizes)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(x);
    free(y);
    free(z);
    free(distances);
    free(labels);
    return failed;
}
