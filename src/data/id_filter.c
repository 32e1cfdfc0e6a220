#include "data/id_filter.h"

#include <stdlib.h>

#include "base/memory.h"

zsc_status zsc_id_filter_read(const char *path, bool in_order, zsc_id_filter *out)
{
    zsc_status status = ZSC_OK;
    zsc_id_filter filter = {.path = path};
    if (!path) return ZSC_OK;
    ZSC_TRY(zsc_id_list_read(path, in_order, &filter.list));
    ZSC_NEW(filter.found, filter.list.id.count);
    *out = filter;
    filter = (zsc_id_filter){0};
done:
    zsc_id_filter_free(&filter);
    return status;
}

void zsc_id_filter_free(zsc_id_filter *filter)
{
    zsc_id_list_free(&filter->list);
    free(filter->found);
    *filter = (zsc_id_filter){0};
}

bool zsc_id_filter_takes(zsc_id_filter *filter, const char *id, size_t length, size_t *place)
{
    int32_t number = filter->path ? zsc_names_find(&filter->list.id, id, length) : 0;
    if (!filter->path) return true;
    if (number < 0) return false;
    filter->found[number] = true;
    if (place) *place = (size_t)number;
    return true;
}

zsc_status zsc_id_filter_check(const zsc_id_filter *filter, const char *rows)
{
    return filter->path ? zsc_id_list_check(&filter->list, filter->path, filter->found, rows) : ZSC_OK;
}
