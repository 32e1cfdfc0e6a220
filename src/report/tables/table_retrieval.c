#include "report/tables/table_retrieval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/figures/series.h"

typedef struct layout {
    const zsc_retrieval_file *files;
    size_t count;
    const zsc_retrieval_table_options *options;
    size_t k;
    zsc_list ranks, sources, groups; /* a group: "Image to DNA" */
    zsc_list *splits;                /* by group */
    size_t *first;                   /* by group: its first column; groups + 1 */
    size_t *source, *group;          /* by file */
    size_t means, intervals;         /* cells of harmonic means, and those of them that have an interval */
} layout;

/* --- What the files hold */
static zsc_status name_group(const zsc_retrieval_file *f, zsc_text *text)
{
    char *queries = *f->queries.modality ? zsc_modality_title(f->queries.modality) : zsc_strdup(f->queries.encoders);
    char *keys = *f->keys.modality ? zsc_modality_title(f->keys.modality) : zsc_strdup(f->keys.encoders);
    if (queries && keys) zsc_text_printf(text, "%s to %s", queries, keys);
    bool failed = !queries || !keys || text->failed;
    free(queries);
    free(keys);
    return failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status place_file(layout *l, size_t i)
{
    zsc_status status = ZSC_OK;
    const zsc_retrieval_file *f = &l->files[i];
    zsc_text group = {0}, source = {0};
    ZSC_TRY(name_group(f, &group));
    zsc_text_append(&source, f->keys.source);
    if (strcmp(f->keys.source, f->queries.source) != 0) zsc_text_printf(&source, " (queries: %s)", f->queries.source);
    if (source.failed) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_list_add_once(&l->sources, source.data, &l->source[i]));
    ZSC_TRY(zsc_list_add_once(&l->groups, group.data, &l->group[i]));
    for (size_t j = 0; j < i; j++)
        if (l->source[j] == l->source[i] && l->group[j] == l->group[i]) {
            status = zsc_fail(ZSC_EINPUT, "'%s' and '%s' are both %s of %s; give one of the two", l->files[j].path,
                              f->path, group.data, source.data);
            goto done;
        }
done:
    free(group.data);
    free(source.data);
    return status;
}

static zsc_status list_splits(layout *l)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(l->splits, l->groups.count);
    ZSC_NEW(l->first, l->groups.count + 1);
    for (size_t f = 0; f < l->count; f++)
        for (size_t i = 0; i < json_array_size(l->files[f].scores); i++)
            ZSC_TRY(zsc_list_add_once(&l->splits[l->group[f]], zsc_retrieval_file_split(&l->files[f], i), NULL));
    for (size_t g = 0; g < l->groups.count; g++)
        l->first[g + 1] = l->first[g] + l->splits[g].count + (l->splits[g].count > 1);
done:
    return status;
}

/* --- The table */
enum { NAMES = 2 };

const char *zsc_retrieval_table_label(const zsc_retrieval_table_options *options, const char *name)
{
    const zsc_style *style = options->styles ? zsc_styles_find(options->styles, name) : NULL;
    return style && *style->label ? style->label : name;
}

/* The paper's words where they are not ambiguous. */
const char *zsc_retrieval_split_title(const zsc_list *splits, const char *split)
{
    static const char *const pairs[][2] = {{"test", "test_unseen"}, {"val", "val_unseen"}};
    for (size_t p = 0; p < 2; p++)
        if (splits->count == 2 && zsc_list_has(splits, pairs[p][0]) && zsc_list_has(splits, pairs[p][1]))
            return strcmp(split, pairs[p][0]) == 0 ? "seen" : "unseen";
    return split;
}

static zsc_status set_headers(const layout *l, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    ZSC_TRY(zsc_table_set_header(t, 0, "Taxon"));
    ZSC_TRY(zsc_table_set_header(t, 1, "Embeddings"));
    for (size_t g = 0; g < l->groups.count; g++)
        for (size_t c = l->first[g]; c < l->first[g + 1]; c++) {
            const zsc_list *splits = &l->splits[g];
            size_t s = c - l->first[g];
            text.length = 0;
            zsc_text_printf(&text, "%s, %s", l->groups.item[g],
                            s < splits->count ? zsc_retrieval_split_title(splits, splits->item[s]) : "H.M.");
            if (text.failed) goto failed;
            ZSC_TRY(zsc_table_set_header(t, NAMES + c, text.data));
        }
done:
    free(text.data);
    return status;
failed:
    status = ZSC_EINTERNAL;
    goto done;
}

static double value_of(const layout *l, const zsc_retrieval_file *f, const char *rank, const char *split)
{
    for (size_t i = 0; i < json_array_size(f->scores); i++)
        if (zsc_retrieval_file_k(f, i) == l->k && strcmp(zsc_retrieval_file_rank(f, i), rank) == 0 &&
            strcmp(zsc_retrieval_file_split(f, i), split) == 0)
            return 100 * zsc_retrieval_file_value(f, i, l->options->score);
    return NAN;
}

static zsc_status set_values(layout *l, size_t file, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    const zsc_retrieval_file *f = &l->files[file];
    const zsc_list *splits = &l->splits[l->group[file]];
    double *fraction = NULL;
    ZSC_NEW(fraction, splits->count);
    for (size_t r = 0; r < l->ranks.count; r++) {
        zsc_cell *cell = zsc_table_at(t, r * l->sources.count + l->source[file], NAMES + l->first[l->group[file]]);
        for (size_t s = 0; s < splits->count; s++) {
            cell[s].decimals = l->options->decimals;
            cell[s].value = value_of(l, f, l->ranks.item[r], splits->item[s]);
            fraction[s] = cell[s].value / 100;
        }
        if (splits->count < 2) continue;
        l->means++;
        cell[splits->count].decimals = l->options->decimals;
        cell[splits->count].value = zsc_retrieval_printed_mean(fraction, splits->count);
        if (!l->options->intervals || !isfinite(cell[splits->count].value)) continue;
        zsc_retrieval_file_interval(f, l->ranks.item[r], l->k, l->options->score, &cell[splits->count].low,
                                    &cell[splits->count].high);
        l->intervals += isfinite(cell[splits->count].low);
        cell[splits->count].low *= 100;
        cell[splits->count].high *= 100;
    }
done:
    free(fraction);
    return status;
}

static zsc_status mark(const layout *l, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    size_t sources = l->sources.count;
    zsc_cell **cells = NULL;
    ZSC_NEW(cells, sources);
    for (size_t r = 0; r < l->ranks.count && sources > 1; r++)
        for (size_t c = NAMES; c < t->columns; c++) {
            for (size_t s = 0; s < sources; s++) cells[s] = zsc_table_at(t, r * sources + s, c);
            zsc_table_mark(cells, sources);
        }
done:
    free(cells);
    return status;
}

/* What the caption says of --intervals. */
static const char *about_intervals(const layout *l)
{
    if (!l->options->intervals) return "";
    if (l->intervals == 0) return "; no intervals of the harmonic means, for which the files have too few classes";
    return l->intervals == l->means ? "; in brackets: 95 % intervals of the harmonic means"
                                    : "; in brackets: 95 % intervals of the harmonic means that have enough classes";
}

static char *caption(const layout *l)
{
    zsc_text text = {0};
    bool simulated = false;
    for (size_t f = 0; f < l->count; f++) simulated = simulated || l->files[f].simulated;
    if (l->options->caption) return zsc_strdup(l->options->caption);
    zsc_text_printf(&text, "Top-%zu %s accuracy (%%) of retrieval by taxon%s%s.", l->k, l->options->score,
                    about_intervals(l), simulated ? "; simulated data" : "");
    return text.data;
}

static zsc_status fill(layout *l, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(set_headers(l, t));
    for (size_t r = 0; r < l->ranks.count; r++)
        for (size_t s = 0; s < l->sources.count; s++) {
            size_t row = r * l->sources.count + s;
            char *title = zsc_rank_title(l->ranks.item[r]);
            status = title ? zsc_table_set_text(t, row, 0, title) : ZSC_EINTERNAL;
            free(title);
            if (status != ZSC_OK) goto done;
            ZSC_TRY(zsc_table_set_text(t, row, 1, zsc_retrieval_table_label(l->options, l->sources.item[s])));
            t->group_start[row] = s == 0;
        }
    for (size_t f = 0; f < l->count; f++) ZSC_TRY(set_values(l, f, t));
    if (l->options->intervals && l->means == 0)
        ZSC_TRY(zsc_fail(ZSC_EUSAGE, "option --intervals has no effect here: it shows intervals of harmonic means, and "
                                     "no file has several splits of queries"));
    ZSC_TRY(mark(l, t));
    if (!(t->caption = caption(l))) status = ZSC_EINTERNAL;
done:
    return status;
}

static void free_layout(layout *l)
{
    for (size_t g = 0; l->splits && g < l->groups.count; g++) zsc_list_free(&l->splits[g]);
    zsc_list_free(&l->ranks);
    zsc_list_free(&l->sources);
    zsc_list_free(&l->groups);
    free(l->splits);
    free(l->first);
    free(l->source);
    free(l->group);
}

zsc_status zsc_table_retrieval(const zsc_retrieval_file *files, size_t count,
                               const zsc_retrieval_table_options *options, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    layout l = {.files = files, .count = count, .options = options};
    zsc_table t = {0};
    ZSC_TRY(zsc_retrieval_files_no_probe(files, count, "zsc table probe takes both"));
    ZSC_NEW(l.source, count);
    ZSC_NEW(l.group, count);
    for (size_t f = 0; f < count; f++) ZSC_TRY(place_file(&l, f));
    l.k = options->k;
    ZSC_TRY(zsc_retrieval_files_k(files, count, &l.k));
    ZSC_TRY(zsc_retrieval_files_ranks(files, count, options->ranks, options->rank_count, &l.ranks));
    ZSC_TRY(list_splits(&l));
    ZSC_TRY(zsc_table_make(l.ranks.count * l.sources.count, NAMES + l.first[l.groups.count], NAMES, &t));
    ZSC_TRY(fill(&l, &t));
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    free_layout(&l);
    return status;
}
