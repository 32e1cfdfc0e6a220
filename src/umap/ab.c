/* The curve 1 / (1 + a x^(2b)) that stands for the membership strength of two points x apart in the layout.
 *
 * a and b are the least-squares fit to 1 below min_dist and exp(-(x - min_dist) / spread) above it, on 300 points that
 * divide [0, 3 spread] evenly (McInnes, Healy, Melville, arXiv 1802.03426, section 3.2; the points are umap-learn's).
 * Levenberg and Marquardt's method from a = b = 1, by GSL. */
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>

#include "base/blas.h"
#include "base/error.h"
#include "base/gsl_errors.h"
#include "zsc/umap.h"

enum { POINTS = 300, ITERATIONS = 200 };

typedef struct curve {
    double x[POINTS], y[POINTS];
} curve;

static int residuals(const gsl_vector *ab, void *data, gsl_vector *f)
{
    const curve *c = data;
    double a = gsl_vector_get(ab, 0), b = gsl_vector_get(ab, 1);
    for (size_t i = 0; i < POINTS; i++) gsl_vector_set(f, i, 1 / (1 + a * pow(c->x[i], 2 * b)) - c->y[i]);
    return GSL_SUCCESS;
}

static int jacobian(const gsl_vector *ab, void *data, gsl_matrix *j)
{
    const curve *c = data;
    double a = gsl_vector_get(ab, 0), b = gsl_vector_get(ab, 1);
    for (size_t i = 0; i < POINTS; i++) {
        double x = c->x[i], p = pow(x, 2 * b), q = (1 + a * p) * (1 + a * p);
        gsl_matrix_set(j, i, 0, -p / q);
        gsl_matrix_set(j, i, 1, x > 0 ? -2 * a * p * log(x) / q : 0);
    }
    return GSL_SUCCESS;
}

static zsc_status fit_curve(double spread, double min_dist, double *a, double *b)
{
    ZSC_GSL_SCOPE(gsl);
    ZSC_BLAS_SCOPE(blas);
    zsc_status status = zsc_blas_enter(&(zsc_exec){.threads = 1}, &blas);
    if (status != ZSC_OK) return ZSC_EINTERNAL; /* out of memory: the arguments are not to blame */
    if (!(spread > 0 && isfinite(spread)))
        return zsc_fail(ZSC_EUSAGE, "option spread expects a number above 0, not %g", spread);
    if (!(min_dist >= 0 && min_dist <= spread))
        return zsc_fail(ZSC_EUSAGE, "option min_dist expects a number from 0 to spread (%g), not %g", spread, min_dist);
    curve c;
    for (size_t i = 0; i < POINTS; i++) {
        c.x[i] = 3 * spread * (double)i / (POINTS - 1);
        c.y[i] = c.x[i] < min_dist ? 1 : exp(-(c.x[i] - min_dist) / spread);
    }
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_workspace *w = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &parameters, POINTS, 2);
    if (!w) return zsc_fail_memory(POINTS, sizeof(double), "the fit of a and b");
    gsl_multifit_nlinear_fdf fdf = {.f = residuals, .df = jacobian, .n = POINTS, .p = 2, .params = &c};
    double start[2] = {1, 1};
    gsl_vector_view v = gsl_vector_view_array(start, 2);
    int info = 0, code = gsl_multifit_nlinear_init(&v.vector, &fdf, w);
    if (code == GSL_SUCCESS) code = gsl_multifit_nlinear_driver(ITERATIONS, 1e-12, 1e-12, 0, NULL, NULL, &info, w);
    double fitted[2] = {gsl_vector_get(w->x, 0), gsl_vector_get(w->x, 1)};
    gsl_multifit_nlinear_free(w);
    /* GSL_ENOPROG: no smaller step helps, which at these tolerances is what the minimum looks like. */
    if (code != GSL_SUCCESS && code != GSL_ENOPROG)
        return zsc_fail(ZSC_ENUMERIC,
                        "no a and b fit spread %g and min_dist %g (%s); give --a and --b, or a spread nearer 1", spread,
                        min_dist, gsl_strerror(code));
    if (!(fitted[0] > 0 && fitted[1] > 0 && isfinite(fitted[0]) && isfinite(fitted[1])))
        return zsc_fail(
            ZSC_ENUMERIC,
            "no a and b fit spread %g and min_dist %g (the least-squares fit ends at a = %g, b = %g, and both "
            "must be above 0); give --a and --b, or a spread nearer 1",
            spread, min_dist, fitted[0], fitted[1]);
    *a = fitted[0];
    *b = fitted[1];
    return ZSC_OK;
}

/* A fit takes half a million instructions, and a sweep checks thousands of runs with the same two numbers. */
zsc_status zsc_umap_fit_ab(double spread, double min_dist, double *a, double *b)
{
    static _Thread_local struct {
        double spread, min_dist, a, b;
    } last; /* spread 0: none */
    if (last.spread != spread || last.min_dist != min_dist) {
        last.spread = 0;
        zsc_status status = fit_curve(spread, min_dist, &last.a, &last.b);
        if (status != ZSC_OK) return status;
        last.spread = spread;
        last.min_dist = min_dist;
    }
    *a = last.a;
    *b = last.b;
    return ZSC_OK;
}
