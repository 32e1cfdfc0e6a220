#include "experiment/series/reference_scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nesting.h"
#include "experiment/series/rarefy.h"
#include "experiment/series/run_identity.h"
#include "experiment/settings/clusters_rule.h"
#include "experiment/store/result_parts.h"

/* --- Ceilings */
static bool of_each_rank(const char *rule) { return strcmp(rule, "each-rank") == 0; }

const char *zsc_ceiling_rank(const char *rule, const char *finest)
{
    size_t k;
    if (of_each_rank(rule)) return NULL;
    return zsc_clusters_are_found(rule) || zsc_clusters_number(rule, &k) || !*rule ? finest : rule;
}

/* The rank that K is of, else the finest; SIZE_MAX: there is none. */
static zsc_status find_reference(const zsc_result *r, size_t *out)
{
    size_t finest;
    zsc_status status = zsc_finest_rank(r->taxon, r->scores, r->rows, &finest);
    if (status != ZSC_OK) return status;
    *out = finest;
    if (finest == SIZE_MAX) return ZSC_OK;
    const char *rank = zsc_ceiling_rank(r->clusters_rule, r->score[finest].rank);
    size_t named = rank ? zsc_result_rank(r, rank) : finest;
    if (named < r->scores) *out = named;
    return ZSC_OK;
}

zsc_status zsc_result_ceilings(const zsc_result *r, double **out)
{
    zsc_status status = ZSC_OK;
    double *ceiling = NULL;
    int32_t *label = NULL;
    size_t reference = SIZE_MAX;
    zsc_missing missing = zsc_result_missing(r);
    ZSC_NEW(ceiling, r->scores + 1);
    for (size_t j = 0; j < r->scores; j++) ceiling[j] = NAN;
    if (r->taxon) ZSC_TRY(find_reference(r, &reference));
    if (reference != SIZE_MAX) ZSC_NEW_RAW(label, r->rows);
    for (size_t j = 0; j < r->scores && reference != SIZE_MAX; j++) {
        const int32_t *perfect = r->taxon[of_each_rank(r->clusters_rule) ? j : reference].code;
        zsc_scores s;
        for (size_t i = 0; i < r->rows; i++)
            label[i] = missing == ZSC_MISSING_DROP && perfect[i] < 0 ? -1 : r->taxon[j].code[i];
        ZSC_TRY(zsc_score(label, perfect, r->rows, missing, NULL, &s));
        ceiling[j] = s.ami[ZSC_ARITHMETIC];
    }
    *out = ceiling;
    ceiling = NULL;
done:
    free(ceiling);
    free(label);
    return status;
}

/* --- Rows of results */
void zsc_reference_free(zsc_reference *w)
{
    zsc_result_free(&w->result);
    free(w->label);
    w->label = NULL;
}

static zsc_status read_result(zsc_reference *w, const zsc_results_row *row)
{
    zsc_status status = ZSC_OK;
    if (w->result.path && strcmp(w->result.path, row->path) == 0) return ZSC_OK;
    if (!*row->path)
        return zsc_fail(ZSC_EINPUT,
                        "permutations, other cuts and rarefaction need result files; the rows of %s come from a table "
                        "without a column path",
                        row->encoders);
    zsc_reference_free(w);
    ZSC_TRY(zsc_result_read(row->path, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE, &w->result));
    ZSC_NEW_RAW(w->label, w->result.rows);
done:
    return status;
}

/* Of the clusters in w->label. */
static zsc_status permute(zsc_reference *w, zsc_results_row *row, size_t j)
{
    zsc_chance chance;
    zsc_status status = zsc_score_chance(w->result.taxon[j].code, w->label, w->result.rows,
                                         zsc_result_missing(&w->result), w->options->permutations, w->options->seed,
                                         w->exec, &chance);
    if (status != ZSC_OK) return zsc_context(status, "'%s', rank %s", row->path, row->rank);
    row->chance_sd = chance.sd;
    row->p_value = chance.p_value;
    return ZSC_OK;
}

/* The result of ROW, its rank, and the clusters that were scored there. */
static zsc_status read_clusters(zsc_reference *w, const zsc_results_row *row, size_t *j)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(read_result(w, row));
    *j = zsc_result_rank(&w->result, row->rank);
    if (*j == w->result.scores)
        return zsc_fail(ZSC_EINPUT, "result '%s' has no rank '%s', which a table says it has", row->path, row->rank);
    status = zsc_result_clusters(&w->result, *j, w->label);
done:
    return status;
}

zsc_status zsc_results_row_add_chance(zsc_reference *w, zsc_results_row *row)
{
    size_t j;
    zsc_status status = read_clusters(w, row, &j);
    return status == ZSC_OK ? permute(w, row, j) : status;
}

zsc_status zsc_results_row_rarefy(zsc_reference *w, zsc_results_row *row)
{
    size_t j;
    zsc_status status = read_clusters(w, row, &j);
    return status == ZSC_OK ? zsc_rarefy(&w->result, j, w->label, w->options->rarefy, w->exec, row) : status;
}

/* Whether the rows hold the run of ROW, which is with each-rank, at its rank. */
static bool is_there(const zsc_results_table *rows, const zsc_results_row *row)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->item[i].rank, row->rank) == 0 && zsc_same_series_and_seed(&rows->item[i], row)) return true;
    return false;
}

/* The row again, as a run with --clusters each-rank would have it. */
static zsc_status add_each_rank(zsc_reference *w, zsc_results_table *rows, size_t i)
{
    zsc_status status = ZSC_OK;
    zsc_results_row row = {0};
    zsc_scores s;
    ZSC_TRY(read_result(w, &rows->item[i]));
    size_t j = zsc_result_rank(&w->result, rows->item[i].rank);
    bool other_cut = w->result.linkage_matrix && !of_each_rank(rows->item[i].clusters_rule);
    if (!other_cut || j == w->result.scores || w->result.score[j].scores.rows == 0) return ZSC_OK;
    size_t classes = w->result.score[j].scores.classes;
    ZSC_TRY(zsc_results_row_copy(&rows->item[i], &row));
    free(row.clusters_rule);
    if (!(row.clusters_rule = zsc_strdup("each-rank"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (is_there(rows, &row)) goto done;
    ZSC_TRY(zsc_result_cut(&w->result, classes, w->label));
    ZSC_TRY(zsc_score(w->result.taxon[j].code, w->label, w->result.rows, zsc_result_missing(&w->result), w->exec, &s));
    zsc_results_row_set_scores(&row, &s);
    row.clusters = classes;
    row.ceiling = isnan(s.ami[ZSC_ARITHMETIC]) ? NAN : 1;
    row.silhouette = row.davies_bouldin = row.calinski_harabasz = NAN; /* of other clusters */
    row.stability_subsamples = row.stability_subsamples_sd = row.stability_seeds = row.stability_seeds_sd = NAN;
    row.silhouette_original = row.davies_bouldin_original = row.calinski_harabasz_original = NAN;
    if (w->options->permutations) ZSC_TRY(permute(w, &row, j));
    status = zsc_results_table_push(rows, &row);
done:
    zsc_results_row_clear(&row);
    return status;
}

static bool is_chosen(const zsc_reference_options *o, const char *rank)
{
    return !o->ranks || o->ranks->count == 0 || zsc_list_has(o->ranks, rank);
}

zsc_status zsc_results_table_add_reference(zsc_results_table *rows, const zsc_reference_options *o,
                                           const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t count = rows->count;
    zsc_reference w = {.options = o, .exec = exec};
    for (size_t i = 0; i < count; i++) {
        if (o->rarefy && is_chosen(o, rows->item[i].rank)) ZSC_TRY(zsc_results_row_rarefy(&w, &rows->item[i]));
        if (o->permutations) ZSC_TRY(zsc_results_row_add_chance(&w, &rows->item[i]));
        if (o->each_rank) ZSC_TRY(add_each_rank(&w, rows, i));
    }
done:
    zsc_reference_free(&w);
    return status;
}
