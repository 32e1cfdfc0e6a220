/* Seconds by stage. */
#ifndef ZSC_EXPERIMENT_STAGE_TIMES_H
#define ZSC_EXPERIMENT_STAGE_TIMES_H

#include "zsc/experiment.h"

typedef struct zsc_stage_list {
    zsc_stage_seconds *item;
    size_t count;
} zsc_stage_list;

/* Adds SECONDS to the stage, made if it is not there. */
zsc_status zsc_stage_add(zsc_stage_list *list, const char *stage, double seconds);
/* The same, with a line in the log. */
zsc_status zsc_stage_record(zsc_stage_list *list, const char *stage, double seconds);
/* The same for the time since BEGAN, of zsc_clock. */
zsc_status zsc_stage_end(zsc_stage_list *list, const char *stage, double began);
/* Adds each stage of FROM. */
zsc_status zsc_stage_add_all(zsc_stage_list *list, const zsc_stage_list *from);
void zsc_stage_list_free(zsc_stage_list *list);

#endif
