/* Block Lanczos iteration with full orthogonalisation (Golub and Underwood 1977; Saad, Numerical Methods for Large
 * Eigenvalue Problems, 2nd ed., 6.6):
 *
 *   1. Q_1: b random orthonormal vectors
 *   2. W = Q_j A; H gets the products of W with all vectors so far; what W has of them is taken away, twice, which
 * leaves R; the next block is R made orthonormal. A vector that vanishes is replaced by a random one
 *   3. now and then: H = S' T S, the Ritz values T and vectors S Q. The residual of a Ritz vector is the last b of its
 *      coefficients times the factor by which R was made orthonormal
 *
 * It ends when the residuals of the wanted ones are below TOLERANCE of the largest value, a tenth of what products in
 * single precision, of which covariances are made, leave uncertain, and gives up when the vectors
 * are more than half of m: then all of them cost less (symmetric_eigen.h). Blocks of 8 read the matrix an eighth as
 * often as single vectors would; products are those of kernels.h, in one order whatever the number of threads. */
#include "linalg/lanczos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "linalg/symmetric_eigen.h"

enum {
    SIDE = 8,    /* vectors in a block */
    LARGE = 256, /* rows from which it pays */
    SHARE = 8,   /* of them, at most one in so many is wanted */
    STRIP = 128, /* columns or vectors that a thread takes at a time */
};
static const double TOLERANCE = 1e-8, VANISHED = 1e-13;

typedef struct iteration {
    const double *a;
    size_t m, most; /* most: vectors that there is memory for */
    size_t count;   /* vectors so far */
    double scale;   /* of the entries */
    double *q;      /* most x m */
    double *h;      /* most x most */
    double *w, *wt; /* SIDE x m and its transpose */
    double *c, *ct; /* most x SIDE and its transpose */
    double *factor; /* SIDE x SIDE: R = factor' Q_next */
    uint64_t drawn; /* random vectors */
    int threads;
    const zsc_linalg_kernels *kernels;
} iteration;

bool zsc_lanczos_serves(size_t m, size_t count) { return m >= LARGE && count * SHARE <= m; }

static size_t most_vectors(size_t m, size_t count)
{
    size_t most = m / 2 > count + 4 * SIDE ? m / 2 : count + 4 * SIDE;
    return (most + SIDE - 1) / SIDE * SIDE;
}

size_t zsc_lanczos_memory(size_t m, size_t count)
{
    size_t k = most_vectors(m, count);
    return sizeof(double) * (k * m + 3 * k * k + 2 * SIDE * m + 2 * SIDE * k + SIDE * SIDE + k) +
           zsc_symmetric_eigen_memory(k, k);
}

/* --- Products, shared by threads in strips */
/* w = Q_last a */
static void multiply(iteration *s)
{
    size_t m = s->m;
    const double *last = s->q + (s->count - SIDE) * m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t j = 0; j < m; j += STRIP) {
        const zsc_product shape = {SIDE, m - j < STRIP ? m - j : STRIP, m, m, 1, m, m, false};
        s->kernels->product_doubles(&shape, last, s->a + j, s->w + j);
    }
}

/* c = Q w' */
static void coefficients(iteration *s)
{
    size_t m = s->m;
    for (size_t j = 0; j < m; j++)
        for (size_t k = 0; k < SIDE; k++) s->wt[j * SIDE + k] = s->w[k * m + j];
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t i = 0; i < s->count; i += STRIP) {
        const zsc_product shape = {s->count - i < STRIP ? s->count - i : STRIP, SIDE, m, m, 1, SIDE, SIDE, false};
        s->kernels->product_doubles(&shape, s->q + i * m, s->wt, s->c + i * SIDE);
    }
}

/* w -= c' Q */
static void take_away(iteration *s)
{
    size_t m = s->m;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < SIDE; k++) s->ct[k * s->most + i] = -s->c[i * SIDE + k];
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t j = 0; j < m; j += STRIP) {
        const zsc_product shape = {SIDE, m - j < STRIP ? m - j : STRIP, s->count, s->most, 1, m, m, true};
        s->kernels->product_doubles(&shape, s->ct, s->q + j, s->w + j);
    }
}

/* --- Blocks */
static void draw(iteration *s, double *x)
{
    zsc_stream r = zsc_stream_open(0, ZSC_RANDOM_LANCZOS, s->drawn++);
    for (size_t j = 0; j < s->m; j++) x[j] = zsc_stream_normal(&r);
}

static double project_out(const iteration *s, double *x, const double *unit)
{
    double along = s->kernels->dot(x, unit, s->m);
    s->kernels->add_multiple(x, -along, unit, s->m);
    return along;
}

static double normalise(const iteration *s, double *x)
{
    double length = sqrt(s->kernels->dot(x, x, s->m));
    for (size_t j = 0; j < s->m && length > 0; j++) x[j] /= length;
    return length;
}

/* The vectors of w, which are orthogonal to those of Q, become the next ones of Q. */
static void append(iteration *s)
{
    size_t m = s->m;
    memset(s->factor, 0, SIDE * SIDE * sizeof *s->factor);
    for (size_t k = 0; k < SIDE; k++) {
        double *own = s->q + (s->count + k) * m;
        memcpy(own, s->w + k * m, m * sizeof *own);
        for (int pass = 0; pass < 2; pass++)
            for (size_t l = 0; l < k; l++) s->factor[l * SIDE + k] += project_out(s, own, s->q + (s->count + l) * m);
        double length = normalise(s, own);
        if (length > VANISHED * s->scale * (double)m) {
            s->factor[k * SIDE + k] = length;
            continue;
        }
        draw(s, own);
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < s->count + k; i++) project_out(s, own, s->q + i * m);
        normalise(s, own);
    }
    s->count += SIDE;
}

static void step(iteration *s)
{
    multiply(s);
    coefficients(s);
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < SIDE; k++) {
            size_t j = s->count - SIDE + k;
            s->h[i * s->most + j] = s->h[j * s->most + i] = s->c[i * SIDE + k];
        }
    take_away(s);
    coefficients(s);
    take_away(s);
    append(s);
}

/* --- Ritz vectors */
static double residual(const iteration *s, const double *ritz, size_t used)
{
    double square = 0;
    for (size_t l = 0; l < SIDE; l++) {
        double sum = 0;
        for (size_t k = 0; k < SIDE; k++) sum += s->factor[l * SIDE + k] * ritz[used - SIDE + k];
        square += sum * sum;
    }
    return sqrt(square);
}

static void combine(const iteration *s, const double *ritz, size_t used, size_t count, double *vectors)
{
    size_t m = s->m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t j = 0; j < m; j += STRIP) {
        const zsc_product shape = {count, m - j < STRIP ? m - j : STRIP, used, used, 1, m, m, false};
        s->kernels->product_doubles(&shape, ritz, s->q + j, vectors + j);
    }
}

/* Of the vectors before the last block. */
static zsc_status extract(const iteration *s, size_t count, const zsc_exec *exec, double *values, double *vectors,
                          bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t used = s->count - SIDE;
    double *h = NULL, *ritz = NULL, *w = NULL, *falling = NULL;
    ZSC_NEW_RAW(h, used * used);
    ZSC_NEW_RAW(ritz, count * used);
    ZSC_NEW_RAW(falling, count * used);
    ZSC_NEW_RAW(w, count);
    for (size_t i = 0; i < used; i++) memcpy(h + i * used, s->h + i * s->most, used * sizeof *h);
    ZSC_TRY(zsc_symmetric_eigen_polled(h, used, used - count, count, s->threads, exec, w, ritz));
    *converged = true;
    for (size_t i = 0; i < count; i++) {
        memcpy(falling + i * used, ritz + (count - 1 - i) * used, used * sizeof *falling);
        *converged = *converged && residual(s, falling + i * used, used) <= TOLERANCE * fabs(w[count - 1]);
    }
    if (!*converged) goto done;
    for (size_t i = 0; i < count; i++) values[i] = w[count - 1 - i];
    combine(s, falling, used, count, vectors);
done:
    free(h);
    free(ritz);
    free(falling);
    free(w);
    return status;
}

static void begin(iteration *s)
{
    for (size_t k = 0; k < SIDE; k++) draw(s, s->w + k * s->m);
    append(s);
}

static zsc_status run(iteration *s, size_t count, const zsc_exec *exec, double *values, double *vectors,
                      bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t next = count + 2 * SIDE; /* vectors at which Ritz vectors are looked at */
    begin(s);
    while (s->count + SIDE <= s->most && !*converged) {
        if (!zsc_progress(exec, "pca", (double)s->count, (double)s->most))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        step(s);
        if (s->count - SIDE < next && s->count + SIDE <= s->most) continue;
        ZSC_TRY(extract(s, count, exec, values, vectors, converged));
        next = next + next / 4 + SIDE;
    }
done:
    return status;
}

zsc_status zsc_lanczos_largest(const double *a, size_t m, size_t count, const zsc_exec *exec, double *values,
                               double *vectors, bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t most = most_vectors(m, count);
    iteration s = {
        .a = a, .m = m, .most = most, .threads = zsc_threads(exec), .kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of)};
    *converged = false;
    for (size_t i = 0; i < m * m; i++) s.scale = isnan(a[i]) ? INFINITY : fmax(s.scale, fabs(a[i]));
    if (isinf(s.scale))
        return zsc_fail(ZSC_ENUMERIC, "a matrix of %zu x %zu has no eigenvalues: an entry is not finite", m, m);
    if (s.scale == 0) return ZSC_OK;
    ZSC_NEW_RAW(s.q, most * m);
    ZSC_NEW(s.h, most * most);
    ZSC_NEW_RAW(s.w, SIDE * m);
    ZSC_NEW_RAW(s.wt, SIDE * m);
    ZSC_NEW_RAW(s.c, SIDE * most);
    ZSC_NEW_RAW(s.ct, SIDE * most);
    ZSC_NEW_RAW(s.factor, SIDE * SIDE);
    ZSC_TRY(run(&s, count, exec, values, vectors, converged));
done:
    free(s.q);
    free(s.h);
    free(s.w);
    free(s.wt);
    free(s.c);
    free(s.ct);
    free(s.factor);
    return status;
}
