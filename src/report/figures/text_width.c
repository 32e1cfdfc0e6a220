#include "report/figures/text_width.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* Advance widths of DejaVu Sans in hundredths of an em, rounded up, from blank to tilde. */
static const uint8_t advance[] = {32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                                  64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                                  58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                                  62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                                  28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};

static const double ELLIPSIS = 1.0;

/* Width of the character that starts with byte C: the widest Latin letters beyond ASCII take 0.9, ideographs 1. */
static double width_of(unsigned char c)
{
    if (c >= 0xe0) return 1.05;
    if (c >= 0x80) return 0.9;
    return c >= ' ' && c <= '~' ? advance[c - ' '] / 100.0 : advance[0] / 100.0;
}

static bool continues(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

double zsc_text_em(const char *text)
{
    double width = 0;
    for (; *text; text++)
        if (!continues(*text)) width += width_of((unsigned char)*text);
    return width;
}

char *zsc_text_shorten(const char *text, double most_em)
{
    if (zsc_text_em(text) <= most_em) return zsc_strdup(text);
    double half = (most_em - ELLIPSIS) / 2, width = 0;
    const char *head = text, *tail = text + strlen(text);
    while (*head && (continues(*head) || width + width_of((unsigned char)*head) <= half)) {
        if (!continues(*head)) width += width_of((unsigned char)*head);
        head++;
    }
    for (width = 0; tail > head;) {
        const char *before = tail - 1;
        while (before > head && continues(*before)) before--;
        if (width + width_of((unsigned char)*before) > half) break;
        width += width_of((unsigned char)*before);
        tail = before;
    }
    return zsc_asprintf("%.*s…%s", (int)(head - text), text, tail);
}
