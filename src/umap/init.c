/* The initialisation of the layout: spectral, PCA, random, or given.
 *
 * Spectral: eigenvectors 2 .. dim + 1 of the normalised Laplacian. With several connected components each gets its own
 * spectral layout around its location in a layout of the components, with a radius of half the distance to the nearest
 * other location: up to 2 dim components are on the positive and negative axes; more are located by the eigenvectors of
 * exp(-|centre_i - centre_j|^2). Components of fewer than 2 dim or dim + 2 rows are random around their location. All
 * this follows umap-learn (spectral.py).
 *
 * Spectral and PCA initialisations are scaled so that the largest entry is 10 and get Gaussian noise of 1e-4. A given
 * initialisation with repeated rows gets noise of 1e-3 of the mean distance between nearest rows. Finally every
 * initialisation is mapped onto [0, 10] in each coordinate. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/finite.h"
#include "base/kernels.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/random.h"
#include "base/threads.h"
#include "linalg/symmetric_eigen.h"
#include "umap/bfs_order.h"
#include "umap/graph.h"
#include "umap/init.h"
#include "umap/laplacian_eigen.h"
#include "umap/parameters.h"
#include "zsc/pca.h"

enum {
    DENSE_LOCATIONS =
        512,        /* up to so many components are located by a dense eigensolver, more by a graph of their centres */
    NEIGHBORS = 15, /* in that graph */
    SMALL = 4096    /* smaller components are embedded in parallel, one thread each; larger ones one after the other */
};
static const char REMEDY[] = "scale the matrix (--scale), or take another --init";
/* How far the spectral initialisation is when the components are there, and located; and how far any is before the
 * noise, and before its coordinates are scaled. Measured. */
static const double SEARCHED = 0.5; /* of many components' centres, when their neighbours are known */
static const double COMPONENTS = 0.1, LOCATED = 0.15, BEFORE_NOISE = 0.9, BEFORE_RANGE = 0.98;
static const double TOLERANCE = 1e-3, NOISE = 1e-4, SIZE = 10;

typedef struct job {
    const zsc_graph *graph;
    const float *x; /* n x d */
    size_t n, d, dim;
    zsc_metric metric;
    uint64_t seed;
    const zsc_exec *exec;
    int threads;
    zsc_umap_rows *rows; /* x, as far as it may be freed; NULL: it may not */
    zsc_exec *holder;    /* whose memory x is part of: exec */
} job;

/* x is not read from here on. */
static void leave_rows(const job *j)
{
    zsc_umap_rows *rows = j->rows;
    if (!rows || !rows->free || !rows->x) return;
    rows->free(rows->owner);
    rows->x = NULL;
    j->holder->memory_held -= j->n * j->d * sizeof *rows->x;
}

/* The rows of each component: rows[begin[c] .. begin[c + 1] - 1], ascending until they are reordered; position[row] is
 * a row's position within its component. */
typedef struct parts {
    size_t count;
    int32_t *component, *rows, *position;
    size_t *begin;
} parts;

static void parts_free(parts *p)
{
    free(p->component);
    free(p->rows);
    free(p->position);
    free(p->begin);
}

static zsc_status parts_make(const zsc_graph *graph, parts *p)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n;
    *p = (parts){0};
    ZSC_NEW_RAW(p->component, n);
    ZSC_NEW_RAW(p->rows, n);
    ZSC_NEW_RAW(p->position, n);
    ZSC_TRY(zsc_graph_find_components(graph, p->component, &p->count));
    ZSC_NEW(p->begin, p->count + 2);
    size_t *begin = p->begin + 1; /* one ahead while filling */
    for (size_t i = 0; i < n; i++) begin[p->component[i] + 1]++;
    for (size_t c = 0; c < p->count; c++) begin[c + 1] += begin[c];
    for (size_t i = 0; i < n; i++) {
        size_t at = begin[p->component[i]]++;
        p->rows[at] = (int32_t)i;
    }
    for (size_t c = 0; c < p->count; c++)
        for (size_t r = p->begin[c]; r < p->begin[c + 1]; r++) p->position[p->rows[r]] = (int32_t)(r - p->begin[c]);
done:
    return status;
}

/* --- The locations of components: location is count x dim. */
static void on_axes(size_t count, size_t dim, double *location)
{
    size_t half = (count + 1) / 2;
    memset(location, 0, count * dim * sizeof *location);
    for (size_t c = 0; c < count; c++) location[c * dim + (c < half ? c : c - half)] = c < half ? 1 : -1;
}

static void find_centres(const job *j, const parts *p, float *centre)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(j->threads)
    for (size_t c = 0; c < p->count; c++)
        for (size_t f = 0; f < j->d; f++) {
            double sum = 0;
            for (size_t r = p->begin[c]; r < p->begin[c + 1]; r++) sum += j->x[(size_t)p->rows[r] * j->d + f];
            centre[c * j->d + f] = (float)(sum / (double)(p->begin[c + 1] - p->begin[c]));
        }
}

/* Distances between all centres, count x count. */
static zsc_status centre_distances(const job *j, const float *centre, size_t count, double *distance)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_knn_options options = {.neighbors = count, .metric = j->metric, .method = ZSC_KNN_EXACT};
    ZSC_TRY(zsc_knn_search(centre, count, j->d, &options, j->exec, &knn));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            distance[i * count + (size_t)knn.index[i * count + k]] = knn.distance[i * count + k];
done:
    zsc_knn_free(&knn);
    return status;
}

/* The unit of distance in exp(-distance^2): 1, as in umap-learn, unless that makes all affinities alike or leaves some
 * component without any, so that they carry no information. */
static double affinity_unit(const double *distance, size_t count)
{
    double most = 0, isolated = 0;
    for (size_t i = 0; i < count; i++) {
        double nearest = INFINITY;
        for (size_t k = 0; k < count; k++) {
            if (k == i) continue;
            most = fmax(most, distance[i * count + k]);
            nearest = fmin(nearest, distance[i * count + k]);
        }
        isolated = fmax(isolated, nearest);
    }
    if (most < 1e-3) return most > 0 ? most : 1;
    return isolated > 4 ? isolated / 2 : 1;
}

/* Eigenvectors 2 .. dim + 1 of the normalised Laplacian of exp(-distance^2), divided by sqrt(degree), over their
 * maximum (scikit-learn's SpectralEmbedding). distance is overwritten. */
static zsc_status locate_dense(const job *j, size_t count, double *distance, double *location)
{
    zsc_status status = ZSC_OK;
    double *root = NULL, *lambda = NULL, *z = NULL, unit = affinity_unit(distance, count), most = 0;
    ZSC_NEW(root, count);
    ZSC_NEW(lambda, j->dim + 1);
    ZSC_NEW(z, count * (j->dim + 1));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            double q = distance[i * count + k] / unit;
            distance[i * count + k] = i == k ? 0 : zsc_exp(-q * q);
            root[i] += distance[i * count + k];
        }
    for (size_t i = 0; i < count; i++) root[i] = root[i] > 0 ? sqrt(root[i]) : 1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            distance[i * count + k] = (i == k) - distance[i * count + k] / (root[i] * root[k]);
    ZSC_TRY(zsc_symmetric_eigen(distance, count, 0, j->dim + 1, j->threads, lambda, z));
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < j->dim; f++) {
            location[i * j->dim + f] = z[(f + 1) * count + i] / root[i];
            most = fmax(most, fabs(location[i * j->dim + f]));
        }
    for (size_t i = 0; i < count * j->dim; i++) location[i] /= most;
done:
    free(root);
    free(lambda);
    free(z);
    return status;
}

static zsc_status spectral(const job *j, double *y, bool *converged);

/* Thousands of components: the spectral layout of the fuzzy graph of their centres. That graph has at most half as many
 * components, so that the recursion ends. */
static zsc_status locate_by_graph(const job *j, size_t count, const float *centre, double *location, bool *converged)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    zsc_knn_options options = {.neighbors = NEIGHBORS, .metric = j->metric, .seed = j->seed};
    zsc_progress_part part = {j->exec, ZSC_UMAP_INITIALISING, 0, SEARCHED};
    const zsc_exec within = zsc_progress_within(&part);
    ZSC_TRY(zsc_knn_search(centre, count, j->d, &options, &within, &knn));
    part.begin = part.end;
    ZSC_TRY(zsc_fuzzy_simplicial_set(&knn, 1, 1, &within, NULL, NULL, &graph));
    part.end = 1;
    job inner = *j;
    inner.exec = &within;
    inner.rows = NULL;
    inner.graph = &graph;
    inner.x = centre;
    inner.n = count;
    ZSC_TRY(spectral(&inner, location, converged));
    double most = 0;
    for (size_t i = 0; i < count * j->dim; i++) most = fmax(most, fabs(location[i]));
    for (size_t i = 0; i < count * j->dim; i++) location[i] /= most > 0 ? most : 1;
done:
    zsc_knn_free(&knn);
    zsc_graph_free(&graph);
    return status;
}

static zsc_status locate_components(const job *j, const parts *p, double *location, bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t count = p->count;
    float *centre = NULL;
    double *distance = NULL;
    if (count <= 2 * j->dim) {
        on_axes(count, j->dim, location);
        return ZSC_OK;
    }
    if (!j->x)
        return zsc_fail(ZSC_EUSAGE, "the graph has %zu components; placing them needs the rows, and none are given",
                        count);
    ZSC_NEW_RAW(centre, count * j->d);
    find_centres(j, p, centre);
    if (count <= DENSE_LOCATIONS) {
        ZSC_NEW_RAW(distance, count * count);
        ZSC_TRY(centre_distances(j, centre, count, distance));
        ZSC_TRY(locate_dense(j, count, distance, location));
    } else {
        ZSC_TRY(locate_by_graph(j, count, centre, location, converged));
    }
done:
    free(centre);
    free(distance);
    return status;
}

/* Half the distance from each location to the nearest other one. */
static zsc_status find_radii(const job *j, const double *location, size_t count, double *radius)
{
    zsc_status status = ZSC_OK;
    float *single = NULL;
    zsc_knn knn = {0};
    enum { LOOK = 8 };
    zsc_knn_options options = {.neighbors = count < LOOK ? count : LOOK, .metric = ZSC_EUCLIDEAN, .seed = j->seed};
    ZSC_NEW_RAW(single, count * j->dim);
    for (size_t i = 0; i < count * j->dim; i++) single[i] = (float)location[i];
    ZSC_TRY(zsc_knn_search(single, count, j->dim, &options, j->exec, &knn));
    double least = INFINITY;
    for (size_t i = 0; i < count; i++) {
        radius[i] = 0;
        for (size_t k = knn.k; k-- > 0;)
            if (knn.distance[i * knn.k + k] > 0) radius[i] = knn.distance[i * knn.k + k] / 2;
        if (radius[i] > 0) least = fmin(least, radius[i]);
    }
    for (size_t i = 0; i < count; i++) /* more components than LOOK at one location */
        if (!(radius[i] > 0)) radius[i] = isfinite(least) ? least : 0.5;
done:
    free(single);
    zsc_knn_free(&knn);
    return status;
}

/* --- One component around its location */
/* Of all rows, in double precision. */
static size_t wide_memory(const job *j) { return j->n * j->dim * sizeof(double); }

static size_t vectors_memory(const job *j, const parts *p, size_t c)
{
    return (p->begin[c + 1] - p->begin[c]) * j->dim * sizeof(float);
}

/* Its graph, or a copy of weights. */
static size_t component_memory(const job *j, const parts *p, size_t c)
{
    size_t edges = 0, count = p->begin[c + 1] - p->begin[c];
    for (size_t r = p->begin[c]; r < p->begin[c + 1]; r++)
        edges += j->graph->offset[p->rows[r] + 1] - j->graph->offset[p->rows[r]];
    return edges * 8 + count * 8;
}

static void scatter(const job *j, const int32_t *rows, size_t count, const double *location, double radius, double *y)
{
    for (size_t r = 0; r < count; r++) {
        size_t i = (size_t)rows[r];
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_INITIALISATION, i);
        for (size_t f = 0; f < j->dim; f++)
            y[i * j->dim + f] = location[f] + radius * (2 * zsc_stream_uniform(&stream) - 1);
    }
}

static zsc_status embed_component(const job *j, const parts *p, size_t c, const zsc_exec *exec, const double *location,
                                  double radius, double *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    const int32_t *rows = p->rows + p->begin[c];
    size_t count = p->begin[c + 1] - p->begin[c], dim = j->dim;
    zsc_graph part = {0};
    float *vectors = NULL;
    zsc_umap_spectrum info;
    if (count < 2 * dim || count <= dim + 1) {
        scatter(j, rows, count, location, radius, y);
        return ZSC_OK;
    }
    bool own = p->count > 1 ||
               count >= SMALL; /* a graph in the order of `rows`, which is then not that of the whole graph */
    const zsc_exec held = zsc_memory_hold(exec, component_memory(j, p, c));
    ZSC_TRY(zsc_memory_check(&held, vectors_memory(j, p, c), "UMAP's initialisation"));
    if (own) ZSC_TRY(zsc_umap_graph_component(j->graph, rows, count, p->position, zsc_threads(exec), &part));
    ZSC_NEW_RAW(vectors, count * dim);
    uint64_t seed = j->seed ^ (uint64_t)c;
    ZSC_TRY(own ? zsc_umap_laplacian_eigen_in_place(&part, dim, TOLERANCE, seed, &held, vectors, NULL, &info)
                : zsc_umap_laplacian_eigen(j->graph, dim, TOLERANCE, seed, &held, vectors, NULL, &info));
    if (!info.converged) *converged = false;
    zsc_graph_free(&part);
    double most = 0;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) reduction(max : most)
    for (size_t i = 0; i < count * dim; i++) most = fabs((double)vectors[i]) > most ? fabs((double)vectors[i]) : most;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t r = 0; r < count; r++)
        for (size_t f = 0; f < dim; f++)
            y[(size_t)rows[r] * dim + f] = location[f] + (most > 0 ? radius / most : 0) * vectors[r * dim + f];
done:
    free(vectors);
    zsc_graph_free(&part);
    return status;
}

/* Each thread may be at the largest of the small components. */
static zsc_status check_small(const job *j, const parts *p)
{
    size_t most = 0, small = 0;
    for (size_t c = 0; c < p->count; c++) {
        size_t count = p->begin[c + 1] - p->begin[c];
        if (count >= SMALL || count < 2 * j->dim || count <= j->dim + 1) continue;
        size_t bytes = component_memory(j, p, c) + vectors_memory(j, p, c) +
                       zsc_umap_laplacian_eigen_memory(count, 0, j->dim);
        if (most < bytes) most = bytes;
        small++;
    }
    size_t workers = small < (size_t)j->threads ? small : (size_t)j->threads;
    return zsc_memory_check(j->exec, wide_memory(j) + workers * most, "UMAP's initialisation");
}

/* Components below SMALL rows, one per thread. BEGIN: how far the initialisation is. */
static zsc_status embed_small(const job *j, const parts *p, const double *location, const double *radius, double begin,
                              double *y, bool *converged)
{
    zsc_exec alone = {.threads = 1};
    int failed = ZSC_OK, short_of = 0;
    zsc_polls polls = {.exec = j->exec, .stage = ZSC_UMAP_INITIALISING, .begin = begin, .end = 1};
#pragma omp parallel for schedule(dynamic) num_threads(j->threads) reduction(max : failed, short_of)
    for (size_t c = 0; c < p->count; c++) {
        if (p->begin[c + 1] - p->begin[c] >= SMALL || !zsc_poll(&polls, (double)c / (double)p->count)) continue;
        bool reached = true;
        zsc_status one = embed_component(j, p, c, &alone, location + c * j->dim, radius[c], y, &reached);
        if ((int)one > failed) failed = (int)one;
        if (!reached) short_of = 1;
    }
    if (short_of) *converged = false;
    if (zsc_polled(&polls) != ZSC_OK) return ZSC_EINTERRUPTED;
    return failed == ZSC_OK ? ZSC_OK
                            : zsc_fail((zsc_status)failed,
                                       "the initialisation of a component failed, probably because memory ran out");
}

static size_t largest_component(const parts *p)
{
    size_t largest = 0;
    for (size_t c = 1; c < p->count; c++)
        if (p->begin[c + 1] - p->begin[c] > p->begin[largest + 1] - p->begin[largest]) largest = c;
    return largest;
}

/* The components of SMALL rows and more, the largest first: y takes no memory before it is written. *done: 0, becomes
 * the number of their rows. */
static zsc_status embed_large(const job *j, const parts *p, const double *location, const double *radius, double *y,
                              size_t *done, bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t largest = largest_component(p);
    for (size_t turn = 0; turn < p->count; turn++) {
        size_t c = turn == 0 ? largest : turn - (turn <= largest), count = p->begin[c + 1] - p->begin[c];
        if (count < SMALL) continue;
        const double row = (1 - LOCATED) / (double)j->n, begin = LOCATED + row * (double)*done;
        zsc_progress_part part = {j->exec, ZSC_UMAP_INITIALISING, begin, begin + row * (double)count};
        const zsc_exec within = zsc_progress_within(&part);
        const zsc_exec beside = zsc_memory_hold(&within, turn == 0 ? 0 : wide_memory(j));
        zsc_umap_bfs_order(j->graph, p->rows + p->begin[c], count, p->position);
        ZSC_TRY(zsc_ask(&beside, ZSC_UMAP_INITIALISING));
        ZSC_TRY(embed_component(j, p, c, &beside, location + c * j->dim, radius[c], y, converged));
        *done += count;
    }
done:
    return status;
}

static zsc_status spectral(const job *j, double *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    parts p = {0};
    double *location = NULL, *radius = NULL;
    ZSC_TRY(parts_make(j->graph, &p));
    if (!zsc_progress(j->exec, ZSC_UMAP_INITIALISING, COMPONENTS, 1))
        ZSC_TRY(zsc_fail(ZSC_EINTERRUPTED, "interrupted"));
    ZSC_NEW(location, p.count * j->dim);
    ZSC_NEW(radius, p.count);
    if (p.count == 1) {
        radius[0] = 1;
    } else {
        zsc_progress_part part = {j->exec, ZSC_UMAP_INITIALISING, COMPONENTS, LOCATED};
        const zsc_exec within = zsc_progress_within(&part);
        job locating = *j;
        locating.exec = &within;
        ZSC_TRY(locate_components(&locating, &p, location, converged));
        part.begin = part.end;
        ZSC_TRY(find_radii(&locating, location, p.count, radius));
    }
    leave_rows(j);
    size_t large = 0;
    ZSC_TRY(embed_large(j, &p, location, radius, y, &large, converged));
    ZSC_TRY(check_small(j, &p));
    const double share = LOCATED + (1 - LOCATED) * (double)large / (double)j->n;
    ZSC_TRY(embed_small(j, &p, location, radius, share, y, converged));
done:
    parts_free(&p);
    free(location);
    free(radius);
    return status;
}

/* --- The other initialisations */
static zsc_status principal(const job *j, double *y)
{
    zsc_status status = ZSC_OK;
    if (!j->x) return zsc_fail(ZSC_EUSAGE, "an initialisation by PCA needs the rows, and none are given");
    size_t most = j->n < j->d ? j->n : j->d, dim = j->dim < most ? j->dim : most;
    float *scores = NULL;
    const zsc_exec held = zsc_memory_hold(j->exec, j->n * dim * sizeof *scores);
    ZSC_NEW_RAW(scores, j->n * dim);
    ZSC_TRY(zsc_pca(j->x, j->n, j->d, dim, &held, scores));
    leave_rows(j);
    ZSC_TRY(zsc_memory_check(&held, wide_memory(j), "UMAP's initialisation"));
    for (size_t i = 0; i < j->n; i++) /* axes that the data does not have stay 0 until the noise is added */
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] = f < dim ? scores[i * dim + f] : 0;
done:
    free(scores);
    return status;
}

static void random_initialisation(const job *j, double *y)
{
    for (size_t i = 0; i < j->n; i++) {
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_INITIALISATION, i);
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] = SIZE * (2 * zsc_stream_uniform(&stream) - 1);
    }
}

static zsc_status add_noise(const job *j, double noise, double *y)
{
    enum { POLLED = 64 }; /* rows between two questions whether to go on */
    const zsc_base_kernels *kernels = ZSC_SIMD_PICK(zsc_base_kernels_of);
    zsc_polls polls = {.exec = j->exec, .stage = ZSC_UMAP_INITIALISING, .end = 1};
#pragma omp parallel for schedule(static) num_threads(j->threads)
    for (size_t i = 0; i < j->n; i++) {
        if (i % POLLED == 0) zsc_poll(&polls, (double)i * j->threads / (double)j->n); /* of the first thread's */
        if (atomic_load_explicit(&polls.stop, memory_order_relaxed)) continue;
        double draw[ZSC_UMAP_DIM_MOST];
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_INITIALISATION_NOISE, i);
        kernels->normals(&stream, j->dim, draw);
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] += noise * draw[f];
    }
    return zsc_polled(&polls);
}

static double largest_size(const double *y, size_t count, int threads)
{
    double most = 0;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : most)
    for (size_t i = 0; i < count; i++) most = fabs(y[i]) > most ? fabs(y[i]) : most;
    return most;
}

static void scale_to_size(const job *j, double *y)
{
    double most = largest_size(y, j->n * j->dim, j->threads), factor = most > 0 ? SIZE / most : 0;
#pragma omp parallel for schedule(static) num_threads(j->threads)
    for (size_t i = 0; i < j->n * j->dim; i++) y[i] *= factor;
}

static zsc_status given(const job *j, const float *from, double *y)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    ZSC_TRY(zsc_check_finite(from, j->n, j->dim, (zsc_boundary){"the given initialisation", NULL}, j->exec));
    for (size_t i = 0; i < j->n * j->dim; i++) y[i] = from[i];
    zsc_knn_options options = {.neighbors = j->n < 2 ? j->n : 2, .metric = ZSC_EUCLIDEAN, .seed = j->seed};
    const zsc_exec held = zsc_memory_hold(j->exec, wide_memory(j));
    ZSC_TRY(zsc_knn_search(from, j->n, j->dim, &options, &held, &knn));
    if (knn.distinct == j->n) goto done;
    double sum = 0;
    for (size_t i = 0; i < j->n; i++) sum += knn.distance[i * knn.k + knn.k - 1];
    status = add_noise(j, 1e-3 * sum / (double)j->n, y);
done:
    zsc_knn_free(&knn);
    return status;
}

/* Each coordinate onto [0, 10]; one that is the same in all rows becomes 0. */
static void to_range(const job *j, const double *y, float *out)
{
    double low[ZSC_UMAP_DIM_MOST], scale[ZSC_UMAP_DIM_MOST], high[ZSC_UMAP_DIM_MOST];
    size_t dim = j->dim;
    for (size_t f = 0; f < dim; f++) low[f] = INFINITY, high[f] = -INFINITY;
#pragma omp parallel num_threads(j->threads)
    {
        double least[ZSC_UMAP_DIM_MOST], most[ZSC_UMAP_DIM_MOST];
        for (size_t f = 0; f < dim; f++) least[f] = INFINITY, most[f] = -INFINITY;
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < j->n; i++)
            for (size_t f = 0; f < dim; f++) {
                double v = y[i * dim + f];
                least[f] = v < least[f] ? v : least[f];
                most[f] = v > most[f] ? v : most[f];
            }
#pragma omp critical
        for (size_t f = 0; f < dim; f++) low[f] = fmin(low[f], least[f]), high[f] = fmax(high[f], most[f]);
    }
    for (size_t f = 0; f < dim; f++) scale[f] = high[f] > low[f] ? SIZE / (high[f] - low[f]) : 0;
#pragma omp parallel for schedule(static) num_threads(j->threads)
    for (size_t i = 0; i < j->n; i++)
        for (size_t f = 0; f < dim; f++) out[i * dim + f] = (float)((y[i * dim + f] - low[f]) * scale[f]);
}

zsc_status zsc_umap_initialise_pruned(const zsc_graph *graph, zsc_umap_rows *rows, const zsc_umap_options *options,
                                      const zsc_exec *exec, float *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    double *wide = NULL; /* takes memory as it is written: by the spectral initialisation when eigenvectors are there */
    bool reached = true;
    const float *x = rows->x;
    size_t d = rows->d, components = graph->n * 3 * sizeof(int32_t);
    zsc_progress_part part = {exec, ZSC_UMAP_INITIALISING, 0, BEFORE_NOISE};
    const zsc_exec within = zsc_progress_within(&part);
    zsc_exec inner = zsc_memory_hold(&within, components);
    job j = {
        graph, x,     graph->n, d, options->n_components, options->metric, options->seed, &inner, zsc_threads(exec),
        rows,  &inner};
    ZSC_TRY(zsc_memory_check(exec, components + graph->n * 2 * sizeof(int32_t), "UMAP's initialisation"));
    if (x) ZSC_TRY(zsc_check_finite(x, graph->n, d, (zsc_boundary){"the rows to lay out", NULL}, exec));
    if (options->init == ZSC_INIT_RANDOM || options->init == ZSC_INIT_GIVEN) leave_rows(&j);
    ZSC_NEW_RAW(wide, j.n * j.dim);
    if (!zsc_progress(exec, ZSC_UMAP_INITIALISING, 0, 1)) {
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        goto done;
    }
    switch (options->init) {
    case ZSC_INIT_SPECTRAL: ZSC_TRY(spectral(&j, wide, &reached)); break;
    case ZSC_INIT_PCA: ZSC_TRY(principal(&j, wide)); break;
    case ZSC_INIT_RANDOM: random_initialisation(&j, wide); break;
    case ZSC_INIT_GIVEN: ZSC_TRY(given(&j, y, wide)); break;
    }
    ZSC_TRY(zsc_memory_check(&inner, wide_memory(&j), "UMAP's initialisation"));
    if (options->init == ZSC_INIT_SPECTRAL || options->init == ZSC_INIT_PCA) {
        part.begin = BEFORE_NOISE;
        part.end = BEFORE_RANGE;
        scale_to_size(&j, wide);
        ZSC_TRY(add_noise(&j, NOISE, wide));
    }
    ZSC_TRY(zsc_check_finite_f64(wide, j.n, j.dim, (zsc_boundary){"UMAP's initialisation", REMEDY}, exec));
    to_range(&j, wide, y);
    if (converged) *converged = reached;
    zsc_progress(exec, ZSC_UMAP_INITIALISING, 1, 1);
done:
    free(wide);
    return status;
}

zsc_status zsc_umap_initialise(const zsc_graph *graph, const float *x, size_t d, const zsc_umap_options *options,
                               const zsc_exec *exec, float *y, bool *converged)
{
    ZSC_OPTIONS(zsc_umap_options, options, zsc_umap_defaults());
    zsc_status status = ZSC_OK;
    zsc_graph pruned = {0};
    ZSC_TRY(zsc_umap_check(options));
    ZSC_TRY(zsc_graph_check(graph));
    if (graph->n == 0) goto done;
    ZSC_TRY(zsc_umap_graph_prune(graph, options, &pruned));
    zsc_umap_rows rows = {.x = x, .d = d};
    ZSC_TRY(zsc_umap_initialise_pruned(&pruned, &rows, options, exec, y, converged));
done:
    zsc_graph_free(&pruned);
    return status;
}
