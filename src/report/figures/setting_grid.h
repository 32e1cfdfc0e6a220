/* AMI by one or two settings: what `zsc plot settings` draws. */
#ifndef ZSC_REPORT_SETTING_GRID_H
#define ZSC_REPORT_SETTING_GRID_H

#include "report/figures/series.h"

/* A setting's values among the results: numbers by size, words in the order of the results. */
typedef struct zsc_setting_axis {
    const char *column; /* of the results table: "neighbors", "min_dist", "scale" */
    char **value;
    double *number; /* of each value; NULL: they are words */
    size_t count;
} zsc_setting_axis;

/* Series that differ in the axes alone. */
typedef struct zsc_setting_curve {
    char *label; /* encoder, and settings beside the axes that vary: "ViT-B DINO (min_dist 0.1)" */
    const zsc_series *first;
    const zsc_seed_mean **mean; /* axis[0].count x axis[1].count, row-major by the first; NULL: no result */
} zsc_setting_curve;

typedef struct zsc_setting_grid {
    zsc_setting_axis axis[2]; /* the second has one value where there is one axis */
    size_t axes;
    zsc_setting_curve *curve;
    size_t curves;
    size_t seeds; /* the most that a mean is over */
} zsc_setting_grid;

/* By the settings NAMES (one or two, by any of their names); by those that vary where there are none. SET must outlive
 * *out. ZSC_EINPUT: none varies, more than two vary, or the results have no such setting or rank. */
zsc_status zsc_setting_grid_make(const zsc_series_set *set, const zsc_styles *styles, const zsc_list *names,
                                 const char *rank, zsc_setting_grid *out);
void zsc_setting_grid_free(zsc_setting_grid *grid);

#endif
