/* Merges as SciPy's linkage matrix, and the clusters of a cut through it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ward/dendrogram.h"
#include "zsc/ward.h"

/* --- Sorting by height, stable: a radix sort on the bits of the doubles, which order like the numbers (none is
 * negative). Eight passes of one byte each; a pass in which all bytes are equal is skipped. */
typedef struct keyed_merge {
    uint64_t key;
    uint32_t index;
} keyed_merge;

static zsc_status sort_by_height(const zsc_ward_merge *merges, size_t count, keyed_merge **out)
{
    zsc_status status = ZSC_OK;
    keyed_merge *from = NULL, *to = NULL;
    ZSC_NEW_RAW(from, count);
    ZSC_NEW_RAW(to, count);
    for (size_t i = 0; i < count; i++) {
        double height = merges[i].height + 0.0;
        memcpy(&from[i].key, &height, sizeof height);
        from[i].index = (uint32_t)i;
    }
    for (int shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++) start[((from[i].key >> shift) & 255) + 1]++;
        if (count && start[((from[0].key >> shift) & 255) + 1] == count) continue;
        for (int b = 0; b < 256; b++) start[b + 1] += start[b];
        for (size_t i = 0; i < count; i++) to[start[(from[i].key >> shift) & 255]++] = from[i];
        keyed_merge *swap = from;
        from = to;
        to = swap;
    }
    *out = from;
    from = NULL;
done:
    free(from);
    free(to);
    return status;
}

static int32_t find_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

zsc_status zsc_ward_dendrogram_make(const zsc_ward_merge *merges, size_t n, double *z)
{
    zsc_status status = ZSC_OK;
    keyed_merge *order = NULL;
    int32_t *parent = NULL, *size = NULL, *label = NULL;
    if (n < 2) return ZSC_OK;
    ZSC_TRY(sort_by_height(merges, n - 1, &order));
    ZSC_NEW_RAW(parent, n);
    ZSC_NEW_RAW(size, n);
    ZSC_NEW_RAW(label, n); /* of the cluster whose root this is */
    for (size_t i = 0; i < n; i++) {
        parent[i] = label[i] = (int32_t)i;
        size[i] = 1;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        const zsc_ward_merge *merge = &merges[order[i].index];
        int32_t a = find_root(parent, merge->a), b = find_root(parent, merge->b);
        int32_t least = label[a] < label[b] ? label[a] : label[b], most = label[a] < label[b] ? label[b] : label[a];
        if (size[a] < size[b]) {
            int32_t swap = a;
            a = b;
            b = swap;
        }
        parent[b] = a;
        size[a] += size[b];
        label[a] = (int32_t)(n + i);
        double *row = z + 4 * i;
        row[0] = least;
        row[1] = most;
        row[2] = merge->height + 0.0;
        row[3] = size[a];
    }
done:
    free(order);
    free(parent);
    free(size);
    free(label);
    return status;
}

/* --- Matrices from the caller */
static zsc_status check_size(size_t n)
{
    if (n <= ZSC_WARD_ROWS_MOST) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE, "cannot take a dendrogram of %zu rows; the most is %d", n, (int)ZSC_WARD_ROWS_MOST);
}

zsc_status zsc_linkage_check(const double *z, size_t n)
{
    zsc_status status = ZSC_OK;
    bool *merged = NULL;
    if (n < 2) return ZSC_OK;
    ZSC_TRY(check_size(n));
    ZSC_NEW(merged, 2 * n - 1);
    for (size_t i = 0; i + 1 < n; i++)
        if (!(z[4 * i + 2] >= 0 && isfinite(z[4 * i + 2]))) {
            status = zsc_fail(ZSC_EINPUT,
                              "row %zu of the linkage matrix has height %g; expected a number of 0 and above",
                              zsc_number(i), z[4 * i + 2]);
            goto done;
        }
    for (size_t i = 0; i < 2 * (n - 1); i++) {
        size_t row = i / 2, before = n + row; /* clusters made before this row */
        double child = z[4 * row + i % 2];
        bool there = child >= 0 && child < (double)before && child == floor(child);
        if (!there || merged[(size_t)child]) {
            status = zsc_fail(
                ZSC_EINPUT,
                "row %zu of the linkage matrix merges cluster %g; expected one of 0 to %zu that was not merged before",
                zsc_number(row), child, before - 1);
            goto done;
        }
        merged[(size_t)child] = true;
    }
done:
    free(merged);
    return status;
}

/* --- Cuts */
/* Labels after the first `merges` rows of z, numbered by the first row of each cluster. */
static zsc_status cut_after(const double *z, size_t n, size_t merges, int32_t *labels)
{
    zsc_status status = ZSC_OK;
    int32_t *parent = NULL, *number = NULL, next = 0;
    ZSC_TRY(zsc_linkage_check(z, n));
    ZSC_NEW_RAW(parent, n + merges);
    ZSC_NEW_RAW(number, n + merges);
    for (size_t i = 0; i < n + merges; i++) {
        parent[i] = (int32_t)i;
        number[i] = -1;
    }
    for (size_t i = 0; i < merges; i++) {
        const double *row = z + 4 * i;
        parent[(size_t)row[0]] = parent[(size_t)row[1]] = (int32_t)(n + i);
    }
    for (size_t i = 0; i < n; i++) {
        int32_t root = find_root(parent, (int32_t)i);
        if (number[root] < 0) number[root] = next++;
        labels[i] = number[root];
    }
done:
    free(parent);
    free(number);
    return status;
}

zsc_status zsc_cut_clusters(const double *z, size_t n, size_t k, int32_t *labels)
{
    if (k == 0 || k > n)
        return zsc_fail(ZSC_EUSAGE, "cannot cut a dendrogram of %zu rows into %zu clusters; expected 1 to %zu", n, k,
                        n);
    return cut_after(z, n, n - k, labels);
}

zsc_status zsc_cut_height(const double *z, size_t n, double height, int32_t *labels, size_t *k)
{
    if (!isfinite(height))
        return zsc_fail(ZSC_EUSAGE, "cannot cut a dendrogram at height %g; expected a finite number", height);
    size_t merges = 0;
    while (merges + 1 < n && z[4 * merges + 2] <= height) merges++;
    zsc_status status = cut_after(z, n, merges, labels);
    if (status == ZSC_OK) *k = n - merges;
    return status;
}
