/* The kinds of tables, each in a file of its own: table_ranks.c, table_crossmodal.c. */
#ifndef ZSC_REPORT_TABLES_H
#define ZSC_REPORT_TABLES_H

#include "report/figures/series.h"
#include "report/tables/table.h"

typedef struct zsc_table_options {
    int decimals;     /* of per cents */
    bool mark_groups; /* best and second of each modality, not of all rows of a group */
    size_t rarefied;  /* scores are of as many of the rows, for the caption; 0: of all */
    bool ceiling; /* of ranks: a line for perfect clusters under each group (experiment/series/reference_scores.h) */
    const char *rank;    /* of crossmodal; NULL: the finest */
    const char *caption; /* NULL: made from the results */
} zsc_table_options;

/* The mean in per cent, and the standard deviation if there are several runs. POINT may be NULL: no score. */
void zsc_table_set_point(zsc_cell *cell, const zsc_seed_mean *point, int decimals);

/* Encoders (by modality and architecture) x ranks: AMI in per cent, mean and standard deviation over seeds. Runs that
 * are not to be compared stand in groups, whose names are the first column (score_groups.h). Under each group stand,
 * where they are known, what perfect and what random clusters get. */
zsc_status zsc_table_ranks(const zsc_series_set *set, const zsc_table_options *options, zsc_table *out);

/* One table of image x DNA pairs, and of each encoder alone; `table crossmodal` prints it, `plot heatmap` draws it. */
typedef struct zsc_crossmodal {
    char **row_name, **row_group, **column_name;
    size_t rows, columns;                          /* image encoders, DNA encoders */
    const zsc_seed_mean **pair;                    /* rows x columns; NULL: none */
    const zsc_seed_mean **row_only, **column_only; /* image alone: rows; DNA alone: columns; NULL: none */
    size_t scored, classes, clusters;              /* of the first score */
    bool simulated, mixed;                         /* mixed: of other rows or settings, not to be compared */
    char *row_modality, *column_modality;
} zsc_crossmodal;
/* ZSC_EINPUT: no pairs, or two series for one cell (the message says how they differ). SET must outlive *out. */
zsc_status zsc_crossmodal_make(const zsc_series_set *set, const zsc_styles *styles, const char *rank,
                               zsc_crossmodal *out);
void zsc_crossmodal_free(zsc_crossmodal *c);
zsc_status zsc_table_crossmodal(const zsc_series_set *set, const zsc_styles *styles, const zsc_table_options *options,
                                zsc_table *out);

#endif
