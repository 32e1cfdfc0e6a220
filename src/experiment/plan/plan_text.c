/* Axes and runs of a plan as people read them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/plan/plan_axes.h"

static void append_embeddings(zsc_text *out, const char *const *name, size_t count)
{
    for (size_t i = 0; i < count && name[i]; i++) zsc_text_printf(out, "%s%s", i ? " + " : "", name[i]);
}

/* "split test, one-per-barcode random" */
static void append_subset(zsc_text *out, const zsc_yaml *map)
{
    for (size_t k = 0; k < map->count; k++) {
        const zsc_yaml *value = &map->child[k];
        zsc_text_printf(out, "%s%s ", k ? ", " : "", map->key[k]);
        for (size_t i = 0; value->kind == ZSC_YAML_LIST && i < value->count; i++)
            zsc_text_printf(out, "%s%s", i ? " and " : "", value->child[i].text);
        if (value->kind == ZSC_YAML_SCALAR) zsc_text_append(out, value->text);
    }
}

static void append_value(zsc_text *out, const zsc_axis *a, size_t i)
{
    switch (a->kind) {
    case AXIS_EMBEDDINGS: append_embeddings(out, a->list[i], SIZE_MAX); break;
    case AXIS_SUBSET: append_subset(out, a->value[i]); break;
    case AXIS_SETTING: zsc_text_append(out, a->value[i]->text); break;
    case AXIS_SEED: zsc_text_printf(out, "%" PRIu64, a->seeds.item[i]); break;
    }
}

static const char *name_of(const zsc_axis *a)
{
    switch (a->kind) {
    case AXIS_EMBEDDINGS: return "embeddings";
    case AXIS_SUBSET: return "subset";
    case AXIS_SEED: return "seed";
    case AXIS_SETTING: break;
    }
    return a->setting->name;
}

zsc_status zsc_plan_keep_axes(zsc_plan_builder *b)
{
    zsc_status status = ZSC_OK;
    zsc_plan *plan = b->plan;
    ZSC_NEW(plan->axis, b->axis_count + 1);
    for (; plan->axes < b->axis_count; plan->axes++) {
        const zsc_axis *a = &b->axes[plan->axes];
        plan->axis[plan->axes].name = name_of(a);
        for (size_t i = 0; i < a->count; i++) {
            zsc_text text = {0};
            zsc_text_append(&text, "");
            append_value(&text, a, i);
            status = text.failed ? ZSC_EINTERNAL : zsc_list_add(&plan->axis[plan->axes].value, text.data);
            free(text.data);
            if (status != ZSC_OK) {
                zsc_list_free(&plan->axis[plan->axes].value);
                goto done;
            }
        }
    }
done:
    return status;
}

static size_t value_of(const zsc_plan *plan, size_t number, size_t axis)
{
    for (size_t i = plan->axes; i-- > axis + 1;) number /= plan->axis[i].value.count;
    return number % plan->axis[axis].value.count;
}

size_t zsc_plan_value_of(const zsc_plan *plan, size_t run, size_t axis)
{
    return value_of(plan, plan->run[run].number, axis);
}

char *zsc_plan_combination_text(const zsc_plan *plan, size_t number)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < plan->axes; i++) {
        const zsc_plan_axis *a = &plan->axis[i];
        if (a->value.count < 2) continue;
        zsc_text_printf(&text, "%s%s %s", text.length ? ", " : "", a->name, a->value.item[value_of(plan, number, i)]);
    }
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}

char *zsc_plan_repeats_text(const zsc_plan *plan)
{
    size_t all = plan->count + plan->repeated;
    if (!plan->repeated) return NULL;
    return zsc_asprintf("%zu of %zu combinations are no runs of their own, since what tells them from others has no "
                        "effect there; the first: %s is %s",
                        plan->repeated, all, plan->repeat, plan->repeat_of);
}

char *zsc_plan_run_text(const zsc_plan *plan, size_t run, bool with_embeddings)
{
    const zsc_run_options *o = &plan->run[run].options;
    zsc_text text = {0};
    bool several = false;
    for (size_t i = 0; i < plan->axes; i++) {
        bool varies = plan->axis[i].value.count > 1;
        several |= varies;
        with_embeddings |= varies && strcmp(plan->axis[i].name, "embeddings") == 0;
    }
    if (with_embeddings || !several) append_embeddings(&text, o->data.embeddings, o->data.embedding_count);
    for (size_t i = 0; i < plan->axes; i++) {
        const zsc_plan_axis *a = &plan->axis[i];
        bool speaks = strcmp(a->name, "subset") == 0;
        if (a->value.count < 2 || strcmp(a->name, "embeddings") == 0) continue;
        zsc_text_printf(&text, "%s%s%s%s", text.length ? ", " : "", speaks ? "" : a->name, speaks ? "" : " ",
                        a->value.item[zsc_plan_value_of(plan, run, i)]);
    }
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}
