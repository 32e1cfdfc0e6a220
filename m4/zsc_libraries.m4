# Libraries. A missing one is noted with the Debian package that brings it; ZSC_REPORT_MISSING names all at once.

# ZSC_MISSING(WHAT, DEBIAN-PACKAGE)
AC_DEFUN([ZSC_MISSING], [zsc_missing="$zsc_missing
  $1: Debian package $2"; zsc_missing_packages="$zsc_missing_packages $2"])

AC_DEFUN([ZSC_REPORT_MISSING], [
  AS_IF([test -n "$zsc_missing"], [
    AC_MSG_ERROR([these are needed and were not found:$zsc_missing
On Debian and Ubuntu: apt-get install$zsc_missing_packages])])
])

# ZSC_LIB_PKG(VARIABLE, PKG-CONFIG-NAME, DEBIAN-PACKAGE)
AC_DEFUN([ZSC_LIB_PKG], [
  PKG_CHECK_MODULES([$1], [$2], [], [ZSC_MISSING([$2], [$3])])
])

AC_DEFUN([ZSC_LIB_OPENBLAS], [
  PKG_CHECK_MODULES([OPENBLAS], [openblas], [], [ZSC_MISSING([OpenBLAS], [libopenblas-dev])])
])

# pkg-config's plain answer for GSL brings libgslcblas, which would take cblas_* away from OpenBLAS.
AC_DEFUN([ZSC_LIB_GSL], [
  AC_MSG_CHECKING([for GSL without its own CBLAS])
  AS_IF([$PKG_CONFIG --exists 'gsl >= 2.5'], [
    GSL_CFLAGS=`$PKG_CONFIG --cflags gsl`
    GSL_LIBS=`$PKG_CONFIG --define-variable=GSL_CBLAS_LIB= --libs gsl`
    AC_MSG_RESULT([$GSL_LIBS])
  ], [AC_MSG_RESULT([no]); ZSC_MISSING([GSL], [libgsl-dev])])
  AC_SUBST([GSL_CFLAGS])
  AC_SUBST([GSL_LIBS])
])

AC_DEFUN([ZSC_LIB_HDF5], [
  PKG_CHECK_MODULES([HDF5], [hdf5 >= 1.10], [], [ZSC_MISSING([HDF5], [libhdf5-dev])])
])

AC_DEFUN([ZSC_LIB_CSV], [
  AC_CHECK_HEADER([csv.h], [
    AC_CHECK_LIB([csv], [csv_parse], [CSV_LIBS=-lcsv], [ZSC_MISSING([libcsv], [libcsv-dev])])],
    [ZSC_MISSING([libcsv], [libcsv-dev])])
  AC_SUBST([CSV_LIBS])
])

# The test harness is needed for `make check` alone.
AC_DEFUN([ZSC_LIB_CMOCKA], [
  PKG_CHECK_MODULES([CMOCKA], [cmocka >= 1.1], [have_cmocka=yes], [have_cmocka=no])
  AM_CONDITIONAL([HAVE_CMOCKA], [test $have_cmocka = yes])
])

# Of both libraries below, flags and macros are those of libzscoptional alone.
AC_DEFUN([ZSC_MPI], [
  AS_IF([test "x$with_mpi" != xno], [
    PKG_CHECK_MODULES([MPI], [ompi-c], [MPI_CFLAGS="-DZSC_HAVE_MPI=1 $MPI_CFLAGS"],
      [ZSC_MISSING([Open MPI], [libopenmpi-dev])])])
  AM_CONDITIONAL([HAVE_MPI], [test "x$with_mpi" != xno])
])

# 1.0 has another interface. Found or not, unless a switch asks for it.
AC_DEFUN([ZSC_IGRAPH], [
  have_igraph=no
  AS_IF([test "x$with_igraph" != xno], [
    PKG_CHECK_MODULES([IGRAPH], [igraph >= 0.10 igraph < 1.0],
      [have_igraph=yes; IGRAPH_CFLAGS="-DZSC_HAVE_IGRAPH=1 $IGRAPH_CFLAGS"],
      [AS_IF([test "x$with_igraph" = xyes], [ZSC_MISSING([igraph 0.10], [libigraph-dev])])])])
])

AC_DEFUN([ZSC_SUMMARY], [
  AC_MSG_NOTICE([
  $PACKAGE_NAME $PACKAGE_VERSION
    compiler            $CC $CFLAGS
    AVX2, AVX-512       $zsc_simd
    OpenMP              ${OPENMP_CFLAGS:-none}
    OpenBLAS            $OPENBLAS_LIBS
    GSL                 $GSL_LIBS
    HDF5                $HDF5_LIBS
    MPI                 $with_mpi
    Python package      ${PYTHON:-no}
    R package           ${R_PROGRAM:-no}
    igraph              $have_igraph (--clusterer leiden)
    unit tests          $have_cmocka (cmocka)
    sanitizers          $enable_sanitizers
    coverage            $enable_coverage
    hardening           $enable_hardening
    gnuplot             $GNUPLOT
    prefix              $prefix
  Next: make, make check, make install])
])
