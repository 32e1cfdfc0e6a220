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
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/exact/bounds.h"
#include "knn/exact/joint_index.h"
#include "knn/exact/pass.h"
#include "knn/exact/strips.h"

/* Of the tiles, the share that the first pass over projections takes; measured (doc/knn.md). Joint searches gain more
 * from tight limits, which each pair is compared with once per concatenation. */
#define SINGLE_SHARE 0.3
#define JOINT_SHARE 0.4

/* --- Memory */
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* An index, lists, and a pass over the tiles or, at the end, the results of a concatenation. Where rows are projected,
 * there is a second pass, which refines; otherwise hardly ever. */
static size_t searching_memory(const zsc_block_shape *shapes, size_t features, size_t count, size_t k, bool refining,
                               int threads)
{
    size_t n = shapes[0].n, keep = k + ZSC_EXACT_SPARE, bounds = 0;
    for (size_t f = 0; f < features; f++)
        if (zsc_block_shape_projected(&shapes[f])) bounds = zsc_exact_bound_memory(n, count, keep, threads);
    size_t passes = zsc_exact_pass_memory(shapes, features, 0, count, keep, refining || bounds, threads);
    return zsc_joint_index_kept(shapes, features, count) + zsc_exact_lists_memory(n, count, keep) +
           larger(larger(passes, bounds), n * k * 8);
}

size_t zsc_exact_shapes_memory(const zsc_block_shape *shapes, size_t features, size_t count, size_t k, int threads)
{
    return larger(zsc_joint_index_making(shapes, features, count, threads),
                  searching_memory(shapes, features, count, k, false, threads));
}

size_t zsc_exact_beginning_memory(const zsc_knn_features *blocks, size_t features, size_t n, int threads)
{
    size_t most = 0;
    for (size_t f = 0; f < features; f++)
        if (zsc_block_shape_of(n, blocks[f].d, true).basis)
            most = larger(most, zsc_projection_find_memory(n, 0, blocks[f].d, features > 1 ? 1 : threads));
    return most + n * 8;
}

/* All feature blocks as deep as they may be, then none projected; of several, some may be and others not. */
size_t zsc_exact_memory(const zsc_knn_features *blocks, size_t features, size_t n, size_t count, size_t k, int threads)
{
    size_t making = zsc_exact_beginning_memory(blocks, features, n, threads), searching = 0;
    zsc_block_shape *shapes = zsc_calloc(features, sizeof *shapes, "an estimate of memory");
    for (int deep = 1; shapes && deep >= 0; deep--) {
        for (size_t f = 0; f < features; f++) shapes[f] = zsc_block_shape_of(n, blocks[f].d, deep);
        if (deep) making = larger(making, zsc_joint_index_making(shapes, features, count, threads));
        size_t strips = zsc_exact_strips_memory(shapes, features, count, k + ZSC_EXACT_SPARE);
        size_t mixed = !deep && features > 1 ? searching + (size_t)threads * strips : 0;
        searching = larger(larger(searching, mixed), searching_memory(shapes, features, count, k, true, threads));
    }
    free(shapes);
    return shapes ? larger(making, searching) : SIZE_MAX;
}

/* --- The search */
zsc_status zsc_exact_two_passes(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double share = !joint->projected ? 1 : joint->features == 1 ? SINGLE_SHARE : JOINT_SHARE;
    double middle = stage->before + (stage->after - stage->before) * (joint->projected ? share / (1 + share) : 0.95);
    bool finished = false;
    ZSC_TRY(zsc_exact_first_pass(joint, lists, share, &(zsc_pairs_stage){stage->name, stage->before, middle}, exec));
    zsc_polls polls = {.exec = exec, .stage = stage->name, .begin = middle, .end = middle};
    ZSC_TRY(zsc_exact_bound(joint, lists, &polls, &finished));
    if (!finished && !joint->projected) /* not counted so far, as it is rare, and known only now */
        ZSC_TRY(zsc_memory_check(exec,
                                 zsc_exact_pass_memory(joint->shape, joint->features, joint->keys ? joint->keys->n : 0,
                                                       joint->count, lists->keep, true, zsc_threads(exec)),
                                 "the search for neighbours"));
    if (!finished)
        ZSC_TRY(zsc_exact_second_pass(joint, lists, &(zsc_pairs_stage){stage->name, middle, stage->after}, exec));
done:
    return status;
}

typedef struct gate {
    size_t count, k;
    const zsc_exec *exec;
} gate;

static zsc_status pass_gate(const void *data, const zsc_block_shape *shapes, size_t features)
{
    const gate *g = data;
    return zsc_memory_check(g->exec, zsc_exact_shapes_memory(shapes, features, g->count, g->k, zsc_threads(g->exec)),
                            "the search for neighbours");
}

static zsc_status search(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                         size_t count, size_t k, const zsc_exec *exec, zsc_joint_index *joint, zsc_exact_lists *lists)
{
    zsc_status status = ZSC_OK;
    const gate own = {count, k, exec};
    ZSC_TRY(zsc_joint_index_make(rows, features, offset, member, count, k, &(zsc_joint_gate){pass_gate, &own}, exec,
                                 joint));
    ZSC_TRY(zsc_exact_lists_make(&joint->index[0], &joint->index[0], count, k, k + ZSC_EXACT_SPARE, zsc_threads(exec),
                                 lists));
    const zsc_exec held = zsc_memory_hold(exec, zsc_joint_index_kept(joint->shape, features, count) +
                                                    zsc_exact_lists_memory(joint->n, count, lists->keep));
    ZSC_TRY(zsc_exact_two_passes(joint, lists, &(zsc_pairs_stage){"knn", 0, 1}, &held));
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
