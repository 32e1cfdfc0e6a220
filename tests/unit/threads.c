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
static void search(zsc_knn *out)
{
    enum { N = 600, D = 24 };
    float *x = calloc((size_t)N * D, sizeof *x);
    for (size_t i = 0; i < (size_t)N * D; i++) x[i] = (float)((i * 7919) % 1009) / 7;
    zsc_knn_options o = {.neighbors = 10};
    zsc_status status = zsc_knn_search(x, N, D, &o, &(zsc_exec){.threads = 4}, out);
    free(x);
    if (status != ZSC_OK) fail_msg("%s", zsc_error_message());
}

static void a_child_computes(void **state)
{
    (void)state;
    zsc_knn mine = {0};
    int result;
    search(&mine);
    pid_t child = fork();
    if (child == 0) {
        zsc_knn own = {0};
        alarm(60); /* that it ends at all is the point */
        search(&own);
        bool same = memcmp(own.index, mine.index, mine.n * mine.k * sizeof *mine.index) == 0;
        _exit(same && zsc_threads(&(zsc_exec){.threads = 4}) == 1 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (!WIFEXITED(result)) fail_msg("the child was ended by signal %d: it hung", WTERMSIG(result));
    assert_int_equal(WEXITSTATUS(result), 0);
    assert_int_equal(zsc_threads(&(zsc_exec){.threads = 4}), 4);
    zsc_knn_free(&mine);
}

static void a_cut_height_is_finite(void **state)
{
    (void)state;
    static const double heights[] = {INFINITY, NAN, -1};
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
