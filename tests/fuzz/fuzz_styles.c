/* Style files; and what is escaped for gnuplot, LaTeX, HTML and Markdown, in which nothing of the text may act. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "report/escape.h"
#include "report/figures/styles.h"

static void expect_none(const char *text, const char *marks, const char *what)
{
    if (text && text[strcspn(text, marks)]) fuzz_wrong("%s lets one of %s through: %s", what, marks, text);
}

/* Backslashes of LaTeX come from the escape alone: each begins a word or stands before one of the marks. */
static void check_latex(const char *text)
{
    for (const char *p = text; p && *p; p++) {
        if (*p == '\\') {
            p++;
            if (!*p) fuzz_wrong("LaTeX ends in a backslash");
            continue;
        }
        if (strchr("%$&#_", *p)) fuzz_wrong("LaTeX: %c is not escaped in %s", *p, text);
    }
}

static void escapes(const char *text)
{
    zsc_text latex = {0}, html = {0}, gnuplot = {0}, quoted = {0}, markdown = {0};
    zsc_escape_latex(&latex, text);
    zsc_escape_html(&html, text);
    zsc_escape_gnuplot(&gnuplot, text);
    zsc_quote_gnuplot(&quoted, text);
    zsc_escape_markdown(&markdown, text);
    check_latex(latex.data);
    expect_none(html.data, "<>\"'", "HTML");
    expect_none(gnuplot.data, "\"\\\t\n", "gnuplot's data");
    expect_none(markdown.data, "\n", "Markdown");
    size_t length = quoted.length;
    if (length < 2 || quoted.data[0] != '\'' || quoted.data[length - 1] != '\'')
        fuzz_wrong("gnuplot's literal has no quotes");
    for (size_t i = 1; i + 1 < length; i++)
        if (quoted.data[i] == '\'' && quoted.data[++i] != '\'')
            fuzz_wrong("gnuplot's literal ends early: %s", quoted.data);
    zsc_text *const all[] = {&latex, &html, &gnuplot, &quoted, &markdown};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] != &quoted && all[i]->data && !zsc_utf8_valid(all[i]->data, all[i]->length))
            fuzz_wrong("text %zu, escaped, is not UTF-8", i);
        free(all[i]->data);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    zsc_styles styles = {0};
    const char *path = fuzz_file(data, size);
    char *text = zsc_strndup((const char *)data, size);
    if (path && text) {
        zsc_status status = zsc_styles_load(path, &styles);
        fuzz_check_status(status);
        if (status == ZSC_OK) {
            for (size_t i = 0; i < styles.count; i++) {
                const zsc_style *s = &styles.item[i];
                if (s->colour && *s->colour &&
                    (s->colour[0] != '#' || strspn(s->colour + 1, "0123456789abcdefABCDEF") != strlen(s->colour) - 1))
                    fuzz_wrong("colour '%s'", s->colour);
            }
            zsc_styles_find(&styles, text);
            zsc_styles_free(&styles);
        }
        escapes(text);
    }
    free(text);
    return 0;
}
