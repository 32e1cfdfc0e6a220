# --with-r[=PROGRAM]: the package of r/, for the R that PROGRAM (R) starts.
AC_DEFUN([ZSC_R], [
  AS_IF([test "x$with_r" != xno], [
    AS_IF([test "x$with_r" = xyes], [with_r=R])
    R_PROGRAM=`command -v "$with_r"`
    AC_SUBST([R_PROGRAM])
    AC_MSG_CHECKING([for the headers of R])
    zsc_r_include=
    AS_IF([test -n "$R_PROGRAM"], [zsc_r_include=`"$R_PROGRAM" CMD config --cppflags 2>/dev/null`])
    AS_IF([test -n "$zsc_r_include"], [AC_MSG_RESULT([$zsc_r_include])],
      [AC_MSG_RESULT([no]); ZSC_MISSING([R 4.0, with its headers], [r-base-dev])])
    AS_IF([test -z "$rlibdir"], [rlibdir='${prefix}/lib/R/site-library'])
  ])
  AC_ARG_VAR([rlibdir], [library that the R package is installed in])
  AM_CONDITIONAL([WITH_R], [test "x$with_r" != xno])
])
