# The R package: a part of Makefile.am. Built with --with-r; distributed always.
r_files = \
  r/zsc/DESCRIPTION \
  r/zsc/NAMESPACE \
  r/zsc/R/arguments.R \
  r/zsc/R/hclust.R \
  r/zsc/R/results.R \
  r/zsc/R/scores.R \
  r/zsc/R/umap.R \
  r/zsc/man/zsc_ami.Rd \
  r/zsc/man/zsc_hclust.Rd \
  r/zsc/man/zsc_read_results.Rd \
  r/zsc/man/zsc_umap.Rd \
  r/zsc/src/Makevars \
  r/zsc/src/bindings.c \
  r/zsc/tests/beside_stats.R
EXTRA_DIST += $(r_files)

if WITH_R
# r-package in the build folder is a library of R with the package in it: R_LIBS=.../r-package. It is linked to the
# kernels of this build, by a copy of zsc_core.pc that names the build folder.
noinst_DATA += r-package/stamp
r-package/stamp: $(r_files) libzsc_core.a zsc_core.pc
	$(AM_V_GEN)rm -rf r-package && $(MKDIR_P) r-package/source r-package/pkgconfig && \
	for file in $(r_files); do \
	  $(MKDIR_P) r-package/source/`dirname $$file` && cp '$(srcdir)'/$$file r-package/source/$$file || exit 1; \
	done && \
	sed -e 's|^libdir=.*|libdir=$(abs_builddir)|' -e 's|^includedir=.*|includedir=$(abs_top_srcdir)/include|' \
	  zsc_core.pc > r-package/pkgconfig/zsc_core.pc && \
	{ PKG_CONFIG_PATH='$(abs_builddir)/r-package/pkgconfig' MAKEFLAGS= '$(R_PROGRAM)' CMD INSTALL --no-multiarch \
	  --library=r-package r-package/source/r/zsc > r-package/log 2>&1 || { cat r-package/log >&2; exit 1; }; } && touch $@
install-data-hook: r-package/stamp
	$(MKDIR_P) '$(DESTDIR)$(rlibdir)' && cp -R r-package/zsc '$(DESTDIR)$(rlibdir)/'
package_uninstalls += uninstall-r
uninstall-r:
	rm -rf '$(DESTDIR)$(rlibdir)/zsc'
AM_TESTS_ENVIRONMENT += ZSC_R='$(R_PROGRAM)'; export ZSC_R;
endif
cli_tests += r/check.sh
EXTRA_DIST += r/check.sh
