#include "report/figures/looks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct pool { /* looks that are given away */
    const zsc_look *item;
    size_t count;
} pool;

static bool is_free(const pool *p, const zsc_look *look)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->item[i].marker == look->marker && strcmp(p->item[i].colour, look->colour) == 0) return false;
    return true;
}

static bool is_free_in(const pool *p, size_t pools, const zsc_look *look)
{
    for (size_t i = 0; i < pools; i++)
        if (!is_free(&p[i], look)) return false;
    return true;
}

/* Colours beyond the seven: hues a golden angle apart, in three lightnesses. */
static void make_colour(size_t i, char out[8])
{
    static const double value[] = {0.8, 0.55, 0.95};
    double hue = fmod(0.61803398875 * (double)i, 1) * 6, v = value[i % 3], low = 0.25 * v;
    double rest = fmod(hue, 1), up = low + (v - low) * rest, down = v - (v - low) * rest;
    const double table[6][3] = {{v, up, low},   {down, v, low}, {low, v, up},
                                {low, down, v}, {up, low, v},   {v, low, down}};
    const double *rgb = table[(int)hue % 6];
    snprintf(out, 8, "#%02X%02X%02X", (unsigned)lround(255 * rgb[0]), (unsigned)lround(255 * rgb[1]),
             (unsigned)lround(255 * rgb[2]));
}

/* Fills what LOOK leaves open ("" as colour, 0 as marker), so that no pool has the look. */
static void find_free(zsc_look *look, const pool *p, size_t pools)
{
    enum { COLOURS = ZSC_STYLE_COLOURS, MARKERS = ZSC_STYLE_MARKERS };
    bool any_colour = !*look->colour, any_marker = !look->marker;
    const size_t looks = (size_t)COLOURS * MARKERS, given = p[0].count;
    for (size_t i = 0; i < looks && given < 2 * looks; i++) { /* neighbours in this order differ in both */
        if (any_colour) snprintf(look->colour, sizeof look->colour, "%s", zsc_style_colour(i));
        if (any_marker) look->marker = zsc_style_marker(any_colour ? i % COLOURS + i / COLOURS : i);
        if (is_free_in(p, pools, look)) return;
    }
    for (size_t i = given;; i++) { /* ends: there are more of these than encoders */
        make_colour(i, look->colour);
        if (any_marker) look->marker = zsc_style_marker(i);
        if (is_free_in(p, pools, look)) return;
    }
}

static zsc_look wanted_look(const zsc_styles *styles, const zsc_results_row *row, bool *fixed)
{
    zsc_look look = {.line = 1};
    const zsc_style *style = strchr(row->encoders, '+') ? NULL : zsc_styles_find(styles, row->encoders);
    const char *architecture = style && *style->architecture ? style->architecture : row->architectures;
    unsigned own = style ? style->own : 0;
    *fixed = own == (ZSC_OWN_COLOUR | ZSC_OWN_MARKER);
    if (style) {
        snprintf(look.colour, sizeof look.colour, "%s", style->colour);
        look.marker = style->marker;
        if (style->line) look.line = style->line;
    }
    for (size_t i = 0; i < styles->rules; i++) {
        const zsc_style *rule = &styles->rule[i];
        if (*rule->architecture && strcmp(rule->architecture, architecture) != 0) continue;
        if (*rule->method && strcmp(rule->method, style ? style->method : "") != 0) continue;
        if (*rule->colour && !(own & ZSC_OWN_COLOUR)) snprintf(look.colour, sizeof look.colour, "%s", rule->colour);
        if (rule->marker && !(own & ZSC_OWN_MARKER)) look.marker = rule->marker;
        if (rule->line && !(style && style->line)) look.line = rule->line;
    }
    return look;
}

static int by_encoders(const void *left, const void *right)
{
    const zsc_results_row *const *a = left, *const *b = right;
    return strcmp((*a)->encoders, (*b)->encoders);
}

static zsc_status distinct_encoders(const zsc_results_table *rows, const zsc_results_row ***out, size_t *count)
{
    zsc_status status = ZSC_OK;
    const zsc_results_row **list = NULL;
    size_t n = 0;
    ZSC_NEW(list, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) list[i] = &rows->item[i];
    qsort(list, rows->count, sizeof *list, by_encoders);
    for (size_t i = 0; i < rows->count; i++)
        if (n == 0 || strcmp(list[n - 1]->encoders, list[i]->encoders) != 0) list[n++] = list[i];
    *out = list;
    *count = n;
    list = NULL;
done:
    free(list);
    return status;
}

zsc_status zsc_looks_make(const zsc_styles *styles, const zsc_results_table *rows, zsc_looks *out)
{
    zsc_status status = ZSC_OK;
    const zsc_results_row **encoder = NULL;
    size_t count = 0;
    zsc_looks looks = {0};
    ZSC_TRY(distinct_encoders(rows, &encoder, &count));
    ZSC_NEW(looks.item, count + 1);
    for (int open = 0; open < 3; open++) /* whole looks first, then those with a part of one, then the others */
        for (size_t i = 0; i < count; i++) {
            bool fixed = false;
            zsc_look look = wanted_look(styles, encoder[i], &fixed);
            if ((*look.colour == '\0') + (look.marker == 0) != open) continue;
            const pool given = {looks.item, looks.count};
            if (open == 0 && !fixed && !is_free(&given, &look)) look.marker = 0;
            if (!*look.colour || !look.marker) find_free(&look, &given, 1);
            if (!(look.encoders = zsc_strdup(encoder[i]->encoders))) {
                status = ZSC_EINTERNAL;
                goto done;
            }
            looks.item[looks.count++] = look;
        }
    *out = looks;
    looks = (zsc_looks){0};
done:
    free(encoder);
    zsc_looks_free(&looks);
    return status;
}

zsc_status zsc_looks_assign(zsc_styles *styles, const zsc_results_table *rows)
{
    zsc_looks looks = {0};
    zsc_status status = zsc_looks_make(styles, rows, &looks);
    if (status != ZSC_OK) return status;
    zsc_looks_free(&styles->looks);
    styles->looks = looks;
    return ZSC_OK;
}

static bool is_taken(const zsc_looks_taken *taken, const zsc_look *look)
{
    for (size_t i = 0; i < taken->count; i++)
        if (taken->item[i].encoders == look->encoders) return true;
    return false;
}

zsc_status zsc_looks_take(zsc_looks_taken *taken, const char *encoders, zsc_look *out)
{
    zsc_look look = {.line = 1};
    size_t i = 0;
    while (i < taken->looks->count && strcmp(taken->looks->item[i].encoders, encoders) != 0) i++;
    if (i < taken->looks->count) look = taken->looks->item[i];
    if (i == taken->looks->count || is_taken(taken, &look)) {
        const pool given[] = {{taken->looks->item, taken->looks->count}, {taken->item, taken->count}};
        look.marker = 0;
        if (taken->looks->count == 1) *look.colour = '\0'; /* colours tell no encoders apart */
        find_free(&look, given, 2);
    }
    zsc_status status = zsc_grow(&taken->item, &taken->capacity, taken->count + 1, sizeof *taken->item,
                                 "looks of encoders");
    if (status != ZSC_OK) return status;
    taken->item[taken->count++] = look;
    *out = look;
    return ZSC_OK;
}
