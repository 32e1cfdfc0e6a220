/* OpenBLAS's threads belong to the host: one while we call it, the host's number before and after. The functions of
 * BLAS and LAPACK that zsc calls are defined here and look at the number first. */
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
#include <lapacke.h>
#include <omp.h>

#include "base/blas.h"
#include "base/host_threads.h"
#include "base/threads.h"
#include "zsc/zsc.h"

enum { HOST = 3 };

/* --- What is called, and how many calls found another number of threads than 1 */
enum { SGEMM, DGEMM, DGEQP3, DGESDD, FUNCTIONS };
static const char *const names[FUNCTIONS] = {"cblas_sgemm", "cblas_dgemm", "LAPACKE_dgeqp3", "LAPACKE_dgesdd"};
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

void cblas_dgemm(ORDER, const CBLAS_TRANSPOSE ta, const CBLAS_TRANSPOSE tb, const blasint m, const blasint n,
                 const blasint k, const double alpha, const double *a, const blasint lda, const double *b,
                 const blasint ldb, const double beta, double *c, const blasint ldc)
{
    FORWARD(DGEMM, __typeof__(&cblas_dgemm), order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

lapack_int LAPACKE_dgeqp3(int layout, lapack_int m, lapack_int n, double *a, lapack_int lda, lapack_int *order,
                          double *tau)
{
    FORWARD(DGEQP3, __typeof__(&LAPACKE_dgeqp3), layout, m, n, a, lda, order, tau);
}

lapack_int LAPACKE_dgesdd(int layout, char job, lapack_int m, lapack_int n, double *a, lapack_int lda, double *s,
                          double *u, lapack_int ldu, double *vt, lapack_int ldvt)
{
    FORWARD(DGESDD, __typeof__(&LAPACKE_dgesdd), layout, job, m, n, a, lda, s, u, ldu, vt, ldvt);
}

/* --- Public entries on rows that reach all of the above */
enum { N = 900, WIDE = 200, D = 32, CLASSES = 7 };
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

static zsc_status probe_by(zsc_probe_solver solver, const zsc_exec *exec)
{
    int32_t label[N];
    for (int32_t i = 0; i < N; i++) label[i] = i % CLASSES;
    const zsc_probe_rows rows = {.x = x, .n = N, .label = label};
    zsc_probe_options o = zsc_probe_defaults(solver);
    zsc_probe fitted = {0};
    o.epochs = 2;
    zsc_status status = zsc_probe_fit(&rows, D, CLASSES, NULL, &o, exec, &fitted);
    zsc_probe_free(&fitted);
    return status;
}

static zsc_status probe_sgd(const zsc_exec *exec) { return probe_by(ZSC_PROBE_SGD, exec); }
static zsc_status probe_lbfgs(const zsc_exec *exec) { return probe_by(ZSC_PROBE_LBFGS, exec); }

static zsc_status spectral(const zsc_exec *exec)
{
    zsc_spectral_options o = zsc_spectral_defaults();
    zsc_spectral found = {0};
    o.clusters = CLASSES;
    o.assign_labels = ZSC_SPECTRAL_CLUSTER_QR;
    zsc_status status = zsc_spectral_cluster_rows(x, N, D, &o, exec, &found);
    zsc_spectral_free(&found);
    return status;
}

static const struct entry {
    const char *name;
    zsc_status (*run)(const zsc_exec *exec);
} entries[] = {{"ward", ward},
               {"ward of doubles", ward_f64},
               {"probe by descent", probe_sgd},
               {"probe by L-BFGS", probe_lbfgs},
               {"spectral clustering", spectral}};
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
        failed += spectral(&one) != ZSC_OK;
        failed += *(int *)first && probe_sgd(&one) != ZSC_OK;
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
    LAPACKE_set_nancheck(1); /* linkers drop libraries that nothing calls, and this one's functions are defined above */
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
