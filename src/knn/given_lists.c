#include "knn/given_lists.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "knn/rows.h"

typedef struct neighbour {
    float distance;
    int32_t index;
    bool other; /* not the row itself */
} neighbour;

static int by_distance(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    if (x->other != y->other) return x->other ? 1 : -1;
    if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static int by_index(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* The list of row i, k entries, and the row itself where it is not among them, to `list`; *count is k or k + 1. */
static zsc_status take_list(const zsc_knn *given, size_t i, neighbour *list, size_t *count)
{
    bool has_itself = false;
    for (size_t c = 0; c < given->k; c++) {
        int32_t j = given->index[i * given->k + c];
        float distance = given->distance[i * given->k + c];
        if (j < 0 || (size_t)j >= given->n)
            return zsc_fail(ZSC_EINPUT, "neighbour %zu of row %zu has index %d; expected 0 to %zu", zsc_number(c),
                            zsc_number(i), j, given->n - 1);
        if (!(distance >= 0 && distance <= FLT_MAX))
            return zsc_fail(ZSC_EINPUT,
                            "neighbour %zu of row %zu (index %d) has distance %g; expected a finite number, 0 or more",
                            zsc_number(c), zsc_number(i), j, (double)distance);
        has_itself |= (size_t)j == i;
        list[c] = (neighbour){distance, j, (size_t)j != i};
    }
    *count = given->k;
    if (!has_itself) list[(*count)++] = (neighbour){0, (int32_t)i, false};
    qsort(list, *count, sizeof *list, by_index);
    for (size_t c = 1; c < *count; c++)
        if (list[c].index == list[c - 1].index)
            return zsc_fail(ZSC_EINPUT, "index %d appears twice among the neighbours of row %zu", list[c].index,
                            zsc_number(i));
    return ZSC_OK;
}

zsc_status zsc_knn_arrange(zsc_knn *given)
{
    zsc_status status = ZSC_OK;
    neighbour *list = NULL;
    ZSC_NEW_RAW(list, given->k + 1);
    for (size_t i = 0; i < given->n; i++) {
        size_t count = 0;
        ZSC_TRY(take_list(given, i, list, &count));
        qsort(list, count, sizeof *list, by_distance);
        for (size_t c = 0; c < given->k; c++) {
            given->index[i * given->k + c] = list[c].index;
            given->distance[i * given->k + c] = list[c].distance;
        }
    }
done:
    free(list);
    return status;
}

static zsc_status check_row(const zsc_knn_rows *rows, const zsc_knn *given, size_t i)
{
    const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
    const int32_t *index = given->index + i * given->k;
    const float *distance = given->distance + i * given->k;
    double largest = 0;
    for (size_t c = 0; c < given->k; c++)
        largest = fmax(largest, (double)zsc_knn_rows_distance(rows, kernels, i, (size_t)index[c]));
    /* One minus a cosine, in single precision, is off by some of its roundings, however small it is. */
    double tolerance = 1e-3 * largest + (zsc_knn_rows_angular(rows) ? 1e-6 : 0);
    for (size_t c = 0; c < given->k; c++) {
        double own = (double)zsc_knn_rows_distance(rows, kernels, i, (size_t)index[c]);
        if (fabs(own - (double)distance[c]) <= tolerance) continue; /* NaN is refused */
        return zsc_fail(ZSC_EINPUT, "neighbour %zu of row %zu (index %d) has distance %g; expected %g", zsc_number(c),
                        zsc_number(i), index[c], (double)distance[c], own);
    }
    return ZSC_OK;
}

zsc_status zsc_knn_check_distances(const float *x, size_t n, size_t d, const zsc_knn *given, zsc_metric metric,
                                   size_t sample, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_knn_rows rows = {0};
    if (given->n != n) return zsc_fail(ZSC_EUSAGE, "the neighbours are of %zu rows; expected %zu", given->n, n);
    if (sample > n) sample = n;
    ZSC_TRY(zsc_knn_rows_make(x, d, NULL, n, metric, exec, &rows));
    for (size_t s = 0; s < sample; s++) ZSC_TRY(check_row(&rows, given, n / sample * s + n % sample * s / sample));
done:
    zsc_knn_rows_free(&rows);
    return status;
}
