#include "data/id_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/text/csv.h"
#include "io/formats/format.h"
#include "io/files/foreign_files.h"
#include "io/files/source.h"

typedef struct reading {
    const char *path;
    zsc_id_list list;
} reading;

void zsc_id_list_free(zsc_id_list *list)
{
    zsc_names_free(&list->id);
    free(list->line);
    *list = (zsc_id_list){0};
}

static zsc_status add(reading *r, const char *id, size_t length, size_t line)
{
    zsc_status status = ZSC_OK;
    int32_t number = 0;
    int added = 0;
    ZSC_TRY(zsc_names_add(&r->list.id, id, length, &number, &added));
    if (!added)
        return zsc_fail(ZSC_EINPUT, "ids '%s': lines %zu and %zu have the same id %.*s", r->path, r->list.line[number],
                        line, (int)(length < 80 ? length : 80), id);
    ZSC_TRY(zsc_grow(&r->list.line, &r->list.capacity, (size_t)number + 1, sizeof *r->list.line, "ids"));
    r->list.line[number] = line;
done:
    return status;
}

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    reading *r = data;
    if (row->length[0] == 0) return zsc_fail(ZSC_EINPUT, "ids '%s', line %zu: the id is empty", r->path, row->line);
    return add(r, row->field[0], row->length[0], row->line);
}

static zsc_status read_table(reading *r)
{
    const zsc_csv_column column = {zsc_format_id_names, true};
    return zsc_csv_read(r->path, NULL, &column, 1, NULL, take_row, r);
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && isspace((unsigned char)line[length - 1])) length--;
    return length == 0;
}

/* LENGTH bytes of LINE without the quotes around them, as R writes texts; quotes within are doubled, or part of the id.
 */
static const char *unquote(const char *line, size_t *length)
{
    if (*length < 2 || *line != '"' || line[*length - 1] != '"' || memchr(line + 1, '"', *length - 2)) return line;
    *length -= 2;
    return line + 1;
}

/* LENGTH bytes of LINE without the blanks and quotes around them. */
static const char *trim(const char *line, size_t *length)
{
    while (*length > 0 && (isspace((unsigned char)*line) || *line == '"')) line++, (*length)--;
    while (*length > 0 && (isspace((unsigned char)line[*length - 1]) || line[*length - 1] == '"')) (*length)--;
    return line;
}

/* Whether the first line of TEXT is a header that names a column of ids. */
static bool is_table(const char *text)
{
    char name[32];
    size_t end = strcspn(text, "\r\n");
    for (size_t at = 0; at < end;) {
        size_t length = strcspn(text + at, ",;\t\r\n"), own = length;
        const char *field = trim(text + at, &own);
        if (own < sizeof name) {
            memcpy(name, field, own);
            name[own] = '\0';
            if (zsc_format_id_rank(name)) return true;
        }
        at += length + 1;
    }
    return false;
}

static zsc_status read_lines(reading *r, const char *text)
{
    size_t number = 0;
    for (const char *p = text; *p;) {
        size_t whole = strcspn(p, "\r\n"), length = whole;
        const char *id = unquote(p, &length);
        number++;
        zsc_status status = is_blank(id, length) ? ZSC_OK : add(r, id, length, number);
        if (status != ZSC_OK) return status;
        p += whole;
        p += strncmp(p, "\r\n", 2) == 0 ? 2 : *p != '\0';
    }
    return ZSC_OK;
}

static zsc_status read_text(const char *path, zsc_text *text)
{
    enum { BLOCK = 1 << 16 };
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    char *block = NULL;
    size_t got = BLOCK;
    ZSC_NEW_RAW(block, BLOCK);
    ZSC_TRY(zsc_source_open(path, &source));
    while (got == BLOCK) {
        ZSC_TRY(zsc_source_read(source, block, BLOCK, &got));
        zsc_text_append_n(text, block, got);
    }
    if (text->failed) status = ZSC_EINTERNAL;
done:
    zsc_source_close(source);
    free(block);
    return status;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static zsc_status make_digest(zsc_id_list *list, bool in_order)
{
    zsc_status status = ZSC_OK;
    const char **id = NULL;
    zsc_hash *hash = NULL;
    ZSC_NEW(id, list->id.count);
    for (size_t i = 0; i < list->id.count; i++) id[i] = zsc_names_get(&list->id, i);
    if (!in_order) qsort(id, list->id.count, sizeof *id, by_text);
    if (!(hash = zsc_hash_begin())) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    zsc_hash_add(hash, &in_order, sizeof in_order);
    for (size_t i = 0; i < list->id.count; i++) zsc_hash_add(hash, id[i], strlen(id[i]) + 1);
    list->digest = zsc_hash_end(hash);
done:
    free(id);
    return status;
}

zsc_status zsc_id_list_read(const char *path, bool in_order, zsc_id_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    reading r = {.path = strcmp(path, "-") == 0 ? "/dev/stdin" : path};
    ZSC_TRY(zsc_context(zsc_refuse_foreign(r.path, "a list of ids (a text with one per line, or a table)"), "ids"));
    ZSC_TRY(zsc_context(read_text(r.path, &text), "ids"));
    if (memchr(text.data, '\0', text.length)) {
        status = zsc_fail(ZSC_EINPUT, "ids '%s': a zero byte; expected text, one id per line", path);
        goto done;
    }
    const char *start = text.data + (strncmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    ZSC_TRY(is_table(start) ? zsc_context(read_table(&r), "ids") : read_lines(&r, start));
    if (r.list.id.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "ids '%s': there are none; expected one id per line", path);
        goto done;
    }
    ZSC_TRY(make_digest(&r.list, in_order));
    *out = r.list;
    r.list = (zsc_id_list){0};
done:
    free(text.data);
    zsc_id_list_free(&r.list);
    return status;
}

void zsc_id_list_find_trimmed(const zsc_id_list *list, const zsc_names *ids, int32_t *listed)
{
    for (size_t k = 0; k < list->id.count; k++) {
        const char *id = zsc_names_get(&list->id, k);
        size_t length = strlen(id), whole = length;
        const char *trimmed = trim(id, &length);
        if (length == whole || length == 0 || zsc_names_find(ids, id, whole) >= 0) continue;
        int32_t row = zsc_names_find(ids, trimmed, length);
        if (row >= 0 && listed[row] < 0) listed[row] = (int32_t)k;
    }
}

zsc_status zsc_id_list_check(const zsc_id_list *list, const char *path, const bool *found, const char *rows)
{
    enum { SHOWN = 3 };
    zsc_text text = {0};
    size_t missing = 0;
    for (size_t i = 0; i < list->id.count; i++) {
        if (found[i]) continue;
        if (missing++ < SHOWN)
            zsc_text_printf(&text, "%s'%.80s' (line %zu)", missing > 1 ? ", " : "", zsc_names_get(&list->id, i),
                            list->line[i]);
    }
    const char *first = zsc_names_get(&list->id, 0);
    bool columns = strpbrk(first, ",;\t") != NULL;
    zsc_status status = missing == 0  ? ZSC_OK
                        : text.failed ? ZSC_EINTERNAL
                                      : zsc_fail(ZSC_EINPUT, "ids '%s': %zu of %zu are in no row of %s: %s%s%s", path,
                                                 missing, list->id.count, rows, missing > 1 ? "first " : "", text.data,
                                                 columns ? "; a table of ids needs a header with processid or id" : "");
    free(text.data);
    return status;
}
