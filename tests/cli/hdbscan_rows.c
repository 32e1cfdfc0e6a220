/* Rows of a known shape and zsc's clusters of them, for hdbscan_r.sh:
 *
 *     hdbscan_rows SHAPE N D SEED MIN_CLUSTER_SIZE
 *
 * Shapes: blobs, moons, nested, uniform. Writes x.txt, in which every number is exact, and clusters.txt, in which 0 is
 * noise. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "zsc/zsc.h"

static double blobs(zsc_stream *r, size_t i, size_t j, double spread)
{
    zsc_stream centre = zsc_stream_open(3, ZSC_RANDOM_TEST, 1000 * (i % 12) + j);
    return spread * zsc_stream_normal(&centre) + zsc_stream_normal(r);
}

static double place(const char *shape, zsc_stream *r, size_t i, size_t j, double angle)
{
    if (strcmp(shape, "blobs") == 0) return blobs(r, i, j, 6);
    if (strcmp(shape, "nested") == 0) return blobs(r, i, j, i % 3 ? 2 : 20) * (i % 2 ? 0.2 : 1);
    if (strcmp(shape, "uniform") == 0) return zsc_stream_uniform(r);
    double side = i % 2 ? 1 : -1; /* moons, in as many planes as there are pairs of columns */
    return (j % 2 ? side * sin(angle) + 0.25 * side : cos(angle) + 0.5 * side) + 0.08 * zsc_stream_normal(r);
}

static int write_files(const float *x, size_t n, size_t d, const zsc_hdbscan *h)
{
    FILE *rows = fopen("x.txt", "w"), *clusters = fopen("clusters.txt", "w");
    if (!rows || !clusters) return 1;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) fprintf(rows, "%.9g%c", (double)x[i * d + j], j + 1 < d ? ' ' : '\n');
        fprintf(clusters, "%d\n", (int)h->label[i] + 1);
    }
    return fclose(rows) | fclose(clusters);
}

int main(int argc, char **argv)
{
    if (argc != 6) return 2;
    size_t n = strtoul(argv[2], NULL, 10), d = strtoul(argv[3], NULL, 10);
    float *x = calloc(n * d, sizeof *x);
    if (!x) return 1;
    for (size_t i = 0; i < n; i++) {
        zsc_stream r = zsc_stream_open(strtoull(argv[4], NULL, 10), ZSC_RANDOM_TEST, i);
        double angle = 3.14159265358979 * zsc_stream_uniform(&r);
        for (size_t j = 0; j < d; j++) x[i * d + j] = (float)place(argv[1], &r, i, j, angle);
    }
    zsc_hdbscan h = {0};
    zsc_hdbscan_options o = zsc_hdbscan_defaults();
    o.min_cluster_size = strtoul(argv[5], NULL, 10);
    if (zsc_hdbscan_cluster_rows(x, n, d, &o, NULL, &h) != ZSC_OK) {
        fprintf(stderr, "%s\n", zsc_error_message());
        return 1;
    }
    int failed = write_files(x, n, d, &h);
    zsc_hdbscan_free(&h);
    free(x);
    return failed;
}
