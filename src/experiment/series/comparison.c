/* Comparison of results.
 *
 * 1. Results are grouped by the rows that they hold: results on other specimens are not compared.
 * 2. Within a group, runs that differ in their seed alone are one encoder; its AMI is the mean over runs.
 * 3. The units are split into halves (metrics/bootstrap.h), on each of which every encoder is scored: the difference of
 *    the two says how much the score would vary with the sample, to which the spread over seeds is added
 *    (comparison_deviations.c).
 * 4. Intervals are of the mean and of each difference, which are paired. For the question which differences hold, all
 *    differences are looked at together, or those of each rank (comparison_statistics.c). */
#include "experiment/series/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/series/comparison_components.h"
#include "experiment/series/comparison_deviations.h"
#include "experiment/series/comparison_differences.h"
#include "experiment/store/result_parts.h"

/* --- Ranks */
static bool asked_for(const zsc_compare_options *o, const char *rank)
{
    for (size_t i = 0; i < o->rank_count; i++)
        if (strcmp(o->ranks[i], rank) == 0) return true;
    return o->rank_count == 0;
}

static zsc_status find_ranks(const zsc_compared_group *b, const zsc_compare_options *o, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_list ranks = {0};
    for (size_t i = 0; i < b->encoders; i++)
        for (size_t j = 0; j < b->encoder[i].run[0]->scores; j++) {
            const char *rank = b->encoder[i].run[0]->score[j].rank;
            if (asked_for(o, rank) && !zsc_list_has(&ranks, rank)) ZSC_TRY(zsc_list_add(&ranks, rank));
        }
    for (size_t i = 0; i < o->rank_count; i++)
        if (!zsc_list_has(&ranks, o->ranks[i])) {
            status = zsc_fail(ZSC_EINPUT, "no result has the rank '%s'", o->ranks[i]);
            goto done;
        }
    g->rank = ranks.item;
    g->ranks = ranks.count;
    ranks = (zsc_list){0};
done:
    zsc_list_free(&ranks);
    return status;
}

static void fill_cells(const zsc_compared_group *b, const zsc_labellings *l, const zsc_compare_options *o,
                       const zsc_deviations *of, zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < b->encoders; e++) {
            zsc_compare_cell *cell = &g->cell[q * b->encoders + e];
            size_t start = l->start[e * g->ranks + q];
            double sample_sd = g->few_units ? NAN : cell->sample_sd;
            *cell = (zsc_compare_cell){
                .mean = NAN, .sd = NAN, .sample_sd = sample_sd, .interval = {NAN, NAN}, .effective = NAN, .pairs = NAN};
            if (start == SIZE_MAX) continue;
            cell->runs = b->encoder[e].runs;
            cell->mean = zsc_compare_mean(l->ami + start, cell->runs);
            cell->sd = zsc_compare_sd(l->ami + start, cell->runs);
            zsc_spread spread = zsc_compare_spread(of, g, q, e, SIZE_MAX);
            cell->effective = spread.effective;
            cell->pairs = spread.pairs;
            if (isnan(spread.sd)) cell->sample_sd = NAN;
            cell->sample_sd *= spread.narrowed;
            if (g->reclustered) cell->sample_sd = spread.sd; /* with the rate that the quarters say */
            cell->interval = zsc_compare_score_interval(g, q, spread, cell->mean, o->level);
        }
}

/* What the runs of an encoder found, beside AMI. VALUE is scratch (its runs). */
static zsc_compared_clusters clusters_of(const zsc_compared_encoder *e, double *value)
{
    zsc_compared_clusters c = {.runs = e->runs, .found = zsc_results_row_finds_clusters(&e->identity)};
    for (size_t i = 0; i < e->runs; i++) value[i] = (double)e->run[i]->clusters;
    c.count = zsc_compare_mean(value, e->runs);
    c.count_sd = zsc_compare_sd(value, e->runs);
    for (size_t i = 0; i < e->runs; i++) value[i] = (double)e->run[i]->clustered / (double)e->run[i]->rows;
    c.clustered = zsc_compare_mean(value, e->runs);
    for (size_t i = 0; i < e->runs; i++) value[i] = e->run[i]->internal.silhouette;
    c.silhouette = zsc_compare_mean(value, e->runs);
    c.silhouette_sd = zsc_compare_sd(value, e->runs);
    for (size_t i = 0; i < e->runs; i++) value[i] = e->run[i]->stability.subsamples;
    c.subsamples = zsc_compare_mean(value, e->runs);
    for (size_t i = 0; i < e->runs; i++) value[i] = e->run[i]->stability.seeds;
    c.seeds = zsc_compare_mean(value, e->runs);
    return c;
}

static zsc_status describe_clusters(const zsc_compared_group *b, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    double *value = NULL;
    size_t most = 1;
    for (size_t e = 0; e < b->encoders; e++) most = b->encoder[e].runs > most ? b->encoder[e].runs : most;
    ZSC_NEW(value, most);
    ZSC_NEW(g->clusters, g->encoders);
    ZSC_NEW(g->classes, g->ranks);
    for (size_t e = 0; e < g->encoders; e++) g->clusters[e] = clusters_of(&b->encoder[e], value);
    for (size_t q = 0; q < g->ranks; q++) {
        size_t at = zsc_result_rank(b->first, g->rank[q]);
        if (at < b->first->scores) g->classes[q] = b->first->score[at].scores.classes;
    }
done:
    free(value);
    return status;
}

/* Group i of the COUNT that there are; names of encoders tell those of other groups apart too. */
static zsc_status describe(zsc_compared_group *groups, size_t count, size_t i, const zsc_compare_options *o,
                           zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_compared_group *b = &groups[i];
    g->rows = b->first->rows;
    g->subset = zsc_strdup(b->first->subset);
    g->per_barcode = zsc_strdup(b->first->per_barcode);
    g->score = zsc_strdup("ami");
    if (!g->subset || !g->per_barcode || !g->score) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_compared_sort(b));
    g->encoders = b->encoders;
    ZSC_NEW(g->encoder, b->encoders);
    for (size_t e = 0; e < b->encoders; e++) {
        for (size_t k = 0; k < b->encoder[e].runs; k++) g->simulated |= b->encoder[e].run[k]->simulated;
        ZSC_TRY(zsc_compared_label(groups, count, i, e, &g->encoder[e]));
    }
    ZSC_TRY(find_ranks(b, o, g));
    ZSC_NEW(g->cell, g->ranks * g->encoders);
    status = describe_clusters(b, g);
done:
    return status;
}

/* Units that were asked for by name. By default there are means without intervals. */
static zsc_status check_units(const zsc_compare_options *o, const zsc_compare_group *g)
{
    size_t named = g->units - g->unlabelled;
    if (named >= ZSC_LEAST_UNITS || strcmp(o->unit, ZSC_FINEST) == 0) return ZSC_OK;
    return zsc_fail(
        ZSC_EINPUT,
        "--unit %s: the %zu rows of '%s' are of %zu %s, expected %d or more (%d for intervals that are wide "
        "enough); choose a unit of which there are more",
        o->unit, g->rows, g->subset, named, g->unit_words, ZSC_LEAST_UNITS, ZSC_FEW_UNITS);
}

/* Whether half of the quarters or more have an AMI, at any rank. */
static bool has_quarters(const zsc_deviations *of, const zsc_compare_group *g)
{
    for (size_t c = 0; c < g->ranks * g->encoders && of->quarter; c++) {
        size_t usable = 0;
        for (size_t s = 0; s < 2 * of->count; s++) usable += !isnan(of->quarter[c * 2 * of->count + s]);
        if (usable >= of->count) return true;
    }
    return false;
}

/* The unit of each row, into *UNIT, which the caller frees. */
static zsc_status choose_units(zsc_compared_group *b, const zsc_compare_options *o, const zsc_exec *exec,
                               int32_t **unit, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(*unit, g->rows);
    ZSC_TRY(zsc_resampling_rank(b, o->unit, &g->unit));
    ZSC_TRY(zsc_resampling_units(b, g->unit, exec, *unit, &g->units, &g->unlabelled));
    if (!(g->unit_words = zsc_resampling_words(b, g->unit))) return ZSC_EINTERNAL;
    status = check_units(o, g);
done:
    return status;
}

/* Pairs of rows of one class at each rank, as the first encoder that has the rank has them, where each row is a unit.
 */
static zsc_status count_pairs(const zsc_labellings *l, const zsc_exec *exec, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    if (g->units != g->rows) return ZSC_OK;
    ZSC_NEW(g->pairs, g->ranks);
    for (size_t q = 0; q < g->ranks; q++) {
        size_t e = 0;
        while (e + 1 < g->encoders && l->start[e * g->ranks + q] == SIZE_MAX) e++;
        if (l->start[e * g->ranks + q] == SIZE_MAX) continue;
        const zsc_labelling *item = &l->item[l->start[e * g->ranks + q]];
        zsc_scores s;
        ZSC_TRY(zsc_score(item->labels, item->clusters, g->rows, item->missing, exec, &s));
        g->pairs[q] = (double)(s.pairs[1][0] + s.pairs[1][1]) / 2; /* they are ordered */
    }
done:
    return status;
}

static zsc_status finish_group(zsc_compared_group *b, const zsc_compare_options *o, const zsc_exec *exec,
                               const int32_t *unit, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    zsc_labellings l = {0};
    zsc_deviations of = {.count = o->resampling.count};
    bool *there = NULL; /* ranks x encoders: the encoder has the rank */
    size_t cells = g->ranks * g->encoders;
    ZSC_TRY(zsc_labellings_make(b, g->rank, g->ranks, &l));
    ZSC_TRY(count_pairs(&l, exec, g));
    ZSC_NEW_RAW(of.value, cells * of.count);
    ZSC_NEW_RAW(of.average, cells * of.count);
    ZSC_NEW_RAW(of.scratch, 7 * of.count + g->units);
    ZSC_NEW(of.influence, cells * g->units);
    ZSC_NEW(of.seeds, cells);
    ZSC_NEW(there, cells);
    g->few_units = g->units < zsc_compare_least_units(o);
    g->reclustered = o->recluster && !g->few_units;
    if (g->reclustered && g->units >= ZSC_FEW_UNITS) ZSC_NEW_RAW(of.quarter, cells * 2 * of.count);
    if (g->reclustered) ZSC_NEW_RAW(of.given, cells * of.count);
    if (g->reclustered) ZSC_NEW_RAW(of.given_average, cells * of.count);
    ZSC_TRY(zsc_compare_deviations(b, &l, unit, o, exec, g, &of));
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < g->encoders; e++) there[q * g->encoders + e] = l.start[e * g->ranks + q] != SIZE_MAX;
    ZSC_TRY(zsc_compare_mark_unusable(o, there, !g->few_units, of.value, g));
    ZSC_TRY(zsc_split_influences(&o->resampling, 0, g->units, of.value, cells, exec, g->units, of.influence));
    g->rate_assumed = g->reclustered && !has_quarters(&of, g);
    fill_cells(b, &l, o, &of, g);
    zsc_compare_rank_encoders(g);
    status = zsc_compare_differences(o, &of, g);
done:
    zsc_labellings_free(&l);
    free(of.value);
    free(of.average);
    free(of.quarter);
    free(of.given);
    free(of.given_average);
    free(of.influence);
    free(of.seeds);
    free(of.scratch);
    free(there);
    return status;
}

/* What a figure of one baseline needs. */
static zsc_status check_one_group(const zsc_comparison *c, const char *baseline)
{
    if (c->groups > 1)
        return zsc_fail(ZSC_EINPUT,
                        "the results have %zu different selections of rows or labels and cannot be compared; select "
                        "one with --rows or --where",
                        c->groups);
    if (c->group[0].encoders < 2)
        return zsc_fail(ZSC_EINPUT, "a comparison needs two encoders or more, and there is %zu", c->group[0].encoders);
    return zsc_compare_find(&c->group[0], baseline, &(size_t){0});
}

zsc_status zsc_compare(const zsc_result_list *results, const zsc_compare_options *o, const zsc_exec *exec,
                       zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    zsc_compared_group *groups = NULL;
    int32_t **unit = NULL; /* by group */
    size_t count = 0;
    if (results->count == 0) return zsc_fail(ZSC_EINPUT, "there are no results to compare");
    if (o->resampling.count < 2) return zsc_fail(ZSC_EUSAGE, "%zu resamples, expected at least 2", o->resampling.count);
    ZSC_TRY(zsc_compared_groups_make(results, &groups, &count));
    ZSC_NEW(comparison.group, count);
    ZSC_NEW(unit, count);
    for (size_t i = 0; i < count; i++) {
        comparison.groups = i + 1;
        ZSC_TRY(describe(groups, count, i, o, &comparison.group[i]));
    }
    if (o->one_group) ZSC_TRY(check_one_group(&comparison, o->baseline));
    for (size_t i = 0; i < count; i++) ZSC_TRY(choose_units(&groups[i], o, exec, &unit[i], &comparison.group[i]));
    for (size_t i = 0; i < count; i++) ZSC_TRY(finish_group(&groups[i], o, exec, unit[i], &comparison.group[i]));
    ZSC_TRY(zsc_compare_components(groups, &comparison));
    *out = comparison;
    comparison = (zsc_comparison){0};
done:
    zsc_comparison_free(&comparison);
    for (size_t i = 0; i < count; i++) {
        if (unit) free(unit[i]);
        zsc_compared_group_free(&groups[i]);
    }
    free(unit);
    free(groups);
    return status;
}
