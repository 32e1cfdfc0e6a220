/* What runs cost: seconds by stage and memory, and how both grow with the number of rows. */
#ifndef ZSC_EXPERIMENT_COST_H
#define ZSC_EXPERIMENT_COST_H

#include "experiment/series/run_series.h"

enum { ZSC_MOST_STAGES = 12 };

/* Mean over the runs of one series. */
typedef struct zsc_run_cost {
    double seconds[ZSC_MOST_STAGES], memory; /* of each stage; peak, bytes */
    size_t runs;
} zsc_run_cost;

/* Names of stages in order of first appearance, at most ZSC_MOST_STAGES. */
zsc_status zsc_cost_stages(const zsc_results_table *rows, zsc_list *stages);
zsc_run_cost zsc_cost_mean(const zsc_results_table *rows, const zsc_run_series *series, const zsc_list *stages);

/* Runs of one encoder, reduction and linkage, at any number of rows. Exponents p of cost ~ rows^p, by least squares of
 * the logarithms; NaN unless there are two different numbers of rows. */
typedef struct zsc_growth {
    const zsc_results_row *first;
    double time_exponent, memory_exponent;
} zsc_growth;
zsc_status zsc_growth_make(const zsc_results_table *rows, zsc_growth **out, size_t *count);
bool zsc_growth_has(const zsc_growth *growth, const zsc_results_row *row);

/* Whether row I is the first of its run: a run counts once. */
bool zsc_cost_is_first_of_run(const zsc_results_table *rows, size_t i);

#endif
