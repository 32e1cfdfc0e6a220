/* New rows into an existing clustering.
 *
 *   centroid   c_l = mean of the rows of cluster l; a row x goes to argmin_l |x - c_l|
 *   neighbor   a row goes to the cluster of the nearest row
 *
 * What is novel: the same distance is taken of each clustered row, to the nearest centroid, or to the nearest other
 * row; a new row is novel where its distance is above the given quantile of these. */
#include "zsc/assign.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"

void zsc_assign_options_init(zsc_assign_options *options, size_t size)
{
    const zsc_assign_options whole = {.by = ZSC_ASSIGN_CENTROID, .metric = ZSC_EUCLIDEAN, .quantile = 0.95};
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static zsc_status check_options(const zsc_assign_options *o)
{
    if (o->by != ZSC_ASSIGN_CENTROID && o->by != ZSC_ASSIGN_NEIGHBOR)
        return zsc_fail(ZSC_EUSAGE, "new rows are assigned by centroid or neighbor, not by %d", (int)o->by);
    if ((int)o->metric < ZSC_EUCLIDEAN || o->metric >= ZSC_INNER_PRODUCT)
        return zsc_fail(ZSC_EUSAGE, "metric %d is none by which new rows are assigned", (int)o->metric);
    if (o->by == ZSC_ASSIGN_CENTROID && o->metric != ZSC_EUCLIDEAN)
        return zsc_fail(ZSC_EUSAGE,
                        "centroids are means, which are of the Euclidean metric; assign by neighbor under others");
    if (!(o->quantile >= 0 && o->quantile <= 1))
        return zsc_fail(ZSC_EUSAGE, "quantile is %g; expected 0 to 1", o->quantile);
    return ZSC_OK;
}

/* --- Rows that are in a cluster, and what they are compared with */
typedef struct members {
    size_t n;
    const float *x;
    float *own;    /* unless all rows are in a cluster */
    int32_t *row;  /* n: of the model */
    int32_t *name; /* labels that occur, ascending */
    size_t clusters;
    float *centroid; /* clusters x d; NULL where rows are compared */
} members;

static void free_members(members *s)
{
    free(s->own);
    free(s->row);
    free(s->name);
    free(s->centroid);
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static zsc_status name_clusters(const zsc_assign_model *model, members *s)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(s->name, s->n);
    for (size_t i = 0; i < s->n; i++) s->name[i] = model->label[s->row[i]];
    qsort(s->name, s->n, sizeof *s->name, ascending);
    for (size_t i = 0; i < s->n; i++)
        if (i == 0 || s->name[i] != s->name[s->clusters - 1]) s->name[s->clusters++] = s->name[i];
done:
    return status;
}

static size_t place_of(const members *s, int32_t label)
{
    const int32_t *found = bsearch(&label, s->name, s->clusters, sizeof *s->name, ascending);
    return (size_t)(found - s->name);
}

/* Sums in double, in the order of the rows. */
static zsc_status find_centroids(const zsc_assign_model *model, members *s)
{
    zsc_status status = ZSC_OK;
    size_t d = model->d;
    double *sum = NULL;
    size_t *count = NULL;
    ZSC_NEW(sum, s->clusters * d);
    ZSC_NEW(count, s->clusters);
    ZSC_NEW_RAW(s->centroid, s->clusters * d);
    for (size_t i = 0; i < s->n; i++) {
        size_t c = place_of(s, model->label[s->row[i]]);
        count[c]++;
        for (size_t j = 0; j < d; j++) sum[c * d + j] += (double)s->x[i * d + j];
    }
    for (size_t c = 0; c < s->clusters; c++)
        for (size_t j = 0; j < d; j++) s->centroid[c * d + j] = (float)(sum[c * d + j] / (double)count[c]);
done:
    free(sum);
    free(count);
    return status;
}

/* Of n rows in k clusters; k of 0: without their centroids. */
static size_t members_memory(size_t n, size_t k, size_t d, bool copied, zsc_assign_by by)
{
    const size_t centroids = k * (d * (sizeof(double) + sizeof(float)) + sizeof(size_t));
    return n * 2 * sizeof(int32_t) + (copied ? n * d * sizeof(float) : 0) + (by == ZSC_ASSIGN_CENTROID ? centroids : 0);
}

static zsc_status find_members(const zsc_assign_model *model, zsc_assign_by by, const zsc_exec *exec, members *s)
{
    zsc_status status = ZSC_OK;
    const size_t d = model->d, least = by == ZSC_ASSIGN_NEIGHBOR ? 2 : 1;
    ZSC_NEW_RAW(s->row, model->n);
    for (size_t i = 0; i < model->n; i++)
        if (model->label[i] >= 0) s->row[s->n++] = (int32_t)i;
    if (s->n < least) {
        status = zsc_fail(ZSC_EUSAGE, "%zu of %zu rows are in a cluster; assigning new rows needs at least %zu", s->n,
                          model->n, least);
        goto done;
    }
    s->x = model->x;
    ZSC_TRY(zsc_memory_check(exec, members_memory(s->n, 0, d, s->n < model->n, by), "assigning rows"));
    if (s->n < model->n) {
        ZSC_NEW_RAW(s->own, s->n * d);
        for (size_t i = 0; i < s->n; i++) memcpy(s->own + i * d, model->x + (size_t)s->row[i] * d, d * sizeof *s->own);
        s->x = s->own;
    }
    ZSC_TRY(name_clusters(model, s));
    ZSC_TRY(zsc_memory_check(exec, members_memory(s->n, s->clusters, d, s->own, by), "assigning rows"));
    if (by == ZSC_ASSIGN_CENTROID) ZSC_TRY(find_centroids(model, s));
done:
    return status;
}

/* --- Distances */
/* Of the rows that are in a cluster: n, the caller's. */
static zsc_status own_distances(const members *s, size_t d, const zsc_assign_options *o, const zsc_exec *exec,
                                float **out)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    float *distance = NULL;
    const bool centroid = o->by == ZSC_ASSIGN_CENTROID;
    zsc_knn_options search = zsc_knn_defaults();
    search.neighbors = 2;
    search.metric = o->metric;
    search.method = ZSC_KNN_EXACT;
    ZSC_TRY(centroid ? zsc_knn_query(s->x, s->n, s->centroid, s->clusters, d, 1, o->metric, exec, &knn)
                     : zsc_knn_search(s->x, s->n, d, &search, exec, &knn));
    ZSC_NEW_RAW(distance, s->n);
    for (size_t i = 0; i < s->n; i++) distance[i] = knn.distance[i * knn.k + knn.k - 1];
    *out = distance;
done:
    zsc_knn_free(&knn);
    return status;
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Sorts the n values. */
static double quantile_of(float *value, size_t n, double quantile)
{
    qsort(value, n, sizeof *value, by_size);
    double place = quantile * (double)(n - 1), below = floor(place);
    size_t i = (size_t)below, next = i + 1 < n ? i + 1 : i;
    return (double)value[i] + (place - below) * ((double)value[next] - (double)value[i]);
}

/* *OUT takes the distances of KNN. */
static zsc_status take_nearest(const zsc_assign_model *model, const members *s, zsc_knn *knn, zsc_assigned *out)
{
    zsc_status status = ZSC_OK;
    out->n = knn->n;
    out->rows = s->n;
    out->clusters = s->clusters;
    ZSC_NEW_RAW(out->label, out->n);
    ZSC_NEW_RAW(out->novel, out->n);
    if (!s->centroid) ZSC_NEW_RAW(out->nearest, out->n);
    for (size_t i = 0; i < out->n; i++) {
        size_t at = (size_t)knn->index[i];
        out->label[i] = s->centroid ? s->name[at] : model->label[s->row[at]];
        if (out->nearest) out->nearest[i] = s->row[at];
        out->novel[i] = (double)knn->distance[i] > out->limit;
        out->novel_rows += out->novel[i];
    }
    out->distance = knn->distance;
    knn->distance = NULL;
done:
    return status;
}

static zsc_status check_rows(const zsc_assign_model *model, const float *rows, size_t m, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    if (model->n < 1 || model->n > INT32_MAX || m > INT32_MAX || model->d < 1)
        return zsc_fail(ZSC_EUSAGE, "a clustering of %zu rows of %zu columns cannot take %zu rows; expected 1 to %d",
                        model->n, model->d, m, INT32_MAX);
    ZSC_TRY(zsc_check_finite(model->x, model->n, model->d, (zsc_boundary){"rows that were clustered", NULL}, exec));
    ZSC_TRY(zsc_check_finite(rows, m, model->d, (zsc_boundary){"new rows", NULL}, exec));
done:
    return status;
}

zsc_status zsc_assign(const zsc_assign_model *model, const float *rows, size_t m, const zsc_assign_options *options,
                      const zsc_exec *exec, zsc_assigned *out)
{
    ZSC_OPTIONS(zsc_assign_options, options, zsc_assign_defaults());
    zsc_status status = ZSC_OK;
    members s = {0};
    zsc_knn knn = {0};
    zsc_assigned found = {0};
    float *own = NULL;
    const size_t d = model->d;
    ZSC_TRY(check_options(options));
    ZSC_TRY(check_rows(model, rows, m, exec));
    ZSC_TRY(find_members(model, options->by, exec, &s));
    const zsc_exec held = zsc_memory_hold(exec, members_memory(s.n, s.clusters, d, s.own, options->by) + s.n * 4);
    ZSC_TRY(own_distances(&s, d, options, &held, &own));
    found.limit = quantile_of(own, s.n, options->quantile);
    if (m > 0)
        ZSC_TRY(s.centroid ? zsc_knn_query(rows, m, s.centroid, s.clusters, d, 1, options->metric, &held, &knn)
                           : zsc_knn_query(rows, m, s.x, s.n, d, 1, options->metric, &held, &knn));
    ZSC_TRY(take_nearest(model, &s, &knn, &found));
    *out = found;
    found = (zsc_assigned){0};
done:
    zsc_assigned_free(&found);
    zsc_knn_free(&knn);
    free(own);
    free_members(&s);
    return status;
}

void zsc_assigned_free(zsc_assigned *a)
{
    if (!a) return;
    free(a->label);
    free(a->nearest);
    free(a->distance);
    free(a->novel);
    *a = (zsc_assigned){0};
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

size_t zsc_assign_memory(size_t n, size_t m, size_t d, const zsc_assign_options *options, const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_assign_options, options, zsc_assign_defaults());
    zsc_knn_options search = zsc_knn_defaults();
    search.neighbors = 2;
    search.metric = options->metric;
    search.method = ZSC_KNN_EXACT;
    const size_t kept = members_memory(n, n, d, true, options->by) + n * sizeof(float) +
                        m * (2 * sizeof(int32_t) + sizeof(float) + 1);
    const size_t query = zsc_knn_query_memory(m, n, d, 1, exec);
    const size_t own = options->by == ZSC_ASSIGN_CENTROID ? zsc_knn_query_memory(n, n, d, 1, exec)
                                                          : zsc_knn_memory(n, d, &search, exec);
    return zsc_memory_sum(kept, larger(query, own));
}
