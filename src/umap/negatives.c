/* Negative samples of the layout: which rows repel the head of an edge update (how they repel it: kernels_sgd.c).
 *
 * A task takes them from a pool of rows drawn at random from two blocks, with the coordinates at the end of the
 * previous round. Which two blocks is another random choice in every round. So every row is equally likely to be drawn
 * by an edge update; but the updates of one task, some two hundred, read rows that are copied once and stay in the
 * first levels of cache, where drawing from all rows would wait for memory five times per update. Draws are keyed by
 * (seed, epoch, round, block or task).
 *
 * A pool of 64 rows pushes all heads of a task in the same few directions. Where there are many rounds, this evens out
 * within an epoch. With the sixteen or fewer of inputs below 8,192 rows it does not, and costs AMI (doc/umap.md): pools
 * have 256 rows there, which with all coordinates fit the second level of cache. */
#include "umap/negatives.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FEW_BLOCKS = 16, SHARE_OF_FEW = 128, SHARE_OF_MANY = 32 };

static size_t share_of(size_t blocks) { return blocks <= FEW_BLOCKS ? SHARE_OF_FEW : SHARE_OF_MANY; }

zsc_status zsc_umap_negatives_make(size_t blocks, size_t rounds, size_t stride, uint64_t seed, zsc_umap_negatives *out)
{
    zsc_status status = ZSC_OK;
    *out = (zsc_umap_negatives){
        .blocks = blocks, .rounds = rounds, .stride = stride, .share = share_of(blocks), .seed = seed};
    for (int which = 0; which < 2; which++) {
        ZSC_NEW_RAW(out->y[which], blocks * out->share * stride);
        ZSC_NEW_RAW(out->row[which], blocks * out->share);
    }
done:
    return status;
}

void zsc_umap_negatives_free(zsc_umap_negatives *negatives)
{
    for (int which = 0; which < 2; which++) {
        free(negatives->y[which]);
        free(negatives->row[which]);
    }
    *negatives = (zsc_umap_negatives){0};
}

size_t zsc_umap_negatives_memory(size_t blocks, size_t stride)
{
    return 2 * blocks * share_of(blocks) * (stride * sizeof(float) + sizeof(int32_t));
}

zsc_umap_pool_order zsc_umap_pool_order_of(const zsc_umap_negatives *negatives, size_t epoch, size_t round)
{
    uint64_t number = (uint64_t)epoch * negatives->rounds + round;
    zsc_stream stream = zsc_stream_open(negatives->seed, ZSC_RANDOM_POOL, number);
    return (zsc_umap_pool_order){number, zsc_stream_u64(&stream) | 1, zsc_stream_u64(&stream)};
}

/* A permutation, since the number of blocks is a power of two and the multiplier is odd. */
static size_t slot_of(const zsc_umap_negatives *negatives, const zsc_umap_pool_order *order, size_t block)
{
    return (block * order->multiplier + order->offset) % negatives->blocks;
}

void zsc_umap_negatives_draw(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                             size_t block, zsc_umap_rows_of rows, size_t count, const float *y)
{
    int32_t *row = negatives->row[which] + slot_of(negatives, order, block) * negatives->share;
    size_t stride = negatives->stride;
    zsc_stream stream = zsc_stream_open(negatives->seed, ZSC_RANDOM_NEGATIVE,
                                        order->number * negatives->blocks + block);
    for (size_t k = 0; k < negatives->share; k++) {
        row[k] = (int32_t)(rows.start + rows.step * (size_t)zsc_stream_below(&stream, count));
        for (size_t c = 0; c < stride; c += 16) __builtin_prefetch(y + (size_t)row[k] * stride + c);
    }
}

void zsc_umap_negatives_fill(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                             size_t block, const float *y)
{
    size_t slot = slot_of(negatives, order, block), stride = negatives->stride;
    for (size_t k = slot * negatives->share; k < (slot + 1) * negatives->share; k++) {
        const float *from = y + (size_t)negatives->row[which][k] * stride;
        float *copy = negatives->y[which] + k * stride;
        for (size_t c = 0; c < stride; c += 4)
            memcpy(copy + c, from + c, 4 * sizeof *copy); /* strides are multiples of 4: one register each */
    }
}

void zsc_umap_negatives_use(const zsc_umap_negatives *negatives, int which, const zsc_umap_pool_order *order,
                            size_t pool, const size_t *block, size_t count, zsc_umap_sgd *sgd)
{
    bool overlaps = false; /* the pool has rows of the task's own blocks */
    for (size_t b = 0; b < count; b++) overlaps |= slot_of(negatives, order, block[b]) / 2 == pool;
    sgd->pool = negatives->y[which] + pool * 2 * negatives->share * negatives->stride;
    sgd->pool_row = overlaps ? negatives->row[which] + pool * 2 * negatives->share : NULL;
}

void zsc_umap_negatives_any(const zsc_umap_negatives *negatives, int which, uint64_t random, size_t first, size_t end,
                            zsc_umap_sgd *sgd)
{
    const size_t members = 2 * negatives->share, pool = random % (negatives->blocks / 2);
    const int32_t *row = negatives->row[which] + pool * members;
    bool overlaps = false; /* the pool has rows of these */
    for (size_t k = 0; k < members; k++) overlaps |= (size_t)row[k] >= first && (size_t)row[k] < end;
    sgd->pool = negatives->y[which] + pool * members * negatives->stride;
    sgd->pool_row = overlaps ? row : NULL;
}
