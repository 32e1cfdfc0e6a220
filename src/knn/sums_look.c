/* A closer look at the pairs that sets picked in the tiles of a unit, by coarse vectors, then by true ones. Part by
 * part, so that a part's vectors of all these rows stay in the outer cache; tile by tile, so that what two sets want to
 * know of one pair is computed once; and there some 32 rows of the second block at a time, whose vectors stay in the
 * inner cache. */
#include <math.h>
#include <string.h>

#include "knn/sums.h"

static void ask(const zsc_sums *s, zsc_sums_worker *w, const zsc_sums_batch *t, size_t part)
{
    for (size_t u = s->first_user[part]; u < s->first_user[part + 1]; u++) {
        const zsc_sums_pair *pair = w->pair + t->first[s->user[u]], *end = w->pair + t->first[s->user[u] + 1];
        for (; pair < end; pair++) w->asked[pair->i * ZSC_SUMS_WORDS + pair->j / 32] |= 1U << pair->j % 32;
    }
}

static void prefetch(const void *vector, size_t bytes)
{
    for (size_t b = 0; b < bytes; b += 64) __builtin_prefetch((const char *)vector + b);
}

/* Squared lengths between the row at position AT and COUNT others. */
static void coarse_run(const zsc_frame *f, size_t at, const size_t *other, size_t count, double *out)
{
    for (size_t o = 0; o < count; o += ZSC_COARSE_MANY) {
        for (size_t next = o + ZSC_COARSE_MANY; next < count && next < o + 2 * ZSC_COARSE_MANY; next++)
            prefetch(f->coarse + other[next] * f->coarse_width, f->coarse_width);
        zsc_frame_coarse_squares(f, at, other + o, count - o < ZSC_COARSE_MANY ? count - o : ZSC_COARSE_MANY, out + o);
    }
}

static void exact_run(const zsc_sums *s, size_t part, size_t at, const size_t *other, size_t count, double *out)
{
    const int32_t *order = s->frame[0].order;
    const zsc_rows *rows = &s->rows[part];
    const float *a = zsc_rows_at(rows, (size_t)order[at]), *b[2];
    for (size_t o = 0; o < count; o += 2) {
        for (size_t next = o + 2; next < count && next < o + 4; next++)
            prefetch(zsc_rows_at(rows, (size_t)order[other[next]]), rows->d * sizeof(float));
        for (size_t l = 0; l < 2 && o + l < count; l++) b[l] = zsc_rows_at(rows, (size_t)order[other[o + l]]);
        if (o + 1 < count)
            s->measure->squares_two(a, b[0], b[1], rows->d, out + o);
        else
            out[o] = s->measure->squares(a, b[0], rows->d);
    }
}

/* Answers what was asked of row i of one block and the rows of words FROM .. TO of the other. */
static void answer(const zsc_sums *s, zsc_sums_worker *w, const zsc_sums_batch *t, size_t part, bool coarse, size_t i,
                   size_t from, size_t to)
{
    size_t other[ZSC_SUMS_WORDS * 32], count = 0;
    double squares[ZSC_SUMS_WORDS * 32], *memo = w->memo + i * ZSC_TILE;
    uint32_t *asked = w->asked + i * ZSC_SUMS_WORDS;
    for (size_t word = from; word < to; word++)
        for (uint32_t bits = asked[word]; bits; bits &= bits - 1)
            other[count++] = t->j * ZSC_TILE + 32 * word + (size_t)__builtin_ctz(bits);
    if (count == 0) return;
    memset(asked + from, 0, (to - from) * sizeof *asked);
    if (coarse)
        coarse_run(&s->frame[part], t->i * ZSC_TILE + i, other, count, squares);
    else
        exact_run(s, part, t->i * ZSC_TILE + i, other, count, squares);
    for (size_t c = 0; c < count; c++) memo[other[c] - t->j * ZSC_TILE] = squares[c];
}

/* How many words' rows have vectors that stay in the inner cache. */
static size_t words_at_once(const zsc_sums *s, size_t part, bool coarse)
{
    enum { CACHE = 256 * 1024 };
    size_t bytes = coarse ? s->frame[part].coarse_width : s->rows[part].d * sizeof(float), words = CACHE / (32 * bytes);
    return words < 1 ? 1 : words > ZSC_SUMS_WORDS ? ZSC_SUMS_WORDS : words;
}

/* Adds a part's share to all pairs of sets that have it. */
static void add_part(const zsc_sums *s, zsc_sums_worker *w, const zsc_sums_batch *t, size_t part, bool coarse)
{
    size_t words = words_at_once(s, part, coarse);
    ask(s, w, t, part);
    for (size_t from = 0; from < ZSC_SUMS_WORDS; from += words)
        for (size_t i = 0; i < ZSC_TILE; i++)
            answer(s, w, t, part, coarse, i, from, from + words < ZSC_SUMS_WORDS ? from + words : ZSC_SUMS_WORDS);
    for (size_t u = s->first_user[part]; u < s->first_user[part + 1]; u++) {
        zsc_sums_pair *pair = w->pair + t->first[s->user[u]], *end = w->pair + t->first[s->user[u] + 1];
        for (; pair < end; pair++) pair->squares += w->memo[pair->i * ZSC_TILE + pair->j];
    }
}

/* Keeps the pairs that may be near enough by what coarse vectors say; returns the end of what is kept. */
static size_t drop_far(zsc_sums *s, zsc_sums_worker *w, zsc_sums_batch *t, size_t kept)
{
    zsc_sums_limits(s, w, t->i, t->j);
    for (size_t n = 0, from = t->first[0]; n < s->sets; n++) {
        const zsc_sums_list *l = &s->list[n];
        size_t to = t->first[n + 1];
        t->first[n] = kept;
        for (size_t p = from; p < to; p++) {
            zsc_sums_pair pair = w->pair[p];
            float error = l->error[t->i * ZSC_TILE + pair.i] + l->error[t->j * ZSC_TILE + pair.j];
            float low = zsc_frame_half_low(pair.sum, sqrtf((float)pair.squares), error);
            if (low > w->limit[0][n * ZSC_TILE + pair.i] && low > w->limit[1][n * ZSC_TILE + pair.j])
                continue; /* not so where anything is NaN */
            pair.squares = 0;
            w->pair[kept++] = pair;
        }
        from = to;
    }
    return t->first[s->sets] = kept;
}

static void merge(zsc_sums *s, zsc_sums_worker *w, const zsc_sums_batch *t)
{
    for (size_t n = 0; n < s->sets; n++) {
        zsc_sums_pair *pair = w->pair + t->first[n];
        size_t count = t->first[n + 1] - t->first[n];
        for (size_t p = 0; p < count; p++) pair[p].sum = (float)sqrt(pair[p].squares);
        if (count == 0) continue;
        zsc_sums_merge(s, &s->list[n], 0, t->i, t->j, pair, count);
        zsc_sums_merge(s, &s->list[n], 1, t->j, t->i, pair, count);
    }
}

void zsc_sums_look(zsc_sums *s, zsc_sums_worker *w)
{
    size_t kept = 0;
    for (size_t p = 0; p < s->parts && s->projected; p++)
        for (size_t b = 0; b < w->batches && s->frame[p].coarse; b++) add_part(s, w, &w->batch[b], p, true);
    for (size_t b = 0; b < w->batches && s->projected; b++) kept = drop_far(s, w, &w->batch[b], kept);
    for (size_t p = 0; p < s->parts; p++)
        for (size_t b = 0; b < w->batches; b++) add_part(s, w, &w->batch[b], p, false);
    for (size_t b = 0; b < w->batches; b++) merge(s, w, &w->batch[b]);
    w->batches = 0;
}

/* What was picked, set by set, behind the batches before. */
void zsc_sums_put(zsc_sums *s, zsc_sums_worker *w, size_t i, size_t j)
{
    size_t used = w->batches > 0 ? w->batch[w->batches - 1].first[s->sets] : 0;
    if (w->count == 0) return;
    if (w->batches == ZSC_SUMS_BATCHES || used + w->count > ZSC_SUMS_PAIRS) {
        zsc_sums_look(s, w);
        used = 0;
    }
    zsc_sums_batch *t = &w->batch[w->batches++];
    *t = (zsc_sums_batch){i, j, t->first};
    memset(t->first, 0, (s->sets + 2) * sizeof *t->first);
    t->first[1] = used;
    for (size_t c = 0; c < w->count; c++) t->first[w->picked[c].set + 2]++;
    for (size_t n = 0; n < s->sets; n++) t->first[n + 2] += t->first[n + 1];
    for (size_t c = 0; c < w->count; c++) {
        const zsc_sums_picked *p = &w->picked[c];
        w->pair[t->first[p->set + 1]++] = (zsc_sums_pair){p->i, p->j, p->sum, 0};
    }
    t->first[0] = used;
    w->count = 0;
}
