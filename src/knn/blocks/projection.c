/* An orthogonal projection P never makes distances larger: |P w_i - P w_j| <= |w_i - w_j|. Tiles of the m first
 * principal coordinates thus leave out only what is out anyway, at m / d of the cost, and embeddings, whose variance is
 * in few directions, leave few pairs to measure. The basis (randomised subspace iteration on a sample; Halko,
 * Martinsson and Tropp 2011) need not be accurate, only orthonormal, which Gram and Schmidt's method in double makes
 * it. m is the cheapest of a few by an estimate on a sample (choose_depth); data without structure keep all
 * coordinates. */
#include "knn/blocks/projection.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/blocks/sample.h"
#include "linalg/kernels.h"
#include "linalg/symmetric_eigen.h"

enum {
    SMALL = 4096, /* below as many rows, or WIDE coordinates, no projection is worth its preparation */
    WIDE = 48,
    SAMPLE = 2048, /* rows that the basis is made from */
    MANY = 1024,   /* queries: for fewer, the projection of all rows costs more than it saves */
    QUERIES = 64,  /* rows and targets that the choice of depth compares */
    TARGETS = 8192
};

static const double DEPENDENT = 1e-20; /* of a row's square: what is left is rounding */

/* --- Basis */
/* Vectors that a basis is made from: of queries, where there are any, then of the rows. */
typedef struct sample {
    const zsc_centred_rows *rows, *queries;
    size_t from_queries, count;
} sample;

static sample sample_of(const zsc_centred_rows *rows, const zsc_centred_rows *queries)
{
    sample s = {.rows = rows, .queries = queries};
    if (queries) s.from_queries = queries->n < SAMPLE / 2 ? queries->n : SAMPLE / 2;
    s.count = s.from_queries + (rows->n < SAMPLE - s.from_queries ? rows->n : SAMPLE - s.from_queries);
    return s;
}

/* The sample; outliers are shortened so that they do not take the basis for themselves. */
static void sample_vectors(const sample *from, float *w, double *lengths, int threads)
{
    const zsc_centred_rows *c = from->rows;
    size_t count = from->count, own = SAMPLE - from->from_queries;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t s = 0; s < count; s++) {
        if (s < from->from_queries)
            zsc_centred_rows_vector(from->queries, zsc_sample_row(s, SAMPLE / 2, from->queries->n), w + s * c->width);
        else
            zsc_centred_rows_vector(c, zsc_sample_row(s - from->from_queries, own, c->n), w + s * c->width);
        double length = sqrt(zsc_vector_squares(w + s * c->width, c->width));
        lengths[s] = lengths[count + s] = isfinite(length) ? length : DBL_MAX;
    }
    double most = 8 * zsc_sample_median(lengths + count, count);
    for (size_t s = 0; s < count; s++)
        for (size_t p = 0; lengths[s] > most && p < c->width; p++)
            w[s * c->width + p] = lengths[s] < DBL_MAX ? (float)((double)w[s * c->width + p] * most / lengths[s]) : 0;
}

static void remove_parts(double *row, const double *rows, size_t count, size_t width)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    for (size_t o = 0; o < count; o++)
        kernels->add_multiple(row, -kernels->dot(row, rows + o * width, width), rows + o * width, width);
}

/* Orthonormal rows (count x width) in place, by Gram and Schmidt, each row twice. A row that the ones before it make up
 * is drawn anew. */
static void orthonormal(double *rows, size_t count, size_t width)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    for (size_t r = 0; r < count; r++) {
        double *row = rows + r * width, before = kernels->dot(row, row, width), left = 0;
        zsc_stream stream = zsc_stream_open(1, ZSC_RANDOM_PCA, r);
        for (int pass = 0; pass < 2; pass++) {
            remove_parts(row, rows, r, width);
            left = kernels->dot(row, row, width);
            if (left > DEPENDENT * before && left < INFINITY) continue;
            for (size_t p = 0; p < width; p++) row[p] = zsc_stream_normal(&stream);
            before = (double)width;
            pass = -1;
        }
        for (size_t p = 0; p < width; p++) row[p] /= sqrt(left);
    }
}

/* to (columns x rows) = the transpose of from. */
static void turn(const double *from, double *to, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
}

static void turn_narrow(const double *from, float *to, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) to[c * rows + r] = (float)from[r * columns + c];
}

/* c = a b, rows of a shared among threads. */
static void multiply(const zsc_product *shape, const float *a, const float *b, float *c, int threads)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int t = 0; t < threads; t++) {
        size_t from = shape->rows * (size_t)t / (size_t)threads, to = shape->rows * (size_t)(t + 1) / (size_t)threads;
        zsc_product part = *shape;
        part.rows = to - from;
        if (part.rows) kernels->product(&part, a + from * shape->down, b, c + from * shape->c_stride);
    }
}

/* basis (depth x width, rows orthonormal): about the first principal directions of w (count x width), in order. */
static zsc_status find_basis(const float *w, size_t count, size_t width, size_t depth, double *basis, int threads)
{
    enum { ROUNDS = 2 };
    zsc_status status = ZSC_OK;
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    const zsc_product onto = {count, depth, width, width, 1, depth, depth, false}, /* z = w q */
        back = {width, depth, count, 1, width, depth, depth, false},               /* q = w' z */
        squares = {depth, depth, count, 1, depth, depth, depth, false},
                      turning = {depth, width, depth, depth, 1, width, width, false};
    float *q = NULL, *z = NULL; /* q: width x depth */
    double *wide = NULL, *gram = NULL, *values = NULL, *vectors = NULL, *turned = NULL;
    ZSC_NEW(q, depth * width);
    ZSC_NEW(z, count * depth);
    ZSC_NEW(wide, count * depth);
    ZSC_NEW(gram, depth * depth);
    ZSC_NEW(values, depth);
    ZSC_NEW(vectors, depth * depth);
    ZSC_NEW(turned, depth * width);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t a = 0; a < depth; a++) {
        zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_PCA, a);
        for (size_t p = 0; p < width; p++) q[p * depth + a] = (float)zsc_stream_normal(&stream);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        multiply(&onto, w, q, z, threads);
        multiply(&back, w, z, q, threads);
        zsc_vector_widen(q, turned, width * depth);
        turn(turned, basis, width, depth);
        orthonormal(basis, depth, width);
        turn_narrow(basis, q, depth, width);
    }
    multiply(&onto, w, q, z, threads);
    zsc_vector_widen(z, wide, count * depth);
    kernels->product_doubles(&squares, wide, wide, gram);
    ZSC_TRY(zsc_symmetric_eigen(gram, depth, 0, depth, threads, values, vectors));
    kernels->product_doubles(&turning, vectors, basis, turned);
    for (size_t a = 0; a < depth; a++) /* eigenvalues grow; the largest comes first here */
        memcpy(basis + a * width, turned + (depth - 1 - a) * width, width * sizeof *basis);
done:
    free(q);
    free(z);
    free(wide);
    free(gram);
    free(values);
    free(vectors);
    free(turned);
    return status;
}

zsc_status zsc_projection_apply(const zsc_centred_rows *c, zsc_projection *p, int threads) /* in double */
{
    enum { STEP = 64 };
    zsc_status status = ZSC_OK;
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t depth = p->coordinate_width, each = STEP * (c->width + depth);
    double *scratch = NULL, *turned = NULL; /* width x depth */
    float *vectors = NULL;
    ZSC_NEW_RAW(p->coordinates, c->n * depth);
    ZSC_NEW_RAW(turned, c->width * depth);
    ZSC_NEW_RAW(scratch, each * (size_t)threads);
    ZSC_NEW_RAW(vectors, c->width * (size_t)threads);
    turn(p->basis, turned, depth, c->width);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < c->n; from += STEP) {
        size_t rows = c->n - from < STEP ? c->n - from : STEP;
        double *w = scratch + each * (size_t)zsc_thread_number(), *out = w + STEP * c->width;
        float *vector = vectors + c->width * (size_t)zsc_thread_number();
        for (size_t r = 0; r < rows; r++) {
            zsc_centred_rows_vector(c, from + r, vector);
            zsc_vector_widen(vector, w + r * c->width, c->width);
        }
        const zsc_product shape = {rows, depth, c->width, c->width, 1, depth, depth, false};
        kernels->product_doubles(&shape, w, turned, out);
        for (size_t i = 0; i < rows * depth; i++) p->coordinates[from * depth + i] = (float)out[i];
    }
done:
    free(scratch);
    free(turned);
    free(vectors);
    return status;
}

/* --- How deep */
static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* full (QUERIES x targets): squared lengths between targets and queries; y (targets x depth): targets' projected
 * coordinates, by basis (width x depth). turned: the queries, width x QUERIES. In single precision: only speed depends
 * on it. */
static zsc_status compare_targets(const zsc_centred_rows *c, const float *w, const float *turned, const float *basis,
                                  size_t depth, size_t targets, int threads, float *full, float *y)
{
    enum { STEP = 64 };
    zsc_status status = ZSC_OK;
    size_t width = c->width, each = STEP * (width + QUERIES);
    float *scratch = NULL, length[QUERIES];
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    ZSC_NEW_RAW(scratch, each * (size_t)threads);
    for (size_t q = 0; q < QUERIES; q++) length[q] = (float)zsc_vector_squares(w + q * width, width);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < targets; from += STEP) {
        size_t rows = targets - from < STEP ? targets - from : STEP;
        float *v = scratch + each * (size_t)zsc_thread_number(), *product = v + STEP * width;
        for (size_t r = 0; r < rows; r++) zsc_centred_rows_vector(c, (from + r) * c->n / targets, v + r * width);
        const zsc_product projecting = {rows, depth, width, width, 1, depth, depth, false},
                          comparing = {rows, QUERIES, width, width, 1, QUERIES, QUERIES, false};
        kernels->product(&projecting, v, basis, y + from * depth);
        kernels->product(&comparing, v, turned, product);
        for (size_t r = 0; r < rows; r++) {
            float own = (float)zsc_vector_squares(v + r * width, width);
            for (size_t q = 0; q < QUERIES; q++)
                full[q * targets + from + r] = own + length[q] - 2 * product[r * QUERIES + q];
        }
    }
done:
    free(scratch);
    return status;
}

/* near[l]: of all pairs of a query and a target, how many are within the query's k nearest by their first 16 (l + 1)
 * coordinates alone. */
static zsc_status count_near(const zsc_centred_rows *c, const double *rows, const float *w, size_t depth,
                             size_t nearest, const zsc_exec *exec, size_t *near, size_t *pairs)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    zsc_polls polls = {.exec = exec, .stage = "knn"};
    size_t targets = c->n < TARGETS ? c->n : TARGETS, levels = depth / 16, width = c->width;
    size_t place = (nearest * targets + c->n - 1) / c->n;
    float *full = NULL, *y = NULL, *query = NULL, *basis = NULL, *turned = NULL;
    ZSC_NEW_RAW(full, QUERIES * targets);
    ZSC_NEW_RAW(y, targets * depth);
    ZSC_NEW_RAW(query, QUERIES * depth);
    ZSC_NEW_RAW(basis, depth * width);
    ZSC_NEW_RAW(turned, QUERIES * width);
    turn_narrow(rows, basis, depth, width);
    for (size_t q = 0; q < QUERIES; q++)
        for (size_t p = 0; p < width; p++) turned[p * QUERIES + q] = w[q * width + p];
    ZSC_TRY(compare_targets(c, w, turned, basis, depth, targets, threads, full, y));
    const zsc_product projecting = {QUERIES, depth, width, width, 1, depth, depth, false};
    multiply(&projecting, w, basis, query, threads);
    memset(near, 0, levels * sizeof *near);
    ZSC_TRY(zsc_ask(exec, "knn"));
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t q = 0; q < QUERIES; q++) {
        if (!zsc_poll(&polls, 0)) continue;
        size_t mine[ZSC_PROJECTION_MOST / 16] = {0};
        float *row = full + q * targets;
        qsort(row, targets, sizeof *row, by_size);
        float limit = row[place < targets ? place : targets - 1];
        for (size_t t = 0; t < targets; t++) {
            float sum = 0;
            for (size_t l = 0; l < levels; l++) {
                sum += c->kernels->quick(y + t * depth + 16 * l, query + q * depth + 16 * l, 16);
                if (sum > limit) break;
                mine[l]++;
            }
        }
#pragma omp critical
        for (size_t l = 0; l < levels; l++) near[l] += mine[l];
    }
    *pairs = QUERIES * targets;
    status = zsc_polled(&polls);
done:
    free(full);
    free(y);
    free(query);
    free(basis);
    free(turned);
    return status;
}

/* Cycles per pair with AVX-512, whatever the processor has: the depth decides which pairs an approximate search looks
 * at. A product takes 1 / (2 lanes) per coordinate, the comparison as much as 10 coordinates; tiles of
 * projections are made 1.3 times (knn/exact/exact.c). A pair that comes through takes about 100 and 0.1 per coordinate
 * for its quantised vectors, and while limits are still wide a third more come through than in the end. (Measured; only
 * speed depends on it.) */
static size_t choose_depth(const zsc_centred_rows *c, const size_t *near, size_t levels, size_t pairs)
{
    double product = 0.5 / 16;
    double best = 0.8 * (double)(c->width + 10) * product;
    size_t depth = c->width;
    for (size_t l = 0; l < levels; l++) {
        double share = 1.3 * (double)near[l] / (double)pairs;
        double cost = 1.3 * (double)(16 * (l + 1) + 10) * product + share * (100 + 0.1 * (double)c->width);
        if (cost < best) {
            best = cost;
            depth = 16 * (l + 1);
        }
    }
    return depth;
}

/* The largest basis that is considered; *worth: whether tiles may be projected onto a part of it. */
static size_t largest_basis(const zsc_centred_rows *c, const zsc_centred_rows *queries, bool *worth)
{
    bool products = zsc_knn_rows_products(c->rows) && (!queries || queries->n >= MANY);
    return zsc_projection_most(products ? c->n : 0, c->width, worth);
}

zsc_status zsc_projection_find(const zsc_centred_rows *c, const zsc_centred_rows *queries, size_t nearest, size_t least,
                               const zsc_exec *exec, zsc_projection *out)
{
    zsc_status status = ZSC_OK;
    zsc_projection p = {.depth = c->width};
    int threads = zsc_threads(exec);
    bool worth;
    const sample from = sample_of(c, queries);
    size_t count = from.count, near[ZSC_PROJECTION_MOST / 16], pairs = 0;
    size_t most = largest_basis(c, queries, &worth);
    float *w = NULL;
    double *lengths = NULL;
    ZSC_NEW_RAW(w, count * c->width);
    ZSC_NEW_RAW(lengths, 2 * count);
    p.basis_rows = most;
    ZSC_NEW_RAW(p.basis, most * c->width);
    sample_vectors(&from, w, lengths, threads);
    ZSC_TRY(zsc_ask(exec, "knn"));
    ZSC_TRY(find_basis(w, count, c->width, most, p.basis, threads));
    if (worth) {
        ZSC_TRY(zsc_ask(exec, "knn"));
        ZSC_TRY(count_near(c, p.basis, w, most, nearest, exec, near, &pairs));
        p.depth = choose_depth(c, near, most / 16, pairs);
        if (p.depth < least) p.depth = least < most ? least : most;
    }
    p.coordinate_width = p.depth < c->width ? p.depth : most < ZSC_PROJECTION_FEW ? most : ZSC_PROJECTION_FEW;
    *out = p;
    p = (zsc_projection){0};
done:
    zsc_projection_free(&p);
    free(w);
    free(lengths);
    return status;
}

zsc_status zsc_projection_make(const zsc_centred_rows *c, size_t nearest, size_t least, const zsc_exec *exec,
                               zsc_projection *out)
{
    zsc_status status = zsc_projection_find(c, NULL, nearest, least, exec, out);
    if (status == ZSC_OK) status = zsc_projection_apply(c, out, zsc_threads(exec));
    if (status != ZSC_OK) zsc_projection_free(out);
    return status;
}

void zsc_projection_free(zsc_projection *projection)
{
    free(projection->basis);
    free(projection->coordinates);
    *projection = (zsc_projection){0};
}

size_t zsc_projection_most(size_t n, size_t d, bool *projected)
{
    size_t most = d / 2 / 16 * 16, few = d < ZSC_PROJECTION_FEW ? d : ZSC_PROJECTION_FEW;
    *projected = n >= SMALL && d >= WIDE;
    if (!*projected) return few;
    return most < ZSC_PROJECTION_MOST ? most : ZSC_PROJECTION_MOST;
}

/* The sample and the basis, with what finds it or what compares depths. */
size_t zsc_projection_find_memory(size_t n, size_t queries, size_t d, int threads)
{
    bool projected;
    size_t most = zsc_projection_most(n, d, &projected), count = n + queries < SAMPLE ? n + queries : SAMPLE;
    size_t targets = n < TARGETS ? n : TARGETS, both = count * (d * 4 + 16) + most * d * 8;
    size_t finding = most * d * 12 + count * most * 12 + 2 * most * most * 8 + zsc_symmetric_eigen_memory(most, most);
    size_t comparing = targets * (QUERIES + most) * 4 + (most + QUERIES) * d * 4 + most * QUERIES * 4 +
                       (size_t)threads * 64 * (d + QUERIES) * 4;
    return both + (projected && comparing > finding ? comparing : finding);
}

size_t zsc_projection_apply_memory(size_t d, size_t depth, int threads)
{
    return d * depth * 8 + (size_t)threads * (64 * (d + depth) * 8 + d * 4);
}
