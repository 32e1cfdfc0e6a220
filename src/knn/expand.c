#include "knn/expand.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The first `most` members, by index, of the groups of list positions from .. to - 1, without row SELF. */
static size_t gather(const zsc_distinct *keys, const int32_t *list, size_t from, size_t to, int32_t self, size_t most,
                     int32_t *out)
{
    size_t count = 0;
    for (size_t at = from; at < to; at++) {
        size_t taken = 0;
        for (int32_t m = keys->offset[list[at]]; m < keys->offset[list[at] + 1] && taken < most; m++)
            if (keys->member[m] != self) {
                out[count++] = keys->member[m];
                taken++;
            }
    }
    if (to - from > 1) qsort(out, count, sizeof *out, ascending);
    return count < most ? count : most;
}

/* The list of row i, of group `group`; self: that row where it is to come first, or -1. */
static void expand_row(const zsc_distinct *keys, const zsc_expand_lists *lists, size_t i, size_t group, int32_t self,
                       int32_t *scratch, zsc_knn *out)
{
    size_t k = out->k, filled = 0;
    const int32_t *list = lists->index + group * lists->k;
    const float *distance = lists->distance + group * lists->k;
    int32_t *index_out = out->index + i * k;
    float *distance_out = out->distance + i * k;
    if (self >= 0) {
        index_out[filled] = self;
        distance_out[filled++] = 0;
    }
    for (size_t from = 0, to; from < lists->k && filled < k; from = to) {
        for (to = from + 1; to < lists->k && distance[to] == distance[from];) to++;
        size_t count = gather(keys, list, from, to, self, k - filled, scratch);
        for (size_t c = 0; c < count; c++, filled++) {
            index_out[filled] = scratch[c];
            distance_out[filled] = distance[from];
        }
    }
}

static size_t scratch_of(size_t n, size_t k)
{
    if (n == 0 || k == 0) return 1;
    return k < n / k ? k * k : n;
}

zsc_status zsc_expand(const zsc_distinct *queries, const zsc_distinct *keys, const zsc_expand_lists *lists,
                      const zsc_exec *exec, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    size_t each = scratch_of(keys->n, out->k);
    int32_t *scratch = NULL;
    ZSC_NEW_RAW(scratch, each * (size_t)threads);
#pragma omp parallel num_threads(threads)
    {
        int32_t *mine = scratch + each * (size_t)zsc_thread_number();
#pragma omp for schedule(static)
        for (size_t i = 0; i < queries->n; i++)
            expand_row(keys, lists, i, (size_t)queries->group[i], queries == keys ? (int32_t)i : -1, mine, out);
    }
done:
    free(scratch);
    return status;
}

size_t zsc_expand_memory(size_t n, size_t k, int threads)
{
    return scratch_of(n, k) * sizeof(int32_t) * (size_t)threads;
}
