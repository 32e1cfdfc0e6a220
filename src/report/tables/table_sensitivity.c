#include "report/tables/table_sensitivity.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "report/tables/conditions.h"

/* Columns: condition and best encoder, then these. */
enum { NAMES = 2, ENCODERS = NAMES, MEAN, CHANGE, LEAST, GREATEST, TAU, COLUMNS };
static const char *const titles[COLUMNS] = {"Condition",      "Best encoder",      "Encoders",         "AMI %, mean",
                                            "Change to base", "Least of encoders", "Greatest of them", "Kendall's tau"};

static void set_number(const zsc_table *t, size_t row, size_t column, double value, int decimals)
{
    zsc_cell *cell = zsc_table_at(t, row, column);
    cell->value = value;
    cell->decimals = decimals;
    cell->undefined = isnan(value);
}

static zsc_status set_condition(const zsc_conditions *s, zsc_table *t, size_t row, int decimals)
{
    zsc_status status = ZSC_OK;
    const zsc_condition *c = &s->item[row], *base = &s->item[0];
    double sum = 0, change = 0, least = INFINITY, greatest = -INFINITY;
    size_t n = 0, best = zsc_conditions_best(s, row);
    for (size_t e = 0; e < s->encoders.count; e++) {
        double d = c->ami[e] - base->ami[e];
        if (isnan(d)) continue;
        n++;
        sum += c->ami[e];
        change += d;
        least = fmin(least, d);
        greatest = fmax(greatest, d);
    }
    ZSC_TRY(zsc_table_set_text(t, row, 0, c->name));
    ZSC_TRY(zsc_table_set_text(t, row, 1, best == SIZE_MAX ? "" : zsc_conditions_series(s, best)->name));
    set_number(t, row, ENCODERS, (double)n, 0);
    set_number(t, row, MEAN, n ? 100 * sum / (double)n : NAN, decimals);
    if (row == 0) return ZSC_OK;
    set_number(t, row, TAU, zsc_conditions_tau(s, row), 2);
    set_number(t, row, CHANGE, n ? 100 * change / (double)n : NAN, decimals);
    set_number(t, row, LEAST, n ? 100 * least : NAN, decimals);
    set_number(t, row, GREATEST, n ? 100 * greatest : NAN, decimals);
done:
    return status;
}

/* In how many conditions the base's best encoder is best, and how far the order of encoders goes from the base's. */
static char *caption_of(const zsc_conditions *s)
{
    zsc_text text = {0};
    double sum = 0, least = INFINITY;
    size_t known = 0, kept = 0, best = zsc_conditions_best(s, 0), lowest = 0;
    for (size_t i = 1; i < s->count; i++) {
        double tau = zsc_conditions_tau(s, i);
        kept += best != SIZE_MAX && zsc_conditions_best(s, i) == best;
        if (isnan(tau)) continue;
        known++;
        sum += tau;
        if (tau < least) lowest = i;
        least = fmin(least, tau);
    }
    zsc_text_printf(&text, "AMI (%%) at rank %s under %zu other conditions%s.", zsc_rank_word(s->set->rank[s->rank]),
                    s->count - 1, s->set->simulated ? "; simulated data" : "");
    if (best != SIZE_MAX && s->encoders.count > 1)
        zsc_text_printf(&text, " The best encoder of the base, %s, is best in %zu of them.",
                        zsc_conditions_series(s, best)->name, kept);
    if (known)
        zsc_text_printf(&text,
                        " Kendall's tau of the order of encoders with that of the base: mean %.2f, least %.2f (%s).",
                        sum / (double)known, least, s->item[lowest].name);
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

zsc_status zsc_table_sensitivity(const zsc_series_set *set, const zsc_results_table *rows, const zsc_list *base,
                                 const zsc_table_options *o, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_conditions s = {0};
    zsc_table t = {0};
    ZSC_TRY(zsc_conditions_make(set, rows, base, o->rank, &s));
    ZSC_TRY(zsc_table_make(s.count, COLUMNS, NAMES, &t));
    for (size_t c = 0; c < COLUMNS; c++) ZSC_TRY(zsc_table_set_header(&t, c, titles[c]));
    for (size_t r = 0; r < s.count; r++) {
        ZSC_TRY(set_condition(&s, &t, r, o->decimals));
        t.group_start[r] = r < 2;
    }
    if (!(t.caption = o->caption ? zsc_strdup(o->caption) : caption_of(&s))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = t;
    t = (zsc_table){0};
done:
    zsc_table_free(&t);
    zsc_conditions_free(&s);
    return status;
}
