/* Comparison of retrieval: of each split of the queries, and of the harmonic mean of the splits, whose classes are
 * drawn independently. How scores are made of classes: metrics/retrieval_resample.h. */
#include "experiment/series/retrieval_comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/series/comparison_differences.h"
#include "metrics/retrieval_resample.h"

typedef struct rank_classes {
    const char *rank;
    zsc_class_recalls *split; /* by split of what is compared */
} rank_classes;

/* What is compared: queries of one split, or of several whose harmonic mean is compared. */
typedef struct comparand {
    const zsc_list *split;
    bool macro;
} comparand;

/* One file. */
typedef struct column {
    const zsc_retrieval_file *file;
    char *label; /* of the file */
    size_t splits;
    rank_classes *rank;
    size_t ranks;
    bool taken; /* in a group */
} column;

static void rank_free(rank_classes *r, size_t splits)
{
    for (size_t s = 0; r->split && s < splits; s++) free(r->split[s].class);
    free(r->split);
    *r = (rank_classes){0};
}

static void column_free(column *c)
{
    for (size_t q = 0; c->rank && q < c->ranks; q++) rank_free(&c->rank[q], c->splits);
    free(c->rank);
    free(c->label);
    *c = (column){0};
}

static bool asked_for(const zsc_compare_options *o, const char *rank)
{
    for (size_t i = 0; i < o->rank_count; i++)
        if (strcmp(o->ranks[i], rank) == 0) return true;
    return o->rank_count == 0;
}

/* --- Reading */
static zsc_status read_recalls(const zsc_retrieval_classes *from, size_t k, zsc_class_recalls *out)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(out->class, from->count);
    for (size_t i = 0; i < from->count; i++) {
        double queries = (double)zsc_retrieval_classes_queries(from, i);
        if (queries > 0)
            out->class[out->classes++] = (zsc_class_recall){zsc_retrieval_classes_name(from, i), queries,
                                                            (double)zsc_retrieval_classes_right(from, i, k)};
    }
    zsc_class_recalls_sort(out);
done:
    return status;
}

/* The classes of a rank and split; their count is 0 where there are none. */
static zsc_retrieval_classes find_classes(const zsc_retrieval_file *f, const char *rank, const char *split)
{
    for (size_t i = 0; i < zsc_retrieval_file_class_lists(f); i++) {
        zsc_retrieval_classes list = zsc_retrieval_file_classes(f, i);
        if (strcmp(list.rank, rank) == 0 && strcmp(list.split, split) == 0) return list;
    }
    return (zsc_retrieval_classes){0};
}

/* *whole: all splits have classes at this rank. */
static zsc_status read_rank(const zsc_retrieval_file *f, const char *rank, const zsc_list *split, size_t k,
                            rank_classes *out, bool *whole)
{
    zsc_status status = ZSC_OK;
    *out = (rank_classes){.rank = rank};
    *whole = true;
    ZSC_NEW(out->split, split->count);
    for (size_t s = 0; s < split->count; s++) {
        const zsc_retrieval_classes list = find_classes(f, rank, split->item[s]);
        *whole = *whole && list.count > 0;
        if (list.count == 0) continue;
        if (!zsc_retrieval_classes_have(&list, k)) {
            status = zsc_fail(ZSC_EINPUT, "'%s' has no scores for k %zu; choose another --k", f->path, k);
            goto done;
        }
        ZSC_TRY(read_recalls(&list, k, &out->split[s]));
    }
done:
    return status;
}

static zsc_status read_column(const zsc_retrieval_file *f, const zsc_compare_options *o, const zsc_list *split,
                              size_t k, column *out)
{
    zsc_status status = ZSC_OK;
    size_t lists = zsc_retrieval_file_class_lists(f);
    if (lists == 0)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' has no classes, which zsc retrieve of this version writes; expected a new one", f->path);
    out->file = f;
    out->splits = split->count;
    ZSC_NEW(out->rank, lists);
    for (size_t i = 0; i < lists; i++) {
        const zsc_retrieval_classes list = zsc_retrieval_file_classes(f, i);
        bool whole;
        if (strcmp(list.split, split->item[0]) != 0 || !asked_for(o, list.rank)) continue;
        ZSC_TRY(read_rank(f, list.rank, split, k, &out->rank[out->ranks++], &whole));
        if (!whole) rank_free(&out->rank[--out->ranks], out->splits);
    }
done:
    return status;
}

static bool same_classes(const zsc_class_recalls *a, const zsc_class_recalls *b)
{
    if (a->classes != b->classes) return false;
    for (size_t i = 0; i < a->classes; i++)
        if (strcmp(a->class[i].name, b->class[i].name) != 0 || a->class[i].queries != b->class[i].queries) return false;
    return true;
}

static bool same_queries(const column *a, const column *b)
{
    bool same = a->ranks == b->ranks;
    for (size_t q = 0; same && q < a->ranks; q++) {
        same = strcmp(a->rank[q].rank, b->rank[q].rank) == 0;
        for (size_t s = 0; same && s < a->splits; s++) same = same_classes(&a->rank[q].split[s], &b->rank[q].split[s]);
    }
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
        if (!(c[i].label = zsc_strdup(c[i].file->label))) return ZSC_EINTERNAL;
    ZSC_TRY(name_again(c, count, false));
    status = name_again(c, count, true);
done:
    return status;
}

/* --- Scores */
static double score_of(const column *c, size_t rank, bool macro)
{
    return zsc_class_recalls_mean(c->rank[rank].split, c->splits, macro);
}

typedef struct resampled {
    double *value;     /* (q * encoders + e) * resamples + b; NaN where a rank has too few classes */
    double *influence; /* (q * encoders + e) * units + class */
    double *scratch;   /* 4 resamples and units */
} resampled;

/* Of encoder e and split s at rank Q: out[s * encoders + e]. */
static void list_recalls(const column *const *c, size_t q, size_t encoders, const zsc_class_recalls **out)
{
    for (size_t s = 0; s < c[0]->splits; s++)
        for (size_t e = 0; e < encoders; e++) out[s * encoders + e] = &c[e]->rank[q].split[s];
}

static zsc_status resample(const column *const *c, const zsc_compare_options *o, bool macro, zsc_compare_group *g,
                           resampled *r)
{
    zsc_status status = ZSC_OK;
    const zsc_class_recalls **recalls = NULL;
    size_t least = zsc_compare_least_units(o), values = g->encoders * o->resampling.count;
    ZSC_NEW_RAW(r->value, g->ranks * values);
    ZSC_NEW(r->influence, g->ranks * g->encoders * g->units);
    ZSC_NEW_RAW(r->scratch, 7 * o->resampling.count + g->units);
    ZSC_NEW(recalls, c[0]->splits * g->encoders);
    for (size_t q = 0; q < g->ranks; q++) {
        double *value = r->value + q * values;
        list_recalls(c, q, g->encoders, recalls);
        if (zsc_class_recalls_fewest(recalls, c[0]->splits, g->encoders) >= least) {
            ZSC_TRY(zsc_class_recalls_resample(recalls, c[0]->splits, g->encoders, macro, &o->resampling, value));
            ZSC_TRY(zsc_class_recalls_influences(recalls, c[0]->splits, g->encoders, &o->resampling, value, g->units,
                                                 r->influence + q * g->encoders * g->units));
            continue;
        }
        g->few_units = true;
        for (size_t i = 0; i < values; i++) value[i] = NAN;
    }
done:
    free(recalls);
    return status;
}

static void fill_cells(const column *const *c, const zsc_compare_options *o, bool macro, const zsc_deviations *of,
                       zsc_compare_group *g)
{
    for (size_t q = 0; q < g->ranks; q++)
        for (size_t e = 0; e < g->encoders; e++) {
            zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
            *cell = (zsc_compare_cell){.runs = 1, .mean = score_of(c[e], q, macro), .sd = NAN, .sample_sd = NAN};
            zsc_spread spread = zsc_compare_spread(of, g, q, e, SIZE_MAX);
            cell->effective = spread.effective;
            cell->pairs = spread.pairs;
            cell->interval = zsc_compare_score_interval(g, q, spread, cell->mean, o->level);
        }
}

/* --- Groups */
/* The best at the last rank first. */
static void sort_columns(const column **c, size_t count, bool macro)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0; j--) {
            double x = zsc_compared_score(score_of(c[j - 1], c[j - 1]->ranks - 1, macro)),
                   y = zsc_compared_score(score_of(c[j], c[j]->ranks - 1, macro));
            if (x > y || (x == y && strcmp(c[j - 1]->label, c[j]->label) <= 0)) break;
            const column *swap = c[j];
            c[j] = c[j - 1];
            c[j - 1] = swap;
        }
}

static zsc_status name_queries(const zsc_list *split, zsc_compare_group *g)
{
    zsc_text text = {0};
    g->harmonic_mean = split->count > 1;
    if (g->harmonic_mean) zsc_text_append(&text, "harmonic mean of ");
    for (size_t s = 0; s < split->count; s++) zsc_text_printf(&text, "%s%s", s ? ", " : "", split->item[s]);
    g->subset = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status describe(const column *const *c, const comparand *what, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(name_queries(what->split, g));
    ZSC_TRY(zsc_copy_text("all", &g->per_barcode));
    ZSC_TRY(zsc_copy_text("classes", &g->unit));
    ZSC_TRY(zsc_copy_text("classes", &g->unit_words));
    ZSC_TRY(zsc_copy_text(what->macro ? "macro" : "micro", &g->score));
    ZSC_NEW(g->encoder, g->encoders);
    for (size_t e = 0; e < g->encoders; e++) {
        ZSC_TRY(zsc_copy_text(c[e]->label, &g->encoder[e]));
        g->simulated |= c[e]->file->simulated;
    }
    ZSC_NEW(g->rank, c[0]->ranks);
    ZSC_NEW(g->units_at, c[0]->ranks);
    for (g->ranks = 0; g->ranks < c[0]->ranks; g->ranks++) {
        const rank_classes *r = &c[0]->rank[g->ranks];
        double rows = 0;
        size_t units = 0;
        ZSC_TRY(zsc_copy_text(r->rank, &g->rank[g->ranks]));
        for (size_t s = 0; s < c[0]->splits; s++) {
            for (size_t i = 0; i < r->split[s].classes; i++) rows += r->split[s].class[i].queries;
            units += r->split[s].classes;
        }
        if ((size_t)rows > g->rows) g->rows = (size_t)rows;
        g->units_at[g->ranks] = units;
        if (units > g->units) g->units = units;
    }
    ZSC_NEW(g->cell, g->ranks * g->encoders);
done:
    return status;
}

static zsc_status make_group(column *all, size_t count, size_t first, const comparand *what,
                             const zsc_compare_options *o, zsc_compare_group *g)
{
    zsc_status status = ZSC_OK;
    resampled r = {0};
    const column **c = NULL;
    ZSC_NEW(c, count);
    for (size_t i = first; i < count; i++)
        if (!all[i].taken && same_queries(&all[first], &all[i])) c[g->encoders++] = &all[i];
    sort_columns(c, g->encoders, what->macro);
    ZSC_TRY(describe(c, what, g));
    g->accuracy = true;
    ZSC_TRY(resample(c, o, what->macro, g, &r));
    const zsc_deviations of = {
        .count = o->resampling.count, .value = r.value, .influence = r.influence, .scratch = r.scratch};
    fill_cells(c, o, what->macro, &of, g);
    zsc_compare_rank_encoders(g);
    ZSC_TRY(zsc_compare_differences(o, &of, g));
    for (size_t i = count; i-- > first;)
        if (same_queries(&all[first], &all[i])) all[i].taken = true;
done:
    free(r.value);
    free(r.influence);
    free(r.scratch);
    free(c);
    return status;
}

static zsc_status compare_one(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *o,
                              const comparand *what, size_t k, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    column *c = NULL;
    ZSC_NEW(c, count);
    for (size_t i = 0; i < count; i++) ZSC_TRY(read_column(&files[i], o, what->split, k, &c[i]));
    ZSC_TRY(name_columns(c, count));
    for (size_t i = 0; i < count; i++) c[i].taken = c[i].ranks == 0;
    for (size_t i = 0; i < count; i++)
        if (!c[i].taken) ZSC_TRY(make_group(c, count, i, what, o, &out->group[out->groups++]));
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

static bool same_list(const zsc_list *a, const zsc_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) same = strcmp(a->item[i], b->item[i]) == 0;
    return same;
}

/* Of the splits of each file that has several, each choice of splits once. */
static zsc_status compare_means(const zsc_retrieval_file *files, size_t count, const zsc_compare_options *o, bool macro,
                                size_t k, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_list *splits = NULL;
    ZSC_NEW(splits, count);
    for (size_t f = 0; f < count; f++) {
        bool repeated = false;
        ZSC_TRY(list_splits(&files[f], 1, &splits[f]));
        for (size_t i = 0; i < f; i++) repeated = repeated || same_list(&splits[i], &splits[f]);
        if (splits[f].count > 1 && !repeated)
            ZSC_TRY(compare_one(files, count, o, &(comparand){&splits[f], macro}, k, out));
    }
done:
    for (size_t f = 0; splits && f < count; f++) zsc_list_free(&splits[f]);
    free(splits);
    return status;
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
    bool macro = strcmp(score, "macro") == 0;
    ZSC_TRY(zsc_retrieval_files_k(files, count, &k));
    ZSC_TRY(check_ranks(files, count, o));
    ZSC_TRY(list_splits(files, count, &splits));
    ZSC_NEW(comparison.group, (splits.count + count) * count);
    for (size_t s = 0; s < splits.count; s++) {
        const zsc_list one = {.item = &splits.item[s], .count = 1};
        ZSC_TRY(compare_one(files, count, o, &(comparand){&one, macro}, k, &comparison));
    }
    ZSC_TRY(compare_means(files, count, o, macro, k, &comparison));
    *out = comparison;
    comparison = (zsc_comparison){0};
done:
    zsc_comparison_free(&comparison);
    zsc_list_free(&splits);
    return status;
}
