/* Reading and writing CSV.
 *
 * The file comes in blocks. A line that has no quote, and does not lie within a quoted field, is split where it stands;
 * any other goes through libcsv in strict mode, which keeps its state from line to line until the record ends. */
#include "io/text/csv.h"

#include <csv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <strings.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/names.h"
#include "io/text/csv_dialect.h"
#include "io/files/foreign_files.h"
#include "io/files/source.h"

enum { BLOCK = 1 << 20, LONGEST_FIELD = 1 << 18, FIELD_GROWTH = 1 << 12, MOST_FIELDS = 1 << 16 };

typedef struct named {
    const char *name;
    size_t field;
} named;

typedef struct reader {
    const char *path;
    const zsc_csv_column *columns; /* asked for */
    size_t count;
    bool *present;
    zsc_csv_fn fn;
    void *data;
    zsc_list *names; /* the header */
    named *by_name;  /* the same, in alphabetical order */
    bool header_only, header_done, finished;
    bool plain;                    /* no byte of the block is above 127: its fields are UTF-8 */
    const zsc_table_layout *given; /* by the user; may be NULL */
    zsc_csv_dialect dialect;

    int32_t *wanted;    /* field of the file -> the first column that asked for it, -1: none */
    int32_t *source;    /* column asked for -> an earlier one that has the same field, -1: none */
    const char **field; /* row to be given */
    size_t *length;
    size_t fields; /* seen in the row under way */
    size_t row, line, row_line;

    struct csv_parser parser; /* libcsv */
    bool parser_ready, open;  /* open: libcsv is inside a record */
    zsc_text letters;         /* the asked-for fields of libcsv's record, each with its zero */
    zsc_status status;        /* of a callback of libcsv */
} reader;

static zsc_status fail_line(const reader *r, size_t line, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "'%s', line %zu: %s", r->path, line, what);
}

/* --- Header */
/* The position of the likeliest column of ids, where none has the name that was expected: its values all differ, and
 * its name says id, file, sample or the like, or else it is the first such. SIZE_MAX: there is none, or PATH cannot be
 * read again. */
static size_t likely_id_column(const char *path, const zsc_table_layout *given, const zsc_list *header);

static zsc_status list_columns(const reader *r, const char *missing)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    for (size_t i = 0; i < r->names->count && text.length < 400; i++)
        zsc_text_printf(&text, "%s%s", i ? ", " : "", r->names->item[i]);
    const char *all = text.data ? text.data : "none";
    if (strcmp(missing, "processid") == 0) {
        size_t id = likely_id_column(r->path, r->given, r->names);
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' has no column %s; it has: %s; name the column of ids: --column processid=%s", r->path,
                          missing, all,
                          id < r->names->count ? r->names->item[id]
                                               : "COLUMN; where each value comes once (add such a column if none is)");
    } else {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no column %s; it has: %s", r->path, missing, all);
    }
    free(text.data);
    return status;
}

static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);
    return order ? order : (x->field > y->field) - (x->field < y->field);
}

/* A table may have tens of thousands of columns, and all of them may be asked for. */
static zsc_status sort_names(reader *r)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(r->by_name, r->names->count);
    for (size_t i = 0; i < r->names->count; i++) r->by_name[i] = (named){r->names->item[i], i};
    if (r->names->count) qsort(r->by_name, r->names->count, sizeof *r->by_name, by_name);
done:
    return status;
}

/* The first in alphabetical order that is not before NAME. */
static size_t first_not_before(const reader *r, const char *name)
{
    size_t low = 0, high = r->names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(r->by_name[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The field that NAME names, as it is written or else in other letters, upper or lower case; SIZE_MAX: there is none.
 */
static zsc_status find_name(const reader *r, const char *name, size_t *out)
{
    const named *start = r->by_name + first_not_before(r, name), *end = r->by_name + r->names->count, *exact = NULL;
    *out = SIZE_MAX;
    for (const named *n = start; n < end && strcasecmp(n->name, name) == 0; n++) {
        if (strcmp(n->name, name) != 0) continue;
        if (exact) return zsc_fail(ZSC_EINPUT, "'%s' has two columns named %s", r->path, name);
        exact = n;
    }
    if (exact) {
        *out = exact->field;
        return ZSC_OK;
    }
    if (start == end || strcasecmp(start->name, name) != 0) return ZSC_OK;
    if (start + 1 < end && strcasecmp(start[1].name, name) == 0)
        return zsc_fail(ZSC_EINPUT, "'%s' has the columns %s and %s, and %s may be either; rename one", r->path,
                        start->name, start[1].name, name);
    *out = start->field;
    return ZSC_OK;
}

static zsc_status find_column(reader *r, size_t column)
{
    const zsc_csv_column *c = &r->columns[column];
    if (!c->names) {
        r->wanted[column] = (int32_t)column;
        return ZSC_OK;
    }
    for (const char *const *name = c->names; *name; name++) {
        size_t found = SIZE_MAX;
        zsc_status status = find_name(r, *name, &found);
        if (status != ZSC_OK) return status;
        if (found == SIZE_MAX) continue;
        r->source[column] = r->wanted[found];
        if (r->wanted[found] < 0) r->wanted[found] = (int32_t)column;
        if (r->present) r->present[column] = true;
        return ZSC_OK;
    }
    if (c->required) return list_columns(r, c->names[0]);
    return ZSC_OK;
}

static zsc_status end_header(reader *r)
{
    zsc_status status = ZSC_OK;
    r->header_done = true;
    if (r->header_only) {
        r->finished = true;
        return ZSC_OK;
    }
    ZSC_NEW(r->wanted, r->names->count);
    for (size_t i = 0; i < r->names->count; i++) r->wanted[i] = -1;
    ZSC_NEW(r->source, r->count);
    for (size_t i = 0; i < r->count; i++) {
        r->source[i] = -1;
        r->field[i] = "";
        if (r->present) r->present[i] = false;
    }
    ZSC_TRY(sort_names(r));
    for (size_t i = 0; i < r->count; i++) ZSC_TRY(find_column(r, i));
done:
    return status;
}

/* --- Rows. Both ways of splitting end here: fields in order, then the end of the row. */
static zsc_status check_field(const reader *r, size_t column, const char *text, size_t length)
{
    if (length > LONGEST_FIELD)
        return zsc_fail(ZSC_EINPUT, "'%s', line %zu: field %zu is longer than %d bytes", r->path, r->row_line,
                        r->fields + 1, LONGEST_FIELD);
    if (column < r->count && !r->plain && !zsc_utf8_valid(text, length))
        return zsc_fail(ZSC_EINPUT,
                        "'%s', line %zu, column %s: not UTF-8; iconv -f LATIN1 -t UTF-8 converts a file that is "
                        "Latin-1 throughout",
                        r->path, r->row_line, r->names->item[r->fields]);
    return ZSC_OK;
}

static zsc_status end_row(reader *r)
{
    if (!r->header_done) return end_header(r);
    if (r->fields != r->names->count)
        return zsc_fail(ZSC_EINPUT, "'%s', line %zu: %zu fields, expected %zu as in the header", r->path, r->row_line,
                        r->fields, r->names->count);
    for (size_t i = 0; i < r->count; i++)
        if (r->source[i] >= 0) {
            r->field[i] = r->field[r->source[i]];
            r->length[i] = r->length[r->source[i]];
        }
    r->fields = 0;
    r->row++;
    zsc_csv_row row = {r->field, r->length, r->row, r->row_line};
    return r->fn(r->data, &row);
}

static zsc_status add_name(reader *r, const char *name, size_t length)
{
    if (r->dialect.row_names && r->names->count == 0) {
        zsc_status status = zsc_list_add(r->names, "row.names");
        if (status != ZSC_OK) return status;
    }
    if (r->names->count == MOST_FIELDS)
        return fail_line(r, r->row_line, "more than 65536 columns; is this a CSV file?");
    if (!zsc_utf8_valid(name, length)) return fail_line(r, r->row_line, "a column's name is not UTF-8");
    while (length > 0 && (*name == ' ' || *name == '\t')) name++, length--; /* "id, species" */
    while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t')) length--;
    char *copy = zsc_strndup(name, length);
    zsc_status status = copy ? zsc_list_add(r->names, copy) : ZSC_EINTERNAL;
    free(copy);
    return status;
}

/* --- The quick way: a line without quotes, zero-terminated, without its line end. */
static zsc_status split_line(reader *r, char *line, size_t length)
{
    char *end = line + length;
    r->row_line = r->line;
    for (char *p = line;;) {
        char *stop = memchr(p, r->dialect.delimiter, (size_t)(end - p));
        if (!stop) stop = end;
        size_t size = (size_t)(stop - p);
        zsc_status status = ZSC_OK;
        if (!r->header_done) {
            status = add_name(r, p, size);
        } else if (r->fields < r->names->count) {
            int32_t column = r->wanted[r->fields];
            if (column >= 0) {
                *stop = '\0';
                r->field[column] = p;
                r->length[column] = size;
            }
            if (column >= 0 || size > LONGEST_FIELD)
                status = check_field(r, column >= 0 ? (size_t)column : SIZE_MAX, p, size);
        }
        if (status != ZSC_OK) return status;
        r->fields += r->header_done;
        if (stop == end) break;
        p = stop + 1;
    }
    return end_row(r);
}

/* --- The thorough way: libcsv */
static int keep_spaces(unsigned char c)
{
    (void)c;
    return 0;
}

static void on_field(void *text, size_t length, void *data)
{
    reader *r = data;
    if (r->status != ZSC_OK || r->finished) return; /* libcsv ends rows at a lone CR too: more may follow the header */
    if (!r->header_done) {
        r->status = add_name(r, text ? text : "", length);
        return;
    }
    int32_t column = r->fields < r->names->count ? r->wanted[r->fields] : -1;
    r->status = check_field(r, column >= 0 ? (size_t)column : SIZE_MAX, text ? text : "", length);
    r->fields++;
    if (column < 0 || r->status != ZSC_OK) return;
    r->field[column] = (const char *)(uintptr_t)r->letters.length; /* a place, until the letters stop moving */
    r->length[column] = length;
    if (length) zsc_text_append_n(&r->letters, text, length);
    zsc_text_append_n(&r->letters, "", 1);
    if (r->letters.failed) r->status = ZSC_EINTERNAL;
}

static void on_row(int mark, void *data)
{
    (void)mark;
    reader *r = data;
    if (r->status != ZSC_OK || r->finished) return;
    if (r->header_done && r->fields == r->names->count)
        for (size_t i = 0; i < r->names->count; i++)
            if (r->wanted[i] >= 0) r->field[r->wanted[i]] = r->letters.data + (uintptr_t)r->field[r->wanted[i]];
    r->status = end_row(r);
    r->letters.length = 0;
}

static zsc_status parse_slowly(reader *r, const char *piece, size_t length)
{
    if (!r->parser_ready) {
        if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
            return zsc_fail_memory(1, sizeof r->parser, "libcsv");
        csv_set_delim(&r->parser, (unsigned char)r->dialect.delimiter);
        csv_set_blk_size(&r->parser, FIELD_GROWTH);
        csv_set_space_func(&r->parser, keep_spaces);
        r->parser_ready = true;
    }
    if (!r->open) r->row_line = r->line;
    if (csv_parse(&r->parser, piece, length, on_field, on_row, r) != length) {
        if (csv_error(&r->parser) == CSV_ENOMEM) return zsc_fail_memory(length, 1, "a CSV field");
        if (r->status != ZSC_OK) return r->status;
        return zsc_fail(ZSC_EINPUT,
                        "'%s', line %zu: an unterminated quote in field %zu of the row that begins in line %zu",
                        r->path, r->line, (r->header_done ? r->fields : r->names->count) + 1, r->row_line);
    }
    r->open = r->parser.pstate != 0; /* libcsv's ROW_NOT_BEGUN is 0 */
    if (r->status == ZSC_OK && r->parser.entry_pos > LONGEST_FIELD)
        return zsc_fail(ZSC_EINPUT, "'%s', line %zu: field %zu is longer than %d bytes; a quote that is never closed?",
                        r->path, r->row_line, (r->header_done ? r->fields : r->names->count) + 1, LONGEST_FIELD);
    return r->status;
}

/* --- Blocks and lines */
/* One blank for each run of them outside quotes, and none at the ends; the new length. */
static size_t squeeze_blanks(char *line, size_t length, bool literal)
{
    size_t kept = 0;
    bool quoted = false, blank = true;
    for (size_t i = 0; i < length; i++) {
        quoted = quoted != (line[i] == '"' && !literal);
        bool is_blank = !quoted && (line[i] == ' ' || line[i] == '\t');
        if (is_blank && blank) continue;
        line[kept++] = is_blank ? ' ' : line[i];
        blank = is_blank;
    }
    return kept > 0 && blank ? kept - 1 : kept;
}

/* A line with its end, or a part of one (whole false) that fills the block or ends the file without a line end. */
static zsc_status take_line(reader *r, char *line, size_t length, bool whole, bool quotes, bool zeros)
{
    if (zeros && memchr(line, '\0', length)) return fail_line(r, r->line, "a zero byte (NUL); is this a text file?");
    size_t text = length - (whole && length > 0);
    if (whole && text > 0 && line[text - 1] == '\r') text--;
    bool literal = !r->dialect.quotes;
    if (whole && !r->open && text == 0) return ZSC_OK;
    if (whole && !r->open && r->dialect.delimiter == ' ') {
        text = squeeze_blanks(line, text, literal);
        line[text] = '\n';
        length = text + 1;
    }
    if (whole && !r->open && (literal || !((quotes && memchr(line, '"', text)) || memchr(line, '\r', text)))) {
        line[text] = '\0';
        return split_line(r, line, text);
    }
    if (literal) return fail_line(r, r->line, "longer than a megabyte");
    return parse_slowly(r, line, length);
}

static zsc_status take_block(reader *r, char *block, size_t filled, bool last, size_t *used)
{
    bool quotes = memchr(block, '"', filled) != NULL, zeros = memchr(block, '\0', filled) != NULL;
    *used = 0;
    r->plain = !r->open &&
               !(zsc_text_bits(block, filled) & 0x80); /* a record of libcsv that is open may have begun otherwise */
    while (*used < filled && !r->finished) {
        char *line = block + *used, *end = memchr(line, '\n', filled - *used);
        size_t length = end ? (size_t)(end - line) + 1 : filled - *used;
        if (!end && !last && filled - *used < BLOCK) break; /* the rest of this line is still to be read */
        if (!end && last) {                                 /* the last line lacks its end; there is capacity for one */
            line[length++] = '\n';
            filled++;
            end = line + length - 1;
        }
        zsc_status status = take_line(r, line, length, end != NULL, quotes, zeros);
        if (status != ZSC_OK) return status;
        *used += length;
        if (end) r->line++;
    }
    return ZSC_OK;
}

static zsc_status skip_mark(const reader *r, const char *block, size_t filled, size_t *used)
{
    *used = filled >= 3 && memcmp(block, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (filled >= 2 && (memcmp(block, "\xff\xfe", 2) == 0 || memcmp(block, "\xfe\xff", 2) == 0))
        return zsc_fail(ZSC_EINPUT, "'%s' is UTF-16, expected UTF-8: iconv -f UTF-16 -t UTF-8 converts it", r->path);
    return ZSC_OK;
}

/* The line ends of old Macintosh programs, CR alone, made those of others. */
static void convert_line_ends(char *block, size_t filled)
{
    for (char *p = block; (p = memchr(p, '\r', filled - (size_t)(p - block))); p++) *p = '\n';
}

/* What the first lines say of the rest; the header where it is no line of its own. */
static zsc_status begin_table(reader *r, const char *block, size_t filled, size_t *used)
{
    zsc_status status = zsc_csv_detect(block + *used, filled - *used, r->given, &r->dialect);
    if (status != ZSC_OK) return status;
    *used += r->dialect.begin;
    r->line = r->dialect.line;
    if (!r->dialect.names.count) return ZSC_OK;
    for (size_t i = 0; i < r->dialect.names.count && status == ZSC_OK; i++)
        status = add_name(r, r->dialect.names.item[i], strlen(r->dialect.names.item[i]));
    return status == ZSC_OK ? end_header(r) : status;
}

static zsc_status read_all(reader *r, zsc_source *source, char *block)
{
    zsc_status status = ZSC_OK;
    size_t filled = 0, used = 0, got = 0;
    bool last = false, first = true, macintosh = false;
    while (!last && !r->finished) {
        status = zsc_source_read(source, block + filled, BLOCK - filled, &got);
        if (status != ZSC_OK) return status;
        last = got < BLOCK - filled;
        filled += got;
        size_t start = 0;
        block[filled] = '\0';
        if (first && (status = zsc_refuse_foreign_start(r->path, block, filled, zsc_source_packed(source),
                                                        "a table (CSV or TSV)")) != ZSC_OK)
            return status;
        if (first && (status = skip_mark(r, block, filled, &start)) != ZSC_OK) return status;
        if (first) macintosh = !memchr(block, '\n', filled);
        if (macintosh) convert_line_ends(block, filled);
        if (first && (status = begin_table(r, block, filled, &start)) != ZSC_OK) return status;
        first = false;
        status = take_block(r, block + start, filled - start, last, &used);
        if (status != ZSC_OK) return status;
        used += start;
        if (used > filled) used = filled; /* the line end that was added */
        memmove(block, block + used, filled - used);
        filled -= used;
    }
    if (r->finished) return ZSC_OK;
    if (r->open)
        return zsc_fail(ZSC_EINPUT, "'%s', line %zu: an unterminated quote in field %zu: it is never closed", r->path,
                        r->row_line, (r->header_done ? r->fields : r->names->count) + 1);
    return r->header_done ? ZSC_OK : zsc_fail(ZSC_EINPUT, "'%s' has no header", r->path);
}

static zsc_status run_reader(reader *r)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    char *block = NULL;
    r->line = 1;
    ZSC_NEW(r->field, r->count);
    ZSC_NEW(r->length, r->count);
    ZSC_NEW_RAW(block, BLOCK + 1);
    ZSC_TRY(zsc_source_open(r->path, &source));
    status = read_all(r, source, block);
done:
    if (r->parser_ready) csv_free(&r->parser);
    zsc_csv_dialect_free(&r->dialect);
    zsc_source_close(source);
    free(block);
    free(r->letters.data);
    free(r->by_name);
    free(r->wanted);
    free(r->source);
    free(r->field);
    free(r->length);
    return status;
}

zsc_status zsc_csv_read(const char *path, const zsc_table_layout *given, const zsc_csv_column *columns, size_t count,
                        bool *present, zsc_csv_fn fn, void *data)
{
    zsc_list names = {0};
    reader r = {.path = path,
                .given = given,
                .columns = columns,
                .count = count,
                .present = present,
                .fn = fn,
                .data = data,
                .names = &names};
    zsc_status status = run_reader(&r);
    zsc_list_free(&names);
    return status;
}

/* What is remarkable about the way a table is written, as a sentence; "" where it is a plain CSV or TSV. */
static void describe(const reader *r, zsc_text *out)
{
    const zsc_csv_dialect *d = &r->dialect;
    const char *separator = d->delimiter == ';'   ? "semicolons"
                            : d->delimiter == ' ' ? "blanks"
                            : d->delimiter == '|' ? "|"
                                                  : NULL;
    if (d->no_header)
        zsc_text_printf(out, "no header, since the first row holds numbers: the columns are called %s to %s",
                        r->names->item[0], r->names->item[r->names->count - 1]);
    if (d->numbers)
        zsc_text_printf(out, "the first row, from %s to %s, is the header (--no-header takes it for a row)",
                        *r->names->item[0] ? r->names->item[0] : "a blank", r->names->item[r->names->count - 1]);
    if (d->rows)
        zsc_text_printf(out, "; the first row%s begin%s with #, which is part of %s", d->rows == 1 ? "" : "s",
                        d->rows == 1 ? "s" : "", d->rows == 1 ? "its id" : "their ids");
    if (d->comments)
        zsc_text_printf(out, "; before it, %zu of the lines that begin with # have as many fields: taken for comments",
                        d->comments);
    if (d->comment) zsc_text_printf(out, "the header is the comment before the first row");
    if (d->row_names)
        zsc_text_printf(out, "%srows have one field more than the header, the first: names of rows, as R writes them",
                        out->length ? "; " : "");
    if (separator) zsc_text_printf(out, "%sfields are separated by %s", out->length ? "; " : "", separator);
    if (d->decimal == ',') zsc_text_printf(out, "%sdecimal commas", out->length ? "; " : "");
}

zsc_status zsc_csv_header(const char *path, const zsc_table_layout *given, zsc_list *out, zsc_csv_style *style)
{
    reader r = {.path = path, .given = given, .names = out, .header_only = true};
    zsc_text text = {0};
    zsc_status status = run_reader(&r);
    if (status != ZSC_OK || !style) return status;
    *style = (zsc_csv_style){.decimal = r.dialect.decimal, .no_header = r.dialect.no_header};
    describe(&r, &text);
    snprintf(style->remark, sizeof style->remark, "%s", text.data ? text.data : "");
    if (text.failed) status = ZSC_EINTERNAL;
    free(text.data);
    return status;
}

/* --- Writing */
void zsc_csv_write_field(FILE *stream, const char *value)
{
    size_t plain = strcspn(value, ",\"\r\n");
    if (!value[plain]) {
        fwrite(value, 1, plain, stream);
        return;
    }
    putc('"', stream);
    for (; *value; value++) {
        if (*value == '"') putc('"', stream);
        putc(*value, stream);
    }
    putc('"', stream);
}

void zsc_write_field(FILE *stream, const char *value, char delimiter)
{
    if (delimiter != '\t') {
        zsc_csv_write_field(stream, value);
        return;
    }
    for (; *value; value++) putc(strchr("\t\r\n", *value) ? ' ' : *value, stream);
}

zsc_status zsc_field_check(const char *what, size_t row, const char *value, char delimiter)
{
    if (delimiter != '\t' || !value || !value[strcspn(value, "\t\r\n")]) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "the %s of row %zu has a tab or the end of a line in it, which TSV cannot hold; write .csv instead",
                    what, row + 1);
}

/* --- Which column is likely to hold the ids */
enum { MOST_COLUMNS = 64, MOST_ROWS = 100000 };

typedef struct search {
    size_t columns;
    bool repeats[MOST_COLUMNS]; /* a value comes twice, or is empty */
    zsc_names values[MOST_COLUMNS];
} search;

static zsc_status look_for_repeats(void *data, const zsc_csv_row *row)
{
    search *s = data;
    for (size_t i = 0; i < s->columns; i++) {
        int32_t number;
        int added = 1;
        if (s->repeats[i]) continue;
        zsc_status status = zsc_names_add(&s->values[i], row->field[i], row->length[i], &number, &added);
        if (status != ZSC_OK) return status;
        s->repeats[i] = !added || row->length[i] == 0;
    }
    return row->row < MOST_ROWS ? ZSC_OK : ZSC_EINTERRUPTED;
}

static bool named_like_ids(const char *name)
{
    static const char *const words[] = {"id", "file", "sample", "specimen", "accession", "name"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const char *p = name; *p; p++)
            if (strncasecmp(p, words[i], strlen(words[i])) == 0) return true;
    return false;
}

static size_t likely_id_column(const char *path, const zsc_table_layout *given, const zsc_list *header)
{
    struct stat file;
    size_t found = SIZE_MAX;
    zsc_csv_column columns[MOST_COLUMNS] = {0};
    const char *names[MOST_COLUMNS][2] = {0};
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) return SIZE_MAX;
    search *s = zsc_calloc(1, sizeof *s, "a search for ids");
    if (!s) return SIZE_MAX;
    s->columns = header->count < MOST_COLUMNS ? header->count : MOST_COLUMNS;
    for (size_t i = 0; i < s->columns; i++) {
        names[i][0] = header->item[i];
        columns[i].names = names[i];
    }
    zsc_status status = zsc_csv_read(path, given, columns, s->columns, NULL, look_for_repeats, s);
    for (size_t i = 0; (status == ZSC_OK || status == ZSC_EINTERRUPTED) && i < s->columns; i++) {
        if (s->repeats[i] || !*header->item[i]) continue; /* pandas gives the column of row numbers no name */
        if (found == SIZE_MAX || (named_like_ids(header->item[i]) && !named_like_ids(header->item[found]))) found = i;
    }
    for (size_t i = 0; i < s->columns; i++) zsc_names_free(&s->values[i]);
    free(s);
    return found;
}
