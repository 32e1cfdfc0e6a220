/* Pairs come from one of two sources. A single matrix: the kernel compares in registers, and values do not go to memory
 * (knn/blocks/pairs.c). Several concatenations: tiles of all feature blocks are kept for a strip of rows, since each
 * serves several sums (strips.c). What becomes of a pair is the same. */
#include "knn/exact/pass.h"

#include "base/memory.h"
#include "base/threads.h"
#include "knn/exact/refine.h"
#include "knn/exact/strips.h"

typedef struct pass {
    zsc_exact_lists *lists;
    zsc_exact_refiner *refiners; /* second pass: one per thread */
    int threads;
} pass;

static bool is_single(const zsc_joint_index *joint) { return joint->features == 1 && joint->count == 1; }

/* --- What becomes of pairs */
static void first_found(void *data, int thread, size_t c, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count,
                        float *const limit[2])
{
    pass *p = data;
    (void)thread;
    zsc_exact_lists_keep(p->lists, c, 0, i, j, pairs, count, limit[0]);
    if (zsc_exact_lists_own(p->lists)) zsc_exact_lists_keep(p->lists, c, 1, j, i, pairs, count, limit[1]);
}

static void second_found(void *data, int thread, size_t c, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count,
                         float *const limit[2])
{
    pass *p = data;
    (void)limit;
    zsc_exact_refiner_add(&p->refiners[thread], c, i, j, pairs, count);
}

static void second_end_tile(void *data, int thread, size_t i, size_t j)
{
    pass *p = data;
    zsc_exact_refiner_end_tile(&p->refiners[thread], i, j);
}

static void second_done(void *data, int thread)
{
    pass *p = data;
    zsc_exact_refiner_flush(&p->refiners[thread]);
}

/* --- A single matrix: the same, as zsc_pairs_run calls it */
static bool single_limits(void *data, size_t b, float *limit)
{
    pass *p = data;
    return zsc_exact_lists_limits(p->lists, b, limit);
}

static void single_first_found(void *data, int thread, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count)
{
    first_found(data, thread, 0, i, j, pairs, count, (float *const[2]){NULL, NULL});
}

static void single_second_found(void *data, int thread, size_t i, size_t j, const zsc_tile_pair *pairs, size_t count)
{
    second_found(data, thread, 0, i, j, pairs, count, NULL);
    second_end_tile(data, thread, i, j);
}

/* --- Passes */
zsc_status zsc_exact_first_pass(const zsc_joint_index *joint, zsc_exact_lists *lists, double share,
                                const zsc_pairs_stage *stage, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    pass p = {.lists = lists};
    double filled = stage->before + (stage->after - stage->before) / 4;
    if (is_single(joint))
        return zsc_pairs_run(
            &joint->index[0], &zsc_joint_index_keys(joint)->index[0],
            &(zsc_pairs_pass){.limits = single_limits, .found = single_first_found, .data = &p, .stage = *stage}, share,
            exec);
    ZSC_TRY(zsc_exact_strips_fill(joint, lists, &(zsc_pairs_stage){stage->name, stage->before, filled}, exec));
    ZSC_TRY(zsc_exact_strips_run(joint, lists, &(zsc_exact_sink){.found = first_found, .data = &p}, share, false,
                                 &(zsc_pairs_stage){stage->name, filled, stage->after}, exec));
done:
    return status;
}

zsc_status zsc_exact_second_pass(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                 const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    pass p = {.lists = lists, .threads = zsc_threads(exec)};
    ZSC_NEW(p.refiners, (size_t)p.threads);
    for (int t = 0; t < p.threads; t++) ZSC_TRY(zsc_exact_refiner_make(joint, lists, &p.refiners[t]));
    if (is_single(joint))
        ZSC_TRY(zsc_pairs_run(&joint->index[0], &zsc_joint_index_keys(joint)->index[0],
                              &(zsc_pairs_pass){single_limits, single_second_found, second_done, &p, *stage}, 1, exec));
    else
        ZSC_TRY(zsc_exact_strips_run(joint, lists, &(zsc_exact_sink){second_found, second_end_tile, second_done, &p}, 1,
                                     true, stage, exec));
done:
    for (int t = 0; p.refiners && t < p.threads; t++) zsc_exact_refiner_free(&p.refiners[t]);
    free(p.refiners);
    return status;
}

size_t zsc_exact_pass_memory(const zsc_block_shape *shapes, size_t features, size_t m, size_t count, size_t keep,
                             bool refining, int threads)
{
    size_t units, refiners = refining ? (size_t)threads * zsc_exact_refiner_memory(count) : 0;
    if (features == 1 && count == 1) return zsc_pairs_memory(&shapes[0], m, threads) + refiners;
    size_t ordering = zsc_pairs_units_memory(shapes[0].n, m, threads, &units);
    return ordering + (size_t)threads * zsc_exact_strips_memory(shapes, features, count, keep) + refiners;
}
