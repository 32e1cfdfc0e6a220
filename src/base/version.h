/* What this program is made of, for `zsc version` and for the provenance of results. */
#ifndef ZSC_BASE_VERSION_H
#define ZSC_BASE_VERSION_H

/* The commit that this was built from, 12 digits, with "+" where files had changed; "": built without git. */
const char *zsc_revision(void);
const char *zsc_blas_config(void); /* OpenBLAS's version and options, as it says them */
const char *zsc_blas_core(void);   /* whose kernels it runs, e.g. "SkylakeX" */
const char *zsc_gsl_version(void);

#endif
