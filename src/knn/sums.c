/* Exact neighbours of many concatenations at once: |a b - a' b'|^2 = |a - a'|^2 + |b - b'|^2.
 *
 *   1. Every part gets a frame of its own (knn/frame.c), all in one scale and in one order, in which rows stand
 * together that are near by the leading coordinates of all parts. A projected part's tiles say at least how far two
 * rows are apart, and sums of such bounds bound the sum.
 *   2. A thread takes four blocks of rows and four others (knn/tiles.c: near ones first), block by block, a strip of
 * rows at a time, whose tiles of all parts stay in cache: each part's are computed once, then each set adds those of
 * its parts (sums_walk.c).
 *   3. Lists begin with the rows of a row's own group of blocks, then two walks. The first, over the nearest 0.4 of the
 * tiles, keeps the best of each row by the sums; the most that these may be apart (coarse vectors, knn/coarse.c;
 * sums_lists.c) bounds the k-th distance. The second, over all tiles, takes every pair within a bound, looks at coarse
 * vectors, then measures in double (sums_look.c); what two sets want to know of one pair of rows of a part is computed
 * once. Where no part is projected the sums are all but exact: a row is finished by what the first walk, over all
 * tiles, kept if what it did not keep is certainly farther, with all rounding; nearly all are. */
#include "knn/sums.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "linalg/finite.h"

enum {
    CLEAR = 48,   /* coordinates of a projection, at least */
    JOINED = 1024 /* coordinates of all parts that the order is made from */
};

#define FIRST_SHARE 0.4 /* of the tiles that the first walk over projections visits */

/* --- Setting up */
/* z (n x width): the first coordinates of all parts side by side. */
static void side_by_side(const zsc_sums *s, size_t most, size_t width, float *z)
{
    for (size_t i = 0; i < s->n; i++) {
        float *to = z + i * width;
        for (size_t p = 0; p < s->parts; p++) {
            const zsc_frame *f = &s->frame[p];
            size_t many = f->leading_width < most ? f->leading_width : most;
            memcpy(to, f->leading + i * f->leading_width, many * sizeof *to);
            to += many;
        }
    }
}

/* One order for all frames, near rows of all parts together. */
static zsc_status arrange(zsc_sums *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t most = JOINED / s->parts > 2 ? JOINED / s->parts : 2, width = 0;
    float *joined = NULL;
    zsc_rows rows = {0};
    zsc_frame joint = {0};
    for (size_t p = 0; p < s->parts; p++) width += s->frame[p].leading_width < most ? s->frame[p].leading_width : most;
    if (width == 0) goto list; /* so few rows that no order matters */
    ZSC_NEW_RAW(joined, s->n * width);
    side_by_side(s, most, width, joined);
    ZSC_TRY(zsc_rows_make(joined, width, NULL, s->n, ZSC_EUCLIDEAN, exec, &rows));
    ZSC_TRY(zsc_frame_begin(&rows, &(zsc_frame_plan){.nearest = s->k}, exec, &joint));
    ZSC_TRY(zsc_frame_arrange(&s->frame[0], joint.leading, joint.leading_width, exec));
    for (size_t p = 1; p < s->parts; p++) memcpy(s->frame[p].order, s->frame[0].order, s->n * sizeof(int32_t));
list:
    ZSC_TRY(zsc_frame_list(&s->frame[0], s->threads, &s->units, &s->unit_count));
done:
    free(joined);
    zsc_frame_free(&joint);
    zsc_rows_free(&rows);
    return status;
}

/* Parts in parallel: much of a frame's making is one thread's work. What goes wrong is told by the caller's thread. */
static zsc_status each_frame(zsc_sums *s, bool begin, double scale)
{
    enum { TEXT = 200 };
    char message[TEXT];
    zsc_status status = ZSC_OK;
    const zsc_frame_plan plan = {.nearest = s->k, .least = CLEAR, .scale = scale};
    const zsc_exec alone = {.threads = 1};
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t p = 0; p < s->parts; p++) {
        zsc_status made = begin ? zsc_frame_begin(&s->rows[p], &plan, &alone, &s->frame[p])
                                : zsc_frame_finish(&s->frame[p], false, &alone);
        if (made == ZSC_OK) continue;
#pragma omp critical
        {
            status = made;
            snprintf(message, sizeof message, "part %zu: %s", p, zsc_error_message());
        }
    }
    return status == ZSC_OK ? ZSC_OK : zsc_fail(status, "%s", message);
}

static zsc_status make_frames(zsc_sums *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double scale = HUGE_VAL;
    ZSC_NEW(s->rows, s->parts);
    ZSC_NEW(s->frame, s->parts);
    for (size_t p = 0; p < s->parts; p++) {
        double own;
        ZSC_TRY(zsc_context(zsc_finite_check(s->part[p].x, s->n, s->part[p].d, exec), "part %zu", p));
        ZSC_TRY(zsc_rows_make(s->part[p].x, s->part[p].d, NULL, s->n, ZSC_EUCLIDEAN, exec, &s->rows[p]));
        ZSC_TRY(zsc_frame_scale(&s->rows[p], &own));
        if (own < scale) scale = own; /* that of the widest part */
        if (s->part[p].d > s->widest) s->widest = s->part[p].d;
    }
    ZSC_TRY(each_frame(s, true, scale));
    ZSC_TRY(arrange(s, exec));
    ZSC_TRY(each_frame(s, false, scale));
    for (size_t p = 0; p < s->parts; p++) s->projected = s->projected || s->frame[p].panels;
done:
    return status;
}

static zsc_status make_lists(zsc_sums *s, const size_t *set_offset, const size_t *set_part)
{
    zsc_status status = ZSC_OK;
    size_t members = set_offset[s->sets], made = 0;
    ZSC_NEW(s->list, s->sets);
    ZSC_NEW(s->first_user, s->parts + 1);
    ZSC_NEW(s->user, members);
    for (size_t n = 0; n < s->sets; n++)
        ZSC_TRY(zsc_sums_make_list(s, &s->list[n], set_part + set_offset[n], set_offset[n + 1] - set_offset[n]));
    for (size_t p = 0; p < s->parts; p++) {
        for (size_t n = 0; n < s->sets; n++)
            for (size_t m = 0; m < s->list[n].parts; m++)
                if (s->list[n].part[m] == p) s->user[made++] = n;
        s->first_user[p + 1] = made;
    }
    ZSC_NEW(s->lock, s->blocks);
    for (; s->locks < s->blocks; s->locks++) omp_init_lock(&s->lock[s->locks]);
done:
    return status;
}

static void sums_free(zsc_sums *s)
{
    zsc_sums_free_workers(s);
    for (size_t n = 0; s->list && n < s->sets; n++) zsc_sums_free_list(&s->list[n]);
    for (size_t p = 0; p < s->parts; p++) {
        if (s->frame) zsc_frame_free(&s->frame[p]);
        if (s->rows) zsc_rows_free(&s->rows[p]);
    }
    for (size_t b = 0; b < s->locks; b++) omp_destroy_lock(&s->lock[b]);
    free(s->list);
    free(s->frame);
    free(s->rows);
    free(s->lock);
    free(s->user);
    free(s->first_user);
    free(s->units);
}

static zsc_status check(const zsc_sums *s, const size_t *set_offset, const size_t *set_part)
{
    if (s->n > INT32_MAX)
        return zsc_fail(ZSC_EUSAGE, "at most %d rows can be searched, and there are %zu", INT32_MAX, s->n);
    if (s->k < 1 || s->k > s->n)
        return zsc_fail(ZSC_EUSAGE, "neighbors is %zu, expected 1 to %zu, the number of rows", s->k, s->n);
    for (size_t l = 0; l < s->sets; l++) {
        if (set_offset[l + 1] <= set_offset[l]) return zsc_fail(ZSC_EUSAGE, "set %zu has no part", l);
        if (set_offset[l + 1] - set_offset[l] > s->parts) return zsc_fail(ZSC_EUSAGE, "set %zu has a part twice", l);
        for (size_t p = set_offset[l]; p < set_offset[l + 1]; p++)
            if (set_part[p] >= s->parts)
                return zsc_fail(ZSC_EUSAGE, "set %zu has part %zu, and there are %zu", l, set_part[p], s->parts);
    }
    return ZSC_OK;
}

static zsc_status walk_twice(zsc_sums *s, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double middle = s->projected ? 0.4 : 0.95;
    bool finished = false;
    size_t first = (size_t)ceil((s->projected ? FIRST_SHARE : 1) * (double)s->unit_count);
    ZSC_TRY(zsc_frame_units(&(zsc_tile_walk){.stage = "knn", .before = 0, .after = middle / 4}, s->blocks,
                            zsc_sums_fill, s, exec));
    ZSC_TRY(zsc_frame_units(&(zsc_tile_walk){.stage = "knn", .before = middle / 4, .after = middle}, first,
                            zsc_sums_unit, s, exec));
    ZSC_TRY(zsc_sums_bound(s, &finished));
    s->second = true;
    if (!finished)
        ZSC_TRY(zsc_frame_units(&(zsc_tile_walk){.stage = "knn", .before = middle, .after = 1}, s->unit_count,
                                zsc_sums_unit, s, exec));
done:
    return status;
}

zsc_status zsc_knn_search_sums(const zsc_knn_part *parts, size_t part_count, size_t n, const size_t *set_offset,
                               const size_t *set_part, size_t sets, size_t neighbors, const zsc_exec *exec,
                               zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    zsc_sums s = {.part = parts,
                  .parts = part_count,
                  .sets = sets,
                  .n = n,
                  .k = neighbors,
                  .threads = zsc_threads(exec),
                  .keep = neighbors + ZSC_SUMS_SPARE,
                  .room = zsc_list_room(neighbors + ZSC_SUMS_SPARE),
                  .blocks = (n + ZSC_TILE - 1) / ZSC_TILE,
                  .kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of),
                  .measure = ZSC_SIMD_PICK(zsc_measure_kernels_of)};
    zsc_knn *found = NULL;
    ZSC_TRY(check(&s, set_offset, set_part));
    ZSC_TRY(zsc_memory_check(exec, zsc_knn_sums_memory(parts, part_count, n, sets, neighbors, exec),
                             "the search for neighbours"));
    if (sets == 0) goto done;
    ZSC_NEW(found, sets);
    ZSC_TRY(make_frames(&s, exec));
    ZSC_TRY(make_lists(&s, set_offset, set_part));
    ZSC_TRY(zsc_sums_make_workers(&s));
    ZSC_TRY(walk_twice(&s, exec));
    for (size_t l = 0; l < sets; l++) ZSC_TRY(zsc_sums_take(&s, &s.list[l], &found[l]));
    memcpy(out, found, sets * sizeof *out);
    memset(found, 0, sets * sizeof *found);
done:
    for (size_t l = 0; found && l < sets; l++) zsc_knn_free(&found[l]);
    free(found);
    sums_free(&s);
    return status;
}

size_t zsc_knn_sums_memory(const zsc_knn_part *parts, size_t part_count, size_t n, size_t sets, size_t neighbors,
                           const zsc_exec *exec)
{
    size_t widest = 0, threads = (size_t)zsc_threads(exec), keep = neighbors + ZSC_SUMS_SPARE, frames = 0;
    for (size_t p = 0; p < part_count; p++) {
        frames += zsc_frame_kept_memory(n, parts[p].d);
        if (parts[p].d > widest) widest = parts[p].d;
    }
    if (part_count == 0) return 0;
    size_t making = threads * zsc_frame_memory(n, widest, 1) + n * (JOINED + 2 * part_count) * 4 +
                    zsc_frame_memory(n, JOINED, (int)threads);
    size_t lists = sets * n * (zsc_list_room(keep) * 8 + 24) + n * neighbors * 8;
    size_t bounding = threads * (sets * 32 * zsc_list_room(keep) * 4 + n * 16),
           walking = threads * zsc_sums_worker_memory(parts, part_count, sets);
    size_t searching = lists + walking + bounding + zsc_frame_tiles_memory(n, 0, 1);
    return frames + (making > searching ? making : searching);
}
