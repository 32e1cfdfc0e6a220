/* The walk of the search over many concatenations: tiles of all parts, strip by strip, and what each set makes of their
 * sums. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "knn/sums.h"

static void copy_limits(zsc_sums *s, zsc_sums_worker *w, int side, size_t b)
{
    omp_set_lock(&s->lock[b]);
    for (size_t n = 0; n < s->sets; n++)
        memcpy(w->limit[side] + n * ZSC_TILE, s->list[n].limit + b * ZSC_TILE, ZSC_TILE * sizeof(float));
    omp_unset_lock(&s->lock[b]);
}

void zsc_sums_limits(zsc_sums *s, zsc_sums_worker *w, size_t i, size_t j)
{
    copy_limits(s, w, 0, i);
    copy_limits(s, w, 1, j);
}

/* --- Strips: rows from .. of block i against block j */
typedef struct strip {
    size_t i, j, from, rows;
} strip;

static zsc_tile_side side_of(const zsc_sums *s, size_t part, const float *panels, const float *limit, size_t block,
                             size_t from, size_t rows)
{
    return (zsc_tile_side){panels ? panels + from * s->frame[part].depth : NULL,
                           s->frame[part].half + block * ZSC_TILE + from, limit ? limit + from : NULL, rows};
}

/* Pairs that are within the limits of set n by the sums; within a block each once. */
static size_t pick(const zsc_sums *s, zsc_sums_worker *w, const strip *t, size_t n)
{
    const zsc_sums_list *l = &s->list[n];
    for (size_t p = 0; p < l->parts; p++) w->tile[p] = w->tiles + l->part[p] * s->strip * ZSC_TILE;
    zsc_tile_side a = side_of(s, 0, NULL, w->limit[0] + n * ZSC_TILE, t->i, t->from, t->rows);
    zsc_tile_side b = side_of(s, 0, NULL, w->limit[1] + n * ZSC_TILE, t->j, 0,
                              zsc_frame_block_rows(&s->frame[0], t->j));
    size_t count = s->kernels->pick(w->tile, l->parts, &a, &b, w->found), kept = 0;
    for (size_t c = 0; c < count; c++) {
        zsc_tile_pair pair = w->found[c];
        pair.i = (uint16_t)(pair.i + t->from);
        if (t->i != t->j || pair.i < pair.j) w->found[kept++] = pair;
    }
    return kept;
}

static void first_strip(zsc_sums *s, zsc_sums_worker *w, const strip *t)
{
    for (size_t n = 0; n < s->sets; n++) {
        size_t count = pick(s, w, t, n);
        if (count == 0) continue;
        zsc_sums_keep(s, &s->list[n], 0, t->i, t->j, w->found, count, w->limit[0] + n * ZSC_TILE);
        zsc_sums_keep(s, &s->list[n], 1, t->j, t->i, w->found, count, w->limit[1] + n * ZSC_TILE);
    }
}

static void second_strip(zsc_sums *s, zsc_sums_worker *w, const strip *t)
{
    for (size_t n = 0; n < s->sets; n++) {
        if (w->count + s->strip * ZSC_TILE > ZSC_SUMS_PICKED) {
            zsc_sums_put(s, w, t->i, t->j);
            zsc_sums_limits(s, w, t->i, t->j); /* it may have looked at other tiles */
        }
        size_t count = pick(s, w, t, n);
        for (size_t c = 0; c < count; c++)
            w->picked[w->count++] = (zsc_sums_picked){w->found[c].i, w->found[c].j, (int32_t)n, w->found[c].sum};
    }
}

/* --- Tiles */
static bool wanted(const zsc_sums *s, const zsc_sums_worker *w)
{
    for (size_t r = 0; r < s->sets * ZSC_TILE; r++)
        if (w->limit[0][r] > -INFINITY || w->limit[1][r] > -INFINITY) return true;
    return false;
}

/* The tiles of all parts. */
static void add_up(const zsc_sums *s, zsc_sums_worker *w, const strip *t)
{
    for (size_t p = 0; p < s->parts; p++) {
        zsc_tile_side a = side_of(s, p, w->a[p], NULL, t->i, t->from, t->rows);
        zsc_tile_side b = side_of(s, p, w->b[p], NULL, t->j, 0, zsc_frame_block_rows(&s->frame[0], t->j));
        s->kernels->values(&a, &b, s->frame[p].depth, w->tiles + p * s->strip * ZSC_TILE);
    }
}

static strip strip_at(const zsc_sums *s, size_t i, size_t j, size_t from)
{
    size_t rows = zsc_frame_block_rows(&s->frame[0], i);
    return (strip){i, j, from, rows - from < s->strip ? rows - from : s->strip};
}

static void do_tile(zsc_sums *s, zsc_sums_worker *w, size_t i, size_t j)
{
    zsc_sums_limits(s, w, i, j);
    if (!wanted(s, w)) return;
    for (size_t from = 0; from < zsc_frame_block_rows(&s->frame[0], i); from += s->strip) {
        const strip t = strip_at(s, i, j, from);
        add_up(s, w, &t);
        if (s->second)
            second_strip(s, w, &t);
        else
            first_strip(s, w, &t);
    }
    zsc_sums_put(s, w, i, j);
}

/* --- Units */
static void hold(const zsc_sums *s, zsc_sums_worker *w, size_t group)
{
    if (w->held == (int32_t)group) return;
    for (size_t p = 0; p < s->parts; p++)
        for (size_t b = group * ZSC_TILE_GROUP; b < zsc_frame_group_end(&s->frame[0], group) && w->left[p]; b++)
            zsc_frame_fill(&s->frame[p], b, w->room, w->left[p] + b % ZSC_TILE_GROUP * ZSC_TILE * s->frame[p].depth);
    w->held = (int32_t)group;
}

static const float *panels_of(const zsc_sums *s, const zsc_sums_worker *w, size_t p, size_t b)
{
    size_t size = ZSC_TILE * s->frame[p].depth;
    return w->left[p] ? w->left[p] + b % ZSC_TILE_GROUP * size : s->frame[p].panels + b * size;
}

/* The first lists of a block's rows, from the rows of its own group: row by row, as most of what would go through lists
 * one by one is there. */
static void fill_row(const zsc_sums *s, zsc_sums_worker *w, zsc_sums_list *l, const strip *t, size_t r)
{
    size_t at = t->i * ZSC_TILE + t->from + r, size = l->size[at];
    float *values = l->value + at * s->room;
    int32_t *index = l->index + at * s->room;
    for (size_t p = 0; p < l->parts; p++) w->tile[p] = w->tiles + (l->part[p] * s->strip + r) * ZSC_TILE;
    memcpy(w->values, values, size * sizeof *values);
    memcpy(w->index, index, size * sizeof *index);
    size += s->kernels->sieve(w->tile, l->parts, zsc_frame_block_rows(&s->frame[0], t->j), l->limit[at],
                              w->values + size, w->index + size, (int32_t)(t->j * ZSC_TILE));
    zsc_list_cut(s->kernels, w->values, w->index, &size, s->keep, &l->limit[at]);
    memcpy(values, w->values, size * sizeof *values);
    memcpy(index, w->index, size * sizeof *index);
    l->size[at] = size;
}

void zsc_sums_fill(void *sums, int thread, size_t block)
{
    zsc_sums *s = sums;
    zsc_sums_worker *w = &s->workers[thread];
    size_t group = block / ZSC_TILE_GROUP;
    hold(s, w, group);
    for (size_t p = 0; p < s->parts; p++) w->a[p] = panels_of(s, w, p, block);
    for (size_t j = group * ZSC_TILE_GROUP; j < zsc_frame_group_end(&s->frame[0], group); j++) {
        for (size_t p = 0; p < s->parts; p++) w->b[p] = panels_of(s, w, p, j);
        for (size_t from = 0; from < zsc_frame_block_rows(&s->frame[0], block); from += s->strip) {
            const strip t = strip_at(s, block, j, from);
            add_up(s, w, &t);
            for (size_t p = 0; p < s->parts && j == block; p++) /* not the row itself, which is in its list */
                for (size_t r = 0; r < t.rows; r++) w->tiles[(p * s->strip + r) * ZSC_TILE + from + r] = INFINITY;
            for (size_t n = 0; n < s->sets; n++)
                for (size_t r = 0; r < t.rows; r++) fill_row(s, w, &s->list[n], &t, r);
        }
    }
}

void zsc_sums_unit(void *sums, int thread, size_t number)
{
    zsc_sums *s = sums;
    zsc_sums_worker *w = &s->workers[thread];
    size_t gi = (size_t)s->units[number].i, gj = (size_t)s->units[number].j;
    if (!s->second && gi == gj) return; /* lists began with those */
    hold(s, w, gi);
    for (size_t j = gj * ZSC_TILE_GROUP; j < zsc_frame_group_end(&s->frame[0], gj); j++) {
        for (size_t p = 0; p < s->parts; p++) {
            bool fill = gi != gj && w->right[p];
            if (fill) zsc_frame_fill(&s->frame[p], j, w->room, w->right[p]);
            w->b[p] = fill ? w->right[p] : panels_of(s, w, p, j);
        }
        for (size_t i = gi * ZSC_TILE_GROUP; i < zsc_frame_group_end(&s->frame[0], gi) && i <= j; i++) {
            for (size_t p = 0; p < s->parts; p++) w->a[p] = panels_of(s, w, p, i);
            do_tile(s, w, i, j);
        }
    }
    zsc_sums_look(s, w);
}

/* --- Workers */
static zsc_status make_worker(const zsc_sums *s, zsc_sums_worker *w)
{
    zsc_status status = ZSC_OK;
    size_t pairs = s->strip * ZSC_TILE;
    w->held = -1;
    ZSC_NEW(w->left, s->parts);
    ZSC_NEW(w->right, s->parts);
    ZSC_NEW(w->a, s->parts);
    ZSC_NEW(w->b, s->parts);
    ZSC_NEW(w->tile, s->parts);
    for (size_t p = 0; p < s->parts; p++) {
        if (s->frame[p].panels) continue;
        ZSC_NEW_RAW(w->left[p], ZSC_TILE_GROUP * ZSC_TILE * s->frame[p].depth);
        ZSC_NEW_RAW(w->right[p], ZSC_TILE * s->frame[p].depth);
    }
    ZSC_NEW_RAW(w->room, s->widest);
    ZSC_NEW_RAW(w->tiles, s->parts * pairs);
    for (int side = 0; side < 2; side++) ZSC_NEW_RAW(w->limit[side], s->sets * ZSC_TILE);
    ZSC_NEW_RAW(w->found, pairs);
    ZSC_NEW_RAW(w->values, s->room + ZSC_TILE);
    ZSC_NEW_RAW(w->index, s->room + ZSC_TILE);
    ZSC_NEW_RAW(w->picked, ZSC_SUMS_PICKED);
    ZSC_NEW_RAW(w->pair, ZSC_SUMS_PAIRS);
    ZSC_NEW(w->batch, ZSC_SUMS_BATCHES);
    ZSC_NEW_RAW(w->first, ZSC_SUMS_BATCHES * (s->sets + 2));
    for (size_t b = 0; b < ZSC_SUMS_BATCHES; b++) w->batch[b].first = w->first + b * (s->sets + 2);
    ZSC_NEW_RAW(w->memo, ZSC_TILE * ZSC_TILE);
    ZSC_NEW(w->asked, ZSC_TILE * ZSC_SUMS_WORDS);
done:
    return status;
}

zsc_status zsc_sums_make_workers(zsc_sums *s)
{
    zsc_status status = ZSC_OK;
    s->strip = (ZSC_SUMS_STRIP + s->kernels->panel - 1) / s->kernels->panel * s->kernels->panel;
    ZSC_NEW(s->workers, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) ZSC_TRY(make_worker(s, &s->workers[t]));
done:
    return status;
}

void zsc_sums_free_workers(zsc_sums *s)
{
    for (int t = 0; s->workers && t < s->threads; t++) {
        zsc_sums_worker *w = &s->workers[t];
        for (size_t p = 0; w->left && p < s->parts; p++) free(w->left[p]);
        for (size_t p = 0; w->right && p < s->parts; p++) free(w->right[p]);
        free(w->left);
        free(w->right);
        free(w->a);
        free(w->b);
        free(w->tile);
        free(w->room);
        free(w->tiles);
        free(w->limit[0]);
        free(w->limit[1]);
        free(w->found);
        free(w->values);
        free(w->index);
        free(w->picked);
        free(w->pair);
        free(w->batch);
        free(w->first);
        free(w->memo);
        free(w->asked);
    }
    free(s->workers);
}

size_t zsc_sums_worker_memory(const zsc_knn_part *parts, size_t part_count, size_t sets)
{
    enum { MOST_STRIP = 48 };
    size_t pairs = MOST_STRIP * ZSC_TILE, bytes = pairs * sizeof(zsc_tile_pair) + sets * ZSC_TILE * 8 +
                                                  ZSC_TILE * ZSC_TILE * 8 + ZSC_TILE * ZSC_SUMS_WORDS * 4;
    bytes += ZSC_SUMS_PICKED * sizeof(zsc_sums_picked) + ZSC_SUMS_PAIRS * sizeof(zsc_sums_pair) +
             ZSC_SUMS_BATCHES * (sets + 2) * 8;
    for (size_t p = 0; p < part_count; p++) bytes += pairs * 4 + (ZSC_TILE_GROUP + 1) * ZSC_TILE * parts[p].d * 4;
    return bytes;
}
