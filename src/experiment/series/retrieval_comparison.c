/* Comparison of retrieval. What a rank's scores are made of is, for each class of the queries, how many of them there
 * are and how many are right:
 *
 *     micro = sum w_c r_c / sum w_c n_c      macro = sum w_c (r_c / n_c) / sum w_c
 *
 * with w_c how often a resample has drawn the class. */
#include "experiment/series/retrieval_comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct named_class {
    const char *name;
    double queries, right;
} named_class;

typedef struct rank_classes {
    const char *rank;
    named_class *class; /* by name */
    size_t classes;
} rank_classes;

/* The queries of one split of one file. */
typedef struct column {
    const zsc_retrieval_file *file;
    char *label; /* of the file */
    rank_classes *rank;
    size_t ranks;
    bool taken; /* in a group */
} column;

static void column_free(column *c)
{
    for (size_t q = 0; c->rank && q < c->ranks; q++) free(c->rank[q].class);
    free(c->rank);
    free(c->label);
    *c = (column){0};
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const named_class *)left)->name, ((const named_class *)right)->name);
}

static bool asked_for(const zsc_compare_options *o, const char *rank)
{
    for (size_t i = 0; i < o->rank_count; i++)
        if (strcmp(o->ranks[i], rank) == 0) return true;
    return o->rank_count == 0;
}

/* --- Reading */
static zsc_status read_rank(const zsc_retrieval_classes *from, size_t k, rank_classes *out)
{
    zsc_status status = ZSC_OK;
    out->rank = from->rank;
    ZSC_NEW(out->class, from->count);
    for (size_t i = 0; i < from->count; i++) {
        double queries = (double)zsc_retrieval_classes_queries(from, i);
        if (queries > 0)
            out->class[out->classes++] = (named_class){zsc_retrieval_classes_name(from, i), queries,
                                                       (double)zsc_retrieval_classes_right(from, i, k)};
    }
    qsort(out->class, out->classes, sizeof *out->class, by_name);
done:
    return status;
}

static zsc_status read_column(const zsc_retrieval_file *f, const zsc_compare_options *o, const char *split, size_t k,
                              column *out)
{
    zsc_status status = ZSC_OK;
    size_t lists = zsc_retrieval_file_class_lists(f);
    if (lists == 0)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' has no classes, which zsc retrieve of this version writes; expected a new one", f->path);
    ZSC_NEW(out->rank, lists);
    for (size_t i = 0; i < lists; i++) {
        zsc_retrieval_classes list = zsc_retrieval_file_classes(f, i);
        if (strcmp(list.split, split) != 0 || !asked_for(o, list.rank)) continue;
        if (!zsc_retrieval_classes_have(&list, k))
            return zsc_fail(ZSC_EINPUT, "'%s' has no scores for k %zu; choose another --k", f->path, k);
        if (list.count == 0) continue;
        out->ranks++;
        ZSC_TRY(read_rank(&list, k, &out->rank[out->ranks - 1]));
    }
    out->file = f;
done:
    return status;
}

static bool same_classes(const rank_classes *a, const rank_classes *b)
{
    if (strcmp(a->rank, b->rank) != 0 || a->classes != b->classes) return false;
    for (size_t i = 0; i < a->classes; i++)
        if (strcmp(a->class[i].name, b->class[i].name) != 0 || a->class[i].queries != b->class[i].queries) return false;
    return true;
}

static bool same_queries(const column *a, const column *b)
{
    bool same = a->ranks == b->ranks;
    for (size_t q = 0; same && q < a->ranks; q++) same = same_classes(&a->rank[q], &b->rank[q]);
    return same;
}

/* --- Names: "image in dna", with the files where several share it */
static bool is_shared(const column *c, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++)
        if (j != i && strcmp(c[j].label, c[i].label) == 0) return true;
    return false;
}

static zsc_status name_again(column *c, size_t count, bool by_path)
{
    zsc_status status = ZSC_OK;
    char **name = NULL;
    ZSC_NEW(name, count);
    for (size_t i = 0; i < count; i++) {
        if (!is_shared(c, count, i)) continue;
        name[i] = zsc_asprintf("%s (%s)", c[i].label, by_path ? c[i].file->path : c[i].file->keys.source);
        if (!name[i]) status = ZSC_EINTERNAL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!name[i]) continue;
        free(c[i].label);
        c[i].label = name[i];
    }
done:
    free(name);
    return status;
}

static zsc_status name_columns(column *c, size_t count)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < count; i++)
        if (!(c[i].label = zsc_asprintf("%s in %s", c[i].file->queries.encoders, c[i].file->keys.encoders)))
            return ZSC_EINTERNAL;
    ZSC_TRY(name_again(c, count, false));
    status = name_again(c, count, true);
done:
    return status;
}

/* --- Scores */
/* WEIGHT: NULL is one of each class. */
static double score_of(const rank_classes *r, bool macro, const uint16_t *weight)
{
    double above = 0, below = 0;
    for (size_t i = 0; i < r->classes; i++) {
        double w = weight ? weight[i] : 1;
        above += w * (macro ? r->class[i].right / r->class[i].queries : r->class[i].right);
        below += w * (macro ? 1 : r->class[i].queries);
    }
    return above / below;
}

typedef struct resampled {
    double *value; /* (q * encoders + e) * resamples + b */
    size_t *used;  /* by rank */
    double *scratch;
} resampled;

static zsc_status resample(const column *const *c, const zsc_compare_options *o, bool macro, zsc_compare_group *g,
                           resampled *r)
{
    zsc_status status = ZSC_OK;
    int32_t *order = NULL;
    uint16_t *weight = NULL;
    size_t least = zsc_compare_least_units(o), count = o->resampling.count;
    ZSC_NEW_RAW(r->value, g->ranks * g->encoders * count);
    ZSC_NEW_RAW(r->scratch, count);
    ZSC_NEW(r->used, g->ranks);
    ZSC_NEW_RAW(order, g->units);
    ZSC_NEW_RAW(weight, g->units);
    for (size_t q = 0; q < g->ranks; q++) {
        size_t classes = c[0]->rank[q].classes;
        if (classes < least) {
            g->few_units = true;
            continue;
        }
        r->used[q] = count;
        for (size_t b = 0; b < count; b++) {
            zsc_resample_draw(&o->resampling, b, classes, order, weight);
            for (size_t e = 0; e < g->encoders; e++)
                r->value[(q * g->encoders + e) * count + b] = score_of(&c[e]->rank[q], macro, weight);
        }
    }
done:
    free(order);
    free(weight);
    return status;
}

static void fill_cells(const column *const *c, const zsc_compare_options *o, bool macro, const resampled *r,
                       zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < g->encoders; e++) {
            zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
            const double *value = r->value + (q * g->encoders + e) * o->resampling.count;
            *cell = (zsc_compare_cell){.runs = 1, .mean = score_of(&c[e]->rank[q], macro, NULL), .sd = NAN};
            memcpy(r->scratch, value, r->used[q] * sizeof *value);
            cell->interval = zsc_centred_interval(r->scratch, r->used[q], cell->mean, o->level);
            cell->interval.high = cell->interval.high > 1 ? 1 : cell->interval.high;
            cell->interval.low = cell->interval.low < 0 ? 0 : cell->interval.low;
        }
}

/* --- Groups */
/* The best at the last rank first. */
static void sort_columns(const column **c, size_t count, bool macro)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0; j--) {
            const rank_classes *a = &c[j - 1]->rank[c[j - 1]->ranks - 1], *b = &c[j]->rank[c[j]->ranks - 1];
            double x = zsc_compared_score(score_of(a, macro, NULL)), y = zsc_compared_score(score_of(b, macro, NULL));
            if (x > y || (x == y && strcmp(c[j - 1]->label, c[j]->label) <= 0)) break;
            const column *swap = c[j];
            c[j] = c[j - 1];
            c[j - 1] = swap;
        }
}

static zsc_status describe(const column *const *c, const char *split, const char *score, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    g->subset = zsc_strdup(split);
    g->per_barcode = zsc_strdup("all");
    g->unit = zsc_strdup("classes");
    g->score = zsc_strdup(score);
    if (!g->subset || !g->per_barcode || !g->unit || !g->score) return ZSC_EINTERNAL;
    ZSC_NEW(g->encoder, g->encoders);
    for (size_t e = 0; e < g->encoders; e++) {
        ZSC_TRY(zsc_copy_text(c[e]->label, &g->encoder[e]));
        g->simulated |= c[e]->file->simulated;
    }
    ZSC_NEW(g->rank, c[0]->ranks);
    for (g->ranks = 0; g->ranks < c[0]->ranks; g->ranks++) {
        const rank_classes *r = &c[0]->rank[g->ranks];
        double rows = 0;
        ZSC_TRY(zsc_copy_text(r->rank, &g->rank[g->ranks]));
        for (size_t i = 0; i < r->classes; i++) rows += r->class[i].queries;
        if ((size_t)rows > g->rows) g->rows = (size_t)rows;
        if (r->classes > g->units) g->units = r->classes;
    }
    ZSC_NEW(g->cell, g->ranks * g->encoders);
done:
    return status;
}

static zsc_status make_group(column *all, size_t count, size_t first, const char *split, const zsc_compare_options *o,
                             const char *score, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    resampled r = {0};
    const column **c = NULL;
    bool macro = strcmp(score, "macro") == 0;
    ZSC_NEW(c, count);
    for (size_t i = first; i < count; i++)
        if (!all[i].taken && same_queries(&all[first], &all[i])) c[g->encoders++] = &all[i];
    sort_columns(c, g->encoders, macro);
    ZSC_TRY(describe(c, split, score, g));
    ZSC_TRY(resample(c, o, macro, g, &r));
    fill_cells(c, o, macro, &r, g);
    zsc_compare_rank_encoders(g);
    ZSC_TRY(zsc_compare_differences(o, r.value, r.used, r.scratch, g));
    for (size_t i = count; i-- > first;)
        if (same_queries(&all[first], &all[i])) all[i].taken = true;
done:
    free(r.value);
    free(r.used);
    free(r.scratch);
    free(c);
    return status;
}

static zsc_status compare_split(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *o,
                                const char *score, const char *split, size_t k, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    column *c = NULL;
    ZSC_NEW(c, count);
    for (size_t i = 0; i < count; i++) ZSC_TRY(read_column(&files[i], o, split, k, &c[i]));
    ZSC_TRY(name_columns(c, count));
    for (size_t i = 0; i < count; i++) c[i].taken = c[i].ranks == 0;
    for (size_t i = 0; i < count; i++)
        if (!c[i].taken) ZSC_TRY(make_group(c, count, i, split, o, score, &out->group[out->groups++]));
done:
    for (size_t i = 0; c && i < count; i++) column_free(&c[i]);
    free(c);
    return status;
}

static zsc_status list_splits(const zsc_retrieval_file *files, size_t count, zsc_list *out)
{
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < json_array_size(files[f].scores); i++) {
            const char *split = zsc_retrieval_file_split(&files[f], i);
            zsc_status status = zsc_list_has(out, split) ? ZSC_OK : zsc_list_add(out, split);
            if (status != ZSC_OK) return status;
        }
    return ZSC_OK;
}

static zsc_status check_ranks(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *o)
{
    for (size_t r = 0; r < o->rank_count; r++) {
        bool found = false;
        for (size_t f = 0; f < count; f++)
            for (size_t i = 0; i < json_array_size(files[f].scores); i++)
                found = found || strcmp(zsc_retrieval_file_rank(&files[f], i), o->ranks[r]) == 0;
        if (!found) return zsc_fail(ZSC_EINPUT, "no file has scores at rank %s", o->ranks[r]);
    }
    return ZSC_OK;
}

zsc_status zsc_retrieval_compare(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *o,
                                 const char *score, size_t k, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    zsc_list splits = {0};
    ZSC_TRY(zsc_retrieval_files_k(files, count, &k));
    ZSC_TRY(check_ranks(files, count, o));
    ZSC_TRY(list_splits(files, count, &splits));
    ZSC_NEW(comparison.group, splits.count * count);
    for (size_t s = 0; s < splits.count; s++)
        ZSC_TRY(compare_split(files, count, o, score, splits.item[s], k, &comparison));
    *out = comparison;
    comparison = (zsc_comparison){0};
done:
    zsc_comparison_free(&comparison);
    zsc_list_free(&splits);
    return status;
}
