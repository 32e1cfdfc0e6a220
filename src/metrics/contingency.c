/* Contingency tables in O(n).
 *
 * 1. Labels become codes 0 .. C-1: through a table where their range is a few times n, else by hashing.
 * 2. Rows are sorted by class (counting sort); each class is scanned once with one counter per cluster, so that the
 * cells of the class are found without a C x K table and without hashing pairs.
 * 3. Classes, clusters and cells are reduced to histograms of their sizes. */
#include "metrics/contingency.h"

#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/random.h"
#include "metrics/sum.h"

/* --- Sizes */
void zsc_sizes_free(zsc_sizes *sizes)
{
    free(sizes->item);
    *sizes = (zsc_sizes){0};
}

zsc_status zsc_sizes_make(const int32_t *histogram, size_t largest, zsc_sizes *out)
{
    zsc_status status = ZSC_OK;
    zsc_sizes sizes = {0};
    size_t distinct = 0;
    for (size_t s = 1; s <= largest; s++) distinct += histogram[s] != 0;
    ZSC_NEW(sizes.item, distinct);
    for (size_t s = 1; s <= largest; s++) {
        if (!histogram[s]) continue;
        sizes.item[sizes.distinct++] = (zsc_size){s, (size_t)histogram[s]};
        sizes.parts += (size_t)histogram[s];
    }
    *out = sizes;
    sizes = (zsc_sizes){0};
done:
    zsc_sizes_free(&sizes);
    return status;
}

/* H = log n - sum of s log s / n; exactly 0 for one part. */
double zsc_sizes_entropy(const zsc_sizes *sizes, size_t n)
{
    if (sizes->parts <= 1) return 0;
    zsc_sum sum = {0};
    for (size_t i = 0; i < sizes->distinct; i++) {
        double s = (double)sizes->item[i].size;
        zsc_sum_add(&sum, (double)sizes->item[i].count * (s * zsc_log(s)));
    }
    double entropy = zsc_log((double)n) - zsc_sum_value(&sum) / (double)n;
    return entropy > 0 ? entropy : 0;
}

uint64_t zsc_sizes_squares(const zsc_sizes *sizes)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < sizes->distinct; i++)
        sum += (uint64_t)sizes->item[i].size * sizes->item[i].size * sizes->item[i].count;
    return sum;
}

/* --- Codes */
static void range_of(const int32_t *value, size_t n, int64_t *low, int64_t *high)
{
    int32_t least = value[0], most = value[0];
    for (size_t i = 1; i < n; i++) {
        if (value[i] < least) least = value[i];
        if (value[i] > most) most = value[i];
    }
    *low = least;
    *high = most;
}

static zsc_status codes_by_table(const int32_t *value, size_t n, int64_t low, size_t range, int32_t *code,
                                 size_t *distinct)
{
    zsc_status status = ZSC_OK;
    int32_t *of = NULL, next = 0; /* code + 1 of value low + j; 0: not seen */
    ZSC_NEW(of, range);
    for (size_t i = 0; i < n; i++) {
        int32_t *slot = &of[(int64_t)value[i] - low];
        if (!*slot) *slot = ++next;
        code[i] = *slot - 1;
    }
    *distinct = (size_t)next;
done:
    free(of);
    return status;
}

/* Slots are a power of two, probed one after the other. */
zsc_status zsc_contingency_codes_of(zsc_wide_value *at, const void *value, size_t n, int32_t *code, size_t *distinct)
{
    zsc_status status = ZSC_OK;
    int32_t *of = NULL, next = 0; /* code + 1; 0: empty */
    int64_t *key = NULL;
    size_t slots = 16;
    while (slots < 2 * n) slots *= 2;
    ZSC_NEW(of, slots);
    ZSC_NEW_RAW(key, slots);
    for (size_t i = 0; i < n; i++) {
        int64_t own = at(value, i);
        size_t slot = (size_t)zsc_mix64((uint64_t)own) & (slots - 1);
        while (of[slot] && key[slot] != own) slot = (slot + 1) & (slots - 1);
        if (!of[slot]) {
            key[slot] = own;
            of[slot] = ++next;
        }
        code[i] = of[slot] - 1;
    }
    *distinct = (size_t)next;
done:
    free(of);
    free(key);
    return status;
}

static int64_t narrow_value(const void *value, size_t i) { return ((const int32_t *)value)[i]; }

zsc_status zsc_contingency_codes(const int32_t *value, size_t n, int32_t *code, size_t *distinct)
{
    enum { SPARE = 1024 }; /* a table of this size is cheaper than hashing */
    *distinct = 0;
    if (n == 0) return ZSC_OK;
    int64_t low, high;
    range_of(value, n, &low, &high);
    uint64_t range = (uint64_t)(high - low) + 1;
    return range <= 4 * (uint64_t)n + SPARE ? codes_by_table(value, n, low, (size_t)range, code, distinct)
                                            : zsc_contingency_codes_of(narrow_value, value, n, code, distinct);
}

void zsc_contingency_select_rows(const int32_t *labels, size_t n, zsc_missing missing, int32_t *row, int32_t *label,
                                 size_t *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (labels[i] < 0 && missing == ZSC_MISSING_DROP) continue;
        row[kept] = (int32_t)i;
        label[kept++] = labels[i] < 0 ? -1 : labels[i];
    }
    *rows = kept;
}

/* --- Tables */
void zsc_contingency_free(zsc_contingency *table)
{
    zsc_sizes_free(&table->classes);
    zsc_sizes_free(&table->clusters);
    zsc_sizes_free(&table->cells);
    *table = (zsc_contingency){0};
}

/* Sizes of the parts that code (0 .. parts - 1) defines; size[] receives those of each part, histogram is all zeros
 * before and after. */
static zsc_status count_parts(const int32_t *code, size_t n, size_t parts, int32_t *size, int32_t *histogram,
                              zsc_sizes *out)
{
    for (size_t i = 0; i < n; i++) size[code[i]]++;
    size_t largest = 0;
    for (size_t p = 0; p < parts; p++) {
        histogram[size[p]]++;
        if ((size_t)size[p] > largest) largest = (size_t)size[p];
    }
    zsc_status status = zsc_sizes_make(histogram, largest, out);
    memset(histogram, 0, (largest + 1) * sizeof *histogram);
    return status;
}

/* The clusters of all rows, grouped by class. On entry end[c] is the size of class c, on return the end of its group.
 */
static void group_by_class(const int32_t *class, const int32_t *cluster, size_t n, size_t classes, int32_t *end,
                           int32_t *grouped)
{
    int32_t start = 0;
    for (size_t c = 0; c < classes; c++) {
        int32_t size = end[c];
        end[c] = start;
        start += size;
    }
    for (size_t i = 0; i < n; i++) grouped[end[class[i]]++] = cluster[i];
}

/* counter (one per cluster) is all zeros before and after; seen holds the clusters of the current class. */
static size_t count_cells(const int32_t *grouped, const int32_t *end, size_t classes, int32_t *counter, int32_t *seen,
                          int32_t *histogram)
{
    size_t largest = 0;
    int32_t at = 0;
    for (size_t c = 0; c < classes; c++) {
        size_t cells = 0;
        for (; at < end[c]; at++)
            if (counter[grouped[at]]++ == 0) seen[cells++] = grouped[at];
        for (size_t j = 0; j < cells; j++) {
            size_t size = (size_t)counter[seen[j]];
            counter[seen[j]] = 0;
            histogram[size]++;
            if (size > largest) largest = size;
        }
    }
    return largest;
}

/* class and cluster: codes of the rows scored. */
static zsc_status tabulate(const int32_t *class, size_t classes, const int32_t *cluster, size_t clusters, size_t n,
                           zsc_contingency *table)
{
    zsc_status status = ZSC_OK;
    int32_t *histogram = NULL, *end = NULL, *counter = NULL, *grouped = NULL, *seen = NULL;
    ZSC_NEW(histogram, n + 1);
    ZSC_NEW(end, classes);
    ZSC_NEW(counter, clusters);
    ZSC_NEW_RAW(grouped, n);
    ZSC_NEW_RAW(seen, clusters);
    ZSC_TRY(count_parts(cluster, n, clusters, counter, histogram, &table->clusters));
    ZSC_TRY(count_parts(class, n, classes, end, histogram, &table->classes));
    memset(counter, 0, clusters * sizeof *counter);
    group_by_class(class, cluster, n, classes, end, grouped);
    size_t largest = count_cells(grouped, end, classes, counter, seen, histogram);
    ZSC_TRY(zsc_sizes_make(histogram, largest, &table->cells));
done:
    free(histogram);
    free(end);
    free(counter);
    free(grouped);
    free(seen);
    return status;
}

zsc_status zsc_contingency_make(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                zsc_contingency *out)
{
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot score %zu rows; the most is %d", n, INT32_MAX);
    zsc_status status = ZSC_OK;
    zsc_contingency table = {0};
    int32_t *row = NULL, *class = NULL, *cluster = NULL;
    size_t class_count = 0, cluster_count = 0;
    ZSC_NEW_RAW(row, n);
    ZSC_NEW_RAW(class, n);
    ZSC_NEW_RAW(cluster, n);
    for (size_t i = 0; i < n; i++) table.missing += labels[i] < 0;
    zsc_contingency_select_rows(labels, n, missing, row, class, &table.rows);
    for (size_t j = 0; j < table.rows; j++) cluster[j] = clusters[row[j]];
    ZSC_TRY(zsc_contingency_codes(class, table.rows, class, &class_count));
    ZSC_TRY(zsc_contingency_codes(cluster, table.rows, cluster, &cluster_count));
    ZSC_TRY(tabulate(class, class_count, cluster, cluster_count, table.rows, &table));
    *out = table;
    table = (zsc_contingency){0};
done:
    zsc_contingency_free(&table);
    free(row);
    free(class);
    free(cluster);
    return status;
}
