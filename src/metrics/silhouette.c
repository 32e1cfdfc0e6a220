/* Silhouette (Rousseeuw 1987): s(i) = (b - a) / max(a, b), where a is the mean distance of i to the other points of its
 * cluster and b the least mean distance to another cluster; 0 in clusters of one point, and where a and b differ by no
 * more than rounding; the score is the mean of all s.
 *
 * Exact, from all n^2 distances: points are sorted by cluster and compared 128 rows by 256 columns at a time; since the
 * columns of a cluster are contiguous, one running sum per row is enough. Working memory does not grow with the number
 * of clusters.
 *
 * Nested partitions, such as the cuts of a dendrogram with its leaves in order, share the distances: each level has a
 * running sum; where a cluster of one level ends, its sum is added to that of the next coarser level. Beside the
 * distances, that takes one addition per row and cluster of each level. */
#include "metrics/silhouette.h"

#include <float.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "metrics/sum.h"

/* Running values of the rows of a tile, at one level. */
typedef struct row_sums {
    double sum[ZSC_DISTANCE_TILE_ROWS];   /* of distances to the current cluster */
    double own[ZSC_DISTANCE_TILE_ROWS];   /* of distances to the row's own cluster */
    double least[ZSC_DISTANCE_TILE_ROWS]; /* the smallest mean distance to another cluster so far */
    size_t cluster;                       /* the current one */
} row_sums;

typedef struct work {
    const zsc_silhouette_level *level;
    size_t levels;
    row_sums *sums; /* threads x levels */
} work;

/* The cluster of point i, which is not before cluster `earlier`. */
static size_t cluster_at(const zsc_silhouette_level *level, size_t i, size_t earlier)
{
    while ((size_t)level->begin[earlier + 1] <= i) earlier++;
    return earlier;
}

static size_t cluster_of(const zsc_silhouette_level *level, size_t i)
{
    size_t low = 0, high = level->clusters;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if ((size_t)level->begin[middle] <= i)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* All columns of cluster c are summed: rows of that cluster store the sum as their own, the others update the least
 * mean. */
static void finish_cluster(const zsc_silhouette_level *level, const zsc_metrics_kernels *kernels, size_t c,
                           size_t first, size_t count, row_sums *s)
{
    size_t begin = (size_t)level->begin[c], end = (size_t)level->begin[c + 1], from = begin > first ? begin : first;
    double kept[ZSC_DISTANCE_TILE_ROWS];
    for (size_t i = from; i < end && i < first + count; i++) {
        s->own[i - first] = s->sum[i - first];
        kept[i - first] = s->least[i - first];
    }
    kernels->close_cluster(1 / (double)(end - begin), s->sum, s->least);
    for (size_t i = from; i < end && i < first + count; i++) s->least[i - first] = kept[i - first];
}

/* Column `at` ends a cluster of the finest level; coarser ones end there or later. */
static void finish_levels(const work *w, const zsc_metrics_kernels *kernels, size_t at, size_t first, size_t count,
                          row_sums *s)
{
    for (size_t g = 0; g < w->levels; g++) {
        if (at + 1 != (size_t)w->level[g].begin[s[g].cluster + 1]) break;
        if (g + 1 < w->levels) kernels->add(s[g].sum, s[g + 1].sum);
        finish_cluster(&w->level[g], kernels, s[g].cluster++, first, count, &s[g]);
    }
}

/* The most that rounding of equal mean distances can make of a silhouette. */
static const double ROUNDING = 4 * DBL_EPSILON;

static double value_of(double a, double b)
{
    double larger = a > b ? a : b, value = larger > 0 ? (b - a) / larger : 0;
    return fabs(value) <= ROUNDING ? 0 : value;
}

static void write_values(const zsc_silhouette_level *level, const row_sums *s, size_t first, size_t count, double *out)
{
    size_t cluster = cluster_of(level, first);
    for (size_t i = 0; i < count; i++) {
        cluster = cluster_at(level, first + i, cluster);
        double others = (double)(level->begin[cluster + 1] - level->begin[cluster] - 1);
        out[first + i] = others > 0 ? value_of(s->own[i] / others, s->least[i]) : 0;
    }
}

static void silhouette_tile(void *data, const zsc_distance_points *points, const zsc_metrics_kernels *kernels,
                            zsc_distance_tile *tile, size_t first, double *out)
{
    const work *w = data;
    row_sums *s = w->sums + (size_t)omp_get_thread_num() * w->levels;
    double distance[ZSC_DISTANCE_TILE_ROWS];
    memset(s, 0, w->levels * sizeof *s);
    for (size_t g = 0; g < w->levels; g++)
        for (size_t i = 0; i < ZSC_DISTANCE_TILE_ROWS; i++) s[g].least[i] = INFINITY;
    zsc_distance_tile_load_rows(tile, points, first);
    for (size_t at = 0; at < points->count;) {
        size_t columns = zsc_distance_tile_load_columns(tile, points, at);
        for (size_t j = 0; j < columns; j++, at++) {
            zsc_distance_tile_column(tile, kernels, points->d, j, distance);
            kernels->add(distance, s->sum);
            finish_levels(w, kernels, at, first, tile->row_count, s);
        }
    }
    for (size_t g = 0; g < w->levels; g++)
        write_values(&w->level[g], &s[g], first, tile->row_count, out + g * points->count);
}

size_t zsc_silhouette_memory(size_t levels, int threads) { return (size_t)threads * levels * sizeof(row_sums); }

zsc_status zsc_silhouette_values(const zsc_distance_points *points, const zsc_silhouette_level *level, size_t levels,
                                 const zsc_exec *exec, double *value)
{
    zsc_status status = ZSC_OK;
    work w = {.level = level, .levels = levels};
    ZSC_NEW_RAW(w.sums, (size_t)zsc_threads(exec) * levels);
    ZSC_TRY(zsc_distance_tiles_each(points, silhouette_tile, &w, exec, "silhouette", value));
done:
    free(w.sums);
    return status;
}

zsc_status zsc_silhouette_levels(const zsc_distance_points *points, const zsc_silhouette_level *level, size_t levels,
                                 const zsc_exec *exec, double *out)
{
    zsc_status status = ZSC_OK;
    double *value = NULL;
    ZSC_NEW_RAW(value, points->count * levels);
    ZSC_TRY(zsc_silhouette_values(points, level, levels, exec, value));
    for (size_t g = 0; g < levels; g++) {
        zsc_sum sum = {0};
        for (size_t i = 0; i < points->count; i++) zsc_sum_add(&sum, value[g * points->count + i]);
        out[g] = zsc_sum_value(&sum) / (double)points->count;
    }
done:
    free(value);
    return status;
}
