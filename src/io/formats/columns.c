/* CSV or TSV of numbers: a column of ids (processid, id, without regard to case, or the first), columns of text under
 * the names of ranks, split and barcode, and the numbers in all others. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"
#include "zsc/ranks.h"

/* Columns of metadata, which are no coordinates of an embedding. */
static const char *const metadata_names[] = {
    "sampleid",       "taxon",        "phylum",         "country",
    "province_state", "coord-lat",    "coord-lon",      "image_measurement_value",
    "area_fraction",  "scale_factor", "inferred_ranks", "index_bioscan_1M_insect",
    "chunk",          "bin_uri",      "genbank",        "simulated",
};

typedef enum role { ROLE_ID, ROLE_NUMBER, ROLE_TEXT, ROLE_NONE } role;

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

static bool is_rank(const char *name) { return is_one_of(name, zsc_rank_names, zsc_rank_count); }

static role role_of(const zsc_list *header, size_t column, size_t id)
{
    const char *name = header->item[column];
    if (column == id) return ROLE_ID;
    if (zsc_format_id_rank(name)) return ROLE_NONE; /* a second list of ids */
    if (is_rank(name) || strcmp(name, "split") == 0 || strcmp(name, "dna_barcode") == 0) return ROLE_TEXT;
    return is_one_of(name, metadata_names, sizeof metadata_names / sizeof *metadata_names) ? ROLE_NONE : ROLE_NUMBER;
}

static size_t id_column(const zsc_list *header)
{
    size_t found = 0;
    int best = 0;
    for (size_t i = 0; i < header->count; i++)
        if (zsc_format_id_rank(header->item[i]) > best) {
            best = zsc_format_id_rank(header->item[i]);
            found = i;
        }
    return found;
}

static bool to_number(const char *text, float *out)
{
    char *end;
    if (!*text || *text == ' ') return false;
    double value = strtod(text, &end);
    *out = (float)value;
    return *end == '\0';
}

/* --- Reading */
typedef struct builder {
    const char *path;
    const zsc_list *header;
    role *role;
    size_t d, n;
    float *x;
    size_t x_capacity;
    zsc_text *text;  /* one per column: values, each with its zero */
    bool first_only; /* a look at the first row: is it numbers? */
    bool numbers;
} builder;

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    builder *b = data;
    zsc_status status = ZSC_OK;
    size_t wanted = 0;
    if (b->first_only) {
        float value;
        b->numbers = true;
        for (size_t i = 0; i < b->header->count; i++)
            if (b->role[i] == ROLE_NUMBER && !to_number(row->field[i], &value)) b->numbers = false;
        return zsc_fail(ZSC_EINTERRUPTED, "enough");
    }
    if (__builtin_mul_overflow(b->n + 1, b->d, &wanted)) return zsc_fail_memory(b->n, b->d, "embeddings");
    ZSC_TRY(zsc_grow(&b->x, &b->x_capacity, wanted, sizeof *b->x, "embeddings"));
    float *x = b->x + b->n * b->d;
    for (size_t i = 0; i < b->header->count; i++) {
        if (b->role[i] == ROLE_NUMBER && !to_number(row->field[i], x++)) {
            status = zsc_fail(ZSC_EINPUT, "'%s', line %zu, column %s: '%.40s' is not a number", b->path, row->line,
                              b->header->item[i], row->field[i]);
            goto done;
        }
        if (b->role[i] != ROLE_ID && b->role[i] != ROLE_TEXT) continue;
        zsc_text_append_n(&b->text[i], row->field[i], row->length[i]);
        zsc_text_append_n(&b->text[i], "", 1);
        if (b->text[i].failed) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    }
    b->n++;
done:
    return status;
}

static void free_builder(builder *b)
{
    for (size_t i = 0; b->text && i < b->header->count; i++) free(b->text[i].data);
    free(b->text);
    free(b->role);
    free(b->x);
}

static zsc_status read_columns(builder *b)
{
    zsc_status status = ZSC_OK;
    const char *(*names)[2] = NULL;
    zsc_csv_column *columns = NULL;
    size_t id = id_column(b->header);
    ZSC_NEW(names, b->header->count);
    ZSC_NEW(columns, b->header->count);
    ZSC_NEW(b->role, b->header->count);
    ZSC_NEW(b->text, b->header->count);
    for (size_t i = 0; i < b->header->count; i++) {
        names[i][0] = b->header->item[i];
        columns[i] = (zsc_csv_column){names[i], true};
        b->role[i] = role_of(b->header, i, id);
        b->d += b->role[i] == ROLE_NUMBER;
    }
    if (b->first_only && b->d == 0) goto done;
    status = zsc_csv_read(b->path, columns, b->header->count, NULL, take_row, b);
done:
    free(names);
    free(columns);
    return status;
}

static bool recognise(zsc_embeddings *v)
{
    zsc_list header = {0};
    builder b = {.path = v->path, .header = &header, .first_only = true};
    if (zsc_csv_header(v->path, &header) == ZSC_OK && header.count >= 2) read_columns(&b);
    free_builder(&b);
    zsc_list_free(&header);
    zsc_error_clear();
    return b.numbers && b.d > 0;
}

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

static zsc_status open_columns(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0};
    builder b = {.path = v->path, .header = &header};
    char *name = zsc_format_base_name(v->path), **text = NULL;
    if (!name) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_csv_header(v->path, &header));
    ZSC_TRY(read_columns(&b));
    v->n = b.n;
    for (size_t i = 0; i < header.count; i++) {
        if (b.role[i] != ROLE_ID && b.role[i] != ROLE_TEXT) continue;
        ZSC_TRY(strings_of(&b.text[i], b.n, &text));
        ZSC_TRY(b.role[i] == ROLE_ID ? zsc_format_memory_set_ids(v, text)
                                     : zsc_format_memory_add_column(v, header.item[i], text, is_rank(header.item[i])));
    }
    float *x = b.x;
    b.x = NULL;
    ZSC_TRY(zsc_format_memory_add(v, name, x, b.n, b.d, "text"));
done:
    free_builder(&b);
    zsc_list_free(&header);
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
    .close = zsc_format_memory_close,
};
