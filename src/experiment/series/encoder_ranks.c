/* Wilcoxon's signed-rank test, exact: under the hypothesis each difference is as likely positive as negative, so that
 * the sum of the ranks of the positive ones is a sum of independent terms, 0 or the rank. Its distribution is made term
 * by term. Ranks are doubled: mid-ranks of ties are then whole numbers, and the distribution is exact with ties too. */
#include "experiment/series/encoder_ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- The test */
static int by_size(const void *left, const void *right)
{
    double x = fabs(*(const double *)left), y = fabs(*(const double *)right);
    return (x > y) - (x < y);
}

static bool tied(double x, double y) { return zsc_compared_score(fabs(x)) == zsc_compared_score(fabs(y)); }

/* Twice the rank of each of the sorted differences. */
static void double_ranks(const double *sorted, size_t count, size_t *rank)
{
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && tied(sorted[next], sorted[first]);) next++;
        for (size_t i = first; i < next; i++) rank[i] = first + next + 1; /* 2 (first + 1 + next) / 2 */
    }
}

zsc_status zsc_signed_rank_test(const double *difference, size_t count, double *statistic, double *p_value)
{
    zsc_status status = ZSC_OK;
    double *sorted = NULL, *share = NULL;
    size_t *rank = NULL, all = count * (count + 1), positive = 0;
    *statistic = *p_value = NAN;
    if (count == 0) return ZSC_OK;
    ZSC_NEW_RAW(sorted, count);
    ZSC_NEW_RAW(rank, count);
    ZSC_NEW(share, all + 1); /* share[w]: the probability of a doubled sum of w */
    memcpy(sorted, difference, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    double_ranks(sorted, count, rank);
    share[0] = 1;
    for (size_t i = 0; i < count; i++) {
        if (sorted[i] > 0) positive += rank[i];
        for (size_t w = all + 1; w-- > 0;) share[w] = (share[w] + (w >= rank[i] ? share[w - rank[i]] : 0)) / 2;
    }
    size_t smaller = positive < all - positive ? positive : all - positive;
    double tail = 0;
    for (size_t w = 0; w <= smaller; w++) tail += share[w];
    *statistic = (double)smaller / 2;
    *p_value = fmin(1, 2 * tail);
done:
    free(sorted);
    free(rank);
    free(share);
    return status;
}

/* --- Cells */
static const zsc_compare_cell *find_cell(const zsc_compare_group *g, size_t q, const char *encoder)
{
    for (size_t e = 0; e < g->encoders; e++)
        if (strcmp(g->encoder[e], encoder) == 0) return &g->cell[q * g->encoders + e];
    return NULL;
}

static bool is_in_all(const zsc_comparison *c, const char *encoder)
{
    for (size_t i = 0; i < c->groups; i++) {
        const zsc_compare_cell *cell = c->group[i].ranks ? find_cell(&c->group[i], 0, encoder) : NULL;
        if (!cell) return false;
    }
    return true;
}

/* score[cell * encoders + e] of the cells in which all have one; returns how many there are. */
static size_t fill_scores(const zsc_comparison *c, const zsc_encoder_ranks *r, double *score)
{
    size_t cells = 0;
    for (size_t i = 0; i < c->groups; i++)
        for (size_t q = 0; q < c->group[i].ranks; q++) {
            bool all = true;
            for (size_t e = 0; e < r->encoders; e++) {
                const zsc_compare_cell *cell = find_cell(&c->group[i], q, r->item[e].encoder);
                score[cells * r->encoders + e] = cell ? cell->mean : NAN;
                all = all && !isnan(score[cells * r->encoders + e]);
            }
            cells += all;
        }
    return cells;
}

static void rank_in_cells(zsc_encoder_ranks *r, const double *score)
{
    for (size_t c = 0; c < r->cells; c++)
        for (size_t e = 0; e < r->encoders; e++) {
            double own = zsc_compared_score(score[c * r->encoders + e]), better = 0, equal = 0;
            for (size_t o = 0; o < r->encoders; o++) {
                double other = zsc_compared_score(score[c * r->encoders + o]);
                better += other > own;
                equal += other == own;
            }
            r->item[e].mean_rank += (better + (equal + 1) / 2) / (double)r->cells;
            r->item[e].mean += score[c * r->encoders + e] / (double)r->cells;
        }
}

/* Sorts encoders by mean rank, and the columns of SCORE with them. */
static void sort_encoders(zsc_encoder_ranks *r, double *score)
{
    for (size_t e = 1; e < r->encoders; e++)
        for (size_t i = e; i > 0; i--) {
            double x = zsc_compared_score(r->item[i - 1].mean_rank), y = zsc_compared_score(r->item[i].mean_rank);
            if (x < y || (x == y && strcmp(r->item[i - 1].encoder, r->item[i].encoder) <= 0)) break;
            zsc_encoder_rank swap = r->item[i];
            r->item[i] = r->item[i - 1];
            r->item[i - 1] = swap;
            for (size_t c = 0; c < r->cells; c++) {
                double s = score[c * r->encoders + i];
                score[c * r->encoders + i] = score[c * r->encoders + i - 1];
                score[c * r->encoders + i - 1] = s;
            }
        }
}

static zsc_status test_pair(const zsc_encoder_ranks *r, const double *score, double *scratch, zsc_signed_rank *p)
{
    p->cells = 0;
    p->difference = 0;
    for (size_t c = 0; c < r->cells; c++) {
        double d = score[c * r->encoders + p->a] - score[c * r->encoders + p->b];
        p->difference += d / (double)r->cells;
        if (!tied(d, 0)) scratch[p->cells++] = d;
    }
    return zsc_signed_rank_test(scratch, p->cells, &p->statistic, &p->p_value);
}

/* Holm: the i-th smallest of m p-values times m - i, never below the one before. Pairs without a test do not count. */
static void adjust(zsc_encoder_ranks *r)
{
    size_t tested = 0;
    for (size_t i = 0; i < r->pairs; i++) tested += !isnan(r->pair[i].p_value);
    for (size_t i = 0; i < r->pairs; i++) {
        zsc_signed_rank *p = &r->pair[i];
        p->p_adjusted = isnan(p->p_value) ? NAN : 0;
        for (size_t k = 0; k < r->pairs; k++) {
            size_t smaller = 0;
            if (!(r->pair[k].p_value <= p->p_value)) continue;
            for (size_t j = 0; j < r->pairs; j++) smaller += r->pair[j].p_value < r->pair[k].p_value;
            p->p_adjusted = fmax(p->p_adjusted, fmin(1, (double)(tested - smaller) * r->pair[k].p_value));
        }
    }
}

zsc_status zsc_encoder_ranks_make(const zsc_comparison *c, zsc_encoder_ranks *out)
{
    zsc_status status = ZSC_OK;
    zsc_encoder_ranks r = {0};
    double *score = NULL, *scratch = NULL;
    size_t most = 0, p = 0;
    for (size_t i = 0; i < c->groups; i++) most += c->group[i].ranks;
    ZSC_NEW(r.item, c->group[0].encoders + 1);
    for (size_t e = 0; e < c->group[0].encoders; e++)
        if (is_in_all(c, c->group[0].encoder[e])) r.item[r.encoders++].encoder = c->group[0].encoder[e];
    if (r.encoders < 2) {
        status = zsc_fail(ZSC_EINPUT,
                          "a test over cells needs two encoders or more in every selection of rows, and there %s %zu",
                          r.encoders == 1 ? "is" : "are", r.encoders);
        goto done;
    }
    ZSC_NEW(score, (most + 1) * r.encoders);
    ZSC_NEW(scratch, most + 1);
    if ((r.cells = fill_scores(c, &r, score)) == 0) {
        status = zsc_fail(ZSC_EINPUT, "there is no rank at which all encoders have a score");
        goto done;
    }
    rank_in_cells(&r, score);
    sort_encoders(&r, score);
    r.pairs = r.encoders * (r.encoders - 1) / 2;
    ZSC_NEW(r.pair, r.pairs);
    for (size_t a = 0; a < r.encoders; a++)
        for (size_t b = a + 1; b < r.encoders; b++, p++) {
            r.pair[p] = (zsc_signed_rank){.a = a, .b = b};
            ZSC_TRY(test_pair(&r, score, scratch, &r.pair[p]));
        }
    adjust(&r);
    *out = r;
    r = (zsc_encoder_ranks){0};
done:
    zsc_encoder_ranks_free(&r);
    free(score);
    free(scratch);
    return status;
}

void zsc_encoder_ranks_free(zsc_encoder_ranks *r)
{
    free(r->item);
    free(r->pair);
    *r = (zsc_encoder_ranks){0};
}
