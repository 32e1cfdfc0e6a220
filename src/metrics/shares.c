/* The expected share F(s) of a cluster of s rows, at every size s that a dendrogram has.
 *
 * Most dendrograms have few sizes; then F is computed at each. A chain (single linkage makes them) has up to n, of
 * which each costs a sum over all class sizes. But F is smooth: with b rows in a class and h(k) the summand,
 *
 *     E[h(k)] = sum over j <= b of (j-th difference of h at 0) C(b, j) s (s-1) ... (s-j+1) / (n (n-1) ... (n-j+1)),
 *
 * a polynomial in s. Features are as wide as s itself near s = 0, and as n - s near s = n. Sizes are therefore taken in
 * octaves of min(s, n - s). An octave of more sizes than it is worth is interpolated from NODES exact values at
 * Chebyshev's points, rounded to whole sizes (barycentric formula; Berrut and Trefethen, SIAM Review 46:501, 2004), and
 * checked against CHECKS more exact values. Where it does not agree to TOLERANCE, it is computed size by size. */
#include "metrics/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { NODES = 40, CHECKS = 17, WORTH_IT = 256, WORTH_THREADS = 20000, VALUES_A_ROUND = 4096 };
#define TOLERANCE 1e-13

/* Sizes whose share is to be computed, and the shares. All are gathered first, so that threads are woken once. */
typedef struct batch {
    int32_t *size;
    double *value;
    size_t count;
} batch;

static void batch_free(batch *b)
{
    free(b->size);
    free(b->value);
}

static zsc_status batch_make(size_t most, batch *b)
{
    zsc_status status = ZSC_OK;
    *b = (batch){0};
    ZSC_NEW_RAW(b->size, most);
    ZSC_NEW_RAW(b->value, most);
done:
    return status;
}

static zsc_status compute(const zsc_emi *emi, const zsc_sizes *others, const zsc_exec *exec, batch *b)
{
    for (size_t from = 0; from < b->count; from += VALUES_A_ROUND) {
        size_t to = from + VALUES_A_ROUND < b->count ? from + VALUES_A_ROUND : b->count;
#pragma omp parallel for num_threads(b->count * others->distinct < WORTH_THREADS ? 1 : zsc_threads(exec))              \
    schedule(dynamic, 8)
        for (size_t i = from; i < to; i++) b->value[i] = zsc_emi_part(emi, (size_t)b->size[i], others);
        if (!zsc_progress(exec, "curve", (double)to, (double)b->count))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    return ZSC_OK;
}

/* A run of sizes of one octave, and where its values start in the batch. */
typedef struct stretch {
    size_t first, last, at;
    bool interpolated;
} stretch;

/* The same number for sizes that are near 0, or near n, by the same power of two. */
static int octave(size_t n, size_t s)
{
    bool upper = s > n / 2;
    size_t nearest = upper ? n - s : s;
    int bits = 0;
    for (; nearest > 1; nearest /= 2) bits++;
    return upper ? 128 - bits : bits;
}

static double node_at(const int32_t *size, const stretch *x, int i)
{
    double low = size[x->first], high = size[x->last - 1];
    return nearbyint((low + high) / 2 - (high - low) / 2 * cos(M_PI * (i + 0.5) / NODES));
}

static int32_t check_at(const int32_t *size, const stretch *x, size_t c)
{
    return size[x->first + c * (x->last - 1 - x->first) / (CHECKS - 1)];
}

/* Adds what the stretch needs: all of its sizes, or nodes and checks. Nodes must be different sizes, hence the least
 * width. */
static void request(const int32_t *size, stretch *x, batch *b)
{
    x->at = b->count;
    x->interpolated = x->last - x->first >= WORTH_IT && size[x->last - 1] - size[x->first] >= WORTH_IT * NODES / 8;
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

static void fit(const int32_t *size, const stretch *x, const double *value, interpolant *p)
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

static bool agrees(const int32_t *size, const stretch *x, const interpolant *p, const double *checks)
{
    for (size_t c = 0; c < CHECKS; c++)
        if (!(fabs(evaluate(p, check_at(size, x, c)) - checks[c]) <= TOLERANCE * p->largest)) return false;
    return true;
}

/* Fills the stretch's shares; a stretch that does not agree is left as one to be computed. */
static void settle(const int32_t *size, stretch *x, const batch *b, double *share)
{
    interpolant p;
    if (!x->interpolated) {
        memcpy(share + x->first, b->value + x->at, (x->last - x->first) * sizeof *share);
        x->first = x->last;
        return;
    }
    x->interpolated = false;
    fit(size, x, b->value + x->at, &p);
    if (!agrees(size, x, &p, b->value + x->at + NODES)) return;
    for (size_t i = x->first; i < x->last; i++) share[i] = evaluate(&p, size[i]);
    x->first = x->last;
}

static size_t cut_into_stretches(size_t n, const int32_t *size, size_t count, stretch *out)
{
    size_t stretches = 0;
    for (size_t first = 0; first < count;) {
        size_t last = first + 1;
        while (last < count && octave(n, (size_t)size[last]) == octave(n, (size_t)size[first])) last++;
        out[stretches++] = (stretch){.first = first, .last = last};
        first = last;
    }
    return stretches;
}

zsc_status zsc_emi_shares(const zsc_emi *emi, const int32_t *size, size_t count, const zsc_sizes *others,
                          const zsc_exec *exec, double *share)
{
    enum { MOST_STRETCHES = 130 };
    zsc_status status = ZSC_OK;
    stretch part[MOST_STRETCHES];
    batch b = {0}, rest = {0};
    size_t parts = cut_into_stretches(emi->n, size, count, part);
    ZSC_TRY(batch_make(count, &b));
    for (size_t i = 0; i < parts; i++) request(size, &part[i], &b);
    ZSC_TRY(compute(emi, others, exec, &b));
    for (size_t i = 0; i < parts; i++) settle(size, &part[i], &b, share);
    ZSC_TRY(batch_make(count, &rest));
    for (size_t i = 0; i < parts; i++) {
        part[i].at = rest.count;
        for (size_t j = part[i].first; j < part[i].last; j++) rest.size[rest.count++] = size[j];
    }
    ZSC_TRY(compute(emi, others, exec, &rest));
    for (size_t i = 0; i < parts; i++) settle(size, &part[i], &rest, share);
done:
    batch_free(&b);
    batch_free(&rest);
    return status;
}
