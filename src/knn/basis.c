/* The basis of a frame's projection, and how many of its coordinates tiles take. */
#include "knn/frame_parts.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

enum {
    SAMPLE = 2048, /* rows that the basis is made from */
    QUERIES = 64,  /* rows and targets that the choice of depth looks at */
    TARGETS = 8192
};

/* --- Basis */
/* A sample of vectors, outliers shortened so that they do not take the basis for themselves. */
static void sample_vectors(const zsc_frame *f, size_t count, float *w, double *lengths, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t s = 0; s < count; s++) {
        zsc_frame_vector(f, zsc_frame_sampled(s, SAMPLE, f->n), w + s * f->width);
        double length = sqrt(zsc_frame_squares(w + s * f->width, f->width));
        lengths[s] = lengths[count + s] = isfinite(length) ? length : DBL_MAX;
    }
    double most = 8 * zsc_frame_median(lengths + count, count);
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
    if (LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, rows, m, tau) != 0 ||
        LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, rows, m, tau) != 0)
        status = zsc_fail(ZSC_EINTERNAL, "LAPACK could not make a basis of %zu x %zu", count, width);
done:
    free(tau);
    return status;
}

static void narrow(const double *from, float *to, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}

/* Columns from .. to of q (m x d) = z^T w, or rows of z (s x m) = w q^T: slices for threads, as the library's own
 * threads are off. */
static void slice(size_t part, size_t parts, size_t all, size_t *from, int *many)
{
    *from = all * part / parts;
    *many = (int)(all * (part + 1) / parts - *from);
}

static void onto(const float *w, int s, int d, const float *q, int m, float *z, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) {
        size_t from;
        int many;
        slice((size_t)t, (size_t)threads, (size_t)s, &from, &many);
        if (many)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, many, m, d, 1, w + from * (size_t)d, d, q, d, 0,
                        z + from * (size_t)m, m);
    }
}

static void back(const float *w, int s, int d, const float *z, int m, float *q, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) {
        size_t from;
        int many;
        slice((size_t)t, (size_t)threads, (size_t)d, &from, &many);
        if (many)
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, many, s, 1, z, m, w + from, d, 0, q + from, d);
    }
}

/* basis (depth x width, rows orthonormal): about the leading principal directions of w (count x width), in order. */
static zsc_status find_basis(const float *w, size_t count, size_t width, size_t depth, double *basis, int threads)
{
    enum { ROUNDS = 2 };
    zsc_status status = ZSC_OK;
    float *q = NULL, *z = NULL;
    double *wide = NULL, *gram = NULL, *values = NULL, *turned = NULL;
    int m = (int)depth, d = (int)width, s = (int)count;
    ZSC_NEW(q, depth * width);
    ZSC_NEW(z, count * depth);
    ZSC_NEW(wide, count * depth);
    ZSC_NEW(gram, depth * depth);
    ZSC_NEW(values, depth);
    ZSC_NEW(turned, depth * width);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t a = 0; a < depth; a++) {
        zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_PCA, a);
        for (size_t p = 0; p < width; p++) q[a * width + p] = (float)zsc_stream_normal(&stream);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        onto(w, s, d, q, m, z, threads);
        back(w, s, d, z, m, q, threads);
        zsc_frame_widen(q, basis, depth * width);
        ZSC_TRY(orthonormal(basis, depth, width));
        narrow(basis, q, depth * width);
    }
    onto(w, s, d, q, m, z, threads);
    zsc_frame_widen(z, wide, count * depth);
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, m, s, 1, wide, m, 0, gram, m);
    if (LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'L', m, gram, m, values) != 0)
        ZSC_TRY(zsc_fail(ZSC_EINTERNAL, "LAPACK could not turn a basis of %zu directions", depth));
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, d, m, 1, gram, m, basis, d, 0, turned, d);
    for (size_t a = 0; a < depth; a++) /* eigenvalues grow with the column; the largest comes first here */
        memcpy(basis + a * width, turned + (depth - 1 - a) * width, width * sizeof *basis);
done:
    free(q);
    free(z);
    free(wide);
    free(gram);
    free(values);
    free(turned);
    return status;
}

/* f->leading: all vectors, by row, projected in double. */
static zsc_status project(zsc_frame *f, int threads)
{
    enum { STEP = 64 };
    zsc_status status = ZSC_OK;
    size_t depth = f->leading_width, each = STEP * (f->width + depth);
    double *room = NULL;
    float *vectors = NULL;
    ZSC_NEW_RAW(f->leading, f->n * depth);
    ZSC_NEW_RAW(room, each * (size_t)threads);
    ZSC_NEW_RAW(vectors, f->width * (size_t)threads);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < f->n; from += STEP) {
        size_t rows = f->n - from < STEP ? f->n - from : STEP;
        double *w = room + each * (size_t)zsc_thread_number(), *out = w + STEP * f->width;
        float *vector = vectors + f->width * (size_t)zsc_thread_number();
        for (size_t r = 0; r < rows; r++) {
            zsc_frame_vector(f, from + r, vector);
            zsc_frame_widen(vector, w + r * f->width, f->width);
        }
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)depth, (int)f->width, 1, w, (int)f->width,
                    f->basis, (int)f->width, 0, out, (int)depth);
        narrow(out, f->leading + from * depth, rows * depth);
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

/* full (QUERIES x targets): squared lengths between targets and queries; y (targets x depth): targets' leading
 * coordinates. In single precision: only speed depends on it. */
static zsc_status look_at_targets(const zsc_frame *f, const float *w, const float *basis, size_t depth, size_t targets,
                                  int threads, float *full, float *y)
{
    enum { STEP = 64 };
    zsc_status status = ZSC_OK;
    size_t width = f->width, each = STEP * (width + QUERIES);
    float *room = NULL, length[QUERIES];
    int m = (int)depth, d = (int)width;
    ZSC_NEW_RAW(room, each * (size_t)threads);
    for (size_t q = 0; q < QUERIES; q++) length[q] = (float)zsc_frame_squares(w + q * width, width);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < targets; from += STEP) {
        size_t rows = targets - from < STEP ? targets - from : STEP;
        float *v = room + each * (size_t)zsc_thread_number(), *product = v + STEP * width;
        for (size_t r = 0; r < rows; r++) zsc_frame_vector(f, (from + r) * f->n / targets, v + r * width);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, m, d, 1, v, d, basis, d, 0, y + from * depth,
                    m);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, QUERIES, d, -2, v, d, w, d, 0, product,
                    QUERIES);
        for (size_t r = 0; r < rows; r++) {
            float own = (float)zsc_frame_squares(v + r * width, width);
            for (size_t q = 0; q < QUERIES; q++)
                full[q * targets + from + r] = own + length[q] + product[r * QUERIES + q];
        }
    }
done:
    free(room);
    return status;
}

/* near[l]: of all pairs of a query and a target, how many are within the query's k nearest by their first 16 (l + 1)
 * coordinates alone. */
static zsc_status count_near(const zsc_frame *f, const float *w, size_t depth, size_t nearest, int threads,
                             size_t *near, size_t *pairs)
{
    zsc_status status = ZSC_OK;
    size_t targets = f->n < TARGETS ? f->n : TARGETS, levels = depth / 16, width = f->width;
    size_t place = (nearest * targets + f->n - 1) / f->n;
    float *full = NULL, *y = NULL, *query = NULL, *basis = NULL;
    ZSC_NEW_RAW(full, QUERIES * targets);
    ZSC_NEW_RAW(y, targets * depth);
    ZSC_NEW_RAW(query, QUERIES * depth);
    ZSC_NEW_RAW(basis, depth * width);
    narrow(f->basis, basis, depth * width);
    ZSC_TRY(look_at_targets(f, w, basis, depth, targets, threads, full, y));
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, QUERIES, (int)depth, (int)width, 1, w, (int)width, basis,
                (int)width, 0, query, (int)depth);
    memset(near, 0, levels * sizeof *near);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t q = 0; q < QUERIES; q++) {
        size_t mine[ZSC_BASIS_MOST / 16] = {0};
        float *row = full + q * targets;
        qsort(row, targets, sizeof *row, by_size);
        float limit = row[place < targets ? place : targets - 1];
        for (size_t t = 0; t < targets; t++) {
            float sum = 0;
            for (size_t l = 0; l < levels; l++) {
                sum += f->measure->quick(y + t * depth + 16 * l, query + q * depth + 16 * l, 16);
                if (sum > limit) break;
                mine[l]++;
            }
        }
#pragma omp critical
        for (size_t l = 0; l < levels; l++) near[l] += mine[l];
    }
    *pairs = QUERIES * targets;
done:
    free(full);
    free(y);
    free(query);
    free(basis);
    return status;
}

/* Cycles a pair. A product takes 1 / (2 lanes) a coordinate, the comparison as much as 10 coordinates; tiles of
 * projections are made 1.3 times (knn/exact.c). A pair that comes through takes about 100 and 0.1 a coordinate for its
 * coarse vectors, and while limits are still wide a third more come through than in the end. (Measured; only speed
 * depends on it.) */
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

zsc_status zsc_frame_project(zsc_frame *f, size_t most, bool project_it, const zsc_frame_plan *plan,
                             const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t count = f->n < SAMPLE ? f->n : SAMPLE, near[ZSC_BASIS_MOST / 16], pairs = 0;
    float *w = NULL;
    double *lengths = NULL;
    ZSC_NEW_RAW(w, count * f->width);
    ZSC_NEW_RAW(lengths, 2 * count);
    ZSC_NEW_RAW(f->basis, most * f->width);
    sample_vectors(f, count, w, lengths, threads);
    ZSC_TRY(find_basis(w, count, f->width, most, f->basis, threads));
    if (project_it) {
        ZSC_TRY(count_near(f, w, most, plan->nearest, threads, near, &pairs));
        f->depth = choose_depth(f, near, most / 16, pairs);
        if (f->depth < plan->least) f->depth = plan->least < most ? plan->least : most;
    }
    f->leading_width = f->depth < f->width ? f->depth : most < ZSC_FRAME_MIDDLE ? most : ZSC_FRAME_MIDDLE;
    ZSC_TRY(project(f, threads));
done:
    free(w);
    free(lengths);
    return status;
}

size_t zsc_frame_project_memory(size_t n, size_t d, int threads)
{
    size_t depth = d < ZSC_BASIS_MOST ? d : ZSC_BASIS_MOST, count = n < SAMPLE ? n : SAMPLE,
           targets = n < TARGETS ? n : TARGETS;
    return count * (d + 3 * depth) * 4 + 5 * depth * d * 8 + targets * (QUERIES + depth + 2) * 4 +
           (size_t)threads * (64 * (d + depth) * 8 + d * 8);
}
