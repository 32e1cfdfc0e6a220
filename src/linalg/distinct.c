/* Distinct rows by hashing.
 *
 * Every row is hashed with its negative zeros made positive (in parallel); then the rows go, in order, into a table of
 * open addressing, where rows of one hash are compared in full. Groups are therefore numbered by their first row, and
 * nothing depends on the threads. */
#include "linalg/distinct.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/threads.h"

enum { CHUNK = 1024 }; /* numbers whose zeros are made positive at a time */

/* A matrix of either precision. */
typedef struct matrix {
    const void *x;
    size_t n, d;
    uint64_t (*hash)(const void *x, size_t i, size_t d); /* of row i */
    bool (*equal)(const void *x, size_t i, size_t j, size_t d);
} matrix;

/* hash_NAME and equal_NAME, the same text for each type of number; -0.0 + 0.0 is 0.0. */
#define DEFINE_ROWS(type)                                                                                              \
    static uint64_t hash_##type(const void *x, size_t i, size_t d)                                                     \
    {                                                                                                                  \
        const type *row = (const type *)x + i * d;                                                                     \
        type clean[CHUNK];                                                                                             \
        uint64_t hash = 0;                                                                                             \
        for (size_t from = 0; from < d; from += CHUNK) {                                                               \
            size_t size = d - from < CHUNK ? d - from : CHUNK;                                                         \
            for (size_t p = 0; p < size; p++) clean[p] = row[from + p] + 0;                                            \
            uint64_t part = zsc_hash64(clean, size * sizeof *clean);                                                   \
            hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);                                        \
        }                                                                                                              \
        return hash;                                                                                                   \
    }                                                                                                                  \
    static bool equal_##type(const void *x, size_t i, size_t j, size_t d)                                              \
    {                                                                                                                  \
        const type *a = (const type *)x + i * d, *b = (const type *)x + j * d;                                         \
        if (memcmp(a, b, d * sizeof *a) == 0) return true;                                                             \
        for (size_t p = 0; p < d; p++)                                                                                 \
            if (a[p] != b[p]) return false;                                                                            \
        return true;                                                                                                   \
    }
DEFINE_ROWS(float)
DEFINE_ROWS(double)

static size_t table_size(size_t n)
{
    size_t size = 16;
    while (size < 2 * n) size *= 2;
    return size;
}

/* table[slot]: a group's number plus one, 0 where free. */
static void assign_groups(const matrix *m, const uint64_t *hash, int32_t *table, size_t slots, zsc_distinct *out)
{
    for (size_t i = 0; i < m->n; i++) {
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
            if (hash[f] == hash[i] && m->equal(m->x, f, i, m->d)) {
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

static zsc_status find(const matrix *m, const zsc_exec *exec, zsc_distinct *out)
{
    zsc_status status = ZSC_OK;
    zsc_distinct found = {.n = m->n};
    uint64_t *hash = NULL;
    int32_t *table = NULL;
    size_t slots = table_size(m->n);
    ZSC_NEW_RAW(hash, m->n);
    ZSC_NEW(table, slots);
    ZSC_NEW_RAW(found.group, m->n);
    ZSC_NEW_RAW(found.first, m->n);
    ZSC_NEW(found.offset, m->n + 2);
    ZSC_NEW_RAW(found.member, m->n);
#pragma omp parallel for schedule(static) num_threads(zsc_threads(exec))
    for (size_t i = 0; i < m->n; i++) hash[i] = m->hash(m->x, i, m->d);
    assign_groups(m, hash, table, slots, &found);
    list_members(&found);
    *out = found;
    found = (zsc_distinct){0};
done:
    zsc_distinct_free(&found);
    free(hash);
    free(table);
    return status;
}

zsc_status zsc_distinct_find(const float *x, size_t n, size_t d, const zsc_exec *exec, zsc_distinct *out)
{
    return find(&(matrix){x, n, d, hash_float, equal_float}, exec, out);
}

zsc_status zsc_distinct_find_f64(const double *x, size_t n, size_t d, const zsc_exec *exec, zsc_distinct *out)
{
    return find(&(matrix){x, n, d, hash_double, equal_double}, exec, out);
}

void zsc_distinct_free(zsc_distinct *distinct)
{
    free(distinct->group);
    free(distinct->first);
    free(distinct->offset);
    free(distinct->member);
    *distinct = (zsc_distinct){0};
}

size_t zsc_distinct_kept(size_t n) { return n * 4 * sizeof(int32_t); }

size_t zsc_distinct_memory(size_t n)
{
    return zsc_distinct_kept(n) + n * sizeof(uint64_t) + table_size(n) * sizeof(int32_t);
}
