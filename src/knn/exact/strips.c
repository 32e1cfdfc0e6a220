/* A thread takes four blocks of rows and four others (knn/blocks/pairs.c: near ones first), block by block, a strip of
 * rows at a time, whose tiles of all feature blocks stay in cache: each of these is computed once, then each
 * concatenation adds those of its members. */
#include "knn/exact/strips.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { STRIP = 24, MOST_STRIP = 48 }; /* rows of a strip, at least: tiles of 16 feature blocks take 370 kB */

typedef struct worker { /* a thread's */
    float **left,
        **right;          /* by feature block: panels of a group of blocks and of one block, where the index has none */
    const float **a, **b; /* by feature block: the panels of the two blocks at work */
    float *vector;
    float *tiles;         /* feature blocks x strip x ZSC_TILE */
    const float **tile;   /* those of a concatenation */
    float *limit[2];      /* concatenations x ZSC_TILE, of the two blocks */
    zsc_tile_pair *found; /* strip x ZSC_TILE */
    float *values;        /* a list and a row of a tile: capacity + ZSC_TILE */
    int32_t *index;
    int32_t held; /* the group in `left` */
} worker;

typedef struct strips {
    const zsc_joint_index *joint;
    zsc_exact_lists *lists;
    const zsc_tile_kernels *kernels;
    const zsc_exact_sink *sink;
    zsc_pairs_unit *units;
    size_t unit_count, height; /* height: rows of a strip */
    bool all;
    worker *workers;
    int threads;
    zsc_pairs_asking asking;
} strips;

/* Rows from .. of block i against block j. */
typedef struct strip {
    size_t i, j, from, rows;
} strip;

static strip strip_at(const strips *s, size_t i, size_t j, size_t from)
{
    size_t rows = zsc_block_rows(&s->joint->index[0], i);
    return (strip){i, j, from, rows - from < s->height ? rows - from : s->height};
}

static zsc_tile_side side_of(const strips *s, size_t feature, const float *panels, const float *limit, size_t block,
                             size_t from, size_t rows)
{
    const zsc_block_index *index = &s->joint->index[feature];
    return (zsc_tile_side){panels ? panels + from * index->depth : NULL, index->half + block * ZSC_TILE + from,
                           limit ? limit + from : NULL, rows};
}

/* --- Tiles */
/* The tiles of all feature blocks. */
static void compute_tiles(const strips *s, worker *w, const strip *t)
{
    size_t columns = zsc_block_rows(&s->joint->index[0], t->j);
    for (size_t f = 0; f < s->joint->features; f++) {
        zsc_tile_side a = side_of(s, f, w->a[f], NULL, t->i, t->from, t->rows);
        zsc_tile_side b = side_of(s, f, w->b[f], NULL, t->j, 0, columns);
        s->kernels->values(&a, &b, s->joint->index[f].depth, w->tiles + f * s->height * ZSC_TILE);
    }
}

/* Pairs that are within the limits of concatenation c by the sums of their values; within a block each once. */
static size_t pick(const strips *s, worker *w, const strip *t, size_t c)
{
    const zsc_concatenation *of = &s->joint->concatenation[c];
    for (size_t m = 0; m < of->members; m++) w->tile[m] = w->tiles + of->member[m] * s->height * ZSC_TILE;
    zsc_tile_side a = side_of(s, 0, NULL, w->limit[0] + c * ZSC_TILE, t->i, t->from, t->rows);
    zsc_tile_side b = side_of(s, 0, NULL, w->limit[1] + c * ZSC_TILE, t->j, 0,
                              zsc_block_rows(&s->joint->index[0], t->j));
    size_t count = s->kernels->pick(w->tile, of->members, &a, &b, w->found), kept = 0;
    for (size_t p = 0; p < count; p++) {
        zsc_tile_pair pair = w->found[p];
        pair.i = (uint16_t)(pair.i + t->from);
        if (t->i != t->j || pair.i < pair.j) w->found[kept++] = pair;
    }
    return kept;
}

static void do_tile(const strips *s, int thread, size_t i, size_t j)
{
    worker *w = &s->workers[thread];
    bool wanted = zsc_exact_lists_limits(s->lists, i, w->limit[0]);
    wanted = zsc_exact_lists_limits(s->lists, j, w->limit[1]) || wanted;
    if (!wanted) return;
    for (size_t from = 0; from < zsc_block_rows(&s->joint->index[0], i); from += s->height) {
        const strip t = strip_at(s, i, j, from);
        compute_tiles(s, w, &t);
        for (size_t c = 0; c < s->joint->count; c++) {
            size_t count = pick(s, w, &t, c);
            float *limit[2] = {w->limit[0] + c * ZSC_TILE, w->limit[1] + c * ZSC_TILE};
            if (count) s->sink->found(s->sink->data, thread, c, i, j, w->found, count, limit);
        }
    }
    if (s->sink->end_tile) s->sink->end_tile(s->sink->data, thread, i, j);
}

/* --- Units */
static void hold(const strips *s, worker *w, size_t group)
{
    if (w->held == (int32_t)group) return;
    for (size_t f = 0; f < s->joint->features; f++) {
        const zsc_block_index *index = &s->joint->index[f];
        for (size_t b = group * ZSC_PAIRS_GROUP; b < zsc_pairs_group_end(index, group) && w->left[f]; b++)
            zsc_block_index_fill(index, b, w->vector, w->left[f] + b % ZSC_PAIRS_GROUP * ZSC_TILE * index->depth);
    }
    w->held = (int32_t)group;
}

/* The panels of block b of the group that is held. */
static const float *panels_of(const strips *s, const worker *w, size_t feature, size_t b)
{
    size_t size = ZSC_TILE * s->joint->index[feature].depth;
    return w->left[feature] ? w->left[feature] + b % ZSC_PAIRS_GROUP * size
                            : s->joint->index[feature].panels + b * size;
}

static void do_unit(void *data, int thread, size_t number)
{
    strips *s = data;
    worker *w = &s->workers[thread];
    const zsc_block_index *index = s->joint->index;
    size_t gi = (size_t)s->units[number].i, gj = (size_t)s->units[number].j;
    if (!s->all && gi == gj) return;
    hold(s, w, gi);
    for (size_t j = gj * ZSC_PAIRS_GROUP;
         j < zsc_pairs_group_end(index, gj) && zsc_pairs_goes_on(&s->asking, thread, number); j++) {
        for (size_t f = 0; f < s->joint->features; f++) {
            bool fill = gi != gj && w->right[f];
            if (fill) zsc_block_index_fill(&index[f], j, w->vector, w->right[f]);
            w->b[f] = fill ? w->right[f] : panels_of(s, w, f, j);
        }
        for (size_t i = gi * ZSC_PAIRS_GROUP; i < zsc_pairs_group_end(index, gi) && i <= j; i++) {
            for (size_t f = 0; f < s->joint->features; f++) w->a[f] = panels_of(s, w, f, i);
            do_tile(s, thread, i, j);
        }
    }
    if (s->sink->done) s->sink->done(s->sink->data, thread);
}

/* --- Filling: row by row, as most of what would go through lists one by one is in the row's own group */
static void fill_row(const strips *s, worker *w, size_t c, const strip *t, size_t r)
{
    const zsc_concatenation *of = &s->joint->concatenation[c];
    zsc_exact_list *l = &s->lists->list[c];
    size_t at = t->i * ZSC_TILE + t->from + r, size = l->size[at], columns = zsc_block_rows(s->lists->index, t->j);
    float *values = l->value + at * s->lists->capacity;
    int32_t *index = l->index + at * s->lists->capacity;
    for (size_t m = 0; m < of->members; m++) w->tile[m] = w->tiles + (of->member[m] * s->height + r) * ZSC_TILE;
    memcpy(w->values, values, size * sizeof *values);
    memcpy(w->index, index, size * sizeof *index);
    size += s->kernels->filter(w->tile, of->members, columns, l->limit[at], w->values + size, w->index + size,
                               (int32_t)(t->j * ZSC_TILE));
    zsc_top_k_cut(s->kernels, w->values, w->index, &size, s->lists->keep, &l->limit[at]);
    memcpy(values, w->values, size * sizeof *values);
    memcpy(index, w->index, size * sizeof *index);
    l->size[at] = size;
}

static void fill_block(void *data, int thread, size_t block)
{
    strips *s = data;
    worker *w = &s->workers[thread];
    const zsc_joint_index *joint = s->joint;
    size_t group = block / ZSC_PAIRS_GROUP;
    hold(s, w, group);
    for (size_t f = 0; f < joint->features; f++) w->a[f] = panels_of(s, w, f, block);
    for (size_t j = group * ZSC_PAIRS_GROUP;
         j < zsc_pairs_group_end(&joint->index[0], group) && zsc_pairs_goes_on(&s->asking, thread, block); j++) {
        for (size_t f = 0; f < joint->features; f++) w->b[f] = panels_of(s, w, f, j);
        for (size_t from = 0; from < zsc_block_rows(&joint->index[0], block); from += s->height) {
            const strip t = strip_at(s, block, j, from);
            compute_tiles(s, w, &t);
            for (size_t f = 0; f < joint->features && j == block; f++) /* not the row itself, which is in its list */
                for (size_t r = 0; r < t.rows; r++) w->tiles[(f * s->height + r) * ZSC_TILE + from + r] = INFINITY;
            for (size_t c = 0; c < joint->count; c++)
                for (size_t r = 0; r < t.rows; r++) fill_row(s, w, c, &t, r);
        }
    }
}

/* --- Workers */
static zsc_status make_worker(const strips *s, worker *w)
{
    zsc_status status = ZSC_OK;
    const zsc_joint_index *joint = s->joint;
    size_t pairs = s->height * ZSC_TILE;
    w->held = -1;
    ZSC_NEW(w->left, joint->features);
    ZSC_NEW(w->right, joint->features);
    ZSC_NEW(w->a, joint->features);
    ZSC_NEW(w->b, joint->features);
    ZSC_NEW(w->tile, joint->features);
    for (size_t f = 0; f < joint->features; f++) {
        if (joint->index[f].panels) continue;
        ZSC_NEW_RAW(w->left[f], ZSC_PAIRS_GROUP * ZSC_TILE * joint->index[f].depth);
        ZSC_NEW_RAW(w->right[f], ZSC_TILE * joint->index[f].depth);
    }
    ZSC_NEW_RAW(w->vector, joint->widest);
    ZSC_NEW_RAW(w->tiles, joint->features * pairs);
    for (int side = 0; side < 2; side++) ZSC_NEW_RAW(w->limit[side], joint->count * ZSC_TILE);
    ZSC_NEW_RAW(w->found, pairs);
    ZSC_NEW_RAW(w->values, s->lists->capacity + ZSC_TILE);
    ZSC_NEW_RAW(w->index, s->lists->capacity + ZSC_TILE);
done:
    return status;
}

static void free_worker(const strips *s, worker *w)
{
    for (size_t f = 0; w->left && f < s->joint->features; f++) free(w->left[f]);
    for (size_t f = 0; w->right && f < s->joint->features; f++) free(w->right[f]);
    free(w->left);
    free(w->right);
    free(w->a);
    free(w->b);
    free(w->tile);
    free(w->vector);
    free(w->tiles);
    free(w->limit[0]);
    free(w->limit[1]);
    free(w->found);
    free(w->values);
    free(w->index);
}

static void free_strips(strips *s)
{
    for (int t = 0; s->workers && t < s->threads; t++) free_worker(s, &s->workers[t]);
    free(s->workers);
    free(s->units);
}

static zsc_status make_strips(const zsc_joint_index *joint, zsc_exact_lists *lists, int threads, strips *s)
{
    zsc_status status = ZSC_OK;
    *s = (strips){.joint = joint, .lists = lists, .kernels = lists->index->kernels, .threads = threads};
    s->height = (STRIP + s->kernels->panel - 1) / s->kernels->panel * s->kernels->panel;
    ZSC_NEW(s->workers, (size_t)threads);
    for (int t = 0; t < threads; t++) ZSC_TRY(make_worker(s, &s->workers[t]));
done:
    return status;
}

/* --- The whole */
zsc_status zsc_exact_strips_fill(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_pairs_stage *stage,
                                 const zsc_exec *exec)
{
    strips s;
    zsc_status status = make_strips(joint, lists, zsc_threads(exec), &s);
    s.asking = (zsc_pairs_asking){.stage = stage, .exec = exec, .count = joint->blocks};
    if (status == ZSC_OK) status = zsc_pairs_each_asking(&s.asking, fill_block, &s);
    free_strips(&s);
    return status;
}

zsc_status zsc_exact_strips_run(const zsc_joint_index *joint, zsc_exact_lists *lists, const zsc_exact_sink *sink,
                                double share, bool all, const zsc_pairs_stage *stage, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    strips s;
    ZSC_TRY(make_strips(joint, lists, zsc_threads(exec), &s));
    s.sink = sink;
    s.all = all;
    ZSC_TRY(zsc_pairs_units(&joint->index[0], &joint->index[0], s.threads, &s.units, &s.unit_count));
    s.asking = (zsc_pairs_asking){.stage = stage, .exec = exec, .count = (size_t)ceil(share * (double)s.unit_count)};
    status = zsc_pairs_each_asking(&s.asking, do_unit, &s);
done:
    free_strips(&s);
    return status;
}

size_t zsc_exact_strips_memory(const zsc_block_shape *shapes, size_t features, size_t count, size_t keep)
{
    size_t panel = ZSC_SIMD_PICK(zsc_tile_kernels_of)->panel, pairs = (STRIP + panel - 1) / panel * panel * ZSC_TILE;
    size_t bytes = pairs * sizeof(zsc_tile_pair) + count * ZSC_TILE * 8 + (zsc_top_k_capacity(keep) + ZSC_TILE) * 8;
    size_t blocks = (shapes[0].n + ZSC_TILE - 1) / ZSC_TILE, widest = 0;
    if (blocks > ZSC_PAIRS_GROUP) blocks = ZSC_PAIRS_GROUP;
    for (size_t f = 0; f < features; f++) {
        bytes += pairs * 4;
        if (!zsc_block_shape_projected(&shapes[f])) bytes += (blocks + 1) * ZSC_TILE * shapes[f].depth * 4;
        if (widest < shapes[f].width) widest = shapes[f].width;
    }
    return bytes + widest * 4;
}
