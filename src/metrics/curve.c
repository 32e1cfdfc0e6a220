/* AMI at every cut of one dendrogram, for little more than the cost of one cut.
 *
 * From n clusters to one, each merge changes three sums (f(s) = s log s):
 *
 *     clusters:  merging s and t rows adds f(s + t) - f(s) - f(t);
 *     cells:     every class that has x rows in the one and y in the other adds f(x + y) - f(x) - f(y);
 *     n EMI:     adds F(s + t) - F(s) - F(t), F(s) being the EMI term of a cluster of s rows with all classes.
 *
 * Cells. Carrying out the merges in order would need a table of classes for every current cluster. Instead the change
 * of each node is computed in a tree order that needs one table: every inner node has a heavy child (the larger one)
 * and a light one; nodes linked by heavy edges form paths. With leaves arranged heavy child first, the nodes of a path
 * are nested ranges of leaves with the same start; traversing a path adds each leaf of its topmost node to the table
 * once. A leaf is in at most log2 n light subtrees, so that all paths take at most n log2 n additions. The changes are
 * then summed in the order of merges.
 *
 * Expectation. F is computed once for each cluster size that occurs in the dendrogram (emi_by_size.c).
 *
 * All sums are exact (fixed.h): no drift over millions of merges, and the same bytes at any number of threads. */
#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "metrics/contingency.h"
#include "metrics/emi.h"
#include "metrics/fixed.h"
#include "metrics/merge_tree.h"
#include "metrics/scores.h"
#include "metrics/emi_by_size.h"

/* The state of one curve. */
typedef struct work {
    zsc_merge_tree tree;
    size_t rows, missing, classes;
    zsc_sizes class_sizes;
    int32_t *code;      /* n: class of each leaf in the heavy-first order, -1 where not scored */
    zsc_fixed *entropy; /* rows + 1: f(s) = s log s */
    zsc_fixed *term;    /* rows + 1: F(s) for the cluster sizes s of the dendrogram */
    zsc_fixed *change;  /* n - 1: change of the sum over cells by each merge */
} work;

static void work_free(work *w)
{
    zsc_merge_tree_free(&w->tree);
    zsc_sizes_free(&w->class_sizes);
    free(w->code);
    free(w->entropy);
    free(w->term);
    free(w->change);
}

/* The classes of the rows scored and their sizes, and the number of scored rows below each node. */
static zsc_status assign_classes(work *w, const int32_t *labels, zsc_missing missing)
{
    zsc_status status = ZSC_OK;
    zsc_merge_tree *t = &w->tree;
    int32_t *row = NULL, *class = NULL, *size = NULL, *histogram = NULL;
    ZSC_NEW_RAW(row, t->n);
    ZSC_NEW_RAW(class, t->n);
    for (size_t i = 0; i < t->n; i++) w->missing += labels[i] < 0;
    zsc_contingency_select_rows(labels, t->n, missing, row, class, &w->rows);
    ZSC_TRY(zsc_contingency_codes(class, w->rows, class, &w->classes));
    ZSC_NEW(size, w->classes);
    ZSC_NEW(histogram, w->rows + 1);
    memset(w->code, -1, t->n * sizeof *w->code);
    for (size_t j = 0; j < w->rows; j++) {
        w->code[t->start[row[j]]] = class[j];
        t->scored[row[j]] = 1;
        size[class[j]]++;
    }
    for (size_t c = 0; c < w->classes; c++) histogram[size[c]]++;
    ZSC_TRY(zsc_sizes_make(histogram, w->rows, &w->class_sizes));
    for (size_t j = 0; j + 1 < t->n; j++) t->scored[t->n + j] = t->scored[t->heavy[j]] + t->scored[t->light[j]];
done:
    free(row);
    free(class);
    free(size);
    free(histogram);
    return status;
}

/* One path, from its leaf to TOP: adds each leaf once. sum[] holds the sum of f over the cells of tops already done. */
static void traverse_path(work *w, size_t top, int32_t *counter, zsc_fixed *sum)
{
    const zsc_merge_tree *t = &w->tree;
    size_t node = top, at = (size_t)t->start[top], end;
    while (node >= t->n) node = (size_t)t->heavy[node - t->n];
    if (w->code[at] >= 0) counter[w->code[at]]++;
    zsc_fixed cells = 0;
    for (at++; node != top; node = (size_t)t->parent[node]) {
        size_t merge = (size_t)t->parent[node] - t->n;
        zsc_fixed before = cells;
        for (end = at + (size_t)t->leaves[t->light[merge]]; at < end; at++) {
            if (w->code[at] < 0) continue;
            int32_t x = counter[w->code[at]]++;
            cells += w->entropy[x + 1] - w->entropy[x];
        }
        w->change[merge] = cells - before - sum[t->light[merge]];
    }
    sum[top] = cells;
    for (at = (size_t)t->start[top], end = at + (size_t)t->leaves[top]; at < end; at++)
        if (w->code[at] >= 0) counter[w->code[at]] = 0;
}

/* Light children come before their parents' paths, since a node's number is above those of all nodes below it. */
static zsc_status compute_cell_changes(work *w)
{
    zsc_status status = ZSC_OK;
    const zsc_merge_tree *t = &w->tree;
    int32_t *counter = NULL;
    zsc_fixed *sum = NULL;
    ZSC_NEW(counter, w->classes);
    ZSC_NEW(sum, t->nodes);
    for (size_t node = t->n; node < t->nodes; node++) {
        int32_t parent = t->parent[node];
        if (parent < 0 || (size_t)t->light[(size_t)parent - t->n] == node) traverse_path(w, node, counter, sum);
    }
done:
    free(counter);
    free(sum);
    return status;
}

/* F at each cluster size that occurs. */
static zsc_status compute_emi_terms(work *w, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    const zsc_merge_tree *t = &w->tree;
    zsc_emi *emi = NULL;
    int32_t *size = NULL;
    double *term = NULL;
    size_t sizes = 0;
    for (size_t i = 0; i < t->nodes; i++) w->term[t->scored[i]] = 1; /* this size occurs */
    for (size_t s = 1; s <= w->rows; s++) sizes += w->term[s] != 0;
    ZSC_NEW(emi, 1);
    ZSC_NEW_RAW(size, sizes);
    ZSC_NEW_RAW(term, sizes);
    zsc_emi_make(emi, w->rows);
    for (size_t s = 1, i = 0; s <= w->rows; s++)
        if (w->term[s]) size[i++] = (int32_t)s;
    ZSC_TRY(zsc_emi_by_size(emi, size, sizes, &w->class_sizes, exec, term));
    for (size_t i = 0; i < sizes; i++) w->term[size[i]] = zsc_fixed_of(term[i]);
    w->term[0] = 0;
done:
    free(emi);
    free(size);
    free(term);
    return status;
}

/* The three sums at one cut, and the AMI that they give. */
typedef struct sums {
    zsc_fixed clusters, cells, emi;
    size_t parts; /* clusters with a scored row */
} sums;

static double ami_of(const work *w, const sums *now, double h_classes)
{
    double n = (double)w->rows, log_n = zsc_log(n);
    zsc_information i = {.rows = w->rows,
                         .classes = w->classes,
                         .clusters = now->parts,
                         .h_classes = h_classes,
                         .h_clusters = log_n - zsc_fixed_value(now->clusters) / n,
                         .emi = zsc_fixed_value(now->emi) / n};
    if (i.clusters == 1) i.h_clusters = 0;
    i.mi = i.h_classes + i.h_clusters - (log_n - zsc_fixed_value(now->cells) / n);
    zsc_information_set_exact_cases(&i);
    return zsc_ami(&i, ZSC_ARITHMETIC);
}

static void evaluate_cuts(const work *w, double *ami)
{
    const zsc_merge_tree *t = &w->tree;
    sums now = {.emi = w->term[1] * (zsc_fixed)w->rows, .parts = w->rows};
    zsc_fixed classes = 0;
    for (size_t i = 0; i < w->class_sizes.distinct; i++)
        classes += w->entropy[w->class_sizes.item[i].size] * (zsc_fixed)w->class_sizes.item[i].count;
    double n = (double)w->rows, h_classes = w->classes == 1 ? 0 : zsc_log(n) - zsc_fixed_value(classes) / n;
    ami[t->n - 1] = ami_of(w, &now, h_classes);
    for (size_t j = 0; j + 1 < t->n; j++) {
        size_t a = (size_t)t->scored[t->heavy[j]], b = (size_t)t->scored[t->light[j]];
        size_t k = t->n - 1 - j; /* clusters after this merge */
        if (a == 0 || b == 0) {
            ami[k - 1] = ami[k];
            continue;
        }
        now.clusters += w->entropy[a + b] - w->entropy[a] - w->entropy[b];
        now.emi += w->term[a + b] - w->term[a] - w->term[b];
        now.cells += w->change[j];
        now.parts--;
        ami[k - 1] = ami_of(w, &now, h_classes);
    }
}

/* The curve of n >= 1 rows, of which at least one is scored. */
static zsc_status compute(work *w, const zsc_exec *exec, double *ami)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(w->entropy, w->rows + 1);
    ZSC_NEW(w->term, w->rows + 1);
    ZSC_NEW_RAW(w->change, w->tree.n);
    w->entropy[0] = 0;
    for (size_t s = 1; s <= w->rows; s++) w->entropy[s] = zsc_fixed_of((double)s * zsc_log((double)s));
    ZSC_TRY(compute_cell_changes(w));
    ZSC_TRY(compute_emi_terms(w, exec));
    evaluate_cuts(w, ami);
done:
    return status;
}

static size_t bytes_needed(size_t n)
{
    return n * (5 * 2 * sizeof(int32_t) + 4 * sizeof(int32_t) + 5 * sizeof(zsc_fixed) + sizeof(double));
}

zsc_status zsc_ami_curve(const double *z, size_t n, const int32_t *labels, zsc_missing missing, const zsc_exec *exec,
                         zsc_curve *out)
{
    zsc_status status = ZSC_OK;
    work w = {0};
    zsc_curve curve = {.n = n, .best_ami = NAN};
    if (n > INT32_MAX / 2)
        return zsc_fail(ZSC_EUSAGE, "cannot score the cuts of a dendrogram of %zu rows; the most is %d", n,
                        INT32_MAX / 2);
    ZSC_TRY(zsc_memory_check(exec, bytes_needed(n), "the AMI of every cut"));
    ZSC_NEW(curve.ami, n);
    if (n > 0) {
        ZSC_TRY(zsc_merge_tree_make(z, n, &w.tree));
        ZSC_NEW_RAW(w.code, n);
        ZSC_TRY(assign_classes(&w, labels, missing));
    }
    for (size_t k = 0; k < n; k++) curve.ami[k] = NAN;
    if (w.rows > 0) ZSC_TRY(compute(&w, exec, curve.ami));
    curve.rows = w.rows;
    curve.missing = w.missing;
    curve.classes = w.classes;
    for (size_t k = 0; k < n; k++)
        if (!isnan(curve.ami[k]) && !(curve.ami[k] <= curve.best_ami)) {
            curve.best_ami = curve.ami[k];
            curve.best_clusters = k + 1;
        }
    *out = curve;
    curve = (zsc_curve){0};
done:
    zsc_curve_free(&curve);
    work_free(&w);
    return status;
}

void zsc_curve_free(zsc_curve *curve)
{
    free(curve->ami);
    *curve = (zsc_curve){0};
}
