/* How many of the true neighbours a list holds. */
#include <math.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "knn/rows.h"
#include "knn/top_k.h"

/* How many of row i's listed neighbours are as near as the true k-th, which `heap` (k entries) is used to find. */
static size_t hits(const zsc_knn_rows *rows, const zsc_knn *found, size_t i, float *heap, int32_t *index)
{
    const zsc_row_kernels *kernels = ZSC_SIMD_PICK(zsc_row_kernels_of);
    size_t size = 0, count = 0;
    for (size_t j = 0; j < rows->count; j++)
        if (j != i)
            zsc_top_k_offer(heap, index, &size, found->k - 1, zsc_knn_rows_distance(rows, kernels, i, j), (int32_t)j);
    for (size_t c = 0; c < found->k; c++) {
        size_t j = (size_t)found->index[i * found->k + c];
        count += j != i && zsc_knn_rows_distance(rows, kernels, i, j) <= heap[0];
    }
    return count;
}

zsc_status zsc_knn_recall(const float *x, size_t n, size_t d, const zsc_knn *found, zsc_metric metric, size_t sample,
                          uint64_t seed, const zsc_exec *exec, double *recall)
{
    zsc_status status = ZSC_OK;
    zsc_knn_rows rows = {0};
    float *heap = NULL;
    int32_t *index = NULL;
    int threads = zsc_threads(exec);
    size_t total = 0, k = found->k;
    if (found->n != n) return zsc_fail(ZSC_EUSAGE, "the neighbours are of %zu rows; expected %zu", found->n, n);
    if (sample == 0 || sample > n) sample = n;
    if (k < 2 || n == 0) {
        *recall = 1;
        return ZSC_OK;
    }
    for (size_t i = 0; i < n * k; i++)
        if (found->index[i] < 0 || (size_t)found->index[i] >= n)
            return zsc_fail(ZSC_EINPUT, "neighbour %zu of row %zu has index %d; expected 0 to %zu", zsc_number(i % k),
                            zsc_number(i / k), found->index[i], n - 1);
    ZSC_TRY(zsc_check_finite(x, n, d, (zsc_boundary){"the rows of the recall", NULL}, exec));
    ZSC_TRY(zsc_knn_rows_make(x, d, NULL, n, metric, exec, &rows));
    ZSC_NEW(heap, k * (size_t)threads);
    ZSC_NEW(index, k * (size_t)threads);
    for (size_t from = 0; from < sample; from += 64) {
        if (!zsc_progress(exec, "recall", (double)from, (double)sample))
            ZSC_TRY(zsc_fail(ZSC_EINTERRUPTED, "interrupted"));
        size_t to = from + 64 < sample ? from + 64 : sample;
#pragma omp parallel for schedule(dynamic) num_threads(threads) reduction(+ : total)
        for (size_t s = from; s < to; s++) {
            zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_SAMPLE, s);
            size_t mine = k * (size_t)zsc_thread_number();
            total += hits(&rows, found, sample == n ? s : (size_t)zsc_stream_below(&stream, n), heap + mine,
                          index + mine);
        }
    }
    *recall = (double)total / ((double)sample * (double)(k - 1));
done:
    zsc_knn_rows_free(&rows);
    free(heap);
    free(index);
    return status;
}
