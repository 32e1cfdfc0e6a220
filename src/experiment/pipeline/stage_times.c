#include "experiment/pipeline/stage_times.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

zsc_status zsc_stage_add(zsc_stage_list *list, const char *stage, double seconds)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].stage, stage) == 0) {
            list->item[i].seconds += seconds;
            return ZSC_OK;
        }
    zsc_stage_seconds *grown = realloc(list->item, (list->count + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(list->count + 1, sizeof *grown, "stage times");
    list->item = grown;
    char *name = zsc_strdup(stage);
    if (!name) return ZSC_EINTERNAL;
    list->item[list->count++] = (zsc_stage_seconds){name, seconds};
    return ZSC_OK;
}

void zsc_stage_list_free(zsc_stage_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->item[i].stage);
    free(list->item);
    *list = (zsc_stage_list){0};
}

zsc_status zsc_stage_record(zsc_stage_list *list, const char *stage, double seconds)
{
    zsc_detail("%s: %.2f s", stage, seconds);
    return zsc_stage_add(list, stage, seconds);
}

zsc_status zsc_stage_end(zsc_stage_list *list, const char *stage, double began)
{
    return zsc_stage_record(list, stage, zsc_clock() - began);
}

zsc_status zsc_stage_add_all(zsc_stage_list *list, const zsc_stage_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        zsc_status status = zsc_stage_add(list, from->item[i].stage, from->item[i].seconds);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}
