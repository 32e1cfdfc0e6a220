#include "io/text/csv_dialect.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/memory.h"

enum { LONGEST_NUMBER = 64 };

void zsc_csv_dialect_free(zsc_csv_dialect *d) { zsc_list_free(&d->names); }

bool zsc_csv_number(const char *text, size_t length, char decimal, double *out)
{
    char copy[LONGEST_NUMBER + 1], *end;
    while (length > 0 && (*text == ' ' || *text == '\t')) text++, length--;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    if (length == 0 || length > LONGEST_NUMBER || memchr(text, 'x', length) || memchr(text, 'X', length) ||
        memchr(text, '(', length) || isspace((unsigned char)*text))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (decimal == ',') {
        if (strchr(copy, '.')) return false;
        char *comma = strchr(copy, ',');
        if (comma) *comma = '.';
    }
    double value = strtod(copy, &end);
    if (out) *out = value;
    return *end == '\0';
}

/* --- Lines and fields */
typedef struct line {
    const char *text;
    size_t length; /* without its end */
} line;

/* The line at *offset, and the offset behind it; false: there is none. */
static bool next_line(const char *text, size_t length, size_t *offset, line *out)
{
    if (*offset >= length) return false;
    const char *begin = text + *offset, *end = memchr(begin, '\n', length - *offset);
    out->text = begin;
    out->length = end ? (size_t)(end - begin) : length - *offset;
    *offset += out->length + (end != NULL);
    if (out->length > 0 && begin[out->length - 1] == '\r') out->length--;
    return true;
}

typedef struct field {
    const char *text; /* without its quotes */
    size_t length;
    bool quoted;
} field;

/* The field at *at; moves behind its delimiter. False: the line is at its end. An unterminated quote ends with it. */
static bool next_field(const line *l, char delimiter, bool quotes, size_t *at, field *out)
{
    size_t i = *at;
    if (delimiter == ' ')
        while (i < l->length && (l->text[i] == ' ' || l->text[i] == '\t')) i++;
    if (i > l->length || (delimiter == ' ' && i == l->length)) return false;
    out->quoted = quotes && i < l->length && l->text[i] == '"';
    size_t begin = i + out->quoted;
    for (bool open = out->quoted, first = true; i < l->length; i++, first = false) {
        if (l->text[i] == '"' && out->quoted && !first) open = !open;
        if (!open && (l->text[i] == delimiter || (delimiter == ' ' && l->text[i] == '\t'))) break;
    }
    out->text = l->text + begin;
    out->length = i - begin - (out->quoted && i > begin && l->text[i - 1] == '"');
    *at = i + 1;
    return true;
}

static size_t count_fields(const line *l, char delimiter, bool quotes)
{
    size_t count = 0, at = 0;
    field f;
    while (next_field(l, delimiter, quotes, &at, &f)) count++;
    return count;
}

static bool has_outside_quotes(const line *l, char letter)
{
    bool open = false;
    for (size_t i = 0; i < l->length; i++) {
        if (l->text[i] == '"') open = !open;
        if (!open && l->text[i] == letter) return true;
    }
    return false;
}

/* --- What the lines say */
typedef struct kinds {
    size_t fields, numbers, fractions; /* fractions: numbers that are not written as integers */
    bool counted;                      /* 0, 1, 2, ... or 1, 2, 3, ...: pandas' names of unnamed columns */
    bool rising;                       /* each number is above the one before: 400, 410, ... are names, too */
    bool named;                        /* the first field is a text that is no name of ids */
} kinds;

static bool is_known_name(const field *f)
{
    static const char *const known[] = {"processid", "process_id", "id", "ids", "sampleid", "species", "split"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == f->length && strncasecmp(known[i], f->text, f->length) == 0) return true;
    return false;
}

static kinds judge(const line *l, const zsc_csv_dialect *d)
{
    kinds k = {.counted = true, .rising = true};
    size_t at = 0;
    double value, before = 0;
    field f;
    while (next_field(l, d->delimiter, d->quotes, &at, &f)) {
        bool number = zsc_csv_number(f.text, f.length, d->decimal, &value), index = k.fields == 0 && f.length == 0;
        if (k.fields == 0) k.named = !number && f.length > 0 && !is_known_name(&f);
        k.fields++;
        k.numbers += number;
        k.rising = k.rising && (!number || k.numbers == 1 || value > before);
        k.fractions += number && f.length > 0 && memchr(f.text, d->decimal, f.length) != NULL;
        k.counted = k.counted &&
                    (index || (number && (k.numbers == 1 ? value == 0 || value == 1 : value == before + 1)));
        if (number) before = value;
    }
    k.counted = k.counted && k.numbers > 0;
    return k;
}

/* "1,5" among the fields, and no "1.5": rows of a table whose fields no comma separates. */
static bool has_decimal_commas(const line *l, const zsc_csv_dialect *d)
{
    size_t at = 0, commas = 0;
    field f;
    while (next_field(l, d->delimiter, d->quotes, &at, &f)) {
        bool plain = zsc_csv_number(f.text, f.length, '.', NULL), comma = zsc_csv_number(f.text, f.length, ',', NULL);
        if (plain && memchr(f.text, '.', f.length)) return false;
        commas += comma && !plain;
    }
    return commas > 0;
}

/* Commas are decimal ones beside semicolons: "1,5;2,5", which has as many semicolons as the header or the next row. */
static bool are_decimal_commas(const line *first, const line *second)
{
    const zsc_csv_dialect semicolons = {.delimiter = ';', .quotes = true, .decimal = ','};
    const line *row = second->length ? second : first;
    size_t fields = count_fields(first, ';', true);
    return fields > 1 && count_fields(row, ';', true) == fields && has_decimal_commas(row, &semicolons);
}

static char guess_delimiter(const line *first, const line *second)
{
    if (memchr(first->text, '\t', first->length)) return '\t';
    if (are_decimal_commas(first, second)) return ';';
    if (has_outside_quotes(first, ',')) return ',';
    if (has_outside_quotes(first, ';')) return ';';
    size_t fields = count_fields(first, ' ', true), below = count_fields(second, ' ', true);
    bool one = !has_outside_quotes(second, ',') && !has_outside_quotes(second, ';') &&
               !has_outside_quotes(second, '\t'); /* "my notes" above lines of another kind */
    const zsc_csv_dialect blanks = {.delimiter = ' ', .quotes = true, .decimal = '.'};
    one = one && judge(second->length ? second : first, &blanks).numbers > 0;
    return one && fields > 1 && (below == fields || below == fields + 1 || second->length == 0) ? ' ' : ',';
}

/* Whether a comment is the header of rows like FIRST: "# x,y,z", as numpy.savetxt writes it. */
static bool is_header(const line *comment, const line *first, const zsc_csv_dialect *d)
{
    kinds below = judge(first, d);
    size_t at = 0, known = 0;
    field f;
    if (below.fields < 2 || count_fields(comment, d->delimiter, d->quotes) != below.fields) return false;
    while (next_field(comment, d->delimiter, d->quotes, &at, &f)) known += is_known_name(&f);
    return judge(comment, d).numbers == 0 && (known > 0 || (below.numbers > 0 && !below.counted));
}

static zsc_status name_columns(const line *comment, size_t fields, zsc_csv_dialect *d)
{
    zsc_status status = ZSC_OK;
    size_t at = 0;
    field f;
    char text[32], *name;
    for (size_t i = 0; i < fields && !comment && status == ZSC_OK; i++) {
        snprintf(text, sizeof text, "c%zu", i + 1);
        status = zsc_list_add(&d->names, text);
    }
    while (comment && status == ZSC_OK && next_field(comment, d->delimiter, d->quotes, &at, &f)) {
        while (f.length > 0 && *f.text == ' ') f.text++, f.length--;
        if (!(name = zsc_strndup(f.text, f.length))) return ZSC_EINTERNAL;
        status = zsc_list_add(&d->names, name);
        free(name);
    }
    return status;
}

/* R's write.table leaves out the name of the row names: rows have one field more, the first. A delimiter at the end of
 * the rows is something else. */
static bool has_row_names(const line *first, const line *second, const zsc_csv_dialect *d)
{
    size_t fields = count_fields(first, d->delimiter, d->quotes), at = 0, count = 0;
    field f = {0};
    bool quoted = false;
    while (next_field(second, d->delimiter, d->quotes, &at, &f)) {
        if (count == 0) quoted = f.quoted;
        count++;
    }
    return count == fields + 1 && f.length > 0 && (quoted || d->delimiter == '\t' || d->delimiter == ' ');
}

static zsc_status take_given(const zsc_table_layout *given, zsc_csv_dialect *d)
{
    static const struct {
        const char *name;
        char letter;
    } named[] = {{"tab", '\t'},      {"\\t", '\t'}, {"\t", '\t'}, {"comma", ','},      {",", ','},
                 {"semicolon", ';'}, {";", ';'},    {"|", '|'},   {"whitespace", ' '}, {" ", ' '}};
    if (!given) return ZSC_OK;
    for (size_t i = 0; given->delimiter && i < sizeof named / sizeof *named; i++)
        if (strcmp(given->delimiter, named[i].name) == 0) d->delimiter = named[i].letter;
    if (given->delimiter && !d->delimiter)
        return zsc_fail(ZSC_EUSAGE, "delimiter expects one of , ; | tab whitespace, not '%s'", given->delimiter);
    if (given->decimal && strcmp(given->decimal, ".") != 0 && strcmp(given->decimal, ",") != 0)
        return zsc_fail(ZSC_EUSAGE, "decimal expects . or , not '%s'", given->decimal);
    if (given->decimal) d->decimal = *given->decimal;
    if (d->decimal == ',' && d->delimiter == ',') return zsc_fail(ZSC_EUSAGE, "delimiter and decimal are both a comma");
    return ZSC_OK;
}

static bool is_row(const kinds *k)
{
    return (k->fields > 1 && !k->counted && (k->numbers == k->fields || k->fractions > 0)) ||
           (k->fields == 1 && k->fractions > 0) ||
           (k->named && k->fields > 2 && k->numbers + 1 == k->fields && !k->counted && !k->rising);
}

/* --- Where the table begins: comments begin with #, and so may ids */
typedef struct beginning {
    line comment; /* the last one, without its # */
    line first, second;
    size_t offset, number; /* of the first line */
    size_t rows;           /* lines that begin with # and are rows */
    size_t like_rows;      /* comments that have as many fields as the first row */
} beginning;

/* The first line that does not begin with #, and the one behind it. False: all do; then the last whole line. */
static bool find_first(const char *text, size_t length, beginning *b)
{
    size_t offset = 0, number = 1;
    bool found = false;
    line l;
    *b = (beginning){.first = {"", 0}, .second = {"", 0}, .number = 1};
    for (size_t at = 0; next_line(text, length, &offset, &l); at = offset, number++) {
        if (l.length == 0) continue;
        if (found) {
            b->second = l;
            break;
        }
        found = *l.text != '#';
        if (!found && b->first.length > 0 && text[offset - 1] != '\n') continue;
        b->first = l;
        b->offset = at;
        b->number = number;
    }
    return found;
}

/* Moves the beginning to the first of the lines right before it that begin with # and are rows: they have as many
 * fields and numbers as the first line, which is a row, and are rows themselves. SAID: the user says that there is no
 * header; then as many fields are enough. */
static void find_rows(const char *text, bool said, const zsc_csv_dialect *d, beginning *b)
{
    const kinds below = judge(&b->first, d);
    const bool rows = said || is_row(&below);
    beginning run = *b;
    size_t offset = 0, number = 1, held = 0; /* held: lines of the run */
    line l;
    for (size_t at = 0; at < b->offset && next_line(text, b->offset, &offset, &l); at = offset, number++) {
        if (l.length == 0) continue;
        const line comment = {l.text + 1, l.length - 1};
        const kinds k = judge(&l, d);
        bool header = is_header(&comment, &b->first, d), like = !header && k.fields > 1 && k.fields == below.fields;
        if (rows && like && (said || (k.numbers == below.numbers && is_row(&k)))) {
            if (held++ > 0) continue;
            run.first = l;
            run.offset = at;
            run.number = number;
        } else {
            run = (beginning){comment, b->first, b->second, b->offset, b->number, 0, run.like_rows + held + like};
            held = 0;
        }
    }
    *b = run;
    b->rows = held;
}

/* --- First lines that are neither header nor row */
/* Excel's "sep=;", which names the delimiter. */
static char named_delimiter(const line *first)
{
    bool quoted = first->length > 1 && *first->text == '"';
    const char *text = first->text + quoted;
    size_t length = first->length - (quoted ? 2 : 0);
    return length == 5 && strncasecmp(text, "sep=", 4) == 0 && strchr(",;\t|", text[4]) ? text[4] : '\0';
}

/* word2vec's "ROWS COLUMNS" above rows of a word and as many numbers. */
static bool is_word2vec(const line *first, const line *second)
{
    const zsc_csv_dialect blanks = {.delimiter = ' ', .decimal = '.'};
    kinds head = judge(first, &blanks), row = judge(second, &blanks);
    size_t at = 0;
    double value[2] = {0};
    field f;
    if (head.fields != 2 || head.numbers != 2 || head.fractions) return false;
    for (int i = 0; i < 2; i++)
        if (next_field(first, ' ', false, &at, &f)) zsc_csv_number(f.text, f.length, '.', &value[i]);
    return row.fields > 2 && (double)row.fields == value[1] + 1 && row.numbers >= row.fields - 1;
}

static zsc_status detect(const char *text, size_t length, const zsc_table_layout *given, zsc_csv_dialect *out);

/* The lines below the first, by RULES. */
static zsc_status detect_below(const char *text, size_t length, size_t offset, const zsc_table_layout *rules,
                               zsc_csv_dialect *out)
{
    zsc_status status = detect(text + offset, length - offset, rules, out);
    if (status != ZSC_OK) return status;
    out->begin += offset;
    out->line++;
    return ZSC_OK;
}

zsc_status zsc_csv_detect(const char *text, size_t length, const zsc_table_layout *given, zsc_csv_dialect *out)
{
    line first = {"", 0}, second = {"", 0};
    size_t offset = 0;
    zsc_table_layout rules = given ? *given : (zsc_table_layout){0};
    bool two = next_line(text, length, &offset, &first);
    size_t below = offset;
    two = two && next_line(text, length, &offset, &second);
    char delimiter[2] = {two ? named_delimiter(&first) : '\0', '\0'};
    if (*delimiter) {
        if (!rules.delimiter) rules.delimiter = delimiter;
        return detect_below(text, length, below, &rules, out);
    }
    if (two && !rules.delimiter && !rules.no_header && is_word2vec(&first, &second)) {
        rules.delimiter = " ";
        rules.no_header = true;
        return detect_below(text, length, below, &rules, out);
    }
    return detect(text, length, given, out);
}

static zsc_status detect(const char *text, size_t length, const zsc_table_layout *given, zsc_csv_dialect *out)
{
    zsc_csv_dialect d = {0};
    beginning b;
    const bool said = given && given->no_header;
    zsc_status status = take_given(given, &d);
    if (status != ZSC_OK) return status;
    const bool found = find_first(text, length, &b);
    if (!d.delimiter) d.delimiter = guess_delimiter(&b.first, &b.second);
    d.quotes = d.delimiter != '\t' || (b.first.length > 0 && *b.first.text == '"');
    if (!d.decimal) d.decimal = '.';
    if (!(given && given->decimal) && d.delimiter != ',' &&
        (has_decimal_commas(&b.second, &d) || (b.second.length == 0 && has_decimal_commas(&b.first, &d))))
        d.decimal = ',';
    kinds k = judge(&b.first, &d);
    if (!found && (k.fields < 2 || !(said || is_row(&k)))) /* nothing but comments: the first is what there is */
        b = (beginning){.first = {"", 0}, .second = {"", 0}, .number = 1};
    find_rows(text, said, &d, &b);
    k = judge(&b.first, &d);
    d.begin = b.offset;
    d.line = b.number;
    d.comment = b.comment.text && is_header(&b.comment, &b.first, &d);
    d.no_header = !d.comment && (said || is_row(&k));
    d.numbers = !d.comment && !d.no_header && k.numbers > 0 && k.numbers + 1 >= k.fields;
    d.rows = b.rows;
    d.comments = d.no_header || d.numbers ? b.like_rows : 0;
    d.row_names = !d.comment && !d.no_header && has_row_names(&b.first, &b.second, &d);
    if (d.comment || d.no_header) status = name_columns(d.comment ? &b.comment : NULL, k.fields, &d);
    if (status != ZSC_OK) zsc_csv_dialect_free(&d);
    if (status == ZSC_OK) *out = d;
    return status;
}
