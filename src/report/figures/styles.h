/* How encoders look in figures and tables: label, architecture, method, colour, marker, order. */
#ifndef ZSC_REPORT_STYLES_H
#define ZSC_REPORT_STYLES_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_style {
    char *encoder; /* name in files; compared by letters and digits only, without regard to case */
    char *label;
    char *modality;     /* "dna", "image", ... */
    char *architecture; /* gives marker and shade in the built-in styles */
    char *method;       /* gives the colour */
    char *colour;       /* "#rrggbb"; "": any that is free */
    int marker;         /* gnuplot's point type, 1 .. 15; 0: any that is free */
    int line;           /* a zsc_line; 0: solid */
    int order;          /* in legends and tables */
    unsigned own;       /* ZSC_OWN_...: what a file of styles gives this encoder itself */
} zsc_style;

/* An encoder with its own colour and its own marker keeps both, even if another encoder has them. A label that is the
 * built-in one is not its own. */
enum { ZSC_OWN_COLOUR = 1, ZSC_OWN_MARKER = 2, ZSC_OWN_LABEL = 4, ZSC_OWN_ARCHITECTURE = 8, ZSC_OWN_METHOD = 16 };

enum zsc_line { ZSC_LINE_SOLID = 1, ZSC_LINE_DASHED, ZSC_LINE_DOTTED, ZSC_LINE_DASH_DOTTED };

/* How one encoder, or pair "a+b", of a set of results is drawn: looks.h. */
typedef struct zsc_look {
    char *encoders;
    char colour[8]; /* "#rrggbb" */
    int marker, line;
} zsc_look;

typedef struct zsc_looks {
    zsc_look *item;
    size_t count;
} zsc_looks;

typedef struct zsc_styles {
    zsc_style *item;
    size_t count, capacity;
    zsc_style *rule; /* without an encoder: colour, marker and line of all of an architecture, method, or both */
    size_t rules, rule_capacity;
    zsc_looks looks; /* of the encoders of the results; none before zsc_looks_assign */
} zsc_styles;

/* The built-in styles, with those of the CSV file PATH (may be NULL) before them. Columns: encoder (required), label,
 * modality, architecture, method, colour, marker, line, order; an empty field is taken from the built-in style of that
 * encoder. A line without an encoder is for all encoders of its architecture or method (or of both). Markers are
 * numbers or names (circle, square, triangle, diamond, ...); lines are solid, dashed, dotted or dash-dotted. *out is
 * freed with zsc_styles_free. */
zsc_status zsc_styles_load(const char *path, zsc_styles *out);
void zsc_styles_free(zsc_styles *styles);

/* The style of an encoder, or NULL if it has none. */
const zsc_style *zsc_styles_find(const zsc_styles *styles, const char *encoder);

void zsc_looks_free(zsc_looks *looks);

/* For encoders without a style, and for taxa and stages: the i-th colour and marker, cycling. */
const char *zsc_style_colour(size_t i);
int zsc_style_marker(size_t i);
enum { ZSC_STYLE_COLOURS = 7, ZSC_STYLE_MARKERS = 12 };

#endif
