#include "atlas/metadata_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/threads.h"
#include "io/labels/column_names.h"
#include "io/labels/metadata.h"
#include "io/labels/missing_labels.h"
#include "io/text/csv_dialect.h"

enum { MOST_TEXTS = 5000, LONGEST_TEXT = 200 /* bytes */, FEWEST_NUMBERS = 13 };

/* A column while it is read. */
typedef struct reading_column {
    char *name;
    zsc_names texts;
    int32_t *code;
    size_t given; /* specimens that have a text */
    bool asked;   /* by name: it is kept whatever it holds */
    bool spelled; /* its texts are kept as they are, also where they are numbers */
    bool numbers; /* all of them so far */
    bool left_out;
} reading_column;

typedef struct reading {
    const zsc_specimen_table *specimens;
    const zsc_exec *exec;
    zsc_missing_labels missing;
    char decimal;
    reading_column *column;
    size_t columns;
    bool *seen; /* specimens */
} reading;

/* --- Which columns */
static bool is_rule_target(const zsc_columns *rules, const char *name)
{
    for (size_t i = 0; rules && i < rules->count; i++) {
        const char *equals = strchr(rules->rule[i], '=');
        if (equals && strcmp(equals + 1, name) == 0) return true;
    }
    return false;
}

static bool is_rank(const zsc_specimen_table *specimens, const char *name)
{
    for (size_t j = 0; j < specimens->ranks; j++)
        if (strcmp(specimens->rank[j].name, zsc_column_name(name)) == 0) return true;
    return false;
}

static size_t place_in(const zsc_list *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (strcmp(header->item[i], name) == 0) return i;
    for (size_t i = 0; i < header->count; i++)
        if (strcasecmp(header->item[i], name) == 0) return i;
    return SIZE_MAX;
}

static zsc_status no_column(const char *path, const char *name, const zsc_list *header)
{
    zsc_text there = {0};
    for (size_t i = 0; i < header->count; i++) zsc_text_printf(&there, "%s%s", i ? ", " : "", header->item[i]);
    zsc_status status = zsc_fail(ZSC_EINPUT, "metadata '%s' has no column '%s'; it has %s", path, name,
                                 there.data ? there.data : "");
    free(there.data);
    return status;
}

static zsc_status choose_columns(const zsc_metadata_table_source *source, const zsc_specimen_table *specimens,
                                 const zsc_list *wanted, const zsc_list *also, const zsc_list *header, size_t id,
                                 zsc_list *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < wanted->count; i++) {
        size_t at = place_in(header, wanted->item[i]);
        if (at == SIZE_MAX) return no_column(source->path, wanted->item[i], header);
        if (at != id && !is_rank(specimens, wanted->item[i])) ZSC_TRY(zsc_list_add_once(out, header->item[at], NULL));
    }
    for (size_t i = 0; wanted->count == 0 && i < header->count; i++) {
        const char *name = header->item[i];
        if (i == id || !*name || is_rank(specimens, name) || is_rule_target(source->columns, name)) continue;
        ZSC_TRY(zsc_list_add_once(out, name, NULL));
    }
    for (size_t i = 0; i < also->count; i++) {
        size_t at = place_in(header, also->item[i]);
        if (at != SIZE_MAX && at != id && !is_rank(specimens, also->item[i]))
            ZSC_TRY(zsc_list_add_once(out, header->item[at], NULL));
    }
done:
    return status;
}

/* --- Reading */
/* Whether texts say too little of groups of specimens to be worth their space: one for all, or one for nearly each. */
static bool says_little(const reading_column *c, size_t specimens)
{
    return (c->texts.count <= 1 && (c->given == 0 || c->given == specimens)) ||
           (c->texts.count > FEWEST_NUMBERS && 2 * c->texts.count > c->given);
}

static zsc_status take_value(reading *r, reading_column *c, int32_t specimen, const char *text, size_t length)
{
    double number;
    if (c->left_out || zsc_is_missing(&r->missing, text)) return ZSC_OK;
    c->numbers = c->numbers && zsc_csv_number(text, length, r->decimal, &number) && isfinite(number);
    c->given++;
    zsc_status status = zsc_names_add(&c->texts, text, length, &c->code[specimen], NULL);
    bool small = c->texts.count <= MOST_TEXTS && length <= LONGEST_TEXT;
    if (status != ZSC_OK || c->asked || c->numbers || small) return status;
    c->left_out = true;
    zsc_names_free(&c->texts);
    return ZSC_OK;
}

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    enum { OFTEN = 0xffff };
    reading *r = data;
    zsc_status status = ZSC_OK;
    if ((row->row & OFTEN) == 0 && !zsc_progress(r->exec, "metadata", (double)row->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    int32_t specimen = zsc_names_find(&r->specimens->id, row->field[0], row->length[0]);
    if (specimen < 0 || r->seen[specimen]) return ZSC_OK;
    r->seen[specimen] = true;
    for (size_t i = 0; i < r->columns && status == ZSC_OK; i++)
        status = take_value(r, &r->column[i], specimen, row->field[i + 1], row->length[i + 1]);
    return status;
}

static zsc_status read_table(const zsc_metadata_table_source *source, reading *r)
{
    zsc_status status = ZSC_OK;
    const char *id[ZSC_COLUMN_NAMES];
    zsc_csv_column *column = NULL;
    const char *(*names)[2] = NULL;
    ZSC_NEW(column, r->columns + 1);
    ZSC_NEW(names, r->columns);
    column[0] = zsc_metadata_column(source->columns, "processid", true, id);
    for (size_t i = 0; i < r->columns; i++) {
        names[i][0] = r->column[i].name;
        column[i + 1] = (zsc_csv_column){.names = names[i], .required = true};
    }
    ZSC_TRY(
        zsc_context(zsc_csv_read(source->path, source->table, column, r->columns + 1, NULL, take_row, r), "metadata"));
done:
    free(column);
    free(names);
    return status;
}

/* --- What has been read, as columns */
static zsc_status finish_column(const reading *r, reading_column *c, zsc_metadata_table_column *out)
{
    zsc_status status = ZSC_OK;
    size_t n = r->specimens->id.count;
    *out = (zsc_metadata_table_column){.text = {.name = c->name, .code = c->code}};
    c->name = NULL;
    c->code = NULL;
    if (c->numbers && c->texts.count >= FEWEST_NUMBERS) {
        ZSC_NEW_RAW(out->number, n);
        for (size_t i = 0; i < n; i++) {
            int32_t code = out->text.code[i];
            const char *text = code < 0 ? "" : zsc_names_get(&c->texts, (size_t)code);
            out->number[i] = NAN;
            if (code >= 0) zsc_csv_number(text, strlen(text), r->decimal, &out->number[i]);
        }
        if (!c->spelled) return ZSC_OK;
    }
    ZSC_NEW(out->text.level, c->texts.count);
    for (; out->text.levels < c->texts.count; out->text.levels++)
        ZSC_TRY(zsc_copy_text(zsc_names_get(&c->texts, out->text.levels), &out->text.level[out->text.levels]));
done:
    return status;
}

static zsc_status finish(reading *r, zsc_metadata_table *t)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(t->column, r->columns);
    for (size_t i = 0; i < r->columns; i++) {
        reading_column *c = &r->column[i];
        bool numbers = c->numbers && c->texts.count >= FEWEST_NUMBERS;
        if (c->left_out || (!c->asked && !numbers && says_little(c, r->specimens->id.count))) continue;
        ZSC_TRY(finish_column(r, c, &t->column[t->columns++]));
    }
done:
    return status;
}

static zsc_status begin(reading *r, const zsc_list *names, const zsc_list *wanted, const zsc_list *also)
{
    zsc_status status = ZSC_OK;
    size_t n = r->specimens->id.count;
    ZSC_NEW(r->column, names->count);
    ZSC_NEW(r->seen, n);
    for (; r->columns < names->count; r->columns++) {
        reading_column *c = &r->column[r->columns];
        const char *name = names->item[r->columns];
        *c = (reading_column){.numbers = true, .asked = wanted->count > 0};
        for (size_t i = 0; i < also->count; i++) c->spelled |= strcasecmp(also->item[i], name) == 0;
        c->asked |= c->spelled;
        if (!(c->name = zsc_strdup(name)) || !(c->code = zsc_malloc(n, sizeof *c->code, "codes of a column"))) {
            r->columns++;
            return ZSC_EINTERNAL;
        }
        for (size_t i = 0; i < n; i++) c->code[i] = -1;
    }
done:
    return status;
}

zsc_status zsc_metadata_table_read(const zsc_metadata_table_source *source, const zsc_specimen_table *specimens,
                                   const zsc_list *wanted, const zsc_list *also, const zsc_exec *exec,
                                   zsc_metadata_table *out)
{
    zsc_status status = ZSC_OK;
    reading r = {.specimens = specimens, .exec = exec};
    zsc_metadata_table t = {0};
    zsc_list header = {0}, names = {0};
    zsc_csv_style style = {.decimal = '.'};
    const char *id[ZSC_COLUMN_NAMES];
    ZSC_TRY(zsc_context(zsc_csv_header(source->path, source->table, &header, &style), "metadata"));
    zsc_csv_column ids = zsc_metadata_column(source->columns, "processid", true, id);
    r.decimal = style.decimal;
    ZSC_TRY(choose_columns(source, specimens, wanted, also, &header, zsc_metadata_find(&ids, &header), &names));
    ZSC_TRY(zsc_missing_labels_make(source->missing_values, &r.missing));
    ZSC_TRY(begin(&r, &names, wanted, also));
    ZSC_TRY(read_table(source, &r));
    ZSC_TRY(finish(&r, &t));
    *out = t;
    t = (zsc_metadata_table){0};
done:
    for (size_t i = 0; i < r.columns; i++) {
        free(r.column[i].name);
        free(r.column[i].code);
        zsc_names_free(&r.column[i].texts);
    }
    free(r.column);
    free(r.seen);
    zsc_missing_labels_free(&r.missing);
    zsc_list_free(&header);
    zsc_list_free(&names);
    zsc_metadata_table_free(&t);
    return status;
}

void zsc_metadata_table_free(zsc_metadata_table *t)
{
    for (size_t i = 0; i < t->columns; i++) {
        zsc_metadata_table_column *c = &t->column[i];
        for (size_t k = 0; k < c->text.levels; k++) free(c->text.level[k]);
        free(c->text.level);
        free(c->text.code);
        free(c->text.name);
        free(c->number);
    }
    free(t->column);
    *t = (zsc_metadata_table){0};
}
