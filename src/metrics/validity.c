/* Internal scores (cluster validity): how well a partition separates the points, without reference labels.
 *
 * Silhouette: silhouette.c.
 *
 * Davies and Bouldin (1979): mean over clusters i of the largest (S_i + S_j) / |c_i - c_j|, S the mean distance to the
 * centroid c. Calinski and Harabasz (1974): (B / (k - 1)) / (W / (n - k)), B and W the sums of squares between and
 * within clusters. Special cases are scikit-learn's: Davies-Bouldin is 0 where all S or all centroid distances are 0,
 * and pairs of equal centroids are left out; Calinski-Harabasz is 1 where W is 0. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "metrics/contingency.h"
#include "metrics/sum.h"
#include "metrics/distance_tiles.h"
#include "metrics/silhouette.h"

/* The rows that have a label, grouped by cluster. */
typedef struct partition {
    const float *x; /* one of the two */
    const double *x64;
    size_t rows, d, clusters;
    int32_t *order; /* rows: sorted by cluster, ascending within one */
    int32_t *begin; /* clusters + 1 */
    double *center; /* d: mean of all rows */
    double *mean;   /* clusters x d */
    double *spread; /* clusters: mean distance to the cluster's mean */
    double *within; /* clusters: sum of squared distances to the cluster's mean */
} partition;

static void partition_free(partition *p)
{
    free(p->order);
    free(p->begin);
    free(p->center);
    free(p->mean);
    free(p->spread);
    free(p->within);
}

static zsc_status group_rows(partition *p, size_t n, const int32_t *labels)
{
    zsc_status status = ZSC_OK;
    int32_t *row = NULL, *code = NULL, *next = NULL;
    ZSC_NEW_RAW(row, n);
    ZSC_NEW_RAW(code, n);
    zsc_contingency_select_rows(labels, n, ZSC_MISSING_DROP, row, code, &p->rows);
    ZSC_TRY(zsc_contingency_codes(code, p->rows, code, &p->clusters));
    ZSC_NEW(p->begin, p->clusters + 1);
    ZSC_NEW(next, p->clusters + 1);
    ZSC_NEW_RAW(p->order, p->rows);
    for (size_t i = 0; i < p->rows; i++) p->begin[code[i] + 1]++;
    for (size_t c = 0; c < p->clusters; c++) p->begin[c + 1] += p->begin[c];
    memcpy(next, p->begin, (p->clusters + 1) * sizeof *next);
    for (size_t i = 0; i < p->rows; i++) p->order[next[code[i]]++] = row[i];
done:
    free(row);
    free(code);
    free(next);
    return status;
}

/* The grouped row i, in BUFFER (d) where it is converted. */
static const double *row_at(const partition *p, size_t i, double *buffer)
{
    size_t at = (size_t)p->order[i] * p->d;
    if (p->x64) return p->x64 + at;
    for (size_t j = 0; j < p->d; j++) buffer[j] = (double)p->x[at + j];
    return buffer;
}

/* The mean is computed from differences to the first row, so that the mean of equal rows is that row, to the bit. */
static void describe_cluster(const partition *p, size_t c, double *base, double *buffer)
{
    size_t first = (size_t)p->begin[c], last = (size_t)p->begin[c + 1];
    double *mean = p->mean + c * p->d, size = (double)(last - first);
    memcpy(base, row_at(p, first, buffer), p->d * sizeof *base);
    memset(mean, 0, p->d * sizeof *mean);
    for (size_t i = first + 1; i < last; i++) {
        const double *row = row_at(p, i, buffer);
        for (size_t j = 0; j < p->d; j++) mean[j] += row[j] - base[j];
    }
    for (size_t j = 0; j < p->d; j++) mean[j] = base[j] + mean[j] / size;
    zsc_sum distances = {0}, squares = {0};
    for (size_t i = first; i < last; i++) {
        const double *row = row_at(p, i, buffer);
        double square = 0;
        for (size_t j = 0; j < p->d; j++) square += (row[j] - mean[j]) * (row[j] - mean[j]);
        zsc_sum_add(&distances, sqrt(square));
        zsc_sum_add(&squares, square);
    }
    p->spread[c] = zsc_sum_value(&distances) / size;
    p->within[c] = zsc_sum_value(&squares);
}

/* Means of clusters, and of all rows as their weighted mean. */
static zsc_status describe(partition *p, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    double *buffer = NULL; /* two rows per thread */
    ZSC_NEW_RAW(buffer, (size_t)threads * 2 * p->d);
    ZSC_NEW(p->center, p->d);
    ZSC_NEW_RAW(p->mean, p->clusters * p->d);
    ZSC_NEW_RAW(p->spread, p->clusters);
    ZSC_NEW_RAW(p->within, p->clusters);
#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
    for (size_t c = 0; c < p->clusters; c++) {
        double *own = buffer + (size_t)omp_get_thread_num() * 2 * p->d;
        describe_cluster(p, c, own, own + p->d);
    }
    for (size_t c = 0; c < p->clusters; c++) {
        double share = (double)(p->begin[c + 1] - p->begin[c]) / (double)p->rows;
        for (size_t j = 0; j < p->d; j++) p->center[j] += share * p->mean[c * p->d + j];
    }
done:
    free(buffer);
    return status;
}

static double calinski_harabasz(const partition *p)
{
    zsc_sum between = {0}, within = {0};
    for (size_t c = 0; c < p->clusters; c++) {
        double square = 0;
        const double *mean = p->mean + c * p->d;
        for (size_t j = 0; j < p->d; j++) square += (mean[j] - p->center[j]) * (mean[j] - p->center[j]);
        zsc_sum_add(&between, square * (double)(p->begin[c + 1] - p->begin[c]));
        zsc_sum_add(&within, p->within[c]);
    }
    double b = zsc_sum_value(&between), w = zsc_sum_value(&within);
    if (w == 0) return 1;
    return b * (double)(p->rows - p->clusters) / (w * (double)(p->clusters - 1));
}

/* Largest (S_i + S_j) / |c_i - c_j| of the tile's centroids; -1 where all other centroids equal it. */
static void separation_tile(void *data, const zsc_distance_points *points, const zsc_metrics_kernels *kernels,
                            zsc_distance_tile *tile, size_t first, double *out)
{
    const partition *p = data;
    double distance[ZSC_DISTANCE_TILE_ROWS], most[ZSC_DISTANCE_TILE_ROWS];
    for (size_t i = 0; i < ZSC_DISTANCE_TILE_ROWS; i++) most[i] = -1;
    zsc_distance_tile_load_rows(tile, points, first);
    for (size_t at = 0; at < points->count;) {
        size_t columns = zsc_distance_tile_load_columns(tile, points, at);
        for (size_t j = 0; j < columns; j++, at++) {
            zsc_distance_tile_column(tile, kernels, p->d, j, distance);
            for (size_t i = 0; i < tile->row_count; i++) {
                double ratio = distance[i] > 0 && first + i != at ? (p->spread[first + i] + p->spread[at]) / distance[i]
                                                                  : -1;
                if (ratio > most[i]) most[i] = ratio;
            }
        }
    }
    memcpy(out + first, most, tile->row_count * sizeof *most);
}

/* --- Scores */
static zsc_distance_points points_of(const partition *p)
{
    return (zsc_distance_points){
        .x = p->x, .order = p->order, .y = p->x64, .center = p->center, .count = p->rows, .d = p->d};
}

static zsc_status silhouette(const partition *p, const zsc_exec *exec, double *out)
{
    const zsc_distance_points points = points_of(p);
    return zsc_silhouette_levels(&points, &(zsc_silhouette_level){p->clusters, p->begin}, 1, exec, out);
}

static zsc_status davies_bouldin(partition *p, const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    double *value = NULL;
    zsc_distance_points points = {.y = p->mean, .center = p->center, .count = p->clusters, .d = p->d};
    ZSC_NEW_RAW(value, p->clusters);
    ZSC_TRY(zsc_distance_tiles_each(&points, separation_tile, p, exec, "Davies-Bouldin", value));
    zsc_sum sum = {0};
    for (size_t c = 0; c < p->clusters; c++) zsc_sum_add(&sum, value[c] > 0 ? value[c] : 0);
    *out = zsc_sum_value(&sum) / (double)p->clusters;
done:
    free(value);
    return status;
}

/* The rows in the order of clusters, the means, a tile per thread, a value per row. */
static size_t memory_needed(const partition *p, size_t n, const zsc_exec *exec)
{
    int threads = zsc_threads(exec);
    return ZSC_MEMORY_REST + n * 2 * sizeof(int32_t) + p->rows * (sizeof(int32_t) + sizeof(double)) +
           p->clusters * (p->d + 5) * sizeof(double) +
           (size_t)threads * (zsc_distance_tile_bytes(p->d) + 2 * p->d * sizeof(double)) +
           zsc_silhouette_memory(1, threads);
}

/* Checks, grouped rows, means of clusters. *defined: there are scores; otherwise means are left out. The rows are p's.
 */
static zsc_status make_partition(partition *p, size_t n, const int32_t *labels, const zsc_exec *exec, bool *defined)
{
    const zsc_boundary given = {"internal scores", NULL};
    zsc_status status = ZSC_OK;
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot score %zu rows; the most is %d", n, INT32_MAX);
    ZSC_TRY(p->x64 ? zsc_check_finite_f64(p->x64, n, p->d, given, exec) : zsc_check_finite(p->x, n, p->d, given, exec));
    ZSC_TRY(group_rows(p, n, labels));
    *defined = p->clusters >= 2 && p->clusters < p->rows;
    if (!*defined) return ZSC_OK;
    ZSC_TRY(zsc_memory_check(exec, memory_needed(p, n, exec), "internal scores"));
    ZSC_TRY(describe(p, exec));
done:
    return status;
}

static zsc_status score_partition(partition *p, size_t n, const int32_t *labels, const zsc_exec *exec,
                                  zsc_internal_scores *out)
{
    const zsc_boundary made = {"internal scores", "scale the matrix (--scale)"};
    zsc_status status = ZSC_OK;
    zsc_internal_scores scores = {NAN, NAN, NAN};
    bool defined = false;
    ZSC_TRY(make_partition(p, n, labels, exec, &defined));
    if (defined) {
        scores.calinski_harabasz = calinski_harabasz(p);
        ZSC_TRY(davies_bouldin(p, exec, &scores.davies_bouldin));
        ZSC_TRY(silhouette(p, exec, &scores.silhouette));
        ZSC_TRY(zsc_check_finite_f64(&scores.silhouette, 1, 3, made, exec));
    }
    *out = scores;
done:
    partition_free(p);
    return status;
}

zsc_status zsc_score_internal(const float *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                              zsc_internal_scores *out)
{
    return score_partition(&(partition){.x = x, .d = d}, n, labels, exec, out);
}

zsc_status zsc_score_internal_f64(const double *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                                  zsc_internal_scores *out)
{
    return score_partition(&(partition){.x64 = x, .d = d}, n, labels, exec, out);
}

/* --- Silhouettes of rows */
static zsc_status silhouette_of_rows(partition *p, size_t n, const int32_t *labels, const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    double *value = NULL;
    bool defined = false;
    ZSC_TRY(make_partition(p, n, labels, exec, &defined));
    if (!defined) {
        status = zsc_fail(
            ZSC_EUSAGE,
            "silhouettes of %zu rows in %zu clusters are not defined; expected from 2 clusters to one less "
            "than rows",
            p->rows, p->clusters);
        goto done;
    }
    const zsc_distance_points points = points_of(p);
    ZSC_NEW_RAW(value, p->rows);
    ZSC_TRY(zsc_silhouette_values(&points, &(zsc_silhouette_level){p->clusters, p->begin}, 1, exec, value));
    for (size_t i = 0; i < p->rows; i++)
        if (!isfinite(value[i])) {
            status = zsc_fail(ZSC_ENUMERIC,
                              "silhouettes: distances of rows are beyond double precision; scale the matrix");
            goto done;
        }
    for (size_t i = 0; i < n; i++) out[i] = NAN;
    for (size_t i = 0; i < p->rows; i++) out[p->order[i]] = value[i];
done:
    free(value);
    partition_free(p);
    return status;
}

zsc_status zsc_silhouette_samples(const float *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                                  double *out)
{
    return silhouette_of_rows(&(partition){.x = x, .d = d}, n, labels, exec, out);
}

zsc_status zsc_silhouette_samples_f64(const double *x, size_t n, size_t d, const int32_t *labels, const zsc_exec *exec,
                                      double *out)
{
    return silhouette_of_rows(&(partition){.x64 = x, .d = d}, n, labels, exec, out);
}
