/* Rows of distances, from one cluster to all others.
 *
 * Of average linkage a row holds the sums of the distances of all pairs of rows (repeated ones as often as they occur),
 * of complete linkage the largest distance. Both come from the rows themselves in O(|A| m d),
 *
 *     sum(A, X) = sum over a in A, x in X of w_a w_x d(a, x)          largest(A, X) = max over a in A, x in X of d(a,
 * x)
 *
 * or in O(m) from the rows of the two clusters that merged: sum(AB, X) = sum(A, X) + sum(B, X), and the same with max.
 *
 * No array of size m x m is needed: a bounded number of rows is kept, and a row that is not there is computed again.
 * Which one goes: the one of the least worth, its worth being the cost of computing it (the size of its cluster) plus
 * the worth of the last one that went when it was last used (GreedyDual-Size, Cao and Irani 1997). Big clusters stay,
 * and so do those that the chain is at work on. What is kept depends on m alone, never on the machine, so that sums are
 * added in one order everywhere. */
#include "ward/cluster_distances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { BLOCK = 128, KEPT_BYTES = 1 << 28, KEPT_LEAST = 64 };

static size_t forced;

void zsc_ward_distances_keep(size_t rows) { forced = rows; }

/* 256 MB, but 64 rows at the least. */
static size_t rows_kept(size_t m)
{
    size_t kept = m ? KEPT_BYTES / (m * sizeof(double)) : 0;
    if (kept < KEPT_LEAST) kept = KEPT_LEAST;
    if (forced) kept = forced;
    return kept < m ? kept : m;
}

size_t zsc_ward_distances_memory(size_t m, size_t there)
{
    size_t kept = rows_kept(m), row = m * sizeof(double) + 64;
    if (there > kept) there = kept;
    return ZSC_MEMORY_REST + m * (3 * sizeof(double) + 5 * sizeof(int32_t)) +
           kept * (sizeof(double *) + sizeof(double) + sizeof(int32_t)) + there * row;
}

zsc_status zsc_ward_distances_make(const zsc_ward_points *points, bool largest, const zsc_exec *exec,
                                   zsc_ward_distances *s)
{
    zsc_status status = ZSC_OK;
    size_t m = points->m;
    *s = (zsc_ward_distances){.points = points, .largest = largest, .exec = exec, .count = m, .kept = rows_kept(m)};
    ZSC_NEW_RAW(s->weight, m);
    ZSC_NEW_RAW(s->live, m);
    ZSC_NEW_RAW(s->slot, m);
    ZSC_NEW_RAW(s->next, m);
    ZSC_NEW_RAW(s->last, m);
    ZSC_NEW_RAW(s->size, m);
    ZSC_NEW_RAW(s->to_row, m);
    ZSC_NEW_RAW(s->place, m);
    ZSC_NEW(s->store, s->kept);
    ZSC_NEW_RAW(s->owner, s->kept);
    ZSC_NEW(s->worth, s->kept);
    for (size_t i = 0; i < m; i++) {
        s->weight[i] = points->weight[i];
        s->live[i] = s->slot[i] = s->last[i] = (int32_t)i;
        s->next[i] = s->place[i] = -1;
        s->size[i] = 1;
    }
    for (size_t k = 0; k < s->kept; k++) s->owner[k] = -1;
done:
    return status;
}

void zsc_ward_distances_free(zsc_ward_distances *s)
{
    free(s->weight);
    free(s->live);
    free(s->slot);
    free(s->next);
    free(s->last);
    free(s->size);
    free(s->to_row);
    free(s->place);
    for (size_t k = 0; s->store && k < s->there; k++) free(s->store[k]);
    free(s->store);
    free(s->owner);
    free(s->worth);
}

/* Of cluster a to the rows from `first` to before `end`. */
static void to_rows(const zsc_ward_distances *s, int32_t a, size_t first, size_t end)
{
    const zsc_ward_points *p = s->points;
    double *to = s->to_row;
    for (size_t r = first; r < end; r++) to[r] = 0;
    for (int32_t i = a; i >= 0; i = s->next[i])
        for (size_t r = first; r < end; r++) {
            double distance = zsc_ward_distance(p, (size_t)i, r);
            if (!s->largest)
                to[r] += p->weight[i] * distance;
            else if (distance > to[r])
                to[r] = distance;
        }
}

static void compute(zsc_ward_distances *s, int32_t a, double *out)
{
    size_t m = s->points->m, blocks = (m + BLOCK - 1) / BLOCK;
    int threads = zsc_threads(s->exec);
    bool parallel = threads > 1 && (double)s->size[a] * (double)m * (double)s->points->stride > 1e5;
#pragma omp parallel for schedule(static) num_threads(threads) if (parallel)
    for (size_t b = 0; b < blocks; b++) to_rows(s, a, b * BLOCK, (b + 1) * BLOCK < m ? (b + 1) * BLOCK : m);
    for (size_t k = 0; k < s->count; k++) out[s->live[k]] = 0;
    for (size_t r = 0; r < m; r++) {
        double *to = &out[s->slot[r]];
        if (!s->largest)
            *to += s->points->weight[r] * s->to_row[r];
        else if (s->to_row[r] > *to)
            *to = s->to_row[r];
    }
}

/* A free place, one more, or the one of the least worth, which is given up. */
static zsc_status find_place(zsc_ward_distances *s, int32_t pinned, size_t *out)
{
    enum { STEP = 16 }; /* rows that memory is checked for */
    size_t least = SIZE_MAX, m = s->points->m;
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < s->there; k++) {
        if (s->owner[k] < 0) {
            *out = k;
            return ZSC_OK;
        }
        if (s->owner[k] == pinned) continue;
        if (least == SIZE_MAX || s->worth[k] < s->worth[least]) least = k;
    }
    if (s->there < s->kept) {
        if (s->there % STEP == 0)
            ZSC_TRY(zsc_memory_check(s->exec, zsc_ward_distances_memory(m, s->there + STEP), "clustering"));
        ZSC_NEW_RAW(s->store[s->there], m);
        *out = s->there++;
        return ZSC_OK;
    }
    s->age = s->worth[least];
    s->place[s->owner[least]] = -1;
    *out = least;
done:
    return status;
}

zsc_status zsc_ward_distances_of(zsc_ward_distances *s, int32_t a, int32_t pinned, const double **out)
{
    size_t k = 0;
    if (s->place[a] < 0) {
        zsc_status status = find_place(s, pinned, &k);
        if (status != ZSC_OK) return status;
        s->owner[k] = a;
        s->place[a] = (int32_t)k;
        compute(s, a, s->store[k]);
    }
    k = (size_t)s->place[a];
    s->worth[k] = s->age + (double)s->size[a];
    *out = s->store[k];
    return ZSC_OK;
}

static inline void join(const zsc_ward_distances *s, double *to, double other)
{
    if (!s->largest)
        *to += other;
    else if (other > *to)
        *to = other;
}

static void join_rows(zsc_ward_distances *s, int32_t a, int32_t b)
{
    for (size_t k = 0; k < s->there; k++)
        if (s->owner[k] >= 0) join(s, &s->store[k][a], s->store[k][b]);
    int32_t pa = s->place[a], pb = s->place[b];
    if (pa >= 0 && pb >= 0) {
        for (size_t k = 0; k < s->count; k++) join(s, &s->store[pa][s->live[k]], s->store[pb][s->live[k]]);
    } else if (pa >= 0) {
        s->owner[pa] = s->place[a] = -1;
    }
    if (pb >= 0) s->owner[pb] = s->place[b] = -1;
}

void zsc_ward_distances_merge(zsc_ward_distances *s, int32_t a, int32_t b)
{
    size_t kept = 0;
    for (size_t k = 0; k < s->count; k++)
        if (s->live[k] != b) s->live[kept++] = s->live[k];
    s->count = kept;
    join_rows(s, a, b);
    for (int32_t i = b; i >= 0; i = s->next[i]) s->slot[i] = a;
    s->next[s->last[a]] = b;
    s->last[a] = s->last[b];
    s->weight[a] += s->weight[b];
    s->weight[b] = 0;
    s->size[a] += s->size[b];
}
