# Clusterers beside other programs, from fixtures and where those are installed, and on awkward input.
cli_tests += \
  tests/clusterers/beside_scipy.sh \
  tests/clusterers/leiden.sh \
  tests/clusterers/spectral.sh
compared_programs += tests/clusterers/beside_scipy
tests_clusterers_beside_scipy_SOURCES = tests/clusterers/beside_scipy.c
tests_clusterers_beside_scipy_LDADD = libzsccore.la $(zsc_libraries)
EXTRA_DIST += \
  tests/clusterers/beside_scipy.py \
  tests/clusterers/leiden.R \
  tests/clusterers/spectral.py \
  tests/fixtures/clusterers/inertia.txt \
  tests/fixtures/clusterers/joined-3-40.csv \
  tests/fixtures/clusterers/kmeans-init.npy \
  tests/fixtures/clusterers/kmeans-x.npy \
  tests/fixtures/clusterers/rings-2-10.csv \
  tests/fixtures/clusterers/stripes-4-10.csv \
  tests/fixtures/clusterers/tree-x.npy \
  tests/fixtures/clusterers/tree.txt
unit_tests += tests/clusterers/awkward
tests_clusterers_awkward_SOURCES = tests/clusterers/awkward.c
tests_clusterers_awkward_CFLAGS = $(test_cflags)
tests_clusterers_awkward_LDADD = $(test_libs)
