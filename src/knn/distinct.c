/* Distinct rows by hashing.
 *
 * Every row is hashed with its negative zeros made positive (in parallel); then the rows go, in order, into a table of
 * open addressing, where rows of one hash are compared in full. Groups are therefore numbered by their first row. */
#include "knn/distinct.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/threads.h"

enum { CHUNK = 1024 }; /* floats whose zeros are made positive at a time */

static uint64_t hash_row(const float *row, size_t d)
{
    float clean[CHUNK];
    uint64_t hash = 0;
    for (size_t from = 0; from < d; from += CHUNK) {
        size_t size = d - from < CHUNK ? d - from : CHUNK;
        for (size_t i = 0; i < size; i++) clean[i] = row[from + i] + 0.0f; /* -0.0 + 0.0 is 0.0 */
        uint64_t part = zsc_hash64(clean, size * sizeof *clean);
        hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
    }
    return hash;
}

static bool equal_rows(const float *a, const float *b, size_t d)
{
    if (memcmp(a, b, d * sizeof *a) == 0) return true;
    for (size_t i = 0; i < d; i++)
        if (a[i] != b[i]) return false;
    return true;
}

static size_t table_size(size_t n)
{
    size_t size = 16;
    while (size < 2 * n) size *= 2;
    return size;
}

/* table[slot]: a group's number plus one, 0 where free. */
static void assign_groups(const float *x, size_t d, const uint64_t *hash, int32_t *table, size_t slots,
                          zsc_distinct *out)
{
    for (size_t i = 0; i < out->n; i++) {
        size_t slot = hash[i] & (slots - 1);
        for (;; slot = (slot + 1) & (slots - 1)) {
            int32_t g = table[slot] - 1;
            if (g < 0) {
                out->first[out->count] = (int32_t)i;
                out->group[i] = (int32_t)out->count++;
                table[slot] = (int32_t)out->count;
                break;
            }
            size_t f = (size_t)out->first[g];
            if (hash[f] == hash[i] && equal_rows(x + f * d, x + i * d, d)) {
                out->group[i] = g;
                break;
            }
        }
    }
}

static void list_members(zsc_distinct *out)
{
    for (size_t i = 0; i < out->n; i++) out->offset[out->group[i] + 1]++;
    for (size_t g = 0; g < out->count; g++) out->offset[g + 1] += out->offset[g];
    for (size_t i = out->n; i-- > 0;) out->member[--out->offset[out->group[i] + 1]] = (int32_t)i;
    for (size_t g = 0; g < out->count; g++) out->offset[g] = out->offset[g + 1];
    out->offset[out->count] = (int32_t)out->n;
}

zsc_status zsc_distinct_find(const float *x, size_t n, size_t d, const zsc_exec *exec, zsc_distinct *out)
{
    zsc_status status = ZSC_OK;
    zsc_distinct found = {.n = n};
    uint64_t *hash = NULL;
    int32_t *table = NULL;
    size_t slots = table_size(n);
    ZSC_NEW_RAW(hash, n);
    ZSC_NEW(table, slots);
    ZSC_NEW_RAW(found.group, n);
    ZSC_NEW_RAW(found.first, n);
    ZSC_NEW(found.offset, n + 2);
    ZSC_NEW_RAW(found.member, n);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < n; i++) hash[i] = hash_row(x + i * d, d);
    assign_groups(x, d, hash, table, slots, &found);
    list_members(&found);
    *out = found;
    found = (zsc_distinct){0};
done:
    zsc_distinct_free(&found);
    free(hash);
    free(table);
    return status;
}

void zsc_distinct_free(zsc_distinct *distinct)
{
    free(distinct->group);
    free(distinct->first);
    free(distinct->offset);
    free(distinct->member);
    *distinct = (zsc_distinct){0};
}

size_t zsc_distinct_memory(size_t n)
{
    return n * (sizeof(uint64_t) + 4 * sizeof(int32_t)) + table_size(n) * sizeof(int32_t);
}

static bool finite_row(const float *row, size_t d)
{
    float zero = 0; /* 0 * x is 0 for finite x and NaN otherwise */
    for (size_t i = 0; i < d; i++) zero += 0.0f * row[i];
    return zero == 0;
}

zsc_status zsc_finite_check(const float *x, size_t n, size_t d, const zsc_exec *exec)
{
    size_t bad = 0, first = n;
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec)) reduction(+ : bad) reduction(min : first)
    for (size_t i = 0; i < n; i++)
        if (!finite_row(x + i * d, d)) {
            bad++;
            if (i < first) first = i;
        }
    if (bad)
        return zsc_fail(ZSC_ENUMERIC, "%zu of %zu rows hold NaN or infinity, first at row %zu (from 0)", bad, n, first);
    return ZSC_OK;
}
