/* Axes of a sweep file while it is read: each key makes one, and their cross product is the list of runs.
 *
 * plan_axes.c: axes, and the strings that the plan keeps; plan_embeddings.c: the axis of embeddings and pairs;
 * plan_text.c: axes as the plan keeps them; plan_product.c: the cross product. plan_read.c puts them together. */
#ifndef ZSC_EXPERIMENT_PLAN_AXES_H
#define ZSC_EXPERIMENT_PLAN_AXES_H

#include "base/hash.h"
#include "base/value.h"
#include "experiment/plan/plan.h"
#include "experiment/settings/settings.h"

enum { ZSC_PLAN_MOST_AXES = 64 };

/* Axes are nested by what they change: the input (embeddings, rows, scaling), the graph (neighbours), the layout
 * (reduction, seed), the tree (clusterer, linkage), the scores (cut). With the last axis fastest, the product comes to
 * each input, graph and tree once.
 */
typedef enum zsc_axis_level { LEVEL_INPUT, LEVEL_GRAPH, LEVEL_LAYOUT, LEVEL_TREE, LEVEL_SCORE, LEVELS } zsc_axis_level;

/* One axis: a setting and its values, or one of the four that are no setting. */
typedef struct zsc_axis {
    enum { AXIS_SUBSET, AXIS_SETTING, AXIS_EMBEDDINGS, AXIS_SEED } kind; /* in this order within a level */
    zsc_axis_level level;
    size_t place; /* among the keys of the file: keeps the order of equals */
    const zsc_setting *setting;
    const zsc_yaml **value; /* AXIS_SETTING, AXIS_SUBSET */
    const char ***list;     /* AXIS_EMBEDDINGS: lists that end in NULL */
    zsc_seeds seeds;        /* AXIS_SEED */
    size_t count, capacity, list_capacity;
} zsc_axis;

typedef struct zsc_plan_builder {
    const char *path;
    zsc_plan *plan;
    zsc_axis axes[ZSC_PLAN_MOST_AXES];
    size_t axis_count;
    const zsc_yaml *exclude;
    bool *matched; /* exclusions that a run matched */
    zsc_plan_design design;
    zsc_file_layout file_layout; /* of the first run: for patterns of encoders */
    size_t run_capacity;
    zsc_digest *seen; /* of the runs' settings: a hash table of `places`, at most half full */
    size_t places;
} zsc_plan_builder;

/* Puts file and line before the message; fails with them. */
zsc_status zsc_plan_at(const zsc_plan_builder *b, size_t line, zsc_status status);
zsc_status zsc_plan_fail_at(const zsc_plan_builder *b, size_t line, const char *text);

zsc_axis *zsc_plan_add_axis(zsc_plan_builder *b, int kind, zsc_axis_level level);
zsc_status zsc_axis_add_value(zsc_axis *axis, const zsc_yaml *value);
/* A copy that the plan owns. */
const char *zsc_plan_keep(zsc_plan *plan, const char *text);
/* A list of COUNT strings, ended by NULL, owned by the plan. */
const char **zsc_plan_new_list(zsc_plan *plan, size_t count);
/* The text, or the list of texts, of a key; MARKS part a text into several, as in "order,species" (NULL: none do). */
zsc_status zsc_plan_strings(zsc_plan_builder *b, const char *key, const zsc_yaml *node, const char *marks,
                            const char ***out, size_t *count);

/* FILE:ENCODER, or a list of them, with patterns of encoders unfolded. */
zsc_status zsc_plan_unfold(zsc_plan_builder *b, const char *key, const zsc_yaml *node, zsc_list *out);
zsc_status zsc_plan_read_embeddings(zsc_plan_builder *b, zsc_axis *axis, const zsc_yaml *node);
zsc_status zsc_plan_read_pairs(zsc_plan_builder *b, zsc_axis *axis, const zsc_yaml *node);

/* Sets what value i of the axis stands for. */
zsc_status zsc_plan_apply(zsc_plan_builder *b, const zsc_axis *axis, size_t i, zsc_run_options *options);
/* Sorts the axes by level and adds a run to the plan for each combination of the design that is not excluded. */
zsc_status zsc_plan_multiply(zsc_plan_builder *b, const zsc_run_options *base);
/* Keeps names and values of the axes, sorted as they are, in the plan. */
zsc_status zsc_plan_keep_axes(zsc_plan_builder *b);
/* The values of a combination on the axes that have several. The caller's; NULL: memory ran out. */
char *zsc_plan_combination_text(const zsc_plan *plan, size_t number);
void zsc_plan_warn_unmatched(const zsc_plan_builder *b);

#endif
