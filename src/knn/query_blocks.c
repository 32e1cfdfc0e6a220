/* zsc_knn_query_blocks: keys that are read block by block. Each block is searched as zsc_knn_query searches all keys;
 * the lists of a query are merged in the order (distance, key). Distances are of two rows and of nothing else, so that
 * the lists are those of one search of all keys. */
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "zsc/knn.h"

/* The first k of both lists, of which A has keys that come before those of B, into A. */
static void merge(size_t k, int32_t *a_index, float *a_distance, size_t a, const int32_t *b_index,
                  const float *b_distance, size_t b, int32_t first, float *scratch, int32_t *scratch_index)
{
    size_t i = 0, j = 0, n = a + b < k ? a + b : k;
    for (size_t c = 0; c < n; c++) {
        bool from_a = j == b || (i < a && a_distance[i] <= b_distance[j]);
        scratch[c] = from_a ? a_distance[i] : b_distance[j];
        scratch_index[c] = from_a ? a_index[i] : b_index[j] + first;
        i += from_a;
        j += !from_a;
    }
    memcpy(a_index, scratch_index, n * sizeof *a_index);
    memcpy(a_distance, scratch, n * sizeof *a_distance);
}

static size_t lists_memory(size_t n, size_t k)
{
    size_t bytes;
    return __builtin_mul_overflow(n + 1, k * 8, &bytes) ? SIZE_MAX : bytes;
}

size_t zsc_knn_query_blocks_memory(size_t n, size_t block, size_t d, size_t k, const zsc_exec *exec)
{
    size_t rows = block * d * sizeof(float), of_block = k < block ? k : block;
    return zsc_memory_sum(zsc_memory_sum(lists_memory(n, k), rows), zsc_knn_query_memory(n, block, d, of_block, exec));
}

size_t zsc_knn_query_block(size_t n, size_t m, size_t d, size_t k, const zsc_exec *exec)
{
    enum { LEAST = 1024 };
    size_t block = m;
    while (block > LEAST && !zsc_memory_fits(exec, zsc_knn_query_blocks_memory(n, block, d, k, exec)))
        block = block / 2 + 1 > LEAST ? block / 2 + 1 : LEAST;
    return block;
}

static zsc_status check(size_t n, size_t m, size_t block, size_t k)
{
    if (n > INT32_MAX || m > INT32_MAX)
        return zsc_fail(ZSC_EUSAGE, "cannot search %zu queries in %zu keys; the most is %d", n, m, INT32_MAX);
    if (block == 0) return zsc_fail(ZSC_EUSAGE, "a block of keys has no row");
    if (k < 1 || k > m) return zsc_fail(ZSC_EUSAGE, "neighbors is %zu; expected 1 to %zu, the number of keys", k, m);
    return ZSC_OK;
}

typedef struct blocks {
    const float *queries;
    size_t n, m, d, k;
    zsc_metric metric;
    float *x, *scratch; /* a block of keys; k */
    int32_t *scratch_index;
    zsc_knn all;
} blocks;

/* The keys first .. first + count - 1, which are in x. */
static zsc_status search_block(blocks *b, size_t first, size_t count, const zsc_exec *exec)
{
    zsc_progress_part part = {exec, "knn", (double)first / (double)b->m, (double)(first + count) / (double)b->m};
    const zsc_exec own = zsc_progress_within(&part);
    zsc_knn found = {0};
    size_t k = b->k < count ? b->k : count, have = b->k < first ? b->k : first;
    zsc_status status = zsc_knn_query(b->queries, b->n, b->x, count, b->d, k, b->metric, &own, &found);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < b->n; i++)
        merge(b->k, b->all.index + i * b->k, b->all.distance + i * b->k, have, found.index + i * k,
              found.distance + i * k, k, (int32_t)first, b->scratch, b->scratch_index);
    b->all.measured += found.measured;
    zsc_knn_free(&found);
    return ZSC_OK;
}

zsc_status zsc_knn_query_blocks(const float *queries, size_t n, zsc_knn_read_fn read, void *data, size_t m, size_t d,
                                size_t block, size_t k, zsc_metric metric, const zsc_exec *exec, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    blocks b = {.queries = queries, .n = n, .m = m, .d = d, .k = k, .metric = metric};
    ZSC_TRY(check(n, m, block, k));
    if (block > m) block = m;
    ZSC_TRY(zsc_memory_check(exec, zsc_memory_sum(lists_memory(n, k), block * d * sizeof *b.x), "a block of keys"));
    const zsc_exec held = zsc_memory_hold(exec, lists_memory(n, k) + block * d * sizeof *b.x);
    b.all = (zsc_knn){.n = n, .k = k, .method = ZSC_KNN_EXACT};
    ZSC_NEW_RAW(b.x, block * d);
    ZSC_NEW_RAW(b.scratch, k);
    ZSC_NEW_RAW(b.scratch_index, k);
    ZSC_NEW_RAW(b.all.index, n * k);
    ZSC_NEW_RAW(b.all.distance, n * k);
    for (size_t first = 0; first < m; first += block) {
        size_t count = m - first < block ? m - first : block;
        ZSC_TRY(read(data, first, count, b.x));
        ZSC_TRY(search_block(&b, first, count, &held));
    }
    *out = b.all;
    b.all = (zsc_knn){0};
done:
    free(b.x);
    free(b.scratch);
    free(b.scratch_index);
    zsc_knn_free(&b.all);
    return status;
}
