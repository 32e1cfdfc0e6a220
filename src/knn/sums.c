/* Exact neighbours of many concatenations at once: |a b - a' b'|^2 = |a - a'|^2 + |b - b'|^2.
 *
 *   1. Every part gets a frame of its own (knn/frame.c), all in one scale, without projection. All have the order in which near rows of the
 *      narrowest part stand together: neighbours are found early, so that few others come near, and rows that are measured one after
 *      the other have candidates in common.
 *   2. A thread takes a strip of two blocks of rows, makes its panels for all parts, and goes along the strip: two blocks at
 *      a time, and of these one tile after the other; each part's half squared distances are computed once, then each set adds those of its
 *      parts and offers what is within its rows' limits to its own lists, a few more than k a row. All strips meet themselves before
 *      any meets another: else the rows of the last would see the farthest first, and lists would change all the time.
 *   3. As in the exact search, lists are measured in double, and a row is finished if what was not kept is certainly
 *      farther, with all rounding. The few rows that are not (many equal distances) are searched exhaustively. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/distinct.h"
#include "knn/frame.h"
#include "knn/lists.h"

enum { STRIP = 2, SPARE = 6 };

typedef struct lists {   /* of one set */
    const size_t *part;
    size_t parts;
    int32_t *index;      /* n x room */
    float *value;
    float *limit;        /* blocks x ZSC_TILE */
    int32_t *size;       /* n */
} lists;

typedef struct worker {
    float **left, **right; /* by part: the panels of the strip's blocks, and of the blocks across */
    float *room;
    float *tiles;        /* one a part */
    float *limit[2];
    zsc_tile_pair *pairs;
} worker;

typedef struct sums {
    const zsc_knn_part *part;
    size_t parts, sets, n, k, room, blocks, strips, widest;
    zsc_rows *rows;
    zsc_frame *frame;
    lists *list;
    omp_lock_t *lock;    /* one a block, for all sets */
    size_t locks;
    worker *workers;
    int threads;
    const zsc_tile_kernels *kernels;
    const zsc_measure_kernels *measure;
} sums;

/* --- One pair of strips */
static float *tile_at(const worker *w, size_t part) { return w->tiles + part * ZSC_TILE * ZSC_TILE; }

static size_t strip_blocks(const sums *s, size_t strip)
{
    size_t left = s->blocks - strip * STRIP;
    return left < STRIP ? left : STRIP;
}

static void fill(const sums *s, worker *w, size_t strip, float *const *panels)
{
    for (size_t p = 0; p < s->parts; p++)
        for (size_t b = 0; b < strip_blocks(s, strip); b++)
            zsc_frame_fill(&s->frame[p], strip * STRIP + b, w->room, panels[p] + b * ZSC_TILE * s->part[p].d);
}

static zsc_tile_side side_of(const sums *s, size_t part, const float *panels, const float *limit, size_t block)
{
    return (zsc_tile_side){panels, s->frame[part].half + block * ZSC_TILE, limit, zsc_frame_block_rows(&s->frame[part], block)};
}

/* Every part's tile of blocks i and j. */
static void part_tiles(const sums *s, worker *w, float *const *right, size_t i, size_t j)
{
    for (size_t p = 0; p < s->parts; p++) {
        size_t size = ZSC_TILE * s->part[p].d;
        zsc_tile_side a = side_of(s, p, w->left[p] + i % STRIP * size, NULL, i), b = side_of(s, p, right[p] + j % STRIP * size, NULL, j);
        s->kernels->values(&a, &b, s->part[p].d, tile_at(w, p));
    }
}

static void keep(sums *s, lists *l, size_t b, size_t other, bool transposed, const zsc_tile_pair *pairs, size_t count)
{
    const int32_t *order = s->frame[0].order;
    float *limit = l->limit + b * ZSC_TILE;
    omp_set_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = transposed ? pairs[p].j : pairs[p].i, o = transposed ? pairs[p].i : pairs[p].j, row = (size_t)order[b * ZSC_TILE + r];
        float value = isnan(pairs[p].sum) ? -INFINITY : pairs[p].sum; /* beyond single precision: to be measured */
        if (value > limit[r]) continue;
        size_t size = (size_t)l->size[row];
        zsc_heap_offer(l->value + row * s->room, l->index + row * s->room, &size, s->room, value, order[other * ZSC_TILE + o]);
        l->size[row] = (int32_t)size;
        if (size == s->room) limit[r] = l->value[row * s->room];
    }
    omp_unset_lock(&s->lock[b]);
}

static void copy_limit(sums *s, const lists *l, size_t block, float *limit)
{
    omp_set_lock(&s->lock[block]);
    memcpy(limit, l->limit + block * ZSC_TILE, ZSC_TILE * sizeof *limit);
    omp_unset_lock(&s->lock[block]);
}

static void set_tile(sums *s, worker *w, lists *l, size_t i, size_t j, const float **tiles)
{
    for (size_t p = 0; p < l->parts; p++) tiles[p] = tile_at(w, l->part[p]);
    copy_limit(s, l, i, w->limit[0]);
    copy_limit(s, l, j, w->limit[1]);
    zsc_tile_side a = side_of(s, 0, NULL, w->limit[0], i), b = side_of(s, 0, NULL, w->limit[1], j);
    size_t count = s->kernels->pick(tiles, l->parts, &a, &b, w->pairs), kept = 0;
    for (size_t p = 0; i == j && p < count; p++)
        if (w->pairs[p].i < w->pairs[p].j) w->pairs[kept++] = w->pairs[p];
    if (i == j) count = kept;
    keep(s, l, i, j, false, w->pairs, count);
    keep(s, l, j, i, true, w->pairs, count);
}

/* The left panels are made. */
static void do_strips(sums *s, worker *w, size_t I, size_t J, const float **tiles)
{
    if (I != J) fill(s, w, J, w->right);
    for (size_t i = I * STRIP; i < I * STRIP + strip_blocks(s, I); i++)
        for (size_t j = I == J ? i : J * STRIP; j < J * STRIP + strip_blocks(s, J); j++) {
            part_tiles(s, w, I == J ? w->left : w->right, i, j);
            for (size_t l = 0; l < s->sets; l++) set_tile(s, w, &s->list[l], i, j, tiles);
        }
}

/* --- Exact distances */
/* Squared distances of the row that is being finished, by part: sets that share a part have many candidates in common. */
typedef struct memo {
    int32_t *row; /* -1: free */
    double *squares;
    size_t slots; /* a power of two, at least twice as many as there can be candidates */
} memo;

static double squares_of(const sums *s, memo *m, size_t part, size_t i, size_t j)
{
    size_t slot = (uint32_t)j * UINT32_C(2654435769) & (m->slots - 1);
    while (m->row[slot] >= 0 && m->row[slot] != (int32_t)j) slot = (slot + 1) & (m->slots - 1);
    if (m->row[slot] < 0) {
        m->row[slot] = (int32_t)j;
        m->squares[slot] = zsc_rows_measure(&s->rows[part], s->measure, i, j);
    }
    return m->squares[slot];
}

/* MEMO, by part, may be NULL. */
static float distance_of(const sums *s, const lists *l, memo *m, size_t i, size_t j)
{
    double squares = 0;
    for (size_t p = 0; p < l->parts; p++) {
        size_t part = l->part[p];
        squares += m ? squares_of(s, &m[part], part, i, j) : zsc_rows_measure(&s->rows[part], s->measure, i, j);
    }
    return (float)sqrt(squares);
}

/* The row itself first, whatever else is at distance 0: it goes in at -1. */
static void finish_row(const sums *s, const lists *l, memo *m, size_t row, int32_t *index, float *distance)
{
    size_t size = (size_t)l->size[row], kept = 0;
    const int32_t *candidate = l->index + row * s->room;
    float last = size < s->room ? INFINITY : l->value[row * s->room];
    zsc_heap_offer(distance, index, &kept, s->k, -1, (int32_t)row);
    for (size_t c = 0; c < size; c++)
        zsc_heap_offer(distance, index, &kept, s->k, distance_of(s, l, m, row, (size_t)candidate[c]), candidate[c]);
    float bound = kept < s->k ? INFINITY : distance[0], limit = zsc_frame_limit(&s->frame[0], bound);
    bool finished = last == INFINITY ? size + 1 >= s->n : limit + fabsf(limit) * 0x1p-20f < last;
    if (!finished) {
        kept = 0;
        for (size_t j = 0; j < s->n; j++)
            zsc_heap_offer(distance, index, &kept, s->k, j == row ? -1 : distance_of(s, l, NULL, row, j), (int32_t)j);
    }
    zsc_heap_sort(distance, index, s->k);
    distance[0] = 0;
}

static size_t memo_slots(const size_t *set_part, size_t members, size_t room, size_t part)
{
    size_t candidates = 0, slots = 16;
    for (size_t m = 0; m < members; m++) candidates += set_part[m] == part ? room : 0;
    while (slots < 2 * candidates) slots *= 2;
    return slots;
}

static zsc_status make_memos(const sums *s, const size_t *set_part, size_t members, memo *memos)
{
    zsc_status status = ZSC_OK;
    for (size_t t = 0; t < (size_t)s->threads; t++)
        for (size_t p = 0; p < s->parts; p++) {
            memo *m = &memos[t * s->parts + p];
            m->slots = memo_slots(set_part, members, s->room, p);
            ZSC_NEW_RAW(m->row, m->slots);
            ZSC_NEW_RAW(m->squares, m->slots);
        }
done:
    return status;
}

/* Row by row, in the order in which near ones stand together, for all sets. */
static zsc_status finish(sums *s, const size_t *set_part, size_t members, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    bool overflow = false;
    memo *memos = NULL;
    ZSC_NEW(memos, s->parts * (size_t)s->threads);
    ZSC_TRY(make_memos(s, set_part, members, memos));
    for (size_t l = 0; l < s->sets; l++) {
        out[l] = (zsc_knn){.n = s->n, .k = s->k, .method = ZSC_KNN_EXACT, .distinct = s->n};
        ZSC_NEW_RAW(out[l].index, s->n * s->k);
        ZSC_NEW_RAW(out[l].distance, s->n * s->k);
    }
#pragma omp parallel for schedule(dynamic, 16) num_threads(s->threads) reduction(|| : overflow)
    for (size_t at = 0; at < s->n; at++) {
        size_t row = (size_t)s->frame[0].order[at];
        memo *mine = memos + s->parts * (size_t)zsc_thread_number();
        for (size_t p = 0; p < s->parts; p++) memset(mine[p].row, -1, mine[p].slots * sizeof *mine[p].row);
        for (size_t l = 0; l < s->sets; l++) {
            finish_row(s, &s->list[l], mine, row, out[l].index + row * s->k, out[l].distance + row * s->k);
            overflow = overflow || isinf(out[l].distance[row * s->k + s->k - 1]);
        }
    }
    if (overflow) status = zsc_fail(ZSC_ENUMERIC, "distances are too large for single precision");
done:
    for (size_t m = 0; memos && m < s->parts * (size_t)s->threads; m++) {
        free(memos[m].row);
        free(memos[m].squares);
    }
    free(memos);
    return status;
}

/* --- Setting up */
static zsc_status make_frames(sums *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double scale = HUGE_VAL;
    size_t narrowest = 0;
    zsc_frame near = {0};
    ZSC_NEW(s->rows, s->parts);
    ZSC_NEW(s->frame, s->parts);
    for (size_t p = 0; p < s->parts; p++) {
        ZSC_TRY(zsc_context(zsc_finite_check(s->part[p].x, s->n, s->part[p].d, exec), "part %zu", p));
        ZSC_TRY(zsc_rows_make(s->part[p].x, s->part[p].d, NULL, s->n, ZSC_EUCLIDEAN, exec, &s->rows[p]));
        ZSC_TRY(zsc_frame_plain(&s->rows[p], 0, NULL, exec, &s->frame[p]));
        if (s->part[p].d < s->part[narrowest].d) narrowest = p;
        if (s->frame[p].scale < scale) scale = s->frame[p].scale; /* that of the widest part */
        if (s->part[p].d > s->widest) s->widest = s->part[p].d;
    }
    ZSC_TRY(zsc_frame_make(&s->rows[narrowest], s->k, 0, exec, &near));
    for (size_t p = 0; p < s->parts; p++) {
        zsc_frame_free(&s->frame[p]);
        ZSC_TRY(zsc_frame_plain(&s->rows[p], scale, near.order, exec, &s->frame[p]));
    }
done:
    zsc_frame_free(&near);
    return status;
}

static zsc_status make_lists(sums *s, const size_t *set_offset, const size_t *set_part)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(s->list, s->sets);
    for (size_t l = 0; l < s->sets; l++) {
        s->list[l].part = set_part + set_offset[l];
        s->list[l].parts = set_offset[l + 1] - set_offset[l];
        ZSC_NEW_RAW(s->list[l].index, s->n * s->room);
        ZSC_NEW_RAW(s->list[l].value, s->n * s->room);
        ZSC_NEW(s->list[l].size, s->n);
        ZSC_NEW_RAW(s->list[l].limit, s->blocks * ZSC_TILE);
        for (size_t i = 0; i < s->blocks * ZSC_TILE; i++) s->list[l].limit[i] = INFINITY;
    }
    ZSC_NEW(s->lock, s->blocks);
    for (; s->locks < s->blocks; s->locks++) omp_init_lock(&s->lock[s->locks]);
done:
    return status;
}

static zsc_status make_workers(sums *s)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(s->workers, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) {
        worker *w = &s->workers[t];
        ZSC_NEW(w->left, s->parts);
        ZSC_NEW(w->right, s->parts);
        for (size_t p = 0; p < s->parts; p++) {
            ZSC_NEW_RAW(w->left[p], STRIP * ZSC_TILE * s->part[p].d);
            ZSC_NEW_RAW(w->right[p], STRIP * ZSC_TILE * s->part[p].d);
        }
        ZSC_NEW_RAW(w->room, s->widest);
        ZSC_NEW_RAW(w->tiles, s->parts * ZSC_TILE * ZSC_TILE);
        ZSC_NEW(w->limit[0], ZSC_TILE);
        ZSC_NEW(w->limit[1], ZSC_TILE);
        ZSC_NEW_RAW(w->pairs, ZSC_TILE * ZSC_TILE);
    }
done:
    return status;
}

static void sums_free(sums *s)
{
    for (int t = 0; s->workers && t < s->threads; t++) {
        worker *w = &s->workers[t];
        for (size_t p = 0; w->left && p < s->parts; p++) free(w->left[p]);
        for (size_t p = 0; w->right && p < s->parts; p++) free(w->right[p]);
        free(w->left);
        free(w->right);
        free(w->room);
        free(w->tiles);
        free(w->limit[0]);
        free(w->limit[1]);
        free(w->pairs);
    }
    for (size_t l = 0; s->list && l < s->sets; l++) {
        free(s->list[l].index);
        free(s->list[l].value);
        free(s->list[l].size);
        free(s->list[l].limit);
    }
    for (size_t p = 0; p < s->parts; p++) {
        if (s->frame) zsc_frame_free(&s->frame[p]);
        if (s->rows) zsc_rows_free(&s->rows[p]);
    }
    for (size_t b = 0; b < s->locks; b++) omp_destroy_lock(&s->lock[b]);
    free(s->workers);
    free(s->list);
    free(s->frame);
    free(s->rows);
    free(s->lock);
}

static zsc_status check(const sums *s, const size_t *set_offset, const size_t *set_part)
{
    if (s->n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "at most %d rows can be searched, and there are %zu", INT32_MAX, s->n);
    if (s->k < 1 || s->k > s->n) return zsc_fail(ZSC_EUSAGE, "neighbors is %zu, expected 1 to %zu, the number of rows", s->k, s->n);
    for (size_t l = 0; l < s->sets; l++) {
        if (set_offset[l + 1] <= set_offset[l]) return zsc_fail(ZSC_EUSAGE, "set %zu has no part", l);
        if (set_offset[l + 1] - set_offset[l] > s->parts) return zsc_fail(ZSC_EUSAGE, "set %zu has a part twice", l);
        for (size_t p = set_offset[l]; p < set_offset[l + 1]; p++)
            if (set_part[p] >= s->parts) return zsc_fail(ZSC_EUSAGE, "set %zu has part %zu, and there are %zu", l, set_part[p], s->parts);
    }
    return ZSC_OK;
}

typedef struct walking {
    size_t begun[2], done, all; /* strips that were taken to meet themselves, and to meet the others; pairs of strips */
    bool stop;
    const float **tiles;        /* threads x parts */
    const zsc_exec *exec;
} walking;

/* One thread's part: strips are taken by whoever is free, the longest first; strip I meets itself, or all that come after. */
static void walk_strips(sums *s, walking *w, bool itself)
{
    int t = zsc_thread_number();
    worker *mine = &s->workers[t];
    for (size_t I; (I = __atomic_fetch_add(&w->begun[!itself], 1, __ATOMIC_RELAXED)) < s->strips;) {
        fill(s, mine, I, mine->left);
        size_t first = itself ? I : I + 1, end = itself ? I + 1 : s->strips;
        for (size_t J = first; J < end && !__atomic_load_n(&w->stop, __ATOMIC_RELAXED); J++) {
            do_strips(s, mine, I, J, w->tiles + s->parts * (size_t)t);
            size_t made = __atomic_add_fetch(&w->done, 1, __ATOMIC_RELAXED);
            if (t == 0 && !zsc_progress(w->exec, "knn", (double)made, (double)w->all)) __atomic_store_n(&w->stop, true, __ATOMIC_RELAXED);
        }
    }
}

static zsc_status walk(sums *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    walking w = {.all = s->strips * (s->strips + 1) / 2, .exec = exec};
    ZSC_NEW(w.tiles, s->parts * (size_t)s->threads);
#pragma omp parallel num_threads(s->threads)
    {
        walk_strips(s, &w, true);
#pragma omp barrier
        walk_strips(s, &w, false);
    }
    if (w.stop) status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
done:
    free(w.tiles);
    return status;
}

zsc_status zsc_knn_search_sums(const zsc_knn_part *parts, size_t part_count, size_t n, const size_t *set_offset,
                               const size_t *set_part, size_t sets, size_t neighbors, const zsc_exec *exec, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    sums s = {.part = parts, .parts = part_count, .sets = sets, .n = n, .k = neighbors, .threads = zsc_threads(exec),
              .room = neighbors + SPARE, .blocks = (n + ZSC_TILE - 1) / ZSC_TILE, .kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of),
              .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of)};
    zsc_knn *found = NULL;
    s.strips = (s.blocks + STRIP - 1) / STRIP;
    ZSC_TRY(check(&s, set_offset, set_part));
    ZSC_TRY(zsc_memory_check(exec, zsc_knn_sums_memory(parts, part_count, n, sets, neighbors, exec), "the search for neighbours"));
    if (sets == 0) goto done;
    ZSC_NEW(found, sets);
    ZSC_TRY(make_frames(&s, exec));
    ZSC_TRY(make_lists(&s, set_offset, set_part));
    ZSC_TRY(make_workers(&s));
    ZSC_TRY(walk(&s, exec));
    ZSC_TRY(finish(&s, set_part, set_offset[sets], found));
    memcpy(out, found, sets * sizeof *out);
    memset(found, 0, sets * sizeof *found);
done:
    for (size_t l = 0; found && l < sets; l++) zsc_knn_free(&found[l]);
    free(found);
    sums_free(&s);
    return status;
}

size_t zsc_knn_sums_memory(const zsc_knn_part *parts, size_t part_count, size_t n, size_t sets, size_t neighbors, const zsc_exec *exec)
{
    size_t wide = 0, widest = 0, narrowest = SIZE_MAX, threads = (size_t)zsc_threads(exec), tile = ZSC_TILE * ZSC_TILE;
    for (size_t p = 0; p < part_count; p++) {
        wide += parts[p].d;
        if (parts[p].d > widest) widest = parts[p].d;
        if (parts[p].d < narrowest) narrowest = parts[p].d;
    }
    if (part_count == 0) return 0;
    size_t memos = sets * part_count * (neighbors + SPARE) * 4 * (sizeof(int32_t) + sizeof(double)); /* at most */
    size_t order = zsc_frame_memory(n, narrowest, (int)threads); /* gone before there are lists */
    size_t each = (2 * STRIP * ZSC_TILE * wide + widest) * 4 + part_count * tile * 4 + tile * sizeof(zsc_tile_pair);
    size_t search = sets * n * ((2 * neighbors + SPARE) * 8 + 8) + threads * (each + memos);
    return (search > order ? search : order) + part_count * n * 8;
}
