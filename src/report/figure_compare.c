/* Paired differences of AMI to one encoder, with intervals. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/figures.h"

/* AMI of encoder E minus that of BASE, at one rank. */
static zsc_difference difference_of(const zsc_compare_group *g, size_t rank, size_t e, size_t base)
{
    for (size_t i = 0; i < g->differences; i++) {
        zsc_difference d = g->difference[i];
        if (d.rank != rank || !((d.a == e && d.b == base) || (d.a == base && d.b == e))) continue;
        if (d.a == e) return d;
        d.value = -d.value;
        d.interval = (zsc_interval){-d.interval.high, -d.interval.low};
        d.joint = (zsc_interval){-d.joint.high, -d.joint.low};
        return d;
    }
    return (zsc_difference){.value = NAN, .interval = {NAN, NAN}};
}

static zsc_status find_baseline(const zsc_compare_group *g, const char *name, size_t *base)
{
    *base = 0;
    while (name && *base < g->encoders && strcmp(g->encoder[*base], name) != 0) ++*base;
    if (*base < g->encoders) return ZSC_OK;
    zsc_text list = {0};
    for (size_t e = 0; e < g->encoders; e++) zsc_text_printf(&list, "%s%s", e ? ", " : "", g->encoder[e]);
    zsc_status status = zsc_fail(ZSC_EINPUT, "there is no result of the baseline '%s'; there are %s", name,
                                 list.data ? list.data : "none");
    free(list.data);
    return status;
}

static char *label_of(const zsc_series_set *set, const zsc_styles *styles, const char *encoder)
{
    return strchr(encoder, '+') ? zsc_encoders_label(styles, encoder, "")
                                : zsc_encoder_attribute(set, styles, encoder, false);
}

static void put_settings(zsc_figure *f, const zsc_compare_group *g, size_t base, double level,
                         const zsc_series_set *set, const zsc_styles *styles)
{
    const zsc_figure_options *o = f->options;
    double low = 0, high = 0, line = 1.35 * o->font_size / 72;
    size_t longest = 10, longest_rank = 4;
    for (size_t e = 0; e < g->encoders; e++) {
        if (zsc_utf8_length(g->encoder[e]) > longest) longest = zsc_utf8_length(g->encoder[e]);
        for (size_t r = 0; e != base && r < g->ranks; r++) {
            zsc_difference d = difference_of(g, r, e, base);
            if (!isfinite(d.value)) continue;
            low = fmin(low, 100 * (isfinite(d.interval.low) ? d.interval.low : d.value));
            high = fmax(high, 100 * (isfinite(d.interval.high) ? d.interval.high : d.value));
        }
    }
    for (size_t r = 0; r < g->ranks; r++)
        if (zsc_utf8_length(g->rank[r]) > longest_rank) longest_rank = zsc_utf8_length(g->rank[r]);
    bool right = zsc_figure_width(o) > 4.6;
    zsc_figure_size(f, (right ? 2.6 : 2.1) + (right ? 0 : line * (double)(g->encoders + 1)));
    zsc_figure_set(f, "items", "%zu", g->encoders - 1);
    zsc_figure_set(f, "ranks", "%zu", g->ranks);
    zsc_figure_set(f, "longest_label", "%zu", longest);
    zsc_figure_set(f, "longest_rank", "%zu", longest_rank);
    zsc_figure_set(f, "low", "%.6g", low);
    zsc_figure_set(f, "high", "%.6g", high > low ? high : low + 1);
    zsc_figure_set(f, "simulated", "%d", g->simulated);
    char *label = label_of(set, styles, g->encoder[base]);
    zsc_figure_set_text(f, "note", label);
    free(label);
    zsc_figure_set(f, "level", "%.4g", 100 * level);
}

zsc_status zsc_figure_compare(const zsc_compare_group *g, const char *baseline, double level, const zsc_series_set *set,
                              const zsc_styles *styles, const zsc_figure_options *options, char **dumb)
{
    zsc_figure f;
    size_t base, shown = 0;
    if (g->encoders < 2)
        return zsc_fail(ZSC_EINPUT, "a comparison needs two encoders or more, and there is %zu", g->encoders);
    zsc_status status = find_baseline(g, baseline, &base);
    if (status != ZSC_OK) return status;
    zsc_figure_begin(&f, options, "compare");
    put_settings(&f, g, base, level, set, styles);
    zsc_figure_block(&f, "compared: label, colour, marker");
    for (size_t e = 0; e < g->encoders; e++) {
        if (e == base) continue;
        char *label = label_of(set, styles, g->encoder[e]);
        if (!label) f.text.failed = true;
        zsc_figure_text(&f, label ? label : "");
        free(label);
        zsc_figure_number(&f, (double)strtol(zsc_style_colour(shown) + 1, NULL, 16));
        zsc_figure_number(&f,
                          zsc_style_marker(shown % 6)); /* filled markers: gnuplot numbers the hollow form one lower */
        zsc_figure_end_line(&f);
        shown++;
    }
    zsc_figure_block(&f, "ranks, coarse to fine");
    for (size_t r = 0; r < g->ranks; r++) {
        char *title = zsc_rank_title(g->rank[r]);
        zsc_figure_text(&f, title);
        free(title);
        zsc_figure_end_line(&f);
    }
    for (size_t e = 0; e < g->encoders; e++) {
        if (e == base) continue;
        zsc_figure_block(
            &f, "one of them: rank (from 1), difference of AMI in points, low, high, 1 if it holds among all at once");
        for (size_t r = 0; r < g->ranks; r++) {
            zsc_difference d = difference_of(g, r, e, base);
            zsc_figure_number(&f, (double)r + 1);
            zsc_figure_number(&f, 100 * d.value);
            zsc_figure_number(&f, 100 * d.interval.low);
            zsc_figure_number(&f, 100 * d.interval.high);
            zsc_figure_number(&f, d.holds);
            zsc_figure_end_line(&f);
        }
    }
    return zsc_figure_finish(&f, "compare", dumb);
}
