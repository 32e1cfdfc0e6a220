/* 1. Scaling by a power of two, so that the largest entry is near 1.
 * 2. Reduction to a tridiagonal matrix T by Householder's reflections, whose vectors take the place of the rows of A.
 * 3. Where many eigenvectors are wanted: QL steps with implicit shifts (Dubrulle, Martin, Wilkinson 1968) on T, applied
 *    to the rows of Q'. Otherwise bisection by Sturm counts for the eigenvalues, inverse iteration on T for the
 *    vectors, those of near eigenvalues made orthogonal, and the reflections applied to each.
 * (Golub and Van Loan, Matrix Computations, 4th ed., 8.3 and 8.4.) */
#include "linalg/symmetric_eigen.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "linalg/kernels.h"

enum {
    WHOLE = 128,         /* up to so many rows all eigenvectors are computed */
    FEW = 4,             /* beyond, where more than one in so many is wanted */
    STEPS_MOST = 64,     /* QL steps for one eigenvalue: two or three are usual */
    SOLUTIONS = 4,       /* of inverse iteration for one eigenvector */
    TOGETHER = 256 * 256 /* entries from which threads share a step of the reduction */
};
static const double NEAR = 1e-3, APART = 10 * DBL_EPSILON; /* of the norm of T */

typedef struct tridiagonal {
    size_t m;
    double *diagonal, *beside; /* m each; beside[i] joins i and i + 1, the last is 0 */
    double *factor;            /* of the reflections I - factor v v' */
    int threads;
    const zsc_linalg_kernels *kernels;
    const zsc_exec *exec; /* asked now and then whether to go on; NULL: never */
} tridiagonal;

static zsc_status go_on(const tridiagonal *t, size_t done)
{
    if (zsc_progress(t->exec, "eigenvectors", (double)done, (double)t->m)) return ZSC_OK;
    return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
}

/* --- Reduction */
/* Reflects row k of A beyond the diagonal, x (n), onto its first coordinate; x becomes v. */
static void reflection(tridiagonal *t, size_t k, double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
    t->factor[k] = t->beside[k] = 0;
    if (most == 0) return;
    int exponent = ilogb(most);
    for (size_t i = 0; i < n; i++) x[i] = ldexp(x[i], -exponent);
    double length = sqrt(t->kernels->dot(x, x, n)), to = x[0] > 0 ? -length : length;
    x[0] -= to;
    t->beside[k] = ldexp(to, exponent);
    t->factor[k] = 2 / t->kernels->dot(x, x, n);
}

/* A <- H A H for rows and columns from `first`, with v of n = m - first entries; p: scratch of m. */
static void reflect_both(tridiagonal *t, double *a, size_t k, double *p)
{
    const size_t m = t->m, first = k + 1, n = m - first;
    const double *v = a + k * m + first, factor = t->factor[k];
    const zsc_linalg_kernels *kernels = t->kernels;
#pragma omp parallel for schedule(static) num_threads(t->threads) if (n * n > TOGETHER)
    for (size_t i = 0; i < n; i++) p[i] = factor * kernels->dot(a + (first + i) * m + first, v, n);
    kernels->add_multiple(p, -factor / 2 * kernels->dot(v, p, n), v, n);
#pragma omp parallel for schedule(static) num_threads(t->threads) if (n * n > TOGETHER)
    for (size_t i = 0; i < n; i++) {
        kernels->add_multiple(a + (first + i) * m + first, -v[i], p, n);
        kernels->add_multiple(a + (first + i) * m + first, -p[i], v, n);
    }
}

static zsc_status reduce(tridiagonal *t, double *a, double *scratch)
{
    enum { STEPS = 8 }; /* between two questions */
    const size_t m = t->m;
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < m && status == ZSC_OK; k++) {
        if (k % STEPS == 0) status = go_on(t, k);
        t->diagonal[k] = a[k * m + k];
        t->beside[k] = k + 1 < m ? a[k * m + k + 1] : 0;
        t->factor[k] = 0;
        if (k + 2 >= m) continue;
        reflection(t, k, a + k * m + k + 1, m - k - 1);
        if (t->factor[k] != 0) reflect_both(t, a, k, scratch);
    }
    return status;
}

/* Applies the reflections of A to each of `count` rows of x (count x m): x <- x Q'. */
static zsc_status reflect_rows(const tridiagonal *t, const double *a, double *x, size_t count)
{
    const size_t m = t->m, work = (size_t)1 << 27, steps = count * m < work ? work / (count * m + 1) + 1 : 1;
    zsc_status status = ZSC_OK;
    for (size_t last = m; last > 0 && status == ZSC_OK; last = last > steps ? last - steps : 0) {
        const size_t first = last > steps ? last - steps : 0;
#pragma omp parallel for schedule(static) num_threads(t->threads) if (count * m > TOGETHER)
        for (size_t r = 0; r < count; r++)
            for (size_t k = last; k-- > first;) {
                double *row = x + r * m + k + 1;
                const double *v = a + k * m + k + 1;
                if (t->factor[k] != 0)
                    t->kernels->add_multiple(row, -t->factor[k] * t->kernels->dot(row, v, m - k - 1), v, m - k - 1);
            }
        status = go_on(t, m - first);
    }
    return status;
}

/* --- All eigenvectors */
/* One QL step on rows l .. last of T, shifted by the eigenvalue of its upper corner that is nearer. */
static void ql_step(tridiagonal *t, size_t l, size_t last, double *vectors)
{
    double *d = t->diagonal, *e = t->beside;
    double g = (d[l + 1] - d[l]) / (2 * e[l]), r = sqrt(g * g + 1), c = 1, s = 1, p = 0;
    g = d[last] - d[l] + e[l] / (g < 0 ? g - r : g + r);
    for (size_t i = last; i-- > l;) {
        double f = s * e[i], b = c * e[i];
        r = sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) { /* the matrix falls apart here */
            d[i + 1] -= p;
            e[last] = 0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        t->kernels->rotate(vectors + i * t->m, vectors + (i + 1) * t->m, t->m, c, s);
    }
    d[l] -= p;
    e[l] = g;
    e[last] = 0;
}

static zsc_status all_eigenvectors(tridiagonal *t, double *vectors)
{
    double *d = t->diagonal, *e = t->beside, norm = 0;
    for (size_t i = 0; i < t->m; i++) norm = fmax(norm, fabs(d[i]) + fabs(e[i]));
    for (size_t l = 0; l < t->m; l++) {
        zsc_status status = go_on(t, l);
        if (status != ZSC_OK) return status;
        for (size_t steps = 0;; steps++) {
            size_t last = l;
            while (last + 1 < t->m && fabs(e[last]) > DBL_EPSILON * norm) last++; /* of low rank, d may be 0 there */
            if (last == l) break;
            if (steps == STEPS_MOST)
                return zsc_fail(ZSC_ENUMERIC, "eigenvalue %zu of %zu was not found in %d steps", l + 1, t->m,
                                STEPS_MOST);
            ql_step(t, l, last, vectors);
        }
    }
    return ZSC_OK;
}

typedef struct place {
    double value;
    size_t row;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static zsc_status decompose(tridiagonal *t, const double *a, size_t first, size_t count, double *values,
                            double *vectors)
{
    zsc_status status = ZSC_OK;
    double *all = NULL;
    place *order = NULL;
    const size_t m = t->m;
    ZSC_NEW(all, m * m);
    ZSC_NEW_RAW(order, m);
    for (size_t i = 0; i < m; i++) all[i * m + i] = 1;
    ZSC_TRY(reflect_rows(t, a, all, m));
    ZSC_TRY(all_eigenvectors(t, all));
    for (size_t i = 0; i < m; i++) order[i] = (place){t->diagonal[i], i};
    qsort(order, m, sizeof *order, by_value);
    for (size_t i = 0; i < count; i++) {
        values[i] = order[first + i].value;
        memcpy(vectors + i * m, all + order[first + i].row * m, m * sizeof *vectors);
    }
done:
    free(all);
    free(order);
    return status;
}

/* --- Some eigenvectors */
/* How many eigenvalues of T are below x. */
static size_t below(const tridiagonal *t, double x)
{
    size_t count = 0;
    double q = 1;
    for (size_t i = 0; i < t->m; i++) {
        double joined = i ? t->beside[i - 1] : 0;
        q = t->diagonal[i] - x - joined * joined / q;
        if (fabs(q) < DBL_MIN) q = -DBL_MIN;
        count += q < 0;
    }
    return count;
}

static double bisect(const tridiagonal *t, size_t number, double low, double high)
{
    for (;;) {
        double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high) || high - low <= 2 * DBL_EPSILON * fmax(fabs(low), fabs(high)))
            return middle;
        if (below(t, middle) > number)
            high = middle;
        else
            low = middle;
    }
}

/* T - lambda = P L U, by rows; multiplier[i] is of row i on row i + 1, which changed places where swapped[i]. */
typedef struct factors {
    double *upper, *next, *beyond, *multiplier;
    unsigned char *swapped;
} factors;

static void factorise(const tridiagonal *t, double lambda, double least, factors *f)
{
    const size_t m = t->m;
    double here = t->diagonal[0] - lambda, beside = m > 1 ? t->beside[0] : 0;
    for (size_t i = 0; i + 1 < m; i++) {
        double under = t->beside[i], at = t->diagonal[i + 1] - lambda, after = i + 2 < m ? t->beside[i + 1] : 0;
        f->swapped[i] = fabs(under) > fabs(here);
        if (f->swapped[i]) {
            f->upper[i] = under;
            f->next[i] = at;
            f->beyond[i] = after;
            f->multiplier[i] = here / under;
            here = beside - f->multiplier[i] * at;
            beside = -f->multiplier[i] * after;
        } else {
            f->upper[i] = fabs(here) < least ? least : here;
            f->next[i] = beside;
            f->beyond[i] = 0;
            f->multiplier[i] = under / f->upper[i];
            here = at - f->multiplier[i] * beside;
            beside = after;
        }
    }
    f->upper[m - 1] = fabs(here) < least ? least : here;
}

static void solve(const factors *f, size_t m, double *x)
{
    for (size_t i = 0; i + 1 < m; i++) {
        if (f->swapped[i]) {
            double swap = x[i];
            x[i] = x[i + 1];
            x[i + 1] = swap;
        }
        x[i + 1] -= f->multiplier[i] * x[i];
    }
    for (size_t i = m; i-- > 0;) {
        double right = x[i];
        if (i + 1 < m) right -= f->next[i] * x[i + 1];
        if (i + 2 < m) right -= f->beyond[i] * x[i + 2];
        x[i] = right / f->upper[i];
    }
}

static void unit_length(const tridiagonal *t, double *x)
{
    double most = 0;
    for (size_t i = 0; i < t->m; i++) most = fmax(most, fabs(x[i]));
    for (size_t i = 0; i < t->m; i++) x[i] /= most;
    double length = sqrt(t->kernels->dot(x, x, t->m));
    for (size_t i = 0; i < t->m; i++) x[i] /= length;
}

/* Vector `number` of T, orthogonal to the vectors from `near` on that are there. */
static void iterate(const tridiagonal *t, const factors *f, size_t number, size_t near, double *vectors)
{
    double *x = vectors + number * t->m;
    zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_PCA, number);
    for (size_t i = 0; i < t->m; i++) x[i] = zsc_stream_uniform(&stream) - 0.5;
    for (size_t round = 0; round < SOLUTIONS; round++) {
        solve(f, t->m, x);
        unit_length(t, x);
        for (size_t other = near; other < number; other++)
            t->kernels->add_multiple(x, -t->kernels->dot(x, vectors + other * t->m, t->m), vectors + other * t->m,
                                     t->m);
        unit_length(t, x);
    }
}

static zsc_status select_eigenvectors(tridiagonal *t, const double *a, size_t first, size_t count, double *values,
                                      double *vectors)
{
    zsc_status status = ZSC_OK;
    const size_t m = t->m;
    double *work = NULL, low = INFINITY, high = -INFINITY;
    unsigned char *swapped = NULL;
    ZSC_NEW(work, 4 * m);
    ZSC_NEW(swapped, m);
    factors f = {work, work + m, work + 2 * m, work + 3 * m, swapped};
    for (size_t i = 0; i < m; i++) { /* Gershgorin's circles */
        double reach = (i ? fabs(t->beside[i - 1]) : 0) + fabs(t->beside[i]);
        low = fmin(low, t->diagonal[i] - reach);
        high = fmax(high, t->diagonal[i] + reach);
    }
    double norm = fmax(fabs(low), fabs(high)), shift = -INFINITY;
#pragma omp parallel for schedule(dynamic) num_threads(t->threads)
    for (size_t i = 0; i < count; i++) values[i] = bisect(t, first + i, low - APART * norm, high + APART * norm);
    for (size_t i = 0, near = 0; i < count; i++) {
        if (i > 0 && values[i] - values[i - 1] > NEAR * norm) near = i;
        shift = fmax(values[i], shift + APART * norm);
        ZSC_TRY(go_on(t, i));
        factorise(t, shift, fmax(DBL_EPSILON * norm, DBL_MIN), &f);
        iterate(t, &f, i, near, vectors);
    }
    ZSC_TRY(reflect_rows(t, a, vectors, count));
done:
    free(work);
    free(swapped);
    return status;
}

/* --- The whole */
static int takes_all(size_t m, size_t count) { return m <= WHOLE || count > m / FEW; }

size_t zsc_symmetric_eigen_memory(size_t m, size_t count)
{
    return sizeof(double) * (4 * m + (takes_all(m, count) ? m * m + 2 * m : 5 * m));
}

zsc_status zsc_symmetric_eigen(double *a, size_t m, size_t first, size_t count, int threads, double *values,
                               double *vectors)
{
    return zsc_symmetric_eigen_polled(a, m, first, count, threads, NULL, values, vectors);
}

zsc_status zsc_symmetric_eigen_polled(double *a, size_t m, size_t first, size_t count, int threads,
                                      const zsc_exec *exec, double *values, double *vectors)
{
    zsc_status status = ZSC_OK;
    double *work = NULL, most = 0;
    for (size_t i = 0; i < m * m; i++) most = isnan(a[i]) ? INFINITY : fmax(most, fabs(a[i]));
    if (isinf(most))
        return zsc_fail(ZSC_ENUMERIC, "a matrix of %zu x %zu has no eigenvalues: an entry is not finite", m, m);
    int exponent = most > 0 ? ilogb(most) : 0;
    for (size_t i = 0; i < m * m; i++) a[i] = ldexp(a[i], -exponent);
    ZSC_NEW(work, 4 * m);
    tridiagonal t = {m, work, work + m, work + 2 * m, threads, ZSC_SIMD_PICK(zsc_linalg_kernels_of), exec};
    ZSC_TRY(reduce(&t, a, work + 3 * m));
    ZSC_TRY(takes_all(m, count) ? decompose(&t, a, first, count, values, vectors)
                                : select_eigenvectors(&t, a, first, count, values, vectors));
    for (size_t i = 0; i < count; i++) values[i] = ldexp(values[i], exponent);
done:
    free(work);
    return status;
}
