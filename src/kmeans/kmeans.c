/* zsc_kmeans: checks, the tree of rows, and for each start k-means++ and Lloyd's iterations:
 *
 *   1. each row gets the label of its nearest centre (assign.c); no label changed: done
 *   2. each centre moves to the mean of its rows (update.c); all together moved by less than the tolerance: each row
 *      gets the label of its nearest centre once more, and that is it
 *
 * as in scikit-learn's KMeans(algorithm="lloyd"), whose tolerance and treatment of empty clusters these are. */
#include "zsc/kmeans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "kmeans/assign.h"
#include "kmeans/plus_plus.h"
#include "kmeans/update.h"

enum { ROWS_MOST = 1 << 30, ROWS_AT_ONCE = 4096, COLUMNS = 16 };

static zsc_kmeans_options whole_defaults(void)
{
    return (zsc_kmeans_options){.clusters = 8, .n_init = 1, .max_iter = 1000, .tol = 1e-4};
}

void zsc_kmeans_options_init(zsc_kmeans_options *options, size_t size)
{
    const zsc_kmeans_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static zsc_status check(size_t n, const zsc_kmeans_options *o)
{
    if (n > ROWS_MOST) return zsc_fail(ZSC_EUSAGE, "cannot cluster %zu rows; the most is %d", n, (int)ROWS_MOST);
    if (o->clusters < 1 || o->clusters > n)
        return zsc_fail(ZSC_EUSAGE, "cannot make %zu clusters of %zu rows; expected 1 to %zu", o->clusters, n, n);
    if (o->n_init < 1) return zsc_fail(ZSC_EUSAGE, "n_init is 0, expected 1 or more");
    if (o->n_init > 1 && o->init)
        return zsc_fail(ZSC_EUSAGE, "n_init is %zu, expected 1 where the centres to start from are given", o->n_init);
    if (o->max_iter < 1) return zsc_fail(ZSC_EUSAGE, "max_iter is 0, expected 1 or more");
    if (!(o->tol >= 0) || isinf(o->tol))
        return zsc_fail(ZSC_EUSAGE, "tol is %g, expected a number of 0 or more", o->tol);
    return ZSC_OK;
}

/* What one call works with. */
typedef struct job {
    const float *x;
    zsc_kmeans_options options;
    const zsc_exec *exec;
    zsc_kmeans_tree tree;
    double least_move;                /* tol, in squares of scaled coordinates */
    zsc_kmeans_assignment assignment; /* by place */
    int32_t *label;                   /* n, by row */
    float *square, *centre, *moved;   /* n, by row; clusters x width; clusters */
} job;

/* Mean variance of the columns, scaled. */
static zsc_status mean_variance(const job *j, double *out)
{
    size_t n = j->tree.n, d = j->tree.d;
    zsc_polls polls = {.exec = j->exec, .stage = "k-means++"};
    double total = 0;
#pragma omp parallel for ordered schedule(static, 1) num_threads(zsc_threads(j->exec))
    for (size_t from = 0; from < d; from += COLUMNS) {
        size_t count = d - from < COLUMNS ? d - from : COLUMNS;
        double mean[COLUMNS] = {0}, squares[COLUMNS] = {0}, sum = 0;
        if (!zsc_poll(&polls, 0)) continue;
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < count; c++) mean[c] += (double)j->x[i * d + from + c];
        for (size_t c = 0; c < count; c++) mean[c] /= (double)n;
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < count; c++) {
                double gap = (double)j->x[i * d + from + c] - mean[c];
                squares[c] += gap * gap;
            }
        for (size_t c = 0; c < count; c++) sum += squares[c];
#pragma omp ordered
        total += sum;
    }
    *out = d ? ldexp(total / (double)n / (double)d, -2 * j->tree.exponent) : 0;
    return zsc_polled(&polls);
}

static void copy_to_rows(job *j)
{
    for (size_t p = 0; p < j->tree.n; p++) {
        j->label[j->tree.order[p]] = j->assignment.label[p];
        j->square[j->tree.order[p]] = j->assignment.square[p];
    }
}

static zsc_status assign(job *j, size_t k, const float *moved, size_t iteration, size_t *changed)
{
    zsc_status status = zsc_kmeans_assign(&j->tree, j->centre, k, moved, (double)iteration, (double)j->options.max_iter,
                                          j->exec, &j->assignment, changed);
    if (status == ZSC_OK) copy_to_rows(j);
    return status;
}

static zsc_status iterate(job *j, size_t k, zsc_kmeans *out)
{
    zsc_status status = ZSC_OK;
    const float *moved = NULL;
    zsc_kmeans_update_report report = {0};
    size_t changed = 0;
    for (size_t p = 0; p < j->tree.n; p++) j->assignment.label[p] = -1;
    for (out->iterations = 0; out->iterations < j->options.max_iter;) {
        ZSC_TRY(assign(j, k, moved, out->iterations++, &changed));
        if (changed == 0 && report.relocated == 0) {
            out->converged = true;
            goto done;
        }
        ZSC_TRY(zsc_kmeans_update(&j->tree, j->x, k, j->square, j->label, j->exec, j->centre, j->moved, &report));
        moved = j->moved;
        out->converged = report.moved <= j->least_move;
        if (out->converged) break;
    }
    ZSC_TRY(assign(j, k, moved, out->iterations, &changed));
done:
    return status;
}

/* --- The result */
static double inertia_of(const job *j, double *part)
{
    size_t n = j->tree.n, d = j->tree.d, parts = (n + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
    double scale = ldexp(1, -j->tree.exponent), total = 0;
#pragma omp parallel for schedule(dynamic) num_threads(zsc_threads(j->exec))
    for (size_t p = 0; p < parts; p++) {
        part[p] = 0;
        for (size_t i = p * ROWS_AT_ONCE; i < n && i < (p + 1) * ROWS_AT_ONCE; i++) {
            const float *row = j->x + i * d, *centre = j->centre + (size_t)j->label[i] * j->tree.width;
            for (size_t c = 0; c < d; c++) {
                double gap = (double)row[c] * scale - (double)centre[c];
                part[p] += gap * gap;
            }
        }
    }
    for (size_t p = 0; p < parts; p++) total += part[p];
    return ldexp(total, 2 * j->tree.exponent);
}

/* Clusters are numbered by the first row of each; those without rows are left out. */
static zsc_status copy_out(const job *j, size_t k, zsc_kmeans *out)
{
    zsc_status status = ZSC_OK;
    int32_t *name = NULL;
    double *part = NULL;
    size_t n = j->tree.n, d = j->tree.d;
    ZSC_NEW(name, k);
    ZSC_NEW_RAW(part, n / ROWS_AT_ONCE + 1);
    ZSC_NEW_RAW(out->label, n);
    ZSC_NEW_RAW(out->centre, k * d);
    for (size_t c = 0; c < k; c++) name[c] = -1;
    for (size_t i = 0; i < n; i++) {
        const size_t c = (size_t)j->label[i];
        if (name[c] < 0) {
            name[c] = (int32_t)out->clusters;
            float *centre = out->centre + out->clusters++ * d;
            for (size_t f = 0; f < d; f++)
                centre[f] = (float)ldexp((double)j->centre[c * j->tree.width + f], j->tree.exponent);
        }
        out->label[i] = name[c];
    }
    out->inertia = inertia_of(j, part);
done:
    free(name);
    free(part);
    return status;
}

/* One start. */
static zsc_status run(job *j, size_t start, zsc_kmeans *out)
{
    zsc_status status = ZSC_OK;
    zsc_kmeans result = {.n = j->tree.n, .d = j->tree.d};
    size_t k = j->options.clusters;
    if (j->options.init)
        for (size_t c = 0; c < k; c++)
            zsc_kmeans_tree_scale(&j->tree, j->options.init + c * j->tree.d, j->centre + c * j->tree.width);
    else
        ZSC_TRY(zsc_kmeans_plus_plus(&j->tree, j->x, k, j->options.seed, start, j->exec, j->centre, &k));
    ZSC_TRY(iterate(j, k, &result));
    ZSC_TRY(copy_out(j, k, &result));
    *out = result;
    result = (zsc_kmeans){0};
done:
    zsc_kmeans_free(&result);
    return status;
}

static zsc_status open_job(job *j, size_t n, size_t d)
{
    zsc_status status = ZSC_OK;
    const zsc_kmeans_options *o = &j->options;
    ZSC_TRY(zsc_kmeans_tree_make(j->x, n, d, o->init, o->clusters * d, j->exec, &j->tree));
    ZSC_TRY(zsc_kmeans_assignment_make(&j->tree, &j->assignment));
    ZSC_NEW_RAW(j->label, n);
    ZSC_NEW_RAW(j->square, n);
    ZSC_NEW_RAW(j->centre, o->clusters * j->tree.width);
    ZSC_NEW_RAW(j->moved, o->clusters);
    ZSC_TRY(mean_variance(j, &j->least_move));
    j->least_move *= o->tol;
done:
    return status;
}

static void close_job(job *j)
{
    zsc_kmeans_tree_free(&j->tree);
    zsc_kmeans_assignment_free(&j->assignment);
    free(j->label);
    free(j->square);
    free(j->centre);
    free(j->moved);
}

zsc_status zsc_kmeans_cluster_rows(const float *x, size_t n, size_t d, const zsc_kmeans_options *options,
                                   const zsc_exec *exec, zsc_kmeans *out)
{
    ZSC_OPTIONS(zsc_kmeans_options, options, zsc_kmeans_defaults());
    zsc_status status = ZSC_OK;
    job j = {.x = x, .options = options ? *options : zsc_kmeans_defaults(), .exec = exec};
    zsc_kmeans best = {0};
    ZSC_TRY(check(n, &j.options));
    ZSC_TRY(zsc_memory_check(exec, zsc_kmeans_memory(n, d, &j.options, exec), "k-means"));
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"k-means", NULL}, exec));
    if (j.options.init)
        ZSC_TRY(zsc_check_finite(j.options.init, j.options.clusters, d,
                                 (zsc_boundary){"k-means, centres to start from", NULL}, exec));
    ZSC_TRY(open_job(&j, n, d));
    for (size_t start = 0; start < j.options.n_init; start++) {
        zsc_kmeans result = {0};
        ZSC_TRY(run(&j, start, &result));
        if (start > 0 && result.inertia >= best.inertia) {
            zsc_kmeans_free(&result);
            continue;
        }
        zsc_kmeans_free(&best);
        best = result;
    }
    *out = best;
    best = (zsc_kmeans){0};
done:
    zsc_kmeans_free(&best);
    close_job(&j);
    return status;
}

void zsc_kmeans_free(zsc_kmeans *k)
{
    if (!k) return;
    free(k->label);
    free(k->centre);
    *k = (zsc_kmeans){0};
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

size_t zsc_kmeans_memory(size_t n, size_t d, const zsc_kmeans_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_kmeans_options, options, zsc_kmeans_defaults());
    zsc_kmeans_options o = options ? *options : zsc_kmeans_defaults();
    size_t k = o.clusters, result = n * 4 + k * d * 4;
    size_t assignment = zsc_kmeans_assignment_kept(n) + n * 8 + k * ((d + ZSC_KMEANS_PADDING) * 4 + 4);
    size_t stage = larger(zsc_kmeans_assign_memory(k, zsc_threads(exec)), zsc_kmeans_update_memory(n, d, k));
    stage = larger(stage, o.init ? 0 : zsc_kmeans_plus_plus_memory(n, d, k));
    stage = larger(stage, result + k * 4) + (o.n_init > 1 ? result : 0);
    return ZSC_MEMORY_REST + larger(zsc_kmeans_tree_memory(n, d), zsc_kmeans_tree_kept(n, d) + assignment + stage);
}
