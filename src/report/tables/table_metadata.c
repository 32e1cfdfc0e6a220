#include "report/tables/table_metadata.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { PER_CENT_DECIMALS = 2 };

static zsc_status set_headers(zsc_table *t, const char *const *header)
{
    zsc_status status = ZSC_OK;
    for (size_t c = 0; c < t->columns && status == ZSC_OK; c++) status = zsc_table_set_header(t, c, header[c]);
    return status;
}

static void set_number(zsc_table *t, size_t row, size_t column, double value, int decimals)
{
    zsc_cell *cell = zsc_table_at(t, row, column);
    cell->value = value;
    cell->decimals = decimals;
    cell->undefined = !isfinite(value);
}

static void set_count(zsc_table *t, size_t row, size_t column, size_t count)
{
    set_number(t, row, column, (double)count, 0);
}

static double per_cent(size_t part, size_t whole) { return whole ? 100.0 * (double)part / (double)whole : NAN; }

zsc_status zsc_table_categories(const zsc_category_table *stats, zsc_table *out)
{
    static const char *const header[] = {"column",     "categories",   "labelled",    "labelled %",
                                         "unlabelled", "unlabelled %", "largest",     "smallest",
                                         "imbalance",  "mean rows",    "median rows", "sd rows"};
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    ZSC_TRY(zsc_table_make(stats->columns, sizeof header / sizeof *header, 1, &t));
    ZSC_TRY(set_headers(&t, header));
    for (size_t r = 0; r < stats->columns; r++) {
        const zsc_category_stats *s = &stats->column[r];
        size_t c = 0;
        ZSC_TRY(zsc_table_set_text(&t, r, c++, s->name));
        set_count(&t, r, c++, s->categories);
        set_count(&t, r, c++, s->labelled);
        set_number(&t, r, c++, per_cent(s->labelled, stats->rows), PER_CENT_DECIMALS);
        set_count(&t, r, c++, s->unlabelled);
        set_number(&t, r, c++, per_cent(s->unlabelled, stats->rows), PER_CENT_DECIMALS);
        set_count(&t, r, c++, s->largest);
        set_count(&t, r, c++, s->smallest);
        set_number(&t, r, c++, s->imbalance, 1);
        set_number(&t, r, c++, s->mean, 2);
        set_number(&t, r, c++, s->median, 1);
        set_number(&t, r, c++, s->sd, 2);
    }
    if (!(t.caption = zsc_asprintf("%zu rows; categories are the distinct values that are not missing; imbalance: rows "
                                   "of the largest over rows of the smallest category; mean, median and population "
                                   "standard deviation of the rows of a category",
                                   stats->rows)))
        status = ZSC_EINTERNAL;
    if (status == ZSC_OK) *out = t, t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}

zsc_status zsc_table_numbers(const zsc_number_table *stats, zsc_table *out)
{
    static const char *const header[] = {"column", "numbers", "missing",    "distinct", "min", "quartile 1",
                                         "median", "mean",    "quartile 3", "max",      "sd"};
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    ZSC_TRY(zsc_table_make(stats->columns, sizeof header / sizeof *header, 1, &t));
    ZSC_TRY(set_headers(&t, header));
    for (size_t r = 0; r < stats->columns; r++) {
        const zsc_number_stats *s = &stats->column[r];
        const double value[] = {s->least, s->quartile1, s->median, s->mean, s->quartile3, s->most, s->sd};
        double greatest = fmax(fabs(s->least), fabs(s->most));
        int decimals = !(greatest > 0) ? 0 : (int)fmin(12, fmax(0, 6 - ceil(log10(greatest))));
        size_t c = 0;
        ZSC_TRY(zsc_table_set_text(&t, r, c++, s->name));
        set_count(&t, r, c++, s->count);
        set_count(&t, r, c++, s->missing);
        set_count(&t, r, c++, s->distinct);
        for (size_t i = 0; i < sizeof value / sizeof *value; i++) set_number(&t, r, c++, value[i], decimals);
    }
    if (!(t.caption = zsc_asprintf("%zu rows; quantiles are interpolated between values; sd is the population's",
                                   stats->rows)))
        status = ZSC_EINTERNAL;
    if (status == ZSC_OK) *out = t, t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}

zsc_status zsc_table_splits(const zsc_split_table *stats, zsc_table *out)
{
    enum { NAMES = 2, COUNTS = 3 };
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    ZSC_TRY(zsc_table_make(stats->entries, COUNTS + stats->columns, NAMES, &t));
    ZSC_TRY(zsc_table_set_header(&t, 0, "species set"));
    ZSC_TRY(zsc_table_set_header(&t, 1, "split"));
    ZSC_TRY(zsc_table_set_header(&t, 2, "records"));
    for (size_t c = 0; c < stats->columns; c++) ZSC_TRY(zsc_table_set_header(&t, COUNTS + c, stats->column[c]));
    for (size_t r = 0; r < stats->entries; r++) {
        const zsc_split_contents *s = &stats->split[r];
        t.group_start[r] = r == 0 || r == stats->splits || (r < stats->splits && strcmp(s->set, s[-1].set) != 0);
        ZSC_TRY(zsc_table_set_text(&t, r, 0, s->set));
        ZSC_TRY(zsc_table_set_text(&t, r, 1, s->split));
        set_count(&t, r, 2, s->records);
        for (size_t c = 0; c < stats->columns; c++) set_count(&t, r, COUNTS + c, s->categories[c]);
    }
    ZSC_TRY(
        zsc_copy_text("records, and distinct values that are not missing, by split and by species set", &t.caption));
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}

static size_t find_column(const zsc_split_table *stats, const char *name)
{
    size_t c = 0;
    while (c < stats->columns && strcmp(stats->column[c], name) != 0) c++;
    return c;
}

/* The rows of one column, from row FIRST. */
static zsc_status set_overlap(const zsc_split_table *stats, size_t column, size_t first, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    size_t splits = stats->splits;
    const size_t *shared = stats->shared + column * splits * splits;
    for (size_t a = 0; a < splits; a++) {
        size_t r = first + a;
        t->group_start[r] = a == 0;
        ZSC_TRY(zsc_table_set_text(t, r, 0, stats->column[column]));
        ZSC_TRY(zsc_table_set_text(t, r, 1, stats->split[a].split));
        for (size_t b = 0; b < splits; b++) {
            set_count(t, r, 2 + 2 * b, shared[a * splits + b]);
            set_number(t, r, 3 + 2 * b, per_cent(shared[a * splits + b], shared[a * splits + a]), PER_CENT_DECIMALS);
        }
    }
done:
    return status;
}

zsc_status zsc_table_overlap(const zsc_split_table *stats, const char *const *column, size_t columns, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    zsc_text header = {0};
    size_t splits = stats->splits, found = 0, filled = 0;
    for (size_t i = 0; i < columns; i++) found += find_column(stats, column[i]) < stats->columns;
    if (found == 0) {
        status = zsc_fail(ZSC_EINPUT, "the metadata has no column %s whose overlap could be shown",
                          columns ? column[0] : "of labels");
        goto done;
    }
    ZSC_TRY(zsc_table_make(found * splits, 2 + 2 * splits, 2, &t));
    ZSC_TRY(zsc_table_set_header(&t, 0, "column"));
    ZSC_TRY(zsc_table_set_header(&t, 1, "split"));
    for (size_t s = 0; s < splits; s++) {
        header.length = 0;
        zsc_text_printf(&header, "%s %%", stats->split[s].split);
        if (header.failed) ZSC_TRY(ZSC_EINTERNAL);
        ZSC_TRY(zsc_table_set_header(&t, 2 + 2 * s, stats->split[s].split));
        ZSC_TRY(zsc_table_set_header(&t, 3 + 2 * s, header.data));
    }
    for (size_t i = 0; i < columns; i++) {
        size_t c = find_column(stats, column[i]);
        if (c < stats->columns) ZSC_TRY(set_overlap(stats, c, splits * filled++, &t));
    }
    ZSC_TRY(
        zsc_copy_text("distinct values that both splits have, and per cent of those of the row's split", &t.caption));
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    free(header.data);
    return status;
}

/* --- Some of the columns */
/* The metadata's column that a row or a column of the table is of. */
typedef const char *(*name_fn)(const zsc_table *table, size_t at);

static const char *row_name(const zsc_table *t, size_t row) { return zsc_table_at(t, row, 0)->text; }
static const char *column_name(const zsc_table *t, size_t column) { return t->header[column]; }

/* Whether the place called NAME is one that WANTED means. */
typedef bool (*match_fn)(const char *name, const char *wanted);

static bool is_called(const char *name, const char *wanted) { return strcmp(name, wanted) == 0; }

static bool is_statistic(const char *name, const char *wanted)
{
    bool percent = zsc_text_ends(name, "%");
    if (strcmp(wanted, "counts") == 0) return !percent;
    return strcmp(wanted, "percent") == 0 ? percent : is_called(name, wanted);
}

typedef struct places {
    const zsc_table *table;
    name_fn name;
    match_fn match;
    size_t fixed, count; /* the first are kept; of all */
    const char *option;
} places;

static zsc_status no_such_place(const places *p, const char *wanted)
{
    zsc_text known = {0};
    for (size_t i = p->fixed; i < p->count; i++)
        if (i == p->fixed || strcmp(p->name(p->table, i), p->name(p->table, i - 1)) != 0)
            zsc_text_printf(&known, "%s%s", known.length ? ", " : "", p->name(p->table, i));
    zsc_status status = zsc_fail(ZSC_EINPUT, "option --%s: there is no '%s' here; there are %s", p->option, wanted,
                                 known.data ? known.data : "none");
    free(known.data);
    return status;
}

/* *kept: the places that are fixed, then those that WANTED means; the caller's. */
static zsc_status choose_places(const places *p, const zsc_list *wanted, size_t **kept, size_t *keeps)
{
    zsc_status status = ZSC_OK;
    size_t *chosen = NULL, n = 0;
    ZSC_NEW(chosen, p->fixed + p->count * wanted->count + 1);
    for (; n < p->fixed; n++) chosen[n] = n;
    for (size_t c = 0; c < wanted->count; c++) {
        size_t before = n;
        for (size_t i = p->fixed; i < p->count; i++)
            if (p->match(p->name(p->table, i), wanted->item[c])) chosen[n++] = i;
        if (n == before) ZSC_TRY(no_such_place(p, wanted->item[c]));
    }
    *kept = chosen;
    *keeps = n;
    chosen = NULL;
done:
    free(chosen);
    return status;
}

/* The rows, or where ACROSS the columns, that are kept, in their order. */
static zsc_status keep(zsc_table *table, bool across, const size_t *kept, size_t keeps)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    ZSC_TRY(zsc_table_make(across ? table->rows : keeps, across ? keeps : table->columns, table->names, &t));
    for (size_t c = 0; c < t.columns; c++) ZSC_TRY(zsc_table_set_header(&t, c, table->header[across ? kept[c] : c]));
    for (size_t r = 0; r < t.rows; r++) {
        size_t from = across ? r : kept[r];
        t.group_start[r] = table->group_start[from];
        for (size_t c = 0; c < t.columns; c++) {
            const zsc_cell *cell = zsc_table_at(table, from, across ? kept[c] : c);
            *zsc_table_at(&t, r, c) = *cell;
            zsc_table_at(&t, r, c)->text = NULL;
            if (cell->text) ZSC_TRY(zsc_table_set_text(&t, r, c, cell->text));
        }
    }
    ZSC_TRY(zsc_copy_text(table->caption, &t.caption));
    zsc_table_free(table);
    *table = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}

zsc_status zsc_table_keep_columns(zsc_table *table, bool across, const zsc_list *columns)
{
    enum { BEFORE_COUNTS = 3 }; /* species set, split, records */
    const places p = {table,
                      across ? column_name : row_name,
                      is_called,
                      across ? BEFORE_COUNTS : 0,
                      across ? table->columns : table->rows,
                      "only"};
    size_t *kept = NULL, keeps = 0;
    zsc_status status = choose_places(&p, columns, &kept, &keeps);
    if (status == ZSC_OK) status = keep(table, across, kept, keeps);
    free(kept);
    return status;
}

zsc_status zsc_table_keep_statistics(zsc_table *table, const zsc_list *heads)
{
    const places p = {table, column_name, is_statistic, table->names, table->columns, "show"};
    size_t *kept = NULL, keeps = 0;
    zsc_status status = choose_places(&p, heads, &kept, &keeps);
    if (status == ZSC_OK) status = keep(table, true, kept, keeps);
    free(kept);
    return status;
}
