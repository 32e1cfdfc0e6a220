# Compiler: switches, language level, warnings, hardening, sanitizers, coverage, instruction sets, OpenMP.

AC_DEFUN([ZSC_ARG_SWITCHES], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [treat warnings as errors])], [], [enable_werror=no])
  AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening], [leave out stack protector, FORTIFY_SOURCE, full RELRO, PIE])], [], [enable_hardening=yes])
  AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers=LIST], [build with -fsanitize=LIST, e.g. address,undefined or thread])], [], [enable_sanitizers=no])
  AS_IF([test "x$enable_sanitizers" = xyes], [enable_sanitizers=address,undefined])
  AC_ARG_ENABLE([fuzzing], [AS_HELP_STRING([--enable-fuzzing], [build tests/fuzz as libFuzzer programs (needs clang; implies sanitizers)])], [], [enable_fuzzing=no])
  AS_IF([test "x$enable_fuzzing" = xyes && test "x$enable_sanitizers" = xno], [enable_sanitizers=address,undefined])
  AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [build for gcov])], [], [enable_coverage=no])
  AC_ARG_ENABLE([simd], [AS_HELP_STRING([--disable-simd], [leave out the copies of the kernels for AVX2, AVX-512 and NEON])], [], [enable_simd=yes])
  AC_ARG_WITH([mpi], [AS_HELP_STRING([--with-mpi], [hand the runs of a sweep out to MPI ranks (needs Open MPI)])], [], [with_mpi=no])
  AC_ARG_WITH([igraph], [AS_HELP_STRING([--without-igraph], [build without igraph, which --clusterer leiden needs; with it where it is found])], [], [with_igraph=auto])
  AC_ARG_WITH([r], [AS_HELP_STRING([--with-r@<:@=PROGRAM@:>@], [build the R package, for the R that PROGRAM (R) starts])], [], [with_r=no])
  AC_ARG_WITH([python], [AS_HELP_STRING([--with-python@<:@=PROGRAM@:>@], [build the Python package, for the interpreter PROGRAM (python3)])], [], [with_python=no])
])

AC_DEFUN([ZSC_C17], [
  AX_CHECK_COMPILE_FLAG([-std=gnu17], [CC="$CC -std=gnu17"], [AC_MSG_ERROR([$CC cannot compile C17 (-std=gnu17)])])
])

# Our own warnings go to ZSC_CFLAGS, so that CFLAGS stays the user's.
AC_DEFUN([ZSC_WARNINGS], [
  # No contraction: a product and a sum are rounded once where base/fused.h says so, and twice elsewhere, on every processor.
  ZSC_CFLAGS="-fvisibility=hidden -fno-math-errno -fno-trapping-math -ffp-contract=off"
  AX_APPEND_COMPILE_FLAGS([-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wnull-dereference], [ZSC_CFLAGS], [-Werror])
  AS_IF([test "x$enable_werror" = xyes], [ZSC_CFLAGS="$ZSC_CFLAGS -Werror"])
  AC_SUBST([ZSC_CFLAGS])
])

# libzsc_core.a is linked into shared objects. Without a shared library of our own, libtool compiles nothing for that.
AC_DEFUN([ZSC_PIC], [
  AS_IF([test "x$enable_shared" = xno], [ZSC_CFLAGS="$ZSC_CFLAGS -fPIC"])
])

AC_DEFUN([ZSC_HARDENING], [
  ZSC_LDFLAGS= ZSC_PROG_CFLAGS= ZSC_PROG_LDFLAGS= ZSC_HARDENED=no
  AS_IF([test "x$enable_hardening" = xyes], [
    AX_APPEND_COMPILE_FLAGS([-fstack-protector-strong], [ZSC_CFLAGS])
    AX_APPEND_LINK_FLAGS([-Wl,-z,relro -Wl,-z,now], [ZSC_LDFLAGS])
    AX_APPEND_COMPILE_FLAGS([-fPIE], [ZSC_PROG_CFLAGS])
    AX_APPEND_LINK_FLAGS([-pie], [ZSC_PROG_LDFLAGS])
    # FORTIFY_SOURCE wants optimisation and does not go with AddressSanitizer.
    AS_IF([test "x$enable_sanitizers" = xno && test "x$enable_coverage" = xno], [
      AS_CASE(["$CFLAGS"], [*-O0*], [], [ZSC_CFLAGS="$ZSC_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3" ZSC_HARDENED=yes])])
  ])
  AC_SUBST([ZSC_HARDENED])
  AC_SUBST([ZSC_LDFLAGS])
  AC_SUBST([ZSC_PROG_CFLAGS])
  AC_SUBST([ZSC_PROG_LDFLAGS])
])

AC_DEFUN([ZSC_SANITIZERS], [
  AS_IF([test "x$enable_sanitizers" != xno], [
    AX_CHECK_LINK_FLAG([-fsanitize=$enable_sanitizers],
      [ZSC_CFLAGS="$ZSC_CFLAGS -fsanitize=$enable_sanitizers -fno-omit-frame-pointer -fno-sanitize-recover=all"
       ZSC_LDFLAGS="$ZSC_LDFLAGS -fsanitize=$enable_sanitizers"],
      [AC_MSG_ERROR([$CC cannot link with -fsanitize=$enable_sanitizers])])
    # At a fixed address, without the relocations of what the sanitizers add, the program starts in two thirds of the time.
    AS_CASE([$enable_sanitizers], [*address*], [AX_CHECK_LINK_FLAG([-no-pie], [ZSC_PROG_LDFLAGS=-no-pie])])
  ])
  AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" != xno])
])

# Every object counts its edges for libFuzzer; the targets of tests/fuzz get their main() from it.
AC_DEFUN([ZSC_FUZZING], [
  ZSC_FUZZ_CFLAGS= ZSC_FUZZ_LDFLAGS=
  AS_IF([test "x$enable_fuzzing" = xyes], [
    AX_CHECK_COMPILE_FLAG([-fsanitize=fuzzer-no-link], [], [AC_MSG_ERROR([--enable-fuzzing needs clang: configure CC=clang])], [-Werror])
    ZSC_CFLAGS="$ZSC_CFLAGS -fsanitize=fuzzer-no-link -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION=1"
    ZSC_FUZZ_CFLAGS=-DZSC_LIBFUZZER=1
    ZSC_FUZZ_LDFLAGS=-fsanitize=fuzzer])
  AC_SUBST([ZSC_FUZZ_CFLAGS])
  AC_SUBST([ZSC_FUZZ_LDFLAGS])
])

AC_DEFUN([ZSC_COVERAGE], [
  AS_IF([test "x$enable_coverage" = xyes], [
    ZSC_CFLAGS="$ZSC_CFLAGS --coverage" ZSC_LDFLAGS="$ZSC_LDFLAGS --coverage"])
])

# Kernels are compiled once plain and, on x86-64, for AVX2 and AVX-512, on aarch64 for NEON; src/base/isa.c chooses at run time.
AC_DEFUN([ZSC_SIMD], [
  ZSC_AVX2_CFLAGS="-mavx2 -mfma -mf16c"
  ZSC_AVX512_CFLAGS="-mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512"
  zsc_simd=no
  AS_IF([test "x$enable_simd" = xyes], [
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [[
#if !defined __x86_64__
#error not x86-64
#endif
]])], [AX_CHECK_COMPILE_FLAG([$ZSC_AVX512_CFLAGS], [zsc_simd=yes])])
  ])
  AS_IF([test $zsc_simd = yes], [AC_DEFINE([ZSC_HAVE_X86_KERNELS], [1], [AVX2 and AVX-512 copies of the kernels are built])])
  AM_CONDITIONAL([X86_KERNELS], [test $zsc_simd = yes])
  zsc_neon=no
  AS_IF([test "x$enable_simd" = xyes], [
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [[
#if !defined __aarch64__ || !defined __ARM_NEON
#error not aarch64
#endif
]])], [zsc_neon=yes])
  ])
  AS_IF([test $zsc_neon = yes], [AC_DEFINE([ZSC_HAVE_NEON_KERNELS], [1], [NEON copies of the kernels are built])])
  AM_CONDITIONAL([NEON_KERNELS], [test $zsc_neon = yes])
  AC_SUBST([ZSC_AVX2_CFLAGS])
  AC_SUBST([ZSC_AVX512_CFLAGS])
])

AC_DEFUN([ZSC_OPENMP], [
  AC_OPENMP
  zsc_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $OPENMP_CFLAGS"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <omp.h>]], [[return omp_get_max_threads() > 0 ? 0 : 1;]])], [],
    [ZSC_MISSING([OpenMP], [libgomp1 with gcc, libomp-dev with clang])])
  CFLAGS=$zsc_save_CFLAGS
])
