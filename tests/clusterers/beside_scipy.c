/* What beside_scipy.sh compares with scikit-learn and SciPy:
 *
 *     beside_scipy kmeans X.npy INIT.npy       prints the inertia from these centres
 *     beside_scipy tree X.npy MIN_SAMPLES      the lengths of the spanning tree of mutual reachability, ascending */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hdbscan/spanning_tree.h"
#include "io/npy.h"
#include "zsc/zsc.h"

static zsc_status kmeans(const char *rows, const char *centres)
{
    float *x = NULL, *init = NULL;
    size_t n, d, columns;
    zsc_kmeans found = {0};
    zsc_kmeans_options o = zsc_kmeans_defaults();
    zsc_status status = zsc_npy_read_f32(rows, &x, &n, &d);
    if (status == ZSC_OK) status = zsc_npy_read_f32(centres, &init, &o.clusters, &columns);
    o.init = init;
    if (status == ZSC_OK) status = zsc_kmeans_cluster_rows(x, n, d, &o, NULL, &found);
    if (status == ZSC_OK) printf("%.17g\n", found.inertia);
    zsc_kmeans_free(&found);
    free(x);
    free(init);
    return status;
}

static zsc_status tree(const char *rows, size_t samples)
{
    float *x = NULL;
    size_t n, d;
    zsc_hdbscan_space s = {0};
    zsc_status status = zsc_npy_read_f32(rows, &x, &n, &d);
    if (status == ZSC_OK) status = zsc_hdbscan_space_make(x, n, d, ZSC_EUCLIDEAN, NULL, &s);
    double *core = calloc(n, sizeof *core);
    zsc_hdbscan_edge *edges = calloc(n, sizeof *edges);
    if (status == ZSC_OK) status = core && edges ? ZSC_OK : ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_hdbscan_spanning_tree(&s, samples, NULL, core, edges);
    for (size_t e = 0; status == ZSC_OK && e + 1 < s.m; e++) printf("%.17g\n", sqrt(edges[e].measure));
    zsc_hdbscan_space_free(&s);
    free(core);
    free(edges);
    free(x);
    return status;
}

int main(int argc, char **argv)
{
    zsc_status status = ZSC_EUSAGE;
    if (argc == 4 && strcmp(argv[1], "kmeans") == 0) status = kmeans(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "tree") == 0) status = tree(argv[2], strtoul(argv[3], NULL, 10));
    if (status != ZSC_OK) fprintf(stderr, "%s\n", zsc_error_message());
    return (int)status;
}
