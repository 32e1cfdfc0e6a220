/* Exact nearest neighbours. A single matrix is one feature block in one concatenation.
 *
 *   1. Blocked indices: rows centred, scaled, projected where that pays, near rows together (knn/blocks/block_index.c,
 *      joint_index.c).
 *   2. First pass over the tiles (pass.c), each pair of rows once, for both of its rows: the best of each row by the
 *      tiles' values. Where rows are projected, the nearest part of all tiles is enough.
 *   3. Bounds (bounds.c): the largest distance that the k-th of these may have is an upper bound of the true k-th.
 * Where tiles hold full vectors, a few more than k are kept and measured, and a row is finished if even the last of
 * them, with all possible rounding, is beyond the bound: what was not kept cannot come before it. Nearly all rows are.
 *   4. Second pass, where rows are left (with projections: all): every pair that may be within the bound of either of
 *      its rows comes out, is compared by quantised vectors and, if it is still wanted, measured in double (refine.c).
 *
 * Which pairs are measured may depend on the threads; which are kept does not, since a pair is only ever left out when
 * it cannot be among the k best in the order (distance, index). */
#include "knn/exact/exact.h"

#include <math.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/exact/bounds.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/pass.h"

/* Of the tiles, the share that the first pass over projections takes; measured (doc/knn.md). Joint searches gain more
 * from tight limits, which each pair is compared with once per concatenation. */
#define SINGLE_SHARE 0.3
#define JOINT_SHARE 0.4

zsc_status zsc_exact_two_passes(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double share = !joint->projected ? 1 : joint->features == 1 ? SINGLE_SHARE : JOINT_SHARE;
    double middle = stage->before + (stage->after - stage->before) * (joint->projected ? share / (1 + share) : 0.95);
    bool finished = false;
    ZSC_TRY(zsc_exact_first_pass(joint, lists, share, &(zsc_pairs_stage){stage->name, stage->before, middle}, exec));
    ZSC_TRY(zsc_exact_bound(joint, lists, &finished));
    if (!finished)
        ZSC_TRY(zsc_exact_second_pass(joint, lists, &(zsc_pairs_stage){stage->name, middle, stage->after}, exec));
done:
    return status;
}

static zsc_status search(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                         size_t count, size_t k, const zsc_exec *exec, zsc_joint_index *joint, zsc_exact_lists *lists)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_joint_index_make(rows, features, offset, member, count, k, exec, joint));
    ZSC_TRY(zsc_exact_lists_make(&joint->index[0], &joint->index[0], count, k, k + ZSC_EXACT_SPARE, zsc_threads(exec),
                                 lists));
    ZSC_TRY(zsc_exact_two_passes(joint, lists, &(zsc_pairs_stage){"knn", 0, 1}, exec));
done:
    return status;
}

zsc_status zsc_exact_search(const zsc_knn_rows *rows, size_t k, const zsc_exec *exec, int32_t *index, float *distance)
{
    static const size_t offset[] = {0, 1}, member[] = {0};
    zsc_joint_index joint = {0};
    zsc_exact_lists lists = {0};
    zsc_status status = search(rows, 1, offset, member, 1, k, exec, &joint, &lists);
    if (status == ZSC_OK) zsc_exact_lists_take(&lists, 0, index, distance);
    zsc_exact_lists_free(&lists);
    zsc_joint_index_free(&joint);
    return status;
}

zsc_status zsc_exact_search_joint(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                                  size_t count, size_t k, const zsc_exec *exec, int32_t **index, float **distance)
{
    zsc_status status = ZSC_OK;
    zsc_joint_index joint = {0};
    zsc_exact_lists lists = {0};
    ZSC_TRY(search(rows, features, offset, member, count, k, exec, &joint, &lists));
    for (size_t c = 0; c < count; c++) { /* lists go as results come */
        ZSC_NEW_RAW(index[c], lists.n * k);
        ZSC_NEW_RAW(distance[c], lists.n * k);
        zsc_exact_lists_take(&lists, c, index[c], distance[c]);
    }
done:
    zsc_exact_lists_free(&lists);
    zsc_joint_index_free(&joint);
    return status;
}

size_t zsc_exact_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t count, size_t k, int threads)
{
    size_t making = zsc_joint_index_memory(blocks, features, n, count, threads),
           kept = zsc_joint_index_kept_memory(blocks, features, n, count);
    size_t searching = zsc_exact_lists_memory(n, count, k + ZSC_EXACT_SPARE) +
                       zsc_exact_bound_memory(n, count, k + ZSC_EXACT_SPARE, threads) +
                       zsc_exact_pass_memory(blocks, features, n, count, k + ZSC_EXACT_SPARE, threads);
    return making > kept + searching ? making : kept + searching;
}
