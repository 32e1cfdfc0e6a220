/* How many threads a computation gets: OpenMP's settings, quotas of control groups, one after a fork. */
#include <limits.h>
#include <math.h>
#include <omp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cgroup.h"
#include "base/threads.h"
#include "zsc/zsc.h"

/* --- Quotas */
static char root[] = "/tmp/zsc-threads-XXXXXX";

static void put(const char *path, const char *text)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *p = whole + strlen(root) + 1; (p = strchr(p, '/')); p++) {
        *p = '\0';
        mkdir(whole, 0700);
        *p = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void quotas_of_version_2(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/job/step\n");
    assert_int_equal(zsc_cgroup_cpus(root), INT_MAX);
    put("/sys/fs/cgroup/job/step/cpu.max", "max 100000\n");
    assert_int_equal(zsc_cgroup_cpus(root), INT_MAX);
    put("/sys/fs/cgroup/job/cpu.max", "350000 100000\n"); /* a group above counts, and parts of a processor are one */
    assert_int_equal(zsc_cgroup_cpus(root), 4);
    put("/sys/fs/cgroup/job/step/cpu.max", "50000 100000\n");
    assert_int_equal(zsc_cgroup_cpus(root), 1);
    put("/proc/self/cgroup", "0::/seen/from/outside\n"); /* a container: only the mount point is there */
    put("/sys/fs/cgroup/cpu.max", "200000 100000\n");
    assert_int_equal(zsc_cgroup_cpus(root), 2);
}

static void quotas_of_version_1(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "12:memory:/m\n7:cpuset:/m\n4:cpu,cpuacct:/docker/abc\n0::/none\n");
    put("/sys/fs/cgroup/cpu.max", "max 100000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    assert_int_equal(zsc_cgroup_cpus(root), INT_MAX);
    put("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "250000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
    assert_int_equal(zsc_cgroup_cpus(root), 3);
    put("/sys/fs/cgroup/cpuset/m/cpu.cfs_quota_us", "100000\n"); /* not the cpu controller's */
    assert_int_equal(zsc_cgroup_cpus(root), 3);
}

/* --- OpenMP's settings */
static void what_openmp_was_told_counts(void **state)
{
    (void)state;
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    assert_int_equal(zsc_threads(NULL), 1);
    omp_set_num_threads(before);
    assert_int_equal(zsc_threads(&(zsc_exec){.threads = 3}), 3);
}

/* --- A fork after a parallel computation: the child's must end, and give the same bytes. */
enum { N = 600, D = 24, K = 10, DIM = 2, THREADS = 4, LEVELS = 2 };
static const zsc_exec four = {.threads = THREADS};

static zsc_status search(const float *x, uint8_t *out)
{
    zsc_knn found = {0};
    zsc_knn_options o = {.neighbors = K};
    zsc_status status = zsc_knn_search(x, N, D, &o, &four, &found);
    if (status == ZSC_OK) memcpy(out, found.index, sizeof(int32_t) * N * K);
    zsc_knn_free(&found);
    return status;
}

static zsc_status search_joint(const float *x, uint8_t *out)
{
    static const size_t offset[] = {0, 1, 3}, member[] = {0, 0, 1};
    const zsc_knn_features blocks[] = {{.x = x, .d = D}, {.x = x + N * D / 2, .d = D / 2}};
    zsc_knn found[2] = {0};
    zsc_status status = zsc_knn_search_joint(blocks, 2, N, offset, member, 2, K, &four, found);
    for (size_t i = 0; i < 2; i++) {
        if (status == ZSC_OK) memcpy(out + i * sizeof(int32_t) * N * K, found[i].index, sizeof(int32_t) * N * K);
        zsc_knn_free(&found[i]);
    }
    return status;
}

static zsc_status trust(const float *x, uint8_t *out)
{
    double value;
    zsc_status status = zsc_trustworthiness(x, D, x, DIM, N, K, ZSC_EUCLIDEAN, &four, &value);
    memcpy(out, &value, sizeof value);
    return status;
}

static zsc_status umap(const float *x, uint8_t *out)
{
    zsc_umap_options o = zsc_umap_defaults();
    o.n_epochs = 20;
    return zsc_umap_fit(x, N, D, &o, &four, (float *)(void *)out, NULL);
}

static zsc_status ward(const float *x, uint8_t *out)
{
    return zsc_linkage(x, N, D, ZSC_WARD, &four, (double *)(void *)out, NULL);
}

static zsc_status pca(const float *x, uint8_t *out) { return zsc_pca(x, N, D, DIM, &four, (float *)(void *)out); }

static zsc_status internal(const float *x, uint8_t *out)
{
    int32_t labels[N];
    for (int32_t i = 0; i < N; i++) labels[i] = i % 7;
    return zsc_score_internal(x, N, D, labels, &four, (zsc_internal_scores *)(void *)out);
}

static const struct computation {
    const char *name;
    zsc_status (*run)(const float *x, uint8_t *out);
} computations[] = {{"knn", search}, {"joint knn", search_joint}, {"trust", trust}, {"umap", umap}, {"ward", ward},
                    {"pca", pca},    {"internal", internal}};
enum { COMPUTATIONS = sizeof computations / sizeof *computations, BYTES = sizeof(int32_t) * N * K * 2 };

/* Every computation against what the first process got, then the same in a child; 0, or what went wrong. */
static int compute_in_child(const float *x, uint8_t *const *expected, int level)
{
    int result = 0;
    pid_t child = fork();
    if (child == 0) {
        alarm(60); /* that it ends at all is the point */
        if (zsc_threads(&four) != 1) _exit(100);
        for (int c = 0; c < COMPUTATIONS; c++) {
            uint8_t *own = calloc(BYTES, 1);
            if (!own || computations[c].run(x, own) != ZSC_OK || memcmp(own, expected[c], BYTES) != 0) _exit(c + 1);
            free(own);
        }
        _exit(level + 1 < LEVELS ? compute_in_child(x, expected, level + 1) : 0);
    }
    if (child < 0 || waitpid(child, &result, 0) != child) return 101;
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}

static void a_child_computes(void **state)
{
    (void)state;
    uint8_t *expected[COMPUTATIONS];
    float *x = calloc((size_t)N * D, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < (size_t)N * D; i++) x[i] = (float)((i * 7919) % 1009) / 7;
    for (int c = 0; c < COMPUTATIONS; c++) {
        assert_non_null(expected[c] = calloc(BYTES, 1));
        if (computations[c].run(x, expected[c]) != ZSC_OK)
            fail_msg("%s: %s", computations[c].name, zsc_error_message());
    }
    int result = compute_in_child(x, expected, 0);
    if (result > 128) fail_msg("a child was ended by signal %d", result - 128);
    if (result > 0 && result <= COMPUTATIONS) fail_msg("%s differs in a child", computations[result - 1].name);
    assert_int_equal(result, 0);
    assert_int_equal(zsc_threads(&four), THREADS);
    for (int c = 0; c < COMPUTATIONS; c++) free(expected[c]);
    free(x);
}

static void a_cut_height_is_finite(void **state)
{
    (void)state;
    static const double heights[] = {INFINITY, NAN, -2};
    zsc_result result = {0};
    for (size_t i = 0; i < 3; i++) {
        const char *embeddings[] = {"absent.h5"};
        zsc_run_options o = zsc_run_defaults();
        o.data.embeddings = embeddings;
        o.data.embedding_count = 1;
        o.cut_height = heights[i];
        assert_int_equal(zsc_run(&o, NULL, &result), ZSC_EUSAGE);
        assert_non_null(strstr(zsc_error_message(), "cut-height"));
    }
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotas_of_version_2),         cmocka_unit_test(quotas_of_version_1),
        cmocka_unit_test(what_openmp_was_told_counts), cmocka_unit_test(a_child_computes),
        cmocka_unit_test(a_cut_height_is_finite),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
