#include "base/version.h"

#include <cblas.h>
#include <gsl/gsl_version.h>

#include "config.h"
#include "revision.h"
#include "zsc/zsc.h"

const char *zsc_version(void) { return PACKAGE_VERSION; }
const char *zsc_revision(void) { return ZSC_REVISION; }

const char *zsc_blas_config(void) { return openblas_get_config(); }
const char *zsc_blas_core(void) { return openblas_get_corename(); }
const char *zsc_gsl_version(void) { return GSL_VERSION; }
