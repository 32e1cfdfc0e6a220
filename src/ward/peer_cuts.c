/* Cuts whose clusters are numbered as other programs number them.
 *
 * scikit-learn's AgglomerativeClustering keeps the roots of the clusters in a binary heap (Python's heapq), the cluster
 * that was made last first. K - 1 times its first is replaced by its two children: the first child is pushed, the
 * second takes the root's place and sinks. The number of a cluster is its position in the heap's array, so that the
 * layout of the heap matters: an entry that takes the root's place sinks to a leaf, along the larger children, and
 * rises again.
 *
 * SciPy's fcluster traverses the tree from the root, first children first, and gives a cluster its number, from 1,
 * where it meets it; single rows that belong to no cluster are met when both children of their parent are done. A
 * cluster is a node whose merges, its own and all below, are at the cutoff or lower. For `maxclust` the cutoff is found
 * by bisection among those largest heights; that of the first merge is never taken. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ward/dendrogram.h"
#include "zsc/ward.h"

/* --- scikit-learn */
static void rise(int32_t *heap, size_t at)
{
    int32_t entry = heap[at];
    for (; at > 0 && entry > heap[(at - 1) / 2]; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = entry;
}

static void replace_first(int32_t *heap, size_t count, int32_t entry)
{
    size_t at = 0;
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = entry;
    rise(heap, at);
}

zsc_status zsc_cut_scikit_learn(const double *z, size_t n, size_t k, int32_t *labels)
{
    zsc_status status = ZSC_OK;
    int32_t *heap = NULL, *number = NULL;
    if (k == 0 || k > n)
        return zsc_fail(ZSC_EUSAGE, "cannot cut a dendrogram of %zu rows into %zu clusters; expected 1 to %zu", n, k,
                        n);
    ZSC_TRY(zsc_linkage_check(z, n));
    ZSC_NEW_RAW(heap, k);
    ZSC_NEW_RAW(number, 2 * n - 1);
    heap[0] = (int32_t)(2 * n - 2);
    for (size_t count = 1; count < k; count++) {
        const double *row = z + 4 * ((size_t)heap[0] - n);
        heap[count] = (int32_t)row[0];
        rise(heap, count);
        replace_first(heap, count + 1, (int32_t)row[1]);
    }
    for (size_t i = 0; i < 2 * n - 1; i++) number[i] = -1;
    for (size_t i = 0; i < k; i++) number[heap[i]] = (int32_t)i;
    for (size_t i = n - 1; i-- > 0;)
        for (size_t side = 0; side < 2 && number[n + i] >= 0; side++) number[(size_t)z[4 * i + side]] = number[n + i];
    for (size_t i = 0; i < n; i++) labels[i] = number[i];
done:
    free(heap);
    free(number);
    return status;
}

/* --- SciPy */
typedef struct traversal {
    const double *z;
    size_t n;
    double *largest; /* n - 1: the largest height of a merge and of those below it */
    struct {
        size_t merge;
        unsigned done; /* children that were entered */
    } * stack;
} traversal;

/* The number of clusters at CUTOFF; labels may be NULL. */
static size_t traverse(const traversal *t, double cutoff, int32_t *labels)
{
    size_t n = t->n, none = n, leader = none, count = 0;
    t->stack[0].merge = n - 2;
    t->stack[0].done = 0;
    for (size_t depth = 1; depth > 0;) {
        size_t merge = t->stack[depth - 1].merge;
        const double *row = t->z + 4 * merge;
        if (leader == none && t->largest[merge] <= cutoff) {
            leader = merge;
            count++;
        }
        if (t->stack[depth - 1].done < 2) {
            size_t child = (size_t)row[t->stack[depth - 1].done++];
            if (child >= n) {
                t->stack[depth].merge = child - n;
                t->stack[depth++].done = 0;
            }
            continue;
        }
        for (int side = 0; side < 2; side++) {
            if (row[side] >= (double)n) continue;
            count += leader == none;
            if (labels) labels[(size_t)row[side]] = (int32_t)count;
        }
        if (leader == merge) leader = none;
        depth--;
    }
    return count;
}

static void find_largest(const traversal *t)
{
    for (size_t i = 0; i + 1 < t->n; i++) {
        t->largest[i] = t->z[4 * i + 2];
        for (size_t side = 0; side < 2; side++) {
            size_t child = (size_t)t->z[4 * i + side];
            if (child >= t->n) t->largest[i] = fmax(t->largest[i], t->largest[child - t->n]);
        }
    }
}

/* The cutoff that leaves at most K clusters. */
static double cutoff_of(const traversal *t, double k)
{
    size_t low = 0, high = t->n - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if ((double)traverse(t, t->largest[middle], NULL) > k)
            low = middle;
        else
            high = middle;
    }
    return t->largest[high < t->n - 1 ? high : t->n - 2];
}

zsc_status zsc_cut_scipy(const double *z, size_t n, zsc_fcluster_criterion criterion, double t, int32_t *labels,
                         size_t *k)
{
    zsc_status status = ZSC_OK;
    traversal tree = {.z = z, .n = n};
    if (criterion != ZSC_FCLUSTER_DISTANCE && criterion != ZSC_FCLUSTER_MAXCLUST)
        return zsc_fail(ZSC_EUSAGE, "there is no criterion %d of a cut", (int)criterion);
    if (isnan(t)) return zsc_fail(ZSC_EUSAGE, "cannot cut a dendrogram at NaN; expected a number");
    if (criterion == ZSC_FCLUSTER_MAXCLUST && t < 1)
        return zsc_fail(ZSC_EUSAGE, "cannot cut a dendrogram into at most %g clusters; expected 1 or more", t);
    ZSC_TRY(zsc_linkage_check(z, n));
    *k = n;
    if (n == 1) labels[0] = 1;
    if (n < 2) return ZSC_OK;
    ZSC_NEW_RAW(tree.largest, n);
    ZSC_NEW_RAW(tree.stack, n);
    find_largest(&tree);
    *k = traverse(&tree, criterion == ZSC_FCLUSTER_DISTANCE ? t : cutoff_of(&tree, t), labels);
done:
    free(tree.largest);
    free(tree.stack);
    return status;
}
