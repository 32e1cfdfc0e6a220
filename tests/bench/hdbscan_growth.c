/* hdbscan_growth SHAPE ROWS COLUMNS THREADS [CLUSTERER]: how long hdbscan (the default), layers, ward, or kmeans with a
 * cluster for every 11 rows (as many as species have in the study) takes, for hdbscan.sh. lloyd and hamerly are k-means
 * from every eleventh row: zsc's, and Hamerly's bounds (SDM 2010) in plain code, on one thread. Shapes:
 *
 *     round   spherical clusters of 200 rows around random centres, 8 standard deviations apart in each column
 *     nested  spherical clusters of 11 rows in larger ones of 27, and these in ones of 130; standard deviations 1, 2,
 * 4, 8 of rows and of the centres at the three levels sheets  clusters on planes of two dimensions, most of them small
 * and some large, as UMAP's output has them
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

static double nested_at(size_t level, size_t k, size_t j)
{
    zsc_stream r = zsc_stream_open(8 + level, ZSC_RANDOM_TEST, (uint64_t)k << 12 | j);
    return zsc_stream_normal(&r);
}

static void fill_nested(size_t n, size_t d, float *x)
{
    enum { SPECIES = 11, GENUS = 27, FAMILY = 130 };
    for (size_t i = 0; i < n; i++) {
        zsc_stream r = zsc_stream_open(6, ZSC_RANDOM_TEST, i);
        size_t species = (size_t)zsc_stream_below(&r, n / SPECIES + 1), genus = species * SPECIES / GENUS,
               family = genus * GENUS / FAMILY;
        for (size_t j = 0; j < d; j++)
            x[i * d + j] = (float)(zsc_stream_normal(&r) + 2 * nested_at(0, species, j) + 4 * nested_at(1, genus, j) +
                                   8 * nested_at(2, family, j));
    }
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

/* --- Hamerly's algorithm: of each row an upper bound of the distance to its centre and a lower one of that to the
 * second nearest; a row is compared with all centres where the upper one is above both the lower one and half the
 * distance of its centre to the nearest other. */
typedef struct hamerly {
    size_t n, d, k, iterations;
    const float *x;
    float *centre, *upper, *lower, *half, *moved;
    double *sum;
    size_t *rows;
    int32_t *label;
} hamerly;

static float distance(const float *a, const float *b, size_t d)
{
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < d; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sqrtf(sum);
}

static void compare_all(hamerly *h, size_t i)
{
    float best = INFINITY, second = INFINITY;
    for (size_t c = 0; c < h->k; c++) {
        float apart = distance(h->x + i * h->d, h->centre + c * h->d, h->d);
        if (apart < best) {
            second = best;
            best = apart;
            h->label[i] = (int32_t)c;
        } else if (apart < second) {
            second = apart;
        }
    }
    h->upper[i] = best;
    h->lower[i] = second;
}

static size_t assign_rows(hamerly *h)
{
    size_t changed = 0;
    for (size_t i = 0; i < h->n; i++) {
        int32_t own = h->label[i];
        float enough = own < 0 ? -1 : fmaxf(h->half[own], h->lower[i]);
        if (h->upper[i] <= enough) continue;
        if (own >= 0) h->upper[i] = distance(h->x + i * h->d, h->centre + (size_t)own * h->d, h->d);
        if (own >= 0 && h->upper[i] <= enough) continue;
        compare_all(h, i);
        changed += h->label[i] != own;
    }
    return changed;
}

static void move_centres(hamerly *h)
{
    float most = 0;
    memset(h->sum, 0, h->k * h->d * sizeof *h->sum);
    memset(h->rows, 0, h->k * sizeof *h->rows);
    for (size_t i = 0; i < h->n; i++) {
        h->rows[h->label[i]]++;
        for (size_t j = 0; j < h->d; j++) h->sum[(size_t)h->label[i] * h->d + j] += (double)h->x[i * h->d + j];
    }
    for (size_t c = 0; c < h->k; c++) {
        double far = 0;
        for (size_t j = 0; j < h->d && h->rows[c]; j++) {
            float to = (float)(h->sum[c * h->d + j] / (double)h->rows[c]), *at = &h->centre[c * h->d + j];
            far += (double)((to - *at) * (to - *at));
            *at = to;
        }
        h->moved[c] = (float)sqrt(far);
        most = fmaxf(most, h->moved[c]);
    }
    for (size_t i = 0; i < h->n; i++) {
        h->upper[i] += h->moved[h->label[i]];
        h->lower[i] -= most;
    }
}

static void find_halves(hamerly *h)
{
    for (size_t c = 0; c < h->k; c++) h->half[c] = INFINITY;
    for (size_t a = 0; a < h->k; a++)
        for (size_t b = a + 1; b < h->k; b++) {
            float half = distance(h->centre + a * h->d, h->centre + b * h->d, h->d) / 2;
            h->half[a] = fminf(h->half[a], half);
            h->half[b] = fminf(h->half[b], half);
        }
}

static bool run_hamerly(const float *x, size_t n, size_t d, const float *start, size_t k)
{
    hamerly h = {.n = n, .d = d, .k = k, .x = x};
    h.centre = malloc(k * d * sizeof *h.centre);
    h.upper = malloc(2 * n * sizeof *h.upper);
    h.half = malloc(2 * k * sizeof *h.half);
    h.sum = malloc(k * d * sizeof *h.sum);
    h.rows = malloc(k * sizeof *h.rows);
    h.label = malloc(n * sizeof *h.label);
    bool there = h.centre && h.upper && h.half && h.sum && h.rows && h.label;
    if (there) {
        h.lower = h.upper + n;
        h.moved = h.half + k;
        memcpy(h.centre, start, k * d * sizeof *start);
        for (size_t i = 0; i < n; i++) h.label[i] = -1;
        for (size_t i = 0; i < n; i++) h.upper[i] = INFINITY;
        for (size_t i = 0; i < n; i++) h.lower[i] = 0;
        while (find_halves(&h), assign_rows(&h) > 0 && ++h.iterations < 1000) move_centres(&h);
        double inertia = 0;
        for (size_t i = 0; i < n; i++) {
            double apart = (double)distance(x + i * d, h.centre + (size_t)h.label[i] * d, d);
            inertia += apart * apart;
        }
        fprintf(stderr, "%zu iterations, inertia %.6g\n", h.iterations, inertia);
    }
    free(h.centre);
    free(h.upper);
    free(h.half);
    free(h.sum);
    free(h.rows);
    free(h.label);
    return there;
}

/* From every eleventh row: zsc's iterations, or Hamerly's. */
static bool from_rows(bool plain, const float *x, size_t n, size_t d, int threads, size_t *clusters)
{
    size_t k = *clusters = n / 11;
    float *start = malloc(k * d * sizeof *start);
    bool done = start != NULL;
    for (size_t c = 0; done && c < k; c++) memcpy(start + c * d, x + c * 11 * d, d * sizeof *x);
    if (done && plain) {
        done = run_hamerly(x, n, d, start, k);
    } else if (done) {
        zsc_kmeans found = {0};
        zsc_kmeans_options o = zsc_kmeans_defaults();
        o.clusters = k;
        o.init = start;
        o.tol = 0;
        done = zsc_kmeans_cluster_rows(x, n, d, &o, &(zsc_exec){.threads = threads}, &found) == ZSC_OK;
        if (done) fprintf(stderr, "%zu iterations, inertia %.6g\n", found.iterations, found.inertia);
        zsc_kmeans_free(&found);
    }
    free(start);
    return done;
}

/* Clusters, bytes announced; false: failed. */
static bool cluster(const char *how, const float *x, size_t n, size_t d, int threads, size_t *clusters, size_t *bytes)
{
    const zsc_exec exec = {.threads = threads};
    if (strcmp(how, "lloyd") == 0 || strcmp(how, "hamerly") == 0)
        return from_rows(strcmp(how, "hamerly") == 0, x, n, d, threads, clusters);
    if (strcmp(how, "ward") == 0) {
        double *z = malloc(4 * n * sizeof *z);
        *bytes = zsc_linkage_memory(n, d, ZSC_WARD, &exec) + 4 * n * sizeof *z;
        *clusters = n / 11 + 1;
        bool done = z && zsc_linkage(x, n, d, ZSC_WARD, &exec, z, NULL) == ZSC_OK;
        free(z);
        return done;
    }
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
    if (strcmp(argv[1], "nested") == 0)
        fill_nested(n, d, x);
    else
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
