/* The whole analysis from C: six groups of points are reduced, clustered and scored.
 *
 *   cc api.c $(pkg-config --cflags --libs zsc) -o api && ./api
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <zsc/zsc.h>

enum { N = 600, D = 16, GROUPS = 6 };

static int failed(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, zsc_error_message());
    return EXIT_FAILURE;
}

int main(void)
{
    static float x[N * D];
    static int32_t truth[N], cluster[N];
    uint64_t state = 1;
    for (int i = 0; i < N; i++) {
        truth[i] = i % GROUPS;
        for (int j = 0; j < D; j++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            x[i * D + j] = (float)(state >> 40) * 0x1p-24f + (j == truth[i] ? 2.0f : 0.0f);
        }
    }

    /* UMAP to 10 dimensions. Options start at their defaults; NULL for zsc_exec: all processors, no progress. */
    zsc_umap_options options = zsc_umap_defaults();
    options.n_components = 10;
    options.min_dist = 0;
    float *y = malloc(sizeof(float) * N * options.n_components);
    double *linkage = malloc(sizeof(double) * 4 * (N - 1));
    if (!y || !linkage) return EXIT_FAILURE;
    if (zsc_umap_fit(x, N, D, &options, NULL, y, NULL) != ZSC_OK) return failed("umap");

    /* Ward's linkage, cut at the number of groups. */
    if (zsc_linkage(y, N, options.n_components, ZSC_WARD, NULL, linkage, NULL) != ZSC_OK) return failed("linkage");
    if (zsc_cut_clusters(linkage, N, GROUPS, cluster) != ZSC_OK) return failed("cut");

    zsc_scores scores;
    if (zsc_score(truth, cluster, N, ZSC_MISSING_DROP, NULL, &scores) != ZSC_OK) return failed("score");
    printf("zsc %s: AMI %.4f, ARI %.4f\n", zsc_version(), scores.ami[ZSC_ARITHMETIC], scores.ari);
    free(linkage);
    free(y);
    return scores.ami[ZSC_ARITHMETIC] > 0.9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
