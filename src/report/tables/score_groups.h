/* Which scores of a set of series may be compared: those of the same rows, splits, labels and settings. */
#ifndef ZSC_REPORT_SCORE_GROUPS_H
#define ZSC_REPORT_SCORE_GROUPS_H

#include "report/figures/series.h"

typedef struct zsc_score_groups {
    size_t *group; /* of each series of the set */
    char **name;   /* of each group, by what differs among them: "test, neighbors 15"; "" where there is one */
    size_t count;
} zsc_score_groups;

bool zsc_scores_are_comparable(const zsc_series *a, const zsc_series *b);

/* Groups are numbered in the order of their first series. What older results do not record is taken for the same. */
zsc_status zsc_score_groups_make(const zsc_series_set *set, zsc_score_groups *out);
void zsc_score_groups_free(zsc_score_groups *groups);

#endif
