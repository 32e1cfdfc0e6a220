/* What runs cost: seconds by stage and memory (stages), and both against the number of rows (growth). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/figures.h"

enum { MOST_STAGES = 12 };

typedef struct bar { /* mean over the runs of one series */
    char *label;
    double seconds[MOST_STAGES], memory;
    size_t runs;
} bar;

/* Seconds of STAGE in "load=0.1;knn=2"; 0 where it is not there. */
static double stage_seconds(const char *stages, const char *stage, size_t length)
{
    for (const char *p = stages; *p; p += strcspn(p, ";"), p += *p == ';')
        if (strncmp(p, stage, length) == 0 && p[length] == '=') return strtod(p + length + 1, NULL);
    return 0;
}

static zsc_status collect_stages(const zsc_tidy *rows, zsc_list *stages)
{
    for (size_t i = 0; i < rows->count; i++)
        for (const char *p = rows->item[i].stages; *p; p += strcspn(p, ";"), p += *p == ';') {
            char *name = zsc_strndup(p, strcspn(p, "=;"));
            zsc_status status = !name ? ZSC_EINTERNAL
                                : !*name || zsc_list_has(stages, name) || stages->count == MOST_STAGES
                                    ? ZSC_OK
                                    : zsc_list_add(stages, name);
            free(name);
            if (status != ZSC_OK) return status;
        }
    return ZSC_OK;
}

/* A run is counted at its first row. */
static bool first_of_run(const zsc_tidy *rows, size_t i)
{
    for (size_t j = i; j-- > 0;) {
        if (strcmp(rows->item[j].key, rows->item[i].key) != 0) continue;
        return !*rows->item[i].key && strcmp(rows->item[j].rank, rows->item[i].rank) == 0;
    }
    return true;
}

static bool in_series(const zsc_series *s, const zsc_tidy_row *row)
{
    return strcmp(s->first->encoders, row->encoders) == 0 && strcmp(s->first->per_barcode, row->per_barcode) == 0 &&
           strcmp(s->first->subset, row->subset) == 0 && strcmp(s->first->scale, row->scale) == 0 &&
           strcmp(s->first->reduce, row->reduce) == 0 && strcmp(s->first->linkage, row->linkage) == 0 &&
           strcmp(s->first->clusters_rule, row->clusters_rule) == 0 && strcmp(s->first->settings, row->settings) == 0;
}

static zsc_status make_bars(const zsc_tidy *rows, const zsc_series_set *set, const zsc_list *stages, bar *bars)
{
    for (size_t k = 0; k < set->count; k++) {
        bar *b = &bars[k];
        const zsc_series *s = &set->item[k];
        b->label = zsc_asprintf("%s, %zu rows", s->label, s->rows);
        if (!b->label) return ZSC_EINTERNAL;
        for (size_t i = 0; i < rows->count; i++) {
            const zsc_tidy_row *row = &rows->item[i];
            if (!in_series(s, row) || !first_of_run(rows, i)) continue;
            b->runs++;
            b->memory += (double)row->peak_rss;
            for (size_t t = 0; t < stages->count; t++)
                b->seconds[t] += stage_seconds(row->stages, stages->item[t], strlen(stages->item[t]));
        }
        for (size_t t = 0; t < stages->count; t++) b->seconds[t] /= fmax(1, (double)b->runs);
        b->memory /= fmax(1, (double)b->runs);
    }
    return ZSC_OK;
}

zsc_status zsc_figure_stages(const zsc_tidy *rows, const zsc_series_set *set, const zsc_figure_options *options,
                             char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    zsc_list stages = {0};
    bar *bars = NULL;
    size_t longest = 8, longest_stage = 4;
    double most = 0;
    ZSC_NEW(bars, set->count);
    ZSC_TRY(collect_stages(rows, &stages));
    if (stages.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "the results hold no times of stages");
        goto done;
    }
    ZSC_TRY(make_bars(rows, set, &stages, bars));
    for (size_t k = 0; k < set->count; k++) {
        double sum = 0;
        if (zsc_utf8_length(bars[k].label) > longest) longest = zsc_utf8_length(bars[k].label);
        for (size_t t = 0; t < stages.count; t++) sum += bars[k].seconds[t];
        most = fmax(most, sum);
    }
    for (size_t t = 0; t < stages.count; t++)
        if (strlen(stages.item[t]) > longest_stage) longest_stage = strlen(stages.item[t]);
    zsc_figure_begin(&f, options, "stages");
    double line = 1.35 * options->font_size / 72;
    bool right = zsc_figure_width(options) > 4.6;
    double lines = 1.5 * (double)set->count + 4 + (right ? 0 : ceil((double)stages.count / 3) + 0.5);
    if (right) lines = fmax(lines, (double)stages.count + 4);
    zsc_figure_size(&f, line * lines);
    zsc_figure_set(&f, "items", "%zu", set->count);
    zsc_figure_set(&f, "stages", "%zu", stages.count);
    zsc_figure_set(&f, "longest_label", "%zu", longest);
    zsc_figure_set(&f, "longest_rank", "%zu", longest_stage);
    zsc_figure_set(&f, "high", "%.10g", most > 0 ? most : 1);
    zsc_figure_set(&f, "simulated", "%d", set->simulated);
    bool small = true;
    for (size_t k = 0; k < set->count; k++) small &= bars[k].memory < 1e9;
    zsc_figure_set_text(&f, "x_title", small ? "peak MB" : "peak GB");
    zsc_figure_block(&f, "runs: label with rows, mean peak memory in the unit of x_title");
    for (size_t k = 0; k < set->count; k++) {
        zsc_figure_text(&f, bars[k].label);
        zsc_figure_number(&f, bars[k].memory / (small ? 1e6 : 1e9));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "stages: name, colour");
    for (size_t t = 0; t < stages.count; t++) {
        zsc_figure_text(&f, stages.item[t]);
        zsc_figure_number(&f, t < ZSC_STYLE_COLOURS ? (double)strtol(zsc_style_colour(t) + 1, NULL, 16)
                                                    : 0xbbbbbb - 0x202020 * (double)((t - ZSC_STYLE_COLOURS) % 4));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "bars: run, from, to (seconds), stage");
    for (size_t k = 0; k < set->count; k++) {
        double at = 0;
        for (size_t t = 0; t < stages.count; at += bars[k].seconds[t++]) {
            zsc_figure_number(&f, (double)k + 1);
            zsc_figure_number(&f, at);
            zsc_figure_number(&f, at + bars[k].seconds[t]);
            zsc_figure_number(&f, (double)t + 1);
            zsc_figure_end_line(&f);
        }
    }
    status = zsc_figure_finish(&f, "stages", dumb);
done:
    for (size_t k = 0; bars && k < set->count; k++) free(bars[k].label);
    free(bars);
    zsc_list_free(&stages);
    zsc_figure_drop(&f);
    return status;
}

/* --- Growth: each run a point; runs of one encoder and way of running, at any number of rows, make a series. */
typedef struct sums { /* of the least squares of log y against log x */
    double n, x, y, xx, xy;
} sums;

static void add_logs(sums *s, double x, double y)
{
    if (!(x > 0) || !(y > 0)) return;
    x = log(x);
    y = log(y);
    *s = (sums){s->n + 1, s->x + x, s->y + y, s->xx + x * x, s->xy + x * y};
}

static double slope(const sums *s)
{
    double spread = s->n * s->xx - s->x * s->x;
    return spread > 1e-9 * s->xx ? (s->n * s->xy - s->x * s->y) / spread : NAN;
}

static bool same_growth(const zsc_tidy_row *a, const zsc_tidy_row *b)
{
    return strcmp(a->encoders, b->encoders) == 0 && strcmp(a->reduce, b->reduce) == 0 &&
           strcmp(a->linkage, b->linkage) == 0;
}

static double rows_of(const zsc_tidy_row *row) { return (double)row->rows; }
static double seconds_of(const zsc_tidy_row *row) { return row->seconds; }
static double gigabytes_of(const zsc_tidy_row *row) { return (double)row->peak_rss / 1e9; }

/* Of a logarithmic axis: what is there, and some more at both ends. */
static void put_range(zsc_figure *f, const zsc_tidy *rows, const char *low_name, const char *high_name,
                      double (*value_of)(const zsc_tidy_row *))
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < rows->count; i++) {
        double value = value_of(&rows->item[i]);
        if (!(value > 0)) continue;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!(high > 0)) low = high = 1;
    double more = fmax(1.3, sqrt(8 * low / high)); /* room for two ticks at least */
    zsc_figure_set(f, low_name, "%.6g", low / more);
    zsc_figure_set(f, high_name, "%.6g", high * more);
}

zsc_status zsc_figure_growth(const zsc_tidy *rows, const zsc_styles *styles, const zsc_figure_options *options,
                             char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_figure f = {0};
    const zsc_tidy_row **first = NULL;
    size_t series = 0;
    bool simulated = false;
    ZSC_NEW(first, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        size_t k = 0;
        while (k < series && !same_growth(first[k], &rows->item[i])) k++;
        if (k == series) first[series++] = &rows->item[i];
        simulated |= rows->item[i].simulated;
    }
    zsc_figure_begin(&f, options, "growth");
    double line = 1.35 * options->font_size / 72;
    bool right = zsc_figure_width(options) > 4.6;
    zsc_figure_size(&f, right ? 2.6 : 1.9 + line * ((double)series + 3));
    zsc_figure_set(&f, "items", "%zu", series);
    put_range(&f, rows, "x_low", "x_high", rows_of);
    put_range(&f, rows, "low", "high", seconds_of);
    put_range(&f, rows, "y_low", "y_high", gigabytes_of);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_figure_block(&f, "series: label, colour, marker, exponent of time, exponent of memory");
    for (size_t k = 0; k < series; k++) {
        sums time = {0}, memory = {0};
        for (size_t i = 0; i < rows->count; i++) {
            if (!same_growth(first[k], &rows->item[i]) || !first_of_run(rows, i)) continue;
            add_logs(&time, (double)rows->item[i].rows, rows->item[i].seconds);
            add_logs(&memory, (double)rows->item[i].rows, (double)rows->item[i].peak_rss);
        }
        const zsc_style *style = zsc_styles_find(styles, first[k]->encoders);
        char *label = zsc_encoders_label(styles, first[k]->encoders, first[k]->labels);
        if (!label) f.text.failed = true;
        zsc_figure_text(&f, label ? label : "");
        free(label);
        zsc_figure_number(&f, (double)strtol((style ? style->colour : zsc_style_colour(k)) + 1, NULL, 16));
        zsc_figure_number(&f, style ? style->marker : zsc_style_marker(k));
        zsc_figure_number(&f, slope(&time));
        zsc_figure_number(&f, slope(&memory));
        zsc_figure_end_line(&f);
    }
    for (size_t k = 0; k < series; k++) {
        zsc_figure_block(&f, "runs of one series: rows, seconds, peak memory in GB");
        for (size_t i = 0; i < rows->count; i++) {
            const zsc_tidy_row *row = &rows->item[i];
            if (!same_growth(first[k], row) || !first_of_run(rows, i) || row->rows == 0) continue;
            zsc_figure_number(&f, (double)row->rows);
            zsc_figure_number(&f, row->seconds);
            zsc_figure_number(&f, row->peak_rss ? (double)row->peak_rss / 1e9 : NAN);
            zsc_figure_end_line(&f);
        }
    }
    status = zsc_figure_finish(&f, "growth", dumb);
done:
    free(first);
    zsc_figure_drop(&f);
    return status;
}
