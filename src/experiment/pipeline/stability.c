#include "experiment/pipeline/stability.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "experiment/pipeline/cut.h"
#include "experiment/settings/clusterers.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/run_options.h"
#include "experiment/settings/settings.h"

enum { ABSENT = -2 }; /* the row is not in the subsample */

zsc_status zsc_tree_labels(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                           const zsc_tree *tree, size_t *k, int32_t *label, zsc_cut_curve *curve)
{
    if (tree->label) {
        memcpy(label, tree->label, data->n * sizeof *label);
        *k = tree->clusters;
        return ZSC_OK;
    }
    if (tree->linkage && !zsc_run_wants_k(o)) {
        const zsc_cut_rows rows = {tree->reduced ? tree->reduced : data->x, data->x64, data->n, tree->dim};
        return zsc_cut_run(o, &rows, tree->linkage, exec, label, k, curve);
    }
    return zsc_tree_cut(o, exec, data, tree, k, label);
}

/* B clusterings of the same n rows. */
typedef struct clusterings {
    size_t n, count;
    int32_t *label; /* count x n; ABSENT, -1: noise, 0 ... */
} clusterings;

/* AMI over the rows that both have; NaN where one of the two has them all in one cluster. A and B are scratch. */
static zsc_status compare(const clusterings *c, size_t i, size_t j, int32_t *a, int32_t *b, const zsc_exec *exec,
                          double *out)
{
    const int32_t *x = c->label + i * c->n, *y = c->label + j * c->n;
    zsc_scores s;
    size_t shared = 0;
    for (size_t r = 0; r < c->n; r++) {
        if (x[r] == ABSENT || y[r] == ABSENT) continue;
        a[shared] = x[r] < 0 ? INT32_MAX : x[r]; /* below 0 would be a missing label */
        b[shared++] = y[r];
    }
    *out = NAN;
    if (shared < 2) return ZSC_OK;
    zsc_status status = zsc_score(a, b, shared, ZSC_MISSING_DROP, exec, &s);
    if (status == ZSC_OK && s.classes > 1 && s.clusters > 1) *out = s.ami[ZSC_ARITHMETIC];
    return status;
}

static zsc_status compare_all(const clusterings *c, const zsc_exec *exec, double *mean, double *sd)
{
    zsc_status status = ZSC_OK;
    int32_t *a = NULL, *b = NULL;
    double *ami = NULL, sum = 0, square = 0;
    size_t pairs = 0;
    ZSC_NEW_RAW(a, c->n);
    ZSC_NEW_RAW(b, c->n);
    ZSC_NEW_RAW(ami, c->count * (c->count - 1) / 2);
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = i + 1; j < c->count; j++) {
            ZSC_TRY(compare(c, i, j, a, b, exec, &ami[pairs]));
            pairs += !isnan(ami[pairs]);
        }
    for (size_t p = 0; p < pairs; p++) sum += ami[p];
    *mean = pairs ? sum / (double)pairs : NAN;
    for (size_t p = 0; p < pairs; p++) square += (ami[p] - *mean) * (ami[p] - *mean);
    *sd = pairs > 1 ? sqrt(square / (double)(pairs - 1)) : NAN;
done:
    free(a);
    free(b);
    free(ami);
    return status;
}

/* --- Subsamples */
/* M of N rows in their order (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S). */
static void draw(uint64_t seed, size_t b, size_t n, size_t m, size_t *row)
{
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_STABILITY, b);
    size_t taken = 0;
    for (size_t i = 0; i < n && taken < m; i++)
        if (zsc_stream_below(&stream, n - i) < m - taken) row[taken++] = i;
}

static zsc_status cluster_rows(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *all,
                               const zsc_tree *tree, const size_t *row, size_t m, size_t k, int32_t *label)
{
    zsc_status status = ZSC_OK;
    const float *x = tree->reduced ? tree->reduced : all->x;
    const size_t d = tree->dim;
    zsc_dataset part = {.n = m, .d = d};
    zsc_tree new = {.dim = d, .converged = true};
    zsc_cut_curve curve = {0};
    int32_t *found = NULL;
    if (all->x64)
        ZSC_NEW_RAW(part.x64, m * d);
    else
        ZSC_NEW_RAW(part.x, m * d);
    ZSC_NEW_RAW(found, m);
    for (size_t i = 0; i < m; i++)
        if (all->x64)
            memcpy(part.x64 + i * d, all->x64 + row[i] * d, d * sizeof *part.x64);
        else
            memcpy(part.x + i * d, x + row[i] * d, d * sizeof *part.x);
    ZSC_TRY(zsc_run_check_rows(o, m));
    ZSC_TRY(zsc_tree_cluster(o, exec, &part, NULL, &new));
    if (k > m) k = m;
    ZSC_TRY(zsc_tree_labels(o, exec, &part, &new, &k, found, &curve));
    for (size_t i = 0; i < m; i++) label[row[i]] = found[i];
done:
    zsc_cut_curve_free(&curve);
    zsc_tree_free(&new);
    free(part.x);
    free(part.x64);
    free(found);
    return zsc_context(status, "a subsample of %zu rows (--stability)", m);
}

static zsc_status of_subsamples(const zsc_run_options *o, const zsc_exec *exec, const zsc_dataset *data,
                                const zsc_tree *tree, size_t steps, const clusterings *c, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const size_t m = (size_t)rint(ZSC_STABILITY_SHARE * (double)data->n);
    size_t *row = NULL;
    if (m < 2) return zsc_fail(ZSC_EINPUT, "--stability clusters %zu of %zu rows; at least 2 are needed", m, data->n);
    ZSC_NEW_RAW(row, m);
    for (size_t i = 0; i < c->count * c->n; i++) c->label[i] = ABSENT;
    for (size_t b = 0; b < c->count; b++) {
        if (!zsc_progress(exec, "stability", (double)b, (double)steps)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        draw(o->seed, b, data->n, m, row);
        ZSC_TRY(cluster_rows(o, exec, data, tree, row, m, r->clusters, c->label + b * c->n));
    }
    status = compare_all(c, exec, &r->stability.subsamples, &r->stability.subsamples_sd);
done:
    free(row);
    return status;
}

/* --- Seeds */
static zsc_status of_seeds(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, size_t steps,
                           const clusterings *c, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_run_options other = *o;
    zsc_tree tree = {0};
    zsc_cut_curve curve = {0};
    memcpy(c->label, r->label, c->n * sizeof *c->label);
    for (size_t b = 1; b < c->count; b++) {
        size_t k = r->clusters;
        if (!zsc_progress(exec, "stability", (double)(c->count + b), (double)steps)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        other.seed = o->seed + b;
        ZSC_TRY(zsc_tree_grow(&other, exec, input, &tree));
        const zsc_exec held = zsc_tree_hold(&other, input, &tree, exec);
        ZSC_TRY(zsc_tree_labels(&other, &held, &input->data, &tree, &k, c->label + b * c->n, &curve));
        zsc_cut_curve_free(&curve);
    }
    status = compare_all(c, exec, &r->stability.seeds, &r->stability.seeds_sd);
done:
    zsc_cut_curve_free(&curve);
    zsc_tree_free(&tree);
    return status;
}

zsc_status zsc_stability_measure(const zsc_run_options *o, const zsc_exec *exec, zsc_input *input, const zsc_tree *tree,
                                 zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const size_t n = input->data.n;
    const bool draws = zsc_run_draws(zsc_setting_choice("reduce", o), zsc_clusterer_traits_of(o->clusterer)->name);
    clusterings c = {.n = n, .count = o->stability};
    const size_t steps = c.count * (draws ? 2 : 1);
    r->stability = (zsc_stability){.subsamples = NAN, .subsamples_sd = NAN, .seeds = NAN, .seeds_sd = NAN};
    if (o->stability == 0) return ZSC_OK;
    r->stability.repeats = o->stability;
    ZSC_NEW_RAW(c.label, c.count * n);
    const zsc_exec tree_held = zsc_tree_hold(o, input, tree, exec),
                   held = zsc_memory_hold(&tree_held, zsc_stability_memory(o, n, tree->dim));
    ZSC_TRY(of_subsamples(o, &held, &input->data, tree, steps, &c, r));
    if (draws) ZSC_TRY(of_seeds(o, &held, input, steps, &c, r));
    if (!zsc_progress(exec, "stability", (double)steps, (double)steps))
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
done:
    free(c.label);
    return status;
}
