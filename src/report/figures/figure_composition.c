/* Taxa by their share of the rows: one column per rank, each taxon beside the one that it is in. Taxa that would be too
 * thin are drawn as one cell per parent, "others"; rows without a label are left blank. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/figures/colour.h"
#include "report/figures/figures.h"
#include "report/figures/text_width.h"

static const double THINNEST_POINTS = 2.2; /* height of a cell, at 8 points of text */
static const double COLUMN_EM = 7;         /* the least width of a column of ranks that nobody asked for */
static const double HEAD_LINES = 4.6, FOOT_LINES = 2.6;
static const long OTHERS = 0xd4d4d4, ABOVE = 0xb0b0b0; /* ABOVE: of ranks that are too coarse to be told apart */
enum { TWO_COLOURS = 2, FEW_COLOURS = 3 };

size_t zsc_figure_composition_ranks(const zsc_figure_options *options)
{
    double fit = floor((zsc_figure_width(options) / zsc_figure_em(options) - 2) / COLUMN_EM);
    return fit < 1 ? 1 : (size_t)fit;
}

/* A taxon among the children of its parent, in the order in which they are drawn. */
typedef struct child {
    const char *name; /* NULL: rows without a label */
    size_t rows;
    int32_t parent, taxon;
} child;

typedef struct cell {
    size_t low, high;  /* from the top: the rows before it, and with it */
    const char *name;  /* NULL: others */
    size_t merged;     /* of others: how many */
    size_t top, place; /* which cell of the first column it is in, and which it is of its own parent */
} cell;

typedef struct column {
    cell *item;
    size_t count, capacity, taxa, merged;
} column;

typedef struct drawing {
    const zsc_taxon_tree *tree;
    child *child;
    size_t *first;   /* of the children of taxon t: first[t + 1] to first[t + 2] - 1; t = -1: the first rank's */
    column *column;  /* of each rank */
    size_t coloured; /* the rank whose taxa have colours of their own */
    double thinnest; /* rows */
    zsc_status status;
} drawing;

/* --- Children */
static int by_parent(const void *a, const void *b)
{
    const child *x = a, *y = b;
    if (x->parent != y->parent) return x->parent < y->parent ? -1 : 1;
    if (!x->name || !y->name) return (x->name == NULL) - (y->name == NULL);
    if (x->rows != y->rows) return x->rows < y->rows ? 1 : -1;
    return strcmp(x->name, y->name);
}

static zsc_status make_children(drawing *d)
{
    zsc_status status = ZSC_OK;
    const zsc_taxon_tree *t = d->tree;
    ZSC_NEW_RAW(d->child, t->taxa);
    ZSC_NEW(d->first, t->taxa + 2);
    ZSC_NEW(d->column, t->ranks);
    for (size_t i = 0; i < t->taxa; i++) {
        const zsc_taxon *x = &t->taxon[i];
        d->child[i] = (child){.name = x->name < 0 ? NULL : zsc_names_get(&t->names[x->rank], (size_t)x->name),
                              .rows = x->rows,
                              .parent = x->parent,
                              .taxon = (int32_t)i};
        d->first[x->parent + 2]++;
        d->column[x->rank].taxa += x->name >= 0;
    }
    for (size_t i = 1; i < t->taxa + 2; i++) d->first[i] += d->first[i - 1];
    qsort(d->child, t->taxa, sizeof *d->child, by_parent);
done:
    return status;
}

/* --- Cells */
static cell *add_cell(drawing *d, size_t rank, cell c)
{
    column *col = &d->column[rank];
    if (d->status == ZSC_OK)
        d->status = zsc_grow(&col->item, &col->capacity, col->count + 1, sizeof *col->item, "cells");
    if (d->status != ZSC_OK) return NULL;
    col->item[col->count++] = c;
    return &col->item[col->count - 1];
}

/* Adds the labelled rows and taxa below TAXON, by rank. */
static void count_below(const drawing *d, int32_t taxon, size_t *rows, size_t *taxa)
{
    for (size_t i = d->first[taxon + 1]; i < d->first[taxon + 2]; i++) {
        const child *c = &d->child[i];
        size_t rank = d->tree->taxon[c->taxon].rank;
        rows[rank] += c->name ? c->rows : 0;
        taxa[rank] += c->name != NULL;
        count_below(d, c->taxon, rows, taxa);
    }
}

/* Children FROM to TO as one cell, and what is in them as one cell per further rank. */
static zsc_status merge(drawing *d, size_t rank, size_t from, size_t to, size_t low, size_t top)
{
    zsc_status status = ZSC_OK;
    size_t *rows = NULL, *taxa = NULL;
    ZSC_NEW(rows, d->tree->ranks);
    ZSC_NEW(taxa, d->tree->ranks);
    for (size_t i = from; i < to; i++) {
        rows[rank] += d->child[i].rows;
        taxa[rank]++;
        count_below(d, d->child[i].taxon, rows, taxa);
    }
    for (size_t k = rank; k < d->tree->ranks; k++) {
        d->column[k].merged += taxa[k];
        if ((double)rows[k] >= d->thinnest / 4)
            add_cell(d, k, (cell){.low = low, .high = low + rows[k], .merged = taxa[k], .top = top});
    }
done:
    free(rows);
    free(taxa);
    return status;
}

/* The children of TAXON from row LOW on; as deep as there are ranks. */
static void place(drawing *d, int32_t taxon, size_t rank, size_t low, size_t top)
{
    size_t from = d->first[taxon + 1], to = d->first[taxon + 2], i = from, labelled = to;
    while (labelled > from && !d->child[labelled - 1].name) labelled--;
    for (; i < labelled && (double)d->child[i].rows >= d->thinnest; i++) {
        const child *c = &d->child[i];
        size_t mine = rank <= d->coloured ? d->column[rank].count : top;
        add_cell(d, rank, (cell){.low = low, .high = low + c->rows, .name = c->name, .top = mine, .place = i - from});
        place(d, c->taxon, rank + 1, low, mine);
        low += c->rows;
    }
    if (i < labelled && d->status == ZSC_OK) d->status = merge(d, rank, i, labelled, low, top);
    for (; i < labelled; i++) low += d->child[i].rows;
    for (; i < to; i++) {
        place(d, d->child[i].taxon, rank + 1, low, top);
        low += d->child[i].rows;
    }
}

static void clear_cells(drawing *d)
{
    for (size_t k = 0; k < d->tree->ranks; k++) d->column[k].count = d->column[k].merged = 0;
}

/* The coarsest rank of which LEAST taxa at least are shown by name; the last rank where there is none. */
static size_t find_coloured(const drawing *d, size_t least)
{
    size_t rank = 0;
    for (; rank + 1 < d->tree->ranks; rank++) {
        size_t named = 0;
        for (size_t i = 0; i < d->column[rank].count; i++) named += d->column[rank].item[i].name != NULL;
        if (named >= least) break;
    }
    return rank;
}

/* Which taxa are shown does not depend on where colours start. */
static void make_cells(drawing *d)
{
    place(d, -1, 0, 0, 0);
    d->coloured = find_coloured(d, FEW_COLOURS);
    if (d->coloured + 1 == d->tree->ranks) d->coloured = find_coloured(d, TWO_COLOURS);
    clear_cells(d);
    place(d, -1, 0, 0, 0);
}

/* --- Output */
static long mixed(long a, long b, double share)
{
    long out = 0;
    for (int shift = 16; shift >= 0; shift -= 8)
        out = out << 8 | lround((double)(a >> shift & 255) * (1 - share) + (double)(b >> shift & 255) * share);
    return out;
}

/* Taxa of the coloured rank by size; what is in them lighter, neighbours in two shades. */
static long colour_of(const drawing *d, size_t rank, const cell *c)
{
    if (!c->name) return OTHERS;
    if (rank < d->coloured) return mixed(ABOVE, 0xffffff, c->place % 2 ? 0.45 : 0.2);
    long colour = c->top < ZSC_STYLE_COLOURS ? zsc_colour_rgb(zsc_style_colour(c->top)) : 0x8a8a8a;
    return rank == d->coloured ? mixed(colour, 0xffffff, 0.1) : mixed(colour, 0xffffff, c->place % 2 ? 0.62 : 0.42);
}

/* Dark text on light cells. */
static long text_colour(const zsc_figure_options *o, long colour)
{
    double lightness = zsc_colour_lightness(o->dark ? zsc_colour_on_dark(colour) : colour);
    return lightness > 58 ? 0x161616 : 0xf4f4f4;
}

static void put_text(zsc_figure *f, const char *text, double most_em)
{
    char *shown = zsc_text_shorten(text, most_em);
    zsc_figure_text(f, shown);
    free(shown);
}

/* LINE: the height of a line of text, in rows. */
static void put_cell(zsc_figure *f, const drawing *d, size_t rank, const cell *c, double line, double width_em)
{
    double n = (double)d->tree->rows;
    long colour = colour_of(d, rank, c);
    char *others = zsc_asprintf("%zu other%s", c->merged, c->merged == 1 ? "" : "s");
    zsc_figure_number(f, (double)rank);
    zsc_figure_number(f, 1 - (double)c->low / n);
    zsc_figure_number(f, 1 - (double)c->high / n);
    zsc_figure_rgb(f, colour);
    if ((double)(c->high - c->low) >= line)
        put_text(f, c->name ? c->name : others ? others : "", width_em);
    else
        zsc_figure_text(f, "");
    zsc_figure_number(f, (double)text_colour(f->options, colour));
    zsc_figure_number(f, (double)(c->high - c->low));
    zsc_figure_end_line(f);
    free(others);
}

static void put_columns(zsc_figure *f, const drawing *d, double width_em)
{
    zsc_figure_block(f, "ranks: title, taxa, how many of them have a cell of their own");
    for (size_t k = 0; k < d->tree->ranks; k++) {
        const column *c = &d->column[k];
        char *title = zsc_rank_title(d->tree->rank[k]),
             *taxa = zsc_asprintf("%zu tax%s", c->taxa, c->taxa == 1 ? "on" : "a"),
             *shown = c->merged ? zsc_asprintf("%zu shown", c->taxa - c->merged) : zsc_strdup("");
        put_text(f, title ? title : "", width_em);
        put_text(f, taxa ? taxa : "", width_em);
        put_text(f, shown ? shown : "", width_em);
        zsc_figure_end_line(f);
        if (!title || !taxa || !shown) f->text.failed = true;
        free(title);
        free(taxa);
        free(shown);
    }
}

zsc_status zsc_figure_composition(const zsc_taxon_tree *tree, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    drawing d = {.tree = tree};
    char *note = NULL;
    bool text = options->format == ZSC_FIGURE_DUMB;
    double em = zsc_figure_em(options), line = zsc_figure_line(options), unit = zsc_figure_unit(options);
    double width_em = (zsc_figure_width(options) / em - 1.6) / (double)tree->ranks - 0.8,
           around = (HEAD_LINES + FOOT_LINES) * line;
    if (width_em < 2) {
        status = zsc_fail(ZSC_EINPUT,
                          "%zu ranks have no space in a figure of %.3g inches: choose some with --ranks, or set "
                          "--columns 2 or --width",
                          tree->ranks, zsc_figure_width(options));
        goto done;
    }
    zsc_figure_begin(&f, options, "composition");
    zsc_figure_size(&f, (zsc_figure_is_wide(options) ? 4.5 : 3.6) * unit + around, 5 * line + around);
    double plot = text ? (double)options->text_rows * line - around : f.height - around;
    d.thinnest = (text ? 2 * line : THINNEST_POINTS / 72 * unit) / plot * (double)tree->rows;
    ZSC_TRY(make_children(&d));
    make_cells(&d);
    ZSC_TRY(d.status);
    note = zsc_asprintf("%zu rows; blank: no label", tree->rows);
    zsc_figure_set(&f, "ranks", "%zu", tree->ranks);
    zsc_figure_set(&f, "low", "%.2g", 100 * d.thinnest / (double)tree->rows);
    zsc_figure_set(&f, "simulated", "%d", tree->simulated);
    zsc_figure_set_text(&f, "note", note);
    put_columns(&f, &d, width_em);
    zsc_figure_block(&f,
                     "cells: rank (from 0), upper and lower end (1: the top), colour, name, colour of the name, rows");
    for (size_t k = 0; k < tree->ranks; k++)
        for (size_t i = 0; i < d.column[k].count; i++)
            put_cell(&f, &d, k, &d.column[k].item[i], (text ? 2 : 1.02) * line / plot * (double)tree->rows, width_em);
    status = zsc_figure_finish(&f, "composition", dumb);
done:
    for (size_t k = 0; d.column && k < tree->ranks; k++) free(d.column[k].item);
    free(d.column);
    free(d.child);
    free(d.first);
    free(note);
    zsc_figure_drop(&f);
    return status;
}
