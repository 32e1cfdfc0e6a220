/* cblas_* must come from OpenBLAS: GSL's own CBLAS has the same names, is 20 times slower, and takes over silently if
 * it comes first on the link line. */
#include "config.h" /* _GNU_SOURCE, for dladdr */

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cblas.h>
#include <cmocka.h>

static void test_who_answers(void **state)
{
    (void)state;
    static const char *const names[] = {"cblas_sgemm", "cblas_dgemm", "cblas_sdot", "cblas_dsyrk"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Dl_info info = {0};
        void *symbol = dlsym(RTLD_DEFAULT, names[i]);
        assert_non_null(symbol);
        assert_int_not_equal(dladdr(symbol, &info), 0);
        if (!strstr(info.dli_fname, "openblas")) fail_msg("%s is that of %s", names[i], info.dli_fname);
    }
}

/* A call, so that the test is linked as the program is: linkers drop libraries that nothing calls. */
static void test_product(void **state)
{
    (void)state;
    static const float a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8}, product[] = {19, 22, 43, 50};
    float c[4] = {0};
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
    assert_memory_equal(c, product, sizeof product);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_answers), cmocka_unit_test(test_product)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
