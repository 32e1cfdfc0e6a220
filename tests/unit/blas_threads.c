/* OpenBLAS's threads belong to the host: one while we call it, the host's number before and after. The function of
 * BLAS that zsc calls is defined here and looks at the number first. */
#include "config.h" /* _GNU_SOURCE, for RTLD_NEXT */

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cblas.h>
#include <cmocka.h>
#include <omp.h>

#include "base/blas.h"
#include "base/host_threads.h"
#include "base/threads.h"
#include "ward/nearest.h"
#include "zsc/zsc.h"

enum { HOST = 3 };

/* --- What is called, and how many calls found another number of threads than 1 */
enum { SGEMM, FUNCTIONS };
static const char *const names[FUNCTIONS] = {"cblas_sgemm"};
static atomic_int calls[FUNCTIONS], wrong[FUNCTIONS];

static void *look(int which)
{
    atomic_fetch_add(&calls[which], 1);
    if (openblas_get_num_threads() != 1) atomic_fetch_add(&wrong[which], 1);
    return dlsym(RTLD_NEXT, names[which]);
}

#define ORDER const CBLAS_LAYOUT order
#define FORWARD(which, type, ...)                                                                                      \
    do {                                                                                                               \
        void *symbol = look(which);                                                                                    \
        type next;                                                                                                     \
        memcpy(&next, &symbol, sizeof next);                                                                           \
        return next(__VA_ARGS__);                                                                                      \
    } while (0)

void cblas_sgemm(ORDER, const CBLAS_TRANSPOSE ta, const CBLAS_TRANSPOSE tb, const blasint m, const blasint n,
                 const blasint k, const float alpha, const float *a, const blasint lda, const float *b,
                 const blasint ldb, const float beta, float *c, const blasint ldc)
{
    FORWARD(SGEMM, __typeof__(&cblas_sgemm), order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/* --- Public entries on rows that reach it */
enum { N = 900, WIDE = 200 };
static float *x; /* N x WIDE */

static zsc_status ward(const zsc_exec *exec)
{
    double *z = calloc((size_t)N * 4, sizeof *z);
    zsc_status status = zsc_linkage(x, N, WIDE, ZSC_WARD, exec, z, NULL);
    free(z);
    return status;
}

static zsc_status ward_f64(const zsc_exec *exec)
{
    double *rows = calloc((size_t)300 * WIDE, sizeof *rows), z[299 * 4];
    for (size_t i = 0; i < (size_t)300 * WIDE; i++) rows[i] = (double)x[i];
    zsc_status status = zsc_linkage_f64(rows, 300, WIDE, ZSC_WARD, exec, z, NULL);
    free(rows);
    return status;
}

static const struct entry {
    const char *name;
    zsc_status (*run)(const zsc_exec *exec);
} entries[] = {{"ward", ward}, {"ward of doubles", ward_f64}};
enum { ENTRIES = sizeof entries / sizeof *entries };

static int numbers_that_were_wrong(void)
{
    int sum = 0;
    for (int f = 0; f < FUNCTIONS; f++) sum += atomic_load(&wrong[f]);
    return sum;
}

static void every_entry(void **state)
{
    (void)state;
    const zsc_exec two = {.threads = 2};
    for (int e = 0; e < ENTRIES; e++) {
        openblas_set_num_threads(HOST);
        if (entries[e].run(&two) != ZSC_OK) fail_msg("%s: %s", entries[e].name, zsc_error_message());
        if (openblas_get_num_threads() != HOST)
            fail_msg("%s leaves OpenBLAS with %d threads", entries[e].name, openblas_get_num_threads());
        if (numbers_that_were_wrong()) fail_msg("%s calls BLAS with several threads", entries[e].name);
    }
    for (int f = 0; f < FUNCTIONS; f++)
        if (calls[f] == 0) fail_msg("%s was not called: no entry tests it", names[f]);
}

static void failures(void **state)
{
    (void)state;
    const zsc_exec little = {.threads = 2, .memory_limit = 1};
    float kept = x[0];
    for (int e = 0; e < ENTRIES; e++) {
        openblas_set_num_threads(HOST);
        entries[e].run(&little); /* refused by some, whose estimate is above it */
        assert_int_equal(openblas_get_num_threads(), HOST);
        x[0] = NAN;
        if (entries[e].run(NULL) == ZSC_OK) fail_msg("%s accepts NaN", entries[e].name);
        x[0] = kept;
        assert_int_equal(openblas_get_num_threads(), HOST);
    }
}

static bool stop(void *data, const char *stage, double done, double total)
{
    (void)stage, (void)done, (void)total;
    *(int *)data = openblas_get_num_threads();
    return false;
}

static void interruptions(void **state)
{
    (void)state;
    for (int e = 0; e < ENTRIES; e++) {
        int seen = 0;
        const zsc_exec exec = {.threads = 1, .progress = stop, .progress_data = &seen};
        openblas_set_num_threads(HOST);
        zsc_status status = entries[e].run(&exec);
        if (seen && status != ZSC_EINTERRUPTED) fail_msg("%s went on", entries[e].name);
        if (seen > 1) fail_msg("%s is told to go on with %d threads of OpenBLAS", entries[e].name, seen);
        assert_int_equal(openblas_get_num_threads(), HOST);
    }
}

/* --- Two threads of the host at once */
static void *compute(void *first)
{
    const zsc_exec one = {.threads = 1};
    intptr_t failed = 0;
    for (int round = 0; round < 2; round++) {
        failed += ward(&one) != ZSC_OK;
        failed += *(int *)first && ward_f64(&one) != ZSC_OK;
    }
    return (void *)failed;
}

static void two_hosts(void **state)
{
    (void)state;
    pthread_t thread[2];
    int first[2] = {0, 1};
    openblas_set_num_threads(HOST);
    for (int t = 0; t < 2; t++) assert_int_equal(pthread_create(&thread[t], NULL, compute, &first[t]), 0);
    for (int t = 0; t < 2; t++) {
        void *failed;
        pthread_join(thread[t], &failed);
        assert_null(failed);
    }
    assert_int_equal(numbers_that_were_wrong(), 0);
    assert_int_equal(openblas_get_num_threads(), HOST);
}

/* --- Scopes */
static void a_number_set_meanwhile_stays(void **state)
{
    (void)state;
    zsc_blas outer = {0}, inner = {0};
    openblas_set_num_threads(HOST);
    assert_int_equal(zsc_blas_enter(NULL, &outer), ZSC_OK);
    assert_int_equal(openblas_get_num_threads(), 1);
    openblas_set_num_threads(HOST - 1);
    assert_int_equal(zsc_blas_enter(NULL, &inner), ZSC_OK);
    assert_int_equal(openblas_get_num_threads(), 1);
    zsc_blas_leave(&inner);
    zsc_blas_leave(&inner); /* the second does nothing */
    assert_int_equal(openblas_get_num_threads(), 1);
    zsc_blas_leave(&outer);
    assert_int_equal(openblas_get_num_threads(), HOST - 1);
}

/* The child of a process with two open scopes: of the thread that forks, and of another. */
static void *hold(void *data)
{
    pthread_barrier_t *barrier = data;
    zsc_blas scope = {0};
    zsc_blas_enter(NULL, &scope);
    pthread_barrier_wait(barrier);
    pthread_barrier_wait(barrier);
    zsc_blas_leave(&scope);
    return NULL;
}

static int number_in_child(zsc_blas *own)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int inside = openblas_get_num_threads();
        zsc_blas_leave(own);
        _exit(10 * inside + openblas_get_num_threads());
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forks_within_scopes(void **state)
{
    (void)state;
    pthread_barrier_t barrier;
    pthread_t other;
    zsc_blas own = {0};
    pthread_barrier_init(&barrier, NULL, 2);
    openblas_set_num_threads(HOST);
    assert_int_equal(pthread_create(&other, NULL, hold, &barrier), 0);
    pthread_barrier_wait(&barrier);
    assert_int_equal(number_in_child(&own), 10 * HOST + HOST); /* it is in no scope: the other thread is not there */
    assert_int_equal(zsc_blas_enter(NULL, &own), ZSC_OK);
    assert_int_equal(number_in_child(&own), 10 + HOST);
    zsc_blas_leave(&own);
    assert_int_equal(openblas_get_num_threads(), 1);
    pthread_barrier_wait(&barrier);
    pthread_join(other, NULL);
    assert_int_equal(openblas_get_num_threads(), HOST);
    pthread_barrier_destroy(&barrier);
}

static void openmp_keeps_its_number(void **state)
{
    (void)state;
    zsc_blas scope = {0};
    int before = omp_get_max_threads();
    omp_set_num_threads(2);
    openblas_set_num_threads(HOST);
    int set = omp_get_max_threads(); /* an OpenBLAS on OpenMP changes it */
    assert_int_equal(zsc_blas_enter(NULL, &scope), ZSC_OK);
    assert_int_equal(zsc_host_threads(), set);
    zsc_blas_leave(&scope);
    assert_int_equal(omp_get_max_threads(), set);
    omp_set_num_threads(before);
}

static int make_rows(void **state)
{
    (void)state;
    uint32_t random = 1;
    zsc_ward_search_force(ZSC_WARD_SEARCH_GEMM);
    for (int f = 0; f < FUNCTIONS; f++)
        if (!dlsym(RTLD_NEXT, names[f])) return -1;
    x = calloc((size_t)N * WIDE, sizeof *x);
    for (size_t i = 0; x && i < (size_t)N * WIDE; i++) {
        random = random * 1664525 + 1013904223;
        x[i] = (float)(random >> 8) / (1 << 24) + (float)(i / WIDE % 9);
    }
    return x ? 0 : -1;
}

static int free_rows(void **state)
{
    (void)state;
    free(x);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry),
        cmocka_unit_test(failures),
        cmocka_unit_test(interruptions),
        cmocka_unit_test(two_hosts),
        cmocka_unit_test(a_number_set_meanwhile_stays),
        cmocka_unit_test(forks_within_scopes),
        cmocka_unit_test(openmp_keeps_its_number),
    };
    return cmocka_run_group_tests(tests, make_rows, free_rows);
}
