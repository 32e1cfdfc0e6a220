/* What this program is made of, for `zsc version` and for the provenance of results. */
#ifndef ZSC_BASE_VERSION_H
#define ZSC_BASE_VERSION_H

const char *zsc_blas_config(void); /* OpenBLAS's version and options, as it says them */
const char *zsc_blas_core(void);   /* whose kernels it runs, e.g. "SkylakeX" */
const char *zsc_gsl_version(void);

#endif
