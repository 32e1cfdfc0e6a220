# The Python package: a part of Makefile.am. Built with --with-python; distributed always.
python_modules = \
  python/zsc/__init__.py \
  python/zsc/_arrays.py \
  python/zsc/_estimator.py \
  python/zsc/_execution.py \
  python/zsc/_metrics.py \
  python/zsc/_neighbor_lists.py \
  python/zsc/accel.py \
  python/zsc/agglomerative.py \
  python/zsc/hdbscan.py \
  python/zsc/kmeans.py \
  python/zsc/neighbors.py \
  python/zsc/pca.py \
  python/zsc/py.typed \
  python/zsc/results.py \
  python/zsc/scores.py \
  python/zsc/umap.py
python_sources = \
  python/src/bindings.h \
  python/src/buffers.c \
  python/src/clusterers.c \
  python/src/execution.c \
  python/src/knn.c \
  python/src/linkage.c \
  python/src/module.c \
  python/src/pca.c \
  python/src/scores.c \
  python/src/umap.c
EXTRA_DIST += \
  $(python_modules) \
  $(python_sources) \
  python/pyproject.toml \
  python/setup.py

if WITH_PYTHON
noinst_LTLIBRARIES += python/libzscpython.la
python_libzscpython_la_SOURCES = $(python_sources)
python_libzscpython_la_CPPFLAGS = $(AM_CPPFLAGS) $(PYTHON_CPPFLAGS)

# The module shows its one entry and hides the kernels: another zsc in the same process does no harm. libtool would
# install it under another name, hence a rule of its own.
python_module = python-package/zsc/_core.abi3.so
$(python_module): python/libzscpython.la libzsc_core.a
	$(AM_V_CCLD)$(MKDIR_P) python-package/zsc && $(CC) -shared $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) -o $@ \
	  -Wl,--exclude-libs,libzsc_core.a -Wl,--whole-archive python/.libs/libzscpython.a -Wl,--no-whole-archive \
	  libzsc_core.a $(OPENBLAS_LIBS) $(LAPACKE_LIBS) $(GSL_LIBS) $(XXHASH_LIBS) $(LIBS) -lm

# python-package in the build folder can be imported from: copies of the .py files, and the module.
noinst_DATA += python-package/stamp
python-package/stamp: $(python_modules) $(python_module)
	$(AM_V_GEN)$(MKDIR_P) python-package/zsc && for file in $(python_modules); do \
	  cp -f '$(srcdir)'/$$file python-package/zsc/ || exit 1; \
	done && touch $@
install-exec-hook: python-package/stamp
	$(MKDIR_P) '$(DESTDIR)$(pythondir)/zsc'
	for file in $(python_modules); do $(INSTALL_DATA) '$(srcdir)'/$$file '$(DESTDIR)$(pythondir)/zsc/' || exit 1; done
	$(INSTALL_PROGRAM) python-package/zsc/_core.abi3.so '$(DESTDIR)$(pythondir)/zsc/'
package_uninstalls += uninstall-python
uninstall-python:
	rm -rf '$(DESTDIR)$(pythondir)/zsc'
AM_TESTS_ENVIRONMENT += ZSC_PYTHON='$(PYTHON)'; export ZSC_PYTHON;
endif
cli_tests += python/tests/check.sh
EXTRA_DIST += \
  python/tests/check.sh \
  python/tests/conftest.py \
  python/tests/peers.sh \
  python/tests/peers/fastcluster_checks.py \
  python/tests/peers/substitute.py \
  python/tests/test_accel.py \
  python/tests/test_estimators.py \
  python/tests/test_inputs.py \
  python/tests/test_install.py \
  python/tests/test_linkage.py \
  python/tests/test_notebook.py \
  python/tests/test_pca.py \
  python/tests/test_process.py \
  python/tests/test_program.py \
  python/tests/test_scores.py
