#include "experiment/series/run_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/labels/column_names.h"
#include "experiment/series/run_identity.h"

static size_t rank_index(const zsc_run_series_set *set, const char *rank)
{
    size_t i = 0;
    while (i < set->ranks && strcmp(set->rank[i], rank) != 0) i++;
    return i;
}

/* Where all names are known ranks, their place; a name of the user's has none. */
static bool all_known(const zsc_results_table *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (zsc_rank_place(rows->item[i].rank) == zsc_rank_count) return false;
    return true;
}

/* Coarse to fine: the known ranks by their place; with ranks of the user's among them, in the order of the results. */
static zsc_status collect_ranks(const zsc_results_table *rows, const zsc_list *asked, zsc_run_series_set *set)
{
    zsc_status status = ZSC_OK;
    bool sorted = all_known(rows);
    ZSC_NEW(set->rank, (asked->count ? asked->count : rows->count) + 1);
    for (size_t i = 0; i < rows->count; i++) {
        const char *rank = rows->item[i].rank;
        if (asked->count || rank_index(set, rank) < set->ranks) continue;
        size_t at = set->ranks++;
        for (; sorted && at > 0 && zsc_rank_place(set->rank[at - 1]) > zsc_rank_place(rank); at--)
            set->rank[at] = set->rank[at - 1];
        set->rank[at] = rank;
    }
    for (size_t i = 0; i < asked->count; i++) {
        size_t r = 0;
        while (r < rows->count && strcmp(rows->item[r].rank, asked->item[i]) != 0 &&
               strcmp(rows->item[r].rank, zsc_column_name(asked->item[i])) != 0)
            r++;
        if (r == rows->count) {
            status = zsc_fail(ZSC_EINPUT, "the results have no scores at rank '%s'", asked->item[i]);
            goto done;
        }
        set->rank[set->ranks++] = rows->item[r].rank;
    }
done:
    return status;
}

/* --- Series */
/* The row's labels must also be those of the run with the most ranks, since the first may have few, and its matrix that
 * of the runs that have one recorded. */
bool zsc_run_series_has(const zsc_run_series *s, const zsc_results_row *row)
{
    return zsc_same_series(s->first, row) && zsc_same_labels(s->widest, row) && zsc_same_contents(s->known, row);
}

static void add_origin(zsc_run_series *s, const zsc_results_row *row)
{
    enum { NANOSECONDS = 1000000000 };
    struct stat file;
    if (strlen(row->label_set) > strlen(s->widest->label_set)) s->widest = row;
    if (!*s->known->matrix) s->known = row;
    if (strcmp(row->finished, s->finished) > 0) s->finished = row->finished;
    if (!*row->path || stat(row->path, &file) != 0) return;
    int64_t used = (int64_t)file.st_mtim.tv_sec * NANOSECONDS + file.st_mtim.tv_nsec;
    if (used > s->used) s->used = used;
}

/* Whether B has been run since A; not if the time of A's file says otherwise: a store that already held A's result has
 * updated it. */
bool zsc_run_series_is_older(const zsc_run_series *a, const zsc_run_series *b)
{
    return strcmp(a->finished, b->finished) < 0 && (a->used <= b->used || !b->used);
}

/* Welford; sd holds the sum of squares until the end. */
static void add_value(zsc_seed_mean *p, const zsc_results_row *row, double value)
{
    if (p->n == 0) {
        p->low = p->high = value;
        p->scored = row->scored;
        p->classes = row->classes;
        p->clusters = row->clusters;
        p->ceiling = row->ceiling;
        p->chance_sd = row->chance_sd;
        p->p_value = row->p_value;
    }
    double d = value - p->mean;
    p->n++;
    p->mean += d / (double)p->n;
    p->sd += d * (value - p->mean);
    p->low = fmin(p->low, value);
    p->high = fmax(p->high, value);
    p->chance_sd = fmax(p->chance_sd, row->chance_sd); /* of NaN and a number: the number */
    p->p_value = fmax(p->p_value, row->p_value);
}

static void add_ami(zsc_seed_mean *p, const zsc_results_row *row)
{
    p->runs++;
    p->clusters_sum += row->clusters;
    p->scored_sum += row->scored;
    p->clustered_sum += row->clustered;
    if (isfinite(row->ami))
        add_value(p, row, row->ami);
    else
        p->undefined = true;
}

/* All rows of a run have the internal scores of its clusters: those at one rank count. */
static void add_internal(zsc_run_series *s, const zsc_results_row *row)
{
    const double value[ZSC_INTERNAL_SCORES] = {[ZSC_SILHOUETTE] = row->silhouette,
                                               [ZSC_DAVIES_BOULDIN] = row->davies_bouldin,
                                               [ZSC_CALINSKI_HARABASZ] = row->calinski_harabasz,
                                               [ZSC_SILHOUETTE_ORIGINAL] = row->silhouette_original,
                                               [ZSC_DAVIES_BOULDIN_ORIGINAL] = row->davies_bouldin_original,
                                               [ZSC_CALINSKI_HARABASZ_ORIGINAL] = row->calinski_harabasz_original,
                                               [ZSC_STABILITY_SUBSAMPLES] = row->stability_subsamples,
                                               [ZSC_STABILITY_SEEDS] = row->stability_seeds};
    if (strcmp(row->rank, s->first->rank) != 0) return;
    for (size_t i = 0; i < ZSC_INTERNAL_SCORES; i++)
        if (isfinite(value[i])) add_value(&s->internal[i], row, value[i]);
}

static void finish(zsc_seed_mean *m) { m->sd = m->n > 1 ? sqrt(m->sd / (double)(m->n - 1)) : 0; }

zsc_status zsc_run_series_make(const zsc_results_table *rows, const zsc_list *ranks, zsc_run_series_set *out)
{
    zsc_status status = ZSC_OK;
    zsc_run_series_set set = {0};
    ZSC_TRY(collect_ranks(rows, ranks, &set));
    ZSC_NEW(set.item, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_results_row *row = &rows->item[i];
        size_t k = 0, rank = rank_index(&set, row->rank);
        if (rank == set.ranks) continue;
        while (k < set.count && !zsc_run_series_has(&set.item[k], row)) k++;
        zsc_run_series *s = &set.item[k];
        if (k == set.count) {
            set.count++;
            *s = (zsc_run_series){.first = row, .widest = row, .known = row, .finished = row->finished};
            ZSC_NEW(s->mean, set.ranks);
        }
        add_origin(s, row);
        add_ami(&s->mean[rank], row);
        add_internal(s, row);
        s->simulated |= row->simulated;
        set.simulated |= row->simulated;
    }
    for (size_t k = 0; k < set.count; k++) {
        for (size_t r = 0; r < set.ranks; r++) finish(&set.item[k].mean[r]);
        for (size_t i = 0; i < ZSC_INTERNAL_SCORES; i++) finish(&set.item[k].internal[i]);
    }
    *out = set;
    set = (zsc_run_series_set){0};
done:
    zsc_run_series_free(&set);
    return status;
}

void zsc_run_series_free(zsc_run_series_set *set)
{
    for (size_t k = 0; set->item && k < set->count; k++) free(set->item[k].mean);
    free(set->item);
    free(set->rank);
    *set = (zsc_run_series_set){0};
}

const zsc_results_row *zsc_run_series_lowest_seed(const zsc_results_table *rows, const zsc_run_series *s)
{
    const zsc_results_row *best = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_results_row *row = &rows->item[i];
        if (*row->path && (!best || row->seed < best->seed) && zsc_run_series_has(s, row)) best = row;
    }
    return best;
}
