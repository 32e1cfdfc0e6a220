#include "report/escape.h"

#include <stdbool.h>
#include <string.h>

typedef struct rule {
    char letter;
    const char *text;
} rule;

/* Empty groups end a command before the text that follows. Quotes and < > are written as commands, since old font
 * encodings print other characters for them. */
static const rule latex_rules[] = {{'\\', "\\textbackslash{}"},
                                   {'{', "\\{"},
                                   {'}', "\\}"},
                                   {'$', "\\$"},
                                   {'&', "\\&"},
                                   {'#', "\\#"},
                                   {'%', "\\%"},
                                   {'_', "\\_"},
                                   {'^', "\\textasciicircum{}"},
                                   {'~', "\\textasciitilde{}"},
                                   {'<', "\\textless{}"},
                                   {'>', "\\textgreater{}"},
                                   {'|', "\\textbar{}"},
                                   {'"', "\\symbol{34}"},
                                   {'`', "\\textasciigrave{}"},
                                   {'\'', "\\textquotesingle{}"},
                                   {'[', "{[}"},
                                   {']', "{]}"},
                                   {0, NULL}};

static void escape(zsc_text *out, const char *text, const rule *rules)
{
    zsc_text_append(out, "");
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t length = zsc_utf8_sequence((const char *)p, 4); /* the end of the text ends a sequence */
        const rule *r = rules;
        if (length == 1)
            while (r->letter && r->letter != (char)*p) r++;
        bool ligature = rules == latex_rules && (*p == '-' || *p == ',') && p[1] == *p; /* -- and ,, */
        if (length == 0) {
            zsc_text_append(out, "\xef\xbf\xbd");
            length = 1;
        } else if (length == 1 && r->letter) {
            zsc_text_append(out, r->text);
        } else if (length == 1 && (*p < 0x20 || *p == 0x7f)) {
            zsc_text_append(out, " ");
        } else {
            zsc_text_append_n(out, (const char *)p, length);
        }
        if (ligature) zsc_text_append(out, "{}");
        p += length;
    }
}

void zsc_escape_gnuplot(zsc_text *out, const char *text)
{
    static const rule rules[] = {{'"', "&quot;"}, {'\\', "&#92;"}, {'#', "&#35;"},
                                 {'?', "&#63;"},  {'&', "&amp;"},  {0, NULL}};
    escape(out, text, rules);
}

void zsc_quote_gnuplot(zsc_text *out, const char *text)
{
    zsc_text_append(out, "'");
    for (; *text; text++) zsc_text_append_n(out, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    zsc_text_append(out, "'");
}

void zsc_escape_latex(zsc_text *out, const char *text) { escape(out, text, latex_rules); }

void zsc_escape_html(zsc_text *out, const char *text)
{
    static const rule rules[] = {{'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},
                                 {'"', "&quot;"}, {'\'', "&#39;"}, {0, NULL}};
    escape(out, text, rules);
}

void zsc_escape_markdown(zsc_text *out, const char *text)
{
    static const rule rules[] = {{'\\', "\\\\"}, {'|', "\\|"}, {'*', "\\*"},  {'_', "\\_"},  {'`', "\\`"},
                                 {'[', "\\["},   {']', "\\]"}, {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"},
                                 {'~', "\\~"},   {'$', "\\$"}, {'#', "\\#"},  {'!', "\\!"},  {0, NULL}};
    escape(out, text, rules);
}

size_t zsc_utf8_length(const char *text)
{
    size_t length = 0;
    for (; *text; text++) length += ((unsigned char)*text & 0xc0) != 0x80;
    return length;
}
