/* The cross product of the axes of a sweep file, or its runs that differ from the first in one setting, ordered so that
 * runs which can share a stage come together. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "experiment/plan/plan_axes.h"
#include "experiment/settings/run_options.h"
#include "experiment/store/run_index.h"

enum { MOST_RUNS = 1000000 };

static zsc_status apply_map(zsc_plan_builder *b, const zsc_yaml *map, zsc_run_options *o)
{
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < map->count && status == ZSC_OK; k++) {
        const zsc_setting *setting = zsc_setting_find(map->key[k]);
        const char **list = NULL;
        if (setting) {
            status = zsc_setting_parse(setting, map->child[k].text, o);
        } else {
            status = zsc_plan_strings(b, map->key[k], &map->child[k], NULL, &list, &o->data.where_count);
            o->data.where = list;
        }
    }
    return status;
}

zsc_status zsc_plan_apply(zsc_plan_builder *b, const zsc_axis *a, size_t i, zsc_run_options *o)
{
    switch (a->kind) {
    case AXIS_EMBEDDINGS:
        o->data.embeddings = a->list[i];
        o->data.embedding_count = 0;
        while (a->list[i][o->data.embedding_count]) o->data.embedding_count++;
        return ZSC_OK;
    case AXIS_SUBSET: return apply_map(b, a->value[i], o);
    case AXIS_SETTING: return zsc_setting_parse(a->setting, a->value[i]->text, o);
    case AXIS_SEED: o->seed = a->seeds.item[i]; return ZSC_OK;
    }
    return ZSC_EINTERNAL;
}

static bool same_setting(const zsc_setting *s, const char *text, const zsc_run_options *o)
{
    zsc_run_options wanted = *o;
    if (zsc_setting_parse(s, text, &wanted) != ZSC_OK) return false;
    const char *a = (const char *)o + s->offset, *b = (const char *)&wanted + s->offset;
    switch (s->kind) {
    case ZSC_TEXT: return *(const char *const *)a && fnmatch(text, *(const char *const *)a, 0) == 0;
    case ZSC_COUNT: return *(const size_t *)a == *(const size_t *)b;
    case ZSC_REAL: return *(const double *)a == *(const double *)b;
    case ZSC_FLAG: return *(const bool *)a == *(const bool *)b;
    case ZSC_CHOICE:
    case ZSC_OPTIONAL_CHOICE: return *(const int *)a == *(const int *)b;
    }
    return false;
}

static bool excluded_by(const zsc_yaml *map, const zsc_run_options *o)
{
    for (size_t k = 0; k < map->count; k++) {
        const char *text = map->child[k].text;
        const zsc_setting *setting = zsc_setting_find(map->key[k]);
        bool match = false;
        if (setting)
            match = same_setting(setting, text, o);
        else if (strcmp(map->key[k], "seed") == 0)
            match = zsc_value_has_seed(text, o->seed);
        else
            for (size_t i = 0; i < o->data.embedding_count && !match; i++)
                match = fnmatch(text, o->data.embeddings[i], 0) == 0;
        if (!match) return false;
    }
    return true;
}

/* The line of the setting that zsc_run_check refuses; 0 where none is to blame alone. */
static size_t blamed_line(const zsc_plan_builder *b)
{
    for (size_t i = 0; i < b->axis_count; i++) {
        const zsc_axis *a = &b->axes[i];
        for (size_t v = 0; a->kind == AXIS_SETTING && v < a->count; v++) {
            zsc_run_options alone = zsc_run_defaults();
            if (zsc_setting_parse(a->setting, a->value[v]->text, &alone) != ZSC_OK || zsc_run_check(&alone) != ZSC_OK)
                return a->value[v]->line;
        }
    }
    return 0;
}

/* What would be wrong usage is wrong input here. */
static zsc_status check_run(const zsc_plan_builder *b, const zsc_run_options *o)
{
    zsc_status status = zsc_run_check(o);
    if (status == ZSC_OK) return ZSC_OK;
    size_t line = blamed_line(b);
    zsc_run_check(o); /* its words again: looking for the line has replaced them */
    if (status == ZSC_EUSAGE) status = ZSC_EINPUT;
    return line ? zsc_plan_at(b, line, status) : zsc_context(status, "%s", b->path);
}

static bool excluded(zsc_plan_builder *b, const zsc_run_options *o)
{
    bool out = false;
    for (size_t i = 0; b->exclude && i < b->exclude->count; i++) {
        if (!excluded_by(&b->exclude->child[i], o)) continue;
        b->matched[i] = true;
        out = true;
    }
    return out;
}

void zsc_plan_warn_unmatched(const zsc_plan_builder *b)
{
    for (size_t i = 0; b->exclude && i < b->exclude->count; i++)
        if (!b->matched[i]) zsc_warn("%s:%zu: this exclusion matches no run", b->path, b->exclude->child[i].line);
}

/* --- Combinations that are one run */
static zsc_digest *find_seen(zsc_digest *table, size_t places, zsc_digest digest)
{
    size_t i = digest.low & (places - 1);
    while ((table[i].low || table[i].high) && !zsc_digest_equal(table[i], digest)) i = (i + 1) & (places - 1);
    return &table[i];
}

static zsc_status grow_seen(zsc_plan_builder *b)
{
    zsc_status status = ZSC_OK;
    size_t places = b->places ? 2 * b->places : 64;
    zsc_digest *larger = NULL;
    ZSC_NEW(larger, places);
    for (size_t i = 0; i < b->places; i++)
        if (b->seen[i].low || b->seen[i].high) *find_seen(larger, places, b->seen[i]) = b->seen[i];
    free(b->seen);
    b->seen = larger;
    b->places = places;
done:
    return status;
}

/* The run of the same settings that the plan has. */
static zsc_status name_repeat(zsc_plan_builder *b, zsc_digest settings, size_t number)
{
    zsc_status status = ZSC_OK;
    zsc_plan *plan = b->plan;
    for (size_t r = 0; r < plan->count && !plan->repeat; r++) {
        zsc_digest other;
        ZSC_TRY(zsc_run_index_settings(&plan->run[r].options, &other));
        if (!zsc_digest_equal(settings, other)) continue;
        plan->repeat = zsc_plan_combination_text(plan, number);
        plan->repeat_of = zsc_plan_combination_text(plan, plan->run[r].number);
        if (!plan->repeat || !plan->repeat_of) status = zsc_fail_memory(1, 1, "a plan");
        break;
    }
done:
    return status;
}

/* Whether the plan has this run: settings without effect beside the others do not tell runs apart. */
static zsc_status find_repeat(zsc_plan_builder *b, const zsc_run_options *o, size_t number, bool *found)
{
    zsc_status status = ZSC_OK;
    zsc_digest settings, *place;
    ZSC_TRY(zsc_run_index_settings(o, &settings));
    if (2 * b->plan->count >= b->places) ZSC_TRY(grow_seen(b));
    place = find_seen(b->seen, b->places, settings);
    *found = zsc_digest_equal(*place, settings);
    *place = settings;
    if (*found && b->plan->repeated++ == 0) ZSC_TRY(name_repeat(b, settings, number));
done:
    return status;
}

static int by_level(const void *a, const void *b)
{
    const zsc_axis *x = a, *y = b;
    if (x->level != y->level) return (int)x->level - (int)y->level;
    if (x->kind != y->kind) return (int)x->kind - (int)y->kind;
    return (x->place > y->place) - (x->place < y->place);
}

/* *fresh is the lowest level that changed since the last run that was kept. */
static zsc_status add_run(zsc_plan_builder *b, const zsc_run_options *o, size_t number, zsc_axis_level *fresh)
{
    zsc_plan *plan = b->plan;
    zsc_status status = zsc_grow(&plan->run, &b->run_capacity, plan->count + 1, sizeof *plan->run, "a sweep");
    if (status != ZSC_OK) return status;
    plan->inputs += *fresh <= LEVEL_INPUT;
    plan->graphs += *fresh <= LEVEL_GRAPH;
    plan->layouts += *fresh <= LEVEL_LAYOUT;
    plan->trees += *fresh <= LEVEL_TREE;
    plan->run[plan->count++] = (zsc_planned_run){
        *o, plan->inputs - 1, plan->graphs - 1, plan->layouts - 1, plan->trees - 1, number};
    *fresh = LEVELS;
    return ZSC_OK;
}

static bool varies(const zsc_axis *a, size_t digit) { return a->kind == AXIS_SETTING && digit > 0; }

/* One setting at a time: all others have the first of their values. */
static bool is_in_design(const zsc_plan_builder *b, const size_t *digit)
{
    size_t varied = 0;
    for (size_t i = 0; i < b->axis_count; i++) varied += varies(&b->axes[i], digit[i]);
    return b->design == ZSC_DESIGN_PRODUCT || varied <= 1;
}

/* The next combination of the design, the last axis fastest, and the lowest level that changes with it. */
static bool advance(const zsc_plan_builder *b, size_t *digit, zsc_axis_level *fresh)
{
    for (size_t i = b->axis_count; i-- > 0;) {
        if (b->axes[i].level < *fresh) *fresh = b->axes[i].level;
        if (++digit[i] < b->axes[i].count && is_in_design(b, digit)) return true;
        digit[i] = 0;
    }
    return false;
}

/* Its place among all combinations. */
static size_t number_of(const zsc_plan_builder *b, const size_t *digit)
{
    size_t number = 0;
    for (size_t i = 0; i < b->axis_count; i++) number = number * b->axes[i].count + digit[i];
    return number;
}

/* ZSC_EINPUT: the design has too many runs, or all combinations together too many to be numbered. */
static zsc_status count_runs(const zsc_plan_builder *b, size_t *out)
{
    size_t all = 1, product = 1, varied = 1;
    for (size_t i = 0; i < b->axis_count; i++) {
        bool alone = b->design == ZSC_DESIGN_ONE_AT_A_TIME && b->axes[i].kind == AXIS_SETTING;
        if (__builtin_mul_overflow(all, b->axes[i].count, &all) ||
            (!alone && __builtin_mul_overflow(product, b->axes[i].count, &product)))
            goto too_many;
        if (alone) varied += b->axes[i].count - 1;
    }
    if (!__builtin_mul_overflow(product, varied, out) && *out <= MOST_RUNS) return ZSC_OK;
too_many:
    return zsc_fail(ZSC_EINPUT, "%s: more than %d runs", b->path, MOST_RUNS);
}

zsc_status zsc_plan_multiply(zsc_plan_builder *b, const zsc_run_options *base)
{
    zsc_status status = ZSC_OK;
    zsc_plan *plan = b->plan;
    size_t digit[ZSC_PLAN_MOST_AXES] = {0}, total;
    zsc_axis_level fresh = LEVEL_INPUT;
    qsort(b->axes, b->axis_count, sizeof *b->axes, by_level);
    ZSC_TRY(count_runs(b, &total));
    ZSC_TRY(zsc_plan_keep_axes(b));
    do {
        zsc_run_options o = *base;
        for (size_t i = 0; i < b->axis_count; i++) ZSC_TRY(zsc_plan_apply(b, &b->axes[i], digit[i], &o));
        if (excluded(b, &o)) {
            plan->excluded++;
        } else {
            bool repeated;
            size_t number = number_of(b, digit);
            ZSC_TRY(check_run(b, &o));
            ZSC_TRY(find_repeat(b, &o, number, &repeated));
            if (!repeated) ZSC_TRY(add_run(b, &o, number, &fresh));
        }
    } while (advance(b, digit, &fresh));
    if (plan->count == 0)
        status = zsc_fail(ZSC_EINPUT, "%s: nothing to run: all %zu runs are excluded", b->path, total);
done:
    free(b->seen);
    b->seen = NULL;
    b->places = 0;
    return status;
}
