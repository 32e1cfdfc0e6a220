#include "knn/top_k.h"

static void sink(float *distance, int32_t *index, size_t size, size_t at)
{
    float d = distance[at];
    int32_t i = index[at];
    for (size_t child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && zsc_top_k_later(distance[child + 1], index[child + 1], distance[child], index[child]))
            child++;
        if (!zsc_top_k_later(distance[child], index[child], d, i)) break;
        distance[at] = distance[child];
        index[at] = index[child];
    }
    distance[at] = d;
    index[at] = i;
}

void zsc_top_k_offer(float *distance, int32_t *index, size_t *size, size_t k, float d, int32_t i)
{
    if (*size == k) {
        if (k == 0 || !zsc_top_k_later(distance[0], index[0], d, i)) return;
        distance[0] = d;
        index[0] = i;
        sink(distance, index, k, 0);
        return;
    }
    size_t at = (*size)++;
    for (size_t parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (!zsc_top_k_later(d, i, distance[parent], index[parent])) break;
        distance[at] = distance[parent];
        index[at] = index[parent];
    }
    distance[at] = d;
    index[at] = i;
}

void zsc_top_k_sort(float *distance, int32_t *index, size_t size)
{
    while (size > 1) {
        size--;
        float d = distance[0];
        int32_t i = index[0];
        distance[0] = distance[size];
        index[0] = index[size];
        distance[size] = d;
        index[size] = i;
        sink(distance, index, size, 0);
    }
}

float zsc_top_k_kth(float *values, size_t size, size_t k)
{
    size_t most = size - k + 1, kept = 0;
    for (size_t c = 0; c < size; c++) { /* the largest so far stand in front, the least of them last */
        float value = values[c];
        if (kept == most && !(value > values[kept - 1])) continue;
        size_t to = kept < most ? kept++ : kept - 1;
        for (; to > 0 && values[to - 1] < value; to--) values[to] = values[to - 1];
        values[to] = value;
    }
    return values[kept - 1];
}
