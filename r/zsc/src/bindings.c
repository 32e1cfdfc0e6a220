/* .Call functions of the package. Matrices come transposed from R, so that their columns are rows of C. A status other
 * than ZSC_OK becomes an R error with zsc's sentence; interrupts of the user are asked for between steps of zsc, and
 * what zsc holds is freed before the error is raised. */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>
#include <Rinternals.h>

#include <zsc/core.h>

/* --- Interrupts and errors */
static void check_interrupt(void *data)
{
    (void)data;
    R_CheckUserInterrupt();
}

static bool go_on(void *data, const char *stage, double done, double total)
{
    (void)data;
    (void)stage;
    (void)done;
    (void)total;
    return R_ToplevelExec(check_interrupt, NULL); /* an interrupt jumps to here and no further */
}

static zsc_exec exec_of(SEXP threads) { return (zsc_exec){.threads = asInteger(threads), .progress = go_on}; }

static void raise(zsc_status status)
{
    if (status != ZSC_OK) error("%s", zsc_error_message());
}

/* Memory of R, which goes back by itself where an error is raised. */
static float *new_floats(size_t count) { return (float *)R_alloc(count ? count : 1, sizeof(float)); }

/* Whether numbers lose no digit as floats. */
static bool are_floats(const double *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (x[i] != (double)(float)x[i]) return false; /* NaN, too: what follows refuses it */
    return true;
}

/* Rows (d x n in R) as floats, minus centre (d), which is found where MAKE says so: 0 for rows that are floats, as from
 * files, so that they are the program's. */
static float *rows_of(SEXP rows, zsc_metric metric, const zsc_exec *exec, double *centre, bool make)
{
    size_t n = (size_t)ncols(rows), d = (size_t)nrows(rows);
    float *x = new_floats(n * d);
    if (make && are_floats(REAL(rows), n * d))
        memset(centre, 0, d * sizeof *centre);
    else if (make)
        raise(zsc_centre_of_rows(REAL(rows), n, d, metric, exec, centre));
    raise(zsc_narrow_rows(REAL(rows), n, d, centre, exec, x));
    return x;
}

/* --- UMAP */
static double number(SEXP list, const char *name)
{
    SEXP names = getAttrib(list, R_NamesSymbol);
    for (R_xlen_t i = 0; i < xlength(list); i++)
        if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0) return asReal(VECTOR_ELT(list, i));
    error("internal: no option %s", name);
}

static size_t count(SEXP list, const char *name)
{
    double value = number(list, name);
    if (!(value >= 0 && value <= INT_MAX)) error("%s is %g; expected a whole number of 0 and above", name, value);
    return (size_t)value;
}

static zsc_umap_options umap_options(SEXP list)
{
    zsc_umap_options o = zsc_umap_defaults();
    double epochs = number(list, "n_epochs");
    o.n_components = count(list, "n_components");
    o.n_neighbors = count(list, "n_neighbors");
    o.metric = (zsc_metric)count(list, "metric");
    o.knn = (zsc_knn_method)count(list, "nn_method");
    o.init = (zsc_umap_init)count(list, "init");
    if (!ISNA(epochs)) o.n_epochs = count(list, "n_epochs");
    o.min_dist = number(list, "min_dist");
    o.spread = number(list, "spread");
    o.a = number(list, "a");
    o.b = number(list, "b");
    o.learning_rate = number(list, "learning_rate");
    o.set_op_mix_ratio = number(list, "set_op_mix_ratio");
    o.local_connectivity = number(list, "local_connectivity");
    o.repulsion_strength = number(list, "repulsion_strength");
    o.negative_sample_rate = count(list, "negative_sample_rate");
    o.target_weight = number(list, "target_weight");
    o.seed = (uint64_t)count(list, "seed");
    return o;
}

/* rows: d x n; start: dim x n, or NULL; labels: n integers, or NULL. A list: layout (dim x n), centre (d). */
static SEXP umap(SEXP rows, SEXP list, SEXP start, SEXP labels, SEXP threads)
{
    const zsc_exec exec = exec_of(threads);
    zsc_umap_options o = umap_options(list);
    size_t n = (size_t)ncols(rows), d = (size_t)nrows(rows), dim = o.n_components;
    SEXP centre = PROTECT(allocVector(REALSXP, (R_xlen_t)d));
    const float *x = rows_of(rows, o.metric, &exec, REAL(centre), true);
    float *y = new_floats(n * dim);
    if (start != R_NilValue) raise(zsc_narrow_rows(REAL(start), n, dim, NULL, &exec, y));
    int *codes = NULL;
    if (labels != R_NilValue) {
        codes = (int *)R_alloc(n ? n : 1, sizeof *codes);
        for (size_t i = 0; i < n; i++) codes[i] = INTEGER(labels)[i] == NA_INTEGER ? -1 : INTEGER(labels)[i];
    }
    const zsc_umap_part part = {.labels = codes};
    raise(zsc_umap_fit_part(x, n, d, &o, &part, &exec, y, NULL));
    SEXP layout = PROTECT(allocMatrix(REALSXP, (int)dim, (int)n)), out = PROTECT(allocVector(VECSXP, 2));
    for (size_t i = 0; i < n * dim; i++) REAL(layout)[i] = y[i];
    SET_VECTOR_ELT(out, 0, layout);
    SET_VECTOR_ELT(out, 1, centre);
    UNPROTECT(3);
    return out;
}

static SEXP transform(SEXP rows, SEXP model_rows, SEXP layout, SEXP centre, SEXP list, SEXP threads)
{
    const zsc_exec exec = exec_of(threads);
    const zsc_umap_options o = umap_options(list);
    size_t n = (size_t)ncols(model_rows), m = (size_t)ncols(rows), dim = o.n_components;
    if (nrows(rows) != nrows(model_rows))
        error("the model is of rows of %d columns, and these have %d", nrows(model_rows), nrows(rows));
    float *placed = new_floats(n * dim), *y = new_floats(m * dim);
    for (size_t i = 0; i < n * dim; i++) placed[i] = (float)REAL(layout)[i];
    const zsc_umap_model model = {.x = rows_of(model_rows, o.metric, &exec, REAL(centre), false),
                                  .y = placed,
                                  .n = n,
                                  .d = (size_t)nrows(model_rows),
                                  .options = &o};
    raise(zsc_umap_transform(&model, rows_of(rows, o.metric, &exec, REAL(centre), false), m, &exec, y));
    SEXP out = PROTECT(allocMatrix(REALSXP, (int)dim, (int)m));
    for (size_t i = 0; i < m * dim; i++) REAL(out)[i] = y[i];
    UNPROTECT(1);
    return out;
}

/* --- Linkage: 4 x (n - 1) numbers, SciPy's matrix by rows */
static SEXP linkage_distances(SEXP distances, SEXP size, SEXP method, SEXP threads)
{
    const zsc_exec exec = exec_of(threads);
    int n = asInteger(size);
    SEXP z = PROTECT(allocMatrix(REALSXP, 4, n > 0 ? n - 1 : 0));
    raise(
        zsc_linkage_distances(REAL(distances), (size_t)n, (zsc_linkage_method)asInteger(method), &exec, REAL(z), NULL));
    UNPROTECT(1);
    return z;
}

static SEXP linkage_rows(SEXP rows, SEXP method, SEXP metric, SEXP threads)
{
    const zsc_exec exec = exec_of(threads);
    int n = ncols(rows);
    SEXP z = PROTECT(allocMatrix(REALSXP, 4, n > 0 ? n - 1 : 0));
    raise(zsc_linkage_metric_f64(REAL(rows), (size_t)n, (size_t)nrows(rows), (zsc_linkage_method)asInteger(method),
                                 (zsc_metric)asInteger(metric), &exec, REAL(z), NULL));
    UNPROTECT(1);
    return z;
}

/* --- Scores: AMI with one of the means; labels of NA are left out */
static SEXP ami(SEXP labels, SEXP clusters, SEXP average, SEXP threads)
{
    const zsc_exec exec = exec_of(threads);
    size_t n = (size_t)xlength(labels);
    int *codes = (int *)R_alloc(n ? n : 1, sizeof *codes);
    for (size_t i = 0; i < n; i++) codes[i] = INTEGER(labels)[i] == NA_INTEGER ? -1 : INTEGER(labels)[i];
    zsc_scores scores;
    raise(zsc_score(codes, INTEGER(clusters), n, ZSC_MISSING_DROP, &exec, &scores));
    return ScalarReal(scores.ami[asInteger(average)]);
}

static SEXP version(void) { return mkString(zsc_version()); }

static const R_CallMethodDef calls[] = {
    {"C_umap", (DL_FUNC)&umap, 5},
    {"C_transform", (DL_FUNC)&transform, 6},
    {"C_linkage_distances", (DL_FUNC)&linkage_distances, 4},
    {"C_linkage_rows", (DL_FUNC)&linkage_rows, 4},
    {"C_ami", (DL_FUNC)&ami, 4},
    {"C_version", (DL_FUNC)&version, 0},
    {NULL, NULL, 0},
};

void attribute_visible R_init_zsc(DllInfo *info)
{
    zsc_count_from(1); /* as R does */
    R_registerRoutines(info, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(info, FALSE);
    R_forceSymbols(info, TRUE);
}
