/* Frames: the vectors that tiles are made of, and why no near pair is lost.
 *
 * Vectors. Row i becomes w_i = x_i f_i - s_i - c in double, rounded to float: for the Euclidean metric f is a power of two
 * that makes numbers of about 1 (so that 1e30 and 1e-30 are no different from 1) and s = 0; for cosine and correlation
 * f_i = 1 / |x_i|, s_i = mean_i f_i. c is a typical row (the median of a sample, coordinate by coordinate), since the
 * rounding errors of dot products grow with the vectors' lengths. Rows without direction get a coordinate of their own,
 * which puts them at squared distance 2, cosine distance 1, from all others. Manhattan and Chebyshev: f alone, exact.
 *
 * Projection. An orthogonal projection P never makes distances larger: |P w_i - P w_j| <= |w_i - w_j|. Tiles of the m
 * leading principal coordinates thus leave out only what is out anyway, at m / d of the cost, and embeddings, whose
 * variance sits in few directions, leave few pairs to measure. The basis (randomised subspace iteration on a sample; Halko,
 * Martinsson and Tropp 2011) need not be accurate, only orthonormal, which a QR decomposition in double makes it. m is the
 * cheapest of a few by an estimate on a sample (choose_depth); data without structure keep all coordinates.
 *
 * Rounding. With u = 2^-24, K = depth: the kernel's dot product, in any order, is off by at most K u / (1 - K u) |y_i| |y_j|
 * <= K u (|y_i|^2 + |y_j|^2) / 2 (Higham, Accuracy and Stability, 2nd ed., section 3.1). y_i itself is off by rho_i <=
 * 2 u |w_i| (two roundings to float); from |y_i - y_j| <= sqrt(T) + r, r = rho_i + rho_j, and 2 sqrt(T) r <= eta T +
 * r^2 / eta with eta = 2^-12 follows |y_i - y_j|^2 <= T (1 + eta) + 2 (1 + 1/eta) (rho_i^2 + rho_j^2), whose last term is
 * below 2^-30 (|w_i|^2 + |w_j|^2). Hence half_i = (|y_i|^2 (1 - (K + 20) u) - 2^-30 |w_i|^2) / 2, and limits are raised by
 * 2^-11, which also covers the roundings of the comparison. Underflow of squares of numbers far below 1 is covered by
 * adding TINY to the limits; overflow makes infinities and NaNs, which the kernels let through. */
#include "knn/frame.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/order.h"

#define TINY 1e-30

enum {
    TYPICAL = 255,      /* rows whose median is the centre */
    SAMPLE = 2048,      /* rows that the basis is made from */
    MOST_DEPTH = 192,   /* coordinates of the largest projection that is considered */
    QUERIES = 64,       /* rows and targets that the choice of depth looks at */
    TARGETS = 16384,
    SMALL = 4096        /* below as many rows, or WIDE coordinates, no projection is worth its preparation */
};
enum { WIDE = 48 };

static bool angular(zsc_metric metric) { return metric == ZSC_COSINE || metric == ZSC_CORRELATION; }
static bool projectable(zsc_metric metric) { return metric == ZSC_EUCLIDEAN || angular(metric); }

/* --- Vectors */
static void vector_of(const zsc_frame *f, size_t i, float *out)
{
    const zsc_rows *rows = f->rows;
    bool unit = rows->inverse != NULL;
    double factor = unit ? rows->inverse[i] : f->scale;
    f->kernels->place(zsc_rows_at(rows, i), rows->d, factor, unit ? rows->mean[i] * factor : 0, f->centre, out);
    if (unit && f->width > rows->d) out[rows->d] = rows->inverse[i] == 0 ? 1 : 0;
}

static double squared_length(const float *v, size_t d)
{
    double sum = 0;
    for (size_t p = 0; p < d; p++) sum += (double)v[p] * (double)v[p];
    return sum;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static size_t sampled(size_t s, size_t sample, size_t n)
{
    if (n <= sample) return s;
    zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_SAMPLE, s);
    return (size_t)zsc_stream_below(&stream, n);
}

/* centre: the median of each coordinate over a sample, in the units of x or of unit vectors. */
static void find_centre(const zsc_rows *rows, size_t count, double *centre)
{
    double values[TYPICAL];
    for (size_t p = 0; p < rows->d; p++) {
        for (size_t s = 0; s < count; s++) {
            size_t i = sampled(s, TYPICAL, rows->count);
            double value = (double)zsc_rows_at(rows, i)[p];
            values[s] = rows->inverse ? (value - rows->mean[i]) * rows->inverse[i] : value;
        }
        centre[p] = median(values, count);
    }
}

/* A power of two that brings the largest difference from the centre, in a typical row, to between 1 and 2. */
static double find_scale(const zsc_rows *rows, size_t count, const double *centre)
{
    double spread[TYPICAL];
    for (size_t s = 0; s < count; s++) {
        const float *row = zsc_rows_at(rows, sampled(s, TYPICAL, rows->count));
        spread[s] = 0;
        for (size_t p = 0; p < rows->d; p++) spread[s] = fmax(spread[s], fabs((double)row[p] - centre[p]));
    }
    double typical = median(spread, count);
    if (typical == 0) typical = spread[count - 1];
    return typical > 0 ? ldexp(1, -ilogb(typical)) : 1;
}

static zsc_status make_vectors(zsc_frame *f)
{
    zsc_status status = ZSC_OK;
    const zsc_rows *rows = f->rows;
    size_t count = rows->count < TYPICAL ? rows->count : TYPICAL;
    f->width = rows->d;
    for (size_t i = 0; rows->inverse && i < rows->count; i++)
        if (rows->inverse[i] == 0) f->width = rows->d + 1;
    ZSC_NEW(f->centre, f->width);
    f->scale = 1;
    find_centre(rows, count, f->centre);
    if (!rows->inverse) f->scale = find_scale(rows, count, f->centre);
    for (size_t p = 0; p < rows->d; p++)
        f->centre[p] = projectable(rows->metric) ? f->centre[p] * f->scale : 0;
done:
    return status;
}

/* --- Basis */
/* A sample of vectors, outliers shortened so that they do not take the basis for themselves. */
static void sample_vectors(const zsc_frame *f, size_t count, float *w, double *lengths, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t s = 0; s < count; s++) {
        vector_of(f, sampled(s, SAMPLE, f->n), w + s * f->width);
        double length = sqrt(squared_length(w + s * f->width, f->width));
        lengths[s] = lengths[count + s] = isfinite(length) ? length : DBL_MAX;
    }
    double most = 8 * median(lengths + count, count);
    for (size_t s = 0; s < count; s++)
        for (size_t p = 0; lengths[s] > most && p < f->width; p++)
            w[s * f->width + p] = lengths[s] < DBL_MAX ? (float)((double)w[s * f->width + p] * most / lengths[s]) : 0;
}

/* Orthonormal rows (count x width) in place: QR of the transpose, in double. */
static zsc_status orthonormal(double *rows, size_t count, size_t width)
{
    zsc_status status = ZSC_OK;
    double *tau = NULL;
    ZSC_NEW(tau, count);
    lapack_int m = (lapack_int)width, n = (lapack_int)count;
    if (LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, rows, m, tau) != 0 || LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, rows, m, tau) != 0)
        status = zsc_fail(ZSC_EINTERNAL, "LAPACK could not make a basis of %zu x %zu", count, width);
done:
    free(tau);
    return status;
}

static void widen(const float *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = (double)from[i];
}

static void narrow(const double *from, float *to, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}

/* basis (depth x width, rows orthonormal): about the leading principal directions of w (count x width), in order. */
static zsc_status find_basis(const float *w, size_t count, size_t width, size_t depth, double *basis)
{
    enum { ROUNDS = 2 };
    zsc_status status = ZSC_OK;
    float *q = NULL, *z = NULL;
    double *gram = NULL, *values = NULL, *turned = NULL;
    int m = (int)depth, d = (int)width, s = (int)count;
    ZSC_NEW(q, depth * width);
    ZSC_NEW(z, count * depth);
    ZSC_NEW(gram, depth * depth);
    ZSC_NEW(values, depth);
    ZSC_NEW(turned, depth * width);
    for (size_t a = 0; a < depth; a++) {
        zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_PCA, a);
        for (size_t p = 0; p < width; p++) q[a * width + p] = (float)zsc_stream_normal(&stream);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, s, m, d, 1, w, d, q, d, 0, z, m);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, d, s, 1, z, m, w, d, 0, q, d);
        widen(q, basis, depth * width);
        ZSC_TRY(orthonormal(basis, depth, width));
        narrow(basis, q, depth * width);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, s, m, d, 1, w, d, q, d, 0, z, m);
    for (size_t i = 0; i < count; i++)
        for (size_t a = 0; a < depth; a++)
            for (size_t b = 0; b <= a; b++) gram[a * depth + b] += (double)z[i * depth + a] * (double)z[i * depth + b];
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', m, gram, m, values) != 0)
        ZSC_TRY(zsc_fail(ZSC_EINTERNAL, "LAPACK could not turn a basis of %zu directions", depth));
    for (size_t a = 0; a < depth; a++) /* eigenvalues grow with the column; the largest comes first here */
        cblas_dgemv(CblasRowMajor, CblasTrans, m, d, 1, basis, d, gram + (depth - 1 - a), m, 0, turned + a * width, 1);
    memcpy(basis, turned, depth * width * sizeof *basis);
done:
    free(q);
    free(z);
    free(gram);
    free(values);
    free(turned);
    return status;
}

/* y (count x depth): vectors `first` .. of the frame in the order `pick`, projected in double. Rows in parallel. */
static zsc_status project(const zsc_frame *f, const double *basis, size_t depth, const int32_t *pick, size_t count,
                          int threads, float *y)
{
    enum { STEP = 64 };
    zsc_status status = ZSC_OK;
    double *room = NULL;
    float *vectors = NULL;
    size_t each = STEP * (f->width + depth);
    ZSC_NEW_RAW(room, each * (size_t)threads);
    ZSC_NEW_RAW(vectors, f->width * (size_t)threads);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < count; from += STEP) {
        size_t rows = count - from < STEP ? count - from : STEP;
        double *w = room + each * (size_t)zsc_thread_number(), *out = w + STEP * f->width;
        float *vector = vectors + f->width * (size_t)zsc_thread_number();
        for (size_t r = 0; r < rows; r++) {
            vector_of(f, pick ? (size_t)pick[from + r] : from + r, vector);
            widen(vector, w + r * f->width, f->width);
        }
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)depth, (int)f->width, 1, w, (int)f->width,
                    basis, (int)f->width, 0, out, (int)depth);
        narrow(out, y + from * depth, rows * depth);
    }
done:
    free(room);
    free(vectors);
    return status;
}

/* --- How deep */
static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* near[l]: of all pairs of a query and a target, how many are within the query's k nearest by their first 16 (l + 1)
 * coordinates alone. */
static zsc_status count_near(const zsc_frame *f, const float *w, const double *basis, size_t depth, size_t nearest, int threads,
                             size_t *near, size_t *pairs)
{
    zsc_status status = ZSC_OK;
    size_t targets = f->n < TARGETS ? f->n : TARGETS, levels = depth / 16, width = f->width;
    size_t place = (nearest * targets + f->n - 1) / f->n;
    int32_t *pick = NULL;
    float *full = NULL, *sorted = NULL, *y = NULL, *query = NULL, *vectors = NULL;
    ZSC_NEW(pick, targets);
    ZSC_NEW(full, QUERIES * targets);
    ZSC_NEW(sorted, targets);
    ZSC_NEW(y, targets * depth);
    ZSC_NEW(query, QUERIES * depth);
    ZSC_NEW(vectors, width * (size_t)threads);
    for (size_t t = 0; t < targets; t++) pick[t] = (int32_t)(t * f->n / targets);
    ZSC_TRY(project(f, basis, depth, pick, targets, threads, y));
    for (size_t q = 0; q < QUERIES; q++)
        for (size_t a = 0; a < depth; a++) {
            double sum = 0;
            for (size_t p = 0; p < width; p++) sum += basis[a * width + p] * (double)w[q * width + p];
            query[q * depth + a] = (float)sum;
        }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t t = 0; t < targets; t++) {
        float *vector = vectors + width * (size_t)zsc_thread_number();
        vector_of(f, (size_t)pick[t], vector);
        for (size_t q = 0; q < QUERIES; q++) full[q * targets + t] = f->kernels->quick(vector, w + q * width, width, 1);
    }
    memset(near, 0, levels * sizeof *near);
    for (size_t q = 0; q < QUERIES; q++) {
        memcpy(sorted, full + q * targets, targets * sizeof *sorted);
        qsort(sorted, targets, sizeof *sorted, by_size);
        float limit = sorted[place < targets ? place : targets - 1];
        for (size_t t = 0; t < targets; t++) {
            float sum = 0;
            for (size_t l = 0; l < levels; l++) {
                sum += f->kernels->quick(y + t * depth + 16 * l, query + q * depth + 16 * l, 16, 1);
                if (sum > limit) break;
                near[l]++;
            }
        }
    }
    *pairs = QUERIES * targets;
done:
    free(pick);
    free(full);
    free(sorted);
    free(y);
    free(query);
    free(vectors);
    return status;
}

/* Cycles a pair. A product takes 1 / (2 lanes) a coordinate, the comparison as much as 10 coordinates; tiles of projections
 * are made 1.3 times (knn/exact.c). A pair that comes through takes about 100 and 0.1 a coordinate for its coarse vectors,
 * and while limits are still wide a third more come through than in the end. (Measured; only speed depends on it.) */
static size_t choose_depth(const zsc_frame *f, const size_t *near, size_t levels, size_t pairs)
{
    double product = 0.5 / (double)f->kernels->lanes, best = 0.8 * (double)(f->width + 10) * product;
    size_t depth = f->width;
    for (size_t l = 0; l < levels; l++) {
        double share = 1.3 * (double)near[l] / (double)pairs;
        double cost = 1.3 * (double)(16 * (l + 1) + 10) * product + share * (100 + 0.1 * (double)f->width);
        if (cost < best) {
            best = cost;
            depth = 16 * (l + 1);
        }
    }
    return depth;
}

/* --- Order, halves, panels */
static size_t coordinates_for_order(size_t depth) { return depth < 32 ? depth : 32; }

/* The order, from the leading coordinates y (n x depth, by row). */
static zsc_status put_in_order(zsc_frame *f, const float *y, size_t depth, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t q = coordinates_for_order(depth);
    float *z = NULL;
    ZSC_NEW_RAW(z, f->n * q);
    for (size_t i = 0; i < f->n; i++) memcpy(z + i * q, y + i * depth, q * sizeof *z);
    ZSC_TRY(zsc_order_near(z, f->n, q, ZSC_TILE, exec, f->order));
    size_t m = q < ZSC_FRAME_MIDDLE ? q : ZSC_FRAME_MIDDLE;
    for (size_t b = 0; b < f->blocks; b++) {
        size_t rows = zsc_frame_block_rows(f, b);
        for (size_t a = 0; a < m; a++) {
            double sum = 0;
            for (size_t r = 0; r < rows; r++) sum += (double)z[(size_t)f->order[b * ZSC_TILE + r] * q + a];
            f->middle[b * ZSC_FRAME_MIDDLE + a] = isfinite(sum) ? (float)(sum / (double)rows) : 0;
        }
    }
done:
    free(z);
    return status;
}

static float half_of(const zsc_frame *f, double squares, double full_squares)
{
    if (f->kernel != ZSC_TILE_PRODUCTS) return 0;
    double unit = 0x1p-24, half = (squares * (1 - (double)(f->depth + 20) * unit) - 0x1p-30 * full_squares) / 2;
    return isnan(half) ? INFINITY : nextafterf((float)half, -INFINITY);
}

static zsc_status find_halves(zsc_frame *f, const float *y, int threads)
{
    zsc_status status = ZSC_OK;
    float *vectors = NULL;
    ZSC_NEW(vectors, f->width * (size_t)threads);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t at = 0; at < f->blocks * ZSC_TILE; at++) {
        if (at >= f->n) {
            f->half[at] = f->kernel == ZSC_TILE_PRODUCTS ? INFINITY : 0;
            continue;
        }
        float *vector = vectors + f->width * (size_t)zsc_thread_number();
        vector_of(f, (size_t)f->order[at], vector);
        double whole = squared_length(vector, f->width);
        f->half[at] = half_of(f, y ? squared_length(y + (size_t)f->order[at] * f->depth, f->depth) : whole, whole);
    }
done:
    free(vectors);
    return status;
}

static void fill_panels(zsc_frame *f, const float *y, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t b = 0; b < f->blocks; b++) {
        float *panels = f->panels + b * ZSC_TILE * f->depth;
        size_t rows = zsc_frame_block_rows(f, b);
        if (rows < ZSC_TILE) memset(panels, 0, ZSC_TILE * f->depth * sizeof *panels);
        for (size_t r = 0; r < rows; r++)
            f->kernels->put(y + (size_t)f->order[b * ZSC_TILE + r] * f->depth, f->depth, r, panels);
    }
}

void zsc_frame_fill(const zsc_frame *f, size_t b, float *room, float *panels)
{
    size_t rows = zsc_frame_block_rows(f, b);
    if (rows < ZSC_TILE) memset(panels, 0, ZSC_TILE * f->depth * sizeof *panels);
    for (size_t r = 0; r < rows; r++) {
        vector_of(f, (size_t)f->order[b * ZSC_TILE + r], room);
        f->kernels->put(room, f->depth, r, panels);
    }
}

float zsc_frame_limit(const zsc_frame *f, float distance)
{
    double d = (double)distance * (1 + 0x1p-22), limit;
    if (f->kernel != ZSC_TILE_PRODUCTS)
        limit = d * f->scale * (1 + (double)(f->depth + 32) * 0x1p-23) + TINY;
    else if (angular(f->rows->metric))
        limit = d * (1 + 0x1p-11) + TINY; /* half the square: the distance is half the squared difference */
    else
        limit = d * f->scale * (d * f->scale) * (1 + 0x1p-11) / 2 + TINY;
    return (float)(limit * (1 + 0x1p-22)); /* not below limit once rounded */
}

/* The other way round: T / 2 is at most v + 2 (K + 20) u (half_i + half_j), v being half_i + half_j - sum. */
void zsc_frame_bounds(const zsc_frame *f, size_t at, size_t other, float sum, double *low, double *high)
{
    *low = 0;
    *high = INFINITY;
    if (f->kernel != ZSC_TILE_PRODUCTS || f->depth < f->width) return;
    double halves = (double)f->half[at] + (double)f->half[other], v = halves - (double)sum;
    double unit = angular(f->rows->metric) ? 1 : 2 / (f->scale * f->scale);
    double above = (v + 2.5 * (double)(f->depth + 20) * 0x1p-24 * halves + TINY) * (1 + 0x1p-10) * unit;
    if (!(isfinite(above) && above >= 0)) return;
    *high = above;
    if (v > TINY) *low = (v - TINY) * (1 - 0x1p-10) * unit;
}

float zsc_frame_reach(const zsc_frame *f, float distance)
{
    double d = (double)distance, reach = angular(f->rows->metric) ? sqrt(2 * d) : d * f->scale;
    return (float)(reach * (1 + 0x1p-20));
}

float zsc_frame_distance(const zsc_frame *f, float reach)
{
    double r = (double)reach * (1 + 0x1p-20), distance = angular(f->rows->metric) ? r * r / 2 : r / f->scale;
    return (float)(distance * (1 + 0x1p-22)) + FLT_TRUE_MIN;
}

/* --- Coarse vectors: bytes in common steps. Numbers beyond +-127 steps are cut off; what that costs is in the error. */
static double coarse_row(const float *vector, size_t width, double step, int8_t *out)
{
    double error = 0;
    for (size_t p = 0; p < width; p++) {
        double q = nearbyint((double)vector[p] / step);
        q = q > 127 ? 127 : q >= -127 ? q : -127; /* a NaN becomes a number; its error stays NaN */
        if (out) out[p] = (int8_t)q;
        error += ((double)vector[p] - q * step) * ((double)vector[p] - q * step);
    }
    return error;
}

/* The step, of a few, with the least error over a sample (w: count x width): 127 steps for all numbers, or for most. */
static float choose_step(const float *w, size_t count, size_t width)
{
    enum { LOOKED_AT = 32 };
    static const double shares[] = {1, 0.999, 0.99, 0.97};
    size_t rows = count < LOOKED_AT ? count : LOOKED_AT, size = rows * width;
    float *sizes = zsc_malloc(size, sizeof *sizes, "a sample"), best = 0;
    double least = HUGE_VAL;
    if (!sizes) return 0;
    for (size_t i = 0; i < size; i++) sizes[i] = fabsf(w[i]);
    qsort(sizes, size, sizeof *sizes, by_size);
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        float step = sizes[(size_t)(shares[s] * (double)(size - 1))] / 127;
        double error = 0;
        for (size_t r = 0; r < rows && step > 0; r++) error += coarse_row(w + r * width, width, (double)step, NULL);
        if (step > 0 && error < least) {
            least = error;
            best = step;
        }
    }
    free(sizes);
    return best > 0 ? best : 1;
}

static zsc_status make_coarse(zsc_frame *f, const float *w, size_t count, int threads)
{
    zsc_status status = ZSC_OK;
    float *vectors = NULL;
    f->coarse_width = (f->width + 31) / 32 * 32;
    if ((f->step = choose_step(w, count, f->width)) == 0) return ZSC_EINTERNAL;
    ZSC_NEW_RAW(vectors, f->width * (size_t)threads);
    ZSC_NEW(f->coarse, f->n * f->coarse_width);
    ZSC_NEW(f->coarse_error, f->n);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t at = 0; at < f->n; at++) {
        float *vector = vectors + f->width * (size_t)zsc_thread_number();
        vector_of(f, (size_t)f->order[at], vector);
        double error = sqrt(coarse_row(vector, f->width, (double)f->step, f->coarse + at * f->coarse_width));
        error = error * (1 + 0x1p-20) + sqrt(squared_length(vector, f->width)) * 0x1p-23 + TINY; /* the vector's own rounding */
        f->coarse_error[at] = isfinite(error) ? (float)(error * (1 + 0x1p-22)) : INFINITY;
    }
done:
    free(vectors);
    return status;
}

float zsc_frame_coarse(const zsc_frame *f, size_t at, size_t other)
{
    int64_t squares = f->kernels->coarse(f->coarse + at * f->coarse_width, f->coarse + other * f->coarse_width, f->coarse_width);
    return f->step * sqrtf((float)squares);
}

/* --- The whole */
/* Depth, order and, when projected, panels. */
static zsc_status arrange(zsc_frame *f, size_t nearest, size_t least, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t count = f->n < SAMPLE ? f->n : SAMPLE, most = f->width / 2 / 16 * 16, near[MOST_DEPTH / 16], pairs = 0;
    float *w = NULL, *y = NULL;
    double *lengths = NULL, *basis = NULL;
    if (most > MOST_DEPTH) most = MOST_DEPTH;
    bool worth = projectable(f->rows->metric) && f->n >= SMALL && f->width >= WIDE;
    if (!worth) most = f->width < ZSC_FRAME_MIDDLE ? f->width : ZSC_FRAME_MIDDLE;
    if (f->blocks <= 4 || most == 0) {
        ZSC_TRY(find_halves(f, NULL, threads));
        goto done;
    }
    ZSC_NEW_RAW(w, count * f->width);
    ZSC_NEW_RAW(lengths, 2 * count);
    ZSC_NEW_RAW(basis, most * f->width);
    sample_vectors(f, count, w, lengths, threads);
    ZSC_TRY(find_basis(w, count, f->width, most, basis));
    if (worth) {
        ZSC_TRY(count_near(f, w, basis, most, nearest, threads, near, &pairs));
        f->depth = choose_depth(f, near, most / 16, pairs);
        if (f->depth < least) f->depth = least < most ? least : most;
    }
    size_t depth = f->depth < f->width ? f->depth : most < ZSC_FRAME_MIDDLE ? most : ZSC_FRAME_MIDDLE;
    ZSC_NEW_RAW(y, f->n * depth);
    ZSC_TRY(project(f, basis, depth, NULL, f->n, threads, y));
    ZSC_TRY(put_in_order(f, y, depth, exec));
    bool projected = f->depth < f->width;
    ZSC_TRY(find_halves(f, projected ? y : NULL, threads));
    if (projected) {
        ZSC_NEW_RAW(f->panels, f->blocks * ZSC_TILE * f->depth);
        fill_panels(f, y, threads);
        ZSC_TRY(make_coarse(f, w, count, threads));
    }
done:
    free(w);
    free(y);
    free(lengths);
    free(basis);
    return status;
}

zsc_status zsc_frame_make(const zsc_rows *rows, size_t nearest, size_t least, const zsc_exec *exec, zsc_frame *out)
{
    zsc_status status = ZSC_OK;
    zsc_frame f = {.rows = rows, .n = rows->count, .kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of)};
    f.blocks = (f.n + ZSC_TILE - 1) / ZSC_TILE;
    f.kernel = rows->metric == ZSC_MANHATTAN ? ZSC_TILE_ABSOLUTE : rows->metric == ZSC_CHEBYSHEV ? ZSC_TILE_LARGEST : ZSC_TILE_PRODUCTS;
    ZSC_NEW_RAW(f.order, f.n);
    for (size_t i = 0; i < f.n; i++) f.order[i] = (int32_t)i;
    ZSC_NEW(f.half, f.blocks * ZSC_TILE);
    ZSC_NEW(f.middle, f.blocks * ZSC_FRAME_MIDDLE);
    if (f.n > 0) {
        ZSC_TRY(make_vectors(&f));
        f.depth = f.width;
        ZSC_TRY(arrange(&f, nearest, least, exec));
    }
    *out = f;
    f = (zsc_frame){0};
done:
    zsc_frame_free(&f);
    return status;
}

zsc_status zsc_frame_plain(const zsc_rows *rows, double scale, const int32_t *order, const zsc_exec *exec, zsc_frame *out)
{
    zsc_status status = ZSC_OK;
    zsc_frame f = {.rows = rows, .n = rows->count, .kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of), .kernel = ZSC_TILE_PRODUCTS};
    f.blocks = (f.n + ZSC_TILE - 1) / ZSC_TILE;
    ZSC_NEW_RAW(f.order, f.n);
    for (size_t i = 0; i < f.n; i++) f.order[i] = order ? order[i] : (int32_t)i;
    ZSC_NEW(f.half, f.blocks * ZSC_TILE);
    ZSC_TRY(make_vectors(&f));
    for (size_t p = 0; scale > 0 && p < f.width; p++) f.centre[p] *= scale / f.scale;
    if (scale > 0) f.scale = scale;
    f.depth = f.width;
    ZSC_TRY(find_halves(&f, NULL, zsc_threads(exec)));
    *out = f;
    f = (zsc_frame){0};
done:
    zsc_frame_free(&f);
    return status;
}

void zsc_frame_free(zsc_frame *frame)
{
    free(frame->centre);
    free(frame->order);
    free(frame->half);
    free(frame->panels);
    free(frame->coarse);
    free(frame->coarse_error);
    free(frame->middle);
    *frame = (zsc_frame){0};
}

size_t zsc_frame_memory(size_t n, size_t d, int threads)
{
    size_t depth = d < MOST_DEPTH ? d : MOST_DEPTH, count = n < SAMPLE ? n : SAMPLE, targets = n < TARGETS ? n : TARGETS;
    size_t preparation = count * d * 4 + 5 * depth * d * 8 + targets * (QUERIES + depth + 2) * 4 +
                         (size_t)threads * (64 * (d + depth) * 8 + d * 8);
    return preparation + 2 * (n + ZSC_TILE) * depth * 4 + n * (d + 36) + n * 32 * 4 + zsc_order_memory(n) + n * 8;
}
