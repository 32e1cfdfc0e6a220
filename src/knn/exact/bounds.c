/* Projected feature blocks: quantised vectors say how far the rows that were kept may be at most, and the k-th of these
 * distances bounds the k-th of all. Some rows are done at a time, feature block by feature block, so that its quantised
 * vectors stay in cache, and those that concatenations have in common are compared once.
 *
 * Full vectors: the values of tiles are all but exact. What was kept is measured, and a row is finished if all else is
 * certainly farther, with all rounding. */
#include "knn/exact/bounds.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { ROWS = 32 }; /* that are bounded together */

typedef struct workspace { /* a thread's */
    float *squares;        /* concatenations x ROWS x capacity */
    float *known;          /* by position: the squared length to it, of one row and feature block */
    int32_t *when;         /* which row and feature block */
    size_t *asked;         /* positions, each once */
    int32_t now;
} workspace;

/* --- Quantised vectors */
static void find_known(const zsc_joint_index *j, const zsc_exact_lists *s, workspace *w, size_t feature, size_t at)
{
    size_t asked = 0;
    w->now++;
    for (size_t u = j->first_user[feature]; u < j->first_user[feature + 1]; u++) {
        const zsc_exact_list *l = &s->list[j->user[u]];
        for (size_t e = at * s->capacity; e < at * s->capacity + l->size[at]; e++) {
            if (w->when[l->index[e]] == w->now) continue;
            w->when[l->index[e]] = w->now;
            w->asked[asked++] = (size_t)l->index[e];
        }
    }
    for (size_t from = 0; from < asked; from += ZSC_QUANTISED_AT_ONCE) {
        double squares[ZSC_QUANTISED_AT_ONCE];
        size_t count = asked - from < ZSC_QUANTISED_AT_ONCE ? asked - from : ZSC_QUANTISED_AT_ONCE;
        zsc_quantised_squares(&j->index[feature].quantised, at, &zsc_joint_index_keys(j)->index[feature].quantised,
                              w->asked + from, count, squares);
        for (size_t o = 0; o < count; o++) w->known[w->asked[from + o]] = (float)squares[o];
    }
}

static void add_feature_block(const zsc_joint_index *j, const zsc_exact_lists *s, workspace *w, size_t feature,
                              size_t from, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        size_t at = from + r;
        find_known(j, s, w, feature, at);
        for (size_t u = j->first_user[feature]; u < j->first_user[feature + 1]; u++) {
            const zsc_exact_list *l = &s->list[j->user[u]];
            float *squares = w->squares + (j->user[u] * ROWS + r) * s->capacity;
            for (size_t e = 0; e < l->size[at]; e++) squares[e] += w->known[l->index[at * s->capacity + e]];
        }
    }
}

/* The k-th of the largest distances that the rows kept for the one at a position may have. */
static void bound_row(const zsc_joint_index *j, zsc_exact_lists *s, size_t c, size_t at, const float *squares)
{
    const zsc_concatenation *of = &j->concatenation[c], *keys = &zsc_joint_index_keys(j)->concatenation[c];
    size_t size = s->list[c].size[at], itself = zsc_exact_lists_own(s) ? at : SIZE_MAX;
    const int32_t *index = s->list[c].index + at * s->capacity;
    float *value = s->list[c].value + at * s->capacity;
    for (size_t e = 0; e < size; e++) {
        size_t there = (size_t)index[e];
        float high = -INFINITY; /* the row itself */
        if (there != itself)
            high = zsc_block_half_high(value[e], of->error_bound[at] + keys->error_bound[there], sqrtf(squares[e]),
                                       of->error[at] + keys->error[there]);
        value[e] = !(high < INFINITY) || (there != itself && value[e] == -INFINITY) ? INFINITY : high;
    }
    float most = size < s->k ? INFINITY : fmaxf(zsc_top_k_kth(value, size, s->k), 0);
    s->list[c].limit[at] = zsc_block_index_length_limit(s->index, sqrtf(2 * most) * (1 + 0x1p-20f));
    zsc_exact_lists_restart(s, c, at);
}

static void bound_rows(const zsc_joint_index *j, zsc_exact_lists *s, workspace *w, size_t from, size_t rows)
{
    memset(w->squares, 0, s->count * ROWS * s->capacity * sizeof *w->squares);
    for (size_t c = 0; c < s->count; c++)
        for (size_t r = 0; r < rows; r++) zsc_exact_lists_cut(s, c, from + r);
    for (size_t f = 0; f < j->features; f++)
        if (j->index[f].quantised.vectors) add_feature_block(j, s, w, f, from, rows);
    for (size_t c = 0; c < s->count; c++)
        for (size_t r = 0; r < rows; r++) bound_row(j, s, c, from + r, w->squares + (c * ROWS + r) * s->capacity);
}

static zsc_status bound_all(const zsc_joint_index *j, zsc_exact_lists *s, zsc_polls *polls)
{
    zsc_status status = ZSC_OK;
    workspace *w = NULL;
    ZSC_NEW(w, (size_t)s->threads);
    for (int t = 0; t < s->threads; t++) {
        ZSC_NEW_RAW(w[t].squares, s->count * ROWS * s->capacity);
        ZSC_NEW(w[t].known, s->keys->n);
        ZSC_NEW(w[t].when, s->keys->n);
        ZSC_NEW_RAW(w[t].asked, s->keys->n);
    }
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t from = 0; from < s->n; from += ROWS)
        if (zsc_poll(polls, (double)from / (double)s->n))
            bound_rows(j, s, &w[zsc_thread_number()], from, s->n - from < ROWS ? s->n - from : ROWS);
    status = zsc_polled(polls);
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

/* --- Full vectors */
static float distance_of(const zsc_joint_index *j, size_t c, size_t row, size_t other, size_t next)
{
    const zsc_concatenation *of = &j->concatenation[c];
    double sum = 0;
    for (size_t m = 0; m < of->members; m++) {
        const zsc_knn_rows *rows = &j->rows[of->member[m]], *keys = &zsc_joint_index_keys(j)->rows[of->member[m]];
        const zsc_row_kernels *kernels = j->index[0].vectors.kernels;
        zsc_knn_rows_prefetch(keys, next);
        sum += rows == keys ? zsc_knn_rows_measure(rows, kernels, row, other)
                            : zsc_knn_rows_measure_between(rows, row, keys, other, kernels);
    }
    return zsc_knn_rows_rounded(&j->rows[0], sum);
}

/* Measures what the first pass kept of the row at a position; leaves the k best as a heap. Returns how many there are.
 */
static size_t measure_kept(const zsc_joint_index *j, zsc_exact_lists *s, size_t c, size_t at)
{
    const int32_t *order = s->index->order, *keys = s->keys->order;
    size_t itself = zsc_exact_lists_own(s) ? at : SIZE_MAX;
    size_t kept = 0, size = s->list[c].size[at];
    zsc_exact_lists_count(s, size);
    int32_t *index = s->list[c].index + at * s->capacity;
    float *distance = s->list[c].value + at * s->capacity;
    for (size_t e = 0; e < size; e++) { /* kept <= e: never overtakes what is read */
        size_t there = (size_t)index[e], next = (size_t)keys[index[e + 1 < size ? e + 1 : e]];
        float exact = -1; /* the row itself */
        if (there != itself) exact = distance_of(j, c, (size_t)order[at], (size_t)keys[there], next);
        zsc_top_k_offer(distance, index, &kept, s->k, exact, keys[there] + s->first_key);
    }
    return kept;
}

/* The k best of those kept. True if that is all. */
static bool finalise_row(const zsc_joint_index *j, zsc_exact_lists *s, size_t c, size_t at)
{
    zsc_exact_list *l = &s->list[c];
    zsc_exact_lists_cut(s, c, at);
    float last = l->limit[at]; /* everything else is at or beyond this */
    size_t size = l->size[at], kept = measure_kept(j, s, c, at);
    float limit = kept < s->k ? INFINITY : zsc_exact_lists_limit_of(s, at, l->value[at * s->capacity]);
    bool finished = last == INFINITY ? size == s->keys->n : limit + fabsf(limit) * 0x1p-20f < last;
    l->size[at] = kept;
    l->limit[at] = finished ? -INFINITY : limit;
    if (!finished) zsc_exact_lists_restart(s, c, at);
    return finished;
}

zsc_status zsc_exact_bound(const zsc_joint_index *j, zsc_exact_lists *s, zsc_polls *polls, bool *finished)
{
    bool all = true;
    *finished = false;
    if (j->projected) return bound_all(j, s, polls);
#pragma omp parallel for schedule(dynamic, 16) num_threads(s->threads) reduction(&& : all)
    for (size_t at = 0; at < s->n; at++)
        for (size_t c = 0; c < s->count && zsc_poll(polls, (double)at / (double)s->n); c++)
            all = finalise_row(j, s, c, at) && all;
    *finished = all;
    return zsc_polled(polls);
}

size_t zsc_exact_bound_memory(size_t n, size_t count, size_t keep, int threads)
{
    return (size_t)threads * (count * ROWS * zsc_top_k_capacity(keep) * 4 + n * 16);
}
