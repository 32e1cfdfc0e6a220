# Helpers of tests that call the library from Python beside its peers; sourced after lib.sh.

# peers MODULES: a Python that has them all in $python, or the test is skipped
peers() {
    case ${ZSC_TEST_LDFLAGS-} in *-fsanitize*) skip "Python cannot load a library with sanitizers" ;; esac
    for python in /usr/bin/python3 python3; do
        if "$python" -c "import $1" 2>/dev/null; then return; fi
    done
    skip "no Python with $1"
}

# core_library FILE: libzsc_core.a as a shared library
core_library() {
    flags=$(PKG_CONFIG_PATH=$ZSC_BUILDDIR pkg-config --define-variable=libdir="$ZSC_BUILDDIR" --libs zsc_core |
        sed 's/-lzsc_core/-Wl,--whole-archive -lzsc_core -Wl,--no-whole-archive/')
    $ZSC_CC ${ZSC_TEST_LDFLAGS-} -shared $flags -o "$1" || exit 1
}
