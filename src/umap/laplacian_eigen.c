/* Smallest eigenvectors of the symmetric normalised Laplacian L = I - D^(-1/2) W D^(-1/2) of a connected graph.
 *
 * With A = D^(-1/2) W D^(-1/2), whose eigenvalues 1 - lambda are in [-1, 1], the largest of A are wanted. The first, 1,
 * belongs to the constant eigenvector (constant for D^(-1) W; here it is sqrt(degree)), which is known and projected
 * out.
 *
 * A block of width m > want, random at first; then rounds of
 * 1. a filter: V <- T_k((A - e) / h) V, the Chebyshev polynomial of degree k over [e - h, e + h] = [-1, c]. It is at
 *    most 1 in size on the unwanted eigenvalues and grows like cosh above c, the smallest Ritz value of the block in
 * the previous round;
 * 2. Rayleigh-Ritz: G = V'V and H = V'AV, H C = G C diag(theta); V <- V C. Directions of G that rounding has made
 *    meaningless are replaced by random ones;
 * until the wanted residuals |A v - theta v| are below tolerance or the budget of matrix products (of A with the block)
 * is spent. (Zhou, Saad, Tiago, Chelikowsky, J. Comput. Phys. 219:172, 2006.) What the block holds when the budget ends
 * is used: by then it spans the smooth functions on the graph, and the initialisation of the layout needs no more.
 *
 * Where the graph is large, the first block is not random: the graph is coarsened (coarsen.c), to an eighth of its rows
 * at best, and the smaller graph is solved in the same way. Its block, each row with the values of its group, is a
 * first block that a few products make smooth. Global structure, which products with the whole graph find slowly, is
 * found where products are cheap.
 *
 * Sums over rows are computed in slices that depend on n alone, and added in order: the same bits at any number of
 * threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "linalg/kernels.h"
#include "linalg/symmetric_eigen.h"
#include "umap/coarsen.h"
#include "umap/graph.h"
#include "umap/kernels.h"
#include "umap/laplacian_eigen.h"

enum {
    DENSE = 256,       /* up to so many rows the whole matrix is solved */
    SLICE = 2048,      /* rows in a slice, at least */
    SLICES = 32,       /* slices at most */
    DEGREE_FIRST = 12, /* degree of the first filter, while little is known of the spectrum */
    DEGREE = 24,
    DEGREE_LEAST = 8,       /* of the last filter, which takes the rest of the budget */
    COARSENED_LEAST = 4096, /* graphs of more rows are coarsened */
    /* The budget in matrix products, at least: */
    PRODUCTS = 24,          /* of a graph that is not coarsened, */
    PRODUCTS_COARSENED = 6, /* of one that is, */
    PRODUCTS_SMALLER = 8,   /* of the coarsened graphs, */
    PRODUCTS_LEAST = 48,    /* and of the smallest of them */
    PRODUCTS_MOST = 4000,
    ROWS_PER_TASK = 256
};
/* Multiplications that any graph may take: half a second, and an eighth of a second where it is coarsened. */
static const double WORK = 2e9, WORK_COARSENED = 5e8;
/* How far a level is when its graph is coarsened, and when that is solved. Measured. */
static const double COARSENED = 0.25, SMALLER = 0.5;
static const double GROWTH = 1e3; /* of a filter at most: rounding mixes the fastest growing vector into every column */
static const double CUT_FIRST = 0.6; /* c of the first filter: most eigenvalues of neighbour graphs are below */
/* Eigenvalues of G below this fraction of the largest are rounding (G scaled to unit diagonal, single precision). */
static const double MEANINGLESS = 1e-5;

typedef struct solver {
    zsc_graph *graph;
    size_t n, want, m, slices;
    int threads;
    uint64_t seed;
    float *value;                                /* A in the graph's pattern, in place of the weights */
    float *constant;                             /* the constant eigenvector: sqrt(degree), of unit length */
    float *v, *w;                                /* n x m */
    double *partial;                             /* slices x m x m */
    double *g, *h, *theta, *scale, *temp, *axes; /* m x m, m x m, m, m, m x m, m x m */
    float *c;                                    /* m x m */
    size_t products, random_blocks;
    const zsc_exec *exec; /* asked after each product, of `budget` */
    size_t budget;
    bool stopped;
} solver;

static size_t slice_start(const solver *s, size_t k) { return s->n * k / s->slices; }

static void product(solver *s, float p, float q, float r, const float *x, const float *before, float *out)
{
    const zsc_umap_spmm_kernels *kernels = ZSC_SIMD_PICK(zsc_umap_spmm_kernels);
    zsc_umap_spmm job = {s->graph->offset, s->graph->column, s->value, s->m, p, q, r};
    size_t tasks = (s->n + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < tasks; k++) {
        size_t first = k * ROWS_PER_TASK, last = first + ROWS_PER_TASK < s->n ? first + ROWS_PER_TASK : s->n;
        kernels->spmm(&job, first, last, x, before, out);
    }
    s->products++;
    const size_t budget = s->budget > s->products ? s->budget : s->products;
    s->stopped = s->stopped || !zsc_progress(s->exec, ZSC_UMAP_INITIALISING, (double)s->products, (double)budget);
}

/* Adds the partial sums of all slices, in order. */
static void add_slices(const solver *s, size_t count, double *out)
{
    memset(out, 0, count * sizeof *out);
    for (size_t k = 0; k < s->slices; k++)
        for (size_t i = 0; i < count; i++) out[i] += s->partial[k * s->m * s->m + i];
}

/* out = x'y, m x m, row-major. The products of a slice are in single precision, their sum is in double. */
static void gram(solver *s, const float *x, const float *y, double *out)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t m = s->m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < s->slices; k++) {
        size_t first = slice_start(s, k), rows = slice_start(s, k + 1) - first;
        double *to = s->partial + k * m * m;
        float *single = (float *)to; /* widened in place, from the end */
        const zsc_product shape = {m, m, rows, 1, m, m, m, false};
        kernels->product(&shape, x + first * m, y + first * m, single);
        for (size_t i = m * m; i-- > 0;) {
            float part = single[i];
            to[i] = part;
        }
    }
    add_slices(s, m * m, out);
}

/* x <- x - u (u'x) for the constant eigenvector u. */
static void project_out_constant(solver *s, float *x)
{
    size_t m = s->m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < s->slices; k++) {
        double *sum = s->partial + k * m * m;
        memset(sum, 0, m * sizeof *sum);
        for (size_t i = slice_start(s, k); i < slice_start(s, k + 1); i++)
            for (size_t j = 0; j < m; j++) sum[j] += (double)s->constant[i] * x[i * m + j];
    }
    add_slices(s, m, s->temp);
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < m; j++) x[i * m + j] -= (float)(s->constant[i] * s->temp[j]);
}

/* Fills the columns from .. m - 1 with random numbers. */
static void randomise(solver *s, float *x, size_t from)
{
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->n; i++) {
        zsc_stream stream = zsc_stream_open(s->seed, ZSC_RANDOM_SPECTRAL, s->random_blocks * s->n + i);
        float scale = 1 / sqrtf((float)s->n);
        for (size_t j = from; j < s->m; j++) x[i * s->m + j] = scale * (float)(2 * zsc_stream_uniform(&stream) - 1);
    }
    s->random_blocks++;
}

/* V <- T_degree((A - e) / h) V over [-1, cut]; w is scratch. */
static void filter(solver *s, size_t degree, double cut)
{
    double h = (cut + 1) / 2, e = (cut - 1) / 2;
    product(s, (float)(1 / h), (float)(-e / h), 0, s->v, NULL, s->w);
    for (size_t k = 1; k < degree && !s->stopped; k++) {
        product(s, (float)(2 / h), (float)(-2 * e / h), -1, s->w, s->v, s->v);
        float *swap = s->v;
        s->v = s->w;
        s->w = swap;
    }
    float *swap = s->v; /* the newest is in w */
    s->v = s->w;
    s->w = swap;
}

/* The largest degree up to the given one for which the filter at eigenvalue 1, cosh(degree acosh((1 - e) / h)), is at
 * most GROWTH. */
static size_t bounded_degree(size_t degree, double cut)
{
    double h = (cut + 1) / 2, e = (cut - 1) / 2, most = acosh(GROWTH) / acosh((1 - e) / h);
    return most < (double)degree ? (most < 2 ? 2 : (size_t)most) : degree;
}

/* V <- V C and W <- W C, C being m x m with the unused columns zero. */
static void rotate(solver *s)
{
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t m = s->m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < 2 * s->slices; k++) {
        size_t slice = k / 2, first = slice_start(s, slice), rows = slice_start(s, slice + 1) - first;
        float *x = (k % 2 ? s->w : s->v) + first * m, *to = (float *)(s->partial + slice * m * m);
        to += (k % 2) * m * m; /* m rows at a time, so that the result can replace its source */
        for (size_t r = 0; r < rows; r += m) {
            size_t count = rows - r < m ? rows - r : m;
            const zsc_product shape = {count, m, m, m, 1, m, m, false};
            kernels->product(&shape, x + r * m, s->c, to);
            memcpy(x + r * m, to, count * m * sizeof *x);
        }
    }
}

/* Step 2. On return V and W = A V are rotated to Ritz vectors and theta descends; *kept columns are meaningful. */
static zsc_status rayleigh_ritz(solver *s, size_t *kept)
{
    zsc_status status = ZSC_OK;
    const zsc_linalg_kernels *kernels = ZSC_SIMD_PICK(zsc_linalg_kernels_of);
    size_t m = s->m, r = 0;
    double *lambda = s->theta, *axis = s->axes;
    gram(s, s->v, s->v, s->g);
    for (size_t j = 0; j < m; j++) s->scale[j] = s->g[j * m + j] > 0 ? 1 / sqrt(s->g[j * m + j]) : 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) s->g[i * m + j] *= s->scale[i] * s->scale[j];
    gram(s, s->v, s->w, s->h);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double both = 0.5 * (s->h[i * m + j] + s->h[j * m + i]) * s->scale[i] * s->scale[j];
            s->h[i * m + j] = s->h[j * m + i] = both;
        }
    ZSC_TRY(zsc_symmetric_eigen(s->g, m, 0, m, 1, lambda, axis));
    /* B: the axes, the largest first, divided by sqrt(lambda); r x m. */
    double *b = s->temp;
    for (size_t j = m; j-- > 0 && lambda[j] > MEANINGLESS * lambda[m - 1];) {
        double f = 1 / sqrt(lambda[j]);
        for (size_t i = 0; i < m; i++) b[r * m + i] = axis[j * m + i] * f;
        r++;
    }
    /* small = B H B', r x r */
    double *bh = s->g, *small = s->partial;
    const zsc_product by_h = {r, m, m, m, 1, m, m, false}, by_b = {r, m, r, r, 1, m, m, false};
    kernels->product_doubles(&by_h, b, s->h, bh);
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j <= i; j++) small[i * r + j] = small[j * r + i] = kernels->dot(bh + i * m, b + j * m, m);
    ZSC_TRY(zsc_symmetric_eigen(small, r, 0, r, 1, lambda, axis));
    /* C' = the axes times B, scaled: column k of C is the k-th largest. */
    double *ct = s->g;
    kernels->product_doubles(&by_b, axis, b, ct);
    memset(s->c, 0, m * m * sizeof *s->c);
    for (size_t k = 0; k < r; k++)
        for (size_t i = 0; i < m; i++) s->c[i * m + k] = (float)(ct[(r - 1 - k) * m + i] * s->scale[i]);
    for (size_t k = 0; k < r / 2; k++) {
        double swap = lambda[k];
        lambda[k] = lambda[r - 1 - k];
        lambda[r - 1 - k] = swap;
    }
    for (size_t k = r; k < m; k++) lambda[k] = lambda[r - 1];
    rotate(s);
    *kept = r;
done:
    return status;
}

/* Largest |A v - theta v| among the wanted vectors. */
static double residual(solver *s)
{
    size_t m = s->m;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < s->slices; k++) {
        double *sum = s->partial + k * m * m;
        memset(sum, 0, m * sizeof *sum);
        for (size_t i = slice_start(s, k); i < slice_start(s, k + 1); i++)
            for (size_t j = 0; j < s->want; j++) {
                double gap = s->w[i * m + j] - s->theta[j] * s->v[i * m + j];
                sum[j] += gap * gap;
            }
    }
    add_slices(s, m, s->temp);
    double most = 0;
    for (size_t j = 0; j < s->want; j++) most = fmax(most, s->temp[j]);
    return sqrt(most);
}

static double cut_of(const solver *s, size_t kept) { return fmin(fmax(s->theta[kept - 1], -0.5), 1 - 1e-6); }

/* CUT: c of the first filter. */
static zsc_status iterate(solver *s, double tolerance, size_t budget, double cut, const zsc_exec *exec,
                          zsc_umap_spectrum *info)
{
    zsc_status status = ZSC_OK;
    *info = (zsc_umap_spectrum){.residual = INFINITY};
    s->exec = exec;
    s->budget = budget + 1; /* a round may still be going on with the last of them */
    project_out_constant(s, s->v);
    for (size_t round = 0;; round++) {
        size_t degree = round == 0 ? DEGREE_FIRST : DEGREE, kept;
        if (s->products + DEGREE_LEAST < budget && s->products + degree >= budget) degree = budget - s->products - 1;
        if (budget <= DEGREE_LEAST) degree = budget - 1;
        filter(s, bounded_degree(degree, cut), cut);
        project_out_constant(s, s->v);
        product(s, 1, 0, 0, s->v, NULL, s->w);
        if (s->stopped) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        ZSC_TRY(rayleigh_ritz(s, &kept));
        if (kept >= s->want) {
            info->residual = residual(s);
            info->converged = info->residual <= tolerance;
            if (info->converged || s->products + DEGREE_LEAST + 1 > budget) break;
        } else if (s->products > 2 * budget) {
            break;
        }
        if (kept < s->m) {
            randomise(s, s->v, kept);
            project_out_constant(s, s->v);
        }
        cut = cut_of(s, kept);
    }
    info->products = s->products;
done:
    return status;
}

/* --- Setting up; small graphs */
/* In place of the weights. */
static void scale_matrix(solver *s)
{
    const zsc_graph *g = s->graph;
    double total = 0;
    s->value = g->weight;
    for (size_t i = 0; i < g->n; i++) {
        double degree = 0;
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) degree += g->weight[e];
        s->constant[i] = (float)sqrt(degree);
        total += degree;
    }
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < g->n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++)
            s->value[e] /= s->constant[i] * s->constant[g->column[e]];
    for (size_t i = 0; i < g->n; i++) s->constant[i] = (float)(s->constant[i] / sqrt(total));
}

static zsc_status dense(const zsc_graph *g, size_t want, const float *value, float *vectors, double *values)
{
    zsc_status status = ZSC_OK;
    size_t n = g->n;
    double *a = NULL, *lambda = NULL, *z = NULL;
    ZSC_NEW(a, n * n);
    ZSC_NEW(lambda, want + 1);
    ZSC_NEW(z, n * (want + 1));
    for (size_t i = 0; i < n; i++) {
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) a[i * n + (size_t)g->column[e]] = -value[e];
        a[i * n + i] += 1;
    }
    ZSC_TRY(zsc_symmetric_eigen(a, n, 0, want + 1, 1, lambda, z));
    for (size_t j = 0; j < want; j++) {
        if (values) values[j] = lambda[j + 1];
        for (size_t i = 0; i < n; i++) vectors[i * want + j] = (float)z[(j + 1) * n + i];
    }
done:
    free(a);
    free(lambda);
    free(z);
    return status;
}

/* Columns that never became meaningful (possible only where the budget ran out) are noise. */
static void copy_out(const solver *s, float *vectors, double *values)
{
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->n; i++) memcpy(vectors + i * s->want, s->v + i * s->m, s->want * sizeof *vectors);
    for (size_t j = 0; values && j < s->want; j++) values[j] = 1 - s->theta[j];
}

/* --- Levels */
static size_t slices_of(size_t n) { return n / SLICE < 1 ? 1 : n / SLICE > SLICES ? SLICES : n / SLICE; }

static size_t solver_memory(size_t n, size_t m)
{
    return n * (2 * m + 1) * 4 + (slices_of(n) + 4) * m * m * 8 + zsc_symmetric_eigen_memory(m, m);
}

static size_t width_of(size_t want)
{
    return (want + want / 4 + 8 + ZSC_UMAP_PADDING - 1) / ZSC_UMAP_PADDING * ZSC_UMAP_PADDING;
}

static bool is_dense(size_t n, size_t m) { return n <= DENSE || n <= 2 * m; }

static size_t dense_memory(size_t n, size_t want)
{
    return n * 4 + n * (n + want + 2) * 8 + zsc_symmetric_eigen_memory(n, want + 1);
}

/* What a solver has touched when it solves the coarsened graph. */
static size_t begun_memory(size_t n, size_t m) { return n * (m + 1) * 4 + (slices_of(n) + 4) * m * m * 8; }

/* The coarsened graph, which has at most half the rows, and its solver. */
static size_t coarsened_memory(size_t n, size_t edges, size_t m)
{
    return n * 4 + n / 2 * 8 + edges * 8 + solver_memory(n / 2, m);
}

size_t zsc_umap_laplacian_eigen_memory(size_t n, size_t edges, size_t want)
{
    size_t m = width_of(want), whole = DENSE > 2 * m ? DENSE : 2 * m; /* a component of so many rows is solved whole */
    size_t dense = dense_memory(n < whole ? n : whole, want);
    size_t most = solver_memory(n, m);
    if (n > COARSENED_LEAST && most < begun_memory(n, m) + coarsened_memory(n, edges, m))
        most = begun_memory(n, m) + coarsened_memory(n, edges, m);
    return is_dense(n, m) || dense > most ? dense : most;
}

/* *inner: EXEC, and what the solver holds while it solves the coarsened graph. */
static zsc_status open_solver(solver *s, const zsc_exec *exec, zsc_exec *inner)
{
    zsc_status status = ZSC_OK;
    size_t n = s->n, m = s->m;
    s->slices = slices_of(n);
    ZSC_TRY(zsc_memory_check(exec, solver_memory(n, m), "eigenvectors of the graph of neighbours"));
    *inner = zsc_memory_hold(exec, begun_memory(n, m));
    ZSC_NEW_RAW(s->constant, n);
    ZSC_NEW_RAW(s->v, n * m);
    ZSC_NEW_RAW(s->w, n * m);
    ZSC_NEW_RAW(s->partial, s->slices * m * m);
    ZSC_NEW_RAW(s->g, m * m);
    ZSC_NEW_RAW(s->h, m * m);
    ZSC_NEW_RAW(s->theta, m);
    ZSC_NEW_RAW(s->scale, m);
    ZSC_NEW_RAW(s->temp, m * m);
    ZSC_NEW_RAW(s->axes, m * m);
    ZSC_NEW_RAW(s->c, m * m);
done:
    return status;
}

static void close_solver(solver *s)
{
    free(s->constant);
    free(s->v);
    free(s->w);
    free(s->partial);
    free(s->g);
    free(s->h);
    free(s->theta);
    free(s->scale);
    free(s->temp);
    free(s->axes);
    free(s->c);
}

static zsc_status solve_coarsened(solver *s, zsc_graph *coarsened, const int32_t *group, size_t level, double tolerance,
                                  const zsc_exec *exec, double *cut);

static size_t affordable(const solver *s, double work, size_t least)
{
    double products = work / ((double)s->graph->offset[s->n] * (double)s->m);
    return products < (double)least ? least : products > PRODUCTS_MOST ? PRODUCTS_MOST : (size_t)products;
}

static zsc_status solve(solver *s, size_t level, double tolerance, const zsc_exec *exec, zsc_umap_spectrum *info)
{
    zsc_status status = ZSC_OK;
    double cut = 0;
    zsc_graph coarsened = {0};
    int32_t *group = NULL;
    zsc_progress_part coarsening = {exec, ZSC_UMAP_INITIALISING, 0, COARSENED},
                      smaller = {exec, ZSC_UMAP_INITIALISING, COARSENED, SMALLER},
                      whole = {exec, ZSC_UMAP_INITIALISING, SMALLER, 1};
    const zsc_exec for_coarsening = zsc_progress_within(&coarsening), for_smaller = zsc_progress_within(&smaller),
                   for_whole = zsc_progress_within(&whole);
    ZSC_TRY(zsc_ask(exec, ZSC_UMAP_INITIALISING));
    if (s->n > COARSENED_LEAST) {
        ZSC_NEW_RAW(group, s->n);
        ZSC_TRY(zsc_umap_graph_coarsen(s->graph, &for_coarsening, group, &coarsened));
    }
    ZSC_TRY(zsc_ask(&for_smaller, ZSC_UMAP_INITIALISING));
    scale_matrix(s); /* the weights are not wanted any more */
    if (group) ZSC_TRY(solve_coarsened(s, &coarsened, group, level, tolerance, &for_smaller, &cut));
    zsc_graph_free(&coarsened);
    ZSC_TRY(zsc_ask(&for_whole, ZSC_UMAP_INITIALISING));
    if (cut > 0) {
        ZSC_TRY(iterate(s, tolerance, level > 0 ? PRODUCTS_SMALLER : affordable(s, WORK_COARSENED, PRODUCTS_COARSENED),
                        cut, &for_whole, info));
    } else {
        randomise(s, s->v, 0);
        ZSC_TRY(iterate(s, tolerance, level > 0 ? PRODUCTS_LEAST : affordable(s, WORK, PRODUCTS), CUT_FIRST, &for_whole,
                        info));
    }
done:
    zsc_graph_free(&coarsened);
    free(group);
    return status;
}

/* The first block from the coarsened graph, and its smallest Ritz value; *cut stays 0 where coarsening leaves too few
 * rows, or too many. */
static zsc_status solve_coarsened(solver *s, zsc_graph *coarsened, const int32_t *group, size_t level, double tolerance,
                                  const zsc_exec *exec, double *cut)
{
    zsc_status status = ZSC_OK;
    solver c = {.want = s->want, .m = s->m, .threads = s->threads, .seed = s->seed};
    zsc_umap_spectrum info;
    zsc_exec inner;
    if (coarsened->n < 4 * s->m || coarsened->n > s->n / 2) goto done;
    c.graph = coarsened;
    c.n = coarsened->n;
    const zsc_exec held = zsc_memory_hold(exec, s->n * 4 + c.n * 8 + coarsened->offset[c.n] * 8);
    ZSC_TRY(open_solver(&c, &held, &inner));
    ZSC_TRY(solve(&c, level + 1, tolerance, &inner, &info));
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->n; i++) {
        size_t g = (size_t)group[i];
        float scale = s->constant[i] / c.constant[g];
        for (size_t j = 0; j < s->m; j++) s->v[i * s->m + j] = scale * c.v[g * s->m + j];
    }
    *cut = fmax(cut_of(&c, s->m), 1e-6);
done:
    close_solver(&c);
    return status;
}

zsc_status zsc_umap_laplacian_eigen_in_place(zsc_graph *graph, size_t want, double tolerance, uint64_t seed,
                                             const zsc_exec *exec, float *vectors, double *values,
                                             zsc_umap_spectrum *info)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n, m = width_of(want);
    solver s = {.graph = graph, .n = n, .want = want, .m = m, .threads = zsc_threads(exec), .seed = seed};
    zsc_exec inner;
    if (is_dense(n, m)) {
        ZSC_TRY(zsc_memory_check(exec, dense_memory(n, want), "eigenvectors of the graph of neighbours"));
        ZSC_NEW_RAW(s.constant, n);
        scale_matrix(&s);
        ZSC_TRY(dense(graph, want, s.value, vectors, values));
        *info = (zsc_umap_spectrum){.converged = true};
        goto done;
    }
    ZSC_TRY(open_solver(&s, exec, &inner));
    ZSC_TRY(solve(&s, 0, tolerance, &inner, info));
    free(s.w); /* before the vectors take memory */
    s.w = NULL;
    copy_out(&s, vectors, values);
done:
    close_solver(&s);
    return status;
}

zsc_status zsc_umap_laplacian_eigen(const zsc_graph *graph, size_t want, double tolerance, uint64_t seed,
                                    const zsc_exec *exec, float *vectors, double *values, zsc_umap_spectrum *info)
{
    zsc_status status = ZSC_OK;
    zsc_graph own = *graph;
    size_t edges = graph->offset[graph->n];
    own.weight = NULL;
    ZSC_NEW_RAW(own.weight, edges);
    if (edges) memcpy(own.weight, graph->weight, edges * sizeof *own.weight);
    status = zsc_umap_laplacian_eigen_in_place(&own, want, tolerance, seed, exec, vectors, values, info);
done:
    free(own.weight);
    return status;
}
