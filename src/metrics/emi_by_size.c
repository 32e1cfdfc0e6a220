/* The EMI term F(s) of a cluster of s rows (its summand in n EMI, over all classes) at every cluster size s of a
 * dendrogram.
 *
 * Most dendrograms have few sizes; then F is computed at each. A chain, as single linkage builds them, has up to n
 * sizes, and each costs a sum over all class sizes. But F is smooth: with b rows in a class and h(k) the summand,
 *
 *     E[h(k)] = sum over j <= b of (j-th difference of h at 0) C(b, j) s (s-1) ... (s-j+1) / (n (n-1) ... (n-j+1)),
 *
 * a polynomial in s. Features are as wide as s itself near s = 0, and as n - s near s = n. Sizes are therefore taken in
 * octaves of min(s, n - s). An octave with at least INTERPOLATED_LEAST sizes is interpolated from NODES exact values at
 * Chebyshev points, rounded to whole sizes (barycentric formula; Berrut and Trefethen, SIAM Review 46:501, 2004), and
 * checked against CHECKS more exact values. Where they do not agree to TOLERANCE, every size is computed. */
#include "metrics/emi_by_size.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/threads.h"

enum {
    NODES = 40,
    CHECKS = 17,
    INTERPOLATED_LEAST = 256, /* sizes of an octave that is interpolated */
    PARALLEL_LEAST = 20000,   /* terms x class sizes; fewer take less time than waking the threads */
    PROGRESS_STEP = 4096      /* terms between two reports of progress */
};
#define TOLERANCE 1e-13

/* Sizes at which F is computed exactly, and its values. All are collected first, so that threads are woken once. */
typedef struct evaluations {
    int32_t *size;
    double *value;
    size_t count;
} evaluations;

static void evaluations_free(evaluations *b)
{
    free(b->size);
    free(b->value);
}

static zsc_status evaluations_make(size_t most, evaluations *b)
{
    zsc_status status = ZSC_OK;
    *b = (evaluations){0};
    ZSC_NEW_RAW(b->size, most);
    ZSC_NEW_RAW(b->value, most);
done:
    return status;
}

static zsc_status evaluate_all(const zsc_emi *emi, const zsc_sizes *others, const zsc_exec *exec, evaluations *b)
{
    for (size_t from = 0; from < b->count; from += PROGRESS_STEP) {
        size_t to = from + PROGRESS_STEP < b->count ? from + PROGRESS_STEP : b->count;
#pragma omp parallel for num_threads(b->count * others->distinct < PARALLEL_LEAST ? 1 : zsc_threads(exec))             \
    schedule(dynamic, 8)
        for (size_t i = from; i < to; i++) b->value[i] = zsc_emi_cluster(emi, (size_t)b->size[i], others);
        if (!zsc_progress(exec, "curve", (double)to, (double)b->count))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    return ZSC_OK;
}

/* The sizes first .. last - 1 of one octave; their values start at value[at] of the evaluations. */
typedef struct octave_range {
    size_t first, last, at;
    bool interpolated;
} octave_range;

/* Which octave of min(s, n - s) a size is in; octaves near 0 and near n have different numbers. */
static int octave(size_t n, size_t s)
{
    bool upper = s > n / 2;
    size_t nearest = upper ? n - s : s;
    int bits = 0;
    for (; nearest > 1; nearest /= 2) bits++;
    return upper ? 128 - bits : bits;
}

static double node_at(const int32_t *size, const octave_range *x, int i)
{
    double low = size[x->first], high = size[x->last - 1];
    return nearbyint((low + high) / 2 - (high - low) / 2 * zsc_cos_turns((i + 0.5) / (2 * NODES)));
}

static int32_t check_at(const int32_t *size, const octave_range *x, size_t c)
{
    return size[x->first + c * (x->last - 1 - x->first) / (CHECKS - 1)];
}

/* Adds the evaluations that an octave needs: all of its sizes, or nodes and checks. Nodes must be different sizes,
 * hence the minimum width. */
static void add_evaluations(const int32_t *size, octave_range *x, evaluations *b)
{
    x->at = b->count;
    x->interpolated = x->last - x->first >= INTERPOLATED_LEAST &&
                      size[x->last - 1] - size[x->first] >= INTERPOLATED_LEAST * NODES / 8;
    if (x->interpolated) {
        for (int i = 0; i < NODES; i++) b->size[b->count++] = (int32_t)node_at(size, x, i);
        for (size_t c = 0; c < CHECKS; c++) b->size[b->count++] = check_at(size, x, c);
    } else {
        for (size_t i = x->first; i < x->last; i++) b->size[b->count++] = size[i];
    }
}

/* Nodes, values there, and the weights of the barycentric formula. */
typedef struct interpolant {
    double node[NODES], value[NODES], weight[NODES], largest;
} interpolant;

static void fit(const int32_t *size, const octave_range *x, const double *value, interpolant *p)
{
    double quarter = ((double)size[x->last - 1] - size[x->first]) /
                     4; /* scales differences so that products stay near 1 */
    p->largest = 0;
    for (int i = 0; i < NODES; i++) {
        p->node[i] = node_at(size, x, i);
        p->value[i] = value[i];
        p->largest = fmax(p->largest, fabs(value[i]));
    }
    for (int i = 0; i < NODES; i++) {
        double product = 1;
        for (int j = 0; j < NODES; j++)
            if (j != i) product *= (p->node[i] - p->node[j]) / quarter;
        p->weight[i] = 1 / product;
    }
}

static double evaluate(const interpolant *p, double s)
{
    double above = 0, below = 0;
    for (int i = 0; i < NODES; i++) {
        double d = s - p->node[i];
        if (d == 0) return p->value[i];
        above += p->weight[i] / d * p->value[i];
        below += p->weight[i] / d;
    }
    return above / below;
}

static bool agrees(const int32_t *size, const octave_range *x, const interpolant *p, const double *checks)
{
    for (size_t c = 0; c < CHECKS; c++)
        if (!(fabs(evaluate(p, check_at(size, x, c)) - checks[c]) <= TOLERANCE * p->largest)) return false;
    return true;
}

/* Fills the octave's terms; where the checks do not agree it is left as one whose sizes are all computed. */
static void take_values(const int32_t *size, octave_range *x, const evaluations *b, double *term)
{
    interpolant p;
    if (!x->interpolated) {
        memcpy(term + x->first, b->value + x->at, (x->last - x->first) * sizeof *term);
        x->first = x->last;
        return;
    }
    x->interpolated = false;
    fit(size, x, b->value + x->at, &p);
    if (!agrees(size, x, &p, b->value + x->at + NODES)) return;
    for (size_t i = x->first; i < x->last; i++) term[i] = evaluate(&p, size[i]);
    x->first = x->last;
}

static size_t split_into_octaves(size_t n, const int32_t *size, size_t count, octave_range *out)
{
    size_t octaves = 0;
    for (size_t first = 0; first < count;) {
        size_t last = first + 1;
        while (last < count && octave(n, (size_t)size[last]) == octave(n, (size_t)size[first])) last++;
        out[octaves++] = (octave_range){.first = first, .last = last};
        first = last;
    }
    return octaves;
}

zsc_status zsc_emi_by_size(const zsc_emi *emi, const int32_t *size, size_t count, const zsc_sizes *others,
                           const zsc_exec *exec, double *term)
{
    enum { OCTAVES_MOST = 130 };
    zsc_status status = ZSC_OK;
    octave_range part[OCTAVES_MOST];
    evaluations b = {0}, rest = {0};
    size_t parts = split_into_octaves(emi->n, size, count, part);
    ZSC_TRY(evaluations_make(count, &b));
    for (size_t i = 0; i < parts; i++) add_evaluations(size, &part[i], &b);
    ZSC_TRY(evaluate_all(emi, others, exec, &b));
    for (size_t i = 0; i < parts; i++) take_values(size, &part[i], &b, term);
    ZSC_TRY(evaluations_make(count, &rest));
    for (size_t i = 0; i < parts; i++) {
        part[i].at = rest.count;
        for (size_t j = part[i].first; j < part[i].last; j++) rest.size[rest.count++] = size[j];
    }
    ZSC_TRY(evaluate_all(emi, others, exec, &rest));
    for (size_t i = 0; i < parts; i++) take_values(size, &part[i], &rest, term);
done:
    evaluations_free(&b);
    evaluations_free(&rest);
    return status;
}
