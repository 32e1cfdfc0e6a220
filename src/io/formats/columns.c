/* Tables of numbers (CSV, TSV): a column of ids, columns of labels, and the features in all others.
 *
 * The ids are the column named so, else the first, if it is one of names or whole numbers that are all different.
 * Labels are the columns named as ranks, split and barcode, those of text, and those with names such as target. What is
 * taken for what is said, unless the names say it; the user's word (zsc_table_layout) goes before. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/labels/column_names.h"
#include "io/files/source.h"
#include "io/text/csv.h"
#include "io/text/csv_dialect.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"
#include "io/labels/label_names.h"
#include "io/labels/missing_labels.h"

/* What pandas and R call the names of rows. */
static const char *const index_names[] = {"", "Unnamed: 0", "index", "row.names", "rownames", "rowname"};

/* What they are called where they were read and written once more, beside a column of ids. */
static const char *const number_names[] = {"X", "X.1", "...1", "Unnamed: 0.1", "level_0"};

/* LABEL: text, kept as it is. MAYBE_...: kept as text until all rows are known. */
typedef enum role {
    ROLE_ID,
    ROLE_NUMBER,
    ROLE_LABEL,
    ROLE_MAYBE_ID,
    ROLE_MAYBE_LABEL,
    ROLE_MAYBE_INDEX,
    ROLE_NONE
} role;

#define IS_ONE_OF(name, names) is_one_of(name, names, sizeof(names) / sizeof *(names))
static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(name, names[i]) == 0) return true;
    return false;
}

/* Whether NAME is in a list with commas between. */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = list; p; p = strchr(p, ',')) {
        p += *p == ',';
        size_t own = strcspn(p, ",");
        if (own == length && strncasecmp(p, name, own) == 0) return true;
    }
    return false;
}

/* --- The table */
typedef struct table {
    const char *path;
    const zsc_table_layout *given; /* may be NULL */
    zsc_csv_style style;
    zsc_missing_labels missing;
    zsc_list header;
    role *role;
    size_t id; /* the column of the ids, or that may be; SIZE_MAX: none */
    size_t d, n;
    double *x;
    size_t x_capacity;
    bool fractions; /* a feature is one */
    zsc_text *text; /* one per column: values, each with its zero */
    bool *numeric;  /* in the first row */
    bool *empty;    /* in the first row */
    bool first_only;
    size_t index; /* a column of names or numbers of rows that is left out; SIZE_MAX: none */
} table;

static void free_table(table *t)
{
    for (size_t i = 0; t->text && i < t->header.count; i++) free(t->text[i].data);
    free(t->text);
    free(t->role);
    free(t->numeric);
    free(t->empty);
    free(t->x);
    zsc_list_free(&t->header);
    zsc_missing_labels_free(&t->missing);
}

static bool to_number(const table *t, const char *text, size_t length, double *out)
{
    return zsc_csv_number(text, length, t->style.decimal, out);
}

static bool is_fraction(double value) { return isfinite(value) && value != trunc(value); }

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    table *t = data;
    zsc_status status = ZSC_OK;
    size_t wanted = 0;
    double value;
    for (size_t i = 0; i < t->header.count && t->first_only; i++) {
        t->numeric[i] = to_number(t, row->field[i], row->length[i], NULL) || zsc_is_missing(&t->missing, row->field[i]);
        t->empty[i] = row->length[i] == 0;
    }
    if (t->first_only) return zsc_fail(ZSC_EINTERRUPTED, "enough");
    if (__builtin_mul_overflow(t->n + 1, t->d, &wanted)) return zsc_fail_memory(t->n, t->d, "embeddings");
    ZSC_TRY(zsc_grow(&t->x, &t->x_capacity, wanted, sizeof *t->x, "embeddings"));
    double *x = t->d ? t->x + t->n * t->d : NULL; /* all columns may be ids and labels */
    for (size_t i = 0; i < t->header.count; i++) {
        if (t->role[i] == ROLE_NONE) continue;
        if (t->role[i] != ROLE_NUMBER) {
            zsc_text_append_n(&t->text[i], row->field[i], row->length[i]);
            zsc_text_append_n(&t->text[i], "", 1);
            if (!t->text[i].failed) continue;
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!to_number(t, row->field[i], row->length[i], &value)) {
            status = zsc_fail(ZSC_EINPUT, "'%s', line %zu, column %s: '%.40s' is not a number", t->path, row->line,
                              t->header.item[i], row->field[i]);
            goto done;
        }
        t->fractions = t->fractions || is_fraction(value);
        *x++ = value;
    }
    t->n++;
done:
    return status;
}

static zsc_status read_rows(table *t)
{
    zsc_status status = ZSC_OK;
    zsc_csv_column *columns = NULL;
    ZSC_NEW(columns, t->header.count); /* without names: all in their order; two features may be called the same */
    status = zsc_csv_read(t->path, t->given, columns, t->header.count, NULL, take_row, t);
done:
    free(columns);
    return status;
}

/* --- What the columns are, by their names and the first row */
static bool is_named_label(const table *t, size_t column)
{
    const char *name = t->header.item[column];
    return zsc_known_column(name) || zsc_is_metadata_name(name) || zsc_is_label_name(name) ||
           (t->given && is_listed(t->given->label_columns, name));
}

/* The column that may be that of the ids where none is called so: the first, or the first of text behind labels. */
static size_t possible_id(const table *t)
{
    if (t->header.count == 0 || !is_named_label(t, 0)) return 0;
    for (size_t i = 1; i < t->header.count; i++)
        if (!t->numeric[i] && !is_named_label(t, i)) return i;
    return SIZE_MAX;
}

static zsc_status find_id(table *t)
{
    const char *given = t->given ? t->given->id_column : NULL;
    int best = 0;
    t->id = given && strcmp(given, "none") == 0 ? SIZE_MAX : possible_id(t);
    if (given && strcmp(given, "none") == 0) return ZSC_OK;
    for (size_t i = 0; i < t->header.count; i++) {
        const char *name = t->header.item[i];
        int rank = given ? (strcmp(name, given) == 0 ? 2 : strcasecmp(name, given) == 0) : zsc_format_id_rank(name);
        if (rank <= best) continue;
        best = rank;
        t->id = i;
    }
    if (best > 0) t->role[t->id] = ROLE_ID;
    if (given && best == 0) return zsc_fail(ZSC_EINPUT, "'%s' has no column %s, which id-column names", t->path, given);
    return ZSC_OK;
}

/* Of columns that are called so, the first. */
static bool is_first_named(const table *t, size_t column)
{
    for (size_t i = 0; i < column; i++)
        if (strcmp(t->header.item[i], t->header.item[column]) == 0) return false;
    return true;
}

static role role_of(const table *t, size_t column)
{
    const char *name = t->header.item[column];
    if (t->given && is_listed(t->given->label_columns, name)) return ROLE_LABEL;
    if (zsc_format_id_rank(name)) return ROLE_NONE; /* a second list of ids */
    if (zsc_known_column(name)) return ROLE_LABEL;
    if (zsc_is_metadata_name(name)) return ROLE_NONE;
    if (column == t->id) return ROLE_MAYBE_ID;
    if (!*name && t->empty[column]) return ROLE_MAYBE_INDEX; /* nothing but delimiters at the ends of rows */
    if (t->id != SIZE_MAX && (IS_ONE_OF(name, index_names) || IS_ONE_OF(name, number_names)) &&
        is_first_named(t, column))
        return ROLE_MAYBE_INDEX;
    if (!t->numeric[column]) return ROLE_LABEL;
    if (strcasecmp(name, "y") == 0) /* beside x it is a coordinate */
        for (size_t i = 0; i < t->header.count; i++)
            if (strcasecmp(t->header.item[i], "x") == 0) return ROLE_NUMBER;
    return zsc_is_label_name(name) ? ROLE_MAYBE_LABEL : ROLE_NUMBER;
}

static zsc_status assign_roles(table *t)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(t->role, t->header.count);
    ZSC_NEW(t->text, t->header.count);
    t->index = SIZE_MAX;
    for (size_t i = 0; i < t->header.count; i++) t->role[i] = ROLE_NONE;
    ZSC_TRY(find_id(t));
    for (size_t i = 0; i < t->header.count; i++)
        if (t->role[i] != ROLE_ID) t->role[i] = role_of(t, i);
    if (t->id != SIZE_MAX && t->role[t->id] != ROLE_ID && t->role[t->id] != ROLE_MAYBE_ID) t->id = SIZE_MAX;
    for (size_t i = 0; i < t->header.count; i++) t->d += t->role[i] == ROLE_NUMBER;
done:
    return status;
}

/* The header, and the roles by the first row. */
static zsc_status begin_table(table *t)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_missing_labels_make(t->given ? t->given->missing : NULL, &t->missing));
    ZSC_TRY(zsc_csv_header(t->path, t->given, &t->header, &t->style));
    ZSC_NEW(t->numeric, t->header.count);
    ZSC_NEW(t->empty, t->header.count);
    t->first_only = true;
    status = read_rows(t);
    if (status == ZSC_EINTERRUPTED) {
        zsc_error_clear();
        status = ZSC_OK;
    }
    if (status != ZSC_OK) goto done;
    t->first_only = false;
    status = assign_roles(t);
done:
    return status;
}

/* Numbers in most columns: columns of text beside them may be labels, in metadata they are more than the numbers. */
static bool is_embedding(const table *t)
{
    size_t strange = 0;
    for (size_t i = 0; i < t->header.count; i++)
        strange += t->role[i] == ROLE_LABEL && !zsc_known_column(t->header.item[i]) &&
                   !(t->given && is_listed(t->given->label_columns, t->header.item[i]));
    bool all_numbers = t->header.count == 1 && t->numeric[0];
    return all_numbers || t->d > strange ||
           (t->d == 0 && t->header.count > 1 && t->role[0] == ROLE_MAYBE_ID && t->numeric[0] && strange == 0);
}

static bool recognise(zsc_embeddings *v)
{
    table t = {.path = v->path, .given = v->file_layout ? &v->file_layout->table : NULL};
    zsc_status status = begin_table(&t);
    bool said = t.given && (t.given->id_column || t.given->label_columns || t.given->delimiter || t.given->decimal ||
                            t.given->no_header);
    bool found = status == ZSC_OK ? is_embedding(&t) : said && t.header.count > 0;
    free_table(&t);
    zsc_error_clear();
    return found || status == ZSC_EUSAGE;
}

static bool is_binary(const char *path)
{
    enum { LOOKED_AT = 4096 };
    char start[LOOKED_AT];
    return memchr(start, '\0', zsc_source_start(path, start, sizeof start, NULL)) != NULL;
}

/* Why a file is no table of numbers: what is wrong with it as a table, or which of its columns are none. */
zsc_status zsc_format_explain_table(const char *path, const zsc_file_layout *file_layout)
{
    table t = {.path = path, .given = file_layout ? &file_layout->table : NULL};
    zsc_text text = {0};
    zsc_status status = begin_table(&t);
    bool table_like = t.header.count > 1;
    for (size_t i = 0; status == ZSC_OK && i < t.header.count && text.length < 200; i++)
        if (!t.numeric[i]) zsc_text_printf(&text, "%s%s", text.length ? ", " : "", t.header.item[i]);
    if (status == ZSC_OK && table_like && text.data)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a table of metadata rather than of numbers: these columns hold text: %s; "
                          "--label-column names labels beside features, -m metadata",
                          path, text.data);
    else if (status == ZSC_OK || (!table_like && is_binary(path)))
        status = zsc_fail(ZSC_EINPUT, "'%s' is not an HDF5 file, nor a NumPy array, nor a table of numbers", path);
    free(text.data);
    free_table(&t);
    return status;
}

/* --- What the columns are, by all their values */
typedef struct values {
    bool numbers, whole, different; /* all of them */
    bool fractions;                 /* one of them is one */
    size_t other;                   /* row of the first that is no number, from 1; 0: none */
} values;

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static zsc_status judge(const table *t, size_t column, values *out)
{
    zsc_status status = ZSC_OK;
    char **sorted = NULL, *p = t->text[column].data;
    double value;
    *out = (values){.numbers = true, .whole = true, .different = true};
    ZSC_NEW(sorted, t->n);
    for (size_t i = 0; i < t->n; i++, p += strlen(p) + 1) {
        sorted[i] = p;
        bool number = to_number(t, p, strlen(p), &value);
        out->numbers = out->numbers && number;
        out->fractions = out->fractions || (number && is_fraction(value));
        if (!number && !out->other) out->other = i + 1;
        out->whole = out->whole && number && value == trunc(value);
    }
    qsort(sorted, t->n, sizeof *sorted, by_text);
    for (size_t i = 1; i < t->n; i++) out->different = out->different && strcmp(sorted[i - 1], sorted[i]) != 0;
done:
    free(sorted);
    return status;
}

/* Makes a column of text that holds numbers a feature, at its place. */
static zsc_status make_feature(table *t, size_t column)
{
    zsc_status status = ZSC_OK;
    double *x = NULL;
    size_t at = 0, d = t->d + 1, size = 0;
    double value = 0;
    char *p = t->text[column].data;
    for (size_t i = 0; i < column; i++) at += t->role[i] == ROLE_NUMBER;
    if (__builtin_mul_overflow(t->n, d, &size)) return zsc_fail_memory(t->n, d, "embeddings");
    ZSC_NEW_RAW(x, size);
    for (size_t i = 0; i < t->n; i++, p += strlen(p) + 1) {
        to_number(t, p, strlen(p), &value);
        t->fractions = t->fractions || is_fraction(value);
        if (at) memcpy(x + i * d, t->x + i * t->d, at * sizeof *x);
        x[i * d + at] = value;
        if (t->d > at) memcpy(x + i * d + at + 1, t->x + i * t->d + at, (t->d - at) * sizeof *x);
    }
    free(t->x);
    t->x = x;
    t->d = d;
    t->role[column] = ROLE_NUMBER;
done:
    return status;
}

static const char *text_at(const table *t, size_t column, size_t row)
{
    const char *p = t->text[column].data;
    while (row-- > 0) p += strlen(p) + 1;
    return p;
}

/* Fractions are coordinates; a text among them, such as NA, makes them neither ids nor labels. */
static zsc_status check_fractions(const table *t, size_t column, const values *v)
{
    if (v->numbers || !v->fractions) return ZSC_OK;
    const char *name = t->header.item[column];
    return zsc_fail(ZSC_EINPUT,
                    "'%s': column %s holds fractions, and in row %zu '%.40s', which is not a number; --id-column %s or "
                    "--label-column %s takes them for texts",
                    t->path, name, v->other, text_at(t, column, v->other - 1), name, name);
}

static zsc_status decide_labels(table *t)
{
    zsc_status status = ZSC_OK;
    values v;
    for (size_t i = 0; i < t->header.count; i++) {
        if (t->role[i] != ROLE_MAYBE_LABEL) continue;
        ZSC_TRY(judge(t, i, &v));
        ZSC_TRY(check_fractions(t, i, &v));
        if (v.numbers && !v.whole)
            ZSC_TRY(make_feature(t, i));
        else
            t->role[i] = ROLE_LABEL;
    }
done:
    return status;
}

/* 0, 1, ... or 1, 2, ... */
static bool counts_rows(const table *t, size_t column)
{
    const char *p = t->text[column].data;
    double value, first = 0;
    for (size_t i = 0; i < t->n; i++, p += strlen(p) + 1) {
        if (!to_number(t, p, strlen(p), &value)) return false;
        if (i == 0) first = value;
        if ((first != 0 && first != 1) || value != first + (double)i) return false;
    }
    return t->n > 0;
}

static bool is_empty(const table *t, size_t column)
{
    const char *p = t->text[column].data;
    for (size_t i = 0; i < t->n; i++)
        if (p[i]) return false; /* n zeros where all are empty */
    return true;
}

/* Beside the ids, columns that pandas and R make of the names or numbers of rows are no features. */
static zsc_status decide_index(table *t)
{
    zsc_status status = ZSC_OK;
    values v;
    for (size_t i = 0; i < t->header.count; i++) {
        if (t->role[i] != ROLE_MAYBE_INDEX) continue;
        if (!*t->header.item[i] && is_empty(t, i)) {
            t->role[i] = ROLE_NONE;
            continue;
        }
        ZSC_TRY(judge(t, i, &v));
        ZSC_TRY(check_fractions(t, i, &v));
        bool names = !v.numbers && v.different && IS_ONE_OF(t->header.item[i], index_names);
        if (names || counts_rows(t, i)) {
            t->role[i] = ROLE_NONE;
            t->index = i;
        } else if (v.numbers) {
            ZSC_TRY(make_feature(t, i));
        } else {
            t->role[i] = ROLE_LABEL;
        }
    }
done:
    return status;
}

static zsc_status decide_id(table *t)
{
    values v;
    if (t->id == SIZE_MAX || t->role[t->id] != ROLE_MAYBE_ID) return ZSC_OK;
    const char *name = t->header.item[t->id];
    zsc_status status = judge(t, t->id, &v);
    if (status == ZSC_OK) status = check_fractions(t, t->id, &v);
    if (status != ZSC_OK) return status;
    if (!v.numbers) {
        t->role[t->id] = v.different ? ROLE_ID : ROLE_LABEL;
    } else if (IS_ONE_OF(name, index_names)) {
        t->role[t->id] = v.whole && v.different ? ROLE_ID : ROLE_NONE;
    } else if (!v.whole || !v.different || t->n == 1 || (t->style.no_header && !t->fractions)) {
        status = make_feature(t, t->id);
    } else if (t->fractions) {
        t->role[t->id] = ROLE_ID;
    } else {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s': column %s holds whole numbers that are all different, as ids do, and so may the "
                          "features; --id-column %s takes it for the ids, --id-column none for a feature",
                          t->path, name, name);
    }
    if (status == ZSC_OK && t->role[t->id] != ROLE_ID) t->id = SIZE_MAX;
    return status;
}

/* --- Opening */
static zsc_status strings_of(const zsc_text *text, size_t n, char ***out)
{
    char **strings = malloc(n * sizeof *strings + text->length + 1);
    if (!strings) return zsc_fail_memory(n, sizeof *strings, "strings");
    char *at = (char *)(strings + n);
    if (text->length) memcpy(at, text->data, text->length);
    for (size_t i = 0; i < n; i++) {
        strings[i] = at;
        at += strlen(at) + 1;
    }
    *out = strings;
    return ZSC_OK;
}

/* Features may have one name, but not ids and labels. */
static zsc_status check_named_once(const table *t, size_t column)
{
    for (size_t i = 0; i < t->header.count; i++)
        if (i != column && strcmp(t->header.item[i], t->header.item[column]) == 0)
            return zsc_fail(ZSC_EINPUT, "'%s' has two columns named %s, and ids and labels need names of their own",
                            t->path, t->header.item[column]);
    return ZSC_OK;
}

static zsc_status keep_texts(zsc_embeddings *v, const table *t)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    for (size_t i = 0; i < t->header.count; i++) {
        if (t->role[i] != ROLE_ID && t->role[i] != ROLE_LABEL) continue;
        if (!*t->header.item[i] && t->role[i] == ROLE_LABEL) {
            status = zsc_fail(ZSC_EINPUT, "'%s': column %zu has no name, and is not read: labels need one", t->path,
                              i + 1);
            ZSC_TRY(zsc_format_skip_labels(v, "", status));
            continue;
        }
        ZSC_TRY(check_named_once(t, i));
        ZSC_TRY(strings_of(&t->text[i], t->n, &text));
        if (t->role[i] == ROLE_ID) {
            ZSC_TRY(zsc_format_memory_set_ids(v, text));
            continue;
        }
        for (size_t k = 0, numbers = zsc_are_label_numbers(&t->missing, text, t->n); k < t->n && numbers; k++)
            if (zsc_is_minus_one(text[k])) text[k][0] = '\0';
        ZSC_TRY(zsc_format_memory_add_column(v, t->header.item[i], text));
    }
done:
    return status;
}

/* What is taken for what, where the names do not say it. */
static zsc_status remark(zsc_embeddings *v, const table *t)
{
    zsc_text text = {0};
    size_t labels = 0;
    zsc_text_printf(&text, "%s", t->style.remark);
    const char *id = t->id == SIZE_MAX ? NULL : t->header.item[t->id];
    if (id && !zsc_format_id_rank(id))
        zsc_text_printf(&text, "%sids: column %s", text.length ? "; " : "", *id ? id : "1, which has no name");
    if (t->index != SIZE_MAX) {
        const char *index = t->header.item[t->index];
        zsc_text_printf(&text, "%scolumn %zu%s%s names or counts the rows, and is left out", text.length ? "; " : "",
                        t->index + 1, *index ? ", " : " without a name", index);
    }
    for (size_t i = 0; i < t->header.count; i++)
        if (t->role[i] == ROLE_LABEL && *t->header.item[i] && !zsc_known_column(t->header.item[i]))
            zsc_text_printf(&text, "%s%s",
                            labels++      ? ", "
                            : text.length ? "; labels: "
                                          : "labels: ",
                            t->header.item[i]);
    if (text.length) zsc_text_printf(&text, "; features: %zu column%s", t->d, t->d == 1 ? "" : "s");
    if (text.failed) return ZSC_EINTERNAL;
    if (text.length)
        v->remark = text.data;
    else
        free(text.data);
    return ZSC_OK;
}

static zsc_status open_columns(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    table t = {.path = v->path, .given = v->file_layout ? &v->file_layout->table : NULL};
    char *name = NULL;
    ZSC_TRY(zsc_format_name_encoder(v, &name));
    ZSC_TRY(begin_table(&t));
    ZSC_TRY(read_rows(&t));
    ZSC_TRY(decide_labels(&t));
    ZSC_TRY(decide_index(&t));
    ZSC_TRY(decide_id(&t));
    v->n = t.n;
    v->idless = t.id == SIZE_MAX;
    if (v->idless) ZSC_TRY(zsc_format_name_split(v));
    ZSC_TRY(keep_texts(v, &t));
    ZSC_TRY(remark(v, &t));
    double *x = t.x;
    t.x = NULL;
    ZSC_TRY(zsc_format_memory_add(v, name, x, true, t.n, t.d, "text"));
done:
    free_table(&t);
    free(name);
    return status;
}

const zsc_format zsc_format_columns = {
    .name = "columns",
    .description = "CSV or TSV of numbers",
    .recognise = recognise,
    .open = open_columns,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_memory_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};
