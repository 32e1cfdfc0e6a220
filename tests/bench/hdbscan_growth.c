/* hdbscan_growth SHAPE ROWS COLUMNS THREADS [CLUSTERER]: how long hdbscan (the default), layers, or kmeans with a
 * cluster for every 11 rows (as many as species have in the study) takes, for hdbscan.sh. Shapes:
 *
 *     round   spherical clusters of 200 rows around random centres, 8 standard deviations apart in each column
 *     sheets  clusters on planes of two dimensions, most of them small and some large, as UMAP's output has them
 *
 * Prints rows, columns, seconds, seconds of the processors, MB beyond the rows, MB announced, clusters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/random.h"
#include "zsc/zsc.h"

static double clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double resident(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static double centre_at(size_t k, size_t j)
{
    zsc_stream r = zsc_stream_open(3, ZSC_RANDOM_TEST, (uint64_t)k << 12 | j);
    return 8 * zsc_stream_normal(&r);
}

/* Coordinate j of the plane's direction v, about as long as 1. */
static double along_plane(size_t k, size_t j, size_t d, uint64_t v)
{
    zsc_stream r = zsc_stream_open(4 + v, ZSC_RANDOM_TEST, (uint64_t)k << 12 | j);
    return zsc_stream_normal(&r) / sqrt((double)d);
}

static void fill(bool sheets, size_t n, size_t d, float *x)
{
    size_t clusters = n < 400 ? 2 : n / 200;
    for (size_t i = 0; i < n; i++) {
        zsc_stream r = zsc_stream_open(6, ZSC_RANDOM_TEST, i);
        double u = zsc_stream_uniform(&r), s = zsc_stream_normal(&r), t = zsc_stream_normal(&r);
        size_t k = sheets ? (size_t)(u * u * (double)clusters) : i % clusters;
        for (size_t j = 0; j < d; j++) {
            double noise = zsc_stream_normal(&r);
            double inside = sheets ? s * along_plane(k, j, d, 0) + t * along_plane(k, j, d, 1) +
                                         0.05 * noise / sqrt((double)d)
                                   : noise;
            x[i * d + j] = (float)(centre_at(k, j) + inside);
        }
    }
}

/* Clusters, bytes announced; false: failed. */
static bool cluster(const char *how, const float *x, size_t n, size_t d, int threads, size_t *clusters, size_t *bytes)
{
    const zsc_exec exec = {.threads = threads};
    if (strcmp(how, "layers") == 0) {
        zsc_hdbscan_layers l = {0};
        *bytes = zsc_hdbscan_layers_memory(n, d, NULL);
        if (zsc_hdbscan_layers_of_rows(x, n, d, NULL, &exec, &l) != ZSC_OK) return false;
        *clusters = l.count ? l.layer[0].clustering.clusters : 0;
        zsc_hdbscan_layers_free(&l);
    } else if (strcmp(how, "kmeans") == 0) {
        zsc_kmeans k = {0};
        zsc_kmeans_options o = zsc_kmeans_defaults();
        o.clusters = n / 11 + 1;
        *bytes = zsc_kmeans_memory(n, d, &o, &exec);
        if (zsc_kmeans_cluster_rows(x, n, d, &o, &exec, &k) != ZSC_OK) return false;
        *clusters = k.clusters;
        zsc_kmeans_free(&k);
    } else {
        zsc_hdbscan h = {0};
        *bytes = zsc_hdbscan_memory(n, d, NULL);
        if (zsc_hdbscan_cluster_rows(x, n, d, NULL, &exec, &h) != ZSC_OK) return false;
        *clusters = h.clusters;
        zsc_hdbscan_free(&h);
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6) return 2;
    size_t n = strtoul(argv[2], NULL, 10), d = strtoul(argv[3], NULL, 10);
    float *x = malloc(n * d * sizeof *x);
    if (!x) return 1;
    fill(strcmp(argv[1], "sheets") == 0, n, d, x);
    size_t clusters = 0, bytes = 0;
    double before = resident(), wall = clock_of(CLOCK_MONOTONIC), cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    if (!cluster(argc > 5 ? argv[5] : "hdbscan", x, n, d, atoi(argv[4]), &clusters, &bytes)) {
        fprintf(stderr, "%s\n", zsc_error_message());
        return 1;
    }
    printf("%zu %zu %.2f %.2f %.0f %.0f %zu\n", n, d, clock_of(CLOCK_MONOTONIC) - wall,
           clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu, resident() - before, (double)bytes / 0x1p20, clusters);
    free(x);
    return 0;
}
