/* Tables of text on stdout: aligned, or CSV. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "cli/cli.h"
#include "io/text/csv.h"

static size_t display_width(const char *text) /* UTF-8: continuation bytes have no width */
{
    size_t width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static bool is_number(const char *text)
{
    char *end;
    if (!*text) return true;
    strtod(text, &end);
    return end != text && *end == '\0';
}

void cli_print_table(const char *const *header, size_t columns, const char *const *cells, size_t rows)
{
    for (size_t r = 0; r <= rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            size_t width = display_width(header[c]);
            bool right = true;
            for (size_t i = 0; i < rows; i++) {
                const char *cell = cells[i * columns + c];
                if (display_width(cell) > width) width = display_width(cell);
                if (!is_number(cell) && strcmp(cell, "-") != 0) right = false;
            }
            const char *cell = r ? cells[(r - 1) * columns + c] : header[c];
            int padding = (int)(width - display_width(cell));
            if (right)
                printf("%s%*s%s", c ? "  " : "", padding, "", cell);
            else
                printf("%s%s%*s", c ? "  " : "", cell, c + 1 < columns ? padding : 0, "");
        }
        putchar('\n');
    }
}

void cli_print_csv(const char *const *header, size_t columns, const char *const *cells, size_t rows)
{
    for (size_t r = 0; r <= rows; r++)
        for (size_t c = 0; c < columns; c++) {
            zsc_csv_write_field(stdout, r ? cells[(r - 1) * columns + c] : header[c]);
            putchar(c + 1 < columns ? ',' : '\n');
        }
}

void cli_cells_add(cli_cells *cells, const char *format, ...)
{
    va_list args, again;
    if (cells->status != ZSC_OK) return;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *cell = length < 0 ? NULL : malloc((size_t)length + 1);
    if (cell) vsnprintf(cell, (size_t)length + 1, format, again);
    va_end(again);
    cells->status = cell ? zsc_list_add(&cells->list, cell) : zsc_fail_memory((size_t)length + 1, 1, "a table");
    free(cell);
}

void cli_cells_real(cli_cells *cells, double value, bool exact, int decimals)
{
    char number[ZSC_NUMBER_TEXT];
    if (isnan(value))
        cli_cells_add(cells, "%s", exact ? "" : "-");
    else if (exact)
        cli_cells_add(cells, "%s", zsc_number_text(value, number));
    else
        cli_cells_add(cells, "%.*f", decimals, value);
}

zsc_status cli_cells_print(cli_cells *cells, const char *const *header, size_t columns, bool csv)
{
    if (cells->status == ZSC_OK)
        (csv ? cli_print_csv : cli_print_table)(header, columns, (const char *const *)cells->list.item,
                                                cells->list.count / columns);
    zsc_list_free(&cells->list);
    return cells->status;
}
