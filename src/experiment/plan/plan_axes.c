#include "experiment/plan/plan_axes.h"

#include <string.h>

#include "base/memory.h"

zsc_status zsc_plan_at(const zsc_plan_builder *b, size_t line, zsc_status status)
{
    return zsc_context(status, "%s:%zu", b->path, line);
}

zsc_status zsc_plan_fail_at(const zsc_plan_builder *b, size_t line, const char *text)
{
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s", b->path, line, text);
}

zsc_axis *zsc_plan_add_axis(zsc_plan_builder *b, int kind, zsc_axis_level depth)
{
    /* every key makes one axis, and there are fewer keys than ZSC_PLAN_MOST_AXES */
    zsc_axis *a = &b->axes[b->axis_count++];
    *a = (zsc_axis){.level = depth, .place = b->axis_count};
    a->kind = kind;
    return a;
}

zsc_status zsc_axis_add_value(zsc_axis *a, const zsc_yaml *value)
{
    zsc_status status = zsc_grow(&a->value, &a->capacity, a->count + 1, sizeof *a->value, "a sweep");
    if (status == ZSC_OK) a->value[a->count++] = value;
    return status;
}

/* --- Lists of strings that the plan keeps */
const char *zsc_plan_keep(zsc_plan *plan, const char *text)
{
    return zsc_list_add(&plan->names, text) == ZSC_OK ? plan->names.item[plan->names.count - 1] : NULL;
}

const char **zsc_plan_new_list(zsc_plan *plan, size_t count)
{
    if (zsc_grow(&plan->lists, &plan->list_capacity, plan->list_count + 1, sizeof *plan->lists, "a sweep") != ZSC_OK)
        return NULL;
    const char **list = zsc_calloc(count + 1, sizeof *list, "a sweep");
    if (list) plan->lists[plan->list_count++] = list;
    return list;
}

zsc_status zsc_plan_strings(zsc_plan_builder *b, const char *key, const zsc_yaml *node, const char *marks,
                            const char ***out, size_t *count)
{
    zsc_status status = ZSC_OK;
    zsc_list texts = {0};
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < n; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        if (item->kind != ZSC_YAML_SCALAR) {
            status = zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects text, or a list of texts", b->path, item->line, key);
            goto done;
        }
        ZSC_TRY(marks ? zsc_list_split(&texts, item->text, marks) : zsc_list_add(&texts, item->text));
    }
    const char **list = zsc_plan_new_list(b->plan, texts.count);
    if (!list) status = ZSC_EINTERNAL;
    for (size_t i = 0; list && i < texts.count; i++)
        if (!(list[i] = zsc_plan_keep(b->plan, texts.item[i] + (marks ? strspn(texts.item[i], " ") : 0))))
            status = ZSC_EINTERNAL;
    if (status != ZSC_OK) goto done;
    *out = list;
    *count = texts.count;
done:
    zsc_list_free(&texts);
    return status;
}
