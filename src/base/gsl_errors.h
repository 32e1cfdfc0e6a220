/* GSL's error handler aborts the process unless the host has set another. Whatever calls a function of GSL that can
 * fail begins with
 *
 *     ZSC_GSL_SCOPE(gsl);
 *
 * and until it returns GSL's functions return their codes. Scopes nest, and several threads may be in one at once: the
 * first in stores the host's handler, the last out restores it. */
#ifndef ZSC_BASE_GSL_ERRORS_H
#define ZSC_BASE_GSL_ERRORS_H

typedef struct zsc_gsl_scope {
    char entered;
} zsc_gsl_scope;

#define ZSC_GSL_SCOPE(name)                                                                                            \
    zsc_gsl_scope name __attribute__((cleanup(zsc_gsl_leave), unused)) = {1};                                          \
    zsc_gsl_enter()

void zsc_gsl_enter(void);
void zsc_gsl_leave(zsc_gsl_scope *scope);

#endif
