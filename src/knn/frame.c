/* Frames: the vectors that tiles are made of, and why no near pair is lost.
 *
 * Vectors. Row i becomes w_i = x_i f_i - s_i - c in double, rounded to float: for the Euclidean metric f is a power of
 * two that makes numbers of about 1 (so that 1e30 and 1e-30 are no different from 1) and s = 0; for cosine and
 * correlation f_i = 1 / |x_i|, s_i = mean_i f_i. c is a typical row (the median of a sample, coordinate by coordinate),
 * since the rounding errors of dot products grow with the vectors' lengths. Rows without direction get a coordinate of
 * their own, which puts them at squared distance 2, cosine distance 1, from all others. Manhattan and Chebyshev: f
 * alone, exact.
 *
 * Projection. An orthogonal projection P never makes distances larger: |P w_i - P w_j| <= |w_i - w_j|. Tiles of the m
 * leading principal coordinates thus leave out only what is out anyway, at m / d of the cost, and embeddings, whose
 * variance sits in few directions, leave few pairs to measure. The basis (randomised subspace iteration on a sample;
 * Halko, Martinsson and Tropp 2011) need not be accurate, only orthonormal, which a QR decomposition in double makes
 * it. m is the cheapest of a few by an estimate on a sample (choose_depth); data without structure keep all
 * coordinates.
 *
 * Rounding. With u = 2^-24, K = depth: the kernel's dot product, in any order, is off by at most K u / (1 - K u) |y_i|
 * |y_j|
 * <= K u (|y_i|^2 + |y_j|^2) / 2 (Higham, Accuracy and Stability, 2nd ed., section 3.1). y_i itself is off by rho_i <=
 * 2 u |w_i| (two roundings to float); from |y_i - y_j| <= sqrt(T) + r, r = rho_i + rho_j, and 2 sqrt(T) r <= eta T +
 * r^2 / eta with eta = 2^-12 follows |y_i - y_j|^2 <= T (1 + eta) + 2 (1 + 1/eta) (rho_i^2 + rho_j^2), whose last term
 * is below 2^-30 (|w_i|^2 + |w_j|^2). Hence half_i = (|y_i|^2 (1 - (K + 20) u) - 2^-30 |w_i|^2) / 2, and limits are
 * raised by 2^-11, which also covers the roundings of the comparison. Underflow of squares of numbers far below 1 is
 * covered by adding ZSC_FRAME_TINY to the limits; overflow makes infinities and NaNs, which the kernels let through. */
#include "knn/frame.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/frame_parts.h"
#include "knn/order.h"

enum {
    TYPICAL = 255, /* rows whose median is the centre */
    FEW = 4,       /* blocks that need no order */
    SMALL = 4096,  /* below as many rows, or WIDE coordinates, no projection is worth its preparation */
    WIDE = 48
};

static bool angular(zsc_metric metric) { return metric == ZSC_COSINE || metric == ZSC_CORRELATION; }
static bool projectable(zsc_metric metric) { return metric == ZSC_EUCLIDEAN || angular(metric); }

/* --- Vectors */
void zsc_frame_vector(const zsc_frame *f, size_t i, float *out)
{
    const zsc_rows *rows = f->rows;
    bool unit = rows->inverse != NULL;
    double factor = unit ? rows->inverse[i] : f->scale;
    f->measure->place(zsc_rows_at(rows, i), rows->d, factor, unit ? rows->mean[i] * factor : 0, f->centre, out);
    if (unit && f->width > rows->d) out[rows->d] = rows->inverse[i] == 0 ? 1 : 0;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void zsc_frame_sort(double *values, size_t count) { qsort(values, count, sizeof *values, by_value); }

double zsc_frame_median(double *values, size_t count)
{
    zsc_frame_sort(values, count);
    return values[count / 2];
}

size_t zsc_frame_sampled(size_t s, size_t sample, size_t n)
{
    if (n <= sample) return s;
    zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_SAMPLE, s);
    return (size_t)zsc_stream_below(&stream, n);
}

/* centre: the median of each coordinate over a sample, in the units of x or of unit vectors. */
static void find_centre(const zsc_rows *rows, size_t count, int threads, double *centre)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t p = 0; p < rows->d; p++) {
        double values[TYPICAL];
        for (size_t s = 0; s < count; s++) {
            size_t i = zsc_frame_sampled(s, TYPICAL, rows->count);
            double value = (double)zsc_rows_at(rows, i)[p];
            values[s] = rows->inverse ? (value - rows->mean[i]) * rows->inverse[i] : value;
        }
        centre[p] = zsc_frame_median(values, count);
    }
}

/* A power of two that brings the largest difference from the centre, in a typical row, to between 1 and 2. */
static double find_scale(const zsc_rows *rows, size_t count, const double *centre)
{
    double spread[TYPICAL];
    for (size_t s = 0; s < count; s++) {
        const float *row = zsc_rows_at(rows, zsc_frame_sampled(s, TYPICAL, rows->count));
        spread[s] = 0;
        for (size_t p = 0; p < rows->d; p++) spread[s] = fmax(spread[s], fabs((double)row[p] - centre[p]));
    }
    double typical = zsc_frame_median(spread, count);
    if (typical == 0) typical = spread[count - 1];
    return typical > 0 ? ldexp(1, -ilogb(typical)) : 1;
}

static zsc_status make_vectors(zsc_frame *f, double scale, int threads)
{
    zsc_status status = ZSC_OK;
    const zsc_rows *rows = f->rows;
    size_t count = rows->count < TYPICAL ? rows->count : TYPICAL;
    f->width = rows->d;
    for (size_t i = 0; rows->inverse && i < rows->count; i++)
        if (rows->inverse[i] == 0) f->width = rows->d + 1;
    ZSC_NEW(f->centre, f->width);
    f->scale = 1;
    find_centre(rows, count, threads, f->centre);
    if (!rows->inverse) f->scale = scale > 0 ? scale : find_scale(rows, count, f->centre);
    for (size_t p = 0; p < rows->d; p++) f->centre[p] = projectable(rows->metric) ? f->centre[p] * f->scale : 0;
done:
    return status;
}

/* --- Order, halves, panels */
zsc_status zsc_frame_arrange(zsc_frame *f, const float *z, size_t width, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t q = width < ZSC_ORDER_MOST ? width : ZSC_ORDER_MOST, m = q < ZSC_FRAME_MIDDLE ? q : ZSC_FRAME_MIDDLE;
    float *near = NULL;
    ZSC_NEW_RAW(near, f->n * q);
    for (size_t i = 0; i < f->n; i++) memcpy(near + i * q, z + i * width, q * sizeof *z);
    ZSC_TRY(zsc_order_near(near, f->n, q, ZSC_TILE, exec, f->order));
    for (size_t b = 0; b < f->blocks; b++) {
        size_t rows = zsc_frame_block_rows(f, b);
        for (size_t a = 0; a < m; a++) {
            double sum = 0;
            for (size_t r = 0; r < rows; r++) sum += (double)near[(size_t)f->order[b * ZSC_TILE + r] * q + a];
            f->middle[b * ZSC_FRAME_MIDDLE + a] = isfinite(sum) ? (float)(sum / (double)rows) : 0;
        }
    }
done:
    free(near);
    return status;
}

static float half_of(const zsc_frame *f, double squares, double full_squares)
{
    if (f->kernel != ZSC_TILE_PRODUCTS) return 0;
    double unit = 0x1p-24, half = (squares * (1 - (double)(f->depth + 20) * unit) - 0x1p-30 * full_squares) / 2;
    return isnan(half) ? INFINITY : nextafterf((float)half, -INFINITY);
}

/* The other way round: half the squared length of P (w_i - w_j) is at most (v + slop_i + slop_j) (1 + 2^-10), v being
 * half_i + half_j - sum. */
static float slop_of(const zsc_frame *f, double squares, double full_squares)
{
    double slop = (double)(f->depth + 20) * 0x1p-24 * squares + 0x1p-29 * full_squares + ZSC_FRAME_TINY;
    return isfinite(slop) ? (float)(slop * (1 + 0x1p-20)) : INFINITY;
}

static zsc_status find_halves(zsc_frame *f, const float *y, int threads)
{
    zsc_status status = ZSC_OK;
    float *vectors = NULL;
    ZSC_NEW(vectors, f->width * (size_t)threads);
    if (f->kernel == ZSC_TILE_PRODUCTS) ZSC_NEW(f->slop, f->n);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t at = 0; at < f->blocks * ZSC_TILE; at++) {
        if (at >= f->n) {
            f->half[at] = f->kernel == ZSC_TILE_PRODUCTS ? INFINITY : 0;
            continue;
        }
        float *vector = vectors + f->width * (size_t)zsc_thread_number();
        zsc_frame_vector(f, (size_t)f->order[at], vector);
        double whole = zsc_frame_squares(vector, f->width);
        double squares = y ? zsc_frame_squares(y + (size_t)f->order[at] * f->depth, f->depth) : whole;
        f->half[at] = half_of(f, squares, whole);
        if (f->slop) f->slop[at] = slop_of(f, squares, whole);
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
        zsc_frame_vector(f, (size_t)f->order[b * ZSC_TILE + r], room);
        f->kernels->put(room, f->depth, r, panels);
    }
}

float zsc_frame_limit(const zsc_frame *f, float distance)
{
    double d = (double)distance * (1 + 0x1p-22), limit;
    if (f->kernel != ZSC_TILE_PRODUCTS)
        limit = d * f->scale * (1 + (double)(f->depth + 32) * 0x1p-23) + ZSC_FRAME_TINY;
    else if (angular(f->rows->metric))
        limit = d * (1 + 0x1p-11) + ZSC_FRAME_TINY; /* half the square: the distance is half the squared difference */
    else
        limit = d * f->scale * (d * f->scale) * (1 + 0x1p-11) / 2 + ZSC_FRAME_TINY;
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
    double above = (v + 2.5 * (double)(f->depth + 20) * 0x1p-24 * halves + ZSC_FRAME_TINY) * (1 + 0x1p-10) * unit;
    if (!(isfinite(above) && above >= 0)) return;
    *high = above;
    if (v > ZSC_FRAME_TINY) *low = (v - ZSC_FRAME_TINY) * (1 - 0x1p-10) * unit;
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

/* --- The whole */
zsc_status zsc_frame_begin(const zsc_rows *rows, const zsc_frame_plan *plan, const zsc_exec *exec, zsc_frame *out)
{
    zsc_status status = ZSC_OK;
    zsc_frame f = {.rows = rows,
                   .n = rows->count,
                   .kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of),
                   .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of)};
    f.blocks = (f.n + ZSC_TILE - 1) / ZSC_TILE;
    f.kernel = rows->metric == ZSC_MANHATTAN   ? ZSC_TILE_ABSOLUTE
               : rows->metric == ZSC_CHEBYSHEV ? ZSC_TILE_LARGEST
                                               : ZSC_TILE_PRODUCTS;
    ZSC_NEW_RAW(f.order, f.n);
    for (size_t i = 0; i < f.n; i++) f.order[i] = (int32_t)i;
    ZSC_NEW(f.half, f.blocks * ZSC_TILE);
    ZSC_NEW(f.middle, f.blocks * ZSC_FRAME_MIDDLE);
    if (f.n > 0) {
        ZSC_TRY(make_vectors(&f, plan->scale, zsc_threads(exec)));
        f.depth = f.width;
        bool worth = projectable(rows->metric) && f.n >= SMALL && f.width >= WIDE;
        size_t most = f.width / 2 / 16 * 16, few = f.width < ZSC_FRAME_MIDDLE ? f.width : ZSC_FRAME_MIDDLE;
        if (most > ZSC_BASIS_MOST) most = ZSC_BASIS_MOST;
        if (f.blocks > FEW && f.width > 0) ZSC_TRY(zsc_frame_project(&f, worth ? most : few, worth, plan, exec));
    }
    *out = f;
    f = (zsc_frame){0};
done:
    zsc_frame_free(&f);
    return status;
}

zsc_status zsc_frame_finish(zsc_frame *f, bool whole, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    bool projected = f->depth < f->width;
    ZSC_TRY(find_halves(f, projected ? f->leading : NULL, threads));
    if (projected) {
        ZSC_NEW_RAW(f->panels, f->blocks * ZSC_TILE * f->depth);
        fill_panels(f, f->leading, threads);
        ZSC_TRY(zsc_frame_make_coarse(f, whole, threads));
    }
    free(f->leading);
    free(f->basis);
    f->leading = NULL;
    f->basis = NULL;
done:
    return status;
}

zsc_status zsc_frame_make(const zsc_rows *rows, const zsc_frame_plan *plan, const zsc_exec *exec, zsc_frame *out)
{
    zsc_status status = ZSC_OK;
    zsc_frame f = {0};
    ZSC_TRY(zsc_frame_begin(rows, plan, exec, &f));
    if (f.leading) ZSC_TRY(zsc_frame_arrange(&f, f.leading, f.leading_width, exec));
    ZSC_TRY(zsc_frame_finish(&f, plan->whole, exec));
    *out = f;
    f = (zsc_frame){0};
done:
    zsc_frame_free(&f);
    return status;
}

zsc_status zsc_frame_scale(const zsc_rows *rows, double *scale)
{
    zsc_frame f = {.rows = rows, .n = rows->count};
    zsc_status status = make_vectors(&f, 0, 1);
    *scale = f.scale;
    zsc_frame_free(&f);
    return status;
}

void zsc_frame_free(zsc_frame *frame)
{
    free(frame->centre);
    free(frame->order);
    free(frame->half);
    free(frame->panels);
    free(frame->basis);
    free(frame->leading);
    free(frame->slop);
    free(frame->coarse);
    free(frame->coarse_error);
    free(frame->coarse_squares);
    free(frame->middle);
    *frame = (zsc_frame){0};
}

/* Panels, coarse vectors, numbers by row. */
size_t zsc_frame_kept_memory(size_t n, size_t d)
{
    size_t depth = d / 2 < ZSC_BASIS_MOST ? d / 2 : ZSC_BASIS_MOST;
    return (n + ZSC_TILE) * depth * 4 + n * (d + 32) + n * 32;
}

size_t zsc_frame_memory(size_t n, size_t d, int threads)
{
    size_t depth = d < ZSC_BASIS_MOST ? d : ZSC_BASIS_MOST;
    return zsc_frame_kept_memory(n, d) + zsc_frame_project_memory(n, d, threads) + (n + ZSC_TILE) * depth * 4 +
           n * 32 * 4 + zsc_order_memory(n);
}
