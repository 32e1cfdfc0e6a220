/* Parameters of UMAP: umap-learn's names, defaults and limits. */
#include <float.h>
#include <math.h>

#include "base/elementary.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"
#include "umap/parameters.h"
#include "zsc/umap.h"

enum { LARGE = 10000, EPOCHS_SMALL = 500, EPOCHS_LARGE = 200 };

static zsc_umap_options whole_defaults(void)
{
    return (zsc_umap_options){
        .n_components = 2,
        .n_neighbors = 15,
        .metric = ZSC_EUCLIDEAN,
        .knn = ZSC_KNN_AUTO,
        .min_dist = 0.1,
        .spread = 1,
        .set_op_mix_ratio = 1,
        .local_connectivity = 1,
        .n_epochs = ZSC_UMAP_DEFAULT_EPOCHS,
        .learning_rate = 1,
        .repulsion_strength = 1,
        .negative_sample_rate = 5,
        .init = ZSC_INIT_SPECTRAL,
        .target_weight = 0.5,
    };
}

void zsc_umap_options_init(zsc_umap_options *options, size_t size)
{
    const zsc_umap_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

typedef struct bound {
    const char *name;
    double value, low, high; /* low <= value <= high */
} bound;

zsc_status zsc_umap_check(const zsc_umap_options *o)
{
    ZSC_OPTIONS(zsc_umap_options, o, zsc_umap_defaults());
    const bound counts[] = {
        {"n_components", (double)o->n_components, 1, ZSC_UMAP_DIM_MOST},
        {"n_neighbors", (double)o->n_neighbors, 2, INT32_MAX},
        {"n_epochs", (double)zsc_umap_epochs(o, 0), 0, INT32_MAX / 2},
        {"negative_sample_rate", (double)o->negative_sample_rate, 0, 1000},
        {"metric", (double)o->metric, ZSC_EUCLIDEAN, ZSC_CHEBYSHEV},
        {"knn", (double)o->knn, ZSC_KNN_AUTO, ZSC_KNN_APPROX},
        {"init", (double)o->init, ZSC_INIT_SPECTRAL, ZSC_INIT_GIVEN},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (!(counts[i].value >= counts[i].low && counts[i].value <= counts[i].high))
            return zsc_fail(ZSC_EUSAGE, "option %s expects a whole number from %.0f to %.0f, not %.0f", counts[i].name,
                            counts[i].low, counts[i].high, counts[i].value);
    const bound reals[] = {
        {"spread", o->spread, 1e-6, 1e6},
        {"min_dist", o->min_dist, 0, o->spread},
        {"a", o->a, 0, 1e9},
        {"b", o->b, 0, 100},
        {"set_op_mix_ratio", o->set_op_mix_ratio, 0, 1},
        {"local_connectivity", o->local_connectivity, 0, 1e6},
        {"learning_rate", o->learning_rate, 0, 1e6},
        {"repulsion_strength", o->repulsion_strength, 0, 1e6},
        {"disconnection_distance", o->disconnection_distance, 0, INFINITY},
        {"target_weight", o->target_weight, 0, 1},
    };
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        if (!(reals[i].value >= reals[i].low && reals[i].value <= reals[i].high))
            return zsc_fail(ZSC_EUSAGE, "option %s expects a number from %g to %g, not %g", reals[i].name, reals[i].low,
                            reals[i].high, reals[i].value);
    double a, b;
    return zsc_umap_curve(o, &a, &b);
}

/* The initialisation is within [0, 10] in each coordinate (init.c), so that rows are up to 10 sqrt(dim) apart. Twice as
 * far apart, since a layout grows, the terms of both forces (kernels_sgd.c), 2 a b p and d^2 (1 + a p) with p = d^(2b),
 * must be floats. What goes further is found when the layout is done. */
zsc_status zsc_umap_curve(const zsc_umap_options *o, double *a, double *b)
{
    double square = 4 * 100 * (double)o->n_components, fitted_a = 0, fitted_b = 0;
    if (o->a <= 0 || o->b <= 0) {
        zsc_status status = zsc_umap_fit_ab(o->spread, o->min_dist, &fitted_a, &fitted_b);
        if (status != ZSC_OK) return status;
    }
    *a = o->a > 0 ? o->a : fitted_a;
    *b = o->b > 0 ? o->b : fitted_b;
    double power = *a * zsc_pow(square, *b), step = 2 * *b * fmax(o->learning_rate, 1);
    if (power * step < FLT_MAX && power * square < FLT_MAX) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE,
                    "options a = %g and b = %g make a x^(2b) leave single precision at x = %.3g, twice as far as "
                    "rows of %zu components are apart at first; lower b (fits to spread and min_dist are below 2) or a",
                    *a, *b, sqrt(square), o->n_components);
}

size_t zsc_umap_epochs(const zsc_umap_options *options, size_t n)
{
    ZSC_OPTIONS_KNOWN(zsc_umap_options, options, zsc_umap_defaults());
    if (options->n_epochs != ZSC_UMAP_DEFAULT_EPOCHS) return options->n_epochs;
    return n > LARGE ? EPOCHS_LARGE : EPOCHS_SMALL;
}
