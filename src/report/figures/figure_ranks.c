/* AMI against rank: one curve per encoder, panels by modality. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/reference_scores.h"
#include "report/figures/colour.h"
#include "report/escape.h"
#include "report/figures/figures.h"
#include "report/figures/legend.h"
#include "report/figures/panels.h"
#include "report/figures/text_width.h"

enum { MOST_PANELS = ZSC_FIGURE_MOST_PANELS, LONGEST_RANK_EM = 14 };
enum { REFERENCE = 0x707070, BAND = 0xc8c8c8 }; /* as in plots/ranks.gp */

typedef struct layout {
    size_t first[MOST_PANELS], count[MOST_PANELS]; /* series of each panel */
    char *title[MOST_PANELS];
    size_t panels;
    bool solid, dashed, lines; /* rows of both kinds; lines that styles give */
    bool published;            /* zsc_ami_figure */
    bool ceiling, chance;      /* what scores are held against is drawn */
    double angle;              /* of the names of ranks */
    double least_height;       /* inches */
    zsc_panels grid;
    zsc_legend legend;
} layout;

static zsc_status make_panels(const zsc_series_set *set, const zsc_figure_panels *named, layout *l)
{
    for (size_t k = 0; k < set->count; k++) {
        const zsc_series *s = &set->item[k];
        if (k == 0 || (strcmp(s->modality, set->item[k - 1].modality) != 0 && l->panels < MOST_PANELS)) {
            l->first[l->panels] = k;
            l->title[l->panels] = named ? zsc_strdup(named->title[l->panels]) : zsc_modality_title(s->modality);
            if (!l->title[l->panels++]) return ZSC_EINTERNAL;
        }
        l->count[l->panels - 1]++;
        *(s->one_per_barcode ? &l->dashed : &l->solid) = true;
        l->lines |= s->look.line != ZSC_LINE_SOLID;
    }
    return ZSC_OK;
}

static bool shows_both(const layout *l) { return l->solid && l->dashed; }

/* All rows and one per barcode of one encoder share one line of the legend. */
static bool in_legend(const zsc_series_set *set, size_t k, const layout *l)
{
    if (k == 0 || !shows_both(l) || !set->item[k].one_per_barcode) return true;
    return strcmp(set->item[k].encoders, set->item[k - 1].encoders) != 0 ||
           strcmp(set->item[k].label, set->item[k - 1].label) != 0;
}

/* --- A legend of methods and one of architectures, for encoders that are made of both */
static bool first_of(const zsc_series_set *set, size_t from, size_t k, bool method)
{
    for (size_t i = from; i < k; i++)
        if (strcmp(method ? set->item[i].method : set->item[i].architecture,
                   method ? set->item[k].method : set->item[k].architecture) == 0)
            return false;
    return true;
}

/* Whether method and architecture say colour and marker of all curves of a panel, in fewer lines than a list; in the
 * published look, in any number of lines. */
static bool is_product(const zsc_series_set *set, const layout *l, size_t p)
{
    size_t methods = 0, architectures = 0, encoders = 0, from = l->first[p], end = from + l->count[p];
    for (size_t k = from; k < end; k++) {
        const zsc_series *s = &set->item[k];
        if (!*s->method || !*s->architecture) return false;
        methods += first_of(set, from, k, true);
        architectures += first_of(set, from, k, false);
        encoders += in_legend(set, k, l);
        for (size_t i = from; i < k; i++) {
            const zsc_series *o = &set->item[i];
            if ((strcmp(s->architecture, o->architecture) == 0) != (s->look.marker == o->look.marker)) return false;
            if (strcmp(s->architecture, o->architecture) == 0 &&
                (strcmp(s->method, o->method) == 0) != (strcmp(s->look.colour, o->look.colour) == 0))
                return false;
        }
    }
    return l->published || methods + architectures < encoders;
}

/* The darkest shade stands for a method. */
static const char *darkest(const zsc_series_set *set, const layout *l, size_t p, const char *method)
{
    const char *best = NULL;
    for (size_t k = l->first[p]; k < l->first[p] + l->count[p]; k++) {
        const char *colour = set->item[k].look.colour;
        if (strcmp(set->item[k].method, method) != 0) continue;
        if (!best || zsc_colour_lightness(zsc_colour_rgb(colour)) < zsc_colour_lightness(zsc_colour_rgb(best)))
            best = colour;
    }
    return best;
}

/* Whether an architecture has another shade than the darkest. */
static bool is_light(const zsc_series_set *set, const layout *l, size_t p, const char *architecture)
{
    for (size_t k = l->first[p]; k < l->first[p] + l->count[p]; k++) {
        const zsc_series *s = &set->item[k];
        if (strcmp(s->architecture, architecture) == 0 && strcmp(s->look.colour, darkest(set, l, p, s->method)) != 0)
            return true;
    }
    return false;
}

static void add_product(const zsc_series_set *set, layout *l, size_t p)
{
    size_t from = l->first[p], end = from + l->count[p];
    for (size_t k = from; k < end; k++) {
        const zsc_series *s = &set->item[k];
        if (first_of(set, from, k, true))
            zsc_legend_add(&l->legend, s->method,
                           (zsc_legend_entry){.colour = zsc_colour_rgb(darkest(set, l, p, s->method)), .line = 1});
    }
    for (size_t k = from; k < end; k++) {
        const zsc_series *s = &set->item[k];
        if (first_of(set, from, k, false))
            zsc_legend_add(&l->legend, s->architecture,
                           (zsc_legend_entry){.colour = is_light(set, l, p, s->architecture) ? 0x909090 : 0x303030,
                                              .marker = s->look.marker,
                                              .line = l->lines ? s->look.line : 0});
    }
}

/* --- What scores are held against */
static bool any_value(const zsc_series_set *set, size_t offset)
{
    for (size_t k = 0; k < set->count; k++)
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[k].runs.mean[r];
            if (p->n && !isnan(*(const double *)(const void *)((const char *)p + offset))) return true;
        }
    return false;
}

static void add_reference(const zsc_series_set *set, layout *l)
{
    const char *rank = set->count ? zsc_ceiling_rank(set->item[0].runs.first->clusters_rule, zsc_series_finest(set))
                                  : NULL;
    bool one_rule = true;
    for (size_t k = 1; k < set->count; k++)
        one_rule &= strcmp(set->item[k].runs.first->clusters_rule, set->item[0].runs.first->clusters_rule) == 0;
    char *text = rank && one_rule ? zsc_asprintf("perfect clusters: true %s", zsc_rank_word(rank))
                                  : zsc_strdup("perfect clusters");
    if (!text) l->legend.failed = true;
    if (l->ceiling && text)
        zsc_legend_add(&l->legend, text, (zsc_legend_entry){.colour = REFERENCE, .line = 1, .thin = true});
    if (l->chance) zsc_legend_add(&l->legend, "random clusters (95 %)", (zsc_legend_entry){.colour = BAND, .line = 1});
    free(text);
}

/* Whether an earlier series of the panel has the same at this rank. */
static bool stands_there(const zsc_series_set *set, size_t from, size_t k, size_t r)
{
    const zsc_seed_mean *own = &set->item[k].runs.mean[r];
    for (size_t i = from; i < k; i++) {
        const zsc_seed_mean *p = &set->item[i].runs.mean[r];
        bool same_ceiling = fabs(p->ceiling - own->ceiling) < 1e-9 || isnan(own->ceiling);
        bool same_chance = fabs(p->chance_sd - own->chance_sd) < 1e-9 || isnan(own->chance_sd);
        if (p->n && same_ceiling && same_chance) return true;
    }
    return false;
}

static void put_reference(zsc_figure *f, const zsc_series_set *set, const layout *l)
{
    zsc_figure_block(f,
                     "reference: panel (from 1), rank (from 1), AMI of perfect clusters in %, 1.96 sd of random ones");
    for (size_t p = 0; p < l->panels; p++)
        for (size_t k = l->first[p]; k < l->first[p] + l->count[p]; k++)
            for (size_t r = 0; r < set->ranks; r++) {
                const zsc_seed_mean *m = &set->item[k].runs.mean[r];
                if (m->n == 0 || stands_there(set, l->first[p], k, r)) continue;
                zsc_figure_number(f, (double)p + 1);
                zsc_figure_number(f, (double)r + 1);
                zsc_figure_number(f, l->ceiling ? 100 * m->ceiling : NAN);
                zsc_figure_number(f, 100 * 1.96 * m->chance_sd);
                zsc_figure_end_line(f);
            }
}

static void make_legend(const zsc_series_set *set, bool same_curves, layout *l)
{
    for (size_t p = 0; p < (same_curves ? 1 : l->panels); p++) {
        if (l->panels > 1 && !same_curves) zsc_legend_heading(&l->legend, *l->title[p] ? l->title[p] : "Others");
        if (is_product(set, l, p)) {
            add_product(set, l, p);
            continue;
        }
        for (size_t k = l->first[p]; k < l->first[p] + l->count[p]; k++) {
            const zsc_series *s = &set->item[k];
            if (!in_legend(set, k, l)) continue;
            zsc_legend_add(&l->legend, s->label,
                           (zsc_legend_entry){.colour = zsc_colour_rgb(s->look.colour),
                                              .marker = s->look.marker,
                                              .line = s->look.line});
        }
    }
    if (l->ceiling || l->chance) add_reference(set, l);
    if (!shows_both(l)) return;
    zsc_legend_add(&l->legend, "all rows", (zsc_legend_entry){.colour = 0x777777, .line = 1});
    zsc_legend_add(&l->legend, "one per barcode",
                   (zsc_legend_entry){.colour = 0x777777, .line = l->lines ? 1 : 2, .thin = l->lines});
}

/* --- Sizes */
static double longest_rank_em(const zsc_figure_options *o, const zsc_series_set *set, size_t ranks)
{
    double longest = 3;
    for (size_t r = 0; r < ranks; r++) {
        char *title = zsc_rank_title(set->rank[r]);
        if (title) longest = fmax(longest, zsc_figure_text_em(o, title));
        free(title);
    }
    return fmin(longest, LONGEST_RANK_EM);
}

/* Names of ranks are drawn at 40 degrees where they have space for that, else upright. */
static double angle_of_ranks(const zsc_figure_options *o, const zsc_series_set *set, const zsc_panels *g)
{
    double em = zsc_figure_em(o), step = g->width / ((double)set->ranks - 0.2);
    double reach = longest_rank_em(o, set, 1) * 0.77 * em; /* of the first, to the left */
    return step >= 1.6 * em && reach < g->left + 0.4 * step ? 40 : 90;
}

static double height_of_ranks(const zsc_figure_options *o, const zsc_series_set *set, double angle)
{
    double longest = longest_rank_em(o, set, set->ranks);
    if (o->format == ZSC_FIGURE_DUMB) return 2 * zsc_figure_line(o);
    return (angle > 45 ? longest + 0.6 : 0.65 * longest + 1.3) * zsc_figure_em(o);
}

/* As many panels in a row as leave space for the names of ranks. */
static void place_panels(const zsc_figure_options *o, const zsc_series_set *set, layout *l)
{
    double em = zsc_figure_em(o), line = zsc_figure_line(o), upright = 1.15 * em;
    zsc_panels *g = &l->grid;
    *g = (zsc_panels){.count = l->panels,
                      .left = 3.5 * em,
                      .right = 0.6 * em + l->legend.width,
                      .gap = 0.9 * em,
                      .above = 1.5 * line,
                      .head = 1.3 * line,
                      .foot = l->legend.height};
    zsc_panels_fit(g, o, fmax(8 * em, upright * (double)set->ranks));
    l->angle = angle_of_ranks(o, set, g);
    g->below = height_of_ranks(o, set, l->angle);
    g->height = 5 * line;
    l->least_height = zsc_panels_height(g);
    g->height = (zsc_figure_is_wide(o) ? 2.1 : 1.75) * zsc_figure_unit(o);
    if (l->legend.right) g->height = fmax(g->height, (double)l->legend.count * line - g->below);
}

/* The axis: from 0, or from below the lowest negative score, to the next multiple of 20 (published look: 10) above the
 * highest bar. */
static void value_range(const zsc_series_set *set, const layout *l, zsc_figure *f)
{
    double low = 0, high = 0;
    for (size_t k = 0; k < set->count; k++)
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[k].runs.mean[r];
            if (p->n) low = fmin(low, 100 * (p->mean - p->sd));
            if (p->n) high = fmax(high, 100 * (p->mean + p->sd));
            if (p->n && l->ceiling) high = fmax(high, 100 * p->ceiling);
            if (p->n && l->chance) low = fmin(low, -196 * p->chance_sd);
        }
    double bottom = low < -0.5 ? floor(low / 10) * 10 : 0, step = l->published ? 10 : 20,
           top = fmax(20, ceil((high - 0.5) / step) * step);
    zsc_figure_set(f, "low", "%g", bottom);
    zsc_figure_set(f, "high", "%g", top);
    zsc_figure_set(f, "y_step", "%d", l->published || top - bottom <= 60 ? 10 : 20);
}

/* Where there is one rank alone, curves are points, side by side in the order of the legend. */
static double shift_of(const zsc_series_set *set, const layout *l, size_t k)
{
    size_t p = 0;
    while (p + 1 < l->panels && k >= l->first[p + 1]) p++;
    if (set->ranks > 1 || l->count[p] < 2) return 0;
    return 0.6 * ((double)(k - l->first[p]) / (double)(l->count[p] - 1) - 0.5);
}

static void put_curve(zsc_figure *f, const zsc_series_set *set, const layout *l, size_t k)
{
    zsc_figure_block(f, "one curve: rank (from 1), mean score in %, sd over seeds, seeds");
    for (size_t r = 0; r < set->ranks; r++) {
        const zsc_seed_mean *p = &set->item[k].runs.mean[r];
        zsc_figure_number(f, (double)r + 1 + shift_of(set, l, k));
        zsc_figure_number(f, p->n ? 100 * p->mean : NAN);
        zsc_figure_number(f, p->n > 1 ? 100 * p->sd : 0);
        zsc_figure_number(f, (double)p->n);
        zsc_figure_end_line(f);
    }
}

static void put_panels(zsc_figure *f, const layout *l)
{
    zsc_figure_block(f,
                     "panels: title, first curve, last curve, left, right, bottom, top (fractions of the figure), 1 if "
                     "the first of its row");
    for (size_t p = 0; p < l->panels; p++) {
        zsc_figure_text(f, l->title[p]);
        zsc_figure_number(f, (double)l->first[p] + 1);
        zsc_figure_number(f, (double)(l->first[p] + l->count[p]));
        zsc_panels_put(f, &l->grid, p);
        zsc_figure_end_line(f);
    }
}

static void put_ranks(zsc_figure *f, const zsc_series_set *set)
{
    zsc_figure_block(f, "ranks, coarse to fine");
    for (size_t r = 0; r < set->ranks; r++) {
        char *title = zsc_rank_title(set->rank[r]), *shown = title ? zsc_text_shorten(title, LONGEST_RANK_EM) : NULL;
        zsc_figure_text(f, shown);
        free(title);
        free(shown);
        zsc_figure_end_line(f);
    }
}

/* What the axis says of rarefied scores. */
static zsc_status set_rarefied(zsc_figure *f, size_t rows)
{
    char *title = zsc_asprintf("AMI of %zu rows", rows);
    if (!title) return ZSC_EINTERNAL;
    zsc_figure_set_text(f, "y_title", title);
    free(title);
    return ZSC_OK;
}

static zsc_status draw(const zsc_series_set *set, const zsc_figure_panels *panels, zsc_ami_figure how,
                       const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    layout l = {.published = how.published,
                .ceiling = how.ceiling && any_value(set, offsetof(zsc_seed_mean, ceiling)),
                .chance = !panels && any_value(set, offsetof(zsc_seed_mean, chance_sd))};
    ZSC_TRY(make_panels(set, panels, &l));
    make_legend(set, panels != NULL, &l);
    zsc_legend_place(&l.legend, options, 3.6 * zsc_figure_unit(options));
    place_panels(options, set, &l);
    zsc_figure_begin(&f, options, "ranks");
    zsc_figure_size(&f, zsc_panels_height(&l.grid), l.least_height);
    value_range(set, &l, &f);
    if (panels) zsc_figure_set_text(&f, "y_title", panels->y_title);
    if (how.rarefied) ZSC_TRY(set_rarefied(&f, how.rarefied));
    zsc_figure_set(&f, "panels", "%zu", l.panels);
    zsc_figure_set(&f, "ranks", "%zu", set->ranks);
    zsc_figure_set(&f, "curves", "%zu", set->count);
    zsc_figure_set(&f, "rank_angle", "%g", l.angle);
    zsc_figure_set(&f, "simulated", "%d", set->simulated);
    zsc_legend_settings(&f, &l.legend, 4 + set->count);
    zsc_figure_set(&f, "reference_block", "%zu", l.ceiling || l.chance ? 5 + set->count : 0);
    put_panels(&f, &l);
    put_ranks(&f, set);
    zsc_figure_block(&f, "curves: label, colour, marker, line, 1 if thin");
    for (size_t k = 0; k < set->count; k++) {
        const zsc_series *s = &set->item[k];
        bool second = shows_both(&l) && s->one_per_barcode;
        zsc_figure_text(&f, s->label);
        zsc_figure_colour(&f, s->look.colour);
        zsc_figure_number(&f, s->look.marker);
        zsc_figure_number(&f, second && !l.lines ? ZSC_LINE_DASHED : s->look.line);
        zsc_figure_number(&f, second && l.lines);
        zsc_figure_end_line(&f);
    }
    for (size_t k = 0; k < set->count; k++) put_curve(&f, set, &l, k);
    zsc_legend_put(&f, &l.legend, 2.8 * zsc_figure_line(options));
    if (l.ceiling || l.chance) put_reference(&f, set, &l);
    status = zsc_figure_finish(&f, "ranks", dumb);
done:
    for (size_t p = 0; p < l.panels; p++) free(l.title[p]);
    zsc_legend_free(&l.legend);
    zsc_figure_drop(&f);
    return status;
}

zsc_status zsc_figure_ranks(const zsc_series_set *set, zsc_ami_figure how, const zsc_figure_options *options,
                            char **dumb)
{
    return draw(set, NULL, how, options, dumb);
}

zsc_status zsc_figure_ranks_of(const zsc_series_set *set, const zsc_figure_panels *panels,
                               const zsc_figure_options *options, char **dumb)
{
    return draw(set, panels, (zsc_ami_figure){0}, options, dumb);
}
