/* AMI against rank: one curve per encoder, panels by modality. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/escape.h"
#include "report/figures.h"

enum { MOST_PANELS = 4 };

typedef struct layout {
    size_t first[MOST_PANELS], count[MOST_PANELS]; /* series of each panel */
    char *title[MOST_PANELS];
    size_t panels, most_curves, longest_label;
    bool solid, dashed;
} layout;

static zsc_status make_layout(const zsc_series_set *set, layout *l)
{
    *l = (layout){0};
    for (size_t k = 0; k < set->count; k++) {
        const zsc_series *s = &set->item[k];
        if (k == 0 || (strcmp(s->modality, set->item[k - 1].modality) != 0 && l->panels < MOST_PANELS)) {
            l->first[l->panels] = k;
            if (!(l->title[l->panels++] = zsc_modality_title(s->modality))) return ZSC_EINTERNAL;
        }
        size_t p = l->panels - 1;
        l->count[p]++;
        if (l->count[p] > l->most_curves) l->most_curves = l->count[p];
        size_t length = zsc_utf8_length(s->label);
        if (length > l->longest_label) l->longest_label = length;
        *(s->one_per_barcode ? &l->dashed : &l->solid) = true;
    }
    static const char dashes[] = "one per barcode"; /* a line of the legend too */
    if (l->solid && l->dashed && l->longest_label < sizeof dashes - 1) l->longest_label = sizeof dashes - 1;
    return ZSC_OK;
}

/* Solid and dashed curves of one encoder share one line of the legend. */
static bool in_legend(const zsc_series_set *set, size_t k, const layout *l)
{
    if (k == 0 || !(l->solid && l->dashed) || !set->item[k].one_per_barcode) return true;
    return strcmp(set->item[k].encoders, set->item[k - 1].encoders) != 0 ||
           strcmp(set->item[k].label, set->item[k - 1].label) != 0;
}

static size_t legend_lines(const zsc_series_set *set, const layout *l, size_t panel)
{
    size_t lines = 0;
    for (size_t k = l->first[panel]; k < l->first[panel] + l->count[panel]; k++) lines += in_legend(set, k, l);
    return lines;
}

/* The axis: from 0, or from below the lowest negative score, to the next multiple of 20 above the highest bar. */
static void value_range(const zsc_series_set *set, zsc_figure *f)
{
    double low = 0, high = 0;
    for (size_t k = 0; k < set->count; k++)
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[k].runs.mean[r];
            if (p->n) low = fmin(low, 100 * (p->mean - p->sd));
            if (p->n) high = fmax(high, 100 * (p->mean + p->sd));
        }
    zsc_figure_set(f, "low", "%g", low < -0.5 ? floor(low / 10) * 10 : 0);
    zsc_figure_set(f, "high", "%g", fmax(20, ceil((high - 0.5) / 20) * 20));
}

zsc_status zsc_figure_ranks(const zsc_series_set *set, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    layout l;
    ZSC_TRY(make_layout(set, &l));
    zsc_figure_begin(&f, options, "ranks");
    size_t lines = 0, all_lines = 0, longest_rank = 0;
    for (size_t p = 0; p < l.panels; p++) {
        size_t n = legend_lines(set, &l, p);
        if (n > lines) lines = n;
        all_lines += n + 2;
    }
    for (size_t r = 0; r < set->ranks; r++)
        if (strlen(set->rank[r]) > longest_rank) longest_rank = strlen(set->rank[r]);
    /* A wide figure has its legend at the right, a narrow one below. */
    double width = zsc_figure_width(options), line = 1.35 * options->font_size / 72;
    bool right = width > 4.6;
    double below = right ? 0 : line * (double)(lines + 1 + (l.solid && l.dashed)), plot = right ? 2.6 : 1.75;
    double height = plot + below + 4 * line;
    if (l.solid && l.dashed) all_lines += 3;
    if (right && height < line * (double)(all_lines + 2)) height = line * (double)(all_lines + 2);
    zsc_figure_size(&f, height);
    value_range(set, &f);
    zsc_figure_set(&f, "panels", "%zu", l.panels);
    zsc_figure_set(&f, "ranks", "%zu", set->ranks);
    zsc_figure_set(&f, "curves", "%zu", set->count);
    zsc_figure_set(&f, "legend_lines", "%zu", lines);
    zsc_figure_set(&f, "longest_label", "%zu", l.longest_label);
    zsc_figure_set(&f, "longest_rank", "%zu", longest_rank);
    zsc_figure_set(&f, "both", "%d", l.solid && l.dashed);
    zsc_figure_set(&f, "simulated", "%d", set->simulated);
    zsc_figure_block(&f, "panels: title, first curve, last curve, lines of legend");
    for (size_t p = 0; p < l.panels; p++) {
        zsc_figure_text(&f, l.title[p]);
        zsc_figure_number(&f, (double)l.first[p] + 1);
        zsc_figure_number(&f, (double)(l.first[p] + l.count[p]));
        zsc_figure_number(&f, (double)legend_lines(set, &l, p));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "ranks, coarse to fine");
    for (size_t r = 0; r < set->ranks; r++) {
        char *title = zsc_rank_title(set->rank[r]);
        zsc_figure_text(&f, title);
        free(title);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "curves: label, colour, marker, 1 solid or 2 dashed, 1 if in the legend");
    for (size_t k = 0; k < set->count; k++) {
        zsc_figure_text(&f, set->item[k].label);
        zsc_figure_number(&f, (double)strtol(set->item[k].colour + 1, NULL, 16));
        zsc_figure_number(&f, set->item[k].marker);
        zsc_figure_number(&f, l.dashed && l.solid && set->item[k].one_per_barcode ? 2 : 1);
        zsc_figure_number(&f, in_legend(set, k, &l));
        zsc_figure_end_line(&f);
    }
    for (size_t k = 0; k < set->count; k++) {
        zsc_figure_block(&f, "one curve: rank (from 1), mean AMI in %, sd over seeds, seeds");
        for (size_t r = 0; r < set->ranks; r++) {
            const zsc_seed_mean *p = &set->item[k].runs.mean[r];
            zsc_figure_number(&f, (double)r + 1);
            zsc_figure_number(&f, p->n ? 100 * p->mean : NAN);
            zsc_figure_number(&f, p->n > 1 ? 100 * p->sd : 0);
            zsc_figure_number(&f, (double)p->n);
            zsc_figure_end_line(&f);
        }
    }
    status = zsc_figure_finish(&f, "ranks", dumb);
done:
    for (size_t p = 0; p < l.panels; p++) free(l.title[p]);
    zsc_figure_drop(&f);
    return status;
}
