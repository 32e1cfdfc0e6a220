/* Where specimens are from: latitude against longitude, in one scale (plate carree, true at the middle latitude). Sites
 * are binned to cells, so that the figure stays small whatever the number of rows; a cell is drawn as a dot at the mean
 * of its rows' positions, its colour the number of rows. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/figures.h"

static const double CELL_POINTS = 2.2;          /* width of a cell, at 8 points of text */
static const double WIDEST = 120, HIGHEST = 80; /* degrees: what is larger is shown as the whole world */
static const double LEAST_SPAN = 0.02;
static const double DEGREE = 3.14159265358979323846 / 180;

typedef struct view {
    double west, east, south, north; /* degrees; east may exceed 180 */
    double scale;                    /* degrees of longitude per degree of latitude, at the same length */
} view;

typedef struct map_cell {
    double longitude, latitude; /* sums over rows, then means */
    size_t rows;
} map_cell;

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The shortest arc of longitudes that holds all sites: what the widest gap leaves. */
static zsc_status find_arc(const zsc_sites *s, double *west, double *span)
{
    zsc_status status = ZSC_OK;
    double *at = NULL, gap;
    ZSC_NEW_RAW(at, s->count);
    for (size_t i = 0; i < s->count; i++) at[i] = s->item[i].longitude;
    qsort(at, s->count, sizeof *at, by_number);
    *west = at[0];
    gap = at[0] + 360 - at[s->count - 1];
    for (size_t i = 1; i < s->count; i++) {
        if (at[i] - at[i - 1] <= gap) continue;
        gap = at[i] - at[i - 1];
        *west = at[i];
    }
    *span = 360 - gap;
done:
    free(at);
    return status;
}

static double put_within(double x, double low, double high) { return fmax(low, fmin(high, x)); }

/* ASPECT: width of the plot over its height. A region gets margins, and what the shape of the plot asks for. */
static zsc_status find_view(const zsc_sites *s, double aspect, view *v)
{
    double west = 0, span = 0, south = 90, north = -90;
    zsc_status status = find_arc(s, &west, &span);
    for (size_t i = 0; i < s->count; i++) {
        south = fmin(south, s->item[i].latitude);
        north = fmax(north, s->item[i].latitude);
    }
    *v = (view){-180, 180, -90, 90, 1};
    if (status != ZSC_OK || span > WIDEST || north - south > HIGHEST) return status;
    double middle = (south + north) / 2, high = fmax(1.16 * (north - south), LEAST_SPAN);
    v->scale = 1 / fmax(0.1, cos(middle * DEGREE));
    double wide = fmax(1.16 * span, LEAST_SPAN * v->scale);
    if (wide / v->scale < aspect * high)
        wide = aspect * high * v->scale;
    else
        high = wide / v->scale / aspect;
    if (wide >= 300 || high >= 150) {
        *v = (view){-180, 180, -90, 90, 1};
        return status;
    }
    v->west = west + span / 2 - wide / 2;
    v->east = v->west + wide;
    v->south = put_within(middle - high / 2, -90, 90 - high);
    v->north = v->south + high;
    return status;
}

static bool is_world(const view *v) { return v->east - v->west >= 360; }

/* LONGITUDE, a whole turn on or back where the view wants it. */
static double into_view(const view *v, double longitude)
{
    while (longitude < v->west) longitude += 360;
    while (longitude > v->west + 360) longitude -= 360;
    return longitude;
}

static int by_rows(const void *a, const void *b)
{
    size_t x = ((const map_cell *)a)->rows, y = ((const map_cell *)b)->rows;
    return (x > y) - (x < y);
}

/* The cells that have rows, those with most last. */
static zsc_status bin(const zsc_sites *s, const view *v, double side, map_cell **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    map_cell *cell = NULL;
    size_t across = (size_t)ceil((v->east - v->west) / (side * v->scale)) + 1,
           down = (size_t)ceil((v->north - v->south) / side) + 1;
    *count = 0;
    ZSC_NEW(cell, across * down);
    for (size_t i = 0; i < s->count; i++) {
        double x = into_view(v, s->item[i].longitude), rows = (double)s->item[i].rows;
        size_t column = (size_t)((x - v->west) / (side * v->scale)),
               row = (size_t)((s->item[i].latitude - v->south) / side);
        map_cell *c = &cell[(row < down ? row : down - 1) * across + (column < across ? column : across - 1)];
        c->longitude += rows * x;
        c->latitude += rows * s->item[i].latitude;
        c->rows += s->item[i].rows;
    }
    for (size_t i = 0; i < across * down; i++) {
        if (cell[i].rows == 0) continue;
        cell[*count].longitude = cell[i].longitude / (double)cell[i].rows;
        cell[*count].latitude = cell[i].latitude / (double)cell[i].rows;
        cell[(*count)++].rows = cell[i].rows;
    }
    qsort(cell, *count, sizeof *cell, by_rows);
    *out = cell;
    cell = NULL;
done:
    free(cell);
    return status;
}

/* Points nearer to the last one than a third of a cell are left out; lines that leave the view on one side and come
 * back on the other are broken. */
static void put_coastline(zsc_figure *f, const zsc_coastline *c, const view *v, double side)
{
    double last[2] = {NAN, NAN};
    bool open = false;
    zsc_figure_block(f, "coastline: longitude, latitude");
    for (size_t i = 0; c && i < c->count; i++) {
        bool end = isnan(c->point[i].latitude);
        double x = end ? NAN : into_view(v, c->point[i].longitude), y = c->point[i].latitude;
        bool last_of_line = end || (i + 1 < c->count && isnan(c->point[i + 1].latitude));
        bool hidden = end || x > v->east + 5 * side || y < v->south - 5 * side || y > v->north + 5 * side;
        if ((hidden || fabs(x - last[0]) > 180) && open) {
            zsc_figure_number(f, NAN);
            zsc_figure_number(f, NAN);
            zsc_figure_end_line(f);
            open = false;
        }
        if (hidden) continue;
        if (open && !last_of_line && hypot((x - last[0]) / v->scale, y - last[1]) < side / 3) continue;
        zsc_figure_number(f, last[0] = x);
        zsc_figure_number(f, last[1] = y);
        zsc_figure_end_line(f);
        open = true;
    }
}

static void put_cells(zsc_figure *f, const map_cell *cell, size_t count)
{
    zsc_figure_block(f, "cells: mean longitude, mean latitude, rows");
    for (size_t i = 0; i < count; i++) {
        zsc_figure_number(f, cell[i].longitude);
        zsc_figure_number(f, cell[i].latitude);
        zsc_figure_number(f, (double)cell[i].rows);
        zsc_figure_end_line(f);
    }
}

/* Lines of a graticule: 1, 2 or 5 times a power of ten, or 30, 60 or 90 degrees. */
static double graticule_step(double span, double width_em)
{
    double step = zsc_figure_tick_step(0, span, width_em);
    return step > 50 ? 90 : step > 30 ? 60 : step > 10 ? 30 : step;
}

static void put_notes(zsc_figure *f, const zsc_sites *s, const view *v, size_t cells, double side)
{
    char *sites = zsc_asprintf("%zu rows at %zu site%s; %zu without coordinates", s->rows - s->missing - s->refused,
                               s->count, s->count == 1 ? "" : "s", s->missing);
    char *refused = s->refused ? zsc_asprintf("; %zu rows out of range", s->refused) : zsc_strdup("");
    char *binned = refused ? zsc_asprintf("%zu cell%s of %.2g %s%s", cells, cells == 1 ? "" : "s",
                                          is_world(v) ? side : side * 111.2, is_world(v) ? "degrees" : "km", refused)
                           : NULL;
    zsc_figure_set_text(f, "note", sites);
    zsc_figure_set_text(f, "rank_title", binned);
    free(sites);
    free(refused);
    free(binned);
}

zsc_status zsc_figure_map(const zsc_sites *sites, const zsc_coastline *coastline, const zsc_figure_options *options,
                          char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    map_cell *cell = NULL;
    size_t cells = 0;
    view v;
    double em = zsc_figure_em(options), line = zsc_figure_line(options), unit = zsc_figure_unit(options);
    double left = 6.2 * em, right = 5.6 * em, width = zsc_figure_width(options) - left - right, around = 6.2 * line;
    double height = options->height > around ? options->height - around : width / 2;
    if (width < 8 * em) {
        status = zsc_fail(
            ZSC_EINPUT, "a map of %.3g inches in width has no space for its text, which needs %.2f: set --width %.2f",
            width + left + right, ceil(100 * (8 * em + left + right)) / 100, ceil(100 * (8 * em + left + right)) / 100);
        goto done;
    }
    ZSC_TRY(find_view(sites, width / height, &v));
    if (is_world(&v)) { /* its ticks are shorter */
        width += left - 4.4 * em;
        left = 4.4 * em;
        if (options->height <= around) height = width / 2;
    }
    double side = (v.north - v.south) * CELL_POINTS * unit / 72 /
                  fmin(height, width * (v.north - v.south) * v.scale / (v.east - v.west));
    ZSC_TRY(bin(sites, &v, side, &cell, &cells));
    zsc_figure_begin(&f, options, "map");
    zsc_figure_size(&f, width / 2 + around, 5 * line + around);
    zsc_figure_set(&f, "x_low", "%.8g", v.west);
    zsc_figure_set(&f, "x_high", "%.8g", v.east);
    zsc_figure_set(&f, "y_low", "%.8g", v.south);
    zsc_figure_set(&f, "y_high", "%.8g", v.north);
    zsc_figure_set(&f, "low", "%.8g", v.scale);
    zsc_figure_set(&f, "high", "%.8g", fmax(10, (double)cell[cells - 1].rows));
    zsc_figure_set(&f, "x_step", "%g", graticule_step(v.east - v.west, width / em / 1.6));
    zsc_figure_set(&f, "level", "%g", graticule_step(v.north - v.south, height / em));
    zsc_figure_set(&f, "left", "%.5f", left / zsc_figure_width(options));
    zsc_figure_set(&f, "right", "%.5f", right / zsc_figure_width(options));
    zsc_figure_set(&f, "items", "%zu", cells);
    zsc_figure_set(&f, "simulated", "%d", sites->simulated);
    put_notes(&f, sites, &v, cells, side);
    put_coastline(&f, coastline, &v, side);
    put_cells(&f, cell, cells);
    status = zsc_figure_finish(&f, "map", dumb);
done:
    free(cell);
    zsc_figure_drop(&f);
    return status;
}
