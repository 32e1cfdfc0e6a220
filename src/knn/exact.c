#include "knn/search.h"

#include "base/memory.h"
#include "base/threads.h"
#include "knn/lists.h"

zsc_status zsc_knn_exact(const zsc_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance)
{
    enum { STEP = 512 };
    const zsc_measure_kernels *kernels = ZSC_SIMD_PICK(zsc_measure_kernels_of);
    int threads = zsc_threads(exec);
    for (size_t from = 0; from < rows->count; from += STEP) {
        size_t to = from + STEP < rows->count ? from + STEP : rows->count;
        if (!zsc_progress(exec, "knn", (double)from, (double)rows->count)) return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
#pragma omp parallel for schedule(dynamic, 8) num_threads(threads)
        for (size_t i = from; i < to; i++) {
            size_t size = 0;
            for (size_t j = 0; j < rows->count; j++)
                zsc_heap_offer(distance + i * k, index + i * k, &size, k,
                               i == j ? 0 : zsc_rows_distance(rows, kernels, i, j), (int32_t)j);
            zsc_heap_sort(distance + i * k, index + i * k, size);
        }
    }
    return ZSC_OK;
}

size_t zsc_knn_exact_memory(size_t count, size_t d, size_t k, zsc_metric metric, int threads)
{
    (void)d, (void)metric, (void)threads;
    return count * k * 8;
}
