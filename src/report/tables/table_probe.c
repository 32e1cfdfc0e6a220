#include "report/tables/table_probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/retrieval_comparison.h"
#include "report/figures/series.h"

enum { NAMES = 2 };

typedef struct layout {
    const zsc_retrieval_file *files;
    size_t count;
    const zsc_retrieval_table_options *options;
    size_t k; /* of files of zsc retrieve */
    zsc_list ranks, rows, columns;
    size_t *row;                       /* by file */
    size_t *first;                     /* by row: its first file */
    const zsc_retrieval_file **source; /* rows x columns: where a cell comes from */
    zsc_table *table;
    size_t values, intervals; /* cells, and those of them that have an interval */
    size_t few;               /* intervals of fewer than ZSC_FEW_UNITS effective units */
} layout;

/* --- Rows */
/* What is classified by what, and from which files. */
static zsc_status row_key(const zsc_retrieval_file *f, zsc_text *text)
{
    text->length = 0;
    zsc_text_printf(text, "%s\n%s\n%s\n%s", f->keys.encoders, f->keys.source, f->queries.encoders, f->queries.source);
    return text->failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status list_rows(layout *l)
{
    zsc_status status = ZSC_OK;
    zsc_text key = {0};
    ZSC_NEW(l->row, l->count);
    ZSC_NEW(l->first, l->count);
    for (size_t f = 0; f < l->count; f++) {
        size_t before = l->rows.count;
        ZSC_TRY(row_key(&l->files[f], &key));
        ZSC_TRY(zsc_list_add_once(&l->rows, key.data, &l->row[f]));
        if (l->rows.count > before) l->first[l->row[f]] = f;
    }
done:
    free(key.data);
    return status;
}

static bool are_named_alike(const zsc_retrieval_file *a, const zsc_retrieval_file *b)
{
    return strcmp(a->keys.encoders, b->keys.encoders) == 0 && strcmp(a->queries.encoders, b->queries.encoders) == 0;
}

/* "encoder", "queries in keys" where these differ, with the source where two rows are named alike. */
static zsc_status name_row(const layout *l, size_t row, zsc_text *text)
{
    const zsc_retrieval_file *f = &l->files[l->first[row]];
    size_t alike = 0;
    for (size_t r = 0; r < l->rows.count; r++) alike += are_named_alike(f, &l->files[l->first[r]]);
    text->length = 0;
    if (strcmp(f->keys.encoders, f->queries.encoders) == 0)
        zsc_text_append(text, zsc_retrieval_table_label(l->options, f->keys.encoders));
    else
        zsc_text_printf(text, "%s in %s", zsc_retrieval_table_label(l->options, f->queries.encoders),
                        zsc_retrieval_table_label(l->options, f->keys.encoders));
    if (alike > 1) zsc_text_printf(text, " (%s)", f->keys.source);
    return text->failed ? ZSC_EINTERNAL : ZSC_OK;
}

/* --- Columns */
/* "1-NN, Genus, unseen"; "Linear, Species, test". */
static zsc_status column_name(const layout *l, bool probe, const char *rank, const char *split, zsc_text *text)
{
    char *title = zsc_rank_title(rank);
    text->length = 0;
    if (probe)
        zsc_text_append(text, "Linear");
    else
        zsc_text_printf(text, "%zu-NN", l->k);
    if (title) zsc_text_printf(text, ", %s, %s", title, split);
    bool failed = !title || text->failed;
    free(title);
    return failed ? ZSC_EINTERNAL : ZSC_OK;
}

static bool is_of(const layout *l, const zsc_retrieval_file *f, size_t score, bool probe, const char *rank)
{
    return f->probe == probe && strcmp(zsc_retrieval_file_rank(f, score), rank) == 0 &&
           (probe || zsc_retrieval_file_k(f, score) == l->k);
}

/* FN for each score of the table with its column: nearest keys first, then rank by rank. */
static zsc_status for_scores(layout *l, zsc_status (*fn)(layout *, size_t file, size_t score, const char *column))
{
    zsc_status status = ZSC_OK;
    zsc_text name = {0};
    for (int probe = 0; probe < 2; probe++)
        for (size_t r = 0; r < l->ranks.count; r++)
            for (size_t f = 0; f < l->count; f++)
                for (size_t i = 0; i < json_array_size(l->files[f].scores); i++) {
                    if (!is_of(l, &l->files[f], i, probe, l->ranks.item[r])) continue;
                    ZSC_TRY(column_name(l, probe, l->ranks.item[r], zsc_retrieval_file_split(&l->files[f], i), &name));
                    ZSC_TRY(fn(l, f, i, name.data));
                }
done:
    free(name.data);
    return status;
}

static zsc_status add_column(layout *l, size_t file, size_t score, const char *column)
{
    (void)file, (void)score;
    return zsc_list_add_once(&l->columns, column, NULL);
}

/* The 95 % interval of a score, from the classes of its queries: none where these are too few. */
static zsc_status set_interval(layout *l, size_t file, size_t score, zsc_cell *cell)
{
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    const zsc_retrieval_file *f = &l->files[file];
    const char *rank = zsc_retrieval_file_rank(f, score), *split = zsc_retrieval_file_split(f, score);
    zsc_compare_options o = zsc_compare_defaults();
    o.ranks = &rank;
    o.rank_count = 1;
    ZSC_TRY(zsc_retrieval_compare(f, 1, &o, l->options->score, zsc_retrieval_file_k(f, score), &comparison));
    for (size_t g = 0; g < comparison.groups; g++) {
        const zsc_compare_group *group = &comparison.group[g];
        if (group->harmonic_mean || strcmp(group->subset, split) != 0 || !isfinite(group->cell[0].interval.low))
            continue;
        cell->low = 100 * group->cell[0].interval.low;
        cell->high = 100 * group->cell[0].interval.high;
        l->intervals++;
        l->few += group->cell[0].effective < ZSC_FEW_UNITS;
    }
done:
    zsc_comparison_free(&comparison);
    return status;
}

static zsc_status set_value(layout *l, size_t file, size_t score, const char *column)
{
    size_t at = 0, row = l->row[file];
    zsc_status status = zsc_list_add_once(&l->columns, column, &at);
    const zsc_retrieval_file **source = &l->source[row * l->columns.count + at];
    zsc_cell *cell = zsc_table_at(l->table, row, NAMES + at);
    if (status == ZSC_OK && *source)
        return zsc_fail(ZSC_EINPUT, "'%s' and '%s' both have the column '%s' of %s; give one of the two",
                        (*source)->path, l->files[file].path, column, l->files[file].label);
    *source = &l->files[file];
    cell->decimals = l->options->decimals;
    cell->value = 100 * zsc_retrieval_file_value(&l->files[file], score, l->options->score);
    cell->undefined = isnan(cell->value);
    l->values++;
    return status == ZSC_OK && l->options->intervals ? set_interval(l, file, score, cell) : status;
}

/* --- The table */
static zsc_status set_names(const layout *l)
{
    zsc_status status = ZSC_OK;
    zsc_text name = {0};
    char *title = NULL;
    ZSC_TRY(zsc_table_set_header(l->table, 0, "Modality"));
    ZSC_TRY(zsc_table_set_header(l->table, 1, "Encoder"));
    for (size_t c = 0; c < l->columns.count; c++)
        ZSC_TRY(zsc_table_set_header(l->table, NAMES + c, l->columns.item[c]));
    for (size_t r = 0; r < l->rows.count; r++) {
        const char *modality = l->files[l->first[r]].keys.modality;
        free(title);
        if (!(title = zsc_modality_title(modality))) ZSC_TRY(ZSC_EINTERNAL);
        ZSC_TRY(name_row(l, r, &name));
        ZSC_TRY(zsc_table_set_text(l->table, r, 0, title));
        ZSC_TRY(zsc_table_set_text(l->table, r, 1, name.data));
        l->table->group_start[r] = r == 0 || strcmp(modality, l->files[l->first[r - 1]].keys.modality) != 0;
    }
done:
    free(name.data);
    free(title);
    return status;
}

static zsc_status mark(const zsc_table *t)
{
    zsc_status status = ZSC_OK;
    zsc_cell **cells = NULL;
    ZSC_NEW(cells, t->rows);
    for (size_t c = NAMES; c < t->columns && t->rows > 1; c++) {
        for (size_t r = 0; r < t->rows; r++) cells[r] = zsc_table_at(t, r, c);
        zsc_table_mark(cells, t->rows);
    }
done:
    free(cells);
    return status;
}

static const char *about_intervals(const layout *l)
{
    if (!l->options->intervals) return "";
    if (l->intervals == 0) return "; no intervals, for which the files have too few classes";
    if (l->few > 0)
        return "; in brackets: 95 % intervals where there are enough classes, some of fewer than 20 effective classes, "
               "which may hold less often";
    return l->intervals == l->values ? "; in brackets: 95 % intervals"
                                     : "; in brackets: 95 % intervals where there are enough classes";
}

static char *caption(const layout *l)
{
    bool simulated = false;
    for (size_t f = 0; f < l->count; f++) simulated = simulated || l->files[f].simulated;
    if (l->options->caption) return zsc_strdup(l->options->caption);
    return zsc_asprintf("%s accuracy (%%) of nearest-neighbour and linear probes%s%s.",
                        strcmp(l->options->score, "micro") == 0 ? "Micro" : "Macro", about_intervals(l),
                        simulated ? "; simulated data" : "");
}

/* The k of the files of zsc retrieve. */
static zsc_status choose_k(layout *l)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_file *nearest = NULL; /* borrows what the files hold */
    size_t n = 0;
    ZSC_NEW(nearest, l->count);
    for (size_t f = 0; f < l->count; f++)
        if (!l->files[f].probe) nearest[n++] = l->files[f];
    if (n > 0) ZSC_TRY(zsc_retrieval_files_k(nearest, n, &l->k));
done:
    free(nearest);
    return status;
}

static zsc_status fill(layout *l, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(choose_k(l));
    ZSC_TRY(zsc_retrieval_files_ranks(l->files, l->count, l->options->ranks, l->options->rank_count, &l->ranks));
    ZSC_TRY(list_rows(l));
    ZSC_TRY(for_scores(l, add_column));
    ZSC_TRY(zsc_table_make(l->rows.count, NAMES + l->columns.count, NAMES, t));
    ZSC_NEW(l->source, l->rows.count * l->columns.count);
    l->table = t;
    ZSC_TRY(set_names(l));
    ZSC_TRY(for_scores(l, set_value));
    ZSC_TRY(mark(t));
    if (!(t->caption = caption(l))) status = ZSC_EINTERNAL;
done:
    return status;
}

zsc_status zsc_table_probe(const zsc_retrieval_file *files, size_t count, const zsc_retrieval_table_options *options,
                           zsc_table *out)
{
    layout l = {.files = files, .count = count, .options = options, .k = options->k};
    zsc_table t = {0};
    zsc_status status = fill(&l, &t);
    if (status == ZSC_OK)
        *out = t;
    else
        zsc_table_free(&t);
    zsc_list_free(&l.ranks);
    zsc_list_free(&l.rows);
    zsc_list_free(&l.columns);
    free(l.row);
    free(l.first);
    free(l.source);
    return status;
}
