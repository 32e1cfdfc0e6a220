/* From what a search in single precision finds to what is nearest (filtered.c): shared by the searches whose filter
 * rounds, box_tree.c and ball_cells.c. */
#ifndef ZSC_WARD_FILTERED_H
#define ZSC_WARD_FILTERED_H

#include "ward/clusters.h"
#include "ward/kernels.h"

/* What the filter has found of one cluster. For the filtered distance f and the true distance t, both squared heights,
 * of any cluster from one of weight w: |sqrt(f) - sqrt(t)| <= relative sqrt(t) + absolute sqrt(2 w). */
typedef struct zsc_ward_filtered {
    double relative, absolute;
    int32_t self;
    const zsc_ward_hit *hit; /* the nearest by filtered distance: count of them */
    size_t count;
    float bound; /* all others are at least that far, filtered */
    /* Calls REPORT with DATA for every cluster whose filtered distance may be within the bound. */
    void (*within)(const struct zsc_ward_filtered *f, float bound, zsc_ward_within_fn report, void *data);
    const void *structure;
    void *query;
} zsc_ward_filtered;

/* The exact distances of the hits decide. Where single precision does not separate what the filter returned from what
 * it left out, every cluster that may be as near is compared exactly. */
void zsc_ward_decide(const zsc_ward_filtered *f, const zsc_ward_clusters *s, zsc_ward_near_list *out);

#endif
