/* How encoders look in figures and tables: label, architecture, method, colour, marker, order. */
#ifndef ZSC_REPORT_STYLES_H
#define ZSC_REPORT_STYLES_H

#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_style {
    char *encoder; /* name in files; compared by letters and digits only, without regard to case */
    char *label;
    char *modality;     /* "dna", "image", ... */
    char *architecture; /* gives the marker in the built-in styles */
    char *method;       /* gives the colour */
    char *colour;       /* "#rrggbb" */
    int marker;         /* gnuplot's point type, 1 .. 15 */
    int order;          /* in legends and tables */
} zsc_style;

typedef struct zsc_styles {
    zsc_style *item;
    size_t count, capacity;
} zsc_styles;

/* The built-in styles, with those of the CSV file PATH (may be NULL) before them. Columns: encoder (required), label,
 * modality, architecture, method, colour, marker, order; an empty field is taken from the built-in style of that
 * encoder. Markers are numbers or names (circle, square, triangle, diamond, ...). *out is freed with zsc_styles_free.
 */
zsc_status zsc_styles_load(const char *path, zsc_styles *out);
void zsc_styles_free(zsc_styles *styles);

/* The style of an encoder, or NULL if it has none. */
const zsc_style *zsc_styles_find(const zsc_styles *styles, const char *encoder);

/* For encoders without a style: the i-th colour and marker, cycling. */
const char *zsc_style_colour(size_t i);
int zsc_style_marker(size_t i);
enum { ZSC_STYLE_COLOURS = 7 };

#endif
