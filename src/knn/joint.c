/* zsc_knn_search_joint: checks, then one exact search for all concatenations (knn/exact/exact.c). */
#include <math.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "knn/exact/exact.h"
#include "knn/rows.h"
#include "zsc/knn.h"

static zsc_status check(size_t features, size_t n, const size_t *offset, const size_t *member, size_t count, size_t k)
{
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot search %zu rows; the most is %d", n, INT32_MAX);
    if (k < 1 || k > n) return zsc_fail(ZSC_EUSAGE, "neighbors is %zu; expected 1 to %zu, the number of rows", k, n);
    for (size_t c = 0; c < count; c++) {
        if (offset[c + 1] <= offset[c]) return zsc_fail(ZSC_EUSAGE, "concatenation %zu has no feature block", c);
        if (offset[c + 1] - offset[c] > features)
            return zsc_fail(ZSC_EUSAGE, "concatenation %zu has a feature block twice", c);
        for (size_t m = offset[c]; m < offset[c + 1]; m++)
            if (member[m] >= features)
                return zsc_fail(ZSC_EUSAGE, "concatenation %zu has feature block %zu; expected 0 to %zu", c, member[m],
                                features - 1);
    }
    return ZSC_OK;
}

static zsc_status make_rows(const zsc_knn_features *blocks, size_t features, size_t n, const zsc_exec *exec,
                            zsc_knn_rows *rows)
{
    zsc_status status = ZSC_OK;
    for (size_t f = 0; f < features; f++) {
        ZSC_TRY(
            zsc_context(zsc_check_finite(blocks[f].x, n, blocks[f].d, (zsc_boundary){"the rows to search", NULL}, exec),
                        "feature block %zu", f));
        ZSC_TRY(zsc_knn_rows_make(blocks[f].x, blocks[f].d, NULL, n, ZSC_EUCLIDEAN, exec, &rows[f]));
    }
done:
    return status;
}

static const char what[] = "the search for neighbours";

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static zsc_status refuse_overflow(const float *distance, size_t n, size_t k, size_t c)
{
    for (size_t i = 0; i < n; i++)
        if (isinf(distance[i * k + k - 1]))
            return zsc_fail(
                ZSC_ENUMERIC,
                "concatenation %zu: the distances of row %zu are too large for single precision; scale the matrix "
                "(--scale)",
                c, zsc_number(i));
    return ZSC_OK;
}

zsc_status zsc_knn_search_joint(const zsc_knn_features *blocks, size_t features, size_t n, const size_t *offset,
                                const size_t *member, size_t concatenations, size_t neighbors, const zsc_exec *exec,
                                zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    size_t count = concatenations, k = neighbors;
    zsc_knn_rows *rows = NULL;
    int32_t **index = NULL;
    float **distance = NULL;
    ZSC_TRY(check(features, n, offset, member, count, k));
    if (count == 0) goto done;
    size_t beginning = zsc_exact_beginning_memory(blocks, features, n, zsc_threads(exec));
    ZSC_TRY(zsc_memory_expect(exec, beginning, zsc_knn_joint_memory(blocks, features, n, count, k, exec), what));
    ZSC_TRY(zsc_memory_check(exec, larger(beginning, count * n * k * 8), what));
    ZSC_NEW(rows, features);
    ZSC_NEW(index, count);
    ZSC_NEW(distance, count);
    ZSC_TRY(make_rows(blocks, features, n, exec, rows));
    const zsc_exec held = zsc_memory_hold(exec, 2 * ZSC_MEMORY_REST); /* and arenas of the workers */
    ZSC_TRY(zsc_exact_search_joint(rows, features, offset, member, count, k, &held, index, distance));
    for (size_t c = 0; c < count; c++) ZSC_TRY(refuse_overflow(distance[c], n, k, c));
    for (size_t c = 0; c < count; c++) {
        out[c] = (zsc_knn){n, k, index[c], distance[c], ZSC_KNN_EXACT, n, 0};
        index[c] = NULL;
        distance[c] = NULL;
    }
done:
    for (size_t c = 0; index && distance && c < count; c++) {
        free(index[c]);
        free(distance[c]);
    }
    free(index);
    free(distance);
    for (size_t f = 0; rows && f < features; f++) zsc_knn_rows_free(&rows[f]);
    free(rows);
    return status;
}

size_t zsc_knn_joint_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t concatenations,
                            size_t neighbors, const zsc_exec *exec)
{
    if (features == 0) return 0;
    return 2 * ZSC_MEMORY_REST +
           larger(zsc_exact_memory(blocks, features, n, concatenations, neighbors, zsc_threads(exec)),
                  concatenations * n * neighbors * 8);
}
