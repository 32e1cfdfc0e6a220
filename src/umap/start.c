/* The start of the layout: spectral, PCA, random, or given.
 *
 * Spectral: eigenvectors 2 .. dim + 1 of the normalised Laplacian. With several connected components each gets its own
 * spectral layout around its place in a layout of the components, no larger than half the way to the nearest other one:
 * up to 2 dim components stand on the positive and negative axes; more are placed by the eigenvectors of exp(-|centre_i
 * - centre_j|^2). Components of fewer than 2 dim or dim + 2 rows are random about their place. All this is umap-learn's
 * (spectral.py).
 *
 * Spectral and PCA starts are scaled so that the largest entry is 10 and get Gaussian noise of 1e-4. A given start
 * whose rows repeat gets noise of 1e-3 of the mean distance between nearest rows. Every start is then mapped onto [0,
 * 10] in each coordinate. */
#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "umap/umap.h"
#include "zsc/pca.h"

enum {
    DENSE_PLACES = 512, /* so many components are placed by a dense eigensolver; more by a graph of their centres */
    NEIGHBORS = 15,     /* in that graph */
    SMALL = 4096 /* components below are laid out side by side, one thread each; larger ones one after the other */
};
static const double TOLERANCE = 1e-3, NOISE = 1e-4, SIZE = 10;

typedef struct job {
    const zsc_graph *graph;
    const float *x; /* n x d */
    size_t n, d, dim;
    zsc_metric metric;
    uint64_t seed;
    const zsc_exec *exec;
    int threads;
} job;

/* The rows of each component: rows[start[c] .. start[c + 1]], ascending until they are put in order; position[row]
 * counts within its component. */
typedef struct parts {
    size_t count;
    int32_t *component, *rows, *position;
    size_t *start;
} parts;

static void parts_free(parts *p)
{
    free(p->component);
    free(p->rows);
    free(p->position);
    free(p->start);
}

static zsc_status parts_make(const zsc_graph *graph, parts *p)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n;
    *p = (parts){0};
    ZSC_NEW_RAW(p->component, n);
    ZSC_NEW_RAW(p->rows, n);
    ZSC_NEW_RAW(p->position, n);
    ZSC_TRY(zsc_graph_components(graph, p->component, &p->count));
    ZSC_NEW(p->start, p->count + 2);
    size_t *start = p->start + 1; /* one ahead while filling */
    for (size_t i = 0; i < n; i++) start[p->component[i] + 1]++;
    for (size_t c = 0; c < p->count; c++) start[c + 1] += start[c];
    for (size_t i = 0; i < n; i++) {
        size_t at = start[p->component[i]]++;
        p->rows[at] = (int32_t)i;
    }
    for (size_t c = 0; c < p->count; c++)
        for (size_t r = p->start[c]; r < p->start[c + 1]; r++) p->position[p->rows[r]] = (int32_t)(r - p->start[c]);
done:
    return status;
}

/* --- Where components stand: place is count x dim. */
static void on_axes(size_t count, size_t dim, double *place)
{
    size_t half = (count + 1) / 2;
    memset(place, 0, count * dim * sizeof *place);
    for (size_t c = 0; c < count; c++) place[c * dim + (c < half ? c : c - half)] = c < half ? 1 : -1;
}

static void find_centres(const job *j, const parts *p, float *centre)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(j->threads)
    for (size_t c = 0; c < p->count; c++)
        for (size_t f = 0; f < j->d; f++) {
            double sum = 0;
            for (size_t r = p->start[c]; r < p->start[c + 1]; r++) sum += j->x[(size_t)p->rows[r] * j->d + f];
            centre[c * j->d + f] = (float)(sum / (double)(p->start[c + 1] - p->start[c]));
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

/* The unit in which exp(-distance^2) is taken: 1, as umap-learn has it, unless at that unit the affinities are all
 * alike or some component has none to any other, so that they say nothing. */
static double affinity_unit(const double *distance, size_t count)
{
    double most = 0, lonely = 0;
    for (size_t i = 0; i < count; i++) {
        double nearest = INFINITY;
        for (size_t k = 0; k < count; k++) {
            if (k == i) continue;
            most = fmax(most, distance[i * count + k]);
            nearest = fmin(nearest, distance[i * count + k]);
        }
        lonely = fmax(lonely, nearest);
    }
    if (most < 1e-3) return most > 0 ? most : 1;
    return lonely > 4 ? lonely / 2 : 1;
}

/* Eigenvectors 2 .. dim + 1 of the normalised Laplacian of exp(-distance^2), divided by sqrt(degree), over their
 * maximum (scikit-learn's SpectralEmbedding). distance is overwritten. */
static zsc_status place_dense(const job *j, size_t count, double *distance, double *place)
{
    zsc_status status = ZSC_OK;
    double *root = NULL, *lambda = NULL, *z = NULL, unit = affinity_unit(distance, count), most = 0;
    lapack_int *support = NULL, found = 0, size = (lapack_int)count;
    ZSC_NEW(root, count);
    ZSC_NEW(lambda, count);
    ZSC_NEW(z, count * (j->dim + 1));
    ZSC_NEW(support, 2 * count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            double q = distance[i * count + k] / unit;
            distance[i * count + k] = i == k ? 0 : exp(-q * q);
            root[i] += distance[i * count + k];
        }
    for (size_t i = 0; i < count; i++) root[i] = root[i] > 0 ? sqrt(root[i]) : 1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            distance[i * count + k] = (i == k) - distance[i * count + k] / (root[i] * root[k]);
    lapack_int info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'I', 'U', size, distance, size, 0, 0, 1,
                                     (lapack_int)j->dim + 1, 0, &found, lambda, z, size, support);
    if (info != 0 || (size_t)found != j->dim + 1) {
        status = zsc_fail(ZSC_EINTERNAL, "LAPACK's dsyevr answers %d", (int)info);
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < j->dim; f++) {
            place[i * j->dim + f] = z[(f + 1) * count + i] / root[i];
            most = fmax(most, fabs(place[i * j->dim + f]));
        }
    for (size_t i = 0; i < count * j->dim; i++) place[i] /= most;
done:
    free(root);
    free(lambda);
    free(z);
    free(support);
    return status;
}

static zsc_status spectral(const job *j, double *y, bool *converged);

/* Thousands of components: the spectral layout of the fuzzy graph of their centres. That graph's components number at
 * most half as many, so that this ends. */
static zsc_status place_by_graph(const job *j, size_t count, const float *centre, double *place, bool *converged)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_graph graph = {0};
    zsc_knn_options options = {.neighbors = NEIGHBORS, .metric = j->metric, .seed = j->seed};
    ZSC_TRY(zsc_knn_search(centre, count, j->d, &options, j->exec, &knn));
    ZSC_TRY(zsc_fuzzy_simplicial_set(&knn, 1, 1, j->exec, NULL, NULL, &graph));
    job inner = *j;
    inner.graph = &graph;
    inner.x = centre;
    inner.n = count;
    ZSC_TRY(spectral(&inner, place, converged));
    double most = 0;
    for (size_t i = 0; i < count * j->dim; i++) most = fmax(most, fabs(place[i]));
    for (size_t i = 0; i < count * j->dim; i++) place[i] /= most > 0 ? most : 1;
done:
    zsc_knn_free(&knn);
    zsc_graph_free(&graph);
    return status;
}

static zsc_status place_components(const job *j, const parts *p, double *place, bool *converged)
{
    zsc_status status = ZSC_OK;
    size_t count = p->count;
    float *centre = NULL;
    double *distance = NULL;
    if (count <= 2 * j->dim) {
        on_axes(count, j->dim, place);
        return ZSC_OK;
    }
    ZSC_NEW_RAW(centre, count * j->d);
    find_centres(j, p, centre);
    if (count <= DENSE_PLACES) {
        ZSC_NEW_RAW(distance, count * count);
        ZSC_TRY(centre_distances(j, centre, count, distance));
        ZSC_TRY(place_dense(j, count, distance, place));
    } else {
        ZSC_TRY(place_by_graph(j, count, centre, place, converged));
    }
done:
    free(centre);
    free(distance);
    return status;
}

/* Half the distance from each place to the nearest other one, through a search on the places themselves. */
static zsc_status find_room(const job *j, const double *place, size_t count, double *room)
{
    zsc_status status = ZSC_OK;
    float *single = NULL;
    zsc_knn knn = {0};
    enum { LOOK = 8 };
    zsc_knn_options options = {.neighbors = count < LOOK ? count : LOOK, .metric = ZSC_EUCLIDEAN, .seed = j->seed};
    ZSC_NEW_RAW(single, count * j->dim);
    for (size_t i = 0; i < count * j->dim; i++) single[i] = (float)place[i];
    ZSC_TRY(zsc_knn_search(single, count, j->dim, &options, j->exec, &knn));
    double least = INFINITY;
    for (size_t i = 0; i < count; i++) {
        room[i] = 0;
        for (size_t k = knn.k; k-- > 0;)
            if (knn.distance[i * knn.k + k] > 0) room[i] = knn.distance[i * knn.k + k] / 2;
        if (room[i] > 0) least = fmin(least, room[i]);
    }
    for (size_t i = 0; i < count; i++) /* more components than LOOK on one spot */
        if (!(room[i] > 0)) room[i] = isfinite(least) ? least : 0.5;
done:
    free(single);
    zsc_knn_free(&knn);
    return status;
}

/* --- One component around its place */
static void scatter(const job *j, const int32_t *rows, size_t count, const double *place, double room, double *y)
{
    for (size_t r = 0; r < count; r++) {
        size_t i = (size_t)rows[r];
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_START, i);
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] = place[f] + room * (2 * zsc_stream_uniform(&stream) - 1);
    }
}

static zsc_status lay_out(const job *j, const parts *p, size_t c, const zsc_exec *exec, const double *place,
                          double room, double *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    const int32_t *rows = p->rows + p->start[c];
    size_t count = p->start[c + 1] - p->start[c], dim = j->dim;
    zsc_graph part = {0};
    float *vectors = NULL;
    zsc_spectrum info;
    if (count < 2 * dim || count <= dim + 1) {
        scatter(j, rows, count, place, room, y);
        return ZSC_OK;
    }
    bool own = p->count > 1 || count >= SMALL; /* a graph in the order of `rows`, which is then not that of the file */
    if (own) ZSC_TRY(zsc_graph_part(j->graph, rows, count, p->position, &part));
    ZSC_NEW_RAW(vectors, count * dim);
    ZSC_TRY(
        zsc_graph_spectrum(own ? &part : j->graph, dim, TOLERANCE, j->seed ^ (uint64_t)c, exec, vectors, NULL, &info));
    if (!info.converged) *converged = false;
    double most = 0;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) reduction(max : most)
    for (size_t i = 0; i < count * dim; i++) most = fabs((double)vectors[i]) > most ? fabs((double)vectors[i]) : most;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t r = 0; r < count; r++)
        for (size_t f = 0; f < dim; f++)
            y[(size_t)rows[r] * dim + f] = place[f] + (most > 0 ? room / most : 0) * vectors[r * dim + f];
done:
    free(vectors);
    zsc_graph_free(&part);
    return status;
}

/* Components below SMALL rows, one a thread. */
static zsc_status lay_out_small(const job *j, const parts *p, const double *place, const double *room, double *y,
                                bool *converged)
{
    zsc_exec alone = {.threads = 1};
    int failed = ZSC_OK, short_of = 0;
#pragma omp parallel for schedule(dynamic) num_threads(j->threads) reduction(max : failed, short_of)
    for (size_t c = 0; c < p->count; c++) {
        if (p->start[c + 1] - p->start[c] >= SMALL) continue;
        bool reached = true;
        zsc_status one = lay_out(j, p, c, &alone, place + c * j->dim, room[c], y, &reached);
        if ((int)one > failed) failed = (int)one;
        if (!reached) short_of = 1;
    }
    if (short_of) *converged = false;
    return failed == ZSC_OK
               ? ZSC_OK
               : zsc_fail((zsc_status)failed, "the start of a component failed, probably for want of memory");
}

static zsc_status spectral(const job *j, double *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    parts p = {0};
    double *place = NULL, *room = NULL;
    ZSC_TRY(parts_make(j->graph, &p));
    ZSC_NEW(place, p.count * j->dim);
    ZSC_NEW(room, p.count);
    if (p.count == 1) {
        room[0] = 1;
    } else {
        ZSC_TRY(place_components(j, &p, place, converged));
        ZSC_TRY(find_room(j, place, p.count, room));
    }
    for (size_t c = 0; c < p.count; c++) {
        size_t count = p.start[c + 1] - p.start[c];
        if (count < SMALL) continue;
        zsc_graph_order(j->graph, p.rows + p.start[c], count, p.position);
        ZSC_TRY(lay_out(j, &p, c, j->exec, place + c * j->dim, room[c], y, converged));
    }
    ZSC_TRY(lay_out_small(j, &p, place, room, y, converged));
done:
    parts_free(&p);
    free(place);
    free(room);
    return status;
}

/* --- The other starts */
static zsc_status principal(const job *j, double *y)
{
    zsc_status status = ZSC_OK;
    size_t most = j->n < j->d ? j->n : j->d, dim = j->dim < most ? j->dim : most;
    float *scores = NULL;
    ZSC_NEW_RAW(scores, j->n * dim);
    ZSC_TRY(zsc_pca(j->x, j->n, j->d, dim, j->exec, scores));
    for (size_t i = 0; i < j->n; i++) /* axes that the data does not have stay 0 until the noise comes */
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] = f < dim ? scores[i * dim + f] : 0;
done:
    free(scores);
    return status;
}

static void random_start(const job *j, double *y)
{
    for (size_t i = 0; i < j->n; i++) {
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_START, i);
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] = SIZE * (2 * zsc_stream_uniform(&stream) - 1);
    }
}

static void add_noise(const job *j, double noise, double *y)
{
#pragma omp parallel for schedule(static) num_threads(j->threads)
    for (size_t i = 0; i < j->n; i++) {
        zsc_stream stream = zsc_stream_open(j->seed, ZSC_RANDOM_START_NOISE, i);
        for (size_t f = 0; f < j->dim; f++) y[i * j->dim + f] += noise * zsc_stream_normal(&stream);
    }
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
    for (size_t i = 0; i < j->n * j->dim; i++) {
        if (!isfinite(from[i]))
            return zsc_fail(ZSC_ENUMERIC, "the given start holds %g in row %zu, column %zu", (double)from[i],
                            i / j->dim, i % j->dim);
        y[i] = from[i];
    }
    zsc_knn_options options = {.neighbors = j->n < 2 ? j->n : 2, .metric = ZSC_EUCLIDEAN, .seed = j->seed};
    ZSC_TRY(zsc_knn_search(from, j->n, j->dim, &options, j->exec, &knn));
    if (knn.distinct == j->n) goto done;
    double sum = 0;
    for (size_t i = 0; i < j->n; i++) sum += knn.distance[i * knn.k + knn.k - 1];
    add_noise(j, 1e-3 * sum / (double)j->n, y);
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

zsc_status zsc_umap_start(const zsc_graph *graph, const float *x, size_t d, const zsc_umap_options *options,
                          const zsc_exec *exec, float *y, bool *converged)
{
    zsc_status status = ZSC_OK;
    zsc_graph pruned = {0};
    double *wide = NULL;
    bool reached = true;
    ZSC_TRY(zsc_umap_check(options));
    if (graph->n == 0) goto done;
    ZSC_TRY(zsc_graph_prune(graph, options, &pruned));
    job j = {&pruned, x, graph->n, d, options->n_components, options->metric, options->seed, exec, zsc_threads(exec)};
    ZSC_NEW(wide, j.n * j.dim);
    if (!zsc_progress(exec, "start", 0, 1)) {
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        goto done;
    }
    switch (options->init) {
    case ZSC_INIT_SPECTRAL: ZSC_TRY(spectral(&j, wide, &reached)); break;
    case ZSC_INIT_PCA: ZSC_TRY(principal(&j, wide)); break;
    case ZSC_INIT_RANDOM: random_start(&j, wide); break;
    case ZSC_INIT_GIVEN: ZSC_TRY(given(&j, y, wide)); break;
    }
    if (options->init == ZSC_INIT_SPECTRAL || options->init == ZSC_INIT_PCA) {
        scale_to_size(&j, wide);
        add_noise(&j, NOISE, wide);
    }
    to_range(&j, wide, y);
    if (converged) *converged = reached;
    zsc_progress(exec, "start", 1, 1);
done:
    zsc_graph_free(&pruned);
    free(wide);
    return status;
}
