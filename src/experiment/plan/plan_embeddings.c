/* The axis of inputs: FILE:ENCODER, lists of them to be joined, patterns of encoders, pairs. */
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/plan/plan_axes.h"
#include "io/embeddings.h"

/* What would be wrong usage is wrong input in a file. */
static zsc_status as_input(zsc_status status) { return status == ZSC_EUSAGE ? ZSC_EINPUT : status; }

/* FILE:PATTERN with * ? [ in the pattern stands for every encoder of the file that matches. */
static zsc_status unfold(zsc_plan_builder *b, const char *key, const zsc_yaml *node, zsc_list *out)
{
    zsc_status status = as_input(zsc_context(zsc_embeddings_unfold(node->text, &b->file_layout, out), "%s", key));
    return zsc_plan_at(b, node->line, status);
}

zsc_status zsc_plan_unfold(zsc_plan_builder *b, const char *key, const zsc_yaml *node, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < n && status == ZSC_OK; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        status = item->kind == ZSC_YAML_SCALAR
                     ? unfold(b, key, item, out)
                     : zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects FILE:ENCODER", b->path, item->line, key);
    }
    return status;
}

static zsc_status add_embeddings(zsc_plan_builder *b, zsc_axis *a, const char *const *names, size_t count)
{
    const char **list = zsc_plan_new_list(b->plan, count);
    if (!list) return ZSC_EINTERNAL;
    for (size_t i = 0; i < count; i++)
        if (!(list[i] = zsc_plan_keep(b->plan, names[i]))) return ZSC_EINTERNAL;
    zsc_status status = zsc_grow(&a->list, &a->list_capacity, a->count + 1, sizeof *a->list, "a sweep");
    if (status == ZSC_OK) a->list[a->count++] = list;
    return status;
}

zsc_status zsc_plan_read_embeddings(zsc_plan_builder *b, zsc_axis *a, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < n && status == ZSC_OK; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        zsc_list names = {0};
        status = item->kind == ZSC_YAML_MAP
                     ? zsc_plan_fail_at(b, item->line,
                                        "embeddings expects FILE:ENCODER, or a list of them to be joined")
                     : zsc_plan_unfold(b, "embeddings", item, &names);
        if (status == ZSC_OK && item->kind == ZSC_YAML_LIST)
            status = add_embeddings(b, a, (const char *const *)names.item, names.count);
        for (size_t j = 0; status == ZSC_OK && item->kind == ZSC_YAML_SCALAR && j < names.count; j++)
            status = add_embeddings(b, a, (const char *const *)&names.item[j], 1);
        zsc_list_free(&names);
    }
    return status;
}

zsc_status zsc_plan_read_pairs(zsc_plan_builder *b, zsc_axis *a, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    zsc_list first = {0}, second = {0};
    if (node->kind == ZSC_YAML_SCALAR || node->count != 2)
        return zsc_plan_fail_at(b, node->line, "pairs expects two lists of FILE:ENCODER");
    ZSC_TRY(zsc_plan_unfold(b, "pairs", &node->child[0], &first));
    ZSC_TRY(zsc_plan_unfold(b, "pairs", &node->child[1], &second));
    for (size_t i = 0; i < first.count; i++)
        for (size_t j = 0; j < second.count; j++) {
            const char *names[2] = {first.item[i], second.item[j]};
            ZSC_TRY(add_embeddings(b, a, names, 2));
        }
done:
    zsc_list_free(&first);
    zsc_list_free(&second);
    return status;
}
