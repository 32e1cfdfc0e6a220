# Fuzz targets, faults, static analysis, long checks: a part of Makefile.am

# fuzz: each target is a program of its own; here it is run over the corpus, --enable-fuzzing makes it libFuzzer's
fuzz_targets = \
  tests/fuzz/fuzz_csv \
  tests/fuzz/fuzz_yaml \
  tests/fuzz/fuzz_npy \
  tests/fuzz/fuzz_text \
  tests/fuzz/fuzz_h5 \
  tests/fuzz/fuzz_layout \
  tests/fuzz/fuzz_packed \
  tests/fuzz/fuzz_store \
  tests/fuzz/fuzz_vectors \
  tests/fuzz/fuzz_styles \
  tests/fuzz/fuzz_labels
fuzz_common = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_cflags = $(AM_CFLAGS) $(ZSC_FUZZ_CFLAGS)
fuzz_ldflags = $(AM_LDFLAGS) $(ZSC_FUZZ_LDFLAGS)
fuzz_libs = libzsccore.la $(zsc_libraries)
cli_tests += tests/fuzz/replay.sh
tests_fuzz_fuzz_csv_SOURCES = \
  tests/fuzz/fuzz_csv.c \
  $(fuzz_common)
tests_fuzz_fuzz_csv_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_csv_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_csv_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_yaml_SOURCES = \
  tests/fuzz/fuzz_yaml.c \
  $(fuzz_common)
tests_fuzz_fuzz_yaml_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_yaml_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_yaml_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_npy_SOURCES = \
  tests/fuzz/fuzz_npy.c \
  $(fuzz_common)
tests_fuzz_fuzz_npy_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_npy_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_npy_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_text_SOURCES = \
  tests/fuzz/fuzz_text.c \
  $(fuzz_common)
tests_fuzz_fuzz_text_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_text_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_text_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_h5_SOURCES = \
  tests/fuzz/fuzz_h5.c \
  $(fuzz_common)
tests_fuzz_fuzz_h5_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_h5_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_h5_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_layout_SOURCES = \
  tests/fuzz/fuzz_layout.c \
  tests/h5_files.h \
  $(fuzz_common)
tests_fuzz_fuzz_layout_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_layout_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_layout_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_packed_SOURCES = \
  tests/fuzz/fuzz_packed.c \
  tests/pack.h \
  $(fuzz_common)
tests_fuzz_fuzz_packed_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_packed_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_packed_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_store_SOURCES = \
  tests/fuzz/fuzz_store.c \
  $(fuzz_common)
tests_fuzz_fuzz_store_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_store_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_store_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_vectors_SOURCES = \
  tests/fuzz/fuzz_vectors.c \
  $(fuzz_common)
tests_fuzz_fuzz_vectors_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_vectors_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_vectors_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_styles_SOURCES = \
  tests/fuzz/fuzz_styles.c \
  $(fuzz_common)
tests_fuzz_fuzz_styles_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_styles_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_styles_LDADD = $(fuzz_libs)
tests_fuzz_fuzz_labels_SOURCES = \
  tests/fuzz/fuzz_labels.c \
  $(fuzz_common)
tests_fuzz_fuzz_labels_CFLAGS = $(fuzz_cflags)
tests_fuzz_fuzz_labels_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_labels_LDADD = $(fuzz_libs)
EXTRA_DIST += \
  tests/fuzz/corpus \
  tests/fuzz/hours.sh \
  tests/fault/lsan.supp \
  tests/fault/full.sh

# faults: a library to be preloaded, which libtool makes loadable when it believes that it will be installed
check_LTLIBRARIES = tests/fault/inject.la
tests_fault_inject_la_SOURCES = tests/fault/inject.c
tests_fault_inject_la_CFLAGS = -O1 -g
tests_fault_inject_la_LDFLAGS = -module -avoid-version -rpath /nowhere -shared
tests_fault_inject_la_LIBADD = -ldl
fault_programs = tests/fault/whole
tests_fault_whole_SOURCES = tests/fault/whole.c
tests_fault_whole_LDADD = $(fuzz_libs)
cli_tests += \
  tests/fault/walk.sh \
  tests/fault/kill.sh \
  tests/fault/full.sh

# sums and sizes at their limits
unit_tests += tests/unit/limits
tests_unit_limits_SOURCES = \
  tests/unit/limits.c \
  tests/folder.h
tests_unit_limits_CFLAGS = $(test_cflags)
tests_unit_limits_LDADD = $(test_libs)

# what the build promises about itself
AM_TESTS_ENVIRONMENT += ZSC_HARDENED='$(ZSC_HARDENED)'; export ZSC_HARDENED;
cli_tests += \
  tests/cli/hardening.sh \
  tests/cli/isa.sh \
  tests/cli/security.sh
EXTRA_DIST += \
  debian/changelog \
  debian/control \
  debian/copyright \
  debian/rules \
  debian/source/format
EXTRA_DIST += \
  .clang-tidy \
  tests/analyze.sh \
  tests/analyze.cppcheck \
  tests/analyze.gcc \
  tests/tsan.sh \
  tests/tsan.supp \
  tests/aarch64.sh \
  tests/compilers.sh \
  tests/same_cases.sh \
  tests/bench/a16.sh \
  tests/bench/instructions.sh \
  tests/bench/instructions.txt \
  tests/bench/bench.sh \
  tests/bench/growth.sh \
  tests/bench/quality.sh \
  tests/bench/stages.sh \
  tests/bench/package.py \
  tests/bench/python.py

# the same tests for as long as is wanted: make check-long, or make check-long ZSC_CHECK_LONG=1000
check-long:
	ZSC_CHECK_LONG=$${ZSC_CHECK_LONG-20} $(MAKE) $(AM_MAKEFLAGS) check

# gcc -fanalyzer, clang-tidy, cppcheck
analyze:
	sh $(srcdir)/tests/analyze.sh $(abs_builddir)

# a build of its own with ThreadSanitizer (clang, libomp, archer), in the folder tsan
check-threads:
	sh $(srcdir)/tests/tsan.sh $(abs_builddir)/tsan

# the same commands built by gcc and clang at -O1 and -O3, in the folder compilers
check-compilers:
	bash $(srcdir)/tests/compilers.sh $(abs_builddir)/compilers

# the same commands built for aarch64 and run in qemu, in the folder aarch64
check-aarch64: zsc$(EXEEXT)
	bash $(srcdir)/tests/aarch64.sh $(abs_builddir)/aarch64 $(abs_builddir)/zsc

# instruction counts of the kernels against the committed ones
# bench: seconds, beside the Python stack where it is installed
check-instructions: zsc$(EXEEXT)
	ZSC='$(abs_builddir)/zsc' sh $(srcdir)/tests/bench/instructions.sh $(srcdir)/tests/bench/instructions.txt
bench: zsc$(EXEEXT)
	ZSC='$(abs_builddir)/zsc' bash $(srcdir)/tests/bench/bench.sh $(abs_builddir)/bench.md

.PHONY: check-long analyze check-threads check-compilers check-aarch64 check-instructions bench

dist_doc_DATA += \
  doc/performance.md \
  doc/reliability.md
