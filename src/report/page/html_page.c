#include "report/page/html_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/files/read_file.h"
#include "report/escape.h"
#include "report/tables/table.h"

const char *zsc_page_text(zsc_page *p, const char *text)
{
    p->buffer.length = 0;
    if (!text) p->buffer.failed = true; /* its caller ran out of memory: the page fails at its end */
    if (!p->buffer.failed) zsc_escape_html(&p->buffer, text);
    return p->buffer.failed || !p->buffer.data ? "" : p->buffer.data;
}

/* --- Links */
/* Of the path of a file, letters that mean something in addresses are written as their numbers; of an address of the
 * network, none. */
static void put_address(zsc_page *p, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    if (strncmp(path, "https://", strlen("https://")) == 0 || strncmp(path, "http://", strlen("http://")) == 0) {
        fputs(zsc_page_text(p, path), p->out);
        return;
    }
    for (const char *c = path; *c; c++) {
        if (strchr(plain, *c))
            putc(*c, p->out);
        else
            fprintf(p->out, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

void zsc_page_atlas_link(zsc_page *p, const char *key, const char *words)
{
    if (!p->o->atlas) return;
    fputs("<a href=\"", p->out);
    put_address(p, p->o->atlas);
    if (key) fprintf(p->out, "#key=%s", zsc_page_text(p, key));
    fprintf(p->out, "\">%s</a>", zsc_page_text(p, words));
}

/* --- Cells */
void zsc_page_percent(zsc_page *p, double value)
{
    if (isfinite(value))
        fprintf(p->out, "<td class=\"n\">%.1f</td>", zsc_round_half_even(100 * value, 1));
    else
        fputs("<td class=\"n\"></td>", p->out);
}

void zsc_page_number(zsc_page *p, double value)
{
    if (isfinite(value))
        fprintf(p->out, "<td class=\"n\">%.4g</td>", value);
    else
        fputs("<td class=\"n\"></td>", p->out);
}

/* --- Figures */
/* The <svg> element of SVG with a prefix of this figure before every id; text between tags is copied unchanged. */
static void put_svg(zsc_page *p, const char *svg, const char *title)
{
    static const char *const marks[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
    const char *c = strstr(svg, "<svg");
    bool inside = false, titled = false;
    while (c && *c) {
        const char *end = strncmp(c, "<title>", strlen("<title>")) == 0 ? strstr(c, "</title>") : NULL;
        if (end) { /* gnuplot's own: its name, and numbers of curves */
            if (!titled) fprintf(p->out, "<title>%s</title>", zsc_page_text(p, title));
            titled = true;
            c = end + strlen("</title>");
            continue;
        }
        if (*c == '<' || *c == '>') inside = *c == '<';
        size_t m = 0, marks_count = sizeof marks / sizeof *marks;
        while (inside && m < marks_count && strncmp(c, marks[m], strlen(marks[m])) != 0) m++;
        if (inside && m < marks_count) {
            fprintf(p->out, "%sf%zu-", marks[m], p->figures);
            c += strlen(marks[m]);
        } else {
            putc(*c++, p->out);
        }
    }
}

zsc_figure_options zsc_page_figure_options(const zsc_page *p, int columns)
{
    return (zsc_figure_options){.output = p->figure_path,
                                .format = ZSC_FIGURE_SVG,
                                .columns = columns,
                                .font_size = 8,
                                .dpi = 300,
                                .width = columns == 2 ? 7.4 : 4.4};
}

zsc_status zsc_page_figure(zsc_page *p, const zsc_figure_options *o, const char *caption)
{
    char *svg = NULL;
    zsc_status status = zsc_read_file(o->output, &svg, NULL);
    if (status != ZSC_OK) return status;
    p->figures++;
    fputs(o->columns == 2 ? "<figure>\n" : "<figure class=\"narrow\">\n", p->out);
    put_svg(p, svg, caption);
    fprintf(p->out, "<figcaption>%s</figcaption></figure>\n", zsc_page_text(p, caption));
    free(svg);
    return ZSC_OK;
}
