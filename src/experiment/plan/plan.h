/* A sweep file and the runs that it stands for.
 *
 * plan.c: the plan and its example; plan_read.c: reading a sweep file; plan_check.c: whether its inputs are there;
 * plan_text.c: axes, and what tells runs apart, as text. */
#ifndef ZSC_EXPERIMENT_PLAN_H
#define ZSC_EXPERIMENT_PLAN_H

#include "base/text.h"
#include "io/text/yaml.h"
#include "zsc/experiment.h"

typedef struct zsc_planned_run {
    zsc_run_options options; /* its strings belong to the plan */
    size_t input; /* runs of one input share rows, matrix and, where neighbours are the same, kNN and graph */
    size_t graph;
    size_t layout; /* runs of one layout share the reduced vectors */
    size_t tree;   /* runs of one tree share the dendrogram, or the clusters of another clusterer */
    size_t number; /* in the product of the axes, with what is excluded */
} zsc_planned_run;

/* What varies: a key of the file, with its values. */
typedef struct zsc_plan_axis {
    const char *name; /* "embeddings", "subset", "seed", or that of a setting */
    zsc_list value;   /* as in the file, patterns unfolded */
} zsc_plan_axis;

typedef struct zsc_plan {
    zsc_planned_run *run; /* sorted by input, graph, layout, tree */
    size_t count;
    size_t inputs, graphs, layouts, trees;
    size_t excluded;
    size_t repeated;          /* combinations that are a run of another: what tells them apart has no effect */
    char *repeat, *repeat_of; /* the first of them, and the run that it is, as text; NULL where there is none */
    zsc_plan_axis *axis;      /* the last varies fastest */
    size_t axes;
    char *output; /* from the file; NULL where it names none */
    zsc_yaml file;
    zsc_list names;      /* strings that the plan made: paths relative to the sweep file resolved, patterns unfolded */
    const char ***lists; /* embeddings and where lists */
    size_t list_count, list_capacity;
} zsc_plan;

/* Which combinations of the axes are runs. In both, embeddings, subsets and seeds are combined with all else. */
typedef enum zsc_plan_design {
    ZSC_DESIGN_PRODUCT,      /* all */
    ZSC_DESIGN_ONE_AT_A_TIME /* the first values of all settings, and each other value with the first of the others */
} zsc_plan_design;

/* USUAL: the design of a file that names none. ZSC_EINPUT with file and line: an unknown key (the nearest is
 * suggested), a value that does not fit, nothing to run. */
zsc_status zsc_plan_read(const char *path, zsc_plan_design usual, zsc_plan *out);
/* Opens every file that the plan names and looks for its encoders: what is misspelt is better reported before the first
 * run than after the last. ZSC_EINPUT with PATH (that of the sweep file), line and key. */
zsc_status zsc_plan_check_inputs(const zsc_plan *plan, const char *path);
void zsc_plan_free(zsc_plan *plan);

/* Which value of the axis the run has. */
size_t zsc_plan_value_of(const zsc_plan *plan, size_t run, size_t axis);
/* "k.h5:dino, neighbors 15, seed 2": the run's values on the axes that have several; its embeddings where none has, and
 * where WITH_EMBEDDINGS. The caller's; NULL: memory ran out. */
char *zsc_plan_run_text(const zsc_plan *plan, size_t run, bool with_embeddings);

/* "2 of 4 combinations are runs that others are ...": the caller's; NULL: there are none, or memory ran out. */
char *zsc_plan_repeats_text(const zsc_plan *plan);

/* A commented sweep file. */
extern const char zsc_plan_example[];

#endif
