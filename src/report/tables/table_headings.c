#include "report/tables/table_headings.h"

#include <stdlib.h>
#include <string.h>

#include "report/escape.h"

/* What stands above a column: the first LENGTH letters of its header, with those beside it; 0: nothing. */
typedef struct heading {
    size_t length;
    const char *own; /* below it */
} heading;

static const char *name_of(const zsc_table_head *t, size_t column)
{
    return column < t->columns && t->header[column] ? t->header[column] : "";
}

/* Whether B is A and " %". */
static bool is_share_of(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length > 0 && strncmp(a, b, length) == 0 && strcmp(b + length, " %") == 0;
}

/* As far as the column's own name and its neighbours' say. */
static heading split_name(const zsc_table_head *t, size_t column)
{
    const char *name = name_of(t, column), *last = NULL;
    for (const char *comma = strstr(name, ", "); comma; comma = strstr(comma + 1, ", ")) last = comma;
    if (last) return (heading){(size_t)(last - name), last + 2};
    if (is_share_of(name, name_of(t, column + 1))) return (heading){strlen(name), "n"};
    if (column > 0 && is_share_of(name_of(t, column - 1), name)) return (heading){strlen(name) - 2, "%"};
    return (heading){0, name};
}

/* How many columns from COLUMN on share its heading: 1 where it stands alone. */
static size_t shared_by(const zsc_table_head *t, size_t column)
{
    const heading first = split_name(t, column);
    size_t end = column + 1;
    for (; column >= t->names && first.length && end < t->columns; end++) {
        const heading next = split_name(t, end);
        if (next.length != first.length || strncmp(name_of(t, column), name_of(t, end), first.length) != 0) break;
    }
    return end - column;
}

static void put(FILE *out, zsc_text *b, const char *text, size_t length)
{
    zsc_text part = {0};
    b->length = 0;
    zsc_text_append(b, "");
    zsc_text_append_n(&part, text, length);
    if (part.data) zsc_escape_latex(b, part.data);
    b->failed = b->failed || part.failed;
    free(part.data);
    fputs(b->data ? b->data : "", out);
}

/* The row of shared headings, with rules below them. */
static void write_shared(const zsc_table_head *t, FILE *out, zsc_text *b)
{
    size_t count = 0;
    for (size_t c = 0; c < t->columns; c += count) {
        count = shared_by(t, c);
        fputs(c ? " & " : "", out);
        if (count == 1) continue;
        fprintf(out, "\\multicolumn{%zu}{c}{", count);
        put(out, b, name_of(t, c), split_name(t, c).length);
        putc('}', out);
    }
    fputs(" \\\\\n", out);
    for (size_t c = 0; c < t->columns; c += count) {
        count = shared_by(t, c);
        if (count > 1) fprintf(out, "\\cmidrule(lr){%zu-%zu}", c + 1, c + count);
    }
    putc('\n', out);
}

void zsc_table_write_latex_head(const zsc_table_head *t, FILE *out, zsc_text *b)
{
    size_t count = 0;
    bool any = false;
    for (size_t c = 0; c < t->columns; c += shared_by(t, c)) any = any || shared_by(t, c) > 1;
    if (any) write_shared(t, out, b);
    for (size_t c = 0; c < t->columns; c += count) {
        count = shared_by(t, c);
        for (size_t i = c; i < c + count; i++) {
            const char *own = count > 1 ? split_name(t, i).own : name_of(t, i);
            fputs(i ? " & " : "", out);
            put(out, b, own, strlen(own));
        }
    }
    fputs(" \\\\\n\\midrule\n", out);
}
