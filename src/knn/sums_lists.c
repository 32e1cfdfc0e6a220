/* Lists of the search over many concatenations: what is kept, what bounds it, what comes out. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/lists.h"
#include "knn/sums.h"

/* The row itself is in every list; tiles leave it out. */
static void begin(const zsc_sums *s, zsc_sums_list *l, size_t at, int32_t index, float itself)
{
    l->value[at * s->room] = itself;
    l->index[at * s->room] = index;
    l->size[at] = 1;
}

zsc_status zsc_sums_make_list(const zsc_sums *s, zsc_sums_list *l, const size_t *part, size_t parts)
{
    zsc_status status = ZSC_OK;
    l->part = part;
    l->parts = parts;
    ZSC_NEW_RAW(l->index, s->n * s->room);
    ZSC_NEW_RAW(l->value, s->n * s->room);
    ZSC_NEW(l->size, s->n);
    ZSC_NEW_RAW(l->limit, s->blocks * ZSC_TILE);
    ZSC_NEW(l->error, s->n);
    ZSC_NEW(l->slop, s->n);
    for (size_t at = 0; at < s->blocks * ZSC_TILE; at++) l->limit[at] = at < s->n ? INFINITY : -INFINITY;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t at = 0; at < s->n; at++) {
        begin(s, l, at, (int32_t)at, -INFINITY);
        double squares = 0, slop = 0;
        for (size_t p = 0; p < parts; p++) {
            const zsc_frame *f = &s->frame[part[p]];
            if (f->coarse) squares += (double)f->coarse_error[at] * (double)f->coarse_error[at];
            slop += (double)f->slop[at];
        }
        l->error[at] = (float)(sqrt(squares) * (1 + 0x1p-22));
        l->slop[at] = (float)(slop * (1 + 0x1p-22));
    }
done:
    return status;
}

void zsc_sums_free_list(zsc_sums_list *l)
{
    free(l->index);
    free(l->value);
    free(l->size);
    free(l->limit);
    free(l->error);
    free(l->slop);
}

/* --- First walk: by the sums */
void zsc_sums_keep(zsc_sums *s, zsc_sums_list *l, int side, size_t b, size_t other, const zsc_tile_pair *pairs,
                   size_t count, float *copy)
{
    float *limit = l->limit + b * ZSC_TILE;
    omp_set_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = side ? pairs[p].j : pairs[p].i, o = side ? pairs[p].i : pairs[p].j, at = b * ZSC_TILE + r;
        float value = isnan(pairs[p].sum) ? -INFINITY : pairs[p].sum; /* beyond single precision: to be measured */
        if (!(value < limit[r])) continue;
        copy[r] = limit[r] = zsc_list_keep(s->kernels, l->value + at * s->room, l->index + at * s->room, &l->size[at],
                                           s->room, s->keep, limit[r], value, (int32_t)(other * ZSC_TILE + o));
    }
    omp_unset_lock(&s->lock[b]);
}

/* --- Second walk: by distances */
static float worst_of(const zsc_sums *s, const zsc_sums_list *l, size_t at) { return fmaxf(0, l->value[at * s->room]); }

void zsc_sums_merge(zsc_sums *s, zsc_sums_list *l, int side, size_t b, size_t other, const zsc_sums_pair *pairs,
                    size_t count)
{
    const int32_t *order = s->frame[0].order;
    float *limit = l->limit + b * ZSC_TILE;
    omp_set_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = side ? pairs[p].j : pairs[p].i, o = side ? pairs[p].i : pairs[p].j, at = b * ZSC_TILE + r,
               size = l->size[at];
        if (limit[r] < 0) continue; /* finished */
        if (size == s->k && pairs[p].sum > l->value[at * s->room]) continue;
        zsc_heap_offer(l->value + at * s->room, l->index + at * s->room, &size, s->k, pairs[p].sum,
                       order[other * ZSC_TILE + o]);
        l->size[at] = size;
        if (size == s->k) limit[r] = fminf(limit[r], zsc_frame_limit(&s->frame[0], worst_of(s, l, at)));
    }
    omp_unset_lock(&s->lock[b]);
}

/* --- Between the walks: bounds from coarse vectors, for some rows at a time; part by part, so that a part's coarse
 * vectors stay in cache, and those that sets have in common are compared once. */
enum { ROWS = 32 };

typedef struct bounding { /* a thread's */
    float *squares;       /* sets x ROWS x room */
    float *known;         /* by position: the squared length to it, of one row and part */
    int32_t *when;        /* which row and part */
    size_t *asked;        /* positions, each once */
    int32_t now;
} bounding;

static void find_known(const zsc_sums *s, bounding *w, size_t part, size_t at)
{
    size_t asked = 0;
    w->now++;
    for (size_t u = s->first_user[part]; u < s->first_user[part + 1]; u++) {
        const zsc_sums_list *l = &s->list[s->user[u]];
        for (size_t c = at * s->room; c < at * s->room + l->size[at]; c++) {
            if (w->when[l->index[c]] == w->now) continue;
            w->when[l->index[c]] = w->now;
            w->asked[asked++] = (size_t)l->index[c];
        }
    }
    for (size_t from = 0; from < asked; from += ZSC_COARSE_MANY) {
        double squares[ZSC_COARSE_MANY];
        size_t count = asked - from < ZSC_COARSE_MANY ? asked - from : ZSC_COARSE_MANY;
        zsc_frame_coarse_squares(&s->frame[part], at, w->asked + from, count, squares);
        for (size_t o = 0; o < count; o++) w->known[w->asked[from + o]] = (float)squares[o];
    }
}

static void add_part(const zsc_sums *s, bounding *w, size_t part, size_t from, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        size_t at = from + r;
        find_known(s, w, part, at);
        for (size_t u = s->first_user[part]; u < s->first_user[part + 1]; u++) {
            const zsc_sums_list *l = &s->list[s->user[u]];
            float *squares = w->squares + (s->user[u] * ROWS + r) * s->room;
            for (size_t c = 0; c < l->size[at]; c++) squares[c] += w->known[l->index[at * s->room + c]];
        }
    }
}

/* The k-th of the largest distances that the rows kept for the one at a position may have. */
static void bound(const zsc_sums *s, zsc_sums_list *l, size_t at, const float *squares)
{
    size_t size = l->size[at];
    const int32_t *index = l->index + at * s->room;
    float *value = l->value + at * s->room;
    for (size_t c = 0; c < size; c++) {
        size_t there = (size_t)index[c];
        float high = -INFINITY; /* the row itself */
        if (there != at)
            high = zsc_frame_half_high(value[c], l->slop[at] + l->slop[there], sqrtf(squares[c]),
                                       l->error[at] + l->error[there]);
        value[c] = !(high < INFINITY) || (there != at && value[c] == -INFINITY) ? INFINITY : high;
    }
    float most = size < s->k ? INFINITY : fmaxf(zsc_list_kth(value, size, s->k), 0);
    l->limit[at] = zsc_frame_limit(&s->frame[0], zsc_frame_distance(&s->frame[0], sqrtf(2 * most) * (1 + 0x1p-20f)));
    begin(s, l, at, s->frame[0].order[at], -1);
}

static void cut_list(const zsc_sums *s, zsc_sums_list *l, size_t at)
{
    zsc_list_cut(s->kernels, l->value + at * s->room, l->index + at * s->room, &l->size[at], s->keep, &l->limit[at]);
}

static void bound_rows(const zsc_sums *s, bounding *w, size_t from, size_t rows)
{
    memset(w->squares, 0, s->sets * ROWS * s->room * sizeof *w->squares);
    for (size_t l = 0; l < s->sets; l++)
        for (size_t r = 0; r < rows; r++) cut_list(s, &s->list[l], from + r);
    for (size_t p = 0; p < s->parts; p++)
        if (s->frame[p].coarse) add_part(s, w, p, from, rows);
    for (size_t l = 0; l < s->sets; l++)
        for (size_t r = 0; r < rows; r++) bound(s, &s->list[l], from + r, w->squares + (l * ROWS + r) * s->room);
}

static zsc_status bound_all(zsc_sums *s)
{
    zsc_status status = ZSC_OK;
    bounding *w = NULL;
    ZSC_NEW(w, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) {
        ZSC_NEW_RAW(w[t].squares, s->sets * ROWS * s->room);
        ZSC_NEW(w[t].known, s->n);
        ZSC_NEW(w[t].when, s->n);
        ZSC_NEW_RAW(w[t].asked, s->n);
    }
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t from = 0; from < s->n; from += ROWS)
        bound_rows(s, &w[zsc_thread_number()], from, s->n - from < ROWS ? s->n - from : ROWS);
done:
    for (int t = 0; w && t < s->threads; t++) {
        free(w[t].squares);
        free(w[t].known);
        free(w[t].when);
        free(w[t].asked);
    }
    free(w);
    return status;
}

/* Sums of full vectors: the k best of those kept, and whether that is all. True where it is. */
static bool settle(const zsc_sums *s, zsc_sums_list *l, size_t at)
{
    const int32_t *order = s->frame[0].order;
    size_t size = l->size[at], kept = 0;
    int32_t *index = l->index + at * s->room;
    float *distance = l->value + at * s->room, last = l->limit[at];
    for (size_t c = 0; c < size; c++) {
        size_t there = (size_t)index[c];
        double squares = 0;
        for (size_t p = 0; p < l->parts && there != at; p++)
            squares += zsc_rows_measure(&s->rows[l->part[p]], s->measure, (size_t)order[at], (size_t)order[there]);
        zsc_heap_offer(distance, index, &kept, s->k, there == at ? -1 : (float)sqrt(squares),
                       order[there]); /* kept <= c */
    }
    float most = kept < s->k ? INFINITY : worst_of(s, l, at), limit = zsc_frame_limit(&s->frame[0], most);
    bool finished = last == INFINITY ? size == s->n : limit + fabsf(limit) * 0x1p-20f < last;
    l->size[at] = kept;
    l->limit[at] = finished ? -INFINITY : limit;
    if (!finished) begin(s, l, at, order[at], -1);
    return finished;
}

zsc_status zsc_sums_bound(zsc_sums *s, bool *finished)
{
    bool all = true;
    *finished = false;
    if (s->projected) return bound_all(s);
#pragma omp parallel for schedule(dynamic, 16) num_threads(s->threads) reduction(&& : all)
    for (size_t at = 0; at < s->n; at++)
        for (size_t l = 0; l < s->sets; l++) all = settle(s, &s->list[l], at) && all;
    *finished = all;
    return ZSC_OK;
}

zsc_status zsc_sums_take(const zsc_sums *s, zsc_sums_list *l, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    bool overflow = false;
    *out = (zsc_knn){.n = s->n, .k = s->k, .method = ZSC_KNN_EXACT, .distinct = s->n};
    ZSC_NEW_RAW(out->index, s->n * s->k);
    ZSC_NEW_RAW(out->distance, s->n * s->k);
#pragma omp parallel for schedule(static) num_threads(s->threads) reduction(|| : overflow)
    for (size_t at = 0; at < s->n; at++) {
        size_t row = (size_t)s->frame[0].order[at];
        int32_t *index = out->index + row * s->k;
        float *distance = out->distance + row * s->k;
        memcpy(index, l->index + at * s->room, s->k * sizeof *index);
        memcpy(distance, l->value + at * s->room, s->k * sizeof *distance);
        zsc_heap_sort(distance, index, s->k);
        distance[0] = 0;
        overflow = overflow || isinf(distance[s->k - 1]);
    }
    free(l->index);
    free(l->value);
    l->index = NULL;
    l->value = NULL;
    if (overflow) status = zsc_fail(ZSC_ENUMERIC, "distances are too large for single precision");
done:
    return status;
}
