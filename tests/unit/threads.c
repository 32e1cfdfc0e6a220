/* How many threads a computation gets: OpenMP's settings, quotas of control groups, one after a fork. */
#include "config.h" /* _GNU_SOURCE, for affinity masks */

#include <limits.h>
#include <math.h>
#include <omp.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cgroup.h"
#include "base/limits.h"
#include "base/memory.h"
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

/* --- What the environment, the affinity mask and limits allow, in a process of its own that is this program again */
static const char *self;

typedef struct allowed {
    const char *name, *value; /* a variable, or NULL */
    bool one_processor;       /* by the affinity mask */
    int asked;                /* zsc_exec.threads */
    size_t address_space;     /* 0: no limit */
    int least, most;          /* threads that it may get */
} allowed;

static void allow(const allowed *a)
{
    setenv("OPENBLAS_NUM_THREADS", "1", 1); /* otherwise OpenBLAS hangs under a limit */
    unsetenv("OMP_NUM_THREADS");
    if (a->name) setenv(a->name, a->value, 1);
    if (a->one_processor) {
        cpu_set_t own, one;
        sched_getaffinity(0, sizeof own, &own);
        CPU_ZERO(&one);
        for (int c = 0; c < CPU_SETSIZE && CPU_COUNT(&one) == 0; c++)
            if (CPU_ISSET(c, &own)) CPU_SET(c, &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    if (a->address_space)
        setrlimit(RLIMIT_AS, &(struct rlimit){.rlim_cur = a->address_space, .rlim_max = RLIM_INFINITY});
}

static int threads_of(const allowed *a)
{
    int result;
    char asked[16];
    snprintf(asked, sizeof asked, "%d", a->asked);
    pid_t child = fork();
    if (child == 0) {
        allow(a);
        execl(self, self, "--threads", asked, (char *)NULL);
        _exit(200);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (!WIFEXITED(result)) fail_msg("ended by signal %d", WTERMSIG(result));
    return WEXITSTATUS(result);
}

/* The program that is started: its status is how many threads a loop ran on. */
static int print_threads(int asked)
{
    atomic_int ran = 0;
    int threads = zsc_threads(&(zsc_exec){.threads = asked});
#pragma omp parallel num_threads(threads)
    atomic_fetch_add(&ran, 1);
    return ran == threads ? threads : 201;
}

static void settings_of_the_process(void **state)
{
    (void)state;
    int own = zsc_threads(NULL);
    const allowed cases[] = {
        {"OMP_NUM_THREADS", "1", false, 0, 0, 1, 1},
        {"OMP_NUM_THREADS", "3", false, 0, 0, 3, 3},
        {"OMP_NUM_THREADS", "3", true, 0, 0, 3, 3},
        {"OMP_NUM_THREADS", "1", false, 2, 0, 2, 2},
        {"OMP_THREAD_LIMIT", "1", false, 0, 0, 1, 1},
        {"OMP_THREAD_LIMIT", "1", false, 4, 0, 1, 1},
        {NULL, NULL, true, 0, 0, 1, 1},
        {NULL, NULL, false, 0, 0, own, own},
        {NULL, NULL, true, 4, 0, 4, 4},
    };
    if (getenv("OMP_NUM_THREADS") || getenv("OMP_THREAD_LIMIT")) skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int threads = threads_of(&cases[i]);
        if (threads < cases[i].least || threads > cases[i].most)
            fail_msg("case %zu: %d threads, expected %d to %d", i, threads, cases[i].least, cases[i].most);
    }
}

/* OpenMP's runtimes end the process where a thread cannot be made. */
static void stacks_that_do_not_fit(void **state)
{
    (void)state;
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    skip();
#endif
    const size_t gigabyte = (size_t)1 << 30;
    const allowed cases[] = {{"OMP_STACKSIZE", "1G", false, 8, 3 * gigabyte, 2, 3},
                             {"OMP_STACKSIZE", "1048576", false, 8, gigabyte, 1, 1},
                             {"OMP_STACKSIZE", "64M", false, 4, 3 * gigabyte, 4, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int threads = threads_of(&cases[i]);
        if (threads < cases[i].least || threads > cases[i].most)
            fail_msg("case %zu: %d threads, expected %d to %d", i, threads, cases[i].least, cases[i].most);
    }
}

/* --- Memory limits of control groups */
static void memory_of_version_2(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/mem/step\n");
    assert_true(zsc_cgroup_memory(root) == SIZE_MAX);
    put("/sys/fs/cgroup/mem/step/memory.max", "max\n");
    put("/sys/fs/cgroup/mem/step/memory.current", "1000000\n");
    assert_true(zsc_cgroup_memory(root) == SIZE_MAX);
    put("/sys/fs/cgroup/mem/memory.max", "5000000\n"); /* a group above counts */
    put("/sys/fs/cgroup/mem/memory.current", "3000000\n");
    assert_int_equal(zsc_cgroup_memory(root), 2000000);
    put("/sys/fs/cgroup/mem/memory.stat", "anon 1\ninactive_file 400000\nactive_file 100000\n"); /* can be dropped */
    assert_int_equal(zsc_cgroup_memory(root), 2500000);
    put("/sys/fs/cgroup/mem/step/memory.max", "1500000\n");
    assert_int_equal(zsc_cgroup_memory(root), 500000);
    put("/sys/fs/cgroup/mem/step/memory.current", "1600000\n");
    assert_int_equal(zsc_cgroup_memory(root), 0);
}

static void memory_of_version_1(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "9:memory:/job\n4:cpu,cpuacct:/docker/abc\n");
    assert_true(zsc_cgroup_memory(root) == SIZE_MAX);
    put("/sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n"); /* none */
    put("/sys/fs/cgroup/memory/job/memory.usage_in_bytes", "700000\n");
    assert_true(zsc_cgroup_memory(root) == SIZE_MAX);
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "4000000\n"); /* a container's mount point */
    put("/sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000\n");
    put("/sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 200000\ntotal_active_file 0\n");
    assert_int_equal(zsc_cgroup_memory(root), 3200000);
}

/* The process's own limits count in what is available. */
static void limits_of_the_process(void **state)
{
    (void)state;
    static const int resources[] = {RLIMIT_AS, RLIMIT_DATA};
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    skip();
#endif
    for (size_t i = 0; i < 2; i++) {
        int result;
        pid_t child = fork();
        if (child == 0) {
            const size_t far = (size_t)1 << 46;
            struct rlimit limit = {far, RLIM_INFINITY};
            if (setrlimit((__typeof__(RLIMIT_AS))resources[i], &limit)) _exit(1);
            limit.rlim_cur = far - (i ? zsc_limits_data() : zsc_limits_address_space()) + ((size_t)256 << 20);
            if (setrlimit((__typeof__(RLIMIT_AS))resources[i], &limit)) _exit(1);
            size_t before = zsc_memory_available();
            void *volatile more = malloc(64 << 20); /* which a compiler may leave out where nobody looks */
            size_t after = zsc_memory_available();
            if (!more || before > (size_t)256 << 20 || after > before - (63 << 20)) _exit(2);
            const char *unit = i ? "ulimit -d" : "ulimit -v";
            if (zsc_memory_check(NULL, (size_t)256 << 20, "this") != ZSC_EUSAGE) _exit(3);
            _exit(strstr(zsc_error_message(), unit) ? 0 : 4);
        }
        assert_int_equal(waitpid(child, &result, 0), child);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), 0);
    }
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

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--threads") == 0) return print_threads(atoi(argv[2]));
    self = "/proc/self/exe";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotas_of_version_2),    cmocka_unit_test(quotas_of_version_1),
        cmocka_unit_test(memory_of_version_2),    cmocka_unit_test(memory_of_version_1),
        cmocka_unit_test(limits_of_the_process),  cmocka_unit_test(settings_of_the_process),
        cmocka_unit_test(stacks_that_do_not_fit), cmocka_unit_test(what_openmp_was_told_counts),
        cmocka_unit_test(a_child_computes),       cmocka_unit_test(a_cut_height_is_finite),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
