#include "report/tables/table.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/text/csv.h"
#include "report/escape.h"
#include "report/tables/table_headings.h"

zsc_status zsc_table_make(size_t rows, size_t columns, size_t names, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {.rows = rows, .columns = columns, .names = names};
    ZSC_NEW(t.header, columns);
    ZSC_NEW(t.cell, rows * columns);
    ZSC_NEW(t.group_start, rows + 1);
    for (size_t i = 0; i < rows * columns; i++)
        t.cell[i].value = t.cell[i].spread = t.cell[i].low = t.cell[i].high = NAN;
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    return status;
}

void zsc_table_free(zsc_table *t)
{
    for (size_t i = 0; t->cell && i < t->rows * t->columns; i++) free(t->cell[i].text);
    for (size_t i = 0; t->header && i < t->columns; i++) free(t->header[i]);
    free(t->caption);
    free(t->header);
    free(t->cell);
    free(t->group_start);
    *t = (zsc_table){0};
}

zsc_cell *zsc_table_at(const zsc_table *t, size_t row, size_t column) { return &t->cell[row * t->columns + column]; }

static zsc_status replace(char **field, const char *text)
{
    char *copy = zsc_strdup(text);
    if (!copy) return ZSC_EINTERNAL;
    free(*field);
    *field = copy;
    return ZSC_OK;
}

zsc_status zsc_table_set_text(zsc_table *t, size_t row, size_t column, const char *text)
{
    return replace(&zsc_table_at(t, row, column)->text, text);
}

zsc_status zsc_table_set_header(zsc_table *t, size_t column, const char *text)
{
    return replace(&t->header[column], text);
}

double zsc_round_half_even(double value, int decimals)
{
    double scale = pow(10, decimals), scaled = value * scale, below = floor(scaled), rest = scaled - below;
    if (fabs(rest - 0.5) < 1e-9) return (fmod(below, 2) == 0 ? below : below + 1) / scale;
    return (rest < 0.5 ? below : below + 1) / scale;
}

static double printed(const zsc_cell *c) { return zsc_round_half_even(c->value, c->decimals); }

void zsc_table_mark(zsc_cell *const *cells, size_t count)
{
    double best = -INFINITY, second = -INFINITY;
    for (size_t i = 0; i < count; i++)
        if (cells[i] && isfinite(cells[i]->value)) best = fmax(best, printed(cells[i]));
    for (size_t i = 0; i < count; i++)
        if (cells[i] && isfinite(cells[i]->value) && printed(cells[i]) < best) second = fmax(second, printed(cells[i]));
    for (size_t i = 0; i < count; i++) {
        if (!cells[i] || !isfinite(cells[i]->value)) continue;
        double value = printed(cells[i]);
        cells[i]->mark = value == best ? ZSC_MARK_BEST : value == second ? ZSC_MARK_SECOND : ZSC_MARK_NONE;
    }
}

/* --- Cells as text */
static void number_text(double value, int decimals, zsc_table_format format, zsc_text *out)
{
    double rounded = zsc_round_half_even(value, decimals);
    if (rounded == 0) rounded = 0; /* no "-0" */
    if (rounded < 0 && format == ZSC_TABLE_LATEX)
        zsc_text_printf(out, "$-$%.*f", decimals, -rounded);
    else
        zsc_text_printf(out, "%.*f", decimals, rounded);
}

static void escaped(zsc_text *out, const char *text, zsc_table_format format)
{
    switch (format) {
    case ZSC_TABLE_LATEX: zsc_escape_latex(out, text); break;
    case ZSC_TABLE_MARKDOWN: zsc_escape_markdown(out, text); break;
    case ZSC_TABLE_HTML: zsc_escape_html(out, text); break;
    case ZSC_TABLE_CSV:
    case ZSC_TABLE_TSV:
    case ZSC_TABLE_JSON: zsc_text_append(out, text); break;
    }
}

static void cell_text(const zsc_cell *c, zsc_table_format format, zsc_text *out)
{
    static const struct {
        const char *open[3], *close[3];
    } marks[] = {[ZSC_TABLE_LATEX] = {{"", "\\textbf{", "\\underline{"}, {"", "}", "}"}},
                 [ZSC_TABLE_MARKDOWN] = {{"", "**", "<u>"}, {"", "**", "</u>"}},
                 [ZSC_TABLE_HTML] = {{"", "<b>", "<u>"}, {"", "</b>", "</u>"}},
                 [ZSC_TABLE_CSV] = {{"", "", ""}, {"", "", ""}},
                 [ZSC_TABLE_TSV] = {{"", "", ""}, {"", "", ""}},
                 [ZSC_TABLE_JSON] = {{"", "", ""}, {"", "", ""}}};
    out->length = 0;
    zsc_text_append(out, "");
    if (c->text) {
        escaped(out, c->text, format);
        return;
    }
    if (!isfinite(c->value)) {
        if (c->undefined && format != ZSC_TABLE_CSV) zsc_text_append(out, format == ZSC_TABLE_LATEX ? "--" : "-");
        return;
    }
    zsc_text_append(out, marks[format].open[c->mark]);
    number_text(c->value, c->decimals, format, out);
    zsc_text_append(out, marks[format].close[c->mark]);
    if (format != ZSC_TABLE_CSV && isfinite(c->spread)) {
        zsc_text_append(out, format == ZSC_TABLE_LATEX ? "\\,{\\scriptsize$\\pm$\\," : " \xc2\xb1 ");
        number_text(c->spread, c->decimals, format, out);
        if (format == ZSC_TABLE_LATEX) zsc_text_append(out, "}");
    }
    if (format != ZSC_TABLE_CSV && isfinite(c->low)) {
        zsc_text_append(out, format == ZSC_TABLE_LATEX ? "\\,{\\scriptsize[" : " [");
        number_text(c->low, c->decimals, format, out);
        zsc_text_append(out, ", ");
        number_text(c->high, c->decimals, format, out);
        zsc_text_append(out, format == ZSC_TABLE_LATEX ? "]}" : "]");
    }
}

zsc_status zsc_table_cell_text(const zsc_table *t, size_t row, size_t column, zsc_text *out)
{
    cell_text(zsc_table_at(t, row, column), ZSC_TABLE_TSV, out);
    return out->failed ? ZSC_EINTERNAL : ZSC_OK;
}

/* The group's name is printed in its first row only. */
static bool repeats(const zsc_table *t, size_t row)
{
    if (t->names < 2 || row == 0 || t->group_start[row]) return false;
    const char *a = zsc_table_at(t, row, 0)->text, *b = zsc_table_at(t, row - 1, 0)->text;
    return a && b && strcmp(a, b) == 0;
}

static const char *shown(const zsc_table *t, size_t row, size_t column, zsc_table_format format, zsc_text *buffer)
{
    if (column == 0 && format != ZSC_TABLE_CSV && repeats(t, row)) return "";
    cell_text(zsc_table_at(t, row, column), format, buffer);
    return buffer->data ? buffer->data : "";
}

static const char *header(const zsc_table *t, size_t column, zsc_table_format format, zsc_text *buffer)
{
    buffer->length = 0;
    zsc_text_append(buffer, "");
    escaped(buffer, t->header[column] ? t->header[column] : "", format);
    return buffer->data ? buffer->data : "";
}

/* --- The forms */
static void write_latex(const zsc_table *t, FILE *out, zsc_text *b)
{
    fputs("% needs \\usepackage{booktabs}; for names beyond ASCII also "
          "\\usepackage[T1]{fontenc}\n\\begin{table}[t]\n\\centering\n\\small\\setlength{\\tabcolsep}{4pt}\n",
          out);
    if (t->caption) {
        b->length = 0;
        zsc_escape_latex(b, t->caption);
        fprintf(out, "\\caption{%s}\n", b->data ? b->data : "");
    }
    fputs("\\begin{tabular}{", out);
    for (size_t c = 0; c < t->columns; c++) putc(c < t->names ? 'l' : 'r', out);
    fputs("}\n\\toprule\n", out);
    zsc_table_write_latex_head(&(zsc_table_head){t->header, t->columns, t->names}, out, b);
    for (size_t r = 0; r < t->rows; r++) {
        if (r && t->group_start[r]) fputs("\\midrule\n", out);
        for (size_t c = 0; c < t->columns; c++)
            fprintf(out, "%s%s", shown(t, r, c, ZSC_TABLE_LATEX, b), c + 1 < t->columns ? " & " : " \\\\\n");
    }
    fputs("\\bottomrule\n\\end{tabular}\n\\end{table}\n", out);
}

static void write_markdown(const zsc_table *t, FILE *out, zsc_text *b)
{
    if (t->caption) {
        b->length = 0;
        zsc_escape_markdown(b, t->caption);
        fprintf(out, "%s\n\n", b->data ? b->data : "");
    }
    for (size_t c = 0; c < t->columns; c++) fprintf(out, "| %s ", header(t, c, ZSC_TABLE_MARKDOWN, b));
    fputs("|\n", out);
    for (size_t c = 0; c < t->columns; c++) fputs(c < t->names ? "|:---" : "|---:", out);
    fputs("|\n", out);
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->columns; c++) fprintf(out, "| %s ", shown(t, r, c, ZSC_TABLE_MARKDOWN, b));
        fputs("|\n", out);
    }
}

/* Numbers beside the value of a cell, in columns of their own where numbers are read back. */
static const struct {
    const char *name;
    size_t offset;
} beside[] = {
    {" sd", offsetof(zsc_cell, spread)}, {" low", offsetof(zsc_cell, low)}, {" high", offsetof(zsc_cell, high)}};
enum { BESIDE = sizeof beside / sizeof *beside };

static double beside_of(const zsc_cell *cell, size_t which)
{
    return *(const double *)((const char *)cell + beside[which].offset);
}

static bool has_beside(const zsc_table *t, size_t column, size_t which)
{
    for (size_t r = 0; r < t->rows; r++)
        if (isfinite(beside_of(zsc_table_at(t, r, column), which))) return true;
    return false;
}

static void write_delimited(const zsc_table *t, char delimiter, FILE *out, zsc_text *b)
{
    for (size_t c = 0; c < t->columns; c++) {
        if (c) putc(delimiter, out);
        header(t, c, ZSC_TABLE_CSV, b);
        if (t->unit && c >= t->names && c < t->names + t->of_unit) zsc_text_printf(b, " %s", t->unit);
        zsc_write_field(out, b->data ? b->data : "", delimiter);
        size_t length = b->length;
        for (size_t i = 0; i < BESIDE; i++) {
            if (!has_beside(t, c, i)) continue;
            putc(delimiter, out);
            b->length = length;
            zsc_text_append(b, beside[i].name);
            zsc_write_field(out, b->data ? b->data : "", delimiter);
        }
    }
    putc('\n', out);
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < t->columns; c++) {
            const zsc_cell *cell = zsc_table_at(t, r, c);
            if (c) putc(delimiter, out);
            zsc_write_field(out, shown(t, r, c, ZSC_TABLE_CSV, b), delimiter);
            for (size_t i = 0; i < BESIDE; i++) {
                if (has_beside(t, c, i)) putc(delimiter, out);
                if (isfinite(beside_of(cell, i)))
                    fprintf(out, "%.*f", cell->decimals, zsc_round_half_even(beside_of(cell, i), cell->decimals));
            }
        }
        putc('\n', out);
    }
}

static void write_csv(const zsc_table *t, FILE *out, zsc_text *b) { write_delimited(t, ',', out, b); }

static void write_tsv(const zsc_table *t, FILE *out, zsc_text *b) { write_delimited(t, '\t', out, b); }

static json_t *json_number(const zsc_cell *cell, double value)
{
    if (!isfinite(value)) return json_null();
    double rounded = zsc_round_half_even(value, cell->decimals);
    return cell->decimals == 0 && fabs(rounded) < 1e15 ? json_integer((json_int_t)rounded) : json_real(rounded);
}

/* {"caption": ..., "rows": [{header: text or number, "header sd": number, ...}, ...]} */
static void write_json(const zsc_table *t, FILE *out, zsc_text *b)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < t->rows; r++) {
        json_t *row = json_object();
        for (size_t c = 0; c < t->columns; c++) {
            const zsc_cell *cell = zsc_table_at(t, r, c);
            const char *name = header(t, c, ZSC_TABLE_CSV, b);
            bool text = cell->text || c < t->names;
            json_object_set_new(row, name,
                                text ? json_string(cell->text ? cell->text : "") : json_number(cell, cell->value));
            size_t length = b->length;
            for (size_t i = 0; i < BESIDE; i++) {
                if (!has_beside(t, c, i)) continue;
                b->length = length;
                zsc_text_append(b, beside[i].name);
                json_object_set_new(row, b->data ? b->data : "", json_number(cell, beside_of(cell, i)));
            }
        }
        json_array_append_new(rows, row);
    }
    json_t *root = json_pack("{s:s?, s:o}", "caption", t->caption, "rows", rows);
    if (!root || json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) != 0) b->failed = true;
    putc('\n', out);
    json_decref(root);
}

static void write_html(const zsc_table *t, FILE *out, zsc_text *b)
{
    fputs("<table class=\"zsc\">\n", out);
    if (t->caption) {
        b->length = 0;
        zsc_escape_html(b, t->caption);
        fprintf(out, "<caption>%s</caption>\n", b->data ? b->data : "");
    }
    fputs("<thead><tr>", out);
    for (size_t c = 0; c < t->columns; c++)
        fprintf(out, "<th%s>%s</th>", c < t->names ? "" : " class=\"n\"", header(t, c, ZSC_TABLE_HTML, b));
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t r = 0; r < t->rows; r++) {
        fputs(r && t->group_start[r] ? "<tr class=\"group\">" : "<tr>", out);
        for (size_t c = 0; c < t->columns; c++) { /* sorting needs the group's name in every row */
            cell_text(zsc_table_at(t, r, c), ZSC_TABLE_HTML, b);
            fprintf(out, "<td%s>%s</td>", c < t->names ? "" : " class=\"n\"", b->data ? b->data : "");
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

zsc_status zsc_table_write(const zsc_table *t, zsc_table_format format, FILE *out)
{
    static void (*const write[])(const zsc_table *, FILE *, zsc_text *) = {write_latex, write_markdown, write_csv,
                                                                           write_html,  write_tsv,      write_json};
    zsc_text buffer = {0};
    write[format](t, out, &buffer);
    bool failed = buffer.failed;
    free(buffer.data);
    if (failed) return ZSC_EINTERNAL;
    return ferror(out) ? zsc_fail(ZSC_EINPUT, "cannot write the table%s: %s",
                                  out == stdout ? " to standard output" : "", strerror(errno))
                       : ZSC_OK;
}
