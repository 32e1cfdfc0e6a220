# --with-python[=PROGRAM]: the package of python/, for the interpreter PROGRAM (python3).
AC_DEFUN([ZSC_PYTHON], [
  AS_IF([test "x$with_python" != xno], [
    AS_IF([test "x$with_python" = xyes], [with_python=python3])
    PYTHON=`command -v "$with_python"`
    AC_SUBST([PYTHON])
    AS_IF([test -z "$PYTHON"], [ZSC_MISSING([Python 3.11], [python3-dev])], [
      AC_MSG_CHECKING([for the headers of $PYTHON])
      zsc_python_include=`$PYTHON -c 'import sys, sysconfig
if sys.version_info >= (3, 11): print(sysconfig.get_path("include"))'`
      AS_IF([test -n "$zsc_python_include" && test -r "$zsc_python_include/Python.h"],
        [AC_MSG_RESULT([$zsc_python_include])
         PYTHON_CPPFLAGS="-I$zsc_python_include"],
        [AC_MSG_RESULT([no])
         ZSC_MISSING([Python 3.11 or later, with its headers], [python3-dev])])
      # Where Python looks for packages, below our own prefix.
      AS_IF([test -z "$pythondir"], [pythondir='${prefix}/'`$PYTHON -c 'import sysconfig
print(sysconfig.get_path("platlib", vars={"platbase": "", "base": ""}).lstrip("/").replace("local/", "", 1))'`])
    ])
  ])
  AC_ARG_VAR([pythondir], [folder that the Python package is installed in])
  AC_SUBST([PYTHON_CPPFLAGS])
  AM_CONDITIONAL([WITH_PYTHON], [test "x$with_python" != xno])
])
