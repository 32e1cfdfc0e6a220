#include "hdbscan/node_list.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

static size_t blocks_of(size_t count) { return (count + ZSC_HDBSCAN_BLOCK - 1) / ZSC_HDBSCAN_BLOCK; }

size_t zsc_hdbscan_node_list_memory(size_t most, size_t d)
{
    return blocks_of(most) * ZSC_HDBSCAN_BLOCK * (d + 1) * sizeof(float) + most * sizeof(int32_t);
}

zsc_status zsc_hdbscan_node_list_make(const zsc_hdbscan_space *s, size_t most, zsc_hdbscan_node_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_hdbscan_node_list list = {.most = most};
    size_t places = blocks_of(most) * ZSC_HDBSCAN_BLOCK;
    ZSC_NEW_RAW(list.node, most);
    ZSC_NEW_RAW(list.centre, places * s->d);
    ZSC_NEW_RAW(list.radius, places);
    *out = list;
    list = (zsc_hdbscan_node_list){0};
done:
    zsc_hdbscan_node_list_free(&list);
    return status;
}

void zsc_hdbscan_node_list_free(zsc_hdbscan_node_list *list)
{
    free(list->node);
    free(list->centre);
    free(list->radius);
    *list = (zsc_hdbscan_node_list){0};
}

void zsc_hdbscan_node_list_fill(const zsc_hdbscan_space *s, zsc_hdbscan_node_list *list)
{
    size_t places = blocks_of(list->count) * ZSC_HDBSCAN_BLOCK;
    for (size_t i = 0; i < places; i++) {
        float *to = list->centre + i / ZSC_HDBSCAN_BLOCK * s->d * ZSC_HDBSCAN_BLOCK + i % ZSC_HDBSCAN_BLOCK;
        bool there = i < list->count;
        list->radius[i] = there ? s->radius[list->node[i]] : 0;
        for (size_t j = 0; j < s->d; j++)
            to[j * ZSC_HDBSCAN_BLOCK] = there ? s->centre[(size_t)list->node[i] * s->width + j] : INFINITY;
    }
}

size_t zsc_hdbscan_node_list_least(const zsc_hdbscan_space *s, const zsc_hdbscan_node_list *list, int32_t node,
                                   size_t block, float least[ZSC_HDBSCAN_BLOCK])
{
    const zsc_hdbscan_kernels *kernels = ZSC_SIMD_PICK(zsc_hdbscan_kernels);
    const size_t first = block * ZSC_HDBSCAN_BLOCK, left = list->count > first ? list->count - first : 0;
    const float own = s->radius[node], share = 1 - (float)s->relative;
    if (left == 0) return 0;
    kernels->lengths[s->kind](s->centre + (size_t)node * s->width, list->centre + first * s->d, s->d, least);
    for (size_t i = 0; i < ZSC_HDBSCAN_BLOCK; i++) {
        float apart = s->kind == ZSC_HDBSCAN_SQUARES ? sqrtf(least[i]) : least[i];
        least[i] = apart * share - own - list->radius[first + i];
    }
    return left < ZSC_HDBSCAN_BLOCK ? left : ZSC_HDBSCAN_BLOCK;
}
