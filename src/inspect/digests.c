#include "inspect/digests.h"

#include <stdlib.h>

#include "base/memory.h"

zsc_status zsc_row_digests_add(zsc_row_digests *list, zsc_digest digest, size_t row)
{
    zsc_status status = zsc_grow(&list->item, &list->capacity, list->count + 1, sizeof *list->item, "hashes");
    if (status == ZSC_OK) list->item[list->count++] = (zsc_row_digest){digest, (uint32_t)row};
    return status;
}

static int by_digest(const void *a, const void *b)
{
    const zsc_row_digest *x = a, *y = b;
    if (x->digest.high != y->digest.high) return x->digest.high < y->digest.high ? -1 : 1;
    if (x->digest.low != y->digest.low) return x->digest.low < y->digest.low ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool same_digest(const zsc_row_digest *a, const zsc_row_digest *b)
{
    return a->digest.high == b->digest.high && a->digest.low == b->digest.low;
}

/* Handed out by the digest's first bits, which are as good as random, then each part by itself. */
zsc_status zsc_row_digests_sort(zsc_row_digests *list)
{
    enum { BITS = 16, PARTS = 1 << BITS, SHIFT = 64 - BITS };
    zsc_status status = ZSC_OK;
    zsc_row_digest *item = NULL;
    size_t *end = NULL, first = 0;
    if (list->count < PARTS) {
        if (list->count > 1) qsort(list->item, list->count, sizeof *list->item, by_digest);
        return ZSC_OK;
    }
    ZSC_NEW_RAW(item, list->count);
    ZSC_NEW(end, PARTS + 1);
    for (size_t i = 0; i < list->count; i++) end[(list->item[i].digest.high >> SHIFT) + 1]++;
    for (size_t p = 0; p < PARTS; p++) end[p + 1] += end[p];
    for (size_t i = 0; i < list->count; i++) item[end[list->item[i].digest.high >> SHIFT]++] = list->item[i];
    for (size_t p = 0; p < PARTS; first = end[p++])
        if (end[p] - first > 1) qsort(item + first, end[p] - first, sizeof *item, by_digest);
    free(list->item);
    list->item = item;
    list->capacity = list->count;
    item = NULL;
done:
    free(item);
    free(end);
    return status;
}

size_t zsc_row_digests_repeats(const zsc_row_digests *list, size_t *first, size_t *second)
{
    size_t repeats = 0, earlier = 0, later = SIZE_MAX;
    for (size_t i = 1; i < list->count; i++) {
        if (!same_digest(&list->item[i], &list->item[i - 1])) continue;
        repeats++;
        if (list->item[i].row < later) {
            later = list->item[i].row;
            earlier = list->item[i - 1].row;
        }
    }
    if (first) *first = earlier;
    if (second) *second = later;
    return repeats;
}
