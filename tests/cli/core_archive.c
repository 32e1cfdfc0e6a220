/* What tests/cli/core_archive.sh builds twice: with MODULE a shared object made of libzsc_core.a, as a module of Python
 * or R is; without it a program that loads the module named first and prints what it computes. */
#include <stdio.h>
#include <stdlib.h>

#ifdef MODULE
#include <zsc/core.h>

enum { N = 400, D = 8, GROUPS = 4 };

/* UMAP, Ward's linkage, PCA and AMI of four groups of points, and eigenvectors by spectral clustering: 0 and the AMI,
 * or a status and its message. */
__attribute__((visibility("default"))) int module_run(double *ami, const char **message)
{
    static float x[N * D], y[N * 2], axes[N * 2];
    static int32_t truth[N], cluster[N];
    static double z[4 * (N - 1)];
    unsigned state = 1;
    for (int i = 0; i < N; i++) {
        truth[i] = i % GROUPS;
        for (int j = 0; j < D; j++) {
            state = state * 1664525u + 1013904223u;
            x[i * D + j] = (float)(state >> 8) * 0x1p-24f + (j == truth[i] ? 3.0f : 0.0f);
        }
    }
    zsc_umap_options options = zsc_umap_defaults();
    zsc_spectral_options spectral_options = zsc_spectral_defaults();
    spectral_options.clusters = GROUPS;
    zsc_spectral spectral;
    zsc_scores scores;
    zsc_status status = zsc_umap_fit(x, N, D, &options, NULL, y, NULL);
    if (!status) status = zsc_linkage(y, N, 2, ZSC_WARD, NULL, z, NULL);
    if (!status) status = zsc_cut_clusters(z, N, GROUPS, cluster);
    if (!status) status = zsc_pca(x, N, D, 2, NULL, axes);
    if (!status) status = zsc_score(truth, cluster, N, ZSC_MISSING_DROP, NULL, &scores);
    if (!status) status = zsc_spectral_cluster_rows(x, N, D, &spectral_options, NULL, &spectral);
    if (!status) zsc_spectral_free(&spectral);
    *ami = status ? 0 : scores.ami[ZSC_ARITHMETIC];
    *message = zsc_error_message();
    return status;
}
#else
#include <dlfcn.h>

int main(int argc, char **argv)
{
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!module) {
        fprintf(stderr, "%s\n", argc > 1 ? dlerror() : "no module");
        return EXIT_FAILURE;
    }
    int (*run)(double *, const char **);
    *(void **)&run = dlsym(module, "module_run");
    double ami;
    const char *message;
    int status = run ? run(&ami, &message) : 1;
    if (status)
        fprintf(stderr, "%s\n", run ? message : dlerror());
    else
        printf("%.3f\n", ami);
    return status;
}
#endif
