#include "report/tables/conditions.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/comparison_statistics.h"
#include "experiment/series/results_where.h"
#include "experiment/series/run_identity.h"

void zsc_conditions_free(zsc_conditions *s)
{
    for (size_t i = 0; s->item && i < s->count; i++) {
        free(s->item[i].name);
        free(s->item[i].ami);
    }
    free(s->item);
    zsc_list_free(&s->encoders);
    zsc_score_groups_free(&s->groups);
    *s = (zsc_conditions){0};
}

static const zsc_series *first_of(const zsc_conditions *s, size_t g)
{
    size_t i = 0;
    while (s->groups.group[i] != g) i++;
    return &s->set->item[i];
}

static size_t encoder_of(const zsc_conditions *s, const zsc_series *series)
{
    size_t e = 0;
    while (e < s->encoders.count && strcmp(s->encoders.item[e], series->encoders) != 0) e++;
    return e;
}

/* --- The base */
/* What condition G has and OTHER has not, in words; *count: how many settings. */
static char *differences(const zsc_conditions *s, size_t g, size_t other, size_t *count)
{
    const zsc_series *own = first_of(s, g), *base = first_of(s, other);
    const zsc_results_row *const others[] = {base->runs.first};
    const char *mark = "";
    zsc_text text = {0};
    zsc_text_append(&text, "");
    *count = zsc_append_differences(own->runs.first, others, 1, &text, &mark);
    if (own->one_per_barcode != base->one_per_barcode) {
        zsc_text_printf(&text, "%s%s", mark, own->one_per_barcode ? "one per barcode" : "all rows");
        ++*count;
    }
    if (*count == 0) { /* other rows or labels */
        zsc_text_append(&text, s->groups.name[g]);
        *count = 1;
    }
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

static zsc_status count_neighbours(const zsc_conditions *s, size_t g, size_t *out)
{
    *out = 0;
    for (size_t other = 0; other < s->groups.count; other++) {
        size_t count;
        if (other == g) continue;
        char *words = differences(s, other, g, &count);
        if (!words) return ZSC_EINTERNAL;
        *out += count == 1;
        free(words);
    }
    return ZSC_OK;
}

static zsc_status find_base(zsc_conditions *s, const zsc_list *base)
{
    zsc_status status = ZSC_OK;
    size_t most = 0;
    s->base = SIZE_MAX;
    for (size_t g = 0; g < s->groups.count; g++) {
        bool fits = true;
        size_t neighbours;
        if (base->count) ZSC_TRY(zsc_results_row_satisfies(first_of(s, g)->runs.first, base, true, &fits));
        if (!fits) continue;
        ZSC_TRY(count_neighbours(s, g, &neighbours));
        if (s->base != SIZE_MAX && neighbours <= most) continue;
        s->base = g;
        most = neighbours;
    }
    if (s->base == SIZE_MAX) status = zsc_fail(ZSC_EINPUT, "no results are of the settings that --base asks for");
done:
    return status;
}

/* --- Conditions */
static zsc_status open_condition(zsc_conditions *s, zsc_condition **out)
{
    zsc_status status = ZSC_OK;
    zsc_condition *c = &s->item[s->count];
    ZSC_NEW(c->ami, s->encoders.count + 1);
    for (size_t e = 0; e < s->encoders.count; e++) c->ami[e] = NAN;
    s->count++;
    *out = c;
done:
    return status;
}

static zsc_status add_group(zsc_conditions *s, size_t g)
{
    zsc_status status = ZSC_OK;
    zsc_condition *c;
    size_t count;
    const zsc_series **of = NULL; /* by encoder */
    ZSC_NEW(of, s->encoders.count + 1);
    ZSC_TRY(open_condition(s, &c));
    c->name = g == s->base ? zsc_asprintf("base%s%s", *s->groups.name[g] ? ": " : "", s->groups.name[g])
                           : differences(s, g, s->base, &count);
    if (!c->name) status = ZSC_EINTERNAL;
    for (size_t i = 0; i < s->set->count && status == ZSC_OK; i++) {
        const zsc_series *series = &s->set->item[i];
        size_t e = encoder_of(s, series);
        if (s->groups.group[i] != g) continue;
        if (of[e]) {
            ZSC_TRY(zsc_refuse_two_series(of[e]->runs.first, series->runs.first));
            ZSC_TRY(zsc_fail(ZSC_EINPUT, "%s is there twice with the same settings; choose with --where",
                             series->encoders));
        }
        of[e] = series;
        if (series->runs.mean[s->rank].n) c->ami[e] = series->runs.mean[s->rank].mean;
    }
done:
    free(of);
    return status;
}

/* The base's encoders with one of its seeds alone. */
static zsc_status add_seed(zsc_conditions *s, const zsc_results_table *rows, uint64_t seed)
{
    zsc_status status = ZSC_OK;
    zsc_condition *c;
    ZSC_TRY(open_condition(s, &c));
    if (!(c->name = zsc_asprintf("seed %" PRIu64 " alone", seed))) status = ZSC_EINTERNAL;
    for (size_t i = 0; i < s->set->count && status == ZSC_OK; i++) {
        if (s->groups.group[i] != s->base) continue;
        for (size_t k = 0; k < rows->count; k++) {
            const zsc_results_row *row = &rows->item[k];
            if (row->seeded && row->seed == seed && strcmp(row->rank, s->set->rank[s->rank]) == 0 &&
                zsc_run_series_has(&s->set->item[i].runs, row))
                c->ami[encoder_of(s, &s->set->item[i])] = row->ami;
        }
    }
done:
    return status;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Seeds of the base, where there are several. */
static zsc_status list_seeds(const zsc_conditions *s, const zsc_results_table *rows, uint64_t **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    uint64_t *seed = NULL;
    *count = 0;
    ZSC_NEW(seed, rows->count + 1);
    for (size_t i = 0; i < s->set->count; i++)
        for (size_t k = 0; k < rows->count && s->groups.group[i] == s->base; k++) {
            const zsc_results_row *row = &rows->item[k];
            bool here = row->seeded && strcmp(row->rank, s->set->rank[s->rank]) == 0 && !isnan(row->ami) &&
                        zsc_run_series_has(&s->set->item[i].runs, row);
            if (here) seed[(*count)++] = row->seed;
            if (*count == rows->count) break;
        }
    qsort(seed, *count, sizeof *seed, ascending);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || seed[kept - 1] != seed[i]) seed[kept++] = seed[i];
    *count = kept < 2 ? 0 : kept;
    *out = seed;
done:
    return status;
}

static zsc_status make_conditions(zsc_conditions *s, const zsc_results_table *rows)
{
    zsc_status status = ZSC_OK;
    uint64_t *seed = NULL;
    size_t seeds = 0;
    for (size_t i = 0; i < s->set->count; i++) ZSC_TRY(zsc_list_add_once(&s->encoders, s->set->item[i].encoders, NULL));
    ZSC_TRY(list_seeds(s, rows, &seed, &seeds));
    if (s->groups.count + seeds < 2)
        ZSC_TRY(zsc_fail(ZSC_EINPUT,
                         "the results are of one condition; expected runs of other settings or seeds, as zsc "
                         "sweep makes them"));
    ZSC_NEW(s->item, s->groups.count + seeds);
    ZSC_TRY(add_group(s, s->base));
    for (size_t g = 0; g < s->groups.count; g++)
        if (g != s->base) ZSC_TRY(add_group(s, g));
    for (size_t k = 0; k < seeds; k++) ZSC_TRY(add_seed(s, rows, seed[k]));
done:
    free(seed);
    return status;
}

/* --- What is said of a zsc_condition */
static int order(double a, double b)
{
    double x = zsc_compared_score(a), y = zsc_compared_score(b);
    return (x > y) - (x < y);
}

/* Tau-b over the encoders that both have; NaN where one of them orders none. */
static double kendall(const double *a, const double *b, size_t count)
{
    double agree = 0, in_a = 0, in_b = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            if (isnan(a[i]) || isnan(a[j]) || isnan(b[i]) || isnan(b[j])) continue;
            int x = order(a[i], a[j]), y = order(b[i], b[j]);
            agree += x * y;
            in_a += x != 0;
            in_b += y != 0;
        }
    return in_a > 0 && in_b > 0 ? agree / sqrt(in_a * in_b) : NAN;
}

double zsc_conditions_tau(const zsc_conditions *s, size_t i)
{
    return kendall(s->item[i].ami, s->item[0].ami, s->encoders.count);
}

size_t zsc_conditions_best(const zsc_conditions *s, size_t i)
{
    const zsc_condition *c = &s->item[i];
    size_t best = SIZE_MAX;
    for (size_t e = 0; e < s->encoders.count; e++)
        if (!isnan(c->ami[e]) && (best == SIZE_MAX || order(c->ami[e], c->ami[best]) > 0)) best = e;
    return best;
}

const zsc_series *zsc_conditions_series(const zsc_conditions *s, size_t encoder)
{
    for (size_t i = 0; i < s->set->count; i++)
        if (encoder_of(s, &s->set->item[i]) == encoder) return &s->set->item[i];
    return NULL;
}

static zsc_status find_rank(const zsc_series_set *set, const char *wanted, size_t *out)
{
    const char *rank = wanted ? wanted : zsc_series_finest(set);
    *out = 0;
    while (rank && *out < set->ranks && strcmp(set->rank[*out], rank) != 0) ++*out;
    if (!rank || *out == set->ranks) return zsc_fail(ZSC_EINPUT, "no result has the rank '%s'", rank ? rank : "");
    return ZSC_OK;
}

zsc_status zsc_conditions_make(const zsc_series_set *set, const zsc_results_table *rows, const zsc_list *base,
                               const char *rank, zsc_conditions *out)
{
    zsc_status status = ZSC_OK;
    zsc_conditions s = {.set = set};
    ZSC_TRY(find_rank(set, rank, &s.rank));
    ZSC_TRY(zsc_score_groups_make(set, &s.groups));
    ZSC_TRY(find_base(&s, base));
    ZSC_TRY(make_conditions(&s, rows));
    *out = s;
    s = (zsc_conditions){0};
done:
    zsc_conditions_free(&s);
    return status;
}
